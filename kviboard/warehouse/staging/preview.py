"""Tries one export file before it joins its source: reads and stages it among the other files, publishes nothing."""

import tempfile
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from zlib import error as ZlibError

import duckdb
import pandas as pd
import pyarrow as pa
from sqlglot import exp

from kviboard.catalog import Catalog, QueryFile
from kviboard.catalog.files import tree_of
from kviboard.domain.contract import CONTRACT, Column
from kviboard.domain.formatting import listed, plural
from kviboard.errors import ExportError, Problem
from kviboard.warehouse.engine import confine, open_for_building, parquet_rows
from kviboard.warehouse.files.delimited import DelimitedFile
from kviboard.warehouse.files.discovery import FoundFile, find_files, fingerprint, members_of
from kviboard.warehouse.files.extract import UNREADABLE_PARQUET, Extract, open_records
from kviboard.warehouse.files.parquet import facts_of_parquet
from kviboard.warehouse.files.parts import extract_all
from kviboard.warehouse.files.read_options import ReadOptions
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.forgotten import LeftOut, read_forgotten
from kviboard.warehouse.manifest import ExportDecision, LedgerRow
from kviboard.warehouse.staging.pipeline import stage_all
from kviboard.warehouse.staging.queries.origins import columns_read, left_out_of, sources_read
from kviboard.warehouse.staging.queries.renames import new_names
from kviboard.warehouse.staging.refusals import nothing_exported
from kviboard.warehouse.staging.staged import Staged
from kviboard.warehouse.tables import PreviousVersion
from kviboard.workspace import Workspace
from kviboard.workspace.settings import Source

_ROWS_SHOWN = 5
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars (|)", " ": "blanks"}
_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1",
    "iso8859-15": "Latin-9",
}


@dataclass(frozen=True)
class ColumnUse:
    """A column of the file, its name after renaming, and what it feeds: contract columns or queries; () for nothing."""

    name: str
    renamed: str
    feeds: tuple[str, ...]


@dataclass(frozen=True)
class ImportPreview:
    """What a refresh would make of a file. `ledger` has all files of its tables; `refusals` would stop the refresh."""

    written_as: str  # "Text with semicolons, UTF-8"
    columns: tuple[ColumnUse, ...]
    rows: pd.DataFrame  # the first ones, as text
    ledger: tuple[LedgerRow, ...]
    reasons: pd.DataFrame  # as queries/views/rejected_reasons.sql, of this file
    refusals: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    decisions: tuple[ExportDecision, ...] = ()


def preview_import(workspace: Workspace, catalog: Catalog, source: str, path: Path, name: str) -> ImportPreview:
    """Stage the file at `path` as if it were `name`, a file of `source`; one of that name is left out.

    Reads the source's other files too: what repeats a row, or lies long after all others, only they can tell. Raises
    ExportError where the file cannot be read.
    """
    given = workspace.sources[source]
    part = members_of(given, name)
    name = f"{name}/{part}" if part else name
    with tempfile.TemporaryDirectory(prefix=".preview-", dir=path.parent) as scratch:
        found = FoundFile(source, path, name, fingerprint(path, given), part)
        parts = extract_all(found, given, Path(scratch), _left_out(workspace, catalog, source))
        tried = parts[0]
        tables = _readers(catalog, source)
        beside = tables | _of_customers(workspace, catalog)
        extracts = _beside(workspace, catalog, beside, found, parts)
        said = {str(e.found.path): e.found.name for found in extracts.values() for e in found if e.is_external}
        own = {each.found.name for each in parts} | {name}
        others = {e.found.name for found in extracts.values() for e in found} - own
        others |= {f"The {table} export" for table in beside.keys() - tables.keys()}
        rows = sum(extract.rows for found in extracts.values() for extract in found)
        with open_for_building(workspace, Path(scratch), rows) as connection:
            few = replace(catalog, staging=beside)
            placed = {key: _placed(found) for key, found in extracts.items()}
            external = [e.parquet for found in placed.values() for e in found if e.is_external]
            confine(connection, workspace, external, [Path(scratch), workspace.state / "cache"])
            staged = stage_all(connection, workspace, few, placed, PreviousVersion())
            return ImportPreview(
                _written_as(parts, given) + _read_elsewhere(workspace, source, found),
                column_uses(workspace, catalog, source, tried.columns),
                _first_rows(connection, tried, name),
                tuple(
                    row.model_copy(update={"file": said.get(row.file or "", row.file)})
                    for row in staged.ledger
                    if row.table_name in tables
                ),
                _reasons(connection, catalog, {str(path), *own}).replace({"file": said}),
                _in_words([*_refusals(staged), *_unusable(staged, {str(path), *own})], said),
                _in_words([problem for problem in staged.problems if problem.where not in others], said),
                _decisions(staged, others, said),
            )


