"""Names of the periods that charts of this page show."""

import pandas as pd

from kviboard.domain.periods import periods_between
from kviboard.ui.page import Page


def names_of(page: Page, starts: pd.Series, grain: str) -> list[str]:
    """The name of the period that begins on each of these days."""
    days = [day.date() for day in starts]
    found = periods_between(page.board.calendar, grain, min(days), max(days))
    names = {period.starts_on: period.full_name for period in found}
    return [names[day] for day in days]
