"""Compares readings: the slices of one KVI by their latest period, two KVIs by their changes."""

import math
from collections.abc import Sequence

import pandas as pd

from kviboard.board.kvis.readings import Reading
from kviboard.domain.kvis.comparison import Comparison, compare


def rank_slices(readings: Sequence[Reading]) -> pd.DataFrame:
    """The latest complete period of each slice: slice, value, low, high, before, change_text, n_text, verdict."""
    shown = ("value", "low", "high", "change_text", "n_text", "verdict")
    rows = [
        {
            "slice": reading.slice,
            "before": math.nan if reading.previous is None else reading.previous["value"],
            **{name: reading.latest[name] for name in shown},
        }
        for reading in readings
        if reading.latest is not None
    ]
    return pd.DataFrame(rows, columns=["slice", "before", *shown])


def compare_readings(one: Reading, other: Reading) -> Comparison:
    """Whether two KVIs move together, over the periods that both have complete."""
    both = _complete(one).merge(_complete(other), on="period", how="inner", suffixes=("_one", "_other"))
    return compare(both["value_one"].tolist(), both["value_other"].tolist())


def _complete(reading: Reading) -> pd.DataFrame:
    if reading.frame.empty:
        return pd.DataFrame({"period": pd.Series(dtype="datetime64[us]"), "value": pd.Series(dtype="float64")})
    return reading.frame.loc[reading.frame["complete"], ["period", "value"]]
