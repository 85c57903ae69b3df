"""Intervals where customers answer several times: whatever the board shows is held against a sandwich in pandas."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from kviboard.board.board import Board, open_board
from kviboard.board.kvis.evaluation import evaluate
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.sql import Question
from kviboard.board.promoters.summary import bands_of
from kviboard.board.views.views import read_view
from tests.board.conftest import kvi_file
from tests.numbers.clusters import margin_of_change

CUSTOMERS = 40
OWN = """select day, customer_id, score, score * score as squares, 1 as n from responses"""
OWN_VIEW = """/*---
title: Satisfied at each touchpoint
row: one row per touchpoint
needs: [responses]
columns: {touchpoint: text, satisfied: number, n: number, low: percent, high: percent}
interval: share(satisfied, n)
---*/
with
counts as (
    select touchpoint, count(*) filter (where score >= 8) as satisfied, count(*) as n
    from responses
    group by touchpoint
),

told as (
    select touchpoint, customer_number as whose, 1 as answers, cast(score >= 8 as integer) as points,
        cast(score >= 8 as integer) as squares
    from repeated_answers
)

select counts.*, alike.* exclude (touchpoint)
from counts
left join pairs_among('told') as alike on counts.touchpoint = alike.touchpoint
"""
ALL_OF_2026 = View(first=date(2026, 1, 1), last=date(2026, 4, 30))


def answers(most: int) -> pd.DataFrame:
    """What customers say who answer up to so many times in four months, each in a mood of their own; a and b are the
    only ones in the Netherlands, c the only one in Germany. Five say not who they are."""
    rng = np.random.default_rng(7)
    names = ["a", "b", "c", *(f"k{number}" for number in range(CUSTOMERS))]
    mood = dict(zip(names, rng.normal(size=len(names)), strict=True))
    given = [name for name in names for _ in range(most if name == "c" else rng.integers(1, most + 1))]
    scores = [round(min(max(8 + 2 * mood[name] + rng.normal(), 0), 10)) for name in given]
    rows = pd.DataFrame({"customer_id": given, "score": scores})
    unknown = pd.DataFrame({"customer_id": "", "score": [10, 3, 8, 9, 6]})
    rows = pd.concat([rows, unknown], ignore_index=True)
    days = pd.Timestamp(2026, 1, 1) + pd.to_timedelta(rng.integers(0, 120, len(rows)), unit="D")
    rows = rows.assign(day=days, touchpoint=rng.choice(["Shop", "Phone"], len(rows)))
    return rows.assign(response_id=[f"r{number}" for number in range(len(rows))])


def csv_of(rows: pd.DataFrame) -> str:
    columns = {"response_id": "response_id", "customer_id": "customer_id", "day": "responded_at", "score": "score"}
    return rows.rename(columns=columns)[[*columns.values(), "touchpoint"]].to_csv(index=False)


def margin_of(values: pd.Series, rows: pd.DataFrame) -> tuple[float, float]:
    """Of a mean its variance, were answers independent, and how many times as large it is: Liang and Zeger 1986 with
    G / (G − 1), and Student's t of customers for that of answers (Korn and Graubard 1998)."""
    whose = rows["customer_id"].where(rows["customer_id"] != "", rows["response_id"])
    sums = (values - values.mean()).groupby(whose).sum()
    n, customers = len(values), len(sums)
    plain = values.var(ddof=0) / n
    if n == customers:
        return plain, 1.0
    robust = (sums**2).sum() / n**2 * customers / (customers - 1)
    wider = stats.t.ppf(0.975, customers - 1) / stats.t.ppf(0.975, n - 1)
    return plain, max(1.0, robust / (values.var(ddof=1) / n)) * wider**2


def points(rows: pd.DataFrame) -> pd.Series:
    return (rows["score"] >= 9).astype(float) - (rows["score"] < 7)


def nps_ends(rows: pd.DataFrame) -> list[float]:
    plain, effect = margin_of(points(rows), rows)
    margin = 196 * np.sqrt(plain * effect)
    middle = 100 * points(rows).mean()
    return [max(middle - margin, -100), min(middle + margin, 100)]


def share_ends(values: pd.Series, rows: pd.DataFrame) -> list[float]:
    """Where p and what it could be are 1.96 standard errors of the latter apart, of as many answers as say as much."""
    _, effect = margin_of(values.astype(float), rows)
    n, p, square = len(rows) / effect, values.mean(), 1.96**2
    ends = np.roots([1 + square / n, -(2 * p + square / n), p**2])
    return sorted(float(end) for end in ends)


def ends(row: pd.Series, beginning: str = "") -> list[float]:
    return [float(row[f"{beginning}{end}"]) for end in ("low", "high")]


@pytest.fixture
def told() -> pd.DataFrame:
    return answers(6)


@pytest.fixture
def board(tiny: Callable[..., Board], told: pd.DataFrame) -> Board:
    own = kvi_file("sum(score) / sum(n)", OWN, "interval: mean(score, squares, n)\nneeds: [responses]")
    return tiny(responses=csv_of(told), marts="all", mean_score=own.replace("needs: [orders]\n", ""))


def of_month(rows: pd.DataFrame, month: int = 2) -> pd.DataFrame:
    return rows[rows["day"].dt.month == month]


