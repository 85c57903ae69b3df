"""Draft, active, closed, reopened, carried over; check-ins and their corrections."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kviboard.domain.okrs.model import PlanPoint
from kviboard.errors import ConflictError, StoreError
from kviboard.store import Grade, NewCycle, NewGuardrail, Objective, Store, TargetValues
from tests.store.given import (
    COLLEAGUE,
    MONDAY,
    OWNER,
    a_cycle,
    a_key_result,
    an_active_key_result,
    an_objective,
    new_check_in,
)

GRADE = Grade(outcome="modify", grade=Decimal("0.7"), suggested_grade=Decimal("0.7"), closing_note="Half of it helped.")


def an_active_objective(store: Store) -> Objective:
    return store.objectives.get(an_active_key_result(store).objective_id)


def test_an_objective_becomes_active_when_its_key_results_are_complete(store: Store) -> None:
    objective = an_objective(store, a_cycle(store))
    with pytest.raises(StoreError, match="no key result"):
        store.life_cycle.activate(objective, author=OWNER)
    key_result = a_key_result(store, objective, target=None)
    with pytest.raises(StoreError, match="no target"):
        store.life_cycle.activate(objective, author=OWNER)
    store.key_results.edit(replace(key_result, target=Decimal(80)), author=OWNER)
    assert store.life_cycle.activate(objective, author=OWNER).state == "Active"


def test_an_incomplete_key_result_cannot_join_an_active_objective(store: Store) -> None:
    with pytest.raises(StoreError, match="no baseline"):
        a_key_result(store, an_active_objective(store), baseline=None)


def test_closing_keeps_the_grades_and_nothing_changes_afterwards(store: Store) -> None:
    key_result = an_active_key_result(store)
    objective = store.objectives.get(key_result.objective_id)
    own = replace(GRADE, grade=Decimal("0.5"), grade_reason="The last month was luck.")
    closed = store.life_cycle.close(objective, GRADE, {key_result.id: own}, author=COLLEAGUE)
    graded = store.key_results.get(key_result.id)
    assert (closed.state, closed.outcome, closed.grade, closed.closing_note) == (
        "Closed",
        "modify",
        Decimal("0.7"),
        "Half of it helped.",
    )
    assert (graded.grade, graded.suggested_grade, graded.grade_reason) == (
        Decimal("0.5"),
        Decimal("0.7"),
        "The last month was luck.",
    )
    for change in (
        lambda: store.objectives.edit(replace(closed, title="Customers wait"), author=OWNER),
        lambda: store.key_results.edit(replace(graded, title="Other"), author=OWNER),
        lambda: store.guardrails.add(
            NewGuardrail(objective_id=closed.id, kvi="nps", grain="week", lower=Decimal(1)), author=OWNER
        ),
        lambda: a_key_result(store, closed),
        lambda: store.check_ins.add(new_check_in(graded), author=OWNER),
    ):
        with pytest.raises(StoreError, match="closed"):
            change()
    gone = store.objectives.archive(closed, author=OWNER)
    assert store.objectives_of(closed.cycle_id) == []
    assert store.objectives.restore(gone, author=OWNER).grade == Decimal("0.7")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"grade": Decimal("0.9")}, "needs a reason"),
        ({"grade": Decimal("1.1"), "suggested_grade": Decimal("1.1")}, "between 0.0 and 1.0"),
        ({"grade": None}, "Closing needs a grade"),
        ({"outcome": "celebrate"}, "keep, modify or abandon"),
    ],
)
def test_a_closing_that_makes_no_sense_is_refused_whole(store: Store, wrong: dict[str, object], sentence: str) -> None:
    key_result = an_active_key_result(store)
    objective = store.objectives.get(key_result.objective_id)
    with pytest.raises(StoreError, match=sentence):
        store.life_cycle.close(objective, replace(GRADE, **wrong), {key_result.id: GRADE}, author=OWNER)
    assert store.objectives.get(objective.id) == objective
    assert store.key_results.get(key_result.id) == key_result


def test_an_objective_that_fails_to_close_leaves_its_key_results_ungraded(store: Store) -> None:
    key_result = an_active_key_result(store)
    objective = store.objectives.get(key_result.objective_id)
    with pytest.raises(StoreError, match="needs a reason"):
        store.life_cycle.close(objective, GRADE, {key_result.id: replace(GRADE, grade=Decimal(1))}, author=OWNER)
    assert store.objectives.get(objective.id) == objective


def test_reopening_takes_the_grades_back_and_the_history_keeps_them(store: Store) -> None:
    key_result = an_active_key_result(store)
    objective = store.objectives.get(key_result.objective_id)
    closed = store.life_cycle.close(objective, GRADE, {key_result.id: GRADE}, author=OWNER)
    reopened = store.life_cycle.reopen(closed, "Closed a week too early", author=COLLEAGUE)
    assert (reopened.state, reopened.outcome, reopened.grade) == ("Active", None, None)
    assert store.key_results.get(key_result.id).grade is None
    last = store.history.of("objectives", objective.id)[-1]
    assert (last.action, last.reason, last.before) == (
        "reopened",
        "Closed a week too early",
        {
            "grade": "0.7",
            "suggested_grade": "0.7",
            "outcome": "modify",
            "closing_note": "Half of it helped.",
            "state": "Closed",
        },
    )


def test_steps_out_of_order_are_refused(store: Store) -> None:
    draft = an_objective(store, a_cycle(store))
    with pytest.raises(StoreError, match="has to be active"):
        store.life_cycle.close(draft, GRADE, {}, author=OWNER)
    with pytest.raises(StoreError, match="has to be closed"):
        store.life_cycle.reopen(draft, "why not", author=OWNER)


def test_carrying_over_copies_the_chosen_as_a_draft_at_the_new_baseline(store: Store) -> None:
    objective = an_objective(store, a_cycle(store), team="Search", owner="Product lead")
    plan = (PlanPoint(date(2026, 11, 1), Decimal("0.5")),)
    going_on = a_key_result(store, objective, plan=plan, kvi="nps", grain="month", where={"country": ["NL"]})
    a_key_result(store, objective, title="Stays behind")
    store.guardrails.add(
        NewGuardrail(objective_id=objective.id, kvi="complaints", grain="week", upper=Decimal(4)), author=OWNER
    )
    following = store.cycles.add(
        NewCycle(name="Q1 2027", starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 31)), author=OWNER
    )
    new_values = TargetValues(baseline=Decimal(62), target=Decimal(90))
    carried = store.life_cycle.carry_over(objective.id, following.id, {going_on.id: new_values}, author=COLLEAGUE)
    (row,) = store.objectives_of(following.id)
    (copy,) = [each.key_result for each in row.key_results]
    assert row.objective == carried
    assert (carried.state, carried.team, carried.owner, carried.carried_from_id) == (
        "Draft",
        "Search",
        "Product lead",
        objective.id,
    )
    assert (copy.baseline, copy.target, copy.plan, copy.carried_from_id) == (Decimal(62), Decimal(90), (), going_on.id)
    assert (copy.kvi, copy.where, copy.version) == ("nps", {"country": ["NL"]}, 1)
    assert [rail.kvi for rail in row.guardrails] == ["complaints"]
    assert store.key_results.get(going_on.id) == going_on


def test_a_carried_objective_supports_the_copy_of_its_parent(store: Store) -> None:
    cycle = a_cycle(store)
    parent = an_objective(store, cycle, title="Customers stay")
    child = an_objective(store, cycle, parent_id=parent.id)
    alone = an_objective(store, cycle, title="Customers return", parent_id=child.id)
    into = store.cycles.add(
        NewCycle(name="Q1 2027", starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 31)), author=OWNER
    ).id
    carried_parent = store.life_cycle.carry_over(parent.id, into, {}, author=OWNER)
    assert store.life_cycle.carry_over(child.id, into, {}, author=OWNER).parent_id == carried_parent.id
    assert store.life_cycle.carry_over(parent.id, into, {}, author=OWNER).parent_id is None
    assert store.objectives.get(alone.id).cycle_id == cycle.id


def test_a_check_in_keeps_value_confidence_and_words(store: Store) -> None:
    key_result = an_active_key_result(store)
    check_in = store.check_ins.add(
        new_check_in(key_result, "-45.50", confidence=6, comment="Two weeks late"), author=COLLEAGUE
    )
    assert store.check_ins.of(key_result.id) == [check_in]
    assert (check_in.value, check_in.confidence, check_in.comment, check_in.day) == (
        Decimal("-45.5"),
        6,
        "Two weeks late",
        date(2026, 11, 2),
    )
    assert (check_in.created_by, check_in.corrects_id) == ("a colleague", None)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ({"confidence": 11}, "between 0 and 10"),
        ({"confidence": -1}, "between 0 and 10"),
        ({"value": None}, "needs a value, a confidence or a comment"),
        ({"value": None, "comment": "  "}, "needs a value, a confidence or a comment"),
        ({"value": "Infinity"}, "not a number"),
    ],
)
def test_a_check_in_that_says_nothing_or_nonsense_is_refused(
    store: Store, what: dict[str, object], sentence: str
) -> None:
    key_result = an_active_key_result(store)
    with pytest.raises(StoreError, match=sentence):
        store.check_ins.add(new_check_in(key_result, **what), author=OWNER)
    assert store.check_ins.of(key_result.id) == []


def test_only_what_is_active_and_not_archived_is_checked_in(store: Store) -> None:
    draft = a_key_result(store, an_objective(store, a_cycle(store)))
    with pytest.raises(StoreError, match="is draft: only an active one"):
        store.check_ins.add(new_check_in(draft), author=OWNER)
    store.life_cycle.activate(store.objectives.get(draft.objective_id), author=OWNER)
    store.key_results.archive(draft, author=OWNER)
    with pytest.raises(StoreError, match="is archived"):
        store.check_ins.add(new_check_in(draft), author=OWNER)


def test_a_correction_replaces_the_check_in_on_the_page_and_keeps_it_in_the_story(store: Store) -> None:
    key_result = an_active_key_result(store)
    first = store.check_ins.add(new_check_in(key_result, "45", day=1), author=OWNER)
    remark = store.check_ins.add(new_check_in(key_result, None, day=2, comment="Still waiting"), author=OWNER)
    wrong = store.check_ins.add(new_check_in(key_result, "540", day=9), author=OWNER)
    right = store.check_ins.correct(wrong, new_check_in(key_result, "54", day=9), author=COLLEAGUE)
    assert (right.corrects_id, right.created_by) == (wrong.id, "a colleague")
    assert store.check_ins.of(key_result.id) == [first, remark, wrong, right]
    cycle_id = store.objectives.get(key_result.objective_id).cycle_id
    (row,) = store.objectives_of(cycle_id)
    assert row.key_results[0].check_ins == (right, remark, first)
    assert store.objectives_of(cycle_id, newest=1)[0].key_results[0].check_ins == (right, first)  # and the value before


def test_a_check_in_is_corrected_once_and_the_correction_can_be_corrected(store: Store) -> None:
    key_result = an_active_key_result(store)
    wrong = store.check_ins.add(new_check_in(key_result, "540"), author=OWNER)
    right = store.check_ins.correct(wrong, new_check_in(key_result, "54"), author=COLLEAGUE)
    with pytest.raises(ConflictError, match="a colleague corrected this check-in already"):
        store.check_ins.correct(wrong, new_check_in(key_result, "55"), author=OWNER)
    final = store.check_ins.correct(right, new_check_in(key_result, "53"), author=OWNER)
    (row,) = store.objectives_of(store.objectives.get(key_result.objective_id).cycle_id)
    assert row.key_results[0].check_ins == (final,)


def test_a_correction_stays_with_its_key_result(store: Store) -> None:
    key_result = an_active_key_result(store)
    other = a_key_result(store, store.objectives.get(key_result.objective_id), title="Another")
    wrong = store.check_ins.add(new_check_in(key_result, "540"), author=OWNER)
    with pytest.raises(StoreError, match="not there any more"):
        store.check_ins.correct(wrong, new_check_in(other, "54"), author=OWNER)


def test_the_newest_check_in_is_that_of_the_latest_day_not_the_last_typed(store: Store) -> None:
    key_result = an_active_key_result(store)
    late = store.check_ins.add(new_check_in(key_result, "50", day=9), author=OWNER)
    early = store.check_ins.add(new_check_in(key_result, "45", day=2), author=OWNER)
    (row,) = store.objectives_of(store.objectives.get(key_result.objective_id).cycle_id)
    assert row.key_results[0].check_ins == (late, early)


def test_the_page_can_show_what_was_known_at_a_moment(store: Store) -> None:
    key_result = an_active_key_result(store)
    wrong = store.check_ins.add(new_check_in(key_result, "540"), author=OWNER)
    store.check_ins.correct(wrong, new_check_in(key_result, "54"), author=COLLEAGUE)
    cycle_id = store.objectives.get(key_result.objective_id).cycle_id
    then = store.objectives_of(cycle_id, until=MONDAY + timedelta(hours=1))
    assert then[0].key_results[0].check_ins == (wrong,)
    before = store.objectives_of(cycle_id, until=datetime(2026, 1, 1, tzinfo=UTC))
    assert before[0].key_results[0].check_ins == ()
