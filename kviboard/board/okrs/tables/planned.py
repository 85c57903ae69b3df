"""What rows of a table of OKRs bring: objectives and key results, and what was said about them, checked as forms are.

Everything here raises ValueError with the sentence that says why a row does not go in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kviboard.board.context import BoardContext
from kviboard.board.numbers import read_number
from kviboard.board.okrs.forms import KeyResultForm, ObjectiveForm
from kviboard.board.okrs.tables import columns
from kviboard.board.okrs.tables.cells import read_moment, read_plan, read_value, read_where
from kviboard.board.okrs.validation import check_key_result, check_objective
from kviboard.domain.kvis.kvi import UNITS
from kviboard.domain.okrs import model as okr
from kviboard.domain.okrs.lifecycle import OUTCOMES, State, SuggestedGrade, check_closing, check_step
from kviboard.store import Incoming, NewCycle, NewKeyResult, NewObjective, as_rules_see
from kviboard.store.okrs.incoming import Name

Cells = Mapping[str, str]
Days = Mapping[str, date | None]
"""The day that each text in the file means; None where that is not sure."""
_UNITS = {"%": "percent", "percentage": "percent", "#": "number", "count": "number"}
_STATES = {
    State.DRAFT: ("draft", "planned", "proposed"),
    State.CLOSED: (
        "closed",
        "done",
        "completed",
        "complete",
        "achieved",
        "missed",
        "cancelled",
        "canceled",
        "archived",
    ),
}
"""What other tools call our states; any other word is an active objective."""


@dataclass
class PlannedKeyResult:
    """A key result on its way in, with all that was said about it."""

    name: Name
    number: str  # in the file
    new: NewKeyResult
    grade: dict[str, Any]
    carried_from: str
    latest: Incoming | None  # what its own row says was said last
    check_ins: list[Incoming] = field(default_factory=list)
    others: list[Incoming] = field(default_factory=list)  # moved targets and comments


@dataclass
class PlannedObjective:
    """An objective on its way in, with its key results, guardrails and comments."""

    name: Name
    number: str  # in the file
    cycle: str
    new: NewObjective
    state: str  # as the file has it, until `settle`
    grade: dict[str, Any]
    parent: str
    parent_no: str
    carried_from: str
    results: list[PlannedKeyResult] = field(default_factory=list)
    others: list[Incoming] = field(default_factory=list)


def read_objective(context: BoardContext, line: int, cells: Cells) -> PlannedObjective:
    """The objective of a row."""
    form = ObjectiveForm(
        title=cells.get("objective", ""), customer_promise=cells.get("promise", ""), team=cells.get("team", ""),
        owner=cells.get("objective_owner", "") or ("" if cells.get("title") else cells.get("owner", "")),
        weight=cells.get("objective_weight", "1"),
    )  # fmt: skip
    checked = check_objective(context, 0, form)
    _refuse(map(str, checked.problems))
    return PlannedObjective(
        _name("objectives", line), cells.get("objective_no", ""), cells["cycle"], checked.new,
        cells.get("objective_state", ""), _grade(cells, "objective_"), cells.get("parent", ""),
        cells.get("parent_no", ""), cells.get("objective_from_no", ""),
    )  # fmt: skip


def read_key_result(
    context: BoardContext, line: int, cells: Cells, cycle: NewCycle, days: Days
) -> tuple[PlannedKeyResult, list[str]]:
    """The key result of a row, and what people should know about how it goes in."""
    form, notes = _form(cells)
    checked = check_key_result(context, 0, okr.Cycle(cycle.name, cycle.starts_on, cycle.ends_on), form)
    unread = [problem for problem in checked.problems if problem.where == "KVI"]  # no reason to lose the key result
    _refuse(str(problem) for problem in checked.problems if problem not in unread)
    new = checked.new
    if cells.get("unit") and new.unit != form.unit:
        _refuse([f"its KVI is measured in {new.unit}, and the row says {cells['unit']}"])
    notes += [f"it has no value here yet ({' '.join(map(str, unread))})"] if unread else []
    planned = PlannedKeyResult(
        _name("key_results", line), cells.get("result_no", ""), new, _grade(cells, ""),
        cells.get("result_from_no", ""), None,
    )  # fmt: skip
    if any(cells.get(each) for each in ("current", "confidence", "comment")):
        day = days.get(cells.get("current_on", ""))
        if cells.get("current_on") and day is None:
            notes.append(
                f"its value counts for today, because “{cells['current_on']}” may be more than one day or none"
            )
        planned.latest = _said(planned, line, cells, day)
    return planned, notes


def read_check_in(result: PlannedKeyResult, line: int, cells: Cells, days: Days) -> Incoming:
    """A check-in on a key result."""
    day = days.get(cells.get("current_on", ""))
    if day is None:
        _refuse([f"its day, “{cells.get('current_on', '')}”, cannot be read: write it like 2026-02-01"])
    said = _said(result, line, cells, day)
    if said.name in (other.name for other in result.check_ins):
        _refuse([f"another row has its number, {cells['check_in_no']}"])
    return said


def read_change(result: PlannedKeyResult, line: int, cells: Cells) -> Incoming:
    """A move of a key result's target."""
    values: dict[str, Any] = {"reason": cells.get("reason", "")}
    for name, before in columns.BEFORE.items():
        values[f"{name}_before"] = _number(cells, before, result.new.unit)
        values[f"{name}_after"] = _number(cells, name, result.new.unit)
    return Incoming(_name("target_changes", line), values, {"key_result_id": result.name}, *_stamp(cells))


