"""What is true of a customer is true in every table: who is left out, and which ids are one customer's."""

import json
from pathlib import Path

import pytest

from kviboard.errors import RefreshError
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import Workspace
from tests.warehouse.company import company, frame_bytes, query, staging_only, with_marts
from tests.warehouse.staged import published, refreshed

CUSTOMERS = "customer_id,name,email\nc0,Q,qa@own.example\nc1,A,a@x.example\nc2,B,b@x.example\n"
ORDERS = "order_id,customer_id,ordered_at,amount\n" + "".join(
    f"{n},c{n},2026-01-05,{amount}\n" for n, amount in enumerate((99999, 10, 20))
)
ANSWERS = "response_id,customer_id,responded_at,score\nr0,c0,2026-01-01,0\nr1,c1,2026-01-01,9\nr2,,2026-01-01,9\n"
ACTIVITY = "customer_id,occurred_at\nc0,2026-01-05\nc1,2026-01-05\nc2,2026-01-06\n"
TICKETS = "ticket_id,customer_id,opened_at,kind\nt0,c0,2026-01-05,complaint\nt1,c1,2026-01-05,complaint\n"
COUNTS = "select sum(revenue)::integer, sum(orders), sum(responses), sum(active_customers), sum(tickets) from daily"


def shop(folder: Path, settings: str = "", **files: str | bytes) -> Workspace:
    """A shop with a test account, c0, that spends more than all others."""
    exports = {
        "customers_csv": CUSTOMERS,
        "orders_csv": ORDERS,
        "responses_csv": ANSWERS,
        "activity_csv": ACTIVITY,
        "tickets_csv": TICKETS,
    } | files
    names = sorted({name.split("_")[0] for name in exports})
    toml = settings + "".join(f'\n[sources.{name}]\nfiles = "exports/{name}*"\n' for name in names)
    return company(folder, toml, **exports)


@pytest.mark.parametrize(
    "settings",
    [
        '[customers]\nleave_out = ["c0"]\n',
        '[customers]\nleave_out = [" c0 "]\n',
        "[customers]\nleave_out = \"email like '%@own.example'\"\n",
        "[customers]\nleave_out = \"name = 'Q' or email is null\"\n",
    ],
)
def test_customers_who_are_left_out_are_in_no_table(tmp_path: Path, settings: str) -> None:
    workspace = shop(tmp_path, settings)
    manifest = refresh(workspace, with_marts(workspace, "daily"))
    assert published(workspace, COUNTS) == [(30, 2, 2, 2, 1)]
    assert published(workspace, "select customer_id from customers order by all") == [("c1",), ("c2",)]
    for row in manifest.files:
        assert (row.rows_set_aside, row.rows_rejected) == (1, 0), row
    said = [str(decision) for decision in manifest.decisions if "left out" in decision.what]
    assert said[0] == (
        "exports/activity.csv: 1 line is set aside: the customer is left out of all tables. For example, line 2."
    )
    assert len(said) == 5


def test_a_customer_whom_the_companys_own_query_excludes_is_left_out_of_all_tables(tmp_path: Path) -> None:
    sql = (
        "select *, case when email like '%@own.example' then 'test account' end as reject_reason from source.customers"
    )
    query(tmp_path, "staging/customers.sql", sql)
    workspace = shop(tmp_path)
    manifest = refresh(workspace, with_marts(workspace, "daily"))
    assert published(workspace, COUNTS) == [(30, 2, 2, 2, 1)]
    assert published(workspace, "select count(*) from customers") == [(2,)]
    aside = {row.table_name: (row.rows_set_aside, row.rows_rejected) for row in manifest.files}
    assert aside == {"customers": (0, 1)} | dict.fromkeys(("orders", "responses", "activity", "tickets"), (1, 0))


@pytest.mark.parametrize("written", ["c0 ", "c\u200b0", '="c0"'])
def test_the_id_of_a_customer_who_is_left_out_may_need_cleaning_where_no_other_does(
    tmp_path: Path, written: str
) -> None:
    customers = CUSTOMERS.replace("c0", '"' + written.replace('"', '""') + '"')
    sql = "select *, case when name = 'Q' then 'test account' end as reject_reason from source.customers"
    query(tmp_path / "query", "staging/customers.sql", sql)
    by_query = shop(tmp_path / "query", customers_csv=customers)
    by_setting = shop(tmp_path / "setting", "[customers]\nleave_out = \"name = 'Q'\"\n", customers_csv=customers)
    for workspace in (by_query, by_setting):
        refresh(workspace, with_marts(workspace, "daily"))
        assert published(workspace, COUNTS) == [(30, 2, 2, 2, 1)]


def test_a_customer_with_another_row_that_counts_stays(tmp_path: Path) -> None:
    sql = "select *, case when name = 'old' then 'superseded' end as reject_reason from source.customers"
    query(tmp_path, "staging/customers.sql", sql)
    workspace = shop(tmp_path, customers_csv=CUSTOMERS + "c1,old,a@x.example\n")
    refresh(workspace, with_marts(workspace, "daily"))
    assert published(workspace, COUNTS) == [(100029, 3, 3, 3, 2)]


