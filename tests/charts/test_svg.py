"""Charts as inline SVG: one picture with one name, in the page's colours and font."""

import re

import pandas as pd

from kviboard.charts.svg import chart_svg
from kviboard.charts.theme import Chart
from kviboard.charts.trend import trend_chart


def chart(label: str = "Sprint") -> Chart:
    days = pd.date_range("2026-01-05", periods=12, freq="14D")
    frame = pd.DataFrame(
        {
            "period": days,
            "ends_on": days + pd.Timedelta(days=13),
            "label": [f"{label} {number}" for number in range(1, 13)],
            "value": [float(number % 5) for number in range(12)],
            "value_text": [str(number % 5) for number in range(12)],
            "change_text": "–",
            "verdict": ["within normal variation"] * 11 + ["signal: up"],
            "complete": True,
            "signal": [None] * 11 + ["good"],
            "lower": -1.0,
            "centre": 2.0,
            "upper": 5.0,
        }
    )
    return trend_chart(frame, "Nights", "number", "EUR", "sprint", height=280)


def test_a_chart_is_one_image_named_by_its_message() -> None:
    svg = chart_svg(chart(), 720)
    assert svg.startswith('<svg class="kvi-chart" viewBox="0 0 720 280" role="img" aria-label="Line chart of Nights, ')
    assert svg.count("role=") == svg.count("aria-") == 1


def test_colours_and_font_are_those_of_the_page() -> None:
    svg = chart_svg(chart(), 720)
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) >= {
        "var(--kvi-text)",
        "var(--kvi-band)",
        "var(--kvi-good)",
    }
    assert not re.search(r'(?:fill|stroke)="(?!none|var\(--kvi-)', svg)
    assert "font-family" not in svg


def test_what_only_answers_a_pointer_is_left_out() -> None:
    svg = chart_svg(chart(), 720)
    assert 'opacity="0"' not in svg
    assert "var(--kvi-accent)" not in svg  # the ring around the nearest period


def test_labels_are_shown_as_written_and_never_as_markup() -> None:
    svg = chart_svg(chart('</text><script x="y">&amp; '), 720)
    assert "<script" not in svg
    assert "&lt;/text&gt;&lt;script" in svg


def test_charts_name_no_other_place() -> None:
    assert "http" not in chart_svg(chart(), 720)
