"""Follow-ups: an answer is taken up once, done with its outcome or dropped with its reason, and forgotten on demand."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kviboard.errors import ConflictError, StoreError
from kviboard.store import Author, FollowUp, NewFollowUp, Store
from tests.store.given import COLLEAGUE, MONDAY, OWNER

ANSWERED, DUE = date(2026, 10, 30), date(2026, 11, 3)


def taken_up(store: Store, response_id: str = "r1", **more: Any) -> FollowUp:
    wanted = {"answered_on": ANSWERED, "band": "detractor", "owner": "Care lead", "due_on": DUE, **more}
    return store.follow_ups.add(NewFollowUp(response_id=response_id, **wanted), author=OWNER)


def test_it_goes_from_open_to_done_and_back(store: Store) -> None:
    opened = taken_up(store)
    assert (opened.state, opened.outcome, opened.done_on, opened.note) == ("open", None, None, "")
    done = store.follow_ups.settle(opened, "done", "solved", DUE, " Refunded ", author=COLLEAGUE)
    assert (done.state, done.outcome, done.done_on, done.note) == ("done", "solved", DUE, "Refunded")
    again = store.follow_ups.settle(done, "open", None, None, "", author=COLLEAGUE)
    assert again.state == "open"
    assert [entry.action for entry in store.history.of("follow_ups", opened.id)] == ["added", "done", "open"]


def test_two_people_do_not_take_up_one_answer(store: Store) -> None:
    first = taken_up(store)
    with pytest.raises(StoreError, match="taken this answer up already"):
        taken_up(store)
    store.follow_ups.archive(first, author=OWNER)
    assert taken_up(store).id != first.id


def test_the_second_to_settle_is_told_who_was_first(store: Store) -> None:
    opened = taken_up(store)
    store.follow_ups.settle(opened, "done", "talked", DUE, "", author=COLLEAGUE)
    with pytest.raises(ConflictError, match="a colleague"):
        store.follow_ups.settle(opened, "dropped", None, None, "left us", author=OWNER)


def test_one_click_saves_once(store: Store) -> None:
    click = Author("the owner", MONDAY, "click 1")
    new = NewFollowUp(response_id="r1", answered_on=ANSWERED, band="passive", owner="Care lead", due_on=DUE)
    assert store.follow_ups.add(new, author=click) == store.follow_ups.add(new, author=click)


@pytest.mark.parametrize(
    ("state", "outcome", "done_on", "note", "sentence"),
    [
        ("done", None, DUE, "", "needs its outcome and its day"),
        ("done", "talked", None, "", "needs its outcome and its day"),
        ("open", "talked", DUE, "", "needs its outcome and its day"),
        ("done", "sang", DUE, "", "one of those the board knows"),
        ("done", "talked", date(2026, 10, 29), "", "before the customer answered"),
        ("dropped", None, None, "  ", "needs a reason"),
        ("lost", None, None, "", "open, done or dropped"),
    ],
)
def test_the_store_refuses_what_makes_no_sense(
    store: Store, state: str, outcome: str | None, done_on: date | None, note: str, sentence: str
) -> None:
    opened = taken_up(store)
    with pytest.raises(StoreError, match=sentence):
        store.follow_ups.settle(opened, state, outcome, done_on, note, author=OWNER)
    assert store.follow_ups.get(opened.id) == opened


@pytest.mark.parametrize(("field", "value"), [("owner", " "), ("band", "fan")])
def test_an_owner_and_a_band_are_needed(store: Store, field: str, value: str) -> None:
    with pytest.raises(StoreError):
        taken_up(store, **{field: value})


def test_what_is_forgotten_leaves_a_number_and_no_word(store: Store, tmp_path: Path) -> None:
    kept, gone = taken_up(store, "r1"), taken_up(store, "answer-zq-9")
    store.follow_ups.settle(gone, "done", "talked", DUE, "the vlotte bezorger", author=COLLEAGUE)
    assert store.follow_ups.forget({"answer-zq-9", "r77"}) == 1
    assert store.follow_ups.forget(set()) == 0
    assert store.mentions(["answer-zq-9", "vlotte"]) == []
    left = store.follow_ups.get(gone.id)
    assert (left.response_id, left.note, left.outcome, left.state) == ("", "", "talked", "done")
    assert store.follow_ups.get(kept.id) == kept
    changes = store.history.of("follow_ups", gone.id)
    assert [entry.action for entry in changes] == ["added", "done"]
    with pytest.raises(StoreError):  # the audit is only added to again
        store.follow_ups.edit(replace(kept, owner=""), author=OWNER)
    store.export_json(tmp_path / "board.json")
    assert "vlotte" not in (tmp_path / "board.json").read_text(encoding="utf-8")
