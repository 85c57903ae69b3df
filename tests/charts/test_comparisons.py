"""Charts that compare: ranked slices, lags of two KVIs, bands as parts of a whole; and all as pictures."""

import struct
from typing import Any

import pandas as pd
import pytest

from kviboard.charts.bands import bands_chart
from kviboard.charts.comparison import lag_chart, panel_chart
from kviboard.charts.png import chart_png
from kviboard.charts.slices import ranked_chart
from kviboard.charts.theme import Chart
from kviboard.charts.trend import trend_chart
from kviboard.charts.voice import dots_chart
from kviboard.domain.kvis.comparison import Comparison, LagCorrelation
from tests.charts.drawing import fields, strings, texts
from tests.charts.test_trend import periods

FOUND = LagCorrelation(2, 0.82, 30)
LAGS = Comparison((LagCorrelation(-1, -0.1, 31), LagCorrelation(0, 0.2, 32), FOUND), FOUND, 0.45)
NO_LAGS = Comparison((), None, float("nan"))


def slices(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"slice": ["North", "South", "West"], "value": [0.2, 0.6, None]} | columns)


def answers(**columns: Any) -> pd.DataFrame:
    numbers = {"detractors": [1, 0], "passives": [1, 0], "promoters": [2, 0]}
    return pd.DataFrame({"name": ["Shop", "Desk"]} | numbers | columns)


def all_charts() -> dict[str, Chart]:
    return {
        "ranked dots": ranked_chart(slices(low=0.1, high=0.7, before=0.4), "Trust", "percent", "EUR", whole=0.5),
        "ranked bars": ranked_chart(slices(value=[3.0, 5.0, 1.0]), "Orders", "number", "EUR"),
        "no slices": ranked_chart(slices(value=None), "Trust", "percent", "EUR"),
        "panel": panel_chart(periods([1.0, 2.0]), "Trust", "score", "EUR", "sprint"),
        "lags": lag_chart(LAGS, "Trust", "Turnover", "week"),
        "no lags": lag_chart(NO_LAGS, "Trust", "Turnover", "week"),
        "bands": bands_chart(answers(), "Answers"),
        "no bands": bands_chart(answers().iloc[:0], "Answers"),
    }


CHARTS = all_charts()
each_chart = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS.keys())


@each_chart
def test_every_chart_is_one_view_that_reads_only_its_own_columns(chart: Chart) -> None:
    assert fields(chart.spec) <= set(chart.frame.column_names)
    assert not {"vconcat", "hconcat", "facet", "data", "datasets", "$schema"} & set(strings(chart.spec))
    assert not [text for text in strings(chart.spec) if "//" in text or text.startswith("#")]


@each_chart
def test_every_chart_can_be_drawn_and_says_its_message(chart: Chart) -> None:
    texts(chart)
    assert chart.alt.endswith((".", "!"))


@each_chart
def test_every_chart_becomes_a_picture_of_the_same_width(chart: Chart) -> None:
    picture = chart_png(chart, "Trust rose & shone")
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">I", picture[16:20]) == (1920,)


def test_slices_are_ranked_and_those_without_a_value_left_out() -> None:
    chart = CHARTS["ranked dots"]
    assert chart.frame["slice"].to_pylist() == ["South", "North"]
    assert chart.alt.replace("\u00a0", " ") == "Trust by slice, 2 in all. Highest: South 60 %. Lowest: North 20 %."


def test_ranked_slices_say_value_and_change_beside_the_dot() -> None:
    chart = ranked_chart(slices(change_text=["▼ 4.0 pp", "", ""]), "Trust", "percent", "EUR", whole=0.5)
    assert set(texts(chart)) >= {"North", "South", "20 % ▼ 4.0 pp", "60 %", "all 50 %"}


def test_hovering_tells_every_value_in_full() -> None:
    """Three figures stand in the picture: "€91.1 k" is no amount to check an account with."""
    for chart, shown, full in (
        (ranked_chart(slices(value=[91123.45, 5.0, None]), "Turnover", "currency", "EUR"), "€91.1 k", "€91,123.45"),
        (trend_chart(periods([91123.45]), "Turnover", "currency", "EUR", "sprint"), "value 1", "€91,123.45"),
    ):
        tips = [layer["encoding"]["tooltip"] for layer in chart.spec["layer"] if "tooltip" in layer["encoding"]]
        (value,) = {tip["field"] for each in tips for tip in each if tip["title"] == "Value"}
        assert chart.frame[value][0].as_py() == full
        assert any(shown in text for text in texts(chart))


