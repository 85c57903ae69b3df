"""OKRs in from a table, ours or another tool's: what it would bring, with every row's fate, and nothing saved.

Rows of check-ins, moved targets, guardrails and comments belong to the objective or key result they name, by number
where the file has numbers, else by title.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kviboard.apart import Caller, here
from kviboard.board.brought import Brought, Rows, read_brought, read_sent
from kviboard.board.context import BoardContext
from kviboard.board.numbers import decimal_commas
from kviboard.board.okrs.proposals import quarter_on
from kviboard.board.okrs.tables import columns
from kviboard.board.okrs.tables.cells import counts_text, read_days
from kviboard.board.okrs.tables.cycles import plan_cycle
from kviboard.board.okrs.tables.planned import (
    Cells,
    PlannedKeyResult,
    PlannedObjective,
    named_state,
    read_change,
    read_check_in,
    read_comment,
    read_guardrail,
    read_key_result,
    read_objective,
    settle,
)
from kviboard.board.okrs.tables.typed_rows import TypedColumns, find_typed_columns, read_typed_rows
from kviboard.board.okrs.texts import baseline_text, target_text, value_text
from kviboard.domain.formatting import format_days, plural
from kviboard.domain.names import likeness
from kviboard.domain.okrs.lifecycle import State
from kviboard.errors import UsageError, with_short_quotes
from kviboard.store import Cycle, NewCycle
from kviboard.store.column_types import LONGEST_TEXT

Key = tuple[str, ...]
"""Tells objectives apart: the number in the file, else cycle, team and title."""


@dataclass(frozen=True)
class RowFate:
    """What becomes of a row of the file. `problem` "" : it goes in, maybe with a `note`."""

    line: int
    what: str  # "key result “Answered within a day” of “Customers stay”, 40 % → 80 %, now 55 %"
    problem: str = ""
    note: str = ""


@dataclass
class ImportPlan:
    """What a file would bring: read whole, checked as forms are, and nothing saved."""

    known: dict[str, str] = field(default_factory=dict)  # the file's columns, as what they are read
    unknown: list[str] = field(default_factory=list)  # those that are not read
    fates: list[RowFate] = field(default_factory=list)
    cycles: dict[str, NewCycle] = field(default_factory=dict)  # those that are not there yet
    objectives: dict[Key, PlannedObjective] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  # what does not come in as it was

    @property
    def key_results(self) -> list[PlannedKeyResult]:
        return [result for objective in self.objectives.values() for result in objective.results]

    @property
    def summary(self) -> str:
        """ "12 objectives, 31 key results and 4 check-ins; 2 rows not read"."""
        check_ins = sum(len(result.check_ins) for result in self.key_results)
        whole = {"objective": len(self.objectives), "key result": len(self.key_results), "check-in": check_ins}
        left = sum(bool(fate.problem) for fate in self.fates)
        return counts_text(whole) + (f"; {counts_text({'row': left})} not read" if left else "")


def plan_import(context: BoardContext, file: Path, cycle: str = "", call: Caller = here) -> ImportPlan:
    """What `file`, which is read where `call` does it, would bring; `cycle` is that of rows that name none. Raises
    UsageError for a file without OKRs."""
    plan = ImportPlan()
    rows = _without_states_of_results(_with_decimal_points(_read(file, plan, call), plan), plan)
    planner = _Planner(context, plan, cycle, read_days(_days(rows)))
    whole = [(line, cells) for line, cells in rows if cells.get("row") in (None, *_WHOLE)]
    parts = [(line, cells) for line, cells in rows if cells.get("row") not in (None, *_WHOLE)]
    fates = {line: planner.whole(line, cells) for line, cells in whole}
    fates |= {line: planner.part(line, cells) for line, cells in parts}
    plan.fates += [fates[line] for line, _ in rows]
    for objective in plan.objectives.values():
        plan.notes += settle(objective, planner.days_of(objective.cycle))
    return plan


def columns_text(plan: ImportPlan) -> str:
    """ "Read: “Quarter” as Cycle, Objective. Not read: “Tags”." """
    read = [ours if likeness(ours) == likeness(name) else f"“{name}” as {ours}" for name, ours in plan.known.items()]
    said = f"Columns read: {', '.join(read)}."
    left = f" Not read: {', '.join(f'“{name}”' for name in plan.unknown)}." if plan.unknown else ""
    return with_short_quotes(said + left)


def new_cycles_text(plan: ImportPlan) -> str:
    """ "New cycle: Q1 2027, 1 Jan – 31 Mar 2027." A quarter's name may mean other days elsewhere; empty without any."""
    named = [f"{each.name}, {format_days(each.starts_on, each.ends_on)}" for each in plan.cycles.values()]
    return f"New {plural(len(named), 'cycle')}: {'; '.join(named)}." if named else ""


