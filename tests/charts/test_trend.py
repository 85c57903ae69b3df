"""The trend chart: which marks a period gets, what labels say, what the spec may contain."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa
import pytest
from altair.utils.schemapi import SchemaValidationError

from kviboard.charts.alt_text import explain_marks
from kviboard.charts.trend import HEIGHT, trend_chart
from kviboard.charts.trend_rows import axis_ends
from tests.charts.drawing import fields, strings, svg, texts


def periods(values: list[Any], **columns: Any) -> pd.DataFrame:
    """Two-week sprints from 5 Jan 2026 with these values, all complete, without limits."""
    count = len(values)
    starts = [date(2026, 1, 5) + timedelta(days=14 * number) for number in range(count)]
    frame = pd.DataFrame(
        {
            "period": pd.to_datetime(starts),
            "ends_on": pd.to_datetime(starts) + pd.Timedelta(days=13),
            "label": [f"Sprint {number}" for number in range(1, count + 1)],
            "value": values,
            "value_text": [f"value {number}" for number in range(1, count + 1)],
            "change_text": "",
            "verdict": "within normal variation",
            "complete": True,
            "lower": None,
            "centre": None,
            "upper": None,
        }
    )
    return frame.assign(**columns)


def drawn(frame: pd.DataFrame, unit: str = "number", **more: Any) -> Any:
    return trend_chart(frame, "Trust", unit, "EUR", "sprint", **more)


def column(chart: Any, name: str) -> list[Any]:
    return chart.frame[name].to_pylist()


def test_complete_periods_are_solid_and_the_running_one_dashed_and_hollow() -> None:
    chart = drawn(periods([1.0, 2.0, 3.0], complete=[True, True, False]))
    assert column(chart, "solid") == [1, 2, None]
    assert column(chart, "dashed")[0] is None
    assert column(chart, "dashed")[1] == 2
    assert [value is None for value in column(chart, "hollow")] == [True, True, False]


def test_a_first_period_that_the_data_began_in_is_dashed_too() -> None:
    chart = drawn(periods([2.5, 2.0, 3.0], complete=[False, True, True]))
    assert column(chart, "solid") == [None, 2, 3]
    assert column(chart, "dashed") == [2.5, 2, None]


def test_half_a_periods_sum_stops_just_below_the_history_but_says_its_value() -> None:
    chart = drawn(periods([100.0, 110.0, 10.0], complete=[True, True, False]))
    assert column(chart, "hollow")[-1] == pytest.approx(100 - 0.12 * 10)
    assert "↓ so far value 3" in texts(chart)  # it lies lower than it is drawn
    assert "Arrow: it lies beyond the scale" in explain_marks(chart.frame.to_pydict())


def test_an_unfinished_value_near_the_history_is_drawn_where_it_is() -> None:
    for values in ([100.0, 110.0, 99.5], [100.0, 110.0, 111.0]):
        chart = drawn(periods(values, complete=[True, True, False]))
        assert column(chart, "hollow")[-1] == values[-1]
        assert "so far value 3" in texts(chart)
        assert "Arrow" not in explain_marks(chart.frame.to_pydict())


@pytest.mark.parametrize("value", [98.0, 97.5, 113.0])
def test_an_unfinished_value_that_the_axis_reaches_is_drawn_where_it_is(value: float) -> None:
    """Left to stop at 98.8 or 111.2, it would stand beside a scale that, with the room around it, has it."""
    chart = drawn(periods([100.0, 110.0, value], complete=[True, True, False]))
    assert column(chart, "hollow")[-1] == value
    assert column(chart, "dashed")[-1] == value
    assert "so far value 3" in texts(chart)
    assert "Arrow" not in explain_marks(chart.frame.to_pydict())


@pytest.mark.parametrize("values", [[100.0, 110.0, 96.0], [70.0, 80.0, 76.0, 20.0], [5.0, 9.0, 60.0]])
def test_a_value_that_stops_lies_beyond_all_that_the_axis_is_labelled_with(values: list[float]) -> None:
    chart = drawn(periods(values, complete=[True] * (len(values) - 1) + [False]))
    assert column(chart, "hollow")[-1] != values[-1]
    labels = [float(each) for each in texts(chart) if re.fullmatch(r"\d+", each)]
    assert not min(labels) <= values[-1] <= max(labels)


def test_beside_a_single_complete_period_an_unfinished_one_is_drawn_where_it_is() -> None:
    assert column(drawn(periods([100.0, 10.0], complete=[True, False])), "hollow") == [None, 10]


def test_a_gap_stays_a_gap() -> None:
    chart = drawn(periods([1.0, None, float("nan"), 4.0]))
    assert column(chart, "solid") == [1, None, None, 4]


def test_limits_reach_over_the_running_period() -> None:
    frame = periods([5.0] * 3, complete=[True, True, False], lower=[1.0, 2.0, None], centre=3.0, upper=[5.0, 6.0, None])
    chart = drawn(frame)
    assert column(chart, "lower") == [1, 2, 2]
    assert column(chart, "upper") == [5, 6, 6]


def test_signals_have_a_colour_by_meaning_and_a_shape_by_direction() -> None:
    verdicts = ["signal: down", "within normal variation", "signal: up", "too little history (3 of 8)"]
    chart = drawn(periods([1.0, 2.0, 3.0, 4.0], verdict=verdicts, signal=["good", None, "bad", None]))
    assert column(chart, "signal_value") == [1, None, 3, None]
    assert column(chart, "direction")[0] == "down"
    assert column(chart, "direction")[2] == "up"
    (colours,) = [e["color"] for layer in chart.spec["layer"] if "color" in (e := layer["encoding"])]
    assert colours["scale"] == {
        "domain": ["good", "bad", "neutral"],
        "range": ["var(--kvi-good)", "var(--kvi-bad)", "var(--kvi-neutral)"],
    }


def test_the_latest_complete_value_is_written_once_in_the_margin() -> None:
    said = texts(drawn(periods([1.0, 2.0, 3.0], complete=[True, True, False])))
    assert set(said) >= {"Sprint 2 value 2", "↑ so far value 3"}
    assert not [each for each in said if "value 1" in each]


def test_in_a_panel_the_value_stands_above_after_a_rise_and_below_after_a_fall() -> None:
    assert column(drawn(periods([1.0, 2.0])), "above_y") == [None, 2]
    assert column(drawn(periods([2.0, 1.0])), "below_y") == [None, 1]


def test_a_target_that_moves_is_a_step_with_its_last_value_as_label() -> None:
    chart = drawn(periods([0.5, 0.52, 0.54], target=[0.55, 0.6, 0.6]), unit="percent")
    assert column(chart, "target") == [0.55, 0.6, 0.6]
    assert "target 60 %" in texts(chart)
    (line,) = [layer for layer in chart.spec["layer"] if layer["encoding"]["y"].get("field") == "target"]
    assert line["mark"]["interpolate"] == "step"
    assert line["mark"]["strokeDash"]


def test_labels_in_the_margin_never_lie_over_each_other() -> None:
    frame = periods([10.0, 20.0, 15.0], target=15.0, lower=5.0, centre=15.0, upper=25.0, complete=[True, True, False])
    chart = drawn(frame)
    heights = sorted(column(chart, f"{name}_y")[-1] for name in ("target", "centre", "hollow", "latest"))
    pixels = 300 / (25 - 5)
    assert min(upper - lower for lower, upper in pairwise(heights)) * pixels >= 2 * 13 + 6


def test_releases_are_flags_on_the_period_they_fell_in() -> None:
    releases = pd.DataFrame({"day": [date(2026, 1, 18), date(2026, 1, 19), date(2027, 1, 1)], "title": ["A", "B", "C"]})
    chart = drawn(periods([1.0, 2.0, 3.0]), releases=releases)
    assert column(chart, "released") == ["A", "B", "–"]


def test_several_releases_of_one_period_are_listed_by_day() -> None:
    releases = pd.DataFrame({"day": [date(2026, 1, 9), date(2026, 1, 6)], "title": ["later", "earlier"]})
    assert column(drawn(periods([1.0]), releases=releases), "released") == ["earlier; later"]


def test_parts_that_there_are_no_data_for_are_not_drawn() -> None:
    bare, full = (
        drawn(periods([1.0, 2.0])),
        drawn(
            periods([1.0, 2.0], target=3.0, low=0.5, high=2.5, n_text="n = 40"),
            releases=pd.DataFrame({"day": [date(2026, 1, 6)], "title": ["A"]}),
        ),
    )
    of_target = {"target", "target_text", "target_y", "target_label"}
    assert fields(full.spec) - fields(bare.spec) == {*of_target, "low", "high", "n_text", "released"}


def test_a_long_history_has_no_dots_but_keeps_its_signals() -> None:
    points = [
        len([1 for layer in drawn(periods([1.0] * n)).spec["layer"] if layer["mark"].get("size") == 22])
        for n in (60, 61)
    ]
    assert points == [1, 0]


def test_decimals_arrive_as_floats_and_nothing_else_than_text_float_and_bool_does() -> None:
    chart = drawn(periods([Decimal("361.00"), Decimal("400.50")], target=Decimal("380.10")))
    assert column(chart, "solid") == [361.0, 400.5]
    assert {str(kind) for kind in chart.frame.schema.types} <= {"string", "large_string", "double", "bool"}


def test_the_axis_of_euros_is_short_and_shares_one_magnitude() -> None:
    said = texts(drawn(periods([0.9e6, 1.3e6, 1.25e6]), unit="currency"))
    assert {"€0.8 M", "€1 M", "€1.2 M"} <= set(said) or {"€0.9 M", "€1 M"} <= set(said)
    assert not [text for text in said if " k" in text]


@pytest.mark.parametrize(
    ("unit", "values", "axis"),
    [
        ("currency", [0.002, 0.006, 0.004], {"€0.002", "€0.004", "€0.006"}),  # a call costs parts of a cent
        ("currency", [1_000_100.0, 1_000_300.0, 1_000_200.0], {"€1.0001 M", "€1.0002 M", "€1.0003 M"}),
        ("percent", [0.00002, 0.00006, 0.00004], {"0.002 %", "0.004 %", "0.006 %"}),
        ("percent", [0.99972, 0.99998, 0.9998], {"99.98 %"}),
        ("number", [9.0, 9.0, 9.0], {"9"}),
        ("percent", [133 / 192], {"69.27 %"}),  # one period, and it fills no scale
    ],
)
def test_labels_of_an_axis_have_the_decimals_that_set_them_apart(
    unit: str, values: list[float], axis: set[str]
) -> None:
    said = [text for text in texts(drawn(periods(values), unit=unit)) if text[0] in "€0123456789"]
    assert axis <= set(said)
    assert len(said) == len(set(said))


def test_negative_numbers_have_a_minus_sign() -> None:
    assert "−20" in texts(drawn(periods([-20.0, -5.0, 0.0]), unit="score"))


def test_the_value_axis_of_a_trend_does_not_start_at_zero() -> None:
    assert "0 %" not in texts(drawn(periods([0.50, 0.52, 0.51]), unit="percent"))


def test_sprints_are_named_on_the_axis_and_the_last_one_always() -> None:
    said = texts(drawn(periods([float(n) for n in range(30)])))
    assert "Sprint 30" in said
    assert "Sprint 27" in said
    assert "Sprint 29" not in said


@pytest.mark.parametrize("frame", [periods([]), pd.DataFrame(), periods([None, None])], ids=["none", "bare", "gaps"])
def test_nothing_to_show_is_an_empty_chart_that_says_so(frame: pd.DataFrame) -> None:
    chart = drawn(frame)
    assert chart.alt == "Line chart of Trust: there is no value to show."
    assert isinstance(chart.frame, pa.Table)
    texts(chart)


def test_one_period_is_a_chart_too() -> None:
    assert "Sprint 1 value 1" in texts(drawn(periods([3.0])))


def test_the_description_gives_the_message() -> None:
    frame = periods(
        [0.52, 0.48, 0.5],
        complete=[True, True, False],
        verdict=["within normal variation", "signal: down", "incomplete"],
        signal=[None, "bad", None],
        lower=0.5,
        centre=0.51,
        upper=0.52,
        target=0.55,
    )
    assert drawn(frame, unit="percent").alt.replace("\u00a0", " ") == (
        "Line chart of Trust, Sprint 1 to Sprint 3. Sprint 2: value 2. Unusually low (bad). Usual range 50–52 %. "
        "Target 55 %. 1 of 2 complete periods is unusual. Sprint 3 is not complete yet: value 3 so far."
    )


@pytest.mark.parametrize(
    ("verdicts", "limits", "told"),
    [
        (["judged per month", "signal: down"], None, ""),  # the month's verdict, beside the latest week
        (["too little history (2 of 8)"] * 2, None, ""),
        (["too few answers (3)", "within normal variation"], 1.0, "None is unusual."),
        (["overlaps a period that is judged", "signal: up"], 1.0, "1 of 1 judged period is unusual."),
    ],
)
def test_only_of_periods_that_are_judged_it_is_said_how_many_are_unusual(verdicts, limits, told) -> None:
    signal = [None, "good" if told.startswith("1") else None]
    chart = drawn(periods([1.0, 2.0], verdict=verdicts, lower=limits, centre=limits, upper=limits, signal=signal))
    assert ("unusual." in chart.alt, chart.alt.endswith(told)) == (bool(told), True)


def test_a_period_that_the_data_began_in_is_not_still_running() -> None:
    chart = drawn(periods([2.5, 2.0, 3.0], complete=[False, True, True]))
    assert "so far" not in chart.alt
    assert explain_marks(chart.frame.to_pydict()) == "Dashed: not complete"
    running = drawn(periods([2.5, 2.0, 3.0], complete=[False, True, False]))
    assert running.alt.endswith("Sprint 3 is not complete yet: value 3 so far.")
    assert "Dashed: not over yet" in explain_marks(running.frame.to_pydict())


def test_every_column_the_spec_reads_is_there() -> None:
    chart = drawn(periods([1.0, 2.0], target=2.0, low=0.0, high=3.0))
    assert fields(chart.spec) <= set(chart.frame.column_names)


def test_a_spec_is_one_view_without_data_addresses_or_fixed_colours() -> None:
    spec = drawn(periods([1.0, 2.0])).spec
    assert not {"vconcat", "hconcat", "facet", "repeat", "data", "datasets", "$schema"} & set(strings(spec))
    assert not [text for text in strings(spec) if "//" in text or text.startswith("#")]
    assert spec["usermeta"]["embedOptions"]["renderer"] == "svg"


def test_charts_of_one_shape_share_their_spec_and_drawing_leaves_it_alone() -> None:
    one, other = drawn(periods([1.0, 2.0])), drawn(periods([3.0, 4.0, 5.0]))
    before = str(one.spec)
    texts(one)
    assert one.spec is other.spec
    assert str(one.spec) == before


def test_the_frame_given_is_not_changed() -> None:
    frame = periods([1.0, 2.0], complete=[True, False])
    kept = frame.copy(deep=True)
    drawn(frame)
    pd.testing.assert_frame_equal(frame, kept)


def test_panels_below_each_other_have_the_same_margins() -> None:
    chart = drawn(periods([1.0, 2.0], centre=1.5, lower=1.0, upper=2.0), panel=True)
    (axis,) = [a for layer in chart.spec["layer"] if (a := layer["encoding"]["y"].get("axis"))]
    assert axis["minExtent"] == axis["maxExtent"]
    assert not [text for text in texts(chart) if text.startswith("average")]


def test_a_value_that_never_changes_is_written_once() -> None:
    same = [1.0] * 9
    chart = drawn(periods(same, lower=same, centre=same, upper=same), "percent")
    assert [
        words for name in ("latest", "centre", "hollow", "target") if (words := column(chart, f"{name}_label")[-1])
    ] == ["Sprint 9\nvalue 9"]


def test_labels_with_room_stay_at_their_lines_and_crowded_ones_give_way_alike() -> None:
    lone = drawn(periods([1.0, 5.0], target=9.0, centre=1.0, lower=0.0, upper=10.0))
    assert (column(lone, "centre_y")[-1], column(lone, "target_y")[-1]) == (1, 9)
    crowd = drawn(periods([9.0, 1.0], target=5.2, centre=5.0, lower=0.0, upper=10.0))
    assert (column(crowd, "centre_y")[-1] + column(crowd, "target_y")[-1]) / 2 == pytest.approx(5.1)


@pytest.mark.parametrize("complete", [[True, False], [False, False]])
def test_labels_keep_off_the_axis_and_one_another_where_one_period_is_complete_or_none(complete: list[bool]) -> None:
    """Of 60 over some 200 pixels a label of two lines takes more than 6; its middle is a third of that above 0."""
    two = drawn(periods([60.0, 0.0], complete=complete))
    words = {name: column(two, f"{name}_label")[-1] for name in ("latest", "hollow")}
    assert words == {"latest": "Sprint 1\nvalue 1" if complete[0] else "", "hollow": "so far\nvalue 2"}
    assert 2 < column(two, "hollow_y")[-1] < 10
    assert column(two, "latest_y")[-1] == (60 if complete[0] else None)


def by_day(values: list[Any], **columns: Any) -> Any:
    days = pd.to_datetime([date(2026, 1, 5) + timedelta(days=number) for number in range(len(values))])
    frame = periods(values, **columns).assign(period=days, ends_on=days)
    return trend_chart(frame, "Trust", "number", "EUR", "day")


def test_many_days_are_drawn_as_weeks_together_over_the_pale_days() -> None:
    rhythm = [10.0, 10, 10, 10, 10, 3, 3] * 10  # the same every week, so that seven days together never move
    chart = by_day(rhythm, low=0.0, high=20.0)
    assert column(chart, "smooth")[:6] == [None] * 6
    assert set(column(chart, "smooth")[6:]) == {8.0}
    assert {"smooth", "solid"} <= fields(chart.spec)
    assert "low" not in fields(chart.spec)  # seventy intervals side by side are a grey wall
    assert "Thick line: seven days together, thin: each day" in explain_marks(chart.frame.to_pydict())


def test_shares_of_seven_days_together_are_weighed_by_their_answers() -> None:
    chart = by_day([1.0, 0, 0, 0, 0, 0, 0] * 10, n=[2.0, 1, 1, 1, 1, 1, 1] * 10)
    assert column(chart, "smooth")[6] == pytest.approx(2 / 8)  # 2 of the 8 answers of that week


def test_shares_of_amounts_are_weighed_by_what_they_are_of_on_each_day() -> None:
    sold = pd.Series([100.0, 300, 0, 250, 80, 20, 1_000] * 10)  # of the third day of each week there is no share
    promoters = sold * pd.Series([0.9, 0.1, 0, 0.5, 0.8, 1, 0.2] * 10)
    share = (promoters / sold).where(sold > 0)
    chart = by_day(share.tolist(), denominator=sold.tolist())
    together = (promoters.rolling(7).sum() / sold.rolling(7).sum()).where(share.notna())
    assert column(chart, "smooth")[6:] == [None if one != one else pytest.approx(one) for one in together[6:]]


def test_few_days_and_other_periods_are_not_smoothed() -> None:
    assert "smooth" not in fields(by_day([1.0] * 30).spec)
    assert "smooth" not in fields(drawn(periods([1.0] * 70)).spec)


def test_what_the_marks_stand_for_is_said_of_those_there_are() -> None:
    bare = explain_marks(drawn(periods([1.0, 2.0])).frame.to_pydict())
    assert bare == ""
    full = periods([1.0, 2.0, 3.0], lower=0.0, upper=2.5, signal=[None, None, "bad"], low=0.5, high=2.5)
    words = explain_marks(drawn(full).frame.to_pydict())
    lines = "Upright lines: how far chance can reach (95 %)"
    assert words == f"Shaded: the usual range · {lines} · Red triangle: unusual, a problem"


def test_a_click_picks_a_period_only_where_something_may_be_written() -> None:
    names = [{p["name"] for p in drawn(periods([1.0]), picks=picks).spec.get("params", ())} for picks in (True, False)]
    assert names == [{"near", "picked"}, {"near"}]


def test_a_drag_chooses_a_stretch_but_a_finger_scrolls() -> None:
    params = {p["name"]: p for p in drawn(periods([1.0]), stretches=True).spec["params"]}
    assert params.keys() == {"near", "stretch"}
    assert params["stretch"]["select"]["encodings"] == ["x"]
    assert "pointerType == 'mouse'" in params["stretch"]["select"]["on"]


@pytest.mark.parametrize(
    ("unit", "values", "ends"),
    [
        ("percent", [0.02, 0.9, 0.4], (0, 1)),
        ("percent", [0.02, 0.06, 0.4], (0, None)),
        ("percent", [0.96, 1.0, 0.98], (None, 1)),
        ("percent", [0.96, 1.04, 0.98], (None, None)),
        ("percent", [0.4, 0.5, 0.6], (None, None)),
        ("number", [3, 0, 4], (0, None)),
        ("currency", [-3, 0, 4], (None, None)),
        ("score", [1, 40, 30], (None, None)),
    ],
)
def test_an_axis_ends_where_the_value_has_to(unit: str, values: list[float], ends: tuple[Any, Any]) -> None:
    chart = drawn(periods(values), unit=unit)
    assert axis_ends(chart.frame.to_pydict(), unit, HEIGHT) == ends
    assert (value_at_the_bottom(chart) == pytest.approx(0, abs=1e-9)) == (ends[0] == 0)
    scales = [
        part["encoding"]["y"]["scale"] for part in chart.spec["layer"] if "scale" in part["encoding"].get("y", {})
    ]
    assert {scale.get("domainMax") for scale in scales} == {ends[1]}


def test_no_label_in_the_margin_is_pushed_below_what_a_value_can_be() -> None:
    frame = periods([0.02, 0.05, 0.01, 0.0], complete=[True, True, True, False], centre=0.02, lower=0.0, upper=0.06)
    chart = drawn(frame, "percent")
    places = sorted(column(chart, name)[-1] for name in ("centre_y", "hollow_y", "latest_y"))
    assert places[0] > 0
    assert min(high - low for low, high in pairwise(places)) > 0.01


def value_at_the_bottom(chart: Any) -> float:
    """What stands where the plot ends, told from where the numbers of the axis stand; shares as percentages."""
    found = re.findall(r'translate\(-8,([\d.]+)\)"[^>]*>([^<]*)<', svg(chart))
    numbers = sorted((float(y) - 4, float(re.sub("[€%\\s\u00a0]", "", said).replace("−", "-"))) for y, said in found)
    (top, high), (low_y, low) = numbers[0], numbers[-1]
    bottom = float(re.search(r"M0,0h[\d.]+v([\d.]+)", svg(chart))[1])
    return low - (bottom - low_y) * (high - low) / (low_y - top)


def test_a_part_that_vega_lite_does_not_know_fails_where_charts_are_tested() -> None:
    with pytest.raises(SchemaValidationError, match="opacty"):
        alt.Chart().mark_area(opacty=0.5)
