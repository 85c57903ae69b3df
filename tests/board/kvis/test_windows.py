"""Which periods are judged together: windows that overlap, weekdays, few answers, rare events, shares past the whole.

Each case is worked by hand on a few rows; `judge` gets the periods as an evaluation would give them.
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.tiles import change_text
from kviboard.board.kvis.verdicts import BEYOND, OVERLAPS, judge, judged_together
from kviboard.domain.kvis.kvi import Aggregate, Formula, Kvi
from tests.board.conftest import kvi_file

HEADER = "order_id,customer_id,ordered_at,amount\n"
CALM = [20.0, 22, 21, 19, 20, 22, 21, 20, 21, 22]


def a_kvi(**changes):
    formula = Formula("sum(x)", (), "x", "x", None)
    return replace(Kvi("k", "K", "", "", formula, "number", "up", ("orders",), "", ""), **changes)


def periods(values, days=14, n=None, ends=None):
    """The periods of an evaluation, `days` apart, all complete."""
    count = len(values)
    ends = ends if ends is not None else [date(2026, 1, 4) + timedelta(days=days * i) for i in range(count)]
    return {
        "value": np.array(values, dtype=float),
        "numerator": np.array(values, dtype=float),
        "denominator": np.full(count, np.nan),
        "n": np.full(count, np.nan) if n is None else np.array(n, dtype=float),
        "ends_on": np.array(ends, dtype="datetime64[us]"),
        "complete": np.ones(count, dtype=bool),
        "comparable": np.ones(count, dtype=bool),
    }


def verdicts(kvi, values, grain="sprint"):
    return judge(kvi, values, values["complete"], grain).verdict


def test_of_overlapping_windows_every_28th_day_back_from_the_latest_is_judged():
    """Twenty sprints of 14 days: ten of them share no day with one another."""
    between = [60.0] * 10  # whatever the others say
    values = [value for pair in zip(between, CALM, strict=True) for value in pair]
    found = verdicts(a_kvi(window_days=28), periods(values))
    assert found == [OVERLAPS, "within normal variation"] * 10
    values[-1] = 40  # 22.5 ± 2.66 × 30 / 9 = 8.9 after that: outside
    assert verdicts(a_kvi(window_days=28), periods(values))[-1] == "signal: up"


@pytest.mark.parametrize(("sprints", "said"), [(15, "within normal variation"), (14, "too little history (7 of 8)")])
def test_eight_windows_without_overlap_are_needed(sprints, said):
    assert verdicts(a_kvi(window_days=28), periods([20.0, 21] * 7 + [20.0] * (sprints - 14)))[-1] == said


def test_a_year_has_one_judged_month_of_a_twelve_month_window():
    ends = [np.datetime64("2020-02", "M") + month for month in range(36)]
    ends = [(month.astype("datetime64[D]") - 1).item() for month in ends]  # the last days of 36 months
    found = verdicts(a_kvi(window_days=365), periods(range(36), ends=ends), "month")
    assert [place for place, verdict in enumerate(found) if verdict != OVERLAPS] == [11, 23, 35]
    assert found[-1] == "too little history (3 of 8)"


def test_days_are_judged_against_their_own_weekday():
    """Sundays of 2 among weekdays of 50 to 52, twelve weeks long, do not surprise; a Sunday of 50 does."""
    monday = date(2026, 1, 5)
    values = [2 + week % 2 if day == 6 else 50 + (week + day) % 3 for week in range(12) for day in range(7)]
    days = [monday + timedelta(days=place) for place in range(len(values))]
    assert set(verdicts(a_kvi(), periods(values, ends=days), "day")) == {"within normal variation"}
    values[-1] = 50
    found = verdicts(a_kvi(), periods(values, ends=days), "day")
    assert (found[-1], set(found[:-1])) == ("signal: up", {"within normal variation"})


def test_a_period_with_few_answers_sets_no_limits_and_ends_no_run():
    """Two answers of 0 among periods around 21: the limits are those of the others, the run of eight goes on."""
    with_few = [*CALM, 0.0, 21]
    found = judge(a_kvi(), values := periods(with_few, n=[40] * 10 + [2, 40]), values["complete"], "month")
    without = judge(a_kvi(), others := periods([*CALM, 21]), others["complete"], "month")
    assert found.limits["upper"][-1] == without.limits["upper"][-1]
    assert found.verdict[-2:] == ["too few answers (2)", "within normal variation"]
    high = [*CALM, 24, 25, 24, 25, 0, 24, 25, 24, 25]
    found = verdicts(a_kvi(), periods(high, n=[40] * 14 + [1] + [40] * 4), "month")
    assert found[-1] == "signal: up"  # the eighth above the average; the 0 in between is no period to go by


def test_what_fills_up_is_not_compared_until_it_is_full():
    """Scores come in for a year: the rise of the first ten sprints is the survey's, and sets no limits later."""
    kvi, values = a_kvi(judged_after=140), periods([*range(0, 20, 2), *CALM])
    values["comparable"][:10] = False
    found = judge(kvi, values, values["complete"], "sprint")
    alone = judge(kvi, others := periods(CALM), others["complete"], "sprint")
    assert found.verdict == ["too early to say: for its first 140 days it grows by itself"] * 10 + alone.verdict
    assert np.isnan(found.limits["centre"][:10]).all()
    assert found.limits["centre"][10:].tolist() == alone.limits["centre"].tolist()


