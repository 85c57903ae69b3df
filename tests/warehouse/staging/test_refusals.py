"""When a refresh does not publish, it says why and what to do, and the version before stays in use."""

import gzip
import re
from pathlib import Path

import pytest

from kviboard.errors import KviBoardError, RefreshError
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.versions import current_version
from tests.warehouse.company import ORDERS, TEN_ORDERS, company, query, staging_only, write
from tests.warehouse.staged import published, refreshed

RESPONSES = "response_id,customer_id,responded_at,score\n"
BROKEN_ORDERS = "".join(f"x{n},c1,2026-01-05,free\n" for n in range(20))


def refusal(folder: Path, toml: str = "", **files: str | bytes) -> str:
    """What a refresh that must not publish says."""
    workspace = company(folder, toml, **files)
    with pytest.raises(RefreshError) as caught:
        refreshed(workspace)
    assert str(caught.value).startswith("The refresh was not published:\n- ")
    assert caught.value.problems
    return str(caught.value)


def test_a_mostly_rejected_file_names_the_usual_reason_and_an_example(tmp_path: Path) -> None:
    text = refusal(tmp_path, orders_csv=TEN_ORDERS + BROKEN_ORDERS)
    assert "exports/orders.csv: 20 of 30 rows were rejected, more than 10%." in text
    assert 'Most often, 20 times: amount is not an amount ("free", line 12).' in text
    assert "[refresh] max_reject_share" in text


def test_the_share_of_rejected_rows_can_be_allowed(tmp_path: Path) -> None:
    toml = '[refresh]\nmax_reject_share = 0.7\n[sources.orders]\nfiles = "exports/orders.csv"\n'
    refreshed(company(tmp_path, toml, orders_csv=TEN_ORDERS + BROKEN_ORDERS))


def test_few_rejected_rows_stop_nothing_and_are_named_with_one_of_them(tmp_path: Path) -> None:
    text = TEN_ORDERS + "x1,c1,2026-01-05,free\nx2,,2026-01-05,3\nx3,c1,2026-01-05,free\n"
    manifest = refreshed(company(tmp_path, orders_csv=text))
    assert [(decision.level, str(decision)) for decision in manifest.decisions] == [
        (
            "warning",
            "exports/orders.csv: 2 rows are rejected and in no KVI of orders: amount is not an amount. "
            'For example, line 12: "free". Correct it in the export, or in queries/staging/orders.sql.',
        ),
        (
            "warning",
            "exports/orders.csv: 1 row is rejected and in no KVI of orders: customer_id is missing. "
            "For example, line 13. Correct it in the export, or in queries/staging/orders.sql. If they are orders of "
            "guests, set [sources.orders] guest_orders = true: they count in turnover then.",
        ),
    ]


@pytest.mark.parametrize(
    ("files", "advice"),
    [
        ({"orders_csv": ORDERS + "1,c1,03.11.26,5\n"}, '[sources.orders] date_format = "%d.%m.%y"'),
        ({"orders_csv": ORDERS + "1,c1,20261103 17:07,5\n"}, 'date_format = "%Y%m%d %H:%M"'),
        ({"orders_csv": ORDERS + "1,c1,the third of May,5\n"}, "Correct the export"),
        ({"orders_csv": ORDERS + "1,c1,5.1.,5\n"}, "Turn them into dates like 2026-01-31 14:05"),
        ({"orders_csv": ORDERS + "1,c1,115/01/05,5\n"}, "115 is a year of the Republic of China, 2026 elsewhere: turn"),
        ({"orders_csv": ORDERS + "1,c1,25/01/2569,5\n"}, "2569 is a year of the Buddhist calendar, 2026 elsewhere: "),
        ({"orders_csv": ORDERS + "1,c1,1447-07-16,5\n"}, "1447 is a year of the Islamic or the Iranian calendar: turn"),
        ({"orders_csv": ORDERS + "1,c1,v.5 2026,5\n"}, "That is a week and no day"),
        (
            {"responses_csv": "response_id,responded_at,score\n1,2026-01-05,bad\n"},
            "Say which number from 0 to 10 each word stands for, in queries/staging/responses.sql: select * replace",
        ),
        ({"orders_csv": ORDERS + "1,c1,01/02/26,5\n2,c1,01/16/26,5\n"}, 'date_format = "%m/%d/%y".'),
        ({"orders_csv": ORDERS + "1,c1,01/02/26,5\n2,c1,03/01/26,5\n"}, 'date_format = "%d/%m/%y" or "%m/%d/%y"'),
        ({"orders_csv": ORDERS + "1,c1,2026-01,5\n"}, "That is a month and no day: export a row per day or event"),
        ({"orders_csv": ORDERS + "1,c1,2026-W05,5\n"}, "That is a week and no day"),
        ({"orders_csv": ORDERS + "1,c1,Q1 2026,5\n"}, "That is a quarter and no day"),
        ({"responses_csv": RESPONSES + "1,c1,2026-01-05,87\n2,c1,2026-01-06,64\n"}, "translate others to 0–10"),
    ],
)
def test_the_advice_fits_what_was_rejected(tmp_path: Path, files: dict[str, str], advice: str) -> None:
    assert advice in refusal(tmp_path, "", **files)


