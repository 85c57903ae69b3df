"""Fingerprints of tables: two tables with the same one have the same rows.

Of a query it is made of its SQL and of the fingerprints of what it reads, so that whatever changes reaches all that
depends on it. What cannot be told from that (other files, the clock, chance) has a fingerprint that never comes again.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import sqlglot

from kviboard.catalog.files import tables_named
from kviboard.warehouse.engine import literal, quoted, row_of, rows_of

# Words of the grammar; and age and ago: of the one an overload is consistent, of the other nothing is known.
_GRAMMAR = ("current_time", "current_timestamp", "localtime", "localtimestamp", "sample", "tablesample")
_CLOCK_AND_CHANCE = frozenset([*_GRAMMAR, "age", "ago"])


def short_hash(*facts: str) -> str:
    """A text that stands for all of `facts`, in their order."""
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:16]


@cache
def engine_facts() -> tuple[str, ...]:
    """What every table depends on, whatever it is made from. The zone is the machine's, asked once as DuckDB does."""
    with duckdb.connect() as connection:
        (zone,) = row_of(connection, "select current_setting('TimeZone')")
    return own_code("warehouse", "domain/contract.py"), duckdb.__version__, str(zone)


@cache
def is_settled(sql: str) -> bool:
    """Whether a query gives the same rows whenever it reads the same ones; in doubt it does not."""
    tokens = sqlglot.tokenize(sql, read="duckdb")
    return _volatile_words().isdisjoint(token.text.lower() for token in tokens)


class Fingerprints:
    """Those of one build. `settings`: those that every table depends on."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, settings: str) -> None:
        self._connection = connection
        self._made_by = short_hash(settings, *engine_facts())
        self._known: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self._known[name]

    def of_query(self, sql: str, *more: str) -> str:
        """The fingerprint of the rows of `sql`, which also depend on the tables `more`."""
        found, own = tables_named(sql)
        if not is_settled(sql) or not found <= self._known.keys() | own:
            return uuid4().hex
        reads = sorted({*found, *more} & self._known.keys())
        return short_hash(self._made_by, sql, *(f"{name} {self._known[name]}" for name in reads))

    def record(self, name: str, *facts: str) -> None:
        """`facts` decide what is in the table `name`."""
        self._known[name] = short_hash(self._made_by, *facts)

    def record_query(self, name: str, sql: str, *more: str) -> None:
        """The table `name` has the rows of `sql`, which also depend on the tables `more`."""
        self._known[name] = self.of_query(sql, *more)

    def record_contents(self, names: Sequence[str]) -> None:
        """These tables depend on more than can be told, and are small enough to look at each row."""
        for name, *found in contents(self._connection, names):
            self.record(name, *map(str, found))


def contents(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> list[tuple[Any, ...]]:
    """(table, rows, their sum of hashes): whoever has the same has the same rows, in some order."""
    each = (f"select {literal(name)}, count(*), sum(hash(found)) from {quoted(name)} as found" for name in names)
    return rows_of(connection, " union all ".join(each))


@cache
def own_code(*places: str) -> str:
    """Changes with the board's own code in these rooms and modules, so that nothing is left of what an older one
    made."""
    board = Path(__file__).parent.parent
    files = [file for place in places for file in sorted((board / place).rglob("*.py")) or [board / place]]
    return short_hash(*(file.read_text(encoding="utf-8") for file in files))


@cache
def _volatile_words() -> frozenset[str]:
    """Names of functions that may give something else each time, and other words for the clock and for chance.

    A function counts by its name, so it is volatile where none of its overloads is consistent: DuckDB 2.0.1 lists those
    of `+`, `day` or `month` for times with a zone as changing, and they change with the zone alone, which is among the
    engine's facts.
    """
    with duckdb.connect() as connection:
        names = rows_of(
            connection,
            "select function_name from duckdb_functions() group by function_name "
            "having count(stability) > 0 and count(*) filter (where stability = 'CONSISTENT') = 0",
        )
    return _CLOCK_AND_CHANCE.union(name for (name,) in names)
