"""What forms begin and end with: the form itself, its last row with the button, remarks, and what the last save did."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.board.numbers import understood
from kviboard.board.wording.coaching import Coached
from kviboard.components.markup import text
from kviboard.domain.wording.findings import Finding
from kviboard.errors import StoreError
from kviboard.ui.forms.browser import keep_name
from kviboard.ui.forms.drawer import close_drawer
from kviboard.ui.forms.fields import Fields
from kviboard.ui.forms.form import Form, Save, Start, draw_notice, draw_save, keep, open_form, take_flash
from kviboard.ui.markdown import plain

_OFFERED, _STANDS_AT = "offered-step", "stands-at"

_MOST_DIGITS = 9  # of the number of a row; databases refuse longer ones in words of their own
_MOST_LETTERS = 90  # of a rewrite on its button


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
    keep_name()
    st.markdown(
        f'<p class="okr-told" role="status" data-at="{text(place)}">✓ {text(sentence)} {offered}</p>',
        unsafe_allow_html=True,
    )


def number(of: str) -> int:
    """The number in an address. Raises StoreError for anything else."""
    if not of.isdecimal() or len(of) > _MOST_DIGITS:
        raise StoreError("The address names nothing that is there: open the form from the page.")
    return int(of)


def draw_coach(context: BoardContext, form: Form, name: str, coached: Coached) -> None:
    """What the wording coach says of a field, the words it is about first, and a rewrite that a click puts into the
    field, another click takes out again. It never stops a save."""
    draw_suggestions(coached)
    if coached.rewrite:
        _draw_rewrite(context, form, name, coached.rewrite)
    if form.replaced.get(name, (None, ""))[0] == form.typed[name]:
        back = form.replaced[name][1]
        label = f"Back to “{shortened(back)}”"
        st.button(plain(label), on_click=partial(_put, context, form, name, back), key=form.key(f"/undo-{name}"))


def draw_suggestions(coached: Coached) -> None:
    """What the wording coach says of a text, or why it keeps silent; advice that several findings share stands once."""
    advice = [each.rewrite for each in coached.findings]
    items = ""
    for place, each in enumerate(coached.findings):
        said = "" if each.rewrite in advice[place + 1 :] else f"<p>{text(each.rewrite)}</p>"
        items += f"<li><p>{_explained(each)}</p>{said}</li>"
    body = f"<p>Suggestions (you can save anyway):</p><ul>{items}</ul>" if items else ""
    body = f"<p>{text(coached.silence)}</p>" if coached.silence else body
    st.markdown(f'<div class="okr-coach" role="status">{body}</div>', unsafe_allow_html=True)


def _draw_rewrite(context: BoardContext, form: Form, name: str, rewrite: str) -> None:
    label = f"Use “{shortened(rewrite)}”"
    st.button(plain(label), on_click=partial(_put, context, form, name, rewrite), key=form.key(f"/rewrite-{name}"))


def _put(context: BoardContext, form: Form, name: str, new: str) -> None:
    """Put a rewrite into a field, remembering what stood there; or put that back."""
    before = form.typed[name]
    undone = form.replaced.pop(name, (None, ""))[1] == new
    if not undone:
        form.replaced[name] = (new, before)
    form.put(name, new)
    keep(context.store, form)


def shortened(words: str) -> str:
    """As much of a text as a button may hold."""
    return words if len(words) <= _MOST_LETTERS else f"{words[: _MOST_LETTERS - 1].rstrip()}…"


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
