"""What the OKR pages show, as plain frozen values: a quarter, its objectives, their key results. Made by `quarter`.

Numbers come as text ready to read and as values for bars and charts. Shares of progress are 0..1 unless `raw`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from kviboard.board.kvis.reading import Reading
from kviboard.board.okrs.texts import baseline_text, target_text
from kviboard.board.okrs.values import CheckInLine, Current
from kviboard.domain.formatting import NO_VALUE
from kviboard.domain.okrs import model as okr
from kviboard.domain.okrs.badges import Badge
from kviboard.domain.okrs.chance import Movement
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.okrs.objective import ObjectiveJudgement
from kviboard.domain.okrs.progress import describe_progress, rolled_up
from kviboard.domain.okrs.status import Judgement, Status, missed_narrowly
from kviboard.store import Cycle, Guardrail, KeyResult, Objective


@dataclass(frozen=True, eq=False)
class KeyResultView:
    """One key result on the page. Edit `record` with `dataclasses.replace`: it carries the version it was read at.

    Texts are made when they are read: a page shows few of many.
    """

    record: KeyResult
    rules: okr.KeyResult
    judgement: Judgement
    current: Current | None
    badge: Badge | None
    check_ins: tuple[CheckInLine, ...]  # newest first, corrected ones left out, only the last few
    confidence: int | None
    currency: str
    outlook: Callable[[], str]
    moved: Callable[[], Movement | None]
    until: date  # the cycle's last day
    kvi_title: str = ""  # of a KVI-driven one, with slice and grain: "Net promoter score · Enterprise · per month"
    reading: Reading | None = None  # the KVI's whole history in that slice and grain
    trouble: str = ""  # why its KVI cannot be computed

    @property
    def status(self) -> Status:
        return self.judgement.status

    @property
    def is_close(self) -> bool:
        """Whether it was missed by little."""
        return missed_narrowly(self.judgement, self.record.grade)

    @property
    def reason(self) -> str:
        return self.judgement.reason

    @property
    def progress(self) -> float | None:
        """Clamped to 0..1, for bars; None without a value."""
        return rolled_up(self.judgement.raw)

    @property
    def progress_text(self) -> str:
        """ "40 %", "moved the wrong way", "150 %: past the target", "no value yet"."""
        return describe_progress(self.judgement.raw, self.rules.measure.is_band)

    @property
    def baseline_text(self) -> str:
        return baseline_text(self.record, self.currency)

    @property
    def current_text(self) -> str:
        """ "44.1 %", "44.1 % so far" of a period that still runs."""
        if self.current is None:
            return NO_VALUE
        return f"{self.current.text} so far" if self.current.is_provisional else self.current.text

    @property
    def target_text(self) -> str:
        """Where it should go, also of a band: "at least 40 %"; "done" for a milestone."""
        return target_text(self.record, self.currency)

    @property
    def last_check_in(self) -> CheckInLine | None:
        return self.check_ins[0] if self.check_ins else None

    @property
    def typed_values(self) -> tuple[tuple[date, float], ...]:
        """Of a typed one, the values of its last check-ins by day, oldest first, for the sparkline."""
        records = (line.record for line in reversed(self.check_ins))
        return (
            ()
            if self.record.kvi
            else tuple((each.day, float(each.value)) for each in records if each.value is not None)
        )

    @cached_property
    def recent(self) -> Reading | None:
        """The KVI's history for the sparkline: what came after the cycle belongs to later ones."""
        reading = self.reading
        if reading is None or reading.data_through is None or reading.data_through <= self.until:
            return reading
        return reading.until(self.until)

    @cached_property
    def forecast(self) -> str:
        """One sentence; empty where there is none."""
        return self.outlook()

    @cached_property
    def movement(self) -> Movement | None:
        """Since the baseline: a signal or normal variation; None where it cannot be said."""
        return self.moved()


