"""Checking in: what somebody says about a key result on a day, the value before it in sight; corrections beside it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kviboard.board.context import BoardContext
from kviboard.board.numbers import read_number, typed_text
from kviboard.board.okrs.texts import DONE, NOT_DONE
from kviboard.domain.formatting import format_day
from kviboard.domain.okrs.model import check_check_in
from kviboard.errors import Problem
from kviboard.store import Author, CheckIn, KeyResult, NewCheckIn, as_rules_see, refuse


@dataclass(frozen=True, kw_only=True)
class CheckInForm:
    """A check-in as typed. The value stays empty where a KVI gives it; "done" or "not done" for a milestone."""

    day: date
    value: str = ""
    confidence: int | None = None
    comment: str = ""


def check_in_form(context: BoardContext, record: KeyResult, wrong: CheckIn | None = None) -> CheckInForm:
    """An empty check-in of today, or the one to be corrected as it was typed."""
    if wrong is None:
        return CheckInForm(day=context.board.clock_day)
    value = typed_text(wrong.value, record.unit)
    if record.measure.is_milestone and wrong.value is not None:
        value = DONE if wrong.value >= 1 else NOT_DONE
    return CheckInForm(day=wrong.day, value=value, confidence=wrong.confidence, comment=wrong.comment)


def check_in(context: BoardContext, record: KeyResult, form: CheckInForm, *, author: Author) -> CheckIn:
    """Saves a check-in. StoreError with every problem: a value that is none, a day outside the cycle, nothing said."""
    return context.store.check_ins.add(_checked(context, record, form, author.at), author=author)


def correct_check_in(
    context: BoardContext, record: KeyResult, wrong: CheckIn, form: CheckInForm, *, author: Author
) -> CheckIn:
    """Replaces a check-in by a new one; both stay in the story. ConflictError where it was corrected already."""
    return context.store.check_ins.correct(wrong, _checked(context, record, form, author.at), author=author)


def _read(
    context: BoardContext, record: KeyResult, form: CheckInForm, at: datetime
) -> tuple[NewCheckIn, list[Problem]]:
    """What was typed, as it is saved, and everything that keeps it from being saved."""
    value, problems = _value(record, form)
    new = NewCheckIn(
        key_result_id=record.id, day=form.day, value=value, confidence=form.confidence, comment=form.comment.strip()
    )
    problems += check_check_in(as_rules_see(record), value, form.confidence)
    cycle = context.store.cycles.get(context.store.objectives.get(record.objective_id).cycle_id)
    last = max(context.day_of(at), context.board.today)
    if cycle.starts_on > last:
        problems.append(Problem("Day", f"the cycle begins on {format_day(cycle.starts_on)}.", "Check in from then on."))
    elif not cycle.starts_on <= form.day <= last:
        hint = f"Choose one from {format_day(cycle.starts_on)} to {format_day(last)}."
        problems.append(Problem("Day", f"{format_day(form.day)} is before the cycle or not here yet.", hint))
    if value is None and new.confidence is None and not new.comment and not problems:
        problems.append(Problem("Check-in", "it says nothing.", "Give a value, a confidence or a comment."))
    return new, problems


def _checked(context: BoardContext, record: KeyResult, form: CheckInForm, at: datetime) -> NewCheckIn:
    new, problems = _read(context, record, form, at)
    refuse(problems)
    return new


def _value(record: KeyResult, form: CheckInForm) -> tuple[Decimal | None, list[Problem]]:
    if record.measure.is_milestone and form.value in (DONE, NOT_DONE):
        return Decimal(form.value == DONE), []
    return read_number(form.value, record.unit, "Value")
