"""What the Customers page says in words: where we stand, who is worth more, what moved revenue. No markup."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from kviboard.domain.customers.first_year import Difference
from kviboard.domain.formatting import counted, format_change, format_day, format_range, format_value, listed, plural
from kviboard.domain.periods import months_up_to

SIGNS = {
    "quiet": "quiet for 28 days",
    "use_halved": "use halved",
    "score_fell": "score fell",
    "complaint_open": "complaint open",
}
"""Signs of leaving: slug and words."""


def last_year_in_words(first: date, last: date) -> str:
    """Which days the last 12 months of revenue are, where orders cover those from `first` to `last`: they may end
    before other exports, or begin less than 12 months before."""
    if first <= months_up_to(last, 12):
        return f"in the 12 months to {format_day(last)}"
    days = f"on {format_day(last)}" if first == last else f"from {format_day(first)} to {format_day(last)}"
    return f"{days}, all that the orders cover"


def lead_in_words(
    customers: int,
    revenue: float,
    when: str,
    at_risk: int,
    at_risk_revenue: float,
    currency: str,
    before: float = math.nan,
) -> str:
    """How many customers brought how much in the last 12 months, `when` in words, and how much of it may leave;
    `before` is what the 12 months before brought, NaN where nobody knows."""
    brought = format_value(revenue, "currency", currency)
    change = format_change(revenue, before, "currency", currency)
    against = f", {change} on the 12 before ({format_value(before, 'currency', currency)})" if before == before else ""
    who = f"{counted(customers, 'customer')} brought {brought} {when}{against}."
    if not at_risk:
        return f"{who} None shows a sign of leaving."
    is_share = revenue > 0 and 0 <= at_risk_revenue <= revenue  # refunds of the others may take it beyond
    share = f", {format_value(at_risk_revenue / revenue, 'percent')} of it" if is_share else ""
    money = format_value(at_risk_revenue, "currency", currency)
    some = f"{counted(at_risk, 'customer')} ({money}{share})"
    return f"{who} {some} {plural(at_risk, 'shows', 'show')} a sign of leaving."


def guests_in_words(orders: int, revenue: float, share: float | None, currency: str) -> str:
    """What orders that name no customer brought beside the lead; `share` of all turnover."""
    money = format_value(revenue, "currency", currency)
    of_all = f", {format_value(share, 'percent')} of turnover" if share is not None and 0 <= share <= 1 else ""
    what = f"{counted(orders, 'more order')} of that time {plural(orders, 'names', 'name')} no customer"
    return f"{what} ({money}{of_all}): guests count in turnover, and in nothing below."


def difference_in_words(difference: Difference | None, currency: str) -> str:
    """Earned against bought customers in a sentence that does not read more into it than there is; "" for none."""
    if difference is None:
        return ""
    size = format_value(abs(difference.value), "currency", currency)
    ends = format_range(difference.low, difference.high, "currency", currency)
    if not difference.is_shown:
        return f"No difference shown between customers who came by recommendation and bought ones ({ends} a customer)."
    more = "more" if difference.value > 0 else "less"
    return f"Customers who came by recommendation bring {size} {more} in their first year than bought ones ({ends})."


def bridge_in_words(row: Mapping[str, float], label: str, currency: str) -> str:
    """From where to where revenue went in a period, and what moved it."""
    ends = [format_value(row[end], "currency", currency) for end in ("opening", "closing")]
    rises = format_value(sum(row[kind] for kind in ("new", "expansion", "reactivated")), "currency", currency)
    falls = format_value(sum(row[kind] for kind in ("contraction", "lost")), "currency", currency)
    said = (
        f"{label}: from {ends[0]} to {ends[1]}; {rises} came from new, growing and returning customers, "
        f"{falls} went with shrinking and lost ones."
    )
    if refunds := row["refunds"]:
        size = format_value(abs(refunds), "currency", currency)
        more = "more" if refunds < 0 else "less"
        said += f" Refunds beyond what a customer bought in the same period took {size} {more} than in the one before."
    return said


def lost_in_words(row: Mapping[str, float], label: str, currency: str) -> str:
    """How much went with customers who brought revenue in the month before and none in this one; "" where nobody had.
    Refunds of others may leave less of the month before than that: then it is no share of it."""
    if row["opening"] <= 0:
        return ""
    lost = format_value(row["lost"], "currency", currency)
    went = f"{lost} went with customers without revenue in {label}"
    if row["lost"] > row["opening"]:
        return f"{went}."
    share = format_value(row["lost"] / row["opening"], "percent")
    before = format_value(row["opening"], "currency", currency)
    return f"{went}: {share} of the {before} of the month before."


def signs_in_words(row: Mapping[Any, Any]) -> str:
    """The signs of leaving that a customer shows: "use halved and score fell"; "" for none."""
    fields = {"quiet": "is_quiet"} | {sign: sign for sign in SIGNS if sign != "quiet"}
    return listed([words for sign, words in SIGNS.items() if row[fields[sign]]])
