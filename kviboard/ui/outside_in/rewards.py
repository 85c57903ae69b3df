"""What people are paid for: the customer's share per role, and the table behind it."""

from decimal import Decimal

import streamlit as st

from kviboard.board.kvis.tables import csv_file
from kviboard.board.outside_in.balance import stands
from kviboard.board.outside_in.evidence import as_reward
from kviboard.board.outside_in.rounds import rewards_csv
from kviboard.components.markup import link, quiet, text
from kviboard.domain.formatting import format_value, listed
from kviboard.domain.kvis.verdict_words import with_shape
from kviboard.domain.outside_in.rewards import LITTLE, RoleShare, share_of_all, shares_of_roles
from kviboard.store import Reward
from kviboard.ui.access import may
from kviboard.ui.outside_in.page import OutsideInPage
from kviboard.ui.page import href
from kviboard.ui.style import draw_html, draw_section

_NOTE = "The weight of customers' metrics in each role's reward; roles count alike."


def draw_rewards(page: OutsideInPage) -> None:
    """The customer's share in words and per role; the table; its CSV."""
    forms = [("Add a metric", "add_reward"), ("Read a table", "read_rewards")]
    links = " · ".join(link(label, href("outside_in", do=form)) for label, form in forms)
    draw_section("What people are paid for", _NOTE, f'<p class="okr-links">{links}</p>')
    records = page.context.store.rewards.all()
    if not records:
        draw_html(quiet("Nothing is noted yet: add what each role's reward depends on, with its weight."))
        return
    rules = [as_reward(record) for record in records]
    shares = shares_of_roles(rules)
    draw_html(f"<p>{text(_in_words(share_of_all(rules) or Decimal(0), shares))}</p>")
    with st.expander(f"By role and metric ({len(records)})"):
        draw_html(_table(page, records, shares))
        table = csv_file(rewards_csv(page.context))
        st.download_button("CSV", table, "rewards.csv", "text/csv", on_click="ignore", key="csv-rewards")


def _in_words(whole: Decimal, shares: list[RoleShare]) -> str:
    says = f"{format_value(float(whole) / 100, 'percent')} of rewards depend on customers."
    if whole < LITTLE:
        says += f" Under {LITTLE} %, customer focus may stay at best efforts."
    none = [each.role for each in shares if not each.share]
    if none:
        says += f" Nothing of it in {listed(none)}."
    odd = [f"{each.role} ({each.weight.normalize():f} %)" for each in shares if not each.is_whole]
    return says + (f" Weights do not add up to 100 % for {listed(odd)}." if odd else "")


def _table(page: OutsideInPage, records: list[Reward], shares: list[RoleShare]) -> str:
    of_role = {each.role: each.share for each in shares}
    label = "Rewards by role"
    heads = "".join(
        f'<th scope="col"{side}>{head}</th>'
        for head, side in (("Role", ""), ("Customers' share", ' class="kvi-figure"'), ("Metric", ""),
                           ("Weight", ' class="kvi-figure"'), ("Customers'", ""))
    )  # fmt: skip
    rows, last = "", None
    for record in records:
        is_first, last = record.role != last, record.role
        share = format_value(float(of_role[record.role]) / 100, "percent") if is_first else ""
        rows += (
            f'<tr><th scope="row">{text(record.role) if is_first else ""}</th><td class="kvi-figure">{share}</td>'
            f'<td>{_metric(page, record)}</td><td class="kvi-figure">{record.weight.normalize():f} %</td>'
            f"<td>{'yes' if record.is_customers else 'no'}</td></tr>"
        )
    return (
        f'<div class="kvi-wide" role="region" tabindex="0" aria-label="{label}"><table class="kvi-rows kvi-rewards">'
        f"<caption>{label}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _metric(page: OutsideInPage, record: Reward) -> str:
    name = (
        link(record.metric, href("outside_in", do="edit_reward", of=str(record.id)))
        if may("write")
        else text(record.metric)
    )
    if not record.kvi or record.kvi not in page.context.board.kvis:
        return name
    reading = page.readings[record.kvi]
    lately = f"{stands(reading, page.context.currency)}, {with_shape(reading.verdict, reading.signal)}"
    return f"{name}<small>{link(reading.kvi.title, href('kvis', kvi=record.kvi))}: {text(lately)}</small>"
