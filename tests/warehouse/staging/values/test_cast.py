"""Values as found become values of the contract, or are refused in words."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kviboard.domain.contract import Column
from kviboard.warehouse.engine import literal
from kviboard.warehouse.staging.values.cast import Rules, cast_column, clean_text
from kviboard.warehouse.staging.values.dates import AmbiguousDatesError, DateStyle, find_dates
from kviboard.warehouse.staging.values.scores import Scales
from kviboard.warehouse.staging.values.zones import Zones
from tests.warehouse.company import memory

AMSTERDAM = Rules(timezone="Europe/Amsterdam")
COMMA = Rules(decimal=",")
PLAIN = Rules()
ISO = DateStyle()
OFFSETS = DateStyle(zones=Zones({"Z": 0, "UTC": 0}, has_offsets=True))


def cast(kind: str, value: object, rules: Rules = PLAIN, style: DateStyle = ISO, sql: str = "") -> Any:
    """What one value becomes; where it is refused, the reason. `sql` gives a typed value instead of a text."""
    column = Column("x", kind, required=True, choices=("earned", "bought") if kind == "choice" else ())
    found = sql or ("null" if value is None else literal(str(value)))
    with memory().cursor() as connection:
        given = connection.sql(f"select {found} as x")
        how = cast_column(column, str(given.types[0]) if sql else "VARCHAR", not sql, rules, style)
        cleaned = f"select {how.clean} as {how.alias} from (select {found} as x)"
        numbers = f", {how.number} as {how.number_alias}" if how.number else ""
        steps = f"select {how.typed} as x, * from (select *{numbers} from ({cleaned}))"
        value, reason = connection.sql(f"select x, {how.reason} from ({steps})").fetchall()[0]
    return reason or value


WORDS_FOR_NONE = ("NA", "N/A", "n/a", "null", "NULL", "None", "NaN", "-")
TEXTS = st.one_of(
    st.sampled_from([*WORDS_FOR_NONE, "na", "--", "'-5", "'07", '="007"', '= "x "', "nulls", "N/A 1"]),
    st.text(st.sampled_from("NAnul/- ='\"07\t\n\xa0٣–ax|"), max_size=5),
)


def cleaned_by_hand(text: str) -> str | None:
    """Digits and signs of other scripts as ours, no blanks at the ends, no guard of a spreadsheet, no word for none."""
    text = text.translate(str.maketrans("٣–\xa0", "3- ")).strip(" \t\n\r\xa0")
    guarded = re.fullmatch(r'="\s*(.*?)\s*"', text, re.DOTALL)
    text = guarded[1] if guarded else re.sub(r"^'([-0-9])", r"\1", text)
    return None if text in ("", *WORDS_FOR_NONE) else text


@given(st.lists(st.tuples(TEXTS, st.sampled_from(["", " ", "\t"])), min_size=1, max_size=8))
def test_a_clean_text_is_what_is_left_of_it_without_blanks_guards_and_words_for_no_value(
    found: list[tuple[str, str]],
) -> None:
    texts = [blank + text + blank for text, blank in found]
    with memory().cursor() as connection:
        rows = connection.execute(f"select {clean_text('x', keeps_tokens=False)} from (select unnest(?) as x)", [texts])
        assert [value for (value,) in rows.fetchall()] == [cleaned_by_hand(text) for text in texts]


def test_of_what_is_far_too_long_to_be_a_number_the_beginning_is_looked_at_and_ids_and_texts_stay_whole() -> None:
    long = f"  {'9' * 20_000} "
    assert cast("money", long) == "x is not an amount"
    assert cast("day", long) == "x is not a date"
    assert cast("id", long) == cast("text", long) == "9" * 20_000


@pytest.mark.parametrize(
    ("found", "value"),
    [
        ("007", "007"),
        ('="007"', "007"),
        ("'007", "007"),
        ("'t Hart", "'t Hart"),
        ("–7", "–7"),
        ("  12 ", "12"),
        ("\u00a0C1\t", "C1"),
        ("NA", "NA"),  # Namibia, not "no answer"
        ('="NA"', "NA"),
        ('=""', "x is missing"),
        ("", "x is missing"),
        ("   ", "x is missing"),
        (None, "x is missing"),
    ],
)
def test_ids_are_kept_as_they_are(found: str | None, value: str) -> None:
    assert cast("id", found) == value


@pytest.mark.parametrize(
    ("found", "value"),
    [
        ("12.5", "12.50"), ("-3", "-3.00"), ("+3", "3.00"), (".5", "0.50"), ("7.", "7.00"), ("1e3", "1000.00"),
        ("1,234", "1234.00"), ("1,234,567.89", "1234567.89"), ("€ 12.50", "12.50"), ("$1,000", "1000.00"),
        ("12.50 EUR", "12.50"), ("USD 12.50", "12.50"), ("(12.50)", "-12.50"), ("12.50-", "-12.50"),
        ("−4.20", "-4.20"), ("- 4", "-4.00"), ("1 234.50", "1234.50"), ("1'234.50", "1234.50"),
        ("0.005", "0.01"), ("12345678901234.56", "12345678901234.56"), ("１２３４．５０", "1234.50"),
        ("۱٬۲۳۴٫۵۰", "1234.50"), ("١٢٣٤", "1234.00"), ("–4.20", "-4.20"), ("1\u2007234.50", "1234.50"),
        ("1ʼ234.50", "1234.50"), ("'12.50", "12.50"), ('="12.50"', "12.50"), ("-(1,234.50)", "-1234.50"),
        ("-EUR 1,032.50", "-1032.50"), ("−EUR\u00a03", "-3.00"), ("(EUR 5.79)", "-5.79"), ("(5.79 EUR)", "-5.79"),
        ("6.60 €-", "-6.60"), ("6.60 EUR-", "-6.60"), ("(5.79) EUR", "-5.79"), ("EUR -5.79", "-5.79"),
        ("-5EUR", "-5.00"), ("-€\u00a05.20", "-5.20"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(found: str, value: str) -> None:
    assert cast("money", found) == Decimal(value)


@pytest.mark.parametrize(
    "found",
    [
        "12,50",
        "1.234,50",
        "1,23",
        "12,3456",
        "abc",
        "1.2.3",
        "12 50",
        "12EUR50",
        "--5",
        "(5",
        "1e99",
        "5%",
        "-EUR",
        "EUR 5 EUR 6",
        "-EUR 5-",
        "5 PCS 3",
    ],
)
def test_what_is_no_amount_is_not_guessed(found: str) -> None:
    assert cast("money", found) == "x is not an amount"


@pytest.mark.parametrize(
    ("found", "value"),
    [("12,50", "12.50"), ("1.234,50", "1234.50"), ("1.234", "1234.00"), ("1234", "1234.00"), (",5", "0.50"),
     ("-1.234.567,8", "-1234567.80"), ("€ 12,50", "12.50"), ("1 234,50", "1234.50")],
)  # fmt: skip
def test_with_a_decimal_comma_points_group_thousands(found: str, value: str) -> None:
    assert cast("money", found, COMMA) == Decimal(value)


@pytest.mark.parametrize("found", ["12.50", "1,234.50", "1.23", "12,50,00"])
def test_with_a_decimal_comma_a_decimal_point_is_refused(found: str) -> None:
    assert cast("money", found, COMMA) == "x is not an amount"


@pytest.mark.parametrize("found", ["", "NA", "N/A", "n/a", "null", "None", "NaN", "-", " ", '=""', '="NA"'])
@pytest.mark.parametrize("kind", ["money", "minutes", "score", "day", "time"])
def test_words_for_nothing_are_missing_values(kind: str, found: str) -> None:
    assert cast(kind, found) == "x is missing"


@pytest.mark.parametrize(
    ("found", "value"), [("3", 3.0), ("1,200", 1200.0), ("0", 0.0), ("-1", "x is below 0"), ("x", "x is not a number")]
)
def test_minutes_are_numbers_from_0(found: str, value: object) -> None:
    assert cast("minutes", found) == value


@pytest.mark.parametrize(
    ("found", "scale", "value"),
    [
        ("10", "0-10", 10), ("0", "0-10", 0), ("9.0", "0-10", 9), ("9,0", "0-10", "x is not a number"),
        ("11", "0-10", "score 11 is outside 0–10"), ("-1", "0-10", "score -1 is outside 0–10"),
        ("7.5", "0-10", "score 7.5 is not a whole number"), ("good", "0-10", "x is not a number"),
        ("5", "1-5", 10), ("4", "1-5", 8), ("3", "1-5", 6), ("2", "1-5", 4), ("1", "1-5", 2),
        ("7", "1-7", 10), ("6", "1-7", 8), ("5", "1-7", 7), ("4", "1-7", 5), ("3", "1-7", 3), ("2", "1-7", 2),
        ("1", "1-7", 0), ("8", "1-7", "score 8 is outside 1–7"),
        ("0", "1-5", "score 0 is outside 1–5"), ("6", "1-5", "score 6 is outside 1–5"),
    ],
)  # fmt: skip
def test_scores_are_whole_numbers_on_their_scale(found: str, scale: str, value: object) -> None:
    assert cast("score", found, Rules(scales=Scales(scale))) == value


@pytest.mark.parametrize(
    ("found", "value"),
    [
        ("2026-01-31", datetime(2026, 1, 31)),
        ("2026/1/5", datetime(2026, 1, 5)),
        ("20260131", datetime(2026, 1, 31)),
        ("2026-01-31 14:05", datetime(2026, 1, 31, 14, 5)),
        ("2026-01-31T14:05:06.789", datetime(2026, 1, 31, 14, 5, 6, 789000)),
        ("2026-03-29 02:30:00", datetime(2026, 3, 29, 2, 30)),  # an hour that Amsterdam's clocks skip
        ("2026-02-30", "x is not a date"),
        ("31-01-2026", "x is not a date"),
        ("10-1-24", "x is not a date"),
        ("1-12-24", "x is not a date"),
        ("12345678", "x is not a date"),
        ("infinity", "x is not a date"),
        ("yesterday", "x is not a date"),
        ("Total", "x is not a date"),
        ("0001-01-01", "x is not a date"),
        ("1066-10-14", "x is not a plausible date"),
        ("9999-12-31", "x is not a plausible date"),
    ],
)
def test_iso_dates_are_read_as_local_times(found: str, value: object) -> None:
    assert cast("time", found, AMSTERDAM) == value


@pytest.mark.parametrize(
    ("found", "value"),
    [
        ("2026-01-31T23:30:00Z", datetime(2026, 2, 1, 0, 30)),
        ("2026-07-31T23:30:00Z", datetime(2026, 8, 1, 1, 30)),
        ("2026-01-31 23:30:00 UTC", datetime(2026, 2, 1, 0, 30)),
        ("2026-01-31T20:30:00-05:00", datetime(2026, 2, 1, 2, 30)),
        ("2026-01-31T20:30:00 +0100", datetime(2026, 1, 31, 20, 30)),
        ("2026-01-31 20:30:00+01", datetime(2026, 1, 31, 20, 30)),
        ("2026-01-31 20:30", datetime(2026, 1, 31, 20, 30)),
    ],
)
def test_times_with_an_offset_become_the_companys_time(found: str, value: datetime) -> None:
    assert cast("time", found, AMSTERDAM, OFFSETS) == value


@pytest.mark.parametrize(
    ("found", "value"), [("Earned", "earned"), (" BOUGHT ", "bought"), ("ads", None), ("NA", None)]
)
def test_a_choice_is_one_of_the_known_ones_or_unknown(found: str, value: str | None) -> None:
    assert cast_choice(found) == value


def cast_choice(found: str) -> str | None:
    column = Column("x", "choice", choices=("earned", "bought"))
    how = cast_column(column, "VARCHAR", True, Rules(), DateStyle())
    with memory().cursor() as connection:
        found_rows = f"select {how.clean} as {how.alias} from (select {literal(found)} as x)"
        return connection.sql(f"select {how.typed} from ({found_rows})").fetchall()[0][0]


@pytest.mark.parametrize(
    ("kind", "sql", "value"),
    [
        ("id", "42", "42"),
        ("id", "42.0::double", "42"),
        ("id", "1e40::double", "1e+40"),  # more than a whole number of the engine holds
        ("id", "'nan'::double", "x is missing"),
        ("id", "uuid '3f2504e0-4f89-11d3-9a0c-0305e82c3301'", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
        ("id", "'  007'", "  007"),  # a typed export is taken at its word
        ("id", "''", "x is missing"),
        ("money", "12.345::double", Decimal("12.35")),
        ("money", "'nan'::double", "x is missing"),
        ("money", "'infinity'::double", "x is not an amount"),
        ("money", "7::decimal(10, 4)", Decimal("7.00")),
        ("minutes", "3::tinyint", 3.0),
        ("minutes", "-1", "x is below 0"),
        ("score", "9::bigint", 9),
        ("score", "9.5::double", "score 9.5 is not a whole number"),
        ("score", "12", "score 12 is outside 0–10"),
        ("day", "timestamp '2026-01-31 23:00'", date(2026, 1, 31)),
        ("time", "date '2026-01-31'", datetime(2026, 1, 31)),
        ("time", "timestamptz '2026-01-31 23:30:00Z'", datetime(2026, 2, 1, 0, 30)),
        ("time", "timestamp_ns '2026-01-31 23:30:00.5'", datetime(2026, 1, 31, 23, 30, 0, 500000)),
        ("time", "timestamp '1066-10-14'", "x is not a plausible date"),
        ("time", "20260131", datetime(2026, 1, 31)),
    ],
)
def test_typed_values_are_taken_as_they_are(kind: str, sql: str, value: object) -> None:
    assert cast(kind, None, AMSTERDAM, sql=sql) == value


def style_of(values: list[str], date_format: str | None = None) -> DateStyle:
    """The style detected for a column of these values."""
    with memory().cursor() as connection:
        connection.register("found", pa.table({"x": values}))
        rows = "(select *, 'x.csv' as _file, 2 as _line from found)"
        return find_dates(connection, rows, "x", "UTC", date_format).style


def days_of(values: list[str], style: DateStyle) -> list[Any]:
    return [cast("day", value, style=style) for value in values]


@pytest.mark.parametrize(
    ("values", "days"),
    [
        (["31.12.2025", "1.2.2026"], [date(2025, 12, 31), date(2026, 2, 1)]),
        (["1.2.2026"], [date(2026, 2, 1)]),  # nobody writes the month first with points
        (["31/12/2025", "01/02/2026"], [date(2025, 12, 31), date(2026, 2, 1)]),
        (["12/31/2025", "01/02/2026"], [date(2025, 12, 31), date(2026, 1, 2)]),
        (["31-12-2025 14:05", "1-2-2026 09:00"], [date(2025, 12, 31), date(2026, 2, 1)]),
        (["12/31/2025 2:05 PM", "1/2/2026 9:00 AM"], [date(2025, 12, 31), date(2026, 1, 2)]),
        (["2026-02-01", "31.12.2025"], [date(2026, 2, 1), date(2025, 12, 31)]),
        (["31/12/2025", "soon"], [date(2025, 12, 31), "x is not a date"]),
    ],
)
def test_day_and_month_are_told_apart_by_all_values_of_the_column(values: list[str], days: list[object]) -> None:
    assert days_of(values, style_of(values)) == days


@pytest.mark.parametrize("values", [["01/02/2026", "03/04/2026"], ["31/12/2025", "12/31/2025"], ["1-2-2026"]])
def test_days_and_months_that_cannot_be_told_apart_are_not_guessed(values: list[str]) -> None:
    with pytest.raises(AmbiguousDatesError):
        style_of(values)


def test_both_orders_in_one_column_are_told_with_one_of_each() -> None:
    with pytest.raises(AmbiguousDatesError) as refused:
        style_of(["31/12/2025", "12/31/2025", "1/2/2025"])
    assert refused.value.in_both_orders == ("31/12/2025", "12/31/2025")


def test_one_slip_in_hundreds_does_not_make_a_column_ambiguous() -> None:
    style = style_of([*(f"{13 + n % 15}/01/2026" for n in range(300)), "01/31/2026"])
    assert days_of(["13/01/2026", "01/31/2026"], style) == [date(2026, 1, 13), "x is not a date"]


@pytest.mark.parametrize(
    ("date_format", "found", "day"),
    [
        ("%d/%m/%Y", "01/02/2026", date(2026, 2, 1)),
        ("%m/%d/%Y", "01/02/2026", date(2026, 1, 2)),
        ("%d/%m/%Y", "01/02/2026 14:05:00", date(2026, 2, 1)),
        ("%d/%m/%Y", "2026-02-01", date(2026, 2, 1)),
        ("%Y-%d-%m", "2026-01-02", date(2026, 2, 1)),
        ("%d %b %Y", "3 Nov 2026", date(2026, 11, 3)),
        ("%d.%m.%y", "03.11.26", date(2026, 11, 3)),
    ],
)
def test_a_given_format_goes_before_all_else(date_format: str, found: str, day: date) -> None:
    assert days_of([found], style_of([found], date_format)) == [day]
