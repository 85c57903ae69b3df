"""Answers of one customer are alike: what that does to the spread of a score, from single answers.

`told` has a row per answer with score and customer_id, "" where the answer is anonymous."""

import numpy as np
import pandas as pd
from scipy import stats


def points(scores: pd.Series) -> pd.Series:
    """+1 of a promoter, −1 of a detractor, 0 of anybody else."""
    return (scores >= 9).astype(int) - (scores < 7).astype(int)


def variance(scores: pd.Series) -> float:
    """Of the Net Promoter Score of answers that are independent."""
    return float(1e4 * points(scores).var(ddof=0) / len(scores))


def design_effect(told: pd.DataFrame) -> float:
    """How many times as large the variance of the score is as of independent answers: the sandwich of a cluster-robust
    regression on nothing but a constant, with Student's t of customers for answers."""
    return effect_of(points(told["score"]), told)


def effect_of(values: pd.Series, told: pd.DataFrame) -> float:
    """The same of any values of these answers."""
    whose = told["customer_id"].where(told["customer_id"] != "", [f"row {row}" for row in told.index])
    away = values - values.mean()
    sums = away.groupby(whose).sum()
    n, customers = len(away), len(sums)
    if n == customers:
        return 1.0
    robust, plain = customers / (customers - 1) * (sums**2).sum(), n / (n - 1) * (away**2).sum()
    wider = stats.t.ppf(0.975, customers - 1) / stats.t.ppf(0.975, n - 1)
    return max(1.0, float(robust / plain)) * float(wider) ** 2


def share_ends(values: pd.Series, told: pd.DataFrame) -> list[float]:
    """Where a share and what it could be are 1.96 standard errors of the latter apart, of as many answers as say as
    much (Wilson)."""
    n, p, square = len(values) / effect_of(values, told), values.mean(), 1.96**2
    return sorted(float(end) for end in np.roots([1 + square / n, -(2 * p + square / n), p**2]))


def change_of_share(now: pd.DataFrame, before: pd.DataFrame, column: str) -> list[float]:
    """The change of a share and its ends, which what the same customers did both times makes surer: Newcombe's
    interval for paired data, from the correlation of the two shares."""
    both = [(rows[column].astype(float), rows) for rows in (now, before)]
    (one, other), ends = (values.mean() for values, _ in both), [share_ends(*each) for each in both]
    sums = [(values - values.mean()).groupby(rows["customer_id"]).sum() / len(rows) for values, rows in both]
    spread = [values.var(ddof=0) / len(values) * effect_of(values, rows) for values, rows in both]
    alike = (sums[0] * sums[1]).sum() / np.sqrt(spread[0] * spread[1])
    (low, high), (low_before, high_before) = ends
    reaches = [(one - low, high_before - other), (high - one, other - low_before)]
    down, up = (np.sqrt(a**2 + b**2 - 2 * alike * a * b) for a, b in reaches)
    return [float(one - other), float(one - other - down), float(one - other + up)]


def covariance(now: pd.DataFrame, before: pd.DataFrame) -> float:
    """Of two scores that some customers gave both."""
    sums = []
    for rows in (now, before):
        away = points(rows["score"]) - points(rows["score"]).mean()
        sums.append(100 * away[rows["customer_id"] != ""].groupby(rows["customer_id"]).sum() / len(rows))
    return float((sums[0] * sums[1]).sum())


def margin_of_change(now: pd.DataFrame, before: pd.DataFrame) -> float:
    """Half the 95 % interval around the change between two scores."""
    spread = sum(variance(rows["score"]) * design_effect(rows) for rows in (now, before))
    return float(1.96 * np.sqrt(max(spread - 2 * covariance(now, before), 0.1 * spread)))
