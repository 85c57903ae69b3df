"""Sprint reviews: opened and closed once, frozen then; predicted, decided and said by many. Computes no number."""

import copy
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, select, update

from kviboard.errors import ConflictError, StoreError
from kviboard.store.append_only import append_only_off
from kviboard.store.reviews.records import (
    Addendum,
    Decision,
    FrozenMeeting,
    NewDecision,
    NewFrozenMeeting,
    NewPrediction,
    NewRemark,
    NewReview,
    Poll,
    Prediction,
    Quote,
    Remark,
    Review,
    ReviewRecord,
)
from kviboard.store.reviews.schema import (
    decisions,
    polls,
    predictions,
    quotes,
    review_acts,
    review_addenda,
    review_remarks,
    reviewers,
    reviews,
)
from kviboard.store.rows import Editable, Record, one, records, selection, typed
from kviboard.store.saving import Author, Save

UNDO_MINUTES = 10  # for which whoever closed a review may undo it


class Reviews(Editable[NewReview, Review]):
    """The reviews of sprints. What an act froze can be followed by an addendum, never changed."""

    table, new_kind, kind = reviews, NewReview, Review

    def all(self) -> list[Review]:
        """The reviews that are not archived, newest sprint first."""
        with self._database.reading() as connection:
            return _of(connection, Review, reviews, reviews.c.archived_at.is_(None), newest_first=reviews.c.starts_on)

    def of_sprint(self, sprint: str, team: str | None = None) -> Review | None:
        """The review of a sprint, if it was begun."""
        return next((review for review in self.all() if (review.sprint, review.team) == (sprint, team)), None)

    def acts_done(self) -> dict[int, frozenset[str]]:
        """Which acts of each review are frozen, by its number; reviews without any are left out."""
        with self._database.reading() as connection:
            rows = connection.execute(select(review_acts.c.review_id, review_acts.c.act)).all()
        done: dict[int, set[str]] = {}
        for review_id, act in rows:
            done.setdefault(review_id, set()).add(act)
        return {review_id: frozenset(acts) for review_id, acts in done.items()}

    def held_at(self, act: str) -> dict[int, datetime]:
        """When the opening, or the closing, of each review was frozen, by the review's number."""
        with self._database.reading() as connection:
            wanted = select(review_acts.c.review_id, review_acts.c.created_at).where(review_acts.c.act == act)
            return {row.review_id: row.created_at for row in connection.execute(wanted)}

    def whole(self, review_id: int) -> ReviewRecord:
        """All there is of a review, at one moment."""
        with self._database.reading() as connection:
            return _whole(connection, review_id)

    def open(self, new: NewFrozenMeeting, *, shown: ReviewRecord | None = None, author: Author) -> FrozenMeeting:
        """Freezes the opening. ConflictError where it was frozen before, or the review is not as `shown` any more;
        StoreError after the closing."""
        return self._freeze("opening", new, (), shown, author)

    def close(
        self,
        new: NewFrozenMeeting,
        reviewed_by: Sequence[str] = (),
        *,
        shown: ReviewRecord | None = None,
        author: Author,
    ) -> FrozenMeeting:
        """Freezes the closing, with who reviewed it. ConflictError where it was frozen before, or the review is not as
        `shown` any more."""
        return self._freeze("closing", new, reviewed_by, shown, author)

    def undo_closing(self, review_id: int, *, author: Author) -> Review:
        """Opens a review again that was closed a moment ago, by whoever closed it. What was frozen is kept with the
        review as it was, which is archived; its opening and all that was said go on in a new one. StoreError where it
        is not closed, was closed by somebody else or more than `UNDO_MINUTES` ago.
        """
        with self._database.saving(author) as save:
            if save.repeated(reviews) is None:
                record = _whole(save.connection, review_id)
                _refuse_undoing(record, author)
                review = record.review
                save.change(reviews, review_id, review.version, {"archived_at": author.at}, "closing undone")
                into = {"review_id": save.add(reviews, typed(NewReview, review), "opened again")}
                for table, rows in _to_go_on(save.connection, review_id):
                    for row in rows:
                        save.copy(table, row, into)
                for decision in record.decisions:
                    save.change(decisions, decision.id, decision.version, into, "taken along")
                for poll in record.polls:
                    save.change(polls, poll.id, poll.version, into, "taken along")
                for quote in record.quotes:
                    save.change(quotes, quote.id, quote.version, into, "taken along")
            gone = one(save.connection, Review, reviews, review_id)
            (again,) = _of(save.connection, Review, reviews, reviews.c.archived_at.is_(None),
                           reviews.c.sprint == gone.sprint, _same_team(gone.team))  # fmt: skip
            return again

    def remark(self, new: NewRemark, *, author: Author) -> Remark:
        """Adds a line to what was said. StoreError after the closing."""
        with self._database.saving(author) as save:
            row_id = save.repeated(review_remarks)
            if row_id is None:
                refuse_frozen(save, new.review_id, "closing")
                row_id = save.add(review_remarks, typed(NewRemark, new))
            return one(save.connection, Remark, review_remarks, row_id)

    def add_addendum(self, review_id: int, text: str, *, author: Author) -> Addendum:
        """Adds to a review that is frozen. StoreError while it can still be edited."""
        with self._database.saving(author) as save:
            row_id = save.repeated(review_addenda)
            if row_id is None:
                review = save.row(reviews, review_id)
                if not _acts(save.connection, review_id):
                    raise StoreError(f"The review of “{review.sprint}” is not frozen yet: edit it instead.")
                row_id = save.add(review_addenda, {"review_id": review_id, "text": text})
            return one(save.connection, Addendum, review_addenda, row_id)

    def redact(self, edit: Callable[[dict[str, Any]], int]) -> int:
        """Takes out of all frozen documents what must not be kept any longer: `edit` changes a document and returns
        how much it took out. The only change there is to what is frozen; returns how much it was."""
        with self._database.writing("data") as connection, append_only_off(connection, review_acts.name):
            taken = 0
            for row in connection.execute(select(review_acts.c.id, review_acts.c.document)).all():
                document = copy.deepcopy(row.document)
                taken += edit(document)
                if document != row.document:
                    connection.execute(update(review_acts).where(review_acts.c.id == row.id).values(document=document))
        return taken

    def allow(self, save: Save, wanted: NewReview | Review, before: Review | None) -> None:
        """Refuses a change of goal, sprint or days after the opening."""
        if before is not None:
            refuse_frozen(save, before.id, "opening", "closing")

    def _freeze(
        self,
        act: str,
        new: NewFrozenMeeting,
        reviewed_by: Sequence[str],
        shown: ReviewRecord | None,
        author: Author,
    ) -> FrozenMeeting:
        with self._database.saving(author) as save:
            row_id = save.repeated(review_acts)
            if row_id is None:
                save.row(reviews, new.review_id)
                refuse_frozen(save, new.review_id, act, "closing", error=ConflictError)
                if shown is not None and _whole(save.connection, new.review_id) != shown:
                    raise ConflictError(
                        "Not frozen, because somebody saved at this moment. Look at it and press again."
                    )
                row_id = save.add(review_acts, {**typed(NewFrozenMeeting, new), "act": act})
                for name in dict.fromkeys(reviewed_by):
                    save.add(reviewers, {"review_id": new.review_id, "name": name})
            return one(save.connection, FrozenMeeting, review_acts, row_id)


