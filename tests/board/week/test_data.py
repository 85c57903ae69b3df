"""What This week says of the exports: rows set aside and days reached, counted by hand."""

import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.week.data import DataState, read_data
from kviboard.workspace import load_workspace
from tests.board.conftest import CONFIG
from tests.board.exports.flawed import REJECTED, refreshed_flawed  # noqa: F401  (a fixture)
from tests.warehouse.company import company

A_WEEK = timedelta(days=7)
SLACK = CONFIG + "\n[refresh]\nmax_reject_share = 0.9\n"
ORDERS = "order_id,customer_id,ordered_at,amount\n"
ANSWERS = "response_id,customer_id,responded_at,score\n"


def state(board: Board) -> DataState:
    return read_data(board, board.today - A_WEEK)


def rejected(board: Board) -> list[str]:
    return [sentence for sentence in state(board).missing if "rejected" in sentence]


def test_rejected_rows_are_counted_and_repeated_ones_are_not(refreshed_flawed: Path, tmp_path: Path) -> None:  # noqa: F811
    """Two rows and a line that is no row; a copy and a row that a later one replaced hide nothing."""
    assert REJECTED == 3
    shop = shutil.copytree(refreshed_flawed, tmp_path / "shop")
    assert rejected(open_board(load_workspace(shop))) == [
        "3 rows of the exports were rejected; see Exports and checks."
    ]


def test_rejected_rows_of_several_exports_are_counted_together(tiny: Callable[..., Board]) -> None:
    orders = ORDERS + "1,a,2026-01-01,x\n2,b,,1.00\n3,,2026-01-03,1.00\n4,a,2026-01-04,1.00\n"
    answers = ANSWERS + "1,a,2026-01-01,11\n2,b,2026-01-02,10\n"
    (said,) = rejected(tiny(orders=orders, responses=answers, config=SLACK))
    assert said == "4 rows of the exports were rejected; see Exports and checks."


def test_one_row_reads_as_one_and_none_is_not_mentioned(tiny: Callable[..., Board]) -> None:
    sound = ORDERS + "1,a,2026-01-01,1.00\n2,b,2026-01-02,1.00\n"
    assert rejected(tiny(orders=sound, config=SLACK)) == []
    assert rejected(tiny(orders=sound + "3,c,2026-01-03,x\n", config=SLACK)) == [
        "1 row of the exports was rejected; see Exports and checks."
    ]


def test_a_row_that_two_tables_reject_is_one_row_of_the_exports(tiny: Callable[..., Board], tmp_path: Path) -> None:
    """Days of orders stand in for a usage log here: an order of nobody is neither an order nor a visit."""
    staging = tmp_path / "queries" / "staging"
    staging.mkdir(parents=True)
    (staging / "activity.sql").write_text("select customer_id, ordered_at as occurred_at from source.orders")
    orders = ORDERS + "1,a,2026-01-01,1.00\n2,,2026-01-02,1.00\n3,b,2026-01-03,1.00\n"
    assert rejected(tiny(orders=orders, config=SLACK)) == ["1 row of the exports was rejected; see Exports and checks."]


@pytest.mark.parametrize(
    ("ends", "arrived"),
    [
        (date(2026, 3, 30), "All 2 exports of what happened have rows of the 7 days to 30 Mar 2026."),
        (
            date(2026, 3, 24),
            "All 2 exports of what happened have rows of the 7 days to 30 Mar 2026.",
        ),  # the first of seven days
        (date(2026, 3, 23), "1 of 2 exports of what happened has rows of the 7 days to 30 Mar 2026."),
    ],
)
def test_an_export_has_arrived_with_a_row_on_any_of_the_last_seven_days(
    tiny: Callable[..., Board], ends: date, arrived: str
) -> None:
    """The newest data is of 30 March: its last seven days are those from the 24th on."""
    board = tiny(orders=f"{ORDERS}1,a,{ends},1.00\n", responses=f"{ANSWERS}1,a,2026-03-30,9\n")
    found = state(board)
    assert found.arrived == arrived
    is_late = ends == date(2026, 3, 23)
    assert found.late == (("orders",) if is_late else ())
    assert [said for said in found.missing if said.startswith("The orders export ends on 23 Mar 2026, 7 days")] == (
        [said for said in found.missing if "before the newest data" in said]
    )
    assert found.missing[0].startswith("The orders export") is is_late
    assert dict(found.reach)["Orders"] == f"to {ends.day} Mar 2026"


def test_a_company_with_one_export_of_what_happened_has_one(tiny: Callable[..., Board]) -> None:
    """Customers are no event: they neither arrive in a week nor are they late. Three sign-ups tell no pace, so that
    none since 3 January are none."""
    alone = CONFIG.replace('[sources.responses]\nfiles = "exports/responses.csv"\n', "")
    found = state(tiny(config=alone))
    assert (found.arrived, found.late) == ("The export has rows of the 7 days to 10 Mar 2026.", ())
    assert found.reach == (("Customers", "to 10 Mar 2026"), ("Orders", "to 10 Mar 2026"))


def test_waiting_kvis_are_named_by_what_they_wait_for(tiny: Callable[..., Board]) -> None:
    """By the front matter in queries/kvis: what asks first for activity or tickets, which is not exported here."""
    waiting: dict[str, list[str]] = {"activity": [], "tickets": []}
    for path in sorted((Path(__file__).parents[3] / "queries" / "kvis").glob("*.sql")):
        (needs,) = [line for line in path.read_text().splitlines() if line.startswith("needs:")]
        (title,) = [line for line in path.read_text().splitlines() if line.startswith("title:")]
        export = next((n for n in re.findall(r"(\w+)[],.]", needs.partition("[")[2]) if n in waiting), "")
        waiting.setdefault(export, []).append(title.removeprefix("title: "))
    first, second, third, *others = waiting["activity"]
    (only,) = waiting["tickets"]
    found = state(tiny())
    assert f"{first}, {second}, {third} and {len(others)} more wait: each needs the activity export." in found.missing
    assert f"{only} waits: it needs the tickets export." in found.missing


def test_a_list_of_customers_that_is_older_than_the_orders_is_named_with_what_waits(tmp_path: Path) -> None:
    """One customer signs up and orders each day of 2026 up to 31 March; the list is of the 28th."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(90)]
    orders = "order_id,customer_id,ordered_at,amount\n" + "".join(f"{n},c{n},{day},1\n" for n, day in enumerate(days))
    listed = "customer_id,signed_up_on\n" + "".join(
        f"c{n},{date(2026, 3, 28) - timedelta(days=n)}\n" for n in range(100)
    )
    workspace = company(tmp_path, orders_csv=orders, customers_csv=listed)
    refresh_now(workspace)
    found = state(open_board(workspace))
    assert (
        "The customers export ends on 28 Mar 2026, 3 days before the newest data: New customers waits for the rest."
        in (found.missing)
    )
    assert found.late == ()
