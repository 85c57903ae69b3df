"""What a KVI's values mean: levels, signals, targets, the period still running. Expected values are worked by hand."""

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from kviboard.board.kvis.comparison import compare_readings, rank_slices
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.running_period import in_words, so_far
from kviboard.board.kvis.sorting import sentence, sort_readings
from kviboard.board.kvis.tables import ANSWER_COLUMNS, answer, catalogue, to_table
from kviboard.board.kvis.tiles import answers_text, no_links, tile_of
from kviboard.errors import UsageError
from kviboard.warehouse.reader import Reader
from tests.board.conftest import CONFIG, RESPONSES, kvi_file

WEEKS = [20, 22, 21, 23, 20, 22, 21, 23, 21, 40]  # turnover of ten whole weeks; the last one stands out
MONDAY = date(2026, 1, 5)


def orders_of(weeks: list[int], customer: str = "a") -> str:
    """One order on each Monday."""
    days = [np.datetime64(MONDAY) + 7 * week for week in range(len(weeks))]
    pairs = zip(days, weeks, strict=True)
    lines = [f"{customer}{number},{customer},{day},{amount}" for number, (day, amount) in enumerate(pairs)]
    return "\n".join(lines) + "\n"


HEADER = "order_id,customer_id,ordered_at,amount\n"
LAST_SUNDAY = "z,b,2026-03-15,0\n"  # so that the tenth week is complete


@pytest.fixture
def weekly(tiny):
    board = tiny(marts="daily", orders=HEADER + orders_of(WEEKS) + LAST_SUNDAY, turnover=kvi_file(judged="week"))
    return board, read_kvi(board, board.kvis["turnover"], View("week"))[0]


def test_limits_are_the_mean_and_its_moving_ranges(weekly):
    _, reading = weekly
    moving = np.abs(np.diff(WEEKS)).mean()
    frame = reading.frame
    assert frame["complete"].all()
    assert frame["centre"].tolist() == pytest.approx([np.mean(WEEKS)] * 10)
    assert frame["upper"].tolist() == pytest.approx([np.mean(WEEKS) + 2.66 * moving] * 10)


def test_the_latest_complete_period_is_compared_with_the_one_before(weekly):
    _, reading = weekly
    assert (reading.value, reading.previous["value"]) == (40, 21)
    assert (reading.verdict, reading.signal) == ("signal: up", "good")
    assert "outside the usual range" in reading.reason


def test_no_change_is_told_of_or_on_a_period_that_is_only_in_part_in_the_data(tiny):
    """Data from 14 Jan to 7 Apr: of the two months at the ends there is a part each."""
    sold = [("2026-01-14", 30), ("2026-02-03", 20), ("2026-03-02", 25), ("2026-04-07", 5)]
    rows = "".join(f"{day},a,{day},{amount}\n" for day, amount in sold)
    board = tiny(marts="daily", orders=HEADER + rows, turnover=kvi_file())
    months, zoomed = (
        read_kvi(board, board.kvis["turnover"], View("month", first=first))[0].frame
        for first in (None, date(2026, 3, 1))
    )
    assert months["complete"].tolist() == [False, True, True, False]
    assert months["change_text"].tolist() == ["–", "–", "▲\u00a025\u00a0%", "–"]
    assert zoomed["change_text"].tolist() == ["▲\u00a025\u00a0%", "–"]


@pytest.mark.parametrize(("scored", "text"), [(0.996, "99.6 %"), (1, "100 %"), (0.004, "0.4 %"), (0.505, "50 %")])
def test_a_tile_says_of_how_much_revenue_it_speaks_without_rounding_to_all_or_none(weekly, scored, text):
    assert f"based on {text} of revenue" in tile_of(weekly[1], "EUR", no_links, coverage=scored).notes


def test_what_is_worse_when_up_is_bad(tiny):
    turnover = kvi_file(judged="week").replace("better: up", "better: down")
    board = tiny(marts="daily", orders=HEADER + orders_of(WEEKS) + LAST_SUNDAY, turnover=turnover)
    assert read_kvi(board, board.kvis["turnover"], View("week"))[0].signal == "bad"


def test_the_sentence_says_what_happened_when_and_why(weekly):
    _, reading = weekly
    told = sentence(reading, "EUR")
    assert told.startswith("Turnover rose to €40 in the week of 9 Mar 2026: outside the usual range (")


def test_the_verdict_rests_on_the_whole_history_whatever_range_is_shown(weekly):
    board, whole = weekly
    zoomed = read_kvi(board, board.kvis["turnover"], View("week", first=date(2026, 3, 3)))[0]
    assert len(zoomed.frame) == 2
    assert zoomed.verdict == whole.verdict
    assert zoomed.frame["upper"].tolist() == whole.frame["upper"].tolist()[-2:]


def test_too_little_history_is_said_with_how_much_there_is(tiny):
    board = tiny(
        marts="daily", orders=HEADER + orders_of(WEEKS[:4]) + "z,b,2026-02-01,0\n", turnover=kvi_file(judged="week")
    )
    assert read_kvi(board, board.kvis["turnover"], View("week"))[0].verdict == "too little history (4 of 8)"


