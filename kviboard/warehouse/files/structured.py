"""Reads JSON and spreadsheet exports into text columns, each value as the export shows it."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import python_calamine

from kviboard.domain.formatting import counted
from kviboard.errors import ExportError
from kviboard.warehouse.files.dialect import Dialect, encoding_of, open_text
from kviboard.warehouse.files.limits import check_spreadsheet
from kviboard.warehouse.files.records import Findings, Malformed, check_names, in_batches, to_table

Numbered = tuple[int, dict[str, Any]]


class JsonFile:
    """JSON lines, or one JSON array of objects; the line of an array's element is its number."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings = Findings()
        self._dialect = Dialect(encoding_of(path))

    def batches(self) -> Iterator[pa.Table]:
        """See Records. The file is read twice, because any object may bring a new key."""
        names = list(dict.fromkeys(key for _, item in self._objects(lambda _: None) for key in item))
        trimmed = check_names(names)
        for some in in_batches(self._objects(self.findings.malformed.append)):
            rows = [[_text(item.get(name)) for name in names] for _, item in some]
            yield to_table(trimmed, rows, [line for line, _ in some])

    def _objects(self, report: Callable[[Malformed], None]) -> Iterator[Numbered]:
        with open_text(self.path, self._dialect) as text:
            first = text.read(1)
            while first.isspace():
                first = text.read(1)
            text.seek(0)
            lines = self._array(text.read()) if first == "[" else enumerate(text, start=1)
            for number, line in lines:
                if isinstance(line, str) and not line.strip():
                    continue
                item = _parse(line) if isinstance(line, str) else line
                if isinstance(item, dict):
                    yield number, item
                else:
                    report(Malformed.of(number, str(line).rstrip("\r\n"), "is not a JSON object"))

    def _array(self, text: str) -> Iterable[tuple[int, Any]]:
        try:
            return enumerate(json.loads(text, parse_float=str, parse_int=str), start=1)
        except json.JSONDecodeError as error:
            raise ExportError(f"line {error.lineno}: is not valid JSON ({error.msg})") from error


class SheetFile:
    """One sheet of an XLSX, XLS or ODS file; the line of a row is its row number in the sheet."""

    def __init__(self, path: Path, sheet: str | None) -> None:
        self.path = path
        self.sheet = sheet
        self.findings = Findings()

    def batches(self) -> Iterator[pa.Table]:
        """See Records. Raises ExportError for a file that is no spreadsheet or lacks the sheet."""
        rows = [(line, row) for line, row in self._numbered_rows() if any(cell != "" for cell in row)]
        if not rows:
            raise ExportError("has no column names in its first row")
        names = check_names([_text(cell) or "" for cell in rows[0][1]])
        yield to_table(names, [], [])
        for some in in_batches(rows[1:]):
            fitting = [(line, row) for line, row in some if self._fits(line, row, len(names))]
            yield to_table(
                names,
                [[_text(cell) for cell in row[: len(names)]] for _, row in fitting],
                [line for line, _ in fitting],
            )

    def _numbered_rows(self) -> Iterator[tuple[int, list[Any]]]:
        try:
            check_spreadsheet(self.path)
            book = python_calamine.CalamineWorkbook.from_path(self.path)
            if self.sheet is not None and self.sheet not in book.sheet_names:
                raise ExportError(f'has no sheet "{self.sheet}"; it has {", ".join(book.sheet_names)}')
            name = self.sheet if self.sheet is not None else book.sheet_names[0]
            sheet = book.get_sheet_by_name(name)
            first = sheet.start[0] + 1 if sheet.start else 1
            yield from enumerate(sheet.to_python(skip_empty_area=True), start=first)
        except python_calamine.CalamineError as error:
            raise ExportError(f"is not a readable spreadsheet ({error})") from error

    def _fits(self, line: int, row: list[Any], width: int) -> bool:
        if all(cell == "" for cell in row[width:]):
            return True
        reason = f"has {counted(len(row), 'column')} where the header has {width}"
        self.findings.malformed.append(Malformed.of(line, " | ".join(_text(cell) or "" for cell in row), reason))
        return False


def _parse(line: str) -> Any:
    try:
        return json.loads(line, parse_float=str, parse_int=str)
    except (json.JSONDecodeError, RecursionError):
        return None


def _text(value: Any) -> str | None:
    """A value as text: whole numbers without a point, dates in ISO form, nested JSON as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)
