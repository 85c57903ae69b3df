"""Whether expected value may be believed: predictions made from older data, held against what came after.

What is predicted and how is expected_value's; which days are held out is said here.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

YEAR = 365
LARGEST_ERROR = 0.20  # of the totals: beyond, the model is not used
_GROUPS = 10

DECILE_COLUMNS = (
    "decile",
    "customers",
    "predicted_orders",
    "actual_orders",
    "predicted_revenue",
    "actual_revenue",
)


@dataclass(frozen=True)
class ModelTrial:
    """The customers known on the day before `first_day`, and what was predicted of them up to `last_day`.

    deciles: one row per tenth of these customers by predicted revenue, 1 the highest (DECILE_COLUMNS).
    """

    first_day: date
    last_day: date
    deciles: pd.DataFrame

    @property
    def orders_error(self) -> float:
        """Predicted orders / actual − 1; NaN where nobody ordered."""
        return self._error("orders")

    @property
    def revenue_error(self) -> float:
        """Predicted revenue / actual − 1; NaN where nothing was earned."""
        return self._error("revenue")

    @property
    def holds(self) -> bool:
        """Whether both totals are within 20 % of what came."""
        return abs(self.orders_error) <= LARGEST_ERROR and abs(self.revenue_error) <= LARGEST_ERROR

    def _error(self, what: str) -> float:
        actual = float(self.deciles[f"actual_{what}"].sum())
        return float(self.deciles[f"predicted_{what}"].sum()) / actual - 1 if actual > 0 else float("nan")


def held_out_from(first: date, last: date) -> date:
    """The first day held out of data from `first` to `last`: the last 12 months, at most the last third."""
    days = (last - first).days + 1
    return last - timedelta(days=min(YEAR, days // 3) - 1)


def by_decile(predictions: pd.DataFrame) -> pd.DataFrame:
    """Tenths of customers by predicted revenue, of equals the first rows first: DECILE_COLUMNS.

    predictions: one row per customer with predicted_orders, actual_orders, predicted_revenue, actual_revenue.
    """
    ranked = predictions.sort_values("predicted_revenue", ascending=False, kind="stable")
    tenths = np.arange(len(ranked)) * _GROUPS // max(len(ranked), 1) + 1
    summed = ranked[list(DECILE_COLUMNS[2:])].groupby(tenths).agg("sum")
    summed.insert(0, "customers", np.bincount(tenths, minlength=1)[summed.index])
    return summed.rename_axis("decile").reset_index()
