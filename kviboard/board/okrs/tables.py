"""OKRs as a table, one row per key result: out as CSV or XLSX, and in from what other tools export.

Columns are known by their names; what every row becomes is said before anything is saved. Check-ins before the latest,
guardrails and notes are not in a table: those travel as JSON.
"""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from kviboard.board.brought import Rows, read_brought
from kviboard.board.context import BoardContext
from kviboard.board.numbers import read_number, typed_text
from kviboard.board.okrs.forms import KeyResultForm, ObjectiveForm
from kviboard.board.okrs.validation import check_key_result, check_objective
from kviboard.domain.formatting import counted, without_formula
from kviboard.domain.okrs import model as okr
from kviboard.errors import StoreError, UsageError
from kviboard.store import Author, CheckIn, Cycle, KeyResult, NewCheckIn, NewCycle, Objective, Store
from kviboard.warehouse.files.names import likeness

_COLUMNS = {
    "cycle": ("Cycle", "Period", "Quarter", "Time period", "Zeitraum", "Quartal"),
    "starts": ("Cycle starts", "Start date", "Startdatum"),
    "ends": ("Cycle ends", "End date", "Due date", "Enddatum"),
    "objective": ("Objective", "Objective title", "Objective name", "Ziel", "Objectif", "Objetivo", "Doelstelling"),
    "promise": ("Customer promise",),
    "team": ("Team", "Group", "Department", "Équipe", "Equipo", "Abteilung"),
    "objective_owner": ("Objective owner",),
    "objective_state": ("Objective state", "State"),
    "parent": ("Supports", "Parent objective", "Parent", "Aligned to"),
    "title": ("Key result", "Key result title", "Key result name", "KR", "Schlüsselergebnis", "Kernresultaat"),
    "kind": ("Kind", "Type", "Key result type"),
    "owner": ("Owner", "Key result owner", "Assignee", "Verantwortlich", "Responsable", "Eigenaar"),
    "unit": ("Unit", "Metric unit", "Einheit", "Unité", "Eenheid"),
    "baseline": ("Baseline", "Start", "Start value", "Initial value", "From", "Startwert", "Ausgangswert"),
    "target": ("Target", "Target value", "Goal", "To", "Zielwert", "Cible", "Meta", "Doel"),
    "lower": ("At least",),
    "upper": ("At most",),
    "tolerance": ("Tolerance",),
    "ambition": ("Ambition",),
    "weight": ("Weight", "Gewicht", "Poids", "Peso"),
    "kvi": ("KVI",),
    "grain": ("KVI grain",),
    "where": ("KVI customers",),
    "cadence_days": ("Cadence (days)",),
    "current": ("Current", "Current value", "Actual", "Latest value", "Aktuell", "Istwert", "Actuel", "Huidig"),
    "current_on": ("Current on", "Last check-in", "Updated at", "Last updated"),
    "confidence": ("Confidence",),
    "comment": ("Comment", "Latest comment", "Last comment", "Kommentar"),
}
"""Our names with what columns are called, the first of which is what we write."""
_UNITS = {"%": "percent", "percent": "percent", "percentage": "percent", "": "", "#": "number", "count": "number"}
_KNOWN_UNITS = ("customers", "currency", "percent", "score", "per_1000", "number", "days")
_QUARTER = re.compile(r"Q([1-4])\D{0,3}(\d{4})|(\d{4})\D{0,3}Q([1-4])", re.IGNORECASE)
_MONTHS = 3
Key = tuple[str, str, str]
"""Tells objectives apart: cycle, team, title."""


@dataclass(frozen=True)
class RowFate:
    """What becomes of a row of the file. `problem` "" : it goes in."""

    line: int
    what: str  # "key result “Answered within a day”"
    problem: str = ""


@dataclass
class ImportPlan:
    """What a file would bring: read whole, checked as forms are, and nothing saved."""

    fates: list[RowFate] = field(default_factory=list)
    cycles: dict[str, NewCycle] = field(default_factory=dict)  # those that are not there yet
    objectives: dict[Key, ObjectiveForm] = field(default_factory=dict)  # by cycle, team, title
    parents: dict[Key, str] = field(default_factory=dict)
    states: dict[Key, str] = field(default_factory=dict)
    key_results: list[tuple[Key, KeyResultForm, dict[str, str], int]] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """ "12 objectives and 31 key results; 2 rows are not read." """
        said = f"{counted(len(self.objectives), 'objective')} and {counted(len(self.key_results), 'key result')}"
        left = sum(bool(fate.problem) for fate in self.fates)
        return f"{said}; {counted(left, 'row')} not read" if left else said


