"""Periods: expected bounds come from the calendar on the wall, from pandas and from the standard library."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kviboard.domain.periods import (
    GRAINS,
    Calendar,
    Period,
    Sprint,
    calendar_columns,
    months_up_to,
    period_of,
    periods_between,
    previous_period,
    sprints_in_use,
    title_of_sprint,
)
from kviboard.errors import UsageError

PLAIN = Calendar()
SPRINTS = (
    Sprint("Sprint 22", date(2026, 10, 5), date(2026, 10, 16)),
    Sprint("Sprint 23", date(2026, 10, 19), date(2026, 10, 30)),
    Sprint("Sprint 24", date(2026, 11, 2), date(2026, 11, 13)),
)
WITH_SPRINTS = Calendar(sprints=SPRINTS)

days = st.dates(date(1995, 1, 1), date(2060, 12, 31))
calendars = st.builds(Calendar, week_starts=st.integers(0, 6), quarter_starts_in=st.integers(1, 12))
unbroken_grains = st.sampled_from([grain for grain in GRAINS if grain != "sprint"])


def bounds(period: Period | None) -> tuple[date, date] | None:
    return (period.starts_on, period.ends_on) if period else None


@pytest.mark.parametrize(
    ("calendar", "grain", "day", "starts_on", "ends_on", "name"),
    [
        (PLAIN, "day", date(2026, 11, 3), date(2026, 11, 3), date(2026, 11, 3), "3 Nov 2026"),
        (PLAIN, "week", date(2026, 11, 3), date(2026, 11, 2), date(2026, 11, 8), "week of 2 Nov"),
        (PLAIN, "week", date(2026, 11, 2), date(2026, 11, 2), date(2026, 11, 8), "week of 2 Nov"),
        (PLAIN, "week", date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3), "week of 28 Dec"),
        (Calendar(week_starts=6), "week", date(2026, 11, 3), date(2026, 11, 1), date(2026, 11, 7), "week of 1 Nov"),
        (PLAIN, "month", date(2028, 2, 10), date(2028, 2, 1), date(2028, 2, 29), "Feb 2028"),
        (PLAIN, "month", date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31), "Dec 2026"),
        (PLAIN, "quarter", date(2026, 11, 3), date(2026, 10, 1), date(2026, 12, 31), "Q4 2026"),
        (WITH_SPRINTS, "sprint", date(2026, 10, 30), date(2026, 10, 19), date(2026, 10, 30), "Sprint 23"),
    ],
)
def test_a_day_lies_in_the_period_people_say_it_does(calendar, grain, day, starts_on, ends_on, name):
    assert period_of(calendar, grain, day) == Period(grain, starts_on, ends_on, name)


@pytest.mark.parametrize(
    ("starts_in", "day", "starts_on", "name"),
    [
        (4, date(2026, 4, 1), date(2026, 4, 1), "Q1 FY2026/27"),
        (4, date(2027, 3, 31), date(2027, 1, 1), "Q4 FY2026/27"),
        (10, date(2026, 9, 30), date(2026, 7, 1), "Q4 FY2025/26"),
        (10, date(2026, 10, 1), date(2026, 10, 1), "Q1 FY2026/27"),
        (2, date(2027, 1, 15), date(2026, 11, 1), "Q4 FY2026/27"),
        (7, date(2099, 12, 31), date(2099, 10, 1), "Q2 FY2099/00"),
    ],
)
def test_fiscal_quarters_are_named_by_the_year_they_began_in(starts_in, day, starts_on, name):
    quarter = period_of(Calendar(quarter_starts_in=starts_in), "quarter", day)
    assert (quarter.starts_on, quarter.name) == (starts_on, name)


def test_a_week_has_its_year_only_in_its_full_name():
    week = period_of(PLAIN, "week", date(2026, 11, 3))
    assert week.full_name == "week of 2 Nov 2026"
    assert period_of(PLAIN, "month", date(2026, 11, 3)).full_name == "Nov 2026"


def test_a_period_counts_both_its_ends():
    assert period_of(PLAIN, "quarter", date(2028, 2, 1)).days == 31 + 29 + 31
    assert period_of(PLAIN, "day", date(2028, 2, 1)).days == 1


def test_days_between_sprints_lie_in_no_sprint():
    assert period_of(WITH_SPRINTS, "sprint", date(2026, 10, 18)) is None
    assert period_of(WITH_SPRINTS, "sprint", date(2026, 10, 4)) is None
    assert period_of(WITH_SPRINTS, "sprint", date(2026, 11, 14)) is None
    assert period_of(PLAIN, "sprint", date(2026, 10, 18)) is None


def test_periods_between_are_whole_and_in_order():
    months = periods_between(PLAIN, "month", date(2026, 1, 31), date(2026, 3, 1))
    assert [month.name for month in months] == ["Jan 2026", "Feb 2026", "Mar 2026"]
    assert months[-1].ends_on == date(2026, 3, 31)
    sprints = periods_between(WITH_SPRINTS, "sprint", date(2026, 10, 16), date(2026, 10, 20))
    assert [sprint.name for sprint in sprints] == ["Sprint 22", "Sprint 23"]


def test_there_is_no_period_between_a_day_and_an_earlier_one():
    assert all(not periods_between(WITH_SPRINTS, grain, date(2026, 2, 2), date(2026, 2, 1)) for grain in GRAINS)


def test_an_unknown_grain_is_refused_with_the_ones_there_are():
    with pytest.raises(UsageError, match='"fortnight" is not a grain; choose one of day, week, sprint, month, quarter'):
        period_of(PLAIN, "fortnight", date(2026, 1, 1))


def test_the_previous_sprint_is_the_neighbour_across_the_gap():
    third = period_of(WITH_SPRINTS, "sprint", date(2026, 11, 2))
    second = previous_period(WITH_SPRINTS, "sprint", third)
    assert second.name == "Sprint 23"
    first = previous_period(WITH_SPRINTS, "sprint", second)
    assert previous_period(WITH_SPRINTS, "sprint", first) is None


@given(calendars, unbroken_grains, days)
def test_the_previous_period_ends_the_day_before(calendar, grain, day):
    period = period_of(calendar, grain, day)
    before = previous_period(calendar, grain, period)
    assert before.ends_on == period.starts_on - timedelta(days=1)
    assert before == period_of(calendar, grain, before.starts_on)


@given(calendars, unbroken_grains, days, st.integers(0, 800))
def test_periods_leave_no_day_out_and_share_none(calendar, grain, first, length):
    last = first + timedelta(days=length)
    periods = periods_between(calendar, grain, first, last)
    assert periods[0].starts_on <= first <= periods[0].ends_on
    assert periods[-1].starts_on <= last <= periods[-1].ends_on
    assert all(after.starts_on == before.ends_on + timedelta(days=1) for before, after in pairwise(periods))


@given(days, st.integers(0, 6))
def test_weeks_start_on_the_chosen_weekday(day, week_starts):
    week = period_of(Calendar(week_starts=week_starts), "week", day)
    assert week.starts_on.weekday() == week_starts
    assert week.days == 7


@given(days, st.integers(1, 12))
def test_months_and_quarters_agree_with_pandas(day, starts_in):
    month = pd.Period(day, "M")
    last_month_of_year = pd.Timestamp(2000, starts_in, 1) - pd.DateOffset(months=1)
    quarter = pd.Period(day, f"Q-{last_month_of_year.strftime('%b').upper()}")
    calendar = Calendar(quarter_starts_in=starts_in)
    assert bounds(period_of(calendar, "month", day)) == (month.start_time.date(), month.end_time.date())
    assert bounds(period_of(calendar, "quarter", day)) == (quarter.start_time.date(), quarter.end_time.date())


def test_a_company_wide_sprint_goes_before_those_of_teams():
    company = Sprint("Sprint 1", date(2026, 1, 5), date(2026, 1, 16))
    team = Sprint("Sprint A", date(2026, 1, 12), date(2026, 1, 23), team="Apps")
    later = Sprint("Sprint B", date(2026, 1, 26), date(2026, 2, 6), team="Apps")
    assert sprints_in_use([later, team, company]) == [company, later]


def test_of_several_teams_the_first_by_name_sets_the_pace():
    apps = [Sprint(f"Apps {n}", date(2026, 1, 5 + 7 * n), date(2026, 1, 11 + 7 * n), team="Apps") for n in range(3)]
    web = [Sprint(f"Web {n}", date(2026, 1, 8 + 7 * n), date(2026, 1, 14 + 7 * n), team="Web") for n in range(3)]
    assert sprints_in_use([*web, *apps]) == apps


def test_a_team_is_named_once_beside_its_sprint():
    assert title_of_sprint("Sprint 39", None) == "Sprint 39"
    assert title_of_sprint("Sprint 39", "Payments") == "Payments · Sprint 39"
    assert title_of_sprint("payments S39", "Payments") == "payments S39"


def test_the_company_s_numbers_do_not_carry_the_name_of_one_team_s_sprint():
    apps = [Sprint(f"Apps {n}", date(2026, 1, 5 + 7 * n), date(2026, 1, 11 + 7 * n), team="Apps") for n in range(3)]
    web = [Sprint(f"Web {n}", date(2026, 1, 8 + 7 * n), date(2026, 1, 14 + 7 * n), team="Web") for n in range(2)]

    def named(*sprints: Sprint) -> list[str]:
        calendar = Calendar(sprints=sprints)
        shown = periods_between(calendar, "sprint", date(2026, 1, 5), date(2026, 1, 25))
        assert previous_period(calendar, "sprint", shown[1]).name == shown[0].name
        return [period.name for period in shown]

    assert named(*apps, *web) == ["sprint of 5 Jan 2026", "sprint of 12 Jan 2026", "sprint of 19 Jan 2026"]
    assert named(*apps, *web[:1]) == ["sprint of 5 Jan 2026", "sprint of 12 Jan 2026", "Apps 2"]  # nobody else's days
    assert named(*apps) == ["Apps 0", "Apps 1", "Apps 2"]
    alike = [replace(sprint, team="Web") for sprint in apps]
    assert named(*apps, *alike) == ["Apps 0", "Apps 1", "Apps 2"]  # all teams call them so
    company = [replace(sprint, name=f"Sprint {n}", team=None) for n, sprint in enumerate(apps)]
    assert named(*company, *web) == ["Sprint 0", "Sprint 1", "Sprint 2"]


def test_a_sprint_that_ends_on_the_day_the_next_begins_ends_the_day_before():
    sprints = [Sprint("S1", date(2026, 1, 5), date(2026, 1, 19)), Sprint("S2", date(2026, 1, 19), date(2026, 2, 2))]
    calendar = Calendar(sprints=tuple(sprints))
    assert period_of(calendar, "sprint", date(2026, 1, 19)).name == "S2"
    assert period_of(calendar, "sprint", date(2026, 1, 18)).ends_on == date(2026, 1, 18)


@given(
    st.lists(
        st.builds(
            lambda number, start, length, team: Sprint(f"S{number}", start, start + timedelta(days=length), team=team),
            st.integers(0, 99),
            st.dates(date(2026, 1, 1), date(2026, 3, 31)),
            st.integers(0, 20),
            st.sampled_from([None, "Apps", "Web"]),
        ),
        max_size=12,
    )
)
def test_sprints_in_use_never_overlap(sprints):
    chosen = sprints_in_use(sprints)
    assert all(sprint.starts_on <= sprint.ends_on for sprint in chosen)
    assert all(before.ends_on < after.starts_on for before, after in pairwise(chosen))


def test_the_calendar_has_one_row_per_grain_and_day():
    frame = pd.DataFrame(calendar_columns(WITH_SPRINTS, date(2026, 10, 1), date(2026, 11, 30)))
    assert frame.columns.tolist() == ["grain", "day", "period", "ends_on"]
    assert frame.groupby("grain").size().to_dict() == {"day": 61, "week": 61, "sprint": 36, "month": 61, "quarter": 61}
    assert not frame.duplicated(["grain", "day"]).any()
    assert not frame.isna().any().any()


def test_the_calendar_says_the_same_as_period_of():
    calendar = Calendar(week_starts=6, quarter_starts_in=4, sprints=SPRINTS)
    frame = pd.DataFrame(calendar_columns(calendar, date(2026, 9, 28), date(2026, 11, 16)))
    for row in frame.itertuples():
        period = period_of(calendar, row.grain, row.day.date())
        assert bounds(period) == (row.period.date(), row.ends_on.date())


def test_the_calendar_has_the_types_the_warehouse_expects():
    columns = calendar_columns(PLAIN, date(2026, 10, 1), date(2026, 10, 2))
    kinds = {name: values.dtype.kind for name, values in columns.items()}
    assert kinds == {"grain": "U", "day": "M", "period": "M", "ends_on": "M"}
    assert {np.datetime_data(columns[name].dtype) for name in ("day", "period", "ends_on")} == {("D", 1)}
    nothing = calendar_columns(PLAIN, date(2026, 10, 2), date(2026, 10, 1))
    assert {name: len(values) for name, values in nothing.items()} == dict.fromkeys(columns, 0)


@pytest.mark.parametrize(
    ("last", "months", "first"),
    [
        ("2026-10-31", 12, "2025-11-01"),
        ("2026-06-30", 6, "2026-01-01"),  # whole months, not from 31 December
        ("2026-04-30", 3, "2026-02-01"),
        ("2026-02-28", 3, "2025-12-01"),
        ("2028-02-28", 12, "2027-03-01"),  # of a leap year: no 366 days
        ("2028-02-29", 12, "2027-03-01"),
        ("2026-05-30", 3, "2026-03-01"),  # not from 28 February, which would be a fourth month
        ("2026-06-15", 3, "2026-03-16"),
    ],
)
def test_so_many_months_up_to_a_day(last: str, months: int, first: str) -> None:
    assert months_up_to(date.fromisoformat(last), months).isoformat() == first


def test_so_many_months_are_whole_ones_or_touch_one_more() -> None:
    for day in pd.date_range("2027-10-01", "2028-09-30"):
        for months in (3, 6, 12):
            first = pd.Timestamp(months_up_to(day.date(), months))
            touched = len(pd.period_range(first, day, freq="M"))
            assert touched == (months if first.day == 1 else months + 1), day
            assert first.day == 1 or not day.is_month_end, day
