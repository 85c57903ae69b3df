"""What exports of payments and bookings leave open is warned of, with a query that decides it."""

from pathlib import Path

import pytest

from kviboard.warehouse.manifest import ExportDecision
from tests.warehouse.company import company, query
from tests.warehouse.staged import published, refreshed

HEAD = "order_id,customer_id,ordered_at,amount"


def warned(folder: Path, head: str, *rows: str) -> list[ExportDecision]:
    text = f"{HEAD}{head}\n" + "".join(f"{row}\n" for row in rows)
    return [each for each in refreshed(company(folder, orders_csv=text)).decisions if each.level == "warning"]


@pytest.mark.parametrize(
    ("column", "few", "many"),
    [
        ("S/H", "S", "H"),
        ("Soll/Haben-Kennzeichen", "S", "H"),
        ("Debit/Credit", "Debit", "Credit"),
        ("Dr/Cr", "DR", "CR"),
        ("sign", "-", "+"),
    ],
)
def test_two_sides_of_amounts_that_are_never_below_zero(tmp_path: Path, column: str, few: str, many: str) -> None:
    rows = [f"{n},c{n},2026-01-0{n},10,{few if n == 2 else many}" for n in range(1, 5)]
    (said,) = warned(tmp_path, f",{column}", *rows)
    assert f"{column.lower()} is {few} in 1 row and {many} in 3 rows, and no amount is below 0" in said.what
    assert said.example == f'"{few}" in exports/orders.csv, line 3'
    query(tmp_path, "staging/orders.sql", said.setting.partition("orders.sql: ")[2])
    assert warned(tmp_path, f",{column}", *rows) == []
    assert published(company(tmp_path), "select sum(amount)::int from orders") == [(20,)]


@pytest.mark.parametrize(
    ("column", "rows"),
    [
        ("Debit/Credit", ["1,c1,2026-01-01,10,Credit", "2,c2,2026-01-02,10,Credit"]),
        ("Debit/Credit", ["1,c1,2026-01-01,10,Credit", "2,c2,2026-01-02,-10,Debit"]),
        ("credit", ["1,c1,2026-01-01,10,5.00", "2,c2,2026-01-02,10,7.00"]),
        ("direction", ["1,c1,2026-01-01,10,north", "2,c2,2026-01-02,10,south"]),
    ],
)
def test_one_side_signed_amounts_and_other_words_are_no_doubt(tmp_path: Path, column: str, rows: list[str]) -> None:
    assert warned(tmp_path, f",{column}", *rows) == []


def test_whole_amounts_under_ids_of_a_payment_interface_may_be_cents(tmp_path: Path) -> None:
    rows = [f"ch_{n}aB,c{n},2026-01-{n:02},1000" for n in range(1, 11)]
    (said,) = warned(tmp_path, "", *rows)
    assert said.what.startswith(
        "10 rows have ids as the interface of a payment service gives them, which counts in cents"
    )
    assert said.example == '"1000" in exports/orders.csv, line 2'
    query(tmp_path, "staging/orders.sql", said.setting.partition("orders.sql: ")[2])
    assert warned(tmp_path, "", *rows) == []
    assert published(company(tmp_path), "select sum(amount)::int from orders") == [(100,)]


@pytest.mark.parametrize(("order_id", "amount"), [("ch_{n}", "10.50"), ("O{n}", "1000")])
def test_parts_of_a_whole_or_other_ids_are_no_doubt(tmp_path: Path, order_id: str, amount: str) -> None:
    rows = [f"{order_id.format(n=n)},c{n},2026-01-{n:02},{amount}" for n in range(1, 11)]
    assert warned(tmp_path, "", *rows) == []


@pytest.mark.parametrize(
    "sql",
    [
        "select * replace (cast(amount as double) / 100 as amount) from source.orders",
        "select * exclude (amount), cast(amount as double) / 100 as amount from source.orders",
    ],
)
def test_cents_that_a_query_has_divided_are_not_divided_again(tmp_path: Path, sql: str) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\nrename = { amount_cents = "amount" }\n'
    text = "order_id,customer_id,ordered_at,amount_cents\n1,a,2026-01-01,1050\n2,b,2026-01-02,2050\n"
    workspace = company(tmp_path, toml, orders_csv=text)
    query(tmp_path, "staging/orders.sql", sql)
    assert [each.what for each in refreshed(workspace).decisions] == []
    assert published(workspace, "select sum(amount)::double from orders") == [(31.0,)]


def test_a_currency_without_cents_that_is_divided_by_100_is_warned_of(tmp_path: Path) -> None:
    toml = '[currency]\nrates = { JPY = 0.5 }\n[sources.orders]\nfiles = "exports/*"\n'
    toml += 'rename = { amount_cents = "amount" }\n'
    rows = "order_id,customer_id,ordered_at,amount_cents,currency\n1,a,2026-01-01,1050,EUR\n2,b,2026-01-02,800,JPY\n"
    (said,) = [
        each for each in refreshed(company(tmp_path, toml, orders_csv=rows)).decisions if each.level == "warning"
    ]
    assert said.what.startswith("1 row of amount, which is read as cents, is in a currency that has none")
    assert published(company(tmp_path, toml), "select sum(amount)::double from orders") == [(10.5 + 4,)]
    query(tmp_path, "staging/orders.sql", said.setting.partition("orders.sql: ")[2])
    assert not [each for each in refreshed(company(tmp_path, toml)).decisions if each.level == "warning"]
    assert published(company(tmp_path, toml), "select sum(amount)::double from orders") == [(10.5 + 400,)]
