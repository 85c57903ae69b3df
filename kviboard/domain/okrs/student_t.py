"""Student's t distribution for whole degrees of freedom, as small samples need it. Its use belongs to `forecast`."""

import math
from functools import lru_cache

NORMAL_FROM = 200
"""Degrees of freedom from which the normal distribution differs by less than 0.002 in probability."""


def student_cdf(t: float, freedom: int) -> float:
    """Probability of a value up to `t`. Finite sums of Abramowitz and Stegun 26.7.3 (odd) and 26.7.4 (even)."""
    if freedom >= NORMAL_FROM:
        return 0.5 * (1 + math.erf(t / math.sqrt(2)))
    angle = math.atan(t / math.sqrt(freedom))
    term = total = 1.0 if freedom % 2 == 0 else math.cos(angle)
    for step in range(1 if freedom % 2 == 0 else 2, freedom - 2, 2):
        term *= step / (step + 1) * math.cos(angle) ** 2
        total += term
    if freedom % 2 == 0:
        within = math.sin(angle) * total
    else:
        within = 2 / math.pi * (angle + (math.sin(angle) * total if freedom > 1 else 0.0))
    return 0.5 * (1 + within)


@lru_cache(maxsize=512)
def student_quantile(probability: float, freedom: int) -> float:
    """The value that a share `probability` (above 0.5, below 1) of the distribution does not exceed."""
    low, high = 0.0, 1.0
    while student_cdf(high, freedom) < probability:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if student_cdf(middle, freedom) < probability else (low, middle)
    return high