def peek_columns(path: Path, source: Source) -> tuple[str, ...]:
    """The column names of a file, read as a file of `source`; () where it cannot be read."""
    found = FoundFile("", path, path.name, "")
    try:
        if found.kind == "parquet":
            return tuple(facts_of_parquet(path).schema.to_arrow_schema().names)
        names = next(iter(open_records(found, source).batches())).column_names
    except (ExportError, OSError, EOFError, ValueError, StopIteration, ZlibError, pa.ArrowException):
        return ()
    return tuple(name for name in names if name != LINE)


def column_uses(workspace: Workspace, catalog: Catalog, source: str, columns: tuple[str, ...]) -> tuple[ColumnUse, ...]:
    """What each column of a file is to the staging queries that read its source."""
    tables = _readers(catalog, source)
    used = columns_read(catalog.staging, source, workspace.own_columns)
    renames = new_names(workspace.sources[source], [columns], used)
    uses = []
    for column in columns:
        renamed = renames.get(column.casefold(), column)
        feeds = (
            _feeds(renamed.lower(), table, query, workspace.own_columns.get(table, ()))
            for table, query in tables.items()
        )
        uses.append(ColumnUse(column, renamed, tuple(feed for feed in feeds if feed)))
    return tuple(uses)


def _of_customers(workspace: Workspace, catalog: Catalog) -> dict[str, QueryFile]:
    """The customers' query where it decides who is left out of all tables."""
    query = catalog.staging.get("customers")
    decides = query and (isinstance(workspace.customers.leave_out, str) or not query.built_in)
    is_there = query and set(sources_read(query)) <= workspace.sources.keys()
    return {"customers": query} if query and decides and is_there else {}


def _beside(
    workspace: Workspace, catalog: Catalog, tables: Mapping[str, QueryFile], tried: FoundFile, parts: list[Extract]
) -> dict[str, list[Extract]]:
    """The file with the others of its source and of the sources read together with it; broken ones left out."""
    names = dict.fromkeys([tried.source, *(name for query in tables.values() for name in sources_read(query))])
    names |= dict.fromkeys(filter(None, [workspace.aliases_source, workspace.rates_source]))
    extracts: dict[str, list[Extract]] = {tried.source: [*parts]}
    for name in names.keys() & workspace.sources.keys():
        for file in find_files(workspace, name)[0]:
            if (name, file.name) != (tried.source, tried.name):
                try:
                    left_out = _left_out(workspace, catalog, name)
                    other = extract_all(file, workspace.sources[name], workspace.state / "cache", left_out)
                    extracts.setdefault(name, []).extend(other)
                except ExportError:
                    continue
    return extracts


def _left_out(workspace: Workspace, catalog: Catalog, source: str) -> LeftOut:
    return left_out_of(workspace.sources[source], source, catalog.staging, read_forgotten(workspace.state))


def _placed(extracts: list[Extract]) -> list[Extract]:
    """Parquet files under their full paths: the tried one is not in the others' folder, as short names require."""
    return [replace(e, found=replace(e.found, name=str(e.found.path))) if e.is_external else e for e in extracts]


def _refusals(staged: Staged) -> list[Problem]:
    """What would stop a refresh, without what is only missing because other tables were not staged."""
    expected = nothing_exported(staged.rows)
    return [problem for problem in staged.refusals if problem not in expected]


def _unusable(staged: Staged, names: Set[str]) -> list[Problem]:
    """What speaks against a file without a single usable row, which a refresh would only warn of."""
    own = [row for row in staged.ledger if row.file in names and row.role == "rows"]
    useless = own and not any(row.rows_kept + row.rows_duplicate for row in own)
    if not useless or _refusals(staged):
        return []
    return [d.problem for d in staged.decisions if d.level == "warning" and d.where in names and d.moves_kvis]


