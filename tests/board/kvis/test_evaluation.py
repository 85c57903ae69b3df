"""One query answers any grain, slice, range and filter; every expected number is worked out by hand from the rows."""

import math
from dataclasses import replace
from datetime import date
from io import StringIO

import numpy as np
import pandas as pd
import pytest

from kviboard.board.board import open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.kvis.evaluation import COLUMNS, evaluate, evaluate_all, evaluate_grains
from kviboard.board.kvis.reach import reach_of, tables_behind
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi, read_kvis
from kviboard.board.kvis.running_period import so_far
from kviboard.board.kvis.shown_sql import sql_behind
from kviboard.board.kvis.sql import Question
from kviboard.domain.periods import GRAINS
from kviboard.errors import QueryError, UsageError
from tests.board.conftest import CONFIG, ORDERS, kvi_file

NATIONS = {"a": "NL", "b": "NL", "c": "DE"}
JAN, FEB, MAR = "2026-01-01", "2026-02-01", "2026-03-01"


def values(board, name: str, column: str = "value", **question) -> dict:
    frame = evaluate(board.reader, board.kvis[name], Question(**question))
    keys = frame["period"].dt.strftime("%Y-%m-%d")
    if question.get("by"):
        return {(key, name): value for key, name, value in zip(keys, frame["slice"], frame[column], strict=True)}
    return dict(zip(keys, frame[column], strict=True))


def test_a_sum_per_month(tiny):
    assert values(tiny(), "turnover") == {JAN: 35.5, FEB: 7.25, MAR: 100.0}


def test_the_columns_are_always_the_same(tiny):
    board = tiny()
    for question in (Question("month"), Question("day", "country"), Question("quarter", first=date(2031, 1, 1))):
        assert tuple(evaluate(board.reader, board.kvis["turnover"], question).columns) == COLUMNS


def test_every_slice_has_every_period_and_sums_without_rows_are_zero(tiny):
    assert values(tiny(), "turnover", by="country") == {
        (JAN, "NL"): 30.0, (FEB, "NL"): 7.25, (MAR, "NL"): 100.0,
        (JAN, "DE"): 5.5, (FEB, "DE"): 0.0, (MAR, "DE"): 0.0,
    }  # fmt: skip


def test_days_without_orders_exist_with_zero(tiny):
    found = values(tiny(), "turnover", grain="day")
    assert len(found) == 69  # 1 Jan to 10 Mar
    assert found["2026-01-02"] == 0
    assert sum(found.values()) == 142.75


def test_a_filter_keeps_only_its_customers(tiny):
    board = tiny()
    assert values(board, "turnover", where={"country": ["DE"]}) == {JAN: 5.5, FEB: 0.0, MAR: 0.0}
    assert values(board, "turnover", where={"country": ["DE", "NL"]}) == values(board, "turnover")
    assert values(board, "turnover", where={"country": []}) == values(board, "turnover")


def test_a_range_selects_whole_periods(tiny):
    """From the 15th of January still has all of January: a range never cuts a period short."""
    assert values(tiny(), "turnover", first=date(2026, 1, 15), last=date(2026, 2, 1)) == {JAN: 35.5, FEB: 7.25}


def test_a_ratio_of_nothing_has_no_basis(tiny):
    board = tiny(share=kvi_file("sum(orders) / sum(ordering_customers)"))
    found = values(board, "share", by="country")
    assert found[JAN, "DE"] == 1
    assert found[FEB, "DE"] != found[FEB, "DE"]  # NaN


def test_a_ratio_is_never_averaged_from_its_slices(tiny):
    """NL has 30 from 2 orders, DE 5.50 from 1: together 35.50 / 3, not the mean of 15 and 5.50."""
    board = tiny(basket=kvi_file("sum(revenue) / sum(orders)"))
    assert values(board, "basket")[JAN] == pytest.approx(35.5 / 3)
    assert values(board, "basket", column="numerator")[JAN] == 35.5
    assert values(board, "basket", column="denominator")[JAN] == 3


def test_a_daily_average_counts_every_day_of_the_period_that_the_data_covers(tiny):
    board = tiny(average=kvi_file("daily_average(orders)"))
    assert values(board, "average") == {
        JAN: pytest.approx(3 / 31),
        FEB: pytest.approx(1 / 28),
        MAR: pytest.approx(1 / 10),
    }


