"""The rows behind a trend chart: one per period, one column per kind of mark. How they are drawn is in `trend`."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from itertools import pairwise
from math import isfinite
from statistics import fmean
from typing import Any

import pandas as pd

from kviboard.charts.periods import axis_keys
from kviboard.charts.theme import NOTE, TIME_AXIS, VALUE_PADDING, column, days, numbers
from kviboard.domain.formatting import NO_VALUE, format_range, format_value
from kviboard.domain.kvis.verdict_words import in_plain_words

Numbers = list[float | None]
Write = Callable[[float | None], str]
LABEL_HEIGHT = 2 * NOTE + 14  # px that a label of two lines takes in the margin, with the space to the next
_ABOVE_THE_AXIS = 0.3  # of a label in the margin: its second line does not reach the names of periods
MOST_POINTS = 60  # more cannot be told apart
_DRAWN = ("shown", "solid", "lower", "upper", "low", "high", "target")
_PLACES = ("centre_y", "target_y", "hollow_y", "latest_y")  # of labels in the margin
_NOWHERE = (float("-inf"), float("inf"))
WEEK = 7  # days, over which the rhythm of a week evens out


def trend_rows(
    frame: pd.DataFrame,
    unit: str,
    currency: str,
    grain: str,
    height: int,
    releases: pd.DataFrame | None = None,
    notes: pd.DataFrame | None = None,
) -> dict[str, list[Any]]:
    """Turn the periods of a KVI into what `trend_spec` draws; see `trend_chart` for the columns of `frame`.

    Incomplete periods are apart (`dashed`, `hollow`) and stop just outside the range of the complete ones, so that half
    a period's sum neither looks like a crash nor flattens the history; one that the axis reaches is drawn where it is.
    """
    columns = _rows(frame, unit, currency, grain, height, stop=True)
    if _reaches_stopped(columns, numbers(column(frame, "value")), height):
        columns = _rows(frame, unit, currency, grain, height, stop=False)
    columns["released"] = _flagged(frame, releases)
    columns["noted"] = _flagged(frame, notes)
    return columns


def _rows(
    frame: pd.DataFrame, unit: str, currency: str, grain: str, height: int, *, stop: bool
) -> dict[str, list[Any]]:
    """All but what flies on the axis. Without `stop`, incomplete periods are drawn where they are."""
    columns, scale = _marks(frame, stop)
    columns["key"] = axis_keys(days(frame, "period"), column(frame, "label"), grain)
    write = cache(partial(format_value, unit=unit, currency=currency))  # targets and limits repeat
    write_range = cache(partial(format_range, unit=unit, currency=currency))
    bands = zip(columns["lower"], columns["upper"], strict=True)
    columns |= _texts(frame)
    columns["full_text"] = [
        format_value(value, unit, currency, precise=True) for value in numbers(column(frame, "value"))
    ]
    columns["target_text"] = [write(value) for value in columns["target"]]
    columns["range_text"] = [write_range(low, high) for low, high in bands]
    is_smoothed = grain == "day" and len(frame) > MOST_POINTS
    columns["smooth"] = _over_a_week(columns["solid"], _weights(frame)) if is_smoothed else [None] * len(frame)
    columns |= _latest_label(columns)
    drawn = _range(*(columns[name] for name in _DRAWN))  # what sets the scale may be one value, or none
    floor = 0.0 if _never_below(unit, drawn[0]) else None
    stops = _stops(scale) if stop else _NOWHERE
    columns |= _margin_labels(columns, write, _label_size(drawn, height), floor, stops)
    return columns


def _marks(frame: pd.DataFrame, stop: bool) -> tuple[dict[str, list[Any]], tuple[float, float]]:
    """The numbers that are drawn, and the lowest and highest of those that set the scale."""
    complete = [bool(whole) for whole in column(frame, "complete")]
    value = numbers(column(frame, "value"))
    limits = {name: numbers(column(frame, name)) for name in ("lower", "centre", "upper")}
    columns: dict[str, list[Any]] = {name: _held(known, complete) for name, known in limits.items()}
    columns |= {name: _only(numbers(column(frame, name)), complete) for name in ("low", "high")}
    columns["target"] = numbers(column(frame, "target"))
    columns["solid"] = _only(value, complete)
    scale = _range(*(columns[name] for name in ("solid", "lower", "upper", "low", "high", "target")))
    shown = [_within(number, _stops(scale)) for number in value] if stop else value
    signal = [tone if isinstance(tone, str) else None for tone in column(frame, "signal")]
    columns |= {
        "shown": shown,
        "dashed": _towards_incomplete(shown, complete),
        "hollow": _only(shown, [not whole for whole in complete]),
        "signal": signal,
        "signal_value": _only(columns["solid"], [tone is not None for tone in signal]),
        "direction": ["up" if str(words).endswith(": up") else "down" for words in column(frame, "verdict")],
    }
    return columns, scale


def _only(values: Sequence[float | None], where: Sequence[bool]) -> Numbers:
    return [value if here else None for value, here in zip(values, where, strict=True)]


def _held(limits: Numbers, complete: Sequence[bool]) -> Numbers:
    """Limits stretched over the incomplete periods at both ends; complete ones of a short history stay without."""
    forward = list(limits)
    for order in (range(1, len(forward)), range(len(forward) - 2, -1, -1)):
        for index in order:
            if forward[index] is None and not complete[index]:
                forward[index] = forward[index - order.step]
    return forward


def _range(*columns: Sequence[float | None]) -> tuple[float, float]:
    known = [value for column in columns for value in column if value is not None]
    return (min(known), max(known)) if known else (float("-inf"), float("inf"))


def axis_ends(rows: Mapping[str, Sequence[Any]], unit: str, height: int) -> tuple[float | None, float | None]:
    """Where the value axis has to end below and above, None where nothing is in its way: the room around the values
    takes no share below 0 % or above 100 %, and no count or amount below 0, where none of them is."""
    low, high = _range(*(rows[name] for name in _DRAWN))
    lowest, highest, room = _reach(rows, height)
    room = room if high > low else 0.0
    floor = 0.0 if _never_below(unit, low) and lowest < room else None
    return floor, 1.0 if unit == "percent" and high <= 1 < highest + room else None


def _reach(rows: Mapping[str, Sequence[Any]], height: int) -> tuple[float, float, float]:
    """The lowest and highest of all that has a place on the value axis, and the room that the axis leaves around it."""
    lowest, highest = _range(*(rows[name] for name in (*_DRAWN, *_PLACES)))
    plot = height - TIME_AXIS - 2 * VALUE_PADDING
    return lowest, highest, (highest - lowest) * VALUE_PADDING / plot if isfinite(lowest) else 0.0


def _reaches_stopped(rows: Mapping[str, Sequence[Any]], values: Numbers, height: int) -> bool:
    """Whether the axis shows where a value lies that is not drawn there."""
    stopped = [v for v, shown in zip(values, rows["shown"], strict=True) if v is not None and v != shown]
    if not stopped:
        return False
    lowest, highest, room = _reach(rows, height)
    return any(lowest - room <= value <= highest + room for value in stopped)


def _never_below(unit: str, lowest: float) -> bool:
    """Whether values of which the lowest is this one have to end at 0."""
    return unit != "score" and lowest >= 0


def _label_size(scale: tuple[float, float], height: int) -> float:
    """How much of the value axis a margin label covers."""
    span = scale[1] - scale[0]
    plot = height - TIME_AXIS - 2 * VALUE_PADDING
    return span * LABEL_HEIGHT / plot if isfinite(span) else 0.0


def _stops(scale: tuple[float, float]) -> tuple[float, float]:
    """Where incomplete periods stop that lie below and above the scale; nowhere for one of a single value."""
    slack = 0.12 * (scale[1] - scale[0]) or float("inf")
    return scale[0] - slack, scale[1] + slack


def _within(value: float | None, ends: tuple[float, float]) -> float | None:
    return None if value is None else min(max(value, ends[0]), ends[1])


def _towards_incomplete(shown: Numbers, complete: Sequence[bool]) -> Numbers:
    """Values of incomplete periods and of their neighbours, so that a line joins each to the complete ones."""
    ends = {i for pair in pairwise(range(len(shown))) if not all(complete[i] for i in pair) for i in pair}
    return [value if index in ends else None for index, value in enumerate(shown)]


def _texts(frame: pd.DataFrame) -> dict[str, list[str]]:
    """What a reader sees on hover, one text per period."""
    texts = {"label": "", "value_text": "", "change_text": NO_VALUE, "n_text": NO_VALUE}
    said = {name: [str(words) or empty for words in column(frame, name, "")] for name, empty in texts.items()}
    judged = zip(column(frame, "verdict", ""), column(frame, "signal"), strict=True)
    return said | {"verdict": [in_plain_words(str(verdict), tone) for verdict, tone in judged]}


def _flagged(frame: pd.DataFrame, flags: pd.DataFrame | None) -> list[str]:
    """The titles of what was released or noted in each period."""
    if flags is None or flags.empty:
        return [NO_VALUE] * len(frame)
    marked = sorted(zip(days(flags, "day"), map(str, flags["title"]), strict=True))
    spans = zip(days(frame, "period"), days(frame, "ends_on"), strict=True)
    return ["; ".join(title for day, title in marked if start <= day <= end) or NO_VALUE for start, end in spans]


def _weights(frame: pd.DataFrame) -> Numbers:
    """What each value is of: answers, else what it is a share of. Of a sum there is neither."""
    answers, whole = (numbers(column(frame, name)) for name in ("n", "denominator"))
    return answers if any(answers) else [None if part is None else max(part, 0.0) for part in whole]


def _over_a_week(values: Numbers, weights: Numbers) -> Numbers:
    """The mean of each day and the six before it; of shares and means that of all they are of, not of the days."""
    smooth: Numbers = []
    for end in range(len(values)):
        week = slice(max(0, end - WEEK + 1), end + 1)
        known = [(v, w) for v, w in zip(values[week], weights[week], strict=True) if v is not None]
        total = sum(weight or 0.0 for _, weight in known)
        whole = end >= WEEK - 1 and values[end] is not None
        if not whole:
            smooth.append(None)
        elif total:
            smooth.append(sum(value * (weight or 0.0) for value, weight in known) / total)
        else:
            smooth.append(fmean(value for value, _ in known))
    return smooth


def _latest_label(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The last complete value, written on the side of its point where the line does not come from."""
    solid: Numbers = columns["solid"]
    known = [index for index, value in enumerate(solid) if value is not None]
    places: dict[str, Numbers] = {"above_y": [None] * len(solid), "below_y": [None] * len(solid)}
    if known:
        latest, before = known[-1], known[-2:][0]
        rises = (solid[latest] or 0.0) >= (solid[before] or 0.0)
        places["above_y" if rises else "below_y"][latest] = solid[latest]
    return places


