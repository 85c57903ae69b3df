"""What customers of each band did, question by question: dots with their intervals. Shares are computed elsewhere."""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from kviboard.charts.bands import BANDS
from kviboard.charts.theme import Chart, Spec, column, layered, number_expression, numbers, to_rows
from kviboard.components.palette import colour
from kviboard.domain.formatting import format_range, format_value

ROW = 34  # px


def loyalty_chart(frame: pd.DataFrame, question: str) -> Chart:
    """A dot per band on one scale from 0 %, its 95 % interval behind it.

    `frame` has band, share, low, high and n of one question, promoters first.
    """
    low, high, share = (numbers(column(frame, name)) for name in ("low", "high", "share"))
    rows: dict[str, list[Any]] = {
        "band": [f"{band}s" for band in column(frame, "band")],
        "share": share,
        "low": low,
        "high": high,
        "said": [format_value(each, "percent") for each in share],
        "range_text": [format_range(*ends, "percent") for ends in zip(low, high, strict=True)],
        "n_text": [f"{int(n):,}" for n in column(frame, "n")],
    }
    rows["end_text"] = [f"{said} of {n}" for said, n in zip(rows["said"], rows["n_text"], strict=True)]
    texts = zip(rows["band"], rows["said"], rows["range_text"], strict=True)
    told = "; ".join(f"{band}: {said} ({ends})" for band, said, ends in texts)
    return Chart(_spec(len(frame)), to_rows(rows), f"Share that {question}. {told}.")


@cache
def _spec(count: int) -> Spec:
    axis = alt.Axis(title=None, tickCount=4, grid=True, domain=False, labelExpr=number_expression("percent", scale="x"))
    scale = alt.Scale(zero=True, nice=4)
    colours = alt.Scale(domain=list(BANDS), range=[colour("bad"), colour("passive"), colour("good")])
    fields = (("band", "title"), ("said", "Share"), ("range_text", "Chance reaches"), ("n_text", "Answers"))
    spread = alt.Chart().mark_rule(color=colour("centre"), strokeWidth=5, strokeCap="round", aria=False)
    dot = alt.Chart().mark_point(filled=True, size=110, opacity=1, aria=False)
    words = alt.Chart().mark_text(style="beside", aria=False)
    layers = [
        spread.encode(x=alt.X(field="low", type="quantitative", axis=axis, scale=scale), x2=alt.X2(field="high")),
        dot.encode(
            x=alt.X(field="share", type="quantitative", axis=axis, scale=scale, title=None),
            color=alt.Color(field="band", type="nominal", scale=colours, legend=None),
            tooltip=[alt.Tooltip(field=name, type="nominal", title=title) for name, title in fields],
        ),
        words.encode(x=alt.value("width"), text=alt.Text(field="end_text", type="nominal")),
    ]
    labels = alt.Axis(title=None, labelFontSize=14, labelColor=colour("text"), grid=False, minExtent=80)
    y = alt.Y(field="band", type="nominal", sort=None, axis=labels)
    return layered(layers, ROW * count + 40, y=y)
