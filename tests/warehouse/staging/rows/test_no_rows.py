"""Lines that are no rows are set aside with a reason, outside of any limit, and said; what is damaged is not."""

from pathlib import Path

import pytest

from kviboard.errors import RefreshError
from kviboard.warehouse.staging.rows.no_rows import is_footer
from kviboard.workspace import Workspace
from tests.warehouse.company import ORDERS, TEN_ORDERS, company, query
from tests.warehouse.staged import published, refreshed

ANSWERS = "response_id,customer_id,responded_at,score\n"
SETTINGS = '[sources.{0}]\nfiles = "exports/{0}*.csv"\n'


def set_aside(workspace: Workspace) -> list[tuple[int, str]]:
    """Lines that are no rows, with the reason."""
    sql = "select line, reason from rejected_rows where kind = 'set aside' order by line"
    return published(workspace, sql)


def test_answers_begun_and_not_finished_are_set_aside_however_many(tmp_path: Path) -> None:
    text = ANSWERS + "".join(f"r{n},c{n},2026-01-{n % 28 + 1:02},{9 if n % 5 else ''}\n" for n in range(100))
    manifest = refreshed(company(tmp_path, responses_csv=text))
    (row,) = manifest.files
    assert (row.rows_read, row.rows_kept, row.rows_rejected, row.rows_set_aside) == (100, 80, 0, 20)
    assert [str(decision) for decision in manifest.decisions] == [
        "exports/responses.csv: 20 lines are set aside: the answer has no score: it was begun and not finished, or the "
        "question was left out. For example, line 2."
    ]


@pytest.mark.parametrize("nothing", ["", " ", "NA", "null", "-99", "Don't know", "Prefer not to say", "k.A."])
def test_what_says_that_nothing_was_answered_is_no_score(tmp_path: Path, nothing: str) -> None:
    workspace = company(tmp_path, responses_csv=ANSWERS + f"r1,c1,2026-01-05,{nothing}\nr2,c2,2026-01-05,9\n")
    assert [row.rows_rejected for row in refreshed(workspace).files] == [0]
    assert [line for line, _ in set_aside(workspace)] == [2]


def test_a_score_that_is_no_number_or_outside_the_scale_is_still_damage(tmp_path: Path) -> None:
    workspace = company(
        tmp_path, responses_csv=ANSWERS + "r1,c1,2026-01-05,good\nr2,c2,2026-01-05,11\nr3,c3,2026-01-05,9\n"
    )
    (row,) = refreshed(workspace).files
    assert (row.rows_kept, row.rows_rejected, row.rows_set_aside) == (1, 2, 0)


def test_a_file_of_answers_without_any_score_is_refused_where_nothing_else_is_there(tmp_path: Path) -> None:
    with pytest.raises(RefreshError) as caught:
        refreshed(company(tmp_path, responses_csv=ANSWERS + "r1,c1,2026-01-05,\nr2,c2,2026-01-05,\n"))
    assert "has no usable row" in str(caught.value)
    assert "If score is in another column, name that: [sources.responses] rename." in str(caught.value)


def test_a_file_of_answers_without_any_score_beside_others_is_warned_of(tmp_path: Path) -> None:
    manifest = refreshed(
        company(
            tmp_path,
            SETTINGS.format("responses"),
            responses_1__csv=ANSWERS + "r1,c1,2026-01-05,9\n",
            responses_2__csv="response_id,customer_id,responded_at,score,rating\nr2,c1,2026-02-05,,8\n",
        )
    )
    (warning,) = [decision for decision in manifest.decisions if decision.level == "warning"]
    assert warning.where == "exports/responses_2.csv"
    assert warning.moves_kvis
    assert warning.what.startswith("Not one row of it can be used; most often the answer has no score")


