"""The sample's OKRs: they are there when its store is first opened, cover every case, and their grades are earned."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kviboard.board.board import Board
from kviboard.board.context import BoardContext, open_store_of
from kviboard.board.okrs.lifecycle import suggest_closing
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.okrs.status_changes import okr_changes_since
from kviboard.board.okrs.tree import possible_parents, read_alignment
from kviboard.board.okrs.views import TodoAction
from kviboard.board.wording.languages import language_named
from kviboard.domain.okrs.status import Status
from kviboard.domain.wording.coach import coach_objective
from kviboard.errors import StoreError
from kviboard.store import open_store
from kviboard.workspace import SAMPLE_WORKSPACE, load_workspace
from tests.board.okrs.given import a_quarter, an_author, an_objective

FILE = SAMPLE_WORKSPACE / "okrs.json"


@pytest.fixture(scope="module")
def sample(sample_board: Board, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardContext]:
    """The sample's board with the sample's OKRs."""
    store = open_store(tmp_path_factory.mktemp("okrs") / "board.sqlite")
    store.import_json(FILE)
    yield BoardContext(sample_board, store)
    store.close()


@pytest.fixture
def workspace(tmp_path):
    """A folder with the sample's settings and OKRs, without its exports."""
    for name in ("kviboard.toml", "okrs.json"):
        shutil.copy(SAMPLE_WORKSPACE / name, tmp_path / name)
    return load_workspace(tmp_path)


def test_an_empty_store_begins_with_the_okrs_of_its_workspace(workspace):
    store = open_store_of(workspace)
    assert [cycle.name for cycle in store.cycles.all()] == ["Q4 2026", "Q3 2026"]
    store.close()


def test_a_store_that_was_used_is_left_alone(workspace):
    first = open_store_of(workspace)
    quarter = first.cycles.all()[0]
    first.cycles.edit(replace(quarter, name="Winter"), author=an_author())
    first.close()
    again = open_store_of(workspace)
    assert again.cycles.all()[0].name == "Winter"
    again.close()


def test_an_okrs_file_that_is_damaged_is_named(workspace):
    (workspace.root / "okrs.json").write_text("{")
    with pytest.raises(StoreError, match=r"okrs\.json is not a whole export file"):
        open_store_of(workspace)


def test_one_cycle_is_closed_and_the_other_under_way(sample):
    running, over = sample.store.cycles.all()
    assert {view.state for view in read_quarter(sample, over.id).objectives} == {"Closed"}
    assert read_quarter(sample).cycle.name == running.name
    assert {view.state for view in read_quarter(sample).objectives} == {"Active", "Draft", "Closed"}


def test_every_case_occurs(sample):
    running, over = (read_quarter(sample, cycle.id) for cycle in sample.store.cycles.all())
    parts = [part for quarter in (running, over) for view in quarter.objectives for part in view.key_results]
    assert {part.status for part in parts} == set(Status)
    assert {part.badge.name for part in parts if part.badge} == {"Outdated", "Old data"}
    assert {part.record.kind for part in parts} == {"increase", "decrease", "keep_within", "milestone"}
    assert {part.record.ambition for part in parts} == {"committed", "aspirational"}
    assert {bool(part.record.kvi) for part in parts} == {True, False}
    assert any("moved the wrong way" in part.progress_text for part in parts)
    assert any("past the target" in part.progress_text for part in parts)
    assert any("a confidence of 3" in part.reason for part in parts)
    assert any(" planned, expected" in part.reason for part in parts)
    assert any(view.breaches and "holds it at risk" in view.reason for view in running.objectives)
    assert {todo.action for todo in running.todos} == set(TodoAction) - {TodoAction.CLOSE, TodoAction.ADD}
    assert not any(part.trouble for part in parts)


def test_the_story_has_changes_corrections_and_grades_that_were_overridden(sample):
    assert len(sample.store.key_results.target_changes_since(an_author().at)) == 1
    over = read_quarter(sample, sample.store.cycles.all()[1].id)
    overridden = [view.record for view in over.objectives if view.record.grade != view.record.suggested_grade]
    assert [bool(record.grade_reason) for record in overridden] == [True]
    assert {view.record.outcome for view in over.objectives} == {"keep", "modify", "abandon"}
    carried = [view for view in read_quarter(sample).objectives if view.record.carried_from_id]
    assert len(carried) == 3
    assert len(okr_changes_since(sample)) > 5


def test_the_grades_kept_are_those_that_the_data_suggests(sample):
    for cycle in sample.store.cycles.all():
        for view in read_quarter(sample, cycle.id).objectives:
            if view.record.suggested_grade is not None:
                closing = suggest_closing(sample, view.record.id)
                kept = [view.record.suggested_grade, *(part.record.suggested_grade for part in view.key_results)]
                suggested = [closing.suggested.grade, *(part.suggested.grade for part in closing.parts)]
                assert [float(grade) for grade in kept] == suggested


def test_most_objectives_are_worded_for_the_customer_and_some_are_to_be_coached(sample):
    views = [v for c in sample.store.cycles.all() for v in read_quarter(sample, c.id).objectives]
    english = language_named("en")
    coached = [v.record.title for v in views if coach_objective(v.record.title, english, sample.kinds_of_customers)]
    assert coached == [
        "Launch the new billing engine and migrate 80 % of the accounts",
        "Roll out the dark screen on every device",
    ]


def test_nobody_in_it_looks_like_a_real_person(sample):
    export = json.loads(FILE.read_text(encoding="utf-8"))
    owners = {row["owner"] for table in ("objectives", "key_results") for row in export["tables"][table]}
    assert all(owner is None or owner.split()[0] in ("Product", "Head") for owner in owners)


def test_objectives_support_a_parent_worst_branch_first(sample):
    alignment = read_alignment(read_quarter(sample))
    top = alignment.lines[0]
    assert (top.depth, top.view.team, top.flag, alignment.circles) == (0, "Company", "", ())
    below = [line.worst for line in alignment.lines if line.depth == 1]
    assert below == sorted(below, key=list(Status).index)
    flagged = {line.view.team for line in alignment.lines if line.flag}
    assert flagged == {"Growth", "Platform"}


def test_an_objective_may_not_support_what_supports_it(context):
    cycle = a_quarter(context)
    parent = an_objective(context, cycle, "Customers trust us")
    child = an_objective(context, cycle, "Customers smile", parent_id=parent.id)
    quarter = read_quarter(context)
    assert possible_parents(context, quarter, parent.id) == []
    assert [link.id for link in possible_parents(context, quarter, child.id)] == [parent.id]
    assert len(possible_parents(context, quarter)) == 2
