"""What people set and write on a KVI: targets from a day on, and notes on a day."""

from sqlalchemy import Connection, func, select

from kviboard.store.database import Database
from kviboard.store.records import KviNote, KviTarget, NewKviNote, NewKviTarget
from kviboard.store.rows import Editable, one, records, selection, typed
from kviboard.store.saving import Author
from kviboard.store.schema import guardrails, key_results, kvi_notes, kvi_targets, metadata


class KviTargets:
    """The targets of KVIs: added, never changed; the one added last holds where two cover a day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewKviTarget, *, author: Author) -> KviTarget:
        """Sets a target, or ends one (value None). It needs a reason."""
        with self._database.saving(author) as save:
            row_id = save.repeated(kvi_targets)
            if row_id is None:
                row_id = save.add(kvi_targets, typed(NewKviTarget, new))
            return one(save.connection, KviTarget, kvi_targets, row_id)

    def newest(self) -> int:
        """The number of the target set last, 0 before the first."""
        with self._database.reading() as connection:
            return connection.execute(select(func.max(kvi_targets.c.id))).scalar_one() or 0

    def all(self, kvi: str | None = None) -> list[KviTarget]:
        """Every target ever set, of one KVI or of all, in the order they were set."""
        found = selection(KviTarget, kvi_targets).order_by(kvi_targets.c.id)
        if kvi is not None:
            found = found.where(kvi_targets.c.kvi == kvi)
        with self._database.reading() as connection:
            return records(KviTarget, connection.execute(found))


class KviNotes(Editable[NewKviNote, KviNote]):
    """Notes on a KVI's day."""

    table, new_kind, kind = kvi_notes, NewKviNote, KviNote

    def with_mentions(self) -> list[KviNote]:
        """The notes that may mention somebody, not archived, by day."""
        wanted = (kvi_notes.c.text.contains("@"), kvi_notes.c.archived_at.is_(None))
        found = selection(KviNote, kvi_notes).where(*wanted)
        with self._database.reading() as connection:
            return records(KviNote, connection.execute(found.order_by(kvi_notes.c.day, kvi_notes.c.id)))

    def of(self, kvi: str) -> list[KviNote]:
        """The notes of a KVI that are not archived, by day."""
        return [note for note in self.all() if note.kvi == kvi]

    def all(self) -> list[KviNote]:
        """The notes of all KVIs that are not archived, by day."""
        found = selection(KviNote, kvi_notes).where(kvi_notes.c.archived_at.is_(None))
        with self._database.reading() as connection:
            return records(KviNote, connection.execute(found.order_by(kvi_notes.c.day, kvi_notes.c.id)))


def naming(connection: Connection, kvi: str) -> dict[str, int]:
    """How many rows that are not archived name a KVI, by what they are ("target"): all but key results and guardrails,
    which it drives."""
    found = {}
    for table in metadata.sorted_tables:
        if "kvi" in table.c and table not in (key_results, guardrails):
            there = [table.c.archived_at.is_(None)] if "archived_at" in table.c else []
            count = select(func.count()).select_from(table).where(table.c.kvi == kvi, *there)
            found[table.info["noun"]] = connection.execute(count).scalar_one()
    return found
