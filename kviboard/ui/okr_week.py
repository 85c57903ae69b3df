"""The OKRs that changed their status since last week, as This week lists them."""

import streamlit as st

from kviboard.board.okr_changed import DAYS_OF_THIS_WEEK, StatusChange, okr_changes_since
from kviboard.charts.markup import quiet, text
from kviboard.errors import StoreError
from kviboard.ui import session
from kviboard.ui.okr_pieces import status, story_link

_AT_ONCE = 12


def changed_okrs() -> str:
    """What changed, worst first, as HTML; empty where nothing did."""
    try:
        changes = _changes(session.board_key(), session.okrs().store.history.newest())
    except StoreError as error:
        return quiet(str(error))
    items = "".join(map(_item, changes[:_AT_ONCE]))
    more = quiet(f"And {len(changes) - _AT_ONCE} more.") if len(changes) > _AT_ONCE else ""
    return f'<ul class="okr-changes">{items}</ul>{more}' if items else ""


def since() -> str:
    """The stretch of days that is compared, in words."""
    return f"In the {DAYS_OF_THIS_WEEK} days up to the data's last, the worst first"


def _item(change: StatusChange) -> str:
    before = f"{status(change.before)} → " if change.before else ""
    return (
        f"<li>{before}{status(change.after)} <b>{story_link(change.title, change.objective_id)}</b> "
        f'<span class="okr-notes">{text(change.team)} · {text(change.reason)}</span></li>'
    )


@st.cache_resource(show_spinner=False, max_entries=4)
def _changes(key: session.Key, newest: int) -> list[StatusChange]:
    return okr_changes_since(session.okrs())
