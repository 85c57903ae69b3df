"""Why a KVI changed: what each slice of a dimension contributed to the change from then to now, to the last digit.

The arithmetic is in domain.kvis.contributions; here it meets periods, what is usual, and formulas that are no ratio.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import pandas as pd

from kviboard.board.board import Board
from kviboard.board.kvis.evaluation import evaluate_all
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.sql import Question
from kviboard.catalog.expression import as_function
from kviboard.domain.formatting import format_distance, format_value, listed
from kviboard.domain.kvis.contributions import Contributions, of_formula, of_ratio, of_sum
from kviboard.domain.kvis.kvi import Formula, Kvi
from kviboard.domain.kvis.signals import DOWN, UP, WITHIN
from kviboard.errors import UsageError

USUAL, PREVIOUS = "usual", "previous"
COLUMNS = ("dimension", "slice", "effect", "rate_effect", "mix_effect", "share_of_change", "weight", "verdict")
_SMALL = 0.05  # of the change: a slice that is not worth a word
_NEARLY = 1e-9  # relative: what rounding of sums may leave between the slices together and the whole


@dataclass(frozen=True, eq=False)
class Why:
    """The change of a KVI from `then` to `now`, and `rows`: COLUMNS, the dimension that explains most first, in it the
    largest effect in the direction of the change first. `against` says what `then` is: "Sprint 37", "usual (12 …)";
    `centre` is the mean that its limits lie around in this grain, NaN where `then` is no usual or there are none;
    `judged` is the grain in which tile and chart say what is usual."""

    kvi: Kvi
    grain: str
    period: str
    against: str
    then: float
    now: float
    centre: float
    judged: str
    rows: pd.DataFrame

    @cached_property
    def by_dimension(self) -> dict[str, pd.DataFrame]:
        """The rows of each dimension, in their order."""
        return {str(name): rows for name, rows in self.rows.groupby("dimension", sort=False)}


@dataclass(frozen=True)
class _Compared:
    """The rows of a reading that are compared: one period now, one or several then."""

    now: int
    then: tuple[int, ...]
    against: str
    centre: float = math.nan


def explain_change(
    board: Board,
    kvi: Kvi,
    view: View,
    by: Sequence[str],
    against: str = USUAL,
    period: str | None = None,
    read: Callable[[View], list[Reading]] | None = None,
) -> Why:
    """Why the KVI changed up to `period` (its name or a day in it; the latest complete one unless given), compared
    with what is usual, the period before (PREVIOUS) or another one before, named like `period`.

    `by` are dimensions; `view` gives grain and filters; `read` returns the KVI's readings, judged in that grain, for
    who has them already. Slices are told apart in the grain of the change, whichever the KVI is judged in.
    Raises UsageError where there is no such period, nothing before it, or no way to tell the slices apart.
    """
    read = read or partial(read_kvi, board, replace(kvi, judged=view.grain))
    whole = read(replace(view, by=None, first=None, last=None))[0]
    compared = _compared(whole, against, period)
    frames, total = [], None
    for dimension in by:
        readings = read(replace(view, by=dimension, first=None, last=None))
        total = _contributions(board, kvi, view, dimension, whole, readings, compared)
        frames.append(_rows(dimension, readings, compared.now, total))
    if total is None:
        raise UsageError("There is no dimension to split by: name customer columns under dimensions in kviboard.toml.")
    frames.sort(key=_how_much_it_explains, reverse=True)
    label = str(whole.columns["label"][compared.now])
    return Why(
        kvi,
        view.grain,
        label,
        compared.against,
        total.then,
        total.now,
        compared.centre,
        board.judged_grain(kvi),
        pd.concat(frames, ignore_index=True),
    )


def outstanding(rows: pd.DataFrame) -> pd.DataFrame:
    """The slices whose own change is unusual, and that moved the whole its way by more than their size would."""
    return rows[rows["verdict"].isin([UP, DOWN]) & (rows["share_of_change"] > rows["weight"])]


def periods_to_explain(whole: Reading) -> list[str]:
    """The names of the complete periods with a value, the latest first: what can be explained or compared with."""
    return [_name(whole, place) for place in reversed(_known(whole))]


def _known(whole: Reading) -> list[int]:
    complete = [int(place) for place in np.flatnonzero(whole.columns["complete"])] if whole.columns else []
    return [place for place in complete if not np.isnan(whole.columns["value"][place])]


def _compared(whole: Reading, against: str, period: str | None) -> _Compared:
    known = _known(whole)
    now = _place(whole, known, period)
    before = [place for place in known if place < now]
    if not before:
        raise UsageError(f"{whole.kvi.title} has no complete {whole.grain} before it to compare with.")
    labels, since = whole.columns["label"], whole.columns["level_since"]
    if against != USUAL:
        then = before[-1] if against == PREVIOUS else _place(whole, before, against)
        return _Compared(now, (then,), str(labels[then]))
    usual = tuple(place for place in before if since[place] == since[before[-1]])
    first, last = labels[usual[0]], labels[usual[-1]]
    if len(usual) == 1:
        return _Compared(now, usual, str(last))
    return _Compared(now, usual, f"usual, {first} to {last}", float(whole.columns["centre"][now]))


def _place(whole: Reading, known: Sequence[int], period: str | None) -> int:
    if not known:
        raise UsageError(f"{whole.kvi.title} has no complete {whole.grain} yet.")
    if period is None:
        return known[-1]
    for place in known:
        first, last = (str(whole.columns[name][place])[:10] for name in ("period", "ends_on"))
        if period.casefold() == str(whole.columns["label"][place]).casefold() or first <= period <= last:
            return place
    raise UsageError(
        f'"{period}" is no complete {whole.grain} with a value that could be taken here; the latest is '
        f"{_name(whole, known[-1])}."
    )


def _name(whole: Reading, place: int) -> str:
    return str(whole.columns["label"][place])


def _contributions(
    board: Board, kvi: Kvi, view: View, by: str, whole: Reading, readings: Sequence[Reading], compared: _Compared
) -> Contributions:
    for names in (("numerator", "denominator"), ("value",)):  # the days of an average per day are no sum over slices
        sliced = [_then_and_now([reading.columns for reading in readings], name, compared) for name in names]
        total = [_then_and_now([whole.columns], name, compared) for name in names]
        if all(_adds_up(parts, all_) for parts, all_ in zip(sliced, total, strict=True)):
            return _of(sliced, is_ratio=len(names) > 1 and kvi.formula.denominator is not None)
    return _of_sums_behind(board, kvi, view, by, compared)


def _of(sums: Sequence[tuple[np.ndarray, np.ndarray]], is_ratio: bool) -> Contributions:
    if not is_ratio:
        return of_sum(*sums[0])
    (n_then, n_now), (d_then, d_now) = sums
    return of_ratio(n_then, d_then, n_now, d_now)


def _of_sums_behind(board: Board, kvi: Kvi, view: View, by: str, compared: _Compared) -> Contributions:
    """For a formula that is neither a sum nor a ratio of sums: by the sums that stand in it."""
    parts = [
        replace(kvi, name=each.name, formula=Formula(each.sql, (each,), each.name, each.name, None), interval=None)
        for each in kvi.formula.aggregates
    ]
    where = dict(view.where)
    sliced = evaluate_all(board.reader, parts, Question(view.grain, by, where))
    whole = evaluate_all(board.reader, parts, Question(view.grain, None, where))
    sums = []
    for part in parts:
        count = len(whole[part.name]["value"])
        slices = [{"value": row} for row in sliced[part.name]["value"].reshape(-1, count)]
        found, total = _then_and_now(slices, "value", compared), _then_and_now([whole[part.name]], "value", compared)
        if not _adds_up(found, total):
            raise UsageError(f"{kvi.title} cannot be split by {by}: {part.formula.text} of the slices does not add up.")
        sums.append(found)
    try:
        formula = as_function(kvi.formula.value)
        names = [part.name for part in parts]
        then, now = np.array([then for then, _ in sums]), np.array([now for _, now in sums])
        return of_formula(lambda values: formula(dict(zip(names, values, strict=True))), then, now)
    except (ValueError, KeyError, ZeroDivisionError) as error:
        what = f"{kvi.formula.text} is no arithmetic of sums"
        raise UsageError(f"{kvi.title} cannot be split by slices: {what}.") from error


def _then_and_now(
    columns: Sequence[Mapping[str, np.ndarray]], name: str, compared: _Compared
) -> tuple[np.ndarray, np.ndarray]:
    """Per slice: the mean of the periods then, and the value now; nothing counts as 0."""
    values = np.nan_to_num(np.array([each[name] for each in columns], dtype=float))
    return values[:, list(compared.then)].mean(axis=1), values[:, compared.now]


def _adds_up(parts: tuple[np.ndarray, np.ndarray], whole: tuple[np.ndarray, np.ndarray]) -> bool:
    return all(
        bool(np.isclose(part.sum(), total.sum(), rtol=_NEARLY, atol=_NEARLY * max(1.0, float(np.abs(part).sum()))))
        for part, total in zip(parts, whole, strict=True)
    )


def _rows(dimension: str, readings: Sequence[Reading], now: int, found: Contributions) -> pd.DataFrame:
    change = found.now - found.then
    frame = pd.DataFrame(
        {
            "dimension": dimension,
            "slice": [str(reading.slice) for reading in readings],
            "effect": found.effect,
            "rate_effect": found.rate_effect,
            "mix_effect": found.mix_effect,
            "share_of_change": found.effect / change if change else np.nan,
            "weight": found.weight,
            "verdict": [str(reading.columns["verdict"][now]) for reading in readings],
        }
    )
    direction = -1 if change < 0 else 1
    order = (-direction * frame["effect"]).argsort(kind="stable")
    return frame.iloc[order].reset_index(drop=True)


def _how_much_it_explains(rows: pd.DataFrame) -> float:
    """How much a dimension explains: by how much its slices' shares of the change differ from their weights. Where all
    customers changed alike every slice has the share of its weight, and the dimension explains nothing."""
    return float((rows["share_of_change"] - rows["weight"]).abs().sum())


def usual_in_words(why: Why, currency: str) -> str:
    """Why what is usual here is not what tile and chart call so; "" where they show the same number, or none."""
    here, there = (format_value(value, why.kvi.unit, currency) for value in (why.then, why.centre))
    is_elsewhere = why.judged != why.grain
    if math.isnan(why.centre) or (here == there and not is_elsewhere):
        return ""
    by_size = ", a larger one counting more" if why.rows["rate_effect"].notna().any() else ""
    average = f"the average of the {why.judged}s that set the usual range"
    elsewhere = f"judge per {why.judged}" if is_elsewhere else f"say usually {there}, {average}"
    return f"Tile and chart {elsewhere}; here it is the average of the {why.grain}s before {why.period}{by_size}."


def in_words(why: Why, currency: str) -> str:
    """Which slices stand out, in sentences of amounts: shares of a change pass 100 % where others went the other way.
    The numbers stand beside it."""
    for dimension, rows in why.by_dimension.items():
        found = outstanding(rows)
        if len(found):
            return _standing_out(why, dimension, rows, found, currency)
    if (why.rows["verdict"].isin([UP, DOWN]) & (why.rows["share_of_change"] > 0)).any():
        return "No group stands out: those that are unusual moved it by no more than their size would."
    if why.rows["verdict"].isin([UP, DOWN, WITHIN]).any():
        return "No group stands out beyond its usual ups and downs: the differences below may be chance."
    return "It is too early to tell which group stands out: there is too little history, or too few answers."


def _standing_out(why: Why, dimension: str, rows: pd.DataFrame, found: pd.DataFrame, currency: str) -> str:
    change = abs(why.now - why.then)
    part, weight = abs(float(found["effect"].sum())), float(found["weight"].sum())
    whole, theirs, by_size = (
        format_distance(size, 0.0, why.kvi.unit, currency) for size in (change, part, weight * change)
    )
    way, makes = ("fall", "lowered") if why.now < why.then else ("rise", "raised")
    names = f"{listed(found['slice'].tolist())} ({dimension.replace('_', ' ')})"
    stands, its = ("stands", "its") if len(found) == 1 else ("stand", "their")
    others = rows.drop(found.index)
    noise = others["verdict"].eq(WITHIN) | (others["share_of_change"].abs() < _SMALL)
    rest = "The rest is the usual ups and downs." if noise.all() else "No other group stands out for sure."
    if part > change:
        said = f"alone {makes} it by {theirs}, more than the {way} of {whole}: others went the other way"
        return f"{names} {said}. {rest}"
    size = f"by {its} size, {format_value(round(weight, 2), 'percent')} of the whole, it would be {by_size}"
    return f"{names} {stands} out: {theirs} of the {way} of {whole} come from there; {size}. {rest}"
