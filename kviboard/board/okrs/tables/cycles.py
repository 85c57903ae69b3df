"""Cycles that a table names and the board does not have yet."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from kviboard.store import NewCycle

_QUARTER = re.compile(r"Q([1-4])\D{0,6}(\d{4})|(\d{4})(?:[/–-]\d\d)?\D{0,3}Q([1-4])", re.IGNORECASE)
_YEAR_ALONE = re.compile(r"\b(?:FY|GJ|fiscal year)\D{0,3}(\d{4})(?!\s*[/–-]\s*\d{2})", re.IGNORECASE)
_MONTHS = 3


def plan_cycle(
    cells: Mapping[str, str], days: Mapping[str, date | None], first_month: int, are_its_own: bool = True
) -> NewCycle:
    """A new cycle: its days as the row has them, else as its name tells them ("Q1 2027"); the other way round where the
    row's days may be those of a key result alone. Raises ValueError with what is missing."""
    name = cells.get("cycle", "")
    if not name:
        raise ValueError("it names no cycle; choose one for rows without")
    starts, ends = days.get(cells.get("starts", "")), days.get(cells.get("ends", ""))
    found = _QUARTER.search(name)
    if found and not (starts and ends and are_its_own):
        number, year = int(found[1] or found[4]), int(found[2] or found[3])
        if first_month != 1 and _YEAR_ALONE.search(name):
            raise ValueError(
                f"the cycle “{name}” is not there yet, and its year may begin or end in {year}: "
                f"write it as “Q{number} FY{year - 1}/{year % 100:02d}” or “Q{number} FY{year}/{(year + 1) % 100:02d}”"
            )
        months = year * 12 + first_month - 1 + (number - 1) * _MONTHS
        starts, ends = _first_of(months), _first_of(months + _MONTHS) - timedelta(days=1)
    if not (starts and ends):
        raise ValueError(
            f"the cycle “{name}” is not there yet: name it like “Q1 2027”, or give its first and last day (2027-01-01)"
        )
    if ends <= starts:
        raise ValueError(f"the cycle “{name}” ends before it starts")
    return NewCycle(name=name, starts_on=starts, ends_on=ends)


def _first_of(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)