def test_few_answers_are_not_judged(tiny):
    more = "interval: nps(promoters, detractors, responses)"
    board = tiny(nps=kvi_file("100 * (sum(promoters) - sum(detractors)) / sum(responses)", more=more))
    verdicts = read_kvi(board, board.kvis["nps"], View("month"))[0].frame["verdict"].tolist()
    assert verdicts[0] == "too few answers (2)"


def test_the_target_is_the_one_that_holds_on_the_last_day_of_the_period(tiny):
    steps = '[[targets]]\nkvi = "turnover"\nvalue = 5\nends_on = 2026-01-31\n' \
            '[[targets]]\nkvi = "turnover"\nvalue = 9\nstarts_on = 2026-02-01\n'  # fmt: skip
    board = tiny(config=CONFIG.split("[[targets]]")[0] + steps)
    reading = read_kvi(board, board.kvis["turnover"], View("month"))[0]
    assert reading.frame["target"].tolist() == [5, 9, 9]
    assert (reading.target.value, reading.meets_target) == (9, False)  # February, 7.25


def test_each_reading_stands_in_exactly_one_list(tiny):
    flat = [20, 22, 21, 23, 20, 22, 21, 23, 21, 20]
    board = tiny(
        orders=HEADER + orders_of(flat) + LAST_SUNDAY,
        turnover=kvi_file(judged="week"),
        spiked=kvi_file(
            "sum(orders)", title="Spiked", judged="week",
            body="select day, country, case when day = '2026-03-09' then 9 else orders end as orders from daily",
        ),
        half=kvi_file("sum(revenue) / 2", title="Half", judged="week"),
        early=kvi_file(more="grains: [month]", title="Early"),
    )  # fmt: skip
    grains = {"turnover": "week", "spiked": "week", "half": "week", "early": "month"}
    week = sort_readings([read_kvi(board, board.kvis[name], View(grain))[0] for name, grain in grains.items()])
    names = {field: {reading.kvi.name for reading in getattr(week, field)} for field in vars(week)}
    assert names == {"signals": {"spiked"}, "below_target": {"turnover"}, "normal": {"half"}, "unjudged": {"early"}}


def test_the_running_period_is_compared_with_as_many_days_of_the_one_before(tiny):
    board = tiny()  # data to 12 March by the answers, to 10 March by the orders that turnover needs
    running = so_far(board, board.kvis["turnover"], View("month"))
    assert (running.days, running.period.days, running.value, running.before) == (10, 31, 100.0, 7.25)
    reading = read_kvi(board, board.kvis["turnover"], View("month"))[0]
    assert in_words(board, reading, View("month")).startswith("Mar 2026 so far (10 of 31 days): €100, ▲")


def test_a_running_period_of_an_earlier_day_has_its_days_only(tiny):
    """January: 10 on the 1st, 20 on the 10th; there was no December. On its last day February runs no more."""
    board = tiny()
    turnover = board.kvis["turnover"]
    found = so_far(board, turnover, View("month"), date(2026, 1, 9))
    assert (found.period.full_name, found.days, found.value, found.before) == ("Jan 2026", 9, 10.0, None)
    assert so_far(board, turnover, View("month"), date(2026, 1, 10)).value == 30.0
    assert so_far(board, turnover, View("month"), date(2026, 2, 28)) is None
    assert so_far(board, turnover, View("month"), date(2026, 3, 11)) is None  # the orders end a day before


def test_a_running_period_longer_than_the_one_before_is_compared_with_nothing(tiny):
    """30 days of March at 1 a day, after the 28 of February at 1 a day: nothing rose."""
    days = [date(2026, 2, 1) + timedelta(n) for n in range(58)]
    board = tiny(HEADER + "".join(f"{n},a,{day},1.00\n" for n, day in enumerate(days)), marts="daily")
    turnover = board.kvis["turnover"]
    assert so_far(board, turnover, View("month"), date(2026, 3, 28)).before == 28.0
    running = so_far(board, turnover, View("month"))
    assert (running.days, running.value, running.before) == (30, 30.0, None)
    reading = read_kvi(board, turnover, View("month"))[0]
    assert in_words(board, reading, View("month")) == "Mar 2026 so far (30 of 31 days): €30"


def test_a_running_period_in_whose_middle_the_data_begins_is_not_told(tiny):
    board = tiny(HEADER + "1,a,2026-01-03,10.00\n2,a,2026-01-10,20.00\n", marts="daily")
    assert so_far(board, board.kvis["turnover"], View("month")) is None


def test_a_running_period_is_not_told_where_values_settle_later(tiny):
    board = tiny(turnover=kvi_file(more="complete_after: 5"))
    reading = read_kvi(board, board.kvis["turnover"], View("month"))[0]
    said = in_words(board, reading, View("month"))
    assert said == "Newer periods are not shown: their values settle 5 days after they end."
    assert reading.drawn["label"].tolist() == ["Jan 2026", "Feb 2026"]
    late = read_kvi(board, replace(board.kvis["turnover"], complete_after=90), View("month"))[0]
    assert late.latest is None
    assert in_words(board, late, View("month")) == "None is settled yet: that takes until 90 days after its end."


