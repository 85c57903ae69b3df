"""The nouns of an OKR cycle and the rules they keep when saved: measures, key results, check-ins, limits.

Progress, status, forecast, life cycle and alignment live in modules of their own; keeping rows belongs to the store.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from itertools import pairwise

from kviboard.domain.formatting import plural
from kviboard.errors import Problem

Number = int | float | Decimal
Show = Callable[[float], str]
"""Turns a value into the text people read; `values.format_value` with its unit filled in."""


@dataclass(frozen=True)
class Kind:
    """A kind of key result: its name, the numbers it is measured by in the order they are typed, the way it wants a KVI
    to go ("up", "down" or ""), and whether a KVI may drive it."""

    title: str
    numbers: tuple[str, ...] = ()
    better: str = ""
    takes_kvi: bool = True


KINDS: Mapping[str, Kind] = {
    "increase": Kind("Increase", ("baseline", "target"), "up"),
    "decrease": Kind("Decrease", ("baseline", "target"), "down"),
    "keep_within": Kind("Keep within a band", ("lower", "upper", "baseline", "tolerance")),
    "milestone": Kind("Milestone", takes_kvi=False),
}
BARS: Mapping[str, float] = {"committed": 1.0, "aspirational": 0.7}
"""Progress that counts as Achieved, per ambition (Doerr, Measure What Matters)."""
CONFIDENCE = range(0, 11)
DEFAULT_CADENCE_DAYS = 14
KEY_RESULTS_PER_OBJECTIVE = (2, 5)
OBJECTIVES_PER_CYCLE_AND_TEAM = (1, 5)
DEFAULT_TOLERANCE = Decimal("0.1")  # share of the bound, where a band has only one


@dataclass(frozen=True)
class Cycle:
    """The days an OKR lives in, both ends included; usually a quarter."""

    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Measure:
    """What a key result is measured by. Increase and decrease use baseline and target; keep_within uses lower and
    upper (at least, at most, or both) and a tolerance in the same unit; a milestone is 0 or 1 and uses none."""

    kind: str
    baseline: Number | None = None
    target: Number | None = None
    lower: Number | None = None
    upper: Number | None = None
    tolerance: Number | None = None

    @property
    def has_direction(self) -> bool:
        """Whether it goes from a baseline to a target."""
        return self.kind in KINDS and bool(KINDS[self.kind].better)

    @property
    def rises(self) -> bool:
        return self.kind == "increase"

    @property
    def is_band(self) -> bool:
        return self.kind == "keep_within"

    @property
    def is_milestone(self) -> bool:
        return self.kind == "milestone"


MEASURE_NUMBERS = tuple(part.name for part in fields(Measure) if part.name != "kind")
"""The numbers of a measure by name, in their order: what a change of target is about."""


@dataclass(frozen=True)
class KviSource:
    """The KVI that drives a key result: which slice of it (dimension -> chosen values), at which grain."""

    kvi: str
    grain: str
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class PlanPoint:
    """One dated point of a phased plan: the share of progress (0..1) expected when that day is over."""

    day: date
    share: Number


@dataclass(frozen=True)
class KeyResult:
    """One key result as its owner words it. Without a source its value is typed at check-in."""

    title: str
    measure: Measure
    unit: str = "number"
    source: KviSource | None = None
    owner: str = ""
    weight: Number = 1
    ambition: str = "committed"
    cadence_days: int = DEFAULT_CADENCE_DAYS
    plan: tuple[PlanPoint, ...] = ()


def as_decimal(value: Number | None) -> Decimal | None:
    """The number as it was typed (0.1 is one tenth, not its binary neighbour); None for no value, NaN and infinity."""
    if value is None:
        return None
    exact = value if isinstance(value, Decimal) else Decimal(value if isinstance(value, int) else repr(float(value)))
    return exact if exact.is_finite() else None


def plain(value: float) -> str:
    """A number with up to six significant digits, for sentences whose unit is not known."""
    return f"{value:,.6g}".replace("-", "−")


def band_text(lower: Number | None, upper: Number | None, show: Show = plain) -> str:
    """A band in words: "at least 3", "at most 5", "between 3 and 5"."""
    if lower is not None and upper is not None:
        return f"between {show(float(lower))} and {show(float(upper))}"
    if lower is not None:
        return f"at least {show(float(lower))}"
    return f"at most {show(float(upper))}" if upper is not None else "no bounds"


def check_measure(measure: Measure, where: str, draft: bool = False) -> list[Problem]:
    """Everything that keeps a measure from being saved. A draft may still miss numbers, never contradict itself."""
    if measure.kind not in KINDS:
        return [Problem(where, f'the kind "{measure.kind}" is not known.', f"Choose one of: {', '.join(KINDS)}.")]
    named = {name: getattr(measure, name) for name in MEASURE_NUMBERS}
    endless = [name for name, value in named.items() if value is not None and as_decimal(value) is None]
    if endless:
        return [Problem(where, f"the {name} is not a number.", "Enter a plain number.") for name in endless]
    if measure.is_band:
        return _check_band(measure, where, draft)
    return _check_way(measure, where, draft) if not measure.is_milestone else []


def _check_way(measure: Measure, where: str, draft: bool) -> list[Problem]:
    baseline, target = as_decimal(measure.baseline), as_decimal(measure.target)
    if baseline is None or target is None:
        missing = [name for name, value in (("baseline", baseline), ("target", target)) if value is None]
        what = f"there is no {' and no '.join(missing)}."
        return [] if draft else [Problem(where, what, "Say where you start and where you want to be.")]
    if target == baseline:
        return [Problem(where, "the target equals the baseline.", "Choose a target that differs from where you start.")]
    if (target > baseline) != (measure.rises):
        other = "decrease" if measure.rises else "increase"
        side = "below" if target < baseline else "above"
        what = f"this {measure.kind} has its target {side} the baseline."
        return [Problem(where, what, f'Choose the kind "{other}".')]
    return []


def _check_band(measure: Measure, where: str, draft: bool) -> list[Problem]:
    lower, upper = as_decimal(measure.lower), as_decimal(measure.upper)
    if lower is None and upper is None:
        return [] if draft else [Problem(where, "the band has no bound.", "Say at least, at most, or both.")]
    if lower is not None and upper is not None and lower > upper:
        return [Problem(where, "the lower bound lies above the upper bound.", "Swap them.")]
    if band_tolerance(measure) <= 0:
        hint = "Say how far outside the band counts as nothing kept."
        return [Problem(where, "the band needs a tolerance greater than 0.", hint)]
    return []


def band_tolerance(measure: Measure) -> Decimal:
    """How far outside the band progress falls to 0: as given, else the band's width, else 10 % of the bound."""
    given = as_decimal(measure.tolerance)
    if given is not None:
        return given
    lower, upper = as_decimal(measure.lower), as_decimal(measure.upper)
    if lower is not None and upper is not None:
        return upper - lower
    bound = lower if lower is not None else upper
    return abs(bound or Decimal(0)) * DEFAULT_TOLERANCE