@pytest.mark.parametrize(
    ("column", "state", "reason"),
    [
        ("Finished", "False", "the answer is not finished"),
        ("Finished", "0", "the answer is not finished"),
        ("finished", "false", "the answer is not finished"),
        ("Status", "Survey Preview", "the answer is a preview or a test"),
        ("Status", "Survey Test", "the answer is a preview or a test"),
        ("Status", "Partial", "the answer is not finished"),
        ("DistributionChannel", "preview", "the answer is a preview or a test"),
        ("Response Type", "partial", "the answer is not finished"),
        ("Response Status", "In Progress", "the answer is not finished"),
        ("Status", "Disqualified", "the answer is not finished"),
        ("Status", "Spam", "the answer is marked as spam, deleted or invalid"),
        ("Status", "Umfragevorschau", "the answer is a preview or a test"),
        ("Abgeschlossen", "Nein", "the answer is not finished"),
        ("Terminé", "Non", "the answer is not finished"),
        ("Submitted", "false", "the answer is not finished"),
        ("Progress", "50", "the answer is not finished"),
        ("State", "deleted", "the answer is marked as spam, deleted or invalid"),
        ("Record status", "Removed", "the answer is marked as spam, deleted or invalid"),
    ],
)
def test_unfinished_answers_and_previews_are_set_aside_although_they_have_a_score(
    tmp_path: Path, column: str, state: str, reason: str
) -> None:
    head = f"response_id,customer_id,responded_at,score,{column}\n"
    rows = f"r1,c1,2026-01-05,0,{state}\nr2,c2,2026-01-05,9,True\nr3,c3,2026-01-05,8,IP Address\nr4,c4,2026-01-05,7,1\n"
    workspace = company(tmp_path, responses_csv=head + rows)
    refreshed(workspace)
    assert set_aside(workspace) == [(2, reason)]
    assert published(workspace, "select score from responses order by all") == [(7,), (8,), (9,)]


@pytest.mark.parametrize(
    ("column", "mark", "reason"),
    [
        ("Is test", "yes", "the answer is a preview or a test"),
        ("spam", "TRUE", "the answer is marked as spam, deleted or invalid"),
        ("duplicate", "x", "the answer is marked as spam, deleted or invalid"),
    ],
)
def test_answers_marked_as_none_are_set_aside(tmp_path: Path, column: str, mark: str, reason: str) -> None:
    head = f"response_id,customer_id,responded_at,score,{column}\n"
    workspace = company(
        tmp_path, responses_csv=f"{head}r1,c1,2026-01-05,0,{mark}\nr2,c2,2026-01-05,9,no\nr3,c3,2026-01-05,8,\n"
    )
    refreshed(workspace)
    assert set_aside(workspace) == [(2, reason)]


def test_progress_as_a_share_of_one_says_nothing(tmp_path: Path) -> None:
    head = "response_id,customer_id,responded_at,score,progress\n"
    workspace = company(tmp_path, responses_csv=f"{head}r1,c1,2026-01-05,0,1\nr2,c2,2026-01-05,9,1\n")
    refreshed(workspace)
    assert set_aside(workspace) == []


@pytest.mark.parametrize(
    "footer",
    [
        "Total,,,103.50",
        "Grand total,,,103.50",
        ",,Total:,103.50",
        ",,,",
        "Gesamtsumme,,,103.50",
        "Grand Totals (2 records),,,",
        "Total,,2026-01-31,103.50",
        "Subtotal,c1,2026-01-31,103.50",
        "Gesamtergebnis,c1,2026-01-31,103.50",
        "AVERAGE,c1,2026-01-31,10.35",
        "Confidential Information - Do Not Distribute,,,",
        '"Generated by: Ann Example, 2026-02-01"',
        "(2 rows)",
        '"Wednesday, Apr 01, 2026 08:12:11 AM GMT-7 - Accrual Basis"',
        "*,,,103.50",
        "**,,,,103.50",
        '"Won deals"\n"Copyright (c) 2000-2026 a tool, inc."\n"Generated By: Ann  01.04.2026"\n"Tea Shop, Ltd"',
        "Total",
        "-----",
    ],
)
def test_what_stands_below_the_rows_is_no_row(tmp_path: Path, footer: str) -> None:
    workspace = company(tmp_path, orders_csv=ORDERS + f"1,c1,2026-01-05,100\n2,c2,2026-01-06,3.50\n{footer}\n")
    (row,) = refreshed(workspace).files
    assert (row.rows_kept, row.rows_rejected) == (2, 0)
    assert published(workspace, "select sum(amount)::varchar from orders") == [("103.50",)]


def test_a_damaged_row_above_a_total_is_no_remark(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=ORDERS + "1,c1,2026-01-05,100\n2,c2\nTotal\n\nlost\n")
    (row,) = refreshed(workspace).files
    assert (row.rows_kept, row.rows_rejected, row.rows_set_aside) == (1, 2, 1)


