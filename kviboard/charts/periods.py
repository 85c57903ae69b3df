"""The periods of a chart as keys of its horizontal axis: unique, in order, with a label people can read."""

from collections.abc import Sequence
from datetime import date

from kviboard.domain.formatting import MONTHS

MOST_LABELS = 13


def axis_keys(starts: Sequence[date], labels: Sequence[str], grain: str) -> list[str]:
    """One key per period: `2026-11-03|3 Nov|2026`. What follows the first bar is shown, one line per part.

    Labels are chosen backwards from the last period, which always has one; the others get an empty label where more
    than 13 would crowd the axis. The year stands under the first label and under the first of each year.
    """
    texts = [_parts(grain, start, label) for start, label in zip(starts, labels, strict=True)]
    step = -(-len(texts) // MOST_LABELS)
    keys, year_shown = [], ""
    for index, (start, (short, year)) in enumerate(zip(starts, texts, strict=True)):
        shown = (len(texts) - 1 - index) % step == 0
        second = f"|{year}" if shown and year and year != year_shown else ""
        year_shown = year if shown else year_shown
        keys.append(f"{start.isoformat()[:10]}|{short + second if shown else ''}")
    return keys


def _parts(grain: str, start: date, label: str) -> tuple[str, str]:
    """First and second line of a period's label; sprints say their name, quarters their fiscal year."""
    if grain == "sprint":
        return label.replace("|", "/"), ""
    if grain == "quarter":
        name, _, year = label.partition(" ")
        return name, year
    month = MONTHS[start.month - 1]
    return (month if grain == "month" else f"{start.day} {month}"), str(start.year)


def span(labels: Sequence[str]) -> str:
    """The stretch of time in words: "Sprint 11 to Sprint 23", or the one period."""
    return labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"
