"""Steps and blocks as HTML: semantic pieces for a file and for the big screen alike.

Whatever people typed arrives as text and leaves as text. How the pieces look stands in blocks.css, in rem alone: a
larger root enlarges all of it. The page around them belongs to `page` and to the meeting.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from kviboard.charts.svg import chart_svg
from kviboard.components.markup import text
from kviboard.components.sparkline import sparkline_svg
from kviboard.components.tiles import verdict, with_small_unit
from kviboard.documents.blocks import Block, Cell, Figure, Paragraph, Points, Quotes, Step, Table
from kviboard.documents.figures import (
    has_history,
    releases_in_words,
    signal_tone,
    spark_label,
    spark_of,
    trend_of,
)
from kviboard.documents.sanitize import clean, lines, one_line


class Size(NamedTuple):
    """Of a chart, in units; one unit is one pixel where the room is as wide as the chart."""

    width: int
    height: int


PAGE, PHONE = Size(720, 280), Size(360, 260)
WALL = Size(700, 280)  # drawn about 1.7 times as large: no text below 22 px on 1080 lines
_SHORT, _FEW_COLUMNS = 14, 8  # letters of a cell, columns of a table
_SHORT_ON_WALL = 24  # "no newer complete month"
_SENTENCE = 40  # letters of a fact from which it takes a row of its own on the wall


def step_html(step: Step, chart: Size = PAGE, narrow: Size | None = PHONE) -> str:
    """One step as a `<section class="kvi-step">` under its h2. Small figures and quotes that follow each other share
    rows. `chart` is the size of large figures' charts, `narrow` of their stand-ins in less than 30 rem: None for none.
    """
    name = anchor(step)
    heading = f'<h2 class="kvi-step-title" id="{name}-title" dir="auto">{_inline(step.title)}</h2>'
    note = _paragraphs(step.note, "kvi-words kvi-quiet-words")
    body = "".join(_group(kind, list(blocks), chart, narrow) for kind, blocks in groupby(step.blocks, _side_by_side))
    body = body.replace(_figure_title(step.title), "")  # said once is enough
    if known := _caption(step.title):
        body = body.replace(known, _caption(step.title, "kvi-unseen"))
    return f'<section class="kvi-step" id="{name}" aria-labelledby="{name}-title">{heading}{note}{body}</section>'


def block_html(block: Block, chart: Size = PAGE, narrow: Size | None = PHONE) -> str:
    """One block, its own heading an h3; empty where it has nothing to say. Its rules hold inside `.kvi-step`."""
    if isinstance(block, Figure):
        return _large(block, chart, narrow) if block.large else _small(block)
    return _WRITERS[type(block)](block)


def anchor(step: Step) -> str:
    """The id of a step's section, to link to."""
    return "step-" + (re.sub(r"[^\w-]+", "-", clean(step.name)).strip("-").lower() or "x")


@cache
def style_of_blocks() -> str:
    """The rules of steps and blocks; they name the palette's colours, which `charts.style` defines."""
    return Path(__file__).with_name("blocks.css").read_text(encoding="utf-8")


def _side_by_side(block: Block) -> str:
    """Neighbours of the same kind stand beside each other."""
    if isinstance(block, Figure) and not block.large:
        return "kvi-figures"
    return "kvi-voices" if isinstance(block, Quotes) else ""


def _group(kind: str, blocks: Sequence[Block], chart: Size, narrow: Size | None) -> str:
    body = "".join(block_html(block, chart, narrow) for block in blocks)
    return f'<div class="{kind}">{body}</div>' if kind and body else body


def _paragraph(block: Paragraph) -> str:
    return _paragraphs(block.text, f"kvi-words kvi-{block.style}-words")


def _points(block: Points) -> str:
    items = "".join(f'<li dir="auto">{_broken(item)}</li>' for item in block.items if lines(item))
    return f'{_heading(block.title)}<ul class="kvi-points" role="list">{items}</ul>' if items else ""


def _table(block: Table) -> str:
    """The roles are said outright because the cards on a phone would otherwise hide that this is a table."""
    if not block.rows:
        return ""
    heads = "".join(
        f'<th role="columnheader" scope="col" dir="auto"{_style(index, block, name)}>{_inline(name)}</th>'
        for index, name in enumerate(block.columns)
    )
    rows = "".join(f'<tr role="row">{"".join(_cells(block, row))}</tr>' for row in block.rows)
    return (
        f'<table class="kvi-rows" role="table">{_caption(block.caption)}<thead role="rowgroup">'
        f'<tr role="row">{heads}</tr></thead><tbody role="rowgroup">{rows}</tbody></table>'
    )


def _caption(words: str, style: str = "kvi-seen") -> str:
    return f'<caption class="{style}" dir="auto">{_inline(words)}</caption>' if one_line(words) else ""


