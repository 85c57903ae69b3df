"""Which views are finished by statistics that SQL cannot say, and by which. What they compute stands in `domain`."""

from collections.abc import Callable

import pandas as pd

from kviboard.board.board import Board
from kviboard.board.customers import finishing as customers
from kviboard.board.promoters.finishing import finish_business_case, finish_loyalty

Finish = Callable[[Board, pd.DataFrame], pd.DataFrame]
"""From the rows of a view's SELECT, with `slice`, to the rows that it answers with."""


def _of_rows(finish: Callable[[pd.DataFrame], pd.DataFrame]) -> Finish:
    """A finish that needs nothing but the rows."""
    return lambda _, rows: finish(rows)


FINISHED: dict[str, Finish] = {
    "business_case": _of_rows(finish_business_case),
    "expected_value": customers.finish_expected_value,
    "expected_value_trial": customers.finish_trial,
    "first_year": _of_rows(customers.finish_first_year),
    "loyalty_by_band": _of_rows(finish_loyalty),
    "segments": customers.finish_segments,
}
