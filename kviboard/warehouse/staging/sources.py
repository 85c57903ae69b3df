"""Makes every source readable in SQL as source.<name>: renamed columns, plus `_file` and `_line`."""

from collections.abc import Container, Iterable, Sequence

import duckdb

from kviboard.errors import ExportError, Problem
from kviboard.warehouse.engine import BY_NAME, parquet_rows, quoted
from kviboard.warehouse.files.extract import Extract
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.workspace.settings import Source

# By name also where there is one file yet; a column is what the file says, whatever its folders are called.
_IN_PLACE = (BY_NAME, "filename = '_path'", "file_row_number = true", "hive_partitioning = false")


def create_source(
    connection: duckdb.DuckDBPyConnection, name: str, source: Source, extracts: Sequence[Extract], used: Container[str]
) -> list[Problem]:
    """Create the view source.<name> over the files' rows; returns what is odd about their columns.

    `used`: the columns that a file is expected to have if others have them, after renaming and in lower case.
    Raises ExportError where two columns of one file end up with the same name.
    """
    columns = _first_of_each(column for extract in extracts for column in extract.columns)
    targets: dict[str, list[str]] = {}
    renames = {old.strip().casefold(): new for old, new in source.rename.items()}
    for column in columns:
        targets.setdefault(renames.get(column.casefold(), column).casefold(), []).append(column)
    _refuse_clashes(name, targets, extracts)
    selected = [
        f"{_either(found)} as {quoted(renames.get(found[0].casefold(), found[0]))}" for found in targets.values()
    ]
    rows = " union all by name ".join(f"select * from ({part})" for part in _parts(extracts))
    connection.execute(
        f"create view source.{quoted(name)} as select {', '.join([*selected, FILE, LINE])} from ({rows})"
    )
    return _unused_renames(name, source, columns) + _half_empty(name, targets, extracts, used)


def wrong_format(connection: duckdb.DuckDBPyConnection, name: str, date_format: str | None) -> list[Problem]:
    """A date_format that is none."""
    try:
        connection.execute("select try_strptime('', ?)", [date_format]).fetchall()
    except duckdb.Error:
        where = f"kviboard.toml, [sources.{name}] date_format"
        return [Problem(where, f'"{date_format}" is not a date format.', "Write it like %d.%m.%Y or %m/%d/%y %H:%M.")]
    return []


def _parts(extracts: Sequence[Extract]) -> list[str]:
    copied = [extract.parquet for extract in extracts if not extract.is_in_place]
    in_place = [extract for extract in extracts if extract.is_in_place]
    parts = [f"select * from {parquet_rows(copied)}"] if copied else []
    if in_place:
        rows = parquet_rows([e.parquet for e in in_place], *_IN_PLACE)
        columns = f"* exclude (_path, file_row_number), {_file_name(in_place)} as {FILE}, file_row_number + 1 as {LINE}"
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


def _unused_renames(name: str, source: Source, columns: Sequence[str]) -> list[Problem]:
    known = {column.casefold() for column in columns}
    where = f"kviboard.toml, [sources.{name}] rename"
    return [
        Problem(where, f'no file has a column "{old}".', f"Found: {', '.join(columns)}.")
        for old in source.rename
        if old.strip().casefold() not in known
    ]


def _half_empty(
    name: str, targets: dict[str, list[str]], extracts: Sequence[Extract], used: Container[str]
) -> list[Problem]:
    """Columns of use that some files have and others do not: probably renamed on the way."""
    problems = []
    expected = [found for target, found in targets.items() if target in used]
    for extract in extracts:
        own = {column.casefold() for column in extract.columns}
        missing = [found[0] for found in expected if not any(column.casefold() in own for column in found)]
        if missing:
            what = f"has no column {' and no column '.join(missing)}, which other files of this source have."
            hint = f"If it has another name there, add that to [sources.{name}] rename."
            problems.append(Problem(extract.found.name, what, hint))
    return problems
