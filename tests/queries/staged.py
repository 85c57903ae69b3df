"""Contract tables as a refresh stages them, filled with given rows, and the marts built on them in plain DuckDB.

Owns the shape of a build (contract tables, slices, settings, data_days, …). Casting, rejecting and
publishing are the warehouse's own and tested there.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import sqlglot
from sqlglot import exp

from kviboard.domain.contract import ACTED_IN, CONTRACT, EVENT_TABLES
from kviboard.domain.customers.starts import starting_exports
from kviboard.domain.periods import Calendar, Sprint
from kviboard.warehouse.calendars import create_order_periods
from kviboard.warehouse.manifest import Reach
from kviboard.warehouse.staging.rows.order_products import no_order_products
from kviboard.warehouse.staging.starts import create_starting_exports
from kviboard.warehouse.staging.values.cast import SQL_TYPES

QUERIES = Path(__file__).parents[2] / "queries"
Row = Mapping[str, Any]
_NUMBERS = count()


def order(order_id: str, customer_id: str, ordered_at: str, amount: float, product: str | None = None) -> Row:
    return {
        "order_id": order_id,
        "customer_id": customer_id,
        "ordered_at": ordered_at,
        "amount": amount,
        "product": product,
    }


def answer(response_id: str, customer_id: str, responded_at: str, score: float, survey: str | None = None) -> Row:
    return {
        "response_id": response_id,
        "customer_id": customer_id,
        "responded_at": responded_at,
        "score": score,
        "survey": survey,
    }


def invited(customer_id: str, invited_at: str, survey: str | None = None, touchpoint: str | None = None) -> Row:
    return {"customer_id": customer_id, "invited_at": invited_at, "survey": survey, "touchpoint": touchpoint}


def active(customer_id: str, occurred_at: str, minutes: float | None = None) -> Row:
    return {"customer_id": customer_id, "occurred_at": occurred_at, "minutes": minutes}


def ticket(ticket_id: str, customer_id: str, opened_at: str, kind: str | None = None) -> Row:
    return {"ticket_id": ticket_id, "customer_id": customer_id, "opened_at": opened_at, "kind": kind}


def stage(
    *,
    dimensions: tuple[str, ...] = ("segment",),
    valid_days: int = 365,
    back_days: int = 0,
    survey: str = "relationship",
    quarter_starts_in: int = 1,
    week_starts: int = 0,
    sprint_rule: tuple[Sprint, ...] = (),
    **tables: Iterable[Row],
) -> duckdb.DuckDBPyConnection:
    """A connection with every contract table (empty where no rows are given) and what the marts read beside them.

    `sprint_rule` are the sprints of those who have none in the table sprints.
    """
    connection = _empty_database()
    for name in CONTRACT:
        _fill(connection, name, tuple(tables.get(name, ())), dimensions if name == "customers" else ())
    connection.execute("alter table responses add column scale varchar default '0-10'")
    _add_unknown_customers(connection)
    _add_slices(connection, dimensions)
    unknown = " and ".join(f"{name} = 'Unknown'" for name in dimensions) or "true"
    connection.execute(
        "create table settings as select ?::integer as valid_days, ?::integer as answer_counts_back_days, ? as survey, "
        "?::integer as quarter_starts_in, "
        f"(select coalesce(min(slice_id) filter (where {unknown}), min(slice_id)) from slices) as unknown_slice_id, "
        "false as nps_of_any_scale",
        [valid_days, back_days, survey, quarter_starts_in],
    )
    connection.execute("create table theme_words (theme varchar, word varchar)")
    no_order_products(connection)
    connection.execute("create table ratings (response_id varchar, aspect varchar, rating double)")
    days = " union all ".join(f"select day from {name}" for name in EVENT_TABLES)
    connection.execute("create view new_activity as select * from activity")
    connection.execute("create table active_before (customer_id varchar, last_day date)")
    until = ", ".join(f"(select max(day) from {name}) as {name}_until" for name in ("orders", "responses"))
    kinds = "(select min(day) from tickets) as kinds_from, (select max(day) from tickets) as kinds_until"
    connection.execute(
        "create table data_days as select min(day) as first_day, max(day) as last_day, coalesce((select max(day) "
        f"from activity), max(day)) as active_until, {until}, {kinds}, max(day) as customers_until "
        f"from ({days}) as event_days"
    )
    _add_starting_exports(connection)
    span = connection.execute("select min(day), max(day) from orders").fetchall()[0]
    reach = Reach(data_from=span[0], data_through=span[1]) if span[0] else None
    create_order_periods(connection, Calendar(week_starts, quarter_starts_in, sprint_rule), reach)
    return connection


def _add_starting_exports(connection: duckdb.DuckDBPyConnection) -> None:
    named = {}
    for table in ACTED_IN:
        days = rows(connection, f"select min(day), max(day) from {table} where customer_id is not null")[0]
        if days[0]:
            named[table] = Reach(data_from=days[0], data_through=days[1])
    starts = starting_exports({table: span.data_from for table, span in named.items()})
    create_starting_exports(connection, {table: named[table] for table in starts})


def _empty_database() -> duckdb.DuckDBPyConnection:
    """A database of its own, attached to one engine: starting an engine takes as long as building some marts."""
    connection, name = _engine().cursor(), f"company_{next(_NUMBERS)}"
    connection.execute(f"attach ':memory:' as {name}; use {name}")
    return connection


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def build(connection: duckdb.DuckDBPyConnection, *wanted: str) -> duckdb.DuckDBPyConnection:
    """Build the wanted marts (all without names) and what they read, in the order of their dependencies."""
    for name in _in_run_order(wanted or tuple(sorted(marts()))):
        connection.execute(f"create table {name} as {marts()[name]}")
    return connection


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()


def frame(connection: duckdb.DuckDBPyConnection, sql: str) -> pd.DataFrame:
    return connection.execute(sql).df()


@cache
def marts() -> dict[str, str]:
    """name -> SQL text of every mart."""
    return {path.stem: path.read_text(encoding="utf-8") for path in (QUERIES / "marts").glob("*.sql")}


@cache
def reads(sql: str) -> frozenset[str]:
    """The tables a query reads, its own CTEs left out."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    return frozenset(table.name for table in tree.find_all(exp.Table)) - own


