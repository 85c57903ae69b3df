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
