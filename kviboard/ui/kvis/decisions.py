"""From a signal to a response, on the page of a KVI: what is done about it, by whom, and whether it worked."""

from datetime import date
from functools import partial

from kviboard.board.context import BoardContext
from kviboard.board.kvis.did_it_work import VERDICTS, Answered, decisions_about, decisions_on, name_of
from kviboard.board.kvis.reading import View
from kviboard.board.reviews.meeting import DecisionForm
from kviboard.caching import shared_cache
from kviboard.components.markup import and_form, link, section, text
from kviboard.domain.formatting import counted, format_day
from kviboard.domain.kvis.kvi import Kvi
from kviboard.errors import StoreError
from kviboard.store import Author
from kviboard.ui import session
from kviboard.ui.forms.deciding import (
    draw_settling,
    draw_what,
    draw_who_and_when,
    new_decision,
    save_decision,
    with_reason,
)
from kviboard.ui.forms.drawer import Drawer
from kviboard.ui.forms.fields import as_day
from kviboard.ui.forms.form import Form
from kviboard.ui.forms.saving import begin, finish
from kviboard.ui.page import href
from kviboard.ui.served import workspace
from kviboard.ui.style import draw_html
from kviboard.ui.url_state import link_parameters


def draw_decisions(kvi: Kvi) -> None:
    """Open decisions about the KVI, and those done with what came after; nothing where the store is out of reach."""
    try:
        made_of = session.board_key(), session.newest_entry(), kvi.name, repr(link_parameters())
        html = _drawn(*made_of, workspace().company.today())
    except StoreError:
        return  # said beside the targets
    draw_html(html)


def decided_in(kvi: Kvi, period: str, first: date, last: date) -> list[str]:
    """What was decided about a KVI because of a period or between two days; none where the store is out of reach."""
    try:
        context = session.context()
        found = decisions_on(context, kvi)
    except StoreError:
        return []  # said beside the targets
    made = [each for each in found if each.period == period or first <= context.day_of(each.created_at) <= last]
    return [f"{name_of(context.board.catalog, each).rstrip('.')} ({each.owner})" for each in made]


def decision_forms(context: BoardContext, kvi: Kvi, view: View) -> Drawer:
    """The forms of this part by the name that the address calls them."""
    return {
        "decide_kvi": ("What is going to be done about it", partial(_draw_decision, context, kvi, view)),
        "settle_kvi": ("Mark done or dropped", partial(draw_settling, context)),
    }


@shared_cache(most=128)
def _about(key: session.Key, newest: int, name: str) -> list[Answered]:
    """Decisions about a KVI with what came after, which takes a query each, however the KVI is looked at."""
    context = session.context()
    return decisions_about(context, context.board.kvi(name))


@shared_cache(most=256)
def _drawn(key: session.Key, newest: int, name: str, choices: str, today: date) -> str:
    context = session.context()
    items = "".join(_item(context, each) for each in _about(key, newest, name))
    nothing = '<p class="kvi-quiet kvi-decided">Nothing is being done about it.</p>'
    listed = f'<ul class="kvi-decided">{items}</ul>' if items else nothing
    decided = f'<p class="okr-links">{link("Decide what to do", href("kvis", do="decide_kvi"))}</p>'
    return section("What is being done, and did it work?", "", listed + decided)


def _item(context: BoardContext, answered: Answered) -> str:
    made = answered.decision
    if answered.effect is None:
        days = (context.board.clock_day - made.due_on).days
        late = f", {counted(days, 'day')} past due" if days > 0 else ""
        settled = link("Done or dropped", href("kvis", do="settle_kvi", of=str(made.id)))
        facts = f"{text(f'{made.owner}, due {format_day(made.due_on)}{late}')}{and_form(settled)}"
        return f'<li>{text(answered.name)} <span class="okr-notes">{facts}</span></li>'
    sign = answered.verdict if answered.effect.kind in VERDICTS else "◌"
    done = f"{made.owner}, done {format_day(answered.done_on)}" if answered.done_on else made.owner
    outcome = f" {made.outcome}" if made.outcome else ""
    return (
        f'<li>{text(answered.name)} <span class="okr-notes">{text(done)}.{text(outcome)}</span>'
        f"<p><b>{text(sign)}</b> {text(answered.said)}</p></li>"
    )


def _draw_decision(context: BoardContext, kvi: Kvi, view: View, of: str) -> None:
    """Who does what by when about this KVI, as it is looked at: of these customers, in the latest period."""
    latest = session.readings(kvi.name, view)[0].latest
    period, where = str(latest["label"]) if latest is not None else "", dict(view.where)
    form, fields = begin(context, f"decision about {kvi.name}", partial(new_decision, context, reason=""))
    draw_what(fields)
    fields.line("reason", "What we think causes it", placeholder="Kept with the decision")
    draw_who_and_when(fields)

    def save(form: Form, author: Author) -> str:
        wanted = DecisionForm(
            text=with_reason(form, "We think"), kind="decision", owner=form.typed["owner"] or "", kvi=kvi.name,
            due_on=as_day(form.typed["due_on"]), where=where, period=period,
        )  # fmt: skip
        return save_decision(context, None, wanted, author)

    finish(context, form, "Save", save)
