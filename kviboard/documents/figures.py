"""From a figure to what can be drawn of it: its trend, its sparkline, and what colour and shape say in words.

Used by every writer, so that the same figure is the same picture in all of them.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from kviboard.charts.theme import Chart
from kviboard.charts.trend import trend_chart
from kviboard.components.palette import Tone
from kviboard.components.sparkline import Spark
from kviboard.documents.blocks import Figure
from kviboard.documents.sanitize import one_line
from kviboard.domain.formatting import format_day
from kviboard.domain.kvis.verdict_words import with_shape

SPARK_PERIODS = 13
RELEASES_NAMED = 3
_LETTERS_NAMED = 60  # of a release: the chart matters more


def has_history(figure: Figure) -> bool:
    """Whether any of its periods has a value."""
    return any(value is not None for value in figure.history.get("value", ()))


def trend_of(figure: Figure, height: int) -> Chart:
    """The figure's history as the chart that the app shows, `height` units high; the figure has a history."""
    frame = pd.DataFrame({name: [_clean(value) for value in values] for name, values in figure.history.items()})
    frame[["period", "ends_on"]] = frame[["period", "ends_on"]].apply(pd.to_datetime)
    releases = pd.DataFrame([(day, one_line(title)) for day, title in figure.releases], columns=["day", "title"])
    releases["day"] = pd.to_datetime(releases["day"])
    return trend_chart(
        frame, one_line(figure.title), figure.unit, figure.currency, figure.grain, releases, height=height
    )


def _clean(value: Any) -> Any:
    return one_line(value) if isinstance(value, str) else value


def spark_of(figure: Figure) -> Spark:
    """The last periods of a figure, ready to draw small."""
    columns = ("value", "lower", "centre", "upper", "complete", "signal")
    return Spark(*(last_periods(figure, name) for name in columns))


def last_periods(figure: Figure, column: str) -> Sequence[Any]:
    """A column of the history over the periods that a sparkline shows."""
    return figure.history.get(column, [])[-SPARK_PERIODS:]


def spark_label(figure: Figure) -> str:
    """What the sparkline is, for those who do not see it."""
    labels = [one_line(str(label)) for label in last_periods(figure, "label")]
    stretch = f", {labels[0]} to {labels[-1]}" if labels else ""
    change = f". {one_line(figure.change)}" if figure.change else ""
    return f"{one_line(figure.title)}{stretch}: {one_line(figure.value)}{change}"


def signal_tone(figure: Figure) -> Tone | None:
    """The tone of a verdict; caution is none of them."""
    return None if figure.tone == "caution" else figure.tone


def verdict_in_words(figure: Figure) -> str:
    """The verdict with its shape: "● Unusually high (bad)"; empty where the figure has none."""
    return with_shape(one_line(figure.verdict), signal_tone(figure)) if figure.verdict else ""


def releases_in_words(figure: Figure) -> str:
    """The latest releases in the history drawn: "⚑ Released: Gift cards (3 Nov 2026); …"; empty where there is none."""
    starts, ends = figure.history.get("period", []), figure.history.get("ends_on", [])
    known = [(day, title) for day, title in figure.releases if starts and starts[0] <= day <= ends[-1]]
    latest = sorted(known, reverse=True)[:RELEASES_NAMED]
    named = "; ".join(f"{_short(title)} ({format_day(date.fromisoformat(day))})" for day, title in latest)
    return f"⚑ Released: {named}" if named else ""


def _short(title: str) -> str:
    whole = one_line(title)
    return whole if len(whole) <= _LETTERS_NAMED else f"{whole[: _LETTERS_NAMED - 1].rstrip()}…"
