"""A chart as a picture for slides and minutes: drawn without a browser and without the network."""

import vl_convert

from kviboard.charts.palette import in_plain_colours
from kviboard.charts.theme import Chart, Spec

WIDTH = 960
SCALE = 2  # pixels per unit: sharp on a projector


def chart_png(chart: Chart, title: str, subtitle: str = "") -> bytes:
    """The chart as PNG on white with its title above it, 960 units wide at double resolution."""
    spec: Spec = in_plain_colours(chart.spec, "light")
    spec["background"] = "#FFFFFF"
    spec["padding"] = 24
    spec["width"] = spec.get("width", WIDTH)
    spec["title"] = {"text": title, "subtitle": subtitle, "offset": 16, "fontSize": 20, "subtitleFontSize": 14}
    spec["data"] = {"values": chart.frame.to_pylist()}
    return vl_convert.vegalite_to_png(spec, scale=SCALE)
