"""The style sheet of tiles and tables, for pages and for files that leave the app. What only pages have is in `ui`."""

from functools import cache
from pathlib import Path

from kviboard.charts.palette import css_variables


@cache
def style_of_pieces() -> str:
    """The palette's colours and the rules of tiles, tables and facts. Sizes in rem."""
    rules = Path(__file__).with_name("tiles.css").read_text(encoding="utf-8")
    return f":root{{{css_variables()}}}{rules}"