def test_last_takes_the_last_day_only(tiny):
    board = tiny(closing=kvi_file("last(revenue)"))
    assert values(board, "closing") == {JAN: 5.5, FEB: 0.0, MAR: 100.0}  # March so far ends on the 10th


def test_a_period_is_complete_when_the_data_covers_all_of_it(tiny):
    assert values(tiny(), "turnover", column="complete") == {JAN: True, FEB: True, MAR: False}


def test_a_period_in_whose_middle_the_data_begins_is_not_complete(tiny):
    found = values(tiny(), "turnover", column="complete", grain="week")
    assert found["2025-12-29"] is False or not found["2025-12-29"]
    assert found["2026-01-05"]


def test_values_that_settle_later_are_complete_later(tiny):
    board = tiny(turnover=kvi_file(more="complete_after: 10"))
    assert values(board, "turnover", column="complete") == {JAN: True, FEB: True, MAR: False}
    board = tiny(turnover=kvi_file(more="complete_after: 11"))
    assert values(board, "turnover", column="complete") == {JAN: True, FEB: False, MAR: False}


def test_days_between_sprints_belong_to_none(tiny):
    found = values(tiny(), "turnover", grain="sprint")
    assert found["2026-01-05"] == 20.0  # 5 to 18 January; the order of 1 January lies before the first sprint
    assert sum(found.values()) == 142.75 - 10


def test_quarters_follow_the_fiscal_year(tiny):

    board = tiny(config=CONFIG + '\n[calendar]\nquarter_starts_in = "february"\n')
    assert values(board, "turnover", grain="quarter") == {"2025-11-01": 35.5, FEB: 107.25}


def test_only_the_first_days_of_each_period_can_be_asked_for(tiny):
    board = tiny(closing=kvi_file("last(revenue)"), turnover=kvi_file())
    assert values(board, "turnover", elapsed_days=10) == {JAN: 30.0, FEB: 7.25, MAR: 100.0}
    assert values(board, "closing", elapsed_days=10) == {JAN: 20.0, FEB: 0.0, MAR: 100.0}


def test_an_interval_comes_with_its_n(tiny):
    board = tiny(nps=kvi_file("100 * (sum(promoters) - sum(detractors)) / sum(responses)",
                              more="interval: nps(promoters, detractors, responses)"))  # fmt: skip
    frame = evaluate(board.reader, board.kvis["nps"], Question())
    january = frame.iloc[0]
    assert (january["value"], january["n"]) == (0, 2)
    assert (january["low"], january["high"]) == (
        -100,
        100,
    )  # ± 139 points from two answers, and no score lies beyond 100
    assert frame["n"].tolist() == [2, 0, 1]


def test_a_body_with_customers_is_sliced_by_their_dimensions(tiny):
    body = "select customer_id, day, amount as revenue from orders"
    board = tiny(direct=kvi_file(body=body), turnover=kvi_file())
    for question in ({"by": "country"}, {"where": {"country": ["NL"]}}, {}):
        assert values(board, "direct", **question) == values(board, "turnover", **question)


@pytest.mark.parametrize("grain", GRAINS)
def test_a_row_whose_day_is_a_time_counts_on_the_day_it_lies_in(tiny, grain):
    orders = pd.read_csv(StringIO(ORDERS), parse_dates=["ordered_at"])
    orders["ordered_at"] += pd.to_timedelta(np.arange(len(orders)) * 7 % 24, unit="h")  # none is midnight alone
    body = "select customer_id, ordered_at as day, amount as revenue from orders -- with its time"
    board = tiny(orders=orders.to_csv(index=False), timed=kvi_file(body=body))
    for question in ({"by": "country"}, {"where": {"country": ["NL"]}}, {}):
        found = values(board, "timed", grain=grain, **question)
        assert found == values(board, "turnover", grain=grain, **question)
    by_hand = orders["amount"].groupby(orders["ordered_at"].dt.date.astype(str)).sum().to_dict()
    assert {day: value for day, value in values(board, "timed", grain="day").items() if value} == by_hand


@pytest.mark.parametrize(
    ("value", "share"),
    [("median(amount)", 0.5), ("quantile_cont(amount, 0.111)", 0.111), ("100 * median(amount)", 0.5)],
)
def test_what_lies_between_two_amounts_keeps_its_parts_of_a_cent(tiny, value, share):
    text = ORDERS.replace("20.00", "20.01")  # the median of 7.25, 10, 20.01 and 100 is 15.005
    board = tiny(orders=text, typical=kvi_file(value, "select day, customer_id, amount from orders"))
    orders = pd.read_csv(StringIO(text), parse_dates=["ordered_at"])
    orders = orders.groupby([orders["ordered_at"].dt.to_period("Q"), orders["customer_id"].map(NATIONS)])["amount"]
    times = 100 if value.startswith("100") else 1
    assert values(board, "typical", by="country", grain="quarter") == pytest.approx(
        {(str(quarter.start_time.date()), nation): times * np.quantile(amounts, share)
         for (quarter, nation), amounts in orders}
    )  # fmt: skip


