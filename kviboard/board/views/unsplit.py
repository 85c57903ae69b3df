"""What turnover by product leaves out: that of orders with several products whose lines do not tell their amounts."""

from dataclasses import replace

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.views.views import read_view
from kviboard.catalog.files import tables_read
from kviboard.domain.formatting import counted, format_value
from kviboard.domain.kvis.kvi import Kvi


def unsplit_text(board: Board, kvi: Kvi, view: View) -> str:
    """ "33 orders with several products, €3.3 k, of which lines have no amount", in the range and for the customers
    looked at; "" where there is none, or the KVI tells no amounts by product."""
    if kvi.unit != "currency" or "order_products" not in tables_read(kvi.sql):
        return ""
    found = read_view(board, "unsplit_orders", replace(view, by=None))
    if found.empty:
        return ""
    amount = format_value(found["revenue"].iloc[0], "currency", board.workspace.company.currency)
    orders = counted(int(found["orders"].iloc[0]), "order")
    return f"{orders} with several products, {amount}, of which lines have no amount"
