"""Sentences about promoters: exact amounts, and no story where the interval holds 0."""

import math

import pytest

from kviboard.domain.promoters.business_case import Case
from kviboard.domain.promoters.words import caution_in_words, difference_in_words, lift_in_words, ratio_in_words

WORTH = Case("passives_to_promoters", 200, 50.0, 20.0, 80.0, "bootstrap", ())
LESS = Case("detractors_to_passives", 100, 20.0, 5.0, 35.0, "bootstrap", ())
NOTHING = Case("passives_to_promoters", 200, 50.0, -20.0, 120.0, "bootstrap", ())
UNKNOWN = Case("passives_to_promoters", 0, math.nan, math.nan, math.nan, "", ())


def plain(sentence: str) -> str:
    return sentence.replace("\u00a0", " ")


def test_a_lift_is_customers_times_gain_with_its_interval_and_break_even() -> None:
    assert plain(lift_in_words(WORTH, 0.1, 0, "EUR")) == (
        "Lifting 10 % of 200 passives to promoters would bring about €1 k a year (€400–€1.6 k); "
        "it pays below €50 per lifted customer."
    )
    assert plain(lift_in_words(WORTH, 0.1, 30, "EUR")).endswith(", and at €30 leaves €400.")
    assert plain(lift_in_words(WORTH, 0.1, 60, "EUR")).endswith(", and at €60 leaves −€200.")


def test_no_difference_is_said_and_no_sum_is_made_of_it() -> None:
    said = plain(lift_in_words(NOTHING, 0.1, 0, "EUR"))
    assert said.startswith("No difference shown between passives and promoters")
    assert "would bring" not in said
    assert "Too few" in lift_in_words(UNKNOWN, 0.1, 0, "EUR")


def test_a_band_that_brings_less_is_not_sold_as_a_gain() -> None:
    loss = Case("passives_to_promoters", 200, -50.0, -80.0, -20.0, "bootstrap", ())
    assert "promoters bring less than passives" in lift_in_words(loss, 0.1, 0, "EUR")


def test_lifts_are_compared_only_where_both_are_shown() -> None:
    assert "2.5 × as much" in plain(ratio_in_words(WORTH, LESS))
    for one, other in ((NOTHING, LESS), (WORTH, UNKNOWN), (UNKNOWN, LESS)):
        assert ratio_in_words(one, other) == ""


@pytest.mark.parametrize(
    ("found", "low", "high", "said"),
    [
        (0.096, 0.071, 0.12, "9.6 pp more than passives (7.1 to 12.0)"),
        (-0.106, -0.145, -0.068, "10.6 pp less than passives (6.8 to 14.5)"),
        (0.002, -0.0002, 0.0043, "no difference from passives shown (−0.02 to 0.43 pp)"),
        (0.006, -0.0004, 0.013, "no difference from passives shown (0.0 to 1.3 pp)"),
        (0.0031, 0.0004, 0.0058, "0.31 pp more than passives (0.04 to 0.58)"),
        (0.05, -0.02, 0.13, "no difference from passives shown (−2.0 to 13.0 pp)"),
        (math.nan, math.nan, math.nan, ""),
    ],
)
def test_differences(found: float, low: float, high: float, said: str) -> None:
    assert plain(difference_in_words(found, low, high)) == said


def test_the_caution_names_cause_hindsight_tiers_and_history() -> None:
    assert caution_in_words("prospective", "", True).count(".") == 1
    said = caution_in_words("at_the_end", "rest", False)
    for part in ("does not prove", "become so by buying", "fewer than 10 customers of a band: rest", "do not cover"):
        assert part in said
