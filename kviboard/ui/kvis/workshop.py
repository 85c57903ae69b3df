"""The KVI workshop on the KVIs page: its doors, drafts, a KVI's file by hand. Its questions are in `asking`.

What a KVI's file holds and whether it is one is decided in the board. Whoever may write answers the questions and
publishes what they make; SQL is written, and a change of a KVI that is there published, only by whoever may change
exports: a query can say more than a page shows, and others look at the KVI.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.board.kvis.own_files import drafts, own_file, text_of
from kviboard.board.kvis.trial import try_kvi
from kviboard.components.markup import link
from kviboard.domain.access import Permission
from kviboard.domain.formatting import counted
from kviboard.domain.kvis.kvi import Kvi
from kviboard.errors import StoreError
from kviboard.ui import served, session
from kviboard.ui.access import may
from kviboard.ui.author import draw_person
from kviboard.ui.forms.browser import prepare_form
from kviboard.ui.forms.fields import Fields
from kviboard.ui.forms.form import Start, draw_notice, forget, open_form
from kviboard.ui.kvis.asking import draw_change, draw_new
from kviboard.ui.kvis.keeping import draw_keep, draw_retire, save
from kviboard.ui.kvis.trial import draw_trial
from kviboard.ui.markdown import plain
from kviboard.ui.page import Page, href
from kviboard.ui.url_state import choice

MAKE = ("", "new", "change", "edit", "draft")
_PARTS = "Its words and settings stand between /*--- and ---*/, the query that counts it below them."
_REPLACES = "The file was changed meanwhile, not by you: saving puts what stands here in its place."


def draw_workshop_links(kvi: Kvi) -> None:
    """The ways into the workshop, for those who may use it."""
    if not may("write"):
        return
    ways = [
        link("New KVI", href("kvis", make="new")),
        link("Change this KVI", href("kvis", kvi=kvi.name, make="change")),
    ]
    if may("data"):
        ways.append(link("Change its file", href("kvis", kvi=kvi.name, make="edit")))
    if waiting := drafts(served.workspace()):
        ways.append(link(counted(len(waiting), "draft"), href("kvis", make="draft")))
    st.markdown(f'<p class="okr-links">{" · ".join(ways)}</p>', unsafe_allow_html=True)


def is_workshop() -> bool:
    """Whether the address asks for the workshop, for somebody who may use it."""
    make = choice("make", MAKE, "")
    return bool(make) and may("data" if make == "edit" else "write")


def draw_workshop(page: Page) -> None:
    """Draw the part of the workshop that the address asks for."""
    make = choice("make", MAKE, "")
    back = link("← Back to the KVIs", href("kvis", kvi=choice("kvi", list(page.board.kvis), "")))
    st.markdown(f'<p class="okr-links">{back}</p>', unsafe_allow_html=True)
    with st.container(key="workshop"):
        try:
            context = session.context()
            prepare_form()
            if make == "new":
                draw_new(page, context)
            elif make == "draft":
                _draw_drafts(page, context)
            else:
                names = list(page.board.kvis)
                draw = draw_change if make == "change" else _draw_edit
                draw(page, context, page.board.kvis[choice("kvi", names, names[0])])
        except StoreError as error:
            st.error(plain(str(error)))


def _draw_file(context: BoardContext, name: str, before: str) -> tuple[str, Callable[[], None]]:
    """A file to change by hand: what stands in it now, kept as in all forms, and what is to run once it is saved."""
    form = open_form(context.store, name, lambda: Start({"file": before}))
    if form.base["file"] != before and form.rebase(Start({"file": before})):
        form.notice = _REPLACES
    draw_notice(form)
    content = Fields(context.store, form).lines("file", "The file", height=420)
    return content, partial(forget, context.store, form)


def _draw_drafts(page: Page, context: BoardContext) -> None:
    st.subheader("Drafts of KVIs", anchor=False)
    known = drafts(served.workspace())
    if not known:
        st.caption("There is none.")
        return
    asked, seen = st.columns([1, 1], gap="large")
    with asked:
        name = st.selectbox("Draft", list(known), key="draft-name")
        if name in page.board.catalog.kvis:
            st.caption(f"Published, it takes the place of “{plain(page.board.catalog.kvis[name].title)}”.")
        content = kept = known[name].read_text(encoding="utf-8")
        done: Callable[[], None] = _nothing
        if may("data"):
            content, done = _draw_file(context, f"draft of {name}", kept)
        else:
            st.code(content, language="sql")
        trial = try_kvi(page.board, name, content)
        may_publish, is_kept = not trial.problems, content == kept
        # What is kept was made by the questions, or by somebody who may write SQL; a change by hand was not yet.
        needs: Permission = "write" if is_kept and name not in page.board.catalog.kvis else "data"
        is_empty = not content.strip()
        draw_keep(name, content, needs, is_kept=is_kept, is_wrong=is_empty, may_publish=may_publish, done=done)
        if not may(needs):
            st.caption("Whoever may change exports publishes it.")
    with seen:
        draw_trial(page.board, trial)


def _draw_edit(page: Page, context: BoardContext, kvi: Kvi) -> None:
    st.subheader(f"Change {kvi.title}", anchor=False)
    st.caption(plain(_PARTS))
    if own_file(served.workspace(), kvi.name) is None:
        st.caption("It comes with the board. Saving writes a file of your own, which takes its place.")
    before = text_of(served.workspace(), kvi)
    asked, seen = st.columns([1, 1], gap="large")
    with asked:
        content, done = _draw_file(context, f"file of {kvi.name}", before)
        trial = try_kvi(page.board, kvi.name, content)
        draw_person()
        with st.container(horizontal=True):
            st.button("Save", type="primary", key="kvi-save", disabled=bool(trial.problems) or content == before,
                      on_click=save, args=(kvi.name, content, done))  # fmt: skip
            if content != before:
                st.button("Discard draft", key="kvi-afresh-file", on_click=done)
            draw_retire(context, kvi)
    with seen:
        draw_trial(page.board, trial)


def _nothing() -> None:
    """Where nothing was typed."""
