"""Refreshing and going back from Exports and checks: buttons, progress, what came of it.

Everything that changes something happens in a callback, so that a double click does it once.
"""

from datetime import datetime
from typing import Literal

import streamlit as st

from kviboard.board.exports.maintenance import go_back
from kviboard.board.exports.refresh_job import Refreshing, last_refresh, start_refresh
from kviboard.components.markup import text
from kviboard.domain.formatting import counted, format_day
from kviboard.errors import KviBoardError
from kviboard.ui.access import may
from kviboard.ui.actor import actor
from kviboard.ui.exports.page import ExportsPage, draw_refusal
from kviboard.ui.markdown import plain
from kviboard.ui.personal import without_rows
from kviboard.ui.style import draw_section
from kviboard.warehouse.manifest import Manifest
from kviboard.workspace import Workspace

_FLASH, _WATCHED = "exports_flash", "exports_watched"


def draw_refresh(page: ExportsPage) -> None:
    """The button, or how far the refresh is that runs; what came of the last one."""
    refreshing = last_refresh(page.workspace)
    if refreshing and refreshing.is_running:
        watch(refreshing.started_at)
        _watch(page.workspace)
        return
    if may("data"):
        changed = bool(page.exports.changes) or page.exports.version is None
        label = "Refresh" if changed else "Refresh anyway"
        can_change = changed and bool(page.workspace.sources)  # else an upload comes first
        kind: Literal["primary", "secondary"] = "primary" if can_change else "secondary"
        st.button(label, key="refresh", type=kind, on_click=_refresh, args=(page.workspace,))
    if refreshing:
        _draw_outcome(page, refreshing)
    for sentence, is_refusal in st.session_state.pop(_FLASH, ()):
        (draw_refusal(sentence, ()) if is_refusal else st.success(plain(sentence, code=True), icon="✔️"))


def draw_versions(page: ExportsPage) -> None:
    """The versions there are, and a way back to each older one."""
    versions = page.exports.versions
    if not versions:
        return
    note = (
        "Each refresh makes a version; the last five are kept. Going back changes what all pages show, and no export."
    )
    draw_section("Versions", note, " ")
    for version in versions:
        with st.container(horizontal=True, vertical_alignment="center", key=f"version-{version.version}"):
            _draw_version(page, version)


def watch(started_at: datetime) -> None:
    """Have this session say what comes of the refresh that began then."""
    st.session_state[_WATCHED] = started_at


def say(sentence: str, is_refusal: bool = False) -> None:
    """Have the next run of this page say what was done, or why it was not."""
    st.session_state[_FLASH] = dict.fromkeys([*st.session_state.get(_FLASH, ()), (sentence, is_refusal)])  # each once


@st.fragment(run_every=0.5)
def _watch(workspace: Workspace) -> None:
    refreshing = last_refresh(workspace)
    if refreshing is None or not refreshing.is_running:
        st.rerun()
    with st.status("Refreshing: the version in use stays until the new one is whole", expanded=True):
        st.progress(min(refreshing.share, 1.0), text=plain(refreshing.doing, code=True))


def _draw_outcome(page: ExportsPage, refreshing: Refreshing) -> None:
    when = page.moment(refreshing.started_at)
    version = page.exports.version
    is_news = version is None or version.made_at < refreshing.started_at
    if refreshing.refused and is_news:
        outcome = "It was not published" if refreshing.problems else refreshing.refused.rstrip(".")
        stays = " What was in use before stays in use." if version else ""
        draw_refusal(f"Refresh of {when}: {outcome}.{stays}", tuple(map(without_rows, refreshing.problems)))
    elif refreshing.report and not is_news and st.session_state.get(_WATCHED) == refreshing.started_at:
        lines = " ".join(refreshing.report.lines[1:])
        st.success(f"Refreshed: all pages show the new version. {plain(lines, code=True)}", icon="✔️")


def _draw_version(page: ExportsPage, version: Manifest) -> None:
    is_used = page.exports.version is not None and version.version == page.exports.version.version
    state = '<b class="kvi-good">✓ in use</b>' if is_used else ""
    st.markdown(
        f'<p class="kvi-version"><b>{text(page.moment(version.made_at))}</b> {_facts(version)} {state}</p>',
        unsafe_allow_html=True,
    )
    if is_used or not may("data"):
        return
    with st.popover("Go back to it" if version.made_at < _used_at(page) else "Use it again"):
        st.markdown(f"All pages then show what was read on {page.moment(version.made_at)}, until the next refresh.")
        st.button("Use this version", key=f"use-{version.version}", type="primary", on_click=_use, args=(page, version))


def _used_at(page: ExportsPage) -> datetime:
    return page.exports.version.made_at if page.exports.version else page.exports.versions[0].made_at


def _facts(version: Manifest) -> str:
    rows = [row for row in version.files if row.role == "rows"]
    kept = sum(row.rows_kept for row in rows)
    files = len({row.file for row in version.files if row.file})
    reach = max(span.data_through for span in version.reach.values()) if version.reach else None
    return text(
        f"{counted(kept, 'row')} of {counted(files, 'file')}" + (f", data to {format_day(reach)}" if reach else "")
    )


def _refresh(workspace: Workspace) -> None:
    try:
        watch(start_refresh(workspace, actor()).started_at)
    except KviBoardError as error:
        say(str(error), is_refusal=True)


def _use(page: ExportsPage, version: Manifest) -> None:
    try:
        go_back(page.workspace, version.version, actor())
        say(f"In use again: what was read on {page.moment(version.made_at)}.")
    except KviBoardError as error:
        say(str(error), is_refusal=True)