class Predictions(Editable[NewPrediction, Prediction]):
    """What is expected of a sprint; frozen with its opening."""

    table, new_kind, kind = predictions, NewPrediction, Prediction

    def allow(self, save: Save, wanted: NewPrediction | Prediction, before: Prediction | None) -> None:
        """Refuses predictions after the opening."""
        refuse_frozen(save, wanted.review_id, "opening", "closing")


class Decisions(Editable[NewDecision, Decision]):
    """Decisions and experiments, carried until they are done or dropped."""

    table, new_kind, kind = decisions, NewDecision, Decision

    def all(self, state: str | None = None) -> list[Decision]:
        """The decisions that are not archived, those in a state or all, by due day."""
        wanted = [decisions.c.archived_at.is_(None)] + ([decisions.c.state == state] if state else [])
        with self._database.reading() as connection:
            return sorted(_of(connection, Decision, decisions, *wanted), key=lambda decision: decision.due_on)

    def settle(self, decision: Decision, state: str, outcome: str = "", *, author: Author) -> Decision:
        """Marks a decision done, dropped (with the reason) or open again."""
        return self._change(decision, {"state": state, "outcome": outcome.strip() or None}, state, author)

    def move(self, decision: Decision, due_on: date, outcome: str, *, author: Author) -> Decision:
        """Moves an open decision to another day; `outcome` says from when and why."""
        return self._change(decision, {"due_on": due_on, "outcome": outcome}, "moved", author)


