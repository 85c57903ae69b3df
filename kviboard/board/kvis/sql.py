"""The SQL of an evaluation: one query around fact rows, for one KVI or for several that share them.

Planning a query costs as much as running it, so a page asks for all its KVIs at once. Each KVI keeps the days that its
own exports reach, in columns of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kviboard.board.kvis.reach import KviReach
from kviboard.catalog.expression import OF_LAST_DAY, with_columns
from kviboard.domain.contract import CONTRACT
from kviboard.domain.kvis.kvi import Aggregate, Kvi
from kviboard.warehouse.engine import literal, quoted
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.staging.customers import UNKNOWN


@dataclass(frozen=True)
class Question:
    """What is asked of a KVI. `first` and `last` select whole periods: every period that overlaps them."""

    grain: str = "month"
    by: str | None = None
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    elapsed_days: int | None = None  # only the first days of each period: for comparing with an incomplete one


@dataclass(frozen=True)
class KviColumns:
    """One KVI's part in a query: the names of its result columns there, `span` ends those of the days it covers.

    `results` are value, numerator and denominator; None for a denominator that there is not. `interval` are the sums
    that the KVI's interval is computed from.
    """

    kvi: Kvi
    reach: KviReach
    span: str
    results: Mapping[str, str | None]
    interval: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """The fact rows of a KVI: their SELECT, and whether each says with its `period_from` in which period it counts.

    Such a row counts in the period that begins on that day and in no other, whichever periods its day lies in: so each
    customer is counted once a period, without any customer being looked at.
    """

    sql: str
    are_of_periods: bool = False

    @property
    def counts_in(self) -> str:
        """The condition that a row counts in the period of a calendar day."""
        on_day = "facts.day = calendar_days.calendar_day"
        return f"{on_day} and facts.period_from = calendar_days.period" if self.are_of_periods else on_day


@dataclass(frozen=True)
class Query:
    """The parts of one query, what it aggregates for them and, by expression, the columns that it returns."""

    facts: Facts
    parts: tuple[KviColumns, ...]
    aggregates: tuple[Aggregate, ...]
    columns: Mapping[str, str]

    @property
    def spans(self) -> list[str]:
        return list(dict.fromkeys(part.span for part in self.parts))


def plan(facts: Facts, asked: Sequence[tuple[Kvi, KviReach]]) -> Query:
    """One query for KVIs that share the body `facts`; aggregates and results that are the same stand in it once."""
    reaches = list(dict.fromkeys(_span(reach) for _, reach in asked))
    shared = dict[tuple[str, float | None], Aggregate]()
    columns = dict[str, str]()
    parts = []
    for number, (kvi, reach) in enumerate(asked):
        place = reaches.index(_span(reach))
        span = f"_{place}" if place else ""
        names = _aggregated(kvi, reach, span, shared) | {"days": f"days{span}"}
        results = {name: _result(sql, names, f"k{number}_{name}" if len(asked) > 1 else name, columns)
                   for name, sql in _results(kvi).items()}  # fmt: skip
        interval = [_result(each.name, names, names[each.name], columns) for each in _interval_sums(kvi)]
        parts.append(KviColumns(kvi, reach, span, results, tuple(name for name in interval if name)))
    return Query(facts, tuple(parts), tuple(shared.values()), columns)


def _aggregated(
    kvi: Kvi, reach: KviReach, span: str, shared: dict[tuple[str, float | None], Aggregate]
) -> dict[str, str]:
    """Add the KVI's aggregates to those `shared` in the query; by their names in the KVI their names there. Where one
    of its exports ends before another, none counts the days that only the other has."""
    names = {}
    for aggregate in (*kvi.formula.aggregates, *_interval_sums(kvi)):
        sql = with_columns(aggregate.sql, {"last_day": f"last_day{span}"})
        if reach.data_through < reach.last_day and not aggregate.sql.endswith(OF_LAST_DAY):
            sql += f" filter (where day <= last_day{span})"
        when_empty = None if kvi.is_no_sum else aggregate.when_empty
        own = Aggregate(f"a{len(shared)}", sql, when_empty)
        names[aggregate.name] = shared.setdefault((sql, when_empty), own).name
    return names


def _results(kvi: Kvi) -> dict[str, str | None]:
    formula = kvi.formula
    return {"value": formula.value, "numerator": formula.numerator, "denominator": formula.denominator}


def _result(sql: str | None, names: Mapping[str, str], name: str, columns: dict[str, str]) -> str | None:
    """The column of a result over the aggregates: `name`, unless the same expression is there already."""
    return None if sql is None else columns.setdefault(with_columns(sql, names), name)


def _interval_sums(kvi: Kvi) -> list[Aggregate]:
    columns = kvi.interval.columns if kvi.interval else ()
    return [Aggregate(f"interval_{number}", f"SUM({column})", 0.0) for number, column in enumerate(columns)]


def facts_of(kvi: Kvi, reader: Reader) -> Facts:
    """The KVI's body, a time as the day it lies in; where it returns customers instead of dimensions, joined with their
    dimensions. Rows of nobody known are among customers of whom nothing is, as in `daily`, so that slices add up to the
    whole."""
    names = dict(reader.columns(kvi.sql))
    missing = [dimension for dimension in reader.dimensions if dimension not in names]
    sql = kvi.sql
    if names.get("day", "").startswith("TIMESTAMP"):
        sql = f"    select * replace (cast(day as date) as day)\n    from (\n{sql}\n    ) as body_of_times"
    if missing and "customer_id" in names:
        sql = f"""    select
        body.*,
        {", ".join(f"coalesce(customers.{name}, '{UNKNOWN}') as {name}" for name in map(quoted, missing))}
    from (
{sql}
    ) as body
    left join customers on body.customer_id = customers.customer_id"""
    return Facts(sql, are_of_periods="period_from" in names)


def sql_of(
    query: Query, question: Question, slices: Sequence[str] = (), more_grains: Sequence[str] = ()
) -> tuple[str, dict[str, object]]:
    """The SQL of an evaluation, readable on its own, and its parameters.

    `slices` are the names that the periods are cut into, where the question asks for a dimension; `more_grains` are
    answered beside the one of the question. It returns period, ends_on, slice and the columns of the query, in no
    order, and before them the grain of each row where there are several.
    """
    parameters = _parameters(query.parts, question)
    grains = ["grain", *(f"grain_{number}" for number in range(1, len(more_grains) + 1))]
    parameters |= zip(grains[1:], more_grains, strict=True)
    several = len(grains) > 1
    if question.by:
        parameters["slices"] = list(slices)
    days = [f"days{span}" for span in query.spans]
    sql = _QUERY.format(
        facts=query.facts.sql,
        grains=f"in ({', '.join(f'${name}' for name in grains)})" if several else "= $grain",
        grain="\n        grain," if several else "",
        grain_of_day="\n        calendar_days.grain," if several else "",
        grain_of_grid="\n        grid.grain," if several else "",
        same_grain="grid.grain = aggregated.grain and " if several else "",
        last_days=_columns(f"{_last_day(span, question)} as last_day{span}" for span in query.spans),
        elapsed=_elapsed("day", question),
        counts_in=query.facts.counts_in,
        slice=f'cast("{question.by}" as varchar)' if question.by else "cast(null as varchar)",
        filters=_filters(question, parameters),
        aggregates=_columns(f"cast({a.sql} as double) as {a.name}" for a in query.aggregates),
        slices="unnest(cast($slices as varchar[]))" if question.by else "cast(null as varchar)",
        days=_columns(f"{_days(span, question)} as days{span}" for span in query.spans),
        begun=_elapsed("first_day", question),
        filled=_columns([*(f"grid.{name}" for name in days), *map(_filled, query.aggregates)]),
        same_slice=" and grid.slice = aggregated.slice" if question.by else "",
        results=_columns(f"cast({sql} as double) as {name}" for sql, name in query.columns.items()),
    )
    return sql, parameters


# Aggregates first, arithmetic last: periods and slices without rows get 0 for sums and null for ratios.
_QUERY = """with facts as (
{facts}
),

