"""The strip of days with rows: bars and holes stand where the calendar puts them."""

import xml.etree.ElementTree as ElementTree
from datetime import date, timedelta

from kviboard.components.coverage import WIDTH, coverage_svg
from kviboard.domain.kvis.coverage import coverage_of

FIRST = date(2026, 1, 1)


def bars(numbers: list[int], days: int) -> list[tuple[float, float]]:
    """Left and width of each bar, the track left out; day 0 is the first of the axis."""
    coverage = coverage_of(FIRST + timedelta(number) for number in numbers)
    svg = coverage_svg(coverage, FIRST, FIRST + timedelta(days - 1), "orders: rows on <some> days")
    _, *drawn = ElementTree.fromstring(svg).iter("rect")
    return [(float(bar.get("x")), float(bar.get("width"))) for bar in drawn]


def test_a_table_fills_its_own_part_of_the_shared_axis():
    assert bars([5, 6, 7, 8, 9], days=10) == [(WIDTH / 2, WIDTH / 2)]


def test_a_gap_is_a_hole_where_its_days_are():
    reach, hole = bars([0, 1, 5, 6, 7, 8, 9], days=10)
    assert reach == (0, WIDTH)
    assert hole == (WIDTH * 0.2, WIDTH * 0.3)


def test_one_day_in_ten_years_can_still_be_seen():
    days = [number for number in range(3650) if number != 1000]
    assert bars(days, days=3650)[1][1] >= 1


def test_its_name_is_read_aloud_and_safe():
    svg = coverage_svg(coverage_of([FIRST]), FIRST, FIRST, "rows on <some> days")
    root = ElementTree.fromstring(svg)
    assert (root.get("role"), root.get("aria-label")) == ("img", "rows on <some> days")
