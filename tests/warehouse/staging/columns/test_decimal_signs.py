"""Which of point and comma is the decimal sign, a column's values decide; where none does, the refresh asks."""

from decimal import Decimal
from pathlib import Path

import pytest

from kviboard.errors import RefreshError
from kviboard.warehouse.manifest import ExportDecision
from tests.warehouse.company import company
from tests.warehouse.staged import published, refreshed


def read(folder: Path, amounts: list[str], decimal: str = "") -> tuple[list[Decimal], list[ExportDecision]]:
    """The amounts as they were read, in their order, and what was said about them."""
    rows = "".join(f'{n:03};c{n % 2};2026-01-05;"{amount}"\n' for n, amount in enumerate(amounts))
    setting = f'decimal = "{decimal}"\n' if decimal else ""
    toml = f'[sources.orders]\nfiles = "exports/orders.csv"\n{setting}'
    workspace = company(folder, toml, orders_csv="order_id;customer_id;ordered_at;amount\n" + rows)
    said = list(refreshed(workspace).decisions)
    return [amount for (amount,) in published(workspace, "select amount from orders order by order_id")], said


def refused(folder: Path, amounts: list[str], decimal: str = "") -> str:
    with pytest.raises(RefreshError) as caught:
        read(folder, amounts, decimal)
    return str(caught.value)


GROUPED = ["1.500", "2.000", "12.000", "950", "1.250", "3.400", "800", "10.000"]


def test_thousands_that_could_be_decimals_are_asked_about(tmp_path: Path) -> None:
    assert (
        'kviboard.toml, [sources.orders] decimal: amount has values like "1.500" in exports/orders.csv, line 2, and no '
        "value shows whether the point is the decimal sign or groups thousands. "
        'Set decimal = "." where that is less than a thousand, decimal = "," where it is more.'
    ) in refused(tmp_path, GROUPED)


@pytest.mark.parametrize(("decimal", "total"), [(",", Decimal(31900)), (".", Decimal("1780.15"))])
def test_the_setting_answers(tmp_path: Path, decimal: str, total: Decimal) -> None:
    amounts, said = read(tmp_path, GROUPED, decimal)
    assert (sum(amounts), said) == (total, [])


@pytest.mark.parametrize("amounts", [["1,000"], ["1,500", "2,250", "7"], ["€ 1.500"], ["(2.000)"], ["1.500", "1,500"]])
def test_either_sign_is_asked_about_alone(tmp_path: Path, amounts: list[str]) -> None:
    assert "[sources.orders] decimal: amount has values like" in refused(tmp_path, amounts)


@pytest.mark.parametrize(
    ("amounts", "values"),
    [
        (["12,50", "7"], ["12.50", "7"]),
        (["1.500,00"], ["1500"]),
        (["1.234.567"], ["1234567"]),
        (["1,234,567", "2"], ["1234567", "2"]),
        (["12,34,567.50"], ["1234567.50"]),
        (["1,234.56", "1,500"], ["1234.56", "1500"]),
        (["0.500", "1.500"], ["0.50", "1.50"]),
        (["0,500", "1,500"], ["0.50", "1.50"]),
        (["1234.567"], ["1234.567"]),
        (["1 234,50", "2,000"], ["1234.50", "2"]),
        (["1'234.50", "2,000"], ["1234.50", "2000"]),
        (["€ 1.500,00", "-2.000"], ["1500", "-2000"]),
        (["12", "950"], ["12", "950"]),
    ],
)
def test_any_other_value_decides_for_its_column(tmp_path: Path, amounts: list[str], values: list[str]) -> None:
    assert read(tmp_path, amounts)[0] == [Decimal(value) for value in values]


def test_a_decimal_comma_is_said(tmp_path: Path) -> None:
    (said,) = read(tmp_path, ["12,50", "7,25", "3"])[1]
    assert (said.level, said.moves_kvis) == ("note", True)
    assert said.what == 'amount has 2 values with a decimal comma ("12,50" in exports/orders.csv, line 2).'


def test_what_one_value_decides_for_many_should_be_confirmed(tmp_path: Path) -> None:
    """A single 12.5 among thousands written 1.500 may be the only slip, and all others a thousand times as much."""
    (said,) = read(tmp_path, ["1.500"] * 40 + ["12.5"])[1]
    assert said.should_be_confirmed
    assert '40 values of amount like "1.500" in exports/orders.csv, line 2 could be read in two ways;' in said.what
    assert '1 value with a decimal point ("12.5" in exports/orders.csv, line 42) decides.' in said.what


def test_values_overrule_a_setting_that_fits_none_of_them(tmp_path: Path) -> None:
    amounts, (said,) = read(tmp_path, ["12.50", "7.25", "3"], ",")
    assert amounts == [Decimal("12.50"), Decimal("7.25"), Decimal(3)]
    assert said.should_be_confirmed
    assert 'That decides, not decimal = ",".' in said.what


def test_a_setting_that_some_values_contradict_and_others_leave_open_is_refused(tmp_path: Path) -> None:
    text = refused(tmp_path, ["12.50", "1.500"], ",")
    assert 'decimal = "," is set, but amount has 1 value with a decimal point ("12.50" in' in text
    assert 'beside values like "1.500" in exports/orders.csv, line 3 that can be read either way' in text


def test_both_signs_in_one_column_are_refused_with_an_example_of_each(tmp_path: Path) -> None:
    text = refused(tmp_path, ["12.50", "7,25", "3"])
    assert 'amount has 1 value with a decimal point ("12.50" in exports/orders.csv, line 2) and 1 value with a' in text
    assert 'decimal comma ("7,25" in exports/orders.csv, line 3).' in text


def test_one_slip_in_hundreds_is_one_rejected_row(tmp_path: Path) -> None:
    amounts, said = read(tmp_path, ["12.50"] * 300 + ["12,50"])
    assert len(amounts) == 300
    assert [decision.example for decision in said] == ['line 302: "12,50"']


def test_scores_with_three_decimals_are_no_thousands(tmp_path: Path) -> None:
    workspace = company(
        tmp_path,
        responses_csv="response_id;customer_id;responded_at;score\n1;c1;2026-01-05;9,000\n2;c2;2026-01-05;10,000\n",
    )
    refreshed(workspace)
    assert published(workspace, "select score from responses order by response_id") == [(9,), (10,)]


def test_minutes_with_three_decimals_ask_too(tmp_path: Path) -> None:
    text = "customer_id,occurred_at,minutes\nc1,2026-01-05,12.345\nc2,2026-01-05,7.250\n"
    with pytest.raises(RefreshError, match=r'minutes has values like "12\.345" in exports/activity\.csv, line 2'):
        refreshed(company(tmp_path, activity_csv=text))
    refreshed(workspace := company(tmp_path, activity_csv=text + "c3,2026-01-05,0.500\n"))
    assert published(workspace, "select sum(minutes) from activity") == [(20.095,)]
