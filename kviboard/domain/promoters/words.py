"""What the numbers about promoters say, in sentences that keep readers from reading too much into them."""

import math

from kviboard.domain.formatting import SPACE, counted, format_range, format_value
from kviboard.domain.promoters.business_case import AT_THE_END, ENOUGH_IN_CELL, Case
from kviboard.domain.promoters.loyalty import is_shown

NO_CAUSE = "This compares groups of customers; it does not prove that the score makes the difference."
_HINDSIGHT = "Satisfied customers may have become so by buying: bands are as of the window's last day."
_NAMES = {
    "passives_to_promoters": ("passives", "promoters"),
    "detractors_to_passives": ("detractors", "passives"),
}


def difference_in_words(found: float, low: float, high: float) -> str:
    """A share's difference from passives: "9.6 pp more than passives (7.1 to 12.0)"; with two digits after the point
    where all of it is less than 1 pp, which is little of a share but not of a small one."""
    if math.isnan(found):
        return ""
    digits = 1 if max(abs(low), abs(high)) >= 0.01 else 2
    if not is_shown(low, high):
        return f"no difference from passives shown ({_points(low, digits)} to {_points(high, digits)}{SPACE}pp)"
    size = f"{_points(abs(found), digits)}{SPACE}pp {'more' if found > 0 else 'less'} than passives"
    ends = sorted((abs(low), abs(high)))
    return f"{size} ({_points(ends[0], digits)} to {_points(ends[1], digits)})"


def lift_in_words(case: Case, share: float, cost: float, currency: str) -> str:
    """What lifting a share of the customers of a band would bring in a year, and what it may cost per customer."""
    start, end = _NAMES[case.lift]
    if math.isnan(case.gain_per_customer):
        return f"Too few {start} and {end} spent alike before to compare what they bring."
    money = (case.gain_per_customer, case.low, case.high)
    if not is_shown(case.low, case.high):
        between = format_range(case.low, case.high, "currency", currency)
        return f"No difference shown between {start} and {end} who spent alike before: {between} a year per customer."
    lifted = case.customers * share
    gain, low, high = (value * lifted for value in money)
    who = f"{format_value(share, 'percent')} of {counted(case.customers, start[:-1])}"
    said = f"Lifting {who} to {end} would bring about {format_value(gain, 'currency', currency)} a year"
    said += f" ({format_range(low, high, 'currency', currency)})"
    if gain <= 0:
        return f"{said}: {end} bring less than {start} who spent alike before."
    said += f"; it pays below {format_value(case.gain_per_customer, 'currency', currency)} per lifted customer"
    if not cost:
        return f"{said}."
    left = format_value(gain - lifted * cost, "currency", currency)
    return f"{said}, and at {format_value(cost, 'currency', currency)} leaves {left}."


def ratio_in_words(promoters: Case, passives: Case) -> str:
    """How much more the first lift is worth than lifting as many detractors, where both are shown to be worth any."""
    gains = promoters.gain_per_customer, passives.gain_per_customer
    if any(math.isnan(gain) or gain <= 0 for gain in gains) or not (
        is_shown(promoters.low, promoters.high) and is_shown(passives.low, passives.high)
    ):
        return ""
    return f"A new promoter is worth {gains[0] / gains[1]:.1f}{SPACE}× as much as a detractor who becomes passive."


def caution_in_words(basis: str, left_out: str, before_covered: bool) -> str:
    """What to keep in mind: no cause, hindsight, tiers that could not be compared, missing history."""
    parts = [NO_CAUSE]
    if basis == AT_THE_END:
        parts.append(_HINDSIGHT)
    if left_out:
        parts.append(f"Spending groups left out, with fewer than {ENOUGH_IN_CELL} customers of a band: {left_out}.")
    if not before_covered:
        parts.append(
            "The orders do not cover all of the 12 months before: what customers spent then is of those they cover."
        )
    return " ".join(parts)


def _points(share: float, digits: int) -> str:
    size = f"{abs(share) * 100:.{digits}f}"
    return f"−{size}" if share < 0 and float(size) else size
