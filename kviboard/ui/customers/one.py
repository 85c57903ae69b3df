"""The single customer view: who they are, what they are worth, and one time line of all that happened."""

from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from kviboard.board.customers.one_customer import Done, OneCustomer, done_for, read_customer, with_done
from kviboard.caching import shared_cache
from kviboard.charts.customer_timeline import DONE, customer_chart
from kviboard.components.markup import facts, link, quiet
from kviboard.components.rows import rows_table
from kviboard.domain.customers.words import signs_in_words
from kviboard.domain.formatting import NO_VALUE, format_day, format_value
from kviboard.errors import StoreError
from kviboard.ui import session
from kviboard.ui.customers.forgetting import draw_forgetting, draw_forgotten
from kviboard.ui.draw import draw_chart
from kviboard.ui.page import Page, href
from kviboard.ui.personal import draw_personal_rows, sees_customers
from kviboard.ui.style import draw_html, draw_section

_LISTED = 25
_LANES = {
    "order": "Orders", "refund": "Orders", "answer": "Answers", "use": "Use", "call": DONE, "decision": DONE,
    "open call": DONE, "open decision": DONE,
}  # fmt: skip
_STAGES = {"at risk": "quiet for 28 days"}
_TIERS = {"top 10 %": "top 10 %", "next 40 %": "next 40 %", "rest": "below the top half"}


def draw_customer(page: Page, customer_id: str) -> None:
    """All that is known of one customer; a sentence where there is no such customer."""
    back = link("All customers", href("customers", customer=""))
    draw_html(f'<p class="kvi-quiet">{back}</p>')
    if not sees_customers():
        return
    draw_forgotten()
    found = _customer(session.board_key(), customer_id)
    if found is None:
        draw_section(customer_id, "", "", "No customer has this id in the data. It may have been left out or removed.")
        return
    currency = page.board.workspace.company.currency
    name = str(found.profile["name"]) if isinstance(found.profile["name"], str) else customer_id
    signs = signs_in_words(found.profile)
    note = f"{customer_id} · {signs}" if signs else customer_id
    with st.container(key="customer-facts"):
        draw_section(name, note, facts(_facts(found, page, currency)))
    _draw_timeline(page, found, name, currency)
    draw_forgetting(customer_id)


@shared_cache(most=64)
def _done(key: session.Key, newest: int, customer_id: str) -> list[Done]:
    return done_for(session.context(), customer_id)


@shared_cache(most=64)
def _customer(key: session.Key, customer_id: str) -> OneCustomer | None:
    return read_customer(session.board(), customer_id)


def _facts(found: OneCustomer, page: Page, currency: str) -> list[tuple[str, str]]:
    profile = found.profile
    orders = page.board.reader.reach.get("orders")
    year = f"12 months to {format_day(orders.data_through)}" if orders else "Last 12 months"
    score = "no valid score" if profile["band"] == "unscored" else f"{profile['last_score']:.0f} ({profile['band']})"
    rows = [
        ("Customer since", _day(profile["started_on"])),
        ("Came as", str(profile["acquisition"] or "unknown")),
        *((name.replace("_", " ").capitalize(), value) for name, value in found.dimensions.items()),
        ("Stage", _STAGES.get(str(profile["lifecycle"]), str(profile["lifecycle"]))),
        ("Score held", score),
        ("Orders", format_value(profile["orders"], "number")),
        (year, format_value(profile["revenue_12m"], "currency", currency)),
        ("In all", format_value(profile["revenue"], "currency", currency)),
        ("By spending", NO_VALUE if pd.isna(profile["revenue_12m"]) else _TIERS[str(profile["value_tier"])]),
    ]
    return rows + _expected(found.expected, currency)