def read_guardrail(objective: PlannedObjective, line: int, cells: Cells) -> Incoming:
    """A guardrail of an objective."""
    values = {
        "kvi": cells.get("kvi", ""), "grain": cells.get("grain", ""), "where": _where(cells),
        "lower": _number(cells, "lower", "number"), "upper": _number(cells, "upper", "number"),
    }  # fmt: skip
    return Incoming(_name("guardrails", line), values, {"objective_id": objective.name})


def read_comment(about: Name, line: int, cells: Cells) -> Incoming:
    """A comment about an objective or a key result."""
    column = {"objectives": "objective_id", "key_results": "key_result_id"}[about[0]]
    return Incoming(_name("comments", line), {"text": cells.get("comment", "")}, {column: about}, *_stamp(cells))


def settle(objective: PlannedObjective, cycle: NewCycle) -> list[str]:
    """Decide the state in which an objective comes in, and say where it is not the one it had."""
    for result in objective.results:
        if result.latest is not None and not result.check_ins:
            result.check_ins.append(result.latest)
    title, said = objective.new.title, list[str]()
    wanted, values = _state(objective), [result for result in objective.results if result.check_ins]
    rules = okr.Cycle(cycle.name, cycle.starts_on, cycle.ends_on)
    measures = [as_rules_see(result.new) for result in objective.results]
    incomplete = " ".join(map(str, check_step("activate", State.DRAFT, measures, rules)))
    if wanted != State.DRAFT and incomplete:
        said = [f"“{title}” comes in as a draft{', without its values' if values else ''}. {incomplete}"]
        wanted = State.DRAFT
    elif wanted == State.DRAFT and values:
        said = [f"“{title}” is a draft, which has no values yet: those of its key results stay out."]
    elif wanted == State.CLOSED and not _is_graded(objective.grade):
        said = [f"“{title}” was closed and comes in active: close it here with a grade, a decision and a note."]
        wanted = State.ACTIVE
    if wanted == State.DRAFT:
        for result in values:
            result.check_ins = []
    objective.state = wanted
    return said


def _state(objective: PlannedObjective) -> State:
    if not objective.state:
        return State.ACTIVE if any(result.check_ins for result in objective.results) else State.DRAFT
    return named_state(objective.state)


def named_state(word: str) -> State:
    """The state of an objective that a file says in a word of its own."""
    return next((state for state, words in _STATES.items() if word.casefold() in words), State.ACTIVE)


def _is_graded(grade: Mapping[str, Any]) -> bool:
    suggested, given = grade["suggested_grade"], grade["grade"]
    suggestion = SuggestedGrade(None if suggested is None else float(suggested), "")
    reason, outcome, note = (grade[name] or "" for name in ("grade_reason", "outcome", "closing_note"))
    return not check_closing(suggestion, None if given is None else float(given), reason, outcome, note)