def okr_table(store: Store) -> pd.DataFrame:
    """Every objective and key result that is not archived, one row per key result, as text that can be read again."""
    found = [(cycle, row) for cycle in store.cycles.all() for row in store.objectives_of(cycle.id)]
    titles = {row.objective.id: row.objective.title for _, row in found}
    rows: list[dict[str, str]] = []
    for cycle, row in found:
        head = _objective_cells(cycle, row.objective, titles.get(row.objective.parent_id or 0, ""))
        rows += [head | _key_result_cells(each.key_result, each.check_ins) for each in row.key_results] or [head]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS)).fillna("")
    return frame.rename(columns={name: names[0] for name, names in _COLUMNS.items()})


def write_okr_table(store: Store, file: Path) -> int:
    """Write the table as CSV or XLSX, by the file's name; the number of rows."""
    frame = okr_table(store)
    if file.suffix.lower() == ".xlsx":
        plain = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
        with pd.ExcelWriter(file, engine="xlsxwriter", engine_kwargs=plain) as writer:
            frame.to_excel(writer, index=False)
    else:
        frame.map(without_formula).to_csv(file, index=False, encoding="utf-8-sig")
    return len(frame)


def okr_table_bytes(store: Store, ending: str) -> bytes:
    """The table as a file: "csv" or "xlsx"."""
    with tempfile.TemporaryDirectory(prefix="kviboard-okrs-") as folder:
        file = Path(folder) / f"okrs.{ending}"
        write_okr_table(store, file)
        return file.read_bytes()


def plan_import(context: BoardContext, file: Path, cycle: str = "") -> ImportPlan:
    """What `file` would bring; `cycle` is that of rows that name none. Raises UsageError for a file without OKRs."""
    rows, names, unread = _read(file)
    if "objective" not in names:
        found = ", ".join(names.values()) or "none that is known"
        raise UsageError(
            f'{file.name} has no column with objectives, such as "Objective"; known columns in it: {found}.'
        )
    plan, last = ImportPlan(fates=unread), dict[str, str]()
    known = {each.name: each for each in context.store.cycles.all()}
    there = {
        (each.id, row.objective.team or "", row.objective.title)
        for each in known.values()
        for row in context.store.objectives_of(each.id)
    }
    for line, cells in rows:
        if not cells.get("objective"):
            cells = {name: last[name] for name in _OBJECTIVE if name in last} | cells
        last = cells
        plan.fates.append(_plan_row(context, plan, line, cells, cycle, known, there))
    return plan


_OBJECTIVE = ("cycle", "starts", "ends", "objective", "promise", "team", "objective_owner", "objective_state", "parent")


def apply_import(context: BoardContext, plan: ImportPlan, by: str, at: datetime) -> list[str]:
    """Save what was planned; sentences about what could not be done on the way, as an objective that stays a draft.

    Raises StoreError where the store is out of reach.
    """
    store, said = context.store, list[str]()
    cycles = {each.name: each for each in store.cycles.all()}
    for name, new in plan.cycles.items():
        cycles[name] = store.cycles.add(new, author=Author(by, at))
    objectives: dict[Key, Objective] = {}
    for key, form in plan.objectives.items():
        checked = check_objective(context, cycles[key[0]].id, form)
        objectives[key] = store.objectives.add(checked.new, author=Author(by, at))
    saved: list[tuple[KeyResult, Key, dict[str, str]]] = []
    for key, typed, cells, _ in plan.key_results:
        checked_result = check_key_result(context, objectives[key].id, _as_rules(cycles[key[0]]), typed)
        saved.append((store.key_results.add(checked_result.new, author=Author(by, at)), key, cells))
    _support(store, objectives, plan.parents, Author(by, at))
    for key, state in plan.states.items():
        said += _activate(store, objectives, key, state, Author(by, at))
    for key_result, key, cells in saved:
        said += _check_in(store, key_result, objectives[key], cells, cycles[key[0]], Author(by, at))
    return said


def _read(file: Path) -> tuple[Rows, dict[str, str], list[RowFate]]:
    """The rows of a file by our names, with their lines; which column is read as what; lines that are no rows. Raises
    UsageError."""
    brought = read_brought(file, {name: ours for ours, names in _COLUMNS.items() for name in names})
    known = {likeness(name): ours for ours, names in reversed(_COLUMNS.items()) for name in reversed(names)}
    names = {ours: column for column in reversed(brought.columns) if (ours := known.get(likeness(column), ""))}
    rows = []
    for line, row in brought.rows:
        cells = {ours: row[column] for ours, column in names.items()}
        if any(cells.values()):
            rows.append((line, {name: cell for name, cell in cells.items() if cell}))
    return rows, names, [RowFate(line, "a line", reason) for line, reason in brought.unread]


