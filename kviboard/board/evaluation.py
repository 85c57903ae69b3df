"""Evaluates one KVI: any grain, slice, range and filter in one query over its fact rows.

Owns the SQL around a KVI's body. What the values mean (signal, target) is said elsewhere.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from kviboard.board.reach import Reach, reach_of
from kviboard.catalog.expression import columns_of
from kviboard.domain import intervals
from kviboard.domain.kvi import Aggregate, Kvi
from kviboard.domain.periods import GRAINS
from kviboard.errors import UsageError
from kviboard.warehouse.reader import Reader

_INTERVALS: dict[str, Callable[..., tuple[np.ndarray, np.ndarray]]] = {
    "nps": intervals.nps,
    "share": intervals.share,
    "mean": intervals.mean,
}
COLUMNS = ("period", "slice", "value", "numerator", "denominator", "n", "low", "high", "complete")


@dataclass(frozen=True)
class Question:
    """What is asked of a KVI. `first` and `last` select whole periods: every period that overlaps them."""

    grain: str = "month"
    by: str | None = None
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    elapsed_days: int | None = None  # only the first days of each period: for comparing with an incomplete one


def evaluate(reader: Reader, kvi: Kvi, question: Question) -> pd.DataFrame:
    """One row per period and slice, every period and slice present: COLUMNS.

    period: datetime64, first day; slice: str, None for the unsliced KVI; value, numerator, denominator, n, low, high:
    float, NaN where there is no basis; complete: bool. Percentages are fractions. Raises UsageError for a grain or
    dimension that does not exist, QueryError if the KVI's SQL fails.
    """
    _check(kvi, question, reader)
    reach = reach_of(kvi, reader)
    if reach is None:
        return _empty()
    sql, parameters = query_for(kvi, question, reader, reach)
    frame = reader.frame(sql, parameters)
    return _finish(frame, kvi)


def query_for(kvi: Kvi, question: Question, reader: Reader, reach: Reach) -> tuple[str, dict[str, object]]:
    """The SQL of an evaluation, readable on its own, and its parameters."""
    parameters: dict[str, object] = {
        "grain": question.grain,
        "first": question.first or reach.first_day,
        "last": question.last or reach.last_day,
        "data_from": reach.data_from,
        "data_through": reach.data_through,
        "complete_after": kvi.complete_after,
    }
    if question.elapsed_days is not None:
        parameters["elapsed_days"] = question.elapsed_days
    aggregates = [*kvi.formula.aggregates, *_interval_aggregates(kvi)]
    slice_ = f'"{question.by}"' if question.by else "cast(null as varchar)"
    filters = _filters(question, parameters)
    sql = _QUERY.format(
        facts=_with_dimensions(kvi, reader),
        periods=_periods_sql(question),
        slice=slice_,
        slices=f"select distinct {slice_} as slice from slices where true{filters}"
        if question.by
        else "select null slice",
        filters=filters,
        aggregates=_columns(f"cast({a.sql} as double) as {a.name}" for a in aggregates),
        filled=_columns(f"{_filled(a)} as {a.name}" for a in aggregates),
        value=kvi.formula.value,
        numerator=kvi.formula.numerator,
        denominator=kvi.formula.denominator or "null",
        interval_parts=_columns(a.name for a in _interval_aggregates(kvi)),
    )
    return sql, parameters


# Aggregates first, arithmetic last: periods and slices without rows get 0 for sums and null for ratios.
_QUERY = """with facts as (
{facts}
),

periods as (
{periods}
),

aggregated as (
    select
        periods.period,
        cast({slice} as varchar) as slice{aggregates}
    from facts
    inner join periods on facts.day = periods.calendar_day
    where true{filters}
    group by all
),

grid as (
    select
        spans.period,
        spans.is_complete,
        spans.days,
        cast(named.slice as varchar) as slice
    from (select distinct period, is_complete, days from periods) as spans
    cross join ({slices}) as named
),

filled as (
    select
        grid.period,
        grid.slice,
        grid.is_complete,
        grid.days{filled}
    from grid
    left join aggregated on grid.period = aggregated.period and grid.slice is not distinct from aggregated.slice
)

select
    period,
    slice,
    cast({value} as double) as value,
    cast({numerator} as double) as numerator,
    cast({denominator} as double) as denominator{interval_parts},
    is_complete as complete