@pytest.mark.parametrize("footer", ["Subtotal,c2,2026-01-31,9", "r9,Average,2026-01-31,9"])
def test_an_average_below_answers_is_no_answer(tmp_path: Path, footer: str) -> None:
    text = ANSWERS + f"r1,c1,2026-01-05,10\nr2,,2026-01-06,8\n{footer}\n"
    workspace = company(tmp_path, responses_csv=text)
    refreshed(workspace)
    assert published(workspace, "select score from responses order by all") == [(8,), (10,)]
    assert [line for line, _ in set_aside(workspace)] == [4]


@pytest.mark.parametrize(("answer", "is_kept"), [(",,2026-01-31,9,Average", False), ("r9,,2026-01-31,9,Average", True)])
def test_an_average_beside_a_comment_s_place_is_no_answer_of_anybody(
    tmp_path: Path, answer: str, is_kept: bool
) -> None:
    text = ANSWERS.replace("score", "score,comment") + f"r1,c1,2026-01-05,10,fine\n{answer}\n"
    workspace = company(tmp_path, responses_csv=text)
    refreshed(workspace)
    assert len(published(workspace, "select score from responses")) == 1 + is_kept
    assert published(workspace, "select value from rejected_rows") == [] if is_kept else [("Average",)]


@pytest.mark.parametrize(("state", "is_said"), [("Archived", True), ("archiviert", True), ("active", False)])
def test_answers_that_somebody_put_away_count_and_are_warned_of(tmp_path: Path, state: str, is_said: bool) -> None:
    text = ANSWERS.replace("score", "score,Status") + f"r1,c1,2026-01-05,10,open\nr2,c2,2026-01-06,0,{state}\n"
    workspace = company(tmp_path, responses_csv=text)
    said = [each for each in refreshed(workspace).decisions if "archived" in each.what]
    assert published(workspace, "select sum(score)::int, count(*) from responses") == [(10, 2)]
    assert bool(said) == is_said
    if said:
        query(tmp_path, "staging/responses.sql", said[0].setting.partition("responses.sql: ")[2])
        assert not [each for each in refreshed(workspace).decisions if each.level == "warning"]
        assert published(workspace, "select score from responses") == [(10,)]


def test_the_total_below_a_list_of_customers_is_no_customer(tmp_path: Path) -> None:
    workspace = company(
        tmp_path,
        customers_csv="customer_id,name\nc1,Ann\nc2,Total\nTotal,2\n",
        orders_csv=ORDERS + "1,c1,2026-01-05,100\n",
    )
    refreshed(workspace)
    assert published(workspace, "select customer_id from customers order by all") == [("c1",), ("c2",)]


def test_files_put_together_with_their_headers_have_header_lines_among_their_rows(tmp_path: Path) -> None:
    toml = SETTINGS.format("orders") + 'rename = { "Order No" = "order_id", "Sum" = "amount" }\n'
    head = "Order No,customer_id,ordered_at,Sum\n"
    workspace = company(tmp_path, toml, orders_csv=f"{head}1,c1,2026-01-05,100\n{head}2,c2,2026-01-06,3.50\n")
    (row,) = refreshed(workspace).files
    assert (row.rows_kept, row.rows_rejected, row.rows_set_aside) == (2, 0, 1)
    assert set_aside(workspace) == [(3, "the line repeats column names")]


def test_the_header_again_in_a_list_of_customers_is_no_customer(tmp_path: Path) -> None:
    toml = SETTINGS.format("customers") + 'rename = { "Client" = "customer_id" }\n' + SETTINGS.format("orders")
    customers = "Client,name\nc1,Ann\nClient,name\nc2,Bo\n"
    workspace = company(tmp_path, toml, customers_csv=customers, orders_csv=ORDERS + "1,c1,2026-01-05,100\n")
    refreshed(workspace)
    assert published(workspace, "select customer_id from customers order by all") == [("c1",), ("c2",)]


