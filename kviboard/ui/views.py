"""Views on pages: their rows, kept for all visitors, the sentence where an export is missing, and their CSV."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tables import to_csv_file
from kviboard.board.views.views import Given, lacks, plain, read_view, view_file
from kviboard.caching import shared_cache
from kviboard.components.markup import link, text
from kviboard.domain.periods import periods_between
from kviboard.errors import QueryError
from kviboard.ui import session
from kviboard.ui.page import Page, draw_warning, href, warn_of_gone
from kviboard.ui.style import draw_html
from kviboard.ui.url_state import choice, widget_key

Parts = Mapping[str, tuple[str, Callable[[Page], None]]]
"""By name in the address a part of a page: what it is called there, and what draws it."""


def rows_of(name: str, view: View, **given: Given) -> pd.DataFrame:
    """The rows of a view, as `read_view` returns them; shared by all sessions: do not change them. Those of a view that
    names customers are read anew each time, and kept nowhere.

    What the view does not ask for (a range, a grain) is left out, so that it is read once for all of them.
    """
    file = view_file(session.board(), name)
    if file.is_personal:
        return read_view(session.board(), name, view, **given)
    asked = file.asked
    if "grain" not in asked:
        view = replace(view, grain="month")
    if not asked & {"first", "last"}:
        view = replace(view, first=None, last=None)
    return _rows(session.board_key(), name, view, tuple(sorted(given.items())))


def is_lacking(name: str) -> bool:
    """Whether a view needs an export that is not there; then that is said in a sentence."""
    missing = lacks(session.board(), name)
    if missing:
        draw_html(f'<p class="kvi-quiet">This {link(missing, href("exports"))}.</p>')
    return bool(missing)


def period_names(page: Page, starts: pd.Series, grain: str) -> list[str]:
    """The full names of the periods that begin on these days, in their order."""
    days = [day.date() for day in starts]
    found = periods_between(page.board.calendar, grain, min(days), max(days)) if days else []
    names = {period.starts_on: period.full_name for period in found}
    return [names[day] for day in days]


def draw_csv(name: str, view: View, label: str = "CSV", **given: Given) -> None:
    """A button that downloads the rows of a view as they are."""
    st.download_button(
        label,
        lambda: to_csv_file(plain(rows_of(name, view, **given))),
        f"{name}.csv",
        "text/csv",
        on_click="ignore",
        key=f"csv-{name}-{view.by or ''}",
        help="The values shown, in full",
    )


def draw_chosen_part(page: Page, parts: Parts, name: str) -> None:
    """The part that the choice `name` of the address names; the others are neither read nor sent."""
    names = list(parts)
    part = choice(name, names, names[0])
    warn_of_gone(**{name: "part"})
    st.segmented_control(
        "Part",
        names,
        format_func=lambda each: parts[each][0],
        required=True,
        label_visibility="collapsed",
        **widget_key(name, part, names[0]),
    )
    draw_parts(page, parts[part][1])


def draw_parts(page: Page, *parts: Callable[[Page], None]) -> None:
    """Draw the parts of a page in their order; where a query of one fails, say so in its place and draw the rest."""
    for part in parts:
        try:
            part(page)
        except QueryError as error:
            draw_warning(f"{error} Refresh on ", "Exports and checks", "exports", ", or fix the file.")


def folded_on_phone(label: str, draw: Callable[[Page], None]) -> Callable[[Page], None]:
    """The part of a page behind a line that opens it on a phone; where there is room it just stands there."""

    def part(page: Page) -> None:
        draw_html(f'<details class="kvi-part-toggle"><summary>{text(label)}</summary></details>')
        with st.container(key=f"fold-{draw.__name__}"):
            draw(page)

    return part


@shared_cache(most=256)
def _rows(key: session.Key, name: str, view: View, given: tuple[tuple[str, Given], ...]) -> pd.DataFrame:
    return read_view(session.board(), name, view, **dict(given))
