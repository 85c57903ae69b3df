"""OKRs in and out of the page: a table of another tool with what becomes of every row, and downloads of ours."""

import streamlit as st

from kviboard.board.brought import MOST_MB
from kviboard.board.okrs.tables.moved_in import apply_import
from kviboard.board.okrs.tables.plan import ImportPlan, RowFate, columns_text, new_cycles_text, plan_import
from kviboard.board.okrs.tables.standing import where_they_stand
from kviboard.board.okrs.tables.taken_back import goes_text, imports_of, when_text
from kviboard.board.okrs.tables.written import okr_table_bytes
from kviboard.components.markup import text
from kviboard.domain.formatting import counted, listed, plural
from kviboard.errors import KviBoardError, with_short_quotes
from kviboard.ui import served
from kviboard.ui.access import may
from kviboard.ui.actor import actor
from kviboard.ui.author import author, draw_person, person
from kviboard.ui.forms.sent import kept_for_now
from kviboard.ui.markdown import plain
from kviboard.ui.okrs.links import form_link
from kviboard.ui.okrs.page import OkrPage
from kviboard.ui.url_state import open_address

_SAID, _ROUND = "okr-import-said", "okr-import-round"
_MIME = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_WITHOUT = "Without what is archived: that is in what `kviboard okrs export okrs.json` writes, too."
_MOST = 200  # rows whose fate is shown
_FEW = 12  # rows that are shown without a click


def draw_exchange(page: OkrPage) -> None:
    """Below the quarter: import and export, for those who may."""
    sentences, is_refusal = st.session_state.pop(_SAID, ((), False))
    for sentence in sentences:
        (st.error if is_refusal else st.success)(plain(sentence, code=True))
    if not may("data"):
        return
    box = st.expander("Import and export", key="okr-exchange", on_change="rerun")  # what is closed costs nothing
    if box.open:
        with box:
            _draw_downloads(page)
            _draw_import(page)
            _draw_imports(page)


def _draw_downloads(page: OkrPage) -> None:
    stands = where_they_stand(page.context)
    with st.container(horizontal=True):
        for ending, mime in _MIME.items():
            content = okr_table_bytes(page.context.store, ending, stands)
            st.download_button(
                f"All OKRs as {ending.upper()}", content, f"okrs.{ending}", mime, key=f"okrs-{ending}", help=_WITHOUT
            )


def _draw_import(page: OkrPage) -> None:
    """A file, what would become of each of its rows, and the button that saves them."""
    label = "OKRs of another tool (CSV, XLSX): nothing is saved before you have seen every row"
    key = f"okr-file-{st.session_state.get(_ROUND, 0)}"
    sent = st.file_uploader(label, ["csv", "tsv", "xlsx"], key=key, max_upload_size=MOST_MB)
    if sent is None:
        return
    names = [cycle.name for cycle in page.quarter.cycles]
    cycle = st.selectbox(
        "Cycle of rows that name none (choose one, or type a new one, as Q1 2027)", names, None,
        accept_new_options=True, key="okr-import-cycle", width=420,
    )  # fmt: skip
    try:
        with kept_for_now(sent) as file:
            plan = plan_import(page.context, file, cycle or "", served.apart())
    except KviBoardError as error:
        st.error(plain(str(error), code=True))
        return
    st.markdown(_preview(plan), unsafe_allow_html=True)
    draw_person()
    wanted = f"{counted(len(plan.objectives), 'objective')}, {counted(len(plan.key_results), 'key result')}"
    can = bool(plan.objectives) and bool(person())
    st.button(
        f"Import {wanted}", type="primary", key="okr-import", disabled=not can, on_click=_apply,
        args=(page, plan, sent.name),
    )  # fmt: skip


def _draw_imports(page: OkrPage) -> None:
    """The latest imports of the visitor, each with the way to take it back."""
    lines = [
        f'<p class="okr-links">{text(said)} {form_link("Take it back", "take_back", each.id, said)}</p>'
        for each in (imports_of(page.context, author()) if person() else [])
        for said in [f"Imported by you on {when_text(page.context, each)}: {goes_text(each)}."]
    ]
    if lines:
        st.markdown("".join(lines), unsafe_allow_html=True)


def _preview(plan: ImportPlan) -> str:
    """What comes in, which columns are read as what, and what becomes of each row; first what stays out or differs."""
    left = [fate for fate in plan.fates if fate.problem]
    whole = [fate for fate in plan.fates if not fate.problem]
    noted = [*map(_fate, left), *(f"<li>{text(note)}</li>" for note in plan.notes)]
    remarks = f"<ul>{''.join(noted[:_MOST])}</ul>{_and_more(len(noted))}" if noted else ""
    rows = "".join(map(_fate, whole[:_MOST]))
    goes_in = f"<summary>{text(counted(len(whole), 'row'))} {plural(len(whole), 'goes', 'go')} in</summary>"
    said = " ".join(filter(None, (new_cycles_text(plan), columns_text(plan))))
    lead = f'<p><b>{text(plan.summary)}</b></p><p class="kvi-quiet">{text(said)}</p>'
    is_open = " open" if len(whole) <= _FEW else ""
    return f"{lead}{remarks}<details{is_open}>{goes_in}<ul>{rows}</ul>{_and_more(len(whole))}</details>"


def _fate(fate: RowFate) -> str:
    """ "Line 5, key result …: stays out. Baseline: …"."""
    what, why = (text(with_short_quotes(said)) for said in (fate.what, fate.problem or fate.note))
    after = f"<b>stays out</b>: {why}" if fate.problem else why
    return f"<li>line {fate.line}: {what}{': ' if after else ''}{after}</li>"


def _and_more(number: int) -> str:
    return f"<p>And {number - _MOST:,} more.</p>" if number > _MOST else ""


def _apply(page: OkrPage, plan: ImportPlan, name: str) -> None:
    try:
        actor().begin("imported OKRs", file=name)
        apply_import(page.context, plan, author())
        st.session_state[_SAID] = ([f"Imported {plan.summary}. {_show_imported(page, plan)}", *plan.notes], False)
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1  # an empty box for the next file
    except KviBoardError as error:
        st.session_state[_SAID] = ([str(error)], True)


def _show_imported(page: OkrPage, plan: ImportPlan) -> str:
    """Go to a cycle that something came into, the latest, unless one is shown; in which cycles all of it is."""
    names = list(dict.fromkeys(each.cycle for each in plan.objectives.values()))
    if page.quarter.cycle is None or page.quarter.cycle.name not in names:
        into = [cycle for cycle in page.context.store.cycles.all() if cycle.name in names]
        open_address(cycle=str(max(into, key=lambda cycle: cycle.starts_on).id))
    return f"See {listed(names)}."
