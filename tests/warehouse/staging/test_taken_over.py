"""A refresh casts again what changed: a table taken over has the rows, the types and all that was said of a new one."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kviboard.warehouse.fingerprints import contents
from kviboard.warehouse.forgotten import keep_forgotten, read_forgotten
from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.staging import table as staging_table
from kviboard.warehouse.staging import taken_over
from kviboard.warehouse.staging.casting import cast_table
from kviboard.warehouse.versions import current_version, version_folder
from kviboard.workspace import Workspace, load_workspace
from tests.warehouse.company import company, memory, query, staging_only, write

TOML = """
[company]
currency = "EUR"
name = "Shop"
[sources.customers]
files = "exports/customers.csv"
[sources.orders]
files = "exports/orders*.csv"
[sources.responses]
files = "exports/responses.csv"
[sources.tickets]
files = "exports/tickets.csv"
[sources.aliases]
files = "exports/aliases.csv"
[sources.rates]
files = "exports/rates.csv"
"""
CUSTOMERS = "customer_id,segment\nanna,Homes\nbea,Offices\ncleo,Homes\n"
ORDERS = """order_id,customer_id,ordered_at,amount,currency
1,anna,2026-01-02,10.50,EUR
2,bea,2026-01-03,20.00,USD
3,bea,2026-01-04,cheap,EUR
4,cleo,2026-01-05,-2.25,EUR
4,cleo,2026-01-05,-2.25,EUR
5,anna,2026-01-06,7.125,EUR,too,many
6,anny,2026-01-07,8.00,EUR
"""
RESPONSES = """response_id,customer_id,responded_at,score,channel,comment
r1,anna,2026-01-02 08:00,9,email,"good, ""really"" so"
r2,bea,2026-01-03 09:30,eleven,phone,
r3,,2026-01-04 10:00,3,web,Zürich ✓
"""
TICKETS = """ticket_id,customer_id,opened_at,closed_at,kind,minutes
t1,anna,2026-01-02 08:00,2026-01-03 08:00,complaint,1.5
t2,bea,2026-01-03 08:00,whenever,question,x
t3,test,2026-01-03 08:00,,praise,2
"""
OWN_TICKETS = "select *, case when customer_id = 'test' then 'a test' end as reject_reason from source.tickets"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company that was refreshed once, which knows where it is."""
    folder = tmp_path_factory.mktemp("built") / "shop"
    toml = TOML + '[customers]\naliases = "aliases"\n[currency]\nrates = "rates"\n'
    company(
        folder, toml, customers_csv=CUSTOMERS, orders_csv=ORDERS, responses_csv=RESPONSES, tickets_csv=TICKETS,
        aliases_csv="customer_id,known_as\nanna,anny\n", rates_csv="currency,day,rate\nUSD,2026-01-01,0.9\n",
    )  # fmt: skip
    query(folder, "staging/tickets.sql", OWN_TICKETS)
    refreshed(folder)
    shutil.copytree(folder, folder.with_name("as built"))
    return folder


@pytest.fixture
def shop(built: Path) -> Workspace:
    """The same for each test."""
    shutil.rmtree(built)
    return load_workspace(shutil.copytree(built.with_name("as built"), built))


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Gets the name of every table that is cast."""
    names: list[str] = []

    def noting(connection: Any, staging: Any, *more: Any) -> Any:
        names.append(staging.table.name)
        return cast_table(connection, staging, *more)

    monkeypatch.setattr(staging_table, "cast_table", noting)
    return names


def refreshed(folder: Path) -> Manifest:
    workspace = load_workspace(folder)
    return refresh(workspace, staging_only(workspace))


def found(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a refresh published: all that its manifest says but for when and how, and all rows with their types."""
    manifest, workspace = refreshed(folder), load_workspace(folder)
    place, rows = version_folder(workspace, current_version(workspace)), {}
    with memory().cursor() as connection:
        for name in manifest.tables:
            relation = connection.sql(f"from read_parquet({[str(place / file) for file in manifest.files_of(name)]})")
            rows[name] = (relation.columns, list(map(str, relation.types)), Counter(relation.fetchall()))
    said = manifest.model_dump(mode="json", exclude={"version", "made_at", "made", "made_by", "staged"})
    tables = {name: {**table, "made_by": ""} for name, table in manifest.model_dump(mode="json")["staged"].items()}
    return {**said, "staged": tables}, rows


