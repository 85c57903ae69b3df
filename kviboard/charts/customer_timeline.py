"""One customer's time line: what happened on which day, in a lane for each kind of thing."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import altair as alt

from kviboard.charts.theme import Chart, Spec, finish, local_midnight, to_rows
from kviboard.components.palette import colour
from kviboard.domain.formatting import format_day

LANE = 46  # px
DONE = "Done or due"
LANES = ("Orders", "Answers", "Contacts", DONE, "Use")
_TONES = ("good", "passive", "bad", "calm", "edge")  # an edge only stretches the axis
_SHAPES = {
    "Orders": "circle", "Answers": "diamond", "Contacts": "square", DONE: "triangle-up",
    "Use": "M-0.12,-0.8H0.12V0.8H-0.12Z",
}  # fmt: skip


def customer_chart(events: Sequence[tuple[date, str, str, str]], first: date, last: date, name: str) -> Chart:
    """A mark per event on a time axis from `first` to `last`.

    events: day, lane (one of LANES), tone (good, passive, bad or calm), what is said of it on hover.
    """
    lanes = tuple(lane for lane in LANES if any(event[1] == lane for event in events))
    rows: dict[str, list[Any]] = {
        "day": [local_midnight(day) for day in (*(day for day, *_ in events), first, last)],
        "lane": [lane for _, lane, *_ in events] + [*lanes[:1], *lanes[:1]],
        "tone": [tone for *_, tone, _ in events] + ["edge", "edge"],
        "said": [said for *_, said in events] + ["", ""],
        "day_text": [format_day(day) for day, *_ in events] + ["", ""],
    }
    counts = ", ".join(f"{sum(event[1] == lane for event in events):,} {lane.lower()}" for lane in lanes)
    told = f"What happened with {name} from {format_day(first)} to {format_day(last)}: {counts or 'nothing'}."
    return Chart(_spec(lanes), to_rows(rows), told)


@cache
def _spec(lanes: tuple[str, ...]) -> Spec:
    hues = [*(colour(role) for role in ("good", "passive", "bad", "secondary")), "transparent"]
    tones = alt.Scale(domain=list(_TONES), range=hues)
    shapes = alt.Scale(domain=list(lanes), range=[_SHAPES[lane] for lane in lanes])
    axis = alt.Axis(title=None, tickCount=6, format="%b %Y", labelAngle=0, labelOverlap="parity", labelSeparation=12)
    named = alt.Axis(title=None, labelFontSize=14, labelColor=colour("text"), grid=True, minExtent=70)
    chart = (
        alt.Chart()
        .mark_point(filled=True, size=90, opacity=0.85, aria=False)
        .encode(
            x=alt.X(field="day", type="temporal", axis=axis),
            y=alt.Y(field="lane", type="nominal", sort=list(lanes), axis=named, scale=alt.Scale(domain=list(lanes))),
            color=alt.Color(field="tone", type="nominal", scale=tones, legend=None),
            shape=alt.Shape(field="lane", type="nominal", scale=shapes, legend=None),
            tooltip=[
                alt.Tooltip(field="day_text", type="nominal", title="title"),
                alt.Tooltip(field="said", type="nominal", title="What"),
            ],
        )
    )
    return finish(chart, LANE * max(len(lanes), 1) + 50)
