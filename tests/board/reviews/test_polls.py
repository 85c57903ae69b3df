"""Blind predictions and confidence in a meeting: what is typed, what is told before and after the reveal, by hand."""

from datetime import UTC, date
from decimal import Decimal

import pytest

from kviboard.board.context import BoardContext
from kviboard.board.reviews.document import PollRecord, from_json, to_json
from kviboard.board.reviews.meeting import DecisionForm, decide, document_of, freeze, frozen_document, move
from kviboard.board.reviews.polls import ask, guess_change, poll_record, reveal, say_confidence, say_why, take_median
from kviboard.documents.markdown.minutes import minutes_markdown
from kviboard.documents.minutes import minutes_story
from kviboard.documents.review.story import review_story, without_unasked
from kviboard.errors import StoreError
from kviboard.store import Poll, Review
from tests.board.okrs.given import an_author
from tests.board.reviews.test_reviews import FEBRUARY_2, FEBRUARY_16, begun, opened

CHAIR = an_author(FEBRUARY_2)


def the_poll(context: BoardContext, review: Review) -> PollRecord:
    act = "closing" if context.store.reviews.whole(review.id).opening else "opening"
    return document_of(context, context.store.reviews.whole(review.id), act, CHAIR).polls[-1]


def guess(context: BoardContext, poll: Poll, who: str, way: str, by: str = "", sure: int = 70, why: str = "") -> None:
    guess_change(context, poll, way, by, sure, why, who, "")


def test_nothing_is_told_before_the_reveal_but_how_many_answered(context: BoardContext) -> None:
    review = begun(context)
    poll = ask(context, review, "kvi:turnover", author=CHAIR)
    guess(context, poll, "a", "up", "1,204.50", why="A campaign")
    guess(context, poll, "b", "down", "3")
    shown = the_poll(context, review)
    assert (shown.answered, shown.is_revealed, shown.lines, shown.middle_text, shown.team_text) == (
        2,
        False,
        (),
        "",
        "",
    )
    assert shown.now_text == "It stands at €5.5 (Sprint 2)."
    told = repr(review_story(document_of(context, context.store.reviews.whole(review.id), "opening", CHAIR)))
    assert "campaign" not in told
    assert "1,20" not in told


def test_the_reveal_tells_the_spread_and_the_median_becomes_the_team_s_prediction(context: BoardContext) -> None:
    review = begun(context)
    poll = ask(context, review, "kvi:turnover", author=CHAIR)
    for browser, way, by, sure in (
        ("a", "up", "4", 90),
        ("b", "down", "2", 50),
        ("c", "up", "1", 60),
        ("d", "same", "", 60),
    ):
        guess(context, poll, browser, way, by, sure)
    reveal(context, poll.id, author=CHAIR)
    say_why(context, poll, "Holidays", "b")
    shown = the_poll(context, review)
    assert [(line.label, line.count, line.sure_text) for line in shown.lines] == [
        ("+€4", 1, "90 % sure"), ("+€1", 1, "60 % sure"), ("±0", 1, "60 % sure"), ("−€2", 1, "50 % sure"),
    ]  # fmt: skip
    assert (shown.middle_text, shown.lowest_text, shown.highest_text) == ("+€0.5", "−€2", "+€4")
    assert (shown.lowest_why, shown.highest_why) == (("Holidays",), ())
    assert shown.team_text == "at least +€0.5, 60 % sure"
    made = take_median(context, review, poll.id, author=CHAIR)
    assert (made.lower, made.upper, made.confidence) == (Decimal("0.5"), None, 60)
    assert made.because == "The middle of 4 predictions made blind"
    assert the_poll(context, review).is_taken
    frozen = opened(context, review)
    assert from_json(to_json(frozen)).polls == frozen.polls
    said = minutes_markdown(minutes_story(frozen, context.store.reviews.whole(review.id), UTC))
    assert "In the middle +€0.5, from −€2 to +€4" in said.replace("\\", "")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (  # moves of 5 nine times, of 4 once: all but one move is 5, so no half of them is more than 5
            [5, 0, 5, 0, 5, 0, 5, 0, 5, 0, 4],
            "At least half of the time it moves by €5 or more from one sprint to the next, by itself.",
        ),
        ([7] * 8 + [8], "At least half of the time it is the same from one sprint to the next, by itself."),
        ([7] * 8, "How much it moves by itself from sprint to sprint is not known yet."),  # seven moves
    ],
)
def test_what_is_said_of_chance_holds_where_many_moves_are_alike(context: BoardContext, values, said) -> None:
    review = begun(context)
    poll = ask(context, review, "kvi:turnover", author=CHAIR)
    numbers = document_of(context, context.store.reviews.whole(review.id), "opening", CHAIR)
    history = {"value": values, "complete": [True] * len(values)}
    kvis = [each.model_copy(update={"history": history}) for each in numbers.kvis if each.name == "turnover"]
    assert poll_record(context, numbers.model_copy(update={"kvis": kvis}), poll).usual_text == said


