"""A KVI as it would be, for people at a terminal and for programs."""

import math
from typing import Any

from kviboard.board.board import Board
from kviboard.board.kvis.draft import Draft, file_text, in_words
from kviboard.board.kvis.reading import Reading
from kviboard.board.kvis.scored_share import caution_text
from kviboard.board.kvis.tables import for_people, objects, rows_of, to_table
from kviboard.board.kvis.tiles import PERIODS_SHOWN, no_links, tile_of
from kviboard.board.kvis.trial import KviTrial, coach, known_share, signals_text
from kviboard.board.wording.coaching import coached_benefit
from kviboard.domain.kvis.verdict_words import with_shape


def in_text(board: Board, draft: Draft, trial: KviTrial) -> str:
    """Its newest number and periods as on a tile, what the coach says, and the file that it would be."""
    lines = [draft.title.strip(), in_words(draft), *(f"⚠ {problem}" for problem in trial.problems)]
    if reading := trial.reading:
        share, currency = known_share(board, reading), board.workspace.company.currency
        tile = tile_of(reading, currency, no_links, share, caution=caution_text(share))
        lines += ["", _last_periods(reading), ""]
        lines.append(" · ".join(filter(None, (f"{tile.value} {tile.period}".rstrip(), tile.change, tile.usual))))
        lines.append(" · ".join(filter(None, (with_shape(tile.verdict, tile.tone), tile.message))))
        lines += filter(None, (" · ".join(tile.notes), tile.warning))
        lines += [signals_text(trial)]
    lines += ["", "Suggestions (you can save anyway)", *(f"- {said}" for said in _suggestions(board, draft, trial))]
    return "\n".join([*lines, "", "The file it would be", file_text(draft).rstrip()])


def _suggestions(board: Board, draft: Draft, trial: KviTrial) -> list[str]:
    """What the coach says of the benefit's words, and asks of the KVI."""
    worded = coached_benefit(board, draft.customer_benefit).findings
    return [*(f"“{each.quote}”: {each.rewrite}" for each in worded), *coach(board, trial)]


def _last_periods(reading: Reading) -> str:
    frame = for_people(reading, reading.drawn.tail(PERIODS_SHOWN))
    return to_table(frame.loc[:, (frame != "").any()])  # a column of answers where there are some


def as_object(board: Board, draft: Draft, trial: KviTrial, path: str) -> dict[str, Any]:
    """The same for a program: values as `kviboard kvi NAME` has them, percentages as fractions, null for no basis."""
    told: dict[str, Any] = {
        "kvi": draft.name,
        "title": draft.title.strip(),
        "counted": in_words(draft),
        "text": file_text(draft),
        "saved": path or None,
        "problems": [str(problem) for problem in trial.problems],
        "suggestions": _suggestions(board, draft, trial),
    }
    if reading := trial.reading:
        told |= {
            "grain": reading.grain,
            "value": reading.value,
            "verdict": reading.verdict,
            "usual": {name: _number(reading, name) for name in ("centre", "lower", "upper")},
            "known_share_of_revenue": known_share(board, reading),
            "signals": trial.signals,
            "of_periods": trial.judged,
            "values": objects(rows_of(reading)),
        }
    return told


def _number(reading: Reading, name: str) -> float | None:
    value = math.nan if reading.latest is None else float(reading.latest[name])
    return None if math.isnan(value) else value
