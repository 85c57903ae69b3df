"""Functions of SQL that make as much of a little as they are told to, bounded.

DuckDB neither counts the memory of one value nor stops while it makes one: repeat('x', 4000000000) takes all there is.
So these refuse, with a sentence, what no query needs. What makes many rows is counted and stopped as it is.
"""

from collections.abc import Iterator
from itertools import pairwise

import duckdb
import sqlglot

MOST_LETTERS, MOST_VALUES = 1_000, 10_000  # of one value; two thousand values are made at a time
MOST_MOMENTS = 120_000  # in a series: every day from 1900 to 2200, as an export may have them
_MOST_ARGUMENTS = 6  # of format() and printf(), which take any number

_SIZE = "length(cast(what as varchar)) * times"  # a list is written with more letters than it has values
_SPAN = "(until + 0 * step) - (since + 0 * step)"  # of days and moments as of numbers: these become moments, too
_MOST = f"case typeof(step) when 'INTERVAL' then {MOST_MOMENTS} else {MOST_VALUES} end * step"
_TOO_MANY = f"(step > 0 * step and {_SPAN} > {_MOST}) or (step < 0 * step and {_SPAN} < {_MOST})"
_WIDTHS = {  # four digits in a place for a value, or a width that another value gives
    "format": "[{][^}]*([0-9]{4}|[{])",
    "printf": "(^|[^%])(%%)*%[-+ #0]*([0-9]{4}|[*]|[0-9]*[.]([0-9]{4}|[*]))",
}

_PARSED: list[duckdb.Statement] = []  # once for all connections: half of what making them takes


def bound(connection: duckdb.DuckDBPyConnection) -> None:
    """From now on SQL on this connection calls these functions for DuckDB's own."""
    if not _PARSED:
        _PARSED[:] = connection.extract_statements(";".join(f"create macro {macro}" for macro in _macros()))
    for statement in _PARSED:
        connection.execute(statement)


def calls_unbounded(sql: str) -> bool:
    """Whether a query names DuckDB's own functions by where they are: system.main.repeat(…)."""
    if "system" not in sql.casefold():
        return False
    words = [token.text.casefold() for token in sqlglot.tokenize(sql, read="duckdb")]
    return ("system", ".") in pairwise(words)


def _macros() -> Iterator[str]:
    letters, values = f"a text of more than {MOST_LETTERS:,} letters", f"more than {MOST_VALUES:,} values at once"
    bounded = _at_most(_SIZE, "times", MOST_LETTERS, f"repeat makes {letters}")
    yield _macro("repeat", {"what, times": f"what, {bounded}"})
    for name in ("lpad", "rpad"):
        bounded = _at_most("count", "count", MOST_LETTERS, f"{name} makes {letters}")
        yield _macro(name, {"what, count, filler": f"what, {bounded}, filler"})
    bounded = _at_most("count", "count", MOST_LETTERS, f"bitstring makes {letters}")
    yield _macro("bitstring", {"what, count": f"what, {bounded}"})
    for name in ("list_resize", "array_resize"):
        bounded = _at_most("count", "count", MOST_VALUES, f"{name} makes {values}")
        yield _macro(name, {"what, count": f"what, {bounded}", "what, count, filler": f"what, {bounded}, filler"})
    for name in ("range", "generate_series"):
        many = f"{name} makes {values}; after FROM it makes any number of rows"
        yield _macro(
            name,
            {
                "until": _at_most("until", "until", MOST_VALUES, many),
                "since, until": f"since, {_at_most('until - since', 'until', MOST_VALUES, many)}",
                "since, until, step": f"since, {_unless(_TOO_MANY, 'until', many)}, step",
            },
        )
    for name, width in _WIDTHS.items():
        names = [f"value_{number}" for number in range(_MOST_ARGUMENTS)]
        wide = _unless(f"regexp_matches(pattern, '{width}')", "pattern", f"{name} makes {letters}")
        yield _macro(
            name,
            {
                ", ".join(["pattern", *names[:count]]): ", ".join([wide, *names[:count]])
                for count in range(_MOST_ARGUMENTS + 1)
            },
        )


def _macro(name: str, calls: dict[str, str]) -> str:
    """A macro of a function: parameters -> what it is called with."""
    return f"{name}" + ", ".join(f"({given}) as system.main.{name}({called})" for given, called in calls.items())


def _at_most(size: str, value: str, most: int, refusal: str) -> str:
    return _unless(f"{size} > {most}", value, refusal)


def _unless(condition: str, value: str, refusal: str) -> str:
    """The value, refused before the function sees it: else it would be called first, where its arguments are known."""
    return f"case when {condition} then error('{refusal}') else {value} end"
