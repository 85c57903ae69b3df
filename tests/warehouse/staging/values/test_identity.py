"""Whose a row is: anonymous answers count as answers and as nobody's; ids are one where they only look different."""

from pathlib import Path

import pandas as pd
import pytest

from kviboard.catalog import load_catalog
from kviboard.warehouse.refresh import refresh
from tests.warehouse.company import ORDERS, company, frame_bytes, with_marts
from tests.warehouse.staged import published, refreshed

ANSWERS = "response_id,customer_id,responded_at,score,touchpoint,comment\n"
SOME = "r1,c1,2026-01-05,10,Shop,fine\nr2,,2026-01-06,10,Shop,good\nr3,,2026-01-06,0,,bad\nr4,c2,2026-01-07,7,,\n"


def test_answers_of_nobody_known_count_in_scores_and_nowhere_else(tmp_path: Path) -> None:
    toml = 'dimensions = ["plan"]\n'
    toml += "".join(
        f'[sources.{name}]\nfiles = "exports/{name}.csv"\n' for name in ("responses", "orders", "customers")
    )
    workspace = company(
        tmp_path,
        toml,
        responses_csv=ANSWERS + SOME,
        orders_csv=ORDERS + "1,c1,2026-01-08,30\n2,c3,2026-01-08,70\n",
        customers_csv="customer_id,plan\nc1,pro\nc2,pro\nc3,pro\n",
    )
    manifest = refresh(workspace, load_catalog(workspace))
    sums = "sum(responses), sum(promoters), sum(passives), sum(detractors), sum(new_customers)"
    # nobody is new: who is first seen in an export's first 28 days has an unknown start
    assert published(workspace, f"select {sums} from daily") == [(4, 2, 1, 1, 0)]
    assert published(workspace, "select plan, sum(responses) from daily group by all order by all") == [
        ("Unknown", 2),
        ("pro", 2),
    ]
    assert published(workspace, "select customer_id from customers order by all") == [("c1",), ("c2",), ("c3",)]
    assert published(workspace, "select customer_id from score_periods order by all") == [("c1",), ("c2",)]
    assert published(workspace, "select sum(scored_revenue)::integer, sum(revenue)::integer from daily") == [(30, 100)]
    assert published(
        workspace,
        "select max(customers_scored) from (select sum(customers_scored) as customers_scored from daily group by day)",
    ) == [(2,)]
    assert published(workspace, "select count(*) from comments") == [(3,)]
    assert published(workspace, "select sum(responses) from answers_by_group where group_name = 'Shop'") == [(2,)]
    for mart in ("customer_profile", "band_revenue", "customer_starts", "cohorts"):
        columns = "customer_id" if mart != "cohorts" else "cohort_month"
        assert published(workspace, f"select count(*) from {mart} where {columns} is null") == [(0,)]
    assert published(workspace, "select sum(answers_90d) from loyalty_by_band") in ([(0,)], [(None,)])
    (said,) = manifest.decisions
    assert str(said).startswith("The responses export: 2 of 4 answers name no customer. For example, response r2.")
    assert said.level == "note"


def test_a_survey_that_asks_for_no_name_has_a_score(tmp_path: Path) -> None:
    workspace = company(tmp_path, responses_csv="responded_at,score\n2026-01-05,9\n2026-01-05,9\n2026-01-06,0\n")
    manifest = refresh(workspace, with_marts(workspace, "daily"))
    assert published(workspace, "select sum(responses), sum(promoters), sum(detractors) from daily") == [(3, 2, 1)]
    assert published(workspace, "select count(*) from customers") == [(0,)]
    assert published(workspace, "select response_id from responses order by all") == [
        ("exports/responses.csv, line 2",),
        ("exports/responses.csv, line 3",),
        ("exports/responses.csv, line 4",),
    ]
    assert [(said.level, said.what) for said in manifest.decisions] == [
        ("warning", "No answer names a customer, of 3."),
        (
            "note",
            "3 answers have no response_id. What two files have alike counts once, what one file has twice counts "
            "twice.",
        ),
    ]


@pytest.mark.parametrize(
    "nobody",
    [
        "",
        " ",
        "\u00a0",
        "anonymous",
        "Anonymous",
        "N/A",
        "null",
        "(not set)",
        "-",
        "\u200b",
        "[deleted]",
        "***",
        "#N/A",
    ],
)
def test_what_stands_for_nobody_is_no_customer(tmp_path: Path, nobody: str) -> None:
    rows = f"r1,{nobody},2026-01-05,9,,\nr2,c2,2026-01-06,9,,\n"
    workspace = company(tmp_path, responses_csv=ANSWERS + rows)
    refreshed(workspace)
    assert published(workspace, "select customer_id from responses order by response_id") == [(None,), ("c2",)]
    assert published(workspace, "select customer_id from customers") == [("c2",)]


