"""The records of comments; see `store.records` for how they are made."""

from dataclasses import dataclass

from kviboard.store.records import Edited, Signed


@dataclass(frozen=True, kw_only=True)
class NewComment:
    """What somebody says about one thing: an objective, a key result or a decision. The text is plain text."""

    text: str
    objective_id: int | None = None
    key_result_id: int | None = None
    decision_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Comment(NewComment, Edited, Signed):
    """A comment in the store."""
