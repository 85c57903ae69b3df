"""Sprint reviews: opened once, closed once, frozen; predictions before, decisions until they are settled."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kviboard.errors import ConflictError, StoreError
from kviboard.store import (
    Author,
    Decision,
    NewDecision,
    NewFrozenMeeting,
    NewPrediction,
    NewRemark,
    NewReview,
    Review,
    Store,
)
from tests.store.given import COLLEAGUE, OWNER, TUESDAY

NUMBERS: dict[str, Any] = {
    "vision": "Customers are helped at once",
    "kvis": [{"kvi": "nps", "value": 41.2, "note": None}],
}


def a_review(store: Store, **more: Any) -> Review:
    wanted = {"sprint": "Sprint 23", "starts_on": date(2026, 11, 2), "ends_on": date(2026, 11, 15)}
    return store.reviews.add(NewReview(**{**wanted, **more}), author=OWNER)


def frozen(review: Review) -> NewFrozenMeeting:
    return NewFrozenMeeting(
        review_id=review.id, document=NUMBERS, data_through=date(2026, 11, 1), warehouse_version="20261102-1"
    )


def a_prediction(review: Review, **more: Any) -> NewPrediction:
    return NewPrediction(**{"review_id": review.id, "kvi": "nps", "confidence": 70, "lower": Decimal("0.5"), **more})


def a_decision(store: Store, **more: Any) -> Decision:
    wanted = {"text": "Answer chats first", "owner": "Care lead", "due_on": date(2026, 11, 30)}
    return store.decisions.add(NewDecision(**{**wanted, **more}), author=OWNER)


def test_a_whole_review_comes_back_as_it_was_held(store: Store) -> None:
    review = a_review(store, goal="Customers find an answer in one look", goal_key_results=(3, 1), team="Search")
    prediction = store.predictions.add(a_prediction(review, upper=Decimal(3), because="The new search"), author=OWNER)
    opening = store.reviews.open(frozen(review), author=OWNER)
    remarks = [
        store.reviews.remark(NewRemark(review_id=review.id, text=text), author=COLLEAGUE) for text in ("Fine", "Slow")
    ]
    decision = a_decision(store, review_id=review.id, kind="experiment", kvi="nps")
    closing = store.reviews.close(frozen(review), ["Product lead", "Care lead", "Product lead"], author=COLLEAGUE)
    addendum = store.reviews.add_addendum(review.id, "Two answers came in late", author=OWNER)
    whole = store.reviews.whole(review.id)
    assert (whole.review, whole.opening, whole.closing) == (review, opening, closing)
    assert (whole.predictions, whole.decisions, whole.remarks) == ((prediction,), (decision,), tuple(remarks))
    assert (whole.addenda, whole.reviewed_by) == ((addendum,), ("Product lead", "Care lead"))
    assert whole.opening is not None
    assert (whole.opening.document, whole.opening.data_through) == (NUMBERS, date(2026, 11, 1))
    assert (whole.opening.warehouse_version, whole.review.goal_key_results) == ("20261102-1", (3, 1))


def test_a_review_that_nobody_opened_is_empty(store: Store) -> None:
    review = a_review(store)
    whole = store.reviews.whole(review.id)
    assert (whole.opening, whole.closing, whole.predictions, whole.reviewed_by) == (None, None, (), ())


def test_a_sprint_is_opened_and_closed_once(store: Store) -> None:
    review = a_review(store)
    store.reviews.open(frozen(review), author=COLLEAGUE)
    with pytest.raises(ConflictError, match=r"a colleague opened “Sprint 23” on 3 Nov 2026 at 14:05 UTC"):
        store.reviews.open(frozen(review), author=OWNER)
    store.reviews.close(frozen(review), author=COLLEAGUE)
    with pytest.raises(ConflictError, match="a colleague closed"):
        store.reviews.close(frozen(review), author=OWNER)


def test_a_double_click_freezes_once(store: Store) -> None:
    review = a_review(store)
    opening = store.reviews.open(frozen(review), author=replace(OWNER, key="click"))
    assert store.reviews.open(frozen(review), author=replace(OWNER, key="click")) == opening


def test_a_closed_review_cannot_be_opened_afterwards(store: Store) -> None:
    review = a_review(store)
    store.reviews.close(frozen(review), author=OWNER)
    with pytest.raises(StoreError, match="closed"):
        store.reviews.open(frozen(review), author=OWNER)


def test_what_is_frozen_takes_an_addendum_and_nothing_else(store: Store) -> None:
    review = a_review(store)
    prediction = store.predictions.add(a_prediction(review), author=OWNER)
    with pytest.raises(StoreError, match="not frozen yet"):
        store.reviews.add_addendum(review.id, "Late answers", author=OWNER)
    store.reviews.open(frozen(review), author=OWNER)
    for change in (
        lambda: store.reviews.edit(replace(review, goal="Another"), author=OWNER),
        lambda: store.predictions.edit(replace(prediction, confidence=90), author=OWNER),
        lambda: store.predictions.add(a_prediction(review), author=OWNER),
        lambda: store.predictions.archive(prediction, author=OWNER),
    ):
        with pytest.raises(StoreError, match="what is frozen stays: write an addendum"):
            change()
    store.reviews.remark(NewRemark(review_id=review.id, text="Fine"), author=OWNER)
    store.reviews.close(frozen(review), author=OWNER)
    with pytest.raises(StoreError, match="what is frozen stays"):
        store.reviews.remark(NewRemark(review_id=review.id, text="Too late"), author=OWNER)


def test_a_document_that_json_cannot_hold_freezes_nothing(store: Store) -> None:
    review = a_review(store)
    with pytest.raises(StoreError, match="cannot be kept as JSON"):
        store.reviews.open(replace(frozen(review), document={"value": float("inf")}), author=OWNER)
    assert store.reviews.whole(review.id).opening is None


def test_a_sprint_has_one_review_per_team(store: Store) -> None:
    company, team = a_review(store), a_review(store, team="Search")
    for again in (None, "Search"):
        with pytest.raises(StoreError, match="has its review already"):
            a_review(store, team=again)
    assert store.reviews.of_sprint("Sprint 23") == company
    assert store.reviews.of_sprint("Sprint 23", "Search") == team
    assert store.reviews.of_sprint("Sprint 24") is None


def test_reviews_are_listed_newest_sprint_first(store: Store) -> None:
    first = a_review(store)
    second = a_review(store, sprint="Sprint 24", starts_on=date(2026, 11, 16), ends_on=date(2026, 11, 29))
    assert store.reviews.all() == [second, first]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"lower": None}, "needs a bound"),
        ({"confidence": 101}, "between 0 % and 100 %"),
        ({"lower": Decimal(2), "upper": Decimal(1)}, "cannot lie above"),
        ({"kvi": ""}, "needs its name"),
    ],
)
def test_a_prediction_that_cannot_be_scored_is_refused(store: Store, wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        store.predictions.add(a_prediction(a_review(store), **wrong), author=OWNER)


def test_remarks_of_two_people_are_seen_by_both_in_order(store: Store) -> None:
    review = a_review(store)
    mine = store.reviews.remark(NewRemark(review_id=review.id, text="Fine", about="nps"), author=OWNER)
    theirs = store.reviews.remark(NewRemark(review_id=review.id, text="Slow"), author=COLLEAGUE)
    assert store.reviews.whole(review.id).remarks == (mine, theirs)
    assert (theirs.created_by, theirs.created_at, mine.about) == ("a colleague", TUESDAY, "nps")


def test_decisions_are_carried_until_they_are_done_or_dropped_with_a_reason(store: Store) -> None:
    late = a_decision(store, due_on=date(2026, 12, 24))
    early = a_decision(store, due_on=date(2026, 11, 9))
    assert store.decisions.all("open") == [early, late]
    done = store.decisions.settle(early, "done", "Answered in two minutes", author=COLLEAGUE)
    with pytest.raises(StoreError, match="Dropping a decision needs a reason"):
        store.decisions.settle(late, "dropped", " ", author=COLLEAGUE)
    dropped = store.decisions.settle(late, "dropped", "No chat any more", author=COLLEAGUE)
    assert store.decisions.all("open") == []
    assert store.decisions.all() == [done, dropped]
    assert (done.state, done.outcome, dropped.outcome) == (
        "done",
        "Answered in two minutes",
        "No chat any more",
    )
    assert [entry.action for entry in store.history.of("decisions", late.id)] == ["added", "dropped"]


def test_a_decision_needs_text_and_owner(store: Store) -> None:
    with pytest.raises(StoreError, match="needs an owner"):
        a_decision(store, owner=" ")
    with pytest.raises(StoreError, match="needs a text"):
        a_decision(store, text="")


def test_what_is_frozen_loses_only_what_must_be_forgotten_and_stays_frozen(store: Store) -> None:
    review = a_review(store)
    store.reviews.open(frozen(review), author=OWNER)

    def forget_the_vision(document: dict[str, Any]) -> int:
        document["vision"] = "(removed)"
        return 1

    assert store.reviews.redact(forget_the_vision) == 1
    opening = store.reviews.whole(review.id).opening
    assert opening is not None
    assert opening.document == {**NUMBERS, "vision": "(removed)"}
    with pytest.raises(ConflictError, match="opened “Sprint 23”"):
        store.reviews.open(frozen(review), author=COLLEAGUE)
    with (
        pytest.raises(StoreError, match="append-only"),
        store._database.writing("data") as connection,
    ):
        connection.exec_driver_sql("update review_acts set act = 'closing'")


def closed_by_the_owner(store: Store) -> Review:
    """An opened sprint with a prediction, a decision and a remark, closed by the owner on Monday."""
    review = a_review(store)
    store.predictions.add(a_prediction(review), author=OWNER)
    store.reviews.open(frozen(review), author=COLLEAGUE)
    store.reviews.remark(NewRemark(review_id=review.id, text="Fine"), author=COLLEAGUE)
    a_decision(store, review_id=review.id)
    store.reviews.close(frozen(review), ["Care lead"], author=OWNER)
    return review


def later(minutes: int, **more: Any) -> Author:
    return replace(OWNER, at=OWNER.at + timedelta(minutes=minutes), **more)


def test_who_closed_a_review_may_undo_it_for_ten_minutes_and_nothing_is_lost(store: Store) -> None:
    review = closed_by_the_owner(store)
    before = store.reviews.whole(review.id)
    again = store.reviews.undo_closing(review.id, author=later(10))
    assert store.reviews.all() == [again]
    now = store.reviews.whole(again.id)
    assert (now.review.sprint, now.closing, now.reviewed_by) == (review.sprint, None, ())
    assert now.opening is not None
    assert before.opening is not None
    assert replace(now.opening, id=before.opening.id, review_id=review.id) == before.opening  # by whom and when, too
    assert [each.text for each in now.remarks] == ["Fine"]
    assert [(each.kvi, each.confidence) for each in now.predictions] == [("nps", 70)]
    assert [each.text for each in now.decisions] == ["Answer chats first"]
    kept = store.reviews.whole(review.id)
    assert (kept.closing, kept.reviewed_by) == (before.closing, ("Care lead",))  # the undone closing is on record
    assert store.history.of("reviews", review.id)[-1].action == "closing undone"
    assert store.reviews.close(frozen(again), author=OWNER).review_id == again.id


def test_undoing_twice_by_one_click_undoes_once(store: Store) -> None:
    review = closed_by_the_owner(store)
    once = store.reviews.undo_closing(review.id, author=later(1, key="click"))
    assert store.reviews.undo_closing(review.id, author=later(1, key="click")) == once


def test_nobody_else_undoes_a_closing_and_nobody_later(store: Store) -> None:
    review = closed_by_the_owner(store)
    with pytest.raises(StoreError, match="the owner closed “Sprint 23” and may undo it"):
        store.reviews.undo_closing(review.id, author=COLLEAGUE)
    with pytest.raises(StoreError, match="more than 10 minutes ago"):
        store.reviews.undo_closing(review.id, author=later(11))
    with pytest.raises(StoreError, match="not closed"):
        store.reviews.undo_closing(a_review(store, sprint="Sprint 24").id, author=OWNER)


def test_who_closed_a_review_is_known_by_subject_and_not_by_name(store: Store) -> None:
    review = a_review(store)
    store.reviews.open(frozen(review), author=OWNER)
    store.reviews.close(frozen(review), author=replace(OWNER, subject="7"))
    with pytest.raises(StoreError, match="the owner closed “Sprint 23” and may undo it"):
        store.reviews.undo_closing(review.id, author=later(1, subject="8"))
    again = store.reviews.undo_closing(review.id, author=later(2, by="the owner, renamed", subject="7"))
    assert store.reviews.whole(again.id).closing is None
