"""Signals of several quarters as a small drawing: better above the line, worse below it, and the line of what is left.

Plain SVG on a scale that is given, so that several drawings stand side by side and can be compared.
"""

from collections.abc import Sequence

from kviboard.components.markup import text
from kviboard.components.palette import colour

WIDTH, HEIGHT = 270, 104
MIDDLE, ROOM = 44, 26  # of the zero line, and of the longest bar to either side
BAR, LINE = 16, 13

Quarters = Sequence[tuple[str, int, int, str]]
"""Per quarter its short name, of one line or two, how many are better, how many worse, and what it says on hover; the
oldest first."""


def quarters_svg(quarters: Quarters, most: int, label: str) -> str:
    """The drawing; `most` is the count that the longest bar stands for, `label` its accessible name."""
    step = WIDTH / len(quarters) if quarters else WIDTH
    high = HEIGHT + LINE * max((name.count("\n") for name, *_ in quarters), default=0)
    parts, line = [f'<path d="M0 {MIDDLE}H{WIDTH}" stroke="{colour("axis")}"/>'], []
    for number, (name, better, worse, hover) in enumerate(quarters):
        x = round(step * (number + 0.5), 1)
        line.append(f"{x},{_y(better - worse, most)}")
        bars = _bar(x, better, most, "good") + _bar(x, -worse, most, "bad")
        parts.append(f"<g><title>{text(hover)}</title>{bars}{_name(x, name)}</g>")
    parts.append(f'<polyline points="{" ".join(line)}" fill="none" stroke="{colour("text")}" stroke-width="1.5"/>')
    return (
        f'<svg class="kvi-quarters" viewBox="0 0 {WIDTH} {high}" role="img" aria-label="{text(label)}">'
        f"{''.join(parts)}</svg>"
    )


def _bar(x: float, count: int, most: int, role: str) -> str:
    """A bar from the zero line, up for more than none, with its number at the end; nothing for none."""
    if not count:
        return ""
    end = _y(count, most)
    top, high = min(end, MIDDLE), abs(end - MIDDLE)
    number = _words(x, end - 4 if count > 0 else end + 13, f"{'▲' if count > 0 else '▼'}{abs(count)}", role)
    return f'<rect x="{x - BAR / 2:.1f}" y="{top}" width="{BAR}" height="{high}" fill="{colour(role)}"/>{number}'


def _name(x: float, name: str) -> str:
    first, *more = name.split("\n")
    lines = [_words(x, HEIGHT - 6, first, "secondary")]
    lines += [_words(x, HEIGHT - 6 + LINE * number, line, "secondary", 11) for number, line in enumerate(more, start=1)]
    return "".join(lines)


def _y(count: int, most: int) -> float:
    return round(MIDDLE - ROOM * count / max(most, 1), 1)


def _words(x: float, y: float, words: str, role: str, size: int = 13) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="middle" font-size="{size}" fill="{colour(role)}">{text(words)}</text>'