calendar_days as (
    select{grain}
        day as calendar_day,
        period{last_days}
    from calendar
    where grain {grains}
        and ends_on >= $first
        and period <= $last{elapsed}
),

aggregated as (
    select{grain_of_day}
        calendar_days.period,
        {slice} as slice{aggregates}
    from facts
    inner join calendar_days on {counts_in}
    where true{filters}
    group by all
),

grid as (
    select{grain}
        period,
        ends_on,
        {slices} as slice{days}
    from periods
    where grain {grains}
        and ends_on >= $first
        and period <= $last{begun}
),

filled as (
    select{grain_of_grid}
        grid.period,
        grid.ends_on,
        grid.slice{filled}
    from grid
    left join aggregated on {same_grain}grid.period = aggregated.period{same_slice}
)

select{grain}
        period,
        ends_on,
        slice{results}
from filled"""


def sql_of_sums(query: Query, grain: str, dimensions: Sequence[str]) -> tuple[str, dict[str, object]]:
    """The SQL of what a query aggregates per period and combination of the dimensions' values, and its parameters.

    It returns period, the dimensions and the aggregates, of all periods that have rows.
    """
    question = Question(grain)
    names = [f'cast(facts."{dimension}" as varchar) as "{dimension}"' for dimension in dimensions]
    aggregates = (f"coalesce(cast({a.sql} as double), 0.0) as {a.name}" for a in query.aggregates)
    sql = _SUMS.format(
        facts=query.facts.sql,
        counts_in=query.facts.counts_in,
        last_days=_columns(f"{_last_day(span, question)} as last_day{span}" for span in query.spans),
        columns=_columns([*names, *aggregates]),
    )
    parameters = _parameters(query.parts, question)
    return sql, {name: value for name, value in parameters.items() if not name.startswith("data_from")}


def sql_of_repeats(
    kvi: Kvi, facts: Facts, daily: str, dimensions: Sequence[str], grain: str
) -> tuple[str, dict[str, object]]:
    """The SQL of the sums over pairs of one customer's answers that an interval takes, per period and combination of
    the dimensions' values, in slice_0, slice_1 …, of those that have any; and its parameters. `daily` stands for the
    mart where it is given.
    """
    if kvi.interval is None:
        raise ValueError(f"{kvi.name} has no interval")
    one, other, n = kvi.interval.columns[0], kvi.interval.columns[1], kvi.interval.columns[-1]
    is_score = kvi.interval.kind == "nps"
    squares = {"nps": f"{one} + {other}", "share": one, "mean": other}[kvi.interval.kind]
    names = [f"cast(facts.{quoted(name)} as varchar) as slice_{number}" for number, name in enumerate(dimensions)]
    sql = _REPEATS.format(
        daily=f"daily as (\n{daily}\n),\n\n" if daily else "",
        facts=facts.sql,
        columns=_columns(names),
        values=f"{one} - {other}" if is_score else one,
        squares=squares,
        n=n,
    )
    return sql, {"grain": grain}


def answers_as_daily(columns: Iterable[tuple[str, str]], dimensions: Sequence[str]) -> str:
    """The SQL of the answers by customers who gave several as rows of `daily`, whose columns these are: each counts
    itself, and nothing else."""
    known = {"day": "repeated_answers.day", "slice_id": "repeated_answers.slice_id"}
    known |= {dimension: f"slices.{quoted(dimension)}" for dimension in dimensions} | _COUNTED
    shown = [f"{known.get(name, f'cast(null as {kind})')} as {quoted(name)}" for name, kind in columns]
    return _ANSWERS.format(columns=",\n    ".join(shown))


_COUNTED = {
    "responses": "1",
    "nps_responses": "cast(points is not null as integer)",
    "promoters": "cast(coalesce(points = 1, false) as integer)",
    "passives": "cast(coalesce(points = 0, false) as integer)",
    "detractors": "cast(coalesce(points = -1, false) as integer)",
    "very_satisfied": "cast(score >= 8 as integer)",
    "score_sum": "score",
    "score_sum_squares": "score * score",
}
"""What answers_by_day counts, of one answer."""

_ANSWERS = """select
    {columns},
    repeated_answers.customer_number as customer_id
