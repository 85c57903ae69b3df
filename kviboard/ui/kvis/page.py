"""The parts of the KVIs page: catalogue, headline, trend, slices, comparison, definition. The page places them."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pandas as pd
import streamlit as st

from kviboard.board.age import behind_text
from kviboard.board.board import GROUPS, Board
from kviboard.board.kvis.comparison import compare_readings, largest, rank_slices
from kviboard.board.kvis.reach import reach_of
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.scored_share import basis_text, caution_text, scored_share
from kviboard.board.kvis.shown_sql import sql_behind
from kviboard.board.kvis.sorting import sentence
from kviboard.board.kvis.tables import answer, for_people, to_csv_file
from kviboard.board.kvis.tiles import about, answers_text, change_text, judged_text, slice_tile, spark_of
from kviboard.board.views.unsplit import unsplit_text
from kviboard.caching import shared_cache
from kviboard.charts.alt_text import explain_marks
from kviboard.charts.comparison import lag_chart, panel_chart
from kviboard.charts.png import chart_png
from kviboard.charts.slices import ranked_chart, small_multiples
from kviboard.charts.theme import Chart
from kviboard.charts.trend import PICKED, STRETCH, trend_chart
from kviboard.components.markup import facts, link, quiet, text
from kviboard.components.sparkline import sparkline_svg
from kviboard.components.tiles import table, verdict, with_small_unit
from kviboard.domain.formatting import counted, format_day, format_value, plural
from kviboard.domain.kvis.comparison import in_words
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.kvis.verdict_words import with_shape
from kviboard.errors import KviBoardError, StoreError
from kviboard.ui import session
from kviboard.ui.access import may
from kviboard.ui.draw import draw_chart, unseen_message
from kviboard.ui.filters import as_range, first_views
from kviboard.ui.kvis.goals import marked
from kviboard.ui.markdown import plain
from kviboard.ui.page import Page, href, warn, warn_of_gone
from kviboard.ui.style import draw_html
from kviboard.ui.url_state import asked_in_vain, choice, open_address, widget_key

_SLICES_SHOWN = 50


def chosen_kvi(page: Page) -> Kvi:
    """Draw the catalogue and return the KVI that the URL names, the first one unless it names a KVI."""
    readings = session.every_reading(page.view)
    names = _in_groups(page.board, readings)
    name = choice("kvi", names, names[0])
    with st.container(key="kvi-picker"):  # on a phone, instead of the list
        st.selectbox("KVI", names, format_func=lambda n: page.board.kvis[n].title, **widget_key("kvi", name, names[0]))
    with st.container(key="kvi-find"):
        wanted = st.text_input("Find a KVI", placeholder="Find a KVI", label_visibility="collapsed", live=True)
    found = [each for each in names if wanted.casefold().strip() in page.board.kvis[each].title.casefold()]
    entries = _entries(session.board_key(), page.view)
    groups = "".join(_group(page.board, group, found, entries, name, wanted) for group in GROUPS)
    nothing = quiet(f"No KVI is called “{wanted}”.") if not groups else ""
    st.markdown(f'<nav class="kvi-catalogue" aria-label="KVIs">{groups or nothing}</nav>', unsafe_allow_html=True)
    return page.board.kvis[name]


def draw_asked_in_vain(board: Board, shown: Kvi) -> None:
    """Where the address names a KVI that is not here: why, and that another one is shown."""
    broken = {Path(problem.file).name for problem in board.problems}
    for name in asked_in_vain().get("kvi", ()):
        why = "is left out, because its query file is broken" if f"{name}.sql" in broken else "is no KVI of this board"
        kvi = board.catalog.kvis.get(name)
        warn(f"{kvi.title if kvi else f'“{name}”'} {board.waiting.get(name, why)}. This is {shown.title}.")


def _in_groups(board: Board, readings: Mapping[str, Reading]) -> list[str]:
    """The names by group, in each first what is unusual, problems before improvements; a mirror after its KVI."""
    rank = {"bad": 0, "neutral": 1, "good": 2}

    def place(name: str) -> tuple[int, bool]:
        return rank.get(readings[name].signal or "", 3), board.kvis[name].mirrors in board.kvis

    ordered = sorted(board.kvis, key=place)
    return [name for group in GROUPS for name in ordered if board.kvis[name].group == group]


def _group(
    board: Board, group: str, names: Sequence[str], entries: Mapping[str, tuple[str, str]], chosen: str, wanted: str
) -> str:
    shown = [name for name in names if board.kvis[name].group == group]
    items = [_item(board.kvis[name], *entries[name], is_chosen=name == chosen) for name in shown]
    items += [
        f'<li class="kvi-waiting">{text(kvi.title)} <small>{text(board.waiting[name])}</small></li>'
        for name, kvi in board.catalog.kvis.items()
        if kvi.group == group and name in board.waiting and not wanted.strip()
    ]
    return f"<h2>{GROUPS[group]}</h2><ul>{''.join(items)}</ul>" if items else ""


def _item(kvi: Kvi, dot: str, numbers: str, is_chosen: bool) -> str:
    """One line: a dot for its verdict, the name, the last periods and the value."""
    current = ' aria-current="page"' if is_chosen else ""
    return f"<li{current}>{dot}{link(kvi.title, href('kvis', kvi=kvi.name))}{numbers}</li>"


@shared_cache(most=64)
def _entries(key: session.Key, view: View) -> Mapping[str, tuple[str, str]]:
    """What the catalogue says of each KVI in this view, whichever is chosen: what comes before its name, and after."""
    currency = session.board().workspace.company.currency
    return {name: _entry(reading, currency) for name, reading in session.every_reading(view).items()}


def _entry(reading: Reading, currency: str) -> tuple[str, str]:
    kvi, tone = reading.kvi, reading.signal or "calm"
    shape, _, words = with_shape(reading.verdict, reading.signal).partition(" ")
    dot = f'<span class="kvi-dot kvi-{tone}" role="img" aria-label="{text(words)}" title="{text(words)}">{shape}</span>'
    spark = sparkline_svg(spark_of(reading), f"{kvi.title}, last periods")
    (_, value), running = reading.stands_at, " <small>so far</small>" if reading.latest is None else ""
    number = with_small_unit(format_value(value, kvi.unit, currency))
    return dot, f"{spark}<b>{number}{running if value is not None else ''}</b>"


def readable_view(page: Page, kvi: Kvi) -> View:
    """The page's view; in the shortest grain the KVI has where it has none of that length, said in a sentence."""
    view = page.view
    if view.grain in kvi.grains:
        return View(view.grain, view.first, view.last, None, view.where)
    st.caption(f"{kvi.title} is computed per {' or '.join(kvi.grains)}; shown per {kvi.grains[0]}.")
    return View(kvi.grains[0], view.first, view.last, None, view.where)