def test_what_a_value_is_based_on_is_not_always_answers() -> None:
    """It counts contacts, orders or comments, too, and the chart is not told which."""
    for chart in (
        ranked_chart(slices(n_text="n = 812"), "Share of orders", "percent", "EUR"),
        trend_chart(periods([0.2], n_text="n = 812"), "Share of orders", "percent", "EUR", "sprint"),
    ):
        tips = [layer["encoding"]["tooltip"] for layer in chart.spec["layer"] if "tooltip" in layer["encoding"]]
        assert {tip["title"] for each in tips for tip in each if tip["field"] == "n_text"} == {"Based on"}


def test_slices_with_too_few_answers_are_known_to_be_so() -> None:
    verdicts = ["too few answers (3)", "within normal variation", ""]
    chart = ranked_chart(slices(verdict=verdicts, change_text=["–", "–", "–"]), "Trust", "percent", "EUR")
    assert dict(zip(chart.frame["slice"].to_pylist(), chart.frame["few"].to_pylist(), strict=True)) == {
        "North": True,
        "South": False,
    }
    assert "20 %" in texts(chart)


def test_bars_start_at_zero_and_dots_do_not_have_to() -> None:
    bars, dots = (
        texts(CHARTS["ranked bars"]),
        texts(ranked_chart(slices(value=[0.61, 0.65, 0.7]), "T", "percent", "EUR")),
    )
    assert "0" in bars
    assert "0 %" not in dots


def test_the_slice_of_all_is_no_bar_to_compare_sums_with() -> None:
    chart = ranked_chart(slices(value=[3.0, 5.0, 1.0]), "Orders", "number", "EUR", whole=9.0)
    assert "all 9" not in texts(chart)


def test_the_strongest_lag_is_the_one_marked() -> None:
    assert CHARTS["lags"].frame["is_strongest"].to_pylist() == [False, False, True]
    assert set(texts(CHARTS["lags"])) >= {"+0.82", "−0.10", "← Trust earlier · weeks · Turnover earlier →"}


def test_a_lag_says_who_is_earlier() -> None:
    said = CHARTS["lags"].frame["said"].to_pylist()
    assert said == ["Turnover 1 week earlier", "In the same period", "Trust 2 weeks earlier"]


def test_the_first_kvi_leads_on_the_left() -> None:
    assert CHARTS["lags"].frame["lag"].to_pylist() == [1, 0, -2]


def test_bands_are_shares_of_their_bar_from_detractors_left_to_promoters_right() -> None:
    rows = CHARTS["bands"].frame.to_pylist()
    assert [(row["band"], row["start"], row["end"]) for row in rows] == [
        ("detractors", 0, 0.25),
        ("passives", 0.25, 0.5),
        ("promoters", 0.5, 1),
    ]


def test_a_bar_of_nothing_is_left_out() -> None:
    assert set(CHARTS["bands"].frame["name"].to_pylist()) == {"Shop"}


def test_bands_have_their_shares_written_in_them_unless_too_small() -> None:
    chart = bands_chart(answers(detractors=[3, 0], passives=[27, 0], promoters=[70, 0], end_text=["NPS 67", ""]), "All")
    said = texts(chart)
    assert {"27 %", "70 %", "NPS 67"} <= set(said)
    assert "3 %" not in said
    assert chart.alt.replace("\u00a0", " ") == "All. Shop: 3 % detractors, 27 % passives, 70 % promoters."


def test_a_band_that_is_nearly_all_does_not_read_like_all() -> None:
    """249 of 250 and 229 of 230 are 99.6 %; of the one that is left there is too little to write on."""
    chart = bands_chart(answers(detractors=[1, 229], passives=[0, 1], promoters=[249, 0]), "All")
    assert [said for said in chart.frame["said"].to_pylist() if said] == ["99.6 %", "99.6 %"]


def test_points_just_below_zero_are_no_minus_zero() -> None:
    rows = pd.DataFrame({"nps": [-0.04], "low": [-3.26], "high": [3.18], "responses": [400]})
    chart = dots_chart(["Delivery"], rows, "nps", "Net Promoter Score")
    assert chart.alt == "Net Promoter Score, and how far chance can reach. Delivery: +0.0 (−3.3 to +3.2)."


def test_the_lightness_of_the_names_in_bands_comes_with_a_legend() -> None:
    assert {"detractors", "passives", "promoters"} <= set(texts(CHARTS["bands"]))
