"""Who changed what and when: reads the audit, which every save writes in its own transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select

from kviboard.domain.access import Permission
from kviboard.store.database import Database
from kviboard.store.records import Signed
from kviboard.store.rows import records, selection
from kviboard.store.saving import Author
from kviboard.store.schema import audit


@dataclass(frozen=True, kw_only=True)
class AuditEntry(Signed):
    """One change of one row. `before` and `after` hold the fields that changed, values as JSON has them."""

    row_of: str  # the table
    row_id: int
    version: int | None
    action: str  # added, changed, archived, restored, activated, closed, reopened, target changed, …
    reason: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


EXPORTS = "exports"  # what an entry is about that belongs to no table
_NEWEST = select(func.max(audit.c.id))


class History:
    """The audit, oldest entry first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, action: str, what: Mapping[str, Any], *, author: Author, needs: Permission = "data") -> None:
        """Adds an entry about the exports and their versions, which are in no table: who did what with which."""
        made = {"created_at": author.at, "created_by": author.by, "created_by_subject": author.subject}
        values = {**made, "row_of": EXPORTS, "row_id": 0, "action": action, "after": dict(what)}
        with self._database.writing(needs) as connection:
            connection.execute(insert(audit).values(**values))

    def of_exports(self) -> list[AuditEntry]:
        """All that people did with the exports and their versions."""
        return self.of(EXPORTS, 0)

    def newest(self) -> int:
        """The number of the latest entry, 0 in an empty store: it grows with every save."""
        with self._database.reading() as connection:
            return connection.execute(_NEWEST).scalar_one() or 0

    def of(self, row_of: str, row_id: int) -> list[AuditEntry]:
        """All that happened to one row of a table, such as ("key_results", 12)."""
        return self._entries(audit.c.row_of == row_of, audit.c.row_id == row_id)

    def of_table(self, row_of: str) -> list[AuditEntry]:
        """All that happened to the rows of a table."""
        return self._entries(audit.c.row_of == row_of)

    def since(self, moment: datetime) -> list[AuditEntry]:
        """All that happened from a moment on."""
        return self._entries(audit.c.created_at >= moment)

    def _entries(self, *conditions: ColumnElement[bool]) -> list[AuditEntry]:
        with self._database.reading() as connection:
            found = selection(AuditEntry, audit).where(*conditions).order_by(audit.c.id)
            return records(AuditEntry, connection.execute(found))
