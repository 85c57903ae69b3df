"""Reads each export file once: its rows are kept as Parquet under the file's fingerprint.

Owns the cache and what can go wrong with a single file. Parquet exports are read in place and never copied.
"""

import errno
import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from zlib import error as ZlibError

import pyarrow as pa
import pyarrow.parquet as pq

from kviboard.errors import ExportError, Problem
from kviboard.files import make_private, remove, write_atomically
from kviboard.warehouse.files.contents import mark_of
from kviboard.warehouse.files.delimited import DelimitedFile
from kviboard.warehouse.files.discovery import FoundFile
from kviboard.warehouse.files.limits import check_columns
from kviboard.warehouse.files.parquet import facts_of_parquet
from kviboard.warehouse.files.read_options import ReadOptions
from kviboard.warehouse.files.records import FILE, LINE, Malformed, NoRecords, Records
from kviboard.warehouse.files.sheets import SheetFile
from kviboard.warehouse.files.structured import JsonFile
from kviboard.warehouse.forgotten import NOBODY, LeftOut, WithoutForgotten, files_with_forgotten
from kviboard.warehouse.manifest import ExportDecision
from kviboard.workspace.settings import Source

_log = logging.getLogger(__name__)
_LONGEST_READ = 86_400  # seconds after which a half-written file belongs to nobody any more
_PARQUET_END = b"PAR1"
_GROUP_BYTES = 4 * 1024 * 1024  # worked on at once, twenty times over; never that many where values are short
UNREADABLE_PARQUET = "is not a readable Parquet file; it may be cut off, so export it again."
_CANNOT_WRITE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.ENOTDIR)


@dataclass(frozen=True)
class Extract:
    """One export file, ready for SQL: the Parquet file with its rows and what could not be read."""

    found: FoundFile
    parquet: Path
    columns: tuple[str, ...]
    rows: int  # readable rows
    malformed: tuple[Malformed, ...] = ()
    decisions: tuple[ExportDecision, ...] = ()
    repeated: tuple[str, ...] = ()  # names that several of its columns have
    padded: int = 0  # of the rows: those shorter than the header
    is_from_1904: bool = False  # a workbook that counts days from 1904 on
    zone: str = ""  # in which a header line says that its times are
    # Of typed columns of times: those in the way that Spark and Hive write moments of UTC, all without a zone, others.
    as_spark_writes: tuple[str, ...] = ()
    without_zone: tuple[str, ...] = ()
    with_zone: tuple[str, ...] = ()
    durations: tuple[tuple[str, str], ...] = ()  # typed columns of how long something took, whole numbers of a unit

    @property
    def is_external(self) -> bool:
        """Whether the rows are the company's own Parquet file, which has no `_file` and `_line` of its own."""
        return self.parquet == self.found.path

    @property
    def rows_read(self) -> int:
        return self.rows + len(self.malformed)

    @property
    def is_empty(self) -> bool:
        """Whether there was no row in the file, not even of customers who are forgotten."""
        return not self.rows_read and not files_with_forgotten(self.decisions)


def extract(found: FoundFile, source: Source, cache: Path, left_out: LeftOut = NOBODY) -> Extract:
    """The rows of a file with one table but those `left_out`, from the cache where it has them. Raises ExportError with
    the file's name in front."""
    with naming(found):
        if found.kind == "parquet" and found.path.stat().st_size:
            return _external(found, cache)
        return cached(found, cache, left_out) or _read(found, source, cache, left_out)


@contextmanager
def naming(found: FoundFile) -> Iterator[None]:
    """Whatever goes wrong with the file becomes an ExportError with its name in front, once."""
    try:
        yield
    except ExportError as error:
        if error.problems:
            raise
        raise ExportError(f"{found.name}: {error}.", [Problem(found.name, f"{error}.")]) from error
    except (EOFError, ZlibError, pa.ArrowException, UnicodeError, RecursionError, MemoryError, OSError) as error:
        if _is_about_the_cache(error):
            raise
        what = _plainly(error)
        raise ExportError(f"{found.name}: {what}", [Problem(found.name, what)]) from error


def forget_unused(cache: Path, used: set[str]) -> None:
    """Remove what the cache holds of files that are gone or were changed, and what killed refreshes left half.

    `used`: fingerprints of the files or of their parts.
    """
    used = {fingerprint.split("-")[0] for fingerprint in used}
    for entry in os.scandir(cache) if cache.is_dir() else ():
        is_half = entry.name.startswith(".")
        if time.time() - entry.stat().st_mtime > _LONGEST_READ if is_half else _owner(entry.name) not in used:
            remove(Path(entry.path))


def _owner(name: str) -> str:
    """The fingerprint of the file that an entry of the cache is about, also where it is about a part of it."""
    return name.split(".")[0].split("-")[0]


def _external(found: FoundFile, cache: Path) -> Extract:
    """Parquet, which is read in place. What its texts come to is looked at once, as long as the file stays as it is."""
    looked_at = cache / f"{found.fingerprint}.looked_at"
    facts = facts_of_parquet(found.path, looks=not looked_at.exists())
    if not looked_at.exists():
        make_private(cache)
        looked_at.touch()
    columns = [facts.schema.column(number) for number in range(facts.num_columns)]
    schema = pq.read_schema(found.path)  # with what the writer says of types that Parquet does not know
    times = [field for field in schema if pa.types.is_timestamp(field.type)]
    return Extract(
        found,
        found.path,
        tuple(schema.names),
        facts.num_rows,
        as_spark_writes=tuple(column.name for column in columns if column.physical_type == "INT96"),
        without_zone=tuple(field.name for field in times if field.type.tz is None),
        with_zone=tuple(field.name for field in times if field.type.tz is not None),
        durations=tuple((field.name, field.type.unit) for field in schema if pa.types.is_duration(field.type)),
    )


