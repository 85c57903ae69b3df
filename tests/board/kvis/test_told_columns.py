"""A column that exports have only from some day on, or not any more: of the other days nobody knows, and 0 is wrong."""

import math
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from kviboard.board.age import behind_text
from kviboard.board.board import Board
from kviboard.board.kvis.evaluation import evaluate
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.sql import Question
from kviboard.board.week.data import read_data
from tests.board.conftest import ORDERS_ALONE, kvi_file

DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(120)]  # to 30 April, an order on each
OF_TEA = kvi_file("count(*)", "select day, customer_id from orders where product = 'Tea'", title="Teas")
TEAS = OF_TEA.replace("needs: [orders]", "needs: [orders.product]")
UNKNOWN = math.nan
LATE = "product is empty in all 59 rows before 1 Mar 2026. KVIs that need it begin with that day."
GONE = "product is empty in all 30 rows after 31 Mar 2026. KVIs that need it end with that day."

ENDED = "product in the orders export ends on 31 Mar 2026, 30 days before the newest data: Teas waits for the rest."


@pytest.mark.parametrize(
    ("is_told", "counted", "said"),
    [
        (lambda day: True, [15, 14, 16, 15], []),  # an even day of the year is one of tea: 2, 4, … 30, 32, …
        (lambda day: day.month >= 3, [UNKNOWN, UNKNOWN, 16, 15], [LATE]),
        (lambda day: day.month <= 3, [15, 14, 16, UNKNOWN], [GONE]),
        (lambda day: day.month == 3, [UNKNOWN, UNKNOWN, 16, UNKNOWN], [LATE, GONE]),
        (lambda day: day.day > 3 or day.month > 1, [14, 14, 16, 15], []),  # less than a week
        (lambda day: day.day == 20, [1, 0, 0, 1], []),  # that few: no row for a week or two is nothing unusual
    ],
)
def test_nothing_is_known_of_days_in_which_exports_have_no_such_column(
    tiny: Callable[..., Board], is_told: Callable[[date], bool], counted: list[float], said: list[str]
) -> None:
    rows = "".join(
        f"{n},c{n},{day},5.00,{('Mug', 'Tea')[n % 2] if is_told(day) else ''}\n" for n, day in enumerate(DAYS)
    )
    orders = "order_id,customer_id,ordered_at,amount,product\n" + rows
    board = tiny(orders, config=ORDERS_ALONE, teas=TEAS, all_teas=OF_TEA)
    found = evaluate(board.reader, board.kvis["teas"], Question("month")).set_index("period")["value"]
    by_month = [found.get(f"2026-0{month}-01", UNKNOWN) for month in range(1, 5)]
    assert by_month == pytest.approx(counted, nan_ok=True)
    told = [each for each in board.reader.manifest.decisions if each.what.startswith("product is empty")]
    assert [each.what for each in told] == said
    assert [each.should_be_confirmed for each in told] == [each is GONE for each in said]
    late = [each for each in read_data(board, board.today - timedelta(days=7)).missing if each.startswith("product")]
    assert late == [ENDED for each in said if each is GONE]
    behind = behind_text(board, read_kvi(board, board.kvis["teas"], View("month"))[0].data_through)
    assert behind == ("data to 31 Mar 2026, 30 days before the newest" if GONE in said else "")
    whole = evaluate(board.reader, board.kvis["all_teas"], Question("month"))["value"]
    assert whole.notna().all()  # one that does not say that it needs the column
