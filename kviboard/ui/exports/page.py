"""Opens Exports and checks in whatever state the workspace is, and says how things stand.

Its tables are in sources and tables, its buttons in refresh, new files in upload.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import streamlit as st

from kviboard.board.age import reach_text
from kviboard.board.board import Board
from kviboard.board.exports.exports import Exports, look_at_exports, not_exported, waiting
from kviboard.components.markup import text
from kviboard.domain.contract import CONTRACT
from kviboard.domain.formatting import counted, format_day, listed, plural
from kviboard.errors import KviBoardError, NotBuiltError, Problem, QueryError, WorkspaceError
from kviboard.ui import served, session
from kviboard.ui.markdown import plain
from kviboard.ui.page import draw_heading, enter
from kviboard.ui.personal import decision_shown, without_rows
from kviboard.ui.style import draw_section
from kviboard.ui.url_state import close_choices
from kviboard.workspace import Workspace

_MANY, _MANY_DAYS = 3, 730
_AT_ONCE = 5  # remarks; the others are behind a count
T = TypeVar("T")


@dataclass(frozen=True)
class ExportsPage:
    """An open page. `board` is None before the first refresh, or where its version cannot be read: see `trouble`."""

    workspace: Workspace
    board: Board | None
    trouble: str
    exports: Exports

    def moment(self, when: datetime) -> str:
        """A moment as the company's clocks show it: "3 Nov 2026, 14:05"."""
        local = when.astimezone(self.workspace.company.zone)
        return f"{format_day(local.date())}, {local:%H:%M}"


def open_exports(title: str, answers: str) -> ExportsPage:
    """Open the page in whatever state the workspace is; stops where kviboard.toml cannot be used."""
    enter(title)
    close_choices(())
    try:
        workspace = served.workspace()
    except WorkspaceError as error:
        draw_heading(title, answers, "")
        draw_refusal(*(("kviboard.toml cannot be used.", error.problems) if error.problems else (str(error), ())))
        st.markdown("Fix it and reload this page; nothing is lost.")
        st.stop()
    board, trouble = _board()
    reach = f" · {reach_text(board)}" if board else ""
    draw_heading(title, answers, text(f"{workspace.company.name}{reach}"))
    return ExportsPage(workspace, board, trouble, look_at_exports(workspace, board))


def draw_standing(page: ExportsPage, cautioned: int) -> None:
    """Is everything sound, how far the data reaches, which version is in use, what changed since. `cautioned` sources
    have a long gap or end early."""
    if page.exports.version is None:
        _draw_nothing_read(page)
        return
    sentences = (_reach(page), _version(page), _changes(page.exports))
    rest = "".join(f"<p>{text(sentence)}</p>" for sentence in sentences if sentence)
    lead = _lead(page.exports, cautioned)
    st.markdown(f'<section class="kvi-standing">{lead}{rest}</section>', unsafe_allow_html=True)


def draw_refusal(sentence: str, problems: tuple[Problem, ...]) -> None:
    """Say in a box what was refused and every reason for it."""
    reasons = "\n".join(f"- {plain(str(problem), code=True)}" for problem in problems)
    st.error(f"{plain(sentence, code=True)}\n\n{reasons}" if reasons else plain(sentence, code=True), icon="✖️")


def draw_remarks(page: ExportsPage) -> None:
    """What is broken, what to know, and which KVIs wait for an export."""
    problems = [_remark("bad", "✗ broken", problem) for problem in page.exports.problems]
    known = [without_rows(note) if note.where.startswith("Check ") else note for note in page.exports.notes]
    notes = [_remark("caution", "⚠ to know", problem) for problem in known]
    lacking = [_remark("calm", "◌ missing", problem) for problem in _missing(page)]
    items = "".join([*problems, *notes, *lacking])
    if items:
        draw_section("Worth knowing", "", f'<ul class="kvi-remarks" role="list">{items}</ul>')


def draw_decisions(page: ExportsPage) -> None:
    """How the exports were read where they can be read in two ways; what should be confirmed first."""
    marks = {"warning": ("caution", "⚠ check"), "note": ("calm", "◌ read so")}
    items = [_remark(*marks[said.level], said.problem, ":") for said in map(decision_shown, page.exports.decisions)]
    if items:
        answers = "What was decided while reading, those to check first; the last words say what decides otherwise."
        rest = items[_AT_ONCE:]
        more = f"<details><summary>{len(rest)} more</summary>{_remarks(rest)}</details>" if rest else ""
        draw_section("How the exports were read", answers, _remarks(items[:_AT_ONCE]) + more)


def _remarks(items: Sequence[str]) -> str:
    return f'<ul class="kvi-remarks" role="list">{"".join(items)}</ul>'


def answer_or_say(page: ExportsPage, ask: Callable[[session.Key], T], otherwise: T) -> T:
    """What `ask` finds in the version in use; where its query fails, a box says so and the rest of the page works."""
    if page.board is None:
        return otherwise
    try:
        return ask(session.board_key())
    except QueryError as error:
        draw_refusal(str(error), ())
        return otherwise


