"""What was decided about a KVI, and whether it moved afterwards: the level before, the level after, a signal or not."""

import math
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from kviboard.board.board import Board
from kviboard.board.context import BoardContext
from kviboard.board.kvis.history import Slice, as_slice
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.verdicts import judged_together
from kviboard.catalog import Catalog
from kviboard.domain.formatting import counted, format_value
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.kvis.xmr import ENOUGH
from kviboard.errors import UsageError
from kviboard.store import Decision

WORKED, WORSE, MOVED, STILL, EARLY, UNKNOWN = "worked", "worse", "moved", "still", "early", "unknown"
VERDICTS = {WORKED: "▲ Worked", WORSE: "▼ Got worse", STILL: "● Did not move"}


@dataclass(frozen=True)
class Effect:
    """How a KVI stands after something was done. `before` and `after` are levels, NaN where there is none yet."""

    kind: str
    before: float
    after: float
    periods: int  # complete ones since
    since: str = ""  # the period with which the new level began


@dataclass(frozen=True)
class Answered:
    """A decision about a KVI; `effect` of one that is done, `said` tells it in a sentence."""

    decision: Decision
    name: str
    done_on: date | None
    effect: Effect | None
    said: str

    @property
    def verdict(self) -> str:
        """ "▲ Worked", "▼ Got worse", "● Did not move"."""
        return VERDICTS.get(self.effect.kind if self.effect else "", "◌ Moved")

    @property
    def in_words(self) -> str:
        """ "▲ Worked: Put the cheap hours first. It got better: usually 730 before, …"."""
        return f"{self.verdict}: {self.name.rstrip('.')}. {self.said}"


def decisions_on(context: BoardContext, kvi: Kvi) -> list[Decision]:
    """Decisions about a KVI that were not dropped, open ones first, by due day."""
    return [each for each in context.store.decisions.all() if each.kvi == kvi.name and each.state != "dropped"]


def decisions_about(context: BoardContext, kvi: Kvi) -> list[Answered]:
    """The same with what came of them: open ones by due day, then what was done, the latest first."""
    board, found = context.board, decisions_on(context, kvi)
    if not found:
        return []
    readings: dict[Slice, Reading | None] = {}
    for where in {as_slice(decision.where) for decision in found}:
        readings[where] = _read(board, kvi, where)
    answered = []
    for decision in found:
        done_on = context.day_of(decision.changed_at) if decision.state == "done" else None
        reading = readings[as_slice(decision.where)]
        effect = effect_since(reading, done_on) if done_on else None
        said = in_words(effect, kvi, board.judged_grain(kvi), board.workspace.company.currency) if effect else ""
        answered.append(Answered(decision, name_of(board.catalog, decision), done_on, effect, said))
    is_done = [each.done_on or date.min for each in answered]
    order = sorted(range(len(answered)), key=lambda place: (is_done[place] > date.min, -is_done[place].toordinal()))
    return [answered[place] for place in order]


def days_marked(context: BoardContext, kvi: Kvi) -> list[tuple[date, str]]:
    """When something was decided about a KVI, and when it was done, by day: what its chart marks."""
    found = []
    for decision in decisions_on(context, kvi):
        name = name_of(context.board.catalog, decision)
        found.append((context.day_of(decision.created_at), f"Decided: {name} ({decision.owner})"))
        if decision.state == "done":
            found.append((context.day_of(decision.changed_at), f"Done: {name} ({decision.owner})"))
    return sorted(found)


def judged_since(context: BoardContext, day: date) -> list[Answered]:
    """What was done about a KVI on `day` or later and can be told by now whether it worked, the latest first."""
    board = context.board
    about = {each.kvi for each in context.store.decisions.all("done") if each.kvi in board.kvis}
    found = [each for name in sorted(filter(None, about)) for each in decisions_about(context, board.kvis[name])]
    told = [each for each in found if each.effect and each.effect.kind not in (EARLY, UNKNOWN)]
    recent = [each for each in told if each.done_on and each.done_on >= day]
    return sorted(recent, key=lambda each: (each.done_on or day, each.decision.id), reverse=True)


def subject_of(catalog: Catalog, decision: Decision) -> str:
    """What a decision is about: "Customer satisfaction · Small business · Sprint 38"; empty where it names no KVI."""
    if not decision.kvi:
        return ""
    known = catalog.kvis.get(decision.kvi)
    chosen = [" or ".join(values) for values in decision.where.values() if values]
    return " · ".join(filter(None, (known.title if known else decision.kvi, *chosen, decision.period)))


def name_of(catalog: Catalog, decision: Decision) -> str:
    """What is going to be done, with the slice and the period it is about where it has them."""
    text = " ".join(decision.text.split())
    return f"{text} ({subject_of(catalog, decision)})" if any(decision.where.values()) or decision.period else text


def _read(board: Board, kvi: Kvi, where: Slice) -> Reading | None:
    """The KVI of these customers; None where the data has no such slice any more."""
    try:
        return read_kvi(board, kvi, View(board.judged_grain(kvi), where=where))[0]
    except UsageError:
        return None


def effect_since(reading: Reading | None, day: date) -> Effect:
    """Whether a new level began with a period after `day`, judged once 8 complete periods have passed or sooner, when
    the level has moved."""
    if reading is None or not reading.columns:
        return Effect(UNKNOWN, math.nan, math.nan, 0)
    columns = reading.columns
    known = judged_together(reading.kvi, columns, reading.grain)
    known = known[~np.isnan(columns["value"][known])]
    then = np.datetime64(day)
    before = known[columns["ends_on"][known].astype("datetime64[D]") < then]
    after = known[columns["period"][known].astype("datetime64[D]") > then]
    if not before.size or math.isnan(columns["centre"][before[-1]]):
        return Effect(UNKNOWN, math.nan, math.nan, len(after))
    centre = columns["centre"]
    was, now = float(centre[before[-1]]), float(centre[after[-1]]) if after.size else math.nan
    first = int(after[0]) if after.size else len(centre)
    begun = [place for last, place in pairwise(known) if place >= first and centre[place] != centre[last]]
    if begun and now != was:
        up = now > was
        kind = MOVED
        if reading.kvi.better in ("up", "down"):
            kind = WORKED if up == (reading.kvi.better == "up") else WORSE
        return Effect(kind, was, now, len(after), str(columns["label"][begun[-1]]))
    return Effect(STILL if len(after) >= ENOUGH else EARLY, was, now, len(after))


def in_words(effect: Effect, kvi: Kvi, grain: str, currency: str) -> str:
    """Whether it worked, in a sentence that claims no cause."""
    was, now = (format_value(value, kvi.unit, currency) for value in (effect.before, effect.after))
    if effect.kind in (WORKED, WORSE, MOVED):
        way = {WORKED: "better", WORSE: "worse", MOVED: "changed"}[effect.kind]
        return f"It got {way}: usually {was} before, {now} since {effect.since}. Other things may have moved it, too."
    if effect.kind == STILL:
        return f"It did not move: {counted(effect.periods, grain)} later it is still usually {now}."
    if effect.kind == EARLY:
        return f"Too early to say: {effect.periods} of {ENOUGH} complete {grain}s have passed, usually {was} before."
    return "There is no usual value before it to compare with."
