"""Forgetting a customer from their page: asked once more, then done for good, and what was done is said."""

import streamlit as st

from kviboard.board.exports.forgetting import forget
from kviboard.board.reviews.redaction import take_out_voices
from kviboard.errors import KviBoardError
from kviboard.ui import served, session
from kviboard.ui.access import may
from kviboard.ui.actor import actor
from kviboard.ui.markdown import plain

_FLASH = "forgetting_flash"


def draw_forgetting(customer_id: str) -> None:
    """For whoever may: a button that asks once more."""
    if not may("data"):
        return
    with st.popover("Forget this customer", type="tertiary"):
        st.markdown(
            "All versions, caches and frozen voices lose this customer, for good, and no later export brings them "
            "back. Counts in frozen reviews stay. The exports are read anew, which may take minutes."
        )
        st.button("Forget for good", key="forget", type="primary", on_click=_forget, args=(customer_id,))


def draw_forgotten() -> None:
    """What was done, or why it was not."""
    for sentence, is_refusal in st.session_state.pop(_FLASH, ()):
        st.error(plain(sentence), icon="✖️") if is_refusal else st.success(plain(sentence), icon="✔️")


def _forget(customer_id: str) -> None:
    try:
        lines = forget(served.workspace(), session.store(), customer_id, take_out_voices, actor())
        st.session_state[_FLASH] = [(" ".join(lines), False)]
    except KviBoardError as error:
        st.session_state[_FLASH] = [(str(error), True)]
