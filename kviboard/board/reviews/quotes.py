"""Quotes in a review: what customers wrote, chosen by people, read from the exports until the review is frozen."""

from collections.abc import Sequence
from textwrap import shorten

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.reviews.document import SEPARATOR, Voice
from kviboard.board.views.views import lacks, read_view
from kviboard.errors import StoreError
from kviboard.store import Quote, ReviewRecord

_LETTERS = 80  # of what a customer wrote, where one is chosen from a list


def comment_of(board: Board, response_id: str) -> Voice:
    """What was written in one answer. StoreError where the exports do not have it, or nothing was written."""
    found = _voices_of(board, [response_id])
    if response_id not in found:
        raise StoreError("This comment is not in the exports any more: look again.")
    return found[response_id]


def quoted_voices(board: Board, quotes: Sequence[Quote]) -> dict[int, Voice]:
    """What was chosen, by the number of the quote and in that order; without what the exports do not have any more."""
    found = _voices_of(board, [each.response_id for each in quotes if each.response_id])
    return {
        each.id: found[each.response_id].model_copy(update={"quoted_by": each.created_by})
        for each in quotes
        if each.response_id in found
    }


def words_to_answer(board: Board, record: ReviewRecord) -> dict[int, str]:
    """What was chosen for a review and is still in the exports, shortened, by the number of the quote."""
    found = quoted_voices(board, record.quotes)
    return {number: shorten(voice.text, _LETTERS, placeholder="…") for number, voice in found.items()}


def _voices_of(board: Board, response_ids: Sequence[str]) -> dict[str, Voice]:
    if not any(response_ids) or "comments" not in board.catalog.views or lacks(board, "comments"):
        return {}
    asked = SEPARATOR.join(response_ids)
    rows = read_view(board, "comments", View(), response_ids=asked, most=len(response_ids)).to_dict("records")
    return {
        row["response_id"]: Voice(
            band=row["band"],
            score=row["score"],
            day=row["day"].date(),
            text=row["comment"],
            touchpoint=row["touchpoint"] if isinstance(row["touchpoint"], str) else "",
            response_ids=row["response_id"],
        )
        for row in rows
    }
