"""A chart as a picture for slides and minutes: drawn without a browser and without the network."""

import vl_convert

from kviboard.charts.theme import Chart, Spec
from kviboard.components.palette import in_plain_colours

WIDTH = 960
SCALE = 2  # pixels per unit: sharp on a projector
WHITE = "#FFFFFF"
_NAMESPACE = "http://www.w3.org/2000/svg"


def chart_png(chart: Chart, title: str = "", width: int = WIDTH, scale: float = SCALE) -> bytes:
    """The chart as PNG on white, `width` units wide, `scale` pixels per unit; with a title it has a margin as well."""
    spec: Spec = in_plain_colours(chart.drawable(width), "light")
    spec["background"] = WHITE
    if title:
        spec["padding"] = 24
        spec["title"] = {"text": title, "offset": 16, "fontSize": 20}
    return vl_convert.vegalite_to_png(spec, scale=scale)


def svg_png(svg: str, scale: float = SCALE) -> bytes:
    """One of our own inline drawings, such as a sparkline, as PNG without a background."""
    alone = svg.replace("<svg ", f'<svg xmlns="{_NAMESPACE}" ', 1)
    return vl_convert.svg_to_png(in_plain_colours(alone, "light"), scale=scale)
