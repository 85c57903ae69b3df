"""Says a query in Spark's SQL so that it gives the rows that DuckDB gives, or says why it cannot.

A wrong number is worse than a slow one: only what is known to mean the same on both is translated. Here stands what
sqlglot may write as it does: _SHAPES each with the parts it may have, and operators, functions and values with any.
What means something else on Spark unless it is written otherwise stands in `rewrites`. Spark is to compute in UTC and
by ANSI rules: `session` sees to it.
"""

import re
from functools import lru_cache

from sqlglot import ErrorLevel, exp
from sqlglot.errors import SqlglotError

from kviboard.catalog.files import MOST_QUERIES, tree_of
from kviboard.warehouse.spark.rewrites import REWRITES


class Untranslatable(Exception):
    """Says what of a query is not known to give the same on Spark: "median(amount)"."""


_OPERATORS = (
    exp.And, exp.Or, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ,
    exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.DPipe,
)  # fmt: skip
_FUNCTIONS = (
    exp.Not, exp.Neg, exp.Paren, exp.Abs, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Contains, exp.Replace,
    exp.Explode, exp.Exists, exp.Year, exp.Quarter, exp.Month, exp.Day, exp.Count, exp.Sum, exp.Min, exp.Max,
    exp.LogicalOr, exp.LogicalAnd, exp.AnyValue, exp.IgnoreNulls, exp.Filter, exp.RowNumber, exp.Rank, exp.DenseRank,
    exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.EndsWith, exp.StartsWith, exp.Length,
)  # fmt: skip
_VALUES = (exp.Array, exp.Literal, exp.Boolean, exp.Null, exp.Identifier, exp.Var, exp.DataType, exp.DataTypeParam)
_SHAPES: dict[type[exp.Expr], set[str]] = {
    exp.Select: {
        "with_", "distinct", "expressions", "from_", "joins", "where", "group", "having", "windows", "order", "limit",
    },
    exp.Union: {"with_", "this", "expression", "distinct", "order"},
    exp.With: {"expressions"},
    exp.CTE: {"this", "alias"},
    exp.Subquery: {"this", "alias"},
    exp.From: {"this"},
    exp.Table: {"this", "alias"},
    exp.TableAlias: {"this"},
    exp.Alias: {"this", "alias"},
    exp.Column: {"this", "table"},
    exp.Star: {"except_"},
    exp.Join: {"this", "side", "kind", "on", "using"},
    exp.Where: {"this"},
    exp.Group: {"expressions", "all"},
    exp.Having: {"this"},
    exp.Distinct: {"expressions"},
    exp.Order: {"expressions"},
    exp.Ordered: {"this", "desc", "nulls_first"},
    exp.Window: {"this", "partition_by", "order", "spec", "alias", "over"},
    exp.WindowSpec: {"kind", "start", "start_side", "end", "end_side"},
    exp.Between: {"this", "low", "high"},
    exp.In: {"this", "expressions", "query"},
    exp.Case: {"this", "ifs", "default"},
    exp.If: {"this", "true", "false"},
}  # fmt: skip
_TYPES = {
    "VARCHAR": "string", "DATE": "date", "TIMESTAMP": "timestamp_ntz", "TIMESTAMP WITH TIME ZONE": "timestamp",
    "BOOLEAN": "boolean", "TINYINT": "tinyint", "SMALLINT": "smallint", "INTEGER": "int", "BIGINT": "bigint",
    "FLOAT": "float", "DOUBLE": "double", "HUGEINT": "double",  # as DuckDB writes it in Parquet
}  # fmt: skip
_DECIMAL = re.compile(r"DECIMAL\(\d+,\d+\)")
_JOINS = ("", "INNER", "OUTER", "CROSS")


@lru_cache(maxsize=MOST_QUERIES)
def to_spark(sql: str) -> str:
    """A SELECT of DuckDB's in Spark's SQL, without comments, every name quoted. Raises Untranslatable."""
    try:
        written = tree_of(sql)
        tree = written.copy()
        nodes = list(zip(written.walk(bfs=False), tree.walk(bfs=False), strict=True))
        for original, node in reversed(nodes):  # what stands inside comes first
            _translate(original, node)
        return str(tree.sql("spark", identify=True, comments=False, unsupported_level=ErrorLevel.RAISE))
    except SqlglotError as error:
        raise Untranslatable(str(error).splitlines()[0].rstrip(".")) from error


def _translate(original: exp.Expr, node: exp.Expr) -> None:
    """Put what Spark says in the place of `node`, in which that has been done already. Raises Untranslatable."""
    rewrite = REWRITES.get(type(node))
    translated = rewrite(node) if rewrite else node
    if translated is None or not (rewrite or _is_known(node)):
        raise Untranslatable(_words(original))
    if rewrite:
        node.replace(translated)


def _is_known(node: exp.Expr) -> bool:
    if isinstance(node, (*_OPERATORS, *_FUNCTIONS, *_VALUES)):
        return True
    if isinstance(node, exp.Join) and node.kind.upper() not in _JOINS:
        return False
    given = {key for key, value in node.args.items() if value not in (None, False, [])}
    return type(node) in _SHAPES and given <= _SHAPES[type(node)]


def _words(node: exp.Expr) -> str:
    text = " ".join(node.sql("duckdb", comments=False).split())
    return text if len(text) <= 60 else f"{text[:57]}…"


def spark_name(name: str) -> str:
    """A column or table name as Spark's SQL quotes it."""
    return "`" + name.replace("`", "``") + "`"


def spark_type(kind: str) -> str:
    """What Spark calls a type of DuckDB's. Raises Untranslatable."""
    if _DECIMAL.fullmatch(kind):
        return kind.lower()
    if kind not in _TYPES:
        raise Untranslatable(f"{kind}, the type of a column,")
    return _TYPES[kind]
