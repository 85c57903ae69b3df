"""Evaluates KVIs: any grain, slice, range and filter, all KVIs over the same fact rows in one query.

What the values mean (signal, target) is said elsewhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from kviboard.board.kvis.reach import KviReach, full_from, reach_of
from kviboard.board.kvis.repeats import repeats_of
from kviboard.board.kvis.sql import Facts, KviColumns, Query, Question, facts_of, plan, sql_of
from kviboard.board.kvis.sums import is_summed, sums_for
from kviboard.catalog.expression import columns_of
from kviboard.domain.kvis.intervals import interval
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.periods import GRAINS
from kviboard.errors import QueryError, UsageError
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.tried import refuse_inflation

Values = dict[str, np.ndarray]
_BEYOND_MEASURE = 1e100
_DAYS = ("DATE", "TIMESTAMP", "VARCHAR")
"""Types of a day; a text is read as a date."""
COLUMNS = ("period", "slice", "value", "numerator", "denominator", "n", "low", "high", "complete")


def evaluate(reader: Reader, kvi: Kvi, question: Question) -> pd.DataFrame:
    """One row per period and slice, every period and slice present: COLUMNS.

    period: datetime64, first day; slice: str, None for the unsliced KVI; value, numerator, denominator, n, low, high:
    float, NaN where there is no basis; complete: bool. Percentages are fractions. Raises UsageError for a grain or
    dimension that does not exist, QueryError if the KVI's SQL fails.
    """
    return pd.DataFrame(evaluate_all(reader, [kvi], question)[kvi.name])


def evaluate_all(reader: Reader, kvis: Sequence[Kvi], question: Question) -> dict[str, Values]:
    """What `evaluate` returns of each KVI, by name, as arrays: making frames of them costs more than the query.

    Rows are in the order of slices, then periods. Raises what `evaluate` raises, for the first one in trouble.
    """
    return evaluate_grains(reader, {question.grain: kvis}, question)[question.grain]


def evaluate_grains(
    reader: Reader, asked: Mapping[str, Iterable[Kvi]], question: Question
) -> dict[str, dict[str, Values]]:
    """What `evaluate_all` returns in several grains, whichever the question names: by grain, then by name.

    A query that answers in two grains costs little more than in one, and far less than two.
    """
    values: dict[str, dict[str, Values]] = {grain: {} for grain in asked}
    # By their facts and whether they add up, then by grain.
    sharing: dict[tuple[Facts, bool], dict[str, list[tuple[Kvi, KviReach]]]] = {}
    for grain, kvis in asked.items():
        for kvi in kvis:
            _check(kvi, replace(question, grain=grain), reader)
            reach = reach_of(kvi, reader)
            values[grain][kvi.name] = _empty()
            if reach is not None:
                if kvi.is_own:
                    _refuse_inflation(reader, kvi, reach)
                same = (facts_of(kvi, reader), is_summed(kvi))
                sharing.setdefault(same, {}).setdefault(grain, []).append((kvi, reach))
    slices = reader.dimension_values(question.by, question.where) if question.by else []
    for (facts, adds_up), by_grain in sharing.items():
        query = plan(facts, list({kvi.name: (kvi, reach) for own in by_grain.values() for kvi, reach in own}.values()))
        found = _found(reader, query, question, slices, list(by_grain), adds_up)
        for each, asked_in in by_grain.items():
            rows = _in_order(found[each])
            names = {kvi.name for kvi, _ in asked_in}
            values[each] |= {
                part.kvi.name: _values(reader, rows, part, replace(question, grain=each))
                for part in query.parts
                if part.kvi.name in names
            }
    return values


def _found(
    reader: Reader, query: Query, question: Question, slices: Sequence[str], grains: Sequence[str], adds_up: bool
) -> dict[str, Values]:
    """What a query returns in each of the grains."""
    grain, *more = grains
    kept = {each: sums_for(reader, query, replace(question, grain=each)) for each in grains} if adds_up else {}
    found = {each: sums.answer(query, question, slices) for each, sums in kept.items() if sums}
    if len(found) < len(grains):
        rows = reader.arrays(*sql_of(query, replace(question, grain=grain), slices, more))
        found = {each: _of_grain(rows, each) if more else rows for each in grains}
    return found


def _of_grain(found: Values, grain: str) -> Values:
    rows = found["grain"] == grain
    return {name: column[rows] for name, column in found.items()}


def _refuse_inflation(reader: Reader, kvi: Kvi, reach: KviReach) -> None:
    """Raises QueryError where one that the company wrote takes more than its rows explain, in its shortest periods."""
    query = plan(facts_of(kvi, reader), [(kvi, reach)])
    own = (kvi.sql, *(aggregate.sql for aggregate in query.aggregates))
    refuse_inflation(reader, kvi.title, own, *sql_of(query, Question(kvi.grains[0])))


def _in_order(found: Values) -> Values:
    slices, _ = pd.factorize(found["slice"], sort=True)
    order = np.lexsort((found["period"], slices))
    return {name: column[order] for name, column in found.items()}


def _values(reader: Reader, found: Values, part: KviColumns, question: Question) -> Values:
    """One KVI's values with their interval, of the periods it asked for: others in the query may reach further."""
    kvi, reach = part.kvi, part.reach
    period, ends_on = found["period"], found["ends_on"]
    first, last = _day(question.first or reach.first_day), _day(question.last or reach.last_day)
    rows = (ends_on >= first) & (period <= last)
    settled = _day(reach.data_through) - np.timedelta64(kvi.complete_after, "D")
    filled = _day(full_from(kvi, reach))
    complete = (ends_on <= settled) & (period >= _day(reach.data_from)) & (ends_on >= filled)
    sums = [found[name][rows] for name in part.interval]
    low = high = unknown = np.full(int(rows.sum()), np.nan)
    if kvi.interval:
        repeats = repeats_of(reader, kvi, question, period[rows], found["slice"][rows])
        low, high = interval(kvi.interval.kind, sums, repeats)
    nobody_knows = (period[rows] > _day(reach.data_through)) | (ends_on[rows] < _day(reach.known_from))
    results = {
        name: np.where(nobody_knows, np.nan, found[column][rows]) if column else unknown
        for name, column in part.results.items()
    }
    return {
        "period": period[rows],
        "slice": found["slice"][rows],
        **results,
        "value": _possible(kvi, results),
        "n": sums[-1] if sums else unknown,
        "low": low,
        "high": high,
        "complete": complete[rows],
    }


