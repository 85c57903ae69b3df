"""Makes every source readable in SQL as source.<name>: renamed columns, plus `_file` and `_line`."""

from collections.abc import Container, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

import duckdb
from sqlglot import exp

from kviboard.catalog import QueryFile
from kviboard.catalog.files import tree_of
from kviboard.domain.formatting import counted, listed, plural
from kviboard.errors import ExportError, Problem
from kviboard.warehouse.engine import BY_NAME, literal, parquet_rows, quoted, rows_of
from kviboard.warehouse.files.extract import Extract
from kviboard.warehouse.files.order import in_natural_order
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.renames import given_names, new_names, said_of_names, unused_renames
from kviboard.warehouse.staging.values.date_numbers import NUMBERS
from kviboard.warehouse.staging.values.zones import ALWAYS_UTC, zone_called
from kviboard.workspace.settings import Source

# By name also where there is one file yet; a column is what the file says, whatever its folders are called.
_MANY_FILES, _MOST_OF_MANY, _MOST_OF_FEW = 200, 1_000_000, 10_000
"""From how many files on, and up to how many rows of so many or fewer: to open files again at each look takes longer
than all else where they are many, or hold little."""
_EXTERNAL = (BY_NAME, "filename = '_path'", "file_row_number = true", "hive_partitioning = false")


@dataclass
class SourceNotes:
    """What is odd about the files of a source, and how they were read."""

    problems: list[Problem] = field(default_factory=list)
    decisions: list[ExportDecision] = field(default_factory=list)


def create_source(
    connection: duckdb.DuckDBPyConnection, name: str, source: Source, extracts: Sequence[Extract], used: Set[str]
) -> SourceNotes:
    """Create the view or table source.<name> of the files' rows; returns what is to be said about their columns.

    `used`: the columns that a file is expected to have if others have them, after renaming and in lower case.
    Raises ExportError where two columns of one file end up with the same name, or no file has any column.
    """
    holding = [extract for extract in extracts if extract.columns]
    if not holding:
        raise ExportError("nothing to read", [_nothing(name, extracts)])
    columns = _first_of_each(column for extract in holding for column in extract.columns)
    names = new_names(source, [extract.columns for extract in holding], used)
    targets: dict[str, list[str]] = {}
    for column in columns:
        targets.setdefault(names.get(column.casefold(), column).casefold(), []).append(column)
    targets = {target: _without_objects(target, found, names) for target, found in targets.items()}
    _refuse_clashes(name, targets, holding)
    selected = [f"{_either(found)} as {quoted(names.get(found[0].casefold(), found[0]))}" for found in targets.values()]
    rows = " union all by name ".join(f"select * from ({part})" for part in _parts(holding))
    is_external = any(extract.is_external for extract in holding)
    most = _MOST_OF_MANY if len(holding) > _MANY_FILES else _MOST_OF_FEW
    held = "view" if is_external or sum(extract.rows for extract in holding) > most else "table"
    connection.execute(
        f"create {held} source.{quoted(name)} as select {', '.join([*selected, FILE, LINE])} from ({rows})"
    )
    _note_headers(connection, name, names, targets)
    _refuse_repeated(connection, name, source, holding, names, used)
    notes = SourceNotes(unused_renames(name, source, columns), said_of_names(name, source, columns, names))
    _note_empty(notes, extracts)
    _note_half_empty(notes, name, {target: found for target, found in targets.items() if target in used}, holding)
    return notes


def moments_without_zone(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    source: Source,
    extracts: Sequence[Extract],
    used: Set[str],
    company: str,
) -> list[ExportDecision]:
    """What is said of times in Parquet files that may be of another zone than they count as. `used`: as of
    create_source."""
    names = new_names(source, [extract.columns for extract in extracts if extract.columns], used)

    def ours(columns: Iterable[str]) -> list[str]:
        called = _first_of_each(names.get(column.casefold(), column).casefold() for column in columns)
        is_time = "select 1 from {} where cast(try_cast({} as timestamp) as time) <> time '00:00' limit 1"
        relation = f"source.{quoted(name)}"
        return [each for each in called if each in used and rows_of(connection, is_time.format(relation, quoted(each)))]

    zoned = {column for extract in extracts for column in extract.with_zone}
    bare = ours(column for extract in extracts for column in extract.without_zone if column in zoned)
    said = []
    if bare:  # the engine makes moments of UTC of them
        files = [extract.found.name for extract in extracts if zoned.intersection(extract.without_zone)]
        what = f"{plural(len(files), 'holds', 'hold')} the times of {' and '.join(bare)} without a zone, where others "
        what += "have one, and they count as those of UTC."
        setting = "Where they are of another zone, export them with it."
        said.append(_of_times(files, what, setting))
    old = ours(column for extract in extracts for column in extract.as_spark_writes if column not in zoned)
    if old and not source.timezone and company not in ALWAYS_UTC:
        files = [extract.found.name for extract in extracts if extract.as_spark_writes]
        what = f"{plural(len(files), 'holds', 'hold')} the times of {' and '.join(old)} as INT96, which names no zone, "
        what += f"and they count as those of {company}; Spark and Hive write times of UTC so."
        setting = f'[sources.{name}] timezone settles it: "UTC", or "{company}" where they are its own.'
        said.append(_of_times(files, what, setting))
    return said


