"""The filter bar, the same on every page: grain, range, slice and filters, shared across pages and kept in the URL."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import streamlit as st

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.segments import within_segment
from kviboard.domain.periods import GRAINS, months_up_to
from kviboard.ui.url_state import asked_in_vain, choice, choose, chosen_values, unchecked, widget_key

RANGES = {
    "3m": "Last 3 months",
    "6m": "Last 6 months",
    "12m": "Last 12 months",
    "24m": "Last 24 months",
    "all": "All data",
}
DEFAULT_RANGE = "12m"
_DAYS = "days"  # instead of a length: two days to choose
SEGMENT = "in_segment"  # the name of a choice: a dimension may be called segment


def grains_of(board: Board) -> list[str]:
    return [grain for grain in GRAINS if grain != "sprint" or board.calendar.sprints]


def draw_filters(board: Board, whole: bool = True) -> View:
    """Draw the bar and return what is chosen. Without `whole` only customers are chosen: periods and range are those
    that a page begins with."""
    with st.container(horizontal=True, vertical_alignment="center", key="filters" if whole else "filter"):
        grain = _grain(board) if whole else board.usual_grain
        first, last = _range(board.today) if whole else (_first_day(board.today, DEFAULT_RANGE), None)
        by = _slice(board) if whole and board.dimensions else ""
        where = _where(board) if board.dimensions else ()
    return View(grain, first, last, by or None, where)


def first_views(board: Board) -> list[View]:
    """What pages show without any choice, in every grain, the one they begin with first."""
    first, begin = _first_day(board.today, DEFAULT_RANGE), board.usual_grain
    return [View(grain, first) for grain in sorted(grains_of(board), key=lambda grain: grain != begin)]


def left_out() -> str:
    """What the address asks for and the bar does not have, such as “Narnia” (country); empty where it has all. Ask
    after `draw_filters`."""
    called = {SEGMENT: "segment", "by": "slices", "grain": "length of a period"}
    gone = asked_in_vain()
    return ", ".join(
        f"“{value}” ({called.get(name) or _named(name)})" for name, values in gone.items() for value in values
    )


def choice_names(board: Board) -> list[str]:
    """Names of the choices that the bar keeps in the URL."""
    return ["grain", "range", "by", SEGMENT, *board.dimensions]


def _grain(board: Board) -> str:
    options, default = grains_of(board), board.usual_grain
    grain = choice("grain", options, default)
    st.segmented_control(
        "Length of a period",
        options,
        format_func=str.capitalize,
        required=True,
        label_visibility="collapsed",
        **widget_key("grain", grain, default),
    )
    return grain


def as_range(first: date, last: date) -> str:
    """Chosen days as the address has them: "2026-01-01..2026-03-31"."""
    return f"{first.isoformat()}..{last.isoformat()}"


def _range(today: date) -> tuple[date | None, date | None]:
    """The first and the last day of the range; None where it has no such end."""
    said = unchecked("range")
    days = _days(said, today)
    options = [*RANGES, said if days else _DAYS]
    period = choice("range", options, DEFAULT_RANGE)
    st.selectbox(
        "Range",
        options,
        format_func=lambda name: RANGES.get(name, "Chosen days"),
        width=150,
        label_visibility="collapsed",
        **widget_key("range", period, DEFAULT_RANGE),
    )
    if not days:
        return _first_day(today, period), None
    key = "choice-days"
    st.session_state[key] = days
    st.date_input(
        "First and last day", key=key, max_value=max(today, days[1]), format="DD/MM/YYYY", width=230,
        label_visibility="collapsed",
        on_change=lambda: _choose_days(st.session_state[key]),
    )  # fmt: skip
    return days


def _choose_days(days: Sequence[date]) -> None:
    if len(days) == 2:  # the first click of two has chosen only one
        choose("range", as_range(*days))


def _days(said: str, today: date) -> tuple[date, date] | None:
    """The days that the address names, in their order; None where it names a range by its length or nothing true."""
    if said == _DAYS:
        return _first_day(today, DEFAULT_RANGE) or today, today
    try:
        first, last = sorted(date.fromisoformat(day) for day in said.split(".."))
    except ValueError:
        return None
    return first, last


def _slice(board: Board) -> str:
    options = ["", *board.dimensions]
    by = choice("by", options, "")
    st.selectbox(
        "Slice by",
        options,
        format_func=lambda name: f"By {_named(name)}" if name else "All customers",
        width=170,
        label_visibility="collapsed",
        **widget_key("by", by, ""),
    )
    return by


def _named(dimension: str) -> str:
    return dimension.replace("_", " ")


def _where(board: Board) -> tuple[tuple[str, tuple[str, ...]], ...]:
    segments = {name: each for name, each in board.workspace.segments.items() if _has_customers(board, each.chosen)}
    segment = choice(SEGMENT, list(segments), "")
    members = segments[segment].chosen if segment else {}
    known = {name: _values(board, name, members) for name in board.dimensions}
    chosen = {name: chosen_values(name, known[name]) for name in board.dimensions}
    active = {name: values for name, values in chosen.items() if values}
    shown = {SEGMENT: [_named(segment)], **active} if segment else active
    with st.popover(_filter_label(shown), width="content"):
        if segments:
            st.selectbox(
                "Named segment",
                ["", *segments],
                format_func=lambda name: _named(name).capitalize() if name else "All customers",
                **widget_key(SEGMENT, segment, ""),
            )
        for name, options in known.items():
            st.multiselect(
                _named(name).capitalize(),
                options,
                placeholder="All",
                select_all=False,
                **widget_key(name, chosen[name]),
            )
        if shown or not asked_in_vain().keys().isdisjoint((SEGMENT, *board.dimensions)):
            st.button("Clear all filters", on_click=_clear, args=((SEGMENT, *board.dimensions),))
    return within_segment(board.workspace, segment, tuple((name, tuple(values)) for name, values in active.items()))


def _has_customers(board: Board, members: Mapping[str, Sequence[str]]) -> bool:
    """Whether customers have every value of a segment; `kviboard check` names those that nobody has."""
    return all(set(values) <= set(board.reader.dimension_values(name)) for name, values in members.items())


def _values(board: Board, dimension: str, members: Mapping[str, Sequence[str]]) -> list[str]:
    """The values of a dimension that can be chosen: within a segment, those that its customers have."""
    there = board.reader.dimension_values(dimension)
    return [value for value in there if value in members.get(dimension, there)]


def _filter_label(active: dict[str, list[str]]) -> str:
    texts = [
        ", ".join(values) if len(values) < 3 else f"{len(values)} × {_named(name)}" for name, values in active.items()
    ]
    return f"Filter: {' · '.join(texts)}" if texts else "Filter"


def _clear(dimensions: Sequence[str]) -> None:
    for name in dimensions:
        choose(name, None)


@lru_cache(maxsize=64)
def _first_day(today: date, period: str) -> date | None:
    if period == "all":
        return None
    return months_up_to(today, int(period.removesuffix("m")))