@pytest.mark.parametrize(
    "written",
    [" c1", "c1\u00a0", "\u200bc1", "c\u200d1", "\ufeffc1", "c1\u2060", "\u202ac1\u202c"],
)
def test_invisible_characters_make_no_other_customer(tmp_path: Path, written: str) -> None:
    workspace = company(tmp_path, orders_csv=ORDERS + f"1,c1,2026-01-05,1\n2,{written},2026-01-05,1\n")
    refreshed(workspace)
    assert published(workspace, "select customer_id from customers") == [("c1",)]


def test_one_name_in_two_unicode_forms_is_one_customer(tmp_path: Path) -> None:
    workspace = company(
        tmp_path,
        orders_csv=ORDERS + "1,Zo\u00eb,2026-01-05,1\n2,Zoe\u0308,2026-01-05,1\n",
        customers_csv="customer_id\nZoe\u0308\n",
    )
    refreshed(workspace)
    assert published(workspace, "select customer_id from customers") == [("Zo\u00eb",)]


def test_leading_zeros_and_case_stay_different_customers(tmp_path: Path) -> None:
    workspace = company(
        tmp_path, orders_csv=ORDERS + "1,007,2026-01-05,1\n2,7,2026-01-05,1\n3,A,2026-01-05,1\n4,a,2026-01-05,1\n"
    )
    refreshed(workspace)
    assert published(workspace, "select count(*) from customers") == [(4,)]


WITHOUT_ID = "customer_id,responded_at,score,comment\n"
MARCH = "anna,2026-03-30 08:00:00,9,good\n,2026-03-31 09:00:00,3,\nbea,2026-03-31 10:00:00,7,\n"


def test_answers_without_an_id_that_two_files_have_alike_count_once(tmp_path: Path) -> None:
    """Each download of a form has all answers before."""
    april = ",2026-03-31 09:00:00,3,\nbea,2026-03-31 10:00:00,7,\nbea,2026-04-02 10:00:00,7,\n"
    files = {"responses_3__csv": WITHOUT_ID + MARCH, "responses_4__csv": WITHOUT_ID + april}
    workspace = company(tmp_path, '[sources.responses]\nfiles = "exports/responses*.csv"\n', **files)
    manifest = refreshed(workspace)
    (overlap,) = [str(each) for each in manifest.decisions if "count once" in each.what]
    assert overlap.startswith("exports/responses_4.csv: 2 rows are in other files as well and count once.")
    assert published(workspace, "select count(*), sum(score)::int from responses") == [(4, 9 + 3 + 7 + 7)]
    assert all(row.rows_read == row.rows_accounted_for for row in manifest.files)


def test_answers_of_nobody_on_a_day_may_be_those_of_two(tmp_path: Path) -> None:
    rows = ",2026-03-31,3,\nbea,2026-03-31,7,\n"
    toml = '[sources.responses]\nfiles = "exports/responses*.csv"\n'
    workspace = company(tmp_path, toml, responses_3__csv=WITHOUT_ID + rows, responses_4__csv=WITHOUT_ID + rows)
    (said,) = [each for each in refreshed(workspace).decisions if "response_id" in each.what]
    assert said.should_be_confirmed
    assert said.what == "3 answers have no response_id. 1 of them is in another file as well, and counts again."
    assert said.example == "exports/responses_3.csv, line 2, and in exports/responses_4.csv"


def test_answers_alike_in_one_file_are_no_overlap(tmp_path: Path) -> None:
    manifest = refreshed(company(tmp_path, responses_csv=WITHOUT_ID + MARCH + MARCH))
    (said,) = [each for each in manifest.decisions if "response_id" in each.what]
    assert (said.level, said.what[:31]) == ("note", "6 answers have no response_id. ")


NAMES = ["A1", "Zoë", "Жанна", "名5"]


def test_texts_that_parquet_files_hold_as_bytes_are_those_of_other_files(tmp_path: Path) -> None:
    frame = pd.DataFrame({"customer_id": [name.encode() for name in NAMES], "plan": [b"b\xc3\xa5t"] * len(NAMES)})
    toml = 'dimensions = ["plan"]\n[sources.customers]\nfiles = "exports/customers.parquet"\n'
    toml += '[sources.orders]\nfiles = "exports/orders.csv"\n'
    orders = ORDERS + "".join(f"{n},{name},2026-01-0{n + 1},10\n" for n, name in enumerate(NAMES))
    workspace = company(tmp_path, toml, customers_parquet=frame_bytes(frame, tmp_path), orders_csv=orders)
    assert refreshed(workspace).decisions == ()
    found = published(workspace, "select customer_id, plan from customers order by all")
    assert found == [(name, "båt") for name in sorted(NAMES)]


def test_bytes_that_are_no_text_stay_ids(tmp_path: Path) -> None:
    keys = [b"\xff\xfe\x01", b"\xff\xfe\x02"]
    days = pd.date_range("2026-01-05", periods=4)
    frame = pd.DataFrame({"customer_id": keys * 2, "occurred_at": days})
    workspace = company(tmp_path, activity_parquet=frame_bytes(frame, tmp_path))
    refreshed(workspace)
    assert published(workspace, "select count(*) from activity group by customer_id") == [(2,), (2,)]
