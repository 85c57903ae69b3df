"""A value expression taken apart must mean what its author wrote, at every grain and in every slice."""

import duckdb
import numpy as np
import pytest

from kviboard.catalog.expression import adds_up, as_function, columns_of, is_arithmetic, parse_formula, with_columns


def worth(text: str, rows: str, days: int = 10, last_day: str = "2026-01-10") -> float | None:
    """The value of an expression over rows, by running its parts as the board does."""
    formula = parse_formula(text)
    inner = ", ".join(f"{a.sql} as {a.name}" for a in formula.aggregates)
    filled = ", ".join(
        a.name if a.when_empty is None else f"coalesce({a.name}, {a.when_empty}) as {a.name}"
        for a in formula.aggregates
    )
    facts = f"select *, date '{last_day}' as last_day from ({rows})"
    return duckdb.sql(
        f"select {formula.value} from (select {filled}, {days} as days from (select {inner} from ({facts})))"
    ).fetchall()[0][0]


ROWS = (
    "select * from (values (date '2026-01-01', 10, 2), (date '2026-01-10', 30, 6), (date '2026-01-10', 5, 2))"
    " as t(day, a, b)"
)
NO_ROWS = ROWS + " where false"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(a)", 45),
        ("sum(a) / sum(b)", 4.5),
        ("daily_average(a)", 4.5),  # 45 over the 10 days of the period, also those without rows
        ("last(a)", 35),  # both rows of the last day
        ("daily_average(a) / last(a)", 4.5 / 35),
        ("last(a) / daily_average(b)", 35 / 1.0),  # the average stays in one piece as a divisor
        ("100 * (sum(a) - sum(b)) / sum(a)", 100 * 35 / 45),
        ("count(*)", 3),
        ("max(a) - min(a)", 25),
    ],
)
def test_a_value_is_what_its_author_wrote(text, expected):
    assert worth(text, ROWS) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"), [("sum(a)", 0), ("count(*)", 0), ("daily_average(a)", 0), ("last(a)", 0)]
)
def test_sums_and_counts_without_rows_are_zero(text, expected):
    assert worth(text, NO_ROWS) == expected


@pytest.mark.parametrize("text", ["sum(a) / sum(b)", "avg(a)", "max(a)", "daily_average(a) / last(a)"])
def test_ratios_and_extremes_without_rows_have_no_basis(text):
    assert worth(text, NO_ROWS) is None


def test_a_division_by_zero_has_no_basis():
    assert worth("sum(a) / (sum(b) - sum(b))", ROWS) is None


@pytest.mark.parametrize(
    ("text", "numerator", "denominator"),
    [
        ("sum(a) / sum(b)", "a0", "a1"),
        ("daily_average(a)", "a0", "days"),
        ("sum(a)", "a0", None),
        ("sum(a) / sum(b) - 1", "a0 / NULLIF(a1, 0) - 1", None),
    ],
)
def test_numerator_over_denominator_is_the_value(text, numerator, denominator):
    formula = parse_formula(text)
    assert (formula.numerator, formula.denominator) == (numerator, denominator)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a", "no aggregate"),
        ("sum(sum(a))", "another aggregate inside"),
        ("sum(a) / b", "b outside an aggregate"),
        ("sum(a", "not an expression"),
        ("daily_average(a, b)", "takes one column"),
    ],
)
def test_what_is_no_value_is_refused_with_a_sentence(text, words):
    with pytest.raises(ValueError, match=words):
        parse_formula(text)


def test_the_columns_of_an_aggregate_are_known():
    assert columns_of("sum(a * b) filter (where c > 0)") == {"a", "b", "c"}


def test_an_expression_can_read_other_columns() -> None:
    given = """SUM("order") FILTER(WHERE day = last_day AND kind = 'last_day')"""
    assert with_columns(given, {"last_day": "last_day_1"}) == given.replace("= last_day ", "= last_day_1 ")
    assert with_columns("a0 / NULLIF(a1, 0)", {"a0": "a1", "a1": "a0"}) == "a1 / NULLIF(a0, 0)"


@pytest.mark.parametrize(
    ("text", "grows"),
    [
        ("sum(revenue)", True),
        ("count(*)", True),
        ("1000 * sum(complaints) / last(active)", True),
        ("sum(a) - sum(b)", True),
        ("sum(a) / sum(b)", False),
        ("100 * (sum(a) - sum(b)) / sum(c)", False),
        ("daily_average(a) / last(b)", False),
        ("last(a) / last(b) - 1", False),
        ("avg(score)", False),
        ("count(distinct customer)", False),
        ("round(sum(a))", False),
    ],
)
def test_what_has_a_larger_value_in_a_longer_period_is_told(text: str, grows: bool) -> None:
    assert parse_formula(text).grows is grows


def test_arithmetic_of_arrays_has_no_basis_where_a_denominator_is_0() -> None:
    formula = parse_formula("100 * (sum(a) - sum(b)) / -sum(c)")
    given = {"a0": np.array([3.0, 3.0]), "a1": np.array([1.0, 1.0]), "a2": np.array([4.0, 0.0])}
    np.testing.assert_equal(as_function(formula.value)(given), [-50.0, np.nan])


@pytest.mark.parametrize("text", ["abs(a0)", "case when a0 > 1 then a0 end", "a0 % 2", "a0 / '2'"])
def test_what_is_more_than_arithmetic_is_told(text: str) -> None:
    assert not is_arithmetic(text)
    assert is_arithmetic("(a0 + 1.5 * a1) / NULLIF(a2, 0) - days")


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        ("sum(a)", True),
        ("sum(a * b) filter (where day = last_day)", True),
        ("count(*)", True),
        ("count_if(a > 2)", True),
        ("count(distinct a)", False),
        ("sum(distinct a) filter (where b)", False),
        ("avg(a)", False),
        ("max(a)", False),
        ("any_value(a)", False),
        ("approx_count_distinct(a)", False),
    ],
)
def test_what_adds_up_over_parts_of_the_rows_is_told(aggregate: str, expected: bool) -> None:
    assert adds_up(aggregate) is expected
