"""The forms of Outside-in, in the drawer: rounds and rewards."""

from datetime import timedelta
from functools import partial

import streamlit as st

from kviboard.board.outside_in.rounds import (
    COLUMNS,
    MOST_MB,
    RewardForm,
    close_round,
    end_round,
    open_round,
    read_rewards,
    save_reward,
    take_rewards,
)
from kviboard.components.markup import link
from kviboard.domain.formatting import counted, format_day
from kviboard.errors import StoreError
from kviboard.store import Author, Reward
from kviboard.ui import served
from kviboard.ui.forms.drawer import draw_drawer
from kviboard.ui.forms.fields import as_day
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_remark, draw_sentence, finish, number, offer
from kviboard.ui.forms.sent import kept_for_now
from kviboard.ui.outside_in.page import OutsideInPage
from kviboard.ui.page import href
from kviboard.ui.style import draw_html

_TWO_WEEKS = timedelta(days=14)


def draw_forms(page: OutsideInPage) -> None:
    """Draw the form that the address names, if it names one."""
    draw_drawer(
        {
            "open_round": ("Ask everybody", partial(_draw_round, page)),
            "move_round": ("The closing day", partial(_draw_closing, page)),
            "close_round": ("Close the round", partial(_draw_ending, page)),
            "add_reward": ("A metric that is rewarded", partial(_draw_reward, page)),
            "edit_reward": ("A metric that is rewarded", partial(_draw_reward, page)),
            "drop_reward": ("Take a metric off", partial(_draw_dropping, page)),
            "read_rewards": ("Rewards from a table", partial(_draw_reading, page)),
        }
    )


def _draw_round(page: OutsideInPage, of: str) -> None:
    today = page.context.board.workspace.company.today()
    first = {"name": f"{today:%B %Y}", "closes_on": (today + _TWO_WEEKS).isoformat()}
    form, fields = begin(page.context, "round of the check", lambda: Start(first))
    draw_remark(
        "Ten questions, answered by a link without a name. You see results when it is over, of five answers or more."
    )
    fields.line("name", "Name of the round")
    fields.day("closes_on", "Answered up to and with")

    def save(form: Form, author: Author) -> str:
        typed = form.typed
        made = open_round(page.context, typed["name"] or "", as_day(typed["closes_on"]), author=author)
        return f"“{made.name}” is open until {format_day(made.closes_on)}."

    finish(page.context, form, "Open the round", save)


def _draw_closing(page: OutsideInPage, of: str) -> None:
    asked = page.context.store.check_rounds.get(number(of))

    def read() -> Start:
        now = page.context.store.check_rounds.get(asked.id)
        return Start({"closes_on": now.closes_on.isoformat()}, now)

    form, fields = begin(page.context, f"closing day of round {asked.id}", read)
    fields.day("closes_on", f"“{asked.name}” is answered up to and with")

    def save(form: Form, author: Author) -> str:
        day = as_day(form.typed["closes_on"])
        if day is None:
            raise StoreError("Choose a day.")
        end_round(page.context, form.record, day, author=author)
        return f"“{asked.name}” is answered until {format_day(day)}."

    finish(page.context, form, "Save", save)


def _draw_ending(page: OutsideInPage, of: str) -> None:
    asked = page.context.store.check_rounds.get(number(of))
    form, _ = begin(page.context, f"end of round {asked.id}", lambda: Start({}, asked))
    draw_sentence(f"“{asked.name}” takes no more answers, and its results are shown. It cannot be opened again.")

    def save(form: Form, author: Author) -> str:
        close_round(page.context, form.record, author=author)
        offer(link("Look at it", href("outside_in", round=str(asked.id))))
        return f"“{asked.name}” is closed."

    finish(page.context, form, "Close it", save)


def _draw_reward(page: OutsideInPage, of: str) -> None:
    record = page.context.store.rewards.get(number(of)) if of else None

    def read() -> Start:
        now = page.context.store.rewards.get(record.id) if record else None
        return Start(_values(now), now)

    form, fields = begin(page.context, f"reward {record.id}" if record else "new reward", read)
    fields.line("role", "Role or function")
    fields.line("metric", "What is rewarded")
    fields.line("weight", "Weight in the reward, in per cent")
    known = {name: kvi.title for name, kvi in page.context.board.kvis.items()}
    fields.one("kvi", "KVI that measures it, if one does", list(known), lambda name: known.get(name, name))
    fields.tick("is_customers", "It measures what customers get")
    draw_remark("A KVI for the customer counts as the customer's by itself.")
    if record:
        draw_html(f'<p class="okr-links">{link("Take it off", href("outside_in", do="drop_reward", of=of))}</p>')

    def save(form: Form, author: Author) -> str:
        typed = {name: form.typed[name] or "" for name in ("role", "metric", "weight")}
        wanted = RewardForm(**typed, is_customers=form.typed["is_customers"], kvi=form.typed["kvi"])
        saved = save_reward(page.context, wanted, form.record, author=author)
        return f"Saved: {saved.metric} weighs {saved.weight.normalize():f} % for {saved.role}."

    finish(page.context, form, "Save", save)


def _draw_dropping(page: OutsideInPage, of: str) -> None:
    record = page.context.store.rewards.get(number(of))
    form, _ = begin(page.context, f"taking off reward {record.id}", lambda: Start({}, record))
    draw_sentence(f"“{record.metric}” no longer counts in the reward of {record.role}. It stays in the history.")

    def save(form: Form, author: Author) -> str:
        page.context.store.rewards.archive(form.record, author=author)
        return f"Taken off: {record.metric} for {record.role}."

    finish(page.context, form, "Take it off", save)


def _draw_reading(page: OutsideInPage, of: str) -> None:
    form, _ = begin(page.context, "rewards from a table", lambda: Start({}))
    draw_remark(f"A header and one line per metric: {', '.join(COLUMNS)}. What is there already is changed.")
    sent = st.file_uploader("CSV or XLSX", ["csv", "tsv", "xlsx"], key=form.key("file"), max_upload_size=MOST_MB)
    if sent is None:
        return
    with kept_for_now(sent) as file:
        wanted = read_rewards(page.context, file, served.apart())
    draw_sentence(
        f"{counted(len(wanted), 'metric')} of {counted(len({new.role for new in wanted}), 'role')} to take in."
    )

    def save(form: Form, author: Author) -> str:
        return f"Taken in: {counted(take_rewards(page.context, wanted, author=author), 'metric')}."

    finish(page.context, form, "Take them in", save)


def _values(record: Reward | None) -> dict[str, object]:
    if record is None:
        return {"role": "", "metric": "", "weight": "", "is_customers": False, "kvi": None}
    weight = f"{record.weight.normalize():f}"
    known = {name: getattr(record, name) for name in ("role", "metric", "is_customers", "kvi")}
    return {**known, "weight": weight}
