"""The steps of an objective: activate, close with grades, reopen, carry over by choice. Which are allowed is domain's.

Every function saves once per click, by a person at a time (`Author`); StoreError says all that is in the way.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kviboard.board.context import BoardContext
from kviboard.board.numbers import read_number, rounded
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.okrs.views import KeyResultView, ObjectiveView
from kviboard.domain.okrs import lifecycle as life_cycle
from kviboard.domain.okrs.lifecycle import State, check_closing, suggest_grade, suggest_objective_grade
from kviboard.domain.okrs.model import MEASURE_NUMBERS
from kviboard.errors import Problem, StoreError
from kviboard.store import Author, Grade, Objective, TargetValues, refuse


@dataclass(frozen=True, eq=False)
class ClosingPart:
    """One key result to be graded, with what its progress suggests."""

    view: KeyResultView
    suggested: life_cycle.SuggestedGrade


@dataclass(frozen=True, eq=False)
class Closing:
    """What closing an objective suggests. `suggested.reason` is the sentence that explains each grade."""

    view: ObjectiveView
    suggested: life_cycle.SuggestedGrade
    parts: tuple[ClosingPart, ...]

    @property
    def form(self) -> "ClosingForm":
        """The closing as suggested, to be typed over."""
        parts = {part.view.record.id: GradeForm(grade=_typed(part.suggested)) for part in self.parts}
        return ClosingForm(grade=_typed(self.suggested), key_results=parts)


@dataclass(frozen=True, kw_only=True)
class GradeForm:
    """A grade as typed, 0.0 to 1.0; another than the suggested one needs a reason."""

    grade: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ClosingForm(GradeForm):
    """A closing as typed: keep, modify or abandon, the note, and the grade of each key result by its number."""

    outcome: str = ""
    note: str = ""
    key_results: Mapping[int, GradeForm] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class CarryOverPart:
    """One key result that may go on: its baseline would be its current value, its target as before or open."""

    view: KeyResultView
    values: TargetValues


def activate(context: BoardContext, objective: Objective, *, author: Author) -> Objective:
    """Draft → Active. StoreError with all that is missing in its key results."""
    return context.store.life_cycle.activate(objective, author=author)


def reopen(context: BoardContext, objective: Objective, reason: str, *, author: Author) -> Objective:
    """Closed → Active; its grades go, the story keeps them."""
    refuse([] if reason.strip() else [Problem("Reopening", "there is no reason.", "Say why it goes on.")])
    return context.store.life_cycle.reopen(objective, reason.strip(), author=author)


def suggest_closing(context: BoardContext, objective_id: int) -> Closing:
    """The grades that progress suggests for an objective and its key results."""
    view = _view(context, objective_id)
    values = [part.current.value if part.current else None for part in view.key_results]
    rules = [part.rules for part in view.key_results]
    parts = [ClosingPart(p, suggest_grade(p.rules, v)) for p, v in zip(view.key_results, values, strict=True)]
    return Closing(view, suggest_objective_grade(rules, values), tuple(parts))


def close(context: BoardContext, objective: Objective, form: ClosingForm, *, author: Author) -> Objective:
    """Active → Closed with its grades. StoreError with every problem: a grade without reason, no decision, no note."""
    closing = suggest_closing(context, objective.id)
    problems = closing_problems(closing, form)
    if objective.state == State.ACTIVE:
        refuse(problems)
    grades = {
        part.view.record.id: _grade(part.suggested, form.key_results.get(part.view.record.id, GradeForm()), form)
        for part in closing.parts
    }
    return context.store.life_cycle.close(objective, _grade(closing.suggested, form, form), grades, author=author)


def closing_problems(closing: Closing, form: ClosingForm) -> list[Problem]:
    """Everything that keeps a closing from being saved, as said while it is typed."""
    problems = _grade_problems(closing.suggested, form, form)
    for part in closing.parts:
        typed = form.key_results.get(part.view.record.id, GradeForm())
        if typed.grade.strip() or part.suggested.grade is not None:
            found = _grade_problems(part.suggested, typed, form)
            where = f'Key result "{part.view.record.title}"'
            problems += [Problem(where, p.what, p.hint) for p in found if p not in problems]
    return problems


def carry_over_parts(context: BoardContext, objective_id: int) -> tuple[CarryOverPart, ...]:
    """The key results of an objective with the values they would start from in the next cycle, to choose from."""
    return tuple(CarryOverPart(part, _values(part)) for part in _view(context, objective_id).key_results)


def carry_over(
    context: BoardContext, objective_id: int, into_cycle_id: int, chosen: Collection[int], *, author: Author
) -> Objective:
    """A draft of the objective in another cycle with the chosen key results, their baselines at the current values."""
    source = context.store.objectives.get(objective_id)
    if source.cycle_id == into_cycle_id:
        raise StoreError("It cannot be carried over into its own cycle: choose another one.")
    parts = carry_over_parts(context, objective_id)
    values = {part.view.record.id: part.values for part in parts if part.view.record.id in chosen}
    return context.store.life_cycle.carry_over(objective_id, into_cycle_id, values, author=author)


def _view(context: BoardContext, objective_id: int) -> ObjectiveView:
    objective = context.store.objectives.get(objective_id)
    view = read_quarter(context, objective.cycle_id).objective(objective_id)
    if view is None:
        raise StoreError(f"The objective “{objective.title}” is archived: restore it first.")
    return view


def _values(part: KeyResultView) -> TargetValues:
    record, current = part.record, part.current
    value = None if current is None else _baseline(part, current.value)
    measure = life_cycle.carry_over(part.rules, value).measure
    if record.measure.is_milestone:
        return TargetValues()
    numbers = {name: getattr(measure, name) for name in MEASURE_NUMBERS}
    exact = {name: None if number is None else Decimal(str(number)) for name, number in numbers.items()}
    return TargetValues(**exact)


def _baseline(part: KeyResultView, value: float) -> Decimal:
    """The current value with the digits a person would type, unless rounding takes it past its target."""
    exact, target = Decimal(str(value)), part.record.target
    near = rounded(value, part.record.unit) if part.record.kvi else exact
    crosses = target is not None and (near - target) * (exact - target) <= 0
    return exact if crosses else near


def _grade_problems(suggested: life_cycle.SuggestedGrade, typed: GradeForm, form: ClosingForm) -> list[Problem]:
    value, wrong = read_number(typed.grade, "number", "Grade")
    grade = None if value is None else float(value)
    return wrong or check_closing(suggested, grade, typed.reason, form.outcome, form.note)


def _grade(suggested: life_cycle.SuggestedGrade, typed: GradeForm, form: ClosingForm) -> Grade:
    value, _ = read_number(typed.grade, "number", "Grade")
    offered = None if suggested.grade is None else Decimal(str(suggested.grade))
    return Grade(
        outcome=form.outcome,
        grade=value,
        suggested_grade=offered,
        grade_reason=typed.reason.strip() or None,
        closing_note=form.note.strip() or None,
    )


def _typed(suggested: life_cycle.SuggestedGrade) -> str:
    return "" if suggested.grade is None else f"{suggested.grade:.1f}"