def cached(found: FoundFile, cache: Path, left_out: LeftOut) -> Extract | None:
    facts = cache / f"{found.fingerprint}.json"
    parquet = cache / f"{found.fingerprint}.parquet"
    if not (facts.is_file() and parquet.is_file()):
        return None
    try:
        held = json.loads(facts.read_text(encoding="utf-8"))
        if held.get("left_out", "") != left_out.fingerprint:
            return None  # it may hold somebody who is forgotten now
        malformed = tuple(Malformed(**record) for record in held["malformed"])
        if held["parquet_bytes"] == parquet.stat().st_size and _is_parquet(parquet):
            decisions = tuple(ExportDecision(**decision) for decision in held["decisions"])
            columns, repeated = tuple(held["columns"]), tuple(held["repeated"])
            facts_of = {name: held[name] for name in ("rows", "padded", "is_from_1904", "zone")}
            return Extract(
                found, parquet, columns, malformed=malformed, decisions=decisions, repeated=repeated, **facts_of
            )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    _log.warning("%s is read again: what was kept of it is damaged or of another version.", found.name)
    return None


def _is_parquet(path: Path) -> bool:
    """Whether a file ends as it should: after a power cut it may have its size and hold nothing."""
    with path.open("rb") as stream:
        stream.seek(-len(_PARQUET_END), os.SEEK_END)
        return stream.read() == _PARQUET_END


def _read(found: FoundFile, source: Source, cache: Path, left_out: LeftOut) -> Extract:
    mark = found.mark or mark_of(found.path)
    make_private(cache)
    parquet = cache / f"{found.fingerprint}.parquet"
    records = WithoutForgotten(open_records(found, source), left_out)
    columns, rows = _write(records, found.name, parquet)
    if mark_of(found.path) != mark:
        parquet.unlink()
        raise ExportError("was changed while it was read; refresh again when the export is finished")
    findings = records.findings
    decisions = tuple(decision.model_copy(update={"where": found.name}) for decision in findings.decisions)
    padded, malformed = sum(map(len, findings.padded.values())), tuple(findings.malformed)
    extract = Extract(
        found, parquet, columns, rows, malformed, decisions, findings.repeated, padded, findings.is_from_1904,
        findings.zone,
    )  # fmt: skip
    _keep_facts(extract, cache, left_out)
    return extract


def open_records(found: FoundFile, source: Source) -> Records:
    """The file, opened for reading; not for Parquet. Raises ExportError where it is not what its name says."""
    reading = ReadOptions.of(found.source, source)
    if not found.path.stat().st_size:
        return NoRecords()
    if found.kind == "sheet":
        return SheetFile(found.path, reading, found.part or None)
    return JsonFile(found.path, reading) if found.kind == "json" else DelimitedFile(found.path, reading)


def _write(records: Records, name: str, parquet: Path) -> tuple[tuple[str, ...], int]:
    """Write all batches to a cache entry that is whole or not there; its columns and how many rows it has."""
    rows, columns = 0, ()
    writer = None
    with write_atomically(parquet, private=True) as unfinished:
        try:
            for table in records.batches():
                check_columns(table.num_columns - 1)
                table = table.append_column(FILE, pa.DictionaryArray.from_arrays(pa.repeat(0, table.num_rows), [name]))
                writer = writer or pq.ParquetWriter(unfinished, table.schema)
                writer.write_table(table, row_group_size=_rows_at_once(table))
                rows += table.num_rows
                columns = tuple(column for column in table.column_names if column not in (FILE, LINE))
        finally:
            if writer:
                writer.close()
    return columns, rows


def _rows_at_once(table: pa.Table) -> int:
    """How many rows make a row group: DuckDB reads none of them together with those of another."""
    return int(max(1, min(table.num_rows, table.num_rows * _GROUP_BYTES // max(table.nbytes, 1))))


def _keep_facts(extract: Extract, cache: Path, left_out: LeftOut) -> None:
    facts = {
        "parquet_bytes": extract.parquet.stat().st_size,
        "columns": extract.columns,
        "repeated": extract.repeated,
        "rows": extract.rows,
        "padded": extract.padded,
        "is_from_1904": extract.is_from_1904,
        "zone": extract.zone,
        "malformed": [asdict(record) for record in extract.malformed],
        "decisions": [decision.model_dump() for decision in extract.decisions],
        "left_out": left_out.fingerprint,
    }
    with write_atomically(cache / f"{extract.found.fingerprint}.json", private=True) as unfinished:
        unfinished.write_text(json.dumps(facts), encoding="utf-8")


def _is_about_the_cache(error: Exception) -> bool:
    """Whether the state folder is the trouble and not the export, which is only read."""
    return isinstance(error, OSError) and error.errno in _CANNOT_WRITE


def _plainly(error: Exception) -> str:
    if isinstance(error, EOFError | ZlibError) or type(error).__name__ == "BadGzipFile":
        return "is not a whole .gz file; it may be cut off, so export it again."
    if isinstance(error, RecursionError):
        return "is nested more deeply than any table; export it as CSV or as JSON lines."
    if isinstance(error, MemoryError):
        return "needs more memory than there is; export it as CSV or in several files."
    if isinstance(error, UnicodeError):
        return "is not UTF-8 text; export it as UTF-8."
    if isinstance(error, pa.ArrowException):
        return UNREADABLE_PARQUET
    if isinstance(error, FileNotFoundError):
        return "is not there; look at how its name is written, or export it again."
    if isinstance(error, IsADirectoryError):
        return "is a folder; name a file in it."
    why = getattr(error, "strerror", None) or error
    return f"cannot be read ({why}); give the user who runs the board read access, or export it again."
