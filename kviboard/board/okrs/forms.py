"""What is typed into the forms of objectives, key results and guardrails, as text, so that nothing is lost on an error.

What is said about it, live and when saving, is in `validation`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kviboard.board.context import BoardContext
from kviboard.board.numbers import typed_text
from kviboard.domain.okrs import model as okr
from kviboard.store import Guardrail, NewKeyResult, NewObjective


@dataclass(frozen=True, kw_only=True)
class ObjectiveForm:
    """An objective as typed. An empty team is the company, an empty owner nobody."""

    title: str = ""
    customer_promise: str = ""
    team: str = ""
    owner: str = ""
    weight: str = "1"
    parent_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class KeyResultForm:
    """A key result as typed: numbers as text, percentages as 48.7. With a KVI its unit is the KVI's."""

    title: str = ""
    kind: str = "increase"
    owner: str = ""
    unit: str = "number"
    ambition: str = "committed"
    weight: str = "1"
    baseline: str = ""
    target: str = ""
    lower: str = ""
    upper: str = ""
    tolerance: str = ""
    kvi: str = ""
    grain: str = ""
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cadence_days: int = okr.DEFAULT_CADENCE_DAYS
    plan: tuple[tuple[date, str], ...] = ()  # day -> share of the way in per cent, as typed


@dataclass(frozen=True, kw_only=True)
class GuardrailForm:
    """A guardrail as typed: at least, at most, or both, in the KVI's unit."""

    kvi: str = ""
    grain: str = ""
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lower: str = ""
    upper: str = ""


def objective_form(record: NewObjective) -> ObjectiveForm:
    """An objective to be edited, as it would be typed."""
    return ObjectiveForm(
        title=record.title,
        customer_promise=record.customer_promise,
        team=record.team or "",
        owner=record.owner or "",
        weight=typed_text(record.weight, "number"),
        parent_id=record.parent_id,
    )


def key_result_form(record: NewKeyResult) -> KeyResultForm:
    """A key result to be edited, as it would be typed."""
    return KeyResultForm(
        title=record.title,
        kind=record.kind,
        owner=record.owner or "",
        unit=record.unit,
        ambition=record.ambition,
        weight=typed_text(record.weight, "number"),
        **{name: typed_text(getattr(record, name), record.unit) for name in okr.MEASURE_NUMBERS},
        kvi=record.kvi or "",
        grain=record.grain or "",
        where=record.where,
        cadence_days=record.cadence_days,
        plan=tuple((point.day, typed_text(point.share, "percent")) for point in record.plan),
    )


def guardrail_form(context: BoardContext, record: Guardrail) -> GuardrailForm:
    """A guardrail to be edited, as it would be typed."""
    known = context.board.catalog.kvis.get(record.kvi)
    unit = known.unit if known else "number"
    lower, upper = typed_text(record.lower, unit), typed_text(record.upper, unit)
    return GuardrailForm(kvi=record.kvi, grain=record.grain or "", where=record.where, lower=lower, upper=upper)
