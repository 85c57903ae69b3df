"""What was said to somebody: where they are mentioned, and what others say about what they own. Newest first."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kviboard.board.context import BoardContext
from kviboard.domain.people import mentioned, same_person
from kviboard.errors import StoreError
from kviboard.store import Comment


@dataclass(frozen=True)
class Said:
    """Something that somebody said on a day. `about` names what; `page` and `address` lead there."""

    day: date
    by: str
    text: str
    about: str
    page: str
    address: tuple[tuple[str, str], ...]
    mentions: bool  # the person, by name; else it is about what they own


def said_to(context: BoardContext, names: Sequence[str], people: Sequence[str], most: int = 30) -> tuple[Said, ...]:
    """What others said with one of this person's names after an "@", and about objectives, key results and decisions of
    theirs; the newest `most`. Raises StoreError."""
    found = [*_comments(context, names, people), *_notes(context, names, people), *_check_ins(context, names, people)]
    others = [each for each in found if not same_person(each.by, *names)]
    return tuple(sorted(others, key=lambda each: each.day, reverse=True)[:most])


def _comments(context: BoardContext, names: Sequence[str], people: Sequence[str]) -> Iterator[Said]:
    for comment in context.store.comments.all():
        try:
            about, page, address, owners = _place(context, comment)
        except StoreError:
            continue  # what it was about is gone
        mentions = _mentions(comment.text, names, people)
        if mentions or any(same_person(owner, *names) for owner in owners):
            day = context.day_of(comment.created_at)
            yield Said(day, comment.created_by, comment.text, about, page, address, mentions)


def _place(
    context: BoardContext, comment: Comment
) -> tuple[str, str, tuple[tuple[str, str], ...], Collection[str | None]]:
    """What a comment is about, where that is shown, and whose it is. StoreError where it is gone or archived."""
    store = context.store
    if comment.decision_id is not None:
        decision = store.decisions.get(comment.decision_id)
        return decision.text, "review", (("view", "decisions"),), (decision.owner,)
    if comment.key_result_id is not None:
        part = store.key_results.get(comment.key_result_id)
        objective = store.objectives.get(part.objective_id)
        title, owners = part.title, (part.owner or objective.owner, objective.owner)
    else:
        objective = store.objectives.get(comment.objective_id or 0)
        title, owners = objective.title, (objective.owner, None)
    return title, "okrs", (("objective", str(objective.id)),), owners


def _notes(context: BoardContext, names: Sequence[str], people: Sequence[str]) -> Iterator[Said]:
    for note in context.store.kvi_notes.with_mentions():
        if _mentions(note.text, names, people):
            known = context.board.catalog.kvis.get(note.kvi)
            about = known.title if known else note.kvi
            yield Said(note.day, note.created_by, note.text, about, "kvis", (("kvi", note.kvi),), True)


def _check_ins(context: BoardContext, names: Sequence[str], people: Sequence[str]) -> Iterator[Said]:
    for check_in in context.store.check_ins.with_mentions():
        if _mentions(check_in.comment, names, people):
            part = context.store.key_results.get(check_in.key_result_id)
            place = (("objective", str(part.objective_id)),)
            yield Said(check_in.day, check_in.created_by, check_in.comment, part.title, "okrs", place, True)


def _mentions(text: str, names: Sequence[str], people: Sequence[str]) -> bool:
    return any(same_person(each, *names) for each in mentioned(text, people))
