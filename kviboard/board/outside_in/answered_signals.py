"""How many signals of KVIs a decision followed within a sprint."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from operator import or_

import numpy as np

from kviboard.board.context import BoardContext
from kviboard.board.kvis.reading import Reading
from kviboard.board.kvis.sorting import without_mirrors
from kviboard.board.outside_in.over_time import Count, shares_over_time
from kviboard.board.outside_in.sign import Sign, counted_sign
from kviboard.domain.kvis.signals import DOWN, UP

_PAGE = "review?view=history"  # with every decision, and the KVI it is about


def answered_signals(context: BoardContext, readings: Mapping[str, Reading]) -> Sign:
    """Signals since the first decision, and those that a decision about their KVI followed within a sprint."""
    title, board = "Unusual moves answered within a sprint", context.board
    made = [(each.kvi, context.day_of(each.created_at)) for each in context.store.decisions.all()]
    if not made:
        return Sign("signals_answered", title, None, "no decisions yet", _PAGE)
    first, time = min(day for _, day in made), timedelta(days=board.workspace.sprints.days)
    found = [
        (begun, [day for kvi, day in made if kvi in (reading.kvi.name, reading.kvi.mirrors)])
        for reading in without_mirrors(list(readings.values()))
        for begun in _signals(reading)
        if begun >= first
    ]

    def count(today: date, known: date) -> Count:
        answered = [any(begun <= day <= min(begun + time, known) for day in days) for begun, days in found]
        over = [begun + time < today for begun, _ in found]  # else there is time left
        return sum(answered), sum(map(or_, answered, over))

    before = shares_over_time(first, board.today, lambda day: count(day, day))
    return counted_sign("signals_answered", title, *count(board.today, date.max), "unusual moves", _PAGE, before)


def _signals(reading: Reading) -> Iterator[date]:
    """The days on which signals could be seen first: when their periods were over and settled. Those of one direction
    in periods that follow one another are one."""
    reading = reading.judging
    if not reading.columns:
        return
    places = np.flatnonzero(reading.columns["complete"])
    verdicts = ["", *(str(reading.columns["verdict"][place]) for place in places)]
    for place, (last, verdict) in zip(places, pairwise(verdicts), strict=True):
        if verdict in (UP, DOWN) and verdict != last:
            over: date = reading.columns["ends_on"][place].astype("datetime64[D]").item()
            yield over + timedelta(days=reading.kvi.complete_after)
