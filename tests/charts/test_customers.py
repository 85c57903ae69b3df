"""Charts about customers: what they draw, by their rows and specs."""

import json
import re
from datetime import date

import pandas as pd
import pytest

from kviboard.charts.customer_timeline import customer_chart
from kviboard.charts.new_customers import new_customers_chart
from kviboard.charts.predictions import predictions_chart
from kviboard.charts.retention import retention_chart
from kviboard.charts.revenue_bridge import bridge_chart
from kviboard.components.cohorts import Cohort, triangle
from tests.charts.drawing import texts

FIRST = date(2026, 1, 5)
ROW = {"opening": 100, "new": 5, "expansion": 10, "reactivated": 15, "contraction": 3, "lost": 17, "refunds": 0}
ROW["closing"] = 110
CURVE = pd.DataFrame(
    {"month_number": [0, 1], "customers": [40, 30], "share": [1.0, 0.5], "low": [0.9, 0.3], "high": [1.0, 0.7]}
)
NEW = pd.DataFrame(
    {
        "period": pd.to_datetime(["2026-01-01", "2026-01-01", "2026-02-01"]),
        "acquisition": ["bought", "earned", "earned"],
        "customers": [3, 4, 5],
        "complete": [True, True, False],
    }
)
TENTHS = pd.DataFrame(
    {"decile": [1, 2], "customers": [7, 7], "predicted_revenue": [90.0, 8.0], "actual_revenue": [80.0, 9.0]}
)


def test_each_step_of_the_bridge_begins_where_the_one_before_ended():
    rows = bridge_chart(ROW, "Month before", "May 2026", "EUR").frame.to_pydict()
    assert list(zip(rows["start"], rows["end"], strict=True)) == [
        (0, 100), (100, 105), (105, 115), (115, 130), (130, 127), (127, 110), (0, 110),
    ]  # fmt: skip
    assert rows["above"] == ["€100", "+€5", "+€10", "+€15", "", "", "€110"]
    assert rows["below"] == ["", "", "", "", "−€3", "−€17", ""]


def test_refunds_have_a_bar_where_there_are_any():
    rows = bridge_chart(ROW | {"refunds": -4, "closing": 106}, "Month before", "May 2026", "EUR").frame.to_pydict()
    assert (rows["name"][-2], rows["start"][-2], rows["end"][-2], rows["below"][-2]) == ("Refunds", 110, 106, "−€4")


def test_a_bridge_below_zero_says_its_totals_below_them():
    row = ROW | {
        "opening": -20,
        "new": 5,
        "expansion": 0,
        "reactivated": 0,
        "contraction": 0,
        "lost": 9,
        "closing": -24,
    }
    chart = bridge_chart(row, "Month before", "May 2026", "EUR")
    rows = chart.frame.to_pydict()
    assert rows["below"] == ["−€20", "", "", "", "€0", "−€9", "−€24"]
    assert rows["below_short"] == ["−20", "", "", "", "0", "−9", "−24"]
    assert rows["above_short"][1] == "+5"
    assert "−€24" in texts(chart, 900)
    assert "−24" in texts(chart, 345)


def drawn_fields(chart) -> set[str]:
    return set(re.findall(r'"field": "(\w+)"', json.dumps(chart.spec)))


def test_every_field_that_is_drawn_is_in_the_rows():
    charts = {
        "bridge": bridge_chart(ROW, "Month before", "May 2026", "EUR"),
        "retention": retention_chart(CURVE, "were active"),
        "new": new_customers_chart(NEW, ["Jan 2026", "Jan 2026", "Feb 2026"], "month"),
        "predictions": predictions_chart(TENTHS, "EUR"),
        "customer": customer_chart([(FIRST, "Use", "calm", "active")], FIRST, date(2026, 3, 1), "Anna"),
    }
    missing = {name: drawn_fields(chart) - set(chart.frame.column_names) for name, chart in charts.items()}
    assert missing == {name: set() for name in charts}
    assert {"above", "below", "start", "end"} <= drawn_fields(charts["bridge"])


