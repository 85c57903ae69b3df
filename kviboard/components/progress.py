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
LEAST = -0.25  # the left end of a bar: further back looks the same, the words say how far


def progress_bar(raw: float | None, expected: float | None, tone: str, label: str) -> str:
    """A bar filled from zero to `raw` (1 is done, None: empty), to the left where it moved the wrong way, with a thin
    mark where it is expected to be today.

    `tone` names the colour as a CSS class; `label` says the same in words: "17 % done, 34 % expected today".
    """
    fill = ""
    if raw:
        start, end = sorted((_place(0.0), _place(raw)))
        fill = f'<span class="okr-fill" style="left:{start:.1f}%;width:{end - start:.1f}%"></span>'
    zero = f'<span class="okr-zero" style="left:{_place(0.0):.1f}%"></span>'
    mark = f'<span class="okr-mark" style="left:{_place(expected):.1f}%"></span>' if expected is not None else ""
    return f'<span class="okr-bar okr-{tone}" role="img" aria-label="{text(label)}">{fill}{zero}{mark}</span>'


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


def _place(share: float) -> float:
    """Where a share stands on the bar, in per cent of its width, from LEAST to 1."""
    return 100 * (min(1.0, max(LEAST, share)) - LEAST) / (1 - LEAST)


def _x(share: float) -> float:
    return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)


def _y(value: float) -> float:
    return round(HEIGHT - MARGIN - value / MOST_CONFIDENT * (HEIGHT - 2 * MARGIN), 1)
