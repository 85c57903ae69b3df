"""Whether customers who came by recommendation bring more in their first year than bought ones: cohort by cohort, so
that a good quarter with many of one kind does not decide."""

import math
from dataclasses import dataclass

import pandas as pd

from kviboard.domain.kvis.intervals import Z


@dataclass(frozen=True)
class Difference:
    """Mean first-year revenue of earned customers less that of bought ones, with its 95 % interval."""

    earned: float
    bought: float
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.earned - self.bought

    @property
    def is_shown(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def earned_against_bought(cohorts: pd.DataFrame) -> Difference | None:
    """Post-stratified over the quarters that have both kinds, each weighing as its customers of both do.

    cohorts: cohort_quarter, acquisition, customers, revenue_per_customer_12m, revenue_high of one slice. None where no
    quarter has two customers of each kind.
    """
    columns = ["cohort_quarter", "customers", "revenue_per_customer_12m", "revenue_high"]
    several = cohorts[cohorts["customers"] > 1]
    earned, bought = (several[several["acquisition"] == kind][columns] for kind in ("earned", "bought"))
    both = earned.merge(bought, on="cohort_quarter", suffixes=("_earned", "_bought"))
    if both.empty:
        return None
    customers = both["customers_earned"] + both["customers_bought"]
    weights = (customers / customers.sum()).to_numpy(dtype=float)
    means, variances = [], []
    for kind in ("earned", "bought"):
        mean = both[f"revenue_per_customer_12m_{kind}"].to_numpy(dtype=float)
        error = (both[f"revenue_high_{kind}"].to_numpy(dtype=float) - mean) / Z
        means.append(float(weights @ mean))
        variances.append(float(weights**2 @ error**2))
    value, margin = means[0] - means[1], Z * math.sqrt(sum(variances))
    return Difference(means[0], means[1], value - margin, value + margin)
