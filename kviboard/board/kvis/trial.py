"""A KVI's file tried on the data as it is before anybody relies on it, and what a coach would ask of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kviboard.board.board import Board
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.readings import read_kvi, read_kvis
from kviboard.board.kvis.scored_share import scored_share
from kviboard.catalog.files import QueryFile
from kviboard.catalog.kvi_file import read_kvi as read_kvi_file
from kviboard.domain.formatting import counted
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.kvis.signals import DOWN, UP, WITHIN
from kviboard.errors import KviBoardError, Problem

_PRODUCED = re.compile(
    r"\b(releas\w*|deploy\w*|features?|story points?|velocity|tickets? (?:closed|solved|handled)|messages? sent|"
    r"mails? sent|calls? made|commits?|tests? written|lines? of code|training\w*)\b",
    re.IGNORECASE,
)
_RARE = 3  # a period, on average: fewer are never unusual
_ALIKE = 0.999  # correlation from which two KVIs are one
_FEWEST = 6  # periods in common that tell
_YEAR = {"day": 365, "week": 52, "sprint": 26, "month": 12, "quarter": 4}


@dataclass(frozen=True)
class KviTrial:
    """A KVI as it would be: None where its file is wrong or it cannot be computed, with why."""

    reading: Reading | None = None
    problems: tuple[Problem, ...] = ()
    signals: int = 0  # in the last year, in the grain it is judged in
    periods: int = 0  # of that year
    judged: int = 0  # of these periods, of which it can be told whether they are signals


def try_kvi(board: Board, name: str, text: str) -> KviTrial:
    """Compute a KVI's file on the version in use; nothing is kept."""
    kvi, problems = kvi_in(board, name or "new_kvi", text)
    if kvi is None or problems:
        return KviTrial(problems=problems)
    own = replace(board, catalog=replace(board.catalog, kvis={**board.catalog.kvis, kvi.name: kvi}))
    if kvi.name not in own.kvis:
        waits = Problem(kvi.path, f"{own.waiting.get(kvi.name, 'cannot be computed')}.")
        return KviTrial(problems=tuple(each for each in own.broken if each.where.startswith(kvi.path)) or (waits,))
    try:
        reading = read_kvi(own, kvi, View(own.judged_grain(kvi)))[0]
    except KviBoardError as error:
        return KviTrial(problems=(Problem(kvi.path, str(error)),))
    year = reading.history[reading.history["complete"].astype(bool)].tail(_YEAR[reading.grain])
    judged = int(year["verdict"].isin((UP, DOWN, WITHIN)).sum())
    return KviTrial(reading, (), int(year["signal"].notna().sum()), len(year), judged)


def kvi_in(board: Board, name: str, text: str) -> tuple[Kvi | None, tuple[Problem, ...]]:
    """The KVI of this name that a file's text makes, or the problems that keep it from being one."""
    surveys = board.workspace.surveys
    file = QueryFile(name, f"queries/kvis/{name}.sql", text, built_in=False)
    return read_kvi_file(file, surveys.answer_counts_back_days, surveys.valid_days)


def signals_text(trial: KviTrial) -> str:
    """How often it would have been unusual in the last year; "" where it cannot be computed."""
    if trial.reading is None:
        return ""
    if not trial.periods:
        return f"It has no complete {trial.reading.grain} yet, so nobody knows what would be unusual."
    periods = counted(trial.periods, trial.reading.grain)
    if not trial.judged:
        return f"Of {periods} none can be judged yet, so nobody knows what would be unusual."
    among = "" if trial.judged == trial.periods else f", of which {trial.judged} can be judged"
    return f"It would have been unusual in {trial.signals} of the last {periods}{among}."


def known_share(board: Board, reading: Reading) -> float | None:
    """The share of revenue that it speaks for in its latest complete period; None where that is no question."""
    whole = board.kvis.get(reading.kvi.coverage or "")
    if whole is None or reading.grain not in whole.grains:
        return None
    return scored_share(reading, {whole.name: read_kvi(board, whole, View(reading.grain))[0]})


def coach(board: Board, trial: KviTrial) -> Iterator[str]:
    """What to ask of it; nothing is stopped."""
    reading = trial.reading
    if reading is None:
        return
    kvi = reading.kvi
    words = _PRODUCED.search(f"{kvi.title} {kvi.customer_benefit}")
    if words:
        yield f"“{words[0]}” is what we produce. What do customers get of it, and how would they notice?"
    known = [value for value in reading.columns["value"][_complete(reading)] if not np.isnan(value)]
    if kvi.unit in ("number", "customers") and known and float(np.mean(known)) < _RARE:
        rare = f"It is {np.mean(known):.2g} a {reading.grain} on average: too rare ever to be unusual."
        yield f"{rare} Count something more frequent."
    for other in _mirrors(board, reading):
        yield f"It moves exactly as “{other.title}” does: two names for one fact. What does it add?"
    opposite = "fall" if kvi.better == "up" else "rise"
    yield f"Could it {opposite} and customers be better off? Then it measures something else."


def _mirrors(board: Board, reading: Reading) -> Sequence[Kvi]:
    """KVIs whose values rise and fall exactly with those of the reading."""
    kvi = reading.kvi
    others = [other for other in board.kvis.values() if reading.grain in other.grains and not _is_said(kvi, other)]
    own = _by_period(reading)
    found = []
    for readings in read_kvis(board, others, View(reading.grain)).values():
        theirs = _by_period(readings[0])
        both = [(own[period], theirs[period]) for period in own.keys() & theirs.keys()]
        one, other = (np.array(values) for values in zip(*both, strict=True)) if both else (np.empty(0), np.empty(0))
        if len(both) >= _FEWEST and np.ptp(one) and np.ptp(other) and abs(np.corrcoef(one, other)[0, 1]) >= _ALIKE:
            found.append(readings[0].kvi)
    return found


def _is_said(kvi: Kvi, other: Kvi) -> bool:
    """Whether the two are one, or said to tell one fact."""
    return other.name in (kvi.name, kvi.mirrors) or other.mirrors == kvi.name


def _by_period(reading: Reading) -> dict[object, float]:
    places = _complete(reading)
    values = reading.columns["value"][places]
    periods = reading.columns["period"][places].tolist()
    return {period: float(value) for period, value in zip(periods, values, strict=True) if not np.isnan(value)}


def _complete(reading: Reading) -> np.ndarray:
    return np.flatnonzero(reading.columns["complete"])
