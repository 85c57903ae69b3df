"""Reads JSON exports into text columns, each value as the export shows it."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from kviboard.errors import ExportError
from kviboard.warehouse.files.encoding import encoding_of, open_text, read_sample
from kviboard.warehouse.files.names import column_names
from kviboard.warehouse.files.reading import Reading
from kviboard.warehouse.files.records import Findings, Malformed, in_batches, to_table
from kviboard.warehouse.files.values import as_text

Numbered = tuple[int, dict[str, Any]]


class JsonFile:
    """JSON lines, or one JSON array of objects; the line of an array's element is its number."""

    def __init__(self, path: Path, reading: Reading | None = None) -> None:
        self.path = path
        self.reading = reading or Reading()
        self.findings = Findings()
        self._encoding = encoding_of(read_sample(path)[0])

    def batches(self) -> Iterator[pa.Table]:
        """See Records. The file is read twice, because any object may bring a new key."""
        names = list(dict.fromkeys(key for _, item in self._objects(lambda _: None) for key in item))
        trimmed = column_names(names)
        for some in in_batches(self._objects(self.findings.malformed.append)):
            rows = [[as_text(item.get(name)) for name in names] for _, item in some]
            yield to_table(trimmed, rows, [line for line, _ in some])

    def _objects(self, report: Callable[[Malformed], None]) -> Iterator[Numbered]:
        with open_text(self.path, self._encoding) as text:
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


def _parse(line: str) -> Any:
    try:
        return json.loads(line, parse_float=str, parse_int=str)
    except (json.JSONDecodeError, RecursionError):
        return None
