"""What people say to one another about objectives, key results and decisions; each comment is changed by its author."""

from collections.abc import Collection
from typing import Literal

from sqlalchemy import ColumnElement

from kviboard.errors import StoreError
from kviboard.store.comments.records import Comment, NewComment
from kviboard.store.comments.schema import comments
from kviboard.store.rows import Editable, records, selection
from kviboard.store.saving import Save

About = Literal["objective_id", "key_result_id", "decision_id"]
"""What a comment is about, by the column that names it."""


class Comments(Editable[NewComment, Comment]):
    """Comments, as plain text."""

    table, new_kind, kind = comments, NewComment, Comment

    def all(self) -> list[Comment]:
        """The comments that are not taken away, oldest first."""
        return self._found()

    def of(self, about: About, ids: Collection[int]) -> list[Comment]:
        """Those about these rows, oldest first."""
        return self._found(comments.c[about].in_(ids)) if ids else []

    def allow(self, save: Save, wanted: NewComment | Comment, before: Comment | None) -> None:
        """Refuses to change or take away what somebody else said."""
        if before is not None and not save.author.wrote(before):
            raise StoreError(f"{before.created_by} wrote this comment; only they can change it or take it away.")

    def _found(self, *conditions: ColumnElement[bool]) -> list[Comment]:
        found = selection(Comment, comments).where(comments.c.archived_at.is_(None), *conditions)
        with self._database.reading() as connection:
            return records(Comment, connection.execute(found.order_by(comments.c.created_at, comments.c.id)))
