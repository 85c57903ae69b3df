"""Takes the statements of staging apart: what they make, and what they read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from kviboard.warehouse.engine import quoted
from kviboard.warehouse.spark.translation import Untranslatable


def statement_of(sql: str, parameters: Any) -> exp.Expr | None:
    """A statement taken apart; None where it is one that DuckDB alone reads."""
    if parameters and sql.lstrip()[:6].lower() in ("create", "insert"):
        return None  # of values that are given, not of rows
    try:
        return sqlglot.parse_one(sql, dialect="duckdb")
    except SqlglotError:
        return None


def tables_read(query: exp.Expr) -> list[exp.Table]:
    """The tables that a query reads, without its own steps."""
    own = {cte.alias.lower() for cte in query.find_all(exp.CTE)}
    found = [table for table in query.find_all(exp.Table) if isinstance(table.this, exp.Identifier)]
    return [table for table in found if table.args.get("db") or table.name.lower() not in own]


def is_first_look(query: exp.Expr) -> bool:
    """Whether it is only asked if a column has any value. The first rows of the files say that, or what they say of
    themselves: no job of a cluster is needed."""
    given = {part for part, value in query.args.items() if value}
    if given != {"expressions", "from_", "where", "limit"} or not isinstance(query.args["from_"].this, exp.Table):
        return False
    asked = query.args["where"].this
    return isinstance(asked, exp.Not) and isinstance(asked.this, exp.Is) and isinstance(asked.this.expression, exp.Null)


def view_name(table: exp.Table) -> str:
    """What Spark calls a table of DuckDB's."""
    return f"{table.db}__{table.name}" if table.db not in ("", "main") else table.name


def written_name(table: exp.Table) -> str:
    return ".".join(quoted(part) for part in (table.db, table.name) if part)


def paths_of(read: exp.ReadParquet) -> list[Path]:
    return [Path(each.name) for each in read.expressions[0].expressions]


def filled_in(query: exp.Expr, parameters: Any) -> exp.Expr:
    """A query with its parameters as literals. Raises Untranslatable where one is more than a number or a text."""
    marks = list(query.find_all(exp.Placeholder))
    values: Sequence[Any] = list(parameters or ())
    if len(marks) != len(values):
        raise Untranslatable("a parameter")
    for mark, value in zip(marks, values, strict=True):
        if not isinstance(value, str | int | None):
            raise Untranslatable(f"a parameter that is a {type(value).__name__}")
        mark.replace(exp.convert(value))
    return query
