"""OKRs as a table: out and in again without loss, and in from what other tools export, with every row's fate."""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from kviboard.board.board import Board, board_without_data
from kviboard.board.context import BoardContext
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.okrs.tables.moved_in import apply_import
from kviboard.board.okrs.tables.plan import columns_text, new_cycles_text, plan_import
from kviboard.board.okrs.tables.standing import where_they_stand
from kviboard.board.okrs.tables.taken_back import goes_text, imports_of, stays_texts, take_back
from kviboard.board.okrs.tables.written import write_okr_table
from kviboard.cli import main
from kviboard.domain.okrs.model import PlanPoint
from kviboard.errors import StoreError, UsageError
from kviboard.store import (
    Author,
    Grade,
    NewCheckIn,
    NewComment,
    NewCycle,
    NewGuardrail,
    NewKeyResult,
    NewObjective,
    NewReview,
    Store,
    TargetValues,
)
from kviboard.workspace import load_workspace
from tests.board.okrs.given import a_key_result, a_quarter, active, an_objective, context_on
from tests.board.okrs.given import say as say_it

AT = datetime(2026, 1, 20, tzinfo=UTC)
ADA = Author("Product owner", AT)
SAMPLE = Path(__file__).parents[3] / "sample_data"


def context_of(folder: Path) -> BoardContext:
    folder.mkdir()
    (folder / "kviboard.toml").write_text('[company]\nname = "Ours"\n')
    workspace = load_workspace(folder)
    workspace.state.mkdir()
    return context_on(board_without_data(workspace), workspace.state)


def said(value: object, day: date, hour: int, **more: object) -> tuple[dict[str, object], Author]:
    """A check-in by somebody at an hour of its day."""
    at = datetime(day.year, day.month, day.day, hour, 5, 7, 123456, tzinfo=UTC)
    return {"day": day, "value": None if value is None else Decimal(str(value)), **more}, Author("Desk lead", at)


