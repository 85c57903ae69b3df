"""Days, weeks, sprints, months and quarters: where a period begins and ends and what people call it.

Owns the calendar. Which periods a page shows, and the data's reach, belong to others; the clock is never asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from kviboard.domain.formatting import MONTHS, format_day
from kviboard.errors import UsageError

GRAINS = ("day", "week", "sprint", "month", "quarter")

Days = npt.NDArray[np.datetime64]  # datetime64[D]

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Sprint:
    """A sprint from its first to its last day, both included; no `team` means the whole company."""

    name: str
    starts_on: date
    ends_on: date
    goal: str | None = None
    team: str | None = None


def title_of_sprint(name: str, team: str | None) -> str:
    """ "Sprint 39" of the company, "Payments · Sprint 39" of a team, once where its name has the team in it already."""
    return f"{team} · {name}" if team and team.casefold() not in name.casefold() else name


@dataclass(frozen=True, eq=False)  # itself a key: a hash of all its sprints takes longer than what is kept under it
class Calendar:
    """What a company may choose: first weekday (Monday = 0), first month of its quarters (January = 1), sprints."""

    week_starts: int = 0
    quarter_starts_in: int = 1
    sprints: tuple[Sprint, ...] = ()


@dataclass(frozen=True)
class Period:
    """A whole period from its first to its last day, both included, named as people say it.

    Names: "3 Nov 2026", "week of 2 Nov", "Sprint 23", "Nov 2026", "Q4 2026"; fiscal quarters "Q1 FY2026/27".
    """

    grain: str
    starts_on: date
    ends_on: date
    name: str

    @property
    def full_name(self) -> str:
        """The name with its year, for ranges over several years: "week of 2 Nov 2026"."""
        return f"week of {format_day(self.starts_on)}" if self.grain == "week" else self.name

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.ends_on - self.starts_on).days + 1


def sprints_in_use(sprints: Sequence[Sprint]) -> list[Sprint]:
    """The sprints as one line through time, in order, none overlapping another.

    A company-wide sprint goes before those of teams, teams go by name, and a sprint that overlaps one chosen before
    it is left out as a whole, so that no period mixes two teams. Where sprints of the same team overlap (many
    tools export the last day of one as the first of the next) the later one has the shared days.
    """
    chosen: list[Sprint] = []
    for team in sorted({sprint.team for sprint in sprints}, key=lambda team: (team is not None, team or "")):
        others = tuple(chosen)
        own = _without_shared_days([sprint for sprint in sprints if sprint.team == team])
        chosen += [sprint for sprint in own if not any(_overlap(sprint, other) for other in others)]
    return sorted(chosen, key=lambda sprint: sprint.starts_on)


def _overlap(one: Sprint, other: Sprint) -> bool:
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _without_shared_days(sprints: Sequence[Sprint]) -> list[Sprint]:
    """One team's sprints in order, each ending before the next begins."""
    ordered = sorted(sprints, key=lambda sprint: (sprint.starts_on, sprint.ends_on, sprint.name))
    trimmed = [
        replace(sprint, ends_on=min(sprint.ends_on, following.starts_on - ONE_DAY))
        for sprint, following in pairwise(ordered)
    ]
    trimmed += ordered[-1:]
    return [sprint for sprint in trimmed if sprint.starts_on <= sprint.ends_on]


