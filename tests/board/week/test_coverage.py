"""How much of the revenue a KVI by score speaks for, worked out by hand: the same period, None where there is none."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.week.phrases import level_text
from kviboard.board.week.week import Goals, Week, read_week, week_of
from tests.board.conftest import ALL, kvi_file
from tests.board.okrs.given import context_on

ORDERS = """order_id,customer_id,ordered_at,amount
1,a,2026-01-01,10.00
2,b,2026-01-31,30.00
3,a,2026-02-10,60.00
4,b,2026-02-28,20.00
5,a,2026-03-10,7.00
"""
RESPONSES = "response_id,customer_id,responded_at,score\n1,a,2026-01-01,9\n2,a,2026-03-10,9\n"
MONTHS = View("month")
SCORED = kvi_file(value="sum(promoter_revenue)", more="coverage: scored_revenue_coverage", title="From promoters")


@pytest.fixture
def week(tiny: Callable[..., Board]) -> Callable[..., Week]:
    """The week of the KVI `promoters`, which names its coverage, and of `turnover`, which names none."""

    def read(orders: str = ORDERS, responses: str = RESPONSES, view: View = MONTHS, **kvis: str) -> Week:
        board = tiny(orders=orders, responses=responses, promoters=SCORED, turnover=kvi_file(), **kvis)
        names = ("promoters", "turnover", "scored_revenue_coverage")
        readings = [read_kvi(board, board.kvis[name], view)[0] for name in names if name in board.kvis]
        return week_of(board, view, readings, Goals())

    return read


def covered(week: Week) -> float | None:
    return week.coverage(week.readings["promoters"])


def test_coverage_is_the_scored_share_of_the_revenue_of_the_latest_complete_period(week: Callable[..., Week]) -> None:
    """In February 60 of 80 were of the only customer with a score; in January 10 of 40, in March, not over, all."""
    found = week()
    assert found.readings["promoters"].latest["label"] == "Feb 2026"
    assert covered(found) == pytest.approx(60 / 80)


def test_a_kvi_complete_later_has_the_coverage_of_its_own_period(week: Callable[..., Week]) -> None:
    """Complete 20 days after a period, on 10 March only January is: 10 of 40."""
    slow = kvi_file(
        value="sum(promoter_revenue)", more="coverage: scored_revenue_coverage\ncomplete_after: 20", title="Slow"
    )
    found = week(slow=slow)
    reading = read_kvi(found.board, found.board.kvis["slow"], MONTHS)[0]
    assert reading.latest["label"] == "Jan 2026"
    assert found.coverage(reading) == pytest.approx(10 / 40)


def test_coverage_goes_by_the_customers_that_the_view_leaves(week: Callable[..., Week]) -> None:
    """Both of February's orders are of the Netherlands; of Germany, where nobody bought, there is no share."""
    assert covered(week(view=View("month", where=(("country", ("NL",)),)))) == pytest.approx(60 / 80)
    assert covered(week(view=View("month", where=(("country", ("DE",)),)))) is None


def test_a_range_that_begins_after_the_latest_period_does_not_hide_its_coverage(week: Callable[..., Week]) -> None:
    """A range only zooms: the value shown is still February's."""
    found = week(view=View("month", first=date(2026, 3, 1)))
    assert found.readings["promoters"].value == pytest.approx(60.0)
    assert covered(found) == pytest.approx(60 / 80)


def test_a_period_without_revenue_has_no_coverage(week: Callable[..., Week]) -> None:
    empty = "\n".join(line for line in ORDERS.splitlines() if "2026-02" not in line) + "\n"
    assert covered(week(orders=empty)) is None