@pytest.mark.parametrize("grain", ["month", "quarter"])
def test_a_kvi_counts_what_customers_say_again_for_less(board: Board, told: pd.DataFrame, grain: str) -> None:
    rows = of_month(told) if grain == "month" else told[told["day"].dt.quarter == 1]
    first = pd.Timestamp(2026, 2 if grain == "month" else 1, 1)

    def shown(name: str) -> list[float]:
        frame = evaluate(board.reader, board.kvis[name], Question(grain)).set_index("period")
        return ends(frame.loc[first])

    assert margin_of(points(rows), rows)[1] > 1.2
    assert shown("net_promoter_score") == pytest.approx(nps_ends(rows))
    assert shown("customer_satisfaction") == pytest.approx(share_ends(rows["score"] >= 8, rows))
    assert shown("below_four_of_five") == pytest.approx(share_ends(rows["score"] < 8, rows))
    _, effect = margin_of(rows["score"].astype(float), rows)
    margin = 1.96 * rows["score"].std() * np.sqrt(effect / len(rows))
    assert shown("mean_score") == pytest.approx([rows["score"].mean() - margin, rows["score"].mean() + margin])


def test_first_and_last_day_of_a_month_are_in_it(tiny: Callable[..., Board]) -> None:
    told = answers(1)
    told = told.assign(day=told["day"].mask(told.index == 0, pd.Timestamp(2026, 1, 1)))
    again = told.loc[[0]].assign(day=pd.Timestamp(2026, 1, 31), response_id="again")
    told = pd.concat([told, again], ignore_index=True)
    board = tiny(responses=csv_of(told), marts="all")
    rows = of_month(told, 1)
    shown = evaluate(board.reader, board.kvis["net_promoter_score"], Question("month")).set_index("period")
    assert margin_of(points(rows), rows)[1] > 1.02
    assert ends(shown.loc["2026-01-01"]) == pytest.approx(nps_ends(rows))


def test_a_kvi_of_some_customers_counts_theirs(board: Board, told: pd.DataFrame) -> None:
    kvi, first = board.kvis["net_promoter_score"], pd.Timestamp(2026, 1, 1)
    by = evaluate(board.reader, kvi, Question("quarter", by="country")).set_index(["slice", "period"])
    where = {"country": ["NL", "Unknown"]}
    some = evaluate(board.reader, kvi, Question("quarter", where=where)).set_index("period")
    rows = told[told["day"].dt.quarter == 1]
    others = rows[~rows["customer_id"].isin(["a", "b", "c"])]
    assert ends(by.loc[("Unknown", first)]) == pytest.approx(nps_ends(others))
    assert ends(some.loc[first]) == pytest.approx(nps_ends(rows[rows["customer_id"] != "c"]))


def test_views_count_what_customers_say_again_for_less(board: Board, told: pd.DataFrame) -> None:
    scores = read_view(board, "score_distribution", ALL_OF_2026)
    (bands,) = bands_of(scores).to_dict("records")
    assert [bands["low"], bands["high"]] == pytest.approx(nps_ends(told))
    nine = ends(scores.set_index("score").loc[9])
    assert nine == pytest.approx(share_ends(told["score"] == 9, told))
    months = read_view(board, "bands_by_period", ALL_OF_2026).set_index("period")
    assert ends(months.loc["2026-02-01"]) == pytest.approx(nps_ends(of_month(told)))
    trend = read_view(board, "touchpoint_trend", ALL_OF_2026, touchpoint="Shop").set_index("period")
    shop = told[told["touchpoint"] == "Shop"]
    assert ends(trend.loc["2026-02-01"]) == pytest.approx(nps_ends(of_month(shop)))
    touchpoints = read_view(board, "touchpoints", ALL_OF_2026).set_index("touchpoint")
    assert ends(touchpoints.loc["Shop"]) == pytest.approx(nps_ends(shop))
    drivers = read_view(board, "drivers", ALL_OF_2026).query("kind == 'touchpoint'").set_index("name")
    phone = told[told["touchpoint"] == "Phone"]
    reach = len(shop) / len(told) * margin_of_change(phone, shop)
    lift = float(drivers["lift"]["Shop"])
    assert ends(drivers.loc["Shop"]) == pytest.approx([lift - reach, lift + reach])
    segments = read_view(board, "segments", View(by="country")).set_index("slice")
    others = told[~told["customer_id"].isin(["a", "b", "c"])]
    assert ends(segments.loc["Unknown"], "nps_") == pytest.approx(nps_ends(others))


def test_a_view_of_ones_own_does_so_too(board: Board, told: pd.DataFrame) -> None:
    views = board.workspace.root / "queries" / "views"
    views.mkdir(exist_ok=True)
    (views / "satisfied.sql").write_text(OWN_VIEW)
    shown = read_view(open_board(board.workspace), "satisfied", View()).set_index("touchpoint")
    phone = told[told["touchpoint"] == "Phone"]
    assert ends(shown.loc["Phone"]) == pytest.approx(share_ends(phone["score"] >= 8, phone))


def test_one_customer_alone_says_nothing_of_others(board: Board, told: pd.DataFrame) -> None:
    assert (told["customer_id"] == "c").sum() == 6
    segments = read_view(board, "segments", View(by="country")).set_index("slice")
    assert ends(segments.loc["DE"], "nps_") == [-100, 100]


def test_nothing_changes_where_everybody_answers_once(tiny: Callable[..., Board]) -> None:
    told = answers(1)
    board = tiny(responses=csv_of(told), marts="all")
    assert set(read_view(board, "score_distribution", ALL_OF_2026)["design_effect"]) == {1}
    shown = read_view(board, "bands_by_period", ALL_OF_2026).set_index("period")
    rows = of_month(told)
    middle, margin = 100 * points(rows).mean(), 196 * points(rows).std(ddof=0) / np.sqrt(len(rows))
    assert ends(shown.loc["2026-02-01"]) == pytest.approx([middle - margin, middle + margin])
