"""What people typed into forms and did not save yet, kept per form and person. The newest replaces the one before."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Delete, delete, insert, select

from kviboard.store.database import Database
from kviboard.store.schema import drafts


@dataclass(frozen=True)
class Draft:
    """What a person typed into a form and did not save yet."""

    form: str
    person: str
    kept_at: datetime
    typed: dict[str, Any]


class Drafts:
    """Unsaved text of forms. `form` names the form and what it is about: "objective 12", "check in 40"."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, form: str, typed: Mapping[str, Any], *, at: datetime, by: str) -> None:
        """Keeps what a person typed so far: text, numbers, lists; days and decimals come back as text."""
        with self._database.writing("write") as connection:
            connection.execute(_gone(form, by))
            connection.execute(insert(drafts).values(form=form, person=by, kept_at=at, typed=dict(typed)))

    def get(self, form: str, by: str) -> Draft | None:
        """What this person typed into this form, if it was not saved since."""
        found = select(drafts).where(drafts.c.form == form, drafts.c.person == by)
        with self._database.reading() as connection:
            row = connection.execute(found).first()
            return Draft(row.form, row.person, row.kept_at, row.typed) if row else None

    def drop(self, form: str, by: str) -> None:
        """Forgets a draft: it was saved or given up."""
        with self._database.writing("write") as connection:
            connection.execute(_gone(form, by))

    def forget(self, response_ids: Collection[str], words: Collection[str]) -> int:
        """Drops what was typed into forms about one of these answers, or holds one of these words, whatever their
        capitals. Returns how many drafts there were."""
        with self._database.writing("data") as connection:
            kept = connection.execute(select(drafts.c.form, drafts.c.person, drafts.c.typed)).all()
            found = [row for row in kept if _is_about(row.form, row.typed, response_ids, words)]
            for row in found:
                connection.execute(_gone(row.form, row.person))
        return len(found)


def _is_about(form: str, typed: Any, response_ids: Collection[str], words: Collection[str]) -> bool:
    held = f"{form} {json.dumps(typed, ensure_ascii=False)}".casefold()
    written = (json.dumps(word, ensure_ascii=False)[1:-1].casefold() for word in words)
    return any(form.endswith(f" {each}") for each in response_ids) or any(word in held for word in written)


def _gone(form: str, by: str) -> Delete:
    return delete(drafts).where(drafts.c.form == form, drafts.c.person == by)
