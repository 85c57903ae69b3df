"""How much room text takes on a slide, without a font at hand: from the widths of Helvetica, on the safe side.

PowerPoint lays text out itself; these measures decide only what goes onto which slide and in what size.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

LINE = 1.19  # line height over letter height
POINTS = 72  # to the inch
SMALLEST = 12.0  # pt
_TOGETHER = 3  # lines that are not torn apart
_SAFE = 1.03
_MOST_LETTERS, _MOST_TEXTS = 10_000, 2_000  # measured once: a layout asks for the same again and again
# Adobe's font metrics of Helvetica (Arial is as wide), thousandths of the letter height, from "!" to "~".
_HELVETICA = (
    278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722,
    778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556,
    278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260,
    334, 584,
)  # fmt: skip
_WIDTHS = {" ": 0.278, "\u00a0": 0.278, **{chr(33 + index): width / 1000 for index, width in enumerate(_HELVETICA)}}


@dataclass(frozen=True)
class SlideParagraph:
    """A paragraph of one style. `size` and `before`, the room above, in points; `colour` is a role of the palette."""

    text: str
    size: float = 18
    bold: bool = False
    colour: str = "text"
    before: float = 6
    bullet: bool = False
    leads: bool = False  # belongs to what follows it: never the last on a slide
    fills: bool = False
    notes: str = ""

    def lines(self, width: float) -> tuple[str, ...]:
        """Its text in lines of at most `width` inches."""
        return wrap(self.text, self._set_size, width - (0.25 if self.bullet else 0))

    def length(self, text: str) -> float:
        """Inches that a text takes on one line of it."""
        return _length(text) * self._set_size / POINTS

    @property
    def _set_size(self) -> float:
        return self.size * (1.06 if self.bold else 1)

    def height(self, width: float) -> float:
        """Inches that it takes in a column of `width` inches."""
        return (len(self.lines(width)) * self.size * LINE + self.before) / POINTS

    def scaled(self, factor: float) -> "SlideParagraph":
        """The same, smaller, but never too small to read."""
        return replace(self, size=max(self.size * factor, SMALLEST), before=self.before * factor)

    def split(self, width: float, room: float) -> tuple["SlideParagraph | None", "SlideParagraph | None"]:
        """What fits into `room` inches, and what remains; None for nothing. A few lines stay together."""
        lines = self.lines(width)
        fit = int((room * POINTS - self.before) / (self.size * LINE) + 1e-6)
        if fit >= len(lines):
            return self, None
        if fit < 1 or len(lines) <= _TOGETHER:
            return None, self
        end = 0
        for line in lines[:fit]:
            end = self.text.index(line, end) + len(line)
        return replace(self, text=self.text[:end]), replace(self, text=self.text[end:].lstrip(), bullet=False)


@lru_cache(maxsize=_MOST_TEXTS)
def wrap(text: str, size: float, width: float) -> tuple[str, ...]:
    """The text in lines no longer than `width` inches, words longer than a line broken; at least one line."""
    most = max(width * POINTS / size, 1.0)  # in letter heights
    lines, line, used = [], "", 0.0
    for word, long in _words(text, most):
        if line and used + 0.28 + long > most:
            lines.append(line)
            line, used = word, long
        else:
            line, used = f"{line} {word}" if line else word, used + (0.28 if line else 0) + long
    return (*lines, line)


def height_of(paragraphs: Sequence[SlideParagraph], width: float) -> float:
    """Inches that the paragraphs take below each other."""
    return sum(paragraph.height(width) for paragraph in paragraphs)


def fitting(
    paragraphs: Sequence[SlideParagraph], width: float, room: float
) -> tuple[tuple[SlideParagraph, ...], tuple[SlideParagraph, ...]]:
    """What fits into `room` inches, smaller where needed, and what does not even then."""
    for factor in (1.0, 0.92, 0.85, 0.78):
        smaller = [paragraph.scaled(factor) for paragraph in paragraphs]
        if height_of(smaller, width) <= room:
            return tuple(smaller), ()
    kept: list[SlideParagraph] = []
    for index, paragraph in enumerate(smaller):
        head, rest = paragraph.split(width, room - height_of(kept, width))
        kept += [head] if head else []
        if rest:
            return tuple(kept), (rest, *paragraphs[index + 1 :])
    return tuple(kept), ()


def is_right_to_left(text: str) -> bool:
    """Whether its first letter with a direction runs to the left."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), False)


def _words(text: str, most: float) -> Iterator[tuple[str, float]]:
    """Its words, those longer than `most` in parts, each with its length."""
    for word in text.split(" "):
        begin, used = 0, 0.0
        for index, letter in enumerate(word):
            wide = _letter(letter)
            if used + wide > most and index > begin:
                yield word[begin:index], used
                begin, used = index, 0.0
            used += wide
        yield word[begin:], used


def _length(text: str) -> float:
    """In letter heights, after the widths of a common sans-serif font."""
    return sum(map(_letter, text))


@lru_cache(maxsize=_MOST_LETTERS)
def _letter(letter: str) -> float:
    width = _WIDTHS.get(letter) or _WIDTHS.get(unicodedata.normalize("NFD", letter)[:1])
    if width is None:
        width = 1.2 if unicodedata.east_asian_width(letter) in "WF" or unicodedata.category(letter) == "So" else 0.8
    return width * _SAFE