def test_a_list_of_ids_needs_no_customers_export(tmp_path: Path) -> None:
    toml = '[customers]\nleave_out = ["c0"]\n[sources.orders]\nfiles = "exports/orders.csv"\n'
    workspace = company(tmp_path, toml, orders_csv=ORDERS)
    refreshed(workspace)
    assert published(workspace, "select sum(amount)::integer from orders") == [(30,)]


def test_a_condition_without_a_customers_export_is_said(tmp_path: Path) -> None:
    folder, sources = tmp_path, '\n[sources.orders]\nfiles = "exports/orders*"\n'
    for settings, said in (("\"name = 'Q'\"", 1), ('["c0"]', 0), ('""', 0)):
        workspace = company(folder, f"[customers]\nleave_out = {settings}\n{sources}", orders_csv=ORDERS)
        found = [problem for problem in refreshed(workspace).problems if "leave_out" in problem.where]
        assert len(found) == said, settings
        assert all("which is not there: nobody is left out" in str(problem) for problem in found)


def test_typed_exports_and_those_read_before_are_judged_anew(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"customer_id": ["c0", "c1"], "occurred_at": pd.to_datetime(["2026-01-05", "2026-01-05"])})
    workspace = shop(tmp_path, activity_csv="customer_id,occurred_at\nc2,2026-01-06\n")
    (tmp_path / "exports" / "activity.csv").unlink()
    (tmp_path / "exports" / "activity.parquet").write_bytes(frame_bytes(frame, tmp_path))
    refresh(workspace, with_marts(workspace, "daily"))
    assert published(workspace, "select sum(active_customers) from daily") == [(2,)]
    workspace = shop(
        tmp_path, '[customers]\nleave_out = ["c0"]\n', activity_csv="customer_id,occurred_at\nc2,2026-01-06\n"
    )
    (tmp_path / "exports" / "activity.csv").unlink()
    refresh(workspace, with_marts(workspace, "daily"))
    assert published(workspace, "select sum(active_customers) from daily") == [(1,)]
    assert published(workspace, "select sum(revenue)::integer from daily") == [(30,)]


def test_a_condition_that_the_export_cannot_answer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefreshError) as caught:
        refreshed(shop(tmp_path, "[customers]\nleave_out = \"mail like '%x'\"\n"))
    assert "kviboard.toml, [customers] leave_out: cannot be asked of the customers export" in str(caught.value)
    assert "Its columns are customer_id, name, email." in str(caught.value)
    assert "FROM clause. Its columns" in str(caught.value)
    assert "which is not there" not in str(caught.value)


ALIASES = '[customers]\naliases = "exports/aliases.csv"\n'


def test_ids_that_are_one_customers_are_one_in_every_table(tmp_path: Path) -> None:
    aliases = "customer_id,known_as\nc1,c2\nc0,old-c0\nc9,c9\n"
    workspace = shop(
        tmp_path,
        ALIASES,
        aliases_csv=aliases,
        orders_csv=ORDERS + "9,old-c0,2026-01-05,1\n",
        activity_csv=ACTIVITY + "c1,2026-01-06\n",
    )
    manifest = refresh(workspace, with_marts(workspace, "daily"))
    assert published(workspace, "select customer_id, sum(amount)::integer from orders group by all order by all") == [
        ("c0", 100000),
        ("c1", 30),
    ]
    assert published(workspace, "select customer_id from customers order by all") == [("c0",), ("c1",)]
    assert published(workspace, "select sum(active_customers) from daily where day = '2026-01-06'") == [(1,)]
    assert str(manifest.decisions[0]) == (
        "kviboard.toml, [customers] aliases: 2 ids are read as the id of another customer. "
        'For example, "old-c0" is "c0".'
    )


@pytest.mark.parametrize(
    ("head", "own", "old"),
    [
        ("", "c1,A,2025-01-01", "c2,B,2025-06-01"),
        ("", "c2,B,2025-06-01", "c1,A,2025-01-01"),
        (",updated_at", "c1,A,2025-01-01,2025-01-01 08:00", "c2,B,2025-06-01,2025-07-01 08:00"),
    ],
)
def test_a_customers_own_row_counts_and_not_that_of_an_alias(tmp_path: Path, head: str, own: str, old: str) -> None:
    """c2 was merged into c1, whom the export still knows by both ids; of c3 it has the alias alone."""
    customers = f"customer_id,name,signed_up_on{head}\n{own}\n{old}\nc4,C,2025-03-01{',' * bool(head)}\n"
    aliases = "customer_id,known_as\nc1,c2\nc3,c4\n"
    workspace = shop(tmp_path, ALIASES, aliases_csv=aliases, customers_csv=customers)
    (said,) = (each for each in refreshed(workspace).decisions if "replaced" in each.what)
    assert published(workspace, "select customer_id, name, signed_up_on::varchar from customers order by 1") == [
        ("c0", None, None), ("c1", "A", "2025-01-01"), ("c3", "C", "2025-03-01"),
    ]  # fmt: skip
    assert said.what == "1 row is replaced by a row with the same customer_id which is no alias."
    assert (said.level, said.setting) == ("note", "")


