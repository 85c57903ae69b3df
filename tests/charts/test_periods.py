"""Keys of the time axis: unique, in order, and labelled as people say it."""

from datetime import date, timedelta

from kviboard.charts.periods import axis_keys, span


def shown(keys: list[str]) -> list[str]:
    return [key.partition("|")[2] for key in keys]


def test_months_show_the_year_under_the_first_and_under_each_january() -> None:
    starts = [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    labels = ["Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026"]
    assert shown(axis_keys(starts, labels, "month")) == ["Nov|2025", "Dec", "Jan|2026", "Feb"]


def test_weeks_and_days_show_their_first_day() -> None:
    assert shown(axis_keys([date(2026, 11, 2)], ["week of 2 Nov 2026"], "week")) == ["2 Nov|2026"]


def test_fiscal_quarters_show_their_fiscal_year() -> None:
    starts = [date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)]
    labels = ["Q4 FY2025/26", "Q1 FY2026/27", "Q2 FY2026/27"]
    assert shown(axis_keys(starts, labels, "quarter")) == ["Q4|FY2025/26", "Q1|FY2026/27", "Q2"]


def test_sprints_show_their_name_even_with_a_bar_in_it() -> None:
    assert shown(axis_keys([date(2026, 1, 5)], ["Sprint 1|A"], "sprint")) == ["Sprint 1/A"]


def test_a_long_axis_labels_every_few_periods_counted_from_the_last() -> None:
    starts = [date(2026, 1, 1) + timedelta(days=number) for number in range(30)]
    labels = shown(axis_keys(starts, [""] * 30, "day"))
    assert [index for index, label in enumerate(labels) if label] == list(range(2, 30, 3))
    assert labels[-1] == "30 Jan"
    assert labels[2] == "3 Jan|2026"


def test_keys_are_unique_where_labels_repeat() -> None:
    starts = [date(2025, 1, 6), date(2026, 1, 5)]
    keys = axis_keys(starts, ["Sprint 1", "Sprint 1"], "sprint")
    assert len(set(keys)) == 2
    assert keys == sorted(keys)


def test_a_span_of_one_period_is_its_name() -> None:
    assert span(["May 2026"]) == "May 2026"
    assert span(["May 2026", "Jun 2026", "Jul 2026"]) == "May 2026 to Jul 2026"
