"""Past periods that the exports in use tell otherwise than those of a week before: which KVIs, and by how much."""

import math
from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from kviboard.board.board import Board
from kviboard.board.exports.exports import changes_between
from kviboard.board.kvis.evaluation import Values, evaluate_grains
from kviboard.board.kvis.sql import Question
from kviboard.domain.formatting import counted, format_change, format_day, listed, plural, told_apart
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.periods import period_of
from kviboard.errors import KviBoardError
from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.versions import list_versions

_WEEK = timedelta(days=7)
_NAMED = 3


def restated(board: Board) -> tuple[str, ...]:
    """A sentence for each KVI of which a period that was complete reads otherwise now, the three that changed most, and
    one with what changed; empty where none does, or nothing is kept to compare with. Found out once per version."""
    return board.reader.kept(("restated", *board.kvis.values()), lambda: _restated(board))


def _restated(board: Board) -> tuple[str, ...]:
    before = _before(board)
    if before is None:
        return ()
    try:
        reader = Reader(board.workspace, before.version, team=board.reader.team, in_memory=False)
        then = Board(board.workspace, board.catalog, reader)
        asked: dict[str, list[Kvi]] = {}
        for kvi in board.kvis.values():
            if kvi.name in then.kvis and not kvi.mirrors:
                asked.setdefault(board.judged_grain(kvi), []).append(kvi)
        was, reads = (evaluate_grains(each.reader, asked, Question()) for each in (then, board))
    except KviBoardError:
        return ()  # the version before is of another board, or is gone
    found = sorted(
        (
            said
            for grain, kvis in asked.items()
            for kvi in kvis
            if (said := _said(board, kvi, grain, was[grain][kvi.name], reads[grain][kvi.name]))
        ),
        reverse=True,
    )
    if not found:
        return ()
    more = len(found) - _NAMED
    others = [f"{counted(more, 'other KVI')} of past periods {plural(more, 'reads', 'read')} otherwise, too."]
    return (*(said for _, said in found[:_NAMED]), *(others if more > 0 else []), _why(board, before))


def _before(board: Board) -> Manifest | None:
    """The version of a week before the one in use, or the oldest that is kept."""
    here = board.reader.manifest
    older = [each for each in list_versions(board.workspace) if each.version < here.version]
    week_ago = (each for each in older if each.made_at <= here.made_at - _WEEK)
    return next(week_ago, older[-1] if older else None)


def _said(board: Board, kvi: Kvi, grain: str, was: Values, reads: Values) -> tuple[float, str] | None:
    """The change as a part of the value, and "Turnover of Sep 2026 was €1,000 and is €1,200 (▲ 20 %); 2 earlier periods
    changed, too."; None where all that was complete reads the same."""
    now = dict(zip(reads["period"].tolist(), reads["value"].tolist(), strict=True))
    currency = board.workspace.company.currency
    whole = was["complete"] & np.isfinite(was["value"])
    changed = [
        (start, value, now[start], texts)
        for start, value in zip(was["period"][whole].tolist(), was["value"][whole].tolist(), strict=True)
        if start in now and (texts := told_apart(value, now[start], kvi.unit, currency))
    ]
    if not changed:
        return None
    start, value, value_now, (then_text, now_text) = changed[-1]
    period = period_of(board.calendar, grain, start.date())
    name = period.full_name if period else format_day(start.date())
    change = format_change(value_now, value, kvi.unit, currency)
    earlier = f"; {counted(len(changed) - 1, 'earlier period')} changed, too" if len(changed) > 1 else ""
    size = abs(value_now - value) / abs(value) if value and math.isfinite(value_now) else math.inf
    return size, f"{kvi.title} of {name} was {then_text} and is {now_text} ({change}){earlier}."


def _why(board: Board, before: Manifest) -> str:
    made: Mapping[str, str] = board.reader.manifest.made_from
    changes = changes_between(before.made_from, made)
    more = len(changes) - _NAMED
    named = [*changes[:_NAMED], *([f"{more} more changed"] if more > 0 else [])]
    when = before.made_at.astimezone(board.workspace.company.zone)
    since = f"Past numbers were restated since the exports read on {format_day(when.date())}, {when:%H:%M}"
    return f"{since}: {listed(named)}." if named else f"{since}."
