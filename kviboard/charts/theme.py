"""One theme for every chart: type, axes, number texts; and the `Chart` pages draw. Colours: `components.palette`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import altair as alt
import pandas as pd
import pyarrow as pa
from altair.utils import schemapi

from kviboard.components.palette import colour
from kviboard.domain.formatting import CURRENCY_SIGNS, SPACE

Spec = dict[str, Any]

# Altair checks each part of a spec against all of Vega-Lite, which takes as long as to make it. Tests have it checked.
schemapi.disable_debug_mode()

FONT: Final = '"Source Sans", "Liberation Sans", sans-serif'
TONES: Final = ("good", "bad", "neutral")
NOTE, VALUE = 13, 16  # px, as on tiles
VALUE_PADDING: Final = 28  # px between the outermost value and the edge of the plot: room for its label
TIME_AXIS: Final = 50  # px that the labels of periods take
TICKS: Final = 4  # that a value axis has, about
FIXED_AXIS: Final = 64  # px, wide enough for "€1.25 M"


@dataclass(frozen=True, eq=False)
class Chart:
    """What a page draws: a Vega-Lite spec without data (cached and shared: do not change it), its rows, its message.

    `frame` holds only text, float and bool columns. `alt` says in words what the picture shows.
    """

    spec: Spec
    frame: pa.Table
    alt: str

    def drawable(self, width: int) -> Spec:
        """A spec of its own with the rows inside, as whatever draws outside the browser wants it; `width` in units."""
        return {**self.spec, "width": self.spec.get("width", width), "data": {"values": self.frame.to_pylist()}}


def finish(chart: alt.Chart, height: int) -> Spec:
    """The spec as a plain dict in the board's theme, `height` px high; the browser leaves labels the room they need."""
    return _in_theme(_as_spec(chart), height)


def layered(layers: Iterable[alt.Chart], height: int, **shared: alt.X | alt.Y) -> Spec:
    """The spec of charts that lie over one another, from back to front, with the encodings they share; see `finish`.

    It says what that of alt.layer says, which copies each of them three times: half the time that a spec takes.
    """
    parts = [_as_spec(layer) for layer in layers]
    params = [
        {**param, "views": [part.setdefault("name", f"layer_{place}")]}
        for place, part in enumerate(parts)
        for param in part.pop("params", ())
    ]
    encoding = {channel: each.to_dict(validate=False, context={}) for channel, each in shared.items()}
    spec = {"layer": parts, "encoding": encoding, "params": params}
    return _in_theme({name: part for name, part in spec.items() if part}, height)


def _as_spec(chart: alt.Chart) -> Spec:
    """A chart as part of a spec: its frame is handed over beside that."""
    spec: Spec = chart.to_dict(validate=False, context={"top_level": False})
    spec.pop("data", None)
    return spec


def _in_theme(spec: Spec, height: int) -> Spec:
    """The renderer is fixed to SVG because a canvas cannot resolve the palette's CSS variables. A chart that is drawn
    gets other rows, whose numbers may need more room: so it is laid out anew each time."""
    return {
        **spec,
        "config": _config(),
        "height": height,
        "autosize": {"type": "fit", "contains": "padding", "resize": True},
        "padding": {"left": 2, "top": 8, "right": 6, "bottom": 4},
        "usermeta": {"embedOptions": {"renderer": "svg", "actions": False}},
    }


def numbers(values: Iterable[Any]) -> list[float | None]:
    """Any column as floats with None for what is missing; a Decimal left alone would be drawn 10^scale too big."""
    return [None if value is None or value != value else float(value) for value in values]


def column(frame: pd.DataFrame, name: str, otherwise: Any = None) -> list[Any]:
    """A column as a list; one value for all rows where the frame does not have it."""
    return frame[name].tolist() if name in frame else [otherwise] * len(frame)


def days(frame: pd.DataFrame, name: str) -> list[date]:
    """A column of dates as plain dates, which compare and print much faster than timestamps."""
    return frame[name].to_numpy().astype("datetime64[D]").tolist() if name in frame else []


def local_midnight(day: date) -> str:
    """A day as midnight where the reader is: a bare date would be read as Greenwich's and drawn early west of it."""
    return f"{day.isoformat()}T00:00:00"


