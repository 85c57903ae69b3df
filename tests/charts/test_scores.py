"""Charts of scores, of bands over time and of loyalty: what they draw, and that they draw."""

import math
import re
from itertools import pairwise

import pandas as pd
import pytest

from kviboard.charts.loyalty import loyalty_chart
from kviboard.charts.scores import bands_over_time, nps_over_time, score_chart
from kviboard.charts.theme import Chart
from tests.charts.drawing import fields, svg, texts

SCORES = pd.DataFrame({"score": range(11), "responses": 1, "share": 1 / 11, "low": 0.02, "high": 0.4})
PERIODS = pd.DataFrame(
    {
        "period": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"]),
        "responses": [4, 0, 2],
        "promoters": [2, 0, 2],
        "passives": [1, 0, 0],
        "detractors": [1, 0, 0],
        "nps": [25.0, math.nan, 100.0],
        "low": [-57.0, math.nan, 100.0],
        "high": [100.0, math.nan, 100.0],
        "complete": [True, True, False],
    }
)
LABELS = ["Jan 2026", "Feb 2026", "Mar 2026"]
LOYALTY = pd.DataFrame({"band": ["promoter", "passive"], "share": [0.5, 0.25], "low": 0.1, "high": 0.8, "n": [1200, 4]})
CHARTS = {
    "scores": score_chart(SCORES),
    "bands": bands_over_time(PERIODS, LABELS, "month"),
    "nps": nps_over_time(PERIODS, LABELS, "month"),
    "loyalty": loyalty_chart(LOYALTY, "bought again"),
}


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS.keys())
def test_each_reads_its_own_columns_draws_and_says_its_message(chart: Chart) -> None:
    assert fields(chart.spec) <= set(chart.frame.column_names)
    assert texts(chart)
    assert chart.alt.endswith(".")


def test_a_score_has_the_colour_of_its_band() -> None:
    bands = CHARTS["scores"].frame["band"].to_pylist()
    assert bands == ["detractors"] * 7 + ["passives"] * 2 + ["promoters"] * 2


def test_bands_of_a_period_add_up_and_a_period_without_answers_has_none() -> None:
    rows = CHARTS["bands"].frame.to_pylist()
    assert [(row["start"], row["end"]) for row in rows[:3]] == [(0, 0.25), (0.25, 0.5), (0.5, 1)]
    assert {row["end"] for row in rows[3:6]} == {0}
    assert [row["n_text"] for row in rows if row["n_text"]] == ["4", "0", "2"]


def test_a_running_period_is_hollow_and_no_answers_are_no_score() -> None:
    frame = CHARTS["nps"].frame
    assert (frame["whole"].to_pylist(), frame["begun"].to_pylist()) == ([25, None, None], [None, None, 100])
    assert "Feb 2026: – (–)" in CHARTS["nps"].alt


def test_each_band_says_its_share_and_number() -> None:
    assert {"50 % of 1,200", "25 % of 4"} <= set(texts(CHARTS["loyalty"]))


def test_of_many_periods_those_with_a_label_say_their_number_of_answers() -> None:
    days = pd.date_range("2026-01-01", periods=30)
    many = pd.DataFrame({"period": days, "responses": 3, "promoters": 1, "passives": 1, "detractors": 1})
    rows = bands_over_time(many, [f"{day:%d %b %Y}" for day in days], "day").frame.to_pylist()
    said = [row["key"].partition("|")[2] != "" for row in rows if row["n_text"]]
    assert all(said)
    assert len(said) == 10  # every third of 30, so that at most 13 have a label


@pytest.mark.parametrize(("width", "said"), [(300, 6), (700, 12)])
def test_numbers_above_the_bars_of_a_phone_do_not_touch(width: int, said: int) -> None:
    """Twelve bars of 25 pixels have room for every second number of five characters of six pixels."""
    months = pd.date_range("2025-01-01", periods=12, freq="MS")
    year = pd.DataFrame({"period": months, "responses": 4_321, "promoters": 4_321, "passives": 0, "detractors": 0})
    chart = bands_over_time(year, [f"{day:%b %Y}" for day in months], "month")
    drawn = re.findall(r'<text[^>]*transform="translate\(([\d.]+),[^>]*>4,321</text>', svg(chart, width))
    places = sorted(map(float, drawn))
    assert len(places) == said
    assert min(after - before for before, after in pairwise(places)) > 5 * 6
