"""Saving OKRs: checked again, saved once, refused where somebody was first; nothing typed is lost."""

from dataclasses import replace
from datetime import date

import pytest

from kviboard.board.okrs.check_ins import CheckInForm, check_in, check_in_form, correct_check_in
from kviboard.board.okrs.forms import GuardrailForm, KeyResultForm, ObjectiveForm, key_result_form, objective_form
from kviboard.board.okrs.lifecycle import activate
from kviboard.board.okrs.proposals import propose_cycle
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.okrs.saving import (
    add_cycle,
    archive_key_result,
    archive_objective,
    save_guardrail,
    save_key_result,
    save_objective,
)
from kviboard.errors import ConflictError, StoreError
from tests.board.okrs.given import a_key_result, a_quarter, active, an_author, an_objective, say

TODAY = date(2026, 3, 12)
ANSWERS = KeyResultForm(title="Answered within a day", unit="percent", baseline="40", target="80")


@pytest.fixture
def objective(context):
    return an_objective(context, a_quarter(context))


def test_a_quarter_is_planned_by_forms_alone(context):
    cycle = add_cycle(context, propose_cycle(context), author=an_author())
    form = ObjectiveForm(title="Customers find help at once", team="Service", owner="Product owner")
    objective = save_objective(context, cycle.id, form, author=an_author())
    save_key_result(context, objective.id, ANSWERS, author=an_author())
    save_guardrail(context, objective.id, GuardrailForm(kvi="turnover", grain="month", lower="5"), author=an_author())
    activate(context, objective, author=an_author())
    view = read_quarter(context).objectives[0]
    assert view.state == "Active"
    assert view.key_results[0].target_text == "80\u00a0%"
    assert view.guardrails[0].band_text == "at least €5"


def test_a_double_click_saves_once(context, objective):
    for _ in range(2):
        save_key_result(context, objective.id, ANSWERS, author=an_author(key="click 1"))
    save_key_result(context, objective.id, ANSWERS, author=an_author(key="click 2"))
    assert len(read_quarter(context).objectives[0].key_results) == 2


def test_what_the_form_let_through_is_checked_again(context, objective):
    active_one = KeyResultForm(title="Answers", kind="increase", baseline="40", target="40")
    with pytest.raises(StoreError, match="the target equals the baseline") as refused:
        save_key_result(context, objective.id, active_one, author=an_author())
    assert len(refused.value.problems) == 1
    assert read_quarter(context).objectives[0].key_results == ()


def test_a_page_pasted_into_a_title_or_a_name_is_refused_in_a_line(context, objective):
    fits, pasted = "x" * 300, "x" * 20_000
    with pytest.raises(StoreError) as refused:
        save_key_result(context, objective.id, KeyResultForm(title=pasted, owner="x" * 301), author=an_author())
    assert [str(each) for each in refused.value.problems] == [
        "Key result: it has 20,000 characters. Shorten it to 300 or fewer.",
        "Owner: it has 301 characters. Shorten it to 300 or fewer.",
    ]
    with pytest.raises(StoreError, match="Objective: it has 20,000 characters"):
        save_objective(context, objective.cycle_id, ObjectiveForm(title=pasted), author=an_author())
    assert save_key_result(context, objective.id, KeyResultForm(title=fits), author=an_author()).title == fits


def test_a_draft_may_miss_numbers_an_active_one_may_not(context, objective):
    save_key_result(context, objective.id, KeyResultForm(title="Answers"), author=an_author())
    with pytest.raises(StoreError, match="no baseline and no target"):
        activate(context, objective, author=an_author())
    record = read_quarter(context).objectives[0].key_results[0].record
    save_key_result(
        context, objective.id, replace(key_result_form(record), baseline="1", target="2"), record, author=an_author()
    )
    activate(context, objective, author=an_author())
    with pytest.raises(StoreError, match="there is no baseline"):
        save_key_result(context, objective.id, KeyResultForm(title="More"), author=an_author())


def test_the_second_of_two_editors_is_told_who_was_first(context, objective):
    seen = context.store.objectives.get(objective.id)
    save_objective(
        context,
        seen.cycle_id,
        replace(objective_form(seen), title="Customers get help"),
        seen,
        author=an_author(by="A"),
    )
    with pytest.raises(
        ConflictError, match="A changed title from “Customers find help at once” to “Customers get help”"
    ):
        save_objective(context, seen.cycle_id, replace(objective_form(seen), owner="B"), seen, author=an_author(by="B"))
    assert context.store.objectives.get(objective.id).owner == "Product owner"


def test_the_target_of_an_active_key_result_moves_with_a_reason(context, objective):
    record = a_key_result(context, objective)
    active(context, objective)
    form = replace(key_result_form(record), target="50")
    with pytest.raises(StoreError, match="Say why"):
        save_key_result(context, objective.id, form, record, author=an_author())
    save_key_result(context, objective.id, form, record, "Half the team is ill.", author=an_author())
    assert context.store.key_results.target_changes(record.id)[0].reason == "Half the team is ill."


