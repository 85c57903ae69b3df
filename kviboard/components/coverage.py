"""On which days a table has rows, as one thin inline SVG strip: a hole is a gap. What is a gap is decided elsewhere."""

from datetime import date
from html import escape

from kviboard.components.palette import colour
from kviboard.domain.kvis.coverage import Coverage

WIDTH, HEIGHT = 300, 10
_NARROWEST_HOLE = 1.5  # one day in two years must still be seen


def coverage_svg(coverage: Coverage, first: date, last: date, label: str) -> str:
    """Draw the strip on the days from `first` to `last`, which tables share; `label` is its accessible name."""
    scale = WIDTH / max(1, (last - first).days + 1)

    def bar(start: date, end: date, fill: str, narrowest: float = 0.0) -> str:
        left, right = (start - first).days * scale, ((end - first).days + 1) * scale
        return f'<rect x="{left:.1f}" y="2" width="{max(right - left, narrowest):.1f}" height="6" fill="{fill}"/>'

    track = f'<rect x="0" y="4.5" width="{WIDTH}" height="1" fill="{colour("grid")}"/>'
    reach = bar(coverage.first, coverage.last, colour("centre"))
    holes = "".join(bar(gap.first, gap.last, colour("page"), _NARROWEST_HOLE) for gap in coverage.gaps)
    return (
        f'<svg class="kvi-strip" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}">{track}{reach}{holes}</svg>'
    )