from filled
order by slice, period"""


def _columns(expressions: Iterable[str]) -> str:
    return "".join(f",\n        {expression}" for expression in expressions)


def _periods_sql(question: Question) -> str:
    """Each day with its period, the period's last day that counts, and how many of its days the data covers."""
    end = "least(ends_on, cast($data_through as date))"
    only_elapsed = ""
    if question.elapsed_days is not None:
        end = "least(ends_on, cast($data_through as date), cast(period + cast($elapsed_days as integer) - 1 as date))"
        only_elapsed = "\n        and day < period + cast($elapsed_days as integer)"
    return f"""    select
        day as calendar_day,
        period,
        {end} as last_day,
        {end} - greatest(period, cast($data_from as date)) + 1 as days,
        ends_on <= cast($data_through as date) - cast($complete_after as integer)
        and period >= $data_from as is_complete
    from calendar
    where grain = $grain
        and ends_on >= $first
        and period <= $last{only_elapsed}"""


def _with_dimensions(kvi: Kvi, reader: Reader) -> str:
    """The KVI's body; where it returns customers instead of dimensions, joined with their dimensions."""
    names = {name for name, _ in reader.columns(kvi.sql)}
    missing = [dimension for dimension in reader.dimensions if dimension not in names]
    if not missing or "customer_id" not in names:
        return kvi.sql
    return f"""    select
        body.*,
        {", ".join(f'customers."{dimension}"' for dimension in missing)}
    from (
{kvi.sql}
    ) as body
    left join customers on body.customer_id = customers.customer_id"""


def _filters(question: Question, parameters: dict[str, object]) -> str:
    lines = []
    for number, (dimension, values) in enumerate(question.where.items()):
        if values:
            parameters[f"where_{number}"] = list(values)
            lines.append(f'\n        and "{dimension}" in (select unnest($where_{number}))')
    return "".join(lines)


def _interval_aggregates(kvi: Kvi) -> list[Aggregate]:
    columns = kvi.interval.columns if kvi.interval else ()
    return [Aggregate(f"interval_{number}", f"sum({column})", 0.0) for number, column in enumerate(columns)]


def _filled(aggregate: Aggregate) -> str:
    if aggregate.when_empty is None:
        return f"aggregated.{aggregate.name}"
    return f"coalesce(aggregated.{aggregate.name}, {aggregate.when_empty})"


def _finish(frame: pd.DataFrame, kvi: Kvi) -> pd.DataFrame:
    parts = [frame.pop(part.name).to_numpy(dtype=float) for part in _interval_aggregates(kvi)]
    nothing = np.full(len(frame), np.nan)
    low = high = n = nothing
    if kvi.interval is not None:
        low, high = _INTERVALS[kvi.interval.kind](*parts)
        n = parts[-1]
    frame.insert(5, "n", n)
    frame.insert(6, "low", low)
    frame.insert(7, "high", high)
    return frame


def _empty() -> pd.DataFrame:
    kinds = {"period": "datetime64[us]", "slice": "object", "complete": "bool"}
    return pd.DataFrame({name: pd.Series(dtype=kinds.get(name, "float64")) for name in COLUMNS})


def _check(kvi: Kvi, question: Question, reader: Reader) -> None:
    if question.grain not in GRAINS:
        raise UsageError(f'"{question.grain}" is not a grain; choose one of {", ".join(GRAINS)}.')
    if question.grain not in kvi.grains:
        raise UsageError(f"{kvi.title} is computed per {' or '.join(kvi.grains)}, not per {question.grain}.")
    for dimension in [*([question.by] if question.by else []), *question.where]:
        if dimension not in reader.dimensions:
            known = ", ".join(reader.dimensions)
            hint = f"choose one of {known}" if known else "this workspace names none"
            raise UsageError(f'"{dimension}" is not a dimension; {hint}.')
    missing = missing_columns(kvi, reader)
    if missing:
        raise UsageError(f"{kvi.path}: uses {', '.join(missing)}, which its SELECT does not return.")


def missing_columns(kvi: Kvi, reader: Reader) -> list[str]:
    """Columns that the KVI's value or interval uses and its body does not return."""
    returned = {name for name, _ in reader.columns(kvi.sql)} | {"last_day"}
    used = {column for aggregate in kvi.formula.aggregates for column in columns_of(aggregate.sql)}
    return sorted((used | set(kvi.interval.columns if kvi.interval else ()) | {"day"}) - returned)