@pytest.fixture
def ours(tmp_path: Path) -> BoardContext:
    """A closed quarter and the one after it: all kinds of key results with their history, awkward texts, two objectives
    of one name, one carried over, a draft that supports another."""
    context = context_of(tmp_path / "ours")
    store = context.store
    old = store.cycles.add(
        NewCycle(name="Q4 2025", starts_on=date(2025, 10, 1), ends_on=date(2025, 12, 31)), author=ADA
    )
    new = store.cycles.add(NewCycle(name="Winter", starts_on=date(2026, 1, 5), ends_on=date(2026, 3, 29)), author=ADA)
    help_ = store.objectives.add(
        NewObjective(
            cycle_id=old.id, title="Customers find help at once", team="Care", owner="Care lead",
            customer_promise="You ask once.\nWe answer; \"always\".", weight=Decimal("1.5"),
        ),
        author=ADA,
    )  # fmt: skip
    share = {"unit": "percent", "baseline": Decimal("0.405"), "target": Decimal("0.8"), "owner": "Desk"}
    days = {"unit": "days", "baseline": Decimal(9), "target": Decimal("-1.5"), "weight": Decimal(2)}
    band = {"lower": Decimal(3), "upper": Decimal(5), "tolerance": Decimal(2), "ambition": "aspirational"}
    plan = (PlanPoint(date(2025, 10, 31), Decimal("0.205")), PlanPoint(date(2025, 11, 30), Decimal("0.6")))
    results = [
        NewKeyResult(objective_id=help_.id, title="Answered within a day", kind="increase", plan=plan, **share),
        NewKeyResult(objective_id=help_.id, title="Days until solved", kind="decrease", **days),
        NewKeyResult(objective_id=help_.id, title="Questions a day", kind="keep_within", **band),
        NewKeyResult(objective_id=help_.id, title="“Ask once” is signed, by all", kind="milestone", cadence_days=30),
        NewKeyResult(
            objective_id=help_.id, title="NPS", kind="increase", unit="score", baseline=Decimal(12), target=Decimal(20),
            kvi="nps", grain="month", where={"plan": ["Plus; or=more", "Basic|2"], "country": ["DE"]},
        ),
    ]  # fmt: skip
    kept = [store.key_results.add(each, author=ADA) for each in results]
    store.guardrails.add(
        NewGuardrail(
            objective_id=help_.id, kvi="revenue", grain="month", where={"country": ["NL", "DE"]}, lower=Decimal("0.1")
        ),
        author=ADA,
    )
    help_ = store.life_cycle.activate(help_, author=ADA)
    first, second, third = date(2025, 10, 15), date(2025, 11, 2), date(2025, 12, 30)
    for place, (values, author) in (
        (0, said("0.44", first, 9, confidence=6, comment="=First; week\nand more")),
        (0, said("0.6123456789", second, 9, confidence=0)),
        (1, said("-1", second, 10, comment="'Twas good, @Desk lead")),
        (3, said(0, second, 11)),
        (3, said(1, third, 11, comment="N/A")),
        (4, said(None, third, 12, confidence=10, comment="NULL")),
    ):
        last = store.check_ins.add(NewCheckIn(key_result_id=kept[place].id, **values), author=author)
    values, author = said(None, third, 13, confidence=9, comment="Too sure.")
    store.check_ins.correct(last, NewCheckIn(key_result_id=kept[4].id, **values), author=author)
    moved = replace(kept[0], target=Decimal("0.75"))
    moved = store.key_results.edit(moved, author=Author("Care lead", AT), reason="Two people left; agreed with all.")
    store.key_results.edit(replace(moved, ambition="aspirational"), author=Author("Care lead", AT), reason="Bolder.")
    store.comments.add(NewComment(text="Who asks?\n@Ada", key_result_id=kept[1].id), author=Author("Ada", AT))
    store.comments.add(NewComment(text="-well-", objective_id=help_.id), author=Author("Bo", AT))
    grade = Grade(
        outcome="modify",
        grade=Decimal("0.7"),
        suggested_grade=Decimal("0.6"),
        grade_reason="Late data.",
        closing_note="Ask once works.",
    )
    store.life_cycle.close(help_, grade, {
        kept[0].id: Grade(outcome="keep", grade=Decimal("0.3"), suggested_grade=Decimal("0.3"), closing_note="Slow."),
        kept[1].id: Grade(outcome="abandon", grade=None),
    }, author=ADA)  # fmt: skip
    copy = store.life_cycle.carry_over(
        help_.id, new.id, {kept[1].id: TargetValues(baseline=Decimal(5), target=Decimal(2))}, author=ADA
    )
    heard = store.objectives.add(
        NewObjective(cycle_id=new.id, title="Customers feel heard", parent_id=copy.id), author=ADA
    )
    twin = NewObjective(cycle_id=new.id, title="Customers feel heard", parent_id=heard.id)
    twin = store.objectives.add(twin, author=ADA)
    for place in (1, 2):
        store.key_results.add(
            NewKeyResult(
                objective_id=twin.id, title="Said “heard”", kind="increase", baseline=Decimal(0), target=Decimal(place)
            ),
            author=ADA,
        )
    store.life_cycle.activate(twin, author=ADA)
    support = store.objectives.add(
        NewObjective(cycle_id=old.id, title="Customers find help at once", parent_id=heard.id), author=ADA
    )
    store.key_results.add(NewKeyResult(objective_id=support.id, title="Later", kind="increase"), author=ADA)
    return context


def everything(store: Store, file: Path) -> dict[str, list[dict[str, object]]]:
    """All that a store keeps of OKRs, by its own export, without what each store numbers and stamps for itself. Rows
    are named by their words, as their numbers differ from store to store."""
    store.export_json(file)
    tables = json.loads(file.read_text())["tables"]
    names: dict[str, dict[int, str]] = defaultdict(dict)
    kept: dict[str, list[dict[str, object]]] = {}
    for table in OF_OKRS:
        for row in tables[table]:
            told = f"{row.get('name') or row.get('title') or row.get('created_at')}"
            names[table][row["id"]] = f"{names.get('objectives', {}).get(row.get('objective_id'), '')}/{told}"
    for table, refers in OF_OKRS.items():
        rows = [row for row in tables[table] if row.get("archived_at") is None]
        said_there = table in ("check_ins", "target_changes", "comments")
        own = {"id", "version", "changed_at", "changed_by", *(() if said_there else ("created_at", "created_by"))}
        kept[table] = [
            {name: names[refers[name]].get(value) if name in refers else value for name, value in row.items()}
            for row in ({name: value for name, value in row.items() if name not in own} for row in rows)
        ]
        kept[table].sort(key=lambda row: json.dumps(row, sort_keys=True))
    return kept


