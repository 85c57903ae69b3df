"""Where kviboard.toml, the exports and a company's own staging queries do not fit each other, in words.

Owns the sentences about columns, sources and settings that miss each other. What is done about it belongs to pipeline.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import duckdb

from kviboard.catalog import QueryFile
from kviboard.domain.contract import CONTRACT, ContractTable
from kviboard.errors import Problem
from kviboard.warehouse.engine import columns_of, literal, quoted, sql_problem
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.staging.queries.missing_columns import some_names
from kviboard.warehouse.staging.queries.origins import sources_read
from kviboard.warehouse.staging.queries.query import Part, Staging
from kviboard.warehouse.staging.queries.renames import given_names
from kviboard.warehouse.staging.values.cast import is_native
from kviboard.workspace import Workspace
from kviboard.workspace.settings import Source

_LACKING = re.compile(r'column "([^"]+)" not found|does not have a column named "([^"]+)"', re.IGNORECASE)
_KINDS = {"date_format": ("day", "time"), "decimal": ("money", "minutes", "rating", "score")}
_CAST_HINT = (
    "Return the column as the export has it, and give date_format or decimal in kviboard.toml where it needs one."
)


def failing_query(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, query: QueryFile, error: duckdb.Error
) -> Problem:
    """Why a staging query does not run: a column that is not there is named with those that are."""
    said = sql_problem(query.path, error)
    if isinstance(error, duckdb.ConversionException):
        return Problem(said.where, said.what, _CAST_HINT)
    lacking = _LACKING.search(str(error))
    if lacking is None:
        return said
    name = lacking[1] or lacking[2]
    sources = [source for source in sources_read(query) if source in workspace.sources]
    found = {source: _columns(connection, source) for source in sources}
    known = [f"source.{source} has {some_names(columns, [name])}." for source, columns in found.items()]
    hint = " ".join([_meant(name, workspace, found), *known]).strip()
    return Problem(said.where, f"reads a column {name}, which is not there.", hint)


def _columns(connection: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    return [name for name in columns_of(connection, f"source.{quoted(source)}") if name not in (FILE, LINE)]


def _meant(name: str, workspace: Workspace, found: dict[str, list[str]]) -> str:
    """What a name that is not there was probably to be: the new name of a renamed column, or one much like it."""
    for source in found:
        renames = given_names(workspace.sources[source])
        if name.casefold() in renames:
            return f"[sources.{source}] rename makes {renames[name.casefold()]} of it: read that."
    return near(name, [column for columns in found.values() for column in columns])


def near(name: str, known: Iterable[str]) -> str:
    """ "Did you mean Preis?" for a name like one that is known; empty for none."""
    shown = {each.casefold(): each for each in known}
    matches = get_close_matches(name.casefold(), shown, n=1, cutoff=0.6)
    return f"Did you mean {shown[matches[0]]}?" if matches else ""


def unread(workspace: Workspace, read: Iterable[str]) -> list[Problem]:
    """Sources that no staging query reads."""
    tables = ", ".join(CONTRACT)
    return [
        Problem(
            f"kviboard.toml, [sources.{name}]",
            "is read by no staging query, so its rows reach no KVI.",
            f"Name it after a table ({tables}), or read source.{name} in a file of queries/staging.",
        )
        for name in workspace.sources
        if name not in read
    ]


def not_exported(
    workspace: Workspace, query: QueryFile | None, table: ContractTable, missing: Sequence[str]
) -> list[Problem]:
    """What is odd about a table that is not exported; usually nothing."""
    problems = []
    unknown = [source for source in missing if source not in workspace.sources]
    if query and not query.built_in and unknown:
        what = f"reads source.{unknown[0]}, which kviboard.toml does not name."
        meant = near(unknown[0], workspace.sources)
        problems.append(Problem(query.path, what, f"{meant} Add it there, or correct the name here.".strip()))
    if query and table.name == "customers" and missing and workspace.dimensions:
        what = "there is no customers export that could hold them."
        problems.append(Problem("kviboard.toml, dimensions", what, "Until there is one, all are Unknown."))
    if table.name == "customers" and isinstance(workspace.customers.leave_out, str) and workspace.customers.leave_out:
        what = "is a condition over the customers export, which is not there: nobody is left out."
        problems.append(Problem("kviboard.toml, [customers] leave_out", what, "Export customers, or list their ids."))
    return problems


def guests_of_no_orders(workspace: Workspace, orders: QueryFile | None) -> list[Problem]:
    """Sources of which guest_orders is said and that feed no orders: their guests would be missing in silence."""
    read = sources_read(orders) if orders else []
    return [
        Problem(
            f"kviboard.toml, [sources.{name}] guest_orders",
            "is true for a source that feeds no orders, so that no order counts for it.",
            f"Set it for {' or '.join(f'[sources.{each}]' for each in read)}, which feeds them, or remove it.",
        )
        for name, source in workspace.sources.items()
        if source.guest_orders and name not in read
    ]


def ineffective_settings(workspace: Workspace, read: Iterable[tuple[Staging, Sequence[Part]]]) -> list[Problem]:
    """Settings of sources that no query applies, because a company's own reads the values itself or joins them."""
    in_use: set[tuple[str, str]] = set()
    ineffective: dict[tuple[str, str], Problem] = {}
    for staging, parts in read:
        used = _settings_in_use(staging, parts)
        in_use |= used
        if not staging.query.built_in:
            ineffective |= _ineffective_of(workspace, staging.query, parts, used)
    return [problem for place, problem in ineffective.items() if place not in in_use]


def _settings_in_use(staging: Staging, parts: Sequence[Part]) -> set[tuple[str, str]]:
    """Sources and those of their settings that apply to a column of this query, which it returns as text."""
    return {
        (part.source, setting)
        for part in parts
        for setting, kinds in _KINDS.items()
        for column in staging.table.columns
        if column.kind in kinds
        and column.name in staging.found
        and not is_native(column, staging.found[column.name], part.is_text)
    }


def _ineffective_of(
    workspace: Workspace, query: QueryFile, parts: Sequence[Part], used: set[tuple[str, str]]
) -> dict[tuple[str, str], Problem]:
    """Settings that have no effect on one query, by source and setting; the same of another source may do the work."""
    applied = {(setting, _value(workspace.sources[source], setting)) for source, setting in used}
    owners = [part.source for part in parts]
    return {
        (source, setting): _ineffective(query, source, setting, value, owners)
        for source in sources_read(query)
        for setting in _KINDS
        if (value := _value(workspace.sources[source], setting)) and (setting, value) not in applied
    }


def _value(source: Source, setting: str) -> str | None:
    """A setting that was given; None where it is the default."""
    value = getattr(source, setting)
    return None if value == Source.model_fields[setting].default else str(value)


def _ineffective(query: QueryFile, source: str, setting: str, value: str, owners: Sequence[str]) -> Problem:
    by_hand = {
        "date_format": f"strptime(…, {literal(value)})",
        "decimal": "cast(replace(replace(…, '.', ''), ',', '.') as decimal(18, 2))",
    }[setting]
    if source in owners:
        what = f"has no effect: no column that {query.path} returns as text needs it."
        hint = f"Return the column as the export has it, or keep reading it there, as by {by_hand}."
    else:
        what = f"has no effect: it is for rows that come from this source, and {query.path} takes its rows from "
        what += f"source.{owners[0]}."
        hint = f"Read the values there, as by {by_hand}."
    return Problem(f"kviboard.toml, [sources.{source}] {setting}", what, hint)
