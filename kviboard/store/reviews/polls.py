"""What everybody in a meeting is asked, unseen until it is revealed. The rules of answers belong to `board`."""

from dataclasses import replace
from hashlib import sha256

from sqlalchemy import Connection, func, insert, select, update

from kviboard.errors import StoreError
from kviboard.store.reviews.records import NewPoll, Poll, PollAnswer
from kviboard.store.reviews.reviews import refuse_frozen
from kviboard.store.reviews.schema import poll_answers, polls, review_acts
from kviboard.store.rows import Editable, names_of, one, records, selection
from kviboard.store.saving import Author, Save

# What is predicted is asked until the sprint is opened, all else until its review is closed.
_IS_OVER = (
    select(review_acts.c.id)
    .where(review_acts.c.review_id == polls.c.review_id, (review_acts.c.act == "closing") | (polls.c.asks == "change"))
    .exists()
)


class Polls(Editable[NewPoll, Poll]):
    """The polls of reviews. An answer has no time and no entry of who did what; whoever signed in gives a name."""

    table, new_kind, kind = polls, NewPoll, Poll

    def running(self) -> list[Poll]:
        """The polls that are not revealed and whose meeting is not over, the newest first."""
        wanted = selection(Poll, polls).where(polls.c.archived_at.is_(None), polls.c.revealed_at.is_(None), ~_IS_OVER)
        with self._database.reading() as connection:
            return records(Poll, connection.execute(wanted.order_by(polls.c.id.desc())))

    def answer(self, poll_id: int, answer: PollAnswer, browser: str) -> None:
        """Adds this browser's answer or changes it. `browser` is its secret, of which a hash is kept. StoreError once
        the poll is revealed or its meeting over."""
        key = _hashed(poll_id, browser)
        values = {name: getattr(answer, name) for name in names_of(PollAnswer)}
        with self._database.writing("answer") as connection:
            _refuse_revealed(connection, poll_id)
            known = connection.execute(update(poll_answers).where(poll_answers.c.browser == key).values(**values))
            if not known.rowcount:
                connection.execute(insert(poll_answers).values(browser=key, poll_id=poll_id, **values))

    def say_why(self, poll_id: int, because: str, browser: str) -> None:
        """Adds the reason to this browser's answer, also once the poll is revealed. StoreError where it has none."""
        with self._database.writing("answer") as connection:
            own = poll_answers.c.browser == _hashed(poll_id, browser)
            if not connection.execute(update(poll_answers).where(own).values(because=because)).rowcount:
                raise StoreError("You did not answer this: there is nothing to explain.")

    def own(self, poll_id: int, browser: str) -> PollAnswer | None:
        """What this browser answered, if it did."""
        wanted = selection(PollAnswer, poll_answers).where(poll_answers.c.browser == _hashed(poll_id, browser))
        with self._database.reading() as connection:
            found = records(PollAnswer, connection.execute(wanted))
        return found[0] if found else None

    def count(self, poll_id: int) -> int:
        """How many have answered."""
        with self._database.reading() as connection:
            return _count(connection, poll_id)

    def answers_of(self, poll_id: int) -> list[PollAnswer]:
        """The answers, by what they say and no other order. StoreError before the poll is revealed."""
        with self._database.reading() as connection:
            if one(connection, Poll, polls, poll_id).revealed_at is None:
                raise StoreError("Nobody sees the answers before they are revealed.")
            wanted = selection(PollAnswer, poll_answers).where(poll_answers.c.poll_id == poll_id)
            found = records(PollAnswer, connection.execute(wanted))
        return sorted(found, key=lambda each: (each.change or 0, each.confidence, each.because, each.by or ""))

    def reveal(self, poll: Poll, *, author: Author) -> Poll:
        """Shows the answers to all; nobody answers any more. ConflictError where somebody was first; StoreError
        without any answer."""
        self._database.permit("review")
        return self._change(poll, {"revealed_at": author.at}, "revealed", author)

    def archive(self, record: Poll, *, author: Author) -> Poll:
        """Takes a question back that nobody has answered. ConflictError where somebody was first; StoreError once there
        is an answer."""
        self._database.permit("review")
        return self._change(replace(record, archived_at=author.at), {"archived_at": author.at}, "archived", author)

    def allow(self, save: Save, wanted: NewPoll | Poll, before: Poll | None) -> None:
        """Refuses to ask what cannot be acted upon any more, to reveal nothing, and to take answers back."""
        asked_of = ("opening", "closing") if wanted.asks == "change" else ("closing",)
        refuse_frozen(save, wanted.review_id, *asked_of)
        if before is None or not isinstance(wanted, Poll):
            return
        is_answered, is_back = _count(save.connection, before.id) > 0, wanted.archived_at is not None
        if is_back and is_answered:
            raise StoreError("Somebody has answered already: reveal the answers.")
        if not is_back and not is_answered:
            raise StoreError("Nobody has answered yet: there is nothing to reveal.")


def _hashed(poll_id: int, browser: str) -> str:
    return sha256(f"poll {poll_id} {browser}".encode()).hexdigest()


def _count(connection: Connection, poll_id: int) -> int:
    wanted = select(func.count()).select_from(poll_answers).where(poll_answers.c.poll_id == poll_id)
    return int(connection.execute(wanted).scalar_one())


def _refuse_revealed(connection: Connection, poll_id: int) -> None:
    asked = one(connection, Poll, polls, poll_id)
    if asked.archived_at is not None:
        raise StoreError("The question was taken back: there is nothing to answer.")
    if asked.revealed_at is not None:
        raise StoreError("The answers are revealed: nobody can answer any more.")
    if connection.execute(select(polls.c.id).where(polls.c.id == poll_id, _IS_OVER)).first():
        raise StoreError("The meeting that asked this is over: nobody can answer any more.")