def test_a_zero_byte_far_down_is_named(tmp_path: Path) -> None:
    long = f"0,c1,2026-01-05,5,{'x' * 70_000}\n"  # beyond what tells whether a file is text at all
    rows = "".join(f"{n},c1,2026-01-05\0,5,\n" for n in range(1, 21))
    text = refusal(tmp_path, "", orders_csv=ORDERS.replace("amount", "amount,note") + long + rows)
    assert "There is a zero byte in it, which no text has: save the export again as plain text in UTF-8." in text
    text = refusal(tmp_path, "", orders_csv=ORDERS + "1,c1,2026-01-05,5\n2,c1,2026-01-05\0,5\n")
    assert "orders.csv: line 3: holds a zero byte, which no text has; save the export again as plain text" in text


@pytest.mark.parametrize("written", ["3.11.26", "13/11/26", "20261103 17:07"])
def test_a_date_format_that_is_offered_works(tmp_path: Path, written: str) -> None:
    orders = ORDERS + f'1,c1,"{written}",5\n'
    offered = re.search(r'date_format = "[^"]+"', refusal(tmp_path / "before", "", orders_csv=orders))
    assert offered
    toml = f'[sources.orders]\nfiles = "exports/orders.csv"\n{offered[0]}\n'
    workspace = company(tmp_path / "after", toml, orders_csv=orders)
    refreshed(workspace)
    assert published(workspace, "select month(day), year(day) from orders") == [(11, 2026)]


