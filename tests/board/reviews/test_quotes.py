"""What a customer wrote is chosen for a review: it stands first at the closing, and is gone with the customer."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kviboard.board.board import Board
from kviboard.board.context import BoardContext
from kviboard.board.reviews.contributions import with_contributions
from kviboard.board.reviews.document import ReviewDocument, from_json, to_json
from kviboard.board.reviews.meeting import quote
from kviboard.board.reviews.redaction import take_out_voices
from kviboard.board.reviews.snapshot import Occasion, take_numbers
from kviboard.board.reviews.sprints import ReviewedSprint, quotable
from kviboard.documents.review.agenda import in_one_line
from kviboard.documents.review.story import review_story
from kviboard.domain.periods import Sprint
from kviboard.domain.reviews.predictions import Stage
from kviboard.errors import StoreError
from kviboard.store import Author
from tests.board.conftest import ALL
from tests.board.okrs.given import context_on

ANN = Author("Ann", datetime(2026, 1, 18, 9, 0, tzinfo=UTC))
SPRINT = Sprint("Sprint 1", date(2026, 1, 5), date(2026, 1, 18))
RESPONSES = """response_id,customer_id,responded_at,score,touchpoint,comment
r1,a,2026-01-06,9,Shop,Well done
r2,b,2025-12-20,2,Delivery,Two weeks late
r3,,2026-01-07,4,,Nobody answers
r4,c,2026-01-08,1,,
r5,c,2026-01-09,8,,Fine
"""


@pytest.fixture
def said(tiny: Callable[..., Board], tmp_path: Path):
    opened = context_on(tiny(marts=ALL, responses=RESPONSES), tmp_path)
    yield opened
    opened.store.close()


def chosen(context: BoardContext, *response_ids: str) -> ReviewDocument:
    """The closing's document once these answers were chosen."""
    sprint = ReviewedSprint(SPRINT, None, Stage.NOT_BEGUN)
    for response_id in response_ids:
        made = quote(context, sprint, response_id, author=ANN)
    numbers = take_numbers(context, Occasion("closing", SPRINT))
    return with_contributions(context, numbers, context.store.reviews.whole(made.review_id))


def test_what_was_chosen_has_a_step_of_its_own_and_is_not_told_twice(said: BoardContext) -> None:
    document = chosen(said, "r3", "r2", "r1", "r5")  # of nobody known, and from before the sprint, too
    steps = {step.name: step for step in review_story(document).steps}
    quotes = [(block.title, *block.quotes[0]) for name in ("quoted", "quoted-2") for block in steps[name].blocks]
    assert quotes == [
        ("A detractor", "Nobody answers", "score 4 · 7 Jan 2026 · chosen by Ann"),
        ("A detractor", "Two weeks late", "score 2 · 20 Dec 2025 · Delivery · chosen by Ann"),
        ("A promoter", "Well done", "score 9 · 6 Jan 2026 · Shop · chosen by Ann"),
        ("A passive", "Fine", "score 8 · 9 Jan 2026 · chosen by Ann"),
    ]
    assert in_one_line(steps["quoted-2"]) == "A passive"
    voices = steps["voices"].blocks
    assert [block.title.replace("\u00a0", " ") for block in voices] == [
        "Promoters (9–10): 1 answer", "Passives (7–8): 1 answer", "Detractors (0–6): 2 answers",
    ]  # fmt: skip
    assert not any(block.quotes for block in voices)


def test_nothing_is_quoted_that_was_not_written(said: BoardContext) -> None:
    for response_id in ("r4", "r77", ""):  # without a comment, unknown, and none
        with pytest.raises(StoreError, match="not in the exports any more"):
            chosen(said, response_id)
    assert said.store.reviews.all() == []


def test_a_quote_is_gone_with_the_customer_before_and_after_the_closing(said: BoardContext) -> None:
    document = to_json(chosen(said, "r2", "r1"))
    assert take_out_voices(document, frozenset({"r2"}), frozenset()) == 1
    (step,) = [step for step in review_story(from_json(document)).steps if step.name == "quoted"]
    assert [block.quotes[0][0] for block in step.blocks] == ["(removed: this customer is forgotten)", "Well done"]
    assert said.store.quotes.forget({"r2"}) == 1
    record = said.store.reviews.whole(said.store.reviews.all()[0].id)
    again = with_contributions(said, take_numbers(said, Occasion("closing", SPRINT)), record)
    assert [voice.text for voice in again.voices if voice.quoted_by] == ["Well done"]


def test_a_review_takes_quotes_from_the_first_day_of_its_sprint_until_it_is_closed() -> None:
    def sprint(month: int, stage: Stage) -> ReviewedSprint:
        return ReviewedSprint(Sprint(f"S{month}", date(2026, month, 1), date(2026, month, 14)), None, stage)

    sprints = [sprint(4, Stage.NOT_BEGUN), sprint(3, Stage.NOT_BEGUN), sprint(2, Stage.CLOSED), sprint(1, Stage.OPEN)]
    found = quotable(sprints, date(2026, 3, 1))
    assert [each.sprint.name for each in found] == ["S3"]  # of January there is no review, and it is over for long
    assert quotable(sprints, date(2026, 2, 14))[0].sprint.name == "S1"
