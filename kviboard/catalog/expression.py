"""Takes a KVI's value expression apart, so that each period and slice is aggregated once and never averaged twice."""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from kviboard.catalog.files import why_no_sql
from kviboard.domain.kvis.kvi import Aggregate, Formula

_BY_DAYS = "daily_average"
OF_LAST_DAY = " filter (where day = last_day)"


def parse_formula(text: str) -> Formula:
    """The formula behind `text`, such as `sum(a) / sum(b)`. Raises ValueError with a sentence if it is none."""
    aggregates: list[Aggregate] = []
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
        _refuse_clauses(tree)
        outer = tree.transform(lambda node: _take_out(node, aggregates))
    except RecursionError as error:
        raise ValueError("is nested more deeply than anybody can read") from error
    except SqlglotError as error:
        raise ValueError(f"is not an expression: {why_no_sql(error)}") from error
    if not aggregates:
        raise ValueError("has no aggregate; write sum(column), daily_average(column), last(column) or a ratio of them")
    _refuse_loose_columns(outer, {aggregate.name for aggregate in aggregates})
    bare = outer.unnest()
    ratio = bare if isinstance(bare, exp.Div) else None
    value = _safe(outer)
    return Formula(
        text=text,
        aggregates=tuple(aggregates),
        value=value,
        numerator=_safe(ratio.left if ratio else outer),
        denominator=_safe(ratio.right) if ratio else None,
        grows=_grows(value, aggregates),
    )


def _refuse_clauses(tree: exp.Expr) -> None:
    """Aggregates are of the rows of one period: which rows those are is said in the SELECT, or within them."""
    if tree.find(exp.Window):
        raise ValueError("has over (…), which looks beyond the period; compute that in the SELECT")
    if tree.find(exp.Filter):
        raise ValueError("has filter (…); write sum(case when … then … end) instead, or filter in the SELECT")


def _grows(value: str, aggregates: Sequence[Aggregate]) -> bool:
    """Whether twice the days, and so twice what adds up over them, make another value."""
    if not is_arithmetic(value):
        return False
    once = {aggregate.name: 1.0 / place for place, aggregate in enumerate(aggregates, start=2)}
    summed = {each.name for each in aggregates if adds_up(each.sql) and not each.sql.endswith(OF_LAST_DAY)}
    twice = {name: amount * (2 if name in summed else 1) for name, amount in once.items()}
    found = as_function(value)
    return not math.isclose(found({**once, "days": 1.0}), found({**twice, "days": 2.0}), rel_tol=1e-9)


@cache
def columns_of(sql: str) -> frozenset[str]:
    """Names of the columns that an expression reads."""
    return frozenset(column.name for column in sqlglot.parse_one(sql, dialect="duckdb").find_all(exp.Column))


def with_columns(sql: str, names: Mapping[str, str]) -> str:
    """An expression that reads other columns: each one in `names` under the name given there."""
    return _renamed(sql, tuple(names.items()))


@cache
def _renamed(sql: str, names: tuple[tuple[str, str], ...]) -> str:
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    for column in [column for column in tree.find_all(exp.Column) if column.name in dict(names)]:
        column.set("this", exp.to_identifier(dict(names)[column.name]))
    return tree.sql("duckdb")


def _take_out(node: exp.Expr, aggregates: list[Aggregate]) -> exp.Expr:
    name = _function_name(node)
    if name is None:
        return node
    argument = node.args.get("this") if not isinstance(node, exp.Anonymous) else (node.expressions or [None])[0]
    if isinstance(argument, exp.Expr) and any(_function_name(inner) for inner in argument.walk()):
        raise ValueError(f"{name}(…) has another aggregate inside; aggregate once, then calculate")
    if name in (_BY_DAYS, "last") and (argument is None or len(getattr(node, "expressions", [])) > 1):
        raise ValueError(f"{name}(…) takes one column")
    inner, when_empty = _per_period(name, node, argument)
    aggregate = Aggregate(f"a{len(aggregates)}", inner, when_empty)
    aggregates.append(aggregate)
    column = exp.column(aggregate.name)
    by_days = exp.Paren(this=exp.Div(this=column, expression=exp.column("days")))
    return by_days if name == _BY_DAYS else column


