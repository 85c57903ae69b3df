"""A KVI as a tile and as a row of the quiet table: the same facts everywhere. What they are is decided in `board`."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kviboard.components.markup import link, text
from kviboard.components.palette import Tone
from kviboard.components.sparkline import Spark, sparkline_svg
from kviboard.domain.kvis.signals import WITHIN
from kviboard.domain.kvis.verdict_words import NOT_JUDGED, SHAPES, in_plain_words


@dataclass(frozen=True)
class Tile:
    """What one tile says, as text ready to read."""

    title: str
    href: str  # "kvis?kvi=promoter_revenue_share"
    value: str  # "48.7 %"
    verdict: str  # as in domain.kvis.signals: "signal: down", "within normal variation", …
    spark: Spark
    headline: str = ""  # the verdict as a sentence: "Fewer customers are satisfied than usual"
    usual: str = ""  # "usually 69.1 % (56.2–82.0 %)"
    period: str = ""  # "Sprint 22"
    change: str = ""  # "▼ 3.4 pp on Sprint 22 (52.1 %)"
    tone: Tone | None = None  # good, bad or neither; only signals have one
    spark_label: str = ""  # "Promoter revenue share, last 13 sprints"
    message: str = ""  # why it is unusual
    response: str = ""  # who acts on it and what is being done
    answer_href: str = ""  # where it is decided what to do
    note_href: str = ""  # where it is said that it was seen, and what may have caused it
    target: str = ""  # "target 55 % by 31 Dec: short by 6.3 pp"
    notes: tuple[str, ...] = ()  # "n 165 (±7.5 pp)", "data to 31 Oct"
    warning: str = ""  # "Only 41 % of revenue is scored."
    about: tuple[tuple[str, str], ...] = ()  # ("For the customer", "They recommend us."), …
    age: str = ""  # how long a signal is known: "new", "continues"


def wall(tiles: Sequence[Tile]) -> str:
    """The tiles as one HTML list; nothing where there are none."""
    if not tiles:
        return ""
    return f'<ul class="kvi-wall" role="list">{"".join(map(_tile, tiles))}</ul>'


def table(tiles: Sequence[Tile], caption: str, first_column: str = "KVI") -> str:
    """The KVIs as one HTML table with sparklines; the caption names it for a screen reader.

    The roles are said outright because the cards on a phone would otherwise hide from it that this is a table.
    Nothing where there are no tiles.
    """
    if not tiles:
        return ""
    has_targets = any(tile.target for tile in tiles)
    names = (first_column, "Now", "Change", "Trend", *(["Target"] if has_targets else []))
    heads = "".join(f'<th role="columnheader" scope="col">{name}</th>' for name in names)
    return (
        f'<table class="kvi-table" role="table"><caption>{text(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(_row(tile, has_targets) for tile in tiles)}</tbody></table>'
    )


def calm_list(tiles: Sequence[Tile], label: str) -> str:
    """The KVIs that ask for nothing, as one compact list: name, value, trend, and of which period each is: that of most
    stands above, another one beside its KVI. Nothing where there are none."""
    if not tiles:
        return ""
    periods = Counter(tile.period for tile in tiles if tile.period)
    usual = max(periods, key=periods.__getitem__, default="")
    others = ", unless another period is named" if len(periods) > 1 else ""
    above = f'<p class="kvi-quiet kvi-calm-of">{text(f"{usual}{others}")}</p>' if usual else ""
    items = "".join(_calm(tile, usual) for tile in tiles)
    return f'{above}<ul class="kvi-calm-list" role="list" aria-label="{text(label)}">{items}</ul>'


def verdict(code: str, tone: Tone | None) -> str:
    """A verdict as HTML: shape, words and, for a signal, whether it is for the better. Colour only supports it."""
    shape = f'<span aria-hidden="true">{SHAPES.get(code, NOT_JUDGED)} </span>'
    return f'<span class="kvi-verdict kvi-{tone or "calm"}">{shape}{text(in_plain_words(code, tone))}</span>'


def with_small_unit(value: str) -> str:
    """ "48.7 %" with the unit a step smaller, so that the eye lands on the number."""
    match = re.fullmatch(r"(.*?\d)(\s+\S.*)", value)
    return f'{text(match[1])}<span class="kvi-unit">{text(match[2])}</span>' if match else text(value)


def _tile(tile: Tile) -> str:
    """One list item whose parts are always all there, so that they align across a row of tiles."""
    said = tile.headline or in_plain_words(tile.verdict, tile.tone)
    happened = " · ".join(text(fact) for fact in (tile.period, tile.change) if fact)
    parts = (
        f'<h3 class="kvi-says kvi-{tile.tone or "calm"}">{link(said, tile.href)}{_age(tile)}</h3>',
        f'<p class="kvi-value">{with_small_unit(tile.value)} <small class="kvi-usual">{text(tile.usual)}</small></p>',
        sparkline_svg(tile.spark, tile.spark_label or tile.title),
        f'<p class="kvi-change"><b>{text(tile.title)}</b> {happened}</p>',
        f'<p class="kvi-message">{text(tile.message)}</p>',
        f'<p class="kvi-response">{text(tile.response)}</p>',
        f'<p class="kvi-notes">{_notes(tile)}</p>',
        f'<p class="kvi-answer">{_answer(tile)}</p>',
        _about(tile),
    )
    return f'<li class="kvi-tile kvi-tile-{tile.tone or "calm"}">{"".join(parts)}</li>'


def _calm(tile: Tile, usual: str) -> str:
    """One line of the compact list; its verdict only where it is not the usual ups and downs, its period where it is
    not the usual one."""
    said = "" if tile.verdict == WITHIN else in_plain_words(tile.verdict, tile.tone)
    period = tile.period if tile.period != usual else ""
    notes = " · ".join(text(note) for note in (period, said, tile.target) if note)
    small = f"<small>{notes}</small>" if notes else ""
    return (
        f'<li><span class="kvi-calm-name">{link(tile.title, tile.href)}{small}{_warning(tile)}</span>'
        f"{sparkline_svg(tile.spark, tile.spark_label or tile.title)}"
        f'<b class="kvi-number" title="{text(tile.change)}">{with_small_unit(tile.value)}</b></li>'
    )


def _age(tile: Tile) -> str:
    return f' <span class="kvi-age kvi-age-{text(tile.age.split()[0])}">{text(tile.age)}</span>' if tile.age else ""


def _row(tile: Tile, has_target: bool) -> str:
    cells = [
        ("Now", "kvi-number", with_small_unit(tile.value)),
        ("Change", "", f"{text(' · '.join(filter(None, (tile.period, tile.change))))}{_usual(tile)}"),
        ("Trend", "kvi-trend", sparkline_svg(tile.spark, tile.spark_label or tile.title)),
    ]
    if has_target:
        cells.append(("Target", "", text(tile.target)))
    body = "".join(f'<td role="cell" data-name="{name}" class="{style}">{html}</td>' for name, style, html in cells)
    verdict_line = f"{verdict(tile.verdict, tile.tone)}{_age(tile)}"
    says = "" if tile.verdict == WITHIN else f'<span class="kvi-says">{verdict_line}</span>'
    head = f'<th role="rowheader" scope="row">{link(tile.title, tile.href)}{says}{_warning(tile)}</th>'
    return f'<tr role="row">{head}{body}</tr>'


def _answer(tile: Tile) -> str:
    """Links to decide what to do and to note what may have caused it, where somebody should."""
    if not tile.response or not tile.answer_href:
        return ""
    return f"{link('Decide', tile.answer_href)} · {link('Note why', tile.note_href)}"


def _notes(tile: Tile) -> str:
    notes = " · ".join(text(note) for note in (tile.target, *tile.notes) if note)
    return notes + _warning(tile)


def _usual(tile: Tile) -> str:
    """What the value compares with, below its change: without it a large one of a small slice looks like news."""
    return f'<small class="kvi-usual">{text(tile.usual)}</small>' if tile.usual else ""


def _warning(tile: Tile) -> str:
    return f'<span class="kvi-warning">{text(tile.warning)}</span>' if tile.warning else ""


def _about(tile: Tile) -> str:
    """What the number means, behind a small button that needs no rerun."""
    if not tile.about:
        return ""
    items = "".join(f"<dt>{text(term)}</dt><dd>{text(description)}</dd>" for term, description in tile.about)
    label = f"About {text(tile.title)}"
    button = f'<summary aria-label="{label}" title="{label}">i</summary>'
    return f'<details class="kvi-about">{button}<dl>{items}</dl></details>'
