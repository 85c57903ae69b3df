"""What forms begin and end with: the form itself, its last row with the button, remarks, and what the last save did."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.board.numbers import understood
from kviboard.components.markup import text
from kviboard.domain.wording.coach import Finding
from kviboard.errors import StoreError
from kviboard.ui.forms.drawer import close_drawer
from kviboard.ui.forms.fields import Fields
from kviboard.ui.forms.form import Form, Save, Start, draw_notice, draw_save, open_form, take_flash

_OFFERED, _STANDS_AT = "offered-step", "stands-at"

_MOST_DIGITS = 9  # of the number of a row; databases refuse longer ones in words of their own


def begin(context: BoardContext, name: str, read: Callable[[], Start]) -> tuple[Form, Fields]:
    """The form of this name and what draws its fields. Raises StoreError where what it is about is not there."""
    form = open_form(context.store, name, read)
    draw_notice(form)
    return form, Fields(context.store, form)


def finish(context: BoardContext, form: Form, label: str, save: Save) -> None:
    """The last row of a form: who saves, and the button."""
    draw_save(context.store, form, label, save, close_drawer)


def offer(link: str) -> None:
    """Offer a link (HTML) beside the sentence about this save: the step that usually follows."""
    st.session_state[_OFFERED] = link


def stand_at(element: str) -> None:
    """Let the page stand at the element with this id once the form is gone: what was saved."""
    st.session_state[_STANDS_AT] = element


def draw_flash() -> None:
    """Say what the last save did, and offer the step that may follow."""
    sentence, offered = take_flash(), st.session_state.pop(_OFFERED, "")
    place = st.session_state.pop(_STANDS_AT, "")
    if not sentence:
        return
    st.markdown(
        f'<p class="okr-told" role="status" data-at="{text(place)}">✓ {text(sentence)} {offered}</p>',
        unsafe_allow_html=True,
    )


def number(of: str) -> int:
    """The number in an address. Raises StoreError for anything else."""
    if not of.isdecimal() or len(of) > _MOST_DIGITS:
        raise StoreError("The address names nothing that is in the store: open the form from the page.")
    return int(of)


def draw_coach(findings: Sequence[Finding]) -> None:
    """What the wording coach says, the words it is about first. It never stops a save."""
    items = "".join(f"<li><p>{_explained(finding)}</p><p>{text(finding.rewrite)}</p></li>" for finding in findings)
    body = f"<p>Suggestions (you can save anyway):</p><ul>{items}</ul>" if items else ""
    st.markdown(f'<div class="okr-coach" role="status">{body}</div>', unsafe_allow_html=True)


def _explained(finding: Finding) -> str:
    """The explanation with the words it is about marked in it, before it where it does not repeat them."""
    explanation, words = text(finding.explanation), text(f"“{finding.quote}”")
    marked = f"<q>{text(finding.quote)}</q>"
    return explanation.replace(words, marked, 1) if words in explanation else f"{marked} {explanation}"


def draw_sentence(sentence: str) -> None:
    """What a form is about to do, in the words of people: nothing in it is taken for markup."""
    st.markdown(f'<p class="okr-sentence">{text(sentence)}</p>', unsafe_allow_html=True)


def draw_number(fields: Fields, name: str, label: str, unit: str, currency: str, **more: Any) -> None:
    """A field for a number in `unit`, and what it is taken for below it while it is typed."""
    typed = fields.line(name, label, **more)
    draw_remark(*understood(typed, unit, currency))


def draw_remark(sentence: str, caution: bool = False) -> None:
    """A quiet sentence under a field, for what is known of it."""
    if sentence:
        style = "okr-remark okr-lack" if caution else "okr-remark"
        mark = "⚠ " if caution else ""
        st.markdown(f'<p class="{style}" role="status">{mark}{text(sentence)}</p>', unsafe_allow_html=True)