def from_nothing(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    copy = folder.parent / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("cache", "warehouse"))
    return found(copy)


def test_only_what_changed_is_cast_again(shop: Workspace, cast: list[str]) -> None:
    first, _ = from_nothing(shop.root)
    assert cast == ["customers", "orders", "responses", "tickets"]
    assert first["staged"]["tickets"]["excluded"] == [["tickets", "exports/tickets.csv", 1]]
    assert first["staged"]["orders"]["decisions"]  # else nothing shows that they are kept
    write(shop.root, "orders_csv", ORDERS + "7,bea,2026-01-09,1.00,EUR\n")
    for newcomer in ("dora", "emil"):  # the second time from what was itself taken over
        cast.clear()
        write(shop.root, "customers_csv", CUSTOMERS + f"{newcomer},Homes\n")
        again = found(shop.root)
        assert not {"responses", "tickets"} & {*cast}
        assert again == from_nothing(shop.root)


def test_tables_of_rules_may_come_in_any_order(
    shop: Workspace, cast: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taken_over, "contents", lambda *given: contents(*given)[::-1])  # as of several threads
    write(shop.root, "customers_csv", CUSTOMERS + "dora,Homes\n")
    refreshed(shop.root)
    assert cast == ["customers"]


ALL = {"orders", "responses", "tickets"}
CHANGES: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "one export": (lambda shop: write(shop, "responses_csv", RESPONSES.replace(",3,web", ",4,web")), {"responses"}),
    "a file of another name": (lambda shop: write(shop, "orders_2__csv", ORDERS[:60]), {"orders"}),
    "an alias": (
        lambda shop: write(shop, "aliases_csv", "customer_id,known_as\nbea,anny\n"), ALL
    ),
    "a rate": (
        lambda shop: write(shop, "rates_csv", "currency,day,rate\nUSD,2026-01-01,0.8\n"),
        ALL,
    ),
    "a staging query": (
        lambda shop: query(shop, "staging/tickets.sql", OWN_TICKETS.replace("'test'", "'bea'")), {"tickets"}
    ),
    "a setting": (lambda shop: _append(shop, "\n[surveys]\nvalid_days = 9\n"), ALL),
    "who is left out": (
        lambda shop: _append(shop, '', leave_out=["bea"]), ALL
    ),
    "who is forgotten": (
        lambda shop: _forget(load_workspace(shop).state, "bea"), ALL
    ),
    "a table that is damaged": (lambda shop: _damage(shop, "responses"), {"responses"}),
    "rejected rows that are damaged": (lambda shop: _damage(shop, "rejected_rows"), ALL),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_decides_the_rows_of_a_table_has_it_cast_again(shop: Workspace, cast: list[str], change: str) -> None:
    make, tables = CHANGES[change]
    make(shop.root)
    again = found(shop.root)
    assert {*cast} - {"customers"} == tables
    if tables < ALL:  # else nothing was taken over
        assert again == from_nothing(shop.root)


def test_a_query_that_asks_the_clock_is_asked_each_time(shop: Workspace, cast: list[str]) -> None:
    query(shop.root, "staging/tickets.sql", "select * from source.tickets where current_date > date '2026-01-01'")
    refreshed(shop.root)
    cast.clear()
    refreshed(shop.root)
    assert "tickets" in cast


def _append(shop: Path, text: str, leave_out: list[str] | None = None) -> None:
    path = shop / "kviboard.toml"
    content = path.read_text()
    if leave_out:
        content = content.replace("[customers]\n", f"[customers]\nleave_out = {leave_out}\n")
    path.write_text(content + text)


def _forget(state: Path, customer: str) -> None:
    keep_forgotten(state, read_forgotten(state).adding(customer))


def _damage(shop: Path, table: str) -> None:
    workspace = load_workspace(shop)
    path = version_folder(workspace, current_version(workspace)) / f"{table}.parquet"
    path.write_bytes(path.read_bytes()[:-9])