OF_OKRS = {
    "cycles": {},
    "objectives": {"cycle_id": "cycles", "parent_id": "objectives", "carried_from_id": "objectives"},
    "key_results": {"objective_id": "objectives", "carried_from_id": "key_results"},
    "check_ins": {"key_result_id": "key_results", "corrects_id": "check_ins"},
    "target_changes": {"key_result_id": "key_results"},
    "guardrails": {"objective_id": "objectives"},
    "comments": {"objective_id": "objectives", "key_result_id": "key_results", "decision_id": "decisions"},
}
"""The tables of OKRs, with the columns that name other rows."""


def moved(ours: BoardContext, folder: Path, ending: str) -> BoardContext:
    """Another board, into which all OKRs of this one were moved by way of a file."""
    file = folder / f"okrs.{ending}"
    rows = write_okr_table(ours.store, file)
    theirs = context_of(folder / f"theirs-{ending}")
    plan = plan_import(theirs, file)
    assert [fate.problem for fate in plan.fates] == [""] * rows
    assert theirs.store.cycles.all() == []  # nothing is saved before
    assert plan.notes == []
    assert plan.unknown == []
    apply_import(theirs, plan, Author("Somebody else", AT))
    return theirs


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx"])
def test_a_quarter_goes_out_and_comes_in_again_the_same(ours: BoardContext, tmp_path: Path, ending: str) -> None:
    theirs = moved(ours, tmp_path, ending)
    before, after = (everything(context.store, tmp_path / "all.json") for context in (ours, theirs))
    assert {table: len(rows) for table, rows in before.items()} == {
        **{"cycles": 2, "objectives": 5, "key_results": 9, "check_ins": 7, "target_changes": 2},
        **{"guardrails": 2, "comments": 2},
    }
    for table, rows in before.items():
        assert after[table] == rows, table
    again = plan_import(theirs, tmp_path / f"okrs.{ending}")
    assert all("already" in fate.problem or "does not go in" in fate.problem for fate in again.fates)


def test_the_sample_goes_out_and_comes_in_again_the_same(tmp_path: Path) -> None:
    context = context_of(tmp_path / "ours")
    context.store.import_json(SAMPLE / "okrs.json")
    file = tmp_path / "okrs.csv"
    rows = write_okr_table(context.store, file)
    theirs = context_of(tmp_path / "theirs")
    plan = plan_import(theirs, file)
    assert [fate.problem for fate in plan.fates] == [""] * rows
    assert plan.notes == []
    apply_import(theirs, plan, Author("Somebody else", AT))
    before, after = (everything(each.store, tmp_path / "all.json") for each in (context, theirs))
    for table, kept in before.items():
        assert after[table] == kept, table


def test_no_cell_of_the_table_is_a_formula(ours: BoardContext, tmp_path: Path) -> None:
    write_okr_table(ours.store, tmp_path / "okrs.csv")
    text = pd.read_csv(tmp_path / "okrs.csv", dtype=str, keep_default_na=False)
    cells = [cell for column in text for cell in text[column]]
    assert "'=First; week\nand more" in cells
    assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in cells)
    write_okr_table(ours.store, tmp_path / "okrs.xlsx")
    kinds = {
        cell.value: cell.data_type for row in openpyxl.load_workbook(tmp_path / "okrs.xlsx").active for cell in row
    }
    assert kinds["=First; week\nand more"] == "s"
    assert "f" not in kinds.values()