@pytest.mark.parametrize(
    ("way", "by", "sure", "why", "sentence"),
    [
        ("", "2", 70, "", "says no way"),
        ("up", "", 70, "", "By at least"),
        ("down", "0", 70, "", "By at least"),
        ("up", "x", 70, "", "“x” is not a number"),
        ("up", "-2", 70, "", "below zero"),
        ("up", "2", None, "", "How sure"),
        ("up", "2", 42, "", "How sure"),
        ("up", "2", 70, "x" * 281, "longer than 280"),
    ],
)
def test_what_says_nothing_is_refused_in_words(
    context: BoardContext, way: str, by: str, sure: int | None, why: str, sentence: str
) -> None:
    poll = ask(context, begun(context), "kvi:turnover", author=CHAIR)
    with pytest.raises(StoreError) as refused:
        guess_change(context, poll, way, by, sure, why, "a", "")
    assert sentence in " ".join(map(str, refused.value.problems))
    assert context.store.polls.count(poll.id) == 0


@pytest.mark.parametrize("what", ["", "kvi:", "kvi:nothing", "key_result:x", "key_result:99", "mood"])
def test_what_is_no_kvi_and_no_key_result_is_not_asked(context: BoardContext, what: str) -> None:
    with pytest.raises(StoreError):
        ask(context, begun(context), what, author=CHAIR)


def test_one_thing_at_a_time_is_asked(context: BoardContext) -> None:
    review = begun(context)
    ask(context, review, "kvi:turnover", author=CHAIR)
    with pytest.raises(StoreError, match="reveal it first"):
        ask(context, review, "confidence", author=CHAIR)


def test_what_nobody_revealed_is_asked_no_more_when_its_meeting_is_over(context: BoardContext) -> None:
    """It stands in nobody's way, at the same review's closing and in later meetings."""
    review = begun(context)
    forgotten = ask(context, review, "kvi:turnover", author=CHAIR)
    opened(context, review)
    assert context.store.polls.running() == []
    with pytest.raises(StoreError, match="The meeting that asked this is over"):
        guess(context, forgotten, "a", "up", "2")
    last = ask(context, review, "confidence", author=CHAIR)
    assert [each.id for each in context.store.polls.running()] == [last.id]
    say_confidence(context, last, 4, "", "a", "")
    freeze(context, review, "closing", ["Bo"], author=an_author(FEBRUARY_16))
    assert context.store.polls.running() == []
    with pytest.raises(StoreError, match="The meeting that asked this is over"):
        say_confidence(context, last, 2, "", "a", "")
    assert (context.store.polls.count(forgotten.id), context.store.polls.count(last.id)) == (0, 1)


def test_confidence_is_asked_at_the_end_with_a_word(context: BoardContext) -> None:
    review = begun(context)
    opened(context, review)
    poll = ask(context, review, "confidence", author=CHAIR)
    for browser, grade, word in (("a", 5, "hopeful"), ("b", 4, ""), ("c", 4, "Better"), ("d", 1, "tired")):
        say_confidence(context, poll, grade, word, browser, "")
    for wrong, said in ((None, ""), (6, ""), (3, "x" * 31)):
        with pytest.raises(StoreError):
            say_confidence(context, poll, wrong, said, "e", "")
    reveal(context, poll.id, author=CHAIR)
    shown = the_poll(context, review)
    assert [(line.label, line.count) for line in shown.lines] == [("5", 1), ("4", 2), ("3", 0), ("2", 0), ("1", 1)]
    assert (shown.middle_text, shown.words) == ("3.5 of 5", ("Better", "hopeful", "tired"))
    author = an_author(FEBRUARY_16)
    closed = frozen_document(freeze(context, review, "closing", ["Bo"], author=author))
    story = minutes_story(closed, context.store.reviews.whole(review.id), UTC)
    assert "3.5 of 5 on average, 4 answers" in minutes_markdown(story).replace("\\", "")
    with pytest.raises(StoreError, match="revealed"):
        say_confidence(context, poll, 3, "", "f", "")


def test_minutes_leave_out_what_nobody_was_asked(context: BoardContext) -> None:
    review = begun(context)
    held = review_story(document_of(context, context.store.reviews.whole(review.id), "opening", CHAIR))
    assert "blind" in {step.name for step in held.steps}
    assert "blind" not in {step.name for step in without_unasked(held).steps}


def test_a_decision_is_moved_with_its_reason(context: BoardContext) -> None:
    form = DecisionForm(text="Draw a map", owner="Bo", due_on=date(2026, 2, 20))
    made = decide(context, begun(context), form, author=CHAIR)
    for day, why in ((None, "Later"), (date(2026, 3, 1), " "), (date(2026, 2, 20), "The same day")):
        with pytest.raises(StoreError):
            move(context, made, day, why, author=CHAIR)
    moved = move(context, made, date(2026, 3, 1), "The fitter is away", author=CHAIR)
    assert (moved.state, moved.due_on) == ("open", date(2026, 3, 1))
    assert moved.outcome == "moved from 20 Feb 2026: The fitter is away"
