"""A chart's place has its height before the browser has what draws it: nothing below moves when it comes."""

from typing import Any

import pyarrow as pa
import pytest
import streamlit as st

from kviboard.charts.theme import Chart
from kviboard.ui.draw import draw_chart


@pytest.mark.parametrize(("spec", "kept"), [({"height": 240}, 240), ({"vconcat": []}, None)])
def test_the_place_of_a_chart_is_as_high_as_its_spec_says(
    monkeypatch: pytest.MonkeyPatch, spec: dict[str, Any], kept: int | None
) -> None:
    drawn: dict[str, Any] = {}
    monkeypatch.setattr(st, "vega_lite_chart", lambda *given, **named: drawn.update(named))
    draw_chart(Chart(spec, pa.table({"value": [1.0]}), "One value."), key="one")
    assert drawn.get("height") == kept
