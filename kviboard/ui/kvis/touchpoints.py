"""Where a score moved: its touchpoints in a period, beside the slices of customers that cannot tell them apart."""

from datetime import date

import pandas as pd

from kviboard.board.kvis.reading import View
from kviboard.components.markup import quiet, text
from kviboard.components.rows import rows_table
from kviboard.domain.formatting import counted, format_days
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.voice.words import change_in_words
from kviboard.ui import session
from kviboard.ui.filters import as_range
from kviboard.ui.page import href
from kviboard.ui.views import rows_of

_COLUMNS = {
    "touchpoint": ("Touchpoint", "text"),
    "responses": ("Answers", "number"),
    "nps": ("NPS", "score"),
    "nps_before": ("NPS before", "score"),
    "said": ("Change", "text"),
}


def touchpoints_in(kvi: Kvi, view: View, first: date, last: date) -> str:
    """How customers scored each touchpoint between two days, against as many days before, as HTML; empty for a KVI that
    is no score, and where no answer names a touchpoint."""
    if not kvi.is_of_answers or "touchpoints" not in session.board().catalog.views:
        return ""
    found = rows_of("touchpoints", View(first=first, last=last, where=view.where))
    if found.empty:
        return ""
    columns = zip(*(found[name] for name in ("verdict", "change", "change_low", "change_high")), strict=True)
    told = found.assign(said=[change_in_words(*row) for row in columns])
    days = {"show": "touchpoints", "range": as_range(first, last)}
    addresses = [href("voice", touchpoint=name, **days) for name in told["touchpoint"]]
    title = f"At each touchpoint ({format_days(first, last)})"
    before = counted((last - first).days + 1, "day")
    note = f"Net Promoter Score of all answers that name one, of any survey; before: the {before} before."
    table = rows_table(told, _COLUMNS, "EUR", "Touchpoints in that time", addresses)
    parts = f'<h3 class="kvi-question">{text(title)}</h3>{_moved(told)}{quiet(note)}{table}'
    return f'<section class="kvi-section">{parts}</section>'


def _moved(told: pd.DataFrame) -> str:
    """Those that changed beyond chance, in a sentence as HTML; that none did, where that can be said."""
    moved = told[told["verdict"].isin(["better", "worse"])]
    said = " ".join(f"{row.touchpoint}: {row.said}." for row in moved.itertuples())
    if not said and told["verdict"].eq("no change shown").any():
        said = "No touchpoint changed beyond chance."
    return f"<p>{text(said)}</p>" if said else ""
