"""A KVI's last periods as a word-sized inline SVG. What counts as a signal is decided by `domain.signals`.

Plain text, no Vega: twelve of them cost the browser less than one chart. Colours are CSS variables, so they follow
the page's theme; a reader without colours has the shapes, and a screen reader the accessible name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from itertools import pairwise
from math import isfinite

from kviboard.components.markup import text
from kviboard.components.palette import Tone, colour

WIDTH, HEIGHT = 240, 56
MARGIN_X, MARGIN_Y = 7, 8

Number = float | None
_Place = tuple[float, float]


@dataclass(frozen=True)
class Spark:
    """The periods of one sparkline, oldest first. All sequences have one entry per period or are empty.

    A value of None or NaN is a gap. `lower`, `centre` and `upper` describe normal variation and may step when the level
    moves. `complete` defaults to all complete; `signal` to none. `bounds` fixes the scale where several are compared;
    `hover_texts` is what each period says on hover.
    """

    values: Sequence[Number]
    lower: Sequence[Number] = ()
    centre: Sequence[Number] = ()
    upper: Sequence[Number] = ()
    complete: Sequence[bool] = ()
    signal: Sequence[Tone | None] = ()
    _: KW_ONLY
    bounds: tuple[float, float] | None = None
    hover_texts: Sequence[str] = ()


def sparkline_svg(spark: Spark, label: str) -> str:
    """Draw the sparkline; `label` is its accessible name, for example "Promoter revenue share, last 13 sprints"."""
    shapes = "".join(_shapes(spark)) if any(map(_known, spark.values)) else ""
    return (
        f'<svg class="kvi-spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{text(label)}" '
        f'fill="none" stroke-linecap="round" stroke-linejoin="round">{shapes}</svg>'
    )


@dataclass(frozen=True)
class _Scale:
    """From period number and value to a point of the drawing."""

    count: int
    low: float
    high: float

    def x(self, position: float) -> float:
        room = WIDTH - 2 * MARGIN_X
        share = position / (self.count - 1) if self.count > 1 else 1.0
        return round(MARGIN_X + room * min(max(share, 0.0), 1.0), 1)

    def y(self, value: float) -> float:
        room = HEIGHT - 2 * MARGIN_Y
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return round(HEIGHT - MARGIN_Y - room * min(max(share, 0.0), 1.0), 1)

    def place(self, position: int, value: Number) -> _Place | None:
        """Where a value is drawn; None for a gap."""
        return (self.x(position), self.y(value)) if value is not None and isfinite(value) else None


def _shapes(spark: Spark) -> Iterator[str]:
    """All marks, back to front. Half a period's sum stops at the edge of the scale, so as not to look like a crash."""
    scale = _Scale(len(spark.values), *(spark.bounds or reach(spark)))
    places = [scale.place(here, value) for here, value in enumerate(spark.values)]
    yield from _normal_variation(spark, scale)
    yield from _lines(spark, places)
    yield from _points(spark, places)
    yield from _hover(spark, scale)


def reach(spark: Spark) -> tuple[float, float]:
    """The lowest and highest value drawn. Incomplete periods count only where there are no others."""
    whole = [value for index, value in enumerate(spark.values) if _complete(spark, index)]
    drawn = [value for value in (*whole, *spark.lower, *spark.upper) if value is not None and isfinite(value)]
    drawn = drawn or [value for value in spark.values if value is not None and isfinite(value)] or [0.0]
    return min(drawn), max(drawn)


def _normal_variation(spark: Spark, scale: _Scale) -> Iterator[str]:
    """One shaded box and centre line per level, reaching half a step beyond its first and last period.

    Incomplete periods have no limits of their own; those before them go on.
    """
    levels = list(zip(spark.lower, spark.centre, spark.upper, strict=True))
    for here in range(1, len(levels)):
        if not _complete(spark, here):
            levels[here] = levels[here - 1]
    start = 0
    for stop in range(1, len(levels) + 1):
        if stop < len(levels) and levels[stop] == levels[start]:
            continue
        low, centre, high = levels[start]
        first, start = start, stop
        if not (_known(low) and _known(centre) and _known(high)):
            continue
        left, right = scale.x(first - 0.5), scale.x(stop - 0.5)
        top, bottom, middle = scale.y(high or 0), scale.y(low or 0), scale.y(centre or 0)
        yield (
            f'<rect x="{left}" y="{top}" width="{round(right - left, 1)}" height="{round(bottom - top, 1)}" '
            f'fill="{colour("band")}"/>'
            f'<path d="M{left} {middle}H{right}" stroke="{colour("centre")}" stroke-width="1"/>'
        )


def _lines(spark: Spark, places: Sequence[_Place | None]) -> Iterator[str]:
    """Solid through complete neighbours, dashed towards an incomplete period, nothing across a gap."""
    solid, dashed, pen = "", "", -1
    for here, (before, place) in enumerate(pairwise(places), start=1):
        if before is None or place is None:
            continue
        start, stroke = f"M{before[0]} {before[1]}", f"L{place[0]} {place[1]}"
        if _complete(spark, here) and _complete(spark, here - 1):
            solid += stroke if pen == here - 1 else start + stroke
            pen = here
        else:
            dashed += start + stroke
    if solid:
        yield f'<path d="{solid}" stroke="{colour("text")}" stroke-width="1.75"/>'
    if dashed:
        yield f'<path d="{dashed}" stroke="{colour("secondary")}" stroke-width="1.5" stroke-dasharray="2 4"/>'


def _points(spark: Spark, places: Sequence[_Place | None]) -> Iterator[str]:
    """Signals and the last complete period filled, incomplete periods hollow, lonely values as small dots."""
    whole = [here for here, place in enumerate(places) if place and _complete(spark, here)]
    for here, place in enumerate(places):
        if place is None:
            continue
        tone = spark.signal[here] if here < len(spark.signal) else None
        tone = tone if isinstance(tone, str) else None  # a frame says NaN for none
        at = f'cx="{place[0]}" cy="{place[1]}"'
        if not _complete(spark, here):
            yield f'<circle {at} r="3" fill="{colour("page")}" stroke="{colour("secondary")}" stroke-width="1.5"/>'
        elif here == whole[-1]:
            fill = colour(tone or "text")
            yield f'<circle {at} r="4.5" fill="{fill}" stroke="{colour("page")}" stroke-width="1.5"/>'
        elif tone:
            yield f'<circle {at} r="3" fill="{colour(tone)}"/>'
        elif _alone(places, here):
            yield f'<circle {at} r="1.5" fill="{colour("text")}"/>'


def _hover(spark: Spark, scale: _Scale) -> Iterator[str]:
    for here, words in enumerate(spark.hover_texts):
        left, right = scale.x(here - 0.5), scale.x(here + 0.5)
        yield (
            f'<rect x="{left}" width="{round(right - left, 1)}" height="{HEIGHT}" fill="transparent">'
            f"<title>{text(words)}</title></rect>"
        )


def _known(value: Number) -> bool:
    return value is not None and isfinite(value)


def _complete(spark: Spark, here: int) -> bool:
    return spark.complete[here] if here < len(spark.complete) else True


def _alone(places: Sequence[_Place | None], here: int) -> bool:
    around = places[max(here - 1, 0) : here + 2]
    return around.count(None) == len(around) - 1
