"""Amounts and scores in tables: cents where amounts are small, none where they are large; the words written by hand."""

import re

import pandas as pd
import pytest

from kviboard.components.rows import BY_CHANCE, Columns, rows_table
from kviboard.domain.formatting import format_whole


def cells(amounts: list[float | None], currency: str = "EUR", unit: str = "currency") -> list[str]:
    rows = pd.DataFrame({"name": [f"row {number}" for number in range(len(amounts))], "amount": amounts})
    html = rows_table(rows, {"name": ("", "text"), "amount": ("Amount", unit)}, currency, "Amounts")
    return re.findall(r'<td class="kvi-figure">(.*?)</td>', html.replace("\u2060", ""))


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ([8055.44, -885.62, 0.0], ["€8,055", "−€886", "€0"]),
        ([197232.0, None], ["€197,232", "–"]),
        ([99.99, 12.5, -0.4], ["€99.99", "€12.50", "−€0.40"]),
        ([120.41, 0.3, -0.3], ["€120", "€0.30", "−€0.30"]),
        ([-100.0, 12.6], ["−€100", "€13"]),
        ([1.96, -0.0614, 0.0049], ["€1.96", "−€0.06", "€0.00490"]),
        ([0.0614, 0.0049], ["€0.0614", "€0.00490"]),
    ],
    ids=["of thousands", "without cents", "small", "nearly nothing", "large below zero", "of cents", "of less"],
)
def test_a_column_of_large_amounts_has_no_cents(amounts: list[float | None], words: list[str]) -> None:
    assert cells(amounts) == words


def test_an_amount_and_its_range_have_the_same_decimals() -> None:
    rows = pd.DataFrame({"name": ["a"], "gain": [120.4], "low": [62.79], "high": [174.1], "other": [1.5]})
    columns = {"name": ("", "text")} | {field: (field, "currency") for field in ("gain", "low", "high", "other")}
    html = rows_table(rows, columns, "EUR", "Gains", alike=("gain", "low", "high"))
    assert re.findall(r'<td class="kvi-figure">(.*?)</td>', html) == ["€120", "€63", "€174", "€1.50"]


def test_the_ends_of_a_range_stand_in_one_cell() -> None:
    rows = pd.DataFrame({"name": ["a", "b"], "gain": [120.4, 3.0], "low": [-62.79, None], "high": [174.1, 5.0]})
    columns: Columns = {"name": ("", "text"), "gain": ("Gain", "currency"), ("low", "high"): (BY_CHANCE, "currency")}
    html = rows_table(rows, columns, "EUR", "Gains", alike=("gain", "low", "high")).replace("\u00a0", " ")
    said = html.replace("\u2060", "")
    assert re.findall(r'<th scope="col".*?>(.*?)</th>', said) == ["", "Gain", "by chance"]
    assert re.findall(r'<td class="kvi-figure">(.*?)</td>', said) == ["€120", "−€63 to €174", "€3", "–"]


def test_the_currency_s_own_decimals_stay_where_amounts_are_small() -> None:
    assert cells([12.345], "KWD") == ["KWD\u00a012.345"]
    assert cells([1250.125], "KWD") == ["KWD\u00a01,250"]


def test_a_score_has_one_decimal_and_no_minus_zero() -> None:
    assert cells([-16.98, 64.44, -0.04, 50.0], unit="score") == ["−17.0", "64.4", "0.0", "50.0"]


def test_no_amount_is_a_dash() -> None:
    assert format_whole(float("nan")) == "–"
