"""New export files on Exports and checks: drop one, see what a refresh would make of it, take it in or discard it."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from kviboard.board.exports.names import find_target, likely_name
from kviboard.board.exports.new_columns import NewShape, file_before, new_shape, with_renames
from kviboard.board.exports.row_outcomes import corrected_text, outcome_word, shown_outcomes
from kviboard.board.exports.setup import is_unknown, look_at
from kviboard.board.exports.uploads import (
    Preview,
    Upload,
    discard,
    likely_source,
    preview,
    receive,
    waiting_uploads,
)
from kviboard.caching import shared_cache
from kviboard.catalog import catalog_fingerprint
from kviboard.components.markup import text
from kviboard.domain.formatting import counted
from kviboard.errors import KviBoardError, UsageError
from kviboard.ui import served
from kviboard.ui.access import may
from kviboard.ui.actor import actor
from kviboard.ui.exports.page import ExportsPage, draw_refusal
from kviboard.ui.exports.refresh import say
from kviboard.ui.exports.setup import draw_setup
from kviboard.ui.exports.tables import reason_table, table
from kviboard.ui.exports.taking import Chosen, Taking, take
from kviboard.ui.markdown import plain
from kviboard.ui.streamlit_internals import UploadedFile
from kviboard.ui.style import draw_html
from kviboard.warehouse.manifest import LedgerRow
from kviboard.warehouse.recognition.looking import look
from kviboard.warehouse.staging.preview import ColumnUse, ImportPreview, preview_import
from kviboard.workspace import Workspace

_ROUND = "upload_round"
_LONGEST_VALUE = 60


def draw_upload(page: ExportsPage) -> None:
    """A place to drop a file, and every file that waits to be taken in."""
    if not may("data"):
        return
    served.apart().warm(preview_import, look)
    waiting = waiting_uploads(page.workspace)
    unknown = [upload for upload in waiting if is_unknown(page.workspace, upload, served.apart())]
    with st.expander("Upload exports", expanded=bool(waiting) or page.exports.version is None):
        key = f"upload-{st.session_state.get(_ROUND, 0)}"
        st.file_uploader(
            "Export files (CSV, TSV, XLSX, JSON, Parquet or ZIP; you see what they hold before they are taken in)",
            accept_multiple_files=True, key=key, on_change=_receive, args=(page.workspace, key),
        )  # fmt: skip
        known = [upload for upload in waiting if upload not in unknown]
        ready = [taking for upload in known if (taking := _draw_waiting(page, upload))]
        if len(known) > 1:
            _draw_take_all(known, ready)
    if unknown:
        draw_setup(page, unknown)


def _receive(workspace: Workspace, key: str) -> None:
    sent = [file for file in st.session_state.get(key) or () if isinstance(file, UploadedFile)]  # others were lost
    if not sent:
        return
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1  # an empty box for the next files
    there = {upload.key: upload.name for upload in waiting_uploads(workspace)}
    for file in sent:
        try:
            upload = receive(workspace, file.name, file, actor())
            if upload.key in there:
                say(f"{upload.name} waits already: the very same file is kept once.")
            elif file.name in there.values():
                say(f"Another {file.name} waits already, so this one is called {upload.name}.")
            there[upload.key] = upload.name
        except KviBoardError as error:
            say(str(error), is_refusal=True)


def _draw_take_all(known: Sequence[Upload], ready: Sequence[Taking]) -> None:
    """A button for all files of a delivery: one refresh reads them together, so that nobody sees the new orders beside
    the old answers."""
    why = "As soon as each file above can be taken in, and is said to replace the one of its name where it does."
    label = f"Take all {len(known)} in"
    is_open = len(ready) == len(known)
    st.button(
        label, type="primary", disabled=not is_open, help=None if is_open else why, on_click=take, args=tuple(ready)
    )


def _draw_waiting(page: ExportsPage, upload: Upload) -> Taking | None:
    """One file: where it goes, what it holds, what becomes of its rows, and the decision. What taking it in would do;
    None where it cannot be, yet."""
    with st.container(border=True, key=f"waiting-{upload.key}"):
        return _draw_file(page, upload)


def _draw_file(page: ExportsPage, upload: Upload) -> Taking | None:
    names = list(page.workspace.sources)
    st.markdown(f"**{plain(upload.name, code=True)}** waits to be taken in.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        guess = names.index(_guess((upload.key, *names), page, upload))
        source = st.selectbox("Source", names, guess, key=f"source-{upload.key}", width=220)
        proposed = likely_name(page.workspace, source, upload.name) or upload.name
        name = st.text_input("File name", proposed, key=f"name-{upload.key}-{source}", width=320)
    chosen = _draw_shape(page, upload, source, name)
    found = _look(page, upload, source, name, chosen)
    replacing = True
    if found and found.replaces:
        label = f"Replace {found.target}, which is there already (it is kept as {found.replaces})"
        replacing = st.checkbox(plain(label, code=True), key=f"replace-{upload.key}")
    takes = found is not None and not found.problems and replacing
    taking = Taking(upload, source, name, bool(found and found.replaces), chosen)
    with st.container(horizontal=True):
        key = f"take-{upload.key}"
        st.button("Take it in", key=key, type="primary", disabled=not takes, on_click=take, args=(taking,))
        st.button("Discard", key=f"discard-{upload.key}", on_click=_discard, args=(upload,))
    return taking if takes else None


def _draw_shape(page: ExportsPage, upload: Upload, source: str, name: str) -> Chosen:
    """What is new in the file's columns against those of its source, with a choice for each that can be used."""
    try:
        find_target(page.workspace, source, upload.name, name)
        shape = _shape((upload.key, source, page.workspace.model_dump_json()), page, upload, source)
    except KviBoardError:
        return Chosen()  # the preview says why
    said = [sentence for sentence in shape.sentences if not sentence.endswith("?")]
    draw_html("".join(f'<p class="kvi-quiet">{text(sentence)}</p>' for sentence in said))
    renamed = tuple(
        pair for pair in shape.renamed
        if st.checkbox(plain(f'Read "{pair[1]}" as "{pair[0]}" was read: {pair[2]}', code=True), True,
                       key=f"renamed-{upload.key}-{source}-{pair[1]}")
    )  # fmt: skip
    slices = tuple(column for column, as_name in shape.slices if _wants_slice(upload, source, shape, column, as_name))
    return Chosen(replace(shape, renamed=renamed), slices)


