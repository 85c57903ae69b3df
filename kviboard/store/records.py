"""What goes into the store and comes out of it: plain frozen values, one kind per table.

`New…` is what a person types; the record adds what the store knows: number, version, who and when. To edit, pass a
record changed with `dataclasses.replace`: it carries the version it was read at. Times are in UTC, days are dates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from kviboard.domain.okrs import model as okr

Where = Mapping[str, Sequence[str]]
"""Which customers: dimension -> chosen values; {} for all of them."""


@dataclass(frozen=True, kw_only=True)
class Authored:
    """A row: its number in its table, when it was made and by whom."""

    id: int
    created_at: datetime
    created_by: str


@dataclass(frozen=True, kw_only=True)
class Signed(Authored):
    """A row whose author is told from others of the same name; None where nobody signed in when it was made."""

    created_by_subject: str | None = None


@dataclass(frozen=True, kw_only=True)
class Edited(Authored):
    """A row that can be edited; `archived_at` says it was deleted, as far as people see."""

    version: int
    changed_at: datetime
    changed_by: str
    archived_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Grade:
    """What closing says: the grade (0 to 1, None where nothing was measured), what was suggested, what follows."""

    outcome: str  # keep, modify or abandon
    grade: Decimal | None = None
    suggested_grade: Decimal | None = None
    grade_reason: str | None = None  # needed where grade and suggestion differ
    closing_note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Graded:
    """The grade of what is closed; all None before."""

    outcome: str | None
    grade: Decimal | None
    suggested_grade: Decimal | None
    grade_reason: str | None
    closing_note: str | None


@dataclass(frozen=True, kw_only=True)
class NewCycle:
    """A stretch of time for objectives, usually a quarter; both days included."""

    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class Cycle(NewCycle, Edited):
    """A cycle in the store."""


@dataclass(frozen=True, kw_only=True)
class NewObjective:
    """What changes for the customer. No team: the whole company. `parent_id`: the objective it supports."""

    cycle_id: int
    title: str
    team: str | None = None
    customer_promise: str = ""
    owner: str | None = None
    weight: Decimal = Decimal(1)
    parent_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Objective(NewObjective, Graded, Edited):
    """An objective in the store."""

    state: str  # a domain.life_cycle.State
    carried_from_id: int | None


@dataclass(frozen=True, kw_only=True)
class NewKeyResult:
    """A measure and where it should go. `kvi` at its grain drives it; without one it is typed.

    kind: increase or decrease (baseline, target), keep_within (lower, upper or both; tolerance), milestone.
    A draft may still miss its numbers; activating asks for them.
    """

    objective_id: int
    title: str
    kind: str
    owner: str | None = None
    unit: str = "number"
    ambition: str = "committed"  # or aspirational
    weight: Decimal = Decimal(1)
    baseline: Decimal | None = None
    target: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    tolerance: Decimal | None = None
    kvi: str | None = None
    grain: str | None = None
    where: Where = field(default_factory=dict)
    cadence_days: int = 14
    plan: tuple[okr.PlanPoint, ...] = ()  # by day

    @property
    def measure(self) -> okr.Measure:
        """What it is measured by."""
        return okr.Measure(self.kind, **{name: getattr(self, name) for name in okr.MEASURE_NUMBERS})


@dataclass(frozen=True, kw_only=True)
class KeyResult(NewKeyResult, Graded, Edited):
    """A key result in the store."""

    carried_from_id: int | None


@dataclass(frozen=True, kw_only=True)
class TargetValues:
    """Where a key result starts and should go."""

    baseline: Decimal | None = None
    target: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    tolerance: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class TargetChange(Authored):
    """The target of an active key result moved, and why."""

    key_result_id: int
    reason: str
    baseline_before: Decimal | None
    baseline_after: Decimal | None
    target_before: Decimal | None
    target_after: Decimal | None
    lower_before: Decimal | None
    lower_after: Decimal | None
    upper_before: Decimal | None
    upper_after: Decimal | None
    tolerance_before: Decimal | None
    tolerance_after: Decimal | None


@dataclass(frozen=True, kw_only=True)
class NewCheckIn:
    """What somebody says about a key result on a day; the value stays out where a KVI gives it."""

    key_result_id: int
    day: date
    value: Decimal | None = None
    confidence: int | None = None  # 0 to 10
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckIn(NewCheckIn, Authored):
    """A check-in in the store; `corrects_id` names the one it replaces."""

    corrects_id: int | None


@dataclass(frozen=True, kw_only=True)
class NewGuardrail:
    """A KVI that must stay within its band while the objective is pursued."""

    objective_id: int
    kvi: str
    grain: str
    where: Where = field(default_factory=dict)
    lower: Decimal | None = None
    upper: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Guardrail(NewGuardrail, Edited):
    """A guardrail in the store."""


@dataclass(frozen=True)
class KeyResultRow:
    """A key result with its newest check-ins, newest first, corrected ones left out."""

    key_result: KeyResult
    check_ins: tuple[CheckIn, ...]


@dataclass(frozen=True)
class ObjectiveRow:
    """An objective with all that its card on the page shows."""

    objective: Objective
    key_results: tuple[KeyResultRow, ...]
    guardrails: tuple[Guardrail, ...]


@dataclass(frozen=True, kw_only=True)
class NewKviTarget:
    """A KVI's target from a day on (to a day, if given). Value None: no target from that day on."""

    kvi: str
    starts_on: date
    reason: str
    value: Decimal | None = None
    ends_on: date | None = None
    grain: str | None = None
    where: Where = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class KviTarget(NewKviTarget, Authored):
    """A target in the store; where two cover a day, the one with the greater number holds."""


@dataclass(frozen=True, kw_only=True)
class NewKviNote:
    """What happened on a day, written on a KVI's chart."""

    kvi: str
    day: date
    text: str


@dataclass(frozen=True, kw_only=True)
class KviNote(NewKviNote, Edited):
    """A note in the store."""
