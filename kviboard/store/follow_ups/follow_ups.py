"""Follow-ups of answers: taken up, done or dropped. Whose answers they are is for the exports to say."""

from collections.abc import Collection
from datetime import date

from kviboard.store.follow_ups.records import FollowUp, NewFollowUp
from kviboard.store.follow_ups.schema import follow_ups
from kviboard.store.forgetting import forget_answers
from kviboard.store.rows import Editable, records, selection
from kviboard.store.saving import Author


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
        return forget_answers(self._database, follow_ups, response_ids, {"response_id": "", "note": ""})
