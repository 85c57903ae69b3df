"""The time line of an objective or key result."""

from datetime import date

import pytest

from kviboard.charts.timeline import Timeline, story_chart

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)


@pytest.mark.parametrize(("lowest", "is_named"), [(0.0, False), (0.2, False), (-0.1, True)])
def test_the_room_below_nothing_has_no_values(lowest: float, is_named: bool) -> None:
    values = [(FIRST, lowest, "low"), (date(2026, 11, 1), 0.6, "60 %")]
    chart = story_chart(Timeline(FIRST, LAST, LAST, "percent", "EUR", values=values), "Bills are understood")
    axis = chart.spec["encoding"]["y"]["axis"]
    for what in ("labelOpacity", "gridOpacity"):
        hidden = axis.get(what, {}).get("condition")
        assert hidden == (None if is_named else {"test": "datum.value < 0", "value": 0})
