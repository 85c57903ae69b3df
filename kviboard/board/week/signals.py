"""Which signals are new since a day, which are still there, and which are gone.

What a KVI said on a day is the verdict on the latest period that was complete then: the history is cut after that day
and judged anew by the same rules. A period was complete when the exports, cut after that day, reached its end and its
values had settled (`complete_after`); such values do not change later, so today's warehouse holds them all. A signal is

- new, when the KVI gave none then (or had no complete period to judge), or one in the other direction;
- still there, when it gave one in the same direction then, in the same period or in one before;
- gone, when the KVI gave one then and gives none now.

So a month stays "still" until the next one ends, and a week that goes on as the one before is not called news. What
an export later corrected counts as it is known today: what was shown then is for the frozen reviews.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from kviboard.board.kvis.reading import Reading
from kviboard.board.kvis.verdicts import judge, judged_together
from kviboard.domain.formatting import format_value
from kviboard.domain.kvis.signals import DOWN, UP, WITHIN
from kviboard.domain.kvis.verdict_words import in_plain_words
from kviboard.domain.kvis.xmr import ENOUGH

Age = Literal["new", "still", "gone"]


@dataclass(frozen=True)
class PastVerdict:
    """The verdict on a period, and which one: empty where there was none."""

    verdict: str
    label: str

    @property
    def is_signal(self) -> bool:
        return self.verdict in (UP, DOWN)


@dataclass(frozen=True, eq=False)
class SignalChange:
    """A KVI that gives a signal now or gave one then, with what it said then."""

    reading: Reading
    age: Age
    then: PastVerdict

    def in_words(self, currency: str) -> str:
        """ "New: Sprint 38 was as usual." """
        now, then = verdict_now(self.reading), self.then
        if self.age == "gone":
            return _gone(self.reading.judging, now, then, currency)
        if self.age == "still":
            same = now.label == then.label
            return f"Continues: no {self.reading.judging.grain} ended since." if same else f"Continues in {now.label}."
        if not then.label:
            return "New: there was no complete period before."
        return f"New: {then.label} {_was(then.verdict)}."


def verdict_now(reading: Reading) -> PastVerdict:
    """The verdict on the latest complete period of the grain that the KVI is judged in."""
    reading = reading.judging
    return PastVerdict(reading.verdict, "" if reading.latest is None else str(reading.latest["label"]))


def verdict_on(reading: Reading, day: date) -> PastVerdict:
    """What the KVI said when `day` was over, from its history cut after that day."""
    reading = reading.judging
    if reading.latest is None:
        return verdict_now(reading)
    history = reading.columns
    settled = np.datetime64(day - timedelta(days=reading.kvi.complete_after))
    complete = history["complete"] & (history["ends_on"] <= settled)
    if not complete.any():
        return PastVerdict("no complete period yet", "")
    last = int(np.flatnonzero(complete)[-1])
    label = str(history["label"][last])
    if history["period"][last] == reading.latest["period"]:
        return PastVerdict(reading.verdict, label)  # nothing was completed since, so nothing is judged otherwise
    return PastVerdict(judge(reading.kvi, history, complete, reading.grain).verdict[last], label)


def signal_changes(readings: Sequence[Reading], day: date) -> list[SignalChange]:
    """The KVIs that give a signal now or gave one when `day` was over, each once, in the order of the readings."""
    changes = []
    for reading in readings:
        now, then = verdict_now(reading), verdict_on(reading, day)
        if now.is_signal:
            changes.append(SignalChange(reading, "still" if then.verdict == now.verdict else "new", then))
        elif then.is_signal:
            changes.append(SignalChange(reading, "gone", then))
    return changes


def _gone(reading: Reading, now: PastVerdict, then: PastVerdict, currency: str) -> str:
    value = format_value(reading.value, reading.kvi.unit, currency)
    before = f"{then.label} {_was(then.verdict)}"
    if now.verdict != WITHIN:
        return f"{reading.kvi.title}: {now.label} {_was(now.verdict)}; {before}."
    if _began_the_level(reading, then):
        return (
            f"{reading.kvi.title} has settled at a {_level(reading)} level since {reading.level_since} ({value} in "
            f"{now.label}): what changed has stayed; {before}."
        )
    return f"{reading.kvi.title} is back to usual in {now.label} ({value}); {before}."


def _level(reading: Reading) -> str:
    """ "worse", "better" than the level before."""
    return "better" if _rose(reading) == (reading.kvi.better == "up") else "worse"


def _rose(reading: Reading) -> bool:
    """Whether the present level lies above the one before it."""
    latest = reading.latest
    return latest is not None and bool(latest["centre"] > latest["centre_before"])


def _began_the_level(reading: Reading, then: PastVerdict) -> bool:
    """Whether the signal of then was one of the eight periods that made the present level, in its direction."""
    if not reading.level_since:
        return False
    labels = reading.columns["label"].tolist()
    start, signal = labels.index(reading.level_since), labels.index(then.label)
    level = judged_together(reading.kvi, reading.columns, reading.grain)
    level = level[level >= start]
    return start <= signal <= level[:ENOUGH][-1] and then.verdict == (UP if _rose(reading) else DOWN)


def _was(verdict: str) -> str:
    """A verdict as what a period was: "was unusually high", "was as usual", "had too few answers (12)"."""
    if verdict == WITHIN:
        return "was as usual"
    if verdict in (UP, DOWN):
        return f"was {in_plain_words(verdict).lower()}"
    return f"had {verdict}"