def _decisions(staged: Staged, others: Set[str], said: Mapping[str, str]) -> tuple[ExportDecision, ...]:
    """How this file is read, and what concerns its whole source."""
    own = (decision for decision in staged.decisions if decision.where not in others)
    return tuple(
        decision.model_copy(
            update={part: _named(getattr(decision, part), said) for part in ("where", "what", "example")}
        )
        for decision in own
    )


def _in_words(problems: list[Problem], said: Mapping[str, str]) -> tuple[Problem, ...]:
    return tuple(
        dict.fromkeys(
            Problem(_named(problem.where, said), _named(problem.what, said), _named(problem.hint, said))
            for problem in problems
        )
    )


def _named(sentence: str, said: Mapping[str, str]) -> str:
    """A sentence with the names that people know instead of full paths."""
    for path, name in said.items():
        sentence = sentence.replace(path, name)
    return sentence


def _first_rows(connection: duckdb.DuckDBPyConnection, tried: Extract, name: str) -> pd.DataFrame:
    if not tried.columns:
        return pd.DataFrame()
    hidden = "" if tried.is_external else f"exclude ({FILE}, {LINE})"
    order = "" if tried.is_external else f"order by {LINE}"
    rows = f"select * {hidden} from {parquet_rows([tried.parquet])} {order} limit {_ROWS_SHOWN}"
    try:
        shown: pd.DataFrame = connection.sql(f"select columns(*)::varchar from ({rows})").df()
    except duckdb.InvalidInputException as error:
        if not tried.is_external:
            raise
        what = f"{name}: {UNREADABLE_PARQUET}"
        raise ExportError(what, [Problem(name, UNREADABLE_PARQUET)]) from error
    return shown


def _reasons(connection: duckdb.DuckDBPyConnection, catalog: Catalog, names: set[str]) -> pd.DataFrame:
    connection.execute("delete from rejected_rows where file is null or not list_contains(?, file)", [sorted(names)])
    reasons: pd.DataFrame = connection.sql(catalog.views["rejected_reasons"].sql).df()
    return reasons


def _written_as(parts: Sequence[Extract], source: Source) -> str:
    tried = parts[0]
    packed = ", packed (.gz)" if tried.found.path.suffix.lower() == ".gz" else ""
    if tried.found.kind == "text":
        dialect = DelimitedFile(tried.found.path, ReadOptions.of(tried.found.source, source)).dialect
        encoding = _ENCODINGS.get(dialect.encoding, "UTF-16")
        return f"Text with {_DELIMITERS.get(dialect.delimiter, dialect.delimiter)} between values, {encoding}{packed}"
    if tried.found.kind == "sheet":
        return f"Spreadsheet, {plural(len(parts), 'sheet', 'sheets')} {listed([each.found.part for each in parts])}"
    if tried.found.kind == "archive":
        return f"Archive with {listed([PurePath(each.found.name).name for each in parts])}"
    return {"json": "JSON", "parquet": "Parquet"}[tried.found.kind] + packed


def _read_elsewhere(workspace: Workspace, source: str, tried: FoundFile) -> str:
    """Which other sources read members of an archive."""
    sources = workspace.sources.items()
    others = [name for name, other in sources if name != source and members_of(other, tried.container)]
    return f", beside files that {listed(others)} read" if tried.part and others else ""


def _readers(catalog: Catalog, source: str) -> dict[str, QueryFile]:
    """The staging queries that read a source, by contract table."""
    return {table: query for table, query in catalog.staging.items() if source in sources_read(query)}


def _feeds(column: str, table: str, query: QueryFile, own: tuple[Column, ...]) -> str:
    """What a column of the source is to one staging query: a contract column, something it reads, or nothing."""
    tree = tree_of(query.sql)
    known = {known.name for known in (*CONTRACT[table].columns, *own)}
    if any(isinstance(selected, exp.Star) for selected in getattr(tree, "selects", ())):
        return f"{table}.{column}" if column in known else ""
    return query.path if column in {found.name.lower() for found in tree.find_all(exp.Column)} else ""