def zone_told(extracts: Sequence[Extract], company: str) -> str | None:
    """The zone that header lines of all files of a source name for its times."""
    zones = {extract.zone for extract in extracts if extract.rows}
    return zone_called(zones.pop(), company) if len(zones) == 1 else None


def zones_in_headers(name: str, source: Source, extracts: Sequence[Extract], company: str) -> list[ExportDecision]:
    """What is said of a zone that header lines name for the times below them: it is read where all files agree."""
    told = [extract for extract in extracts if extract.zone and extract.rows]
    zones = sorted({extract.zone for extract in told})
    if not told or source.timezone or {zone_called(zone, company) for zone in zones} == {company}:
        return []
    files = [extract.found.name for extract in told]
    zone = zone_told(extracts, company)
    what = f"{plural(len(files), 'names', 'name')} {listed(zones)} in a header line as the zone of its times, "
    if zone is None:
        other = f"which is not read: they count as those of {company}."
        return [_of_times(files, what + other, f"[sources.{name}] timezone names the one that holds for all files.")]
    what += f"so they are read as {zone} and count as {company} has them."
    setting = f'[sources.{name}] timezone = "{company}" keeps them as they are.'
    return [ExportDecision(where=several(files), what=what, setting=setting, moves_kvis=True)]


def _of_times(files: Sequence[str], what: str, setting: str) -> ExportDecision:
    return ExportDecision(where=several(files), what=what, setting=setting, level="warning", moves_kvis=True)


def wrong_format(connection: duckdb.DuckDBPyConnection, name: str, date_format: str | None) -> list[Problem]:
    """A date_format that is none."""
    if date_format is None or date_format in NUMBERS:
        return []
    try:
        connection.execute("select try_strptime('', ?)", [date_format]).fetchall()
    except duckdb.Error:
        where = f"kviboard.toml, [sources.{name}] date_format"
        hint = "Write it like %d.%m.%Y or %m/%d/%y %H:%M, or epoch, epoch_ms, excel or excel_1904 for numbers."
        return [Problem(where, f'"{date_format}" is not a date format.', hint)]
    return []


def headers_of(connection: duckdb.DuckDBPyConnection, query: QueryFile, source: str) -> dict[str, tuple[str, ...]]:
    """What the columns of a staging query that are columns of `source`, unchanged, are called in its files."""
    comments = "select column_name, comment from duckdb_columns() where schema_name = 'source' and table_name = ?"
    written = {name.lower(): tuple((comment or name).splitlines()) for name, comment in
               rows_of(connection, comments, [source])}  # fmt: skip
    selects = getattr(tree_of(query.sql), "selects", ())
    stars = [star for each in selects if each.is_star and (star := each.find(exp.Star))]
    gone = {
        each.alias_or_name.lower()
        for star in stars
        for key in ("replace", "except_")
        for each in star.args.get(key) or ()
    }
    found = {name: called for name, called in written.items() if stars and name not in gone}
    plain = {each.alias_or_name.lower(): each.unalias() for each in selects if isinstance(each.unalias(), exp.Column)}
    return found | {
        name: written[column.name.lower()] for name, column in plain.items() if column.name.lower() in written
    }


def _note_headers(
    connection: duckdb.DuckDBPyConnection, name: str, names: Mapping[str, str], targets: Mapping[str, Sequence[str]]
) -> None:
    """Keep what renamed columns are called in their files as comments on the view's columns."""
    for found in targets.values():
        if found[0].casefold() in names:
            column = f"source.{quoted(name)}.{quoted(names[found[0].casefold()])}"
            connection.execute(f"comment on column {column} is {literal(chr(10).join(found))}")


def _parts(extracts: Sequence[Extract]) -> list[str]:
    copied = [extract.parquet for extract in extracts if not extract.is_external]
    external = [extract for extract in extracts if extract.is_external]
    parts = [f"select * from {parquet_rows(copied)}"] if copied else []
    if external:
        rows = parquet_rows([e.parquet for e in external], *_EXTERNAL)
        columns = f"* exclude (_path, file_row_number), {_file_name(external)} as {FILE}, file_row_number + 1 as {LINE}"
        parts.append(f"select {columns} from {rows}")
    return parts


def _file_name(extracts: Sequence[Extract]) -> str:
    """SQL for a file's readable name: its path without the workspace's folder, where that is where all files are."""
    folders = {e.found.path.as_posix().removesuffix(e.found.name) for e in extracts}
    (folder,) = folders if len(folders) == 1 else ("",)
    return f"substr(_path, {len(folder) + 1})"


