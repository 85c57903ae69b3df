"""Who answers when asked, in sentences: how many, and where that makes the score doubtful."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kviboard.domain.formatting import counted, format_days, format_value
from kviboard.domain.kvis.intervals import FEW, difference

LOW = 0.20  # below it, those who answer speak for few
NOTICEABLE = 0.05  # a smaller difference between two rates is left unsaid


def rate_in_words(rows: pd.DataFrame) -> str:
    """The rate of all who were asked, from rows of the view response_rate; empty where nobody was."""
    found = rows[rows["band"] == "all"].to_dict("records")
    if not found:
        return ""
    row = found[0]
    days = format_days(row["first_day"].date(), row["last_day"].date())
    said = f"{format_value(row['rate'], 'percent')} of the {row['invited']:,} asked in {days} answered."
    if row["anonymous"] < NOTICEABLE * row["invited"]:
        return said
    return f"{said} {counted(row['anonymous'], 'more answer')} named no customer: nobody knows who gave them."


def caution_in_words(rows: pd.DataFrame) -> str:
    """A word and the numbers for beside a score: "low response rate: 12 %", "falling response rate: 30 % (40 %
    before)". Empty where as many answer as before, and not few. From rows of the view response_rate."""
    found = rows[(rows["band"] == "all") & (rows["invited"] >= FEW)].to_dict("records") if len(rows) else []
    if not found:
        return ""
    row = found[0]
    falls = _falls(row)
    if not (falls or _is_low(row)):
        return ""
    before = f" ({format_value(row['rate_before'], 'percent')} before)" if falls else ""
    how = "low" if _is_low(row) else "falling"
    return f"{how} response rate: {format_value(row['rate'], 'percent')}{before}"


def _is_low(row: Mapping[Any, Any]) -> bool:
    """Not where those who answered without a name may have been enough."""
    return bool(row["high"] < LOW and row["answered"] + row["anonymous"] < LOW * row["invited"])


def _falls(row: Mapping[Any, Any]) -> bool:
    """Whether fewer answer than before: shown, by enough to matter, and of enough who were asked before."""
    return bool(row["invited_before"] >= FEW and row["change_high"] < 0 and row["change"] <= -NOTICEABLE)


def doubts_in_words(rows: pd.DataFrame) -> tuple[str, ...]:
    """Why the score may say less about all customers than it seems: few answer, fewer than before, or the satisfied and
    the others unlike. From rows of the view response_rate; nothing is said of fewer than 30 who were asked."""
    by_band = {row["band"]: row for row in rows.to_dict("records") if row["invited"] >= FEW}
    whole, said = by_band.get("all"), []
    if whole and _is_low(whole):
        rate = format_value(whole["rate"], "percent")
        said.append(f"Only {rate} of those asked answer: the score speaks for few of them.")
    if whole and _falls(whole):
        rates = [format_value(whole[name], "percent") for name in ("rate", "rate_before")]
        said.append(
            f"Fewer answer than before: {rates[0]} of those asked, {rates[1]} in as many days before. "
            "A change of the score may come from who answers."
        )
    if {"promoter", "detractor"} <= by_band.keys():
        ours, theirs = by_band["promoter"], by_band["detractor"]
        effects = ours["design_effect"], theirs["design_effect"]
        gap, low, high = difference(ours["answered"], ours["invited"], theirs["answered"], theirs["invited"], *effects)
        if abs(gap) >= NOTICEABLE and (low > 0 or high < 0):
            rates = [format_value(row["rate"], "percent") for row in (ours, theirs)]
            more, way = ("more", "lower") if np.sign(gap) > 0 else ("less", "higher")
            said.append(
                f"Of customers who scored as promoters before, {rates[0]} answer again, of detractors {rates[1]}: "
                f"promoters answer {more} often, so that the score of all customers is probably {way}."
            )
    return tuple(said)
