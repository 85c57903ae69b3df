"""Comments: about one thing, changed by their author alone; and everybody the board knows by name."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kviboard.domain.people import Signature
from kviboard.errors import ConflictError, StoreError
from kviboard.store import Author, NewComment, NewDecision, Store
from tests.store.given import COLLEAGUE, MONDAY, OWNER, a_key_result, an_active_key_result, an_objective


def test_comments_stand_with_what_they_are_about_oldest_first(store: Store) -> None:
    key_result = an_active_key_result(store)
    decision = store.decisions.add(NewDecision(text="Call", owner="Care", due_on=date(2026, 11, 30)), author=OWNER)
    later = store.comments.add(NewComment(text="Why?", objective_id=key_result.objective_id), author=COLLEAGUE)
    first = store.comments.add(NewComment(text="How?", objective_id=key_result.objective_id), author=OWNER)
    below = store.comments.add(NewComment(text="@a colleague <b>⚡", key_result_id=key_result.id), author=OWNER)
    about = store.comments.add(NewComment(text="Done?", decision_id=decision.id), author=OWNER)
    assert store.comments.of("objective_id", [key_result.objective_id]) == [first, later]
    assert store.comments.of("key_result_id", [key_result.id, 99]) == [below]
    assert store.comments.of("decision_id", [decision.id]) == [about]
    assert store.comments.of("objective_id", []) == []
    assert {each.id for each in store.comments.all()} == {first.id, later.id, below.id, about.id}


def test_only_its_author_changes_a_comment_or_takes_it_away(store: Store) -> None:
    objective_id = an_active_key_result(store).objective_id
    said = store.comments.add(NewComment(text="Why?", objective_id=objective_id), author=OWNER)
    with pytest.raises(StoreError, match="the owner wrote this comment; only they"):
        store.comments.edit(replace(said, text="Because"), author=COLLEAGUE)
    with pytest.raises(StoreError, match="the owner wrote this comment; only they"):
        store.comments.archive(said, author=COLLEAGUE)
    changed = store.comments.edit(replace(said, text="Why not?"), author=OWNER)
    with pytest.raises(ConflictError, match="meanwhile"):
        store.comments.edit(replace(said, text="Why now?"), author=OWNER)
    store.comments.archive(changed, author=OWNER)
    assert store.comments.all() == []
    assert [entry.action for entry in store.history.of("comments", said.id)] == ["added", "changed", "archived"]


def test_one_click_says_it_once(store: Store) -> None:
    click = Author("the owner", MONDAY, "click 1")
    new = NewComment(text="Why?", objective_id=an_active_key_result(store).objective_id)
    assert store.comments.add(new, author=click) == store.comments.add(new, author=click)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"text": " ", "objective_id": 1}, "needs a text"),
        ({}, "about one objective, one key result or one decision"),
        ({"objective_id": 1, "key_result_id": 1}, "about one objective, one key result or one decision"),
    ],
)
def test_what_makes_no_sense_is_refused(store: Store, more: dict[str, Any], sentence: str) -> None:
    an_active_key_result(store)
    with pytest.raises(StoreError, match=sentence):
        store.comments.add(NewComment(**{"text": "Why?", **more}), author=OWNER)


def test_a_word_in_a_comment_is_found_where_somebody_is_to_be_forgotten(store: Store) -> None:
    said = store.comments.add(
        NewComment(text="C-1042 called", objective_id=an_active_key_result(store).objective_id), author=OWNER
    )
    assert f"comment {said.id}" in store.mentions(["c-1042"])


def test_whoever_owns_or_wrote_something_is_known(store: Store) -> None:
    assert store.people() == []
    objective = store.objectives.get(an_active_key_result(store).objective_id)
    gone = an_objective(store, store.cycles.all()[0], title="Gone", owner="Nobody's owner")
    store.objectives.archive(gone, author=COLLEAGUE)
    a_key_result(store, objective, title="Second", owner="Care lead")
    store.decisions.add(NewDecision(text="Call", owner="Sales", due_on=date(2026, 11, 30)), author=OWNER)
    assert sorted(store.people()) == ["Care lead", "Sales", "a colleague", "the owner"]


BO, OTHER_BO = replace(OWNER, by="Bo", subject="7"), replace(COLLEAGUE, by="Bo", subject="8")


def test_of_two_people_of_one_name_each_changes_what_they_said_also_when_renamed(store: Store) -> None:
    said = store.comments.add(NewComment(text="Why?", objective_id=an_active_key_result(store).objective_id), author=BO)
    with pytest.raises(StoreError, match="Bo wrote this comment; only they"):
        store.comments.edit(replace(said, text="Because"), author=OTHER_BO)
    changed = store.comments.edit(replace(said, text="Why not?"), author=replace(BO, by="Bo Berg"))
    assert (changed.created_by, changed.changed_by, changed.text) == ("Bo", "Bo Berg", "Why not?")
    assert store.comments.edit(replace(changed, text="So?"), author=replace(BO, subject=None)).text == "So?"
    entries = store.history.of("comments", said.id)
    assert [entry.created_by_subject for entry in entries] == ["7", "7", None]
    assert store.signatures() == [Signature("Bo", "7"), Signature("Bo Berg", "7")]


def test_what_was_said_before_anybody_signed_in_is_told_by_name(store: Store) -> None:
    said = store.comments.add(
        NewComment(text="Why?", objective_id=an_active_key_result(store).objective_id), author=OWNER
    )
    with pytest.raises(StoreError, match="the owner wrote this comment; only they"):
        store.comments.archive(said, author=BO)
    assert store.comments.archive(said, author=replace(BO, by="The  owner")).archived_at == MONDAY