def _plan_row(
    context: BoardContext, plan: ImportPlan, line: int, cells: Mapping[str, str], cycle: str,
    known: Mapping[str, Cycle], there: set[tuple[int, str, str]],
) -> RowFate:  # fmt: skip
    title, result = cells.get("objective", ""), cells.get("title", "")
    what = f"key result “{result}” of “{title}”" if result else f"objective “{title}”"
    name = cells.get("cycle", "") or cycle
    try:
        wanted = known.get(name) or plan.cycles.get(name) or _cycle(context, name, cells)
    except ValueError as error:
        return RowFate(line, what, str(error))
    key = (name, cells.get("team", ""), title)
    if name in known and (known[name].id, *key[1:]) in there:
        return RowFate(line, what, f"the objective is in {name} already")
    form = ObjectiveForm(
        title=title, customer_promise=cells.get("promise", ""), team=key[1],
        owner=cells.get("objective_owner", "") or ("" if result else cells.get("owner", "")),
    )  # fmt: skip
    wrong = list(map(str, check_objective(context, 0, form).problems))
    form_of_result = _form(cells)
    if result and not wrong:
        rules = okr.Cycle(name, wanted.starts_on, wanted.ends_on)
        wrong = list(map(str, check_key_result(context, 0, rules, form_of_result).problems))
        wrong += _strange_current(cells, form_of_result)
    if wrong:
        return RowFate(line, what, " ".join(wrong))
    if name not in known:
        plan.cycles[name] = NewCycle(name=name, starts_on=wanted.starts_on, ends_on=wanted.ends_on)
    plan.objectives.setdefault(key, form)
    state = cells.get("objective_state", "") or ("Active" if cells.get("current") else "")
    plan.states[key] = plan.states.get(key) or state
    plan.parents[key] = cells.get("parent", "")
    if result:
        plan.key_results.append((key, form_of_result, dict(cells), line))
    return RowFate(line, what)


