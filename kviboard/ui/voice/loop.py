"""Closing the loop: who takes up what a customer answered, what is open or overdue, and what came of it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.board.voice.follow_ups import (
    Loop,
    OpenFollowUp,
    answer_of,
    follow_ups_of,
    loop_of,
    outcome_of,
    settle_follow_up,
    take_up,
)
from kviboard.caching import shared_cache
from kviboard.components.markup import link, text
from kviboard.domain.formatting import counted, format_day, format_value
from kviboard.domain.voice.follow_ups import OUTCOMES, WORKDAYS, due_day
from kviboard.errors import StoreError
from kviboard.store import Author, FollowUp
from kviboard.ui import session
from kviboard.ui.access import may
from kviboard.ui.forms.drawer import draw_drawer
from kviboard.ui.forms.fields import as_day
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_sentence, finish, number
from kviboard.ui.page import Page, href
from kviboard.ui.personal import sees_customers
from kviboard.ui.style import draw_section
from kviboard.ui.views import draw_csv, is_lacking, rows_of
from kviboard.ui.voice.quoting import QUOTE, draw_quoting

TAKE_UP, SETTLE = "take_up", "settle_follow_up"
_DROPPED = "dropped"
_LISTED = 15  # of each kind
_READ = 2_000  # answers, to say how many nobody has taken up
_RECENT_DAYS = 31  # nobody is called back about an older answer


def draw_loop(page: Page) -> None:
    """How many detractors were called back in time, what waits for a call, and answers that nobody has taken up."""
    if is_lacking("answers"):
        return
    try:
        known, loop = follow_ups(), _loop(session.board_key(), session.newest_entry(), page.board.clock_day)
    except StoreError as error:
        st.warning(str(error), icon="⚠️")
        return
    note = f"An answer that is taken up has an owner and a day, {WORKDAYS} working days on unless another is set."
    said = loop.in_words or "Nobody's answer has been taken up yet."
    draw_section("Closing the loop", note, f"<p>{text(said)}</p>")
    draw_csv("detractors_by_day", replace(page.view, by=None), "Detractors per day as CSV")
    if not sees_customers():
        return
    if loop.open:
        draw_section("Open", "The longest past due first.", _list([_open_item(each) for each in loop.open]))
    recent = page.board.today - timedelta(days=_RECENT_DAYS)
    view = replace(page.view, by=None, first=max(page.view.first or recent, recent))
    found = rows_of("answers", view, most=_LISTED + max(len(known), _READ))
    waiting = found[~found["response_id"].isin(known)].head(_LISTED)
    if len(found):
        nothing = f"Every detractor's answer of the last {_RECENT_DAYS} days has been taken up."
    else:
        nothing = f"No detractor's answer of the last {_RECENT_DAYS} days names its customer: there is nobody to call."
    draw_section(
        "Detractors whom nobody has taken up",
        _how_many(found, known, len(waiting)) if len(waiting) else "",
        _list([_answer_item(row) for row in waiting.to_dict("records")], "kvi-quotes kvi-comments"),
        nothing,
    )
    done = [each for each in known.values() if each.state != "open"]
    if done:
        newest = sorted(done, key=lambda each: each.changed_at, reverse=True)[:_LISTED]
        title = f"What came of it: {counted(len(done), 'follow-up')}"
        draw_section(title, "The newest first.", _list([_done_item(each) for each in newest]))


def _how_many(found: pd.DataFrame, known: Collection[str], shown: int) -> str:
    """Of how many answers that nobody has taken up the newest are shown; at least so many, where not all were read."""
    matching = int(found["matching"].iloc[0])
    whole = len(found) == matching
    taken = int(found["response_id"].isin(known).sum()) if whole else len(known)
    if matching - taken == shown:
        return f"All {shown} of the last {_RECENT_DAYS} days, the newest first."
    least = "" if whole else "at least "
    return f"The newest {shown} of {least}{matching - taken:,} of the last {_RECENT_DAYS} days."


def follow_ups() -> dict[str, FollowUp]:
    """The follow-ups by the number of their answer. Raises StoreError."""
    found = _follow_ups(session.board_key(), session.newest_entry())
    return {each.response_id: each for each in found if each.response_id}


def state_of(known: Mapping[str, FollowUp], response_id: str) -> str:
    """What is being done about an answer, as HTML: a link to take it up, or who does and until when."""
    found = known.get(response_id)
    if found is None:
        return link("Take up", href("voice", do=TAKE_UP, of=response_id)) if may("follow_up") else ""
    return text(outcome_of(found)) + (_settle_link(found) if found.state == "open" else "")


def draw_loop_forms() -> None:
    """The form that the address names: to take an answer up, to say what came of it, or to quote it in a review."""
    if not may("follow_up"):
        draw_drawer({})
        return
    try:
        context = session.context()
    except StoreError:
        return  # said where the list would be
    draw_drawer(
        {
            TAKE_UP: ("Take up what a customer said", partial(_draw_taking_up, context)),
            SETTLE: ("What came of it", partial(_draw_settling, context)),
            QUOTE: ("Quote in the review", partial(draw_quoting, context)),
        }
    )


@shared_cache(most=4)
def _loop(key: session.Key, newest: int, today: date) -> Loop:
    return loop_of(session.context())


@shared_cache(most=4)
def _follow_ups(key: session.Key, newest: int) -> list[FollowUp]:
    return follow_ups_of(session.context())


def _list(items: list[str], style: str = "okr-changes") -> str:
    return f'<ul class="{style}" role="list">{"".join(items)}</ul>' if items else ""


def _open_item(each: OpenFollowUp) -> str:
    tone, icon = ("bad", "▼") if each.days > 0 else ("calm", "◌")
    when = f'<span class="okr-status okr-{tone}"><span aria-hidden="true">{icon} </span>{text(each.when)}</span>'
    of = each.follow_up
    return f'<li>{when} <b>{text(of.owner)}</b> <span class="okr-notes">{_answer(of)}{_settle_link(of)}</span></li>'


def _answer(of: FollowUp) -> str:
    return text(f"{of.band}'s answer of {format_day(of.answered_on)}")


def _settle_link(of: FollowUp) -> str:
    return f" · {link('What came of it', href('voice', do=SETTLE, of=str(of.id)))}" if may("follow_up") else ""


def _answer_item(row: Mapping[Any, Any]) -> str:
    where = f" · {text(row['touchpoint'])}" if isinstance(row["touchpoint"], str) else ""
    comment = row["comment"] if isinstance(row["comment"], str) else ""
    quote = f"<q><bdi>{text(comment)}</bdi></q>" if comment else "No comment."
    who = link(row["customer_id"], href("customers", customer=row["customer_id"]))
    day = text(format_day(row["day"].date()))
    action = state_of({}, row["response_id"])
    said = " · ".join(filter(None, (f"{day}{where}", who, action)))
    return f'<li><small><b class="kvi-said-{row["band"]}">{row["score"]:.0f}</b> · {said}</small>{quote}</li>'


def _done_item(of: FollowUp) -> str:
    note = f" {of.note}" if of.note else ""
    facts = f"{of.owner} · {of.band}'s answer of {format_day(of.answered_on)}"
    return f'<li>{text(outcome_of(of))} <span class="okr-notes">{text(facts)}</span>{text(note)}</li>'


def _draw_taking_up(context: BoardContext, of: str) -> None:
    answer = answer_of(context, of)
    first = {"owner": "", "due_on": due_day(max(answer["day"].date(), context.board.clock_day)).isoformat()}
    form, fields = begin(context, f"follow-up of {of}", lambda: Start(first))
    draw_sentence(_in_words(answer))
    left, right = st.columns(2)
    with left:
        fields.line("owner", "Who calls")
    with right:
        fields.day("due_on", "Due")

    def save(form: Form, author: Author) -> str:
        made = take_up(context, answer, form.typed["owner"] or "", as_day(form.typed["due_on"]), author=author)
        return f"{made.owner} calls, by {format_day(made.due_on)}."

    finish(context, form, "Save", save)


def _in_words(answer: Mapping[str, Any]) -> str:
    """Who gave which score when, and what they wrote."""
    said = f": “{answer['comment']}”" if isinstance(answer["comment"], str) else "."
    score = format_value(float(answer["score"]), "number")
    return f"{answer['customer_id']} gave {score} on {format_day(answer['day'].date())}{said}"


def _said(context: BoardContext, record: FollowUp) -> str:
    """The answer that was taken up; only its day where the exports do not have it any more."""
    try:
        return _in_words(answer_of(context, record.response_id))
    except StoreError:
        return f"A {record.band} answered on {format_day(record.answered_on)}."


def _draw_settling(context: BoardContext, of: str) -> None:
    record = context.store.follow_ups.get(number(of))
    first = {
        "outcome": record.outcome or (_DROPPED if record.state == _DROPPED else None),
        "done_on": (record.done_on or context.board.clock_day).isoformat(),
        "note": record.note,
    }
    form, fields = begin(context, f"settle follow-up {record.id}", lambda: Start(first, record))
    draw_sentence(f"{_said(context, record)} {record.owner} calls, due {format_day(record.due_on)}.")
    named = {**OUTCOMES, _DROPPED: "Dropped"}
    fields.choice("outcome", "What came of it", list(named), named.__getitem__)
    fields.day("done_on", "On")
    fields.lines("note", "What was said, or why it is dropped")

    def save(form: Form, author: Author) -> str:
        chosen = form.typed["outcome"]
        dropped = chosen == _DROPPED
        day, note = as_day(form.typed["done_on"]), form.typed["note"] or ""
        settle_follow_up(context, form.record, None if dropped else chosen, day, note, dropped, author=author)
        return "Dropped." if dropped else f"{OUTCOMES[chosen]}: noted."

    finish(context, form, "Save", save)
