"""What Promoters says first, where there is little to say it of."""

from datetime import date

import pandas as pd
import pytest

from kviboard.board.promoters.finishing import finish_change
from kviboard.board.promoters.summary import against_before, bands_of, lead_of, moves_in_words, moves_of
from kviboard.domain.kvis.intervals import Repeats, Shared


def lead(**responses: int) -> str:
    """The lead of so many answers of a score: s9=1."""
    rows = [(int(score[1:]), count) for score, count in responses.items()]
    (bands,) = bands_of(pd.DataFrame(rows, columns=["score", "responses"]).assign(design_effect=1)).to_dict("records")
    return lead_of(bands).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            {"s9": 1},
            "NPS +100 (too few answers to judge) from 1 answer: 100 % promoters, 0 % passives, 0 % detractors.",
        ),
        ({"s9": 29}, "NPS +100 (too few answers to judge) from 29 answers: "),
        ({"s10": 15, "s0": 15}, "NPS 0 (±35.8 by chance) from 30 answers: "),  # 1.96 × √(1 / 30) = 35.8 points
    ],
)
def test_few_answers_get_no_interval_that_looks_sure(answers: dict[str, int], said: str) -> None:
    assert lead(**answers).startswith(said)


def compared(now: dict[str, int], before: dict[str, int], twins: int = 0) -> str:
    """The second sentence of the lead, of so many answers of a score; by so many customers who were promoters before
    and are again."""
    counts = {
        f"{name}{ending}": sum(given.get(f"s{score}", 0) for score in scores)
        for ending, given in (("", now), ("_before", before))
        for name, scores in (("responses", range(11)), ("promoters", (9, 10)), ("detractors", range(7)))
    }
    nobody = dict.fromkeys([f"{name}{ending}" for ending in ("", "_before") for name in Repeats._fields], 0)
    shared = dict.fromkeys(Shared._fields, twins)
    (row,) = finish_change(pd.DataFrame([counts | nobody | shared])).to_dict("records")
    return against_before(row, date(2025, 1, 1), date(2025, 6, 30)).replace("\N{NO-BREAK SPACE}", " ")


def test_the_score_is_compared_with_that_of_the_days_before() -> None:
    # 60 and 20 of 100 promote and detract, then 40 and 40: +40 and 0. The variances of these means are
    # (0.8 − 0.16) / 100 and 0.8 / 100, so the change of 40 has a margin of 1.96 × √0.0144 = 0.235.
    then = "the 181 days before, 1 Jan – 30 Jun 2025: "
    better = compared({"s10": 60, "s8": 20, "s0": 20}, {"s10": 40, "s8": 20, "s0": 40})
    assert better == f"40 points (±23.5 by chance) better than in {then}0 from 100 answers."
    worse = compared({"s10": 40, "s8": 20, "s0": 40}, {"s10": 60, "s8": 20, "s0": 20})
    assert worse == f"40 points (±23.5 by chance) worse than in {then}+40 from 100 answers."
    # Of 10,000 answers 4,594 and 4,000, against 4,000 and 4,000: 1.96 × √((0.8594 − 0.0594² + 0.8) / 10,000) = 0.0252.
    # The change of 5.94 has no more decimals than its margin.
    many = compared({"s10": 4594, "s8": 1406, "s0": 4000}, {"s10": 4000, "s8": 2000, "s0": 4000})
    assert many == f"5.9 points (±2.5 by chance) better than in {then}0 from 10,000 answers."
    # (0.8 − 0.04) / 100 and 0.8 / 100: a margin of 24.5 around a change of 20
    unsure = compared({"s10": 50, "s8": 20, "s0": 30}, {"s10": 40, "s8": 20, "s0": 40})
    assert unsure == f"No change shown against {then}0 from 100 answers."
    # 30 of them promoters both times, 0.6 and 1 above the mean: 2 × 30 × 0.6 × 1 / 100² less than 0.0144 is 0.0108.
    same = compared({"s10": 60, "s8": 20, "s0": 20}, {"s10": 40, "s8": 20, "s0": 40}, twins=30)
    assert same == f"40 points (±20.4 by chance) better than in {then}0 from 100 answers."
    few = compared({"s10": 60, "s8": 20, "s0": 20}, {"s10": 29})
    assert few == f"Too few answers to compare with {then}+100 from 29 answers."


def moves(*rows: tuple[str, str, int, float]) -> str:
    frame = pd.DataFrame(list(rows), columns=["from_band", "to_band", "customers", "revenue_12m"])
    return moves_in_words(moves_of(frame), "EUR")


def test_nobody_who_could_change_is_not_nobody_who_changed() -> None:
    assert moves() == "No customer answered both before the range and in it."
    assert moves(("passive", "passive", 3, 9.0)) == "Nobody who answered before the range moved to another band in it."
    said = moves(("promoter", "passive", 1, 9.0), ("passive", "promoter", 2, float("nan")))
    assert "1 promoter became passives; they spent €9 in the last 12 months of orders." in said
    assert said.endswith("2 passives became promoters.")  # without orders nobody knows what they spent