def test_the_three_header_lines_of_a_survey_tool_are_one_header(tmp_path: Path) -> None:
    toml = SETTINGS.format("responses")
    toml += (
        'rename = { "ResponseId" = "response_id", "Ref" = "customer_id", "EndDate" = "responded_at", "Q1" = "score" }'
    )
    text = (
        "EndDate,Status,Finished,ResponseId,Ref,Q1\n"
        'End Date,Response Type,Finished,Response ID,External Reference,"How likely are you\nto recommend us?"\n'
        '"{""ImportId"":""endDate""}","{""ImportId"":""status""}","{""ImportId"":""finished""}",'
        '"{""ImportId"":""_recordId""}","{""ImportId"":""ref""}","{""ImportId"":""QID1""}"\n'
        "2026-01-05 10:00:00,IP Address,True,R1,c1,10\n"
        "2026-01-05 11:00:00,Survey Preview,True,R2,c1,0\n"
        "2026-01-06 11:00:00,IP Address,False,R3,c2,3\n"
    )
    workspace = company(tmp_path, toml, responses_csv=text)
    (row,) = refreshed(workspace).files
    assert (row.rows_kept, row.rows_rejected, row.rows_set_aside) == (1, 0, 4)
    assert published(workspace, "select response_id, score from responses") == [("R1", 10)]


def test_sprints_and_releases_to_come_have_no_dates_yet(tmp_path: Path) -> None:
    workspace = company(
        tmp_path,
        orders_csv=ORDERS + "1,c1,2026-01-05,100\n",
        sprints_csv="name,starts_on,ends_on\nOne,2026-01-01,2026-01-14\nTwo,,\nThree,2026-02-01,\n",
        releases_csv="day,title\n2026-01-05,Search\n,Maps\n",
    )
    kept = {
        row.table_name: (row.rows_kept, row.rows_set_aside, row.rows_rejected) for row in refreshed(workspace).files
    }
    assert kept["sprints"] == (1, 2, 0)
    assert kept["releases"] == (1, 1, 0)


def test_several_files_with_the_same_to_say_say_it_once(tmp_path: Path) -> None:
    files = {f"responses_{n}__csv": ANSWERS + f"r{n},c1,2026-01-05,9\nx{n},c1,2026-01-05,\n" for n in range(30)}
    manifest = refreshed(company(tmp_path, SETTINGS.format("responses"), **files))
    (said,) = manifest.decisions
    assert str(said).startswith("The responses export: 30 lines in 30 files are set aside: the answer has no score")
    assert str(said).endswith("For example, exports/responses_0.csv, line 3.")


def test_what_a_companys_own_query_makes_of_lines_is_counted_by_lines(tmp_path: Path) -> None:
    query(
        tmp_path,
        "staging/responses.sql",
        "select r.* from source.responses as r cross join (values (1)) as once (n)",
    )
    workspace = company(tmp_path, responses_csv=ANSWERS + "r1,c1,2026-01-05,9\nr2,c1,2026-01-05,\n")
    (row,) = refreshed(workspace).files
    assert (row.rows_read, row.rows_kept, row.rows_rejected, row.rows_set_aside) == (2, 1, 0, 1)


@pytest.mark.parametrize(
    "text", ["Total;;12", '"Grand Totals (12 records)"', "(1,204 rows)", "12 rows selected.", "====="]
)
def test_a_line_that_fits_no_columns_may_be_a_footer(text: str) -> None:
    assert is_footer(text)


@pytest.mark.parametrize("text", ["1;c1;2026-01-05", "Total Energies;c1", "summer;c2", "12;rows", ""])
def test_a_row_with_too_few_cells_is_no_footer(text: str) -> None:
    assert not is_footer(text)


def test_what_the_companys_own_query_leaves_out_is_said_with_its_reason(tmp_path: Path) -> None:
    people = "customer_id,email\n" + "".join(f"c{n},{n}@{'ours' if n == 2 else 'else'}.example\n" for n in range(3))
    workspace = company(tmp_path, orders_csv=TEN_ORDERS, customers_csv=people)
    left_out = "select *, case when email like '%@ours.example' then 'test account' end as reject_reason"
    query(tmp_path, "staging/customers.sql", f"{left_out} from source.customers")
    told = [str(decision) for decision in refreshed(workspace).decisions]
    (said,) = [sentence for sentence in told if "left out by" in sentence]
    assert said.startswith("exports/customers.csv: 1 row is left out by queries/staging/customers.sql: test account.")
    assert "line 4" in said


def test_an_order_of_nobody_on_a_day_with_its_weekday_is_no_remark(tmp_path: Path) -> None:
    lines = '1,c1,"Sunday, March 1, 2026",100\n2,,"Monday, March 2, 2026",50\n'
    (row,) = refreshed(company(tmp_path, orders_csv=ORDERS + lines)).files
    assert (row.rows_kept, row.rows_rejected, row.rows_set_aside) == (1, 1, 0)
