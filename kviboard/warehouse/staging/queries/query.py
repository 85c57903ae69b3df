"""A staging query opened, and what its rows are between the steps: the parts they come from, and typed but not judged.

How they are typed belongs to casting, what becomes of each to accept: kept, rejected or folded, and counted as such.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import duckdb

from kviboard.catalog import QueryFile
from kviboard.domain.contract import Column, ContractTable
from kviboard.warehouse.engine import folded, literal
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.forgotten import Forgotten
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.customer_rules import NO_RULES, CustomerRules, condition_problem
from kviboard.warehouse.staging.queries.missing_columns import missing_columns
from kviboard.warehouse.staging.values.cast import Rules
from kviboard.warehouse.staging.values.place import StagingError

HIDDEN = {FILE: "varchar", LINE: "bigint", "reject_reason": "varchar"}
IS_ALIAS = "_is_alias"  # of cast customers: whether the id of the row is another customer's


@dataclass(frozen=True)
class Part:
    """The rows of a staging query that come from one source and so follow one set of rules."""

    source: str
    files: tuple[str, ...]  # () where the query does not say which file a row is from
    rules: Rules
    is_text: bool  # read from text, so that ids and texts want trimming
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what columns are called in the files
    others: tuple[str, ...] = ()  # files of other parts: this one has all rows that are not theirs
    names: Mapping[str, str] = field(default_factory=dict)  # the source's columns: as exported, after renaming
    durations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # units by file of typed ones by column

    @property
    def condition(self) -> str:
        """SQL that keeps the part's rows."""
        if self.files:
            return f"where {FILE} in ({', '.join(map(literal, self.files))})"
        known = ", ".join(map(literal, self.others))
        return f"where coalesce({FILE} not in ({known}), true)" if self.others else ""


@dataclass(frozen=True)
class Staging:
    """A staging query opened as the view staging.<table>. `found` holds its columns, lower case, with their types."""

    table: ContractTable
    query: QueryFile
    found: dict[str, str]
    forgotten: Forgotten  # customers whose rows are set aside
    customers: CustomerRules = NO_RULES
    is_as_exported: bool = True  # no row of its sources is kept from it

    @property
    def view(self) -> str:
        return f"staging.{self.table.name}"


@dataclass(frozen=True)
class CastRows:
    """The rows of a staging query, cast but not yet judged: cast_rows.<table> and the columns in it."""

    table: ContractTable
    query: QueryFile
    columns: tuple[Column, ...]  # the contract's, then dimensions
    provided: tuple[Column, ...]  # those that were exported
    is_view: bool  # nothing but native columns: reading it again costs little
    emptied: tuple[Column, ...] = ()  # optional ones that may have cells which cannot be read, in `_emptied_<name>`
    decisions: tuple[ExportDecision, ...] = ()  # on how values are read
    judged: str = ""  # where later files left some of them out

    @property
    def relation(self) -> str:
        return self.judged or f"cast_rows.{self.table.name}"

    @property
    def day(self) -> str | None:
        """The column with a row's day, if it has one."""
        if self.table.time_column:
            return "day"
        return "signed_up_on" if self.table.name == "customers" else None


def open_staging(
    connection: duckdb.DuckDBPyConnection,
    table: ContractTable,
    query: QueryFile,
    source: str,
    forgotten: Forgotten,
    customers: CustomerRules,
    guests: bool = False,
) -> Staging:
    """Create the view of a staging query, whose rows come from `source`; with `guests`, none of them may be of a known
    customer. Raises StagingError where it lacks a required column, duckdb.Error where it fails."""
    view = f"staging.{table.name}"
    connection.execute(f"create view {view} as {query.sql.strip().rstrip(';')}")
    described = connection.execute(f"describe {view}").fetchall()
    found = {folded(name): kind for name, kind, *_ in described}
    if guests and "customer_id" not in found:
        columns = (replace(each, required=False) if each.name == "customer_id" else each for each in table.columns)
        table = replace(table, columns=tuple(columns))
    missing = [column.name for column in table.columns if column.required and column.name not in found]
    if missing:
        names = [name for name, *_ in described]
        raise StagingError(missing_columns(connection, table, query.path, source, names, missing))
    if table.name != "customers":
        customers = replace(customers, condition="")
    elif customers.condition:
        _try_condition(connection, view, customers, [name for name, *_ in described if name not in (FILE, LINE)])
    return Staging(table, query, found, forgotten, customers)


def _try_condition(
    connection: duckdb.DuckDBPyConnection, view: str, customers: CustomerRules, columns: list[str]
) -> None:
    """Refuse what is no condition, before it stands within a query that it could end."""
    try:
        duckdb.SQLExpression(customers.condition)
        connection.execute(f"select 1 from {view} where ({customers.condition}) limit 1").fetchall()
    except duckdb.Error as error:
        raise StagingError(condition_problem(error, columns)) from error
