"""OKRs as a table: out and in again without loss, and in from what other tools export, with every row's fate."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from kviboard.board.board import board_without_data
from kviboard.board.context import BoardContext, open_store_of
from kviboard.board.okrs.tables import apply_import, okr_table, plan_import, write_okr_table
from kviboard.cli import main
from kviboard.errors import UsageError
from kviboard.store import Author, NewCheckIn, NewCycle, NewKeyResult, NewObjective
from kviboard.workspace import load_workspace

AT = datetime(2026, 1, 20, tzinfo=UTC)
ADA = Author("Product owner", AT)


def context_of(folder: Path) -> BoardContext:
    folder.mkdir()
    (folder / "kviboard.toml").write_text('[company]\nname = "Ours"\n')
    workspace = load_workspace(folder)
    return BoardContext(board_without_data(workspace), open_store_of(workspace))


@pytest.fixture
def ours(tmp_path: Path) -> BoardContext:
    """A quarter: an active objective with all kinds of key results, one that supports it, a draft without any."""
    context = context_of(tmp_path / "ours")
    store = context.store
    cycle = store.cycles.add(
        NewCycle(name="Q1 2026", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31)), author=ADA
    )
    help_ = store.objectives.add(
        NewObjective(
            cycle_id=cycle.id,
            title="Customers find help at once",
            team="Care",
            owner="Care lead",
            customer_promise="You ask once.",
        ),
        author=ADA,
    )
    share = {"unit": "percent", "baseline": Decimal("0.405"), "target": Decimal("0.8"), "owner": "Desk"}
    days = {"unit": "days", "baseline": Decimal(9), "target": Decimal("-1.5"), "weight": Decimal(2)}
    band = {"lower": Decimal(3), "upper": Decimal(5), "tolerance": Decimal(2), "ambition": "aspirational"}
    results = [
        NewKeyResult(objective_id=help_.id, title="Answered within a day", kind="increase", **share),
        NewKeyResult(objective_id=help_.id, title="Days until solved", kind="decrease", **days),
        NewKeyResult(objective_id=help_.id, title="Questions a day", kind="keep_within", **band),
        NewKeyResult(objective_id=help_.id, title="“Ask once” is signed, by all", kind="milestone", cadence_days=30),
    ]
    kept = [store.key_results.add(each, author=ADA) for each in results]
    store.objectives.add(NewObjective(cycle_id=cycle.id, title="Customers feel heard", parent_id=help_.id), author=ADA)
    store.life_cycle.activate(help_, author=ADA)
    said = {"value": Decimal("0.44"), "confidence": 6, "comment": "=First; week"}
    store.check_ins.add(NewCheckIn(key_result_id=kept[0].id, day=date(2026, 1, 15), **said), author=ADA)
    return context


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_quarter_goes_out_and_comes_in_again_the_same(ours: BoardContext, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"okrs.{ending}"
    assert write_okr_table(ours.store, file) == 5
    theirs = context_of(tmp_path / "theirs")
    plan = plan_import(theirs, file)
    assert [fate.problem for fate in plan.fates] == [""] * 5
    assert theirs.store.cycles.all() == []  # nothing is saved before
    assert plan.summary == "2 objectives and 4 key results"
    assert apply_import(theirs, plan, "Product owner", AT) == []
    pd.testing.assert_frame_equal(okr_table(theirs.store), okr_table(ours.store))
    again = plan_import(theirs, file)
    assert {fate.problem for fate in again.fates} == {"the objective is in Q1 2026 already"}


def test_no_cell_of_the_table_is_a_formula(ours: BoardContext, tmp_path: Path) -> None:
    write_okr_table(ours.store, tmp_path / "okrs.csv")
    text = pd.read_csv(tmp_path / "okrs.csv", dtype=str, keep_default_na=False)
    cells = [cell for column in text for cell in text[column]]
    assert "'=First; week" in cells
    assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in cells)
    write_okr_table(ours.store, tmp_path / "okrs.xlsx")
    kinds = {
        cell.value: cell.data_type for row in openpyxl.load_workbook(tmp_path / "okrs.xlsx").active for cell in row
    }
    assert kinds["=First; week"] == "s"
    assert "f" not in kinds.values()


def test_an_export_of_another_tool_is_understood(tmp_path: Path) -> None:
    """Names of their own, an objective's name only once, per cent signs, a cycle that tells its days by its name."""
    book = openpyxl.Workbook()
    for row in (
        ["Objective title", "Key result title", "Assignee", "Start value", "Target value", "Current value", "Quarter"],
        ["Customers pay at once", "Paid on time", "Bo", "60 %", "90 %", "72 %", "Q2 2027"],
        [None, "Reminders per invoice", "Bo", "2.5", "1", None, "Q2 2027"],
        ["Customers stay", "Renewed", "Cy", "many", "95 %", None, "Q2 2027"],
        ["Customers return", "Second order", "Cy", "10", "20", None, None],
    ):
        book.active.append(row)
    book.save(tmp_path / "theirs.xlsx")
    context = context_of(tmp_path / "ours")
    plan = plan_import(context, tmp_path / "theirs.xlsx")
    assert [bool(fate.problem) for fate in plan.fates] == [False, False, True, True]
    assert "many" in plan.fates[2].problem
    assert "names no cycle" in plan.fates[3].problem
    assert apply_import(context, plan, "Ada", AT) == []
    (cycle,) = context.store.cycles.all()
    assert (cycle.starts_on, cycle.ends_on) == (date(2027, 4, 1), date(2027, 6, 30))
    (found,) = context.store.objectives_of(cycle.id)
    first, second = (each.key_result for each in found.key_results)
    assert (first.unit, first.baseline, first.target, first.kind) == (
        "percent",
        Decimal("0.6"),
        Decimal("0.9"),
        "increase",
    )
    assert (second.unit, second.baseline, second.kind) == ("number", Decimal("2.5"), "decrease")
    assert found.key_results[0].check_ins[0].value == Decimal("0.72")


def test_a_file_without_objectives_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("colour,shape\nred,round\n")
    with pytest.raises(UsageError, match="no column with objectives"):
        plan_import(context_of(tmp_path / "ours"), tmp_path / "x.csv")


def test_the_command_says_every_row_and_saves_nothing_in_a_dry_run(ours: BoardContext, tmp_path: Path, capsys) -> None:
    file, folder = tmp_path / "okrs.csv", str(tmp_path / "ours")
    assert main(["okrs", "export", str(file), "--workspace", folder]) == 0
    context_of(tmp_path / "new")
    arguments = ["okrs", "import", str(file), "--workspace", str(tmp_path / "new")]
    assert main([*arguments, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert said.count("goes in") == 5
    assert "Nothing was saved" in said
    assert main(arguments) == 0
    assert "Imported 2 objectives and 4 key results." in capsys.readouterr().out