def test_where_active_key_results_stand_goes_out_and_is_not_read_again(
    tmp_path: Path, tiny: Callable[..., Board]
) -> None:
    """Turnover of February is 7.25: 22.75 the wrong way from 30, of 10 to go. What is typed stands at its check-in."""
    ours = context_on(tiny(), tmp_path)
    quarter = a_quarter(ours)
    objective = an_objective(ours, quarter)
    measured = {"kvi": "turnover", "grain": "month", "unit": "currency", "baseline": "30", "target": "40"}
    a_key_result(ours, objective, "Turnover a month", **measured)
    typed = a_key_result(ours, objective)
    active(ours, objective)
    say_it(ours, typed, date(2026, 3, 2), "-25")
    a_key_result(ours, an_objective(ours, quarter, "A draft"), "Not begun")
    write_okr_table(ours.store, tmp_path / "okrs.csv", where_they_stand(ours))
    table = pd.read_csv(tmp_path / "okrs.csv", dtype=str, keep_default_na=False).query("Row == 'Key result'")
    said = ["Key result", "Stands at", "Stands so in", "Progress made (%)", "Key result status", "Status reason"]
    first, second = read_quarter(ours).objectives[0].key_results
    assert table[said].values.tolist() == [
        ["Turnover a month", "7.25", "Feb 2026", "-227.5", "Off track", first.reason],
        ["Answered within a day", "-25", "2 Mar 2026", "-25", "Off track", second.reason],
        ["Not begun", "", "", "", "", ""],
    ]
    plan = plan_import(context_of(tmp_path / "theirs"), tmp_path / "okrs.csv")
    assert plan.unknown == []
    assert not any("Stands" in name for name in plan.known)
    assert plan.summary == "2 objectives, 3 key results and 1 check-in"


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
    apply_import(context, plan, Author("Ada", AT))
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


HEADER = "Objective,Key result,Baseline,Target,Current,Quarter"


def import_of(context: BoardContext, author: Author, *rows: str) -> None:
    file = context.board.workspace.root / "theirs.csv"
    file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    apply_import(context, plan_import(context, file), author)


def test_an_import_is_taken_back_but_for_what_people_went_on_with(tmp_path: Path) -> None:
    """Five objectives in one file: four are gone on with, each in another way; the fifth leaves."""
    context = context_of(tmp_path / "ours")
    store = context.store
    names = ["Customers pay", "Customers stay", "Customers ask", "Customers find", "Customers return"]
    import_of(context, ADA, *(f"{name},How many,1,9,,Q2 2027" for name in names))
    later = Author("Bo", AT + timedelta(days=1))
    import_of(context, later, "Customers wait,Days,9,1,5,Q2 2027", "Customers wait,Mails,9,1,5,Q3 2027")
    (spring,) = [each for each in store.cycles.all() if each.name == "Q2 2027"]
    pay, stay, ask, find, back = (
        row.objective for row in store.objectives_of(spring.id) if row.objective.created_by == ADA.by
    )
    results = {row.objective.id: row.key_results[0].key_result for row in store.objectives_of(spring.id)}
    store.life_cycle.activate(pay, author=later)
    store.check_ins.add(
        NewCheckIn(key_result_id=results[pay.id].id, day=date(2027, 4, 2), value=Decimal(3)), author=later
    )
    store.key_results.edit(replace(results[stay.id], owner="Bo"), author=later)
    store.comments.add(NewComment(text="Why?", key_result_id=results[ask.id].id), author=later)
    aim = store.reviews.add(
        NewReview(sprint="S 1", starts_on=date(2027, 4, 1), ends_on=date(2027, 4, 14)), author=later
    )
    store.reviews.edit(replace(aim, goal="Found", goal_key_results=(results[find.id].id,)), author=later)

    (own,) = imports_of(context, ADA)
    assert (own.untouched, own.key_results, own.cycles) == ((back,), 1, ())  # Bo's objective is in the cycle, too
    assert goes_text(own) == "1 objective and 1 key result"
    assert sorted(stays_texts(context, own)) == [
        "“Customers ask” stays: comment added by Bo on 21 Jan 2026",
        "“Customers find” stays: review added by Bo on 21 Jan 2026",
        "“Customers pay” stays: activated by Bo on 21 Jan 2026",
        "“Customers stay” stays: key result changed by Bo on 21 Jan 2026",
    ]
    (theirs,) = imports_of(context, later)
    assert goes_text(theirs) == "2 objectives and 2 key results, with the cycle Q3 2027"
    with pytest.raises(StoreError, match="no import of yours"):
        take_back(context, theirs.id, author=ADA)
    assert take_back(context, own.id, author=replace(ADA, key="click")) == own
    assert {row.objective.title for row in store.objectives_of(spring.id)} == {*names[:4], "Customers wait"}
    assert imports_of(context, ADA) == []
    assert store.history.of("objectives", back.id)[-1].reason == "its import was taken back"

    take_back(context, theirs.id, author=later)
    assert [each.name for each in store.cycles.all()] == ["Q2 2027"]
    gone = store.objectives.get(max(each.id for each in theirs.untouched))
    assert store.cycles.get(store.objectives.restore(gone, author=later).cycle_id).archived_at is None
    assert imports_of(context, later) == []  # it was brought back since


