"""The time line of an objective or key result: values, where they were expected, targets, statuses, what happened.

Plain values in, spec out; what happened and what it means comes from `board`. The spec holds only the parts there are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import altair as alt

from kviboard.charts.theme import Chart, Spec, layered, local_midnight, to_rows, value_axis
from kviboard.components.palette import colour
from kviboard.domain.formatting import counted, format_day

HEIGHT = 260
_RIBBON = 5  # px
_ROOM = 34  # px above and below the values, for the ribbon's names and for what happened
_NAMED = 0.17  # share of the cycle that a status must last for its name to fit, on a phone too
_FLAG = "M0,0V-13L9,-10L1,-7"
_SHAPES = {
    "check-in": "circle",
    "target": "diamond",
    "step": "triangle-up",
    "decision": "cross",
    "release": _FLAG,
    "note": "square",
}
_FROM_ZERO = {"condition": {"test": "datum.value < 0", "value": 0}, "value": 1}
_COLUMNS = ("part", "day", "until", "value", "low", "high", "kind", "tone", "title", "said", "label")


@dataclass(frozen=True)
class Timeline:
    """What happened from `first` to `last`. Every value is in `unit`; what has a `from` lasts until the day before its
    end.

    `values`: day, value, text. `intervals`: day, low, high. `expected`: day, value. `goals`: from, end, value, text.
    `bands`: from, end, lower, upper. `runs`: from, end, tone (good, bad, caution, calm), status. `marks`: day, kind
    (check-in, target, step, decision, release or note), text. `points` draws each value as a point, else only the last.
    """

    first: date
    last: date
    today: date
    unit: str
    currency: str
    values: Sequence[tuple[date, float, str]] = ()
    intervals: Sequence[tuple[date, float, float]] = ()
    expected: Sequence[tuple[date, float]] = ()
    goals: Sequence[tuple[date, date, float, str]] = ()
    bands: Sequence[tuple[date, date, float | None, float | None]] = ()
    runs: Sequence[tuple[date, date, str, str]] = ()
    marks: Sequence[tuple[date, str, str]] = ()
    points: bool = True


def story_chart(line: Timeline, title: str) -> Chart:
    """Draw a time line; `title` names what it is about for readers who do not see it."""
    rows = _rows(line)
    columns = {name: [row.get(name, None if name in _NUMBERS else "") for row in rows] for name in _COLUMNS}
    parts = frozenset(row["part"] for row in rows)
    below_zero = any(row.get(name, 0) < 0 for row in rows for name in ("value", "low", "high"))
    spec = story_spec(line.unit, line.currency, line.points, parts, below_zero)
    return Chart(spec, to_rows(columns), _in_words(line, title))


_NUMBERS = ("day", "until", "value", "low", "high")


def _rows(line: Timeline) -> list[dict[str, Any]]:
    """One row per mark, with those of `_COLUMNS` that it needs."""
    days = (line.last - line.first).days + 1
    edges = (line.first, line.last + timedelta(days=1))
    rows: list[dict[str, Any]] = [{"part": "edge", "day": day} for day in edges]
    rows += [{"part": "band", "day": b, "until": e, "low": low, "high": high} for b, e, low, high in _bands(line)]
    rows += [{"part": "expected", "day": day, "value": value} for day, value in line.expected]
    for begin, end, value, text in line.goals:
        row = {"part": "goal", "day": begin, "until": end, "value": value}
        rows.append({**row, "title": f"From {format_day(begin)}", "said": f"Target {text}", "label": f"target {text}"})
    rows += [{"part": "interval", "day": day, "low": low, "high": high} for day, low, high in line.intervals]
    for place, (day, value, text) in enumerate(line.values, 1):
        shown = {"title": format_day(day), "said": text, "kind": "last" if place == len(line.values) else ""}
        rows.append({"part": "value", "day": day, "value": value, **shown})
    for begin, end, tone, status in line.runs:
        name = status if (end - begin).days >= _NAMED * days or (begin, end) == line.runs[-1][:2] else ""
        row = {"part": "run", "day": begin, "until": end, "tone": tone, "label": name}
        rows.append({**row, "title": f"From {format_day(begin)}", "said": status})
    for day, kind, text in line.marks:
        if line.first <= day <= line.last:
            row = {"part": "mark", "day": day, "kind": kind, "title": format_day(day)}
            rows.append({**row, "said": f"{kind.capitalize()}: {text}"})
    if line.first < line.today < line.last:
        rows.append({"part": "today", "day": line.today, "label": f"data to {format_day(line.today)}"})
    return [_local(row) for row in rows]


def _bands(line: Timeline) -> list[tuple[date, date, float, float]]:
    """The bands to keep within; one that is open on a side reaches beyond everything that is drawn."""
    known = [value for _, value, _ in line.values]
    known += [bound for *_, low, high in line.bands for bound in (low, high) if bound is not None]
    slack = 0.15 * ((max(known) - min(known)) or abs(known[0]) or 1.0) if known else 0.0
    lowest, highest = (min(known) - slack, max(known) + slack) if known else (0.0, 0.0)
    return [
        (begin, end, lowest if low is None else low, highest if high is None else high)
        for begin, end, low, high in line.bands
    ]


def _local(row: dict[str, Any]) -> dict[str, Any]:
    return {name: local_midnight(value) if isinstance(value, date) else value for name, value in row.items()}


@cache
def story_spec(unit: str, currency: str, points: bool, parts: frozenset[str], below_zero: bool) -> Spec:
    """The spec of a time line with these parts, from back to front; its data has one row per mark. Without anything
    below zero the room for what happened, which may reach there, has no values: no share is −5 %."""
    drawn: dict[str, Callable[[], list[alt.Chart]]] = {
        "edge": _edges,
        "band": _band,
        "expected": _expected,
        "goal": _goals,
        "interval": _intervals,
        "value": lambda: _values(points),
        "run": _runs,
        "mark": _marks,
        "today": _today,
    }
    there = [(part, draw()) for part, draw in drawn.items() if part in parts]
    layers = [layer.transform_filter(alt.datum.part == part) for part, found in there for layer in found]
    axis = alt.Axis(title=None, format="%-d %b", tickCount=7, labelAngle=0, labelOverlap="parity", labelFlush=True)
    when = alt.X(field="day", type="temporal", axis=axis, scale=alt.Scale(nice=False))
    spec = layered(layers, HEIGHT, x=when)
    hidden = {} if below_zero else dict.fromkeys(("labelOpacity", "gridOpacity"), _FROM_ZERO)
    spec["encoding"]["y"] = {"axis": value_axis(unit, currency).to_dict() | hidden}
    return spec


def _y(name: str) -> alt.Y:
    return alt.Y(field=name, type="quantitative", title=None, scale=alt.Scale(zero=False, nice=False, padding=_ROOM))


def _edges() -> list[alt.Chart]:
    """Nothing to see: they stretch the axis over the whole cycle."""
    return [alt.Chart().mark_point(size=0, opacity=0, aria=False)]


def _band() -> list[alt.Chart]:
    band = alt.Chart().mark_rect(color=colour("band"), aria=False)
    return [band.encode(y=_y("low"), y2=alt.Y2(field="high"), x2=alt.X2(field="until"))]


def _expected() -> list[alt.Chart]:
    line = alt.Chart().mark_line(color=colour("secondary"), strokeWidth=1, strokeDash=[2, 4], aria=False)
    return [line.encode(y=_y("value"))]


def _goals() -> list[alt.Chart]:
    """Named at the end, where the line of what is expected meets it."""
    rule = alt.Chart().mark_rule(color=colour("text"), strokeWidth=1, strokeDash=[5, 4], aria=False)
    name = alt.Chart().mark_text(style="note", align="right", dx=-4, dy=-8, aria=False)
    label = alt.Text(field="label", type="nominal")
    return [
        rule.encode(y=_y("value"), x2=alt.X2(field="until"), tooltip=_tips()),
        name.encode(y=_y("value"), x=alt.X(field="until", type="temporal"), text=label),
    ]


def _intervals() -> list[alt.Chart]:
    rule = alt.Chart().mark_rule(color=colour("centre"), strokeWidth=1, aria=False)
    return [rule.encode(y=_y("low"), y2=alt.Y2(field="high"))]


def _values(points: bool) -> list[alt.Chart]:
    line = alt.Chart().mark_line(color=colour("text"), aria=False)
    dot = alt.Chart().mark_point(filled=True, color=colour("text"), size=40, aria=False)
    seen = alt.value(1) if points else alt.condition(alt.datum.kind == "last", alt.value(1), alt.value(0))
    return [line.encode(y=_y("value")), dot.encode(y=_y("value"), opacity=seen, tooltip=_tips())]


def _runs() -> list[alt.Chart]:
    """Statuses as a ribbon along the top, named where there is room."""
    tones = {"good": "good", "bad": "bad", "caution": "caution", "calm": "centre"}
    scale = alt.Scale(domain=list(tones), range=[colour(role) for role in tones.values()])
    ribbon = alt.Chart().mark_rect(aria=False)
    name = alt.Chart().mark_text(style="note", align="left", dy=14, aria=False)
    tone = alt.Color(field="tone", type="nominal", scale=scale, legend=None)
    until = alt.X2(field="until")
    return [
        ribbon.encode(y=alt.value(0), y2=alt.value(_RIBBON), x2=until, color=tone, tooltip=_tips()),
        name.encode(y=alt.value(0), text=alt.Text(field="label", type="nominal")),
    ]


def _marks() -> list[alt.Chart]:
    """What happened, along the bottom, a shape per kind; in words on hover and in the list below the chart."""
    shapes = alt.Scale(domain=list(_SHAPES), range=list(_SHAPES.values()))
    mark = alt.Chart().mark_point(filled=True, opacity=1, color=colour("accent"), yOffset=-9, aria=False)
    return [
        mark.encode(
            y=alt.value("height"),
            shape=alt.Shape(field="kind", type="nominal", scale=shapes, legend=None),
            size=alt.condition(alt.datum.kind == "release", alt.value(4), alt.value(60)),
            tooltip=_tips(),
        )
    ]


def _today() -> list[alt.Chart]:
    rule = alt.Chart().mark_rule(color=colour("axis"), strokeWidth=1, aria=False)
    name = alt.Chart().mark_text(style="note", align="left", dx=5, dy=-12, aria=False)
    return [rule, name.encode(y=alt.value("height"), text=alt.Text(field="label", type="nominal"))]


def _tips() -> list[alt.Tooltip]:
    titles = {"said": "title", "title": "On"}
    return [alt.Tooltip(field=name, type="nominal", title=title) for name, title in titles.items()]


def _in_words(line: Timeline, title: str) -> str:
    """The message of a time line for readers who do not see it."""
    sentences = [f"Time line of {title}, {format_day(line.first)} to {format_day(line.last)}."]
    sentences += [f"On {format_day(day)}: {text}." for day, _, text in line.values[-1:]] or ["No value yet."]
    sentences += [f"Target {text}." for *_, text in line.goals[-1:]]
    sentences += [f"Status: {status.lower()}." for *_, status in line.runs[-1:]]
    return " ".join([*sentences, f"{counted(len(line.marks), 'event')}, listed below."])
