"""Why a KVI changed: by hand on the tiny company, and to the last digit for every KVI of the sample."""

import math
from dataclasses import replace
from functools import cache, partial

import numpy as np
import pandas as pd
import pytest

from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.why import COLUMNS, Why, explain_change, in_words, usual_in_words
from kviboard.domain.formatting import format_value
from kviboard.domain.kvis.kvi import Formula, Kvi
from kviboard.domain.kvis.signals import DOWN, WITHIN
from kviboard.errors import UsageError
from tests.board.conftest import kvi_file


def test_turnover_by_country_by_hand(tiny):
    board = tiny()
    # January: NL 30.00, DE 5.50. February: NL 7.25, DE nothing. March is not over.
    why = explain_change(board, board.kvi("turnover"), View("month"), ["country"], "previous")
    assert (why.period, why.against, why.then, why.now) == ("Feb 2026", "Jan 2026", 35.5, 7.25)
    assert why.rows.columns.tolist() == list(COLUMNS)
    assert why.rows.set_index("slice")["effect"].to_dict() == {"NL": -22.75, "DE": -5.5}
    assert why.rows["slice"].tolist() == ["NL", "DE"]  # the largest part of the fall first
    assert why.rows["share_of_change"].sum() == pytest.approx(1)
    assert why.rows[["rate_effect", "mix_effect"]].isna().all(axis=None)


def test_any_earlier_period_may_be_compared_with_and_no_later_one(sample_board):
    turnover = sample_board.kvi("eight_plus_turnover")
    history = read_kvi(sample_board, turnover, View("month"))[0].history.set_index("label")
    why = explain_change(sample_board, turnover, View("month"), ["country"], "Nov 2025", "2026-06-10")
    assert (why.against, why.period) == ("Nov 2025", "Jun 2026")
    assert (why.then, why.now) == (history.loc["Nov 2025", "value"], history.loc["Jun 2026", "value"])
    assert why.rows["effect"].sum() == pytest.approx(why.now - why.then)
    with pytest.raises(UsageError, match=r'"Jul 2026" is no complete month .* that could be taken here'):
        explain_change(sample_board, turnover, View("month"), ["country"], "Jul 2026", "2026-06-10")


def test_a_basket_is_told_into_rate_and_mix(tiny):
    board = tiny(basket=kvi_file("sum(revenue) / sum(orders)", title="Basket"))
    # January: NL 2 orders of 30.00, DE 1 of 5.50; R0 = 35.50 / 3. February: NL 1 of 7.25, DE none; R1 = 7.25.
    why = explain_change(board, board.kvi("basket"), View("month"), ["country"], "previous")
    rows = why.rows.set_index("slice")
    middle = (35.5 / 3 + 7.25) / 2
    assert rows.loc["NL", "rate_effect"] == pytest.approx((1 + 2 / 3) / 2 * (7.25 - 15))
    assert rows.loc["NL", "mix_effect"] == pytest.approx((1 - 2 / 3) * ((7.25 + 15) / 2 - middle))
    assert rows.loc["DE", ["rate_effect", "mix_effect"]].tolist() == pytest.approx([0, -1 / 3 * (5.5 - middle)])
    assert rows["effect"].sum() == pytest.approx(7.25 - 35.5 / 3)


def test_what_cannot_be_compared_gets_a_sentence(tiny):
    board = tiny()
    turnover = board.kvi("turnover")
    with pytest.raises(UsageError, match="no complete month before it"):
        explain_change(board, turnover, View("month"), ["country"], period="2026-01-15")
    with pytest.raises(UsageError, match=r'"Mar 2026" is no complete month with a value .*; the latest is Feb 2026'):
        explain_change(board, turnover, View("month"), ["country"], period="Mar 2026")
    with pytest.raises(UsageError, match="not a dimension"):
        explain_change(board, turnover, View("month"), ["planet"])
    with pytest.raises(UsageError, match="There is no dimension"):
        explain_change(board, turnover, View("month"), [])


def test_slices_that_do_not_add_up_are_refused(tiny):
    board = tiny(best=kvi_file("max(revenue)", title="Best day"))
    with pytest.raises(UsageError, match=r"Best day cannot be split by country: MAX.* of the slices does not add up"):
        explain_change(board, board.kvi("best"), View("month"), ["country"], "previous")


