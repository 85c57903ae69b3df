"""A review's record with what people said: goal, predictions against what came, decisions, remarks, reviewers."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from kviboard.board.board import Board
from kviboard.board.context import BoardContext
from kviboard.board.kvis.did_it_work import name_of, subject_of
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.reviews.document import (
    DecisionRecord,
    KeyResultRecord,
    KviRecord,
    PredictionRecord,
    RemarkRecord,
    ReviewDocument,
    Voice,
)
from kviboard.board.reviews.okrs import goal_key_results
from kviboard.board.reviews.polls import poll_records
from kviboard.board.reviews.quotes import quoted_voices
from kviboard.domain.formatting import format_day
from kviboard.domain.periods import Sprint
from kviboard.domain.reviews.predictions import Outcome, expectation_text, moved_text, outcome_of
from kviboard.store import Decision, Prediction, Remark, Review, ReviewRecord


def with_contributions(context: BoardContext, numbers: ReviewDocument, record: ReviewRecord) -> ReviewDocument:
    """The whole record of an act: its numbers as taken, and what the store holds of it now."""
    review = record.review
    own = Sprint(review.sprint, review.starts_on, review.ends_on, None, review.team)
    begun = {each.id: each for each in context.store.reviews.all()}
    shown = partial(decision_record, context.board, {number: each.sprint for number, each in begun.items()})
    closing = numbers.act == "closing"
    return numbers.model_copy(
        update={
            "goal": review.goal,
            "goal_key_results": _goal_key_results(context, numbers, review.goal_key_results),
            "predictions": tuple(prediction_record(context.board, numbers, each) for each in record.predictions),
            "polls": poll_records(context, numbers, record),
            "promised": promised_to(context, own),
            "decisions": tuple(map(shown, record.decisions)),
            "voices": _with_quotes(context.board, numbers, record) if closing else numbers.voices,
            "remarks": tuple(_remark(each) for each in record.remarks if not closing or _after_opening(record, each)),
            "reviewed_by": record.reviewed_by if closing else (),
        }
    )


def _with_quotes(board: Board, numbers: ReviewDocument, record: ReviewRecord) -> tuple[Voice, ...]:
    """What was chosen for the review, then what else customers said in the sprint."""
    chosen = quoted_voices(board, record.quotes)
    known = {voice.response_ids for voice in chosen.values()}
    waits = {voice.response_ids: voice.waits for voice in numbers.voices}
    quoted = (voice.model_copy(update={"waits": waits.get(voice.response_ids, "")}) for voice in chosen.values())
    return (*quoted, *(voice for voice in numbers.voices if voice.response_ids not in known))


def _goal_key_results(
    context: BoardContext, numbers: ReviewDocument, ids: Sequence[int]
) -> tuple[KeyResultRecord, ...]:
    """The key results of the goal as the meeting's numbers have them; those that are not among them, as they stand:
    drafts, and those of a cycle that ended within the sprint."""
    taken = {part.id: part.model_copy(update={"was": ""}) for each in numbers.objectives for part in each.key_results}
    others = [number for number in ids if number not in taken]
    if others:
        quarter = read_quarter(context, day=min(context.board.today, numbers.data_through or context.board.today))
        taken |= {part.id: part for part in goal_key_results(context, quarter, others)}
    return tuple(taken[number] for number in ids if number in taken)


def prediction_record(board: Board, numbers: ReviewDocument, prediction: Prediction) -> PredictionRecord:
    """A prediction; at a closing with what came of it."""
    kvi, known = numbers.kvi(prediction.kvi), board.catalog.kvis.get(prediction.kvi)
    unit = kvi.unit if kvi else known.unit if known else "number"
    lower, upper = (None if bound is None else float(bound) for bound in (prediction.lower, prediction.upper))
    shown = PredictionRecord(
        id=prediction.id,
        kvi=prediction.kvi,
        title=kvi.title if kvi else known.title if known else prediction.kvi,
        expected_text=expectation_text(lower, upper, unit, numbers.currency),
        confidence=prediction.confidence,
        because=prediction.because,
        by=prediction.created_by,
    )
    if numbers.act == "opening":
        return shown
    change = kvi.change if kvi and _reaches(kvi, numbers) else None
    outcome = outcome_of(change, lower, upper)
    came = {"change_text": moved_text(change, unit, numbers.currency), "outcome": outcome}
    return shown.model_copy(update={**came, "why": _why_not(kvi, numbers) if outcome == Outcome.NOT_MEASURED else ""})


def decision_record(board: Board, sprints: dict[int, str], made: Decision) -> DecisionRecord:
    """A decision as it stands; `sprints` names the sprint of each review."""
    return DecisionRecord(
        id=made.id,
        kind=made.kind,
        text=name_of(board.catalog, made),
        owner=made.owner,
        due_on=made.due_on,
        state=made.state,
        outcome=made.outcome or "",
        kvi_title=subject_of(board.catalog, made),
        answers_customer=made.quote_id is not None,
        sprint=sprints.get(made.review_id or 0, ""),
    )


def _reaches(kvi: KviRecord, numbers: ReviewDocument) -> bool:
    """Whether the period judged has days of the sprint. Exports that lag, and values that take weeks to settle, show a
    newer one than the opening did that was over before anybody predicted."""
    return kvi.ends_on is None or kvi.ends_on >= numbers.starts_on


def _why_not(kvi: KviRecord | None, numbers: ReviewDocument) -> str:
    """Why a prediction could not be measured."""
    if kvi is None:
        return "The KVI cannot be computed from the present exports."
    if not kvi.moved_on:
        reached = f" (data to {format_day(kvi.data_through)})" if kvi.data_through else ""
        return f"No {kvi.grain} has become complete since the opening{reached}."
    if not _reaches(kvi, numbers):
        return f"Its latest complete {kvi.grain}, {kvi.period}, was over before this sprint began."
    return "There was no value at the opening." if kvi.opened_value is None else "There is no value now."


def promised_to(context: BoardContext, sprint: Sprint) -> tuple[DecisionRecord, ...]:
    """Decisions made before a sprint's review, whether it was begun or not: those still open first, then those settled
    since the review before began."""
    begun = {each.id: each for each in context.store.reviews.all()}  # newest sprint first
    earlier = [each for each in begun.values() if each.team == sprint.team and each.starts_on < sprint.starts_on]
    since = earlier[0].starts_on if earlier else sprint.starts_on - timedelta(days=14)
    made_before = [each for each in context.store.decisions.all() if _before(context, begun, each, sprint)]
    still = [each for each in made_before if each.state == "open"]
    settled = [each for each in made_before if each.state != "open" and context.day_of(each.changed_at) >= since]
    names = {number: each.sprint for number, each in begun.items()}
    return tuple(decision_record(context.board, names, each) for each in (*still, *settled))


def _before(context: BoardContext, begun: Mapping[int, Review], made: Decision, sprint: Sprint) -> bool:
    """Whether a decision was made in the review of an earlier sprint, or in none before this one was over."""
    own = begun.get(made.review_id or 0)
    return own.starts_on < sprint.starts_on if own else context.day_of(made.created_at) <= sprint.ends_on


def _after_opening(record: ReviewRecord, remark: Remark) -> bool:
    """Whether a line belongs to the closing; what was said in the opening is in its record."""
    return record.opening is None or remark.id not in {each["id"] for each in record.opening.document["remarks"]}


def _remark(remark: Remark) -> RemarkRecord:
    return RemarkRecord(
        id=remark.id, text=remark.text, about=remark.about or "", by=remark.created_by, at=remark.created_at
    )
