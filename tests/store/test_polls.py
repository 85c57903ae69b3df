"""What everybody in a meeting is asked: unseen until it is revealed, changed until then, named only by a sign-in."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kviboard.errors import ConflictError, NotAllowedError, StoreError
from kviboard.store import NewFrozenMeeting, NewPoll, NewReview, Poll, PollAnswer, Review, Store
from tests.store.given import COLLEAGUE, OWNER

UP, DOWN = PollAnswer(change=Decimal("2.5"), confidence=70), PollAnswer(change=Decimal(-1), confidence=50)


@pytest.fixture
def review(store: Store) -> Review:
    new = NewReview(sprint="Sprint 1", starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 14))
    return store.reviews.add(new, author=OWNER)


@pytest.fixture
def poll(store: Store, review: Review) -> Poll:
    return store.polls.add(NewPoll(review_id=review.id, asks="change", kvi="nps"), author=OWNER)


def test_answers_are_seen_by_nobody_before_they_are_revealed(store: Store, poll: Poll) -> None:
    store.polls.answer(poll.id, UP, "a")
    store.polls.answer(poll.id, DOWN, "b")
    assert store.polls.count(poll.id) == 2
    with pytest.raises(StoreError, match="Nobody sees the answers"):
        store.polls.answers_of(poll.id)
    assert [each.id for each in store.polls.running()] == [poll.id]
    revealed = store.polls.reveal(poll, author=OWNER)
    assert revealed.revealed_at == OWNER.at
    assert store.polls.answers_of(poll.id) == [DOWN, UP]
    assert store.polls.running() == []


def test_a_browser_has_one_answer_which_it_may_change_until_then(store: Store, poll: Poll) -> None:
    for answer in (UP, DOWN, replace(UP, because="Calls")):
        store.polls.answer(poll.id, answer, "a")
    assert store.polls.own(poll.id, "a") == replace(UP, because="Calls")
    assert store.polls.own(poll.id, "b") is None
    assert store.polls.count(poll.id) == 1
    store.polls.reveal(poll, author=OWNER)
    with pytest.raises(StoreError, match="revealed"):
        store.polls.answer(poll.id, DOWN, "a")
    store.polls.say_why(poll.id, "More calls", "a")
    assert store.polls.answers_of(poll.id) == [replace(UP, because="More calls")]
    with pytest.raises(StoreError, match="did not answer"):
        store.polls.say_why(poll.id, "No", "b")


def test_nothing_is_revealed_without_answers_or_twice(store: Store, poll: Poll) -> None:
    with pytest.raises(StoreError, match="Nobody has answered yet"):
        store.polls.reveal(poll, author=OWNER)
    store.polls.answer(poll.id, UP, "a")
    store.polls.reveal(poll, author=OWNER)
    with pytest.raises(ConflictError):
        store.polls.reveal(poll, author=COLLEAGUE)


def test_a_question_is_taken_back_until_somebody_answers(store: Store, review: Review, poll: Poll) -> None:
    gone = store.polls.archive(poll, author=OWNER)
    assert gone.archived_at == OWNER.at
    assert (store.polls.running(), store.reviews.whole(review.id).polls) == ([], ())
    with pytest.raises(StoreError, match="was taken back"):
        store.polls.answer(poll.id, UP, "a")
    again = store.polls.add(NewPoll(review_id=review.id, asks="change", kvi="nps"), author=OWNER)
    store.polls.answer(again.id, UP, "a")
    with pytest.raises(StoreError, match="Somebody has answered already"):
        store.polls.archive(again, author=OWNER)
    store.polls.reveal(again, author=OWNER)
    assert store.polls.answers_of(again.id) == [UP]


@pytest.mark.parametrize(
    ("asks", "kvi", "sentence"),
    [
        ("change", None, "one KVI or one key result"),
        ("confidence", "nps", "one KVI or one key result"),
        ("mood", None, "change or for confidence"),
    ],
)
def test_a_poll_is_about_one_thing(store: Store, review: Review, asks: str, kvi: str | None, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        store.polls.add(NewPoll(review_id=review.id, asks=asks, kvi=kvi), author=OWNER)


def test_each_kvi_is_asked_about_once_and_nothing_after_the_opening(store: Store, review: Review, poll: Poll) -> None:
    with pytest.raises(StoreError, match="asked this already"):
        store.polls.add(NewPoll(review_id=review.id, asks="change", kvi="nps"), author=COLLEAGUE)
    store.reviews.open(NewFrozenMeeting(review_id=review.id, document={}), author=OWNER)
    with pytest.raises(StoreError, match="opened “Sprint 1”"):
        store.polls.add(NewPoll(review_id=review.id, asks="change", kvi="dau"), author=OWNER)
    sure = store.polls.add(NewPoll(review_id=review.id, asks="confidence"), author=OWNER)
    assert [each.asks for each in store.reviews.whole(review.id).polls] == ["change", "confidence"]
    store.reviews.close(NewFrozenMeeting(review_id=review.id, document={}), author=OWNER)
    again = store.reviews.undo_closing(review.id, author=OWNER)
    assert [each.id for each in store.reviews.whole(again.id).polls] == [poll.id, sure.id]


def test_no_table_tells_who_answered_or_when(store: Store, poll: Poll, tmp_path: Path) -> None:
    """Every table of the store is read: where nobody signs in, one row is new and leads to no person."""
    before = _tables(store, tmp_path / "before.json")
    store.polls.answer(poll.id, replace(UP, because="More calls"), "the secret of a browser")
    after = _tables(store, tmp_path / "after.json")
    assert {name for name in after if after[name] != before[name]} == {"poll_answers"}
    (answer,) = after["poll_answers"]
    assert answer.keys() == {"browser", "poll_id", "by", "change", "confidence", "because"}
    assert answer["by"] is None
    assert "secret" not in json.dumps(after)


def test_answering_is_for_viewers_and_asking_and_revealing_for_chairs(store: Store, review: Review, poll: Poll) -> None:
    asked: list[str] = []

    def refuse(act: str) -> None:
        asked.append(act)
        if act in ("answer", "review"):
            raise NotAllowedError(f"Not done: {act}.")

    store.polls.answer(poll.id, UP, "a")
    store.guard(refuse)
    for verb in (
        lambda: store.polls.answer(poll.id, DOWN, "b"),
        lambda: store.polls.say_why(poll.id, "x", "a"),
        lambda: store.polls.reveal(poll, author=OWNER),
        lambda: store.polls.archive(poll, author=OWNER),
        lambda: store.polls.add(NewPoll(review_id=review.id, asks="change", kvi="dau"), author=OWNER),
    ):
        with pytest.raises(NotAllowedError):
            verb()
    assert asked == ["answer", "answer", "review", "review", "write", "review"]
    assert store.polls.count(poll.id) == 1
    assert store.polls.get(poll.id).revealed_at is None


def _tables(store: Store, file: Path) -> dict[str, list[dict[str, object]]]:
    store.export_json(file)
    found: dict[str, list[dict[str, object]]] = json.loads(file.read_text(encoding="utf-8"))["tables"]
    return found
