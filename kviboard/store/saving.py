"""One save: rows added and changed in one transaction, each with its audit entry. Leaves what may change to the verbs.

A save names the version it saw. On top of somebody else's change it is refused with who changed what and when.
The key of a click is kept with the audit entry (column `once`), so that the same click saves once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from textwrap import shorten
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, insert, select, update

from kviboard.domain.access import Permission
from kviboard.domain.formatting import SPACE, format_day, format_value
from kviboard.domain.okrs.model import MEASURE_NUMBERS
from kviboard.domain.people import same_person
from kviboard.errors import ConflictError, StoreError
from kviboard.store.column_types import TextType, check_text, plain_digits
from kviboard.store.records import Signed
from kviboard.store.schema import APPEND_ONLY, audit

SHOWN_LETTERS = 60  # of a text in a refusal


@dataclass(frozen=True)
class Author:
    """Who saves, when (with its time zone), and the idempotency key of the click: the same key saves once.

    `subject` is who they are by their sign-in, whatever their name; None where nobody signs in.
    """

    by: str
    at: datetime
    key: str | None = None
    subject: str | None = None

    def wrote(self, row: Signed) -> bool:
        """Whether a row is theirs: by subject where both have one; else, as nothing more is known, by name."""
        if self.subject and row.created_by_subject:
            return self.subject == row.created_by_subject
        return same_person(self.by, row.created_by)


def gone(noun: str, row_id: int) -> str:
    """What to say where nothing has the number that an address or a file names."""
    return f"There is no {noun} with the number {row_id}: the link may be old, or of another board."


class Save:
    """A save in progress by one person at one time; see Database.saving."""

    def __init__(
        self, connection: Connection, author: Author, permit: Callable[[Permission], None], currency: str
    ) -> None:
        self.connection, self.author, self.at, self.by = connection, author, author.at, author.by
        self._key, self._permit, self._currency = author.key, permit, currency

    def repeated(self, table: Table) -> int | None:
        """The row that this very click saved before, if it did."""
        if self._key is None:
            return None
        entry = self.connection.execute(
            select(audit.c.row_id).where(audit.c.once == self._key, audit.c.row_of == table.name)
        ).first()
        return entry.row_id if entry else None

    def add(self, table: Table, values: Mapping[str, Any], action: str = "added", written: Author | None = None) -> int:
        """Adds a row and returns its number. `written`: by whom and when, where it was written elsewhere before.
        NotAllowedError where it takes more than the right to write."""
        self._permit(table.info.get("right", "write"))
        _check_texts(table, values)
        author = written or self.author
        stamps: dict[str, Any] = {"created_at": author.at, "created_by": author.by}
        if "created_by_subject" in table.c:
            stamps["created_by_subject"] = author.subject
        if "version" in table.c:
            stamps |= {"changed_at": author.at, "changed_by": author.by}
        row_id = self.connection.execute(insert(table).values(**values, **stamps).returning(table.c.id)).scalar_one()
        after = None if table.name in APPEND_ONLY else values  # a row that never changes is its own evidence
        self._note(table, row_id, action, 1 if "version" in table.c else None, after=after)
        return int(row_id)

    def copy(self, table: Table, row: Row[Any], values: Mapping[str, Any]) -> int:
        """Adds a row again with other values, by whom and when it was written. Returns its number."""
        self._permit(table.info.get("right", "write"))
        kept = {column.name: row._mapping[column.name] for column in table.c if column.name != "id"} | dict(values)
        row_id = self.connection.execute(insert(table).values(**kept).returning(table.c.id)).scalar_one()
        self._note(table, row_id, "copied", kept.get("version"), after={**values, "from": row.id})
        return int(row_id)

    def change(
        self,
        table: Table,
        row_id: int,
        expected_version: int,
        values: Mapping[str, Any],
        action: str = "changed",
        reason: str | None = None,
    ) -> bool:
        """Changes a row; False where nothing differs. ConflictError where its version is not the expected one."""
        self._permit(table.info.get("right", "write"))
        row = self.row(table, row_id)
        if row.version != expected_version:
            raise ConflictError(self._who_was_first(table, row, expected_version))
        if row.archived_at is not None and "archived_at" not in values:
            raise StoreError(f"The {_label(table, row)} was archived by {row.changed_by}: restore it first.")
        before = {name: row._mapping[name] for name in values if row._mapping[name] != values[name]}
        if not before:
            return False
        _check_texts(table, values)
        after = {name: values[name] for name in before}
        stamps = {"version": expected_version + 1, "changed_at": self.at, "changed_by": self.by}
        self.connection.execute(update(table).where(table.c.id == row_id).values(**after, **stamps))
        self._note(table, row_id, action, expected_version + 1, before, after, reason)
        return True

    def row(self, table: Table, row_id: int) -> Row[Any]:
        """A row as it is now. StoreError where there is none."""
        row = self.connection.execute(select(table).where(table.c.id == row_id)).first()
        if row is None:
            raise StoreError(gone(table.info["noun"], row_id))
        return row

    def moment(self, at: datetime) -> str:
        """A time on the clocks of whoever saves."""
        return moment_text(at, self.at.tzinfo)

    def _note(
        self,
        table: Table,
        row_id: int,
        action: str,
        version: int | None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> None:
        key, self._key = self._key, None  # one entry per click: the first, which is about the row saved
        self.connection.execute(
            insert(audit).values(
                created_at=self.at,
                created_by=self.by,
                created_by_subject=self.author.subject,
                row_of=table.name,
                row_id=row_id,
                version=version,
                action=action,
                reason=reason,
                before=before,
                after=after,
                once=key,
            )
        )

    def _who_was_first(self, table: Table, row: Row[Any], expected_version: int) -> str:
        """Who changed which fields since the expected version, as a sentence."""
        entries = self.connection.execute(
            select(audit)
            .where(audit.c.row_of == table.name, audit.c.row_id == row.id, audit.c.version > expected_version)
            .order_by(audit.c.version)
        ).all()
        done = [
            f"{entry.created_by} {_what(table, entry, row, self._currency)} on {self.moment(entry.created_at)}"
            for entry in entries
        ]
        what = f"the {_label(table, row)} changed meanwhile: {'; '.join(done)}"
        return f"Not saved, because {what}. Look at it and save again."


def _check_texts(table: Table, values: Mapping[str, Any]) -> None:
    """StoreError that names the field where one of the texts cannot be kept."""
    for name, value in values.items():
        if isinstance(table.c[name].type, TextType):
            check_text(value, name.replace("_", " "))


def _label(table: Table, row: Row[Any]) -> str:
    return f"{table.info['noun']} “{row._mapping[table.info['label']]}”"


def moment_text(at: datetime, zone: tzinfo | None = None) -> str:
    """A time of the store as people read it: "3 Nov 2026 at 15:05" on the clocks of `zone`, else "… at 14:05 UTC"."""
    if zone in (None, UTC):
        return f"{format_day(at.date())} at {at:%H:%M} UTC"
    local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(zone)
    return f"{format_day(local.date())} at {local:%H:%M}"


def _what(table: Table, entry: Row[Any], row: Row[Any], currency: str) -> str:
    """ "changed title from “A” to “B” and target from 80 % to 85 %" or "archived it"."""
    if entry.action not in ("changed", "target changed"):
        return f"{entry.action} it"
    unit = row._mapping.get("unit", "")
    fields = (_change(table.c[name], value, entry.after[name], unit, currency) for name, value in entry.before.items())
    return f"changed {' and '.join(fields)}"


def _change(column: Column[Any], before: Any, after: Any, unit: str, currency: str) -> str:
    name = column.name.replace("_", " ")
    if isinstance(before or after, list | dict):
        return name
    return f"{name} from {_shown(column, before, unit, currency)} to {_shown(column, after, unit, currency)}"


def _shown(column: Column[Any], value: Any, unit: str, currency: str) -> str:
    if value is None or value == "":
        return "nothing"
    if unit == "percent" and column.name in MEASURE_NUMBERS:
        return f"{plain_digits(Decimal(value) * 100)}{SPACE}%"
    if unit == "currency" and column.name in MEASURE_NUMBERS:
        return format_value(float(value), unit, currency, precise=True)
    return f"“{shorten(value, SHOWN_LETTERS, placeholder=' …')}”" if isinstance(column.type, TextType) else str(value)
