"""How a delimited text file is written: its encoding, delimiter and quoting. Reading its rows belongs to delimited."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import IO, Any

from kviboard.errors import ExportError
from kviboard.warehouse.files.limits import BoundedReader, BoundedText

_DELIMITERS = (",", ";", "\t", "|")
_SELDOM_QUOTED = ("\t", "|")  # with these, a quote may be an inch sign
_SAMPLE_BYTES = 64 * 1024
_BLOCK_BYTES = 1024 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ENCLOSED = re.compile(r'(?:^|[\t|])"[^"\n]*"(?:$|[\t|])', re.MULTILINE)


@dataclass(frozen=True)
class Dialect:
    """How one file is written. `header_line` is the physical line of the column names, counted from 1."""

    encoding: str = "utf-8"
    errors: str = "strict"
    delimiter: str = ","
    quoted: bool = True
    backslash: bool = False  # quotes inside a quoted value are written \" instead of ""
    spaced: bool = False  # a space follows each delimiter
    header_line: int = 1

    def reader_options(self) -> dict[str, Any]:
        """Arguments for csv.reader. Strict, so that a broken quote is an error and not a guess."""
        return {
            "delimiter": self.delimiter,
            "quoting": csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            "doublequote": not self.backslash,
            "escapechar": "\\" if self.backslash else None,
            "skipinitialspace": self.spaced,
            "strict": True,
        }


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked where its name ends in .gz."""
    with io.BufferedReader(BoundedReader(path), _BLOCK_BYTES) as stream:
        yield stream


@contextmanager
def open_text(path: Path, dialect: Dialect) -> Iterator[io.TextIOWrapper]:
    """The file's text with its line ends as they are."""
    with open_bytes(path) as stream:
        yield BoundedText(stream, encoding=dialect.encoding, errors=dialect.errors, newline="")


def detect(path: Path) -> Dialect:
    """The dialect of a delimited file, from its beginning. Raises ExportError if it is not text."""
    with open_bytes(path) as stream:
        head = stream.read(_SAMPLE_BYTES)
        is_whole = not stream.read(1)
    encoding = _encoding_of(head)
    sample = head.decode(encoding, errors="replace")
    if "\0" in sample:
        raise ExportError("is not text; exports can be CSV, TSV, JSON, XLSX or Parquet, and text may be packed as .gz")
    if sample[:4].lower() == "sep=" and len(sample) > 5 and sample[5] in "\r\n":  # Excel's own hint
        return Dialect(encoding, delimiter=sample[4], header_line=2)
    plain = _best(sample, is_whole, [Dialect(encoding, delimiter=delimiter) for delimiter in _DELIMITERS])
    if _fitness(sample, is_whole, plain)[0] == 1.0:
        return plain
    escapes = (False, True) if '\\"' in sample else (False,)
    rarer = [
        Dialect(encoding, "strict", delimiter, True, backslash, spaced)
        for backslash, spaced, delimiter in product(escapes, (False, True), _DELIMITERS)
    ]
    best = _best(sample, is_whole, rarer)
    if best.delimiter in _SELDOM_QUOTED and 0 in _widths(sample, best) and not _ENCLOSED.search(sample):
        return Dialect(encoding, delimiter=best.delimiter, quoted=False)
    return best


def encoding_of(path: Path) -> str:
    """UTF-16 or UTF-8, with or without its mark."""
    with open_bytes(path) as stream:
        return _encoding_of(stream.read(_SAMPLE_BYTES))


def is_utf8(path: Path) -> bool:
    """Whether the whole file is sound UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_bytes(path) as stream:
        try:
            while block := stream.read(_BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def other_encoding(path: Path, dialect: Dialect) -> tuple[Dialect, int]:
    """The dialect of a file that turned out not to be plain UTF-8, and how many of its bytes stay unreadable.

    Where most characters beyond ASCII are sound UTF-8, a few broken bytes do not make it a Windows file: they are
    replaced and counted. Everything else is read as Windows-1252, or Latin-1 where it uses bytes unknown there.
    """
    broken = sound = 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    is_windows = True
    with open_bytes(path) as stream:
        while block := stream.read(_BLOCK_BYTES):
            text = decoder.decode(block)
            broken += text.count("\ufffd")
            sound += sum(not character.isascii() for character in text) - text.count("\ufffd")
            is_windows = is_windows and not any(byte in block for byte in b"\x81\x8d\x8f\x90\x9d")
    if sound > 10 * broken:
        return replace(dialect, encoding="utf-8", errors="replace"), broken
    return replace(dialect, encoding="cp1252" if is_windows else "latin-1"), 0


def _encoding_of(head: bytes) -> str:
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    zeros_even, zeros_odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) >= 4 and max(zeros_even, zeros_odd) > len(head) // 8:
        return "utf-16-le" if zeros_odd > zeros_even else "utf-16-be"
    return "utf-8"


def _best(sample: str, is_whole: bool, candidates: list[Dialect]) -> Dialect:
    """The fittest candidate, the first one of equals."""
    return max(candidates, key=lambda candidate: _fitness(sample, is_whole, candidate))


def _fitness(sample: str, is_whole: bool, candidate: Dialect) -> tuple[float, int]:
    """Share of the sample's rows that have as many columns as its first one, then how many columns that is.

    One column is no evidence of a delimiter, so such a candidate has a share of 0.
    """
    widths = _widths(sample, candidate)
    if not is_whole and len(widths) > 1:
        widths.pop()  # the sample may end inside a row
    if not widths or widths[0] < 2:
        return 0.0, 0
    return round(widths.count(widths[0]) / len(widths), 2), widths[0]


def _widths(sample: str, candidate: Dialect) -> list[int]:
    """Columns per row that is not blank; 0 for a row with a broken quote."""
    reader = csv.reader(io.StringIO(sample, newline=""), **candidate.reader_options())
    widths: list[int] = []
    while True:
        try:
            widths.extend(len(row) for row in reader if row)
            return widths
        except csv.Error:
            widths.append(0)
