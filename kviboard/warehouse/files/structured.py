"""Reads JSON exports into text columns, each value as the export shows it. Where the rows are: see json_rows."""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from kviboard.domain.formatting import counted
from kviboard.errors import ExportError
from kviboard.warehouse.files.encoding import encoding_of, open_text, read_sample
from kviboard.warehouse.files.json_rows import find_rows, flat, likely_lists, list_in_each, rows_within
from kviboard.warehouse.files.limits import MOST_LINE_VALUES, MOST_VALUES, check_columns, check_names, check_values
from kviboard.warehouse.files.names import column_names, repeated_names
from kviboard.warehouse.files.read_options import ReadOptions
from kviboard.warehouse.files.records import Findings, Malformed, in_batches, to_table
from kviboard.warehouse.files.values import as_text
from kviboard.warehouse.manifest import ExportDecision

_LOOKED_AT = 20  # lines that tell where the rows are
_LONGEST = 40  # characters of a value that are shown
Numbered = tuple[int, dict[str, Any]]


class JsonFile:
    """JSON lines, an array of objects, or an object with such an array in it; the line of an element is its number."""

    def __init__(self, path: Path, reading: ReadOptions | None = None) -> None:
        self.path = path
        self.reading = reading or ReadOptions()
        self.findings = Findings()
        self._encoding = encoding_of(read_sample(path)[0])
        self._said: ExportDecision | None = None
        self._twice: list[_Twice] = []
        self._decoder = json.JSONDecoder(parse_float=str, parse_int=str, object_pairs_hook=self._object)

    def batches(self) -> Iterator[pa.Table]:
        """See Records. The file is read twice, because any object may bring a new key."""
        names = self._names()
        shown = column_names(names) if names else []
        self.findings.repeated = repeated_names(names)
        yield to_table(shown, [], [])
        for some in in_batches(self._objects(self.findings.malformed.append)):
            rows = [[as_text(item.get(name)) for name in names] for _, item in some]
            yield to_table(shown, rows, [line for line, _ in some])
        self.findings.decisions += [self._said] if self._said else []

    def _names(self) -> list[str]:
        """Every key that an object has, in the order of their first object."""
        names: dict[str, None] = {}
        for _, item in self._objects(lambda _: None):
            if not item.keys() <= names.keys():
                names.update(dict.fromkeys(item))
                check_columns(len(names))
        return list(names)

    def _objects(self, report: Callable[[Malformed], None]) -> Iterator[Numbered]:
        """The rows; what is none is reported. Without a single name in it an object is no row."""
        for number, item in self._items():
            if isinstance(item, dict):
                if item:
                    check_columns(len(item))
                    yield number, flat(item)
            elif isinstance(item, Malformed):
                report(item)
            else:
                text = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
                why = "is not a JSON object"
                if isinstance(item, list):
                    why = f"has {counted(len(item), 'value')}, not one for each column"
                report(Malformed.of(number, text.rstrip("\r\n"), why))

    def lists(self) -> list[str]:
        """Where in a JSON text rows may be, as find_rows is told it; [] where each line is one. Raises ExportError."""
        with open_text(self.path, self._encoding) as text:
            return [] if self._is_lines(text) else likely_lists(self._document(text.read()), self.reading)

    def _document(self, text: str) -> Any:
        """Raises ExportError for no JSON, and for more of it than may be parsed at once."""
        check_values(text, MOST_VALUES, "is one JSON text of")
        check_names(text)
        self._twice = []
        return self._documents(text)

    def _items(self) -> Iterator[tuple[int, Any]]:
        with open_text(self.path, self._encoding) as text:
            if not self._is_lines(text):
                found = find_rows(self._document(text.read()), self.reading)
                self._said = found.said
                yield from enumerate(self._without_twice(found.rows) if self._twice else found.rows, start=1)
                return
            rows = self.reading.rows or self._list_in_each(text)
            for number, line in enumerate(text, start=1):
                if line.strip():
                    self._twice = []
                    item = self._parse(line, number)
                    if isinstance(item, Malformed) or self._twice:
                        twice = (Malformed.of(number, line.rstrip("\r\n"), each.why) for each in self._twice)
                        yield number, next(twice, item)
                        continue
                    items = rows_within(item, rows) if rows and item is not None else [item]
                    yield from ((number, each if isinstance(each, dict) else line) for each in items)

    def _list_in_each(self, text: IO[str]) -> str | None:
        """The path of the list of rows that each of the first lines holds, which is said; leaves the text at its
        beginning."""
        lines = enumerate(islice(text, _LOOKED_AT), start=1)
        some = [self._parse(line, number) for number, line in lines if line.strip()]
        text.seek(0)
        path = list_in_each(some, self.reading)
        if path:
            decides = self.reading.decides("rows")
            self._said = ExportDecision(where="", what=f'the rows are the list "{path}" in each line.', setting=decides)
        return path

    def _is_lines(self, text: IO[str]) -> bool:
        """Whether each line is an object of its own; leaves the text at its beginning."""
        number, first = next(((number, line) for number, line in enumerate(text, start=1) if line.strip()), (1, ""))
        is_only = not any(line.strip() for line in text)
        text.seek(0)
        if first.lstrip("\ufeff \t").startswith("["):
            return False
        item = self._parse(first, number)
        return not is_only if isinstance(item, dict) else not first.strip().startswith("{") or _is_broken(first)

    def _documents(self, text: str) -> Any:
        """The JSON text, or several that follow one another as a list. Raises ExportError where it is none."""
        found, at = [], _after_blanks(text, 0)
        try:
            while at < len(text):
                value, end = self._decoder.raw_decode(text, at)
                found.append(value)
                at = _after_blanks(text, end)
        except json.JSONDecodeError as error:
            raise ExportError(
                f"is not valid JSON from line {error.lineno:,} on; it may be cut off, so export it again"
            ) from error
        return found[0] if len(found) == 1 else found

    def _parse(self, line: str, number: int) -> Any:
        """The value of a line; None where it is none. Raises ExportError for more than may be parsed at once."""
        check_values(line, MOST_LINE_VALUES, f"line {number}: holds")
        try:
            return self._decoder.decode(line)
        except json.JSONDecodeError:
            return None
        except RecursionError:
            return Malformed.of(number, line.rstrip("\r\n"), "is nested more deeply than any table")

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """An object of its names and values. Of two values under one name no reader knows which is meant."""
        found = dict(pairs)
        if len(found) < len(pairs):
            for name, value in pairs:
                if found[name] != value:
                    both = [as_text(each) or "" for each in (value, found[name]) if not isinstance(each, dict | list)]
                    shown = " and ".join(f'"{each[:_LONGEST]}"' for each in both)
                    found = _Twice(found, f'has "{name}" twice{", " * bool(shown)}{shown}')
                    self._twice.append(found)
                    break
        return found

    def _without_twice(self, rows: Sequence[Any]) -> list[Any]:
        """The rows, refused where they hold an object with two values under one name. Raises ExportError for one around
        the rows."""
        within = [list(_objects_of_two(row)) for row in rows]
        inside = {id(each) for found in within for each in found}
        around = [each for each in self._twice if id(each) not in inside]
        if around:
            raise ExportError(f"{around[0].why}; correct it in the export, because only one of them could be read")
        return [
            Malformed.of(number, json.dumps(row, ensure_ascii=False), found[0].why) if found else row
            for number, (row, found) in enumerate(zip(rows, within, strict=True), start=1)
        ]


class _Twice(dict[str, Any]):
    """An object that has two values under one name; it holds the last, as any reader would."""

    def __init__(self, values: dict[str, Any], why: str) -> None:
        super().__init__(values)
        self.why = why


def _objects_of_two(value: Any) -> Iterator[_Twice]:
    if isinstance(value, _Twice):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        if isinstance(each, dict | list):
            yield from _objects_of_two(each)


def _is_broken(line: str) -> bool:
    """Whether a line that is no object is not the beginning of one that goes on below, either."""
    stripped = line.strip()
    return stripped.endswith("}") or (len(stripped) > 1 and not stripped.endswith(("{", "[", ",")))


def _after_blanks(text: str, at: int) -> int:
    while at < len(text) and (text[at].isspace() or text[at] == "\ufeff"):
        at += 1
    return at