def _function_name(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Anonymous) and node.name.lower() == _BY_DAYS:
        return _BY_DAYS
    if isinstance(node, exp.Last):
        return "last"
    return node.key if isinstance(node, exp.AggFunc) else None


def _per_period(name: str, node: exp.Expr, argument: exp.Expr | None) -> tuple[str, float | None]:
    if name == _BY_DAYS and argument is not None:
        return f"sum({argument.sql('duckdb')})", 0.0
    if name == "last" and argument is not None:
        return f"sum({argument.sql('duckdb')}){OF_LAST_DAY}", 0.0
    if isinstance(node, exp.Median | exp.PercentileCont):  # between two amounts the engine cuts off parts of a cent
        node = node.copy()
        node.set("this", exp.cast(node.this, "double"))
    adds_up = isinstance(node, exp.Sum | exp.Count | exp.CountIf)
    return node.sql("duckdb"), 0.0 if adds_up else None


def _refuse_loose_columns(outer: exp.Expr, known: set[str]) -> None:
    loose = sorted({column.name for column in outer.find_all(exp.Column)} - known - {"days"})
    if loose:
        raise ValueError(f"uses {', '.join(loose)} outside an aggregate; write sum({loose[0]}) or another aggregate")


def _safe(tree: exp.Expr) -> str:
    """SQL in which a division by zero is null: no basis, never 0 or infinity."""

    def guard(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Div):
            node.set("expression", exp.Nullif(this=node.right.copy(), expression=exp.Literal.number(0)))
        return node

    return tree.copy().transform(guard).sql("duckdb")


@cache
def adds_up(aggregate: str) -> bool:
    """Whether an aggregate over some rows is the sum of what it is over parts of them: sums and counts of rows are,
    means, medians and counts of different customers are not."""
    tree = sqlglot.parse_one(aggregate, dialect="duckdb")
    bare = tree.this if isinstance(tree, exp.Filter) else tree
    return isinstance(bare, exp.Sum | exp.Count | exp.CountIf) and not any(bare.find_all(exp.Distinct))


@cache
def is_arithmetic(sql: str) -> bool:
    """Whether `as_function` takes an expression."""
    try:
        as_function(sql)
    except ValueError:
        return False
    return True


@cache
def as_function(sql: str) -> Callable[[Mapping[str, Any]], Any]:
    """An expression of arithmetic over columns, as `Formula.value` is, as a function of their values, numbers or
    arrays: NaN where a denominator is 0.

    Raises ValueError with a sentence where it is more than arithmetic.
    """
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    strange = next((node for node in tree.walk() if not isinstance(node, _ARITHMETIC) or node.is_string), None)
    if strange is not None:
        raise ValueError(f"uses {strange.sql('duckdb')}, which is more than + − × ÷")
    return lambda values: _evaluated(tree, values)


_OPERATIONS: dict[type[exp.Expr], Callable[[Any, Any], Any]] = {
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mul: operator.mul,
    exp.Div: operator.truediv,
}
_ARITHMETIC = (*_OPERATIONS, exp.Paren, exp.Neg, exp.Column, exp.Identifier, exp.Literal, exp.Nullif)


def _evaluated(node: exp.Expr, values: Mapping[str, Any]) -> Any:
    if isinstance(node, exp.Column):
        return values[node.name]
    if isinstance(node, exp.Literal):
        return float(node.this)
    if isinstance(node, exp.Neg):
        return -_evaluated(node.this, values)
    operation = _OPERATIONS.get(type(node))
    if operation is None:  # parentheses, and the guard against a division by zero
        value = _evaluated(node.this, values)
        if not isinstance(node, exp.Nullif):
            return value
        return np.where(value == 0, np.nan, value) if isinstance(value, np.ndarray) else value or math.nan
    return operation(_evaluated(node.this, values), _evaluated(node.args["expression"], values))
