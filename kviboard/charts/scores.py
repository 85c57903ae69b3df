"""Scores: how many gave which, the bands of each period, and the Net Promoter Score with its interval."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from kviboard.charts.bands import BANDS
from kviboard.charts.periods import axis_keys
from kviboard.charts.theme import Chart, Spec, column, days, hollow, layered, numbers, period_axis, to_rows, value_axis
from kviboard.components.palette import colour
from kviboard.domain.formatting import counted, format_range, format_value
from kviboard.domain.kvis.intervals import CHANCE

_FITS = "datum.place % ceil(0.9 * (6.5 * length(datum.n_text) + 6) / bandwidth('x')) == 0"
"""Whether there is room above a bar, which takes 0.9 of its step, for its number of answers; the last one has it."""
HEIGHT = 240


def score_chart(frame: pd.DataFrame) -> Chart:
    """Bars of the share that gave each score, in the colour of its band, each with its 95 % interval.

    `frame` has score, responses, share, low and high, one row per score.
    """
    score, share = column(frame, "score"), numbers(column(frame, "share"))
    low, high = numbers(column(frame, "low")), numbers(column(frame, "high"))
    rows: dict[str, list[Any]] = {
        "score": [str(each) for each in score],
        "band": [BANDS[2] if each >= 9 else BANDS[1] if each >= 7 else BANDS[0] for each in score],
        "share": share,
        "low": low,
        "high": high,
        "share_text": [format_value(each, "percent") for each in share],
        "range_text": [format_range(*ends, "percent") for ends in zip(low, high, strict=True)],
        "n_text": [f"{int(each):,}" for each in column(frame, "responses")],
    }
    said = ", ".join(f"{name}: {text}" for name, text in zip(rows["score"], rows["share_text"], strict=True))
    return Chart(_score_spec(), to_rows(rows), f"Share of answers per score from 0 to 10. {said}.")


def bands_over_time(frame: pd.DataFrame, labels: Sequence[str], grain: str) -> Chart:
    """A bar per period, split into detractors, passives and promoters from the bottom up.

    Bars that have a label say their number of answers above. `frame` has period, responses, the counts of the bands and
    complete; `labels` are the periods' names.
    """
    rows = _band_rows(frame, labels, axis_keys(days(frame, "period"), labels, grain))
    counts = [
        f"{label}: {counted(int(n), 'answer')}" for label, n in zip(labels, column(frame, "responses"), strict=True)
    ]
    return Chart(_bands_spec(), to_rows(rows), f"Shares of detractors, passives and promoters. {', '.join(counts)}.")


def nps_over_time(frame: pd.DataFrame, labels: Sequence[str], grain: str) -> Chart:
    """The Net Promoter Score of each period as a dot with its 95 % interval; hollow where the period is not over.

    `frame` has period, nps, low, high, responses and complete.
    """
    nps, low, high = (numbers(column(frame, name)) for name in ("nps", "low", "high"))
    complete = [bool(each) for each in column(frame, "complete")]
    rows: dict[str, list[Any]] = {
        "key": axis_keys(days(frame, "period"), labels, grain),
        "label": list(labels),
        "whole": [value if done else None for value, done in zip(nps, complete, strict=True)],
        "begun": [None if done else value for value, done in zip(nps, complete, strict=True)],
        "low": low,
        "high": high,
        "nps_text": [format_value(value, "score") for value in nps],
        "range_text": [format_range(*ends, "score") for ends in zip(low, high, strict=True)],
        "n_text": [f"{int(n):,}" for n in column(frame, "responses")],
    }
    texts = zip(labels, rows["nps_text"], rows["range_text"], strict=True)
    said = "; ".join(f"{label}: {value} ({ends})" for label, value, ends in texts)
    return Chart(_nps_spec(), to_rows(rows), f"Net Promoter Score and {CHANCE}. {said}.")


def _band_rows(frame: pd.DataFrame, labels: Sequence[str], keys: Sequence[str]) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {
        name: [] for name in ("key", "label", "band", "start", "end", "share_text", "count_text", "place", "n_text")
    }
    counts = zip(*(numbers(column(frame, band)) for band in BANDS), strict=True)
    places = reversed(range(len(labels)))
    for key, label, sizes, place in zip(keys, labels, counts, places, strict=True):
        start, total = 0.0, sum(size or 0 for size in sizes)
        said = f"{int(total):,}" if key.partition("|")[2] else ""
        for band, size in zip(BANDS, sizes, strict=True):
            share = (size or 0) / total if total else 0.0
            values = (
                key,
                label,
                band,
                start,
                start + share,
                format_value(share, "percent"),
                f"{int(size or 0):,}",
                place,
            )
            for name, value in zip(rows, (*values, said if band == BANDS[0] else ""), strict=True):
                rows[name].append(value)
            start += share
    return rows


def _band_colours(legend: bool) -> alt.Color:
    scale = alt.Scale(domain=list(BANDS), range=[colour("bad"), colour("passive"), colour("good")])
    shown = alt.Legend(title=None, orient="top", symbolType="square", symbolSize=110, columns=3) if legend else None
    return alt.Color(field="band", type="nominal", scale=scale, legend=shown)


def _tips(*fields: tuple[str, str]) -> list[alt.Tooltip]:
    return [alt.Tooltip(field=name, type="nominal", title=title) for name, title in fields]


def _y(field: str, unit: str = "percent", zero: bool = True, **scale: Any) -> alt.Y:
    axis = value_axis(unit, "EUR")
    return alt.Y(field=field, type="quantitative", title=None, axis=axis, scale=alt.Scale(zero=zero, **scale))


@cache
def _score_spec() -> Spec:
    x = alt.X(field="score", type="ordinal", sort=None, axis=alt.Axis(title=None, labelAngle=0))
    tips = _tips(("score", "title"), ("share_text", "Share"), ("range_text", "Chance reaches"), ("n_text", "Answers"))
    bar = alt.Chart().mark_bar(aria=False, cornerRadiusEnd=2)
    spread = alt.Chart().mark_rule(color=colour("text"), strokeWidth=1.5, aria=False)
    layers = [
        bar.encode(y=_y("share"), color=_band_colours(legend=True), tooltip=tips),
        spread.encode(y=_y("low"), y2=alt.Y2(field="high")),
    ]
    return layered(layers, HEIGHT, x=x)


@cache
def _bands_spec() -> Spec:
    tips = _tips(("label", "title"), ("band", "Band"), ("share_text", "Share"), ("count_text", "Answers"))
    bar = alt.Chart().mark_bar(stroke=colour("page"), strokeWidth=1, aria=False)
    n = alt.Chart().mark_text(style="note", baseline="bottom", dy=-3, aria=False)
    layers = [
        bar.encode(
            y=_y("start", domain=[0, 1]),
            y2=alt.Y2(field="end"),
            color=_band_colours(legend=True),
            tooltip=tips,
        ),
        n.encode(y=alt.value(0), text=alt.condition(_FITS, alt.Text(field="n_text", type="nominal"), alt.value(""))),
    ]
    x = alt.X(field="key", type="ordinal", sort=None, axis=period_axis())
    return layered(layers, HEIGHT, x=x)


@cache
def _nps_spec() -> Spec:
    tips = _tips(("label", "title"), ("nps_text", "NPS"), ("range_text", "Chance reaches"), ("n_text", "Answers"))
    spread = alt.Chart().mark_rule(color=colour("centre"), strokeWidth=5, strokeCap="round", aria=False)
    dot = alt.Chart().mark_point(filled=True, size=90, opacity=1, color=colour("accent"), aria=False)
    nice: dict[str, Any] = {"zero": False, "nice": 4}
    layers = [
        spread.encode(y=_y("low", "score", **nice), y2=alt.Y2(field="high")),
        dot.encode(y=_y("whole", "score", **nice), tooltip=tips),
        hollow(80).encode(y=_y("begun", "score", **nice), tooltip=tips),
    ]
    x = alt.X(field="key", type="ordinal", sort=None, axis=period_axis())
    return layered(layers, HEIGHT, x=x)
