"""The whole board as one JSON file, and back into an empty store of either kind, without loss.

{"kind": "kviboard export", "schema": "0004", "tables": {"cycles": [{"id": 1, …}, …], …}}; decimals are text, days
2026-11-03, times 2026-11-03 14:05:00.000000 in UTC. Files of older schemas are migrated in a store of their own first.
"""

import json
import tempfile
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Date, Table, column, func, insert, select, table, text

from kviboard.errors import NotAllowedError, StoreError
from kviboard.files import refuse_endless, write_atomically
from kviboard.store.column_types import DecimalType, PlanType, TimeType, plain_value, plan_of
from kviboard.store.database import Database
from kviboard.store.migrate import migrate, newer_than_us
from kviboard.store.schema import SCHEMA_VERSION, metadata

KIND = "kviboard export"
_MOST_BYTES = 512 * 1024 * 1024  # of a file that is parsed at once
_MOST_LISTS, _MOST_VALUES = 2_000_000, 20_000_000  # in it: each is an object in memory
FROM_JSON: dict[type, Callable[[Any], Any]] = {
    DecimalType: Decimal,
    TimeType: lambda moment: datetime.fromisoformat(moment).replace(tzinfo=UTC),
    Date: date.fromisoformat,
    PlanType: plan_of,
}


def export_board(database: Database, file: Path) -> int:
    """Writes every row to a file, which appears whole or not at all. Returns the number of rows."""
    with database.reading() as connection:
        tables = {each.name: _rows(connection, each) for each in metadata.sorted_tables}
    _write_whole(file, _as_text(tables))
    return sum(len(rows) for rows in tables.values())