def test_a_row_without_a_cycle_goes_where_its_own_days_are_those_of_a_quarter(tmp_path: Path) -> None:
    """Other days are those of the key result alone; what is chosen for rows without a cycle goes first."""
    (tmp_path / "theirs.csv").write_text(
        "Objective,Key result,Start value,Target value,Start date,Due date\n"
        "Customers stay,Renewed,10,20,01.01.2027,31.03.2027\n"
        "Customers pay,Paid on time,5,9,15.01.2027,28.02.2027\n"
        "Customers return,Second order,1,2,2026-04-01,2026-06-30\n",
        encoding="utf-8",
    )
    context = context_of(tmp_path / "ours")
    spring = NewCycle(name="Spring", starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30))
    context.store.cycles.add(spring, author=Author("Ada", AT))
    plan = plan_import(context, tmp_path / "theirs.csv")
    assert [objective.cycle for objective in plan.objectives.values()] == ["Q1 2027", "Spring"]
    assert "names no cycle" in plan.fates[1].problem
    assert new_cycles_text(plan) == "New cycle: Q1 2027, 1 Jan – 31 Mar 2027."
    chosen = plan_import(context, tmp_path / "theirs.csv", "Q3 2027")
    assert {objective.cycle for objective in chosen.objectives.values()} == {"Q3 2027"}
    assert new_cycles_text(chosen) == "New cycle: Q3 2027, 1 Jul – 30 Sep 2027."  # not the days of its first row


@pytest.mark.parametrize(
    ("heads", "days"),
    [
        ("Start date,Due date", "1 Apr – 30 Jun 2027"),  # of the key result
        ("Cycle starts,Cycle ends", "12 Apr – 15 May 2027"),  # ours
    ],
)
def test_a_quarter_named_has_its_own_days_and_not_those_of_a_key_result(tmp_path: Path, heads: str, days: str) -> None:
    rows = f"Quarter,Objective,Key result,Baseline,Target,{heads}\nQ2 2027,Customers stay,Renewed,1,2,"
    (tmp_path / "theirs.csv").write_text(f"{rows}2027-04-12,2027-05-15\n", encoding="utf-8")
    plan = plan_import(context_of(tmp_path / "ours"), tmp_path / "theirs.csv")
    assert new_cycles_text(plan) == f"New cycle: Q2 2027, {days}."


