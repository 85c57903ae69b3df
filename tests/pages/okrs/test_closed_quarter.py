"""How a closed quarter went, in a line: achieved ones counted and grades averaged, by hand and from the file."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest

from kviboard.board.board import open_board
from kviboard.board.context import BoardContext
from kviboard.board.okrs.quarter import narrowed, read_quarter
from kviboard.board.okrs.views import Quarter
from kviboard.domain.okrs.status import Status
from kviboard.store import open_store
from kviboard.ui.okrs.cards import graded_note
from kviboard.ui.okrs.quarter import _went
from kviboard.workspace import SAMPLE_WORKSPACE, load_workspace

FILE = SAMPLE_WORKSPACE / "okrs.json"
BARS = {"committed": Decimal(1), "aspirational": Decimal("0.7")}


@pytest.fixture(scope="module")
def quarter(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarter]:
    """The sample's third quarter, which is closed."""
    store = open_store(tmp_path_factory.mktemp("closed") / "board.sqlite")
    store.import_json(FILE)
    context = BoardContext(open_board(load_workspace(sample_workspace)), store)
    (third,) = [cycle for cycle in store.cycles.all() if cycle.name == "Q3 2026"]
    yield read_quarter(context, third.id)
    store.close()


def told(shown: Quarter) -> str:
    """The line as people read it."""
    return unescape(re.sub(r"<[^>]+>", "", _went(SimpleNamespace(shown=shown))))


def graded(quarter: Quarter, *given: tuple[Status, str | None]) -> Quarter:
    """As many closed objectives as are given, with this status and grade."""
    like = quarter.objectives[0]
    views = tuple(
        replace(
            like,
            record=replace(like.record, grade=None if grade is None else Decimal(grade)),
            judgement=replace(like.judgement, status=status),
        )
        for status, grade in given
    )
    return replace(quarter, objectives=views)


def expected(teams: tuple[str, ...] = ()) -> str:
    """From the file: achieved where every key result was graded at its bar or above. Grades are progress rounded down
    to tenths, and so are bars: no rounding stands between them."""
    tables = json.loads(FILE.read_text(encoding="utf-8"))["tables"]
    ours = [row for row in tables["objectives"] if row["cycle_id"] == 1 and (not teams or row["team"] in teams)]
    parts = {row["id"]: [part for part in tables["key_results"] if part["objective_id"] == row["id"]] for row in ours}
    reached = [all(Decimal(part["grade"]) >= BARS[part["ambition"]] for part in parts[row["id"]]) for row in ours]
    mean = sum(Fraction(row["grade"]) for row in ours) / len(ours)
    return f"{sum(reached)} of {len(ours)} achieved · graded {float(mean):.2f} on average"


def test_the_samples_closed_quarter_went_as_its_grades_say(quarter: Quarter) -> None:
    assert told(quarter) == expected() == "3 of 5 achieved · graded 0.78 on average"


def test_a_team_is_told_how_its_own_objectives_went(quarter: Quarter) -> None:
    assert told(narrowed(quarter, teams=["App"])) == expected(("App",)) == "2 of 2 achieved · graded 1.00 on average"
    assert told(narrowed(quarter, teams=["Billing"])) == "0 of 1 achieved · graded 0.60 on average"


def test_a_grade_of_nothing_counts_and_a_missing_one_does_not(quarter: Quarter) -> None:
    """(0.8 + 0) / 2; the third was never measured, so it has no grade, and is not achieved either."""
    shown = graded(quarter, (Status.ACHIEVED, "0.8"), (Status.MISSED, "0.0"), (Status.PENDING, None))
    assert told(shown) == "1 of 3 achieved · graded 0.40 on average"


def test_what_a_guardrail_holds_at_risk_is_not_achieved_whatever_its_grade(quarter: Quarter) -> None:
    shown = graded(quarter, (Status.AT_RISK, "1.0"), (Status.ACHIEVED, "1.0"))
    assert told(shown) == "1 of 2 achieved · graded 1.00 on average"


@pytest.mark.parametrize("grades", [("0.7", "0.1", "0.2", "0.1"), ("0.1", "0.1", "0.2", "0.7")])
def test_a_mean_half_way_between_hundredths_is_rounded_up_in_any_order(
    quarter: Quarter, grades: tuple[str, ...]
) -> None:
    """1.1 / 4 = 0.275 exactly."""
    shown = graded(quarter, *((Status.MISSED, grade) for grade in grades))
    assert told(shown) == "0 of 4 achieved · graded 0.28 on average"


def test_a_mean_of_five_eighths_is_not_rounded_to_the_even_hundredth(quarter: Quarter) -> None:
    shown = graded(quarter, *((Status.MISSED, grade) for grade in ("0.5", "0.6", "0.7", "0.7")))  # 2.5 / 4 = 0.625
    assert told(shown).endswith("graded 0.63 on average")


@pytest.mark.parametrize(
    ("status", "grade", "needed", "said"),
    [
        (Status.ACHIEVED, "0.9", 0.85, "graded"),
        (Status.MISSED, "0.8", 0.85, "graded, 0.85 needed"),
        (Status.MISSED, "0.9", 1.0, "graded, 1.0 needed"),
        (Status.MISSED, "0.9", 0.85, "graded, a commitment missed"),  # enough on average
    ],
)
def test_a_grade_that_misses_says_what_was_needed(
    quarter: Quarter, status: Status, grade: str, needed: float, said: str
) -> None:
    (view,) = graded(quarter, (status, grade)).objectives
    view = replace(view, judgement=replace(view.judgement, expected=needed))
    assert re.sub(r"<[^>]+>", "", graded_note(view)) == said


def test_nothing_is_said_where_nothing_was_graded(quarter: Quarter) -> None:
    assert told(graded(quarter)) == ""
    assert told(graded(quarter, (Status.PENDING, None))) == ""
