"""A story as Markdown: to be read as it is, and by anything that renders it.

Charts are pictures by reference whose data stands at the very end, so that the text above stays readable. How texts
are made safe is in `text`.
"""

from base64 import b64encode
from collections.abc import Iterator

from kviboard.charts.png import chart_png
from kviboard.documents.blocks import Block, Figure, Paragraph, Points, Quotes, Step, Story, Table
from kviboard.documents.figures import SPARK_PERIODS, has_history, releases_in_words, trend_of, verdict_in_words
from kviboard.documents.markdown.text import bars, escaped, heading, paragraph, started, table
from kviboard.documents.sanitize import lines, one_line

_CHART = (860, 320)
_VALUES_SHOWN = 3


def minutes_markdown(story: Story) -> str:
    """The whole story as one Markdown text."""
    pictures: list[bytes] = []
    parts = [heading(1, story.title), paragraph(story.subtitle)]
    for step in story.steps:
        parts += _step(step, pictures)
    parts += [f"[chart-{number}]: {_data(png)}" for number, png in enumerate(pictures, start=1)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _step(step: Step, pictures: list[bytes]) -> Iterator[str]:
    yield heading(2, step.title)
    yield _emphasised(step.note)
    for block in step.blocks:
        yield from _block(block, one_line(step.title), pictures)


def _block(block: Block, title: str, pictures: list[bytes]) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from _paragraph(block)
        case Points():
            items = [f"- {started(item)}" for item in block.items if lines(item)]
            yield from (heading(3, block.title), "\n".join(items)) if items else ()
        case Quotes():
            yield heading(3, block.title)
            yield from (_quote(*quote) for quote in block.quotes if lines(quote[0]))
        case Table() if block.rows:
            yield heading(3, block.caption if one_line(block.caption) != title else "")
            rows = [[escaped(cell.text) for cell in row] for row in block.rows]
            yield table([escaped(name) for name in block.columns], rows, block.numeric)
        case Figure():
            yield from _figure(block, title, pictures)


def _paragraph(block: Paragraph) -> Iterator[str]:
    if block.style == "vision":
        yield "\n".join(f"> {line}" for line in paragraph(block.text).split("\n")) if lines(block.text) else ""
    else:
        yield _emphasised(block.text) if block.style == "quiet" else paragraph(block.text)


def _quote(words: str, source: str) -> str:
    quoted = [f"> {line}" for line in paragraph(words).split("\n")]
    return "\n".join([*quoted, *([">", f"> — {escaped(source)}"] if one_line(source) else [])])


def _figure(figure: Figure, title: str, pictures: list[bytes]) -> Iterator[str]:
    yield heading(3, figure.title if one_line(figure.title) != title else "")
    facts = (f"**{escaped(figure.value)}**", escaped(figure.change), escaped(verdict_in_words(figure)))
    yield " · ".join(fact for fact in facts if fact.strip("*"))
    yield paragraph(figure.sentence)
    yield _last_values(figure)
    if figure.large and has_history(figure):
        chart = trend_of(figure, _CHART[1])
        pictures.append(chart_png(chart, width=_CHART[0]))
        yield f"![{escaped(chart.alt)}][chart-{len(pictures)}]"
        yield paragraph(releases_in_words(figure))
    yield "\n".join(f"- {started(term)}: {escaped(words)}" for term, words in figure.facts)


def _last_values(figure: Figure) -> str:
    """ "▂▃▅▁█ Sprint 36 52.1 %, Sprint 37 48.4 %": the complete periods, the latest in numbers."""
    names = ("value", "label", "value_text", "complete")
    rows = zip(*(figure.history.get(name, ()) for name in names), strict=False)
    whole = [row for row in rows if row[3]][-SPARK_PERIODS:]
    values = ", ".join(f"{escaped(str(label))} {escaped(str(text))}" for _, label, text, _ in whole[-_VALUES_SHOWN:])
    return f"{bars([row[0] for row in whole])} {values}" if whole else ""


def _emphasised(words: str) -> str:
    return "\\\n".join(f"*{escaped(line)}*" for line in lines(words))


def _data(png: bytes) -> str:
    return f"data:image/png;base64,{b64encode(png).decode('ascii')}"