def test_an_empty_export_does_not_empty_the_board(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    version = refreshed(workspace).version
    text = refusal(tmp_path, orders_csv=ORDERS)
    assert "The orders export: has no usable row, so every KVI that needs it would vanish." in text
    assert current_version(workspace) == version
    assert published(workspace, "select count(*) from orders") == [(10,)]


def test_one_cause_is_one_sentence_also_where_another_table_takes_the_same_rows(tmp_path: Path) -> None:
    query(tmp_path, "staging/activity.sql", "select customer_id, ordered_at as occurred_at from source.orders")
    workspace = company(tmp_path, orders_csv=ORDERS + "".join(f"x{n},c1,2026-02-30,5\n" for n in range(20)))
    with pytest.raises(RefreshError) as caught:
        refresh(workspace, staging_only(workspace))
    assert [str(problem) for problem in caught.value.problems] == [
        "exports/orders.csv: all 20 rows were rejected. Most often, 20 times: ordered_at is not a date "
        '("2026-02-30", line 2). Correct the export; if ordered_at is in another column, name that: '
        "[sources.orders] rename."
    ]


def test_an_export_that_vanished_stops_the_refresh_if_it_had_rows(tmp_path: Path) -> None:
    refreshed(
        company(tmp_path, orders_csv=TEN_ORDERS, tickets_csv="ticket_id,customer_id,opened_at\n1,c1,2026-01-05\n")
    )
    (tmp_path / "exports/tickets.csv").unlink()
    toml = (tmp_path / "kviboard.toml").read_text()
    assert "[sources.tickets] files: no file matches exports/tickets.csv. Export it, or correct the path." in refusal(
        tmp_path, toml
    )


def test_an_export_that_never_came_is_a_note(tmp_path: Path) -> None:
    toml = "".join(f'[sources.{name}]\nfiles = "exports/{name}*.csv"\n' for name in ("orders", "tickets"))
    manifest = refreshed(company(tmp_path, toml, orders_csv=TEN_ORDERS))
    assert [str(problem) for problem in manifest.problems] == [
        "kviboard.toml, [sources.tickets] files: no file matches exports/tickets*.csv. Export it, or correct the path."
    ]


def test_without_any_export_of_what_customers_do_there_is_no_board(tmp_path: Path) -> None:
    text = refusal(tmp_path, customers_csv="customer_id\nc1\n")
    assert "no export of activity, orders or responses was found" in text


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("orders_csv", b"", "exports/orders.csv: is empty; it may still be being written"),
        ("orders_csv_gz", gzip.compress(TEN_ORDERS.encode())[:-20], "exports/orders.csv.gz: is not a whole .gz file"),
        ("orders_csv_gz", b"not packed", "exports/orders.csv.gz: is not a whole .gz file"),
        ("orders_parquet", b"PAR1 cut off", "exports/orders.parquet: is not a readable Parquet file"),
        ("orders_xlsx", b"not a workbook", "exports/orders.xlsx: is not a readable spreadsheet"),
        ("orders_json", "[1, 2", "exports/orders.json: is not valid JSON from line 1 on"),
        ("orders_jsonl", '{"order_id": "\xe9"}\n'.encode("latin-1"), "exports/orders.jsonl: is not UTF-8 text"),
        ("orders_zip", b"PK\x03\x04\x14\x00\x00\x00\x08\x00", "exports/orders.zip: is not a whole zip archive"),
        (
            "orders_csv",
            ORDERS + '1,"c1,2026-01-05,1\n',
            "exports/orders.csv: line 2: a quote opens here and is never closed",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_what_is_wrong(
    tmp_path: Path, name: str, content: str | bytes, sentence: str
) -> None:
    assert sentence in refusal(tmp_path, "", **{name: content})


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = refusal(
        tmp_path, orders_json="[1, 2", tickets_csv='a,b\n1,"2\n', responses_csv=RESPONSES + "1,c1,2026-01-05,9\n"
    )
    assert "exports/orders.json: is not valid JSON from line 1 on" in text
    assert "exports/tickets.csv: line 2: a quote opens here and is never closed" in text


def test_files_that_are_not_finished_are_left_out_and_named(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/*"\n'
    workspace = company(tmp_path, toml, orders_csv=TEN_ORDERS)
    write(tmp_path, "orders2_csv_part", "order_id,cust")
    write(tmp_path, "~$orders_xlsx", b"lock")
    manifest = refreshed(workspace)
    assert [str(problem) for problem in manifest.problems] == [
        "exports/orders2.csv.part: is still being written. It is left out until it has its final name."
    ]


def test_a_dimension_that_a_mart_already_has_is_refused(tmp_path: Path) -> None:
    from kviboard.catalog import load_catalog

    query(tmp_path, "marts/things.sql", "-- one row per slice\nselect slice_id, 1 as plan from slices")
    toml = 'dimensions = ["plan"]\n[sources.orders]\nfiles = "exports/orders.csv"\n'
    workspace = company(tmp_path, toml, orders_csv=TEN_ORDERS)
    with pytest.raises(RefreshError, match=r"queries/marts/things\.sql: has a column plan, which is also a dimension"):
        refresh(workspace, load_catalog(workspace))


@pytest.mark.parametrize(("severity", "stops"), [("error", True), ("warning", False)])
def test_a_broken_rule_stops_the_refresh_only_if_it_is_an_error(tmp_path: Path, severity: str, stops: bool) -> None:
    from dataclasses import replace

    from kviboard.catalog import load_catalog

    query(
        tmp_path,
        "checks/cheap.sql",
        f"-- No order costs more than 7\n-- severity: {severity}\nselect order_id from orders where amount > 7",
    )
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    own = {"cheap": load_catalog(workspace).checks["cheap"]}
    catalog = replace(staging_only(workspace), checks=own)
    if stops:
        with pytest.raises(
            RefreshError, match=r"Check cheap: 3 rows break its rule: No order costs more than 7. One of them: order_id"
        ):
            refresh(workspace, catalog)
        return
    refresh(workspace, catalog)
    sql = "select check_name, title, severity, rows_broken from check_results"
    assert published(workspace, sql) == [("cheap", "No order costs more than 7", "warning", 3)]


def test_a_broken_rule_is_told_with_the_same_example_every_time_and_with_checks_that_do_not_run(
    tmp_path: Path,
) -> None:
    from dataclasses import replace

    from kviboard.catalog import load_catalog

    query(
        tmp_path,
        "checks/cheap.sql",
        "-- No order costs more than 7\n-- severity: error\n"
        "select order_id from (select order_id from orders where amount > 7 order by order_id desc)",
    )
    query(tmp_path, "checks/typo.sql", "-- Orders have a prize\n-- severity: error\nselect prize from orders")
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    checks = load_catalog(workspace).checks
    catalog = replace(staging_only(workspace), checks={name: checks[name] for name in ("cheap", "typo")})
    with pytest.raises(RefreshError) as caught:
        refresh(workspace, catalog)
    broken, wrong = caught.value.problems
    dear = sorted(line.split(",")[0] for line in TEN_ORDERS.splitlines()[1:] if float(line.split(",")[3]) > 7)
    assert broken.hint.startswith(f"One of them: order_id {dear[0]}. Correct it")
    assert wrong.where.startswith("queries/checks/typo.sql")
    assert "prize" in wrong.what


def test_one_row_is_counted_as_one(tmp_path: Path) -> None:
    text = refusal(tmp_path, orders_csv=ORDERS + "x1,c1,2026-01-05,free\n")
    assert "has no usable row, so every KVI that needs it would vanish. Most often, 1 time: amount is not" in text


def test_every_refusal_is_one_of_our_errors(tmp_path: Path) -> None:
    (tmp_path / ".kviboard").write_text("a file where the state folder should be")
    workspace = company(tmp_path, orders_csv=TEN_ORDERS).model_copy(update={"state": tmp_path / ".kviboard"})
    with pytest.raises(KviBoardError, match="cannot be written") as caught:
        refreshed(workspace)
    assert "make room or give write access" in str(caught.value)


def own_orders(folder: Path, sql: str, settings: str = "", lookup: str = "") -> str:
    """A refresh of orders staged by the company's own query; what it refuses, else what it wants known."""
    query(folder, "staging/orders.sql", sql)
    toml = f'[sources.sales]\nfiles = "exports/sales.csv"\n{settings}\n'
    toml += f'[sources.paid]\nfiles = "exports/paid.csv"\n{lookup}'
    sales = "Nr;Who;On;Total\n" + "".join(f"{n};c{n % 3};{n % 28 + 1:02}.01.2026;{n},50\n" for n in range(20))
    workspace = company(
        folder, toml, sales_csv=sales, paid_csv="Nr;Paid\n" + "".join(f"{n};{n},50\n" for n in range(20))
    )
    try:
        return "\n".join(str(problem) for problem in refreshed(workspace).problems)
    except RefreshError as error:
        return str(error)


JOINED = """
select s.nr as order_id, s.who as customer_id, {on} as ordered_at, {amount} as amount
from source.sales as s inner join source.paid as p on s.nr = p.nr
"""
GERMAN = 'date_format = "%d.%m.%Y"\ndecimal = ","\n'


def test_a_column_that_a_staging_query_misspells_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    sql = "select\nnr as order_id, who as customer_id, s.onn as ordered_at from source.sales as s"
    said = own_orders(tmp_path, sql, GERMAN)
    assert (
        "- queries/staging/orders.sql, line 2: reads a column onn, which is not there. "
        "Did you mean On? source.sales has Nr, Who, On, Total.\n"
    ) in said
    assert "Referenced" not in said


def test_a_column_read_under_the_name_it_had_before_renaming_is_told_its_new_one(tmp_path: Path) -> None:
    sql = "select nr as order_id, who as customer_id, day as ordered_at, total as amount from source.sales"
    said = own_orders(tmp_path, sql, GERMAN + 'rename = { "WHO" = "Buyer" }')
    assert "reads a column who, which is not there. [sources.sales] rename makes Buyer of it: read that." in said


def test_a_missing_column_is_told_with_the_names_of_the_export_as_they_are_written(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\nrename = { "Totl" = "amount" }\n'
    said = refusal(tmp_path, toml, orders_csv="order_id,customer_id,ordered_at,Total\n1,c1,2026-01-05,2\n")
    assert "has no column amount. Found: order_id, customer_id, ordered_at, Total." in said
    assert 'rename: no file has a column "Totl". Found: order_id, customer_id, ordered_at, Total.' in said


def test_a_value_that_a_staging_query_cannot_cast_is_told_with_what_else_to_do(tmp_path: Path) -> None:
    said = own_orders(tmp_path, JOINED.format(on="cast(s.on as date)", amount="s.total").replace("s.on ", 's."On" '))
    assert "Return the column as the export has it, and give date_format or decimal in kviboard.toml" in said


def test_a_source_that_no_query_reads_and_one_that_is_not_named_are_told_although_nothing_is_published(
    tmp_path: Path,
) -> None:
    said = own_orders(tmp_path, "select nr as order_id from source.sale")
    assert (
        "queries/staging/orders.sql: reads source.sale, which kviboard.toml does not name. Did you mean sales?" in said
    )
    assert "kviboard.toml, [sources.sales]: is read by no staging query" in said
    assert "kviboard.toml, [sources.paid]: is read by no staging query" in said


def test_formats_apply_to_text_that_a_staging_query_returns(tmp_path: Path) -> None:
    assert own_orders(tmp_path, JOINED.format(on='s."On"', amount="p.paid"), GERMAN, 'decimal = ","\n') == ""


def test_formats_of_values_that_a_staging_query_reads_itself_have_no_effect_and_that_is_said(tmp_path: Path) -> None:
    on, amount = "strptime(s.\"On\", '%d.%m.%Y')", "cast(replace(s.total, ',', '.') as decimal(18, 2))"
    said = own_orders(tmp_path, JOINED.format(on=on, amount=amount), GERMAN)
    assert (
        "[sources.sales] date_format: has no effect: no column that queries/staging/orders.sql returns as text" in said
    )
    assert "as by strptime(…, '%d.%m.%Y')." in said
    assert "[sources.sales] decimal: has no effect" in said


def test_formats_of_a_source_that_rows_only_look_things_up_in_have_no_effect_and_that_is_said(tmp_path: Path) -> None:
    amount = "cast(replace(p.paid, ',', '.') as decimal(18, 2))"
    said = own_orders(
        tmp_path, JOINED.format(on='s."On"', amount=amount), 'date_format = "%d.%m.%Y"\n', 'decimal = ","\n'
    )
    assert said == (
        "kviboard.toml, [sources.paid] decimal: has no effect: it is for rows that come from this source, and "
        "queries/staging/orders.sql takes its rows from source.sales. Read the values there, as by "
        "cast(replace(replace(…, '.', ''), ',', '.') as decimal(18, 2))."
    )


def test_a_share_of_rejected_rows_is_not_offered_where_no_row_is_usable(tmp_path: Path) -> None:
    """Raising the share would not help: there would still be no order."""
    rows = "".join(f"{n},c{n},2026-01-{n + 1:02},free{n}\n" for n in range(25))
    with pytest.raises(RefreshError) as caught:
        refreshed(company(tmp_path, orders_csv=ORDERS + rows))
    text = str(caught.value)
    assert 'amount is not an amount ("free0", line 2)' in text
    assert "if amount is in another column, name that: [sources.orders] rename." in text
    assert "max_reject_share" not in text


EVENTS = "customer_id,occurred_at,user_pseudo_id\n" + "".join(
    f"{f'u{n % 20}' if n % 2 else ''},2026-01-{n // 10 + 1:02},{n % 20}.{n % 20}\n" for n in range(200)
)


def test_events_of_people_who_did_not_sign_in_are_told_how_to_count_or_to_leave_out(tmp_path: Path) -> None:
    text = refusal(tmp_path / "before", activity_csv=EVENTS)
    assert "100 of 200 rows were rejected, more than 10%" in text
    found = re.search(r"as a customer in queries/staging/activity\.sql: (.*); or leave them out: (.*)", text)
    assert found
    customers = []
    for number, select in enumerate(found.groups()):
        folder = tmp_path / str(number)
        query(folder, "staging/activity.sql", select)
        workspace = company(folder, activity_csv=EVENTS)
        assert [each for each in refreshed(workspace).decisions if each.level == "warning"] == []
        customers += published(workspace, "select count(*), count(distinct customer_id) from activity")
    signed_in = {f"u{n % 20}" for n in range(200) if n % 2}
    others = {f"{n % 20}.{n % 20}" for n in range(200) if not n % 2}
    assert customers == [(200, len(signed_in | others)), (100, len(signed_in))]


def test_events_without_another_id_are_told_how_to_be_left_out(tmp_path: Path) -> None:
    text = refusal(tmp_path / "before", activity_csv=EVENTS.replace("user_pseudo_id", "colour"))
    assert "If nobody had signed in there, leave them out in queries/staging/activity.sql: select *, case" in text


def test_a_few_events_of_nobody_are_told_the_same(tmp_path: Path) -> None:
    known = "".join(line for line in EVENTS.splitlines(keepends=True) if not line.startswith(","))
    (said,) = refreshed(company(tmp_path, activity_csv=known + ",2026-01-20,x\n")).decisions
    assert said.setting.startswith("If nobody had signed in there, count each user_pseudo_id as a customer in queries/")
