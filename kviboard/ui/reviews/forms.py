"""The forms of the sprint review, in the drawer: goal, prediction, decision, addendum, newest numbers."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from kviboard.board.numbers import read_number, typed_text
from kviboard.board.reviews.meeting import (
    DecisionForm,
    PredictionForm,
    add_addendum,
    begin_review,
    numbers_of_meeting,
    save_goal,
    save_prediction,
    undo_closing,
)
from kviboard.board.reviews.quotes import words_to_answer
from kviboard.board.wording.coaching import coached_objective
from kviboard.components.markup import quiet
from kviboard.domain.formatting import format_day
from kviboard.domain.reviews.blind import CONFIDENCES
from kviboard.domain.reviews.predictions import expectation_text
from kviboard.errors import StoreError
from kviboard.store import Author, NewComment, Prediction, Quote, Review
from kviboard.ui.forms.deciding import draw_settling, draw_what, draw_who_and_when, new_decision, save_decision
from kviboard.ui.forms.drawer import draw_drawer
from kviboard.ui.forms.fields import as_day
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_coach, draw_remark, draw_sentence, finish, number
from kviboard.ui.forms.talk import comment_forms, draw_comment
from kviboard.ui.reviews.page import ReviewPage, key_results_to_choose

_HELP = "The change you expect over the sprint, percentages in points: +2, −1.5. One bound is enough."


def draw_review_forms(page: ReviewPage) -> None:
    """Draw the form that the address names, if it names one."""
    drawer = {
        "goal": ("The sprint's goal", partial(_draw_goal, page)),
        "predict": ("Predict", partial(_draw_prediction, page)),
        "edit_prediction": ("Change a prediction", partial(_draw_prediction, page)),
        "drop_prediction": ("Take a prediction back", partial(_draw_dropping, page)),
        "decide": ("Decision or experiment", partial(_draw_decision, page)),
        "settle": ("Mark done or dropped", partial(draw_settling, page.context)),
        "comment_decision": ("Comment", partial(_draw_comment, page)),
        "addendum": ("Addendum", partial(_draw_addendum, page)),
        "undo_closing": ("Undo the closing", partial(_draw_undoing, page)),
        "drop_quote": ("Take a quote back", partial(_draw_dropping_quote, page)),
        "renew": ("Take the newest numbers", partial(_draw_renewing, page)),
    }
    draw_drawer({**drawer, **comment_forms(page.context)})


def _draw_goal(page: ReviewPage, of: str) -> None:
    """The goal in customer terms; saving it begins the review."""
    review = page.record.review if page.record else None
    names = key_results_to_choose(page)

    def read() -> Start:
        now = page.context.store.reviews.get(review.id) if review else None
        goal = now.goal if now else page.chosen.sprint.goal or ""
        return Start({"goal": goal, "key_results": list(now.goal_key_results) if now else []}, now)

    form, fields = begin(page.context, f"goal of {page.chosen.slug}", read)
    goal = fields.line("goal", "What changes for the customer in this sprint")
    draw_coach(page.context, form, "goal", coached_objective(page.context, goal))
    fields.many("key_results", "Key results it should move", list(names), format_func=lambda each: names.get(each, ""))

    def save(form: Form, author: Author) -> str:
        record = form.record or begin_review(page.context, page.chosen, author=replace(author, key=None))
        save_goal(page.context, record, form.typed["goal"], form.typed["key_results"], author=author)
        return f"The goal of {page.chosen.title} is saved."

    finish(page.context, form, "Save the goal", save)


def _draw_prediction(page: ReviewPage, of: str) -> None:
    review = _review(page)
    prediction = _prediction(page, number(of)) if of else None
    form, fields = begin(
        page.context, f"prediction {of or f'in {review.id}'}", lambda: Start(_typed(page, prediction), prediction)
    )
    names = list(page.context.board.kvis)
    fields.one("kvi", "KVI", names, lambda name: page.context.board.kvis[name].title, placeholder="Choose a KVI")
    left, right = st.columns(2)
    with left:
        fields.line("lower", "Change at least", help=_HELP)
    with right:
        fields.line("upper", "Change at most", help=_HELP)
    draw_remark(_understood(page, form))
    fields.choice("confidence", "How sure are you?", list(CONFIDENCES), lambda each: f"{each} %")
    fields.lines("because", "Because")

    def save(form: Form, author: Author) -> str:
        typed = {name: form.typed[name] or "" for name in ("kvi", "lower", "upper", "because")}
        wanted = PredictionForm(**typed, confidence=form.typed["confidence"] or 70)
        saved = save_prediction(page.context, review, wanted, form.record, author=author)
        unit = page.context.board.catalog.kvis[saved.kvi].unit
        lower, upper = (None if bound is None else float(bound) for bound in (saved.lower, saved.upper))
        return f"Predicted: {expectation_text(lower, upper, unit, page.context.currency)}."

    finish(page.context, form, "Save the prediction", save)


def _understood(page: ReviewPage, form: Form) -> str:
    """What the typed bounds are taken for; empty where there is none, or one is no number."""
    known = page.context.board.catalog.kvis.get(form.typed["kvi"])
    if known is None:
        return ""
    (lower, strange), (upper, odd) = (read_number(form.typed[name], known.unit, "") for name in ("lower", "upper"))
    if strange or odd or (lower is None and upper is None):
        return ""
    least, most = (None if bound is None else float(bound) for bound in (lower, upper))
    return f"Taken as {expectation_text(least, most, known.unit, page.context.currency)}."


def _typed(page: ReviewPage, prediction: Prediction | None) -> dict[str, object]:
    if prediction is None:
        return {"kvi": None, "lower": "", "upper": "", "confidence": 70, "because": ""}
    known = page.context.board.catalog.kvis.get(prediction.kvi)
    unit = known.unit if known else "number"
    bounds = {"lower": typed_text(prediction.lower, unit), "upper": typed_text(prediction.upper, unit)}
    return {"kvi": prediction.kvi, **bounds, "confidence": prediction.confidence, "because": prediction.because}


def _draw_dropping(page: ReviewPage, of: str) -> None:
    prediction = _prediction(page, number(of))
    sentence = "The prediction is taken back before the sprint is opened."
    _draw_taking_back(page, "prediction", prediction, page.context.store.predictions.archive, sentence)


def _draw_dropping_quote(page: ReviewPage, of: str) -> None:
    quote = page.context.store.quotes.get(number(of))
    sentence = "What the customer said is not quoted in this review any more."
    _draw_taking_back(page, "quote", quote, page.context.store.quotes.archive, sentence)


def _draw_taking_back(
    page: ReviewPage, what: str, record: Prediction | Quote, archive: Callable[..., object], sentence: str
) -> None:
    form, _ = begin(page.context, f"drop {what} {record.id}", lambda: Start({}, record))
    draw_sentence(sentence)

    def save(form: Form, author: Author) -> str:
        archive(form.record, author=author)
        return f"The {what} is taken back."

    finish(page.context, form, "Take it back", save)


def _draw_decision(page: ReviewPage, of: str) -> None:
    review = page.record.review if page.record else None
    first = partial(new_decision, page.context, kind="decision", kvi=None, quote=None)
    form, fields = begin(page.context, f"decision in {page.chosen.slug}", first)
    draw_what(fields)
    fields.choice("kind", "Kind", ["decision", "experiment"], str.capitalize)
    draw_who_and_when(fields)
    names = list(page.context.board.kvis)
    fields.one("kvi", "KVI it should move, if any", names, lambda name: page.context.board.kvis[name].title)
    words = words_to_answer(page.context.board, page.record) if page.record else {}
    if words:
        fields.one("quote", "Customer's words it answers, if any", list(words), lambda each: words.get(each, ""))

    def save(form: Form, author: Author) -> str:
        text, kind, owner, kvi = (form.typed[name] or "" for name in ("text", "kind", "owner", "kvi"))
        due_on = as_day(form.typed["due_on"])
        quote = form.typed["quote"]
        wanted = DecisionForm(text=text, kind=kind or "decision", owner=owner, kvi=kvi, due_on=due_on, quote=quote)
        return save_decision(page.context, review, wanted, author)

    finish(page.context, form, "Save", save)


def _draw_comment(page: ReviewPage, of: str) -> None:
    """What somebody has to say about a decision."""
    made = page.context.store.decisions.get(number(of))
    about = {f"“{made.text}” · {made.owner}": NewComment(text="", decision_id=made.id)}
    draw_comment(page.context, f"comment on decision {made.id}", about)


def _draw_addendum(page: ReviewPage, of: str) -> None:
    review = _review(page)
    form, fields = begin(page.context, f"addendum to {review.id}", lambda: Start({"text": ""}))
    draw_sentence("What is frozen stays as it is; this stands below it, with your name and the day.")
    fields.lines("text", "What has to be known")

    def save(form: Form, author: Author) -> str:
        add_addendum(page.context, review, form.typed["text"], author=author)
        return "The addendum is written."

    finish(page.context, form, "Write it", save)


def _draw_undoing(page: ReviewPage, of: str) -> None:
    review = _review(page)
    form, _ = begin(page.context, f"undo closing {review.id}", lambda: Start({}))
    draw_sentence(
        f"“{review.sprint}” is open again, as it was before its closing. What was frozen stays in the archive, and the "
        "history keeps that you undid it."
    )

    def save(form: Form, author: Author) -> str:
        undo_closing(page.context, review, author=author)
        return f"“{review.sprint}” is open again."

    finish(page.context, form, "Undo the closing", save)


def _draw_renewing(page: ReviewPage, of: str) -> None:
    record = page.record
    if record is None:
        raise StoreError("This sprint has no review yet: prepare its opening first.")
    form, _ = begin(page.context, f"renew {record.review.id} {page.act}", lambda: Start({}))
    st.markdown(quiet("The meeting's numbers are replaced by those of the data as it is now."), unsafe_allow_html=True)

    def save(form: Form, author: Author) -> str:
        taken = numbers_of_meeting(page.context, record, page.act, author, renew=True)
        return f"The numbers are those of {format_day(taken.reached)}." if taken.reached else "Taken."

    finish(page.context, form, "Take them", save)


def _review(page: ReviewPage) -> Review:
    if page.record is None:
        raise StoreError("This sprint has no review yet: prepare its opening first.")
    return page.record.review


def _prediction(page: ReviewPage, prediction_id: int) -> Prediction:
    found = (
        [prediction for prediction in page.record.predictions if prediction.id == prediction_id] if page.record else []
    )
    if not found:
        raise StoreError("That prediction is not in this review any more.")
    return found[0]