def test_a_bridge_is_told_to_who_does_not_see_it():
    assert bridge_chart(ROW, "Month before", "May 2026", "EUR").alt == (
        "What moved revenue from Month before to May 2026: Month before €100, New +€5, Grew +€10, Back +€15, "
        "Shrank −€3, Lost −€17, May 2026 €110."
    )


def test_the_curve_names_its_last_share_and_every_interval():
    chart = retention_chart(CURVE, "were active")
    assert [said.replace("\u00a0", " ") for said in chart.frame["label"].to_pylist()] == ["", "50 %"]
    assert "Month 1: 50 % (30–70 %, of 30)" in chart.alt.replace("\u00a0", " ")
    assert "no month to show" in retention_chart(CURVE.head(0), "were active").alt


@pytest.mark.parametrize(
    ("last", "ticks"),
    [(12, list(range(13))), (13, [0, 3, 6, 9, 12]), (36, list(range(0, 37, 3))), (37, [0, 12, 24, 36])],
)
def test_a_long_curve_names_quarters_then_years(last, ticks):
    months = pd.DataFrame({"month_number": range(last + 1)}).assign(customers=40, share=0.5, low=0.3, high=0.7)
    spec = retention_chart(months, "were active").spec
    assert spec["encoding"]["x"]["axis"]["values"] == ticks
    assert {tuple(layer["encoding"]["y"]["scale"]["domain"]) for layer in spec["layer"]} == {
        (0, 1)
    }  # from nobody to all


def test_new_customers_stand_on_one_another_by_the_way_they_came():
    chart = new_customers_chart(NEW, ["Jan 2026", "Jan 2026", "Feb 2026"], "month")
    rows = chart.frame.to_pydict()
    assert rows["key"][0] == rows["key"][1] != rows["key"][2]
    assert rows["order"] == [1, 0, 0]
    assert rows["solid"] == [1, 1, 0.5]
    one = new_customers_chart(NEW.assign(customers=[0, 1, 0]), ["Jan 2026", "Jan 2026", "Feb 2026"], "month")
    assert {"0", "1"} <= set(texts(one))
    assert "0.5" not in texts(one)  # half a customer is nobody
    assert chart.spec["encoding"]["color"]["scale"]["domain"] == [
        "earned: recommended by others",
        "bought: advertising, sales",
    ]


def test_predictions_stand_beside_what_came():
    assert "1st: predicted €90, came €80; 2nd: predicted €8, came €9" in predictions_chart(TENTHS, "EUR").alt
    others = predictions_chart(TENTHS.assign(decile=[3, 4]), "EUR").alt
    assert "3rd: predicted €90" in others
    assert "4th: predicted €8" in others


def test_only_lanes_with_something_in_them_are_drawn():
    events = [(date(2026, 1, 5), "Orders", "calm", "€5"), (date(2026, 2, 1), "Answers", "bad", "3 of 10")]
    chart = customer_chart(events, date(2026, 1, 5), date(2026, 3, 1), "Anna")
    assert chart.spec["encoding"]["y"]["scale"]["domain"] == ["Orders", "Answers"]
    assert chart.alt.endswith("1 orders, 1 answers.")
    assert chart.frame["tone"].to_pylist() == ["calm", "bad", "edge", "edge"]
    assert {moment[10:] for moment in chart.frame["day"].to_pylist()} == {"T00:00:00"}  # of no zone: the reader's


@pytest.mark.parametrize(("customers", "pale"), [(29, True), (30, False)])
def test_small_cohorts_are_pale_and_unknown_months_are_no_zeros(customers, pale):
    html = triangle([Cohort("May 2026", "customers?joined=2026_05", customers, [None, customers, 0])], "ordered", 30)
    assert ('class="kvi-pale"' in html) is pale
    assert html.count("kvi-unknown") == 1
    assert f"{customers} of {customers} customers ordered in month 1" in html
    assert f"0 of {customers} customers ordered in month 2" in html
    assert "kvi-heat-9" in html
    assert "kvi-heat-0" in html
