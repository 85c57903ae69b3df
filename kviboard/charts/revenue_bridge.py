"""What moved revenue from one period to the next: a waterfall. The sums are computed in the warehouse."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import altair as alt

from kviboard.charts.theme import NOTE, VALUE_PADDING, Chart, Spec, layered, to_rows, value_axis
from kviboard.components.palette import colour
from kviboard.domain.formatting import CURRENCY_SIGNS, SPACE, format_value

HEIGHT = 320
_NARROW = "width < 480"
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

    `row` has opening, closing, the amounts of RISES and FALLS, none negative, and refunds of either sign, which have a
    bar where there are any; `before` and `label` name the periods.
    """
    steps = [("total", before, 0.0, float(row["opening"]))]
    level = float(row["opening"])
    for kind in (*RISES, *FALLS):
        change = float(row[kind]) * (1 if kind in RISES else -1)
        steps.append(("rise" if kind in RISES else "fall", _NAMES[kind], level, level + change))
        level += change
    if refunds := float(row["refunds"]):
        steps.append(("rise" if refunds > 0 else "fall", "Refunds", level, level + refunds))
    steps.append(("total", label, 0.0, float(row["closing"])))
    rows: dict[str, list[Any]] = {
        "kind": [kind for kind, *_ in steps],
        "name": [name for _, name, *_ in steps],
        "start": [start for *_, start, _ in steps],
        "end": [end for *_, end in steps],
        "said": [_said(kind, end - start, currency, False) for kind, _, start, end in steps],
        "exact": [_said(kind, end - start, currency, True) for kind, _, start, end in steps],
    }
    down = [kind == "fall" or (kind == "total" and end < 0) for kind, _, _, end in steps]
    for name, texts in (("", rows["said"]), ("_short", _without_sign(rows["said"], currency))):
        rows[f"above{name}"] = ["" if below else said for below, said in zip(down, texts, strict=True)]
        rows[f"below{name}"] = [said if below else "" for below, said in zip(down, texts, strict=True)]
    told = ", ".join(f"{name} {said}" for name, said in zip(rows["name"], rows["said"], strict=True))
    is_negative = any(end < 0 for *_, end in steps)
    return Chart(_spec(currency, is_negative), to_rows(rows), f"What moved revenue from {before} to {label}: {told}.")


def _said(kind: str, change: float, currency: str, precise: bool) -> str:
    sign = "+" if kind == "rise" and change else ""
    return sign + format_value(change, "currency", currency, precise)


def _without_sign(texts: list[str], currency: str) -> list[str]:
    """For a phone, where a bar is narrower than its amount and the axis names the currency."""
    sign = CURRENCY_SIGNS.get(currency, currency + SPACE)
    return [said.replace(sign, "") for said in texts]


def _label(field: str, style: dict[str, Any]) -> alt.Chart:
    size = alt.ExprRef(f"{_NARROW} ? 11 : {NOTE}")
    whole, short = (alt.Text(field=name, type="nominal") for name in (field, f"{field}_short"))
    end = alt.Y(field="end", type="quantitative")
    return (
        alt.Chart()
        .mark_text(style="note", fontSize=size, aria=False, **style)
        .encode(y=end, text=alt.condition(_NARROW, short, whole))
    )


@cache
def _spec(currency: str, is_negative: bool) -> Spec:
    kinds = alt.Scale(domain=["total", "rise", "fall"], range=[colour("centre"), colour("good"), colour("bad")])
    tips = [alt.Tooltip(field="name", type="nominal", title="title")]
    tips.append(alt.Tooltip(field="exact", type="nominal", title="Amount"))
    one_under_the_other = "split(datum.value, ' ')"
    axis = alt.Axis(title=None, labelAngle=0, labelOverlap=False, labelExpr=one_under_the_other)
    x = alt.X(field="name", type="nominal", sort=None, axis=axis)
    room: dict[str, Any] = {"padding": VALUE_PADDING, "nice": False} if is_negative else {}  # for labels below
    scale = alt.Scale(zero=True, **room)
    y = alt.Y(field="start", type="quantitative", axis=value_axis("currency", currency), scale=scale)
    bar = alt.Chart().mark_bar(aria=False, cornerRadius=1)
    hue = alt.Color(field="kind", type="nominal", scale=kinds, legend=None)
    layers = [
        bar.encode(y=y, y2=alt.Y2(field="end"), color=hue, tooltip=tips),
        _label("above", {"baseline": "bottom", "dy": -4}),
        _label("below", {"baseline": "top", "dy": 5}),
    ]
    return layered(layers, HEIGHT, x=x)
