"""Values as text: expected texts are written by hand from the rules of how the board reads."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kviboard.domain.formatting import (
    counted,
    format_change,
    format_day,
    format_days,
    format_distance,
    format_margin,
    format_moves,
    format_range,
    format_share,
    format_value,
    listed,
    plural,
    without_formula,
)

UNITS = ("customers", "currency", "percent", "score", "per_1000", "number", "days")


def plain(text: str) -> str:
    """The text with ordinary spaces, easier to read in a table."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1_234_567, "currency", "€1.23 M"),
        (845_000, "currency", "€845 k"),
        (999_499, "currency", "€999 k"),
        (999_950, "currency", "€1.00 M"),
        (2_500_000_000, "currency", "€2.5 bn"),
        (3_040_000_000_000, "currency", "€3.04 tn"),
        (-3_200, "currency", "−€3.2 k"),
        (999.6, "currency", "€1.00 k"),
        (12.345, "currency", "€12.3"),
        (0, "currency", "€0"),
        (0.487, "percent", "48.7 %"),
        (0.55, "percent", "55 %"),
        (1, "percent", "100 %"),
        (0.9996, "percent", "99.96 %"),
        (0.99999, "percent", "99.999 %"),
        (1 - 1e-13, "percent", "100 %"),
        (0.0043, "percent", "0.43 %"),
        (12.5, "percent", "1,250 %"),
        (-0.031, "percent", "−3.1 %"),
        (1204, "customers", "1,204"),
        (999.6, "customers", "1,000"),
        (9_999.4, "customers", "9,999"),
        (9_999.6, "customers", "10.0 k"),
        (12_345, "customers", "12.3 k"),
        (244.93, "customers", "245"),
        (7, "number", "7"),
        (0.0123, "number", "0.0123"),
        (-0.0, "number", "0"),
        (34.9, "score", "34.9"),
        (-3.2, "score", "−3.2"),
        (3.417, "per_1000", "3.42 per 1,000"),
        (12.5, "days", "12.5 days"),
        (1, "days", "1 day"),
        (None, "currency", "–"),
        (math.nan, "percent", "–"),
        (math.inf, "score", "–"),
    ],
)
def test_a_tile_shows_three_figures_and_the_unit(value, unit, text):
    assert plain(format_value(value, unit)) == text


@pytest.mark.parametrize(
    ("value", "unit", "currency", "text"),
    [
        (1_234_567.891, "currency", "EUR", "€1,234,567.89"),
        (-3_200, "currency", "USD", "−$3,200.00"),
        (1234.4, "currency", "JPY", "¥1,234"),
        (1234.4, "currency", "BRL", "R$1,234.40"),
        (1234.4, "currency", "CHF", "CHF 1,234.40"),
        (5.125, "currency", "KWD", "KWD 5.125"),  # 1,000 fils a dinar
        (1234.4, "currency", "BHD", "BHD 1,234.400"),
        (1234.4, "currency", "XPF", "XPF 1,234"),
        (0.0049, "currency", "EUR", "€0.00490"),  # a call or a kilobyte costs fractions of a cent
        (-0.0123, "currency", "EUR", "−€0.0123"),
        (0.05, "currency", "EUR", "€0.05"),
        (0.1 + 0.2 - 0.25, "currency", "EUR", "€0.05"),
        (0.123, "currency", "EUR", "€0.12"),
        (0.0005, "currency", "KWD", "KWD 0.000500"),
        (5.43, "currency", "JPY", "¥5.43"),
        (5, "currency", "JPY", "¥5"),
        (0.48734, "percent", "EUR", "48.73 %"),
        (0.000043, "percent", "EUR", "0.00430 %"),
        (0.99996, "percent", "EUR", "99.996 %"),
        (1, "percent", "EUR", "100.00 %"),
        (12_345, "customers", "EUR", "12,345"),
        (244.93, "customers", "EUR", "244.93"),
        (34.9, "score", "EUR", "34.90"),
        (None, "score", "EUR", "–"),
    ],
)
def test_a_table_shows_the_full_value(value, unit, currency, text):
    assert plain(format_value(value, unit, currency, precise=True)) == text