def test_a_kvi_without_customers_is_told_by_nothing_that_customers_are_told_by(tiny):
    board = tiny(whole=kvi_file(body="select day, amount as revenue from orders", title="In all"))
    assert values(board, "whole") == values(board, "turnover")
    for question in ({"by": "country"}, {"where": {"country": ["NL"]}}):
        with pytest.raises(QueryError) as caught:
            values(board, "whole", **question)
        said = "In all cannot be told by country: its SELECT returns neither customer_id nor country."
        assert str(caught.value) == said
    readings = read_kvis(board, list(board.kvis.values()), View("month", where=(("country", ("NL",)),)))
    assert [name for name, (reading,) in readings.items() if reading.trouble] == ["whole"]


def test_a_day_that_is_no_date_is_named(tiny):
    board = tiny(odd=kvi_file(body="select 5 as day, customer_id, amount as revenue from orders"))
    (problem,) = board.broken
    assert str(problem) == (
        "queries/kvis/odd.sql, line 12: returns a day that is no date, but INTEGER. Return a date: cast(… as date) as "
        "day."
    )


def test_what_no_rows_come_to_is_no_value(tiny):
    board = tiny(turnover=kvi_file("exp(3 * sum(revenue))"))
    found = values(board, "turnover")
    assert found == pytest.approx({JAN: math.exp(106.5), FEB: math.exp(21.75), MAR: math.nan}, nan_ok=True)
    assert [reading.trouble for reading in read_kvi(board, board.kvis["turnover"], View("day"))] == [""]


def test_orders_of_an_unknown_customer_are_kept_as_unknown(tiny):
    board = tiny(orders="order_id,customer_id,ordered_at,amount\n1,nobody,2026-01-01,10\n2,a,2026-01-31,1\n")
    assert values(board, "turnover", by="country") == {(JAN, "Unknown"): 10.0, (JAN, "NL"): 1.0, (JAN, "DE"): 0.0}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question("fortnight"), "not a grain"),
        (Question(by="planet"), "not a dimension; choose one of country"),
        (Question(where={"planet": ["Mars"]}), "not a dimension"),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_with_a_sentence(tiny, question, words):
    board = tiny()
    with pytest.raises(UsageError, match=words):
        evaluate(board.reader, board.kvis["turnover"], question)


def test_a_grain_that_the_kvi_does_not_have_is_refused(tiny):
    board = tiny(turnover=kvi_file(more="grains: [month, quarter]"))
    with pytest.raises(UsageError, match="per month or quarter, not per week"):
        evaluate(board.reader, board.kvis["turnover"], Question("week"))


def test_a_kvi_reaches_as_far_as_the_first_of_its_exports_to_end(tiny):
    board = tiny(both=kvi_file().replace("needs: [orders]", "needs: [orders, responses]"))
    reach = reach_of(board.kvis["both"], board.reader)
    assert (reach.first_day, reach.data_from) == (date(2026, 1, 1), date(2026, 1, 1))
    assert (reach.data_through, reach.last_day) == (date(2026, 3, 10), date(2026, 3, 12))


@pytest.mark.parametrize("by", [None, "country"])
def test_where_one_export_ends_no_days_count_that_only_another_has(tiny, by):
    """Answers end on 12 February, orders on 10 March: a's 7.25 of 3 February count, c's 9.00 of 13 February do not.
    The same number stands in the words on the running month; of March nothing is known."""
    orders = ORDERS.replace("5,a,", "6,c,2026-02-13,9.00\n5,a,")
    answers = "response_id,customer_id,responded_at,score\n1,a,2026-01-01,10\n2,c,2026-02-12,9\n"
    kvi = kvi_file("sum(eight_plus_revenue)").replace("[orders]", "[orders, responses]")
    board = tiny(orders, answers, eight_plus=kvi, ratio=kvi.replace("plus_revenue)", "plus_revenue) / sum(revenue)"))
    found, ratio = values(board, "eight_plus", by=by), values(board, "ratio", by=by)
    key = (lambda month: (month, "NL")) if by else (lambda month: month)
    assert (found[key(JAN)], found[key(FEB)], ratio[key(FEB)]) == (10.0, 7.25, 1.0)
    assert np.isnan([found[key(MAR)], ratio[key(MAR)]]).all()
    assert so_far(board, board.kvis["eight_plus"], View("month")).value == 7.25


