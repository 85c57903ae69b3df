"""What minutes begin with: the result of a closing, its decisions and their owners; and the message of each step."""

from dataclasses import replace

from kviboard.board.reviews.document import ReviewDocument
from kviboard.documents.blocks import Block, Figure, Paragraph, Points, Step
from kviboard.documents.review.tables import cycle_and_day, decision_table, has_moved
from kviboard.domain.formatting import counted, plural
from kviboard.domain.kvis.signals import DOWN, UP
from kviboard.domain.reviews.predictions import Outcome


def result_step(document: ReviewDocument) -> Step:
    """The first page: the goal, what came of the predictions, what is unusual, what was decided by whom."""
    unusual = tuple(kvi.sentence for kvi in document.kvis if kvi.verdict in (UP, DOWN))
    blocks: list[Block] = [Paragraph(document.goal, "lead")] if document.goal else []
    blocks += [Points(unusual, "Unusual for customers")] if unusual else []
    blocks += [decision_table(document.decisions, document, "Decided")] if document.decisions else []
    if document.reviewed_by:
        blocks.append(Paragraph(f"Reviewed by {', '.join(document.reviewed_by)}.", "quiet"))
    made = counted(len(document.decisions), "decision") if document.decisions else "nothing decided"
    parts = [part for part in (_came_true(document), _unusual(len(unusual)), made) if part]
    title = ", ".join(parts)
    return Step("result", f"{title[:1].upper()}{title[1:]}", tuple(blocks))


def with_message(document: ReviewDocument, step: Step) -> Step:
    """The step with its message for a title, where it has one: what a KVI did, how many objectives moved."""
    if step.name.startswith("kvi-") and isinstance(step.blocks[0], Figure) and step.blocks[0].sentence:
        figure = step.blocks[0]
        return replace(step, title=figure.sentence.rstrip("."), blocks=(replace(figure, sentence=""), *step.blocks[1:]))
    if step.name.startswith("okrs") and document.act == "closing" and document.objectives:
        moved, whole = sum(map(has_moved, document.objectives)), counted(len(document.objectives), "objective")
        title = f"{moved or 'None'} of {whole} changed {plural(max(moved, 1), 'its', 'their')} status"
        return replace(step, title=title + cycle_and_day(document))
    if step.name == "goal" and document.act == "closing" and _came_true(document):
        return replace(step, title=_came_true(document))
    return step


def _came_true(document: ReviewDocument) -> str:
    measured = [each for each in document.predictions if each.outcome in (Outcome.HIT, Outcome.MISSED)]
    hits = sum(each.outcome == Outcome.HIT for each in measured)
    return f"{hits} of {counted(len(measured), 'prediction')} came true" if measured else ""


def _unusual(count: int) -> str:
    return f"{counted(count, 'KVI')} unusual" if count else "no KVI unusual"
