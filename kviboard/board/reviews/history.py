"""What reviews say together: how often predictions came true, how sure people were, and what was corrected since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo

from kviboard.board.context import BoardContext
from kviboard.board.kvis.evaluation import evaluate
from kviboard.board.kvis.sql import Question
from kviboard.board.reviews.document import PredictionRecord, ReviewDocument
from kviboard.board.reviews.meeting import frozen_document
from kviboard.board.reviews.snapshot import as_kept, corrected_texts
from kviboard.board.reviews.sprints import context_of_team, opened_late
from kviboard.domain.formatting import format_change, format_day
from kviboard.domain.people import same_person
from kviboard.domain.reviews.predictions import (
    Calibration,
    HitRate,
    Outcome,
    ScoredPrediction,
    brier_score,
    calibration,
    hit_rate,
)
from kviboard.errors import KviBoardError
from kviboard.store import ReviewRecord
from kviboard.store.saving import moment_text


@dataclass(frozen=True)
class SprintLine:
    """One closed review as a line of the history."""

    review_id: int
    sprint: str
    team: str
    starts_on: date
    goal: str
    rate: HitRate
    decisions: int
    reviewed_by: tuple[str, ...]
    opened_late: bool = False  # when it was over: its rate counts no prediction


@dataclass(frozen=True)
class History:
    """All closed reviews, newest first, and what their predictions say together."""

    sprints: tuple[SprintLine, ...]
    rate: HitRate
    calibration: tuple[Calibration, ...]
    brier: float | None


@dataclass(frozen=True)
class Correction:
    """A frozen number that reads otherwise now: "then 41.2 %, as corrected now 40.8 %", or as it is counted since."""

    kvi: str
    title: str
    period: str
    then_text: str
    now_text: str
    change_text: str
    changed_on: date | None = None  # when the KVI itself was changed after the number was frozen

    @property
    def sentence(self) -> str:
        """ "Promoter revenue share in Sprint 22: then 41.2 %, as corrected now 40.8 % (▼ 0.4 pp)"."""
        how = f"as counted since {format_day(self.changed_on)}" if self.changed_on else "as corrected now"
        return f"{self.title} in {self.period}: then {self.then_text}, {how} {self.now_text} ({self.change_text})"


def read_past(context: BoardContext) -> History:
    """The history of all closed reviews, from their frozen records alone."""
    documents, zone = _closed(context), context.board.workspace.company.zone
    late = {record.review.id for record, _ in documents if opened_late(record, zone)}
    in_time = [document for record, document in documents if record.review.id not in late]
    predictions = [one for document in in_time for one in scored(document.predictions)]
    lines = tuple(
        SprintLine(
            record.review.id,
            record.review.sprint,
            record.review.team or "",
            record.review.starts_on,
            document.goal,
            hit_rate(() if record.review.id in late else scored(document.predictions)),
            len(document.decisions),
            document.reviewed_by,
            record.review.id in late,
        )
        for record, document in documents
    )
    return History(lines, hit_rate(predictions), tuple(calibration(predictions)), brier_score(predictions))


def predictions_of(context: BoardContext, *names: str) -> tuple[tuple[str, PredictionRecord], ...]:
    """What the person of these names predicted in closed reviews and what came, with the sprint, the newest first.
    Those of sprints that were opened when they were over are left out."""
    return tuple(
        (record.review.sprint, each)
        for record, document in _closed(context)
        if not opened_late(record, context.board.workspace.company.zone)
        for each in document.predictions
        if same_person(each.by, *names)
    )


def scored(predictions: Iterable[PredictionRecord]) -> list[ScoredPrediction]:
    """How sure people were of each prediction that could be measured, and whether it came true."""
    measured = (each for each in predictions if each.outcome in (Outcome.HIT, Outcome.MISSED))
    return [ScoredPrediction(each.confidence / 100, each.outcome == Outcome.HIT) for each in measured]


def _closed(context: BoardContext) -> list[tuple[ReviewRecord, ReviewDocument]]:
    """The closed reviews with what their closing froze, newest sprint first."""
    begun = (context.store.reviews.whole(review.id) for review in context.store.reviews.all())
    return [(record, frozen_document(record.closing)) for record in begun if record.closing]


def corrections(context: BoardContext, record: ReviewRecord, document: ReviewDocument) -> list[Correction]:
    """Frozen values of the KVIs that the present version has otherwise, in the order they were shown."""
    own = context_of_team(context, record.review.team)
    frozen = record.closing if document.act == "closing" else record.opening
    day = context.day_of(frozen.created_at) if frozen else context.board.today
    found = (_correction(own, document, kvi.name, day) for kvi in document.kvis)
    return [each for each in found if each is not None]


def _correction(context: BoardContext, document: ReviewDocument, name: str, frozen_on: date) -> Correction | None:
    """The correction of one KVI; None where its period reads the same, or cannot be computed any more."""
    then, board = document.kvi(name), context.board
    if then is None or then.starts_on is None or name not in board.kvis or then.grain not in board.kvis[name].grains:
        return None
    try:
        question = Question(then.grain, None, {}, then.starts_on, then.starts_on)
        frame = evaluate(board.reader, board.kvis[name], question)
    except KviBoardError:
        return None
    same = frame[frame["period"].dt.date == then.starts_on]
    if same.empty:  # its days were corrected: it is another period now
        return None
    value = as_kept(float(same["value"].iloc[0]))
    texts = corrected_texts(then, value, document.currency)
    if texts is None:
        return None
    change = format_change(value, then.value, then.unit, document.currency)
    changed = board.kvis[name].changed_since(frozen_on)
    return Correction(name, then.title, then.period, *texts, change, changed.day if changed else None)


def frozen_when(record: ReviewRecord, act: str, zone: tzinfo) -> str:
    """ "Opened by Product leadership on 3 Nov 2026 at 14:05." on the clocks of `zone`; empty before."""
    done = record.opening if act == "opening" else record.closing
    if done is None:
        return ""
    verb = "Opened" if act == "opening" else "Closed"
    return f"{verb} by {done.created_by} on {moment_text(done.created_at, zone)}."
