"""Check-ins: said on a day, never changed; a correction is a new one that names the one it replaces."""

from dataclasses import asdict

from sqlalchemy import select

from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.okrs.model import check_check_in
from kviboard.errors import ConflictError, StoreError
from kviboard.store.database import Database
from kviboard.store.records import CheckIn, KeyResult, NewCheckIn
from kviboard.store.rows import one, records, selection
from kviboard.store.rules import as_rules_see, refuse
from kviboard.store.saving import Author, Save
from kviboard.store.schema import check_ins, key_results, objectives


class CheckIns:
    """What people said about key results."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewCheckIn, *, author: Author) -> CheckIn:
        """Checks in. StoreError where the objective is not active or a value makes no sense."""
        return self._save(new, None, author)

    def correct(self, wrong: CheckIn, right: NewCheckIn, *, author: Author) -> CheckIn:
        """Replaces a check-in by a new one; both stay in the story. ConflictError where it was corrected already."""
        return self._save(right, wrong.id, author)

    def of(self, key_result_id: int) -> list[CheckIn]:
        """Every check-in of a key result as it was said, corrected ones included, oldest first."""
        found = selection(CheckIn, check_ins).where(check_ins.c.key_result_id == key_result_id)
        with self._database.reading() as connection:
            return records(CheckIn, connection.execute(found.order_by(check_ins.c.id)))

    def with_mentions(self) -> list[CheckIn]:
        """The check-ins whose comment may mention somebody, corrected ones left out, oldest first."""
        replaced = select(check_ins.c.corrects_id).where(check_ins.c.corrects_id.is_not(None))
        found = selection(CheckIn, check_ins).where(check_ins.c.comment.contains("@"), check_ins.c.id.not_in(replaced))
        with self._database.reading() as connection:
            return records(CheckIn, connection.execute(found.order_by(check_ins.c.id)))

    def _save(self, new: NewCheckIn, corrects_id: int | None, author: Author) -> CheckIn:
        with self._database.saving(author) as save:
            row_id = save.repeated(check_ins)
            if row_id is None:
                _allow(save, new, corrects_id)
                row_id = save.add(check_ins, {**asdict(new), "corrects_id": corrects_id})
            return one(save.connection, CheckIn, check_ins, row_id)


def _allow(save: Save, new: NewCheckIn, corrects_id: int | None) -> None:
    key_result = one(save.connection, KeyResult, key_results, new.key_result_id)
    if key_result.archived_at is not None:
        raise StoreError(f"The key result “{key_result.title}” is archived: restore it before you check in.")
    objective = save.row(objectives, key_result.objective_id)
    if objective.state != State.ACTIVE:
        raise StoreError(
            f"The objective “{objective.title}” is {objective.state.lower()}: only an active one is checked in."
        )
    refuse(check_check_in(as_rules_see(key_result), new.value, new.confidence))
    if corrects_id is not None:
        other = save.connection.execute(select(check_ins).where(check_ins.c.corrects_id == corrects_id)).first()
        if other is not None:
            raise ConflictError(
                f"Not saved, because {other.created_by} corrected this check-in already: look at it again."
            )
