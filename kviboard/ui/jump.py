"""Ctrl K, and the bar at the bottom of a phone: a way from every page to any page, KVI, objective, sprint, customer."""

from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.reviews.sprints import reviewed_sprints
from kviboard.caching import shared_cache
from kviboard.components.markup import link, text
from kviboard.errors import KviBoardError
from kviboard.ui import session
from kviboard.ui.sections import SECTIONS

Entry = tuple[str, str, str]
"""What it is called, what it is ("KVI"), its address."""

_BAR = ("This week", "Sprint review", "KVIs", "OKRs")  # what a phone has room for; the rest is behind "More"
_SHORT = {"Sprint review": "Review"}


def draw_jump(title: str) -> None:
    """Draw the bar with the page `title` marked, and hand the browser what Ctrl K finds."""
    _finder()(key="kvi-jump", data={"entries": [list(entry) for entry in _found()]})
    items = "".join(_item(name, path, name == title) for _, name, path in _pages() if name in _BAR)
    more = f'<li><a class="kvi-link" href="#" data-kvi-jump="1" aria-haspopup="dialog">{_icon("≡")}More</a></li>'
    st.markdown(
        f'<nav class="kvi-bottom-bar" aria-label="Sections"><ul>{items}{more}</ul></nav>', unsafe_allow_html=True
    )


def _item(name: str, path: str, is_here: bool) -> str:
    icons = {"This week": "◉", "Sprint review": "⟳", "KVIs": "∿", "OKRs": "◎"}
    label = link(_SHORT.get(name, name), path or "./").replace(">", f">{_icon(icons[name])}", 1)
    return f"<li{' aria-current=page' if is_here else ''}>{label}</li>"


def _icon(sign: str) -> str:
    return f'<span aria-hidden="true">{text(sign)}</span>'


def _pages() -> Iterable[tuple[str, str, str]]:
    return (page for pages in SECTIONS.values() for page in pages)


def _found() -> tuple[Entry, ...]:
    """What there is to go to; pages alone where there is no data or no store."""
    pages = tuple((name, "Page", path or "./") for _, name, path in _pages())
    with suppress(KviBoardError):
        return (*pages, *_of_board(session.board_key()), *_of_store())
    return pages


@shared_cache(most=4)
def _of_board(key: session.Key) -> tuple[Entry, ...]:
    return tuple((kvi.title, "KVI", _address("kvis", kvi=name)) for name, kvi in session.board().kvis.items())


def _of_store() -> tuple[Entry, ...]:
    with suppress(KviBoardError):
        return _written(session.board_key(), session.newest_entry())
    return ()


@shared_cache(most=4)
def _written(key: session.Key, newest: int) -> tuple[Entry, ...]:
    context = session.context()
    objectives = [
        (view.record.title, f"Objective, {view.team}", _address("okrs", objective=str(view.record.id)))
        for view in read_quarter(context).objectives
    ]
    sprints = [
        (sprint.title, f"Sprint, {sprint.days_text}", _address("review", sprint=sprint.slug))
        for sprint in reviewed_sprints(context.board, context.store)
    ]
    return (*objectives, *sprints)


def _address(page: str, **chosen: str) -> str:
    return f"{page}?{urlencode(chosen)}"


@cache
def _finder():  # type: ignore[no-untyped-def]  # Streamlit's component type is private
    js = Path(__file__).with_name("jump.js").read_text(encoding="utf-8")
    return st.components.v2.component("kvi_jump", html="<span></span>", js=js)