@dataclass(frozen=True)
class GuardrailView:
    """A KVI that must stay within its band; `breach` is a sentence while it does not."""

    record: Guardrail
    title: str
    band_text: str
    current: Current | None
    breach: str = ""
    trouble: str = ""


@dataclass(frozen=True)
class ObjectiveLink:
    """Another objective, to be named and linked to."""

    id: int
    title: str
    team: str
    cycle: str = ""
    is_archived: bool = False


@dataclass(frozen=True, eq=False)
class ObjectiveView:
    """One objective on the page, with its key results. Edit `record` with `dataclasses.replace`."""

    record: Objective
    judgement: ObjectiveJudgement
    key_results: tuple[KeyResultView, ...]
    guardrails: tuple[GuardrailView, ...]
    hints: tuple[str, ...]
    parent: ObjectiveLink | None
    confidences: tuple[tuple[date, float], ...]  # mean of its key results' latest confidence, per day of a check-in

    @property
    def state(self) -> State:
        return State(self.record.state)

    @property
    def team(self) -> str:
        return self.record.team or COMPANY

    @property
    def status(self) -> Status:
        return self.judgement.status

    @property
    def is_close(self) -> bool:
        """Whether it was missed by little and, unless its owner graded it otherwise, nothing in it was by far."""
        is_owners = self.record.grade not in (None, self.record.suggested_grade)
        rest = (part.is_close for part in self.key_results if part.status == Status.MISSED)
        return missed_narrowly(self.judgement, self.record.grade) and (is_owners or all(rest))

    @property
    def reason(self) -> str:
        return self.judgement.reason

    @property
    def progress(self) -> float | None:
        """Weighted mean of the measured key results, 0..1; None while nothing is measured."""
        return self.judgement.raw

    @property
    def expected(self) -> float:
        """Where the thin "expected today" mark stands, 0..1."""
        return self.judgement.expected

    @property
    def worst(self) -> KeyResultView | None:
        return None if self.judgement.worst is None else self.key_results[self.judgement.worst]

    @property
    def measured_text(self) -> str:
        return self.judgement.measured_text

    @property
    def breaches(self) -> tuple[str, ...]:
        return tuple(rail.breach for rail in self.guardrails if rail.breach)

    @property
    def confidence(self) -> float | None:
        return self.confidences[-1][1] if self.confidences else None


COMPANY = "Company"
"""What an objective without a team is listed under."""


class TodoAction(StrEnum):
    """What a line of "needs attention" asks for."""

    CHECK_IN = "check in"
    OPEN = "open"
    NAME_OWNER = "name an owner"
    ADD = "add a key result"
    ACTIVATE = "activate"
    CLOSE = "close"


@dataclass(frozen=True)
class Todo:
    """One line of "needs attention": the action, about which objective or key result, and why now."""

    action: TodoAction
    title: str
    why: str
    objective_id: int
    key_result_id: int | None = None
    status: Status | None = None


@dataclass(frozen=True, eq=False)
class Quarter:
    """The page of a cycle. `cycle` is None in a store without cycles."""

    cycle: Cycle | None
    cycles: tuple[Cycle, ...]  # to choose from, newest first
    today: date  # the last day of the data, by which it is judged
    clock_day: date  # by which something is due
    objectives: tuple[ObjectiveView, ...]
    todos: tuple[Todo, ...]
    hints: tuple[str, ...]  # teams with too few or too many objectives
    elapsed: float = 0.0  # share of the cycle that is over today
    teams: tuple[str, ...] = ()  # of all its objectives, whatever was filtered
    statuses: tuple[Status, ...] = field(default_factory=lambda: tuple(Status))

    def objective(self, objective_id: int) -> ObjectiveView | None:
        """The objective of that number, if it is in this cycle."""
        return next((view for view in self.objectives if view.record.id == objective_id), None)

    def key_result(self, key_result_id: int) -> KeyResultView | None:
        """The key result of that number, if it is in this cycle."""
        found = (view for objective in self.objectives for view in objective.key_results)
        return next((view for view in found if view.record.id == key_result_id), None)
