"""What the Customers page says."""

from datetime import date

import pytest

from kviboard.domain.customers.first_year import Difference
from kviboard.domain.customers.words import (
    bridge_in_words,
    difference_in_words,
    guests_in_words,
    last_year_in_words,
    lead_in_words,
    lost_in_words,
    signs_in_words,
)
from kviboard.domain.formatting import format_value


def plain(said: str) -> str:
    return said.replace("\u00a0", " ")


def test_the_lead_names_what_may_leave():
    year = "in the 12 months to 31 Oct 2026"
    assert plain(lead_in_words(2000, 50_000, year, 1, 10_000, "EUR")) == (
        f"2,000 customers brought €50 k {year}. 1 customer (€10 k, 20 % of it) shows a sign of leaving."
    )
    assert plain(lead_in_words(2000, 50_000, year, 0, 0, "EUR", 40_000)) == (
        f"2,000 customers brought €50 k {year}, ▲ 25 % on the 12 before (€40 k). None shows a sign of leaving."
    )
    assert "on the 12 before" not in lead_in_words(2000, 50_000, year, 0, 0, "EUR", float("nan"))
    assert plain(lead_in_words(1, 5, year, 0, 0, "EUR")).endswith(f" {year}. None shows a sign of leaving.")
    for at_risk in (130, -30):  # refunds of the others, or of these, make it no share of the whole
        assert f"({format_value(at_risk, 'currency')})" in lead_in_words(3, 100, year, 2, at_risk, "EUR")
    assert plain(lead_in_words(3, 0, year, 2, 0, "EUR")).endswith("2 customers (€0) show a sign of leaving.")


def test_what_guests_brought_is_said_beside_what_customers_did():
    assert plain(guests_in_words(395, 18_700, 0.4, "EUR")) == (
        "395 more orders of that time name no customer (€18.7 k, 40 % of turnover): "
        "guests count in turnover, and in nothing below."
    )
    for share in (None, 1.2, -0.1):  # refunds of customers may take turnover below what guests brought
        said = plain(guests_in_words(1, 5, share, "EUR"))
        assert said.startswith("1 more order of that time names no customer (€5): guests")


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2024, 2, 29), date(2026, 2, 28), "in the 12 months to 28 Feb 2026"),
        (date(2025, 11, 1), date(2026, 10, 31), "in the 12 months to 31 Oct 2026"),
        (date(2025, 11, 2), date(2026, 10, 31), "from 2 Nov 2025 to 31 Oct 2026, all that the orders cover"),
        (date(2026, 10, 31), date(2026, 10, 31), "on 31 Oct 2026, all that the orders cover"),
    ],
)
def test_twelve_months_are_called_so_where_the_orders_cover_them(first: date, last: date, said: str):
    assert last_year_in_words(first, last) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (10, 30, "bring €20 more in their first year than bought ones (€10–€30)"),
        (-30, -10, "bring €20 less in their first year than bought ones"),
        (-10, 50, "No difference shown between customers who came by recommendation and bought ones (−€10 to €50"),
    ],
)
def test_a_difference_is_told_only_where_there_is_one(low, high, said):
    middle = (low + high) / 2
    assert said in plain(difference_in_words(Difference(100 + middle, 100, low, high), "EUR"))
    assert difference_in_words(None, "EUR") == ""


def test_the_bridge_sums_up_what_came_and_what_went():
    row = {"opening": 100, "new": 5, "expansion": 10, "reactivated": 15, "contraction": 3, "lost": 17, "closing": 110}
    said = (
        "May 2026: from €100 to €110; €30 came from new, growing and returning customers, "
        "€20 went with shrinking and lost ones."
    )
    assert plain(bridge_in_words({**row, "refunds": 0}, "May 2026", "EUR")) == said
    taken = "Refunds beyond what a customer bought in the same period took €4 {} than in the one before."
    for refunds, more in ((-4, "more"), (4, "less")):
        told = plain(bridge_in_words({**row, "refunds": refunds}, "May 2026", "EUR"))
        assert told == f"{said} {taken.format(more)}"


@pytest.mark.parametrize(
    ("opening", "lost", "said"),
    [
        (200, 17, "€17 went with customers without revenue in May 2026: 8.5 % of the €200 of the month before."),
        (200, 0, "€0 went with customers without revenue in May 2026: 0 % of the €200 of the month before."),
        (10, 25, "€25 went with customers without revenue in May 2026."),
        (0, 0, ""),
        (-50, 0, ""),
    ],
)
def test_what_was_lost_is_told_of_what_there_was(opening, lost, said):
    """Refunds of others may leave less than what was lost."""
    assert plain(lost_in_words({"opening": opening, "lost": lost}, "May 2026", "EUR")) == said


def test_signs_are_listed():
    none = {"is_quiet": False, "use_halved": False, "score_fell": False, "complaint_open": False}
    assert signs_in_words(none) == ""
    assert signs_in_words({**none, "is_quiet": True, "complaint_open": True}) == "quiet for 28 days and complaint open"