def draw_headline(page: Page, reading: Reading, view: View) -> None:
    """Title, value, change, verdict and the sentence that says what happened."""
    currency = page.board.workspace.company.currency
    period, value = reading.stands_at
    number = text(format_value(value, reading.kvi.unit, currency))
    parts = (
        answers_text(reading, currency),
        basis_in_words(reading, view),
        judged_text(reading, currency),
        session.so_far_in_words(reading.kvi.name, view),
        behind_text(page.board, reading.data_through),
    )
    now = " · ".join(filter(None, parts))
    st.markdown(
        f'<section class="kvi-headline"><h2>{text(reading.kvi.title)} {verdict(reading.verdict, reading.signal)}</h2>'  # type: ignore[arg-type]
        f'<p class="kvi-value">{number} <small>{text(period)}</small></p>'
        f'<p class="kvi-change">{text(change_text(reading, currency))}</p>'
        f'<p class="kvi-message">{text(sentence(reading, currency))}</p><p class="kvi-notes">{text(now)}</p></section>',
        unsafe_allow_html=True,
    )


def basis_in_words(reading: Reading, view: View) -> str:
    """How much of the revenue a KVI by score speaks for, and that this is little where it is; empty for others."""
    scored = scored_share(reading, session.every_reading(view)) if reading.kvi.coverage else None
    doubt = caution_text(scored)
    return f"◌ {doubt}" if doubt else basis_text(scored)


def draw_trouble(reading: Reading) -> None:
    """The title of a KVI that could not be computed, and why."""
    st.markdown(f'<section class="kvi-headline"><h2>{text(reading.kvi.title)}</h2></section>', unsafe_allow_html=True)
    st.error(plain(reading.trouble, code=True), icon="✖️")


