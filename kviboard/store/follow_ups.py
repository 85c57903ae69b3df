"""Follow-ups of answers: taken up, done or dropped. Whose answers they are is for the exports to say."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select, update

from kviboard.store.append_only import append_only_off
from kviboard.store.follow_up_records import FollowUp, NewFollowUp
from kviboard.store.follow_up_schema import follow_ups
from kviboard.store.rows import Editable, records, selection
from kviboard.store.saving import Author
from kviboard.store.schema import audit


class FollowUps(Editable[NewFollowUp, FollowUp]):
    """Answers that somebody takes up; each at most once."""

    table, new_kind, kind = follow_ups, NewFollowUp, FollowUp

    def all(self) -> list[FollowUp]:
        """The follow-ups that are not archived, by due day."""
        found = selection(FollowUp, follow_ups).where(follow_ups.c.archived_at.is_(None))
        with self._database.reading() as connection:
            return records(FollowUp, connection.execute(found.order_by(follow_ups.c.due_on, follow_ups.c.id)))

    def settle(
        self, record: FollowUp, state: str, outcome: str | None, done_on: date | None, note: str, *, author: Author
    ) -> FollowUp:
        """Marks a follow-up done, dropped (with the reason) or open again."""
        values = {"state": state, "outcome": outcome, "done_on": done_on, "note": note.strip()}
        return self._change(record, values, state, author)

    def forget(self, response_ids: Collection[str]) -> int:
        """Takes out which answers these were and what was noted of them; that somebody was called back stays, as a
        number. Returns how many there were."""
        if not response_ids:
            return 0
        with self._database.writing("data") as connection, append_only_off(connection, audit.name):
            wanted = select(follow_ups.c.id).where(follow_ups.c.response_id.in_(response_ids))
            known = list(connection.execute(wanted).scalars())
            about = (audit.c.row_of == follow_ups.name, audit.c.row_id.in_(known))
            gone = {"response_id": "", "note": ""}
            connection.execute(update(follow_ups).where(follow_ups.c.id.in_(known)).values(**gone))
            for entry in connection.execute(select(audit).where(*about)).all():
                kept = {
                    side: {name: gone.get(name, value) for name, value in values.items()} if values else values
                    for side, values in (("before", entry.before), ("after", entry.after))
                }
                connection.execute(update(audit).where(audit.c.id == entry.id).values(**kept))
        if known:
            self._database.scrub()
        return len(known)