from repeated_answers
inner join slices on repeated_answers.slice_id = slices.slice_id
where
    repeated_answers.counts_towards_scores
    and repeated_answers.days_apart < (select max(ends_on - period + 1) from periods where grain = $grain)"""

_REPEATS = """with {daily}facts as (
{facts}
),

told as (
    select
        calendar.period{columns},
        facts.customer_id as whose,
        {n} as answers,
        {values} as points,
        {squares} as squares
    from facts
    inner join calendar on facts.day = calendar.day and calendar.grain = $grain
    where facts.customer_id is not null
)

select * from pairs_among('told')"""

WITH_REPEATS = """select grain
from periods
group by grain
having
    max(ends_on - period + 1)
    > (select min(days_apart) from repeated_answers where counts_towards_scores)"""
"""The lengths of period in which a customer may have given two answers that count towards scores."""

PERIODS = "select period, ends_on from periods where grain = $grain order by period"
"""All periods of one length, in their order."""

_SUMS = """with facts as (
{facts}
),

calendar_days as (
    select
        day as calendar_day,
        period{last_days}
    from calendar
    where grain = $grain
        and ends_on >= $first
        and period <= $last
)

select
        calendar_days.period{columns}
from facts
inner join calendar_days on {counts_in}
group by all"""


def sql_of_rows(
    facts: Facts, columns: Sequence[str], question: Question, most: int | None = None
) -> tuple[str, dict[str, object]]:
    """The SQL of the fact rows in the one period that the question's days are, with these of their columns and how many
    there are in `matching`; the first `most`, in the order of their days. And its parameters."""
    parameters: dict[str, object] = {"first": question.first, "last": question.last}
    sql = _ROWS.format(
        facts=facts.sql,
        columns=",\n    ".join("cast(day as date) as day" if name == "day" else quoted(name) for name in columns),
        of_period="\n    and period_from = cast($first as date)" if facts.are_of_periods else "",
        filters=_filters(question, parameters),
        most="" if most is None else f"\nlimit {int(most)}",
    )
    return sql, parameters


_ROWS = """with facts as (
{facts}
)

