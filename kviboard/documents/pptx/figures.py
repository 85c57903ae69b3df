"""Figures on a slide: a large one with its trend, small ones beside each other. Measures in inches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pptx.slide import Slide

from kviboard.charts.png import chart_png, svg_png
from kviboard.components.sparkline import HEIGHT as SPARK_UNITS
from kviboard.components.sparkline import WIDTH as SPARK_WIDTH_UNITS
from kviboard.components.sparkline import sparkline_svg
from kviboard.documents.blocks import Figure
from kviboard.documents.figures import (
    has_history,
    releases_in_words,
    spark_label,
    spark_of,
    trend_of,
    verdict_in_words,
)
from kviboard.documents.pptx.deck import COLUMN, Box, add_bar, add_picture, add_text
from kviboard.documents.pptx.text import SlideParagraph, fitting, height_of
from kviboard.documents.sanitize import lines, one_line

BESIDE, GAP = 3.55, 0.45  # the text beside a trend, and the room between the two
_LEAST, _MOST = 3.6, 5.3  # height of a trend
_UNITS = 78  # of a chart to the inch: its smallest text is then as large as on a printed page
_SHARP = 3  # pixels to the unit
_CARD, _CARD_GAP, _CARD_TEXT = (COLUMN - 2 * 0.35) / 3, 0.35, 4.2
_INSET = 0.15
_SPARK_WIDTH = 1.5  # at the right of the value
_SPARK = _SPARK_WIDTH * SPARK_UNITS / SPARK_WIDTH_UNITS


@dataclass(frozen=True)
class Trend:
    """A large figure: what it says on the left, how it went on the right."""

    figure: Figure
    beside: tuple[SlideParagraph, ...]
    notes: str
    leads: bool = False
    fills: bool = True

    def height(self, width: float) -> float:
        return max(_LEAST, height_of(self.beside, _text_width(self.figure, width)))

    def split(self, width: float, room: float) -> tuple["Trend | None", "Trend | None"]:
        return (self, None) if self.height(width) <= room else (None, self)

    def draw(self, slide: Slide, box: Box) -> None:
        """Add text and chart; the chart takes all the height there is."""
        left, top, width, height = box
        wide = _text_width(self.figure, width)
        add_text(slide, list(self.beside), (left, top, wide, height), one_line(self.figure.title))
        if not has_history(self.figure):
            return
        named = releases_in_words(self.figure)
        foot = SlideParagraph(named, 12, colour="secondary", before=0)
        room = width - BESIDE - GAP
        below = foot.height(room) + 0.1 if named else 0.0
        chart_box = (left + BESIDE + GAP, top, room, min(height, _MOST) - below)
        chart = trend_of(self.figure, round(chart_box[3] * _UNITS))
        add_picture(slide, chart_png(chart, width=round(room * _UNITS), scale=_SHARP), chart_box, chart.alt)
        if named:
            add_text(slide, [foot], (chart_box[0], top + chart_box[3] + 0.1, room, below - 0.1), "Releases")


@dataclass(frozen=True)
class SmallFigures:
    """Up to three small figures beside each other, each with its text and sparkline."""

    figures: tuple[Figure, ...]
    texts: tuple[tuple[SlideParagraph, ...], ...]
    notes: str
    leads: bool = False
    fills: bool = False

    def height(self, width: float) -> float:
        return self._text_height() + 2.5 * _INSET

    def split(self, width: float, room: float) -> tuple["SmallFigures | None", "SmallFigures | None"]:
        return (self, None) if self.height(width) <= room else (None, self)

    def draw(self, slide: Slide, box: Box) -> None:
        """Add a card for each."""
        top, high = box[1], self._text_height()
        for index, (figure, text) in enumerate(zip(self.figures, self.texts, strict=True)):
            left = box[0] + index * (_CARD + _CARD_GAP)
            add_bar(slide, (left, top, _CARD, 0.03), figure.tone or "axis")
            inner = (left + _INSET, top + _INSET, _CARD - 2 * _INSET)
            add_text(slide, list(text), (*inner, high), one_line(figure.title))
            if has_history(figure):
                png = svg_png(sparkline_svg(spark_of(figure), ""), _SHARP)
                beside_value = left + _CARD - _INSET - _SPARK_WIDTH, top + _INSET + _value_top(text)
                add_picture(slide, png, (*beside_value, _SPARK_WIDTH, _SPARK), spark_label(figure))

    def _text_height(self) -> float:
        return max(height_of(text, _CARD - 2 * _INSET) for text in self.texts)


def trend(figure: Figure, title_known: bool) -> Iterator[Trend | SlideParagraph]:
    """A large figure, and what it has to say beyond the room beside its chart."""
    beside = [*_large_headline(figure, title_known), *_facts(figure, apart=True)]
    kept, rest = fitting(beside, _text_width(figure, COLUMN), _MOST)
    yield Trend(figure, kept, notes_of(figure))
    yield from rest


def small_figures(figures: tuple[Figure, ...]) -> Iterator[SmallFigures | SlideParagraph]:
    """A row of small figures, and what they have to say beyond their cards."""
    fitted = [
        fitting([*_small_headline(figure), *_facts(figure, apart=False)], _CARD - 2 * _INSET, _CARD_TEXT)
        for figure in figures
    ]
    yield SmallFigures(figures, tuple(kept for kept, _ in fitted), "\n\n".join(map(notes_of, figures)))
    for figure, (_, rest) in zip(figures, fitted, strict=True):
        if rest:
            yield SlideParagraph(one_line(figure.title), 16, bold=True, before=10, leads=True)
            yield from rest


def notes_of(figure: Figure) -> str:
    """What the speaker can read out: the figure in words."""
    facts = (f"{one_line(term)}: {one_line(description)}" for term, description in figure.facts)
    lines_read = (f"{figure.title}: {figure.value}", figure.change, verdict_in_words(figure), figure.sentence)
    return "\n".join(line for line in (*map(one_line, lines_read), *facts) if line)


def _text_width(figure: Figure, width: float) -> float:
    return BESIDE if has_history(figure) else width


def _value_top(texts: Sequence[SlideParagraph]) -> float:
    """Where the value stands in a card: below its title."""
    return texts[0].height(_CARD - 2 * _INSET) + 0.03 if texts else 0.0


def _large_headline(figure: Figure, title_known: bool) -> list[SlideParagraph]:
    title = [] if title_known else [SlideParagraph(one_line(figure.title), 18, bold=True, before=0)]
    sentence = [SlideParagraph(line, 16, before=8) for line in lines(figure.sentence)]
    return [
        *title,
        _in_one_line(figure, SlideParagraph(one_line(figure.value), 44, bold=True, before=0)),
        *_change(figure, 14),
        *sentence,
    ]


def _in_one_line(figure: Figure, value: SlideParagraph) -> SlideParagraph:
    """A value as large as its column allows: "11.9 per 1,000" must not break within its number."""
    room = _text_width(figure, COLUMN) - 0.1
    return value.scaled(min(1.0, room / max(value.length(value.text), 0.1)))


def _small_headline(figure: Figure) -> list[SlideParagraph]:
    title = SlideParagraph(one_line(figure.title), 15, bold=True, before=0)
    value = SlideParagraph(one_line(figure.value), 24, bold=True, before=2)
    room = _CARD - 2 * _INSET - _SPARK_WIDTH - 0.1
    value = value.scaled(min(1.0, room / max(value.length(value.text), 0.1)))
    sentence = [SlideParagraph(line, 12, before=6) for line in lines(figure.sentence)]
    return [title, value, *_change(figure, 12), *sentence]


def _change(figure: Figure, size: float) -> list[SlideParagraph]:
    """The verdict, and the change below it."""
    verdict = SlideParagraph(verdict_in_words(figure), size, bool(figure.tone), figure.tone or "secondary", before=2)
    change = SlideParagraph(one_line(figure.change), size, before=2)
    return [each for each in (verdict, change) if each.text]


def _facts(figure: Figure, apart: bool) -> Iterator[SlideParagraph]:
    for term, description in figure.facts:
        if apart:
            yield SlideParagraph(one_line(term), 12, colour="secondary", before=8)
            yield SlideParagraph(one_line(description), 14, before=0)
        else:
            yield SlideParagraph(f"{one_line(term)}: {one_line(description)}", 12, before=3)