def test_a_score_of_a_period_that_runs_says_of_how_many_answers_it_is(tiny):
    """A 10, a 3 and an 8 up to 12 March, of a quarter that is not over; two of them are January's."""
    board = tiny()
    score = board.kvis["net_promoter_score"]
    running, month = (read_kvi(board, score, View(grain))[0] for grain in ("quarter", "month"))
    assert (running.latest, running.stands_at) == (None, ("Q1 2026 so far", 0.0))
    assert answers_text(running, "EUR").startswith("based on 3")
    assert (month.stands_at[0], answers_text(month, "EUR")) == (str(month.latest["label"]), "")  # February has none
    # of one answer ± z² / (1 + z²)
    assert in_words(board, month, View("month")) == "Mar 2026 so far (12 of 31 days): 0, based on 1 (±79.3 by chance)"


def test_slices_are_ranked_by_their_latest_complete_period(tiny):
    board = tiny()
    ranked = rank_slices(read_kvi(board, board.kvis["turnover"], View("month", by="country")))
    assert ranked[["slice", "value", "before"]].to_numpy().tolist() == [["DE", 0.0, 5.5], ["NL", 7.25, 30.0]]


def test_two_kvis_are_compared_over_the_periods_both_have(tiny):
    board = tiny(
        orders=HEADER + orders_of([3, 9, 1, 7, 2, 8, 3, 9, 1, 6, 4, 8]),
        turnover=kvi_file(), double=kvi_file("2 * sum(revenue)", title="Double"),
    )  # fmt: skip
    one, other = (read_kvi(board, board.kvis[name], View("week"))[0] for name in ("turnover", "double"))
    strongest = compare_readings(one, other).strongest
    assert (strongest.lag, strongest.pairs) == (0, 10)  # eleven whole weeks: the twelfth has only its Monday
    assert strongest.correlation == pytest.approx(1)


def test_an_answer_is_a_plain_table(tiny):
    board = tiny()
    frame = answer(board, board.kvis["turnover"], View("month", by="country"))
    assert tuple(frame.columns) == ANSWER_COLUMNS
    assert frame["slice"].tolist() == ["DE"] * 3 + ["NL"] * 3
    with pytest.raises(UsageError, match='no value "XX"'):
        answer(board, board.kvis["turnover"], View(where=(("country", ("XX",)),)))


def test_what_is_missing_is_a_dash_in_every_kind_of_column():
    missing = pd.DataFrame({"whole": pd.array([None], "Int64"), "half": [math.nan], "text": [None], "day": [pd.NaT]})
    assert to_table(missing).splitlines()[-1].split() == ["–"] * 4


def test_no_cell_of_a_table_is_a_negative_nought():
    shown = to_table(pd.DataFrame({"value": [-0.0, -0.00001, -0.5]}))
    assert shown.split()[2:] == ["0", "0.0000", "-0.5000"]


def test_a_kvi_without_any_row_in_reach_says_what_it_needs(tiny):
    board = tiny(responses=RESPONSES.splitlines()[0] + "\n1,a,2026-01-01,10\n")
    assert board.waiting["complaints_per_1000"] == "needs the tickets export"
    assert board.waiting["daily_active_minutes"].startswith("needs")
    with pytest.raises(UsageError, match=r"^Complaints per 1,000 customers needs the tickets export"):
        board.kvi("complaints_per_1000")


def test_a_broken_kvi_is_named_and_the_others_work(tiny):
    board = tiny(turnover=kvi_file(), wrong=kvi_file("sum(moonlight)"), gone=kvi_file(body="select * from nowhere"))
    assert "turnover" in board.kvis
    said = " ".join(map(str, board.problems))
    assert "queries/kvis/wrong.sql" in said
    assert "moonlight" in said
    assert "queries/kvis/gone.sql" in said
    with pytest.raises(UsageError, match="moonlight"):
        board.kvi("wrong")


def test_a_kvi_that_takes_too_long_is_named_and_the_others_are_there_all_the_same(tiny):
    endless = "select day, sum(orders * a.range) as revenue from daily, range(9000000) as a, range(100) group by day"
    board = tiny(
        marts="daily",
        orders=HEADER + orders_of(WEEKS) + LAST_SUNDAY,
        endless=kvi_file(body=endless),
        turnover=kvi_file(),
    )
    sound = catalogue(replace(board, catalog=replace(board.catalog, kvis={"turnover": board.catalog.kvis["turnover"]})))
    hasty = replace(board, reader=Reader(board.workspace, board.reader.version, longest_query_ms=300))
    shown = catalogue(replace(hasty, catalog=replace(board.catalog, kvis={
        name: replace(board.catalog.kvis[name], is_own=False) for name in ("endless", "turnover")  # so it is not tried
    }))).set_index("kvi")  # fmt: skip
    assert shown["verdict"]["endless"].startswith("queries/kvis/endless.sql: This question took too long")
    assert shown["value"]["endless"] == "–"
    assert shown.drop(index="endless").equals(sound.set_index("kvi"))
