"""What This week shows, kept between reruns. What it says is decided in `board`, what it looks like in `documents`."""

from kviboard.board.kvis.readings import View
from kviboard.board.week.week import Goals, Week, read_goals, week_of
from kviboard.caching import shared_cache
from kviboard.documents.digest.sections import Section, gist_html, sections_of
from kviboard.errors import StoreError
from kviboard.ui import session
from kviboard.ui.page import Page, href
from kviboard.ui.style import draw_html, draw_section
from kviboard.ui.url_state import link_parameters


def draw_week(page: Page) -> None:
    """Draw the week in the viewer's grain and filters: the gist in a line, then its parts."""
    newest, trouble = _newest()
    choices = repr(link_parameters())  # the links keep them
    gist, sections = _drawn(session.board_key(), newest, trouble, page.view, choices)
    draw_html(gist)
    for section in sections:
        draw_section(section.title, section.note, section.body, section.otherwise)


def _newest() -> tuple[int, str]:
    """The number of the newest change in the store, or why it cannot be read."""
    try:
        return session.context().store.history.newest(), ""
    except StoreError as error:
        return 0, str(error)


def _read(view: View, goals: Goals) -> Week:
    readings = [found[0] for found in session.every_reading(view).values()]
    return week_of(session.board(), view, readings, goals)


@shared_cache(most=128)
def _drawn(key: session.Key, newest: int, trouble: str, view: View, choices: str) -> tuple[str, list[Section]]:
    goals = Goals(trouble=trouble) if trouble else _goals(key, newest)
    week = _read(view, goals)
    return gist_html(week), sections_of(week, href)


@shared_cache(most=4)
def _goals(key: session.Key, newest: int) -> Goals:
    return read_goals(session.context())
