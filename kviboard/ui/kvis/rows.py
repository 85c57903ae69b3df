"""“Rows behind it” on the page of a KVI: those of its latest complete period, for who may see customers."""

from dataclasses import replace

import streamlit as st

from kviboard.board.kvis.counted import counted_rows, has_counted_rows
from kviboard.board.kvis.reading import Reading, View
from kviboard.components.markup import quiet
from kviboard.domain.formatting import counted
from kviboard.ui import session
from kviboard.ui.access import visitor
from kviboard.ui.personal import draw_personal_csv, draw_personal_rows
from kviboard.ui.style import draw_html
from kviboard.ui.views import rows_of

_MOST = 500
_VIEWS = {name: f"rows_of_{name}" for name in ("orders", "responses", "customers", "tickets", "activity")}
"""By export the view of its rows."""
_COUNTED = "counted"
_CSV = "All of them as CSV"


def draw_rows(reading: Reading, view: View) -> None:
    """An expander with the rows per export and all of them as CSV, before them those that a KVI of the company's own
    counts; nothing without the right or a complete period."""
    own = [_COUNTED] if has_counted_rows(reading.kvi) else []
    tables = [*own, *(table for table in reading.kvi.tables if table in _VIEWS)]
    if not tables or reading.latest is None or not visitor().sees_customers:
        return
    opened = st.expander("Rows behind it", key="rows", on_change="rerun")  # what is closed is neither read nor sent
    if not opened.open:
        return
    period = replace(view, first=reading.latest["period"].date(), last=reading.latest["ends_on"].date(), by=None)
    with opened:
        table = tables[0]
        if len(tables) > 1:
            table = st.segmented_control(
                "Rows" if own else "Export",
                tables,
                default=table,
                format_func=str.capitalize,
                required=True,
                key=f"rows-table-{reading.kvi.name}",
            )
        _draw_table(reading, str(reading.latest["label"]), period, table, is_all=bool(own) and table != _COUNTED)


def _draw_table(reading: Reading, label: str, period: View, table: str, is_all: bool) -> None:
    """The rows of an export, or those that count; `is_all` says that more of the export are shown than count."""
    kvi = reading.kvi
    if table == _COUNTED:
        rows, what = counted_rows(session.board(), kvi, period, _MOST), "as its SQL counts them"
    else:
        rows, what = rows_of(_VIEWS[table], period, most=_MOST), f"all {table}" if is_all else table
    count = int(rows["matching"].iloc[0]) if len(rows) else 0
    shown = counted(count, "row") if count == len(rows) else f"the first {len(rows):,} of {counted(count, 'row')}"
    more = ", whether they count or not" if is_all else ""
    draw_html(quiet(f"{label}, {what}: {shown}{more}.{_looks_back(reading)}"))
    day = st.column_config.DateColumn(format="D MMM YYYY", pinned=True)
    st.dataframe(
        rows.drop(columns="matching"), hide_index=True, height=320, column_config={"day": day}, key="rows-shown"
    )
    if table == _COUNTED:
        draw_personal_rows(kvi.name, lambda: counted_rows(session.board(), kvi, period).drop(columns="matching"), _CSV)
    else:
        draw_personal_csv(_VIEWS[table], period, _CSV)


def _looks_back(reading: Reading) -> str:
    """What a reader who adds the rows up must know of a value that rests on more than its period."""
    days = reading.kvi.window_days or reading.kvi.full_after
    return f" The value also rests on rows before: it looks back over {counted(days, 'day')}." if days else ""