def test_who_was_merged_under_a_new_id_is_a_customer_since_their_first_sign_up(tmp_path: Path) -> None:
    """A of January became B in June and C in September; D has two rows, of which the later counts as it is."""
    rows = ("A,Ann old,2025-01-01", "B,Ann,2025-06-01", "C,Ann new,2025-09-01", "D,Dora,2025-02-01",
            "D,Dora,2025-03-01", "E,Eve,", "F,Eve new,2025-04-01")  # fmt: skip
    customers = "\n".join(("customer_id,name,signed_up_on", *rows, ""))
    aliases = "customer_id,known_as\nB,A\nC,B\nF,E\n"
    workspace = shop(tmp_path, ALIASES, aliases_csv=aliases, customers_csv=customers)
    refreshed(workspace)
    found = "select customer_id, name, signed_up_on::varchar from customers where name is not null order by 1"
    assert published(workspace, found) == [
        ("C", "Ann new", "2025-01-01"), ("D", "Dora", "2025-03-01"), ("F", "Eve new", "2025-04-01"),
    ]  # fmt: skip


def test_ids_of_aliases_are_read_as_those_of_other_exports(tmp_path: Path) -> None:
    """With what keeps a spreadsheet from counting in front, as Shopify writes them."""
    aliases = 'customer_id,known_as\n\'1001,a@example.com\n="1002",b@example.com\n'
    orders = (
        "order_id,customer_id,ordered_at,amount"
        + "\n1,a@example.com,2026-01-05,7\n2,'1001,2026-01-06,3\n3,b@example.com,2026-01-06,1\n"
    )
    workspace = shop(tmp_path, ALIASES, aliases_csv=aliases, orders_csv=orders)
    refresh(workspace, with_marts(workspace, "daily"))
    assert published(workspace, "select customer_id, sum(amount)::integer from orders group by all order by all") == [
        ("1001", 10), ("1002", 1),
    ]  # fmt: skip


def test_a_chain_of_ids_ends_at_one_customer_who_may_be_left_out(tmp_path: Path) -> None:
    aliases = "customer_id,known_as\nc0,c5\nc5,c2\n"
    workspace = shop(
        tmp_path, '[customers]\nleave_out = ["c5"]\naliases = "exports/aliases.csv"\n', aliases_csv=aliases
    )
    refresh(workspace, with_marts(workspace, "daily"))
    assert published(workspace, "select sum(revenue)::integer from daily") == [(10,)]


@pytest.mark.parametrize(
    ("aliases", "said"),
    [
        ("customer_id,known_as\na,b\nb,a\n", "are known as one another"),
        ("customer_id,known_as\na,x\nb,x\n", '"x" is known as "a" and as "b". Keep the one customer it belongs to.'),
        ("customer,known_as\na,x\n", "the export has no column customer_id."),
    ],
)
def test_ids_that_contradict_one_another_are_refused(tmp_path: Path, aliases: str, said: str) -> None:
    with pytest.raises(RefreshError) as caught:
        refreshed(shop(tmp_path, ALIASES, aliases_csv=aliases))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ('["C1"]', ""),
        (
            '["c1"]',
            '1 customer with an id like one of its ids is not left out. For example, it has "c1", the exports have',
        ),
        ('["NOPE"]', 'Nobody is left out: no row has one of its ids. For example, "NOPE".'),
    ],
)
def test_an_id_that_leaves_nobody_out_is_warned_of(tmp_path: Path, given: str, words: str) -> None:
    text = "order_id,customer_id,ordered_at,amount\n1,C1,2026-01-01,10\n2,C2,2026-01-02,10\n"
    said = refreshed(company(tmp_path, f"[customers]\nleave_out = {given}\n", orders_csv=text)).decisions
    found = [str(each) for each in said if "[customers] leave_out" in each.where]
    assert bool(found) == bool(words)
    assert words in "".join(found)


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("true); drop table left_out; select (1", "syntax error"),
        ("true) union all select 1 where (true", "syntax error"),
        ("exists (with x as (delete from left_out returning *) select * from x)", "data-modifying statement"),
        ("exists (from read_text('/etc/hostname'))", "Cannot access file"),
        ("(" * 50_000 + "true" + ")" * 50_000, "Max expression depth"),
        ("name, email", "single expression"),
    ],
)
def test_what_is_no_condition_for_customers_is_refused_in_a_sentence(tmp_path: Path, condition: str, why: str) -> None:
    workspace = shop(tmp_path, f"[customers]\nleave_out = {json.dumps(condition)}\n")
    with pytest.raises(RefreshError, match=why) as refused:
        refresh(workspace, staging_only(workspace))
    (problem,) = refused.value.problems
    assert problem.where == "kviboard.toml, [customers] leave_out"
    assert "cannot be asked of the customers export" in problem.what