def test_parents_that_go_round_are_refused(context, objective):
    child = an_objective(context, context.store.cycles.all()[0], "Customers smile", parent_id=objective.id)
    form = replace(objective_form(objective), parent_id=child.id)
    with pytest.raises(StoreError, match="already supports this one"):
        save_objective(context, objective.cycle_id, form, objective, author=an_author())


def test_what_is_archived_leaves_the_page_and_can_come_back(context, objective):
    record = a_key_result(context, objective)
    archive_key_result(context, record, author=an_author())
    assert read_quarter(context).objectives[0].key_results == ()
    gone = archive_objective(context, context.store.objectives.get(objective.id), author=an_author())
    assert read_quarter(context).objectives == ()
    context.store.objectives.restore(gone, author=an_author())
    assert len(read_quarter(context).objectives) == 1


def test_a_check_in_starts_on_the_day_of_the_data_and_saves_what_was_typed(context, objective):
    record = save_key_result(context, objective.id, ANSWERS, author=an_author())
    active(context, objective)
    form = check_in_form(context, record)
    assert form == CheckInForm(day=TODAY)
    said = check_in(
        context, record, replace(form, value="55 %", confidence=7, comment=" Better. "), author=an_author(TODAY)
    )
    assert (str(said.value), said.confidence, said.comment) == ("0.55", 7, "Better.")
    again = correct_check_in(
        context, record, said, replace(check_in_form(context, record, said), value="54"), author=an_author(TODAY)
    )
    assert (str(again.value), again.corrects_id) == ("0.54", said.id)
    with pytest.raises(ConflictError, match="corrected this check-in already"):
        correct_check_in(context, record, said, replace(form, value="53"), author=an_author(TODAY))


def test_a_milestone_is_done_or_not_done(context, objective):
    record = a_key_result(context, objective, "Signed", kind="milestone", baseline=None, target=None)
    active(context, objective)
    said = check_in(context, record, CheckInForm(day=TODAY, value="done"), author=an_author(TODAY))
    assert check_in_form(context, record, said).value == "done"
    assert read_quarter(context).objectives[0].key_results[0].current_text == "done"
    assert read_quarter(context).objectives[0].key_results[0].target_text == "done"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (CheckInForm(day=TODAY, value="many"), "“many” is not a number"),
        (CheckInForm(day=TODAY, confidence=11), "not between 0 and 10"),
        (CheckInForm(day=date(2025, 12, 31), value="1"), "31 Dec 2025 is before the cycle or not here yet"),
        (CheckInForm(day=date(2026, 3, 13), value="1"), "Choose one from 1 Jan 2026 to 12 Mar 2026"),
        (CheckInForm(day=TODAY), "it says nothing"),
    ],
)
def test_a_check_in_that_makes_no_sense_is_refused_in_words(context, objective, form, words):
    record = a_key_result(context, objective)
    active(context, objective)
    with pytest.raises(StoreError, match=words):
        check_in(context, record, form, author=an_author(TODAY))


def test_a_cycle_that_has_not_begun_takes_no_check_in_and_says_when_it_will(context):
    objective = an_objective(context, a_quarter(context, "Q2 2026", date(2026, 4, 1), date(2026, 6, 30)))
    record = a_key_result(context, objective)
    active(context, objective)
    with pytest.raises(StoreError) as refusal:
        check_in(context, record, CheckInForm(day=TODAY, value="5"), author=an_author(TODAY))
    (problem,) = refusal.value.problems
    assert str(problem) == "Day: the cycle begins on 1 Apr 2026. Check in from then on."


def test_a_kvi_driven_key_result_takes_no_typed_value(context, objective):
    form = KeyResultForm(title="Turnover", kvi="turnover", grain="month", baseline="30", target="40")
    record = save_key_result(context, objective.id, form, author=an_author())
    active(context, objective)
    with pytest.raises(StoreError, match="its value comes from the data"):
        check_in(context, record, CheckInForm(day=TODAY, value="50"), author=an_author(TODAY))
    check_in(context, record, CheckInForm(day=TODAY, confidence=4, comment="Thin."), author=an_author(TODAY))
    assert read_quarter(context).objectives[0].key_results[0].confidence == 4


def test_the_kind_is_frozen_after_the_first_check_in(context, objective):
    record = a_key_result(context, objective)
    active(context, objective)
    say(context, record, TODAY, "5")
    form = replace(key_result_form(record), kind="decrease", baseline="100", target="5")
    with pytest.raises(StoreError, match="its kind is frozen"):
        save_key_result(context, objective.id, form, record, "why not", author=an_author())
