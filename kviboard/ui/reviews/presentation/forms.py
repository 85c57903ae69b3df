"""What can be typed on the big screen: the fields of each form and what saves them.

The fields are drawn in the browser; values arrive as text, as from any form, and are checked again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from kviboard.board.numbers import read_number
from kviboard.board.reviews.document import ActName
from kviboard.board.reviews.meeting import (
    CONFIDENCES,
    DecisionForm,
    PredictionForm,
    closing_question,
    decide,
    freeze,
    meeting_is_over,
    remark,
    save_goal,
    save_prediction,
)
from kviboard.documents.blocks import Step
from kviboard.domain.wording.coach import coach_objective
from kviboard.errors import StoreError
from kviboard.store import Author, ReviewRecord
from kviboard.ui.forms.fields import as_day
from kviboard.ui.reviews.page import ReviewPage, key_results_to_choose

_EVEN_SO = "even_so"
Values = Mapping[str, Any]
Field = dict[str, Any]


@dataclass(frozen=True)
class MeetingContext:
    """The meeting under way: its page, the review as it is in the store, and the act that is held."""

    page: ReviewPage
    record: ReviewRecord
    act: ActName

    @property
    def name(self) -> str:
        """What tells this meeting from all others."""
        return f"{self.record.review.id}-{self.act}"


def form_fields(meeting: MeetingContext, steps: Sequence[Step]) -> dict[str, dict[str, Any]]:
    """The forms of a meeting by what their step asks: label of the button, fields; none once the act is frozen."""
    if meeting_is_over(meeting.record, meeting.act):
        return {}
    asked = {"remark", *(step.asks for step in steps)}
    return {name: make(meeting) for name, make in _MAKERS.items() if name in asked}


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
    return {"label": "Predict", "hint": "Percentages in points", "fields": fields}


def _decision_form(meeting: MeetingContext) -> dict[str, Any]:
    due = meeting.record.review.ends_on + timedelta(days=14)
    options = [("decision", "Decision"), ("experiment", "Experiment")]
    kvis = [("", "None in particular"), *((name, kvi.title) for name, kvi in meeting.page.context.board.kvis.items())]
    fields: list[Field] = [
        {"name": "text", "label": "What is going to be done", "kind": "lines", "rows": 2},
        {"name": "kind", "label": "Kind", "kind": "one", "options": options, "value": "decision"},
        {"name": "owner", "label": "Owner", "kind": "half"},
        {"name": "due_on", "label": "Due", "kind": "day", "value": due.isoformat()},
        {"name": "kvi", "label": "KVI it should move", "kind": "one", "options": kvis},
    ]
    return {"label": "Decide", "hint": "Ctrl+Enter saves", "fields": fields}


def _freeze_form(meeting: MeetingContext) -> dict[str, Any]:
    if meeting.act == "opening":
        return {"label": "Open the sprint", "hint": "Freezes what was shown", "fields": []}
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
    "decision": _decision_form,
    "freeze": _freeze_form,
    "feedback": _remark_form,
    "remark": _remark_form,
}


def _save_remark(meeting: MeetingContext, step: str, values: Values, author: Author) -> str:
    remark(meeting.page.context, meeting.record.review, str(values.get("text", "")), step, author=author)
    return "Saved."


def _save_goal(meeting: MeetingContext, step: str, values: Values, author: Author) -> str:
    chosen = [int(number) for number in values.get("key_results", []) if str(number).isdecimal()]
    goal = str(values.get("goal", ""))
    save_goal(meeting.page.context, meeting.record.review, goal, chosen, author=author)
    asked = [
        f"“{finding.quote}”: {finding.rewrite}"
        for finding in coach_objective(goal, meeting.page.context.kinds_of_customers)
    ]
    return f"The goal is saved. Suggestions: {' '.join(asked)}" if asked else "The goal is saved."


def _save_prediction(meeting: MeetingContext, step: str, values: Values, author: Author) -> str:
    sure, _ = read_number(str(values.get("confidence", "70")), "number", "How sure")
    named = ("kvi", "lower", "upper", "because")
    form = PredictionForm(**{name: str(values.get(name, "")) for name in named}, confidence=int(sure or 70))
    save_prediction(meeting.page.context, meeting.record.review, form, author=author)
    return "Predicted."


def _save_decision(meeting: MeetingContext, step: str, values: Values, author: Author) -> str:
    typed = {name: str(values.get(name, "")) for name in ("text", "owner", "kind", "kvi")}
    decide(
        meeting.page.context,
        meeting.record.review,
        DecisionForm(**typed, due_on=as_day(str(values.get("due_on", "")))),
        author=author,
    )
    return "Decided."


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
    "decision": _save_decision,
    "freeze": _freeze,
}
"""What saves each form; returns the sentence that says so. Raises StoreError."""
