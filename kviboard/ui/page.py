"""Opens a page: the guard, the title, the filters and how far the data reaches. What a page shows is its own."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kviboard.board.age import NO_EXPORT, reach_text
from kviboard.board.board import Board
from kviboard.board.context import BoardContext
from kviboard.board.kvis.reading import View
from kviboard.components.markup import link, text
from kviboard.domain.formatting import counted, plural
from kviboard.errors import KviBoardError, NotBuiltError, StoreError, with_short_quotes
from kviboard.ui import session
from kviboard.ui.access import admit, draw_account, may
from kviboard.ui.filters import choice_names, draw_filters, first_views, left_out
from kviboard.ui.frontend import NOWHERE
from kviboard.ui.jump import draw_jump
from kviboard.ui.sections import SECTIONS, UNLISTED
from kviboard.ui.served import workspace
from kviboard.ui.streamlit_internals import leave_pages_directory
from kviboard.ui.style import draw_html, dress_page
from kviboard.ui.url_state import asked_in_vain, choose, close_choices, link_parameters, open_choices, unchecked

_REFUSED = "form_refused"
_WAYS = {
    "exports": (
        "Upload your exports",
        "Orders, survey answers or the log of your product: one of them is enough to begin, and you see what it holds "
        "before anything is kept. Files that kviboard.toml names already are read there, too.",
    ),
    "okrs": ("Write your OKRs", "They need no export."),
    "review": ("Open a sprint review", "It needs to know your sprints alone."),
}
"""Where to go on a board without data: by page what to do there, and what it takes."""


@dataclass(frozen=True)
class Page:
    """An open page: the board it reads and what the viewer chose."""

    board: Board
    view: View


def open_page(
    title: str,
    answers: str = "",
    whole_bar: bool = True,
    extra_choices: tuple[str, ...] = (),
    has_bar: Callable[[], bool] = lambda: True,
) -> Page:
    """Open a page that shows KVIs; stops with a sentence and a next step where there is nothing to show yet.

    `answers` is the question the page answers, the product vision unless given; without `whole_bar` only customers can
    be chosen, not periods; `extra_choices` names choices of its own that belong in the URL. `has_bar` is asked once the
    address is read: what shows no periods and customers has no bar to choose them, and those chosen stay for later.
    """
    enter(title)
    board = board_or_stop(title)
    with page_top():
        draw_heading(title, answers or board.workspace.company.vision, state_of(board), awaits=True)
        view = draw_filters(board, whole_bar) if has_bar() else first_views(board)[0]
        gone = left_out()
    close_choices([*choice_names(board), *extra_choices])
    warn_of_nowhere(title)
    if gone:
        warn(f"The address asks for what is not in the data, so it is left out: {gone}.")
    warn_of_refused_form()
    warn_of_problems(board)
    return Page(board, view)


def enter(title: str) -> None:
    """First step of every page: leave Streamlit's legacy mode, dress the page, take over the URL."""
    if leave_pages_directory():
        st.rerun()
    st.set_page_config(page_title=f"{title} · KVI Board")  # which of several tabs, bookmarks and past pages it is
    admit()  # here, too: a deep link may run a page file alone
    writes = may("write")
    dress_page(writes=writes)
    draw_account()
    draw_jump(title)
    open_choices(title)
    st.session_state[_REFUSED] = bool(unchecked("do")) and not writes
    if not writes:  # the form that an address names is not theirs: no link keeps it
        choose("do", None)
        choose("of", None)


def stop_with(title: str, sentence: str, step: str) -> NoReturn:
    """Show what is missing and the next step instead of the page."""
    st.title(title)
    st.info(f"{sentence}\n\n{step}", icon="ℹ️")
    st.stop()


def href(page: str, **changed: str | list[str]) -> str:
    """Address of a page of the app that keeps the viewer's choices and changes some."""
    from urllib.parse import urlencode

    parameters = urlencode(link_parameters(**changed), doseq=True, quote_via=_quoted)
    return f"{page}?{parameters}" if parameters else page


@lru_cache(maxsize=4096)  # a page has a hundred links of the same few names and values
def _quoted(text: str, safe: str, encoding: str | None, errors: str | None) -> str:
    from urllib.parse import quote_plus

    return quote_plus(text, safe, encoding, errors)


