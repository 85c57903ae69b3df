"""Expected orders and revenue of every customer, tried on held-out months first; computed once per version.

Where the model cannot be fitted or misses, revenue is estimated by retention instead, and `said` tells which and why.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from kviboard.board.board import Board
from kviboard.caching import shared_cache
from kviboard.domain.customers.expected_value import DAYS_PER_WEEK, AmountModel, OrderModel, fit_amounts, fit_orders
from kviboard.domain.customers.trial import YEAR, ModelTrial, by_decile, held_out_from
from kviboard.domain.formatting import format_days, format_value
from kviboard.errors import UsageError
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.slices import with_chosen_slices

_MOST_FITTED = 50_000  # different histories: of more, every so-manieth customer in the order of their ids
_HISTORY = ["orders", "recency_days", "age_days"]
Where = Sequence[tuple[str, Sequence[str]]]
VALUES = ("alive", "expected_orders_12m", "expected_revenue_12m")


@dataclass(frozen=True, eq=False)
class ExpectedValue:
    """customers: one row per customer with a purchase, by customer_id: slice_id and VALUES, NaN where unknown.

    predictions: one row per customer known before the months of the trial, with predicted and actual orders and
    revenue; both are None where the model could not be fitted. said: a sentence or two on how far to trust it.
    """

    customers: pd.DataFrame
    trial: ModelTrial | None
    predictions: pd.DataFrame | None
    uses_model: bool
    said: str


def expected_value(board: Board) -> ExpectedValue:
    """Of all customers of the board's version. Needs the orders export."""
    views = board.catalog.views
    queries = (views["expected_value"].sql, views["expected_value_trial"].sql, views["segments"].sql)
    return _computed(board.reader, queries, board.workspace.company.currency)


def expected_most(board: Board, where: Where, most: int) -> tuple[float, int, pd.DataFrame]:
    """Of the customers that filters choose: what is expected of all, of how many, and the rows of those expected to
    bring most, as in the view expected_value, whose queries are not run again."""
    found = _chosen(board, expected_value(board).customers, where)
    total = float(found["expected_revenue_12m"].sum(min_count=1))
    return total, len(found), found.nlargest(most, "expected_revenue_12m").reset_index()


def trial_of(board: Board, where: Where) -> pd.DataFrame:
    """The tenths of the customers that filters choose, as in the view expected_value_trial; none without a trial."""
    predictions = expected_value(board).predictions
    return pd.DataFrame() if predictions is None else by_decile(_chosen(board, predictions, where))


def _chosen(board: Board, rows: pd.DataFrame, where: Where) -> pd.DataFrame:
    if not any(values for _, values in where):
        return rows
    return rows[rows["slice_id"].isin(board.reader.chosen_slices(dict(where))["slice_id"])]


@shared_cache(most=2)
def _computed(reader: Reader, queries: tuple[str, str, str], currency: str) -> ExpectedValue:
    histories_sql, actual_sql, segments_sql = queries
    reach = reader.reach["orders"]
    held_out = held_out_from(reach.data_from, reach.data_through)
    customers = _rows(reader, histories_sql, until="")
    try:
        predictions = _predictions(reader, histories_sql, actual_sql, held_out, reach.data_through)
        trial = ModelTrial(held_out, reach.data_through, by_decile(predictions))
        predicted = _predicted(customers, *_fitted(customers), YEAR)
    except UsageError as error:
        return _by_retention(reader, customers, segments_sql, None, None, str(error))
    if not trial.holds:
        return _by_retention(reader, customers, segments_sql, trial, predictions, _tried(trial, currency))
    return ExpectedValue(predicted, trial, predictions, True, _tried(trial, currency))


def _rows(reader: Reader, sql: str, until: str) -> pd.DataFrame:
    sliced, parameters = with_chosen_slices(sql, None, {})
    return reader.frame(sliced, {**parameters, "until": until}).set_index("customer_id")


def _predictions(reader: Reader, histories_sql: str, actual_sql: str, held_out: date, last: date) -> pd.DataFrame:
    until = (held_out - timedelta(days=1)).isoformat()
    known = _rows(reader, histories_sql, until)
    ahead = _predicted(known, *_fitted(known), (last - held_out).days + 1)
    actual = _rows(reader, actual_sql, until)[["actual_orders", "actual_revenue"]]
    predicted = ahead.rename(
        columns={"expected_orders_12m": "predicted_orders", "expected_revenue_12m": "predicted_revenue"}
    )
    return predicted.join(actual)