def check_key_result(key_result: KeyResult, cycle: Cycle, draft: bool = False) -> list[Problem]:
    """Everything that keeps a key result from being saved (draft) or activated, all at once."""
    where = f'Key result "{key_result.title}"' if key_result.title.strip() else "Key result"
    rules = (
        (key_result.title.strip(), "the title is empty.", "Name what is measured."),
        (
            (as_decimal(key_result.weight) or 0) > 0,
            "the weight is not greater than 0.",
            "Use 1 where all matter alike.",
        ),
        (key_result.ambition in BARS, f'"{key_result.ambition}" is not an ambition.', f"Use {' or '.join(BARS)}."),
        (key_result.cadence_days >= 1, "the cadence is shorter than a day.", "Use 14 days, or what fits."),
        (
            key_result.source is None or not key_result.measure.is_milestone,
            "a milestone cannot be driven by a KVI.",
            "Choose increase, decrease or keep within.",
        ),
    )
    problems = [Problem(where, what, hint) for holds, what, hint in rules if not holds]
    return problems + check_measure(key_result.measure, where, draft) + check_plan(key_result.plan, cycle, where)


def check_plan(plan: Sequence[PlanPoint], cycle: Cycle, where: str) -> list[Problem]:
    """A phased plan has its days in order, inside the cycle, and shares between 0 and 1."""
    problems = []
    days = [point.day for point in plan]
    if any(later <= earlier for earlier, later in pairwise(days)):
        problems.append(Problem(where, "the plan's days are not in order.", "Give each day once, earliest first."))
    if any(not cycle.starts_on <= day <= cycle.ends_on for day in days):
        problems.append(Problem(where, "the plan has a day outside the cycle.", "Keep its days inside the cycle."))
    shares = [as_decimal(point.share) for point in plan]
    if any(share is None or not 0 <= share <= 1 for share in shares):
        problems.append(Problem(where, "the plan expects less than 0 % or more than 100 %.", "Stay between the two."))
    return problems


def check_check_in(key_result: KeyResult, value: Number | None, confidence: int | None) -> list[Problem]:
    """What keeps a check-in from being saved. KVI-driven key results take no value: the data gives it."""
    where = f'Check-in on "{key_result.title}"'
    problems = []
    if value is not None and key_result.source is not None:
        problems.append(Problem(where, "its value comes from the data.", "Leave the value empty; add what you know."))
    elif value is not None and as_decimal(value) is None:
        problems.append(Problem(where, "the value is not a number.", "Enter a plain number."))
    elif value is not None and key_result.measure.is_milestone and value not in (0, 1):
        problems.append(Problem(where, "a milestone is done or not.", "Enter 1 for done, 0 for not done."))
    if confidence is not None and confidence not in CONFIDENCE:
        problems.append(Problem(where, "the confidence is not between 0 and 10.", "0: no chance; 10: certain."))
    return problems


def key_result_limit_hint(count: int) -> str | None:
    """A hint, never a refusal, where an objective has too few or too many key results."""
    return _limit_hint(count, KEY_RESULTS_PER_OBJECTIVE, "key result", "an objective")


def objective_limit_hint(count: int) -> str | None:
    """A hint, never a refusal, where a team has too few or too many objectives in a cycle."""
    return _limit_hint(count, OBJECTIVES_PER_CYCLE_AND_TEAM, "objective", "a team")


def _limit_hint(count: int, limits: tuple[int, int], noun: str, owner: str) -> str | None:
    fewest, most = limits
    if fewest <= count <= most:
        return None
    return f"{count or 'No'} {plural(count, noun)}: {fewest} to {most} keep {owner} in focus."
