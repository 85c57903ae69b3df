"""One door: whatever is saved asks whether the person who acts may, and a refusal leaves nothing behind."""

import inspect
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from kviboard.domain.access import ROLES, Permission, Person, Role, may_do, refusal
from kviboard.domain.outside_in.check import QUESTIONS, Answer
from kviboard.errors import NotAllowedError
from kviboard.store import (
    FollowUp,
    NewCheckRound,
    NewFollowUp,
    NewFrozenMeeting,
    NewPoll,
    NewQuote,
    NewReview,
    PollAnswer,
    Store,
    open_store,
)
from tests.store.given import MONDAY, OWNER, a_cycle


@pytest.fixture
def store(tmp_path: Path, empty_file: Path) -> Iterator[Store]:
    opened = open_store(shutil.copy(empty_file, tmp_path / "board.sqlite"))
    yield opened
    opened.close()


def acting(store: Store, role: Role | None, sees_customers: bool = True) -> None:
    """From now on somebody with this role acts."""
    person = Person("Bo", "bo", role, sees_customers)

    def permit(act: Permission) -> None:
        if not may_do(person, act):
            raise NotAllowedError(refusal(person, act))

    store.guard(permit)


def review(store: Store) -> int:
    return store.reviews.add(
        NewReview(sprint="Sprint 1", starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 14)), author=OWNER
    ).id


def a_follow_up(store: Store, response_id: str = "r1") -> FollowUp:
    new = NewFollowUp(
        response_id=response_id, answered_on=date(2026, 10, 1), band="detractor", owner="Care", due_on=date(2026, 10, 5)
    )
    return store.follow_ups.add(new, author=OWNER)


SAVES: dict[str, tuple[set[Role], Callable[[Store, int], object]]] = {
    "a cycle": (
        {"editor", "chair", "admin"},
        lambda store, _: a_cycle(store, "Q1 2027"),
    ),
    "a draft": (
        {"editor", "chair", "admin"},
        lambda store, _: store.drafts.keep("objective 1", {"title": "x"}, at=MONDAY, by="the owner"),
    ),
    "a follow-up": (
        {"editor", "chair", "admin"},
        lambda store, _: a_follow_up(store),
    ),
    "a quote": (
        {"editor", "chair", "admin"},
        lambda store, held: store.quotes.add(NewQuote(review_id=held, response_id="r1"), author=OWNER),
    ),
    "a poll": (
        {"chair", "admin"},
        lambda store, held: store.polls.add(NewPoll(review_id=held, asks="confidence"), author=OWNER),
    ),
    "an opening": (
        {"chair", "admin"},
        lambda store, held: store.reviews.open(NewFrozenMeeting(review_id=held, document={}), author=OWNER),
    ),
    "a note about exports": (
        {"admin"},
        lambda store, _: store.history.note("refreshed", {"version": "1"}, author=OWNER),
    ),
}


@pytest.mark.parametrize("what", SAVES)
@pytest.mark.parametrize("role", [*ROLES, None])
def test_each_role_saves_what_it_may_and_nothing_else(store: Store, role: Role | None, what: str) -> None:
    may, save = SAVES[what]
    held, before = review(store), store.history.newest()
    acting(store, role)
    if role in may:
        save(store, held)
        assert what == "a draft" or store.history.newest() == before + 1
    else:
        with pytest.raises(NotAllowedError, match=r"^Not done: only an? "):
            save(store, held)
        assert store.history.newest() == before
        assert store.drafts.get("objective 1", "the owner") is None


def test_follow_ups_are_for_those_who_may_see_customers(store: Store) -> None:
    taken_up, before = a_follow_up(store), store.history.newest()
    acting(store, "admin", sees_customers=False)
    for save in (
        lambda: a_follow_up(store, "r2"),
        lambda: store.follow_ups.settle(taken_up, "done", "talked", date(2026, 10, 2), "", author=OWNER),
        lambda: store.follow_ups.archive(taken_up, author=OWNER),
    ):
        with pytest.raises(NotAllowedError, match="only people who may see customers by name"):
            save()
    assert store.history.newest() == before
    a_cycle(store, "Q1 2027")  # all else they may


def test_whoever_may_look_answers_and_nobody_else(store: Store) -> None:
    poll = store.polls.add(NewPoll(review_id=review(store), asks="confidence"), author=OWNER)
    held = store.check_rounds.add(NewCheckRound(name="Spring", closes_on=date(2099, 1, 1)), author=OWNER)
    said, graded = PollAnswer(change=None, confidence=3), Answer(dict.fromkeys(QUESTIONS, 3), None, "")
    acts = (
        lambda browser: store.polls.answer(poll.id, said, browser),
        lambda browser: store.polls.say_why(poll.id, "Because", browser),
        lambda browser: store.check_rounds.answer(held.id, graded, browser, MONDAY.date()),
    )
    for role in ROLES:
        acting(store, role, sees_customers=False)
        for answer in acts:
            answer(role)
    acting(store, None)
    for answer in acts:
        with pytest.raises(NotAllowedError):
            answer("nobody")
    assert store.polls.count(poll.id) == len(store.check_rounds.answers_of(held.id)) == len(ROLES)


def test_an_import_is_for_admins(store: Store, tmp_path: Path, empty_file: Path) -> None:
    a_cycle(store)
    store.export_json(tmp_path / "okrs.json")
    other = open_store(shutil.copy(empty_file, tmp_path / "other.sqlite"))
    acting(other, "chair")
    with pytest.raises(NotAllowedError):
        other.import_json(tmp_path / "okrs.json")
    acting(other, "admin")
    assert other.import_json(tmp_path / "okrs.json") > 0
    other.close()


def test_every_verb_that_saves_asks_first(store: Store) -> None:
    """Also those to come: whatever takes an author is called, and must refuse before it looks at what it was given."""
    acting(store, None)
    verbs = [
        (group, name, method)
        for group, part in vars(store).items()
        if type(part).__module__.startswith("kviboard.store") and not group.startswith("_")
        for name, method in inspect.getmembers(part, inspect.ismethod)
        if not name.startswith("_") and {"by", "at", "author"} & inspect.signature(method).parameters.keys()
    ]
    assert len(verbs) > 30
    reads = {("drafts", "get")}
    for group, name, method in verbs:
        if (group, name) not in reads:
            needed = [p for p in inspect.signature(method).parameters.values() if p.default is p.empty]
            with pytest.raises(NotAllowedError):
                method(**{parameter.name: MagicMock() for parameter in needed})
