"""Which views are finished by statistics that SQL cannot say, and by which. What they compute stands in `domain`."""

from collections.abc import Callable

import pandas as pd

from kviboard.board.promoters.finishing import finish_business_case, finish_loyalty

Finish = Callable[[pd.DataFrame], pd.DataFrame]
"""From the rows of a view's SELECT, with `slice`, to the rows that it answers with."""

FINISHED: dict[str, Finish] = {
    "business_case": finish_business_case,
    "loyalty_by_band": finish_loyalty,
}
