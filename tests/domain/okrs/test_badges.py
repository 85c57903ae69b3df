"""Badges: nobody looked, or no new data."""

from dataclasses import replace
from datetime import date

import pytest

from kviboard.domain.okrs.badges import OLD_DATA, OUTDATED, badge_of
from kviboard.domain.okrs.model import Cycle, KeyResult, KviSource, Measure

QUARTER = Cycle("Q4 2026", date(2026, 10, 1), date(2026, 12, 31))
TYPED = KeyResult("Share of promoters", Measure("increase", 30, 40))
DRIVEN = replace(TYPED, source=KviSource("promoter_revenue_share", "month"))


@pytest.mark.parametrize(
    ("today", "last_check_in", "outdated"),
    [
        (date(2026, 11, 15), date(2026, 11, 1), False),
        (date(2026, 11, 16), date(2026, 11, 1), True),
        (date(2026, 10, 15), None, False),
        (date(2026, 10, 16), None, True),
        (date(2026, 10, 10), date(2026, 9, 1), False),  # looked at before the cycle: counted from its start
        (date(2026, 9, 1), None, False),
        (date(2027, 3, 1), date(2026, 12, 24), False),  # after the cycle nobody has to look
    ],
)
def test_a_typed_key_result_needs_a_check_in_within_its_cadence(today, last_check_in, outdated):
    badge = badge_of(TYPED, QUARTER, today, last_check_in)
    assert (badge is not None and badge.name == OUTDATED) is outdated


@pytest.mark.parametrize(("through", "old"), [(date(2026, 11, 1), False), (date(2026, 10, 31), True), (None, True)])
def test_a_driven_key_result_needs_data_not_check_ins(through, old):
    badge = badge_of(DRIVEN, QUARTER, date(2026, 11, 15), last_check_in=None, data_through=through)
    assert (badge is not None and badge.name == OLD_DATA) is old


def test_the_two_badges_say_different_things():
    typed = badge_of(TYPED, QUARTER, date(2026, 11, 20), date(2026, 11, 2))
    driven = badge_of(DRIVEN, QUARTER, date(2026, 11, 20), data_through=date(2026, 10, 31))
    never = badge_of(TYPED, QUARTER, date(2026, 10, 20))
    assert typed.reason == "no check-in since 2 Nov 2026, 18 days; one is due every 14 days"
    assert driven.reason == "its data ends on 31 Oct 2026, 20 days ago; 14 days are allowed"
    assert never.reason == "no check-in since the cycle began, 19 days; one is due every 14 days"


def test_numbers_that_need_time_to_settle_are_not_said_to_lack_an_export():
    today, through = date(2026, 10, 31), date(2026, 10, 31)
    badge = badge_of(DRIVEN, QUARTER, today, data_through=through, settles_after=90)
    assert badge.name == OLD_DATA  # 31 October less 90 days is 2 August
    assert badge.reason == ("its numbers settle after 90 days, so they reach 2 Aug 2026; 14 days are allowed")
    assert badge_of(DRIVEN, QUARTER, today, data_through=through, settles_after=14) is None
    assert badge_of(DRIVEN, QUARTER, today, data_through=date(2026, 10, 1), settles_after=7).reason == (
        "its data ends on 1 Oct 2026, 30 days ago; 14 days are allowed"
    )


def test_the_cadence_is_the_key_results_own():
    weekly = replace(TYPED, cadence_days=7)
    assert badge_of(weekly, QUARTER, date(2026, 11, 10), date(2026, 11, 2)).name == OUTDATED