def _expected(values: Mapping[str, float], currency: str) -> list[tuple[str, str]]:
    known = {name: value for name, value in values.items() if value == value}
    rows = []
    if "expected_revenue_12m" in known:
        rows.append(("Expected, 12 months", format_value(known["expected_revenue_12m"], "currency", currency)))
    if "alive" in known:
        rows.append(("Still a customer", f"{format_value(known['alive'], 'percent')} likely"))
    return rows


def _day(day: Any) -> str:
    return format_day(day.date()) if isinstance(day, pd.Timestamp) and day == day else "unknown"


def _draw_timeline(page: Page, found: OneCustomer, name: str, currency: str) -> None:
    note = "Orders, answers, contacts, days of use, what was done for them or is due; point at a mark for more."
    draw_section("What happened", note, " ")
    happened = _told(found)
    rows = happened.to_dict("records")
    if not rows:
        draw_html('<p class="kvi-quiet">Nothing is recorded of this customer but the sign-up.</p>')
        return
    events = [(_date(row["day"]), _lane(row), _tone(row), _said(row, currency)) for row in rows]
    draw_chart(customer_chart(events, events[-1][0], page.board.today, name), key="timeline")
    listed = [row for row in rows if row["kind"] != "use"]
    _draw_listed(listed, name, currency)
    draw_personal_rows("customer_timeline", lambda: happened, "All of it as CSV")


def _told(found: OneCustomer) -> pd.DataFrame:
    """What happened with the customer and what was done for them, the newest first."""
    try:
        return with_done(found.happened, _done(session.board_key(), session.newest_entry(), found.customer_id))
    except StoreError as error:
        draw_html(quiet(str(error)))
        return found.happened


def _draw_listed(listed: list[dict[Hashable, Any]], name: str, currency: str) -> None:
    """The newest of what happened, days of use left out."""
    if not listed:
        return
    table = pd.DataFrame(
        [{"day": row["day"], "kind": str(row["kind"]), "said": _said(row, currency)} for row in listed[:_LISTED]]
    )
    columns = {"day": ("Day", "day"), "kind": ("", "text"), "said": ("What", "text")}
    with st.container(key="customer-story"):
        draw_html(rows_table(table, columns, currency, f"What happened with {name}, newest first"))
    if len(listed) > _LISTED:
        draw_html(quiet(f"The newest {_LISTED} of {len(listed):,}; all are in the CSV, days of use too."))


def _date(day: Any) -> date:
    return pd.Timestamp(day).date()


def _lane(row: Mapping[Any, Any]) -> str:
    return _LANES.get(row["kind"], "Contacts")


def _tone(row: Mapping[Any, Any]) -> str:
    if row["kind"] == "answer":
        return "good" if row["score"] >= 9 else "passive" if row["score"] >= 7 else "bad"
    return {"refund": "bad", "complaint": "bad", "call": "good", "decision": "good"}.get(row["kind"], "calm")


def _said(row: Mapping[Any, Any], currency: str) -> str:
    """What one row of the time line says: amount and product, score and comment, topic and whether it is settled."""
    what = row["what"] if isinstance(row["what"], str) and row["what"] else ""
    if row["kind"] in ("order", "refund"):
        return " · ".join(filter(None, (format_value(row["amount"], "currency", currency, precise=True), what)))
    if row["kind"] == "answer":
        comment = f"“{row['comment']}”" if isinstance(row["comment"], str) and row["comment"] else ""
        return " · ".join(filter(None, (f"{row['score']:.0f} of 10", what, comment)))
    if row["kind"] == "use":
        return f"{row['minutes']:.0f} minutes" if row["minutes"] > 0 else "active"
    if _lane(row) == DONE:
        return what
    return " · ".join(filter(None, (what, _settled(row["closed_on"]))))


def _settled(closed: Any) -> str:
    """When a ticket was closed, or that it is open; nothing where no ticket says when it was."""
    if isinstance(closed, pd.Timestamp) and closed == closed:
        return f"closed {format_day(_date(closed))}"
    return "" if session.board().missing_export(("tickets.closed_at",)) else "open"
