"""The story of an objective and a key result on one time line, and what changed its status since a day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from kviboard.board.okrs.events import EventKind
from kviboard.board.okrs.forms import key_result_form
from kviboard.board.okrs.lifecycle import ClosingForm, activate, close, reopen, suggest_closing
from kviboard.board.okrs.saving import save_key_result
from kviboard.board.okrs.status_changes import okr_changes_since
from kviboard.board.okrs.story import key_result_story, objective_story
from kviboard.domain.okrs.status import Status
from kviboard.errors import StoreError
from kviboard.store import NewCheckIn, NewDecision, NewKviNote
from tests.board.okrs.given import a_key_result, a_quarter, active, an_author, an_objective, say

MONTHLY = {"kvi": "turnover", "grain": "month", "unit": "currency", "baseline": "30", "target": "40"}


@pytest.fixture
def told(context):
    """From 0 to 100, then to 50 from 1 March on; 10 in January, 20 in February, corrected to 40. Data to 12 March."""
    objective = an_objective(context, a_quarter(context))
    record = a_key_result(context, objective)
    active(context, objective)
    say(context, record, date(2026, 1, 12), "10", 6, "A start.")
    wrong = say(context, record, date(2026, 2, 10), "20")
    right = NewCheckIn(key_result_id=record.id, day=wrong.day, value=40)
    context.store.check_ins.correct(wrong, right, author=an_author(date(2026, 2, 12), by="A colleague"))
    form = replace(key_result_form(record), target="50")
    save_key_result(context, objective.id, form, record, "Half the team is ill.", author=an_author(date(2026, 3, 1)))
    return context


def test_values_targets_and_plan_make_the_chart(told):
    story = key_result_story(told, 1)
    assert [(value.day, value.value) for value in story.values] == [
        (date(2026, 1, 12), 10.0),
        (date(2026, 2, 10), 40.0),
    ]
    assert [(goal.from_day, goal.target, goal.reason) for goal in story.goals] == [
        (date(2026, 1, 1), 100.0, ""),
        (date(2026, 3, 1), 50.0, "Half the team is ill."),
    ]
    assert story.expected == ((date(2025, 12, 31), 0.0), (date(2026, 3, 31), 50.0))


def test_statuses_tell_when_they_changed(told):
    """On day 12 of 90, 10 of 100 is 10 % at 13 %: needs 11.3, at risk 8.0. At risk until 0.6 x elapsed passes 10 %:
    on day 16 (17.8 %, 10.7). 40 % lasts until 0.85 x day / 90 passes it: on day 43. With 50 as target it is 80 %."""
    runs = key_result_story(told, 1).statuses
    assert [(run.from_day, run.status) for run in runs] == [
        (date(2026, 1, 1), Status.PENDING),
        (date(2026, 1, 12), Status.AT_RISK),
        (date(2026, 1, 16), Status.OFF_TRACK),
        (date(2026, 2, 10), Status.ON_TRACK),
        (date(2026, 2, 12), Status.AT_RISK),
        (date(2026, 3, 1), Status.ON_TRACK),
    ]


def test_events_are_said_newest_first_with_who_did_it(told):
    events = [event for event in key_result_story(told, 1).events if event.kind != EventKind.STATUS]
    assert [(event.day, event.kind) for event in events] == [
        (date(2026, 3, 1), EventKind.TARGET),
        (date(2026, 2, 10), EventKind.CORRECTION),
        (date(2026, 2, 10), EventKind.CHECK_IN),
        (date(2026, 1, 12), EventKind.CHECK_IN),
        (date(2026, 1, 1), EventKind.STEP),
    ]
    assert events[0].text == "Target 100 → 50: Half the team is ill."
    assert (events[1].text, events[1].by) == ("40 (corrects 10 Feb 2026: 20)", "A colleague")
    assert events[3].text == "10; confidence 6 of 10; A start."


def test_the_periods_of_a_kvi_and_the_notes_on_it_are_part_of_the_story(context):
    objective = an_objective(context, a_quarter(context))
    a_key_result(context, objective, **MONTHLY)
    active(context, objective)
    note = NewKviNote(kvi="turnover", day=date(2026, 2, 3), text="Carnival")
    context.store.kvi_notes.add(note, author=an_author(date(2026, 2, 4)))
    story = key_result_story(context, 1)
    assert [(value.day, value.label, value.value) for value in story.values] == [
        (date(2026, 1, 31), "Jan 2026", 35.5),
        (date(2026, 2, 28), "Feb 2026", 7.25),
    ]
    assert "Carnival" in [event.text for event in story.events if event.kind == EventKind.NOTE]


def test_releases_of_the_cycle_stand_on_the_line(sample_context):
    objective = an_objective(sample_context, a_quarter(sample_context, "Q4", date(2026, 10, 1), date(2026, 12, 31)))
    a_key_result(sample_context, objective)
    released = [event.text for event in key_result_story(sample_context, 1).events if event.kind == EventKind.RELEASE]
    assert released == ["Compare with last winter"]


def test_decisions_about_the_kvi_of_a_key_result_stand_on_the_line(context):
    """Made in the cycle: on that day. Made before and due in it: when due. About another KVI or quarter: not at all."""
    objective = an_objective(context, a_quarter(context))
    a_key_result(context, objective, **MONTHLY)
    a_key_result(context, objective, "typed")
    for text, kvi, made, due in (
        ("Call those who left", "turnover", date(2026, 2, 3), date(2026, 2, 20)),
        ("Look again", "turnover", date(2025, 12, 3), date(2026, 1, 20)),
        ("Long ago", "turnover", date(2025, 12, 3), date(2025, 12, 20)),
        ("Another matter", "other", date(2026, 2, 3), date(2026, 2, 20)),
        ("No KVI", None, date(2026, 2, 3), date(2026, 2, 20)),
    ):
        context.store.decisions.add(
            NewDecision(text=text, owner="Care lead", due_on=due, kvi=kvi), author=an_author(made)
        )
    done = next(each for each in context.store.decisions.all() if each.text == "Call those who left")
    context.store.decisions.settle(done, "done", "Two of three came back.", author=an_author(date(2026, 2, 21)))
    expected = [
        (date(2026, 2, 3), "Call those who left (Care lead, due 20 Feb 2026; done: Two of three came back.)"),
        (date(2026, 1, 20), "Look again (Care lead, due 20 Jan 2026; open)"),
    ]
    for story in (objective_story(context, objective.id), key_result_story(context, 1)):
        told = [event for event in story.events if event.kind == EventKind.DECISION]
        assert [(event.day, event.text) for event in told] == expected
        assert {event.about for event in told} == {"Turnover"}
    assert not [event for event in key_result_story(context, 2).events if event.kind == EventKind.DECISION]


def test_a_change_of_words_is_told_from_what_to_what(context):
    objective = an_objective(context, a_quarter(context), owner=None)
    seen = context.store.objectives.get(objective.id)
    context.store.objectives.edit(
        replace(seen, owner="Care lead", weight=Decimal(2)), author=an_author(date(2026, 1, 5))
    )
    assert objective_story(context, objective.id).events[0].text == (
        "Changed the owner from nothing to “Care lead” and the weight"
    )


def test_a_closing_is_told_once_with_the_grade_and_why_it_is_another_and_stays_when_reopened(told):
    grades = suggest_closing(told, 1).form.key_results
    form = ClosingForm(
        grade="0.9", reason="The survey was too early", outcome="keep", note="Ask again.", key_results=grades
    )
    close(told, told.store.objectives.get(1), form, author=an_author(date(2026, 3, 11)))
    reopen(told, told.store.objectives.get(1), "It goes on", author=an_author(date(2026, 3, 12)))
    steps = [event for event in objective_story(told, 1).events if event.kind == EventKind.STEP]
    assert [(event.about, event.text) for event in steps if event.day >= date(2026, 3, 11)] == [
        ("", "Reopened: It goes on"),
        ("Answered within a day", "Graded 0.8"),
        ("", "Closed with 0.9 instead of 0.8 (The survey was too early), keep: Ask again."),
    ]


def test_the_line_of_a_kvi_begins_with_the_period_before_the_cycle(context):
    objective = an_objective(context, a_quarter(context, "Later", date(2026, 2, 1), date(2026, 3, 31)))
    a_key_result(context, objective, **MONTHLY)
    assert [value.label for value in key_result_story(context, 1).values] == ["Jan 2026", "Feb 2026"]


def test_an_objective_tells_what_happened_to_all_of_it(told):
    story = objective_story(told, 1)
    assert [run.status for run in story.statuses][-1] == Status.ON_TRACK
    assert story.progress[-1] == (date(2026, 3, 12), pytest.approx(0.8))
    assert {event.about for event in story.events if event.kind == EventKind.CHECK_IN} == {"Answered within a day"}
    assert "Activated" in [event.text for event in story.events if event.kind == EventKind.STEP]


def test_an_objective_was_expected_to_be_where_its_key_results_were(context):
    """Half of it is a band, of which all is expected from the first day; of the rest 1 / 90 each day. A milestone, due
    at the end, has no value on the 71st day, so it counts neither then nor later. Without any value all three count."""
    objective = an_objective(context, a_quarter(context))
    half, way = a_key_result(context, objective), {"baseline": None, "target": None}
    band = a_key_result(context, objective, "Kept", kind="keep_within", lower="20", upper="25", tolerance="5", **way)
    a_key_result(context, objective, "Done", kind="milestone", **way)
    active(context, objective)
    assert objective_story(context, objective.id).expected == (
        (date(2025, 12, 31), pytest.approx(1 / 3)),
        (date(2026, 1, 1), pytest.approx((1 / 90 + 1) / 3)),
        (date(2026, 3, 30), pytest.approx((89 / 90 + 1) / 3)),
        (date(2026, 3, 31), 1),
    )
    for record, value in ((half, "10"), (band, "22")):
        say(context, record, date(2026, 1, 1), value)
    story = objective_story(context, objective.id)
    days = [*range(1, 72), 90]
    by_hand = {date(2025, 12, 31) + timedelta(days=day): (day / 90 + 1) / 2 for day in days}
    assert dict(story.expected) == pytest.approx(by_hand)
    assert story.view.expected == dict(story.expected)[date(2026, 3, 12)]


def test_what_is_archived_has_no_page(told):
    told.store.key_results.archive(told.store.key_results.get(1), author=an_author(date(2026, 3, 2)))
    with pytest.raises(StoreError, match="is archived"):
        key_result_story(told, 1)


def test_a_draft_has_no_statuses_yet(context):
    objective = an_objective(context, a_quarter(context))
    a_key_result(context, objective)
    assert key_result_story(context, 1).statuses == ()
    assert objective_story(context, objective.id).progress == ()


def test_a_week_of_changes_undoes_check_ins_targets_and_steps(told):
    """On 5 March, a week before the data's end, it is on track already; on 19 February it was at risk."""
    assert okr_changes_since(told) == []
    changes = okr_changes_since(told, date(2026, 2, 19))
    assert [(change.title, change.before, change.after, change.better) for change in changes] == [
        ("Customers find help at once", Status.AT_RISK, Status.ON_TRACK, True),
        ("Answered within a day", Status.AT_RISK, Status.ON_TRACK, True),
    ]
    assert changes[1].sentence == "At risk → On track: 80 % done; 79 % of the quarter gone, expected 67 % or more"


def test_what_became_active_since_is_said_so(told):
    late = an_objective(told, told.store.cycles.all()[0], "Customers smile")
    record = a_key_result(told, late, "Smiles")
    activate(told, late, author=an_author(date(2026, 3, 10)))
    say(told, record, date(2026, 3, 11), "5")
    changes = okr_changes_since(told)
    assert [(change.title, change.before, change.after) for change in changes] == [
        ("Customers smile", None, Status.OFF_TRACK),
        ("Smiles", None, Status.OFF_TRACK),
    ]
    assert changes[0].better is None
    assert changes[0].sentence.startswith("Not active → Off track: ")