def _board() -> tuple[Board | None, str]:
    try:
        return session.board(), ""
    except NotBuiltError:
        return None, ""
    except KviBoardError as error:
        return None, str(error)


def _draw_nothing_read(page: ExportsPage) -> None:
    if page.trouble:
        draw_refusal(page.trouble, ())
        return
    files = sum(len(source.files) for source in page.exports.sources)
    if files:
        there = f"{counted(files, 'export file')} {plural(files, 'is', 'are')} there"
        st.info(
            f"No export has been read yet: {there}. Press **Refresh** to read {plural(files, 'it', 'them')}.",
            icon="ℹ️",
        )
        return
    config = page.workspace.root / "kviboard.toml"
    step = "put them where `kviboard.toml` says" if page.workspace.sources else f"name your files in `{config}`"
    sentence = "No export has been read yet, and none is there. Upload your files below"
    st.info(f"{sentence}, or {step} and press **Refresh**.", icon="ℹ️")


def _lead(exports: Exports, cautioned: int) -> str:
    tone, icon, sentence = "good", "✓", _soundness(exports, cautioned)
    if exports.problems:
        tone, icon = "bad", "✗"
    elif exports.notes or cautioned:
        tone, icon = "caution", "⚠"
    return f'<p class="kvi-lead"><span class="kvi-{tone}" aria-hidden="true">{icon}</span> {text(sentence)}</p>'


def _soundness(exports: Exports, cautioned: int) -> str:
    if cautioned:
        ends = plural(cautioned, "has a long gap or ends early", "have long gaps or end early")
        return f"{_soundness(exports, 0).removesuffix('.')}, but {counted(cautioned, 'source')} {ends}: see Sources."
    broken = len({problem.file for problem in exports.problems})
    things = f"{counted(len(exports.notes), 'thing')} worth knowing"
    if broken:
        left_out = f"{counted(broken, 'query file')} {plural(broken, 'is', 'are')} broken and left out"
        return f"{left_out}; the other numbers are sound{f', with {things}' if exports.notes else ''}."
    if exports.notes:
        return f"The numbers are sound, with {things}."
    checks = exports.version.checks if exports.version else ()
    return f"All {len(checks)} checks hold and every query file works."


def _reach(page: ExportsPage) -> str:
    if not page.board or not page.exports.version:
        return ""
    made = page.workspace.company.day_of(page.exports.version.made_at)
    before = (made - page.board.today).days
    ago = counted(before, "day") if before < _MANY_DAYS else f"about {round(before / 365.25)} years"
    when = f", {ago} before it was read" if before > 0 else ""
    return f"The data reaches {format_day(page.board.today)}{when}."


def _version(page: ExportsPage) -> str:
    version = page.exports.version
    if version is None:
        return ""
    read = f"Last refreshed on {page.moment(version.made_at)}"
    if page.exports.is_newest:
        return f"{read}."
    return f"{read}; in use is this version, though one of {page.moment(page.exports.versions[0].made_at)} is there."


def _changes(exports: Exports) -> str:
    if not exports.changes:
        return "Exports, settings and queries have not changed since." if exports.is_newest else ""
    listed, more = exports.changes[:_MANY], len(exports.changes) - _MANY
    return f"Since the last refresh, {'; '.join(listed)}{f'; and {more} more changes' if more > 0 else ''}."


def _missing(page: ExportsPage) -> list[Problem]:
    """Tables without an export: what waits for them, and how to bring them in."""
    if page.board is None:
        return []
    lacks = {lack: ", ".join(titles) for lack, titles in waiting(page.board).items()}
    found = [
        Problem(_begun(lack), f"is not there, so there is no {titles}.", _how(lack)) for lack, titles in lacks.items()
    ]
    idle = [table for table in not_exported(page.exports) if f"the {table} export" not in lacks]
    if idle:
        found.append(
            Problem(
                _begun(listed(idle)),
                "are not exported; no KVI waits for them."
                if len(idle) > 1
                else "is not exported; no KVI waits for it.",
            )
        )
    return found


def _how(lack: str) -> str:
    column, _, name = lack.removesuffix(" export").rpartition("the ")
    table = CONTRACT.get(name)
    if table is None:
        return ""
    if column:
        named = "Say under rename of its source in kviboard.toml which column has it"
        return f"{named}, or make it in queries/staging/{name}.sql."
    needed = ", ".join(column.name for column in table.columns if column.required)
    return f"Name its file under [sources.{table.name}] in kviboard.toml; it needs {needed}."


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _remark(tone: str, word: str, problem: Problem, after: str = "") -> str:
    """A remark; `after` parts where it is from what is said, where that is a sentence of its own."""
    return (
        f'<li><span class="kvi-mark kvi-{tone}">{word}</span> '
        f"<span><b>{text(problem.where)}{after}</b> {text(problem.what)} {text(problem.hint)}</span></li>"
    )
