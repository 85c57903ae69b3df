"""What SQL leaves open in the views about customers: intervals, expected values, tenths. One function per view."""

import numpy as np
import pandas as pd

from kviboard.board.board import Board
from kviboard.board.customers.expected_value import VALUES, expected_value
from kviboard.domain.customers.trial import by_decile
from kviboard.domain.kvis import intervals


def finish_first_year(rows: pd.DataFrame) -> pd.DataFrame:
    """Means and shares of each cohort, with 95 % intervals."""
    customers = rows["customers"]
    low, high = intervals.mean(rows["revenue"], rows["revenue_squares"], customers)
    active_low, active_high = intervals.share(rows["active_customers"], customers)
    return rows.assign(
        revenue_per_customer_12m=rows["revenue"] / customers,
        revenue_low=low,
        revenue_high=high,
        still_active=rows["active_customers"] / customers,
        active_low=active_low,
        active_high=active_high,
    )


def finish_segments(board: Board, rows: pd.DataFrame) -> pd.DataFrame:
    """NPS with its interval, and what the slice's customers are expected to spend."""
    promoters, detractors, answers = rows["promoters"], rows["detractors"], rows["responses"]
    low, high = intervals.interval("nps", [promoters, detractors, answers], intervals.repeats_in(rows))
    by_slice = expected_value(board).customers.groupby("slice_id")["expected_revenue_12m"].agg("sum", min_count=1)
    expected = [by_slice.reindex(list(own)).sum(min_count=1) for own in rows["slice_ids"]]
    return rows.assign(
        nps=100 * (promoters - detractors) / answers.where(answers > 0),
        nps_low=low,
        nps_high=high,
        expected_revenue_12m=np.array(expected, dtype=float),
    )


def finish_expected_value(board: Board, rows: pd.DataFrame) -> pd.DataFrame:
    """Each customer's expected orders and revenue, the largest first."""
    known = expected_value(board).customers[list(VALUES)]
    return rows.join(known, on="customer_id").sort_values(
        ["expected_revenue_12m", "customer_id"], ascending=[False, True], ignore_index=True
    )


def finish_trial(board: Board, rows: pd.DataFrame) -> pd.DataFrame:
    """Tenths of the customers chosen, per slice; none where the model could not be fitted."""
    predictions = expected_value(board).predictions
    if predictions is None:
        return by_decile(pd.DataFrame(columns=list(_PREDICTED), dtype=float)).assign(slice="")
    chosen = rows[["slice", "customer_id"]].join(predictions[list(_PREDICTED)], on="customer_id", how="inner")
    parts = [by_decile(own).assign(slice=name) for name, own in chosen.groupby("slice", sort=True)]
    return pd.concat(parts, ignore_index=True)


_PREDICTED = ("predicted_orders", "actual_orders", "predicted_revenue", "actual_revenue")
