"""Closing the loop on Voice, without a browser: taken up, settled, refused to those without the right."""

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from kviboard.domain.access import Person
from kviboard.errors import NotAllowedError
from kviboard.store import Store
from kviboard.ui import access, personal, session
from kviboard.ui.voice import loop
from tests.pages.drawn import words
from tests.pages.okrs.shop import Visitor, store_of, visiting

ANSWER = "R98-3"  # 9 April 2026, the day before the data ends: score 2


@pytest.fixture
def store(shop: Path) -> Store:
    return store_of(shop)


def test_an_answer_is_taken_up_once_and_what_came_of_it_is_noted(store: Store) -> None:
    visitor = Visitor("voice", person="Care lead", show="loop", range="all")
    assert f"of={ANSWER}" in words(visitor.app)
    assert "of=R12-2" not in words(visitor.app)  # a detractor's as well, of January
    visitor.go(show="loop", range="all", do="take_up", of=ANSWER)
    assert visitor.field("due_on").value == date(2026, 4, 14)  # two working days after the data's last day, a Friday
    visitor.type(owner="Bo")
    visitor.press("Save")
    assert "Bo calls, by 14 Apr 2026." in visitor.told
    (made,) = store.follow_ups.all()
    assert (made.response_id, made.owner, made.created_by) == (ANSWER, "Bo", "Care lead")
    visitor.go(show="loop", range="all")
    assert "1 answer of customers waits for a call." in words(visitor.app)
    assert f"of={ANSWER}" not in words(visitor.app)
    visitor.go(show="loop", do="settle_follow_up", of=str(made.id))
    visitor.press("Save")
    assert any("Say what came of it" in str(each.value) for each in visitor.app.error)
    visitor.type(outcome="solved", note="Sent a new one")
    visitor.press("Save")
    (done,) = store.follow_ups.all()
    assert (done.state, done.outcome, done.note) == ("done", "solved", "Sent a new one")


def test_it_says_of_how_many_answers_the_newest_are_shown(
    sample_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visiting(monkeypatch, sample_workspace)
    shown = words(Visitor("voice", show="loop").app).replace("\u00a0", " ")
    sql = """select count(*) from responses semi join customers using (customer_id)
        where score <= 6 and day between '2026-09-30' and '2026-10-31' and not list_contains($taken, response_id)"""
    taken = [each.response_id for each in store_of(sample_workspace).follow_ups.all()]
    untaken = int(session.board().reader.frame(sql, {"taken": taken}).to_numpy()[0, 0])
    assert untaken > 15
    assert f"The newest 15 of {untaken} of the last 31 days." in shown


@pytest.mark.parametrize(
    ("read", "matching", "known", "shown", "said"),
    [
        ("abc", 3, "", 3, "All 3 of the last 31 days, the newest first."),
        ("abc", 3, "bx", 2, "All 2 of the last 31 days, the newest first."),
        ("abcd", 4, "b", 2, "The newest 2 of 3 of the last 31 days."),
        ("abcd", 2000, "bx", 2, "The newest 2 of at least 1,998 of the last 31 days."),
    ],
)
def test_not_all_answers_are_read_to_say_how_many_wait(
    read: str, matching: int, known: str, shown: int, said: str
) -> None:
    found = pd.DataFrame({"response_id": list(read), "matching": matching})
    assert loop._how_many(found, set(known), shown) == said


def test_an_answer_that_is_gone_is_said(shop: Path) -> None:
    visitor = Visitor("voice", person="Care lead", show="loop", do="take_up", of="R0-0")
    assert any("not in the exports any more" in str(each.value) for each in visitor.app.error)


def test_a_comment_is_quoted_in_a_review_and_taken_back(own_sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    visiting(monkeypatch, own_sample)
    store = store_of(own_sample)
    visitor = Visitor("voice", person="Ann", show="comments", said_by="detractor")
    link = re.search(r"do=quote&(?:amp;)?of=([\w-]+)", words(visitor.app))
    assert link
    visitor.go(show="comments", do="quote", of=link[1])
    visitor.press("Quote it")
    assert "Quoted in the review of Sprint 38." in visitor.told
    (made,) = store.quotes.all()
    assert (made.response_id, made.created_by) == (link[1], "Ann")
    visitor.go(show="comments", said_by="detractor")
    assert "quoted in Sprint 38" in words(visitor.app)
    review = Visitor("sprint_review", person="Ann", sprint="sprint-38")
    assert "chosen by Ann" in words(review.app)
    review.go(sprint="sprint-38", do="drop_quote", of=str(made.id))
    review.press("Take it back")
    assert store.quotes.all() == []


@pytest.mark.parametrize(
    ("role", "sees_customers", "why"),
    [
        ("admin", False, "only people who may see customers by name"),
        ("viewer", True, "only an editor may"),
    ],
)
def test_the_save_is_refused_to_whoever_lost_the_right_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch, role: str, sees_customers: bool, why: str
) -> None:
    visitor = Visitor("voice", person="Care lead", show="loop", range="all", do="take_up", of=ANSWER)
    visitor.type(owner="Bo")
    person = Person("Vera", "vera", role, sees_customers)
    for module in (access, personal):
        monkeypatch.setattr(module, "visitor", lambda: person)
    with pytest.raises(NotAllowedError, match=why):
        access.permit("follow_up")
    (button,) = [button for button in visitor.app.button if button.label == "Save"]
    button.click().run()
    assert store.follow_ups.all() == []
