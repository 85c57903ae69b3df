"""What a later file pays back of an order is taken off it, once however many files have it."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.warehouse.company import ORDERS, company
from tests.warehouse.staged import published, refreshed

FILES = '[sources.orders]\nfiles = "exports/orders*.csv"\n'
SOLD, BACK = "1,c1,2026-01-05,100\n", "1,c1,2026-02-03,-40\n"
OTHERS = "".join(f"x{n},c2,2026-01-{n + 1:02},{n + 5}\n" for n in range(20))


def amount(folder: Path, *files: str, settings: str = "", header: str = ORDERS) -> int:
    """The amount of order 1, where files 1, 2, … have these rows and others; every row is accounted for."""
    exports = {f"orders_{number}__csv": header + rows for number, rows in enumerate(files, start=1)}
    workspace = company(folder, FILES + settings, **exports)
    manifest = refreshed(workspace)
    for row in manifest.files:
        assert row.rows_read == row.rows_accounted_for
        assert row.rows_kept == row.rows_staged
    ((found,),) = published(workspace, "select amount::int from orders where order_id = '1'")
    return found


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ((SOLD, BACK), 60),
        ((SOLD, BACK, "1,c1,2026-03-01,-10\n"), 50),
        ((SOLD, BACK, BACK), 60),  # the same one, exported again
        ((SOLD, BACK * 2), 20),  # twice the same in one file
        ((SOLD, BACK * 2, BACK), 20),
        ((SOLD + BACK, BACK), 60),
        ((SOLD, SOLD + BACK, BACK), 60),
        ((SOLD, BACK, SOLD + BACK), 60),  # the whole order, later
        ((SOLD, BACK, SOLD), 100),  # as a later file has it
        ((BACK, SOLD), 100),
        ((SOLD, "1,c1,2026-01-05,80\n", BACK), 40),
        ((SOLD, "1,c1,2026-01-05,100\n1,c1,2026-02-03,-100\n"), 0),
        ((BACK, BACK), -40),  # a refund with a number of its own
        ((BACK, "1,c1,2026-02-03,-50\n"), -50),
        ((SOLD * 2 + OTHERS, BACK), 60),  # copies of an order, in a file without lines
    ],
)
def test_what_a_later_file_pays_back_is_taken_off(tmp_path: Path, files: tuple[str, ...], expected: int) -> None:
    assert amount(tmp_path, *files) == expected


def test_whoever_says_that_rows_are_versions_has_the_last_one(tmp_path: Path) -> None:
    assert amount(tmp_path, SOLD, BACK, settings='order_rows = "versions"\n') == -40


def test_a_refund_is_taken_off_totals_that_stand_on_every_line(tmp_path: Path) -> None:
    assert amount(tmp_path, SOLD * 2, BACK, settings='order_rows = "totals"\n') == 60


def test_which_is_later_is_told_by_the_time_of_change_where_there_is_one(tmp_path: Path) -> None:
    header = "order_id,customer_id,ordered_at,amount,updated_at\n"
    sold, back = "1,c1,2026-01-05,100,2026-01-06\n", "1,c1,2026-02-03,-40,2026-02-04\n"
    assert amount(tmp_path, back, sold, header=header) == 60


def test_months_of_overlapping_files_add_up_to_what_was_sold_and_paid_back(tmp_path: Path) -> None:
    """Each file has the lines of two weeks, half of them again in the next; orders are paid back weeks later."""
    chance = np.random.default_rng(23)
    sold = pd.DataFrame({"order_id": np.arange(1_500), "cents": chance.integers(100, 20_000, 1_500)})
    sold["day"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(chance.integers(0, 120, 1_500), unit="D")
    back = sold.sample(400, random_state=1, replace=True)
    back["cents"] = -(back["cents"] * chance.uniform(0.1, 0.9, 400)).astype(int)
    back["day"] += pd.to_timedelta(chance.integers(21, 60, 400), unit="D")
    rows = pd.concat([sold, back]).assign(customer_id=lambda all_rows: "c" + (all_rows["order_id"] % 90).astype(str))
    rows["amount"] = rows["cents"].map(lambda cents: f"{cents / 100:.2f}")
    exports: Mapping[str, str] = {
        f"orders_{week:02}__csv": rows[rows["day"].between(first, first + pd.Timedelta(days=13))]
        .assign(ordered_at=lambda some: some["day"].dt.date.astype(str))[
            ["order_id", "customer_id", "ordered_at", "amount"]
        ]
        .to_csv(index=False)
        for week, first in enumerate(pd.date_range("2026-01-01", "2026-06-25", freq="7D"))
    }
    workspace = company(tmp_path, FILES, **exports)
    refreshed(workspace)
    found = dict(published(workspace, "select order_id, amount from orders"))
    assert rows["order_id"].duplicated().sum() == 400
    assert found == {
        str(number): Decimal(int(cents)) / 100 for number, cents in rows.groupby("order_id")["cents"].sum().items()
    }
