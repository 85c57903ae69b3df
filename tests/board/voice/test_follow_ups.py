"""Closing the loop on a tiny company: taking answers up, what is open, and how many detractors were called back."""

from datetime import UTC, date, datetime

import pytest

from kviboard.board.context import BoardContext
from kviboard.board.people.waiting import Kind, waiting
from kviboard.board.voice.follow_ups import (
    Loop,
    answer_of,
    called_back_by,
    follow_ups_of,
    loop_of,
    settle_follow_up,
    take_up,
)
from kviboard.domain.voice.follow_ups import CalledBack
from kviboard.errors import StoreError
from kviboard.store import Author
from tests.board.okrs.given import context_on

FIRST = date(2026, 3, 2)  # the day of the first answer that is taken up
ANN = Author("Ann", datetime(2026, 3, 12, 9, 0, tzinfo=UTC))
RESPONSES = """response_id,customer_id,responded_at,score
1,a,2026-02-27,10
2,b,2026-03-02,3
3,c,2026-03-03,0
4,,2026-03-04,1
5,a,2026-03-10,6
6,b,2026-03-12,5
"""


@pytest.fixture
def loop_context(tiny, tmp_path):
    """Data to Thursday 12 March 2026: the time is over for answers up to Tuesday the 10th."""
    opened = context_on(tiny(responses=RESPONSES), tmp_path)
    yield opened
    opened.store.close()


def taken(context: BoardContext, response_id: str, due: date = date(2026, 3, 6)):
    return take_up(context, answer_of(context, response_id), "Care lead", due, author=ANN)


def test_an_answer_is_taken_up_as_the_exports_have_it(loop_context: BoardContext) -> None:
    made = taken(loop_context, "2")
    assert (made.response_id, made.answered_on, made.band, made.state) == ("2", date(2026, 3, 2), "detractor", "open")
    assert taken(loop_context, "1").band == "promoter"
    for unknown in ("4", "77", ""):  # an anonymous one, none, and none named
        with pytest.raises(StoreError, match="names no customer"):
            answer_of(loop_context, unknown)


def test_who_calls_by_when_must_be_said(loop_context: BoardContext) -> None:
    with pytest.raises(StoreError) as refused:
        take_up(loop_context, answer_of(loop_context, "2"), " ", None, author=ANN)
    assert [problem.where for problem in refused.value.problems] == ["Owner", "Due day"]
    made = taken(loop_context, "2")
    with pytest.raises(StoreError) as refused:
        settle_follow_up(loop_context, made, None, None, "", author=ANN)
    assert [problem.where for problem in refused.value.problems] == ["Outcome", "Day"]
    with pytest.raises(StoreError, match="2 Mar 2026 or later"):
        settle_follow_up(loop_context, made, "talked", date(2026, 3, 1), "", author=ANN)
    with pytest.raises(StoreError, match="why nobody calls"):
        settle_follow_up(loop_context, made, None, None, "", dropped=True, author=ANN)


def test_open_ones_stand_by_their_due_day(loop_context: BoardContext) -> None:
    taken(loop_context, "5", date(2026, 3, 12))
    taken(loop_context, "2", date(2026, 3, 6))
    taken(loop_context, "6", date(2026, 3, 16))
    found = loop_of(loop_context)
    assert [(each.follow_up.response_id, each.when) for each in found.open] == [
        ("2", "6 days past due"), ("5", "due today"), ("6", "due 16 Mar 2026")
    ]  # fmt: skip
    assert len(found.past_due) == 1
    assert found.in_words.startswith("3 answers of customers wait for a call, 1 of them past due. Since 2 Mar 2026, 0")


def test_called_back_counts_all_detractors_since_the_first_follow_up_whose_time_is_over(
    loop_context: BoardContext,
) -> None:
    assert loop_of(loop_context) == Loop()
    in_time, late = taken(loop_context, "2"), taken(loop_context, "5")
    settle_follow_up(loop_context, in_time, "talked", date(2026, 3, 4), "", author=ANN)
    settle_follow_up(loop_context, late, "solved", date(2026, 3, 13), "", author=ANN)
    # answers 2, 3 and 5: the anonymous one cannot be called, and the time of number 6 is not over
    assert loop_of(loop_context).rate == CalledBack(1, 3, FIRST)
    promoters = take_up(loop_context, answer_of(loop_context, "1"), "Care lead", date(2026, 3, 3), author=ANN)
    settle_follow_up(loop_context, promoters, "talked", date(2026, 3, 2), "Thanked", author=ANN)
    assert loop_of(loop_context).rate == CalledBack(1, 3, FIRST)


def test_called_back_stood_at_an_earlier_day_as_it_was_then(loop_context: BoardContext) -> None:
    """The time is over for answer 2 on 4 March, for 3 on the 5th, for 5 on the 12th."""
    settle_follow_up(loop_context, taken(loop_context, "2"), "talked", date(2026, 3, 4), "", author=ANN)
    days = [date(2026, 3, 3), date(2026, 3, 4), loop_context.board.today]
    assert called_back_by(loop_context, follow_ups_of(loop_context), days) == [
        CalledBack(0, 0),
        CalledBack(1, 1, FIRST),
        CalledBack(1, 3, FIRST),
    ]


def test_an_answer_of_a_customer_who_is_left_out_waits_for_nobody(tiny, loop_context: BoardContext) -> None:
    """Numbers 2 and 5 turn out to be of test accounts. Exports that only begin later deny nobody."""
    settle_follow_up(loop_context, taken(loop_context, "2"), "talked", date(2026, 3, 4), "", author=ANN)
    for number in ("1", "5", "6"):
        taken(loop_context, number, date(2026, 3, 12))
    left_out = BoardContext(tiny(responses=without("25")), loop_context.store)
    assert [each.response_id for each in follow_ups_of(left_out)] == ["1", "6"]
    assert [each.follow_up.response_id for each in loop_of(left_out).open] == ["1", "6"]
    assert [each.title for each in waiting(left_out) if each.kind == Kind.CALL] == [
        "A detractor's answer of 12 Mar 2026", "A promoter's answer of 27 Feb 2026"
    ]  # fmt: skip
    assert loop_of(left_out).rate == CalledBack(0, 0)
    later = BoardContext(tiny(responses=without("123")), loop_context.store)
    assert [each.response_id for each in follow_ups_of(later)] == ["2", "1", "5", "6"]


def without(numbers: str) -> str:
    return "".join(line for line in RESPONSES.splitlines(keepends=True) if line[0] not in numbers)
