"""Cells of the table of OKRs: how what is kept is written as text, and how text is read again.

What the table wrote is read exactly; what people and other tools write is read where only one thing can be meant.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from kviboard.board.numbers import read_number, typed_text
from kviboard.domain.formatting import counted
from kviboard.domain.okrs import model as okr
from kviboard.store.records import Where

_MARKS = re.compile(r"[;|=]")  # what keeps the parts of a plain cell apart
_DAY_FORMATS = ("%d.%m.%Y", "%d.%m.%y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%Y/%m/%d")
_DAY_OR_MONTH_FIRST = ("%d/%m/%Y", "%m/%d/%Y")
_DONE, _NOT_DONE = ("done", "yes", "true", "1", "100", "100%", "100 %"), ("not done", "no", "false", "0", "0%", "0 %")


Cells = dict[str, str]
"""A row of the table by our names of its columns."""


def number_text(value: Decimal | float | None, unit: str) -> str:
    """A number as other programs read it, too; a share in per cent."""
    return typed_text(value, unit).replace("−", "-")


def where_text(where: Where) -> str:
    """Which customers: "country=DE|NL; plan=Plus", as JSON where a value has one of these marks."""
    if any(_MARKS.search(text) or text != text.strip() for pair in where.items() for text in (pair[0], *pair[1])):
        return json.dumps({name: list(values) for name, values in where.items()}, ensure_ascii=False)
    return "; ".join(f"{name}={'|'.join(values)}" for name, values in where.items())


def read_where(text: str) -> dict[str, Sequence[str]]:
    """What `where_text` wrote. Raises ValueError."""
    if text.startswith("{"):
        found = json.loads(text)
        if not all(isinstance(values, list) for values in found.values()):
            raise ValueError("no list of values")
        return {name: list(map(str, values)) for name, values in found.items()}
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip(): [value.strip() for value in values.split("|")] for name, _, values in pairs}


def plan_text(plan: Iterable[okr.PlanPoint]) -> str:
    """ "2026-01-31: 20 %; 2026-02-28: 55 %"."""
    return "; ".join(f"{point.day}: {number_text(as_exact(point.share), 'percent')} %" for point in plan)


def read_plan(text: str) -> tuple[tuple[date, str], ...]:
    """Days with what is expected by then, as typed. Raises ValueError."""
    parts = (part.partition(":") for part in text.split(";") if part.strip())
    return tuple((date.fromisoformat(day.strip()), share.strip()) for day, _, share in parts)


def as_exact(value: okr.Number) -> Decimal:
    """A number of the rules, exactly."""
    return okr.as_decimal(value) or Decimal(0)


def moment_text(at: datetime) -> str:
    """A moment, to the microsecond."""
    return at.astimezone(UTC).isoformat(" ")


def read_moment(text: str) -> datetime | None:
    """A moment as `moment_text` wrote it; None for any other text."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def read_value(text: str, unit: str, kind: str) -> tuple[Decimal | None, str]:
    """The value of a check-in, and what is wrong with it. A milestone is done or not."""
    if kind == "milestone" and text:
        said = text.casefold()
        if said not in (*_DONE, *_NOT_DONE):
            return None, f"Current: “{text}” says neither done nor not done."
        return Decimal(said in _DONE), ""
    value, problems = read_number(text, unit, "Current")
    return value, " ".join(map(str, problems))


def read_days(texts: Iterable[str]) -> Mapping[str, date | None]:
    """The day of each text, None where none or more than one can be meant: 2026-02-01, 1.2.2026, Feb 1, 2026; in
    01/02/2026 the day comes first or the month, as the other texts show."""
    found = {text: _day(text, _DAY_FORMATS) for text in set(texts) if text}
    left = [text for text, day in found.items() if day is None]
    readings = [{text: _day(text, [each]) for text in left} for each in _DAY_OR_MONTH_FIRST]
    whole = [reading for reading in readings if all(reading.values())]
    if len(whole) == 1 or (whole and whole[0] == whole[-1]):
        return found | whole[0]
    return found


def _day(text: str, formats: Iterable[str]) -> date | None:
    try:
        return datetime.fromisoformat(text.replace("Z", "")).date()
    except ValueError:
        pass
    for each in formats:
        try:
            return datetime.strptime(text, each).date()
        except ValueError:
            continue
    return None


def counts_text(parts: Mapping[str, int]) -> str:
    """ "2 objectives, 4 key results and 9 check-ins": what there is any of."""
    said = [counted(number, noun) for noun, number in parts.items() if number]
    return " and ".join(filter(None, (", ".join(said[:-1]), *said[-1:]))) or "nothing"
