"""Finishes the views of promoters: differences between bands, and the business case, per slice."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kviboard.domain.kvis.intervals import Repeats, design_effect, difference, effect_of, repeats_in
from kviboard.domain.promoters.business_case import LIFTS, PROSPECTIVE, Cell, basis_of, case_of
from kviboard.domain.promoters.loyalty import AGAINST
from kviboard.domain.voice.changes import change_in

_DIFFERENCE = ["against_passives", "against_low", "against_high"]
WINDOW = ["first_day", "last_day", "before_covered"]  # the 12 months that revenue is of, the same in every row


def finish_scores(frame: pd.DataFrame) -> pd.DataFrame:
    """Adds the design effect of the Net Promoter Score of each slice, of rows of slice, score and responses."""
    points = np.select([frame["score"] >= 9, frame["score"] < 7], [1, -1], 0)
    told = pd.DataFrame({"total": points * frame["responses"], "squares": points**2 * frame["responses"]})
    sums = told.groupby(frame["slice"]).transform("sum")
    repeats = Repeats(*(frame[name] for name in ("pairs", "points_sum", "points_products", "again")))
    return frame.assign(design_effect=design_effect(sums["total"], sums["squares"], frame["answers"], repeats))


def finish_change(frame: pd.DataFrame) -> pd.DataFrame:
    """The score of the range, of the days before, and their change with its interval."""
    names = ("nps", "nps_before", "change", "change_low", "change_high")
    return frame.assign(**dict(zip(names, change_in(frame), strict=True)))


def finish_loyalty(frame: pd.DataFrame) -> pd.DataFrame:
    """Adds each band's difference from passives to rows of slice, question, band, yes and n; NaN for passives."""
    keys = ["slice", "question"]
    told = frame.assign(effect=effect_of("share", [frame["yes"], frame["n"]], repeats_in(frame)))
    passives = told[told["band"] == AGAINST][[*keys, "yes", "n", "effect"]]
    both = told.merge(passives, on=keys, how="left", suffixes=("", "_passives"))
    sums = (both[name] for name in ("yes", "n", "yes_passives", "n_passives", "effect", "effect_passives"))
    found = difference(*sums)
    differences = pd.DataFrame(dict(zip(_DIFFERENCE, found, strict=True)), index=frame.index)
    return frame.join(differences.where(frame["band"] != AGAINST))


def finish_business_case(frame: pd.DataFrame) -> pd.DataFrame:
    """From rows of slice, basis and cell to one row per slice and lift."""
    rows = []
    for slice_name, group in frame.groupby("slice", sort=False):
        cells = {basis: _cells(own) for basis, own in group.groupby("basis", sort=False)}
        basis = basis_of(cells.get(PROSPECTIVE, ()))
        for lift in LIFTS:
            case = case_of(lift, cells.get(basis, ()))
            worth = (case.gain_per_customer, case.low, case.high)
            rows.append((slice_name, lift, basis, case.customers, *worth, case.method, ", ".join(case.left_out)))
    names = ["slice", "lift", "basis", "customers", "gain_per_customer", "low", "high", "method", "left_out"]
    return pd.DataFrame(rows, columns=names).merge(frame[WINDOW].head(1), how="cross")


def _cells(frame: pd.DataFrame) -> Sequence[Cell]:
    columns = (frame[name] for name in ("band", "value_tier", "customers", "mean", "variance", "revenues"))
    return [
        Cell(band, tier, int(customers), float(mean), float(variance), revenues if np.ndim(revenues) else None)
        for band, tier, customers, mean, variance, revenues in zip(*columns, strict=True)
    ]
