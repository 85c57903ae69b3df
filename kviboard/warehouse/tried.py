"""Tries queries that a company wrote before the board runs them: a few words of SQL can make all memory of a text.

DuckDB counts neither the memory of one value nor stops while it makes one. So what a query may do that is more than
to choose and add up rows is tried once in a process of its own, which may take what so many rows explain.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlglot import exp

from kviboard.apart import Apart, is_apart, limited
from kviboard.caching import shared_cache
from kviboard.catalog.files import tree_of
from kviboard.errors import GivenUpError, QueryError, TooMuchError
from kviboard.warehouse.reader import Reader
from kviboard.workspace import Workspace

_PLAIN = (
    exp.Query, exp.From, exp.Table, exp.TableAlias, exp.Alias, exp.Identifier, exp.Column, exp.Star, exp.Where,
    exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.With, exp.CTE, exp.Predicate, exp.Connector, exp.Not,
    exp.Paren, exp.Literal, exp.Null, exp.Boolean, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Cast, exp.DataType,
    exp.DataTypeParam, exp.Sum, exp.Count, exp.CountIf, exp.Min, exp.Max, exp.Avg, exp.Distinct, exp.Filter, exp.Neg,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Interval, exp.Var, exp.TimestampTrunc, exp.DateTrunc, exp.DateDiff,
    exp.Year, exp.Month, exp.Day, exp.Hour, exp.DayOfWeek, exp.Lower, exp.Upper, exp.Round, exp.Abs,
)  # fmt: skip
"""Parts of a query of which none makes more rows, or longer values, than it reads."""

_SECONDS = 30.0  # however little of them it is given
_BUSY_SECONDS, _ROWS_A_SECOND = 1.5, 500_000
_GIGABYTES, _GIGABYTES_A_ROW = 0.05, 200e-9
_MOST_BUSY_SECONDS, _MOST_GIGABYTES = 40.0, 2.0  # what any query of a page may take


def refuse_inflation(
    reader: Reader, title: str, own: Iterable[str], sql: str, parameters: Mapping[str, object]
) -> None:
    """Raises QueryError, which names the query, where it takes more than its rows explain. `own` is what the company
    wrote of it."""
    if reader.version and not is_apart() and not all(map(_is_plain, own)):
        where = (reader.workspace.state, reader.version, reader.team, sql)
        if why := _why_refused(where, reader, parameters):
            raise QueryError(f"{title} {why}")


def _is_plain(sql: str) -> bool:
    return all(isinstance(node, _PLAIN) and not node.args.get("recursive") for node in tree_of(sql).walk())


@shared_cache(most=512, by=1)
def _why_refused(where: tuple[Path, str, str | None, str], reader: Reader, parameters: Mapping[str, object]) -> str:
    """Why a query is not run on a version; empty where nothing speaks against it."""
    rows = sum(reader.manifest.tables.values())
    seconds = min(_MOST_BUSY_SECONDS, _BUSY_SECONDS + rows / _ROWS_A_SECOND)
    gigabytes = min(_MOST_GIGABYTES, _GIGABYTES + _GIGABYTES_A_ROW * rows)
    engine = reader.workspace.engine
    apart = Apart(reader.workspace.state, engine.preview_gb, _SECONDS + seconds, seconds)
    try:
        apart(_run, reader.workspace, reader.version, reader.team, gigabytes, where[-1], dict(parameters))
    except (GivenUpError, TooMuchError):
        return (
            f"takes more than {seconds:.1f} seconds of computing, or more memory than {rows:,} rows explain, so it is "
            "left out. Let it make fewer rows, or shorter texts and lists."
        )
    except QueryError:
        return ""  # said where it runs
    return ""


def _run(
    workspace: Workspace, version: str, team: str | None, gigabytes: float, sql: str, parameters: dict[str, object]
) -> None:
    reader = _reader((workspace.state, version, team), workspace, gigabytes)
    with limited(gigabytes):
        reader.arrays(sql, parameters)


@shared_cache(most=1, by=1)
def _reader(key: tuple[Path, str, str | None], workspace: Workspace, gigabytes: float) -> Reader:
    _, version, team = key
    return Reader(workspace, version, team=team, in_memory=False, memory_gb=gigabytes)
