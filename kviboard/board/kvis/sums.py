"""What a query adds up per period and combination of slices, kept: whoever chooses slices or customers needs no query.

To plan a query takes longer than to run it, and a page reads every KVI. Only for what adds up: sums and counts, and
values that are arithmetic of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
import pandas as pd

from kviboard.board.kvis.sql import PERIODS, Query, Question, sql_of_sums
from kviboard.catalog.expression import adds_up, as_function, is_arithmetic
from kviboard.domain.kvis.kvi import Kvi
from kviboard.warehouse.reader import Reader

_MOST_PARTS = 50_000  # periods times slices: 10 MB where twenty sums are asked for
_PARTS_OF_ONE, _MOST_EXACT = 10_000, 2**53


@dataclass(frozen=True)
class Sums:
    """The sums of a query in one length of period: a row for each period and combination of slices that has any.

    `periods` and `ends_on` are all periods there are, `place` says which of them a row is of. `codes` and `names` are
    the rows' values of each dimension, as places among the names; a place of -1 stands for none. `sums` come with what
    they are to be divided by.
    """

    periods: np.ndarray
    ends_on: np.ndarray
    place: np.ndarray
    codes: Mapping[str, np.ndarray]
    names: Mapping[str, np.ndarray]
    sums: Mapping[str, tuple[np.ndarray, int]]

    @classmethod
    def of(cls, found: Mapping[str, np.ndarray], dimensions: Sequence[str], periods: Mapping[str, np.ndarray]) -> Self:
        """The rows of `sql_of_sums`."""
        coded = {dimension: pd.factorize(found[dimension]) for dimension in dimensions}
        return cls(
            periods["period"],
            periods["ends_on"],
            np.searchsorted(periods["period"], found["period"]),
            {dimension: codes for dimension, (codes, _) in coded.items()},
            {dimension: np.asarray(names, dtype=object) for dimension, (_, names) in coded.items()},
            {name: _exact(column) for name, column in found.items() if name not in (*dimensions, "period")},
        )

    def answer(self, query: Query, question: Question, slices: Sequence[str]) -> dict[str, np.ndarray]:
        """What the query returns: period, ends_on, slice and its columns, by slice where the question asks for them."""
        count, shown = self.periods.size, [*slices] if question.by else [None]
        rows, place = np.ones(self.place.size, dtype=bool), self.place
        for dimension, values in question.where.items():
            if values:
                rows &= self._of_row(dimension, np.isin(self.names[dimension], list(values)), False)
        if question.by:
            order = {name: number for number, name in enumerate(shown)}
            slice_of_row = self._of_row(question.by, [order.get(name, -1) for name in self.names[question.by]], -1)
            rows &= slice_of_row >= 0
            place = place + slice_of_row * count
        found = {
            name: np.bincount(place[rows], sums[rows], count * len(shown)) / divisor
            for name, (sums, divisor) in self.sums.items()
        }
        for part in query.parts:
            found[f"days{part.span}"] = np.tile(self._days(part.reach.data_from, part.reach.data_through), len(shown))
        size = count * len(shown)  # of a divisor such as 1000, too
        return {
            "period": np.tile(self.periods, len(shown)),
            "ends_on": np.tile(self.ends_on, len(shown)),
            "slice": np.repeat(np.array(shown, dtype=object), count),
            **{name: np.broadcast_to(as_function(sql)(found), size) for sql, name in query.columns.items()},
        }

    def _of_row(self, dimension: str, of_name: Sequence[int] | np.ndarray, of_none: int) -> np.ndarray:
        """What belongs to the name that each row has of a dimension."""
        return np.take(np.append(of_name, of_none).astype(type(of_none)), self.codes[dimension])

    def _days(self, data_from: date, data_through: date) -> np.ndarray:
        """How many of each period's days the data covers."""
        first = np.maximum(self.periods, np.datetime64(data_from, "D"))
        last = np.minimum(self.ends_on, np.datetime64(data_through, "D"))
        return np.asarray((last - first) / np.timedelta64(1, "D") + 1)


def _exact(column: np.ndarray) -> tuple[np.ndarray, int]:
    """Sums as whole numbers of their smallest part, and how many of those are one: 0.1 + 0.2 - 0.3 is nothing, and must
    not become a denominator. Sums that are no decimals stay what they are."""
    whole = np.rint(column * _PARTS_OF_ONE)
    is_decimal = (whole / _PARTS_OF_ONE == column).all() and np.abs(whole).sum() < _MOST_EXACT
    return (whole, _PARTS_OF_ONE) if is_decimal else (column, 1)


def is_summed(kvi: Kvi) -> bool:
    """Whether the KVI's values are arithmetic of what adds up over slices, and are 0 of nothing."""
    formula = kvi.formula
    if kvi.is_no_sum:
        return False
    results = [formula.value, formula.numerator, *([formula.denominator] if formula.denominator else [])]
    return all(adds_up(aggregate.sql) for aggregate in formula.aggregates) and all(map(is_arithmetic, results))


def sums_for(reader: Reader, query: Query, question: Question) -> Sums | None:
    """What answers the question without a query; None where no slices are chosen, or there are too many to keep."""
    asked = {name for name, values in question.where.items() if values} | ({question.by} if question.by else set())
    if not asked or question.first or question.last or question.elapsed_days is not None:
        return None
    columns = {name for name, _ in reader.columns(query.facts.sql)}
    dimensions = [name for name in reader.dimensions if name in columns]
    periods = reader.kept((PERIODS, question.grain), lambda: reader.arrays(PERIODS, {"grain": question.grain}))
    if not asked <= {*dimensions} or len(reader.slices) * periods["period"].size > _MOST_PARTS:
        return None
    sql, parameters = sql_of_sums(query, question.grain, dimensions)
    return reader.kept((sql, *parameters.items()), lambda: Sums.of(reader.arrays(sql, parameters), dimensions, periods))