def _possible(kvi: Kvi, results: Values) -> np.ndarray:
    """The values, NaN for one beyond what the KVI can be: where refunds weigh more than purchases, a part is no share
    of the whole; and what no number of rows comes to, whose square is none, has no usual range."""
    value, denominator = results["value"], results["denominator"]
    floor, ceiling = kvi.limits
    slack = 1e-9  # sums of floating point
    beyond = np.abs(value) > _BEYOND_MEASURE
    if floor is not None:
        beyond |= (value < floor - slack) | (denominator < 0)
    if ceiling is not None:
        beyond |= value > ceiling + slack
    return np.where(beyond, np.nan, value)


def _day(day: date) -> np.datetime64:
    return np.datetime64(day, "D")


def _empty() -> Values:
    kinds = {"period": "datetime64[us]", "slice": "object", "complete": "bool"}
    return {name: np.empty(0, kinds.get(name, "float64")) for name in COLUMNS}


def _check(kvi: Kvi, question: Question, reader: Reader) -> None:
    if question.grain not in GRAINS:
        raise UsageError(f'"{question.grain}" is not a grain; choose one of {", ".join(GRAINS)}.')
    if question.grain not in kvi.grains:
        raise UsageError(f"{kvi.title} is computed per {' or '.join(kvi.grains)}, not per {question.grain}.")
    unknown = unknown_dimensions(question.by, question.where, reader)
    if unknown:
        raise UsageError(unknown[0])
    what, _ = misfit(kvi, reader)
    if what:
        raise UsageError(f"{kvi.path}: {what}")
    asked = [name for name in (question.by, *(name for name, values in question.where.items() if values)) if name]
    returned = {name for name, _ in reader.columns(kvi.sql)}
    unknown = [name for name in asked if not returned & {name, "customer_id"}]
    if unknown:
        (name, *_) = unknown
        raise QueryError(f"{kvi.title} cannot be told by {name}: its SELECT returns neither customer_id nor {name}.")


def unknown_dimensions(by: str | None, where: Iterable[str], reader: Reader) -> list[str]:
    """A sentence for each dimension asked for, as slices or as filter, that the workspace does not name."""
    known = ", ".join(reader.dimensions)
    hint = f"choose one of {known}" if known else "this workspace names none"
    asked = dict.fromkeys([*([by] if by else []), *where])
    return [f'"{name}" is not a dimension; {hint}.' for name in asked if name not in reader.dimensions]


def misfit(kvi: Kvi, reader: Reader) -> tuple[str, str]:
    """What is wrong with the columns that the KVI's body returns, and what to do; empty where its value, its interval
    and the calendar find theirs. Raises QueryError where it does not run."""
    returned = dict(reader.columns(kvi.sql))
    used = {column for aggregate in kvi.formula.aggregates for column in columns_of(aggregate.sql)}
    missing = (used | set(kvi.interval.columns if kvi.interval else ()) | {"day"}) - returned.keys() - {"last_day"}
    if missing:
        return f"uses {', '.join(sorted(missing))}, which its SELECT does not return.", "Return it or fix the value."
    if not returned["day"].startswith(_DAYS):
        return f"returns a day that is no date, but {returned['day']}.", "Return a date: cast(… as date) as day."
    return "", ""
