"""What all forms of OKRs share: their start, their last row with the button, the wording coach's remarks."""

from collections.abc import Callable, Sequence

import streamlit as st

from kviboard.board.okr_board import OkrBoard
from kviboard.domain.wording import Finding
from kviboard.errors import StoreError
from kviboard.ui.fields import Fields
from kviboard.ui.forms import Form, Save, Start, draw_notice, draw_save, open_form, take_told
from kviboard.ui.look import text
from kviboard.ui.okr_pieces import form_link
from kviboard.ui.sheets import close_sheet


def begin(okrs: OkrBoard, name: str, read: Callable[[], Start]) -> tuple[Form, Fields]:
    """The form of this name and what draws its fields. Raises StoreError where what it is about is not there."""
    form = open_form(okrs.store, name, read)
    draw_notice(form)
    return form, Fields(okrs.store, form)


def finish(okrs: OkrBoard, form: Form, label: str, save: Save) -> None:
    """The last row of a form: who saves, and the button."""
    draw_save(okrs.store, form, label, save, close_sheet)


def draw_told() -> None:
    """Say what the last save did, and offer the step that may follow: bringing back, carrying over."""
    told, undo = take_told(), st.session_state.pop("undo", "")
    if not told:
        return
    labels = {"restore": "Bring it back", "carry": "Carry key results over"}
    form, _, of = undo.partition(" ")
    more = form_link(labels[form.partition("_")[0]], form, int(of)) if undo else ""
    st.markdown(f'<p class="okr-told" role="status">✓ {text(told)} {more}</p>', unsafe_allow_html=True)


def number(of: str) -> int:
    """The number in an address. Raises StoreError for anything else."""
    if not of.isdecimal():
        raise StoreError("The address names nothing that is in the store: open the form from the page.")
    return int(of)


def draw_coach(findings: Sequence[Finding]) -> None:
    """What the wording coach says, the words it is about first. It never stops a save."""
    items = "".join(
        f"<li><p><q>{text(finding.quote)}</q> {text(finding.explanation)}</p><p>{text(finding.rewrite)}</p></li>"
        for finding in findings
    )
    body = f"<p>The wording coach asks, and stops nothing:</p><ul>{items}</ul>" if items else ""
    st.markdown(f'<div class="okr-coach" role="status">{body}</div>', unsafe_allow_html=True)


def draw_remark(sentence: str, caution: bool = False) -> None:
    """A quiet sentence under a field, for what is known of it."""
    if sentence:
        style = "okr-remark okr-lack" if caution else "okr-remark"
        mark = "⚠ " if caution else ""
        st.markdown(f'<p class="{style}" role="status">{mark}{text(sentence)}</p>', unsafe_allow_html=True)
