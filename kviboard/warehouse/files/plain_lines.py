"""Lines that are rows, taken apart a block at a time: some ten times as quick as row by row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from kviboard.warehouse.files.names import LINE

_MARK = "\ufeff"  # of UTF-8, which Arrow takes away wherever a block begins
_PARTS = 16


@dataclass(frozen=True)
class PlainLines:
    """Whole lines, each of which is a row: quotes stand around whole cells, or mean nothing."""

    lines: Sequence[str]
    before: int  # lines of the file

    @cached_property
    def text(self) -> str:
        return "".join(self.lines)

    @property
    def count(self) -> int:
        return len(self.lines)

    def parts(self) -> "Iterator[PlainLines]":
        """The same lines in at most sixteen parts."""
        size = -(-self.count // _PARTS)
        for first in range(0, self.count, size):
            yield PlainLines(self.lines[first : first + size], self.before + first)

    @cached_property
    def data(self) -> bytes:
        return self.text.encode(errors="replace")

    def has_whole_quotes(self, delimiter: str) -> bool:
        """Whether each quote opens or closes a cell without line ends in it, or is doubled there.

        Quotes open and close by turns, a doubled one too: it closes its cell and opens it again at once.
        """
        text = np.frombuffer(self.data, np.uint8)
        quotes = np.flatnonzero(text == ord('"'))
        if len(quotes) % 2 or len(delimiter.encode()) > 1:
            return False
        opening, closing = quotes[::2], quotes[1::2]
        before, after = text[opening[opening > 0] - 1], text[closing[closing < len(text) - 1] + 1]
        beside = np.frombuffer(f'{delimiter}\r\n"'.encode(), np.uint8)
        breaks = np.flatnonzero((text == ord("\n")) | (text == ord("\r")))
        is_between = np.searchsorted(quotes, breaks) % 2 == 0
        return bool(np.isin(before, beside).all() and np.isin(after, beside).all() and is_between.all())

    def columns(self, names: Sequence[str], delimiter: str, is_quoted: bool) -> pa.Table | None:
        """The rows as text columns, like records.to_table; None unless each has a cell for every name, and one of them
        something in it."""
        if len(delimiter.encode()) > 1 or self.text.startswith(_MARK):
            return None
        places = [str(place) for place in range(len(names))]
        quote = '"' if is_quoted else False
        try:
            table = csv.read_csv(
                pa.BufferReader(self.data),
                csv.ReadOptions(column_names=places, use_threads=False, block_size=len(self.data) + 1),
                csv.ParseOptions(delimiter=delimiter, quote_char=quote, double_quote=True, ignore_empty_lines=False),
                csv.ConvertOptions(
                    column_types=dict.fromkeys(places, pa.string()), null_values=[""], strings_can_be_null=True
                ),
            )
        except pa.ArrowInvalid:
            return None
        if table.num_rows != self.count or _has_blank_row(table):
            return None
        lines = pa.array(range(self.before + 1, self.before + self.count + 1), pa.int64())
        return table.rename_columns(list(names)).append_column(LINE, lines)


def _has_blank_row(table: pa.Table) -> bool:
    if any(not column.null_count for column in table.columns):
        return False
    return bool(pc.any(reduce(pc.and_, map(pc.is_null, table.columns))).as_py())