def address_of(page: str, query: str = "") -> str:
    """The whole address of a page, as people elsewhere open it: `[mail] board_address`, else the visitor's own."""
    base = (workspace().mail.board_address or st.context.url or "").split("?")[0].rstrip("/")
    paths = (path for pages in (*SECTIONS.values(), UNLISTED) for _, _, path in pages if path)
    root = next((base.removesuffix(f"/{path}") for path in paths if base.endswith(f"/{path}")), base)
    return f"{root}/{page}{f'?{query}' if query else ''}"


def board_or_stop(title: str) -> Board:
    """The open board; stops with a sentence and a next step where there is none yet."""
    try:
        board = session.board()
    except NotBuiltError:
        draw_heading(title, "No export has been read yet.", text(workspace().company.name))
        ways = (f"<b>{link(do, page)}</b><br>{text(takes)}" for page, (do, takes) in _WAYS.items())
        draw_html("".join(f'<p class="kvi-waiting">{way}</p>' for way in ways))
        st.stop()
    except KviBoardError as error:
        stop_with(title, str(error), "Fix it and reload this page.")
    return board


def context_or_stop(title: str) -> BoardContext:
    """The board with its store, also before any export was read; stops where either cannot be used."""
    try:
        return session.context()
    except StoreError as error:
        stop_with(title, str(error), "Fix it and reload this page; see `[store]` in `kviboard.toml`.")
    except KviBoardError as error:
        stop_with(title, str(error), "Fix it and reload this page.")


def page_top() -> DeltaGenerator:
    """The row on top of a page: its heading and, beside it where there is room, what can be chosen."""
    return st.container(horizontal=True, vertical_alignment="bottom", key="page-top")


def state_of(board: Board) -> str:
    """Whose data this is, how far it reaches, and whether how it was read should be confirmed, as HTML."""
    doubts = sum(decision.should_be_confirmed for decision in board.reader.manifest.decisions)
    confirm = f"{counted(doubts, 'reading')} to confirm"
    readings = f" · {link(confirm, 'exports')}" if doubts else ""
    if not board.reader.reach:
        return text(f"{board.workspace.company.name} · {NO_EXPORT}")
    return f"{text(f'{board.workspace.company.name} · {reach_text(board)}')}{readings}"


def draw_heading(title: str, answers: str, state: str, awaits: bool = False) -> None:
    """Draw the title with the state of the data (HTML), and what the page answers. Where the page `awaits` its first
    section, page.css keeps its place."""
    st.markdown(
        f'<div class="kvi-page-head{" kvi-awaits" if awaits else ""}"><h1 class="kvi-page-title">{text(title)}</h1>'
        f'<p class="kvi-state">{state}</p><details class="kvi-bar-toggle"><summary>Filters</summary></details>'
        f'<p class="kvi-quiet">{text(answers)}</p></div>',
        unsafe_allow_html=True,
    )


def warn_of_problems(board: Board) -> None:
    """Say where to look when query files are broken and left out."""
    count = len({problem.file for problem in board.problems})
    if not count:
        return
    files = f"{counted(count, 'query file')} {plural(count, 'is', 'are')}"
    draw_warning(f"{files} broken and left out; the rest works. See ", "Exports and checks", "exports")


def warn(sentence: str, way: str = "", rest: str = "") -> None:
    """Say in a quiet line what is not as it should be; `way` is a link's HTML between the sentence and its rest."""
    draw_html(
        f'<p class="kvi-waiting kvi-warning" role="alert">{text(with_short_quotes(sentence))}{way}{text(rest)}</p>'
    )


def warn_of_nowhere(shown: str) -> None:
    """Say that the page that was asked for is not there, and which one is shown instead."""
    if asked := unchecked(NOWHERE):
        warn(f"There is no page “{asked}” here: the address is wrong or old. This is {shown}; the menu has all pages.")


def warn_of_gone(**kinds: str) -> None:
    """Say what the address asks for and is not there (any more), once the choices were read: by name what each is."""
    for name, kind in kinds.items():
        for value in asked_in_vain().get(name, ()):
            asked = value.replace("_", " ")
            warn(f"The address asks for the {kind} “{asked}”, which is not among those to choose from here.")


def warn_of_refused_form() -> None:
    """Say why the form that the address names is not there for somebody who only looks. Ask after `enter`."""
    if st.session_state[_REFUSED]:
        warn("The address opens a form for those who may write here. You may look: this is the page without it.")


def draw_warning(sentence: str, label: str, page: str, rest: str = ".") -> None:
    """Say what is wrong, with a link to another page in it: one in a box of Streamlit's would open a new tab."""
    warn(sentence, link(label, page), rest)
