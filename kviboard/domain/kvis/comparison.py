"""Do two KVIs move together, and does one lead? Correlation of their changes, never of their levels.

Levels of two growing series always correlate; their period-to-period changes only do where they really move together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kviboard.domain.formatting import counted

ENOUGH = 8
MAX_LAG = 4


@dataclass(frozen=True)
class LagCorrelation:
    """Pearson correlation of changes when the first KVI is `lag` periods earlier, over `pairs` pairs of changes."""

    lag: int
    correlation: float
    pairs: int


@dataclass(frozen=True)
class Comparison:
    """Correlations per lag, those with too few pairs left out; `strongest` only where it is beyond chance."""

    lags: tuple[LagCorrelation, ...]
    strongest: LagCorrelation | None
    threshold: float  # a correlation beyond ± this is unlikely (5 % over all lags together) to be chance


def compare(first: Sequence[float], second: Sequence[float]) -> Comparison:
    """Compare two series of the same periods, oldest first; NaN is a gap.

    The threshold is the 95 % bound of a correlation of independent changes (Fisher's z: ± z / √(pairs − 3), back
    through tanh), with z widened for the number of lags looked at (Bonferroni), so that looking at nine lags does
    not find something nine times as often, and with fewer effective pairs where both series' changes repeat or undo
    themselves (Bartlett 1946: the variance grows by 1 + 2 Σ ρ₁(k) ρ₂(k)).
    """
    changes = np.diff(np.asarray(first, dtype=float)), np.diff(np.asarray(second, dtype=float))
    lags = [_at_lag(*changes, lag) for lag in range(-MAX_LAG, MAX_LAG + 1)]
    known = tuple(found for found in lags if found is not None)
    if not known:
        return Comparison((), None, float("nan"))
    best = max(known, key=lambda found: abs(found.correlation))
    threshold = _chance(best.pairs / _echo(*changes), len(known))
    return Comparison(known, best if abs(best.correlation) > threshold else None, threshold)


def in_words(comparison: Comparison, first: str, second: str, period: str) -> str:
    """What the comparison found, in one or two sentences."""
    if not comparison.lags:
        return f"Too little common history to compare: it takes {ENOUGH} changes of both."
    best = comparison.strongest
    if best is None:
        return f"{first} and {second} show no relation beyond chance."
    how = "move together" if best.correlation > 0 else "move against each other"
    when = "in the same period" if best.lag == 0 else _lead(best.lag, first, second, period)
    strength = f"{abs(best.correlation):.2f} from 0 (not at all) to 1 (always), over {best.pairs} changes"
    caution = "That they move together does not say that one causes the other."
    return f"{first} and {second} {how}, {when}: {strength}. {caution}"


def _lead(lag: int, first: str, second: str, period: str) -> str:
    leader = first if lag > 0 else second
    return f"{leader} {counted(abs(lag), period)} ahead"


def _at_lag(first: np.ndarray, second: np.ndarray, lag: int) -> LagCorrelation | None:
    """Changes of `first` against those of `second` `lag` periods later."""
    size = len(first) - abs(lag)
    if size < ENOUGH:
        return None
    earlier, later = (first[:size], second[lag:]) if lag >= 0 else (first[-lag:], second[:size])
    both = ~(np.isnan(earlier) | np.isnan(later))
    if both.sum() < ENOUGH or _is_steady(earlier[both]) or _is_steady(later[both]):
        return None
    correlation = float(np.corrcoef(_in_ones(earlier[both]), _in_ones(later[both]))[0, 1])
    return LagCorrelation(lag, correlation, int(both.sum()))


def _is_steady(changes: np.ndarray) -> bool:
    """Whether all changes are the same but for rounding: 0.3 − 0.2 is not quite 0.2 − 0.1, and means nothing."""
    return bool(np.ptp(changes) <= 1e-9 * np.max(np.abs(changes)))


def _in_ones(changes: np.ndarray) -> np.ndarray:
    """The changes with the largest as 1: a correlation is the same, and squares of tiny ones do not vanish."""
    scaled: np.ndarray = changes / np.max(np.abs(changes))
    return scaled


_Z = {1: 1.960, 2: 2.241, 3: 2.394, 4: 2.498, 5: 2.576, 6: 2.638, 7: 2.690, 8: 2.734, 9: 2.773}
"""Normal quantile at 1 − 0.05 / (2 · lags), by number of lags looked at."""


def _echo(first: np.ndarray, second: np.ndarray) -> float:
    """How much more the correlation of two unrelated series varies because each is correlated with its own past."""
    products = (_with_past(first, lag) * _with_past(second, lag) for lag in range(1, MAX_LAG + 1))
    return max(1.0, 1 + 2 * sum(products))


def _with_past(changes: np.ndarray, lag: int) -> float:
    found = _at_lag(changes, changes, lag)
    return found.correlation if found else 0.0


def _chance(pairs: float, looks: int) -> float:
    return float(np.tanh(_Z[looks] / np.sqrt(max(pairs - 3, 1))))
