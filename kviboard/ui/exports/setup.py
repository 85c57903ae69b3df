"""Sets a workspace up on Exports and checks: what dropped files are, what is asked, what comes of it, and building.

What is recognised and written is decided in the board; here it is shown, and every guess can be changed.
"""

from collections.abc import Sequence
from threading import Lock
from zoneinfo import available_timezones

import streamlit as st

from kviboard.board.exports.refresh_job import start_refresh
from kviboard.board.exports.setup import Tried, build, look_at, plan_for, try_plan
from kviboard.board.exports.setup_files import Company
from kviboard.board.exports.uploads import Upload, discard
from kviboard.board.wording.coaching import coached_vision
from kviboard.caching import shared_cache
from kviboard.components import tiles
from kviboard.components.markup import text
from kviboard.domain.contract import CONTRACT
from kviboard.domain.formatting import counted
from kviboard.domain.recognition.facts import FileFacts
from kviboard.domain.recognition.plan import PAYMENTS, Export, Plan, Question, described
from kviboard.domain.recognition.slicing import TELLING
from kviboard.errors import KviBoardError
from kviboard.ui import served
from kviboard.ui.actor import actor
from kviboard.ui.exports.page import ExportsPage, draw_refusal
from kviboard.ui.exports.refresh import say, watch
from kviboard.ui.exports.tables import table
from kviboard.ui.forms.saving import draw_suggestions, shortened
from kviboard.ui.markdown import plain
from kviboard.ui.style import draw_section

_CHOICES = "setup_choices"
_NOTHING = "–"
_TRIED_AT_ONCE = 8_000_000  # bytes of exports; more are tried when asked to
_LONGEST = 40
_ROLES = {
    **{name: name for name in CONTRACT},
    PAYMENTS: "amounts of the orders",
    "": "not used",
}
_DECIDE = "Only what the files cannot say by themselves; where one answer is likely, it is taken."
_NOT_USED = '<span class="kvi-quiet">not used</span>'
_VISION = "Product vision, in one sentence for the customer (if you have one)"
_VISION_KEY, _REPLACED = "setup-vision", "setup-vision-replaced"
_building = Lock()


def draw_setup(page: ExportsPage, uploads: Sequence[Upload]) -> None:
    """Everything about files of which no source of the workspace is known."""
    choices: dict[str, str] = st.session_state.setdefault(_CHOICES, {})
    with st.spinner("Looking at every column"):
        facts = _facts(tuple(upload.key for upload in uploads), uploads, page.workspace.company.timezone)
    plan = plan_for(facts, choices, page.workspace)
    for export in plan.exports:
        with st.container(border=True, key=f"setup-{_slug(export.file.name)}"):
            _draw_export(plan, export, [upload for upload in uploads if upload.name in export.file.files])
    if plan.questions:
        draw_section("To decide", _DECIDE, " ")
        for question in plan.questions:
            _draw_question(question)
    company = _draw_company(page, plan)
    is_refused = _draw_outcome(plan, uploads, company) and not page.workspace.sources  # else it joins what is there
    _draw_building(page, plan, uploads, company, is_refused)


@shared_cache(most=20, by=1)
def _facts(keys: tuple[str, ...], uploads: Sequence[Upload], zone: str) -> list[FileFacts]:
    return look_at([upload.path for upload in uploads], zone, served.workspace(), served.apart())


@shared_cache(most=20, by=1)
def _tried(key: tuple[object, ...], plan: Plan, uploads: Sequence[Upload], company: Company) -> Tried:
    return try_plan(plan, [upload.path for upload in uploads], company, served.apart())


def _draw_export(plan: Plan, export: Export, uploads: Sequence[Upload]) -> None:
    """One file: what it is and why, which column feeds what, what else can be decided about it."""
    name = export.file.name
    rows = "" if export.file.problem else f" · {counted(export.file.rows, 'row')}"
    said, kind, button = st.columns([6, 2, 1], vertical_alignment="bottom")
    said.markdown(f"**{plain(name, code=True)}**{rows}  \n{plain(_sentence(plan, export), code=True)}")
    if not export.file.problem:
        with kind:
            _select(f"{name}:table", f"What {name} is", _ROLES, export.role, shows_label=False)
    button.button("Discard", key=f"setup-discard-{_slug(name)}", on_click=_discard, args=(uploads,))
    if export.file.problem or not export.role:
        return
    fed = " · ".join(f"{text(use.column)} → <b>{text(use.feeds)}</b>" for use in export.uses)
    st.markdown(f'<p class="kvi-preview kvi-fed">{fed}</p>', unsafe_allow_html=True)
    if export.state or export.candidates:
        _draw_values(export)
    lacking = plan.missing_of(export)
    title = f"Choose {' and '.join(lacking)}" if lacking else "All columns: first values, why, and changes"
    with st.expander(title, expanded=bool(lacking)):
        st.markdown(_columns(export), unsafe_allow_html=True)
        _draw_columns(export)