def test_a_number_never_breaks_from_its_unit():
    texts = [format_value(value, unit, "CHF") for value in (0.5, 1234, 5_000_000) for unit in UNITS]
    changes = [format_change(2, 1, unit) for unit in UNITS]
    assert not any(" " in text for text in texts + changes)


@pytest.mark.parametrize(
    ("now", "before", "unit", "text"),
    [
        (0.487, 0.466, "percent", "▲ 2.1 pp"),
        (0.487, 0.521, "percent", "▼ 3.4 pp"),
        (0.0045, 0.0043, "percent", "▲ 0.02 pp"),
        (34.9, 31.8, "score", "▲ 3.1 points"),
        (31, 32, "score", "▼ 1 point"),
        (-1, 5, "score", "▼ 6 points"),
        (1204, 1246, "customers", "▼ 3.4 %"),
        (1_100_000, 1_000_000, "currency", "▲ 10 %"),
        (-50, -100, "currency", "▲ 50 %"),
        (0, 5, "number", "▼ 100 %"),
        (3, 0.1, "number", "▲ 2,900 %"),
        (3200, 0, "currency", "▲ €3.2 k"),
        (12, 10.5, "days", "▲ 1.5 days"),
        (5, 5, "per_1000", "● unchanged"),
        (0, 0, "currency", "● unchanged"),
        (1_000_001, 1_000_000, "currency", "● unchanged"),
        (0.1 + 0.2, 0.3, "percent", "● unchanged"),
        (None, 1, "score", "–"),
        (1, None, "score", "–"),
        (1, math.nan, "score", "–"),
    ],
)
def test_a_change_has_its_direction_and_its_own_unit(now, before, unit, text):
    assert plain(format_change(now, before, unit)) == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (0.441, 0.519, "percent", "44.1–51.9 %"),
        (845_000, 1_230_000, "currency", "€845 k–€1.23 M"),
        (-3.2, 4.1, "score", "−3.2 to 4.1"),
        (1, 12, "days", "1–12 days"),
        (5.096, 45.5, "score", "5.1–45.5"),  # one precision in one range
        (-20.5, -7.87, "score", "−20.5 to −7.9"),
        (-72.04, 177.2, "currency", "−€72 to €177"),
        (4_204, 11_621, "currency", "€4.2 k–€11.6 k"),
        (9.96, 10.02, "score", "9.96–10.0"),  # a range does not become a point
        (0.0004, 0.455, "percent", "0.04–45.5 %"),  # nor does a little become nothing
        (0.996, 1, "percent", "99.6–100 %"),  # nor nearly all become all
        (None, 12, "days", "–"),
        (1, math.nan, "days", "–"),
    ],
)
def test_a_range_says_its_unit_once_where_that_reads_well(low, high, unit, text):
    assert plain(format_range(low, high, unit)) == text


@pytest.mark.parametrize(
    ("value", "target", "unit", "text"),
    [
        (0.606, 0.7, "percent", "9.4\u00a0pp"),
        (0.7, 0.606, "percent", "9.4\u00a0pp"),
        (748.0, 800.0, "customers", "6.5\u00a0%"),  # 52 / 800
        (23.0, 30.0, "score", "7\u00a0points"),
        (799.9, 800.0, "customers", "a hair"),
    ],
)
def test_the_distance_to_a_target_has_no_direction(value, target, unit, text):
    assert format_distance(value, target, unit) == text


@pytest.mark.parametrize(
    ("moves", "unit", "text"),
    [
        ([0.0424, -0.0008, 0.00003, -0.001], "percent", "+4.2 pp, −0.1 pp, 0.0 pp, −0.1 pp"),
        ([-0.005, 0.0026], "percent", "−0.50 pp, +0.26 pp"),
        ([-9.34, 1.0], "score", "−9.3 points, +1.0 points"),
        ([12_340.0, -56.0, 4.0], "currency", "+€12.3 k, −€0.1 k, €0.0 k"),
        ([27.53, -3.0], "customers", "+27.5, −3.0"),
        ([1.5, -0.26], "per_1000", "+1.50 per 1,000, −0.26 per 1,000"),
        ([0.0, 0.0], "percent", "0 pp, 0 pp"),
        ([], "percent", ""),
    ],
)
def test_changes_below_one_another_have_the_decimals_of_the_largest(moves, unit, text):
    assert plain(", ".join(format_moves(moves, unit))) == text


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "text"),
    [
        (0.606, 0.53, 0.678, "percent", "±7.6\u00a0pp"),  # 60.6 − 53.0 is the farther side
        (3.9, 3.7, 4.2, "score", "±0.3"),
        (32.26, 30.09, 34.43, "score", "±2.2"),
        (None, 0.1, 0.2, "percent", ""),
        (0.5, None, 0.6, "percent", ""),
        (0.5, math.nan, 0.6, "percent", ""),
    ],
)
def test_a_margin_is_the_farther_side_of_an_interval(value, low, high, unit, text):
    assert format_margin(value, low, high, unit) == text