def test_what_cannot_come_in_as_it_was_is_said(tmp_path: Path) -> None:
    """A closed objective without a grade, a draft with values, a day that may be two, a unit we do not have."""
    (tmp_path / "theirs.csv").write_text(
        "Quarter,Objective,Status,Key result,Start,Target,Actual,Updated at,Unit,Tags\n"
        "Q1 2026,Customers stay,Completed,Renewed,10,20,18,31/01/2026,%,a\n"
        "Q1 2026,Customers pay,Draft,Paid on time,5,9,7,,hours,b\n"
        "Q1 2026,Customers return,On track,Second order,1,,2,15/02/2026,,\n"
    )
    context = context_of(tmp_path / "ours")
    plan = plan_import(context, tmp_path / "theirs.csv")
    assert [fate.problem for fate in plan.fates] == ["", "", ""]
    assert [fate.note for fate in plan.fates] == ["", "its unit, “hours”, is kept as a plain number", ""]
    assert plan.unknown == ["Tags"]
    assert "“Updated at” as Current on" in columns_text(plan)
    closed, draft, incomplete = plan.notes
    assert closed.startswith("“Customers stay” was closed and comes in active: close it here")
    assert draft == "“Customers pay” is a draft, which has no values yet: those of its key results stay out."
    assert incomplete.startswith("“Customers return” comes in as a draft, without its values. ")
    assert "no target" in incomplete


def test_a_status_that_differs_within_an_objective_is_that_of_its_key_results(tmp_path: Path) -> None:
    """One key result done, the other not: the objective is not closed. Where all agree, it may be the objective's."""
    heads = "Quarter,Objective,Key result,Status,Start,Target,Actual\n"
    rows = ["Q1 2026,Customers stay,Renewed,Done,10,20,20", "Q1 2026,Customers stay,Called,In progress,9,5,7"]
    rows.append("Q1 2026,Customers pay,Paid on time,Done,5,9,9")
    context = context_of(tmp_path / "ours")
    (tmp_path / "theirs.csv").write_text(heads + "\n".join(rows), encoding="utf-8")
    plan = plan_import(context, tmp_path / "theirs.csv")
    assert [objective.state for objective in plan.objectives.values()] == ["Active", "Active"]
    assert plan.unknown == ["Status"]
    (note,) = plan.notes
    assert note.startswith("“Status” differs between key results of one objective, so it is theirs.")
    (tmp_path / "theirs.csv").write_text(heads + "\n".join([rows[0], rows[2]]), encoding="utf-8")
    alike = plan_import(context, tmp_path / "theirs.csv")
    assert all("was closed and comes in active" in note for note in alike.notes)
    assert len(alike.notes) == 2


def test_rows_that_say_what_they_are_are_understood(tmp_path: Path) -> None:
    """One title for both, an objective named by number, by title or by standing above, and rows that are neither."""
    (tmp_path / "theirs.csv").write_text(
        "ID,Type,Title,Parent ID,Parent,Owner,Quarter,Status,Initial value,Target value\n"
        "7,Key Result,Second order,2,,Cy,,At risk,10,20\n"
        "1,Objective,Customers stay,,,Bo,Q2 2027,On track,,\n"
        "3,key result,Renewed,,,Cy,Q3 2027,,60 %,90 %\n"
        "2,objective,Customers return,1,,Di,Q2 2027,,,\n"
        "4,KR,Recommended,,Customers stay,Cy,,,5,9\n"
        "5,Initiative,Write letters,2,,Cy,,,,\n"
        "6,Key result,Nobody's,99,,Cy,,,1,2\n"
    )
    context = context_of(tmp_path / "ours")
    plan = plan_import(context, tmp_path / "theirs.csv")
    assert plan.summary == "2 objectives and 3 key results; 2 rows not read"
    assert {(fate.line, fate.problem) for fate in plan.fates if fate.problem} == {
        (7, "“Initiative” is neither an objective nor a key result"),
        (8, "its objective is not in the file"),
    }
    assert "“Type” as Row, “Title” as Objective or key result" in columns_text(plan)
    apply_import(context, plan, Author("Ada", AT))
    (cycle,) = context.store.cycles.all()
    stay, back = context.store.objectives_of(cycle.id)
    assert (stay.objective.title, stay.objective.owner) == ("Customers stay", "Bo")
    assert {each.key_result.title for each in stay.key_results} == {"Renewed", "Recommended"}
    assert [each.key_result.title for each in back.key_results] == ["Second order"]
    assert back.objective.parent_id == stay.objective.id
    assert {each.key_result.owner for each in (*stay.key_results, *back.key_results)} == {"Cy"}


