"""Sparklines: what is drawn for gaps, single points, equal values, levels, incomplete periods and signals."""

import re
from xml.etree import ElementTree

import pytest

from kviboard.charts.slices import small_multiples
from kviboard.components.sparkline import HEIGHT, MARGIN_X, MARGIN_Y, WIDTH, Spark, sparkline_svg

NAN = float("nan")


def drawn(spark: Spark, label: str = "Trend") -> ElementTree.Element:
    """The picture as a tree; parsing fails where it is not well formed."""
    return ElementTree.fromstring(sparkline_svg(spark, label))


def strokes(svg: ElementTree.Element, dashed: bool) -> list[int]:
    """How many points each stroke of the line joins."""
    paths = [path for path in svg.iter("path") if path.get("stroke-width") in ("1.75", "1.5")]
    found = [path.get("d", "") for path in paths if (path.get("stroke-dasharray") is not None) == dashed]
    return [len(re.findall("[ML]", stroke)) for path in found for stroke in re.findall("M[^M]*", path)]


def dots(svg: ElementTree.Element) -> list[tuple[float, float, str]]:
    return [(float(c.get("cx", "")), float(c.get("cy", "")), c.get("fill", "")) for c in svg.iter("circle")]


def test_it_is_an_image_with_a_name_for_screen_readers() -> None:
    svg = drawn(Spark([1.0, 2.0]), 'Shares <50\u00a0% & "falling"')
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == 'Shares <50\u00a0% & "falling"'


def test_all_colours_follow_the_theme_of_the_page() -> None:
    svg = sparkline_svg(Spark([1, 2, 9], [0] * 3, [1] * 3, [2] * 3, [True, True, False], [None, "bad", None]), "Trend")
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg)) == {
        "none",
        "var(--kvi-band)",
        "var(--kvi-centre)",
        "var(--kvi-text)",
        "var(--kvi-secondary)",
        "var(--kvi-page)",
        "var(--kvi-bad)",
    }


@pytest.mark.parametrize("gap", [None, NAN], ids=["none", "nan"])
def test_a_gap_breaks_the_line(gap: float | None) -> None:
    svg = drawn(Spark([1.0, 2.0, 3.0, gap, 4.0, 5.0]))
    assert strokes(svg, dashed=False) == [3, 2]


def test_a_value_between_two_gaps_is_a_dot() -> None:
    svg = drawn(Spark([1.0, 2.0, None, 3.0, None, 4.0, 5.0]))
    assert strokes(svg, dashed=False) == [2, 2]
    assert len(dots(svg)) == 2  # the lonely one and the latest


@pytest.mark.parametrize("values", [[], [None], [NAN, None]], ids=["nothing", "none", "nan"])
def test_without_values_it_is_an_empty_image(values: list[float | None]) -> None:
    svg = drawn(Spark(values))
    assert len(svg) == 0
    assert svg.get("aria-label") == "Trend"


def test_one_value_is_one_dot_at_the_right() -> None:
    ((x, y, _),) = dots(drawn(Spark([7.0])))
    assert x > WIDTH / 2
    assert y == HEIGHT / 2


def test_equal_values_run_through_the_middle() -> None:
    svg = drawn(Spark([5.0, 5.0, 5.0]))
    assert {y for _, y, _ in dots(svg)} == {HEIGHT / 2}


def test_the_highest_value_is_at_the_top_and_the_lowest_at_the_bottom() -> None:
    path = next(drawn(Spark([10.0, 30.0, 20.0])).iter("path")).get("d", "")
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path)]
    assert heights == [HEIGHT - MARGIN_Y, MARGIN_Y, HEIGHT / 2]


def test_an_incomplete_period_is_dashed_and_hollow() -> None:
    svg = drawn(Spark([5.0, 6.0, 5.5], complete=[True, True, False]))
    assert strokes(svg, dashed=False) == [2]
    assert strokes(svg, dashed=True) == [2]
    assert dots(svg)[-1][2] == "var(--kvi-page)"


def test_an_incomplete_sum_does_not_flatten_the_history() -> None:
    whole = [100.0, 104.0, 98.0, 102.0]
    alone = next(drawn(Spark(whole)).iter("path")).get("d", "")
    started = next(drawn(Spark([*whole, 12.0], complete=[True] * 4 + [False])).iter("path")).get("d", "")
    assert re.findall(r" ([\d.]+)", alone) == re.findall(r" ([\d.]+)", started)
    assert dots(drawn(Spark([*whole, 12.0], complete=[True] * 4 + [False])))[-1][1] == HEIGHT - MARGIN_Y


def test_signals_are_dots_in_the_colour_of_what_they_mean() -> None:
    svg = drawn(Spark([1.0, 9.0, 2.0, -9.0, 1.0], signal=[None, "good", None, "bad", "neutral"]))
    assert [fill for _, _, fill in dots(svg)] == ["var(--kvi-good)", "var(--kvi-bad)", "var(--kvi-neutral)"]


def test_a_missing_signal_may_come_as_nan_from_a_frame() -> None:
    assert len(dots(drawn(Spark([1.0, 2.0], signal=[NAN, NAN])))) == 1  # type: ignore[list-item]


def test_a_new_level_has_a_band_of_its_own() -> None:
    spark = Spark([1, 1, 5, 5], [0, 0, 4, 4], [1, 1, 5, 5], [2, 2, 6, 6])
    bands = [(float(r.get("x", "")), float(r.get("width", ""))) for r in drawn(spark).iter("rect")]
    (first_x, first_width), (second_x, _) = bands
    assert first_x + first_width == pytest.approx(second_x)


def test_periods_without_limits_have_no_band() -> None:
    spark = Spark([1.0, 2.0], [None, None], [None, None], [None, None])
    assert list(drawn(spark).iter("rect")) == []


def test_the_band_goes_on_over_an_incomplete_period() -> None:
    spark = Spark([1, 2, 1], [0, 0, NAN], [1, 1, NAN], [2, 2, NAN], [True, True, False])
    (band,) = drawn(spark).iter("rect")
    assert float(band.get("x", "")) + float(band.get("width", "")) == WIDTH - MARGIN_X


def test_what_a_period_says_is_there_on_hover_and_escaped() -> None:
    titles = [title.text for title in drawn(Spark([1.0, 2.0], hover_texts=["May: <1>", "Jun: 2"])).iter("title")]
    assert titles == ["May: <1>", "Jun: 2"]


def test_small_multiples_share_one_scale() -> None:
    sparks = small_multiples({"low": Spark([1.0, 2.0]), "high": Spark([9.0, 11.0])})
    heights = {name: [y for _, y, _ in dots(drawn(spark))] for name, spark in sparks.items()}
    room = HEIGHT - 2 * MARGIN_Y
    assert heights["low"] == [pytest.approx(HEIGHT - MARGIN_Y - room * 0.1, abs=0.06)]
    assert heights["high"] == [MARGIN_Y]


def test_small_multiples_of_nothing_are_nothing() -> None:
    assert small_multiples({}) == {}
