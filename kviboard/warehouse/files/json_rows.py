"""Where the rows are in a JSON text: itself a list, the one list in it, or the list that the settings name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kviboard.domain.formatting import counted, listed
from kviboard.domain.names import likeness
from kviboard.errors import ExportError
from kviboard.warehouse.files.read_options import ReadOptions
from kviboard.warehouse.manifest import ExportDecision

KEY = "key"  # what the column of the names is called where rows stand under their ids
_MOST_BESIDE = 4
_DEEPEST = 6
_LONGEST = 80  # characters of a value that are shown
_MORE = {"hasmore", "hasnext", "hasnextpage", "more", "incompleteresults"}
_NEXT = {"next", "nextpage", "nextpageurl", "nextlink", "nexturl", "nextcursor", "nextpagetoken"}
_TOTALS = {"total", "totalcount", "totalresults", "totalrows", "totalitems", "totalrecords", "totalhits"}
_MONGO_TYPES = {"$oid", "$date", "$numberInt", "$numberLong", "$numberDouble", "$numberDecimal", "$uuid"}
_ENOUGH_NAMES = 2  # of those that are looked for


@dataclass(frozen=True)
class Found:
    """The rows, and what is said of where they are."""

    rows: Sequence[Any]
    said: ExportDecision | None = None


def find_rows(document: Any, reading: ReadOptions) -> Found:
    """The rows of a JSON text. Raises ExportError where several lists may be meant, or the one that is named is not
    there."""
    if reading.rows:
        rows = rows_within(document, reading.rows)
        rows = (_by_key(rows[0], reading) if len(rows) == 1 else None) or rows
        if not rows and not _has(document, reading.rows):
            has = listed(list(_lists(document))) or "none"
            raise ExportError(
                f'has no list "{reading.rows}", which [sources.{reading.source}] rows names; it has {has}; correct rows'
            )
        return Found(rows, _said_of_more(document, len(rows)))
    if isinstance(document, list) and (path := list_in_each(document, reading)):
        return Found(rows_within(document, path), _said({}, path, {path: []}, reading))
    if isinstance(document, list):
        return Found(_of_lists(document) if document and all(isinstance(row, list) for row in document) else document)
    columns = _of_columns(document, reading) if isinstance(document, dict) else None
    if columns is not None:
        return Found(columns)
    if not isinstance(document, dict) or _hits(document, reading) >= _ENOUGH_NAMES:
        return Found([document])
    lists = _lists(document)
    likely = _likely(lists, reading)
    keyed = {} if likely else dict(_keyed(document, reading))
    keyed = _likely(keyed, reading) if lists else keyed
    if len(keyed) == 1:
        ((path, rows),) = keyed.items()
        return Found(rows, _said_of_more(document, len(rows)) or _said_of_keys(document, path, lists, reading))
    chosen = likely if len(likely) == 1 else keyed or lists
    if len(chosen) > 1:
        path = next(iter(chosen))
        where = f'say which holds the rows: [sources.{reading.source}] rows = "{path}"'
        raise ExportError(f"holds several lists, {listed(list(chosen))}; {where}")
    if not chosen:
        return Found([document])
    ((path, rows),) = chosen.items()
    return Found(rows, _said_of_more(document, len(rows)) or _said(document, path, lists, reading))


def likely_lists(document: Any, reading: ReadOptions) -> list[str]:
    """Dotted paths of the lists in a JSON text whose rows have names that are looked for."""
    return list(_likely(_lists(document), reading))


def _likely(found: Mapping[str, list[Any]], reading: ReadOptions) -> dict[str, list[Any]]:
    """Those whose rows have names that are looked for."""
    return {path: rows for path, rows in found.items() if rows and _hits(rows[0], reading) >= _ENOUGH_NAMES}


def list_in_each(documents: Sequence[Any], reading: ReadOptions) -> str | None:
    """The path of the one list of rows that each of several texts holds, as the pages of an answer do; else None."""
    if not documents or any(_hits(each, reading) >= _ENOUGH_NAMES for each in documents):
        return None
    paths = {path for each in documents for path in (_likely(_lists(each), reading) or {"": []})}
    return paths.pop() or None if len(paths) == 1 else None


def rows_within(document: Any, path: str) -> list[Any]:
    """The elements of the list at a dotted path, of every object where the way leads through a list."""
    found = [document]
    for name in path.split("."):
        objects = [each for value in found for each in (value if isinstance(value, list) else [value])]
        found = [each[name] for each in objects if isinstance(each, dict) and name in each]
    return [each for value in found for each in (value if isinstance(value, list) else [value])]


def flat(item: Mapping[str, Any]) -> dict[str, Any]:
    """An object with what its objects hold beside it, as customer.id."""
    if not any(isinstance(value, dict) for value in item.values()):
        return dict(item)
    found: dict[str, Any] = {}
    for name, value in _leaves(item, "", 0):
        found.setdefault(name, value)
    return found


def _leaves(item: Mapping[str, Any], before: str, depth: int) -> Iterator[tuple[str, Any]]:
    for name, value in item.items():
        yield f"{before}{name}", _unwrapped(value)
        if isinstance(value, dict) and depth < _DEEPEST:
            yield from _leaves(value, f"{before}{name}.", depth + 1)


def _unwrapped(value: Any) -> Any:
    """The value that MongoDB's Extended JSON wraps with its type, as {"$date": {"$numberLong": "1733011200000"}}."""
    while isinstance(value, dict) and len(value) == 1 and value.keys() <= _MONGO_TYPES:
        (value,) = value.values()
    return value


