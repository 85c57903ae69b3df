"""Who supports whom: the objectives of a quarter as a tree, the worst branch first, with what hangs in the air."""

import streamlit as st

from kviboard.board.okrs.tree import TreeLine, read_alignment
from kviboard.components.markup import text
from kviboard.components.statuses import status, tone_of
from kviboard.domain.formatting import format_share
from kviboard.domain.okrs.lifecycle import State
from kviboard.ui.markdown import plain
from kviboard.ui.okrs.cards import graded_note
from kviboard.ui.okrs.links import bar, story_link
from kviboard.ui.okrs.page import OkrPage
from kviboard.ui.style import draw_section


def draw_alignment(page: OkrPage) -> None:
    """Draw the tree of all objectives that the filters leave."""
    found = read_alignment(page.shown)
    for circle in found.circles:
        st.warning(plain(circle), icon="⚠️")
    draw_section(
        "Alignment",
        "A branch shows its worst status first, so that trouble below is seen from the top",
        _tree(found.lines),
        otherwise="This cycle has no objective yet.",
    )


def _tree(lines: tuple[TreeLine, ...]) -> str:
    """Nested lists, so that a screen reader says how deep one is."""
    html, depth = "", -1
    for line in lines:
        html += "<ul>" * (line.depth - depth) + "</li></ul>" * (depth - line.depth)
        html += "</li>" if line.depth <= depth else ""
        html += f"<li>{_line(line)}"
        depth = line.depth
    return f'<div class="okr-tree">{html}{"</li></ul>" * (depth + 1)}</div>' if lines else ""


def _line(line: TreeLine) -> str:
    view = line.view
    flag = f' <span class="okr-lack">⚠ {text(line.flag)}</span>' if line.flag else ""
    owner = text(view.record.owner or "nobody owns it")
    return (
        f'<div class="okr-branch okr-{tone_of(view.status, view.is_close)}"><div class="okr-what">'
        f"<b>{story_link(view.record.title, view.record.id)}</b>"
        f'<p class="okr-notes">{text(view.team)} · {owner}{flag}</p></div>'
        f'<div class="okr-total">{_total(line)}</div></div>'
    )


def _total(line: TreeLine) -> str:
    view = line.view
    worst = "" if line.worst == view.status else f'<span class="okr-notes">in its branch: {status(line.worst)}</span>'
    if view.state == State.DRAFT:
        return f"<p>Draft {worst}</p>"
    done = "no value yet" if view.progress is None else format_share(view.progress)
    if view.record.grade is not None:
        done = f"{view.record.grade:.1f} {graded_note(view)}"
    breach = '<span class="okr-notes">a guardrail is breached</span>' if view.breaches else ""
    return f"<p>{status(view.status, is_close=view.is_close)} {done} {breach} {worst}</p>{bar(view)}"
