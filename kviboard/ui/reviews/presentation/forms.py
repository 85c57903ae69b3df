"""What can be typed on the big screen: the fields of each form and what saves them.

The fields are drawn in the browser; values arrive as text, as from any form, and are checked again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import quote

import segno

from kviboard.board.kvis.did_it_work import name_of
from kviboard.board.numbers import read_number
from kviboard.board.reviews.document import MeetingName
from kviboard.board.reviews.meeting import (
    DecisionForm,
    PredictionForm,
    closing_question,
    decide,
    freeze,
    meeting_is_over,
    move,
    remark,
    save_goal,
    save_prediction,
    settle,
)
from kviboard.board.reviews.polls import ask, median_in_words, reveal, take_back, take_median
from kviboard.board.reviews.quotes import words_to_answer
from kviboard.board.reviews.sprints import TOO_LATE, slug_of
from kviboard.board.wording.coaching import coached_objective
from kviboard.documents.blocks import Step
from kviboard.domain.access import Permission
from kviboard.domain.formatting import format_day
from kviboard.domain.reviews.blind import CONFIDENCES
from kviboard.errors import StoreError
from kviboard.store import Author, Poll, Review, ReviewRecord
from kviboard.ui.access import may
from kviboard.ui.forms.fields import as_day
from kviboard.ui.page import address_of
from kviboard.ui.reviews.page import ReviewPage, key_results_to_choose

_EVEN_SO = "even_so"
_MOST_DIGITS = 9  # of the number of a row
Values = Mapping[str, Any]
Field = dict[str, Any]


@dataclass(frozen=True)
class MeetingContext:
    """The meeting under way: its page, the review as it is in the store, and the act that is held."""

    page: ReviewPage
    record: ReviewRecord
    act: MeetingName

    @property
    def name(self) -> str:
        """What tells this meeting from all others."""
        return f"{self.record.review.id}-{self.act}"


def form_fields(meeting: MeetingContext, steps: Sequence[Step]) -> dict[str, dict[str, Any]]:
    """The forms of a meeting by what their step asks: label of the button, fields; none once the act is frozen, and
    none that the visitor may not save."""
    if meeting_is_over(meeting.record, meeting.act):
        return {}
    asked = {"remark", *(step.asks for step in steps)}
    made = {
        name: make(meeting) if may(_NEEDS.get(name, "write")) else {} for name, make in _MAKERS.items() if name in asked
    }
    if "poll" in made and not made["poll"] and _running(meeting):
        made["poll"] = {"join": _join(meeting.record.review), "fields": []}
    return {name: form for name, form in made.items() if form}


def _remark_form(meeting: MeetingContext) -> dict[str, Any]:
    field = {"name": "text", "label": "Note on this step", "kind": "lines", "rows": 2, "placeholder": "N to write"}
    return {"label": "Save", "hint": "Enter saves", "fields": [field]}


def _goal_form(meeting: MeetingContext) -> dict[str, Any]:
    options = [(str(number), title) for number, title in key_results_to_choose(meeting.page).items()]
    chosen = [str(number) for number in meeting.record.review.goal_key_results]
    fields: list[Field] = [
        {
            "name": "goal", "label": "Goal: what changes for the customer", "kind": "lines", "rows": 3,
            "value": meeting.record.review.goal,
            "better": coached_objective(meeting.page.context, meeting.record.review.goal).rewrite,
        },
        {
            "name": "key_results", "label": "Key results it should move", "kind": "many", "options": options,
            "value": chosen,
        },
    ]  # fmt: skip
    return {"label": "Save the goal", "hint": "Ctrl+Enter saves", "fields": fields}


def _prediction_form(meeting: MeetingContext) -> dict[str, Any]:
    kvis = [("", "Choose a KVI"), *((name, kvi.title) for name, kvi in meeting.page.context.board.kvis.items())]
    sure = [(str(each), f"{each} %") for each in CONFIDENCES]
    fields: list[Field] = [
        {"name": "kvi", "label": "KVI", "kind": "one", "options": kvis},
        {"name": "lower", "label": "Change at least", "kind": "half", "placeholder": "+2"},
        {"name": "upper", "label": "Change at most", "kind": "half", "placeholder": "no bound"},
        {"name": "confidence", "label": "How sure", "kind": "one", "options": sure, "value": "70"},
        {"name": "because", "label": "Because", "kind": "lines", "rows": 1},
    ]
    return {"label": "Predict", "hint": _too_late(meeting) or "Percentages in points", "fields": fields}


def _poll_form(meeting: MeetingContext) -> dict[str, Any]:
    """What comes next: reveal what is asked or take it back, make the median the team's prediction, or ask about
    something else."""
    polls, running = _polls(meeting), _running(meeting)
    if running is not None:
        options = [(f"reveal:{running.id}", "Reveal the answers"), (f"back:{running.id}", "Take the question back")]
    else:
        options = [*_to_take(meeting, polls), *_to_ask(meeting, polls)]
    if not options:
        return {}
    field = {"name": "next", "label": "What next", "kind": "one", "options": options, "value": options[0][0]}
    form = {"label": "Go on", "hint": _too_late(meeting), "fields": [field]}
    return {**form, "join": _join(meeting.record.review)} if running else form


def _too_late(meeting: MeetingContext) -> str:
    """What the chair must know before anybody is asked to predict: that the sprint is over."""
    company, ends_on = meeting.page.context.board.workspace.company, meeting.record.review.ends_on
    return TOO_LATE if meeting.act == "opening" and company.today() > ends_on else ""


def _polls(meeting: MeetingContext) -> list[Poll]:
    return [each for each in meeting.record.polls if each.asks == _asked_at(meeting)]


def _running(meeting: MeetingContext) -> Poll | None:
    """What everybody is asked now."""
    return next((each for each in _polls(meeting) if each.revealed_at is None), None)


def _asked_at(meeting: MeetingContext) -> str:
    return "change" if meeting.act == "opening" else "confidence"


def _to_take(meeting: MeetingContext, polls: Sequence[Poll]) -> list[tuple[str, str]]:
    """The median of what was revealed last, where it is no prediction yet."""
    predicted = {each.kvi for each in meeting.record.predictions}
    last = polls[-1] if polls else None
    if last is None or last.kvi is None or last.kvi in predicted:
        return []
    return [(f"take:{last.id}", f"Our prediction: {median_in_words(meeting.page.context, last)}")]


def _to_ask(meeting: MeetingContext, polls: Sequence[Poll]) -> list[tuple[str, str]]:
    """What everybody can still be asked."""
    if meeting.act == "closing":
        return [] if polls else [("ask:confidence", "Ask how sure everybody is of the decisions")]
    asked_kvis, asked_results = {each.kvi for each in polls}, {each.key_result_id for each in polls}
    kvis = meeting.page.context.board.kvis
    results = key_results_to_choose(meeting.page)
    chosen = sorted(results, key=lambda number: number not in meeting.record.review.goal_key_results)
    return [
        *((f"ask:kvi:{name}", f"Ask about {kvi.title}") for name, kvi in kvis.items() if name not in asked_kvis),
        *(
            (f"ask:key_result:{each}", f"Ask about the key result {results[each]}")
            for each in chosen
            if each not in asked_results
        ),
    ]


def _join(review: Review) -> dict[str, str]:
    """Where phones answer: an address short enough to type, and a QR code as SVG that names the meeting, too."""
    address = address_of("meeting")
    scanned = f"{address}?sprint={quote(slug_of(review.team, review.sprint))}"
    code = segno.make(scanned, error="m").svg_inline(border=3, dark="#000", light="#fff", omitsize=True)
    return {"address": address.split("://")[-1], "code": code}


def _settle_form(meeting: MeetingContext) -> dict[str, Any]:
    still = meeting.page.context.store.decisions.all("open")
    catalog = meeting.page.context.board.catalog
    options = [(str(each.id), f"{name_of(catalog, each)} ({each.owner})") for each in still]
    states = [("done", "Done"), ("dropped", "Dropped"), ("moved", "Moved to another day")]
    fields: list[Field] = [
        {"name": "decision", "label": "Open decision", "kind": "one", "options": [("", "Choose one"), *options]},
        {"name": "state", "label": "It is", "kind": "one", "options": states, "value": "done"},
        {"name": "outcome", "label": "What came of it, or why", "kind": "lines", "rows": 2},
        {"name": "due_on", "label": "New day, if moved", "kind": "day"},
    ]
    return {"label": "Settle", "hint": "Ctrl+Enter saves", "fields": fields}


def _decision_form(meeting: MeetingContext) -> dict[str, Any]:
    due = meeting.record.review.ends_on + timedelta(days=14)
    options = [("decision", "Decision"), ("experiment", "Experiment")]
    kvis = [("", "None in particular"), *((name, kvi.title) for name, kvi in meeting.page.context.board.kvis.items())]
    words = [(str(each), said) for each, said in words_to_answer(meeting.page.context.board, meeting.record).items()]
    answers = {
        "name": "quote",
        "label": "Customer's words it answers",
        "kind": "one",
        "options": [("", "None"), *words],
    }
    fields: list[Field] = [
        {"name": "text", "label": "What is going to be done", "kind": "lines", "rows": 2},
        {"name": "kind", "label": "Kind", "kind": "one", "options": options, "value": "decision"},
        {"name": "owner", "label": "Owner", "kind": "half"},
        {"name": "due_on", "label": "Due", "kind": "day", "value": due.isoformat()},
        {"name": "kvi", "label": "KVI it should move", "kind": "one", "options": kvis},
        *([answers] if words else []),
    ]
    return {"label": "Decide", "hint": "Ctrl+Enter saves", "fields": fields}


def _freeze_form(meeting: MeetingContext) -> dict[str, Any]:
    if meeting.act == "opening":
        return {"label": "Open the sprint", "hint": _too_late(meeting) or "Freezes what was shown", "fields": []}
    names = {"name": "reviewed_by", "label": "Reviewed by (names, separated by commas)", "kind": "lines", "rows": 3}
    missing = [("", "Do not close"), (_EVEN_SO, "Close all the same")]
    fields = [names, {"name": "even_so", "label": "If something is missing", "kind": "one", "options": missing}]
    return {
        "label": "Close the review",
        "hint": "Freezes what was shown; you can undo it for ten minutes",
        "fields": fields,
    }


_MAKERS: Final[dict[str, Callable[[MeetingContext], dict[str, Any]]]] = {
    "goal": _goal_form,
    "prediction": _prediction_form,
    "poll": _poll_form,
    "settle": _settle_form,
    "decision": _decision_form,
    "freeze": _freeze_form,
    "feedback": _remark_form,
    "remark": _remark_form,
}


_NEEDS: Final[dict[str, Permission]] = {"poll": "review", "freeze": "review"}
"""The right that a form takes where it is another than to write; the store asks for the same."""


def _save_remark(meeting: MeetingContext, step: str, values: Values, author: Author) -> str:
    remark(meeting.page.context, meeting.record.review, str(values.get("text", "")), step, author=author)
    return "Saved."


def _save_goal(meeting: MeetingContext, step: str, values: Values, author: Author) -> str:
    many = values.get("key_results")
    chosen = [int(str(each)) for each in many if _is_number(str(each))] if isinstance(many, list) else []
    goal = str(values.get("goal", ""))
    save_goal(meeting.page.context, meeting.record.review, goal, chosen, author=author)
    coached = coached_objective(meeting.page.context, goal)
    asked = [f"“{finding.quote}”: {finding.rewrite}" for finding in coached.findings]
    said = f"Suggestions: {' '.join(asked)}" if asked else coached.silence
    return " ".join(filter(None, ("The goal is saved.", said)))


def _save_prediction(meeting: MeetingContext, step: str, values: Values, author: Author) -> str:
    sure, _ = read_number(str(values.get("confidence", "70")), "number", "How sure")
    named = ("kvi", "lower", "upper", "because")
    form = PredictionForm(**{name: str(values.get(name, "")) for name in named}, confidence=int(sure or 70))
    save_prediction(meeting.page.context, meeting.record.review, form, author=author)
    return "Predicted."


def _save_poll(meeting: MeetingContext, step: str, values: Values, author: Author) -> str:
    context, review = meeting.page.context, meeting.record.review
    verb, _, what = str(values.get("next", "")).partition(":")
    if verb == "ask":
        ask(context, review, what, author=author)
        return "Everybody is asked: scan the code or type the address."
    if not _is_number(what) or verb not in ("reveal", "back", "take"):
        raise StoreError("Choose what comes next.")
    if verb == "reveal":
        reveal(context, int(what), author=author)
        return "Revealed. The two farthest apart say why."
    if verb == "back":
        take_back(context, int(what), author=author)
        return "The question is taken back: nobody is asked."
    take_median(context, review, int(what), author=author)
    return "The middle of what was said is our prediction."


def _save_settling(meeting: MeetingContext, step: str, values: Values, author: Author) -> str:
    number, state, outcome = (str(values.get(name, "")) for name in ("decision", "state", "outcome"))
    if not _is_number(number):
        raise StoreError("Choose the decision that is settled.")
    context = meeting.page.context
    made = context.store.decisions.get(int(number))
    if state == "moved":
        moved = move(context, made, _day(values), outcome, author=author)
        return f"Moved to {format_day(moved.due_on)}."
    settle(context, made, state, outcome, author=author)
    return f"It is {state}."


def _save_decision(meeting: MeetingContext, step: str, values: Values, author: Author) -> str:
    text, owner, kind, kvi = (str(values.get(name, "")) for name in ("text", "owner", "kind", "kvi"))
    said = str(values.get("quote", ""))
    quote = int(said) if _is_number(said) else None
    wanted = DecisionForm(text=text, owner=owner, kind=kind, kvi=kvi, due_on=_day(values), quote=quote)
    decide(meeting.page.context, meeting.record.review, wanted, author=author)
    return "Decided."


def _is_number(typed: str) -> bool:
    """Whether it can be the number of a row."""
    return typed.isdecimal() and len(typed) <= _MOST_DIGITS


def _day(values: Values) -> date | None:
    try:
        return as_day(str(values.get("due_on") or ""))
    except ValueError as error:
        raise StoreError("The day is none: choose it from the calendar.") from error


def _freeze(meeting: MeetingContext, step: str, values: Values, author: Author) -> str:
    names = str(values.get("reviewed_by", "")).replace("\n", ",").split(",")
    question = closing_question(meeting.page.context, meeting.record.review, names) if meeting.act == "closing" else ""
    if question and values.get("even_so") != _EVEN_SO:
        raise StoreError(question)
    freeze(meeting.page.context, meeting.record.review, meeting.act, names, author=author)
    return (
        "The sprint is open."
        if meeting.act == "opening"
        else "The review is closed; for ten minutes you can undo it on the sprint's page."
    )


FORMS: Final[dict[str, Callable[[MeetingContext, str, Values, Author], str]]] = {
    "remark": _save_remark,
    "feedback": _save_remark,
    "goal": _save_goal,
    "prediction": _save_prediction,
    "poll": _save_poll,
    "settle": _save_settling,
    "decision": _save_decision,
    "freeze": _freeze,
}
"""What saves each form; returns the sentence that says so. Raises StoreError."""
