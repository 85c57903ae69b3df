"""Two KVIs side by side, and which of them leads. The correlations come from `domain.comparison`.

Two panels, never two axes in one: where two scales share a plot, the eye finds crossings that mean nothing.
"""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from kviboard.charts.theme import Chart, Spec, layered, to_rows
from kviboard.charts.trend import trend_chart
from kviboard.components.palette import colour
from kviboard.domain.formatting import counted
from kviboard.domain.kvis.comparison import Comparison, in_words

PANEL_HEIGHT = 170
LAG_HEIGHT = 220


def panel_chart(frame: pd.DataFrame, title: str, unit: str, currency: str, grain: str) -> Chart:
    """One of several trends drawn below each other: low, and with margins of fixed width so that periods line up.

    `frame` as for `trend_chart`.
    """
    return trend_chart(frame, title, unit, currency, grain, height=PANEL_HEIGHT, panel=True)


def lag_chart(comparison: Comparison, first: str, second: str, grain: str) -> Chart:
    """How strongly changes of two KVIs go together, by how much earlier one of them is; the band is chance."""
    lags = comparison.lags
    strongest = comparison.strongest.lag if comparison.strongest else None
    rows: dict[str, list[Any]] = {
        "lag": [-found.lag for found in lags],
        "said": [_in_words(found.lag, first, second, grain) for found in lags],
        "correlation": [found.correlation for found in lags],
        "is_strongest": [found.lag == strongest for found in lags],
        "text": [f"{found.correlation:+.2f}".replace("-", "−") for found in lags],
        "pairs": [f"{found.pairs} changes" for found in lags],
        "chance_low": [-comparison.threshold] * len(lags),
        "chance_high": [comparison.threshold] * len(lags),
    }
    spec = lag_spec(f"← {first} earlier   ·   {grain}s   ·   {second} earlier →")
    return Chart(spec, to_rows(rows), in_words(comparison, first, second, grain))


def _in_words(lag: int, first: str, second: str, grain: str) -> str:
    if lag == 0:
        return "In the same period"
    return f"{first if lag > 0 else second} {counted(abs(lag), grain)} earlier"


@lru_cache(maxsize=32)
def lag_spec(directions: str) -> Spec:
    """Bars from zero over the band in which chance alone would keep them."""
    chance = alt.Chart().mark_rect(color=colour("band"), aria=False)
    bar = alt.Chart().mark_bar(width=alt.RelativeBandSize(0.5), aria=False)
    label = alt.Chart().mark_text(style="note", aria=False, dy=alt.ExprRef("datum.correlation < 0 ? 12 : -12"))
    strength = alt.condition(alt.datum.is_strongest, alt.value(colour("accent")), alt.value(colour("centre")))
    tips = [("said", "title"), ("text", "From −1 to +1"), ("pairs", "Over")]
    layers = [
        chance.encode(
            x=alt.value(0),
            x2=alt.value("width"),
            y=alt.Y(field="chance_low", type="quantitative"),
            y2=alt.Y2(field="chance_high"),
        ),
        bar.encode(
            y=_correlation(),
            color=strength,
            tooltip=[alt.Tooltip(field=name, type="nominal", title=title) for name, title in tips],
        ),
        label.encode(y=_correlation(), text=alt.Text(field="text", type="nominal")),
    ]
    axis = alt.Axis(title=directions, titlePadding=10, labelExpr="abs(datum.value)", labelAngle=0)
    return layered(layers, LAG_HEIGHT, x=alt.X(field="lag", type="ordinal", axis=axis))


def _correlation() -> alt.Y:
    said = "datum.value > 0 ? 'together' : datum.value < 0 ? 'against' : '0'"
    axis = alt.Axis(title=None, values=[-1, 0, 1], labelExpr=said)
    return alt.Y(field="correlation", type="quantitative", scale=alt.Scale(domain=[-1, 1]), axis=axis)
