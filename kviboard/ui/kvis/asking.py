"""The questions that make a KVI, and those that change one that is there, each beside the KVI as it would be."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kviboard.board.context import BoardContext
from kviboard.board.kvis.changing import WORDS, answers_in, changed_text, shown_until_now
from kviboard.board.kvis.draft import NEEDED, Draft, file_text, in_words, problems_of
from kviboard.board.kvis.own_files import drafts, text_of
from kviboard.board.kvis.questions import UNANSWERED, DraftQuestion, draft_of, questions
from kviboard.board.kvis.targets import target_lines
from kviboard.board.kvis.trial import KviTrial, try_kvi
from kviboard.board.okrs.dependents import key_results_of_kvi
from kviboard.board.wording.coaching import coached_benefit
from kviboard.components.markup import link
from kviboard.domain.formatting import counted, listed
from kviboard.domain.kvis.definition import Definition, told_before
from kviboard.domain.kvis.kvi import Kvi
from kviboard.ui import served
from kviboard.ui.access import may
from kviboard.ui.forms.fields import Fields
from kviboard.ui.forms.form import Form, Start, forget
from kviboard.ui.forms.saving import begin, draw_coach
from kviboard.ui.kvis.keeping import draw_keep, draw_retire
from kviboard.ui.kvis.trial import draw_trial
from kviboard.ui.markdown import plain
from kviboard.ui.page import Page, href

_WIDTHS = (1, 1.3)


def draw_new(page: Page, context: BoardContext) -> None:
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
            draw_trial(page.board, try_kvi(page.board, "" if "title" in wrong else draft.name, _whole_text(draft)))
        else:
            st.caption("What it would show stands here, once it is said what is counted.")
        with st.expander("The file it would be"):
            st.code(content, language="sql")
    done = partial(forget, context.store, form)
    with st.columns(_WIDTHS, gap="large")[0]:  # below what it shows: on a phone that comes first
        if not is_begun:
            st.caption(f"To keep it, say {listed(list(NEEDED.values()))}.")
        draw_keep(draft.name, content, "write", is_kept=False, is_wrong=bool(wrong), may_publish=not wrong, done=done)


def draw_change(page: Page, context: BoardContext, kvi: Kvi) -> None:
    """The same questions about a KVI that is there; of one that they did not make, those about its words."""
    st.subheader(f"Change {kvi.title}", anchor=False)
    before = text_of(served.workspace(), kvi)
    answers = answers_in(page.board, before)
    form, fields = begin(context, f"change of {kvi.name}", lambda: Start(answers))
    if form.base != answers and form.rebase(Start(answers)):
        form.notice = "It was changed meanwhile, not by you: saving puts what stands here in its place."
    asked, seen = st.columns(_WIDTHS, gap="large")
    with asked:
        if "table" not in answers:
            _say_what_stays(kvi)
        draft, marks = _ask(context, form, fields)
    wrong = problems_of(draft, page.board, kvi.name)
    for field, sentence in wrong.items():
        marks[field].caption(f"⚠ {plain(sentence)}")
    is_begun, content = form.typed != answers, changed_text(before, answers, form.typed)
    trial = try_kvi(page.board, kvi.name, content)
    with seen:
        draw_trial(page.board, trial)
    done = partial(forget, context.store, form)
    with st.columns(_WIDTHS, gap="large")[0]:
        _say_what_changes(context, kvi, trial)
        if kvi.name in drafts(served.workspace()):
            st.caption("A draft of it is kept already: another one takes its place.")
        is_sound = is_begun and not wrong and not trial.problems
        draw_keep(kvi.name, content, "data", is_kept=False, is_wrong=not is_sound, may_publish=is_sound, done=done,
                  label="Publish this change")  # fmt: skip
        if not may("data"):
            st.caption("Kept as a draft, it is published by whoever may change exports.")
        if is_begun:
            st.button("Discard changes", key="kvi-afresh-change", on_click=done)
        else:
            st.caption("Nothing is changed yet.")
        draw_retire(context, kvi)


def _say_what_stays(kvi: Kvi) -> None:
    own = "" if kvi.is_own else " It comes with the board: publishing makes a file of your own that takes its place."
    st.caption(plain(f"How it is counted stays as it is: {kvi.description or kvi.formula.text}{own}"))
    if may("data"):
        way = link("Change its file", href("kvis", kvi=kvi.name, make="edit"))
        st.markdown(f'<p class="okr-links">{way}</p>', unsafe_allow_html=True)


def _say_what_changes(context: BoardContext, kvi: Kvi, trial: KviTrial) -> None:
    """What a change does to what was shown before, and to what people measure by the KVI."""
    if trial.reading and trial.reading.kvi.title != kvi.title:
        st.caption(plain(f"Its page says from then on that it was called “{kvi.title}”."))
    was = told_before(Definition.of(kvi), Definition.of(trial.reading.kvi)) if trial.reading else ""
    if not was:
        return
    st.markdown(plain(shown_until_now(context.board, kvi, trial)))
    st.caption(
        "Every period is computed anew, past ones too; minutes keep what was shown. Its page says from then on how it "
        f"was: “{plain(was)}”"
    )
    results = [each.view.record.title for each in key_results_of_kvi(context, kvi.name)]
    targets = len(target_lines(context.board, context.store, kvi.name))
    measured = [f"{counted(len(results), 'key result')} ({listed(results)})"] if results else []
    measured += [counted(targets, "target")] if targets else []
    if measured:
        st.caption(plain(f"⚠ Look again at {listed(measured)}: starting values and goals stay as they were set."))


def _whole_text(draft: Draft) -> str:
    """Its file as if nothing were missing: what is counted shows before anybody has found words for it."""
    title, benefit, value = (
        words.strip() or "…" for words in (draft.title, draft.customer_benefit, draft.company_value)
    )
    return file_text(replace(draft, title=title, customer_benefit=benefit, company_value=value))


def _ask(context: BoardContext, form: Form, fields: Fields) -> tuple[Draft, Mapping[str, DeltaGenerator]]:
    """The questions, those about words alone where the form has no others, and by field the place below it for what is
    wrong."""
    marks = {}
    is_whole = "table" in form.typed
    answers = form.typed if is_whole else {**UNANSWERED, **form.typed}
    for question in questions(context.board, answers):
        if not is_whole and question.field not in WORDS:
            continue
        if is_whole and question.field == "judged":
            st.caption(plain(in_words(draft_of(answers))))
        _draw_question(form, fields, question)
        marks[question.field] = st.empty()
        if question.field == "customer_benefit":
            draw_coach(context, form, question.field, coached_benefit(context.board, form.typed[question.field]))
    return draft_of({**answers, **form.typed}), marks


def _draw_question(form: Form, fields: Fields, question: DraftQuestion) -> None:
    name, label = question.field, question.text
    if question.options is None:
        if question.kind == "lines":
            fields.lines(name, label)
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
