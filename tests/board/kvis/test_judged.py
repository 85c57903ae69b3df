"""One verdict whatever grain is looked at, and targets only where they were set for: by hand on weeks of turnover."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.sorting import sentence, sort_readings
from kviboard.board.kvis.tables import answer
from kviboard.board.kvis.tiles import chance, judged_text, target_text, usual_text, why
from kviboard.board.week.phrases import missed_text
from kviboard.domain.kvis.kvi import Target
from kviboard.domain.periods import GRAINS
from tests.board.conftest import CONFIG, kvi_file

MONDAY = date(2026, 1, 5)
WEEKS = [20, 22, 21, 19, 20, 22, 21, 20, 21, 40]
"""Mean 22.6, mean moving range 28 / 9 = 3.1: 40 lies above 22.6 + 2.66 × 3.1 = 30.9."""


def orders(weeks: list[int]) -> str:
    """Half of a week's turnover on its Monday, half on its Sunday."""
    days = [(MONDAY + timedelta(days=7 * n + late), amount / 2) for n, amount in enumerate(weeks) for late in (0, 6)]
    rows = (f"{n},a,{day},{amount}" for n, (day, amount) in enumerate(days))
    return "order_id,customer_id,ordered_at,amount\n" + "\n".join(rows) + "\n"


@pytest.fixture
def judged_weekly(tiny):
    return tiny(orders=orders(WEEKS), turnover=kvi_file(judged="week"))


def test_the_verdict_is_that_of_the_judged_grain_in_every_grain(judged_weekly):
    board = judged_weekly
    for grain in GRAINS:
        reading = read_kvi(board, board.kvis["turnover"], View(grain))[0]
        assert (reading.verdict, reading.signal) == ("signal: up", "good"), grain
        assert "outside the usual range" in reading.reason
        assert sort_readings([reading]).signals == (reading,)
        assert sentence(reading, "EUR").startswith("Turnover rose to €40 in the week of 9 Mar 2026: outside"), grain


def test_other_grains_say_in_which_one_it_is_judged_and_draw_no_limits(judged_weekly):
    board = judged_weekly
    sprints = read_kvi(board, board.kvis["turnover"], View("sprint"))[0]
    assert sprints.frame["verdict"].tolist() == [*["judged per week"] * 4, "signal: up"]
    assert np.isnan(sprints.columns["upper"]).all()
    assert sprints.frame["signal"].isna().all()  # no point of a chart per sprint is a signal
    assert judged_text(sprints, "EUR") == "judged per week: €40 in week of 9 Mar 2026"
    assert judged_text(read_kvi(board, board.kvis["turnover"], View("week"))[0], "EUR") == ""
    assert answer(board, board.kvis["turnover"], View("sprint"))["verdict"].tolist()[-1] == "signal: up"


def test_people_are_told_that_the_verdict_beside_the_latest_period_is_of_another(judged_weekly):
    board = judged_weekly
    sprints, weeks = (read_kvi(board, board.kvis["turnover"], View(grain))[0] for grain in ("sprint", "week"))
    latest = "judged per week: unusually high (good)"
    assert sprints.told["verdict"].tolist() == [*["judged per week"] * 4, latest]
    assert sprints.drawn["verdict"].tolist() == [*["judged per week"] * 4, latest]
    assert weeks.told["verdict"].tolist() == weeks.frame["verdict"].tolist()


def test_other_grains_say_of_which_periods_the_usual_values_are(judged_weekly):
    """A month of 90 beside "usually 22.6" would be four times as much as usual."""
    board = judged_weekly
    for grain, said in (("week", "usually €22.6 (€"), ("month", "usually €22.6 in a week (€")):
        assert usual_text(read_kvi(board, board.kvis["turnover"], View(grain))[0], "EUR").startswith(said)


