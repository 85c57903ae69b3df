"""What one lifted customer is worth: two bands' revenue per customer, compared within tiers of value.

Compared are customers who spent alike before, so that big spenders do not carry the average: the difference of the
bands' means in each tier, weighted by how many of the band to be lifted are in that tier. It compares groups; that the
score makes the difference is not proved by it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

LIFTS = {"passives_to_promoters": ("passive", "promoter"), "detractors_to_passives": ("detractor", "passive")}
"""By lift: the band to be lifted, and the band that it is lifted to."""
TIERS = ("top 10 %", "next 40 %", "rest", "no revenue")  # by revenue of the 12 months before the window
ENOUGH_BEFORE = 100  # customers in every band on the day before the window, or there is hindsight
ENOUGH_IN_CELL = 10  # customers of a band in a tier: below, one big spender would carry the tier
RESAMPLES = 1_000
PROSPECTIVE, AT_THE_END = "prospective", "at_the_end"
BOOTSTRAP, NORMAL = "bootstrap", "normal"

_SEED = 20_031_201
_Z90 = 1.645  # normal quantile that leaves 5 % on each side
_CHUNK = 2_000_000  # values drawn at once


@dataclass(frozen=True, eq=False)
class Cell:
    """The customers of one band in one tier: how many, the mean and sample variance of their revenue in the window,
    customers without any counted as 0; `revenues` of each, or None where they are so many that the
    normal interval does."""

    band: str
    tier: str
    customers: int
    mean: float
    variance: float
    revenues: np.ndarray | None


@dataclass(frozen=True)
class Case:
    """What lifting one customer from one band to the next is worth in a year, with its 90 % interval.

    `customers` are those of the band to be lifted who are in a tier compared; `gain_per_customer`, `low` and `high` are
    money, NaN where no tier can be compared. `left_out` are the tiers that are not.
    """

    lift: str
    customers: int
    gain_per_customer: float
    low: float
    high: float
    method: str
    left_out: tuple[str, ...]


def basis_of(before: Iterable[Cell]) -> str:
    """Whether customers can be put into bands by the score they held before the window."""
    counts = dict.fromkeys(("promoter", "passive", "detractor"), 0)
    for cell in before:
        counts[cell.band] += cell.customers
    return PROSPECTIVE if min(counts.values()) >= ENOUGH_BEFORE else AT_THE_END


def case_of(lift: str, cells: Sequence[Cell]) -> Case:
    """The business case of a lift, over the cells of one group of customers."""
    lifted, to = LIFTS[lift]
    by_place = {(cell.band, cell.tier): cell for cell in cells}
    pairs = [(by_place.get((lifted, tier)), by_place.get((to, tier))) for tier in TIERS]
    compared = [(start, end) for start, end in pairs if _enough(start) and _enough(end) and start and end]
    kept = {start.tier for start, _ in compared}
    left_out = tuple(tier for tier in TIERS if tier not in kept and (lifted, tier) in by_place)
    customers = sum(start.customers for start, _ in compared)
    if not customers:
        return Case(lift, 0, math.nan, math.nan, math.nan, "", left_out)
    weights = np.array([start.customers / customers for start, _ in compared])
    gain = float(weights @ np.array([end.mean - start.mean for start, end in compared]))
    resampled = all(cell.revenues is not None for pair in compared for cell in pair)
    low, high = _bootstrap(weights, compared) if resampled else _normal(gain, weights, compared)
    return Case(lift, customers, gain, low, high, BOOTSTRAP if resampled else NORMAL, left_out)


def _enough(cell: Cell | None) -> bool:
    return cell is not None and cell.customers >= ENOUGH_IN_CELL


def _bootstrap(weights: np.ndarray, compared: Sequence[tuple[Cell, Cell]]) -> tuple[float, float]:
    """The 5th and 95th percentile over resamples, each of which draws every cell's customers anew."""
    random = np.random.default_rng(_SEED)
    gains = np.zeros(RESAMPLES)
    for weight, (start, end) in zip(weights, compared, strict=True):
        gains += weight * (_means(end, random) - _means(start, random))
    low, high = np.quantile(gains, [0.05, 0.95])
    return float(low), float(high)


def _means(cell: Cell, random: np.random.Generator) -> np.ndarray:
    """The cell's mean in each resample."""
    revenues = np.sort(
        np.asarray(cell.revenues, dtype=float)
    )  # a seed means nothing if the warehouse decides the order
    rows = max(1, _CHUNK // revenues.size)
    parts = [
        revenues[random.integers(0, revenues.size, (min(rows, RESAMPLES - start), revenues.size))].mean(axis=1)
        for start in range(0, RESAMPLES, rows)
    ]
    return np.concatenate(parts)


def _normal(gain: float, weights: np.ndarray, compared: Sequence[tuple[Cell, Cell]]) -> tuple[float, float]:
    """± 1.645 standard errors of the weighted difference of means."""
    spreads = [sum(cell.variance / cell.customers for cell in pair) for pair in compared]
    margin = _Z90 * math.sqrt(float(weights**2 @ np.array(spreads)))
    return gain - margin, gain + margin