def _cycle(context: BoardContext, name: str, cells: Mapping[str, str]) -> NewCycle:
    """A cycle that is not there yet. Raises ValueError with what is missing."""
    if not name:
        raise ValueError("it names no cycle; choose one for rows without")
    starts, ends = _day(cells.get("starts", "")), _day(cells.get("ends", ""))
    found = _QUARTER.search(name)
    if not (starts and ends) and found:
        number, year = int(found[1] or found[4]), int(found[2] or found[3])
        first_month = context.board.workspace.calendar.first_month
        months = year * 12 + first_month - 1 + (number - 1) * _MONTHS
        starts = date(months // 12, months % 12 + 1, 1)
        after = months + _MONTHS
        ends = date.fromordinal(date(after // 12, after % 12 + 1, 1).toordinal() - 1)
    if not (starts and ends):
        raise ValueError(f"the cycle {name} is not there yet, and its days are not in the file (2026-01-01)")
    if ends < starts:
        raise ValueError(f"the cycle {name} ends before it starts")
    return NewCycle(name=name, starts_on=starts, ends_on=ends)


def _form(cells: Mapping[str, str]) -> KeyResultForm:
    get = cells.get
    numbers = " ".join(get(name, "") for name in ("baseline", "target", "current", "lower", "upper"))
    unit = _UNITS.get(get("unit", "").casefold(), get("unit", "").casefold())
    unit = unit if unit in _KNOWN_UNITS else ("percent" if "%" in numbers else "number")
    return KeyResultForm(
        title=get("title", ""), kind=_kind(cells, unit), owner=get("owner", ""), unit=unit,
        ambition=get("ambition", "committed").casefold(), weight=get("weight", "1"), baseline=get("baseline", ""),
        target=get("target", ""), lower=get("lower", ""), upper=get("upper", ""), tolerance=get("tolerance", ""),
        kvi=get("kvi", ""), grain=get("grain", ""), where=_where(get("where", "")),
        cadence_days=int(get("cadence_days", "")) if get("cadence_days", "").isdecimal() else okr.DEFAULT_CADENCE_DAYS,
    )  # fmt: skip


def _kind(cells: Mapping[str, str], unit: str) -> str:
    given = cells.get("kind", "").casefold().replace(" ", "_")
    titles = {kind.title.casefold().replace(" ", "_"): name for name, kind in okr.KINDS.items()}
    if given in okr.KINDS or given in titles:
        return titles.get(given, given)
    if cells.get("lower") or cells.get("upper"):
        return "keep_within"
    baseline, target = (read_number(cells.get(name, ""), unit, name)[0] for name in ("baseline", "target"))
    if target is None:
        return "milestone" if not cells.get("target") else "increase"
    return "decrease" if baseline is not None and baseline > target else "increase"


def _strange_current(cells: Mapping[str, str], form: KeyResultForm) -> list[str]:
    problems = [str(problem) for problem in read_number(cells.get("current", ""), form.unit, "Current")[1]]
    if cells.get("confidence") and cells["confidence"] not in map(str, okr.CONFIDENCE):
        problems.append(f"Confidence: {cells['confidence']} is not a whole number from 0 to 10.")
    return problems


def _support(store: Store, objectives: dict[Key, Objective], parents: Mapping[Key, str], author: Author) -> None:
    """Which objective supports which, by title: one of the same cycle first."""
    for key, title in parents.items():
        named = [other for other in objectives if other[2] == title and other != key]
        same = [other for other in named if other[0] == key[0]] or named
        if same:
            changed = replace(objectives[key], parent_id=objectives[same[0]].id)
            objectives[key] = store.objectives.edit(changed, author=author)


def _activate(
    store: Store,
    objectives: Mapping[Key, Objective],
    key: Key,
    state: str,
    author: Author,
) -> list[str]:
    if not state or state.casefold() in ("draft", "closed"):
        closed = state.casefold() == "closed"
        return [f"“{key[2]}” was closed and came in as a draft: close it here with its grade."] if closed else []
    try:
        store.life_cycle.activate(objectives[key], author=author)
    except StoreError as error:
        return [f"“{key[2]}” came in as a draft: {error}"]
    return []


def _check_in(
    store: Store, key_result: KeyResult, objective: Objective, cells: Mapping[str, str], cycle: Cycle, author: Author
) -> list[str]:
    """The latest value as a check-in, where there is one and no KVI gives it."""
    value, _ = read_number(cells.get("current", ""), key_result.unit, "Current")
    if value is None and not cells.get("comment") and not cells.get("confidence"):
        return []
    day = _day(cells.get("current_on", "")) or min(max(author.at.date(), cycle.starts_on), cycle.ends_on)
    confidence = int(cells["confidence"]) if cells.get("confidence") else None
    new = NewCheckIn(
        key_result_id=key_result.id, day=day, value=None if key_result.kvi else value, confidence=confidence,
        comment=cells.get("comment", ""),
    )  # fmt: skip
    try:
        store.check_ins.add(new, author=author)
    except StoreError as error:
        return [f"The value of “{key_result.title}” was not taken over: {error}"]
    return []


def _objective_cells(cycle: Cycle, objective: Objective, parent: str) -> dict[str, str]:
    return {
        "cycle": cycle.name, "starts": cycle.starts_on.isoformat(), "ends": cycle.ends_on.isoformat(),
        "objective": objective.title, "promise": objective.customer_promise, "team": objective.team or "",
        "objective_owner": objective.owner or "", "objective_state": str(objective.state),
        "parent": parent,
    }  # fmt: skip


def _key_result_cells(key_result: KeyResult, newest: Sequence[CheckIn]) -> dict[str, str]:
    latest = newest[0] if newest else None
    value = next((said.value for said in newest if said.value is not None), None)
    numbers = {name: typed_text(getattr(key_result, name), key_result.unit) for name in okr.MEASURE_NUMBERS}
    return {
        "title": key_result.title, "kind": key_result.kind, "owner": key_result.owner or "", "unit": key_result.unit,
        **numbers, "ambition": key_result.ambition, "weight": typed_text(key_result.weight, "number"),
        "kvi": key_result.kvi or "", "grain": key_result.grain or "",
        "where": "; ".join(f"{name}={'|'.join(values)}" for name, values in key_result.where.items()),
        "cadence_days": str(key_result.cadence_days),
        "current": typed_text(value, key_result.unit),
        "current_on": latest.day.isoformat() if latest else "",
        "confidence": str(latest.confidence) if latest and latest.confidence is not None else "",
        "comment": latest.comment if latest else "",
    }  # fmt: skip


def _where(text: str) -> dict[str, Sequence[str]]:
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip(): [value.strip() for value in values.split("|")] for name, _, values in pairs}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _as_rules(cycle: Cycle) -> okr.Cycle:
    return okr.Cycle(cycle.name, cycle.starts_on, cycle.ends_on)
