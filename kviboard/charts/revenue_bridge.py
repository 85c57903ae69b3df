"""What moved revenue from one period to the next: a waterfall. The sums are computed in the warehouse."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import altair as alt

from kviboard.charts.theme import Chart, Spec, finish, to_rows, value_axis
from kviboard.components.palette import colour
from kviboard.domain.formatting import format_value

HEIGHT = 320
RISES = ("new", "expansion", "reactivated")
FALLS = ("contraction", "lost")
_NAMES = {
    "new": "New",
    "expansion": "Grew",
    "reactivated": "Back",
    "contraction": "Shrank",
    "lost": "Lost",
}  # short enough for a phone


def bridge_chart(row: Mapping[str, float], before: str, label: str, currency: str) -> Chart:
    """Opening, rises, falls, closing as one bar each, every step beginning where the one before it ended.

    `row` has opening, closing and the amounts of RISES and FALLS, none negative; `before` and `label` name the periods.
    """
    steps = [("total", before, 0.0, float(row["opening"]))]
    level = float(row["opening"])
    for kind in (*RISES, *FALLS):
        change = float(row[kind]) * (1 if kind in RISES else -1)
        steps.append(("rise" if kind in RISES else "fall", _NAMES[kind], level, level + change))
        level += change
    steps.append(("total", label, 0.0, float(row["closing"])))
    rows: dict[str, list[Any]] = {
        "kind": [kind for kind, *_ in steps],
        "name": [name for _, name, *_ in steps],
        "start": [start for *_, start, _ in steps],
        "end": [end for *_, end in steps],
        "said": [_said(kind, end - start, currency, False) for kind, _, start, end in steps],
        "exact": [_said(kind, end - start, currency, True) for kind, _, start, end in steps],
    }
    rows["above"] = ["" if kind == "fall" else said for kind, said in zip(rows["kind"], rows["said"], strict=True)]
    rows["below"] = [said if kind == "fall" else "" for kind, said in zip(rows["kind"], rows["said"], strict=True)]
    told = ", ".join(f"{name} {said}" for name, said in zip(rows["name"], rows["said"], strict=True))
    return Chart(_spec(currency), to_rows(rows), f"What moved revenue from {before} to {label}: {told}.")


def _said(kind: str, change: float, currency: str, precise: bool) -> str:
    sign = "+" if kind == "rise" and change else ""
    return sign + format_value(change, "currency", currency, precise)


@cache
def _spec(currency: str) -> Spec:
    kinds = alt.Scale(domain=["total", "rise", "fall"], range=[colour("centre"), colour("good"), colour("bad")])
    tips = [alt.Tooltip(field="name", type="nominal", title="title")]
    tips.append(alt.Tooltip(field="exact", type="nominal", title="Amount"))
    one_under_the_other = "split(datum.value, ' ')"
    axis = alt.Axis(title=None, labelAngle=0, labelOverlap=False, labelExpr=one_under_the_other)
    x = alt.X(field="name", type="nominal", sort=None, axis=axis)
    y = alt.Y(field="start", type="quantitative", axis=value_axis("currency", currency), scale=alt.Scale(zero=True))
    bar = alt.Chart().mark_bar(aria=False, cornerRadius=1)
    above = alt.Chart().mark_text(style="note", baseline="bottom", dy=-4, aria=False)
    below = alt.Chart().mark_text(style="note", baseline="top", dy=5, aria=False)
    end = alt.Y(field="end", type="quantitative")
    hue = alt.Color(field="kind", type="nominal", scale=kinds, legend=None)
    layers = [
        bar.encode(y=y, y2=alt.Y2(field="end"), color=hue, tooltip=tips),
        above.encode(y=end, text=alt.Text(field="above", type="nominal")),
        below.encode(y=end, text=alt.Text(field="below", type="nominal")),
    ]
    return finish(alt.layer(*layers).encode(x=x), HEIGHT)