_WHOLE = (columns.OBJECTIVE, columns.KEY_RESULT)


def _days(rows: Rows) -> Iterable[str]:
    return (cells[name] for _, cells in rows for name in ("starts", "ends", "current_on") if name in cells)


def _with_decimal_points(rows: Rows, plan: ImportPlan) -> Rows:
    """The rows with their numbers as they are read, whichever decimal sign the file has."""
    points, said = decimal_commas(cells[name] for _, cells in rows for name in columns.NUMBERS if name in cells)
    if said:
        plan.notes.append(said)
    numbers = set(columns.NUMBERS) if points else set()
    return [
        (line, {name: points[text] if name in numbers else text for name, text in cells.items()})
        for line, cells in rows
    ]


def _without_states_of_results(rows: Rows, plan: ImportPlan) -> Rows:
    """The rows without their state, where key results of one objective have another one each: it is theirs then, and
    what is done of one is no reason to close the objective."""
    states: dict[Key, set[State]] = {}
    for _, cells in rows:
        if cells.get("title") and cells.get("objective_state"):
            states.setdefault(_key(cells), set()).add(named_state(cells["objective_state"]))
    if all(len(found) == 1 for found in states.values()):
        return rows
    column = next(name for name, ours in plan.known.items() if ours == columns.COLUMNS["objective_state"][0])
    del plan.known[column]
    plan.unknown.append(column)
    plan.notes.append(
        f"“{column}” differs between key results of one objective, so it is theirs. Here their values say how they "
        "stand; objectives with a value come in active, the others as a draft."
    )
    return [(line, {name: text for name, text in cells.items() if name != "objective_state"}) for line, cells in rows]


def _read(file: Path, plan: ImportPlan, call: Caller) -> Rows:
    """The rows of a file by our names, with their lines; which columns are read as what goes into the plan. Raises
    UsageError."""
    titles = {name: ours for ours, names in columns.COLUMNS.items() for name in names}
    brought = read_sent(call, read_brought, file, titles)
    known = {likeness(name): ours for ours, names in [*columns.COLUMNS.items()][::-1] for name in names[::-1]}
    names = {ours: column for column in reversed(brought.columns) if (ours := known.get(likeness(column), ""))}
    plan.known = {names[ours]: titles[0] for ours, titles in columns.COLUMNS.items() if ours in names}
    computed = {likeness(title) for title in columns.STANDING.values()}
    plan.unknown = [name for name in brought.columns if name not in plan.known and likeness(name) not in computed]
    typed = find_typed_columns(brought) if "objective" not in names else None
    if typed is not None:
        return _read_typed(brought, typed, names, plan)
    if "objective" not in names:
        found = ", ".join(names.values()) or "none that is known"
        raise UsageError(
            f'{file.name} has no column with objectives, such as "Objective"; known columns in it: {found}.'
        )
    plan.fates = [RowFate(line, "a line", reason) for line, reason in brought.unread]
    rows, last = [], dict[str, str]()
    for line, row in brought.rows:
        cells = {ours: row[column] for ours, column in names.items() if row[column]}
        if not cells:
            continue
        if "objective" not in cells:  # said once, above
            cells = {name: last[name] for name in columns.OF_OBJECTIVE if name in last} | cells
        if cells.get("row", "") not in columns.ROWS:
            cells.pop("row", None)
        last = cells
        rows.append((line, cells))
    return rows


def _read_typed(brought: Brought, typed: TypedColumns, names: Mapping[str, str], plan: ImportPlan) -> Rows:
    """The rows of a file in which each says whether it is an objective or a key result."""
    plan.known = {name: ours for name, ours in plan.known.items() if name not in typed.known} | typed.known
    plan.unknown = [column for column in brought.columns if column not in plan.known]
    found = read_typed_rows(brought, typed, {ours: name for ours, name in names.items() if name not in typed.known})
    plan.fates = [RowFate(line, "a line", reason) for line, reason in brought.unread]
    plan.fates += [RowFate(line, f"row “{title}”", reason) for line, title, reason in found.unread]
    return found.rows