select
    {columns},
    count(*) over () as matching
from facts
where cast(day as date) between $first and $last{of_period}{filters}
order by all{most}"""


def _span(reach: KviReach) -> tuple[date, date]:
    return reach.data_from, reach.data_through


def _parameters(parts: Sequence[KviColumns], question: Question) -> dict[str, object]:
    parameters: dict[str, object] = {
        "grain": question.grain,
        "first": question.first or min(part.reach.first_day for part in parts),
        "last": question.last or max(part.reach.last_day for part in parts),
    }
    for part in parts:
        parameters[f"data_from{part.span}"], parameters[f"data_through{part.span}"] = _span(part.reach)
    if question.elapsed_days is not None:
        parameters["elapsed_days"] = question.elapsed_days
    return parameters


def _columns(expressions: Iterable[str]) -> str:
    return "".join(f",\n        {expression}" for expression in expressions)


def _last_day(span: str, question: Question) -> str:
    """The last day of a period that counts."""
    ends = ["ends_on", f"cast($data_through{span} as date)"]
    if question.elapsed_days is not None:
        ends.append("cast(period + cast($elapsed_days as integer) - 1 as date)")
    return f"least({', '.join(ends)})"


def _days(span: str, question: Question) -> str:
    """How many of a period's days the data covers."""
    return f"{_last_day(span, question)} - greatest(period, cast($data_from{span} as date)) + 1"


def _elapsed(column: str, question: Question) -> str:
    """The condition that a day is among the first ones of its period, where only these are asked for."""
    return "" if question.elapsed_days is None else f"\n        and {column} < period + cast($elapsed_days as integer)"


def _filters(question: Question, parameters: dict[str, object]) -> str:
    lines = []
    for number, (dimension, values) in enumerate(question.where.items()):
        if values:
            names = {f"where_{number}_{place}": value for place, value in enumerate(values)}
            parameters |= names
            lines.append(f'\n        and "{dimension}" in ({", ".join(f"${name}" for name in names)})')
    return "".join(lines)


def _filled(aggregate: Aggregate) -> str:
    name, empty = aggregate.name, aggregate.when_empty
    return f"aggregated.{name}" if empty is None else f"coalesce(aggregated.{name}, {empty}) as {name}"


def body_of_daily() -> str:
    """The SELECT of a KVI over the measures of daily."""
    return "select * from daily"


def body_of_rows(table: str, column: str, values: Sequence[str], count: str, number: str) -> str:
    """The SELECT of a KVI over the rows of a table whose `column` is one of `values`; all unless given.

    `number` is what a sum or mean is of; a share is of all rows. Refunds are no orders, as everywhere else, and are
    taken off amounts. An order with lines of several products is one of each, with the amounts of its lines. Rows keep
    their ids, by which a reader finds them again.
    """
    is_of_amounts = table == "orders" and count in ("sum", "mean")
    among = f"{column} in ({', '.join(map(literal, values))})"
    chosen = [] if not values else [f"({_holds(among)}\n)"] if table == "orders" else [among]
    conditions = [] if count == "share" or is_of_amounts else chosen
    conditions += ["amount >= 0"] if table == "orders" and not is_of_amounts else []
    conditions += [f"{number} is not null"] if count == "mean" and not is_of_amounts else []
    tests = chosen if count == "share" else ["amount >= 0"] if is_of_amounts else []
    found = f"case when {tests[0]} then 1 else 0 end as found" if tests else "1 as found"
    squares = [f"{number} * {number} as squares"] if number == "score" else []
    facts = {"sum": [number], "mean": [number, *squares, found], "share": [found, "1 as whole"]}.get(count, [found])
    only = "\nwhere " + " and ".join(conditions) if conditions else ""
    columns = ",\n    ".join(["day", *CONTRACT[table].key, "customer_id", *facts])
    rows = _AMOUNTS_OF.format(among=among) if values and is_of_amounts else table
    return f"select\n    {columns}\nfrom {rows}{only}"


def _holds(among: str) -> str:
    """SQL: whether an order is one of these products, and not a refund of it alone."""
    return f"""
    {among} and order_id not in (select order_id from order_products)
    or order_id in (select order_id from order_products where {among} and coalesce(amount, 0) >= 0)"""


_AMOUNTS_OF = """(
    select day, order_id, customer_id, amount
    from orders
    where {among} and order_id not in (select order_id from order_products)
    union all
    select day, order_id, customer_id, sum(amount) as amount
    from order_products
    where {among}
    group by day, order_id, customer_id
) as amounts"""
