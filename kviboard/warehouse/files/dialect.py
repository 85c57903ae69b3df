"""How a delimited text file is written: its delimiter, quoting and the line of its header. Its rows: see delimited."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, product
from pathlib import Path

from kviboard.domain.names import likeness
from kviboard.errors import ExportError
from kviboard.warehouse.files.encoding import encoding_of, read_sample
from kviboard.warehouse.files.header import lacks_first_name, place_of_header
from kviboard.warehouse.files.limits import BoundedRows
from kviboard.warehouse.files.plain_lines import PlainLines
from kviboard.warehouse.files.read_options import ReadOptions

_PDF = "%PDF-"
_WEB_PAGE = re.compile(r"\ufeff?\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_DELIMITERS = (",", ";", "\t", "|")
_SELDOM_QUOTED = ("\t", "|")  # with these, a quote may be an inch sign
_RARE = ("^", "~", "\x01", "\x1f", "\x1e")
_ENCLOSED = re.compile(r'(?:^|[\t|])"[^"\n]*"(?:$|[\t|])', re.MULTILINE)
_LONGEST_NAME = 4  # words
_GAP = re.compile(r" {2,}|\t+")
Numbered = tuple[int, list[str]]


@dataclass(frozen=True)
class Dialect:
    """How one file is written. `first_line` is the physical line that reading starts at, counted from 1."""

    encoding: str = "utf-8"
    errors: str = "strict"
    delimiter: str = ","
    quoted: bool = True
    backslash: bool = False  # quotes inside a quoted value are written \" instead of ""
    spaced: bool = False  # a space follows each delimiter
    gaps: bool = False  # values are set apart by two or more blanks
    first_line: int = 1

    def is_plain(self, block: PlainLines) -> bool:
        """Whether each line of a block is a row, of cells that are quoted as a whole if they are."""
        if self.backslash or self.spaced or self.gaps:
            return False
        return not (self.quoted and '"' in block.text) or block.has_whole_quotes(self.delimiter)

    def rows(self, text: Iterable[str], before: int = 0) -> BoundedRows:
        """The rows of the lines, `before` of which lie before them. Strict, so that a broken quote is an error and not
        a guess. Raises ExportError for a row of more cells than any table has."""
        return BoundedRows(
            (_GAP.sub("\t", line.lstrip(" ")) for line in text) if self.gaps else text,
            before,
            self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            doublequote=not self.backslash,
            escapechar="\\" if self.backslash else None,
            skipinitialspace=self.spaced,
            strict=True,
        )


def detect(path: Path, reading: ReadOptions | None = None) -> Dialect:
    """The dialect of a delimited file, from its beginning. Raises ExportError if it is not text."""
    head, is_whole = read_sample(path)
    encoding = encoding_of(head)
    sample = head.decode(encoding, errors="replace")
    if "\0" in sample:
        before = sample.partition("\0")[0]
        if "\n" in before and "\ufffd" not in sample:
            hint = "which no text has; save the export again as plain text in UTF-8"
            raise ExportError(f"line {before.count(chr(10)) + 1}: holds a zero byte, {hint}")
        raise ExportError("is not text; exports can be CSV, TSV, JSON, XLSX or Parquet, and text may be packed as .gz")
    if _WEB_PAGE.match(sample):
        raise ExportError("is a web page and no export, such as a site sends to who is not signed in: export it again")
    if sample.startswith(_PDF):
        raise ExportError("is a PDF and no export: export the table that is in it as CSV or XLSX")
    if sample[:4].lower() == "sep=" and len(sample) > 5 and sample[5] in "\r\n":  # Excel's own hint
        return Dialect(encoding, delimiter=sample[4], first_line=2)
    return replace(_Sample(sample, is_whole, reading or ReadOptions()).best(), encoding=encoding)


def numbered_rows(text: Iterable[str], dialect: Dialect) -> Iterator[Numbered]:
    """The rows that are not blank, with the physical line each starts on; none for one with a broken quote."""
    before = dialect.first_line - 1
    reader = dialect.rows(islice(text, before, None), before)
    while True:
        start = before + reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error:
            yield start, []
            continue
        if row is None:
            return
        if any(map(str.strip, row)):
            yield start, row


def header_place(rows: list[Numbered], reading: ReadOptions) -> int:
    """Which of the first rows of a file holds the column names: that of the line that is set, where one is.

    Raises ExportError where that line holds nothing.
    """
    if reading.header_line is None:
        return place_of_header([row for _, row in rows], reading.known)
    lines = [line for line, _ in rows]
    if reading.header_line not in lines:
        raise ExportError(
            f"line {reading.header_line}: holds no column names, which [sources.{reading.source}] header_line says; "
            "correct it"
        )
    return lines.index(reading.header_line)


class _Sample:
    """The beginning of a file, tried with one dialect after the other."""

    def __init__(self, text: str, is_whole: bool, reading: ReadOptions) -> None:
        self._text, self._is_whole, self._reading = text, is_whole, reading
        self._fitness = cache(self._measured)
        self._too_wide: ExportError | None = None

    def best(self) -> Dialect:
        """The fittest dialect, plain ones before rare ones. Raises ExportError where only one of too many columns is
        left."""
        plain = self._fittest([Dialect(delimiter=delimiter) for delimiter in _DELIMITERS])
        if self._fits(plain):
            return plain
        escapes = (False, True) if '\\"' in self._text else (False,)
        best = self._fittest(
            [
                Dialect(delimiter=delimiter, backslash=backslash, spaced=spaced)
                for backslash, spaced, delimiter in product(escapes, (False, True), _DELIMITERS)
            ]
        )
        if self._fitness(best)[1] == 0.0:
            rare = self._rare()
            if rare is None and self._too_wide:
                raise self._too_wide
            if rare is None:
                self._refuse_loose_blanks()
            return rare or best
        if best.delimiter in _SELDOM_QUOTED and self._has_broken_quotes(best) and not _ENCLOSED.search(self._text):
            return Dialect(delimiter=best.delimiter, quoted=False)
        return best

    def _rare(self) -> Dialect | None:
        """A dialect that is believed only where it fits every row."""
        if self._is_one_column():
            return None
        gaps = [Dialect(delimiter="\t", gaps=True), Dialect(delimiter=" ", spaced=True)]
        for dialect in [*(Dialect(delimiter=delimiter) for delimiter in _RARE), *gaps]:
            if self._fits(dialect) or self._has_columns_of_settings(dialect):
                return dialect
        return None

    def _refuse_loose_blanks(self) -> None:
        """Raises ExportError where blanks set cells apart, and stand within names or values as well."""
        lines = [(at, line.split()) for at, line in enumerate(self._text.splitlines(), start=1) if line.strip()]
        if not lines or self._is_one_column() or self._reading.columns:
            return
        (first, words), body = lines[0], lines[1:] if self._is_whole else lines[1:-1]
        names = names_in(words, self._reading.known)
        if len(names) < 2:
            return
        widths = Counter(len(cells) for _, cells in body)
        source = f"[sources.{self._reading.source}]" if self._reading.source else "the source"
        what = "its cells are set apart by blanks, which stand within "
        if len(widths) == 1 and len(words) > next(iter(widths)):
            width = next(iter(widths))
            columns = ", ".join(f'"{name}"' for name in [*names, *["…"] * (width - len(names))][:width])
            what += f"column names as well: line {first} has {len(words)} words, every other line {width}; "
            what += "name the columns: "
            raise ExportError(f"{what}{source} columns = [{columns}] and header_line = {first}")
        odd = next(((at, cells) for at, cells in body if len(cells) > len(words)), None)
        if odd is None:
            return
        what += f"values as well, or line {odd[0]} has a cell too many: it has {len(odd[1])} words, line {first} has "
        what += (
            f"{len(words)}; export it with another sign between cells, such as a semicolon, or with quotes around texts"
        )
        raise ExportError(what)

    def _is_one_column(self) -> bool:
        """Whether the first line as a whole is a name that is looked for."""
        first = next((line for line in self._text.splitlines() if line.strip()), "")
        return likeness(first) in self._reading.known

    def _fits(self, candidate: Dialect) -> bool:
        is_known, share, is_first, _ = self._fitness(candidate)
        return share == 1.0 and (is_known or is_first)

    def _fittest(self, candidates: list[Dialect]) -> Dialect:
        """The fittest candidate, the first one of equals."""
        return max(candidates, key=self._fitness)

    def _rows(self, candidate: Dialect) -> list[Numbered]:
        rows = list(numbered_rows(io.StringIO(self._text, newline=""), candidate))
        if not self._is_whole and len(rows) > 1:
            rows.pop()  # the sample may end inside a row
        return rows

    def _has_broken_quotes(self, candidate: Dialect) -> bool:
        return any(not row for _, row in self._rows(candidate))

    def _measured(self, candidate: Dialect) -> tuple[bool, float, bool, int]:
        """Whether the header has names that are looked for, the share of rows from there on that have as many columns,
        whether it is in the first row, and how many columns that is.

        One column is no evidence of a delimiter, so such a candidate has a share of 0.
        """
        if not candidate.gaps and candidate.delimiter not in self._text:
            return False, 0.0, False, 0
        try:
            rows = self._rows(candidate)
        except ExportError as error:
            self._too_wide = error
            return False, 0.0, False, 0
        try:
            at = header_place(rows, self._reading) if rows else 0
        except ExportError:  # not with this dialect
            return False, 0.0, False, 0
        widths = [len(row) for _, row in rows[at:]]
        if not rows or widths[0] < 2:
            return False, 0.0, False, 0
        header = rows[at][1]
        width = widths[0] + lacks_first_name(header, [row for _, row in rows[at + 1 :]])
        share = (widths[1:].count(width) + 1) / len(widths)
        hits = len(self._reading.known & {likeness(cell) for cell in header})
        return hits >= 2, round(share, 2), at == 0, width

    def _has_columns_of_settings(self, candidate: Dialect) -> bool:
        """Whether all rows have as many cells as the settings name columns."""
        rows = [row for line, row in self._rows(candidate) if line > (self._reading.header_line or 0)]
        width = len(self._reading.columns)
        return width > 1 and bool(rows) and all(len(row) == width for row in rows)


def names_in(words: Sequence[str], known: Collection[str]) -> list[str]:
    """Names that are looked for, in the words of a line in which a name may have several, the longest first."""
    found, at = [], 0
    while at < len(words):
        spans = (end for end in range(min(len(words), at + _LONGEST_NAME), at, -1))
        end = next((end for end in spans if likeness(" ".join(words[at:end])) in known), None)
        found += [" ".join(words[at:end])] if end else []
        at = end or at + 1
    return found
