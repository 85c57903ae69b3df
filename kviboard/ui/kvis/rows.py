"""“Rows behind it” on the page of a KVI: the exported rows of its latest complete period, for who may see customers."""

from dataclasses import replace

import streamlit as st

from kviboard.board.kvis.reading import Reading, View
from kviboard.components.markup import quiet
from kviboard.domain.formatting import counted
from kviboard.ui.access import visitor
from kviboard.ui.personal import draw_personal_csv
from kviboard.ui.style import draw_html
from kviboard.ui.views import rows_of

_MOST = 500
_VIEWS = {name: f"rows_of_{name}" for name in ("orders", "responses", "customers", "tickets", "activity")}
"""By export the view of its rows."""


def draw_rows(reading: Reading, view: View) -> None:
    """An expander with the rows per export and all of them as CSV; nothing without the right or a complete period."""
    tables = [table for table in reading.kvi.tables if table in _VIEWS]
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
                "Export", tables, default=table, format_func=str.capitalize, required=True, key="rows-table"
            )
        rows = rows_of(_VIEWS[table], period, most=_MOST)
        count = int(rows["matching"].iloc[0]) if len(rows) else 0
        shown = counted(count, "row") if count == len(rows) else f"the first {len(rows):,} of {counted(count, 'row')}"
        draw_html(quiet(f"{reading.latest['label']}, {table}: {shown}.{_looks_back(reading)}"))
        day = st.column_config.DateColumn(format="D MMM YYYY", pinned=True)
        shown_rows = rows.drop(columns="matching")
        st.dataframe(shown_rows, hide_index=True, height=320, column_config={"day": day}, key="rows-shown")
        draw_personal_csv(_VIEWS[table], period)


def _looks_back(reading: Reading) -> str:
    """What a reader who adds the rows up must know of a value that rests on more than its period."""
    days = reading.kvi.window_days or reading.kvi.full_after
    return f" The value also rests on rows before: it looks back over {counted(days, 'day')}." if days else ""
