"""What the views about voices leave open where there is too little to tell."""

import pandas as pd
import pytest
from scipy.stats import binomtest

from kviboard.board.voice.finishing import finish_complaint_topics, finish_complaints_by_period


def test_complaints_of_days_without_a_whole_28_days_of_activity_give_no_rate_of_nothing() -> None:
    """In the first weeks 3 complaints are known and none counts: not 0 per 1,000, but unknown. None at all is 0."""
    rows = pd.DataFrame({"complaints": [3, 0, 3], "counted": [0, 0, 2], "active_now": [50.0, 500.0, 500.0]})
    found = finish_complaints_by_period(rows)
    assert found["per_1000"].isna().tolist() == [True, False, False]
    assert found["per_1000"].tolist()[1:] == [0.0, 4.0]


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        (32, 16, "more"),  # from 1.07 times as many on, which is more than as many
        (30, 16, "no change shown"),  # from 0.99 times
        (10, 40, "fewer"),
        (40, 10, "more"),
        (40, 9, "too few complaints"),
        (9, 40, "too few complaints"),
    ],
)
def test_a_topic_is_told_as_more_or_fewer_where_its_exact_interval_leaves_out_as_many(now, before, verdict) -> None:
    columns = {"complaints": now, "counted": now, "counted_before": before, "active_now": 500, "active_before": 500}
    row = finish_complaint_topics(pd.DataFrame([columns])).iloc[0]
    part = binomtest(now, now + before).proportion_ci(0.95, "exact")
    ends = (part.low / (1 - part.low), part.high / (1 - part.high))
    assert (row["ratio_low"], row["ratio_high"]) == pytest.approx(ends)
    assert row["verdict"] == verdict
