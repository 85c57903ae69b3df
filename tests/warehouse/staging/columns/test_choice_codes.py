"""Answers from 0 to 10 that were written as the codes 1 to 11 are warned of where no 11 gives them away."""

from collections.abc import Sequence

import duckdb
import pytest

from kviboard.domain.contract import CONTRACT
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.choice_codes import shifted_codes
from kviboard.warehouse.staging.values.cast import Rules
from kviboard.warehouse.staging.values.place import Place
from kviboard.warehouse.staging.values.scores import Scales

CODES = [1, 10, 9, 9, 8, 10, 7, 10]
QUALTRICS = ("progress", "finished", "responseid", "score")
(SCORE,) = [column for column in CONTRACT["responses"].columns if column.name == "score"]


def doubts(
    scores: Sequence[int | str],
    groups: Sequence[str] = (),
    columns: tuple[str, ...] = QUALTRICS,
    headers: tuple[str, ...] = ("Q1",),
    scales: Scales | None = None,
) -> list[ExportDecision]:
    with duckdb.connect() as connection:
        connection.execute("create table answers (score varchar, q1_nps_group varchar)")
        given = zip(map(str, scores), groups or [""] * len(scores), strict=True)
        connection.executemany("insert into answers values (?, ?)", [list(row) for row in given])
        columns = (*columns, "q1_nps_group") if groups else columns
        place = Place("responses", "survey", "answers", "answers", is_text=True, headers=headers, columns=columns)
        return shifted_codes(connection, place, SCORE, Rules(scales=scales or Scales()))


def bands(scores: Sequence[int], one_too_high: int) -> list[str]:
    return ["Promoter" if s >= 9 else "Passive" if s >= 7 else "Detractor" for s in (n - one_too_high for n in scores)]


def test_codes_without_an_11_are_warned_of() -> None:
    (said,) = doubts(CODES)
    assert said.what.startswith("All 8 answers lie between 1 and 10 with no 0 among them, and are read as they are.")
    assert said.should_be_confirmed
    assert "select * replace (cast(score as integer) - 1 as score) from source.survey" in said.setting


def test_a_question_called_nps_needs_more_answers_than_the_tool_itself() -> None:
    assert doubts(CODES, columns=("score",), headers=("NPS",)) == []
    assert len(doubts(CODES * 3, columns=("score",), headers=("NPS",))) == 1
    assert doubts(CODES * 3, columns=("score",), headers=("Rating",)) == []


def test_groups_beside_the_answers_decide() -> None:
    assert doubts(CODES, bands(CODES, 0)) == []
    (said,) = doubts(CODES, bands(CODES, 1))
    assert "3 of 8 are in another group by q1_nps_group." in said.what  # two 9s and the 7
    numbers = {"Detractor": "1", "Passive": "2", "Promoter": "3"}
    assert doubts(CODES, [numbers[band] for band in bands(CODES, 0)]) == []


@pytest.mark.parametrize(
    ("scores", "scales"),
    [
        ([0, *CODES], None),  # answers begin with 0
        ([3, *CODES[1:]], None),  # nobody gave the worst
        (CODES[:7], None),
        (CODES, Scales("0-10", is_given=True)),
        (CODES, Scales("1-10")),
        (["10 - Extremely likely", "1 - Unlikely", *["9 - Likely"] * 8], None),
    ],
    ids=["a 0", "no 1", "few", "said", "from 1 to 10", "labels"],
)
def test_honest_answers_are_not_warned_of(scores: Sequence[int | str], scales: Scales | None) -> None:
    assert doubts(scores, scales=scales) == []
