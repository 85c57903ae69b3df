"""A real shop's payments as lines of its orders: one paid in two ways holds two "products" with their own amounts."""

from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.kvis.draft import Draft, file_text
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.trial import try_kvi
from kviboard.workspace import load_workspace
from tests.numbers.test_olist import DATA
from tests.warehouse.company import query

pytestmark = pytest.mark.skipif(DATA is None, reason="the Olist files are not here; see test_olist.py")
CONFIG = f"""
[company]
name = "Olist"
currency = "BRL"
timezone = "America/Sao_Paulo"
[sources.payments]
files = "{DATA}/olist_order_payments_dataset.csv.gz"
order_rows = "lines"
[sources.shop_orders]
files = "{DATA}/olist_orders_dataset.csv.gz"
"""
STAGING = """
select
    payments.order_id, shop_orders.customer_id, shop_orders.order_purchase_timestamp as ordered_at,
    payments.payment_value as amount, payments.payment_type as product, payments._file, payments._line
from source.payments as payments
inner join source.shop_orders as shop_orders on payments.order_id = shop_orders.order_id
"""


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board:
    folder: Path = tmp_path_factory.mktemp("olist-payments")
    (folder / "kviboard.toml").write_text(CONFIG)
    query(folder, "staging/orders.sql", STAGING)
    refresh_now(load_workspace(folder))
    return open_board(load_workspace(folder))


@pytest.fixture(scope="module")
def payments() -> pd.DataFrame:
    paid = pd.read_csv(DATA / "olist_order_payments_dataset.csv.gz")
    orders = pd.read_csv(DATA / "olist_orders_dataset.csv.gz", parse_dates=["order_purchase_timestamp"])
    found = paid.merge(orders, on="order_id")
    return found.assign(
        month=found["order_purchase_timestamp"].dt.to_period("M").dt.to_timestamp(),
        cents=(found["payment_value"] * 100).round().astype("int64"),
    )


def counted(board: Board, kinds: tuple[str, ...], count: str) -> dict[pd.Timestamp, float]:
    said = {"title": "One of ours", "customer_benefit": "They get it.", "company_value": "They pay."}
    draft = Draft(**said, table="orders", values=kinds, count=count)
    trial = try_kvi(board, draft.name, file_text(draft))
    assert trial.problems == ()
    (reading,) = read_kvi(board, trial.reading.kvi, View("month"))
    values = zip(reading.columns["period"], reading.columns["value"], strict=True)
    return {pd.Timestamp(period): value for period, value in values if value}


@pytest.mark.parametrize("kinds", [("voucher",), ("credit_card",), ("credit_card", "voucher")], ids="+".join)
def test_each_has_its_own_amounts_to_the_cent_and_an_order_counts_once(
    board: Board, payments: pd.DataFrame, kinds: tuple[str, ...]
) -> None:
    own = payments[payments["payment_type"].isin(kinds)]
    turnover, orders = (own.groupby("month")["cents"].sum() / 100), own.groupby("month")["order_id"].nunique()
    assert counted(board, kinds, "sum") == pytest.approx(turnover.to_dict(), abs=0.001)
    assert counted(board, kinds, "rows") == orders.to_dict()


def test_the_first_line_alone_would_be_wrong(payments: pd.DataFrame) -> None:
    """So that the tests above tell something: hundreds of orders are paid by card and by voucher."""
    kinds = payments.groupby("order_id")["payment_type"].nunique()
    assert (kinds > 1).sum() > 2_000
