"""A low response rate stands beside every score of those who answered: on tiles, and in a review's record."""

import math
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tiles import no_links, tile_of
from kviboard.board.reviews.snapshot import Occasion, take_numbers
from kviboard.board.views.views import lacks, read_view
from kviboard.board.voice.asked import response_caution
from kviboard.board.week.phrases import level_text
from kviboard.board.week.week import read_week
from kviboard.documents.digest.digest import _slice_tile
from kviboard.documents.review.story import review_story
from kviboard.domain.periods import Sprint
from tests.board.conftest import ALL, CONFIG
from tests.board.okrs.given import context_on

INVITATIONS = '\n[sources.invitations]\nfiles = "exports/orders.csv"\nrename = { "ordered_at" = "invited_at" }\n'
CAUTION = "low response rate: 1.75\N{NO-BREAK SPACE}%"


def test_few_answers_are_said_wherever_a_score_stands(tiny: Callable[..., Board], tmp_path: Path) -> None:
    """Somebody is asked each day, and orders the same day; only the one asked on 1 January answers, on the 2nd, and
    somebody unknown on 12 March: of those asked until 26 February the 14 days to answer are over, 57 days. On every
    third day it is the same customer: what all are like is told by the others."""
    days = [date(2026, 1, 1) + timedelta(day) for day in range(71)]
    who = [("a,NL", f"b{n},NL", f"c{n},DE")[n % 3] for n in range(71)]
    orders = "\n".join(f"{n},{who[n]},{day},10.00" for n, day in enumerate(days))
    responses = "response_id,customer_id,responded_at,score\n1,a,2026-01-02,10\n2,,2026-03-12,9\n"
    config = CONFIG.replace("exports/customers.csv", "exports/orders.csv") + INVITATIONS
    orders = f"order_id,customer_id,country,ordered_at,amount\n{orders}\n"
    board = tiny(orders=orders, responses=responses, config=config, marts=ALL)
    context = context_on(board, tmp_path)
    week = read_week(context, View("month"))
    score, turnover = week.readings["net_promoter_score"], week.readings["turnover"]
    assert (week.caution(score), week.caution(turnover)) == (CAUTION, "")
    assert tile_of(score, "EUR", no_links, caution=CAUTION).warning == f"{CAUTION.capitalize()}."
    assert level_text(score, "EUR", CAUTION).endswith(f". {CAUTION.capitalize()}.")
    rows = read_view(board, "response_rate", View("month"))
    assert rows["anonymous"].unique().tolist() == [1]  # that of 12 March, the last day on which they may answer
    by_country = read_week(context, View("month", by="country"))
    cautions = {part.name: part.caution(score) for part in by_country.slices}
    assert cautions == {
        "NL": "low response rate: 2.63\N{NO-BREAK SPACE}%",
        "DE": "",
        "Unknown": "",
    }  # 1 of 38, and 19 are too few
    (dutch,) = (part for part in by_country.slices if part.name == "NL")
    assert _slice_tile(by_country, dutch, score, no_links).warning.startswith("Low response rate: 2.63")
    assert _slice_tile(by_country, dutch, turnover, no_links).warning == ""
    document = take_numbers(context, Occasion("closing", Sprint("Sprint 4", date(2026, 2, 16), date(2026, 3, 1))))
    cautions = {kvi.name: kvi.caution for kvi in document.kvis if kvi.caution}
    of_scores = {name for name, kvi in board.kvis.items() if kvi.coverage}
    assert set(cautions) == of_scores | {name for name, kvi in board.kvis.items() if kvi.is_of_answers}
    scored = "only 29 % of revenue comes from customers who gave a score"  # a's 4 of the 14 orders
    assert {cautions[name] for name in of_scores} == {scored}
    assert cautions["net_promoter_score"].startswith("low response rate: ")
    assert "◌ low response rate: " in str(review_story(document).steps)
    context.store.close()


def test_who_answers_is_unknown_where_no_answer_names_its_customer(tiny: Callable[..., Board]) -> None:
    """All who were asked answered the next day, as far as anybody knows: 0 % would be a caution about nothing."""
    days = [date(2026, 1, 1) + timedelta(day) for day in range(71)]
    orders = "\n".join(f"{n},{'abc'[n % 3]},{day},10.00" for n, day in enumerate(days))
    told = "\n".join(f"{n},{day + timedelta(1)},9,shop" for n, day in enumerate(days))
    board = tiny(orders=f"order_id,customer_id,ordered_at,amount\n{orders}\n",
                 responses=f"response_id,responded_at,score,touchpoint\n{told}\n",
                 config=CONFIG + INVITATIONS, marts=ALL)  # fmt: skip
    assert lacks(board, "response_rate") == lacks(board, "response_rate_by_period")
    assert lacks(board, "response_rate") == "needs customer_id in the responses export"
    assert response_caution(board, View("month")) == ""
    (touchpoint,) = read_view(board, "touchpoints", View("month")).to_dict("records")
    assert (touchpoint["responses"], touchpoint["nps"]) == (71, 100)
    assert math.isnan(touchpoint["asked"])
    assert math.isnan(touchpoint["response_rate"])
