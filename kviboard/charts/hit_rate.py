"""The hit rate of predictions over sprints: dots with their intervals, so that three of three does not look certain."""

from collections.abc import Sequence
from typing import Protocol

import altair as alt

from kviboard.charts.theme import Chart, layered, to_rows, value_axis
from kviboard.components.palette import colour
from kviboard.domain.reviews.predictions import HitRate

HEIGHT = 220


class Line(Protocol):
    """A sprint with its hit rate."""

    @property
    def sprint(self) -> str: ...

    @property
    def rate(self) -> HitRate: ...


def hit_rate_chart(lines: Sequence[Line]) -> Chart:
    """One dot per sprint that measured a prediction, oldest first, its 95 % interval behind it."""
    shown = [line for line in reversed(lines) if line.rate.measured]
    spans = [line.rate.interval or (0.0, 1.0) for line in shown]
    rows = to_rows(
        {
            "sprint": [line.sprint for line in shown],
            "rate": [line.rate.rate for line in shown],
            "low": [low for low, _ in spans],
            "high": [high for _, high in spans],
            "said": [line.rate.text for line in shown],
        }
    )
    x = alt.X(field="sprint", type="ordinal", sort=None, axis=alt.Axis(title=None, labelAngle=0, labelOverlap="parity"))
    scale = alt.Scale(domain=[0, 1])
    axis = value_axis("percent", "EUR")
    span = alt.Chart().mark_rule(color=colour("secondary"), opacity=0.5, strokeWidth=3)
    dot = alt.Chart().mark_point(filled=True, size=110, opacity=1, color=colour("accent"))
    tooltip = [
        alt.Tooltip(field="sprint", type="nominal", title="title"),
        alt.Tooltip(field="said", type="nominal", title="Predictions"),
    ]
    layers = (
        span.encode(x=x, y=alt.Y(field="low", type="quantitative", scale=scale, axis=axis), y2=alt.Y2(field="high")),
        dot.encode(
            x=x, y=alt.Y(field="rate", type="quantitative", scale=scale, axis=axis, title=None), tooltip=tooltip
        ),
    )
    summary = "; ".join(f"{line.sprint}: {line.rate.text}" for line in shown)
    return Chart(layered(layers, HEIGHT), rows, f"Predictions that came true per sprint. {summary}.")
