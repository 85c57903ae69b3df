"""One customer: who they are, what they are worth, and everything that happened with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kviboard.board.board import Board
from kviboard.board.customers.expected_value import VALUES, expected_value
from kviboard.board.kvis.readings import View
from kviboard.board.views.views import lacks, read_view


@dataclass(frozen=True, eq=False)
class OneCustomer:
    """profile: the row of customer_list. dimensions: value by name. expected: VALUES, NaN where unknown, none without
    orders. happened: the rows of customer_timeline, newest first."""

    customer_id: str
    profile: Mapping[str, Any]
    dimensions: Mapping[str, str]
    expected: Mapping[str, float]
    happened: pd.DataFrame


def read_customer(board: Board, customer_id: str) -> OneCustomer | None:
    """The customer with this id; None where there is none."""
    found = read_view(board, "customer_list", View(), customer=customer_id)
    if found.empty or not customer_id:
        return None
    profile = {str(name): value for name, value in found.iloc[0].items()}
    dimensions = {
        name: str(read_view(board, "customer_list", View(by=name), customer=customer_id)["slice"].iloc[0])
        for name in board.dimensions
    }
    happened = read_view(board, "customer_timeline", View(), customer=customer_id)
    return OneCustomer(customer_id, profile, dimensions, _expected(board, customer_id), happened)


def _expected(board: Board, customer_id: str) -> dict[str, float]:
    if lacks(board, "expected_value"):
        return {}
    known = expected_value(board).customers
    if customer_id not in known.index:
        return {}
    values = known.loc[customer_id, list(VALUES)].to_numpy(dtype=float)
    return dict(zip(VALUES, map(float, values), strict=True))
