"""What This week shows, kept between reruns. What it says is decided in `board`, what it looks like in `documents`."""

from contextlib import suppress
from datetime import date

import streamlit as st

from kviboard.board.kvis.reading import View
from kviboard.board.people.waiting import due_now, how_many
from kviboard.board.week.phrases import tab_title
from kviboard.board.week.week import Goals, Week, read_goals, week_of
from kviboard.caching import shared_cache
from kviboard.components.markup import link, on_phone_folded, quiet, section, text
from kviboard.documents.digest.sections import Section, gist_html, sections_of
from kviboard.errors import StoreError
from kviboard.ui import session
from kviboard.ui.known import waiting_for_visitor
from kviboard.ui.page import Page, href
from kviboard.ui.style import draw_html
from kviboard.ui.url_state import link_parameters
from kviboard.ui.week.welcome import draw_welcome

_TILES_IN_A_ROW = 4  # with fewer, decisions stand beside them
_FOLDED = ("okrs", "normal", "unjudged", "data")  # on a phone


def draw_week(page: Page) -> None:
    """Draw the week for the viewer's filters: three sentences, then its parts; the browser's tab says what is new."""
    newest, trouble = _newest()
    choices = repr(link_parameters())  # the links keep them
    today = page.board.clock_day
    title, html = _drawn(session.board_key(), newest, trouble, page.view, choices, today)
    st.set_page_config(page_title=title)
    draw_welcome()
    _draw_waiting()
    draw_html(html)


def _draw_waiting() -> None:
    """What the visitor should see to now, where there is something and they have said who they are."""
    with suppress(StoreError):  # said where the decisions would be
        if found := due_now(waiting_for_visitor()):
            draw_html(f'<p class="kvi-waiting">{text(how_many(found, "you"))}: {link("My page", href("me"))}</p>')


def _newest() -> tuple[int, str]:
    """The number of the newest change in the store, or why it cannot be read."""
    try:
        return session.newest_entry(), ""
    except StoreError as error:
        return 0, str(error)


def _read(view: View, goals: Goals) -> Week:
    readings = list(session.every_reading(view).values())
    return week_of(session.board(), view, readings, goals)


@shared_cache(most=128)
def _drawn(key: session.Key, newest: int, trouble: str, view: View, choices: str, today: date) -> tuple[str, str]:
    """The title of the browser's tab and the page; how old the data is on it, and what is past due, is of `today`."""
    goals = Goals(trouble=trouble) if trouble else _goals(key, newest, today)
    week = _read(view, goals)
    parts = {part.name: _section(part) for part in sections_of(week, href)}
    over = quiet(f"Over: {' '.join(change.in_words(week.currency) for change in week.gone)}") if week.gone else ""
    tiles = min(len(week.signals) + len(week.lists.below_target), _TILES_IN_A_ROW)
    parts.pop("check_ins", "")  # those of the visitor are on their own page, everybody's on OKRs
    signals, decisions, loop, _ = (parts.pop(name, "") for name in ("signals", "decisions", "loop", "gone"))
    top = f'<div class="kvi-top kvi-top-{tiles}"><div>{signals}{over}</div><div>{decisions}{loop}</div></div>'
    body = f"{top}{''.join(parts.values())}"
    return f"{tab_title(week)} · KVI Board", f'<div class="kvi-week">{gist_html(week)}{body}</div>'


def _section(part: Section) -> str:
    body = on_phone_folded("Show them", part.body) if part.name in _FOLDED else part.body
    return section(part.title, part.note, body, part.otherwise)


@shared_cache(most=4)
def _goals(key: session.Key, newest: int, today: date) -> Goals:
    return read_goals(session.context())