@pytest.mark.parametrize("by", [None, "country"])
def test_nothing_is_known_of_periods_before_one_of_the_exports_begins(tiny, by):
    """Answers begin on 12 February: what very satisfied customers paid in January is not nothing, but unknown."""
    answers = "response_id,customer_id,responded_at,score\n1,a,2026-02-12,10\n2,a,2026-03-10,9\n"
    kvi = kvi_file("sum(eight_plus_revenue)").replace("[orders]", "[orders, responses]")
    board = tiny(responses=answers, eight_plus=kvi, back=kvi_file("sum(revenue)", more="complete_after: 12").replace(
        "[orders]", "[orders, responses]"))  # fmt: skip
    found, back = values(board, "eight_plus", by=by), values(board, "back", by=by)
    month = {each: (each, "NL") if by else each for each in (JAN, FEB, MAR)}
    assert np.isnan(found[month[JAN]])
    assert (found[month[FEB]], found[month[MAR]]) == (0.0, 100.0)
    assert back[month[JAN]] == (30.0 if by else 35.5)  # answers that count 12 days back are known from 31 January on


@pytest.mark.parametrize("by", [None, "country"])
def test_answers_count_back_and_orders_do_not(tiny, by):
    """Orders begin on 3 February: answers of January that count 12 days back tell nothing of what was bought then."""
    orders = "order_id,customer_id,ordered_at,amount\n1,a,2026-02-03,7.25\n2,a,2026-03-10,100.00\n"
    kvi = kvi_file("sum(eight_plus_revenue)", more="complete_after: 12").replace("[orders]", "[orders, responses]")
    found = values(tiny(orders, eight_plus=kvi), "eight_plus", by=by)
    month = {each: (each, "NL") if by else each for each in (JAN, FEB)}
    assert np.isnan(found[month[JAN]])
    assert found[month[FEB]] == 7.25


@pytest.mark.parametrize(("where", "months"), [("false", []), ("customer_id = 'c'", [JAN])])
@pytest.mark.parametrize(
    ("value", "unit", "of_nothing"),
    [
        ("sum(amount)", "currency", 0),
        ("count(*)", "number", 0),
        ("count(distinct customer_id)", "customers", 0),
        ("daily_average(amount)", "number", 0),
        ("avg(amount)", "currency", math.nan),
        ("max(amount)", "currency", math.nan),
        ("sum(amount) / count(*)", "currency", math.nan),
        ("1 - sum(amount) / sum(2 * amount)", "percent", math.nan),
        ("sum(amount)", "percent", math.nan),
        ("sum(amount)", "score", math.nan),
    ],
)
def test_a_count_of_no_row_is_0_and_a_mean_or_share_of_none_no_value(tiny, value, unit, of_nothing, where, months):
    body = f"select day, customer_id, amount from orders where {where}"
    board = tiny(own=kvi_file(value, body).replace("unit: currency", f"unit: {unit}"))
    none = {month: of_nothing for month in (JAN, FEB, MAR) if month not in months}
    found = values(board, "own")
    assert {month: found[month] for month in none} == pytest.approx(none, nan_ok=True)
    assert all(found[month] > 0 for month in months)
    for question in ({"by": "country"}, {"where": {"country": ["NL"]}}):
        cut = values(board, "own", **question)
        of_nl = {month: cut[(month, "NL") if "by" in question else month] for month in (JAN, FEB, MAR)}
        assert of_nl == pytest.approx(dict.fromkeys(of_nl, of_nothing), nan_ok=True)
    (reading,) = read_kvi(board, board.kvis["own"], View("month"))
    said = {"0": "nothing was ever counted", "nan": "no basis"}[str(of_nothing)]
    assert months or reading.verdict == said