def _fitted(histories: pd.DataFrame) -> tuple[OrderModel, AmountModel]:
    """All customers count where few histories differ: of customers who rarely return, a part tells too little."""
    counts = _counts(histories)
    if len(counts) > _MOST_FITTED:
        counts = _counts(_some(histories))
    orders, recency, age = (counts.index.get_level_values(level).to_numpy() for level in range(3))
    paid = _some(histories[(histories["orders"] > 1) & (histories["repeat_amount"] > 0)])
    repeats = paid["orders"] - 1
    return (
        fit_orders(orders - 1, recency / DAYS_PER_WEEK, age / DAYS_PER_WEEK, counts),
        fit_amounts(repeats, paid["repeat_amount"] / repeats),
    )


def _counts(histories: pd.DataFrame) -> pd.Series:
    """How many customers share each history."""
    return histories.groupby(_HISTORY).size()


def _some(customers: pd.DataFrame) -> pd.DataFrame:
    return customers.iloc[:: math.ceil(len(customers) / _MOST_FITTED) or 1]


def _predicted(histories: pd.DataFrame, orders: OrderModel, amounts: AmountModel, days: int) -> pd.DataFrame:
    """VALUES of each customer, for so many days ahead; refunds are expected at the share of turnover they had."""
    alike = histories.groupby(_HISTORY)
    place = alike.ngroup().to_numpy()
    different = alike.size().index.to_frame().to_numpy()
    repeats, recency, age = (different - [1, 0, 0]).T
    weeks = (recency / DAYS_PER_WEEK, age / DAYS_PER_WEEK)
    expected = orders.expected_orders(repeats, *weeks, days / DAYS_PER_WEEK)[place]
    if not np.isfinite(expected).all():
        raise UsageError("These orders do not follow the model: what it expects cannot be computed.")
    repeats_of_each = histories["orders"].to_numpy() - 1
    mean_amount = histories["repeat_amount"].to_numpy() / np.maximum(repeats_of_each, 1)
    purchased = histories["purchased"].sum()
    kept = histories["revenue"].sum() / purchased if purchased > 0 else 1.0
    revenue = expected * amounts.expected_amount(repeats_of_each, mean_amount) * kept
    values = (orders.alive(repeats, *weeks)[place], expected, revenue)
    return histories[["slice_id", "orders"]].assign(**dict(zip(VALUES, values, strict=True)))


def _by_retention(
    reader: Reader,
    customers: pd.DataFrame,
    segments_sql: str,
    trial: ModelTrial | None,
    predictions: pd.DataFrame | None,
    why: str,
) -> ExpectedValue:
    """Revenue of the last 12 months × net revenue retention; unknown with less than two years of orders."""
    sliced, parameters = with_chosen_slices(segments_sql, None, {})
    retention = float(reader.frame(sliced, parameters)["net_revenue_retention"].iloc[0])
    values = customers[["slice_id", "orders"]].assign(**dict.fromkeys(VALUES, np.nan))
    values["expected_revenue_12m"] = customers["revenue_12m"] * retention
    if math.isnan(retention):
        instead = "An estimate by retention needs two years of orders, each with more turnover than refunds."
    else:
        rate = format_value(retention, "percent")
        instead = f"Shown instead: revenue of the last 12 months × net revenue retention ({rate})."
    return ExpectedValue(values, trial, predictions, False, f"{why} {instead}")


def _tried(trial: ModelTrial, currency: str) -> str:
    sums = trial.deciles[["predicted_revenue", "actual_revenue"]].sum()
    predicted, actual = (format_value(float(value), "currency", currency) for value in sums)
    days = format_days(trial.first_day, trial.last_day)
    result = f"Tried on {days}: predicted {predicted} from the orders before, came {actual} ({_off(trial)})."
    return result if trial.holds else f"{result} More than 20 % off, so the model is not used."


def _off(trial: ModelTrial) -> str:
    errors = (("revenue", trial.revenue_error), ("orders", trial.orders_error))
    return ", ".join(f"{what} {_direction(error)}" for what, error in errors)


def _direction(error: float) -> str:
    if math.isnan(error):
        return "none came"
    size = format_value(abs(error), "percent")
    return f"{size} too {'high' if error > 0 else 'low'}"
