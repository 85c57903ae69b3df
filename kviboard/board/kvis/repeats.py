"""Which answers of a period came from the same customer: the interval around a KVI takes them for less than as many of
different customers."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from kviboard.board.kvis.sql import (
    WITH_REPEATS,
    Question,
    answers_as_daily,
    body_of_daily,
    facts_of,
    sql_of_repeats,
)
from kviboard.catalog.files import tables_named
from kviboard.domain.kvis.intervals import Repeats
from kviboard.domain.kvis.kvi import Kvi
from kviboard.warehouse.reader import Reader


def repeats_of(reader: Reader, kvi: Kvi, question: Question, period: np.ndarray, slices: np.ndarray) -> Repeats | None:
    """The sums over pairs in each of these periods and slices; None where no customer answered twice in a period, or
    the KVI's SELECT does not tell whose an answer is.

    One over `daily` alone, whose rows add up customers, is asked of single answers as if each were a row of it.
    """
    names = {name for name, _ in reader.columns(kvi.sql)} if kvi.is_of_answers else set()
    is_of_daily = tables_named(kvi.sql)[0] == {"daily"}
    if not kvi.is_of_answers or question.elapsed_days is not None or not (is_of_daily or "customer_id" in names):
        return None
    if is_of_daily and question.grain not in reader.kept(WITH_REPEATS, lambda: reader.arrays(WITH_REPEATS))["grain"]:
        return None
    daily = answers_as_daily(reader.columns(body_of_daily()), reader.dimensions) if is_of_daily else ""
    dimensions = [name for name in reader.dimensions if not is_of_daily or name in names]
    sql, parameters = sql_of_repeats(kvi, facts_of(kvi, reader), daily, dimensions, question.grain)
    found = reader.kept((sql, question.grain), lambda: reader.arrays(sql, parameters))
    named = found | {name: found[f"slice_{number}"] for number, name in enumerate(dimensions)}
    return _of_rows(named, question, period, slices) if found["period"].size else None


def _of_rows(found: Mapping[str, np.ndarray], question: Question, period: np.ndarray, slices: np.ndarray) -> Repeats:
    """What was found of each period and combination of slices, added up in the places of periods and slices."""
    chosen = np.ones(found["period"].size, dtype=bool)
    for dimension, values in question.where.items():
        if values:
            chosen &= np.isin(found[dimension].astype(object), [*values])
    names = (found[question.by], slices) if question.by else (np.zeros(chosen.size), np.zeros(period.size))
    there, asked = (
        pd.MultiIndex.from_arrays([pd.Series(days).astype("datetime64[s]"), pd.Series(of)])
        for days, of in zip((found["period"], period), names, strict=True)
    )
    place = asked.get_indexer(there)
    chosen &= place >= 0
    return Repeats(*(np.bincount(place[chosen], found[name][chosen], period.size) for name in Repeats._fields))
