"""The KVI workshop on the KVIs page: five questions and the KVI as it would be; drafts; its file by hand; retiring.

What a KVI's file holds and whether it is one is decided in the board. Whoever may write answers the questions and
publishes what they make; SQL is written, and a KVI that is there changed, only by whoever may change exports: a query
can say more than a page shows.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kviboard.board.board import Board
from kviboard.board.context import BoardContext
from kviboard.board.kvis.draft import NEEDED, Draft, file_text, in_words, problems_of
from kviboard.board.kvis.own_files import discard_draft, drafts, own_file, retire, save, save_draft, text_of
from kviboard.board.kvis.questions import UNANSWERED, DraftQuestion, draft_of, questions
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tiles import change_text
from kviboard.board.kvis.trial import KviTrial, coach, signals_text, try_kvi
from kviboard.board.wording.coaching import coached_benefit
from kviboard.charts.alt_text import explain_marks
from kviboard.charts.trend import trend_chart
from kviboard.components.markup import link, text
from kviboard.components.tiles import verdict
from kviboard.domain.access import Permission
from kviboard.domain.formatting import counted, format_value, listed
from kviboard.domain.kvis.kvi import Kvi
from kviboard.errors import KviBoardError, StoreError
from kviboard.ui import served, session
from kviboard.ui.access import may
from kviboard.ui.actor import actor
from kviboard.ui.author import draw_person
from kviboard.ui.draw import draw_chart
from kviboard.ui.forms.browser import prepare_form
from kviboard.ui.forms.fields import Fields
from kviboard.ui.forms.form import Form, Start, draw_notice, forget, open_form
from kviboard.ui.forms.saving import begin, draw_coach
from kviboard.ui.kvis.page import basis_in_words
from kviboard.ui.markdown import plain
from kviboard.ui.page import Page, href
from kviboard.ui.url_state import choice, open_address

MAKE = ("", "new", "edit", "draft")
_SAID = "workshop-said"
_WIDTHS = (1, 1.3)
_PARTS = "Its words and settings stand between /*--- and ---*/, the query that counts it below them."
_REPLACES = "The file was changed meanwhile, not by you: saving puts what stands here in its place."


def draw_workshop_links(kvi: Kvi) -> None:
    """The ways into the workshop, for those who may use it."""
    if not may("write"):
        return
    ways = [link("New KVI", href("kvis", make="new"))]
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
    back = link("← Back to the KVIs", href("kvis"))
    st.markdown(f'<p class="okr-links">{back}</p>', unsafe_allow_html=True)
    with st.container(key="workshop"):
        try:
            context = session.context()
            prepare_form()
            if make == "new":
                _draw_new(page, context)
            elif make == "draft":
                _draw_drafts(page, context)
            else:
                names = list(page.board.kvis)
                _draw_edit(page, context, page.board.kvis[choice("kvi", names, names[0])])
        except StoreError as error:
            st.error(plain(str(error)))


def _draw_new(page: Page, context: BoardContext) -> None:
    st.subheader("New KVI", anchor=False)
    form, fields = begin(context, "new KVI", lambda: Start(UNANSWERED))
    asked, seen = st.columns(_WIDTHS, gap="large")
    with asked:
        draft, marks = _ask(context, form, fields)
    wrong = problems_of(draft, page.board)
    content = file_text(draft)
    is_begun = form.typed != form.base
    for field, sentence in wrong.items() if is_begun else ():
        marks[field].caption(f"⚠ {plain(sentence)}")
    with seen:
        if wrong.keys() <= NEEDED.keys():  # words are missing, not what is counted
            _draw_trial(page.board, try_kvi(page.board, "" if "title" in wrong else draft.name, _whole_text(draft)))
        else:
            st.caption("What it would show stands here, once it is said what is counted.")
        with st.expander("The file it would be"):
            st.code(content, language="sql")
    done = partial(forget, context.store, form)
    with st.columns(_WIDTHS, gap="large")[0]:  # below what it shows: on a phone that comes first
        if not is_begun:
            st.caption(f"To keep it, say {listed(list(NEEDED.values()))}.")
        _draw_keep(draft.name, content, "write", is_kept=False, is_wrong=bool(wrong), may_publish=not wrong, done=done)


def _whole_text(draft: Draft) -> str:
    """Its file as if nothing were missing: what is counted shows before anybody has found words for it."""
    title, benefit, value = (
        words.strip() or "…" for words in (draft.title, draft.customer_benefit, draft.company_value)
    )
    return file_text(replace(draft, title=title, customer_benefit=benefit, company_value=value))


def _ask(context: BoardContext, form: Form, fields: Fields) -> tuple[Draft, Mapping[str, DeltaGenerator]]:
    """The questions, and by field the place below it for what is wrong."""
    marks = {}
    for question in questions(context.board, form.typed):
        if question.field == "judged":
            st.caption(plain(in_words(draft_of(form.typed))))
        _draw_question(form, fields, question)
        marks[question.field] = st.empty()
        if question.field == "customer_benefit":
            draw_coach(context, form, question.field, coached_benefit(context.board, form.typed[question.field]))
    return draft_of(form.typed), marks


def _draw_question(form: Form, fields: Fields, question: DraftQuestion) -> None:
    name, label = question.field, question.text
    if question.options is None:
        if question.kind == "lines":
            fields.lines(name, label, height=80)
        else:
            fields.line(name, label, placeholder=question.example)
        return
    if (answer := question.preselected(form.typed[name])) != form.typed[name]:
        form.put(name, answer)
    known, show = list(question.options), question.options.__getitem__
    if question.kind == "many":
        fields.many(name, label, known, placeholder=question.example)
    elif question.kind == "few":
        fields.choice(name, label, known, show, required=True)
    else:
        fields.one(name, label, known, show)


def _draw_trial(board: Board, trial: KviTrial) -> None:
    """The KVI as it would be, and what a coach asks."""
    for problem in trial.problems:
        st.warning(plain(str(problem), code=True), icon="⚠️")
    reading = trial.reading
    if reading is None:
        return
    kvi, currency = reading.kvi, board.workspace.company.currency
    period, value = reading.stands_at
    number = text(format_value(value, kvi.unit, currency))
    basis = basis_in_words(reading, View(reading.grain))
    notes = " · ".join(filter(None, (change_text(reading, currency), basis)))
    st.markdown(
        f'<section class="kvi-headline"><p class="kvi-value">{number} <small>{text(period)}</small></p>'
        f"<p>{verdict(reading.verdict, reading.signal)}</p>"  # type: ignore[arg-type]
        f'<p class="kvi-notes">{text(notes)}</p></section>',
        unsafe_allow_html=True,
    )
    chart = trend_chart(reading.drawn, kvi.title, kvi.unit, currency, reading.grain)
    draw_chart(chart, key="kvi-trial")
    st.markdown(f'<p class="kvi-key">{text(explain_marks(chart.frame.to_pydict()))}</p>', unsafe_allow_html=True)
    st.markdown(plain(signals_text(trial)))
    questions = "".join(f"<li>{text(sentence)}</li>" for sentence in coach(board, trial))
    st.markdown(f"<p>Suggestions (you can save anyway)</p><ul>{questions}</ul>", unsafe_allow_html=True)


def _draw_keep(
    name: str,
    content: str,
    needs: Permission,
    *,
    is_kept: bool,
    is_wrong: bool,
    may_publish: bool,
    done: Callable[[], None],
) -> None:
    """The buttons that keep a draft and publish it, which `needs` a right. `is_kept`: a draft of this very text is
    there; `done` runs once it is saved."""
    publishes, asked = may(needs), (name, content, done)
    draw_person()
    with st.container(horizontal=True):
        if publishes:
            st.button("Publish this KVI", type="primary", key="kvi-save", disabled=not may_publish, on_click=_save,
                      args=(*asked, needs), help="It stands on every page from now on.")  # fmt: skip
        st.button("Keep as a draft", type="secondary" if publishes else "primary", key="kvi-draft",
                  disabled=is_kept or is_wrong, on_click=_save_draft, args=asked)  # fmt: skip
        if is_kept:
            st.button("Discard this draft", key="kvi-discard", on_click=_discard, args=(name,))


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
        _draw_keep(name, content, needs, is_kept=is_kept, is_wrong=is_empty, may_publish=may_publish, done=done)
        if not may(needs):
            st.caption("Whoever may change exports publishes it.")
    with seen:
        _draw_trial(page.board, trial)


def _draw_edit(page: Page, context: BoardContext, kvi: Kvi) -> None:
    st.subheader(f"Change {kvi.title}", anchor=False)
    own = own_file(served.workspace(), kvi.name)
    st.caption(plain(_PARTS))
    if own is None:
        st.caption("It comes with the board. Saving writes a file of your own, which takes its place.")
    before = text_of(served.workspace(), kvi)
    asked, seen = st.columns([1, 1], gap="large")
    with asked:
        content, done = _draw_file(context, f"file of {kvi.name}", before)
        trial = try_kvi(page.board, kvi.name, content)
        draw_person()
        with st.container(horizontal=True):
            st.button("Save", type="primary", key="kvi-save", disabled=bool(trial.problems) or content == before,
                      on_click=_save, args=(kvi.name, content, done))  # fmt: skip
            if content != before:
                st.button("Discard draft", key="kvi-afresh-file", on_click=done)
            if own:
                st.button("Retire this KVI", key="kvi-retire", on_click=_retire, args=(kvi.name,),
                          help="Its file is kept under queries/retired/ and can be moved back.")  # fmt: skip
    with seen:
        _draw_trial(page.board, trial)


def draw_said() -> None:
    """What was saved, discarded or retired last, or why it was not."""
    sentence, is_refusal = st.session_state.pop(_SAID, ("", False))
    if sentence:
        (st.error if is_refusal else st.success)(plain(sentence, code=True))


def _say(sentence: str, is_refusal: bool = False) -> None:
    st.session_state[_SAID] = (sentence, is_refusal)


def _save(name: str, content: str, done: Callable[[], None], needs: Permission = "data") -> None:
    with _refusals_said():
        actor(needs).begin("published a KVI", kvi=name)
        path = save(served.workspace(), name, content)
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


def _retire(name: str) -> None:
    with _refusals_said():
        actor().begin("retired a KVI", kvi=name)
        path = retire(served.workspace(), name)
        _say(f"Retired: its file is kept as queries/retired/{path.name}.")
        open_address(kvi="", make="")


def _nothing() -> None:
    """Where nothing was typed."""


@contextmanager
def _refusals_said() -> Iterator[None]:
    try:
        yield
    except KviBoardError as error:
        _say(str(error), is_refusal=True)
