"""Tables of Exports and checks: checks, and rows set aside with their reasons. Sources are in sources."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from kviboard.board.exports.exports import KINDS, reasons, rejected_rows
from kviboard.board.kvis.tables import to_csv_file
from kviboard.caching import shared_cache
from kviboard.components.markup import text
from kviboard.domain.formatting import counted, plural
from kviboard.ui import session
from kviboard.ui.access import visitor
from kviboard.ui.exports.page import ExportsPage, answer_or_say
from kviboard.ui.personal import sees_customers
from kviboard.ui.style import draw_section
from kviboard.warehouse.manifest import CheckResult, Manifest


def draw_checks(page: ExportsPage) -> None:
    """Every check with sound or broken, the broken ones first."""
    version = page.exports.version
    if version is None:
        return
    named = visitor().sees_customers
    broken = "".join(_broken(check, named) for check in version.checks if check.rows_broken)
    heads = ("Broken", "Rule", "Rows", "One of them")
    holding = "".join(_holding(check) for check in version.checks if not check.rows_broken)
    note = "Rules that a version must keep. One that breaks a strict rule is never put in use."
    tables = table("kvi-checks", "Broken checks", heads, broken) if broken else ""
    sound = sum(not check.rows_broken for check in version.checks)
    holds = f"<details><summary>{counted(sound, 'check')} {plural(sound, 'holds', 'hold')}</summary>"
    holds += f'<ul class="kvi-holds" role="list">{holding}</ul></details>'
    draw_section("Checks", note, f"{tables}{holds if holding else ''}")


def draw_set_aside(page: ExportsPage) -> None:
    """Why rows were rejected or replaced, with examples; all of them as CSV."""
    named = visitor().sees_customers
    found = answer_or_say(page, lambda key: _set_aside(key, named), None)
    if found is None or page.board is None:
        return
    note, tables = found
    shown = f"<details><summary>Show the reasons</summary>{tables}</details>" if tables else ""
    draw_section("Rows rejected or set aside", note, shown, "No row was rejected or replaced.")
    if tables and sees_customers():
        board = page.board
        name = f"rows-set-aside-{board.today:%Y-%m-%d}.csv"

        def rows() -> bytes:
            return to_csv_file(rejected_rows(board)) if visitor().sees_customers else b""

        st.download_button("All of them as CSV", rows, name, "text/csv", on_click="ignore")


def reason_table(title: str, found: pd.DataFrame) -> str:
    """Reasons per source, most frequent first, as in queries/views/rejected_reasons.sql; "" where there are none."""
    if found.empty:
        return ""
    heads = ("Source", "Reason", "Rows", "Such as")
    rows = "".join(_reasons_of(str(source), group) for source, group in found.groupby("source", sort=False))
    return f'<h3 class="kvi-kind">{title}</h3>{table("kvi-reasons", title, heads, rows)}'


def table(css: str, caption: str, heads: Sequence[str], rows: str) -> str:
    """An HTML table; the caption is for screen readers."""
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return (
        f'<table class="{css}"><caption>{text(caption)}</caption><thead><tr>{cells}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def short_name(name: str) -> str:
    """A file's path as it is inside the workspace; its last part where it is elsewhere."""
    return name.rpartition("/")[2] if name.startswith("/") or ":" in name[:3] else name


@shared_cache(most=6)
def _set_aside(key: session.Key, named: bool) -> tuple[str, str]:
    """The note and the tables, as HTML: drawing them costs more than all else on the page. What rows hold is shown
    where customers may be `named`."""
    board = session.board()
    found = reasons(board) if named else reasons(board).assign(value=None)
    tables = "".join(reason_table(title, found[found["kind"] == kind]) for kind, title in KINDS.items())
    return _copies(board.reader.manifest), tables


def _broken(check: CheckResult, named: bool) -> str:
    example = check.example if named else None
    return (
        f'<tr><td><span class="kvi-caution">⚠ broken</span></td><th scope="row">{text(check.title)}</th>'
        f'<td class="kvi-count">{check.rows_broken:,}</td><td class="kvi-example">{text(example or "")}</td></tr>'
    )


def _holding(check: CheckResult) -> str:
    return f'<li><span class="kvi-good">✓ holds</span> <span>{text(check.title)}</span></li>'


def _copies(version: Manifest) -> str:
    """A sentence for duplicates, which are not listed because they are the same in every column."""
    copies = sum(row.rows_duplicate for row in version.files)
    if not copies:
        return ""
    were = plural(copies, "row was an exact copy", "rows were exact copies")
    return f"{copies:,} {were} of another and counted once, which loses nothing."


def _reasons_of(source: str, found: pd.DataFrame) -> str:
    groups = [rows for _, rows in found.groupby(["table_name", "column_name", "reason"], sort=False, dropna=False)]
    groups.sort(key=lambda rows: int(rows["row_count"].iloc[0]), reverse=True)
    head = f'<th scope="rowgroup" rowspan="{len(groups)}">{text(source)}</th>'
    return "".join(_reason(head if number == 0 else "", rows) for number, rows in enumerate(groups))


def _reason(head: str, rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    examples = " · ".join(f"<span>{_example(row)}</span>" for row in rows.to_dict("records"))
    return (
        f"<tr>{head}<td>{text(str(first['reason']))}</td>"
        f'<td class="kvi-count">{int(first["row_count"]):,}</td><td class="kvi-example">{examples}</td></tr>'
    )


def _example(row: Mapping[Hashable, Any]) -> str:
    file, line, value = row["file"], row["line"], row["value"]
    where = text(short_name(str(file))) if isinstance(file, str) else "a made row"
    at = f", line {int(line):,}" if line == line and line is not None else ""
    return f"{where}{at}" + (f": <q>{text(value)}</q>" if isinstance(value, str) else "")
