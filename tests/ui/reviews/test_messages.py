"""What a meeting hears: messages made by hand, with values that no form of ours sends, are refused in words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kviboard.board.context import BoardContext
from kviboard.board.reviews.meeting import begin_review
from kviboard.board.reviews.polls import ask
from kviboard.board.reviews.sprints import reviewed_sprints
from kviboard.domain.access import Role, allowed
from kviboard.errors import StoreError
from kviboard.store import Author
from kviboard.ui.reviews.presentation import meeting
from kviboard.ui.reviews.presentation.forms import FORMS, MeetingContext, form_fields
from tests.board.conftest import context, tiny_board, warehouses  # noqa: F401  # fixtures
from tests.clocks import on_clocks_of

HUGE = "9" * 5_000
ODD: tuple[Any, ...] = (
    "", HUGE, f"-{HUGE}", "1e400", "nan", "inf", "²", "٣", "-1", "1.5", "\x00", "\ud800", "\u202eevil", "x" * 100_000,
    "<script>alert(1)</script>", "0001-01-01", "9999-12-31", "2026-02-30", None, True, 7, -7, 1e308, [], {}, [HUGE],
    f"reveal:{HUGE}", "take:²", f"ask:key_result:{HUGE}", "ask:kvi:no such", "ask:", "reveal:7",
)  # fmt: skip
FIELDS = {
    "remark": ["text"],
    "goal": ["goal", "key_results"],
    "prediction": ["kvi", "lower", "upper", "confidence", "because"],
    "poll": ["next"],
    "settle": ["decision", "due_on", "state", "outcome"],
    "decision": ["text", "kind", "owner", "due_on", "kvi", "quote"],
}
SOUND = {
    "goal": {"goal": "Customers find help"},
    "prediction": {"kvi": "turnover", "lower": "1", "confidence": "70"},
    "settle": {"decision": "1", "state": "moved", "due_on": "2026-03-20", "outcome": "Later"},
    "decision": {"text": "Ask them", "kind": "decision", "owner": "Care", "due_on": "2026-03-20"},
}


def author(once: str = "") -> Author:
    return Author("Chair", datetime(2026, 2, 2, 9, tzinfo=UTC), once)


@pytest.fixture
def held(context: BoardContext) -> MeetingContext:  # noqa: F811
    """The opening of Sprint 3, in which one decision was made."""
    sprint = next(each for each in reviewed_sprints(context.board, context.store) if each.sprint.name == "Sprint 3")
    review = begin_review(context, sprint, author=author())
    page: Any = SimpleNamespace(context=context, zone=ZoneInfo("UTC"))
    found = MeetingContext(page, context.store.reviews.whole(review.id), "opening")
    FORMS["decision"](found, "decisions", SOUND["decision"], author("first"))
    return found


@pytest.mark.parametrize(("asks", "field"), [(asks, field) for asks, fields in FIELDS.items() for field in fields])
def test_odd_values_are_refused_in_words_or_kept_as_text(held: MeetingContext, asks: str, field: str) -> None:
    for number, odd in enumerate(ODD):
        values = SOUND.get(asks, {}) | {field: odd}
        try:
            told = FORMS[asks](held, "step", values, author(f"{asks}-{field}-{number}"))
        except StoreError as error:
            told = str(error)
        assert told, odd


def test_the_chair_is_told_before_anybody_predicts_that_the_sprint_is_over(
    held: MeetingContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On its last day nothing is said; from the next on beside each button, for the closing never."""
    monkeypatch.setattr("kviboard.ui.reviews.presentation.forms.may", lambda _: True)
    monkeypatch.setattr("kviboard.ui.reviews.presentation.forms.key_results_to_choose", lambda _: {})
    steps: Any = [SimpleNamespace(asks=asks) for asks in ("prediction", "poll", "freeze")]
    said = "The sprint is over: what is predicted now will not count."
    last = datetime.combine(held.record.review.ends_on, datetime.max.time(), tzinfo=UTC)
    for moment, act, is_told in ((last, "opening", False), (last + timedelta(1), "opening", True),
                                 (last + timedelta(1), "closing", False)):  # fmt: skip
        on_clocks_of(monkeypatch, moment)
        made = form_fields(replace(held, act=act), steps)
        assert [made[step.asks]["hint"] == said for step in steps] == [is_told] * 3, (moment, act)


def test_a_day_that_is_none_is_said(held: MeetingContext) -> None:
    for asks in ("settle", "decision"):
        with pytest.raises(StoreError, match="The day is none: choose it from the calendar"):
            FORMS[asks](held, "step", SOUND[asks] | {"due_on": "2026-02-30"}, author("day"))
    assert [each.due_on for each in held.page.context.store.decisions.all("open")] == [date(2026, 3, 20)]


@pytest.mark.parametrize("message", ["text", ["list"], 7, {"asks": "goal"}, {"once": "1", "asks": "goal", "by": "A"}])
def test_a_message_that_is_none_saves_nothing(
    held: MeetingContext, monkeypatch: pytest.MonkeyPatch, message: object
) -> None:
    answers: dict[str, Any] = {}
    state = {"meeting": SimpleNamespace(said=message), "meeting-answers": answers}
    monkeypatch.setattr("streamlit.session_state", state)
    monkeypatch.setattr("kviboard.ui.served.workspace", lambda: held.page.context.board.workspace)
    before = held.page.context.store.history.newest()
    meeting._hear(held)
    refused = {"ok": False, "text": "Not saved: reload the page and try again."}
    assert all(answer == refused for answer in answers.values())
    assert len(answers) == isinstance(message, dict)
    assert held.page.context.store.history.newest() == before


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("viewer", {"poll"}),
        ("editor", {"remark", "goal", "prediction", "settle", "decision", "poll"}),
        ("chair", {"remark", "goal", "prediction", "settle", "decision", "poll", "freeze"}),
    ],
)
def test_a_form_is_offered_to_those_only_who_may_save_it(
    held: MeetingContext, monkeypatch: pytest.MonkeyPatch, role: Role, offered: set[str]
) -> None:
    steps: Any = [SimpleNamespace(asks=asks) for asks in (*FIELDS, "freeze")]
    monkeypatch.setattr("kviboard.ui.reviews.presentation.forms.may", lambda permission: allowed(role, permission))
    monkeypatch.setattr("kviboard.ui.reviews.presentation.forms.address_of", lambda page: f"https://a.example/{page}")
    assert form_fields(held, steps).keys() == offered - ({"poll"} if role != "chair" else set())
    ask(held.page.context, held.record.review, "kvi:turnover", author=author("ask"))
    asked = replace(held, record=held.page.context.store.reviews.whole(held.record.review.id))
    forms = form_fields(asked, steps)
    assert forms.keys() == offered
    assert forms["poll"]["join"]["address"] == "a.example/meeting"  # where phones answer is shown to all
    assert bool(forms["poll"].get("label")) == (role == "chair")


def test_what_is_no_number_is_repeated_in_part_only(held: MeetingContext) -> None:
    values = SOUND["prediction"] | {"lower": "x" * 100_000}
    with pytest.raises(StoreError, match=f"“{'x' * 60}…” is not a number") as refusal:
        FORMS["prediction"](held, "step", values, author("long"))
    assert len(str(refusal.value)) < 500