def _margin_labels(
    columns: dict[str, list[Any]], write: Write, gap: float, floor: float | None, stops: tuple[float, float]
) -> dict[str, list[Any]]:
    """Names of the lines at the end of the last period, pushed apart where they would overlap, none below the floor. An
    unfinished value that is drawn where the scale `stops`, nearer than it is, points on. Where all is one value, there
    is no gap, and it is written once."""
    count = len(columns["key"])
    whole = [index for index, value in enumerate(columns["solid"]) if value is not None]
    latest = columns["label"][whole[-1]] if whole else ""
    so_far = dict(zip(stops, ("↓ so far", "↑ so far"), strict=True)).get((columns["hollow"] or [None])[-1], "so far")
    named = {"target": "target", "centre": "average", "hollow": so_far, "latest": latest}
    ends = {name: columns[name][-1] for name in ("target", "centre", "hollow") if count}
    ends["latest"] = columns["solid"][whole[-1]] if whole else None
    places = {name: value for name, value in reversed(ends.items()) if value is not None}
    places = _apart(places if gap else dict(list(places.items())[:1]), gap)
    if floor is not None:
        for rank, name in enumerate(sorted(places, key=lambda name: places[name])):
            places[name] = max(places[name], floor + (rank + _ABOVE_THE_AXIS) * gap)
    labels: dict[str, list[Any]] = {}
    for name, word in named.items():
        labels[f"{name}_y"], labels[f"{name}_label"] = [None] * count, [""] * count
        if name in places:
            place = {"hollow": -1, "latest": whole[-1] if whole else -1}.get(name)
            text = write(ends[name]) if place is None else columns["value_text"][place]
            labels[f"{name}_y"][-1], labels[f"{name}_label"][-1] = places[name], f"{word}\n{text}"
    return labels


def _apart(places: dict[str, float], gap: float) -> dict[str, float]:
    """Places moved as little as possible (in squares) so that no two are nearer than the gap.

    Pool adjacent violators (Ayer et al. 1955) on the places less the room of those below.
    """
    order = sorted(places, key=lambda name: places[name])
    pools: list[list[float]] = []
    for rank, name in enumerate(order):
        pools.append([places[name] - rank * gap])
        while len(pools) > 1 and fmean(pools[-2]) > fmean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    level = [fmean(pool) for pool in pools for _ in pool]
    return {name: level[rank] + rank * gap for rank, name in enumerate(order)}
