"""The style sheet of tiles and tables, for pages and for files that leave the app. What only pages have is in `ui`."""

from functools import cache
from pathlib import Path

from kviboard.components.palette import css_variables

_SHEETS = ("tiles.css", "week.css")


@cache
def style_of_pieces() -> str:
    """The palette's colours and the rules of tiles, tables, facts and the parts of a week. Sizes in rem."""
    rules = "".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in _SHEETS)
    return f":root{{{css_variables()}}}{rules}"
