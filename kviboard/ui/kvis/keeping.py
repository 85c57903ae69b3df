"""Keeping what the KVI workshop makes: drafts, published files, retired ones, and what is said of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.board.kvis.changing import publish
from kviboard.board.kvis.own_files import comes_with_the_board, discard_draft, own_file, retire, save_draft
from kviboard.board.okrs.dependents import once_it_is_gone
from kviboard.domain.access import Permission
from kviboard.domain.kvis.kvi import Kvi
from kviboard.errors import KviBoardError
from kviboard.ui import served, session
from kviboard.ui.access import may
from kviboard.ui.actor import actor
from kviboard.ui.author import draw_person, person
from kviboard.ui.markdown import plain
from kviboard.ui.url_state import open_address

_SAID = "workshop-said"
_LEAVES = "It leaves every page"


def draw_keep(
    name: str,
    content: str,
    needs: Permission,
    *,
    is_kept: bool,
    is_wrong: bool,
    may_publish: bool,
    done: Callable[[], None],
    label: str = "Publish this KVI",
) -> None:
    """The buttons that keep a draft and publish it, which `needs` a right. `is_kept`: a draft of this very text is
    there; `done` runs once it is saved."""
    publishes, asked = may(needs), (name, content, done)
    draw_person()
    with st.container(horizontal=True):
        if publishes:
            st.button(label, type="primary", key="kvi-save", disabled=not may_publish, on_click=save,
                      args=(*asked, needs), help="It stands on every page from now on.")  # fmt: skip
        st.button("Keep as a draft", type="secondary" if publishes else "primary", key="kvi-draft",
                  disabled=is_kept or is_wrong, on_click=_save_draft, args=asked)  # fmt: skip
        if is_kept:
            st.button("Discard this draft", key="kvi-discard", on_click=_discard, args=(name,))


def draw_said() -> None:
    """What was saved, discarded or retired last, or why it was not."""
    sentence, is_refusal = st.session_state.pop(_SAID, ("", False))
    if sentence:
        (st.error if is_refusal else st.success)(plain(sentence, code=True))


def _say(sentence: str, is_refusal: bool = False) -> None:
    st.session_state[_SAID] = (sentence, is_refusal)


def save(name: str, content: str, done: Callable[[], None], needs: Permission = "data") -> None:
    with _refusals_said():
        actor(needs).begin("published a KVI", kvi=name)
        path = publish(session.board(), name, content, person())
        done()
        _say(f"Saved as queries/kvis/{path.name}.")
        open_address(kvi=name, make="")


def _save_draft(name: str, content: str, done: Callable[[], None]) -> None:
    with _refusals_said():
        actor("write").begin("drafted a KVI", kvi=name)
        path = save_draft(served.workspace(), name, content)
        done()
        _say(f"Kept as queries/drafts/{path.name}: no page shows it until it is published.")
        open_address(make="draft")


def _discard(name: str) -> None:
    with _refusals_said():
        actor("write").begin("discarded the draft of a KVI", kvi=name)
        discard_draft(served.workspace(), name)
        _say("The draft is discarded.")
        open_address(make="")


def draw_retire(context: BoardContext, kvi: Kvi) -> None:
    """The way to take a KVI of one's own off the board, for whoever may: says what hangs on it, and asks once."""
    if not (may("data") and own_file(served.workspace(), kvi.name)):
        return
    asked = st.popover("Retire this KVI", key="kvi-retiring", on_change="rerun")
    if asked.open:
        comes_back = comes_with_the_board(kvi.name)
        leaves = "The one that comes with the board takes its place, in past periods too" if comes_back else _LEAVES
        asked.markdown(plain(f"{leaves}. Its file is kept under queries/retired/ and can be moved back."))
        for sentence in [] if comes_back else once_it_is_gone(context, kvi):
            asked.markdown(plain(sentence))
        asked.button("Retire it", key="kvi-retire", type="primary", on_click=_retire, args=(kvi.name,))


def _retire(name: str) -> None:
    with _refusals_said():
        actor().begin("retired a KVI", kvi=name)
        path = retire(served.workspace(), name)
        _say(f"Retired: its file is kept as queries/retired/{path.name}.")
        open_address(kvi="", make="")


@contextmanager
def _refusals_said() -> Iterator[None]:
    try:
        yield
    except KviBoardError as error:
        _say(str(error), is_refusal=True)
