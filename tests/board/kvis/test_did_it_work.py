"""What was done about a KVI, and whether the KVI moved afterwards: on series with known levels, and on the sample."""

import math
import shutil
from datetime import UTC, date, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from kviboard.board.board import open_board
from kviboard.board.context import BoardContext
from kviboard.board.kvis.did_it_work import (
    EARLY,
    STILL,
    UNKNOWN,
    WORKED,
    WORSE,
    days_marked,
    decisions_about,
    effect_since,
)
from kviboard.domain.kvis.signals import assess
from kviboard.store import Author, NewDecision
from kviboard.workspace import load_workspace
from tests.pages.okrs.shop import store_of


def reading(values, better="up"):
    """A weekly series from 5 January 2026, assessed as the board does."""
    found = assess(values)
    starts = np.array([np.datetime64("2026-01-05") + 7 * week for week in range(len(values))])
    columns = {
        "period": starts,
        "ends_on": starts + 6,
        "complete": np.ones(len(values), bool),
        "comparable": np.ones(len(values), bool),
        "value": np.array(values, float),
        "centre": np.array(found.centre),
        "label": np.array([f"Week {week + 1}" for week in range(len(values))], object),
    }
    return SimpleNamespace(columns=columns, kvi=SimpleNamespace(better=better, window_days=0), grain="week")


STEADY = [10, 12, 11, 9, 10, 11, 12, 9, 10, 11]  # ten weeks: until 15 March
DONE = date(2026, 3, 15)


def test_a_new_level_after_it_worked_or_made_it_worse():
    risen = [*STEADY, 20, 21, 19, 20, 22, 20, 21, 19]
    effect = effect_since(reading(risen), DONE)
    assert (effect.kind, effect.periods, effect.since) == (WORKED, 8, "Week 11")
    assert (effect.before, effect.after) == (pytest.approx(10.5), pytest.approx(20.25))
    assert effect_since(reading(risen, better="down"), DONE).kind == WORSE


def test_eight_periods_at_the_same_level_did_not_move():
    effect = effect_since(reading([*STEADY, 10, 12, 11, 9, 10, 12, 11, 10]), DONE)
    assert effect.kind == STILL
    assert effect.before == effect.after


def test_it_is_too_early_until_eight_periods_have_passed():
    effect = effect_since(reading([*STEADY, 10, 12, 11]), DONE)
    assert (effect.kind, effect.periods) == (EARLY, 3)
    assert effect_since(reading(STEADY), DONE).kind == EARLY


def test_a_level_that_began_before_it_is_none_of_its_doing():
    risen = [*STEADY, 20, 21, 19, 20, 22, 20, 21, 19]
    late = date(2026, 4, 12)  # the end of week 14, after the step
    assert effect_since(reading(risen), late).kind == EARLY


def test_without_a_usual_value_before_nothing_is_claimed():
    effect = effect_since(reading([10, 11, 12]), date(2026, 1, 1))
    assert effect.kind == UNKNOWN
    assert math.isnan(effect.before)


def test_on_the_sample_one_response_worked_and_one_did_not(sample_workspace, tmp_path):
    """Cheap hours came to the home screen on 4 March 2026 and lifted daily use; complaints only ever wiggle."""
    folder = shutil.copytree(sample_workspace, tmp_path / "sample")
    workspace = load_workspace(folder)
    context = BoardContext(open_board(workspace), store_of(folder))
    done_before = {"daily_active_users": "Cheap hours", "complaints_per_1000": "Shorter bills"}
    for number, (kvi, text) in enumerate(done_before.items()):
        new = NewDecision(text=text, owner="Ada", due_on=date(2026, 3, 4), kvi=kvi)
        author = Author("Ada", datetime(2026, 2, 1, 9, tzinfo=UTC), f"made {number}")
        made = context.store.decisions.add(new, author=author)
        done = Author("Ada", datetime(2026, 3, 3, 12, tzinfo=UTC), f"done {number}")
        context.store.decisions.settle(made, "done", "", author=done)
    lifted = next(a for a in decisions_about(context, context.board.kvi("daily_active_users")) if a.done_on)
    assert lifted.done_on == date(2026, 3, 3)
    marked = days_marked(context, context.board.kvi("daily_active_users"))
    assert (date(2026, 2, 1), "Decided: Cheap hours (Ada)") in marked
    assert (date(2026, 3, 3), "Done: Cheap hours (Ada)") in marked
    assert lifted.effect.kind == WORKED
    assert lifted.effect.after > 1.1 * lifted.effect.before
    noise = next(
        each
        for each in decisions_about(context, context.board.kvi("complaints_per_1000"))
        if each.decision.text == "Shorter bills"
    )
    assert noise.effect.kind == STILL
    assert "It did not move" in noise.said
