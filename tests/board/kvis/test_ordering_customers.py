"""Ordering customers as the board counts them: in every grain, slice and part of a period, and by a newer calendar."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_if_needed
from kviboard.board.kvis.evaluation import evaluate, evaluate_grains
from kviboard.board.kvis.sql import Question
from kviboard.warehouse.reader import Reader
from kviboard.workspace import CONFIG_NAME, Workspace, load_workspace
from tests.board.conftest import CONFIG, ORDERS, kvi_file

TWICE = ORDERS + "6,a,2026-01-01,3\n7,b,2026-01-31,1\n8,c,2026-02-01,-4\n9,c,2026-02-02,2\n"
"""In January a buys twice on the 1st, b on the 10th and 31st, c on the 31st; in February c gives back, then buys."""

SPRINTS = """name,starts_on,ends_on,team
1,2026-01-01,2026-01-20,A
2,2026-01-30,2026-02-02,A
1,2026-01-10,2026-02-10,B
"""


@pytest.fixture
def board(tiny: Callable[..., Board]) -> Board:
    return tiny(TWICE, marts="ordering_customers")


def counted(reader: Reader, board: Board, grain: str = "month", **question: object) -> dict[tuple[str, ...], float]:
    frame = evaluate(reader, board.catalog.kvis["ordering_customers"], Question(grain, **question))
    keys = zip(frame["period"].dt.strftime("%Y-%m-%d"), frame["slice"], strict=True)
    return {(period, name) if name else (period,): n for (period, name), n in zip(keys, frame["value"], strict=True)}


def test_each_customer_counts_once_a_period(board: Board) -> None:
    assert counted(board.reader, board) == {("2026-01-01",): 3, ("2026-02-01",): 2, ("2026-03-01",): 1}
    assert counted(board.reader, board, "quarter") == {("2026-01-01",): 3}
    days = counted(board.reader, board, "day")
    assert {key: n for key, n in days.items() if n} == {
        ("2026-01-01",): 1, ("2026-01-10",): 1, ("2026-01-31",): 2,
        ("2026-02-02",): 1, ("2026-02-03",): 1, ("2026-03-10",): 1,
    }  # fmt: skip


def test_slices_add_up_and_a_filter_keeps_its_customers(board: Board) -> None:
    assert counted(board.reader, board, by="country") == {
        ("2026-01-01", "NL"): 2, ("2026-02-01", "NL"): 1, ("2026-03-01", "NL"): 1,
        ("2026-01-01", "DE"): 1, ("2026-02-01", "DE"): 1, ("2026-03-01", "DE"): 0,
    }  # fmt: skip
    assert counted(board.reader, board, where={"country": ["DE"]})["2026-01-01",] == 1


def test_the_first_days_of_a_period_count_who_ordered_in_them(board: Board) -> None:
    assert counted(board.reader, board, elapsed_days=9) == {
        ("2026-01-01",): 1, ("2026-02-01",): 2, ("2026-03-01",): 0
    }  # fmt: skip


def test_several_grains_are_answered_in_one_query(board: Board) -> None:
    kvi = board.catalog.kvis["ordering_customers"]
    found = evaluate_grains(board.reader, {"month": [kvi], "quarter": [kvi]}, Question())
    assert {grain: values[kvi.name]["value"].tolist() for grain, values in found.items()} == {
        "month": [3, 2, 1],
        "quarter": [3],
    }


def test_a_team_counts_in_its_own_sprints(tiny: Callable[..., Board], tmp_path: Path) -> None:
    """A team without sprints looks at those of the settings, the company at those that do not overlap."""
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "sprints.csv").write_text(SPRINTS)
    board = tiny(TWICE, config=CONFIG + '\n[sources.sprints]\nfiles = "exports/sprints.csv"\n')
    readers = {team: Reader(board.workspace, board.reader.version, team=team) for team in ("A", "B", "C")}
    assert counted(readers["A"], board, "sprint") == {("2026-01-01",): 2, ("2026-01-30",): 2}
    assert counted(readers["B"], board, "sprint") == {("2026-01-10",): 3}
    assert counted(readers["C"], board, "sprint")["2026-01-19",] == 2
    assert counted(board.reader, board, "sprint") == counted(readers["A"], board, "sprint")


def test_a_newer_calendar_counts_from_the_next_refresh_on(tiny_workspace: Callable[..., Workspace]) -> None:
    """Until then all numbers are of the periods that customers were counted in: none is 0 where somebody ordered."""
    workspace = tiny_workspace(TWICE)
    old = open_board(workspace)
    newer = CONFIG.replace("first_day = 2026-01-05", "first_day = 2026-01-07")
    newer += '\n[calendar]\nweek_starts = "sunday"\nquarter_starts_in = "february"\n'
    (workspace.root / CONFIG_NAME).write_text(newer)
    changed = load_workspace(workspace.root)
    not_yet = open_board(changed)
    for grain in ("week", "sprint", "quarter"):
        assert counted(not_yet.reader, not_yet, grain) == counted(old.reader, old, grain)
    assert refresh_if_needed(changed)
    board = open_board(changed)
    assert counted(board.reader, board, "quarter") == {("2025-11-01",): 3, ("2026-02-01",): 2}
    assert counted(board.reader, board, "week")["2026-02-01",] == 2
    assert counted(board.reader, board, "sprint")["2026-01-21",] == 3


def test_rows_that_say_no_period_count_in_each_one(tiny: Callable[..., Board]) -> None:
    """A company's own count of different customers goes on as it was."""
    body = "select day, customer_id from scored_orders where is_purchase"
    board = tiny(TWICE, mine=kvi_file("count(distinct customer_id)", body))
    for grain in ("day", "week", "sprint", "month", "quarter"):
        own = evaluate(board.reader, board.kvis["mine"], Question(grain, "country"))["value"]
        ours = evaluate(board.reader, board.kvis["ordering_customers"], Question(grain, "country"))["value"]
        assert own.tolist() == ours.tolist()
