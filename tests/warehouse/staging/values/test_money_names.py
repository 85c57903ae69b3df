"""What the names of columns tell of amounts: their currency, cents, thousands."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from kviboard.errors import RefreshError
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.money_names import (
    currency_columns,
    currency_in_name,
    factor_in_name,
    is_called_hundredfold,
)
from tests.warehouse.company import ORDERS, company, frame_bytes, query
from tests.warehouse.staged import published, refreshed


@pytest.mark.parametrize(
    ("name", "currency"),
    [
        ("Amount (USD)", "USD"), ("amount_usd", "USD"), ("Amount ($)", "$"), ("Total EUR", "EUR"), ("Umsatz in €", "€"),
        ("GBP total", "GBP"), ("amount", ""), ("Try total", ""), ("Total", ""), ("EUR or USD", ""), ("usd", ""),
        ("Amount (US$)", "US$"), ("Kwota (zł)", "zł"), ("amount in dollars", "$"), ("Betrag US-Dollar", "USD"),
        ("USDAmount", "USD"), ("Total pounds", "GBP"), ("Dollars and pounds", ""), ("Pound cake", ""), ("Europe", ""),
        ("amount.$numberDecimal", ""), ("$amount", ""), ("Total US$", "US$"),
    ],
)  # fmt: skip
def test_the_currency_in_a_name(name: str, currency: str) -> None:
    assert currency_in_name(name) == currency


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("amount_cents", "0.01"), ("Amount (cents)", "0.01"), ("amountInCents", "0.01"), ("price_pence", "0.01"),
        ("Amount (minor units)", "0.01"), ("Sales (in thousands)", "1000"), ("Umsatz TEUR", "1000"),
        ("amount", ""), ("Amount (USD)", ""), ("percent", ""), ("central", ""), ("T total", ""), ("Sales (k€)", "1000"),
        ("Umsatz in T€", "1000"), ("Sales ('000)", "1000"), ("Revenue (000s)", "1000"), ("Revenue €m", "1000000"),
        ("Umsatz (Mio. €)", "1000000"), ("Revenue (m)", "1000000"), ("amount_micros", "0.000001"),
        ("Betrag (ct)", "0.01"),
        ("amount_in_smallest_unit", "0.01"), ("m total", ""), ("K amount", ""), ("Order 000 total", ""),
    ],
)  # fmt: skip
def test_the_factor_in_a_name(name: str, factor: str) -> None:
    assert factor_in_name(name) == factor


def test_columns_that_are_called_like_currency() -> None:
    assert currency_columns(["amount", "currency", "shop_currency"]) == ["currency"]
    assert currency_columns(["amount", "shop_currency", "Währung"]) == ["shop_currency", "Währung"]
    assert currency_columns(["amount", "recurring", "current", "concurrent users", "cured", "menace"]) == []
    amounts = ["Amount in company currency", "Betrag in Hauswährung", "Montant en devise", "amount_in_currency"]
    assert currency_columns([*amounts, "Amount (Foreign Currency)", "Fremdwährungsbetrag", "Currency amount"]) == []
    assert currency_columns(["Currency Rate", "Währungskurs", "currency_exchange_rate", "Devisenkurs"]) == []
    assert currency_columns(["Currency of amount", "Amount Currency"]) == ["Currency of amount", "Amount Currency"]
    assert currency_columns(["ccy", "cur.", "waluta", "通貨", "měna"]) == ["ccy", "cur.", "waluta", "通貨", "měna"]


def test_amounts_in_the_currency_of_the_company_need_no_other(tmp_path: Path) -> None:
    """Beside them stands in which one the deal was made."""
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\nrename = { "Amount in company currency" = "amount" }\n'
    head = "order_id,customer_id,ordered_at,Deal amount,Currency,Amount in company currency\n"
    rows = "1,c,2026-01-05,100,USD,92\n2,c,2026-01-06,50,EUR,50\n"
    workspace = company(tmp_path, toml, orders_csv=head + rows)
    refreshed(workspace)
    assert published(workspace, "select sum(amount)::int from orders") == [(142,)]


def read(folder: Path, header: str, value: str, toml: str = "", more: str = "", cell: str = ""):
    text = f'[sources.orders]\nfiles = "exports/orders.csv"\nrename = {{ "{header}" = "amount" }}\n{toml}'
    rows = f'order_id,customer_id,ordered_at,"{header}"{more}\n1,c,2026-01-05,{value}{cell}\n'
    workspace = company(folder, text, orders_csv=rows)
    said: list[ExportDecision] = list(refreshed(workspace).decisions)
    return published(workspace, "select sum(amount) from orders")[0][0], said


@pytest.mark.parametrize(
    ("header", "value", "total"),
    [("amount_cents", "1099", "10.99"), ("Amount (cents)", "1", "0.01"), ("amount_cents", "10.5", "0.105"),
     ("Sales (in thousands)", "1.5", "1500"), ("Total EUR", "7", "7")],
)  # fmt: skip
def test_amounts_have_the_unit_of_their_columns_name(tmp_path: Path, header: str, value: str, total: str) -> None:
    found, said = read(tmp_path, header, value)
    assert found == Decimal(total)
    assert [header in each.what and each.moves_kvis for each in said] == ([True] if header != "Total EUR" else [])


@pytest.mark.parametrize("header", ["Amount (x100)", "amount ×100", "amount_x100", "Amount *100"])
def test_a_hundred_times_an_amount_is_doubted(tmp_path: Path, header: str) -> None:
    total, said = read(tmp_path, header, "1099")
    assert (total, [each.level for each in said]) == (1099, ["warning"])
    assert "100 times what was paid, or hundreds" in said[0].what
    query(tmp_path, "staging/orders.sql", said[0].setting.partition("orders.sql: ")[2])
    assert read(tmp_path, header, "1099")[0] == Decimal("10.99")


@pytest.mark.parametrize("header", ["Amount", "Box100", "Max 100", "amount x1000", "Top 100"])
def test_other_hundreds_are_none(header: str) -> None:
    assert not is_called_hundredfold(header)


def test_typed_cents(tmp_path: Path) -> None:
    frame = pd.DataFrame({"order_id": ["a", "b"], "customer_id": "c", "amount_cents": [1099, 1]})
    frame["ordered_at"] = pd.to_datetime("2026-01-05")
    toml = '[sources.orders]\nfiles = "exports/o.parquet"\nrename = { amount_cents = "amount" }\n'
    workspace = company(tmp_path, toml, o_parquet=frame_bytes(frame, tmp_path))
    refreshed(workspace)
    assert published(workspace, "select sum(amount) from orders") == [(Decimal("11.00"),)]


@pytest.mark.parametrize("header", ["Amount (USD)", "amount_usd", "Amount ($)"])
def test_a_column_in_another_currency_is_refused_or_converted(tmp_path: Path, header: str) -> None:
    with pytest.raises(RefreshError, match=r"amount is not in EUR, the company's currency, but in "):
        read(tmp_path, header, "10")
    total, said = read(tmp_path, header, "10", "[currency.rates]\nUSD = 0.9\n")
    assert total == 9
    assert any("1 amount in USD is converted to EUR at 0.90" in each.what for each in said)


@pytest.mark.parametrize("name", ["Currency code", "Währung", "presentment_currency", "Devise"])
def test_a_column_called_like_currency_is_read_as_it(tmp_path: Path, name: str) -> None:
    with pytest.raises(RefreshError, match="but in USD"):
        read(tmp_path, "Total", "10", more=f",{name}", cell=",USD")
    total, said = read(tmp_path, "Total", "10", more=f",{name}", cell=",EUR")
    assert (total, [each.what for each in said]) == (10, [f"{name.lower()} is read as the currency of amount."])


def test_of_several_such_columns_none_is_guessed(tmp_path: Path) -> None:
    more = ",Currency paid,Currency settled"
    with pytest.raises(RefreshError) as caught:
        read(tmp_path, "Total", "10", more=more, cell=",USD,EUR")
    assert "currency paid and currency settled could each be the currency of amount" in str(caught.value)
    assert read(tmp_path, "Total", "10", more=more, cell=",EUR,EUR") == (10, [])


@pytest.mark.parametrize(
    ("amount", "total"),
    [
        ("5,-", 5),
        ("100.-", 100),
        ("1.200,–", 1200),
        ("-5,-", -5),
        ("5,00-", -5),
        ("1’234,50", "1234.5"),
        ("1\u2009234,50", "1234.5"),
    ],
)
def test_amounts_as_people_write_them(tmp_path: Path, amount: str, total: float | str) -> None:
    rows = ORDERS.replace(",", ";") + f'1;c;2026-01-05;"{amount}"\n2;c;2026-01-05;0,00\n'
    workspace = company(tmp_path, '[sources.orders]\nfiles = "exports/o.csv"\ndecimal = ","\n', o_csv=rows)
    refreshed(workspace)
    assert published(workspace, "select sum(amount) from orders") == [(Decimal(total),)]
