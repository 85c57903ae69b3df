"""Two meetings at the same hour: which one a phone belongs to, and what it is asked there."""

import pytest

from kviboard.board.context import BoardContext
from kviboard.board.reviews.asked import Asked, asked_of
from kviboard.board.reviews.meeting import freeze
from kviboard.board.reviews.polls import ask, reveal, say_confidence
from kviboard.store import Poll, Review
from tests.board.okrs.given import an_author
from tests.board.reviews.test_reviews import FEBRUARY_2, FEBRUARY_16, begun, opened

CHAIR = an_author(FEBRUARY_2)


@pytest.fixture
def two(context: BoardContext) -> tuple[Review, Review]:
    """The closing of Sprint 3 and the opening of Sprint 4."""
    closing = begun(context)
    opened(context, closing)
    return closing, begun(context, "Sprint 4", FEBRUARY_16)


def ask_both(context: BoardContext, two: tuple[Review, Review]) -> tuple[Poll, Poll]:
    sure = ask(context, two[0], "confidence", author=CHAIR)
    return sure, ask(context, two[1], "kvi:turnover", author=CHAIR)


def told(found: Asked) -> tuple[object, object, list[str]]:
    """The number of the poll, the meeting the browser is in, the others that ask."""
    return found.poll and found.poll.id, found.own and found.own.sprint, [each.sprint for each in found.others]


def test_where_one_meeting_asks_everybody_is_in_it(context: BoardContext, two: tuple[Review, Review]) -> None:
    assert told(asked_of(context.store, "", None)) == (None, None, [])
    poll = ask(context, two[0], "confidence", author=CHAIR)
    assert told(asked_of(context.store, "", None)) == (poll.id, "Sprint 3", [])


def test_where_two_ask_a_browser_of_neither_has_to_choose(context: BoardContext, two: tuple[Review, Review]) -> None:
    sure, change = ask_both(context, two)
    assert told(asked_of(context.store, "", None)) == (None, None, ["Sprint 4", "Sprint 3"])
    assert told(asked_of(context.store, "sprint-3", None)) == (sure.id, "Sprint 3", ["Sprint 4"])
    assert told(asked_of(context.store, "sprint-4", None)) == (change.id, "Sprint 4", ["Sprint 3"])


def test_a_browser_stays_in_its_meeting_and_sees_there_what_was_revealed(
    context: BoardContext, two: tuple[Review, Review]
) -> None:
    sure, _ = ask_both(context, two)
    assert told(asked_of(context.store, "", sure.id)) == (sure.id, "Sprint 3", ["Sprint 4"])
    say_confidence(context, sure, 4, "", "a", "")
    reveal(context, sure.id, author=CHAIR)
    assert told(asked_of(context.store, "", sure.id)) == (sure.id, "Sprint 3", ["Sprint 4"])


def test_a_meeting_that_asks_nothing_yet_is_waited_for(context: BoardContext, two: tuple[Review, Review]) -> None:
    ask(context, two[1], "kvi:turnover", author=CHAIR)
    assert told(asked_of(context.store, "sprint-3", None)) == (None, "Sprint 3", ["Sprint 4"])


def test_after_its_meeting_a_browser_goes_along_to_the_next(context: BoardContext, two: tuple[Review, Review]) -> None:
    """The closing of a sprint and the opening of the next follow one another with the same phones."""
    sure, change = ask_both(context, two)
    say_confidence(context, sure, 4, "", "a", "")
    reveal(context, sure.id, author=CHAIR)
    freeze(context, two[0], "closing", ["Ada"], author=an_author(FEBRUARY_16))
    for address in ("", "sprint-3"):
        assert told(asked_of(context.store, address, sure.id)) == (change.id, "Sprint 4", [])
