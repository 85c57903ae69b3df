"""Targets and notes that people set on a KVI: over those of kviboard.toml, the last one on top."""

from dataclasses import replace
from datetime import date

import pytest

from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.targets import (
    TargetForm,
    add_note,
    archive_note,
    edit_note,
    notes_of,
    set_target,
    target_lines,
    with_set_targets,
)
from kviboard.board.okrs.dependents import key_results_of_kvi
from kviboard.errors import ConflictError, StoreError
from tests.board.okrs.given import a_key_result, a_quarter, active, an_author, an_objective

MONTHS = View("month")


def targets_of(context, view=MONTHS):
    """The target of turnover in each month, None for none; kviboard.toml says 100 always."""
    board = with_set_targets(context.board, context.store)
    frame = read_kvi(board, board.kvi("turnover"), view)[0].frame
    return [None if value != value else value for value in frame["target"]]


def test_without_targets_set_the_board_is_the_same(context):
    assert with_set_targets(context.board, context.store) is context.board
    assert targets_of(context) == [100.0, 100.0, 100.0]


def test_a_target_set_holds_over_the_one_in_the_file_from_its_day_on(context):
    form = TargetForm(value="€40", starts_on=date(2026, 2, 1), reason="February is quiet.")
    set_target(context.board, context.store, "turnover", MONTHS, form, author=an_author())
    assert targets_of(context) == [100.0, 40.0, 40.0]
    board = with_set_targets(context.board, context.store)
    assert read_kvi(board, board.kvi("turnover"), MONTHS)[0].target.value == 40.0


def test_of_several_targets_the_one_set_last_holds_while_it_lasts(context):
    first = TargetForm(value="40", starts_on=date(2026, 2, 1), reason="Quiet.")
    set_target(context.board, context.store, "turnover", MONTHS, first, author=an_author())
    second = TargetForm(value="50", starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 28), reason="Not so quiet.")
    set_target(context.board, context.store, "turnover", MONTHS, second, author=an_author())
    assert targets_of(context) == [50.0, 50.0, 40.0]


def test_a_target_can_end_without_another(context):
    set_target(
        context.board,
        context.store,
        "turnover",
        MONTHS,
        TargetForm(starts_on=date(2026, 3, 1), reason="Season over."),
        author=an_author(),
    )
    assert targets_of(context) == [100.0, 100.0, None]


def test_a_target_of_a_slice_and_grain_is_drawn_there_alone(context):
    dutch = View("month", where=(("country", ("NL",)),))
    form = TargetForm(value="20", starts_on=date(2026, 1, 1), reason="Half.", whole=False)
    set_target(context.board, context.store, "turnover", dutch, form, author=an_author())
    assert targets_of(context, dutch) == [20.0, 20.0, 20.0]
    assert targets_of(context) == [100.0, 100.0, 100.0]
    assert set(targets_of(context, replace(dutch, grain="week"))) == {None}  # neither was set for Dutch weeks


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (TargetForm(value="1", starts_on=date(2026, 1, 1)), "there is no reason"),
        (TargetForm(value="lots", starts_on=date(2026, 1, 1), reason="x"), "“lots” is not a number"),
        (TargetForm(starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1), reason="x"), "ends before it starts"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused_in_words(context, form, words):
    with pytest.raises(StoreError, match=words):
        set_target(context.board, context.store, "turnover", MONTHS, form, author=an_author())
    assert targets_of(context) == [100.0, 100.0, 100.0]


def test_targets_are_listed_newest_first_then_those_of_the_file(context):
    form = TargetForm(value="40", starts_on=date(2026, 2, 1), ends_on=date(2026, 2, 28), reason="Quiet.")
    set_target(context.board, context.store, "turnover", MONTHS, form, author=an_author(by="Product leadership"))
    over = replace(form, value="", ends_on=None, starts_on=date(2026, 3, 1), reason="Over.", whole=False)
    set_target(context.board, context.store, "turnover", MONTHS, over, author=an_author())
    lines = [
        (line.value_text, line.days_text, line.about, line.reason, line.by)
        for line in target_lines(context.board, context.store, "turnover")
    ]
    assert lines == [
        ("no target", "from 1 Mar 2026", "per month", "Over.", "Product owner"),
        ("€40", "1–28 Feb 2026", "", "Quiet.", "Product leadership"),
        ("€100", "always", "", "", ""),
    ]


def test_notes_are_written_changed_and_taken_off(context):
    note = add_note(context.store, "turnover", date(2026, 2, 3), " Carnival ", author=an_author())
    edit_note(context.store, note, date(2026, 2, 4), "Carnival parade", author=an_author())
    with pytest.raises(ConflictError):
        edit_note(context.store, note, date(2026, 2, 5), "Something else", author=an_author(by="Somebody else"))
    (kept,) = notes_of(context.store, "turnover")
    assert (kept.day, kept.text) == (date(2026, 2, 4), "Carnival parade")
    archive_note(context.store, kept, author=an_author())
    assert notes_of(context.store, "turnover") == []
    with pytest.raises(StoreError, match="it is empty"):
        add_note(context.store, "turnover", date(2026, 2, 3), " ", author=an_author())


def test_the_key_results_that_depend_on_a_kvi_are_named_worst_first(context):
    objective = an_objective(context, a_quarter(context))
    more = {"kvi": "turnover", "grain": "month", "unit": "currency"}
    a_key_result(context, objective, "far", baseline="0", target="100", **more)
    a_key_result(context, objective, "near", baseline="0", target="8", **more)
    a_key_result(context, objective, "typed")
    active(context, objective)
    found = key_results_of_kvi(context, "turnover")
    assert [(each.view.record.title, each.objective.title, each.objective.cycle) for each in found] == [
        ("far", objective.title, "Q1 2026"),
        ("near", objective.title, "Q1 2026"),
    ]


def test_a_target_that_the_kvi_can_never_reach_is_refused(context):
    """The tiny company overlays turnover only; the built-in promoter score runs from −100 to 100."""
    form = TargetForm(value="250", starts_on=date(2026, 1, 1), reason="More is better.")
    with pytest.raises(StoreError, match="Target: 250 is more than 100, the most it can be"):
        set_target(context.board, context.store, "net_promoter_score", MONTHS, form, author=an_author())
    set_target(
        context.board, context.store, "net_promoter_score", MONTHS, replace(form, value="100"), author=an_author()
    )
    assert [line.value_text for line in target_lines(context.board, context.store, "net_promoter_score")] == ["100"]
