"""What customers said in a sprint of the sample, held against pandas on the raw answers: counts, and which comments."""

import pandas as pd
import pytest

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.views.views import read_view
from tests.numbers.sample_exports import exports
from tests.numbers.second_route import counting_answers

MOST = 6
SPRINTS = ("Sprint 36", "Sprint 37")  # in both, some comments were said twice
BANDS = {"promoter": (9, 10), "passive": (7, 8), "detractor": (0, 6)}


def days_of(sprint: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    (row,) = exports().sprints.query("name == @sprint").itertuples()
    return pd.Timestamp(row.starts), pd.Timestamp(row.ends)


def heard(board: Board, sprint: str, most: int = MOST, by: str | None = None) -> pd.DataFrame:
    first, last = days_of(sprint)
    return read_view(board, "voices", View(first=first.date(), last=last.date(), by=by), most=most)


def answers_of(sprint: str, band: str) -> pd.DataFrame:
    """The sprint's answers in a band, comments without the space around them."""
    told, (least, greatest) = counting_answers(), BANDS[band]
    told = told[told["day"].between(*days_of(sprint)) & told["score"].between(least, greatest)]
    return told.assign(comment=told["comment"].str.strip())


def expected(sprint: str, band: str) -> list[tuple[str, int, pd.Timestamp]]:
    """Comment, how often and when last: those said most often, then the newest, first."""
    groups = answers_of(sprint, band).groupby("comment")["day"]
    rows = [(str(comment), len(days), days.max()) for comment, days in groups if comment]
    return sorted(rows, key=lambda row: (-row[1], -row[2].toordinal(), row[0]))[:MOST]


@pytest.mark.parametrize("sprint", SPRINTS)
@pytest.mark.parametrize("band", BANDS)
def test_each_band_counts_all_answers_of_the_sprint(board: Board, sprint: str, band: str) -> None:
    found = heard(board, sprint).query("band == @band")
    assert set(found["answers"]) == {len(answers_of(sprint, band))}


@pytest.mark.parametrize("sprint", SPRINTS)
@pytest.mark.parametrize("band", BANDS)
def test_the_comments_of_a_sprint_are_those_said_most_often_and_newest(board: Board, sprint: str, band: str) -> None:
    found = heard(board, sprint).query("band == @band")
    assert list(zip(found["comment"], found["times"], found["day"], strict=True)) == expected(sprint, band)


@pytest.mark.parametrize("sprint", SPRINTS)
@pytest.mark.parametrize("band", BANDS)
def test_a_comment_has_the_score_of_the_answer_it_was_last_made_with(board: Board, sprint: str, band: str) -> None:
    told = answers_of(sprint, band).sort_values(["responded_at", "response_id"])
    shown = heard(board, sprint).query("band == @band and comment != ''").set_index("comment")["score"]
    assert shown.eq(told.groupby("comment")["score"].last().reindex(shown.index)).all()


@pytest.mark.parametrize("sprint", SPRINTS)
def test_no_answer_of_the_sprint_is_left_out_and_none_is_counted_twice(board: Board, sprint: str) -> None:
    told = counting_answers()
    whole = heard(board, sprint, most=10_000)
    assert whole["times"].sum() == told["day"].between(*days_of(sprint)).sum()
    assert whole.groupby("band")["times"].sum().eq(whole.groupby("band")["answers"].first()).all()


def test_the_answers_of_a_slice_are_those_of_its_customers(board: Board) -> None:
    told = counting_answers()
    told = told[told["day"].between(*days_of("Sprint 37"))]
    country = told["customer_id"].map(exports().customers["country"]).fillna("Unknown").rename("country")
    band = pd.cut(told["score"], [-1, 6, 8, 10], labels=["detractor", "passive", "promoter"]).astype(str)
    whole = heard(board, "Sprint 37", most=10_000, by="country")
    assert whole.groupby(["slice", "band"])["times"].sum().to_dict() == told.groupby([country, band]).size().to_dict()
    assert whole.groupby(["slice", "band"])["place"].max().eq(whole.groupby(["slice", "band"]).size()).all()
