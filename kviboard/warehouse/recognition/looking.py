"""Looks at export files column by column, with the readers of a refresh: what is in them, and what they leave open."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb

from kviboard.domain.names import likeness
from kviboard.domain.recognition.facts import MOST_COMMON, ColumnFacts, FileFacts
from kviboard.errors import ExportError
from kviboard.warehouse.engine import columns_of, memory_limit, parquet_rows, quoted, row_of, rows_of
from kviboard.warehouse.files.archive import members
from kviboard.warehouse.files.discovery import FoundFile, fingerprint
from kviboard.warehouse.files.extract import UNREADABLE_PARQUET, Extract
from kviboard.warehouse.files.header import kind_of, kinds_of
from kviboard.warehouse.files.kinds import kind_of_file
from kviboard.warehouse.files.names import FILE, LINE
from kviboard.warehouse.files.parts import extract_all
from kviboard.warehouse.files.read_options import ReadOptions
from kviboard.warehouse.files.sheets import sheets_of
from kviboard.warehouse.files.structured import JsonFile
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.date_formats import fitting_formats
from kviboard.warehouse.staging.values.dates import AmbiguousDatesError, find_dates, formats_used, time_of
from kviboard.warehouse.staging.values.numbers import find_decimal_signs, plain_number
from kviboard.warehouse.staging.values.zones import SeveralZonesError
from kviboard.workspace.settings import Source

_LOOKED_AT = 400  # rows that tell the kind of a column
_COUNTED = 2_000_000  # rows in which different values are counted exactly
_HELD = 5_000_000  # values of a table that is held in memory: each of its columns is asked for five times
_EXAMPLES = 3
_SHOWN_NAMES = 4
_MEMORY_GB = 4.0
_LONGEST = 200  # characters of a value that is shown


@dataclass(frozen=True)
class _Table:
    """A table of a file: all of it, or the sheets or members that it is in where there are others."""

    path: Path
    extracts: list[Extract]
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    list_at: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Rows:
    """The rows of a table as SQL, with their file and line where its extract knows them."""

    relation: str
    places: str
    count: int


def look(paths: Sequence[Path], zone: str, known: Iterable[str] = ()) -> list[FileFacts]:
    """What is in the files; several that are written alike are one. `zone`: the company's own; `known`: names by which
    the line of the column names is found. A file that cannot be read says why."""
    hints = Source(files="*", rename={name: name for name in known if "*" not in name})
    with tempfile.TemporaryDirectory(prefix="kviboard-look-") as scratch, _connection(Path(scratch)) as connection:
        tables: dict[tuple[str, ...], list[_Table]] = {}
        broken = []
        for path in paths:
            try:
                found = _tables(path, hints, Path(scratch))
                broken += [] if found else [FileFacts(path.name, (path.name,), 0, (), problem=_nothing_in(path))]
                for table in found:
                    columns = table.extracts[0].columns
                    key = tuple(map(likeness, columns)) if columns else (path.name,)
                    tables.setdefault(key, []).append(table)
            except ExportError as error:
                said = error.problems[0].what if error.problems else str(error)
                broken.append(FileFacts(path.name, (path.name,), 0, (), problem=said))
        return [*(_facts(connection, found, zone) for found in tables.values()), *broken]


def _nothing_in(path: Path) -> str:
    """What to say of a file without a row and without a name of a column."""
    has_values = kind_of_file(path.name) == "json" and path.read_bytes()[:_LONGEST].strip(b"[]{} \t\r\n")
    return 'has single values, but no row: a row is an object, as in [{"order_id": 1}]' if has_values else "it is empty"


def _connection(scratch: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"memory_limit": memory_limit(_MEMORY_GB), "temp_directory": str(scratch / "spill")})


def _tables(path: Path, hints: Source, scratch: Path) -> list[_Table]:
    """The tables of a file: those that are alike together, each other sheet by its name, and each other member of an
    archive."""
    found = FoundFile("", path, path.name, fingerprint(path, hints))
    lists = _lists(path, hints) if kind_of_file(path.name) == "json" else []
    if len(lists) > 1:
        return [_Table(path, _alone(found, hints, scratch, rows=name), list_at=name) for name in lists]
    read = extract_all(found, hints, scratch)
    tables = [_Table(path, [extract for extract in read if extract.columns])]
    if kind_of_file(path.name) == "sheet":
        own = tuple(extract.found.part for extract in read)
        tables = [replace(tables[0], sheets=own)]
        for sheet in sheets_of(path):
            if sheet not in own:
                tables.append(_Table(path, _alone(found, hints, scratch, sheet=sheet), sheet))
    if kind_of_file(path.name) == "archive":
        tables = _members(found, read, hints, scratch)
    return [table for table in tables if table.extracts]


def _alone(found: FoundFile, hints: Source, scratch: Path, **reading: str) -> list[Extract]:
    """One table of a file, which is read so."""
    alone = hints.model_copy(update=reading)
    part = replace(found, fingerprint=fingerprint(found.path, alone))
    return [each for each in extract_all(part, alone, scratch) if each.columns and each.rows]


def _lists(path: Path, hints: Source) -> list[str]:
    return JsonFile(path, ReadOptions.of("", hints)).lists() if path.stat().st_size else []


def _members(found: FoundFile, read: Sequence[Extract], hints: Source, scratch: Path) -> list[_Table]:
    """The members of an archive that are read together, and each other one."""
    readable, _ = members(found.path)
    own = tuple(member for member in readable if any(_is_of(extract, found, member) for extract in read))
    others = []
    for number, member in enumerate(readable):
        if member not in own:
            part = replace(found, part=member, fingerprint=f"{found.fingerprint}-of-{number}")
            extracts = [each for each in extract_all(part, hints, scratch) if each.columns and each.rows]
            others.append(_Table(found.path, extracts, members=(member,)))
    return [_Table(found.path, [each for each in read if each.columns], members=own if others else ()), *others]


def _is_of(extract: Extract, found: FoundFile, member: str) -> bool:
    return f"{extract.found.name}/".startswith(f"{found.name}/{member}/")


def _facts(connection: duckdb.DuckDBPyConnection, found: Sequence[_Table], zone: str) -> FileFacts:
    paths = list(dict.fromkeys(table.path for table in found))
    extracts = [extract for table in found for extract in table.extracts]
    sheet, parts = found[0].sheet, tuple(member for table in found for member in table.members)
    name = paths[0].name if len(paths) == 1 else f"{paths[0].name} and {len(paths) - 1} more"
    rows = sum(extract.rows for extract in extracts)
    try:
        looked_at = _rows(connection, extracts, rows)
        columns = tuple(_column(connection, looked_at, each, zone) for each in extracts[0].columns)
    except duckdb.InvalidInputException:
        if not any(extract.is_external for extract in extracts):
            raise
        return FileFacts(name, tuple(path.name for path in paths), 0, (), problem=UNREADABLE_PARQUET)
    list_at = found[0].list_at
    part = f", sheet {sheet}" if sheet else f", file {parts[0]}" if parts else f", list {list_at}" if list_at else ""
    shown, files = f"{name}{part}", tuple(path.name for path in paths)
    if _are_values(columns):
        first = ", ".join(column.name for column in columns[:_SHOWN_NAMES])
        problem = (
            f'has no names of columns, for its first line ("{first}") is a row as all others: put their names above it'
        )
        return FileFacts(shown, files, rows, (), sheet, (), problem, list_at, parts)
    sheets = tuple(dict.fromkeys(own for table in found for own in table.sheets))
    return FileFacts(shown, files, rows, columns, sheet, sheets, list_at=list_at, members=parts)


def _rows(connection: duckdb.DuckDBPyConnection, extracts: Sequence[Extract], count: int) -> _Rows:
    relation = parquet_rows([extract.parquet for extract in extracts])
    if count * len(extracts[0].columns) <= _HELD:
        connection.execute(f"create or replace temp table looked_at as select * from {relation}")
        relation = "looked_at"
    has_places = FILE in columns_of(connection, f"select * from {relation}")
    return _Rows(relation, f"{FILE}, {LINE}" if has_places else f"'' as {FILE}, 0 as {LINE}", count)


def _are_values(columns: Sequence[ColumnFacts]) -> bool:
    """Whether what stands where names should is of the kinds that the columns hold: a day above days, and a number
    above numbers. Of a table with a column for each day or year, only the names are."""
    alike = [column.kind for column in columns if column.kind and kind_of(column.name) == column.kind]
    return "date" in alike and len(alike) > 1


def _column(connection: duckdb.DuckDBPyConnection, rows: _Rows, name: str, zone: str) -> ColumnFacts:
    value, plain = f"nullif(trim(cast({quoted(name)} as varchar)), '')", clean_text(name, keeps_tokens=False)
    relation, placed = rows.relation, f"(select {plain} as {quoted(name)}, {rows.places} from {rows.relation})"
    values = f"(select {value} as v from {relation})"
    some = [v for (v,) in rows_of(connection, f"select v from {values} where v is not null limit {_LOOKED_AT}")]
    typed = rows_of(connection, f"select {plain} from {relation} where {value} is not null limit {_LOOKED_AT}")
    kind = (kinds_of([[v or ""] for (v,) in typed]) or [""])[0]
    count = "count(distinct v)" if rows.count <= _COUNTED else "approx_count_distinct(v)"
    filled, distinct, length = rows_of(
        connection, f"select count(v), {count}, coalesce(avg(length(v)), 0) from {values}"
    )[0]
    common = rows_of(
        connection,
        f"select left(v, {_LONGEST}), count(*) from {values} where v is not null "
        f"group by 1 order by 2 desc, 1 limit {MOST_COMMON}",
    )
    low, high, whole = None, None, False
    signs = find_decimal_signs(connection, placed, quoted(name)) if kind == "number" else {}
    if kind == "number":
        number = f"try_cast({plain_number('v', ',' if signs.keys() == {','} else '.')} as double)"
        low, high, whole = rows_of(
            connection,
            "select min(n), max(n), bool_and(n = floor(n)) from "
            f"(select {number} as n from (select {plain} as v from {relation}))",
        )[0]
    doubt, example, days = _doubt(connection, placed, name, kind, zone)
    if signs.keys() == {"?"}:
        doubt, example = "decimals", signs["?"].value
    formats = formats_used(connection, values, "v") if kind == "date" else ()
    fitting = fitting_formats(connection, f"select v as value from {values}") if doubt == "formats" else ()
    return ColumnFacts(
        name, likeness(name), kind, filled, distinct, tuple(common), tuple(v[:_LONGEST] for v in some[:_EXAMPLES]),
        low, high, bool(whole), length, doubt if doubt != "formats" or fitting else "", example, formats, fitting,
        days,
    )  # fmt: skip


def _doubt(
    connection: duckdb.DuckDBPyConnection, values: str, name: str, kind: str, zone: str
) -> tuple[Literal["", "dates", "formats", "decimals", "zones"], str, tuple[date, date] | None]:
    """What the refresh would have to ask of a column of dates, and a value that shows it, else its first and last day.
    Of numbers, see `_column`. `values` with the place of each."""
    if kind == "date":
        try:
            style = find_dates(connection, values, quoted(name), zone).style
        except AmbiguousDatesError as error:
            return "dates", str(error), None
        except SeveralZonesError as error:
            return "zones", error.name, None
        found = f"(select {quoted(name)} as v from {values} where {quoted(name)} is not null)"
        timed = f"(select v, {time_of('v', style, zone)} as t from {found})"
        unread, first, last = row_of(
            connection, f"select min(v) filter (where t is null), min(t)::date, max(t)::date from {timed}"
        )
        if unread is not None:
            return "formats", unread, None
        return "", "", (first, last) if first else None
    return "", "", None
