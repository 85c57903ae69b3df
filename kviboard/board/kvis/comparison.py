"""Compares readings: the slices of one KVI by their latest period, two KVIs by their changes."""

import math
from collections.abc import Sequence

import pandas as pd

from kviboard.board.kvis.reading import Reading
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


def largest(readings: Sequence[Reading], most: int) -> tuple[list[Reading], int]:
    """The slices worth a line of their own, in the order given: the `most` with the most answers, or the highest value
    where answers are not counted; and how many others there are."""
    if len(readings) <= most:
        return list(readings), 0
    kept = sorted(range(len(readings)), key=lambda place: _size(readings[place]), reverse=True)[:most]
    return [readings[place] for place in sorted(kept)], len(readings) - most


def _size(reading: Reading) -> float:
    n = math.nan if reading.latest is None else reading.latest["n"]
    size = reading.value if n != n else n
    return -math.inf if size is None else float(size)


def compare_readings(one: Reading, other: Reading) -> Comparison:
    """Whether two KVIs move together, over the periods that both have complete."""
    both = _complete(one).merge(_complete(other), on="period", how="inner", suffixes=("_one", "_other"))
    return compare(both["value_one"].tolist(), both["value_other"].tolist())


def _complete(reading: Reading) -> pd.DataFrame:
    if reading.frame.empty:
        return pd.DataFrame({"period": pd.Series(dtype="datetime64[us]"), "value": pd.Series(dtype="float64")})
    return reading.frame[reading.frame["complete"]][["period", "value"]]
