"""Progress and confidence of OKRs as word-sized drawings in plain HTML and SVG: no Vega, so a quarter costs little.

What is on track is decided by `domain.okrs.status`. The time line of an objective is in `charts.timeline`.
"""

from collections.abc import Sequence
from datetime import date

from kviboard.components.markup import text
from kviboard.components.palette import colour

WIDTH, HEIGHT = 72, 20
MARGIN = 3
MOST_CONFIDENT = 10


def progress_bar(share: float | None, expected: float | None, tone: str, label: str) -> str:
    """A bar filled to `share` (0..1, None: empty) with a thin mark where it is expected to be today.

    `tone` names the colour as a CSS class; `label` says the same in words: "17 % done, 34 % expected today".
    """
    fill = f'<span class="okr-fill" style="width:{_percent(share)}"></span>' if share else ""
    mark = f'<span class="okr-mark" style="left:{_percent(expected)}"></span>' if expected is not None else ""
    return f'<span class="okr-bar okr-{tone}" role="img" aria-label="{text(label)}">{fill}{mark}</span>'


def confidence_line(points: Sequence[tuple[date, float]], label: str) -> str:
    """Confidence (0..10) over time, on a scale that is the same everywhere; nothing without a check-in."""
    if not points:
        return ""
    first, last = points[0][0], points[-1][0]
    days = max(1, (last - first).days)
    places = [(_x((day - first).days / days if len(points) > 1 else 1.0), _y(value)) for day, value in points]
    line = " ".join(f"{x},{y}" for x, y in places)
    middle = _y(MOST_CONFIDENT / 2)
    return (
        f'<svg class="okr-confidence" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{text(label)}" fill="none">'
        f'<path d="M{MARGIN} {middle}H{WIDTH - MARGIN}" stroke="{colour("grid")}"/>'
        f'<polyline points="{line}" stroke="{colour("secondary")}" stroke-width="1.5" stroke-linejoin="round"/>'
        f'<circle cx="{places[-1][0]}" cy="{places[-1][1]}" r="2.5" fill="{colour("text")}"/></svg>'
    )


def _percent(share: float | None) -> str:
    return f"{100 * min(1.0, max(0.0, share or 0.0)):.1f}%"


def _x(share: float) -> float:
    return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)


def _y(value: float) -> float:
    return round(HEIGHT - MARGIN - value / MOST_CONFIDENT * (HEIGHT - 2 * MARGIN), 1)
