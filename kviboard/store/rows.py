"""Rows to records and back, and the verbs that all editable records share. Leaves special rules to each."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import Connection, Result, Select, Table, select

from kviboard.errors import StoreError
from kviboard.store.database import Database
from kviboard.store.records import Edited
from kviboard.store.saving import Author, Save, gone

Record = TypeVar("Record")
New = TypeVar("New")
Saved = TypeVar("Saved", bound=Edited)


def selection(kind: type[Record], table: Table) -> Select[Any]:
    """All rows of a table, with the columns of a record in its order."""
    return select(*(table.c[name] for name in names_of(kind)))


def records(kind: type[Record], found: Result[Any]) -> list[Record]:
    """The records of rows that `selection` found."""
    names = names_of(kind)
    return [kind(**dict(zip(names, row, strict=True))) for row in found.all()]


def one(connection: Connection, kind: type[Record], table: Table, row_id: int) -> Record:
    """One record by its number. StoreError where there is none."""
    found = records(kind, connection.execute(selection(kind, table).where(table.c.id == row_id)))
    if not found:
        raise StoreError(gone(table.info["noun"], row_id))
    return found[0]


def names_of(kind: type[Any]) -> list[str]:
    """The fields of a record, which are the columns of its table."""
    return [field.name for field in fields(kind)]


def typed(kind: type[Any], record: object) -> dict[str, Any]:
    """What a person typed into a record, by column."""
    values = {name: getattr(record, name) for name in names_of(kind)}
    if "where" in values:
        values["where"] = {dimension: list(chosen) for dimension, chosen in values["where"].items()}
    return values


class Editable(Generic[New, Saved]):
    """Add, get, edit, archive and restore the rows of one table.

    Every save names its author.
    """

    table: ClassVar[Table]
    new_kind: type[New]
    kind: type[Saved]

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, row_id: int) -> Saved:
        """The record as it is now, archived or not. StoreError where there is none."""
        with self._database.reading() as connection:
            return one(connection, self.kind, self.table, row_id)

    def add(self, new: New, *, author: Author) -> Saved:
        """Adds a record. StoreError with a sentence where a rule refuses it."""
        with self._database.saving(author) as save:
            row_id = save.repeated(self.table)
            if row_id is None:
                self.allow(save, new, None)
                row_id = save.add(self.table, typed(self.new_kind, new))
            return one(save.connection, self.kind, self.table, row_id)

    def edit(self, changed: Saved, *, author: Author) -> Saved:
        """Saves a record changed with `dataclasses.replace`. ConflictError where somebody saved since it was read."""
        return self._change(changed, typed(self.new_kind, changed), "changed", author)

    def archive(self, record: Saved, *, author: Author) -> Saved:
        """Deletes a record, as far as people see; it can be restored."""
        return self._change(record, {"archived_at": author.at}, "archived", author)

    def restore(self, record: Saved, *, author: Author) -> Saved:
        """Brings an archived record back."""
        return self._change(record, {"archived_at": None}, "restored", author)

    def allow(self, save: Save, wanted: New | Saved, before: Saved | None) -> None:
        """Raises StoreError where the rows around it do not allow this addition or edit now."""

    def _change(self, record: Saved, values: Mapping[str, Any], action: str, author: Author) -> Saved:
        with self._database.saving(author) as save:
            if save.repeated(self.table) is None:
                before = one(save.connection, self.kind, self.table, record.id)
                if before.version == record.version:
                    self.allow(save, record, before)
                save.change(self.table, record.id, record.version, values, action)
            return one(save.connection, self.kind, self.table, record.id)
