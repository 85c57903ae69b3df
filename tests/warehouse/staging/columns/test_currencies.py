"""Amounts in other currencies than the company's are never added up with it."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from kviboard.errors import RefreshError
from kviboard.warehouse.manifest import ExportDecision
from tests.warehouse.company import company, frame_bytes
from tests.warehouse.staged import published, refreshed


def read(folder: Path, rows: list[tuple[str, str]], currency: str = "EUR") -> tuple[Decimal, list[ExportDecision]]:
    """The sum of the amounts and what was said; a row is an amount and what its column currency says."""
    toml = f'[company]\ncurrency = "{currency}"\n[sources.orders]\nfiles = "exports/orders.csv"\n'
    text = "".join(f'O{n};C1;2026-01-05;"{amount}";{code}\n' for n, (amount, code) in enumerate(rows))
    workspace = company(folder, toml, orders_csv="order_id;customer_id;ordered_at;amount;currency\n" + text)
    said = list(refreshed(workspace).decisions)
    return published(workspace, "select sum(amount) from orders")[0][0], said


def refused(folder: Path, rows: list[tuple[str, str]], currency: str = "EUR") -> str:
    with pytest.raises(RefreshError) as caught:
        read(folder, rows, currency)
    return str(caught.value)


MIXED = [("€100.00", "EUR"), ("$100.00", "USD"), ("¥10000", "JPY"), ("GBP 100.00", "GBP")] * 10


def test_four_currencies_are_refused_with_counts_and_an_example_of_each(tmp_path: Path) -> None:
    text = refused(tmp_path, MIXED)
    assert "The orders export: amount is not only in EUR, the company's currency, but in " in text
    for name, line in (("USD", 3), ("JPY", 4), ("GBP", 5)):
        assert f"{name} (10 rows, as" in text
        assert f"in exports/orders.csv, line {line})" in text


def test_rows_of_the_company_s_currency_alone_are_fine(tmp_path: Path) -> None:
    assert read(tmp_path, [row for row in MIXED if row[1] == "EUR"]) == (Decimal(1000), [])


CODES_AT_HAND = "order_id,customer_id,ordered_at,amount,{}\n1,c,2026-01-05,10,EUR\n2,c,2026-01-05,20,{}\n"
SOURCE = '[company]\ncurrency = "EUR"\n[sources.orders]\nfiles = "exports/orders.csv"\n'


@pytest.mark.parametrize("name", ["WKZ", "ccy", "валюта", "unit", "money"])
def test_a_column_of_nothing_but_currency_codes_tells_the_currency(tmp_path: Path, name: str) -> None:
    with pytest.raises(RefreshError, match="but in USD"):
        refreshed(company(tmp_path, SOURCE, orders_csv=CODES_AT_HAND.format(name, "USD")))


def test_a_column_of_codes_that_is_renamed_is_something_else(tmp_path: Path) -> None:
    toml = SOURCE + 'rename = { "unit" = "payout_unit" }\n'
    workspace = company(tmp_path, toml, orders_csv=CODES_AT_HAND.format("unit", "USD"))
    refreshed(workspace)
    assert published(workspace, "select sum(amount) from orders") == [(Decimal(30),)]


@pytest.mark.parametrize("other", ["ALL", "TOP", "XL", "eur/usd"])
def test_three_capitals_of_other_things_are_no_currencies(tmp_path: Path, other: str) -> None:
    workspace = company(tmp_path, SOURCE, orders_csv=CODES_AT_HAND.format("size", other))
    refreshed(workspace)
    assert published(workspace, "select sum(amount) from orders") == [(Decimal(30),)]


@pytest.mark.parametrize(
    ("amount", "code", "currency"),
    [
        ("100.00", "eur", "EUR"), ("100.00 EUR", "", "EUR"), ("EUR 100.00", "", "EUR"), ("EUR100.00", "", "EUR"),
        ("100.00€", "", "EUR"), ("$100.00", "", "USD"), ("US$100.00", "", "USD"), ("$100.00", "CAD", "CAD"),
        ("£100.00", "GBP", "GBP"), ("100.00 zł", "", "PLN"), ("R$ 100.00", "BRL", "BRL"), ("100.00", "", "CHF"),
        ("100.00", "€", "EUR"), ("Fr. 100.--", "", "CHF"), ("SFr. 100.00", "CHF", "CHF"),
    ],
)  # fmt: skip
def test_signs_and_codes_of_the_company_s_currency(tmp_path: Path, amount: str, code: str, currency: str) -> None:
    assert read(tmp_path, [(amount, code)], currency) == (Decimal(100), [])


@pytest.mark.parametrize(
    ("amount", "code", "currency", "named"),
    [
        ("100.00", "USD", "EUR", "USD (1 row"), ("$100.00", "", "EUR", "$ (1 row"), ("US$100.00", "", "CAD", "USD (1"),
        ("$100.00", "EUR", "EUR", "$ and EUR (1 row"), ("€100.00", "USD", "EUR", "€ and USD (1 row"),
        ("100.00 GBP", "", "EUR", "GBP (1 row"), ("12 PCS", "", "EUR", "PCS (1 row"),
        ("£100.00", "", "EUR", "£ (1 row"), ("Fr. 100.00", "", "EUR", "CHF (1 row"),
        ("100.00", "£", "EUR", "£ (1 row"), ("-USD 100.00", "", "EUR", "USD (1 row"),
        ("(USD 9)", "", "EUR", "USD (1 row"),
    ],
)  # fmt: skip
def test_any_other_is_named(tmp_path: Path, amount: str, code: str, currency: str, named: str) -> None:
    assert named in refused(tmp_path, [("7.50", currency), (amount, code)], currency)


@pytest.mark.parametrize("amount", ["-EUR 100.00", "(EUR 100.00)", "(100.00 EUR)", "100.00 EUR-", "100.00 €-"])
def test_the_sign_of_an_amount_may_stand_before_or_behind_its_currency(tmp_path: Path, amount: str) -> None:
    assert read(tmp_path, [("EUR 150.00", ""), (amount, "")]) == (Decimal(50), [])


def test_a_shared_sign_is_the_company_s_and_that_is_said(tmp_path: Path) -> None:
    total, (said,) = read(tmp_path, [("$100.50", ""), ("$1.50", "")], "CAD")
    assert total == Decimal(102)
    assert said.what == '2 values of amount with "$" read as CAD.'


def test_typed_amounts_with_a_currency_beside_them_are_looked_at_too(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"order_id": ["1", "2"], "customer_id": "C", "ordered_at": pd.Timestamp("2026-01-05"), "amount": [1.5, 2.5]}
    )
    files = {"orders_parquet": frame_bytes(frame.assign(currency=["EUR", "USD"]), tmp_path)}
    with pytest.raises(RefreshError, match=r"USD \(1 row, as"):
        refreshed(company(tmp_path, **files))


@pytest.mark.parametrize(
    ("currency", "amount", "sum_of_two"),
    [
        ("HUF", "1 234,50 Ft", "2469.00"), ("INR", "Rs. 1,23,456.50", "246913.00"), ("PKR", "Rs 950.50", "1901.00"),
        ("RON", "1.234,50 lei", "2469.00"), ("RUB", "1 234,50 руб.", "2469.00"), ("UAH", "950,50 грн", "1901.00"),
        ("JPY", "￥12,345.00", "24690.00"),
    ],
)  # fmt: skip
def test_short_names_of_currencies_are_no_part_of_amounts(
    tmp_path: Path, currency: str, amount: str, sum_of_two: str
) -> None:
    assert read(tmp_path, [(amount, ""), (amount, "")], currency)[0] == Decimal(sum_of_two)


@pytest.mark.parametrize(("amount", "named"), [("950,50 Ft", "HUF"), ("950,50 lei", "lei"), ("Rs. 950.50", "Rs.")])
def test_short_names_of_other_currencies_are_refused(tmp_path: Path, amount: str, named: str) -> None:
    assert f"but in {named} (1 row" in refused(tmp_path, [(amount, "")])