def draw_trend(page: Page, reading: Reading, view: View) -> None:
    """The trend with its limits, and what is shown as table, CSV and PNG."""
    kvi, picks, drawn = reading.kvi, may("write"), reading.drawn
    if drawn.empty:
        draw_html(quiet("No period lies in the chosen days, so there is nothing to draw."))
        return
    try:
        chart = _trend(session.board_key(), session.newest_entry(), kvi.name, view, picks)
    except StoreError:  # said beside the targets
        chart = _trend(session.board_key(), None, kvi.name, view, picks)
    spans = zip(drawn["period"], drawn["ends_on"], strict=True)
    periods = dict(zip(chart.frame["key"].to_pylist(), spans, strict=True))
    heard: dict[str, Callable[[list[str]], None]] = {STRETCH: lambda keys: _zoom([periods[key] for key in keys])}
    if picks:
        heard[PICKED] = lambda keys: _note_on(page, periods[keys[0]][1])
    key = f"trend-{view.first}-{view.last}"  # another range begins without a selection
    draw_chart(chart, key, heard, alt=f"Trend of {kvi.title}, described below")
    said = text(explain_marks(chart.frame.to_pydict()))
    dot = " · " if said else ""
    click = f'<span class="kvi-by-hand">{dot}A click on a period writes a note</span>' if picks else ""
    dot = " · " if said or click else ""
    stretch = "Drag over periods to look at these alone"
    drag = f'<span class="kvi-by-hand kvi-by-mouse">{dot}{stretch}</span>'  # a finger scrolls
    st.markdown(f'<p class="kvi-key">{unseen_message(chart)}{said}{click}{drag}</p>', unsafe_allow_html=True)
    with st.container(horizontal=True, key="downloads"):
        st.download_button(
            "CSV",
            lambda: to_csv_file(answer(page.board, kvi, view)),
            f"{kvi.name}.csv",
            "text/csv",
            on_click="ignore",
            help="The values shown",
        )
        st.download_button(
            "PNG",
            lambda: chart_png(chart, kvi.title),
            f"{kvi.name}.png",
            "image/png",
            on_click="ignore",
            help="The chart as a picture",
        )
    values = st.expander("Show as table", key="values", on_change="rerun")  # what is closed is neither made nor sent
    if values.open:
        values.table(for_people(reading, reading.told.iloc[::-1]).set_index("Period"))


@shared_cache(most=256)
def _trend(key: session.Key, newest: int | None, name: str, view: View, picks: bool) -> Chart:
    board, reading = session.board(), session.readings(name, view)[0]
    kvi, currency, releases = reading.kvi, board.workspace.company.currency, board.reader.releases
    return trend_chart(
        reading.drawn, kvi.title, kvi.unit, currency, view.grain, releases,
        notes=None if newest is None else marked(newest, name), picks=picks, stretches=True,
    )  # fmt: skip


def draw_ahead() -> Iterator[None]:
    """Draw the trends that a visitor sees without other choices than a KVI and a grain, one at each step: whoever comes
    meanwhile waits for no more than that."""
    with suppress(KviBoardError):
        board = session.board()
        for view in first_views(board):
            for name, kvi in board.kvis.items():
                if view.grain in kvi.grains:
                    _trend(session.board_key(), session.newest_entry(), name, view, may("write"))
                    yield


def _note_on(page: Page, day: pd.Timestamp) -> None:
    """Open the form of a note on the period that was clicked, on its last day that has data."""
    open_address(do="add_note", of=min(day.date(), page.board.today).isoformat())


def _zoom(stretch: Sequence[tuple[pd.Timestamp, pd.Timestamp]]) -> None:
    """Look at the stretch of periods that was dragged over; one alone shows no trend."""
    if len(stretch) > 1:
        open_address(range=as_range(stretch[0][0].date(), stretch[-1][1].date()))


