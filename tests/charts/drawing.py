"""Draws a chart without a browser, so that tests can read what a reader would."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import vl_convert

from kviboard.charts.theme import Chart
from kviboard.components.palette import in_plain_colours


def texts(chart: Chart, width: int = 900) -> list[str]:
    """Every text in the drawn chart: axis labels, values, names of lines."""
    drawn = re.findall(r"<text[^>]*>(.*?)</text>", svg(chart, width), re.DOTALL)
    found = (unescape(re.sub("<[^>]+>", " ", text)) for text in drawn)
    return [" ".join(text.replace("\u00a0", " ").split()) for text in found if text.strip()]


def svg(chart: Chart, width: int = 900) -> str:
    """The chart as it is drawn."""
    spec = in_plain_colours(chart.spec, "light") | {"width": width, "data": {"values": chart.frame.to_pylist()}}
    return str(vl_convert.vegalite_to_svg(spec))


def strings(spec: Any) -> Iterator[str]:
    """Every text anywhere in a spec."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            yield key
            yield from strings(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from strings(value)
    elif isinstance(spec, str):
        yield spec


def fields(spec: Any) -> set[str]:
    """The columns that a spec reads."""
    if isinstance(spec, dict):
        own = {spec["field"]} if isinstance(spec.get("field"), str) else set()
        return own.union(*(fields(value) for value in spec.values()))
    return set().union(*(fields(value) for value in spec)) if isinstance(spec, list) else set()
