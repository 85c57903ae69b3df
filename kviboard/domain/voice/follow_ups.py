"""Closing the loop: until when an answer is followed up, what can come of it, and how often it is done in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from kviboard.domain.formatting import counted, format_day, format_value, plural
from kviboard.domain.kvis.intervals import FEW

WORKDAYS = 2  # in which a customer who was disappointed is called back
OUTCOMES = {"talked": "Talked with them", "solved": "Talked and solved it", "not_reached": "Not reached"}
REACHED = ("talked", "solved")


def due_day(day: date, workdays: int = WORKDAYS) -> date:
    """The day so many working days (Monday to Friday) after `day`."""
    return date.fromisoformat(str(np.busday_offset(day, workdays, roll="backward")))


def last_due_day(today: date) -> date:
    """The last day whose answers should have been followed up by `today`."""
    return next(day for day in (today - timedelta(days=back) for back in range(10)) if due_day(day) <= today)


@dataclass(frozen=True)
class CalledBack:
    """Of `answers` whose time is over, those that `reached` the customer in it; `since` is the day of the first."""

    reached: int
    answers: int
    since: date | None = None

    @property
    def in_words(self) -> str:
        """ "Since 12 Oct 2026, 42 of 51 detractors were … (82.4 %)."; empty without any."""
        if not self.answers:
            return ""
        few = "; few to judge by" if self.answers < FEW else ""
        said = f"{self.reached:,} of {counted(self.answers, 'detractor')} {plural(self.answers, 'was', 'were')}"
        part = format_value(self.reached / self.answers, "percent")
        since = f"Since {format_day(self.since)}, " if self.since else ""
        return f"{since}{said} called back within {WORKDAYS} working days ({part}{few})."


NOBODY = CalledBack(0, 0)


def called_back(done: Iterable[tuple[date, date | None, str | None]], answers: int) -> CalledBack:
    """Counts who was reached in time: `done` has per follow-up the day of the answer, the day it was done and what came
    of it; `answers` is how many there were in all."""
    reached = sum(
        done_on is not None and outcome in REACHED and done_on <= due_day(answered_on)
        for answered_on, done_on, outcome in done
    )
    return CalledBack(min(reached, answers), answers)