def _hits(item: Any, reading: ReadOptions) -> int:
    return len(reading.known & {likeness(name) for name in flat(item)}) if isinstance(item, dict) else 0


def _lists(document: Any, before: str = "", depth: int = 0) -> dict[str, list[Any]]:
    """Lists of objects, and empty ones, by their dotted paths; not those within rows."""
    found: dict[str, list[Any]] = {}
    for name, value in document.items() if isinstance(document, dict) and depth < _DEEPEST else ():
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            found[f"{before}{name}"] = value
        found |= _lists(value, f"{before}{name}.", depth + 1)
    holding = {path: rows for path, rows in found.items() if rows}
    return holding or found


def _keyed(document: Any, reading: ReadOptions, before: str = "", depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """Objects whose values are rows, each under its key, by their dotted paths; "" for the text as a whole."""
    if rows := _by_key(document, reading):
        yield before.removesuffix("."), rows
        return
    for name, value in document.items() if isinstance(document, dict) and depth < _DEEPEST else ():
        if isinstance(value, dict):
            yield from _keyed(value, reading, f"{before}{name}.", depth + 1)


def _by_key(value: Any, reading: ReadOptions) -> list[dict[str, Any]] | None:
    """The rows of an object such as {"42": {…}, "43": {…}}, with the key of each in a column `key`; None for others.

    Its values are rows where each has names that are looked for, or all have the same names."""
    objects = list(value.values()) if isinstance(value, dict) else []
    if not objects or not all(isinstance(each, dict) and _holds_values(each) for each in objects):
        return None
    names = [set(each) for each in objects]
    are_alike = len(objects) > 1 and len(names[0]) >= _ENOUGH_NAMES and all(each == names[0] for each in names)
    if not are_alike and not all(_hits(each, reading) >= _ENOUGH_NAMES for each in objects):
        return None
    return [{KEY: key} | each for key, each in value.items()]


def _holds_values(item: Mapping[str, Any]) -> bool:
    return any(not isinstance(value, dict | list) for value in item.values())


def _has(document: Any, path: str) -> bool:
    *way, last = path.split(".")
    parents = rows_within(document, ".".join(way)) if way else [document]
    return any(isinstance(each, dict) and isinstance(each.get(last), list) for each in parents)


def _of_lists(rows: Sequence[Sequence[Any]]) -> list[Any]:
    """Objects of lists of which the first holds the names."""
    names = [str(name) for name in rows[0]]
    return [dict(zip(names, row, strict=True)) if len(row) == len(names) else row for row in rows[1:]]


def _of_columns(document: Mapping[str, Any], reading: ReadOptions) -> list[Any] | None:
    """Objects of a table that is written by columns, as names and rows, or as rows of which the first holds the names;
    None where it is not. Raises ExportError for rows that nothing names."""
    tables = list(_tables(document))
    if len(tables) == 1:
        path, names, rows = tables[0]
        if names is None and len(reading.known & {likeness(str(name)) for name in rows[0]}) < _ENOUGH_NAMES:
            columns = counted(len(rows[0]), "column")
            raise ExportError(
                f'holds rows without names, in the lists of "{path}"; write the names of their {columns} '
                'as the first of these lists, or beside them as "columns": […]'
            )
        return _of_lists(rows if names is None else [names, *rows])
    values = list(document.values())
    if len(values) < _ENOUGH_NAMES:
        return None
    if _hits(document, reading) >= _ENOUGH_NAMES and _are_columns(values):
        return [dict(zip(document, row, strict=True)) for row in zip(*values, strict=True)]
    if not all(isinstance(value, dict) and _holds_values(value) for value in values):
        return None
    keys = list(values[0])
    if not all(list(value) == keys for value in values) or not all(key.isdecimal() for key in keys):
        return None
    return [{name: column[key] for name, column in document.items()} for key in keys]


def _tables(document: Any, before: str = "", depth: int = 0) -> Iterator[tuple[str, list[str] | None, list[Any]]]:
    """Lists of rows, each a list of values, by their dotted paths, with the names beside them; None where there are
    none of their width."""
    for name, value in document.items() if isinstance(document, dict) and depth < _DEEPEST else ():
        if isinstance(value, list) and value and all(isinstance(row, list) and row for row in value):
            beside = [names for other in document.values() if other is not value for names in _names(other)]
            fitting = [names for names in beside if len(names) == len(value[0])]
            yield f"{before}{name}", fitting[0] if fitting else None, value
        else:
            alone = value[0] if isinstance(value, list) and len(value) == 1 else value
            yield from _tables(alone, f"{before}{name}.", depth + 1)


def _names(value: Any) -> Iterator[list[str]]:
    """The names of columns that a list may hold, plain or each in an object, itself or as the fields of a schema."""
    if isinstance(value, dict):
        yield from (names for each in value.values() for names in _names(each))
    elif isinstance(value, list) and value:
        words = [_name(each) for each in value]
        if all(isinstance(word, str) for word in words):
            yield words


def _name(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return next((value[key] for key in ("name", "field", "key", "id", "label", "title") if key in value), None)


def _are_columns(values: Sequence[Any]) -> bool:
    """Whether each of several values is a list, all of one length and of plain values."""
    lists = [value for value in values if isinstance(value, list) and value]
    are_alike = len(lists) == len(values) and len({len(value) for value in lists}) == 1
    return are_alike and not any(isinstance(each, dict | list) for value in lists for each in value)


def _said_of_more(document: Any, rows: int) -> ExportDecision | None:
    """A warning where the text says of itself that it is one page of several."""
    leaves = (
        flat({name: value for name, value in document.items() if not isinstance(value, list)})
        if (isinstance(document, dict))
        else {}
    )
    for path, value in leaves.items():
        name = likeness(path.rpartition(".")[2].removeprefix("@odata."))
        is_more = name in _MORE and value is True
        is_next = name in _NEXT and isinstance(value, str | int | dict) and bool(value) and not isinstance(value, bool)
        is_total = name in _TOTALS and str(value).isdecimal() and int(str(value)) > rows
        if is_more or is_next or is_total:
            what = (
                f"is one page of several, as it seems: it holds {counted(rows, 'row')}, and beside them stands {path}."
            )
            shown = f"{path}: {str(value).lower() if is_more else value}"
            return ExportDecision(
                where="", what=what, example=shown[:_LONGEST], setting="Export all pages, each as a file.",
                level="warning", moves_kvis=True,
            )  # fmt: skip
    return None


def _said_of_keys(document: Any, path: str, lists: Mapping[str, Any], reading: ReadOptions) -> ExportDecision:
    said = _said(document, path, lists, reading) if path else ExportDecision(where="", what="")
    where = f'the objects in "{path}"' if path else "its objects"
    what = f'the rows are {where}, and the name of each is in the column "{KEY}".'
    setting = f'[sources.{reading.source}] rename = {{ "{KEY}" = "…" }} tells what it is.' if reading.source else ""
    return said.model_copy(update={"what": what, "setting": setting})


def _said(document: Mapping[str, Any], path: str, lists: Mapping[str, Any], reading: ReadOptions) -> ExportDecision:
    beside = [f"{name} {value}" for name, value in document.items() if isinstance(value, str | bool)][:_MOST_BESIDE]
    others = [f"the list {other}" for other in lists if other != path]
    what = f'the rows are the list "{path}" in it.'
    example = f"beside it: {', '.join([*beside, *others])}" if beside or others else ""
    return ExportDecision(where="", what=what, example=example, setting=reading.decides("rows"))