def test_where_no_answer_names_a_customer_no_turnover_is_of_happy_ones(
    tiny: Callable[..., Board],
) -> None:
    """ "€0 from very satisfied customers" would be wrong: nobody knows. And "0 %" of revenue scored would say that
    customers keep silent, where only their names are missing."""
    board = tiny(orders=ORDERS, responses="response_id,responded_at,score\n1,2026-01-01,9\n2,2026-03-10,9\n")
    by_score = ("eight_plus_turnover", "eight_plus_turnover_share", "promoter_revenue_share", "scored_revenue_coverage")
    assert {board.waiting[name] for name in by_score} == {"needs customer_id in the responses export"}


def test_where_answers_name_customers_only_from_some_day_on_coverage_begins_there(tiny: Callable[..., Board]) -> None:
    """One order of 10 a day and one answer a day, which names its customer in March alone: of 31 customers in March
    each answers on the day of the order."""
    days = [date(2026, 2, 1) + timedelta(days=n) for n in range(59)]
    orders = "".join(f"{n},c{n},{day},10\n" for n, day in enumerate(days))
    answers = "".join(f"{n},{f'c{n}' if day.month == 3 else ''},{day},9\n" for n, day in enumerate(days))
    board = tiny(
        orders="order_id,customer_id,ordered_at,amount\n" + orders,
        responses="response_id,customer_id,responded_at,score\n" + answers,
    )
    (reading,) = read_kvi(board, board.kvis["scored_revenue_coverage"], MONTHS)
    found = zip(reading.columns["period"], reading.columns["value"], strict=True)
    assert {str(month)[:7]: value for month, value in found if value == value} == {"2026-03": 1}


def test_a_period_in_which_nobody_had_a_score_is_covered_by_nothing_of_it(week: Callable[..., Week]) -> None:
    found = week(responses="response_id,customer_id,responded_at,score\n1,c,2026-01-01,9\n2,c,2026-03-10,9\n")
    assert covered(found) == 0


def test_where_less_than_half_of_the_revenue_has_a_score_it_is_said_beside_the_value(week: Callable[..., Week]) -> None:
    """Where a answered on 1 January alone, 60 of February's 80 have a score; where c alone did, none has."""
    found = week()
    assert found.caution(found.readings["promoters"]) == ""
    found = week(responses="response_id,customer_id,responded_at,score\n1,c,2026-01-01,9\n2,c,2026-03-10,9\n")
    said = "only 0 % of revenue comes from customers who gave a score"
    reading = found.readings["promoters"]
    assert found.caution(reading) == said
    assert found.caution(found.readings["turnover"]) == ""
    assert level_text(reading, "EUR", found.caution(reading)).endswith(f". O{said[1:]}.")


def test_a_slice_is_cautioned_of_by_its_own_revenue(tiny: Callable[..., Board], tmp_path: Path) -> None:
    """In February a (NL) has a score and brought 60 of the 80 there; c (DE) has none and brought 10."""
    board = tiny(orders=ORDERS + "6,c,2026-02-11,10.00\n", responses=RESPONSES, marts=ALL)
    context = context_on(board, tmp_path)
    parts = {part.name: part for part in read_week(context, View("month", by="country")).slices}
    cautions = {name: part.caution(part.readings["eight_plus_turnover"]) for name, part in parts.items()}
    said = "only 0 % of revenue comes from customers who gave a score"
    assert (cautions["NL"], cautions["DE"]) == ("", said)
    context.store.close()


def test_coverage_is_no_question_without_a_complete_period_or_where_none_is_named(week: Callable[..., Week]) -> None:
    found = week()
    assert found.coverage(found.readings["turnover"]) is None
    young = "order_id,customer_id,ordered_at,amount\n1,a,2026-03-05,10.00\n2,a,2026-03-10,10.00\n"
    found = week(orders=young, responses="response_id,customer_id,responded_at,score\n1,a,2026-03-05,9\n")
    assert found.readings["promoters"].latest is None
    assert covered(found) is None
    lost = kvi_file(value="sum(promoter_revenue)", more="coverage: a_kvi_that_is_not_there", title="Lost")
    found = week(lost=lost)
    assert found.coverage(read_kvi(found.board, found.board.kvis["lost"], MONTHS)[0]) is None
