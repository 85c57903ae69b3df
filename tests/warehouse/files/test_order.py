"""Which of several files is the later one, told from names as people and tools give them."""

from itertools import permutations

import pytest

from kviboard.warehouse.files.order import in_natural_order

EARLIEST_FIRST = [
    ("orders-9.csv", "orders-10.csv"),
    ("orders.csv", "orders (1).csv", "orders (2).csv", "orders (10).csv"),
    ("orders.csv.gz", "orders (1).csv.gz"),
    ("Orders.csv", "orders-2.csv"),
    ("orders - Copy.csv", "orders - Copy (2).csv"),
    ("orders v1.9.csv", "orders v1.10.csv"),
    ("exports/2025/orders.csv", "exports/2026/orders.csv"),
    ("orders_2025-12.csv", "orders-2026-01.csv"),
    ("orders-2024.csv", "orders-2025-01.csv", "orders-2025-02.csv"),
    ("orders_20260101T0900.csv", "orders_20260101T1000.csv"),
    ("from_2026-01-01_to_2026-01-31.csv", "from_2026-01-01_to_2026-02-28.csv"),
    ("o-nov-2025.csv", "o-dec-2025.csv", "o-jan-2026.csv"),
    ("activity-jan.csv", "activity-feb.csv", "activity-apr.csv"),
    ("Umsätze März 2026.xlsx", "Umsätze April 2026.xlsx"),
    ("orders_31-12-2025.csv", "orders_01-01-2026.csv", "orders_02-01-2026.csv"),
    ("orders_12-31-2025.csv", "orders_01-01-2026.csv", "orders_01-02-2026.csv"),
    ("31122025.csv", "01012026.csv"),
    ("orders-12-2025.csv", "orders-1-2026.csv"),
    ("orders-Q4-2025.csv", "orders-Q1-2026.csv"),
    ("orders-w9-2025.csv", "orders-w10-2025.csv", "orders-w52-2025.csv", "orders-w1-2026.csv"),
]


@pytest.mark.parametrize("names", EARLIEST_FIRST, ids=lambda names: names[0])
def test_later_files_come_later_in_whatever_order_they_are_found(names: tuple[str, ...]) -> None:
    for found in permutations(names):
        assert tuple(in_natural_order(found)) == names