def test_without_sign_up_days_new_customers_are_whole_where_what_they_begin_in_is(tiny, tmp_path):
    """Whoever ordered first on 11 March is not in an orders export that ends on the 10th: no day after it counts."""
    board = tiny(starts=kvi_file("sum(new_customers)").replace("needs: [orders]", "needs: [customers]"))
    assert reach_of(board.kvis["starts"], board.reader).data_through == date(2026, 3, 12)  # signed_up_on is exported
    days = tmp_path / "queries" / "staging" / "customers.sql"
    days.parent.mkdir()
    days.write_text("select customer_id, country from source.customers")
    refresh_now(board.workspace)
    board = open_board(board.workspace)
    assert reach_of(board.kvis["starts"], board.reader).data_through == date(2026, 3, 10)
    found = values(board, "starts", column="complete", grain="day")
    unknown_start = [f"2026-01-{day:02}" for day in range(1, 29)]  # of whoever is first seen in the first 28 days
    assert [day for day, complete in found.items() if not complete] == unknown_start
    assert max(found) == "2026-03-10"  # of the two days that only answers reach nothing is shown
    assert tables_behind(board.kvis["starts"], board.reader) == ("customers", "orders")


def test_a_filter_value_cannot_break_out_of_the_query(tiny):
    assert values(tiny(), "turnover", where={"country": ["x') or true --"]}) == {JAN: 0.0, FEB: 0.0, MAR: 0.0}


def test_the_sql_behind_gives_the_same_numbers_when_run_by_hand(tiny):
    board = tiny()
    sql = sql_behind(board.reader, board.kvis["turnover"], Question("month", where={"country": ["NL"]}))
    assert "$" not in sql
    assert board.reader.frame(sql)["value"].tolist() == [30.0, 7.25, 100.0]


def test_kvis_asked_at_once_keep_the_days_and_columns_of_their_own(tiny):
    board = tiny(
        turnover=kvi_file(),
        both=kvi_file("sum(revenue) / last(revenue)").replace("needs: [orders]", "needs: [orders, responses]"),
        answers=kvi_file("daily_average(responses)").replace("needs: [orders]", "needs: [responses]"),
        settled=kvi_file("last(revenue)", more="complete_after: 30"),
        doubled=kvi_file("2 * sum(revenue)", body="select day, country, revenue from daily"),
    )
    names = ("turnover", "both", "answers", "settled", "doubled")
    found = evaluate_all(board.reader, [board.kvis[name] for name in names], Question("month"))
    assert {name: np.nan_to_num(found[name]["value"], nan=-1).tolist() for name in names} == {
        "turnover": [35.5, 7.25, 100.0],
        "both": [35.5 / 5.5, -1, 1.0],  # orders end on 10 March: that is the last day for both
        "answers": [2 / 31, 0, 1 / 12],  # the answers' own last day is 12 March
        "settled": [5.5, 0.0, 100.0],
        "doubled": [71.0, 14.5, 200.0],
    }
    complete = {name: found[name]["complete"].tolist() for name in names}
    assert complete.pop("settled") == [True, False, False]
    assert set(map(tuple, complete.values())) == {(True, True, False)}


def test_a_kvi_asked_with_one_that_reaches_further_has_its_own_periods_only(tiny):
    answers = kvi_file("sum(responses)").replace("needs: [orders]", "needs: [responses]")
    board = tiny(turnover=kvi_file(), answers=answers)
    kvis = [board.kvis["turnover"], board.kvis["answers"]]
    for grain, last_of_orders, last_of_answers in (("day", "2026-03-10", "2026-03-12"), ("month", MAR, MAR)):
        found = evaluate_all(board.reader, kvis, Question(grain))
        last = {name: str(values["period"].max())[:10] for name, values in found.items()}
        assert (last["turnover"], last["answers"]) == (last_of_orders, last_of_answers)


@pytest.mark.parametrize("question", [Question(), Question(by="country"), Question(where={"country": ["NL"]})])
def test_several_grains_asked_at_once_are_each_answered_as_if_asked_alone(tiny, question):
    monthly = kvi_file("last(revenue)", more="grains: [month]")
    board = tiny(turnover=kvi_file("daily_average(revenue)"), monthly=monthly)
    asked = {"week": [board.kvis["turnover"]], "month": list(board.kvis.values()), "day": [board.kvis["turnover"]]}
    found = evaluate_grains(board.reader, asked, question)
    for grain, kvis in asked.items():
        alone = evaluate_all(board.reader, kvis, replace(question, grain=grain))
        assert found[grain].keys() == alone.keys()
        for name, columns in alone.items():
            assert columns["period"].size
            for column, expected in columns.items():
                assert pd.Series(found[grain][name][column]).equals(pd.Series(expected)), (grain, name, column)
