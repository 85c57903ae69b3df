"""Where the store meets the rules of domain: records as the rules know them, their problems as refusals."""

from collections.abc import Sequence

from kviboard.domain.okrs import model as okr
from kviboard.domain.okrs.lifecycle import State
from kviboard.errors import Problem, StoreError
from kviboard.store.records import NewKeyResult


def as_rules_see(key_result: NewKeyResult) -> okr.KeyResult:
    """A key result as the rules in domain know it."""
    source = okr.KviSource(key_result.kvi, key_result.grain or "", key_result.where) if key_result.kvi else None
    return okr.KeyResult(
        key_result.title,
        key_result.measure,
        key_result.unit,
        source,
        key_result.owner or "",
        key_result.weight,
        key_result.ambition,
        key_result.cadence_days,
        key_result.plan,
    )


def refuse(problems: Sequence[Problem]) -> None:
    """StoreError with all the problems, if there are any."""
    if problems:
        raise StoreError("Not saved. " + " ".join(str(problem) for problem in problems), problems)


def refuse_closed(state: str, title: str) -> None:
    """StoreError where an objective is closed."""
    if state == State.CLOSED:
        raise StoreError(f"The objective “{title}” is closed: reopen it before you change it.")