class _Planner:
    """Reads row after row into a plan."""

    def __init__(self, context: BoardContext, plan: ImportPlan, cycle: str, days: Mapping[str, date | None]) -> None:
        self._context, self._plan, self._cycle, self._days = context, plan, cycle, days
        # "Start date" and "Due date" of other tools may be those of the key result.
        self._are_of_cycles = not cycle and likeness(columns.COLUMNS["starts"][0]) in map(likeness, plan.known)
        self._known: Mapping[str, Cycle] = {each.name: each for each in context.store.cycles.all()}
        self._there = {
            (each.name, row.objective.team or "", row.objective.title)
            for each in self._known.values()
            for row in context.store.objectives_of(each.id)
        }

    def days_of(self, name: str) -> NewCycle:
        """A cycle that is there or planned."""
        return self._known.get(name) or self._plan.cycles[name]

    def whole(self, line: int, cells: Cells) -> RowFate:
        """A row that is an objective, or a key result with its objective."""
        title, result = cells.get("objective", ""), cells.get("title", "")
        what = f"key result “{result}” of “{title}”" if result else f"objective “{title}”"
        cells = self._with_cycle(cells)
        try:
            _refuse_too_long(cells)
            cycle = self._known.get(cells["cycle"]) or self._plan.cycles.get(cells["cycle"])
            first_month = self._context.board.calendar.quarter_starts_in
            cycle = cycle or plan_cycle(cells, self._days, first_month, self._are_of_cycles)
            if (cells["cycle"], cells.get("team", ""), title) in self._there:
                raise ValueError(f"the objective is in {cells['cycle']} already")
            key = _key(cells)
            objective = self._plan.objectives.get(key) or read_objective(self._context, line, cells)
            planned, notes = (
                read_key_result(self._context, line, cells, cycle, self._days) if result else (None, list[str]())
            )
        except ValueError as error:
            return RowFate(line, what, str(error))
        if cells["cycle"] not in self._known:
            self._plan.cycles[cells["cycle"]] = cycle
        self._plan.objectives[key] = objective
        objective.results += [planned] if planned else []
        numbers = f", {_numbers(planned, self._context.currency)}" if planned else ""
        return RowFate(line, what + numbers, note="; ".join(notes))

    def part(self, line: int, cells: Cells) -> RowFate:
        """A row about something in another row."""
        kind, title = cells["row"], cells.get("title", "")
        what = f"{kind.lower()} on “{title or cells.get('objective', '')}”"
        objective = self._plan.objectives.get(_key(self._with_cycle(cells)))
        if objective is None:
            return RowFate(line, what, "its objective does not go in")
        same = [each for each in objective.results if _is_named(each, cells)]
        try:
            _refuse_too_long(cells)
            if kind == columns.GUARDRAIL:
                objective.others.append(read_guardrail(objective, line, cells))
            elif kind == columns.COMMENT and not title:
                objective.others.append(read_comment(objective.name, line, cells))
            elif not same:
                return RowFate(line, what, "its key result does not go in")
            elif kind == columns.COMMENT:
                same[0].others.append(read_comment(same[0].name, line, cells))
            elif kind == columns.TARGET_CHANGE:
                same[0].others.append(read_change(same[0], line, cells))
            else:
                same[0].check_ins.append(read_check_in(same[0], line, cells, self._days))
        except ValueError as error:
            return RowFate(line, what, str(error))
        return RowFate(line, what)

    def _with_cycle(self, cells: Cells) -> Cells:
        """A row's cycle, where it names none: the one chosen for such rows, else the one that its own days are, if they
        are just those of a cycle or of a quarter. Other days are of the key result alone."""
        starts, ends = (self._days.get(cells.get(name, "")) for name in ("starts", "ends"))
        if "cycle" in cells or self._cycle or not (starts and ends):
            return {"cycle": self._cycle, **cells}
        quarter = quarter_on(self._context.board.calendar, starts)
        whole = (
            each.name for each in (*self._known.values(), quarter) if (each.starts_on, each.ends_on) == (starts, ends)
        )
        return {"cycle": next(whole, ""), **cells}


def _refuse_too_long(cells: Cells) -> None:
    """Raises ValueError for a text that the store would refuse, and the whole file with it."""
    for name, text in cells.items():
        if len(text) > LONGEST_TEXT:
            title = columns.COLUMNS[name][0] if name in columns.COLUMNS else name
            raise ValueError(f"{title} has {len(text):,} characters; {LONGEST_TEXT:,} can be kept: shorten it")


def _numbers(planned: PlannedKeyResult, currency: str) -> str:
    """How the numbers of a row were understood: "40 % → 80 %, now 55 %"."""
    said = planned.latest.values.get("value") if planned.latest else None
    now = f", now {value_text(planned.new, said, currency)}" if said is not None else ""
    return f"{baseline_text(planned.new, currency)} → {target_text(planned.new, currency)}{now}"


def _key(cells: Cells) -> Key:
    if cells.get("objective_no"):
        return ("no.", cells["objective_no"])
    return (cells.get("cycle", ""), cells.get("team", ""), cells.get("objective", ""))


def _is_named(result: PlannedKeyResult, cells: Cells) -> bool:
    if result.number and cells.get("result_no"):
        return result.number == cells["result_no"]
    return result.new.title == cells.get("title", "")