def test_types_of_key_results_are_no_types_of_rows(tmp_path: Path) -> None:
    (tmp_path / "theirs.csv").write_text("Type,Title,Colour\nincrease,Renewed,red\n")
    with pytest.raises(UsageError, match="no column with objectives"):
        plan_import(context_of(tmp_path / "ours"), tmp_path / "theirs.csv")


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
    assert said.count(": goes in") == 23
    assert "Nothing was saved" in said
    assert main(arguments) == 0
    assert "Imported 5 objectives, 9 key results and 7 check-ins." in capsys.readouterr().out


def test_a_table_larger_than_people_type_is_refused_before_it_is_read(ours: BoardContext, tmp_path: Path) -> None:
    file = tmp_path / "okrs.csv"
    file.write_bytes(b"Objective\n" + b"x" * 20 * 1024 * 1024)
    with pytest.raises(UsageError, match=r"^okrs\.csv is larger than 20 MB; bring it in several files\.$"):
        plan_import(ours, file)


def test_a_text_that_the_store_would_refuse_is_told_before_anything_is_saved(
    ours: BoardContext, tmp_path: Path
) -> None:
    file = tmp_path / "okrs.csv"
    rows = [f"{'x' * 20_001},Q1 2026,Answered,1,2", f"Help at once,{'Q' * 400},Answered,1,2", "Help,Q1 2026,Moved,1,2"]
    file.write_text("\n".join(["Objective,Cycle,Key result,Baseline,Target", *rows]) + "\n")
    plan = plan_import(ours, file)
    long, unknown, fine = (fate.problem for fate in plan.fates)
    assert long == "Objective has 20,001 characters; 20,000 can be kept: shorten it"
    assert unknown.startswith(f"the cycle “{'Q' * 400}” is not there yet")
    assert (fine, plan.summary) == ("", "1 objective and 1 key result; 2 rows not read")


@pytest.mark.parametrize(
    ("baseline", "target", "current", "read", "said"),
    [
        ("1.234,50", "1.000", "1.100", ("1234.5", "1000", "1100"), "“1.000” is read as 1000, because “1.234,50” has a"),
        ("0,5", "2,125", "1", ("0.5", "2.125", "1"), "“2,125” is read as 2.125, because “0,5” has a decimal comma."),
        ("€ 2.000.000", "1,5", "-3,25", ("2000000", "1.5", "-3.25"), ""),
        ("0.5", "1,100", "2.125", ("0.5", "1100", "2.125"), ""),
        ("0,5", "2.5", "1.100", ("0.5", "2.5", "1.1"), ""),  # one of each: as a form reads them
        ("1", "1.100", "1,100", ("1", "1.1", "1100"), "“1.100” is read with a decimal point, because no other number"),
        ("1", "0.125", "1,100", ("1", "0.125", "1100"), ""),  # no thousands begin with a nought
    ],
)
def test_a_decimal_comma_elsewhere_in_the_file_tells_what_a_number_is(
    tmp_path: Path, baseline: str, target: str, current: str, read: tuple[str, ...], said: str
) -> None:
    kind = "increase" if Decimal(read[1]) > Decimal(read[0]) else "decrease"
    lines = [
        "Cycle;Objective;Key result;Kind;Baseline;Target;Current;Current on",
        f"Q1 2026;Help at once;Cost;{kind};{baseline};{target};{current};2026-02-01",
        "Q1 2026;Help at once;Moved;milestone;;;not done;2026-02-01",
    ]
    (tmp_path / "theirs.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    plan = plan_import(context_of(tmp_path / "ours"), tmp_path / "theirs.csv")
    assert [fate.problem for fate in plan.fates] == ["", ""]
    cost, moved = plan.key_results
    (check_in,) = cost.check_ins
    found = (cost.new.baseline, cost.new.target, check_in.values["value"])
    assert found == tuple(map(Decimal, read))
    assert moved.check_ins[0].values["value"] == 0
    assert "".join(plan.notes).startswith(said) if said else "is read as" not in "".join(plan.notes)