def regular_sprints(first_day: date, days: int, name: str, last: date) -> tuple[Sprint, ...]:
    """Sprints of `days` days each from `first_day` until one reaches `last`: "Sprint 1", "Sprint 2", …"""
    count = max(0, (last - first_day).days // days + 1)
    starts = [first_day + timedelta(days=number * days) for number in range(count)]
    length = timedelta(days=days - 1)
    return tuple(Sprint(f"{name} {number}", start, start + length) for number, start in enumerate(starts, start=1))


def periods_between(calendar: Calendar, grain: str, first: date, last: date) -> list[Period]:
    """All whole periods that overlap the days from `first` to `last`, in order.

    Raises UsageError for an unknown grain. Empty where `first` is after `last`.
    """
    starts, ends = _bounds(calendar, grain, _days(first, last))
    inside = ~np.isnat(starts)
    starts, where = np.unique(starts[inside], return_index=True)
    sprints = sprints_in_use(calendar.sprints) if grain == "sprint" else []
    names = {each.starts_on: _name_for_all(each, calendar) for each in sprints if first <= each.ends_on}
    return [
        Period(grain, start, end, names.get(start) or _name(calendar, grain, start))
        for start, end in zip(starts.tolist(), ends[inside][where].tolist(), strict=True)
    ]


def period_of(calendar: Calendar, grain: str, day: date) -> Period | None:
    """The period that `day` lies in; None between two sprints. Raises UsageError for an unknown grain."""
    return next(iter(periods_between(calendar, grain, day, day)), None)


def previous_period(calendar: Calendar, grain: str, period: Period) -> Period | None:
    """The neighbour before `period` on the calendar, whether it holds data or not; None before the first sprint."""
    if grain != "sprint":
        return period_of(calendar, grain, period.starts_on - ONE_DAY)
    before = [sprint for sprint in sprints_in_use(calendar.sprints) if sprint.ends_on < period.starts_on]
    return (
        Period(grain, before[-1].starts_on, before[-1].ends_on, _name_for_all(before[-1], calendar)) if before else None
    )


def _name_for_all(sprint: Sprint, calendar: Calendar) -> str:
    """What a sprint is called where it stands for the whole company: by its first day, where another team calls its own
    of these days otherwise."""
    others = (each for each in calendar.sprints if each.team != sprint.team and _overlap(each, sprint))
    is_shared = sprint.team is None or all(each.name == sprint.name for each in others)
    return sprint.name if is_shared else f"sprint of {format_day(sprint.starts_on)}"


def months_up_to(last: date, months: int) -> date:
    """The first day of so many months that end with `last`: those up to 30 June begin with the first of a month, and
    not on the 31st before; those up to 30 May, which 28 February is too short for, on 1 March."""
    after = last + ONE_DAY
    month = np.datetime64(after, "M") - months
    first: date = min(month.astype("datetime64[D]") + after.day - 1, (month + 1).astype("datetime64[D]")).item()
    return first


def calendar_columns(calendar: Calendar, first: date, last: date) -> dict[str, npt.NDArray[Any]]:
    """One row per grain and day, by column: `grain` (str), `day`, `period` (its first day), `ends_on` (datetime64[D]).

    For the warehouse, where it is joined by day. Days between sprints have no "sprint" row. Periods are whole: they may
    begin before `first` and end after `last`.
    """
    days = _days(first, last)
    bounds = [_bounds(calendar, grain, days) for grain in GRAINS]
    starts, ends = (np.concatenate(each) for each in zip(*bounds, strict=True))
    grains, all_days = np.repeat(GRAINS, len(days)), np.tile(days, len(GRAINS))
    inside = ~np.isnat(starts)
    columns = {"grain": grains, "day": all_days, "period": starts, "ends_on": ends}
    return {name: values[inside] for name, values in columns.items()}


def _days(first: date, last: date) -> Days:
    return np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)


def _bounds(calendar: Calendar, grain: str, days: Days) -> tuple[Days, Days]:
    """First and last day of the period each day lies in; NaT for days in none. The one definition of every grain."""
    if grain == "day":
        return days, days
    if grain == "week":
        weekday = (days.astype(np.int64) + 3) % 7  # day 0, 1 Jan 1970, was a Thursday
        starts = days - (weekday - calendar.week_starts) % 7
        return starts, starts + 6
    if grain == "sprint":
        return _sprint_bounds(calendar, days)
    if grain in ("month", "quarter"):
        months = days.astype("datetime64[M]")
        length = 1 if grain == "month" else 3
        first = months - (months.astype(np.int64) - (calendar.quarter_starts_in - 1)) % length
        return first.astype("datetime64[D]"), (first + length).astype("datetime64[D]") - 1
    raise UsageError(f'"{grain}" is not a grain; choose one of {", ".join(GRAINS)}.')


def _sprint_bounds(calendar: Calendar, days: Days) -> tuple[Days, Days]:
    sprints = sprints_in_use(calendar.sprints)
    none = np.datetime64("NaT", "D")
    starts = np.array([none, *(sprint.starts_on for sprint in sprints)], dtype="datetime64[D]")
    ends = np.array([none, *(sprint.ends_on for sprint in sprints)], dtype="datetime64[D]")
    begun = np.searchsorted(starts[1:], days, side="right")  # 0 points at the NaT in front
    inside = days <= ends[begun]
    return np.where(inside, starts[begun], none), np.where(inside, ends[begun], none)


def _name(calendar: Calendar, grain: str, start: date) -> str:
    if grain == "day":
        return format_day(start)
    month = MONTHS[start.month - 1]
    if grain == "week":
        return f"week of {start.day} {month}"
    if grain == "month":
        return f"{month} {start.year}"
    quarter = (start.month - calendar.quarter_starts_in) % 12 // 3 + 1
    if calendar.quarter_starts_in == 1:
        return f"Q{quarter} {start.year}"
    year = start.year if start.month >= calendar.quarter_starts_in else start.year - 1
    return f"Q{quarter} FY{year}/{(year + 1) % 100:02d}"
