"""Which views are finished by statistics that SQL cannot say, and by which. What they compute stands in `domain`."""

from collections.abc import Callable

import pandas as pd

from kviboard.board.board import Board
from kviboard.board.customers import finishing as customers
from kviboard.board.promoters.finishing import finish_business_case, finish_change, finish_loyalty, finish_scores
from kviboard.board.voice import finishing as voice

Finish = Callable[[Board, pd.DataFrame], pd.DataFrame]
"""From the rows of a view's SELECT, with `slice`, to the rows that it answers with."""


def _of_rows(finish: Callable[[pd.DataFrame], pd.DataFrame]) -> Finish:
    """A finish that needs nothing but the rows."""
    return lambda _, rows: finish(rows)


FINISHED: dict[str, Finish] = {
    "aspects": _of_rows(voice.finish_aspects),
    "business_case": _of_rows(finish_business_case),
    "complaint_topics": _of_rows(voice.finish_complaint_topics),
    "complaints_by_period": _of_rows(voice.finish_complaints_by_period),
    "drivers": voice.finish_drivers,
    "expected_value": customers.finish_expected_value,
    "expected_value_trial": customers.finish_trial,
    "first_year": _of_rows(customers.finish_first_year),
    "loyalty_by_band": _of_rows(finish_loyalty),
    "named_themes": voice.finish_named_themes,
    "response_rate": _of_rows(voice.finish_response_rate),
    "score_change": _of_rows(finish_change),
    "score_distribution": _of_rows(finish_scores),
    "segments": customers.finish_segments,
    "themes": voice.finish_themes,
    "touchpoints": _of_rows(voice.finish_touchpoints),
}
