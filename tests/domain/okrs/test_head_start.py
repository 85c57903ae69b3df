"""What was reached before the cycle began is said, and a status needs movement since."""

import pytest

from kviboard.domain.okrs.head_start import with_head_start
from kviboard.domain.okrs.status import Judgement, Status

STOOD = "40 in Sep 2026"


def judged(raw, status=Status.ON_TRACK):
    return Judgement(status, "40 % done at 40 % of the cycle", raw, 0.4, 0.4)


@pytest.mark.parametrize("at_start", [None, -0.5, 0.0, 0.32])
def test_less_than_a_third_of_the_way_is_no_head_start(at_start):
    assert with_head_start(judged(0.4), at_start, STOOD) == judged(0.4)


def test_what_was_there_is_said():
    found = with_head_start(judged(0.6), 0.4, STOOD)
    assert found.status == Status.ON_TRACK
    assert found.reason == ("40 % done at 40 % of the cycle; 40 % was there before the cycle began (40 in Sep 2026)")


@pytest.mark.parametrize("raw", [0.4, 0.35])
def test_without_movement_since_the_start_nothing_is_on_track(raw):
    found = with_head_start(judged(raw), 0.4, STOOD)
    assert found.status == Status.AT_RISK
    assert found.reason.endswith("(40 in Sep 2026), and nothing was gained since: at risk")
    assert with_head_start(judged(raw, Status.OFF_TRACK), 0.4, STOOD).status == Status.OFF_TRACK


def test_a_target_that_was_reached_before_is_said_and_stays_on_track_while_it_holds():
    found = with_head_start(judged(1.1), 1.2, STOOD)
    assert found.status == Status.ON_TRACK
    assert "the target was reached before the cycle began" in found.reason
