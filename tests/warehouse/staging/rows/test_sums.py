"""An order whose amount is the sum of all others of its file is probably their total."""

from pathlib import Path

import pytest

from tests.warehouse.company import ORDERS, company
from tests.warehouse.staged import refreshed

FIVE = "".join(f"{n},c{n},2026-01-0{n},{n}.10\n" for n in range(1, 6))  # 15.50 in all


@pytest.mark.parametrize(
    ("text", "line"), [(f"{FIVE}6,all,2026-01-31,15.50\n", 7), (f"6,x,2026-01-31,15.5\n{FIVE}", 2)]
)
def test_a_row_that_is_the_sum_of_all_others_is_warned_of(tmp_path: Path, text: str, line: int) -> None:
    (said,) = refreshed(company(tmp_path, orders_csv=ORDERS + text)).decisions
    assert (said.level, said.example) == ("warning", "6: 15.50")
    assert said.what == f"line {line} has the sum of all other rows, as a total has, and counts as an order."


LARGEST = f"{FIVE}6,c6,2026-01-31,9876543210987654.25\n"  # twice it is no amount


@pytest.mark.parametrize("text", [f"{FIVE}6,all,2026-01-31,15.49\n", LARGEST, "1,c,2026-01-01,10\n2,c,2026-01-02,10\n"])
def test_other_amounts_are_no_totals(tmp_path: Path, text: str) -> None:
    assert refreshed(company(tmp_path, orders_csv=ORDERS + text)).decisions == ()