def test_days_read_as_people_write_them():
    assert format_day(date(2026, 11, 3)) == "3 Nov 2026"
    assert format_days(date(2026, 11, 3), date(2026, 11, 3)) == "3 Nov 2026"
    assert format_days(date(2026, 11, 3), date(2026, 11, 16)) == "3–16 Nov 2026"
    assert format_days(date(2026, 10, 28), date(2026, 11, 10)) == "28 Oct – 10 Nov 2026"
    assert format_days(date(2026, 12, 22), date(2027, 1, 4)) == "22 Dec 2026 – 4 Jan 2027"


SCALES = {"k": 1e3, "M": 1e6, "bn": 1e9, "tn": 1e12}


@given(st.floats(-1e14, 1e14), st.sampled_from(["currency", "number", "customers"]))
def test_what_a_tile_shows_is_within_half_of_its_third_figure(value, unit):
    text = plain(format_value(value, unit)).replace("€", "").replace("−", "-").replace(",", "")
    number, _, scale = text.partition(" ")
    assert float(number) * SCALES.get(scale, 1) == pytest.approx(value, rel=5.01e-3, abs=1e-300)


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.sampled_from(UNITS))
def test_a_change_and_the_change_back_point_opposite_ways(now, before, unit):
    there, back = format_change(now, before, unit)[0], format_change(before, now, unit)[0]
    assert {there, back} in ({"▲", "▼"}, {"●"})


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1204, "1,204 rows"), (1_000_000, "1,000,000 rows")]
)
def test_a_count_agrees_with_its_noun(count: int, text: str) -> None:
    assert counted(count, "row") == text


def test_words_agree_with_a_count() -> None:
    assert [plural(count, "waits", "wait") for count in (0, 1, 2)] == ["wait", "waits", "wait"]
    assert [plural(count, "day") for count in (0, 1, 2)] == ["days", "day", "days"]


@pytest.mark.parametrize(
    ("parts", "text"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_parts_are_listed_with_and_before_the_last(parts: list[str], text: str) -> None:
    assert listed(parts) == text


def test_alternatives_are_listed_with_or_before_the_last() -> None:
    assert listed(("orders", "activity", "responses"), "or") == "orders, activity or responses"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_text_is_a_formula_where_a_spreadsheet_opens_it(sign):
    assert without_formula(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"


@pytest.mark.parametrize(("text", "written"), [("\r=1+1", "'\n=1+1"), ("Fine\r=1+1", "Fine\n=1+1"), ("a\r\nb", "a\nb")])
def test_no_carriage_return_ends_a_row_where_a_formula_would_begin(text: str, written: str) -> None:
    assert without_formula(text) == written


@pytest.mark.parametrize("text", ["", "-5", "+1.5e3", "-0.25", "a=b", "Ann", "'=1", " =1"])
def test_numbers_and_ordinary_texts_stay_as_they_are(text):
    assert without_formula(text) == text


def test_per_cent_has_a_minus_sign_and_no_minus_zero():
    assert (format_share(-0.031), format_share(-1e-12), format_share(0.4675, 1)) == ("−3 %", "0 %", "46.8 %")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (1, "100 %"), (0.1 + 0.2 + 0.7, "100 %"), (0.99996, "99.996 %"), (0.002, "0.2 %"), (0.994, "99 %")],
)
def test_what_is_not_quite_nothing_or_all_does_not_read_like_it(share, text):
    assert format_share(share) == text
