"""What a Parquet file says of itself, and whether it may be read: it is read in place, by an engine that does not count
the texts it makes as its memory. So what they come to is looked at before.
"""

import io
from collections import Counter
from contextlib import closing
from pathlib import Path
from time import monotonic

import duckdb
import pyarrow.parquet as pq

from kviboard.errors import ExportError
from kviboard.warehouse.engine import literal, quoted
from kviboard.warehouse.files.limits import check_columns, grows, refuse_growth

_MB = 1024 * 1024
_FOOTER_MOST = 16 * _MB  # 80,000 pieces of columns; in memory it takes thirteen times as much
_LOOKED_AT = 64 * _MB  # a larger file takes seconds to look at: what takes less of it to be dangerous is looked at
_LONGEST_LOOK = 1.0  # seconds
_LEAST_OF_ROW = 8  # bytes of a row in memory, whatever is in it
_TEXTS = ("NONE", "STRING", "JSON", "ENUM")  # what columns of bytes may mean


def facts_of_parquet(path: Path, looks: bool = True) -> pq.FileMetaData:
    """Columns and rows of a Parquet file. Raises ExportError for one that would take too much memory to read; `looks`:
    also into its texts, which takes forty times as long."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(size - 8, 0))
        footer = int.from_bytes(file.read(4), "little")
    if _FOOTER_MOST < footer < size:
        raise ExportError(
            f"has more than {_FOOTER_MOST // _MB} MB of facts about its columns; export only those that are needed, "
            "in larger row groups"
        )
    facts = pq.read_metadata(path)
    check_columns(facts.num_columns)
    refuse_growth(sum(facts.row_group(number).total_byte_size for number in range(facts.num_row_groups)), size)
    refuse_growth(facts.num_rows * _LEAST_OF_ROW, size)
    if looks and (columns := _repeating(facts)):
        refuse_growth(_bytes_of_texts(path, columns, size > _LOOKED_AT), size)
    return facts


def _repeating(facts: pq.FileMetaData) -> list[str]:
    """The columns of texts that may stand once in the file and in so many rows that they may come to much; those that
    take the least of it first."""
    sizes: Counter[str] = Counter()
    for group in range(facts.num_row_groups):
        for number in range(facts.num_columns):
            chunk, column = facts.row_group(group).column(number), facts.schema.column(number)
            if (
                grows(chunk.num_values * chunk.total_uncompressed_size, 0)  # no text is longer than all of them
                and column.physical_type == "BYTE_ARRAY"
                and column.logical_type.type in _TEXTS
                and column.path == column.name  # those within others are not read
                and any("DICTIONARY" in way or "DELTA" in way for way in chunk.encodings)
            ):
                sizes[column.name] += chunk.total_compressed_size
    return sorted(sizes, key=lambda name: sizes[name])


def _bytes_of_texts(path: Path, columns: list[str], is_large: bool) -> int:
    """How many bytes the texts of these columns come to in all rows: in a large file of as many columns as can be
    looked at in a second."""
    rows, ends_at = f"read_parquet({literal(path.as_posix())}, binary_as_string = true)", monotonic() + _LONGEST_LOOK
    total = 0
    with closing(duckdb.connect(config={"memory_limit": "256MB"})) as connection:
        for name in columns:
            try:
                if is_large:
                    connection.execute(f"set max_execution_time = {max(1, round((ends_at - monotonic()) * 1_000))}")
                (size,) = connection.execute(f"select sum(strlen({quoted(name)})) from {rows}").fetchone() or (0,)
            except duckdb.Error:  # said where it is read
                break
            total += int(size or 0)
    return total
