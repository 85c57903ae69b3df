"""A whole quarter in fast motion: draft, active, weekly check-ins, a target that moves, closing, carrying over.

July to September 2026 has 92 days. Progress of the typed key result is (value − 30) / 15 until its target moves from
45 to 40 %; on track needs 0.85 of the elapsed share, at risk 0.6. All expected statuses are worked out by hand.
"""

from dataclasses import replace
from datetime import date

import pytest

from kviboard.board.okrs.check_ins import CheckInForm, check_in
from kviboard.board.okrs.forms import KeyResultForm, ObjectiveForm, key_result_form
from kviboard.board.okrs.lifecycle import (
    GradeForm,
    activate,
    carry_over,
    carry_over_parts,
    close,
    closing_problems,
    reopen,
    suggest_closing,
)
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.okrs.saving import add_cycle, save_key_result, save_objective
from kviboard.domain.okrs.status import Status
from kviboard.errors import StoreError
from kviboard.store import NewCycle
from tests.board.okrs.given import an_author
from tests.numbers.second_route import cut, expected_table

BEGIN, LAST = date(2026, 7, 1), date(2026, 9, 30)
Q3 = NewCycle(name="Q3 2026", starts_on=BEGIN, ends_on=LAST)
Q4 = NewCycle(name="Q4 2026", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))
EXPLAIN = KeyResultForm(title="Callers who can explain their bill", unit="percent", baseline="30", target="45")
SMALL = {"segment": ["Small business"]}
ON_DATA = KeyResultForm(
    title="NPS of small businesses", kvi="net_promoter_score", grain="month", where=SMALL, baseline="-10", target="5"
)
PENDING, ON, RISK, OFF = Status.PENDING, Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK

WEEKS = [  # day, value checked in, confidence, status expected, elapsed and progress by hand
    (date(2026, 7, 6), "31", 6, PENDING),  # 6.5 %: not judged yet
    (date(2026, 7, 13), "32", 6, ON),  # 13.3 of 14.1 %, needs 12.0
    (date(2026, 7, 20), "32", 6, RISK),  # 13.3 of 21.7 %, needs 18.5, at risk 13.0
    (date(2026, 7, 27), "32", 5, OFF),  # 13.3 of 29.3 %, at risk needs 17.6
    (date(2026, 8, 3), "36", 3, RISK),  # 40 of 37.0 %, but confidence 3
    (date(2026, 8, 10), "36", 5, ON),  # 40 of 44.6 %, needs 37.9
    (date(2026, 8, 17), None, None, RISK),  # 40 of 52.2 %, needs 44.3; nobody looked for a week
    (date(2026, 8, 25), None, None, RISK),  # 40 of 60.9 %, needs 51.7, at risk 36.5
    (date(2026, 8, 31), "37", 6, ON),  # target 40: 70 of 67.4 %, needs 57.3
    (date(2026, 9, 14), "38", 6, ON),  # 80 of 82.6 %, needs 70.2
    (date(2026, 9, 28), "39", 6, ON),  # 90 of 97.8 %, needs 83.2
]


@pytest.fixture
def quarter(sample_context):
    """An objective with a typed and a KVI-driven key result, active from 1 July."""
    cycle = add_cycle(sample_context, Q3, author=an_author(date(2026, 6, 20)))
    form = ObjectiveForm(title="Small businesses find their price fair", team="Billing", owner="Product owner Billing")
    objective = save_objective(sample_context, cycle.id, form, author=an_author(date(2026, 6, 20)))
    for each in (EXPLAIN, ON_DATA):
        save_key_result(sample_context, objective.id, each, author=an_author(date(2026, 6, 21)))
    assert read_quarter(sample_context, cycle.id, date(2026, 6, 22)).objectives[0].state == "Draft"
    activate(sample_context, objective, author=an_author(BEGIN))
    return sample_context


def typed_on(context, day):
    """The typed key result as it was on a day."""
    return read_quarter(context, context.store.cycles.all()[-1].id, day).objectives[0].key_results[0]


def live_through(context):
    """Check in week by week; returns what each week's page said of the typed key result."""
    said = []
    for day, value, confidence, _ in WEEKS:
        record = context.store.key_results.get(1)
        if day == date(2026, 8, 31):
            form = replace(key_result_form(record), target="40")
            record = save_key_result(
                context, 1, form, record, "Belgium comes later.", author=an_author(date(2026, 8, 26))
            )
        if value is not None:
            check_in(context, record, CheckInForm(day=day, value=value, confidence=confidence), author=an_author(day))
        said.append(typed_on(context, day))
    return said


def test_every_week_says_what_its_numbers_say(quarter):
    said = live_through(quarter)
    assert [view.status for view in said] == [status for *_, status in WEEKS]
    assert said[6].badge is None  # seven days without a check-in are no more than the cadence
    assert said[7].badge.reason == "no check-in since 10 Aug 2026, 15 days; one is due every 14 days"
    assert said[8].badge is None
    assert [view.target_text for view in said] == ["45\u00a0%"] * 8 + ["40\u00a0%"] * 3