def _cells(block: Table, row: Sequence[Cell]) -> Iterable[str]:
    for index, cell in enumerate(row):
        content = f'<span class="kvi-tone-{cell.tone}">{_broken(cell.text)}</span>' if cell.tone else _broken(cell.text)
        if index == 0:
            yield f'<th role="rowheader" scope="row" dir="auto"{_style(index, block, cell.text)}>{content}</th>'
        else:
            name = _inline(block.columns[index]) if index < len(block.columns) else ""
            yield f'<td role="cell" dir="auto" data-name="{name}"{_style(index, block, cell.text)}>{content}</td>'


def _style(index: int, block: Table, words: str) -> str:
    """Numbers to the right; what is short ("24 Nov 2026") is not broken where columns are few, nor a verdict on the
    wall, where a second line of each row would leave no room for the last."""
    short = len(words) <= _SHORT and len(block.columns) <= _FEW_COLUMNS
    whole = "kvi-whole" if short else "kvi-whole-on-wall" if len(words) <= _SHORT_ON_WALL else ""
    styles = [*(["kvi-right"] if index in block.numeric else []), *([whole] if whole else [])]
    return f' class="{" ".join(styles)}"' if styles else ""


def _large(figure: Figure, chart: Size, narrow: Size | None) -> str:
    """The number and what it means, its trend, the facts."""
    picture = _picture(figure, chart, narrow) if has_history(figure) else ""
    return (
        f'<figure class="kvi-figure kvi-large"><figcaption>{_headline(figure)}</figcaption>'
        f"{picture}{_facts(figure)}</figure>"
    )


def _picture(figure: Figure, chart: Size, narrow: Size | None) -> str:
    """The trend, once more for narrow rooms, of which blocks.css shows one."""
    sizes = {"kvi-wide": chart, "kvi-narrow": narrow} if narrow else {"kvi-only": chart}
    drawn = "".join(
        f'<div class="{style}">{chart_svg(trend_of(figure, size.height), size.width)}</div>'
        for style, size in sizes.items()
        if size
    )
    return f'<div class="kvi-picture">{drawn}{_paragraphs(releases_in_words(figure), "kvi-releases")}</div>'


def _small(figure: Figure) -> str:
    spark = sparkline_svg(spark_of(figure), spark_label(figure)) if has_history(figure) else ""
    return (
        f'<figure class="kvi-figure kvi-small kvi-edge-{figure.tone or "calm"}">'
        f"<figcaption>{_headline(figure)}</figcaption>{spark}{_facts(figure)}</figure>"
    )


def _headline(figure: Figure) -> str:
    content = verdict(one_line(figure.verdict), signal_tone(figure)) if one_line(figure.verdict) else ""
    content = f'<span class="kvi-tone-caution">{content}</span>' if content and figure.tone == "caution" else content
    parts = (
        _figure_title(figure.title),
        f'<p class="kvi-says">{content}</p>' if content else "",
        f'<p class="kvi-value">{with_small_unit(one_line(figure.value))}</p>' if one_line(figure.value) else "",
        _paragraphs(figure.change, "kvi-change"),
        _paragraphs(figure.sentence, "kvi-message"),
    )
    return "".join(parts)


def _figure_title(title: str) -> str:
    return f'<h3 class="kvi-figure-title" dir="auto">{_inline(title)}</h3>'


def _facts(figure: Figure) -> str:
    items = (
        f'<div{long}><dt>{_inline(term)}</dt><dd dir="auto">{_broken(content)}</dd></div>'
        for term, content in figure.facts
        for long in (' class="is-long"' if len(content) > _SENTENCE else "",)
    )
    return f'<dl class="kvi-facts">{"".join(items)}</dl>' if figure.facts else ""


def _quotes(block: Quotes) -> str:
    content = "".join(_quote(*quote) for quote in block.quotes if lines(quote[0]))
    body = _heading(block.title) + content
    return f'<div class="kvi-quotes kvi-edge-{block.tone or "calm"}">{body}</div>' if body else ""


def _quote(words: str, source: str) -> str:
    named = f'<figcaption dir="auto">{_inline(source)}</figcaption>' if one_line(source) else ""
    return f'<figure class="kvi-quote"><blockquote dir="auto"><p>{_broken(words)}</p></blockquote>{named}</figure>'


def _heading(title: str) -> str:
    return f'<h3 class="kvi-block-title" dir="auto">{_inline(title)}</h3>' if one_line(title) else ""


def _paragraphs(words: str, style: str) -> str:
    return f'<p class="{style}" dir="auto">{_broken(words)}</p>' if lines(words) else ""


def _inline(words: str) -> str:
    return text(one_line(words))


def _broken(words: str) -> str:
    """The text with its line breaks."""
    return "<br>".join(map(text, lines(words)))


_WRITERS: dict[type, Callable[[Any], str]] = {Paragraph: _paragraph, Points: _points, Table: _table, Quotes: _quotes}
