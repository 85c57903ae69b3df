"""A shop that sells to guests, too: every KVI of customers is that of the shop without those orders."""

from collections.abc import Callable

import pandas as pd
import pytest

from kviboard.board.board import Board
from kviboard.board.kvis.evaluation import evaluate
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.sql import Question
from kviboard.board.views.views import read_view
from tests.board.conftest import CONFIG, ORDERS, RESPONSES, kvi_file

GUESTS = "6,,2026-01-10,4.50\n7,guest,2026-01-11,10\n8,0,2026-02-05,1.25\n9,,2026-02-06,-1\n"
WITH_GUESTS = CONFIG.replace("[sources.orders]\n", "[sources.orders]\nguest_orders = true\n")
OF_ALL = ("turnover", "orders", "average_order", "scored_revenue_coverage")


@pytest.fixture
def board(tiny: Callable[..., Board]) -> Board:
    return tiny(ORDERS + GUESTS, config=WITH_GUESTS, marts="all")


def values(board: Board, kvi: str, by: str | None = None) -> dict[tuple[str, ...], object]:
    found = evaluate(board.reader, board.catalog.kvis[kvi], Question("month", by=by))
    shown = found["value"].astype(object).where(found["value"].notna(), None)
    return dict(zip(zip(found["period"].astype(str), found["slice"], strict=True), shown, strict=True))


def test_kvis_of_all_orders_have_them_and_no_other_kvi_moves(board: Board, tiny: Callable[..., Board]) -> None:
    own = (board.workspace.root / "exports" / "orders.csv").read_text()
    assert own == ORDERS + GUESTS
    found = {kvi: values(board, kvi) for kvi in board.kvis}
    rows = pd.read_csv(board.workspace.root / "exports" / "orders.csv", dtype={"customer_id": str})
    month = rows["ordered_at"].str[:7] + "-01"
    revenue = rows.groupby(month)["amount"].sum()
    orders = rows[rows["amount"] >= 0].groupby(month).size()
    assert {period: value for (period, _), value in found["turnover"].items()} == pytest.approx(revenue.to_dict())
    assert {period: value for (period, _), value in found["orders"].items()} == orders.to_dict()
    average = {period: value for (period, _), value in found["average_order"].items()}
    assert average == pytest.approx((revenue / orders).to_dict())
    without = tiny(ORDERS, marts="all")
    assert found.keys() == without.kvis.keys()
    assert {kvi: each for kvi, each in found.items() if kvi not in OF_ALL} == {
        kvi: values(without, kvi) for kvi in without.kvis if kvi not in OF_ALL
    }


def test_by_slice_they_are_among_those_of_whom_nothing_is_known(board: Board) -> None:
    found = values(board, "turnover", by="country")
    assert found["2026-01-01", "Unknown"] == 14.5
    assert found["2026-02-01", "Unknown"] == 0.25
    assert found["2026-01-01", "NL"] == 30


def test_slices_of_a_kvi_of_ones_own_over_rows_add_up_to_it(tiny: Callable[..., Board]) -> None:
    answers = RESPONSES + "4,,2026-01-05,9\n5,nobody,2026-01-06,2\n"
    over_rows = {
        f"of_{table}": kvi_file("sum(found)", f"select day, customer_id, 1 as found from {table}")
        for table in ("orders", "responses")
    }
    board = tiny(ORDERS + GUESTS, answers, config=WITH_GUESTS, marts="all", **over_rows)
    nations = {"a": "NL", "b": "NL", "c": "DE"}
    for table, day in (("orders", "ordered_at"), ("responses", "responded_at")):
        rows = pd.read_csv(board.workspace.root / "exports" / f"{table}.csv", dtype=str)
        country = rows["customer_id"].map(nations).fillna("Unknown")
        expected = rows.groupby([rows[day].str[:7] + "-01", country]).size().to_dict()
        assert {
            place: count for place, count in values(board, f"of_{table}", by="country").items() if count
        } == expected
        assert sum(expected.values()) == sum(values(board, f"of_{table}").values())


def test_the_rows_behind_turnover_add_up_to_it(board: Board) -> None:
    january = View("month", first=pd.Timestamp("2026-01-01").date(), last=pd.Timestamp("2026-01-31").date())
    rows = read_view(board, "rows_of_orders", january)
    assert float(rows["amount"].sum()) == values(board, "turnover")["2026-01-01", None] == 50
    assert rows.loc[rows["customer_id"].isna(), "order_id"].tolist() == ["6", "7"]


def test_what_guests_brought_is_known_beside_what_customers_did(board: Board) -> None:
    (guests,) = read_view(board, "orders_of_guests", View("month")).to_dict("records")
    rows = pd.read_csv(board.workspace.root / "exports" / "orders.csv", dtype={"customer_id": str})
    nameless = rows[~rows["customer_id"].isin(["a", "b", "c"])]["amount"]
    assert guests["orders"] == (nameless >= 0).sum()
    assert guests["revenue"] == nameless.sum()
    assert guests["share"] == pytest.approx(nameless.sum() / rows["amount"].sum())


def test_where_nobody_is_known_kvis_of_customers_wait_for_them(tiny: Callable[..., Board]) -> None:
    nameless = "order_id,ordered_at,amount\n1,2026-01-01,10\n2,2026-02-02,5\n"
    board = tiny(nameless, config=WITH_GUESTS, marts="all")
    assert "turnover" in board.kvis
    waiting = {kvi for kvi, why in board.waiting.items() if why == "needs customer_id in the orders export"}
    assert {"ordering_customers", "repurchase_rate_90d", "eight_plus_turnover", "net_revenue_retention"} <= waiting


def test_orders_of_guests_tell_nothing_of_the_customers_of_that_time(tiny: Callable[..., Board]) -> None:
    """The export names customers from February on: of what those who came in January bought then nobody knows."""
    orders = "order_id,customer_id,ordered_at,amount\n1,,2026-01-01,50\n2,a,2026-02-01,7.25\n3,a,2026-03-10,100\n"
    board = tiny(orders, config=WITH_GUESTS, marts="all")
    month = View("month")
    curve = read_view(board, "retention_curve", month, measure="ordering")
    assert curve[["month_number", "customers", "retained"]].to_numpy().tolist() == [[1, 3, 1]]
    cohorts = read_view(board, "cohorts", month)
    assert cohorts[cohorts["ordering"].notna()][["month_number", "ordering"]].to_numpy().tolist() == [[1, 1]]
    bridge = read_view(board, "revenue_bridge", month)
    assert bridge[["opening", "expansion", "closing"]].to_numpy().tolist() == [[7.25, 92.75, 100]]