def draw_slices(page: Page, kvi: Kvi, view: View) -> None:
    """The KVI per slice: over time on one scale, ranked, and as a table with the change of each."""
    by = page.view.by
    if not by:
        if page.board.dimensions:
            links = " · ".join(link(name.capitalize(), href("kvis", by=name)) for name in page.board.dimensions)
            st.markdown(f'<p class="kvi-quiet">Slice it by {links}</p>', unsafe_allow_html=True)
        return
    readings, others = largest(session.readings(kvi.name, replace(view, by=by)), _SLICES_SHOWN)
    whole = session.readings(kvi.name, view)[0]
    st.subheader(f"{kvi.title} by {by.replace('_', ' ')}", anchor=False)
    currency = page.board.workspace.company.currency
    draw_chart(ranked_chart(rank_slices(readings), kvi.title, kvi.unit, currency, whole.value), key="ranking")
    sparks = small_multiples({str(reading.slice): spark_of(reading) for reading in readings})
    ranked = sorted(readings, key=lambda reading: -math.inf if reading.value is None else reading.value, reverse=True)
    doubts = _doubts(page, kvi, view, readings)
    tiles = [
        slice_tile(reading, currency, href, sparks[str(reading.slice)], by, doubts.get(reading.slice, ""))
        for reading in ranked
    ]
    st.markdown(table(tiles, f"{kvi.title} by {by}", by.replace("_", " ").capitalize()), unsafe_allow_html=True)
    if others:
        smaller = plural(others, "which is smaller", "which are smaller")
        st.markdown(quiet(f"And {counted(others, 'other')}, {smaller}."), unsafe_allow_html=True)


def _doubts(page: Page, kvi: Kvi, view: View, readings: Sequence[Reading]) -> Mapping[str | None, str]:
    """Of which slices little of the revenue has a score, where the KVI is by score."""
    whole = page.board.kvis.get(kvi.coverage or "")
    if whole is None:
        return {}
    scored = {each.slice: each for each in session.readings(whole.name, replace(view, by=page.view.by))}
    pairs = ((each, scored[each.slice]) for each in readings if each.slice in scored)
    return {each.slice: caution_text(scored_share(each, {whole.name: its})) for each, its in pairs}


def draw_comparison(page: Page, kvi: Kvi, view: View) -> None:
    """Another KVI beside this one: do they move together, and which one leads."""
    others = ["", *(n for n, other in page.board.kvis.items() if n != kvi.name and view.grain in other.grains)]
    name = choice("compare", others, "")
    warn_of_gone(compare="KVI")
    pair = st.expander("Compare with another KVI", expanded=bool(name), key="pair", on_change="rerun")
    if not pair.open:
        return
    with pair:
        st.selectbox(
            "Other KVI",
            others,
            format_func=lambda n: page.board.kvis[n].title if n else "None",
            **widget_key("compare", name, ""),
        )
        if name:
            _draw_pair(page, session.readings(kvi.name, view)[0], session.readings(name, view)[0])


def _draw_pair(page: Page, one: Reading, other: Reading) -> None:
    comparison = compare_readings(one, other)
    st.markdown(in_words(comparison, one.kvi.title, other.kvi.title, one.grain))
    currency = page.board.workspace.company.currency
    for reading in (one, other):
        chart = panel_chart(reading.drawn, reading.kvi.title, reading.kvi.unit, currency, reading.grain)
        st.caption(reading.kvi.title)
        draw_chart(chart, key=f"panel-{reading.kvi.name}")
    if comparison.lags:
        draw_chart(lag_chart(comparison, one.kvi.title, other.kvi.title, one.grain), key="lags")
        draw_html('<p class="kvi-key">Shaded: what chance alone would show</p>')


def draw_definition(page: Page, reading: Reading, view: View) -> None:
    """What the number means, who owns it, how fresh it is and the SQL behind it."""
    kvi = reading.kvi
    reach = reach_of(kvi, page.board.reader)
    fresh = f"{format_day(reach.data_from)} to {format_day(reach.data_through)}" if reach else "no data"
    settled = f"{counted(kvi.complete_after, 'day')} after a period ends" if kvi.complete_after else ""
    unsplit = unsplit_text(page.board, kvi, view)
    rows = (*about(reading), ("Data", fresh), ("Not split", unsplit), ("Complete", settled), ("Source", kvi.source))
    st.markdown(facts([row for row in rows if row[1]]), unsafe_allow_html=True)
    sql = st.popover("SQL behind it", width="stretch", key="sql", on_change="rerun")
    if sql.open:
        sql.caption(plain(f"Per period and slice: `{kvi.formula.text}`", code=True))
        sql.code(sql_behind(page.board.reader, kvi, view.question), language="sql", wrap_lines=True)
