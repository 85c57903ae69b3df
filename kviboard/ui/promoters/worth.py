"""The second half of Promoters: what the bands did next, and what lifting customers would be worth."""

import pandas as pd
import streamlit as st

from kviboard.board.promoters.summary import cases_of
from kviboard.board.views.views import lacks
from kviboard.charts.loyalty import loyalty_chart
from kviboard.components.markup import link, quiet, text
from kviboard.components.rows import BY_CHANCE, Columns, rows_table
from kviboard.domain.formatting import CURRENCY_SIGNS, format_days
from kviboard.domain.kvis.intervals import CHANCE, MANY
from kviboard.domain.promoters.business_case import LIFTS
from kviboard.domain.promoters.words import caution_in_words, difference_in_words, lift_in_words, ratio_in_words
from kviboard.ui import session
from kviboard.ui.access import may
from kviboard.ui.draw import draw_chart
from kviboard.ui.page import Page, href
from kviboard.ui.promoters.deciding import DECIDE, draw_deciding
from kviboard.ui.promoters.scores import whole_of
from kviboard.ui.style import draw_html, draw_section
from kviboard.ui.url_state import choice, widget_key
from kviboard.ui.views import draw_csv, is_lacking, rows_of

SHARES = ["1", "2", "5", "10", "20", "30", "50"]
COSTS = ["0", "5", "10", "20", "50", "100", "200", "500", "1000"]
_LIFTED = {"passives_to_promoters": "Passives to promoters", "detractors_to_passives": "Detractors to passives"}
_BASES = {"prospective": "by the score held the day before", "at_the_end": "by the score held on the last day"}


def draw_loyalty(page: Page) -> None:
    """Per question the share of each band, with what the others differ from passives."""
    note = (
        f"All answers old enough for the time to be up, whatever the range; lines and ranges show {CHANCE}. Of {MANY}."
    )
    draw_section("What they did next", note, " ")
    if is_lacking("loyalty_by_band"):
        return
    found = rows_of("loyalty_by_band", whole_of(page.view))
    if found.empty:
        draw_html(quiet("No answer is 90 days old yet."))
        return
    questions = list(found.groupby("question", sort=False))
    for start in range(0, len(questions), 2):
        for place, (question, rows) in zip(st.columns(2, gap="large"), questions[start : start + 2], strict=False):
            with place:
                _draw_question(str(question), rows)
    draw_csv("loyalty_by_band", whole_of(page.view))


def _draw_question(question: str, rows: pd.DataFrame) -> None:
    differences = [
        f"{row['band']}s: {said}"
        for row in rows.to_dict("records")
        if (said := difference_in_words(row["against_passives"], row["against_low"], row["against_high"]))
    ]
    said = "; ".join(differences)
    draw_html(
        f'<h3 class="kvi-question">{text(question[:1].upper() + question[1:])}</h3>'
        + (f'<p class="kvi-quiet">{text(said[:1].upper() + said[1:])}.</p>' if said else "")
    )
    draw_chart(loyalty_chart(rows, question), key=f"loyalty-{question}")


def draw_case(page: Page) -> None:
    """What lifting a share of the customers of a band would bring, as a sentence and a table; per slice, and the
    averages it rests on."""
    if missing := lacks(session.board(), "business_case"):
        draw_section("What one more would be worth", "", "", f"This {missing}.")
        return
    found = rows_of("business_case", whole_of(page.view))
    if found.empty:
        sentence = "It needs 12 complete months of orders, and customers with a score."
        draw_section("What one more would be worth", "", "", sentence)
        return
    first = found.iloc[0]
    months = format_days(first["first_day"].date(), first["last_day"].date())
    basis = f"of customers who spent alike before, {_BASES[first['basis']]}"
    note = f"Revenue of {months} {basis}; ranges leave room for chance (90 %)."
    draw_section("What one more would be worth", note, " ")
    share, cost = _sliders(page)
    currency = page.board.workspace.company.currency
    cases = cases_of(found)["All"]
    said = [lift_in_words(cases[lift], share, cost, currency) for lift in LIFTS]
    said.append(ratio_in_words(cases["passives_to_promoters"], cases["detractors_to_passives"]))
    caution = caution_in_words(first["basis"], first["left_out"], bool(first["before_covered"]))
    sentences = "".join(f"<p>{text(each)}</p>" for each in said if each)
    keep = f'<p class="kvi-quiet">{link("Decide with this business case", href("promoters", do=DECIDE))}</p>'
    draw_html(f'<div class="kvi-case">{sentences}{quiet(caution)}{keep if may("write") else ""}</div>')
    _draw_table(page, share, cost)
    draw_deciding(" ".join(filter(None, (*said, f"Revenue of {months}.", caution))))