def import_board(database: Database, file: Path) -> int:
    """Reads a file of export_board into an empty store, whole or not at all. Returns the number of rows."""
    exported = _read(file)
    try:
        if exported["schema"] < SCHEMA_VERSION:
            exported = _migrated(exported)
        with database.writing("data") as connection:
            _refuse_used(connection, database.where)
            _postpone_references(connection)
            for each in metadata.sorted_tables:
                _add_rows(connection, each, exported["tables"].pop(each.name, []))
            if exported["tables"]:
                raise StoreError(f"it has tables this program does not know: {', '.join(exported['tables'])}.")
            return _count_rows(connection)
    except NotAllowedError:
        raise
    except StoreError as error:
        raise StoreError(f"{file} was not imported: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise StoreError(f"{file} was not imported, because it is damaged ({error!r}): export again.") from error


def mentions(connection: Connection, words: Collection[str]) -> list[str]:
    """Rows in which one of `words` stands, whatever its capitals, as "decision 12"; audit entries go by their row."""
    found: dict[str, None] = {}
    for each in metadata.sorted_tables:
        for row in _rows(connection, each):
            text = json.dumps(row, default=plain_value, ensure_ascii=False).casefold()
            if any(word.casefold() in text for word in words):
                noun = each.info.get(
                    "noun", {"drafts": "unsaved text", "audit": "audit entry"}.get(each.name, each.name)
                )
                found[f"{noun} {row.get('id') or row.get('form')}"] = None
    return list(found)


def _refuse_used(connection: Connection, where: str) -> None:
    if _count_rows(connection):
        raise StoreError(f"{where} is not empty: import into a new one.")


def _count_rows(connection: Connection) -> int:
    counts = (select(func.count()).select_from(each) for each in metadata.sorted_tables)
    return sum(connection.execute(count).scalar_one() for count in counts)


def _rows(connection: Connection, source: Table) -> list[dict[str, Any]]:
    found = connection.execute(select(source).order_by(*source.primary_key.columns))
    return [dict(row) for row in found.mappings()]


def _as_text(tables: dict[str, list[dict[str, Any]]]) -> str:
    """The file's JSON, a column a line: easy to read and to compare, and a frozen document takes one line of its own,
    not thousands."""
    named = ",\n".join(
        f"  {json.dumps(name)}: [" + ",".join(map(_row_text, rows)) + ("\n  ]" if rows else "]")
        for name, rows in tables.items()
    )
    head = f' "kind": {json.dumps(KIND)},\n "schema": {json.dumps(SCHEMA_VERSION)},\n'
    return f'{{\n{head} "tables": {{\n{named}\n }}\n}}'


def _row_text(row: dict[str, Any]) -> str:
    values = (
        f"    {json.dumps(name)}: {json.dumps(value, default=plain_value, separators=(',', ':'))}"
        for name, value in row.items()
    )
    return "\n   {\n" + ",\n".join(values) + "\n   }"


def _add_rows(connection: Connection, target: Table, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    readers = {part.name: FROM_JSON.get(type(part.type)) for part in target.columns}
    values = [{name: _value(readers[name], value) for name, value in row.items()} for row in rows]
    connection.execute(insert(target), values)
    if connection.dialect.name == "postgresql" and "id" in target.c:  # the next number follows the imported ones
        sequence = func.pg_get_serial_sequence(target.name, "id")
        connection.execute(select(func.setval(sequence, select(func.max(target.c.id)).scalar_subquery())))


def _value(reader: Callable[[Any], Any] | None, value: Any) -> Any:
    return value if reader is None or value is None else reader(value)


def _postpone_references(connection: Connection) -> None:
    """Rows may come before those they refer to; references are checked at the end."""
    sqlite = connection.dialect.name == "sqlite"
    connection.execute(text("pragma defer_foreign_keys = on" if sqlite else "set constraints all deferred"))


def _read(file: Path) -> dict[str, Any]:
    try:
        exported = json.loads(_bounded_text(file))
    except OSError as error:
        raise StoreError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{file} is not a whole export file: {error}.") from error
    if not isinstance(exported, dict) or exported.get("kind") != KIND:
        raise StoreError(f"{file} is not an export of this program: it should begin with the kind “{KIND}”.")
    if not isinstance(exported.get("schema"), str) or not isinstance(exported.get("tables"), dict):
        raise StoreError(f"{file} is not a whole export file: its schema or its tables are missing.")
    if exported["schema"] > SCHEMA_VERSION:
        raise StoreError(newer_than_us(str(file), exported["schema"]))
    return exported


def _bounded_text(file: Path) -> str:
    """The text of a file, looked at before it is parsed. Raises StoreError where that would take too much memory."""
    refuse_endless(file)
    if file.stat().st_size > _MOST_BYTES:
        raise StoreError(f"{file} is larger than {_MOST_BYTES // 1024**2} MB: no board is; export it again.")
    content = file.read_bytes()
    if content.count(b"{") + content.count(b"[") > _MOST_LISTS or content.count(b",") > _MOST_VALUES:
        what = f"more than {_MOST_LISTS:,} rows and lists or {_MOST_VALUES:,} values"
        raise StoreError(f"{file} has {what}: no board has; export it again.")
    return content.decode("utf-8")


def _migrated(exported: dict[str, Any]) -> dict[str, Any]:
    """The export of an older schema as this one has it, by way of a store at that schema.

    SQLite keeps every value as the file has it, so the rows go in as they are, whatever their tables were.
    """
    with tempfile.TemporaryDirectory() as folder:
        older = Database(Path(folder) / "older.sqlite")
        migrate(older, exported["schema"])
        with older.writing(None) as connection:
            _postpone_references(connection)
            for name, rows in exported["tables"].items():
                _add_as_they_are(connection, name, rows)
        migrate(older)
        newer = Path(folder) / "newer.json"
        export_board(older, newer)
        older.close()
        return _read(newer)


def _add_as_they_are(connection: Connection, name: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        untyped = table(name, *(column(key) for key in rows[0]))
        connection.execute(insert(untyped), [{key: _as_sqlite_keeps(row[key]) for key in row} for row in rows])


def _as_sqlite_keeps(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def _write_whole(file: Path, content: str) -> None:
    try:
        with write_atomically(file, durable=True) as unfinished:
            unfinished.write_text(content, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{file} cannot be written: {error.strerror}.") from error
