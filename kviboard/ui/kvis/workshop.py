"""The KVI workshop on the KVIs page: five questions and the KVI as it would be; drafts; its file by hand; retiring.

What a KVI's file holds and whether it is one is decided in the board. Whoever may write answers the questions and keeps
drafts; SQL is written, and published, only by whoever may change exports: a query can say more than a page shows.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kviboard.board.board import GROUPS, Board
from kviboard.board.kvis.draft import (
    OF_ANOTHER,
    ROW_WORDS,
    ROWS,
    Draft,
    counts_of,
    file_text,
    in_words,
    measures_of,
    others_of,
    problems_of,
    tables_of,
    values_of,
    ways_of,
)
from kviboard.board.kvis.own_files import discard_draft, drafts, own_file, retire, save, save_draft, text_of
from kviboard.board.kvis.trial import Trial, coach, try_kvi
from kviboard.charts.trend import trend_chart
from kviboard.components.markup import link, text
from kviboard.components.tiles import verdict
from kviboard.domain.formatting import counted, format_value
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.periods import GRAINS
from kviboard.errors import KviBoardError
from kviboard.ui import served
from kviboard.ui.access import may
from kviboard.ui.actor import actor
from kviboard.ui.draw import draw_chart
from kviboard.ui.markdown import plain
from kviboard.ui.page import Page, href
from kviboard.ui.url_state import choice, open_address

MAKE = ("", "new", "edit", "draft")
_DAILY, _SAID = "a measure of the board", "workshop-said"


def draw_workshop_links(kvi: Kvi) -> None:
    """The ways into the workshop, for those who may use it."""
    if not may("write"):
        return
    ways = [link("New KVI", href("kvis", make="new"))]
    if may("data"):
        ways.append(link("Change this one", href("kvis", kvi=kvi.name, make="edit")))
    if waiting := drafts(served.workspace()):
        ways.append(link(counted(len(waiting), "draft"), href("kvis", make="draft")))
    st.markdown(f'<p class="okr-links">{" · ".join(ways)}</p>', unsafe_allow_html=True)


def draw_workshop(page: Page) -> bool:
    """Draw the workshop where the address asks for it; whether it did."""
    make = choice("make", MAKE, "")
    if not make or not may("data" if make == "edit" else "write"):
        return False
    back = link("← Back to the KVIs", href("kvis", make=""))
    st.markdown(f'<p class="okr-links">{back}</p>', unsafe_allow_html=True)
    if make == "new":
        _draw_new(page)
    elif make == "draft":
        _draw_drafts(page)
    else:
        names = list(page.board.kvis)
        _draw_edit(page, page.board.kvis[choice("kvi", names, names[0])])
    return True


def _draw_new(page: Page) -> None:
    st.subheader("New KVI", anchor=False)
    asked, seen = st.columns([1, 1.3], gap="large")
    with asked:
        draft, marks = _ask(page.board)
    wrong = problems_of(draft, page.board)
    content = file_text(draft)
    for field, sentence in wrong.items():
        marks[field].caption(f"⚠ {plain(sentence)}")
    with seen:
        if wrong:
            st.caption("What it would show stands here, once nothing is missing on the left.")
        else:
            _draw_trial(page.board, try_kvi(page.board, draft.name, content))
        with st.expander("The file it would be"):
            st.code(content, language="sql")
    with asked:
        _draw_keep(draft.name, content, is_kept=False, is_wrong=bool(wrong), may_publish=not wrong)


def _ask(board: Board) -> tuple[Draft, Mapping[str, DeltaGenerator]]:
    """The five questions, and by field the place below it for what is wrong."""
    marks = {}
    title = st.text_input("What is it called?", key="new-title", placeholder="Customers who export a report")
    marks["title"] = st.empty()
    benefit = st.text_area("For whom is it better, and how do they notice?", key="new-benefit", height=80)
    marks["customer_benefit"] = st.empty()
    company = st.text_area("What does it bring us?", key="new-company", height=80)
    marks["company_value"] = st.empty()
    rows = {"": _DAILY} | {table: ROW_WORDS[table] for table in tables_of(board)}
    table = st.selectbox("Which rows show it?", list(rows), format_func=rows.__getitem__, key="new-table")
    draft = Draft(title, benefit, company, table)
    draft = _ask_rows(board, draft) if table else _ask_measure(board, draft)
    marks["way"] = marks["of"] = st.empty()
    lengths = {"": f"per {board.usual_grain}, as most are"} | {
        grain: f"per {grain}"
        for grain in GRAINS
        if grain != board.usual_grain and (grain != "sprint" or board.calendar.sprints)
    }
    judged = st.selectbox(
        "In which periods is it judged?", list(lengths), format_func=lengths.__getitem__, key="new-judged"
    )
    with st.container(horizontal=True):
        better = st.radio("Which way is better?", ["up", "down"], horizontal=True, key="new-better")
        groups = list(GROUPS)
        group = st.radio("Whom is it about?", groups, format_func=GROUPS.get, horizontal=True, key="new-group")
    decision = st.text_area("What will we do when it moves?", key="new-decision", height=80)
    owner = st.text_input("Who owns it?", key="new-owner")
    return replace(draft, judged=judged, better=better, group=group, owner=owner, decision=decision), marks


def _ask_rows(board: Board, draft: Draft) -> Draft:
    known = values_of(board, draft.table)
    label, key = f"Only where {ROWS[draft.table]} is", f"new-values-{draft.table}"
    chosen = st.multiselect(label, known, key=key) if known else []
    counts = counts_of(board, draft.table)
    count = st.radio("How is it counted?", list(counts), format_func=counts.get, horizontal=True, key="new-count")
    st.caption(plain(in_words(replace(draft, values=tuple(chosen), count=count))))
    return replace(draft, values=tuple(chosen), count=count)


def _ask_measure(board: Board, draft: Draft) -> Draft:
    measures = measures_of(board)
    measure = st.selectbox("Which measure?", list(measures), format_func=measures.__getitem__, key="new-measure")
    ways = ways_of(measure)
    way = st.selectbox("How is it counted?", list(ways), format_func=ways.__getitem__, key=f"new-way-{'-'.join(ways)}")
    of = ""
    if way in OF_ANOTHER:
        others = others_of(board, measure, way)
        of = st.selectbox("Of what?", list(others), None, others.__getitem__, key=f"new-of-{measure}-{way}") or ""
    return replace(draft, measure=measure, way=way, of=of)


def _draw_trial(board: Board, trial: Trial) -> None:
    """The KVI as it would be, and what a coach asks."""
    for problem in trial.problems:
        st.warning(plain(str(problem), code=True), icon="⚠️")
    reading = trial.reading
    if reading is None:
        return
    kvi, currency = reading.kvi, board.workspace.company.currency
    value = format_value(reading.value, kvi.unit, currency)
    period = str(reading.latest["label"]) if reading.latest is not None else ""
    st.markdown(
        f'<section class="kvi-headline"><p class="kvi-value">{text(value)} <small>{text(period)}</small></p>'
        f"<p>{verdict(reading.verdict, reading.signal)}</p></section>",  # type: ignore[arg-type]
        unsafe_allow_html=True,
    )
    draw_chart(trend_chart(reading.drawn, kvi.title, kvi.unit, currency, reading.grain), key="kvi-trial")
    year = counted(trial.periods, f"{reading.grain}")
    st.markdown(f"In the last {year} it would have given **{counted(trial.signals, 'signal')}**.")
    questions = "".join(f"<li>{text(sentence)}</li>" for sentence in coach(board, trial))
    st.markdown(f"<p>Suggestions (you can save anyway)</p><ul>{questions}</ul>", unsafe_allow_html=True)


def _draw_keep(name: str, content: str, *, is_kept: bool, is_wrong: bool, may_publish: bool) -> None:
    """The buttons that keep a draft and publish it. `is_kept`: a draft of this very text is there."""
    publishes, asked = may("data"), (name, content)
    with st.container(horizontal=True):
        if publishes:
            st.button("Publish this KVI", type="primary", key="kvi-save", disabled=not may_publish, on_click=_save,
                      args=asked, help="It stands on every page from now on.")  # fmt: skip
        st.button("Keep as a draft", type="secondary" if publishes else "primary", key="kvi-draft",
                  disabled=is_kept or is_wrong, on_click=_save_draft, args=asked)  # fmt: skip
        if is_kept:
            st.button("Discard this draft", key="kvi-discard", on_click=_discard, args=(name,))


def _draw_drafts(page: Page) -> None:
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
        if may("data"):
            content = st.text_area("The file", content, height=420, key=f"draft-{name}")
        else:
            st.code(content, language="sql")
        trial = try_kvi(page.board, name, content)
        may_publish, is_kept = not trial.problems, content == kept
        _draw_keep(name, content, is_kept=is_kept, is_wrong=not content.strip(), may_publish=may_publish)
        if not may("data"):
            st.caption("Whoever may change exports publishes it.")
    with seen:
        _draw_trial(page.board, trial)


def _draw_edit(page: Page, kvi: Kvi) -> None:
    st.subheader(f"Change {kvi.title}", anchor=False)
    own = own_file(served.workspace(), kvi.name)
    if own is None:
        st.caption("It comes with the board. Saving writes a file of your own, which takes its place.")
    before = text_of(served.workspace(), kvi)
    asked, seen = st.columns([1, 1], gap="large")
    with asked:
        content = st.text_area("The file", before, height=420, key=f"edit-{kvi.name}")
        trial = try_kvi(page.board, kvi.name, content)
        with st.container(horizontal=True):
            st.button("Save", type="primary", key="kvi-save", disabled=bool(trial.problems) or content == before,
                      on_click=_save, args=(kvi.name, content))  # fmt: skip
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


def _save(name: str, content: str) -> None:
    with _refusals_said():
        actor().begin("published a KVI", kvi=name)
        path = save(served.workspace(), name, content)
        _say(f"Saved as queries/kvis/{path.name}.")
        open_address(kvi=name, make="")


def _save_draft(name: str, content: str) -> None:
    with _refusals_said():
        actor("write").begin("drafted a KVI", kvi=name)
        path = save_draft(served.workspace(), name, content)
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


@contextmanager
def _refusals_said() -> Iterator[None]:
    try:
        yield
    except KviBoardError as error:
        _say(str(error), is_refusal=True)