def _sliders(page: Page) -> tuple[float, float]:
    sign = CURRENCY_SIGNS.get(page.board.workspace.company.currency, page.board.workspace.company.currency + " ")
    with st.container(horizontal=True, key="case"):
        share = choice("lifted", SHARES, "10")
        st.select_slider(
            "Share lifted", SHARES, format_func=lambda each: f"{each} %", width=280, **widget_key("lifted", share, "10")
        )
        cost = choice("cost", COSTS, "0")
        st.select_slider(
            "Cost per lifted customer",
            COSTS,
            format_func=lambda each: f"{sign}{int(each):,}",
            width=280,
            **widget_key("cost", cost, "0"),
        )
    return int(share) / 100, float(cost)


def _draw_table(page: Page, share: float, cost: float) -> None:
    rows = rows_of("business_case", page.view if page.view.by else whole_of(page.view))
    lifted = rows["customers"] * share
    gains = {"left": "gain_per_customer", "left_low": "low", "left_high": "high"}
    left = {name: lifted * (rows[gain] - cost) for name, gain in gains.items()}
    shown = rows.assign(lift=rows["lift"].map(_LIFTED), basis=rows["basis"].map(_BASES), **left)
    by = str(page.view.by).replace("_", " ").capitalize() if page.view.by else ""
    currency = page.board.workspace.company.currency
    columns = _columns(by, bool(rows["left_out"].any()))
    draw_html(rows_table(shown, columns, currency, "Business case", alike=list(gains.values())))
    with st.container(horizontal=True, key="case-downloads"):
        draw_csv("business_case", page.view)
        draw_csv("band_revenue", whole_of(page.view), "Averages per spending group as CSV")
    behind = st.expander("The averages it rests on", key="means", on_change="rerun")
    if behind.open:
        with behind:
            _draw_means(page, str(rows.iloc[0]["basis"]))


def _columns(by: str, is_partial: bool) -> Columns:
    """The columns of the table of lifts; of each slice where there are slices, named `by`. `is_partial`: some customers
    could not be compared."""
    return {
        "lift": ("Lift", "text"),
        **({"slice": (by, "text")} if by else {}),
        "customers": ("Customers", "customers"),
        "gain_per_customer": ("A year per customer", "currency"),
        ("low", "high"): (BY_CHANCE, "currency"),
        "left": ("A year in all, less cost", "currency"),
        ("left_low", "left_high"): (BY_CHANCE, "currency"),
        **({"basis": ("Bands", "text")} if by else {}),
        **({"left_out": ("Spending groups left out", "text")} if is_partial else {}),
    }


def _draw_means(page: Page, basis: str) -> None:
    found = rows_of("band_revenue", whole_of(page.view))
    columns: Columns = {
        "value_tier": ("Spending before", "text"),
        "band": ("Band", "text"),
        "customers": ("Customers", "customers"),
        "revenue_per_customer": ("Revenue per customer", "currency"),
        ("low", "high"): (BY_CHANCE, "currency"),
    }
    rows = found[found["basis"] == basis]
    draw_html(
        rows_table(
            rows, columns, page.board.workspace.company.currency, "Revenue per customer by spending before and band"
        )
    )