def _draw_values(export: Export) -> None:
    """Which states are no turnover, and by which columns KVIs are sliced."""
    name, state = export.file.name, export.file.column(export.state)
    if state:
        _several(f"{name}:void", f"{export.state}: rows that are {export.are_void}", list(state.values), export.void)
    if export.candidates:
        labels, picked = dict(export.candidates), [column for column, _ in export.dimensions]
        row = TELLING.get(export.role, ("",))[0]
        of_whom = f" (of each customer, what the latest {row} says)" if row else ""
        _several(f"{name}:dimensions", f"Slice KVIs by{of_whom}", list(labels), picked, labels)


def _sentence(plan: Plan, export: Export) -> str:
    said = described(plan, export)
    return f"{said[0].upper()}{said[1:].rstrip('.')}."


def _columns(export: Export) -> str:
    """Every column with what it feeds, why, and its first values."""
    parts = {use.column: (use.feeds, use.why) for use in export.uses}
    parts |= {column: (f"slice {name}", "") for column, name in export.dimensions}
    parts |= {export.order: ("customer_id", "of the order that it names")} if export.order else {}
    parts |= {export.state: ("which rows count", "")} if export.state else {}
    parts |= {export.times: ("multiplies the amount", "")} if export.times else {}
    parts |= {export.less_by: ("less by it", "")} if export.less_by else {}
    parts |= {export.minus: ("taken off the amount", "")} if export.minus else {}
    rows = []
    for column in export.file.columns:
        feeds, why = parts.get(column.name, ("", ""))
        shown = f'{text(feeds)} <small class="kvi-quiet">{text(why)}</small>' if feeds else _NOT_USED
        values = " · ".join(value[:_LONGEST] for value in column.examples)
        rows.append(f'<tr><th scope="row">{text(column.name)}</th><td>{shown}</td><td>{text(values)}</td></tr>')
    inner = table("kvi-columns", f"Columns of {export.file.name}", ("Column", "Feeds", "First values"), "".join(rows))
    label = text(f"Columns of {export.file.name}")
    return f'<div class="kvi-wide kvi-preview kvi-setup" tabindex="0" role="region" aria-label="{label}">{inner}</div>'


def _draw_columns(export: Export) -> None:
    """A choice for each column of ours."""
    names = [column.name for column in export.file.columns]
    ours = list(CONTRACT[export.role].columns) if export.role in CONTRACT else []
    if export.role == PAYMENTS:
        ours = [column for column in CONTRACT["orders"].columns if column.name == "amount"]
    with st.container(horizontal=True):
        for column in ours:
            label = f"{column.name}{' (needed)' if column.required else ''}"
            options = {_NOTHING: _NOTHING} | {name: name for name in names}
            _select(f"{export.file.name}:{column.name}", label, options, export.fed.get(column.name, _NOTHING))


def _draw_question(question: Question) -> None:
    meanings = dict(question.options)
    st.radio(
        plain(question.text, code=True),
        list(meanings),
        list(meanings).index(question.answer) if question.answer in meanings else None,
        format_func=meanings.__getitem__,
        horizontal=True,
        help=plain(question.why),
        key=f"set-{question.key}",
        on_change=_choose,
        args=(question.key,),
    )


def _draw_company(page: ExportsPage, plan: Plan) -> Company:
    """What no export says, on one form."""
    given = page.workspace.company
    if page.workspace.sources:  # it was said before
        return Company(given.name, given.vision, given.currency, given.timezone)
    draw_section("Your company", "What no export says. All of it can be changed later in kviboard.toml.", " ")
    zones = sorted(available_timezones())
    own = given.timezone if given.timezone != "UTC" else (st.context.timezone or "UTC")
    with st.container(horizontal=True):
        name = st.text_input("Company", given.name, key="setup-name", width=280)
        currency = st.text_input(
            "Currency", plan.currency or given.currency, max_chars=3, key="setup-currency", width=120
        )
        zone = st.selectbox("Your day begins in", zones, zones.index(own) if own in zones else zones.index("UTC"),
                            key="setup-zone", width=280)  # fmt: skip
        first = st.date_input("First day of a sprint (if you work in sprints)", None, format="DD/MM/YYYY",
                              key="setup-sprint", width=280)  # fmt: skip
    vision = _draw_vision(page)
    return Company(
        name.strip() or given.name, vision.strip(), currency.strip().upper(), zone, first.isoformat() if first else ""
    )


def _draw_vision(page: ExportsPage) -> str:
    """The vision, coached while it is worded; a click puts the coach's rewrite there, another the words before."""
    company, typed = page.workspace.company, st.session_state
    first = "" if _VISION_KEY in typed else company.vision
    vision = st.text_input(_VISION, first, key=_VISION_KEY)
    coached = coached_vision(company, vision)
    if coached.findings or coached.silence:
        draw_suggestions(coached)
    if coached.rewrite:
        label = plain(f"Use “{shortened(coached.rewrite)}”")
        st.button(label, on_click=_put_vision, args=(coached.rewrite, vision), key="setup-vision-use")
    new, before = typed.get(_REPLACED, ("", ""))
    if before and new == vision:
        label = plain(f"Back to “{shortened(before)}”")
        st.button(label, on_click=_put_vision, args=(before, ""), key="setup-vision-back")
    return vision


