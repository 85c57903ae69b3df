"""What a KVI is: its two halves of value, its formula, how to read it. Computing it belongs to the board."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kviboard.domain.formatting import format_value
from kviboard.domain.periods import GRAINS

UNITS = ("customers", "currency", "percent", "score", "per_1000", "number", "days")
REGULATOR = "regulator"
INTERESTS = ("customer", "employees", "company", REGULATOR)
AS_A_LIMIT = "Keep it by a guardrail of an objective, or by a key result that keeps it within a band."
Better = Literal["up", "down"]
Where = tuple[tuple[str, tuple[str, ...]], ...]  # dimension -> the values chosen


@dataclass(frozen=True)
class Aggregate:
    """One aggregate of a value expression: `sql` runs per period and slice; `when_empty` is its value without rows."""

    name: str
    sql: str
    when_empty: float | None


@dataclass(frozen=True)
class Formula:
    """A value expression taken apart: aggregates per period and slice, then arithmetic on them.

    `value`, `numerator` and `denominator` are SQL over the aggregates' names and `days`, the days of the period that
    the data covers. Numerator over denominator is the value; a value that is no ratio has no denominator. `grows` says
    that a longer period has a larger value: a sum has, a ratio of two sums or an average per day has not.
    """

    text: str
    aggregates: tuple[Aggregate, ...]
    value: str
    numerator: str
    denominator: str | None
    grows: bool = False

    @property
    def is_ratio(self) -> bool:
        """Whether it is of something that is aggregated, too: not so the days of a period, or a number such as 1000."""
        return any(re.search(rf"\b{each.name}\b", self.denominator or "") for each in self.aggregates)


@dataclass(frozen=True)
class Interval:
    """How sure the value is: the kind of interval and the fact columns it is computed from."""

    kind: Literal["nps", "share", "mean"]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """That a KVI is counted, judged or called otherwise since a day: how it was before, in sentences, what it was
    called, and who changed it."""

    day: date
    before: str = ""  # empty where it got another title alone
    by: str = ""
    title: str = ""  # the one before, where it has another since
    is_seen: bool = False  # somebody changed the file, and a refresh saw it on `day`


@dataclass(frozen=True)
class Kvi:
    """One Key Value Indicator, as its file in queries/kvis says."""

    name: str
    title: str
    customer_benefit: str
    company_value: str
    formula: Formula
    unit: str
    better: Better
    needs: tuple[str, ...]
    sql: str
    path: str
    owner: str = ""
    decision: str = ""
    when_high: str = ""  # "More customers are satisfied than usual"; for a period that is unusually high
    when_low: str = ""
    source: str = ""
    description: str = ""
    group: Literal["customer", "company"] = "customer"
    interest: str = ""  # whose interest it stands for, one of INTERESTS; that of its group where none is named
    interval: Interval | None = None
    complete_after: int = 0
    grains: tuple[str, ...] = GRAINS
    window_days: int = 0  # days up to its period's last that a value is about, which may be more than the period's
    carries_over: bool = False  # mostly the same customers bring it about in each period, so that periods are alike
    judged_after: int = 0  # days of data before a period that can be compared: what fills up looks like growth
    full_after: int = 0  # days of data behind a period before it is whole: a divisor may look back
    judged: str | None = None  # the grain in which its signals are told, whatever grain is looked at
    limits: tuple[float | None, float | None] = (None, None)
    mirrors: str | None = None  # the KVI that says the same fact: its complement or multiple
    coverage: str | None = None  # the KVI that says how much of the whole this one speaks for
    changed: tuple[Change, ...] = ()  # the oldest first
    is_own: bool = False  # the company wrote it; the others come with the board
    body_line: int = field(default=1, compare=False)

    @property
    def stands_for(self) -> str:
        """Whose interest it stands for, one of INTERESTS."""
        return self.interest or self.group

    def changed_since(self, day: date) -> Change | None:
        """Its last change on `day` or later of more than its title: what was shown before is no longer told by its
        numbers."""
        return next((change for change in reversed(self.changed) if change.before and change.day >= day), None)

    @property
    def no_target(self) -> str:
        """Why it takes no target, in a sentence; empty where it takes one. AS_A_LIMIT says what to do then."""
        if self.stands_for != REGULATOR:
            return ""
        return f"{self.title} is what a supervisor requires: a limit that must hold, no target to be raised."

    @property
    def tables(self) -> tuple[str, ...]:
        """Contract tables it needs: `activity.minutes` needs activity."""
        return tuple(dict.fromkeys(need.split(".")[0] for need in self.needs))

    @property
    def is_no_sum(self) -> bool:
        """Whether it adds up what its SELECT has worked out already, a share or a score: of no row that is no value,
        where a count or another sum is 0."""
        return self.unit in ("percent", "score") and not self.formula.is_ratio

    @property
    def is_of_answers(self) -> bool:
        """Whether it is a score of those who answered, so that it matters who they are."""
        return self.interval is not None and "responses" in self.tables


@dataclass(frozen=True)
class Target:
    """What a KVI should reach, from one day by another; open ends mean always. Percentages are fractions.

    A value of NaN says that there is no target. `order` ranks targets that hold on the same day: the greatest wins.
    Without `grain` it is about the periods in which the KVI is judged, without `where` about all customers together.
    """

    kvi: str
    value: float
    starts_on: date | None = None
    ends_on: date | None = None
    note: str = ""
    grain: str | None = None
    where: Where = ()
    order: int = 0

    def speaks_for(self, grain: str, where: Where, judged: str) -> bool:
        """Whether this is about periods of `grain` and just the customers chosen by `where`, of a KVI judged per
        `judged`: 800 active customers are no target for one country, and a month's turnover none for a day."""
        return (self.grain or judged) == grain and _chosen(self.where) == _chosen(where)

    def about(self, judged: str, segment: str = "") -> str:
        """What it was set for: "all customers per month", "country NL per week"; `segment` is what its customers are
        called together."""
        chosen = [f"{name.replace('_', ' ')} {' or '.join(values)}" for name, values in self.where if values]
        return f"{segment or ' and '.join(chosen) or 'all customers'} per {self.grain or judged}"

    def holds_on(self, day: date) -> bool:
        """Whether this is the target on `day`."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


def _chosen(where: Where) -> dict[str, set[str]]:
    return {name: set(values) for name, values in where if values}


def target_on(targets: Sequence[Target], day: date) -> Target | None:
    """The target that holds on `day`: the one of the greatest order, then that began last, then that is named last."""
    holding = [target for target in targets if target.holds_on(day)]
    if not holding:
        return None
    chosen = max(reversed(holding), key=lambda target: (target.order, target.starts_on or date.min))
    return None if math.isnan(chosen.value) else chosen


def beyond_limits(kvi: Kvi, value: float, currency: str) -> str:
    """Why a KVI can never have this value, as the end of a sentence; empty where it can."""
    floor, ceiling = kvi.limits
    if floor is not None and value < floor:
        return f"is less than {format_value(floor, kvi.unit, currency)}, the least it can be."
    if ceiling is not None and value > ceiling:
        return f"is more than {format_value(ceiling, kvi.unit, currency)}, the most it can be."
    return ""


def meets(value: float, target: float, better: Better) -> bool:
    """Whether `value` is at least as good as `target`."""
    return value >= target if better == "up" else value <= target
