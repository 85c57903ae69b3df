"""Who answers when asked, on the sample: the views held against pandas on the exports, and the planted chat bot."""

import json
from datetime import date

import pandas as pd
import pytest

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.views.views import read_view
from kviboard.domain.voice.asked import doubts_in_words, rate_in_words
from tests.numbers.clusters import change_of_share, effect_of, share_ends
from tests.numbers.sample_exports import SAMPLE, answers, asked_for_a_score

DAY = pd.Timedelta(days=1)
STORY = json.loads((SAMPLE / "expected" / "story.json").read_text(encoding="utf-8"))["unanswered_chat_bot"]


@pytest.fixture(scope="module")
def asked() -> pd.DataFrame:
    return asked_for_a_score()


def test_the_rate_of_each_month_as_pandas_counts_it(board: Board, asked: pd.DataFrame) -> None:
    shown = read_view(board, "response_rate_by_period", View("month")).set_index("period")
    rows = asked[asked["survey"] == "relationship"]
    expected = rows.groupby(rows["day"].dt.to_period("M").dt.to_timestamp())["is_answered"].agg(["size", "sum", "mean"])
    assert shown["invited"].to_dict() == expected["size"].to_dict()
    assert shown["answered"].to_dict() == expected["sum"].to_dict()
    assert shown["rate"].to_dict() == pytest.approx(expected["mean"].to_dict())
    assert effect_of(rows["is_answered"].astype(float), rows) > 1.1  # though not within a month
    for month, own in rows.groupby(rows["day"].dt.to_period("M").dt.to_timestamp()):
        ends = shown.loc[month, ["low", "high"]].tolist()
        assert ends == pytest.approx(share_ends(own["is_answered"].astype(float), own))
    assert shown["complete"].tolist() == [True] * 17 + [False]  # October's 14 days are not over


def test_the_last_91_days_against_as_many_before(board: Board, asked: pd.DataFrame) -> None:
    rows = asked[(asked["survey"] == "relationship") & asked["is_over"]]
    last = rows["day"].max()
    now, before = (rows[rows["day"].between(end - 90 * DAY, end)] for end in (last, last - 91 * DAY))
    row = read_view(board, "response_rate", View()).set_index("band").loc["all"]
    counts = (len(now), now["is_answered"].sum(), len(before))
    assert (row["invited"], row["answered"], row["invited_before"]) == counts
    told = answers()
    nobody = (told["customer_id"] == "") & told["survey"].isin(["", "relationship"])
    assert row["anonymous"] == (nobody & told["day"].between(last - 90 * DAY, last + 14 * DAY)).sum()
    assert row[["low", "high"]].tolist() == pytest.approx(share_ends(now["is_answered"].astype(float), now))
    expected = change_of_share(now, before, "is_answered")
    assert row[["change", "change_low", "change_high"]].tolist() == pytest.approx(expected)


def test_bands_and_slices_add_up(board: Board) -> None:
    for view in (View(), View(by="segment"), View(by="country", where=(("plan", ("Pro",)),))):
        rows = read_view(board, "response_rate", view)
        for _, group in rows.groupby("slice") if view.by else [("", rows)]:
            whole = group[group["band"] == "all"].iloc[0]
            parts = group[group["band"] != "all"]
            assert parts[["invited", "answered"]].sum().tolist() == [whole["invited"], whole["answered"]]


def test_a_touchpoint_says_how_many_were_asked(board: Board, asked: pd.DataFrame) -> None:
    first = date(2026, 2, 1)
    shown = read_view(board, "touchpoints", View(first=first)).set_index("touchpoint")
    rows = asked[(asked["touchpoint"] != "") & asked["is_over"] & (asked["day"] >= pd.Timestamp(first))]
    expected = rows.groupby("touchpoint")["is_answered"].agg(["size", "mean"])
    assert shown["asked"].to_dict() == expected["size"].to_dict()
    assert shown["response_rate"].to_dict() == pytest.approx(expected["mean"].to_dict())
    effects = {}
    for touchpoint, own in rows.groupby("touchpoint"):
        ends = shown.loc[touchpoint, ["rate_low", "rate_high"]].tolist()
        effects[touchpoint] = effect_of(own["is_answered"].astype(float), own)
        assert ends == pytest.approx(share_ends(own["is_answered"].astype(float), own))
    assert max(effects.values()) > 1


def test_the_chat_bot_that_nobody_answers_is_found_and_said(board: Board) -> None:
    touchpoint, began = STORY["touchpoint"], pd.Timestamp(STORY["on"])
    months = read_view(board, "response_rate_by_period", View("month"), survey="", touchpoint=touchpoint)
    before = months[months["ends_on"] < began]["rate"]
    since = months[(months["period"] >= began) & months["complete"]]["rate"]
    assert before.between(0.3, 0.45).all()
    assert since.max() < 0.5 * before.min()
    said = doubts_in_words(read_view(board, "response_rate", View(), survey="", touchpoint=touchpoint))
    assert [each.replace("\N{NO-BREAK SPACE}", " ").partition(":")[0] for each in said] == [
        "Only 12.9 % of those asked answer", "Fewer answer than before"
    ]  # fmt: skip
    others = [name for name in answers()["touchpoint"].unique() if name not in ("", touchpoint)]
    for other in others:
        said = doubts_in_words(read_view(board, "response_rate", View(), survey="", touchpoint=other))
        assert not [each for each in said if each.startswith(("Only ", "Fewer "))], other


def test_nothing_makes_the_sample_score_doubtful(board: Board) -> None:
    rows = read_view(board, "response_rate", View())
    assert doubts_in_words(rows) == ()
    said = rate_in_words(rows).replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("52.6 % of the 2,064 asked in 19 Jul – 17 Oct 2026 answered.")