def _first_of_each(names: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return list(found.values())


def _either(columns: Sequence[str]) -> str:
    """One column under several names, as files of different months have it."""
    return quoted(columns[0]) if len(columns) == 1 else f"coalesce({', '.join(map(quoted, columns))})"


def _nothing(name: str, extracts: Sequence[Extract]) -> Problem:
    again = "they may still be being written, so refresh again when the export is finished."
    for extract in extracts:
        for bad in extract.malformed[:1]:
            what = f"has no row that can be read: line {bad.line:,} {bad.reason}."
            return Problem(extract.found.name, what, "Export it as CSV, or an object a line.")
    if len(extracts) == 1:
        return Problem(extracts[0].found.name, f"is empty; {again.replace('they', 'it', 1)}")
    first = extracts[0].found.name
    return Problem(
        f"kviboard.toml, [sources.{name}] files", f"all {len(extracts)} files are empty, as {first}; {again}"
    )


def _without_objects(target: str, columns: list[str], names: Mapping[str, str]) -> list[str]:
    """Without an object of JSON texts of which one value gets the object's own name, as amount.value that of amount."""
    is_inside = any(name.casefold().startswith(f"{target}.") for name in columns if name.casefold() in names)
    return [name for name in columns if not is_inside or name.casefold() != target]


def _refuse_clashes(name: str, targets: dict[str, list[str]], extracts: Sequence[Extract]) -> None:
    """Several names for one column are fine in different files, not in the same one."""
    for extract in extracts:
        own = {column.casefold() for column in extract.columns}
        for target, found in targets.items():
            clashing = [column for column in found if column.casefold() in own]
            if len(clashing) > 1:
                what = f"has the columns {' and '.join(clashing)}, and rename makes {target} of each."
                hint = f"Give all but one another name under [sources.{name}] rename."
                raise ExportError(what, [Problem(extract.found.name, what, hint)])


def _refuse_repeated(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    source: Source,
    extracts: Sequence[Extract],
    names: Mapping[str, str],
    used: Container[str],
) -> None:
    """Two columns of one name that are both of use, and not the same: a rename of either says which is meant."""
    given = given_names(source)
    for extract in extracts:
        own = {column.casefold(): column for column in extract.columns}
        for first in extract.repeated:
            folded = first.casefold()
            again = own.get(f"{folded}_2")
            if names.get(folded, folded) not in used or not again or {folded, again.casefold()} & given.keys():
                continue
            values = f"{quoted(own[folded])}, {quoted(again)}"
            differing = rows_of(
                connection,
                f"select {values}, {LINE} from {parquet_rows([extract.parquet])} "
                f"where {quoted(own[folded])} is distinct from {quoted(again)} limit 1",
            )
            if differing:
                one, two, line = differing[0]
                what = f'has two columns "{first}" that differ: line {line} has "{one or ""}" and "{two or ""}".'
                hint = f'To take the first, set [sources.{name}] rename = {{ "{again}" = "second_{folded}" }}.'
                raise ExportError(what, [Problem(extract.found.name, what, hint)])


def _note_empty(notes: SourceNotes, extracts: Sequence[Extract]) -> None:
    """Files without a row: periods in which nothing happened."""
    empty = [extract.found.name for extract in extracts if extract.is_empty]
    if empty:
        what = f"{plural(len(empty), 'has', 'have')} no row: a period with nothing in it."
        again = "If something happened then, export it again."
        notes.decisions.append(ExportDecision(where=several(empty), what=what, setting=again))


def _note_half_empty(
    notes: SourceNotes, name: str, expected: Mapping[str, Sequence[str]], extracts: Sequence[Extract]
) -> None:
    """Columns of use that some files have and others do not: probably renamed on the way, or new."""
    by_name = {extract.found.name: extract for extract in extracts if extract.rows_read}
    files = [by_name[file] for file in in_natural_order(by_name)]
    lacking: dict[tuple[str, ...], list[str]] = {}
    for found in expected.values():
        folded = {column.casefold() for column in found}
        have = [bool(folded & {column.casefold() for column in extract.columns}) for extract in files]
        without = tuple(extract.found.name for extract, has in zip(files, have, strict=True) if not has)
        if not without:
            continue
        if have == sorted(have):
            since = files[len(without)].found.name if len(without) < len(files) else ""
            what = f"{plural(len(without), 'has', 'have')} no column {found[0]} yet, which is there from {since} on."
            notes.decisions.append(ExportDecision(where=several(without), what=what))
        else:
            lacking.setdefault(without, []).append(found[0])
    for without, columns in lacking.items():
        has = plural(len(without), "has", "have")
        what = f"{has} no column {' and no column '.join(columns)}, which other files of this source have."
        hint = f"If it has another name there, add that to [sources.{name}] rename."
        notes.problems.append(Problem(several(without), what, hint))


def several(files: Sequence[str]) -> str:
    """ "exports/a.csv", or "305 files, such as exports/a.csv"."""
    return files[0] if len(files) == 1 else f"{counted(len(files), 'file')}, such as {files[0]}"
