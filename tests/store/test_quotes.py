"""Quotes: an answer is chosen once in a review, goes on in one opened again, and is forgotten on demand."""

from datetime import date

import pytest

from kviboard.errors import StoreError
from kviboard.store import NewFrozenMeeting, NewQuote, NewReview, Quote, Review, Store
from tests.store.given import COLLEAGUE, OWNER


@pytest.fixture
def review(store: Store) -> Review:
    return a_review(store, "Sprint 23")


def a_review(store: Store, sprint: str) -> Review:
    days = {"starts_on": date(2026, 11, 2), "ends_on": date(2026, 11, 15)}
    return store.reviews.add(NewReview(sprint=sprint, **days), author=OWNER)


def quoted(store: Store, review: Review, response_id: str = "r1") -> Quote:
    return store.quotes.add(NewQuote(review_id=review.id, response_id=response_id), author=OWNER)


def closed(store: Store, review: Review) -> None:
    frozen = NewFrozenMeeting(review_id=review.id, document={})
    store.reviews.open(frozen, author=OWNER)
    store.reviews.close(frozen, ["Care lead"], author=OWNER)


def test_an_answer_is_quoted_once_in_a_review_until_it_is_taken_back(store: Store, review: Review) -> None:
    first, second = quoted(store, review), quoted(store, review, "r2")
    with pytest.raises(StoreError, match="quoted in that review already"):
        quoted(store, review)
    elsewhere = quoted(store, a_review(store, "Sprint 24"))
    assert store.quotes.all() == [first, second, elsewhere]
    assert store.reviews.whole(review.id).quotes == (first, second)
    store.quotes.archive(first, author=COLLEAGUE)
    assert store.reviews.whole(review.id).quotes == (second,)
    assert quoted(store, review).id > second.id


def test_what_is_closed_takes_no_quote_and_gives_none_back(store: Store, review: Review) -> None:
    kept = quoted(store, review)
    closed(store, review)
    with pytest.raises(StoreError, match="closed “Sprint 23”"):
        quoted(store, review, "r2")
    with pytest.raises(StoreError, match="closed “Sprint 23”"):
        store.quotes.archive(kept, author=OWNER)
    again = store.reviews.undo_closing(review.id, author=OWNER)
    assert [each.response_id for each in store.reviews.whole(again.id).quotes] == ["r1"]


def test_what_is_forgotten_leaves_a_number_and_no_word(store: Store, review: Review) -> None:
    kept, gone = quoted(store, review), quoted(store, review, "answer-zq-9")
    assert store.quotes.forget({"answer-zq-9", "r77"}) == 1
    assert store.quotes.forget(set()) == 0
    assert store.mentions(["answer-zq-9"]) == []
    assert store.quotes.all() == [kept]
    assert store.quotes.get(gone.id).response_id == ""