def _form(cells: Cells) -> tuple[KeyResultForm, list[str]]:
    get, notes = cells.get, list[str]()
    numbers = " ".join(get(name, "") for name in ("baseline", "target", "current", "lower", "upper"))
    given = get("unit", "").casefold()
    unit = _UNITS.get(given, given)
    if unit not in UNITS:
        notes += [f"its unit, “{get('unit')}”, is kept as a plain number"] if unit and "%" not in numbers else []
        unit = "percent" if "%" in numbers else "number"
    cadence = get("cadence_days", str(okr.DEFAULT_CADENCE_DAYS))
    if not cadence.isdecimal():
        _refuse([f"Cadence: “{cadence}” is not a number of days."])
    try:
        plan = read_plan(get("plan", ""))
    except ValueError:
        raise ValueError(f"what is expected on the way, “{get('plan')}”, is not like 2026-01-31: 20 %") from None
    form = KeyResultForm(
        title=get("title", ""), kind=_kind(cells, unit), owner=get("owner", ""), unit=unit,
        ambition=get("ambition", "committed").casefold(), weight=get("weight", "1"), baseline=get("baseline", ""),
        target=get("target", ""), lower=get("lower", ""), upper=get("upper", ""), tolerance=get("tolerance", ""),
        kvi=get("kvi", ""), grain=get("grain", ""), where=_where(cells), cadence_days=int(cadence), plan=plan,
    )  # fmt: skip
    return form, notes


def _kind(cells: Cells, unit: str) -> str:
    given = cells.get("kind", "").casefold().replace(" ", "_")
    titles = {kind.title.casefold().replace(" ", "_"): name for name, kind in okr.KINDS.items()}
    if given in okr.KINDS or given in titles:
        return titles.get(given, given)
    if cells.get("lower") or cells.get("upper"):
        return "keep_within"
    baseline, target = (read_number(cells.get(name, ""), unit, name)[0] for name in ("baseline", "target"))
    if target is None:
        return "increase" if cells.get("target") or cells.get("baseline") else "milestone"
    return "decrease" if baseline is not None and baseline > target else "increase"


def _said(result: PlannedKeyResult, line: int, cells: Cells, day: date | None) -> Incoming:
    """What was said about a key result on a day; None: the day it comes in. Numbers are those of one key result."""
    value, wrong = read_value(cells.get("current", ""), result.new.unit, result.new.kind)
    confidence = cells.get("confidence", "")
    if confidence and confidence not in map(str, okr.CONFIDENCE):
        wrong += f" Confidence: {confidence} is not a whole number from 0 to 10."
    _refuse([wrong.strip()])
    values = {
        "day": day, "value": None if result.new.kvi else value, "comment": cells.get("comment", ""),
        "confidence": int(confidence) if confidence else None,
    }  # fmt: skip
    refers = {"key_result_id": result.name}
    if cells.get("corrects_no"):
        refers["corrects_id"] = ("check_ins", f"{result.name[1]}, no. {cells['corrects_no']}")
    number = cells.get("check_in_no", "")
    named = ("check_ins", f"{result.name[1]}, no. {number}") if number else _name("check_ins", line)
    return Incoming(named, values, refers, *_stamp(cells))


def _stamp(cells: Cells) -> tuple[str, datetime | None]:
    """By whom and when it was said, where the file says so."""
    return cells.get("by", ""), read_moment(cells.get("at", ""))


def _name(table: str, line: int) -> Name:
    return table, f"line {line}"


def _grade(cells: Cells, prefix: str) -> dict[str, Any]:
    given = {name: cells.get(f"{prefix}{name}") for name in columns.GRADES}
    numbers = {name: _number(cells, f"{prefix}{name}", "number") for name in ("grade", "suggested_grade")}
    outcome = given["outcome"] if given["outcome"] in OUTCOMES else None
    return {**given, **numbers, "outcome": outcome}


def _number(cells: Cells, name: str, unit: str) -> Decimal | None:
    value, problems = read_number(cells.get(name, ""), unit, columns.COLUMNS[name][0])
    _refuse(map(str, problems))
    return value


def _where(cells: Cells) -> dict[str, Any]:
    try:
        return dict(read_where(cells.get("where", "")))
    except (ValueError, AttributeError):
        raise ValueError(f"KVI customers: “{cells['where']}” is not like country=DE|NL; plan=Plus.") from None


def _refuse(problems: Any) -> None:
    said = " ".join(filter(None, problems))
    if said:
        raise ValueError(said)
