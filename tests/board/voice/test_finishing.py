"""What the views about voices leave open where there is too little to tell."""

import pandas as pd

from kviboard.board.voice.finishing import finish_complaints_by_period


def test_complaints_of_days_without_a_whole_28_days_of_activity_give_no_rate_of_nothing() -> None:
    """In the first weeks 3 complaints are known and none counts: not 0 per 1,000, but unknown. None at all is 0."""
    rows = pd.DataFrame({"complaints": [3, 0, 3], "counted": [0, 0, 2], "active_now": [50.0, 500.0, 500.0]})
    found = finish_complaints_by_period(rows)
    assert found["per_1000"].isna().tolist() == [True, False, False]
    assert found["per_1000"].tolist()[1:] == [0.0, 4.0]
