"""Amounts in other currencies are converted exactly, each at the rate of its day, or refused with what is missing."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from kviboard.errors import RefreshError, WorkspaceError
from kviboard.warehouse.refresh import refresh
from tests.warehouse.company import company, frame_bytes, with_marts
from tests.warehouse.staged import published, refreshed

RATES = "[currency.rates]\nUSD = 0.92\nJPY = 0.0061\nGBP = 1.17\n"
DATED = '[currency]\nrates = "exports/rates.csv"\n'
Row = tuple[str, str, str]  # day, amount, what the column currency says


def read(folder: Path, rows: list[Row], settings: str = RATES, own: str = "EUR", **files: str | bytes):
    toml = f'[company]\ncurrency = "{own}"\n{settings}\n[sources.orders]\nfiles = "exports/orders.*"\n'
    text = "".join(f'O{n};C1;{day};"{amount}";{code}\n' for n, (day, amount, code) in enumerate(rows))
    exports = {"orders_csv": "order_id;customer_id;ordered_at;amount;currency\n" + text} | files
    workspace = company(folder, toml, **exports)
    return workspace, list(refreshed(workspace).decisions)


def total(workspace) -> Decimal:
    return published(workspace, "select sum(amount) from orders")[0][0]


def refused(folder: Path, rows: list[Row], settings: str = RATES, **files: str | bytes) -> str:
    with pytest.raises(RefreshError) as caught:
        read(folder, rows, settings, **files)
    return str(caught.value)


def on(day: int, amount: str, code: str = "") -> Row:
    return f"2026-01-{day:02}", amount, code


MIXED = [on(5, "€100.00", "EUR"), on(5, "$100.00", "USD"), on(5, "¥10000", "JPY"), on(5, "GBP 100.00", "GBP")] * 10


def test_four_currencies_give_one_turnover_and_each_is_said(tmp_path: Path) -> None:
    workspace, said = read(tmp_path, MIXED)
    assert total(workspace) == 10 * (100 + 92 + 61 + 117)
    assert [str(each) for each in said if "converted" in each.what] == [
        "The orders export: 10 amounts in GBP are converted to EUR at 1.17. For example, 100.00 GBP in "
        "exports/orders.csv, line 5 is 117.00 EUR. [currency] rates says what 1 GBP is in EUR.",
        "The orders export: 10 amounts in JPY are converted to EUR at 0.0061. For example, 10,000.00 JPY in "
        "exports/orders.csv, line 4 is 61.00 EUR. [currency] rates says what 1 JPY is in EUR.",
        "The orders export: 10 amounts in USD are converted to EUR at 0.92. For example, 100.00 USD in "
        "exports/orders.csv, line 3 is 92.00 EUR. [currency] rates says what 1 USD is in EUR.",
    ]
    assert all(each.moves_kvis for each in said)


def test_products_are_added_before_they_are_rounded(tmp_path: Path) -> None:
    rows = [on(5, "0.01", "JPY")] * 1000 + [on(5, "0.333", "USD")] * 3
    workspace, _ = read(tmp_path, rows)
    by_hand = sum(
        Decimal(amount) * {"JPY": Decimal("0.0061"), "USD": Decimal("0.92")}[code] for _, amount, code in rows
    )
    assert total(workspace) == by_hand == Decimal("0.98008")
    refresh(workspace, with_marts(workspace, "daily"))
    assert published(workspace, "select sum(revenue) from daily") == [(by_hand,)]


def test_refunds_lines_and_copies_in_another_currency(tmp_path: Path) -> None:
    text = "order_id,customer_id,ordered_at,amount,currency\n" + "".join(
        f"{row}\n"
        for row in (
            "O1,C1,2026-01-05,100.00,USD", "O1,C1,2026-01-05,50.00,USD", "O1,,,-20.00,USD",
            "O2,C1,2026-01-06,10.00,EUR", "O3,C1,2026-01-06,(30.00),GBP",
        )
    )  # fmt: skip
    workspace, _ = read(tmp_path, [], orders_csv=text)
    found = published(workspace, "select order_id, amount from orders order by all")
    assert found == [("O1", 130 * Decimal("0.92")), ("O2", Decimal(10)), ("O3", -30 * Decimal("1.17"))]


def test_typed_amounts_are_converted_by_the_column_beside_them(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "order_id": ["a", "b", "c"], "customer_id": ["x", "y", "z"], "currency": ["USD", "EUR", "usd"],
            "ordered_at": pd.to_datetime(["2026-01-05"] * 3), "amount": [100.0, 10.0, 0.5],
        }
    )  # fmt: skip
    toml = f'{RATES}\n[sources.orders]\nfiles = "exports/orders.parquet"\n'
    workspace = company(tmp_path, toml, orders_parquet=frame_bytes(frame, tmp_path))
    refreshed(workspace)
    assert total(workspace) == Decimal("100.5") * Decimal("0.92") + 10


@pytest.mark.parametrize(
    ("amount", "settings", "currency"),
    [
        ("$1", "rates = { USD = 0.5 }", "USD"),
        ("kr 1", "rates = { DKK = 0.5 }", "DKK"),
        ("£1", "rates = { GBP = 0.5 }", "GBP"),
    ],
)
def test_of_currencies_that_share_a_sign_the_one_with_a_rate_is_meant(
    tmp_path: Path, amount: str, settings: str, currency: str
) -> None:
    workspace, said = read(tmp_path, [on(5, amount), on(5, "10")], f"[currency]\n{settings}\n")
    assert total(workspace) == Decimal("10.5")
    assert any(f"1 amount in {currency} is converted" in each.what for each in said)


def test_a_sign_of_two_currencies_with_rates_is_refused(tmp_path: Path) -> None:
    text = refused(tmp_path, [on(5, "kr 1"), on(5, "10")], "[currency]\nrates = { DKK = 0.13, SEK = 0.09 }\n")
    assert 'but in kr (1 row, as "kr 1" in exports/orders.csv, line 2)' in text
    assert "A column currency with three-letter codes tells which currency a sign means." in text


def test_a_currency_without_a_rate_is_refused_by_name(tmp_path: Path) -> None:
    text = refused(tmp_path, [*MIXED, on(5, "5", "CHF")])
    assert 'amount is not only in EUR, the company\'s currency, but in CHF (1 row, as "5"' in text
    assert "Give their rates: [currency] rates = { CHF = … } is what 1 CHF is in EUR;" in text
    assert "USD" not in text


DAYS = "currency,day,rate\nUSD,2026-01-01,0.90\nUSD,2026-01-10,0.95\nGBP,2026-01,1.2\n"


def test_dated_rates_hold_from_their_day_on(tmp_path: Path) -> None:
    rows = [on(day, "1000.00", "USD") for day in (1, 9, 10, 28)] + [on(31, "10", "GBP"), on(2, "7", "EUR")]
    workspace, said = read(tmp_path, rows, DATED, rates_csv=DAYS)
    latest = pd.merge_asof(
        pd.DataFrame({"day": pd.to_datetime([day for day, _, code in rows if code == "USD"])}),
        pd.DataFrame({"day": pd.to_datetime(["2026-01-01", "2026-01-10"]), "rate": [90, 95]}),
        on="day",
    )
    dollars = int((1000 * latest["rate"]).sum()) // 100
    assert total(workspace) == dollars + 12 + 7
    text = next(str(each) for each in said if "in USD" in each.what)
    assert "4 amounts in USD are converted to EUR at 0.90 to 0.95, the latest on or before each day." in text
    assert {row.file: row.role for row in refreshed(workspace).files} == {
        "exports/orders.csv": "rows",
        "exports/rates.csv": "lookup",
    }


def test_an_amount_before_the_first_rate_is_refused(tmp_path: Path) -> None:
    text = refused(tmp_path, [("2025-12-31", "9", "USD"), on(5, "9", "USD")], DATED, rates_csv=DAYS)
    assert (
        "kviboard.toml, [currency] rates: 1 amount in USD has no rate: the first is of 2026-01-01, and the amounts "
        "begin on 2025-12-31 (9.00 USD in exports/orders.csv, line 2). Add a rate of USD to EUR for that day or an "
        "earlier one."
    ) in text


def test_a_line_without_a_day_has_no_dated_rate(tmp_path: Path) -> None:
    orders = "order_id,customer_id,ordered_at,amount,currency\n"
    orders += "O1,C1,2026-01-05,100,USD\nO1,,,50,USD\nO2,C1,2026-01-05,1,EUR\n"
    text = refused(tmp_path, [], DATED, rates_csv=DAYS, orders_csv=orders)
    assert "1 amount in USD has no day, so no rate of it (50.00 USD in exports/orders.csv, line 3)." in text


def test_old_rates_are_warned_of(tmp_path: Path) -> None:
    _, said = read(tmp_path, [("2026-05-20", "9", "USD")], DATED, rates_csv=DAYS)
    (warning,) = [each for each in said if each.level == "warning"]
    assert "The rate of 2026-01-10 is used for amounts up to 130 days later." in warning.what


def test_a_gap_between_rates_is_warned_of_by_its_own_day(tmp_path: Path) -> None:
    """None between 10 January and 1 July: the latest rate is a day old, that of January was used for 120 days."""
    rows = [("2026-05-10", "9", "USD"), ("2026-07-02", "9", "USD")]
    _, said = read(tmp_path, rows, DATED, rates_csv=DAYS + "USD,2026-07-01,0.91\n")
    (warning,) = [each for each in said if each.level == "warning"]
    assert "The rate of 2026-01-10 is used for amounts up to 120 days later." in warning.what


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ("currency,day,rate\nUSD,2026-01-01,0\n", "exports/rates.csv, line 2: rate is not above 0."),
        ("currency,day,rate\nUSD,2026-01-01,x\n", "exports/rates.csv, line 2: rate is not an amount."),
        ("currency,day,rate\nUSD,soon,0.9\n", "exports/rates.csv, line 2: day is not a date."),
        (
            "currency,day,rate\nUSD,2026-01-01,0.9\nUSD,2026-01-01,0.8\n",
            "USD has the rates 0.80 and 0.90 on 2026-01-01.",
        ),
        ("code,day,rate\nUSD,2026-01-01,0.9\n", "the export has no column currency."),
    ],
)
def test_rates_that_cannot_be_right_are_refused(tmp_path: Path, rates: str, said: str) -> None:
    assert said in refused(tmp_path, [on(5, "9", "USD")], DATED, rates_csv=rates)


def test_rates_of_a_named_source_may_have_other_names(tmp_path: Path) -> None:
    toml = '[currency]\nrates = "ecb"\n[sources.ecb]\nfiles = "exports/rates.csv"\ndecimal = ","\n'
    toml += 'date_format = "%d.%m.%Y"\nrename = { "Code" = "currency", "Tag" = "day", "Kurs" = "rate" }\n'
    rates = "Code;Tag;Kurs\nUSD;01.02.2026;0,5\nUSD;02.01.2026;0,25\n"
    workspace, _ = read(tmp_path, [on(5, "8", "USD")], toml, rates_csv=rates)
    assert total(workspace) == 2


def test_a_new_rate_makes_new_amounts(tmp_path: Path) -> None:
    read(tmp_path, [on(5, "8", "USD")], DATED, rates_csv=DAYS)
    workspace, _ = read(tmp_path, [on(5, "8", "USD")], DATED, rates_csv=DAYS.replace("0.90", "0.5"))
    assert total(workspace) == 4


def test_rates_alone_change_nothing(tmp_path: Path) -> None:
    workspace, said = read(tmp_path, [on(5, "8.00"), on(5, "€2", "EUR")])
    assert (total(workspace), said) == (Decimal("10.00"), [])
    assert published(workspace, "select typeof(any_value(amount)) from orders") == [("DECIMAL(18,2)",)]


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ("3", "[currency] rates: found 3; write { USD = 0.92 }, or name an export"),
        ("{ usd = 1 }", '"usd" is no currency; write its three-letter code'),
        ("{ USD = -1 }", "-1 is no rate of USD"),
        ("{ USD = true }", "True is no rate of USD"),
        ("{ USD = nan }", "nan is no rate of USD"),
        ("{ USD = 0.12345678901 }", "the rate of USD has more than 10 decimal places"),
        ("{ EUR = 1.1 }", "that of EUR can only be 1"),
    ],
)
def test_settings_that_are_no_rates(tmp_path: Path, rates: str, said: str) -> None:
    with pytest.raises(WorkspaceError) as caught:
        company(tmp_path, f'[sources.orders]\nfiles = "x.csv"\n[currency]\nrates = {rates}\n')
    assert said in str(caught.value)
