"""What the page of promoters says first: shares and score per slice, moves between bands, and the business cases."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from kviboard.domain.formatting import counted, format_days, format_distance, format_margin, format_value
from kviboard.domain.kvis.intervals import FEW, nps
from kviboard.domain.promoters.business_case import Case
from kviboard.domain.promoters.loyalty import BANDS


def bands_of(scores: pd.DataFrame) -> pd.DataFrame:
    """Per slice, from rows of score_distribution: name, promoters, passives, detractors, responses, nps, low, high and
    end_text, the score with its interval and the number of answers."""
    band = pd.cut(scores["score"], [-1, 6, 8, 10], labels=["detractors", "passives", "promoters"])
    name = scores["slice"] if "slice" in scores else pd.Series("All", scores.index)
    counts = pd.crosstab(name, band, scores["responses"], aggfunc="sum", dropna=False).fillna(0).astype(int)
    counts.columns = counts.columns.astype(str)
    found = counts.assign(responses=counts.sum(axis=1)).rename_axis("name").reset_index()
    effect = scores.groupby(name)["design_effect"].first().reindex(found["name"]).to_numpy()
    low, high = nps(found["promoters"], found["detractors"], found["responses"], effect)
    score = 100 * (found["promoters"] - found["detractors"]) / found["responses"]
    found = found.assign(nps=score, low=low, high=high)
    return found.assign(end_text=[_end(row) for row in found.to_dict("records")])


def lead_of(bands: dict[Any, Any], days: str = "") -> str:
    """One row of `bands_of` in a sentence, " of" which days; of few answers it says so, because their interval is no
    more sure than they are."""
    n = bands["responses"]
    shares = [f"{format_value(bands[each] / n, 'percent')} {each}" for each in ("promoters", "passives", "detractors")]
    margin = format_margin(bands["nps"], bands["low"], bands["high"], "score")
    sure = "too few answers to judge" if n < FEW else f"{margin} by chance"
    return f"NPS {_signed(bands['nps'])} ({sure}) from {counted(n, 'answer')}{days}: {', '.join(shares)}."


def against_before(row: dict[Any, Any], first: date, last: date) -> str:
    """A row of score_change in a sentence; the days before are `first` to `last`."""
    change, low, high = (row[name] for name in ("change", "change_low", "change_high"))
    was = f"{_signed(row['nps_before'])} from {counted(row['responses_before'], 'answer')}"
    then = f"the {counted((last - first).days + 1, 'day')} before, {format_days(first, last)}"
    if min(row["responses"], row["responses_before"]) < FEW:
        return f"Too few answers to compare with {then}: {was}."
    if low <= 0 <= high:
        return f"No change shown against {then}: {was}."
    margin = format_margin(change, low, high, "score")
    word = "better" if change > 0 else "worse"
    points = format_distance(change, 0, "score")  # with the decimals of its margin
    return f"{points} ({margin} by chance) {word} than in {then}: {was}."


@dataclass(frozen=True)
class Move:
    """Customers who went from one band to another, or stayed, with their revenue of the last 12 months; NaN without
    orders."""

    start: str
    end: str
    customers: int
    revenue: float

    @property
    def slug(self) -> str:
        return f"{self.start}_to_{self.end}"

    @property
    def direction(self) -> int:
        """1 for a better band, −1 for a worse one, 0 for the same."""
        return (BANDS.index(self.start) > BANDS.index(self.end)) - (BANDS.index(self.start) < BANDS.index(self.end))


def moves_of(frame: pd.DataFrame) -> dict[tuple[str, str], Move]:
    """From rows of band_moves, every pair of bands; nobody where it has no row. Slices are added up."""
    sums = frame.groupby(["from_band", "to_band"])[["customers", "revenue_12m"]].sum(min_count=1)
    known = dict(zip(sums.index, sums.to_numpy().tolist(), strict=True))
    nobody = (0, 0.0)
    pairs = [(start, end) for start in BANDS for end in BANDS]
    counts = {pair: known.get(pair, nobody) for pair in pairs}
    return {pair: Move(*pair, int(customers), float(revenue)) for pair, (customers, revenue) in counts.items()}


def moves_in_words(moves: dict[tuple[str, str], Move], currency: str) -> str:
    """Who came down and who came up, with what they spend: the two that most customers made."""
    down, rose = (
        max((move for move in moves.values() if move.direction == way), key=lambda move: move.customers)
        for way in (-1, 1)
    )
    said = [
        f"{counted(move.customers, move.start)} became {move.end}s{_spent(move, currency)}."
        for move in (down, rose)
        if move.customers
    ]
    if not any(move.customers for move in moves.values()):
        return "No customer answered both before the range and in it."
    return " ".join(said) or "Nobody who answered before the range moved to another band in it."


def _spent(move: Move, currency: str) -> str:
    if math.isnan(move.revenue):
        return ""
    return f"; they spent {format_value(move.revenue, 'currency', currency)} in the last 12 months of orders"


def cases_of(frame: pd.DataFrame) -> dict[str, dict[str, Case]]:
    """From rows of business_case, by slice ("All" without) and lift."""
    found: dict[str, dict[str, Case]] = {}
    for row in frame.to_dict("records"):
        left_out = tuple(filter(None, row["left_out"].split(", ")))
        worth = (row["gain_per_customer"], row["low"], row["high"])
        case = Case(row["lift"], int(row["customers"]), *worth, row["method"], left_out)
        found.setdefault(row.get("slice", "All"), {})[row["lift"]] = case
    return found


def _end(row: dict[Any, Any]) -> str:
    return f"NPS {_signed(row['nps'])} from {row['responses']:,}"


def _signed(score: float) -> str:
    said = format_value(score, "score")
    return f"+{said}" if score > 0 else said