def test_of_a_target_for_periods_that_are_not_judged_nobody_says_whether_chance_reaches_it(tiny):
    """February has all of three weeks, the Sunday of one (9.50) and the Monday of another (10): 82.50 of 100."""
    calm = [20, 22, 21, 19, 20, 22, 21, 20, 21, 20]
    of_months = Target("turnover", 100, grain="month", order=1)
    board = replace(tiny(orders=orders(calm), turnover=kvi_file(judged="week")), set_targets=(of_months,))
    months = read_kvi(board, board.kvis["turnover"], View("month"))[0]
    assert (months.verdict, months.meets_target) == ("within normal variation", False)
    assert (chance(months), why(months)) == ("", "")
    assert missed_text(months, "EUR", "").endswith("short by 17.5\u00a0%.")


def test_without_a_whole_period_of_those_that_are_judged_they_are_named(tiny):
    board = tiny(orders=orders(WEEKS[:3]), turnover=kvi_file(judged="month"))
    weeks, months = (read_kvi(board, board.kvis["turnover"], View(grain))[0] for grain in ("week", "month"))
    assert (weeks.verdict, months.verdict) == ("no complete month yet", "no complete period yet")


def test_slices_are_judged_in_the_same_grain(judged_weekly):
    board = judged_weekly
    slices = {r.slice: r for r in read_kvi(board, board.kvis["turnover"], View("day", by="country"))}
    assert slices["NL"].verdict == "signal: up"  # all orders are of a customer there
    assert slices["DE"].verdict == "nothing was ever counted"


@pytest.mark.parametrize(
    ("given", "grain"),
    [("judged: week", "week"), ("judged: sprint", "sprint"), ("", "sprint"), ("grains: [quarter]", "quarter")],
)
def test_a_kvi_that_names_no_grain_is_judged_per_sprint_or_month(tiny, given, grain):
    file = kvi_file().replace("judged: month", given)
    board = tiny(turnover=file)
    assert board.judged_grain(board.kvis["turnover"]) == grain
    without_sprints = tiny(config=CONFIG.replace("[sprints]\nfirst_day = 2026-01-05\ndays = 14\n", ""), turnover=file)
    assert without_sprints.judged_grain(without_sprints.kvis["turnover"]) == grain.replace("sprint", "month")


def test_a_kvi_cannot_be_judged_in_a_grain_it_has_not(tiny):
    board = tiny(turnover=kvi_file(more="grains: [month, quarter]", judged="week"))
    assert any("judged: it is computed per month or quarter" in str(problem) for problem in board.problems)


def test_a_target_is_judged_only_for_the_customers_and_in_the_grain_it_was_set_for(judged_weekly):
    """The tiny company's target of 100 is for all customers, and for weeks, in which the KVI is judged."""
    board = judged_weekly
    kvi = board.kvis["turnover"]
    weeks = read_kvi(board, kvi, View("week"))[0]
    assert (weeks.target.value, weeks.meets_target) == (100, False)
    dutch = View("week", where=(("country", ("NL",)),))
    elsewhere = [
        *read_kvi(board, kvi, View("month")),
        *read_kvi(board, kvi, dutch),
    ]
    for reading in elsewhere:
        assert (reading.target, reading.meets_target) == (None, None)
        assert np.isnan(reading.columns["target"]).all()
        assert target_text(reading, "EUR") == "target €100: set for all customers per week, so not judged here"
    for reading in read_kvi(board, kvi, View("week", by="country")):
        assert (reading.target, target_text(reading, "EUR")) == (None, "")


def test_too_few_answers_of_the_judged_period_are_said_to_be_its(tiny):
    """In February nobody answered, nor in the latest whole week: the number is the week's, beside a month's value."""
    nps = "100 * (sum(promoters) - sum(detractors)) / sum(responses)"
    board = tiny(nps=kvi_file(nps, more="interval: nps(promoters, detractors, responses)", judged="week"))
    months, weeks = (read_kvi(board, board.kvis["nps"], View(grain))[0] for grain in ("month", "week"))
    assert weeks.verdict == "too few answers (0)"
    assert months.verdict == "too few answers (0 in week of 2 Mar 2026)"
    assert answer(board, board.kvis["nps"], View("month"))["verdict"].tolist()[-2:] == [months.verdict, "incomplete"]