def _put_vision(new: str, before: str) -> None:
    st.session_state[_VISION_KEY] = new
    st.session_state[_REPLACED] = (new, before)


def _draw_outcome(plan: Plan, uploads: Sequence[Upload], company: Company) -> bool:
    """What became of every row, and the first KVIs: tried in a place of its own, nothing is written. Returns whether
    a refresh would refuse it."""
    if not _is_ready(plan):
        return False
    draw_section("What comes of it", "Tried as a refresh would do it; nothing is written yet.", " ")
    key = (tuple(upload.key for upload in uploads), repr(sorted(st.session_state[_CHOICES].items())), company)
    size = sum(upload.path.stat().st_size for upload in uploads)
    asked = st.session_state.get("setup_tried") == key
    if size > _TRIED_AT_ONCE and not asked:
        st.button(f"Try it ({size / 1e6:,.0f} MB)", key="setup-try", on_click=_ask_to_try, args=(key,))
        return False
    with st.spinner("Building it in a place of its own"):
        tried = _tried(key, plan, uploads, company)
    if tried.problems:
        draw_refusal("A refresh would refuse this:", tried.problems)
        return True
    rows = "".join(f"<li><b>{text(file)}</b> {text(outcome)}</li>" for file, outcome in tried.outcomes)
    reach = f"<p>The data reaches {text(tried.data_through)}.</p>"
    st.markdown(f'<section class="kvi-preview kvi-setup"><ul>{rows}</ul>{reach}</section>', unsafe_allow_html=True)
    shown = tiles.table(tried.tiles, "The first KVIs")
    st.markdown(shown or "<p>No KVI has a value yet.</p>", unsafe_allow_html=True)
    return False


def _draw_building(
    page: ExportsPage, plan: Plan, uploads: Sequence[Upload], company: Company, is_refused: bool
) -> None:
    waiting = [*(question.text for question in plan.open_questions)]
    waiting += [f"{export.file.name} has no {name}" for export, name in plan.lacking]
    if waiting:
        st.info(plain("Before the board can be built: " + "; ".join(waiting), code=True), icon="ℹ️")
    st.button(
        "Build the board", key="setup-build", type="primary", disabled=is_refused or not _is_ready(plan),
        on_click=_build, args=(page, plan, tuple(uploads), company),
    )  # fmt: skip


def _is_ready(plan: Plan) -> bool:
    return not plan.open_questions and not plan.lacking and any(export.role for export in plan.exports)


def _select(key: str, label: str, options: dict[str, str], chosen: str, shows_label: bool = True) -> None:
    names = list(options)
    st.selectbox(
        label, names, names.index(chosen) if chosen in names else None, format_func=options.__getitem__,
        key=f"set-{key}-{chosen}", on_change=_choose, args=(key, f"-{chosen}"), width=220 if shows_label else "stretch",
        label_visibility="visible" if shows_label else "collapsed",
    )  # fmt: skip


def _several(
    key: str, label: str, options: Sequence[str], chosen: Sequence[str], labels: dict[str, str] | None = None
) -> None:
    st.multiselect(
        plain(label, code=True), options, list(chosen), format_func=lambda each: (labels or {}).get(each, each),
        key=f"set-{key}", on_change=_choose, args=(key,),
    )  # fmt: skip


def _choose(key: str, suffix: str = "") -> None:
    """Keep what was chosen, as the plan understands it."""
    value = st.session_state.get(f"set-{key}{suffix}")
    st.session_state[_CHOICES][key] = "\n".join(value) if isinstance(value, list) else str(value)


def _ask_to_try(key: tuple[object, ...]) -> None:
    st.session_state["setup_tried"] = key


def _discard(uploads: Sequence[Upload]) -> None:
    try:
        for upload in uploads:
            if upload.is_waiting:
                discard(upload, actor())
    except KviBoardError as error:
        say(str(error), is_refusal=True)


def _build(page: ExportsPage, plan: Plan, uploads: Sequence[Upload], company: Company) -> None:
    """Write the workspace and refresh; the files wait until that is done. A double click does it once."""
    try:
        with _building:
            if not all(upload.is_waiting for upload in uploads):
                return
            actor().begin("set up", files=", ".join(upload.name for upload in uploads))
            build(page.workspace.root, plan, [upload.path for upload in uploads], company)
            for upload in uploads:
                discard(upload, actor())
            st.session_state.pop(_CHOICES, None)
            watch(start_refresh(served.workspace(), actor()).started_at)
            say("The board was set up: kviboard.toml and exports/ are written. See This week.")
    except KviBoardError as error:
        say(str(error), is_refusal=True)


def _slug(name: str) -> str:
    return "".join(sign if sign.isalnum() else "-" for sign in name)
