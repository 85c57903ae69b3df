"""Comments on objectives, key results and decisions: said, reworded, taken away. Raises StoreError where refused."""

from dataclasses import replace

from kviboard.errors import Problem
from kviboard.store import Author, Comment, NewComment, Store, refuse


def say(store: Store, about: NewComment, *, author: Author) -> Comment:
    """Saves a comment: `about` is one thing and the text as typed."""
    return store.comments.add(replace(about, text=_checked(about.text)), author=author)


def reword(store: Store, comment: Comment, text: str, *, author: Author) -> Comment:
    """Changes the words of a comment of one's own. ConflictError where it was changed since it was read."""
    return store.comments.edit(replace(comment, text=_checked(text)), author=author)


def take_away(store: Store, comment: Comment, *, author: Author) -> Comment:
    """Takes a comment of one's own away; the history keeps that it was there."""
    return store.comments.archive(comment, author=author)


def _checked(text: str) -> str:
    said = text.strip()
    refuse([] if said else [Problem("Comment", "it is empty.", "Write what you have to say, or close the form.")])
    return said
