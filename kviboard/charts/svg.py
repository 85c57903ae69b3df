"""A chart as inline SVG for pages without scripts. Its colours stay CSS variables, so it follows light and dark."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import vl_convert

from kviboard.charts.theme import Chart
from kviboard.components.markup import text

# Of use to a picture that is explored part by part and points back; the page's own font is inherited.
_LEFT_OUT = ("role", "aria-", "class", "pointer-events", "font-family", "{")
_NOTHING = "M0,0h0v0h0Z"


def chart_svg(chart: Chart, width: int) -> str:
    """The chart `width` units wide and as high as it was built, scaled by the page to the room there is.

    Its name for screen readers is the chart's message. What only answers a pointer is left out.
    """
    drawn = ElementTree.fromstring(vl_convert.vegalite_to_svg(chart.drawable(width)))
    shapes = "".join(part for child in drawn for part in _written(child))
    return (
        f'<svg class="kvi-chart" viewBox="{text(drawn.get("viewBox", ""))}" role="img" '
        f'aria-label="{text(chart.alt)}">{shapes}</svg>'
    )


def _written(element: ElementTree.Element) -> Iterator[str]:
    """The element as markup, its texts made safe once more; nothing for what cannot be seen."""
    name = element.tag.rpartition("}")[2]
    inside = text(element.text or "") + "".join(part for child in element for part in _written(child))
    draws = bool(inside) or name in ("line", "rect") or element.get("d", _NOTHING) not in ("", _NOTHING)
    if not draws or element.get("opacity") == "0" or element.get("display") == "none":
        return
    kept = (f' {key}="{_value(value)}"' for key, value in element.items() if _matters(key, value))
    yield f"<{name}{''.join(kept)}>{inside}</{name}>"


def _matters(key: str, value: str) -> bool:
    return not key.startswith(_LEFT_OUT) and (key, value) != ("opacity", "1")


def _value(value: str) -> str:
    """An attribute, with the two decimals that can be seen."""
    return text(re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", value))
