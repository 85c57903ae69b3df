"""What the periods of a KVI say: limits of normal variation, the verdict on each and why, as columns and as words.

The rules are in domain.kvis.signals; here they meet what is complete, what rests on enough answers, which periods can
be compared with one another, and the KVI's unit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from kviboard.domain.formatting import format_range
from kviboard.domain.kvis import signals, xmr
from kviboard.domain.kvis.drift import caution_for
from kviboard.domain.kvis.intervals import too_few
from kviboard.domain.kvis.kvi import Kvi

Columns = Mapping[str, np.ndarray] | pd.DataFrame
OVERLAPS = "overlaps a period that is judged"
FEW_ANSWERS = "too few answers ("  # how many, and of which period where it is another one
FILLING = "too early to say: for its first {days} days it grows by itself"
BEYOND = "not shown: refunds take it beyond what it can be"
ALIKE = 1 / 4  # of the longer one's days: by no more may the lengths of sprints differ that are compared
RARE = 3  # events a period: of fewer, chance alone makes any number
SPARSE = 1 / 25  # of the usual denominator: of so much less a ratio varies five times as much as usual
NOTHING = "nothing was ever counted"
OF_LITTLE = "too few to judge (its basis is under 4 % of the usual)"

_WEEK = 7


@dataclass(frozen=True)
class Judged:
    """The verdict on every period and what it rests on, one entry per period; limits are NaN where there are none.

    `since` is the place of the period with which the present level began, -1 where no shift was seen; `centre_before`
    the centre of the level before that one, NaN likewise.
    """

    verdict: list[str]
    rule: list[int | None]
    since: np.ndarray
    centre_before: np.ndarray
    limits: dict[str, np.ndarray]


def meaning(
    kvi: Kvi, values: Columns, labels: Sequence[str] | np.ndarray, currency: str, grain: str
) -> dict[str, np.ndarray]:
    """Columns with the limits of normal variation and the verdict per period, computed on the complete periods of
    `values` (see `judge`)."""
    complete = np.asarray(values["complete"], dtype=bool)
    found = judge(kvi, values, complete, grain)
    texts: dict[str, Sequence[str | None]] = {
        "level_since": [labels[place] if place >= 0 else "" for place in found.since],
        "verdict": found.verdict,
        "reason": _reasons(found, kvi, currency, [_named(kvi, day, grain) for day in _days(values["ends_on"])]),
        "signal": [signals.good_or_bad(verdict, kvi.better) for verdict in found.verdict],
    }
    return (
        found.limits
        | {"centre_before": found.centre_before}
        | {name: as_objects(column) for name, column in texts.items()}
    )


def not_judged(values: Columns, judged: str) -> dict[str, np.ndarray]:
    """The same columns for periods of a grain that the KVI is not judged in: no limits, and which grain is."""
    complete = np.asarray(values["complete"], dtype=bool)
    nothing = np.full(complete.size, np.nan)
    texts: dict[str, Sequence[str | None]] = {
        "level_since": [""] * complete.size,
        "verdict": [f"judged per {judged}" if whole else "incomplete" for whole in complete],
        "reason": [""] * complete.size,
        "signal": [None] * complete.size,
    }
    limits = dict.fromkeys(("centre", "lower", "upper", "centre_before"), nothing)
    return limits | {name: as_objects(column) for name, column in texts.items()}


def judge(kvi: Kvi, values: Columns, complete: np.ndarray, grain: str) -> Judged:
    """What the complete periods say, and the verdict on every period.

    `values` has `value`, `numerator`, `denominator`, `n`, `comparable` and `ends_on` per period, and `period` of a KVI
    that grows with its length; `complete` marks those that count: other marks, other history. A period with too few
    answers sets no limits and ends no run, and neither does one that cannot be compared yet.
    """
    value, n = (np.asarray(values[name], dtype=float) for name in ("value", "n"))
    few = complete & too_few(n) & ~np.isnan(n)
    size = complete.size
    limits = {name: np.full(size, np.nan) for name in ("centre", "lower", "upper")}
    found = Judged(_unjudged(kvi, values, complete), [None] * size, np.full(size, -1), np.full(size, np.nan), limits)
    comparable = np.asarray(values["comparable"], dtype=bool)
    series = list(_comparable(kvi, values, np.flatnonzero(complete & comparable), grain))
    for places in series:
        _assess(found, kvi, values, np.where(few, np.nan, value), places, grain)
        _say_rare(found, kvi, values, places, grain)
        if grain == "sprint" and len(series) > 1:
            _say_length(found, places)
    if kvi.window_days:
        _spread_back(found, complete)
    for place in np.flatnonzero(complete & ~comparable):
        found.verdict[place] = FILLING.format(days=kvi.judged_after)
    if _is_nothing(kvi, values, complete):
        for place in np.flatnonzero(complete):
            found.verdict[place], found.rule[place] = NOTHING, None
    for place in np.flatnonzero(few):
        found.verdict[place] = f"{FEW_ANSWERS}{n[place]:.0f})"
    return found


def judged_together(kvi: Kvi, values: Columns, grain: str) -> np.ndarray:
    """The places of the periods that the latest one is judged with, in order, itself included; empty without any."""
    counted = np.flatnonzero(np.asarray(values["complete"], dtype=bool) & np.asarray(values["comparable"], dtype=bool))
    series = _comparable(kvi, values, counted, grain)
    return next((places for places in series if counted.size and places[-1:] == counted[-1]), counted)


def _unjudged(kvi: Kvi, values: Columns, complete: np.ndarray) -> list[str]:
    """What is said of periods before any rule: incomplete, without a basis, beyond what the KVI can be."""
    value, numerator, denominator = (
        np.asarray(values[name], dtype=float) for name in ("value", "numerator", "denominator")
    )
    beyond = np.isnan(value) & ~np.isnan(numerator) & ~np.isnan(denominator) & (denominator != 0)
    otherwise = OVERLAPS if kvi.window_days else "no basis"
    known = np.where(np.isnan(value), np.where(beyond, BEYOND, "no basis"), otherwise)
    return [str(text) if whole else "incomplete" for text, whole in zip(known, complete, strict=True)]


def are_alike(days: int, others: int) -> bool:
    """Whether periods of so many days may be compared by a KVI that grows with their length."""
    return abs(days - others) <= ALIKE * max(days, others)


def _comparable(kvi: Kvi, values: Columns, complete: np.ndarray, grain: str) -> Iterator[np.ndarray]:
    """The places of complete periods that are judged together, in order.

    Days are compared with the same weekday, and sprints with those of about their length where a longer one has
    more of what is counted: six weeks of turnover after one are no news. Of a KVI over a window longer than its
    periods only those count that share no day with one another, going back from the latest: its moving ranges would
    be far too small.
    """
    ends_on = _days(values["ends_on"])
    if not kvi.window_days:
        if grain == "day":
            yield from (complete[ends_on[complete] % _WEEK == day] for day in range(_WEEK))
        elif grain == "sprint" and kvi.formula.grows:
            yield from _by_length(ends_on - _days(values["period"]) + 1, complete)
        else:
            yield complete
        return
    window = -(-kvi.window_days // _WEEK) * _WEEK if grain == "day" else kvi.window_days
    chosen: list[int] = []
    for place in complete[::-1]:
        if not chosen or ends_on[place] <= ends_on[chosen[-1]] - window:
            chosen.append(int(place))
    yield np.array(chosen[::-1], dtype=int)


def _by_length(days: np.ndarray, places: np.ndarray) -> Iterator[np.ndarray]:
    """Periods of about the same length, those like the latest first."""
    while places.size:
        is_like = np.array([are_alike(int(days[place]), int(days[places[-1]])) for place in places])
        yield places[is_like]
        places = places[~is_like]


def _say_length(found: Judged, places: np.ndarray) -> None:
    """Of how many sprints of about its length a verdict would need more."""
    for place in places:
        if known := signals.history_known(found.verdict[place]):
            found.verdict[place] = f"too early to say ({known} sprints of about its length)"


def _assess(found: Judged, kvi: Kvi, values: Columns, value: np.ndarray, places: np.ndarray, grain: str) -> None:
    sparse = _is_sparse(kvi, values, places)
    points = value[places].copy()
    points[sparse] = np.nan
    known = points[np.isfinite(points)]
    is_alike = kvi.carries_over or grain == "quarter"  # most customers of a quarter are those of the one before
    caution = caution_for(known, kvi.limits[1] is None, is_alike) if known.size >= xmr.ENOUGH else xmr.NONE
    said = signals.assess(points.tolist(), *kvi.limits, caution=caution)
    for name, column in found.limits.items():
        column[places] = getattr(said, name)
    for before, level in pairwise(said.levels):
        found.since[places[level.start_index :]] = places[level.start_index]
        found.centre_before[places[level.start_index :]] = before.centre
    for place, verdict, rule in zip(places.tolist(), said.verdict, said.rule, strict=True):
        found.verdict[place] = verdict or _without_overlap(found.verdict[place])
        found.rule[place] = rule
    for place in places[sparse]:
        found.verdict[place] = OF_LITTLE


def _is_sparse(kvi: Kvi, values: Columns, places: np.ndarray) -> np.ndarray:
    """Which periods a ratio has next to nothing to be of, compared with the others: the one order of a month that is
    followed by another is no repurchase rate of 100 %, and would make any rate usual."""
    of = np.asarray(values["denominator"], dtype=float)[places]
    known = of[of > 0]
    if kvi.formula.denominator is None or not known.size:
        return np.zeros(places.size, dtype=bool)
    return np.asarray((of > 0) & (of < SPARSE * float(np.median(known))))


def _without_overlap(verdict: str) -> str:
    return "no basis" if verdict == OVERLAPS else verdict


def _is_nothing(kvi: Kvi, values: Columns, complete: np.ndarray) -> bool:
    """Whether a count or sum is 0 in each period: nobody knows whether nothing happened, or is called otherwise."""
    known = np.asarray(values["value"], dtype=float)[complete]
    known = known[~np.isnan(known)]
    return not kvi.formula.is_ratio and known.size > 0 and not known.any()


def _say_rare(found: Judged, kvi: Kvi, values: Columns, places: np.ndarray, grain: str) -> None:
    """Counts of a few events are not judged: two after none is no news. Neither is what a few come to on average: one
    order a month is no average order."""
    counts = _events(kvi, values, places)
    if counts.size < xmr.ENOUGH or counts.mean() >= RARE:
        return
    mean = "under 0.1" if counts.mean() < 0.1 else f"{counts.mean():.1f}"
    for place in places:
        if found.verdict[place] in (signals.UP, signals.DOWN, signals.WITHIN):
            found.verdict[place] = f"too few to judge ({mean} per {grain} on average)"
            found.rule[place] = None


def _events(kvi: Kvi, values: Columns, places: np.ndarray) -> np.ndarray:
    """How many events the known periods count, or are an average or a share of; none where that is no number of them,
    but amounts or a share."""
    per_event = {"customers": 1, "per_1000": 1000}.get(kvi.unit)
    of_events = kvi.formula.is_ratio and kvi.unit in ("currency", "percent")
    counted = np.asarray(values["numerator" if per_event else "denominator"], dtype=float)[places]
    known: np.ndarray = counted[np.isfinite(counted)]
    is_number = per_event is not None or (of_events and not np.any(known % 1))
    return known / (per_event or 1) if is_number else known[:0]


def _spread_back(found: Judged, complete: np.ndarray) -> None:
    """Periods between two that are judged are drawn with the limits of the later one."""
    for name, column in found.limits.items():
        column[complete] = pd.Series(column[complete]).bfill().to_numpy()
        found.limits[name] = column


def as_objects(texts: Sequence[str | None]) -> np.ndarray:
    """Texts as they are, each an object of its own: None stays None."""
    return np.array(texts, dtype=object)


def _days(moments: np.ndarray | pd.Series) -> np.ndarray:
    """Days since 1970 as numbers."""
    return np.asarray(moments).astype("datetime64[D]").astype(np.int64)


def _named(kvi: Kvi, ends_on: int, grain: str) -> str:
    """What the periods are called that one is compared with: "Saturday", "non-overlapping sprint", "month"."""
    if kvi.window_days:
        return f"non-overlapping {grain}"
    weekdays = ("Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday")  # 1 Jan 1970 first
    return weekdays[ends_on % _WEEK] if grain == "day" else grain


def _reasons(found: Judged, kvi: Kvi, currency: str, names: Sequence[str]) -> list[str]:
    limits = zip(found.limits["lower"], found.limits["upper"], strict=True)
    said = zip(found.rule, found.verdict, limits, names, strict=True)
    return [
        signals.explain(rule, verdict, format_range(*between, kvi.unit, currency), name) if rule else ""
        for rule, verdict, between, name in said
    ]
