"""What This week shows: the KVIs' tiles in three lists and how far each export reaches."""

from dataclasses import dataclass

from kviboard.board.board import Board
from kviboard.board.kvi_tiles import tile_of
from kviboard.board.readings import Reading, View
from kviboard.board.this_week import sentence, sort_readings
from kviboard.charts.markup import facts
from kviboard.charts.tiles import Tile
from kviboard.domain.values import format_day
from kviboard.ui import session
from kviboard.ui.page import Page, href


@dataclass(frozen=True)
class WeekTiles:
    """The lists of the page."""

    signals: list[Tile]
    below_target: list[Tile]
    normal: list[Tile]
    unjudged: list[Tile]


def read_week(page: Page) -> WeekTiles:
    """Every KVI, sorted by what it needs from the reader."""
    readings = {name: _reading(page, name) for name in page.board.kvis}
    currency = page.board.workspace.company.currency
    week = sort_readings(list(readings.values()))

    def tiles(chosen: tuple[Reading, ...], told: bool = False) -> list[Tile]:
        return [
            tile_of(reading, currency, href, _coverage(reading, readings), sentence(reading, currency) if told else "")
            for reading in chosen
        ]

    return WeekTiles(tiles(week.signals, told=True), tiles(week.below_target), tiles(week.normal), tiles(week.unjudged))


def arrivals(board: Board) -> str:
    """How far each export reaches, and which KVIs wait for one that is missing, as HTML."""
    reached = [(name.capitalize(), f"to {format_day(span.data_through)}") for name, span in board.reader.reach.items()]
    lacks = list(board.waiting.values())
    waiting = [("Missing", f"{lacks.count(lack)} KVIs wait: each {lack}") for lack in sorted(set(lacks))]
    return f'<div class="kvi-reach">{facts([*reached, *waiting])}</div>'


def _reading(page: Page, name: str) -> Reading:
    """The KVI in the chosen grain; where it has none of that length, in the shortest it has."""
    grains = page.board.kvis[name].grains
    grain = page.view.grain if page.view.grain in grains else grains[0]
    return session.readings(name, View(grain, page.view.first, page.view.last, None, page.view.where))[0]


def _coverage(reading: Reading, readings: dict[str, Reading]) -> float | None:
    """The share of revenue that the KVI speaks for, in the same period."""
    whole = readings.get(reading.kvi.coverage or "")
    if whole is None or whole.frame.empty or reading.latest is None:
        return None
    same = whole.frame.loc[whole.frame["period"] == reading.latest["period"], "value"]
    return float(same.iloc[0]) if len(same) and same.iloc[0] == same.iloc[0] else None
