"""Days without rows, counted by hand on a calendar."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kviboard.domain.kvis.coverage import Gap, closed_in_words, coverage_of, gaps_in_words

MONDAY = date(2026, 1, 5)


def days(*numbers: int) -> list[date]:
    """Days counted from Monday 5 January 2026, which is day 0."""
    return [MONDAY + timedelta(number) for number in numbers]


def weekdays(weeks: int) -> list[date]:
    return days(*(7 * week + day for week in range(weeks) for day in range(5)))


def test_no_rows_have_no_coverage():
    assert coverage_of([]) is None


def test_a_day_with_rows_is_counted_once_however_often_it_is_named():
    coverage = coverage_of(days(0, 1, 1, 2))
    assert (coverage.days, coverage.days_with_rows, coverage.gaps) == (3, 3, ())


def test_gaps_are_runs_of_days_the_longest_first_and_then_the_latest():
    coverage = coverage_of(days(0, 2, 5, 7, 8))
    assert coverage.gaps == (
        Gap(date(2026, 1, 8), date(2026, 1, 9), 2),
        Gap(date(2026, 1, 11), date(2026, 1, 11), 1),
        Gap(date(2026, 1, 6), date(2026, 1, 6), 1),
    )
    assert (coverage.days, coverage.days_with_rows) == (9, 5)


def test_weekends_are_no_gaps_where_there_are_never_rows_on_them():
    coverage = coverage_of(weekdays(9))
    assert (coverage.closed, coverage.gaps) == ((5, 6), ())
    assert coverage.days == 45
    assert closed_in_words(coverage) == "hardly ever on Saturdays and Sundays"


def test_weekends_are_gaps_in_a_reach_too_short_to_tell():
    coverage = coverage_of(weekdays(3))
    assert coverage.closed == ()
    assert [gap.days for gap in coverage.gaps] == [2, 2]
    assert closed_in_words(coverage) == ""


def test_a_gap_over_a_closed_weekend_is_one_gap_of_its_open_days():
    present = [day for day in weekdays(12) if not date(2026, 2, 5) <= day <= date(2026, 2, 10)]
    assert coverage_of(present).gaps == (Gap(date(2026, 2, 5), date(2026, 2, 10), 4),)  # Thu, Fri, Mon, Tue


def test_one_odd_sunday_does_not_open_all_sundays():
    coverage = coverage_of([*weekdays(20), date(2026, 3, 15)])
    assert coverage.closed == (5, 6)
    assert coverage.gaps == ()


def test_gaps_are_told_in_words_with_the_rest_summed_up():
    november = [date(2016, 10, 30), date(2016, 10, 31), date(2016, 12, 1), date(2016, 12, 3)]
    assert gaps_in_words(coverage_of(november), "orders") == "No orders on 30 days (1–30 Nov 2016) and on 2 Dec 2016."
    many = coverage_of(days(0, 4, 6, 9, 11, 13))
    assert gaps_in_words(many, "tickets", most=2) == (
        "No tickets on 3 days (6–8 Jan 2026), on 2 days (12–13 Jan 2026) and on 3 other days."
    )
    assert gaps_in_words(coverage_of(days(0, 1)), "orders") == ""


def test_gaps_are_told_in_order_of_time():
    late_longest = coverage_of(days(0, 2, 5, 7))
    told = "No orders on 6 Jan 2026, on 2 days (8–9 Jan 2026) and on 11 Jan 2026."
    assert gaps_in_words(late_longest, "orders") == told
    alone = "No orders on 2 days (8–9 Jan 2026) and on 2 other days."
    assert gaps_in_words(late_longest, "orders", most=1) == alone


@given(st.sets(st.integers(0, 400), min_size=1))
def test_every_open_day_of_the_reach_has_rows_or_lies_in_a_gap(numbers: set[int]):
    coverage = coverage_of(days(*numbers))
    open_with_rows = sum(day.weekday() not in coverage.closed for day in days(*numbers))
    missing = [gap.days for gap in coverage.gaps]
    assert coverage.days == open_with_rows + sum(missing)