@cache
def _in_run_order(wanted: tuple[str, ...]) -> tuple[str, ...]:
    ordered: list[str] = []

    def visit(name: str) -> None:
        for parent in sorted(reads(marts()[name]) & marts().keys()):
            visit(parent)
        if name not in ordered:
            ordered.append(name)

    for name in wanted:
        visit(name)
    return tuple(ordered)


def _fill(connection: duckdb.DuckDBPyConnection, name: str, given: tuple[Row, ...], more: tuple[str, ...]) -> None:
    table = CONTRACT[name]
    types = {column.name: SQL_TYPES[column.kind] for column in table.columns} | dict.fromkeys(more, "varchar")
    unknown = {key for row in given for key in row} - types.keys()
    assert not unknown, f"{name} has no column {unknown}"
    columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
    connection.execute(f"create table {name} ({columns}{', day date' if table.time_column else ''})")
    if given:
        places = f"({', '.join('?' for _ in types)})"
        dated = f", cast(cast({table.time_column} as timestamp) as date)" if table.time_column else ""
        values = f"(values {', '.join([places] * len(given))}) as given ({', '.join(types)})"
        connection.execute(
            f"insert into {name} select *{dated} from {values}",
            [row.get(column) for row in given for column in types],
        )


def _add_unknown_customers(connection: duckdb.DuckDBPyConnection) -> None:
    seen = " union ".join(f"select customer_id from {name}" for name in EVENT_TABLES)
    connection.execute(
        f"insert into customers by name select customer_id from ({seen}) as seen "
        "where customer_id not in (select customer_id from customers)"
    )


def _add_slices(connection: duckdb.DuckDBPyConnection, dimensions: tuple[str, ...]) -> None:
    known = ", ".join(f"coalesce({name}, 'Unknown') as {name}" for name in dimensions)
    names = ", ".join(dimensions)
    connection.execute(
        f"create table slices as select cast(row_number() over (order by {names}) as integer) as slice_id, * "
        f"from (select distinct {known} from customers) as combinations"
    )
    same = " and ".join(f"slices.{name} = coalesce(customers.{name}, 'Unknown')" for name in dimensions)
    connection.execute("alter table customers add column slice_id integer")
    connection.execute(f"update customers set slice_id = slices.slice_id from slices where {same}")