def test_sprints_are_judged_with_those_of_about_their_length_by_what_grows_with_it():
    """Nine of two weeks (one a day short), one of six in between, three of one week at the end."""
    days = [14, 14, 14, 14, 42, 13, 14, 14, 14, 14, 7, 7, 7]
    values = periods([20, 22, 21, 19, 63, 20, 22, 21, 40, 21, 10, 11, 10], ends=np.cumsum(days).astype("M8[D]"))
    values["period"] = values["ends_on"] - np.array([day - 1 for day in days], "timedelta64[D]")
    usual = "within normal variation"
    found = verdicts(a_kvi(formula=replace(a_kvi().formula, grows=True)), values)
    alone = "too early to say ({} of 8 sprints of about its length)"
    assert found == [*[usual] * 4, alone.format(1), *[usual] * 3, "signal: up", usual, *[alone.format(3)] * 3]
    assert "of 8" not in "".join(verdicts(a_kvi(), values))  # of a share all thirteen are judged together


def test_a_change_names_the_lengths_of_sprints_that_differ(tiny):
    board = tiny()
    reading = read_kvi(board, board.kvi("turnover"), View("month"))[0]
    assert change_text(reading, "EUR").endswith("on Jan 2026 (€35.5)")
    begins = reading.columns["period"] + np.array([0, 21, 0], "timedelta64[D]")  # a week of February
    shorter = replace(reading, columns={**reading.columns, "period": begins})
    assert change_text(shorter, "EUR").endswith("on Jan 2026 (€35.5; 7 days against 31)")
    share = replace(reading.kvi, formula=replace(reading.kvi.formula, grows=False))
    assert "days" not in change_text(replace(shorter, kvi=share), "EUR")


def test_a_level_knows_the_one_before_it_in_its_own_series():
    """28-day actives per sprint of 14 days: every second sprint is judged; per day every weekday has its own level."""
    low, high = [20.0, 22, 21, 19, 20, 22, 21, 20, 21, 22], [60.0, 62, 61, 59, 60, 62, 61, 60, 61]
    judged = [*low, *high]
    kvi, values = a_kvi(window_days=28), periods(np.repeat(judged, 2))
    found = judge(kvi, values, values["complete"], "sprint")
    assert found.centre_before[-1] == pytest.approx(np.mean(low))
    assert judged_together(kvi, values, "sprint").tolist() == list(range(1, 38, 2))
    days = [value + 5 * weekday for value in judged for weekday in range(7)]
    by_day = periods(days, days=1)
    found = judge(a_kvi(), by_day, by_day["complete"], "day")
    assert found.centre_before[-7:].tolist() == pytest.approx([np.mean(low) + 5 * weekday for weekday in range(7)])
    assert judged_together(a_kvi(), by_day, "day").tolist() == list(range(6, len(days), 7))


@pytest.mark.parametrize(
    ("rare", "average"),
    [([0, 0, 1, 0, 0, 2, 0, 1, 0, 0, 3], "0.6"), ([*[0] * 24, 1], "under 0.1")],
)
def test_a_count_of_hardly_any_events_is_not_judged(rare, average):
    found = verdicts(a_kvi(unit="customers"), periods(rare), "month")
    assert set(found) == {f"too few to judge ({average} per month on average)"}
    assert "signal: up" in verdicts(a_kvi(unit="number"), periods([*[0, 1] * 5, 9]), "month")
    assert set(verdicts(a_kvi(unit="customers"), periods([0] * 9), "month")) == {"nothing was ever counted"}


def test_a_share_that_refunds_take_beyond_the_whole_is_not_shown(tiny):
    """NL: 30 of 20 euros are scored where an unscored customer gave 10 back; the day without refunds is shown."""
    share = kvi_file(
        "sum(part) / sum(whole)",
        title="Share",
        more="range: [0, 1]",
        body="""
        select day, country, case when country = 'NL' then revenue else 0 end as part, revenue as whole from daily""",
    )
    rows = (
        "1,a,2026-01-05,30\n2,c,2026-01-05,-10\n3,a,2026-01-06,30\n"
        "4,c,2026-01-06,10\n5,c,2026-01-07,-5\n6,a,2026-01-08,1\n"
    )
    board = tiny(orders=HEADER + rows, share=share.replace("judged: month", "judged: day"))
    frame = read_kvi(board, board.kvis["share"], View("day"))[0].frame
    assert np.isnan(frame["value"].iloc[[0, 2]]).all()
    assert frame["value"].iloc[1] == pytest.approx(30 / 40)
    assert frame["verdict"].tolist()[0] == BEYOND
    assert frame["numerator"].iloc[0] == 30  # nothing is hidden from who asks


def test_a_window_is_complete_only_when_the_data_reaches_back_that_far(tiny):
    """Orders begin on 1 January: 28 days are full on the 28th."""
    board = tiny(turnover=kvi_file(more="window_days: 28"))
    days = read_kvi(board, board.kvis["turnover"], View("day"))[0].frame
    assert days.loc[days["complete"], "period"].min().date() == date(2026, 1, 28)
    board = tiny(turnover=kvi_file(more="full_after: 28"))
    weeks = read_kvi(board, board.kvis["turnover"], View("week"))[0].frame
    assert weeks.loc[weeks["complete"], "ends_on"].min().date() == date(2026, 2, 1)


def test_an_average_of_an_order_or_two_is_not_judged():
    """One order a month of 50 to 60, and then one of 200: of one customer more, not of what orders come to."""
    formula = Formula("sum(x) / sum(y)", (Aggregate("y", "sum(y)", 0),), "x / y", "x", "y")
    kvi = a_kvi(unit="currency", formula=formula)
    amounts = [*[50.0, 60] * 6, 200]

    def judged(*orders):
        return verdicts(kvi, {**periods(amounts), "denominator": np.resize(orders, 13).astype(float)}, "month")

    assert set(judged(1.0)) == {"too few to judge (1.0 per month on average)"}
    assert judged(3.0)[-1] == judged(0.5)[-1] == "signal: up"  # half of something is no number of orders
