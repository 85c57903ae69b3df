"""“Rows behind it” on the page of a KVI: the exported rows of its latest complete period, for who may see customers."""

from datetime import date

import streamlit as st

from kviboard.board.kvis.readings import Reading, View
from kviboard.board.kvis.rows_behind import exports_behind, rows_behind
from kviboard.board.kvis.tables import to_csv
from kviboard.components.markup import quiet
from kviboard.domain.formatting import counted
from kviboard.ui import session
from kviboard.ui.access import visitor
from kviboard.ui.page import Page
from kviboard.ui.style import draw_html

_MOST = 500


def draw_rows(page: Page, reading: Reading, view: View) -> None:
    """An expander with the rows per export and all of them as CSV; nothing without the right or a complete period."""
    tables = exports_behind(reading.kvi)
    if not tables or reading.latest is None or not visitor().sees_customers:
        return
    opened = st.expander("Rows behind it", key="rows", on_change="rerun")  # what is closed is neither read nor sent
    if not opened.open:
        return
    first, last = reading.latest["period"].date(), reading.latest["ends_on"].date()
    with opened:
        table = tables[0]
        if len(tables) > 1:
            table = st.segmented_control(
                "Export", tables, default=table, format_func=str.capitalize, required=True, key="rows-table"
            )
        rows, count = rows_behind(page.board, table, first, last, dict(view.where), _MOST)
        shown = counted(count, "row") if count == len(rows) else f"the first {len(rows):,} of {counted(count, 'row')}"
        draw_html(quiet(f"{reading.latest['label']}, {table}: {shown}.{_looks_back(reading)}"))
        day = st.column_config.DateColumn(format="D MMM YYYY", pinned=True)
        st.dataframe(rows, hide_index=True, height=320, column_config={"day": day}, key="rows-shown")
        st.download_button(
            "All of them as CSV",
            lambda: _csv(table, first, last, view),
            f"{reading.kvi.name}-{table}.csv",
            "text/csv",
            on_click="ignore",
            key="csv-rows",
        )


def _csv(table: str, first: date, last: date, view: View) -> str:
    if not visitor().sees_customers:
        return ""
    return to_csv(rows_behind(session.board(), table, first, last, dict(view.where))[0])


def _looks_back(reading: Reading) -> str:
    """What a reader who adds the rows up must know of a value that rests on more than its period."""
    days = reading.kvi.window_days or reading.kvi.full_after
    return f" The value also rests on rows before: it looks back over {days} days." if days else ""
