"""The tables of a review: decisions, predictions, goals, objectives; each cell a text ready to read. Long ones take
several steps."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from kviboard.board.reviews.document import (
    DecisionRecord,
    KeyResultRecord,
    ObjectiveRecord,
    PredictionRecord,
    ReviewDocument,
)
from kviboard.documents.blocks import Block, Cell, Paragraph, Step, Table, Tone
from kviboard.domain.formatting import SPACE, counted, format_day
from kviboard.domain.reviews.predictions import Outcome

Row = TypeVar("Row")
_TONES: Mapping[str, Tone] = {
    "Missed": "bad", "Off track": "bad", "At risk": "caution", "On track": "good", "Achieved": "good",
}  # fmt: skip


def decision_table(made: Sequence[DecisionRecord], document: ReviewDocument, caption: str) -> Table:
    """Decisions and experiments with where they stand; open ones past due by the last day that the document knows."""
    rows = tuple(
        (
            Cell(_what(each)),
            Cell(each.kind),
            Cell(each.owner),
            Cell(format_day(each.due_on)),
            _state(each, document.data_through or each.due_on),
        )
        for each in made
    )
    return Table(caption, ("What", "Kind", "Owner", "Due", "Status"), rows)


def _what(made: DecisionRecord) -> str:
    """What is decided, and which KVI it should move where the text does not say so already."""
    about = f" ({made.kvi_title})" if made.kvi_title else ""
    text = made.text if made.text.endswith(about) else made.text + about
    return f"{text} (answers a customer's words)" if made.answers_customer else text


def _state(made: DecisionRecord, day: date) -> Cell:
    """Where it stands and why: what came of it, or why it was moved."""
    late = (day - made.due_on).days if made.state == "open" else 0
    stands = f"▲ open, {counted(late, 'day')} past due" if late > 0 else "○ open"
    mark = {"done": "✓ done", "dropped": "✕ dropped"}.get(made.state, stands)
    tones: Mapping[str, Tone] = {"done": "good", **({"open": "bad"} if late > 0 else {})}
    return Cell(f"{mark}: {made.outcome}" if made.outcome else mark, tones.get(made.state))


def prediction_table(document: ReviewDocument) -> Table:
    """What was expected; at a closing what came of it."""
    closing = document.act == "closing"
    came = ("Actual", "Prediction") if closing else ("Because",)
    rows = tuple(
        (
            Cell(each.title),
            Cell(each.expected_text),
            Cell(f"{each.confidence}{SPACE}%"),
            *((Cell(each.change_text), Cell(*_outcome(each))) if closing else (Cell(each.because or "–"),)),
        )
        for each in document.predictions
    )
    return Table("Predictions", ("KVI", "Expected change", "How sure", *came), rows, (2,))


def _outcome(prediction: PredictionRecord) -> tuple[str, Tone | None]:
    """What became of a prediction that was told at a closing, and in which colour."""
    outcome = prediction.outcome or Outcome.NOT_MEASURED
    if outcome == Outcome.NOT_MEASURED:
        return f"{outcome.in_words}: {prediction.why}", None
    return outcome.in_words, "good" if outcome == Outcome.HIT else "bad"


def prediction_text(prediction: PredictionRecord) -> str:
    """A prediction in one line, with its outcome where there is one."""
    text = f"{prediction.expected_text}, {prediction.confidence}{SPACE}% sure"
    return f"{text}: {_outcome(prediction)[0]}" if prediction.outcome else text


def goal_blocks(document: ReviewDocument) -> list[Block]:
    """The goal and the key results it should move."""
    blocks: list[Block] = [
        Paragraph(document.goal, "lead") if document.goal else Paragraph("No goal is set yet.", "quiet")
    ]
    if document.stories_text:
        blocks.append(Paragraph(f"User stories: {document.stories_text}"))
    if document.goal_key_results:
        rows = tuple(
            (
                Cell(each.title),
                Cell(f"{each.baseline_text} → {each.current_text} → {each.target_text}"),
                Cell(each.status, _TONES.get(each.status)),
            )
            for each in document.goal_key_results
        )
        columns = ("It should move", "Baseline → now → target", "Status")
        blocks.append(Table("Key results that the goal should move", columns, rows))
    return blocks


def cycle_and_day(document: ReviewDocument) -> str:
    """What stands behind a title of OKRs: the cycle, and the day on which they stood so, which the OKRs page has
    left behind."""
    cycle = f" · {document.cycle}" if document.cycle else ""
    if document.data_through is None or not document.objectives:
        return cycle
    day = document.ends_on if document.act == "closing" else document.starts_on
    return f"{cycle}, as of {format_day(min(day, document.data_through))}"


def objective_table(document: ReviewDocument, objectives: Sequence[ObjectiveRecord]) -> Table:
    """Objectives with their status; at a closing what moved since the opening."""
    rows = tuple(
        (
            Cell(each.title),
            Cell(each.team),
            Cell(_progress(each)),
            Cell(_status(each), _TONES.get(each.status)),
            Cell(_movement(each) or each.reason),
        )
        for each in objectives
    )
    last = "What moved" if document.act == "closing" else "Why"
    return Table("Objectives", ("Objective", "Team", "Progress", "Status", last), rows, (2,))


def _progress(each: ObjectiveRecord) -> str:
    return (
        f"{each.was_at} → {each.progress_text}" if each.was_at not in ("", each.progress_text) else each.progress_text
    )


def _status(each: ObjectiveRecord | KeyResultRecord) -> str:
    return f"{each.was} → {each.status}" if has_moved(each) else each.status


def _movement(objective: ObjectiveRecord) -> str:
    moved = [f"{part.title}: {part.was} → {part.status}" for part in objective.key_results if has_moved(part)]
    return "; ".join(moved)


def has_moved(objective: ObjectiveRecord | KeyResultRecord) -> bool:
    """Whether the status is another than at the opening."""
    return bool(objective.was) and objective.was != objective.status


def table_steps(
    name: str, title: str, lines: Sequence[Row], rows: int | None, table: Callable[[Sequence[Row]], Table]
) -> list[Step]:
    """Steps with `rows` lines each, which fit on the big screen; all on one where no number is given. Numbered where
    there are several, none without lines."""
    count = -(-len(lines) // (rows or max(1, len(lines))))
    size = -(-len(lines) // max(1, count)) or 1  # as even as can be: no line is left over alone
    parts = [lines[start : start + size] for start in range(0, len(lines), size)]
    return [
        Step(
            name if number == 1 else f"{name}-{number}",
            title if len(parts) == 1 else f"{title} ({number} of {len(parts)})",
            (table(part),),
        )
        for number, part in enumerate(parts, start=1)
    ]