def test_looking_back_shows_each_week_as_it_was(quarter):
    said = live_through(quarter)
    for (day, *_), then in zip(WEEKS, said, strict=True):
        now = typed_on(quarter, day)
        assert (now.status, now.reason, now.target_text) == (then.status, then.reason, then.target_text)


def test_the_months_of_the_kvi_come_by_themselves(quarter):
    live_through(quarter)
    table = expected_table("net_promoter_score", "month", cut(None, SMALL)).set_index("period")["value"]
    for day, month in ((date(2026, 7, 31), "2026-07-01"), (date(2026, 9, 14), "2026-08-01")):
        current = read_quarter(quarter, 1, day).objectives[0].key_results[1].current
        assert (current.value, current.is_provisional) == (pytest.approx(table.loc[month]), False)
    before = read_quarter(quarter, 1, date(2026, 7, 30)).objectives[0].key_results[1].current
    assert (before.when, before.is_provisional) == ("Jul 2026 so far, 30 of 31 days", True)


def test_the_end_grades_and_carries_over(quarter):
    live_through(quarter)
    objective = quarter.store.objectives.get(1)
    september = expected_table("net_promoter_score", "month", cut(None, SMALL)).set_index("period").loc["2026-09-01"]
    moved = (september["value"] + 10) / 15
    closing = suggest_closing(quarter, 1)
    assert [part.view.status for part in closing.parts] == [Status.MISSED, Status.MISSED]
    assert closing.parts[0].suggested.grade == 0.9
    nearest, mean = (int(share * 10 + 0.5) / 10 for share in (moved, (0.95 + moved) / 2))
    assert max(nearest, mean) < 1  # the bar of what is committed: no rounding reaches it
    assert closing.parts[1].suggested.grade == pytest.approx(nearest)
    assert closing.suggested.grade == pytest.approx(mean)

    form = replace(closing.form, grade="0.8", outcome="keep", note="Explaining helps more than a discount.")
    assert [str(p) for p in closing_problems(closing, form)] == [
        f"Closing: the grade differs from the suggested {closing.suggested.grade:.1f}. Say why."
    ]
    with pytest.raises(StoreError, match="Say why"):
        close(quarter, objective, form, author=an_author(date(2026, 10, 1)))
    form = replace(form, reason="Belgium followed in the last week.")
    for _ in range(2):  # a double click
        closed = close(quarter, objective, form, author=an_author(date(2026, 10, 1), key="close"))
    assert (closed.state, float(closed.grade), closed.outcome) == ("Closed", 0.8, "keep")

    next_cycle = add_cycle(quarter, Q4, author=an_author(date(2026, 10, 1)))
    typed, measured = carry_over_parts(quarter, 1)
    assert (str(typed.values.baseline), str(typed.values.target)) == ("0.39", "0.4")
    assert float(measured.values.baseline) == pytest.approx(september["value"], abs=0.005)
    draft = carry_over(quarter, 1, next_cycle.id, [measured.view.record.id], author=an_author(date(2026, 10, 1)))
    view = read_quarter(quarter, next_cycle.id).objective(draft.id)
    assert (view.state, [part.record.title for part in view.key_results]) == ("Draft", ["NPS of small businesses"])
    assert view.record.carried_from_id == 1


def test_a_closed_objective_goes_on_only_with_a_reason(quarter):
    live_through(quarter)
    form = suggest_closing(quarter, 1).form
    closed = close(
        quarter,
        quarter.store.objectives.get(1),
        replace(form, outcome="modify", note="Not yet."),
        author=an_author(LAST),
    )
    with pytest.raises(StoreError, match="Say why it goes on"):
        reopen(quarter, closed, " ", author=an_author(LAST))
    again = reopen(quarter, closed, "One more week.", author=an_author(LAST))
    assert (again.state, again.grade, again.outcome) == ("Active", None, None)


def test_a_closing_needs_a_decision_a_note_and_grades_that_are_grades(quarter):
    live_through(quarter)
    closing = suggest_closing(quarter, 1)
    form = replace(closing.form, grade="7", key_results={1: GradeForm(grade="x"), 2: closing.form.key_results[2]})
    told = " ".join(str(problem) for problem in closing_problems(closing, form))
    for words in (
        "not between 0.0 and 1.0",
        "there is no decision",
        "the closing note is empty",
        "“x” is not a number",
    ):
        assert words in told


def test_nothing_is_carried_into_its_own_cycle(quarter):
    with pytest.raises(StoreError, match="its own cycle"):
        carry_over(quarter, 1, 1, [1], author=an_author(LAST))


def test_a_target_that_was_reached_is_left_open_for_the_next(quarter):
    live_through(quarter)
    check_in(quarter, quarter.store.key_results.get(1), CheckInForm(day=LAST, value="41"), author=an_author(LAST))
    values = carry_over_parts(quarter, 1)[0].values
    assert (str(values.baseline), values.target) == ("0.41", None)
