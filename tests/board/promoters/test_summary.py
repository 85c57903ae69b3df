"""What Promoters says first, where there is little to say it of."""

import pandas as pd
import pytest

from kviboard.board.promoters.summary import bands_of, lead_of, moves_in_words, moves_of


def lead(**responses: int) -> str:
    """The lead of so many answers of a score: s9=1."""
    rows = [(int(score[1:]), count) for score, count in responses.items()]
    (bands,) = bands_of(pd.DataFrame(rows, columns=["score", "responses"])).to_dict("records")
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


def moves(*rows: tuple[str, str, int, float]) -> str:
    frame = pd.DataFrame(list(rows), columns=["from_band", "to_band", "customers", "revenue_12m"])
    return moves_in_words(moves_of(frame), "EUR")


def test_nobody_who_could_change_is_not_nobody_who_changed() -> None:
    assert moves() == "No customer answered both before the range and in it."
    assert moves(("passive", "passive", 3, 9.0)) == "Nobody who answered before the range moved to another band in it."
    said = moves(("promoter", "passive", 1, 9.0), ("passive", "promoter", 2, float("nan")))
    assert "1 promoter became passives; they spent €9 in the last 12 months of orders." in said
    assert said.endswith("2 passives became promoters.")  # without orders nobody knows what they spent
