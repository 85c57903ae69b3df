"""Until when somebody is called back, and how often it is done in time."""

from datetime import date, timedelta

import pytest

from kviboard.domain.voice.follow_ups import NOBODY, CalledBack, called_back, due_day, last_due_day

THU = date(2026, 10, 29)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 10, 26), date(2026, 10, 28)),  # Monday to Wednesday
        (date(2026, 10, 29), date(2026, 11, 2)),  # Thursday to Monday
        (date(2026, 10, 30), date(2026, 11, 3)),  # Friday to Tuesday
        (date(2026, 10, 31), date(2026, 11, 3)),  # Saturday and Sunday count as Friday
        (date(2026, 11, 1), date(2026, 11, 3)),
    ],
)
def test_two_working_days_are_monday_to_friday(day: date, due: date) -> None:
    assert due_day(day) == due


def test_the_last_day_whose_time_is_over_is_the_last_that_is_due() -> None:
    for back in range(14):
        today = THU + timedelta(days=back)
        last = last_due_day(today)
        assert due_day(last) <= today < due_day(last + timedelta(days=1))


def test_only_who_was_reached_in_time_was_called_back() -> None:
    done = [
        (THU, date(2026, 11, 2), "talked"),
        (THU, date(2026, 11, 2), "solved"),
        (THU, date(2026, 11, 3), "talked"),  # a day late
        (THU, date(2026, 10, 30), "not_reached"),
        (THU, None, None),  # open
    ]
    assert called_back(done, 8) == CalledBack(2, 8)
    assert called_back(done, 1) == CalledBack(1, 1)  # answers that left the exports since make no 200 %
    assert called_back([], 0) == NOBODY


def test_the_share_is_said_with_what_it_is_of() -> None:
    said = CalledBack(42, 51, date(2026, 10, 12)).in_words.replace("\N{NO-BREAK SPACE}", " ")
    assert said == "Since 12 Oct 2026, 42 of 51 detractors were called back within 2 working days (82.4 %)."
    assert CalledBack(1, 3).in_words.endswith("few to judge by).")
    assert CalledBack(0, 1).in_words.startswith("0 of 1 detractor was called back")
    assert NOBODY.in_words == ""