def test_contributions_of_every_kvi_add_up_in_every_dimension_and_the_last_four_periods(sample_board):
    compared = 0
    for kvi in sample_board.kvis.values():
        read = cache(partial(read_kvi, sample_board, kvi))
        grain = "month" if "month" in kvi.grains else kvi.grains[0]
        whole = read(View(grain))[0]
        complete = whole.columns["complete"] & ~np.isnan(whole.columns["value"])
        for place in np.flatnonzero(complete)[-4:]:
            period = str(whole.columns["label"][place])
            why = explain_change(sample_board, kvi, View(grain), sample_board.dimensions, "previous", period, read)
            change = whole.columns["value"][place] - whole.columns["value"][np.flatnonzero(complete[:place])[-1]]
            for dimension, rows in why.by_dimension.items():
                off = abs(rows["effect"].sum() - change)
                assert off <= 1e-9, (kvi.name, period, dimension)
                compared += 1
    assert compared == 4 * len(sample_board.kvis) * len(sample_board.dimensions)


def test_the_planted_fall_of_satisfaction_is_carried_by_small_business(sample_board):
    kvi = sample_board.kvi("customer_satisfaction")
    why = explain_change(sample_board, kvi, View("month"), sample_board.dimensions, "usual", "Sep 2026")
    first = why.rows.iloc[0]
    assert (first["dimension"], first["slice"]) == ("segment", "Small business")
    assert abs(first["rate_effect"]) > 10 * abs(first["mix_effect"])  # they score lower; there are not more of them
    assert first["weight"] < 0.3
    assert first["share_of_change"] > 2 * first["weight"]
    # usual: answers of the months before, taken together
    whole = read_kvi(sample_board, kvi, View("month"))[0].history.set_index("label")
    before = whole.loc["Jun 2025":"Aug 2026"]
    assert why.against == "usual, Jun 2025 to Aug 2026"
    assert why.then == pytest.approx(before["numerator"].sum() / before["denominator"].sum())
    # on the tile: the mean of all months of the level, the one in question and later ones with them
    usually = format_value(whole.loc["Jun 2025":"Oct 2026", "value"].mean(), "percent")
    assert usually != format_value(why.then, "percent")
    here = "here it is the average of the months before Sep 2026, a larger one counting more."
    assert usual_in_words(replace(why, judged="month"), "EUR") == (
        f"Tile and chart say usually {usually}, the average of the months that set the usual range; {here}"
    )
    assert usual_in_words(why, "EUR") == f"Tile and chart judge per sprint; {here}"
    turnover = explain_change(sample_board, sample_board.kvi("turnover"), View("month"), ["country"])
    assert usual_in_words(turnover, "EUR").endswith("here it is the average of the months before Oct 2026.")
    for same in (replace(why, judged="month", centre=why.then), replace(why, centre=math.nan)):
        assert usual_in_words(same, "EUR") == ""


def fallen(small: float, households: float, of_households: str = WITHIN) -> Why:
    """A KVI that fell from 70 to 60 %: what two segments moved of it, one unusual with a quarter of the customers."""
    rows = pd.DataFrame(
        {
            "dimension": "segment",
            "slice": ["Small business", "Households"],
            "effect": [small, households],
            "share_of_change": [small / -0.1, households / -0.1],
            "weight": [0.25, 0.75],
            "verdict": [DOWN, of_households],
        }
    )
    share = Formula("sum(a) / sum(b)", (), "x0", "x0", None)
    kvi = Kvi("satisfied", "Satisfied", "", "", share, "percent", "up", ("responses",), "", "")
    return Why(kvi, "month", "Oct 2026", "Sep 2026", 0.7, 0.6, math.nan, "month", rows)


@pytest.mark.parametrize(
    ("small", "households", "verdict", "words"),
    [
        (
            -0.06, -0.04, WITHIN,
            "Small business (segment) stands out: 6 pp of the fall of 10 pp come from there; by its size, 25 % of the "
            "whole, it would be 2.5 pp. The rest is the usual ups and downs.",
        ),
        (
            -0.13, 0.03, "too few answers (3)",
            "Small business (segment) alone lowered it by 13 pp, more than the fall of 10 pp: others went the other "
            "way. No other group stands out for sure.",
        ),
        (
            -0.02, -0.08, WITHIN,
            "No group stands out: those that are unusual moved it by no more than their size would.",
        ),
    ],
)  # fmt: skip
def test_who_stands_out_is_told_in_amounts(small: float, households: float, verdict: str, words: str) -> None:
    assert in_words(fallen(small, households, verdict), "EUR").replace("\u00a0", " ") == words