def _refuse_undoing(record: ReviewRecord, author: Author) -> None:
    closing, sprint = record.closing, record.review.sprint
    if closing is None or record.review.archived_at is not None:
        raise StoreError(f"The review of “{sprint}” is not closed: there is nothing to undo.")
    if not author.wrote(closing):
        raise StoreError(f"{closing.created_by} closed “{sprint}” and may undo it; you can write an addendum.")
    if author.at - closing.created_at > timedelta(minutes=UNDO_MINUTES):
        raise StoreError(f"“{sprint}” was closed more than {UNDO_MINUTES} minutes ago: write an addendum.")


def _to_go_on(connection: Connection, review_id: int) -> list[tuple[Table, Sequence[Row[Any]]]]:
    """The rows of a closed review that go on in the one opened again: all but its closing and its reviewers."""
    found: list[tuple[Table, Sequence[Row[Any]]]] = []
    for table in (review_acts, predictions, review_remarks, review_addenda):
        rows = connection.execute(select(table).where(table.c.review_id == review_id).order_by(table.c.id)).all()
        found.append((table, [row for row in rows if table is not review_acts or row.act == "opening"]))
    return found


def _same_team(team: str | None) -> ColumnElement[bool]:
    return reviews.c.team.is_(None) if team is None else reviews.c.team == team


def _whole(connection: Connection, review_id: int) -> ReviewRecord:
    review = one(connection, Review, reviews, review_id)
    acts = _acts(connection, review_id)
    names = select(reviewers.c.name).where(reviewers.c.review_id == review_id).order_by(reviewers.c.id)

    def of(kind: type[Record], table: Table) -> tuple[Record, ...]:
        shown = [table.c.archived_at.is_(None)] if "archived_at" in table.c else []
        return tuple(_of(connection, kind, table, table.c.review_id == review_id, *shown))

    return ReviewRecord(
        review=review,
        opening=acts.get("opening"),
        closing=acts.get("closing"),
        predictions=of(Prediction, predictions),
        polls=of(Poll, polls),
        decisions=of(Decision, decisions),
        quotes=of(Quote, quotes),
        remarks=of(Remark, review_remarks),
        addenda=of(Addendum, review_addenda),
        reviewed_by=tuple(connection.execute(names).scalars()),
    )


def _of(
    connection: Connection,
    kind: type[Record],
    table: Table,
    *conditions: ColumnElement[bool],
    newest_first: ColumnElement[Any] | None = None,
) -> list[Record]:
    order = [table.c.id] if newest_first is None else [newest_first.desc(), table.c.id]
    return records(kind, connection.execute(selection(kind, table).where(*conditions).order_by(*order)))


def _acts(connection: Connection, review_id: int) -> dict[str, FrozenMeeting]:
    return {act.act: act for act in _of(connection, FrozenMeeting, review_acts, review_acts.c.review_id == review_id)}


def refuse_frozen(save: Save, review_id: int, *acts: str, error: type[StoreError] = StoreError) -> None:
    """Raises where one of these acts has frozen the review."""
    frozen = _acts(save.connection, review_id)
    for act in acts:
        if act in frozen:
            done, review = {"opening": "opened", "closing": "closed"}[act], save.row(reviews, review_id)
            when = save.moment(frozen[act].created_at)
            raise error(
                f"{frozen[act].created_by} {done} “{review.sprint}” on {when}; what is frozen stays: write an addendum."
            )