def _wants_slice(upload: Upload, source: str, shape: NewShape, column: str, name: str) -> bool:
    facts = shape.file.column(column)
    values = ", ".join(value for value, _ in facts.common[:3]) if facts else ""
    label = f'New column "{column}" ({values}): slice KVIs by it, as {name}'
    return bool(st.checkbox(plain(label, code=True), key=f"slice-{upload.key}-{source}-{column}"))


@shared_cache(most=20, by=1)
def _shape(key: tuple[object, ...], page: ExportsPage, upload: Upload, source: str) -> NewShape:
    there = file_before(page.workspace, source)
    zone = page.workspace.company.timezone
    facts, *before = (look_at([path], zone, page.workspace, served.apart())[0] for path in (upload.path, there) if path)
    return new_shape(page.workspace, source, facts, *before)


def _read_as_chosen(workspace: Workspace, upload: Upload, source: str, name: str, chosen: Chosen) -> Workspace:
    """The workspace with the renames that were chosen."""
    if chosen.shape is None or not chosen.shape.renamed:
        return workspace
    return with_renames(workspace, chosen.shape, find_target(workspace, source, upload.name, name))


def _look(page: ExportsPage, upload: Upload, source: str, name: str, chosen: Chosen) -> Preview | None:
    """Draw the preview; None where the file has no place in this source."""
    version = page.exports.version
    try:
        here = _read_as_chosen(page.workspace, upload, source, name, chosen)
    except UsageError as error:
        draw_refusal(str(error), ())
        return None
    state = (version and version.version, page.exports.changes, catalog_fingerprint(here), here.model_dump_json())
    try:
        with st.spinner("Reading it as a refresh would"):
            found = _preview((upload.key, source, name, *state), here, page, upload)
    except UsageError as error:
        draw_refusal(str(error), ())
        return None
    if found.problems:
        draw_refusal("This file cannot be taken in, because a refresh would not accept it:", found.problems)
    if found.file:
        st.markdown(_file(found, found.file), unsafe_allow_html=True)
    return found


@shared_cache(most=32, by=1)
def _guess(key: tuple[object, ...], page: ExportsPage, upload: Upload) -> str:
    return likely_source(page.workspace, page.board, upload, served.apart())


@shared_cache(most=8, by=1)
def _preview(key: tuple[object, ...], here: Workspace, page: ExportsPage, upload: Upload) -> Preview:
    _, source, name, *_ = key
    return preview(here, page.board, upload, str(source), str(name), served.apart())


def _file(found: Preview, file: ImportPreview) -> str:
    """What the file holds and what a refresh would make of it, as HTML."""
    counts = "".join(f"<p>{_counts(row)}</p>" for row in found.own) or "<p>Its rows are only looked up.</p>"
    again = f"{counted(found.repeats, 'row')} of other files"
    kept = "of rows with the same key, the one changed last is kept, or the one in the later file by name"
    repeats = f"<p>It has {again} again: {kept}.</p>" if found.repeats else ""
    notes = "".join(f"<li>{text(str(note))}</li>" for note in (*file.notes, *file.decisions))
    remarks = f'<ul class="kvi-notes">{notes}</ul>' if notes else ""
    reasons = reason_table("Rows that would be set aside", file.reasons)
    lead = f"<p>{text(file.written_as)}. It would be {text(found.target)}.</p>"
    return f'<section class="kvi-preview">{lead}{counts}{repeats}{remarks}{_columns(file)}{reasons}</section>'


def _counts(row: LedgerRow) -> str:
    counts = {name: getattr(row, name) for name in shown_outcomes([row])}
    outcomes = " + ".join(f"<b>{count:,}</b> {outcome_word(name, count)}" for name, count in counts.items())
    return (
        f"<b>{row.rows_read:,}</b> rows for {text(row.table_name)} = {outcomes}. {text(corrected_text([row]))}".rstrip(
            ". "
        )
    )


def _columns(file: ImportPreview) -> str:
    """One line per column of the file: what it feeds, and its first values."""
    shown = file.rows.fillna("–")
    heads = ("Column", "Feeds", *(f"Row {number + 1}" for number in range(len(shown))))
    values = (list(shown.iloc[:, number]) for number in range(len(file.columns)))
    rows = "".join(map(_column, file.columns, values))
    label = "Columns and first rows"
    inner = table("kvi-columns", label, heads, rows)
    return f'<div class="kvi-wide" tabindex="0" role="region" aria-label="{label}">{inner}</div>'


def _column(use: ColumnUse, values: list[str]) -> str:
    feeds = text(", ".join(use.feeds)) if use.feeds else '<span class="kvi-quiet">not used</span>'
    cells = "".join(f"<td>{text(str(value)[:_LONGEST_VALUE])}</td>" for value in values)
    return f'<tr><th scope="row">{text(use.name)}</th><td>{feeds}</td>{cells}</tr>'


def _discard(upload: Upload) -> None:
    if not upload.is_waiting:
        return
    try:
        discard(upload, actor())
        say(f"{upload.name} was discarded; nothing else was changed.")
    except KviBoardError as error:
        say(str(error), is_refusal=True)