def to_rows(columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    """What a chart reads, ready to send: an Arrow table costs a fiftieth of a data frame's conversion."""
    return pa.table(
        {name: pa.array(values, type=None if _has_any(values) else pa.float64()) for name, values in columns.items()}
    )


def _has_any(values: Sequence[Any]) -> bool:
    return any(value is not None for value in values)


def number_expression(unit: str, currency: str = "EUR", scale: str = "y") -> str:
    """A Vega expression that writes an axis number: `48 %`, `€1.2 M`, `1,200`, `−3`.

    The largest number of the scale decides on k, M or bn, so that all labels of an axis have the same.
    """
    if unit == "percent":
        return f"{_number('datum.value * 100', scale, 100)} + ' %'"
    sign = CURRENCY_SIGNS.get(currency, currency + SPACE) if unit == "currency" else ""
    peak = f"max(abs(domain('{scale}')[0]), abs(domain('{scale}')[1]))"
    size = "abs(datum.value)"
    steps = ((1e9, 1e9, "bn"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))
    short = "".join(
        f"{peak} >= {least:.0f} ? {_number(f'{size} / {unit_size:.0f}', scale, 1 / unit_size)} + ' {word}' : "
        for least, unit_size, word in steps
    )
    return f"(datum.value < 0 ? '−' : '') + '{sign}' + (datum.value == 0 ? '0' : {short}{_number(size, scale, 1)})"


def _number(shown: str, scale: str, times: float) -> str:
    """A Vega expression that writes a number with as many decimals as set it apart from the labels beside it, where a
    scale is narrow or its numbers are tiny; a scale of one number has none beside it. What is shown is the scale's
    number times `times`."""
    step = f"abs(domain('{scale}')[1] - domain('{scale}')[0]) * {times / TICKS:.3g}"
    return f"format({shown}, ',.' + clamp(1 - floor(log({step} || 1) / log(10)), 2, 8) + '~f')"


def period_axis() -> alt.Axis:
    """The axis of `periods.axis_keys`: labels straight from the key, thinned where there is no room."""
    return alt.Axis(
        title=None,
        labelExpr="slice(split(datum.value, '|'), 1)",
        labelAngle=0,
        labelOverlap="parity",
        labelSeparation=10,
        labelBaseline="top",
        labelBound=False,
    )


def value_axis(unit: str, currency: str, fixed: bool = False) -> alt.Axis:
    """The axis of values in this unit; `fixed` makes it as wide for every unit."""
    axis = alt.Axis(title=None, labelExpr=number_expression(unit, currency), tickCount=TICKS)
    if fixed:
        axis.minExtent = axis.maxExtent = FIXED_AXIS
    return axis


def hollow(size: float) -> alt.Chart:
    """Points of what is not final: a period not over yet, a value of before."""
    return alt.Chart().mark_point(
        filled=True, size=size, fill=colour("page"), stroke=colour("secondary"), strokeWidth=1.5, opacity=1, aria=False
    )


def tone_scale() -> alt.Scale:
    """Signals by what they mean."""
    return alt.Scale(domain=list(TONES), range=[colour(tone) for tone in TONES])


def direction_scale() -> alt.Scale:
    """Signals by where they went, so that colour never speaks alone."""
    return alt.Scale(domain=["up", "down"], range=["triangle-up", "triangle-down"])


def _config() -> Spec:
    quiet = colour("secondary")
    return {
        "font": FONT,
        "background": None,
        "view": {"stroke": None},
        "axis": {
            "labelColor": quiet,
            "labelFontSize": NOTE,
            "labelPadding": 8,
            "labelLineHeight": NOTE + 4,
            "labelLimit": 220,
            "titleColor": quiet,
            "titleFontSize": NOTE,
            "titleFontWeight": "normal",
            "domain": False,
            "ticks": False,
            "gridColor": colour("grid"),
        },
        "axisX": {"grid": False, "domain": True, "domainColor": colour("axis")},
        "axisY": {"grid": True, "minExtent": 36},
        "legend": {"labelColor": quiet, "labelFontSize": NOTE, "title": None, "orient": "top", "symbolStrokeWidth": 0},
        "line": {"strokeWidth": 2, "strokeCap": "round", "strokeJoin": "round"},
        "style": _text_styles(),
        "title": {"font": FONT, "color": colour("text"), "subtitleColor": quiet, "anchor": "start"},
    }


def _text_styles() -> dict[str, Mapping[str, Any]]:
    """Kinds of text in a plot, by where they stand; a halo lies under its text and keeps lines off it."""
    note: Mapping[str, Any] = {"font": FONT, "fontSize": NOTE, "color": colour("secondary")}
    beside: Mapping[str, Any] = {**note, "align": "left", "baseline": "middle", "dx": 10}
    # Ends near its point, which leaves the margin to its own labels.
    latest: Mapping[str, Any] = {"align": "right", "dx": 6, "fontSize": VALUE, "fontWeight": 600}
    value: Mapping[str, Any] = {**note, **latest, "color": colour("text")}
    halo: Mapping[str, Any] = {"stroke": colour("page"), "strokeWidth": 5, "strokeJoin": "round"}
    return {
        "note": note,
        "inside": {**note, "color": colour("page"), "fontWeight": 600},
        "beside": beside,
        "margin": {**beside, "dy": -8, "lineHeight": NOTE + 3},
        "margin-latest": {**beside, "dy": -8, "lineHeight": NOTE + 3, "color": colour("text"), "fontWeight": 600},
        "above": {**value, "dy": -18},
        "below": {**value, "dy": 20},
        "above-halo": {**value, "dy": -18, **halo},
        "below-halo": {**value, "dy": 20, **halo},
    }
