"""What was done about signals on the sample: one response worked, one did not, and most detractors are called back."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kviboard.board.board import open_board
from kviboard.board.context import BoardContext, open_store_of
from kviboard.board.kvis.did_it_work import STILL, WORKED, judged_since
from kviboard.board.voice.follow_ups import loop_of
from kviboard.domain.kvis.intervals import share
from kviboard.workspace import load_workspace
from tests.numbers.sample_exports import SAMPLE, answers

STORY = json.loads((SAMPLE / "expected" / "story.json").read_text(encoding="utf-8"))
LAST = pd.Timestamp(STORY["data_through"])


@pytest.fixture(scope="module")
def context(sample_workspace: Path) -> Iterator[BoardContext]:
    workspace = load_workspace(sample_workspace)
    found = BoardContext(open_board(workspace), open_store_of(workspace))
    yield found
    found.store.close()


def test_the_response_that_worked_and_the_one_that_did_not_are_told_apart(context: BoardContext) -> None:
    found = {each.decision.kvi: each for each in judged_since(context, date(2026, 1, 1)) if not each.decision.review_id}
    worked, did_not = found[STORY["responses"]["worked"]], found[STORY["responses"]["did_not"]]
    assert worked.effect is not None
    assert did_not.effect is not None
    assert (worked.effect.kind, did_not.effect.kind) == (WORKED, STILL)
    assert worked.effect.after / worked.effect.before - 1 == pytest.approx(STORY["daily_use_lift"]["share"], abs=0.07)
    assert worked.done_on is not None
    assert (pd.Timestamp(STORY["daily_use_lift"]["on"]) - pd.Timestamp(worked.done_on)).days == 1
    assert did_not.effect.before == did_not.effect.after


def test_detractors_called_back_in_time_as_pandas_counts_them(context: BoardContext) -> None:
    kept = json.loads((SAMPLE / "okrs.json").read_text(encoding="utf-8"))["tables"]["follow_ups"]
    calls = pd.DataFrame(kept).astype({"answered_on": "datetime64[ns]", "done_on": "datetime64[ns]"})
    told = answers()
    told = told[(told["score"] <= 6) & (told["customer_id"] != "") & (told["day"] >= calls["answered_on"].min())]
    two_days = pd.offsets.BusinessDay(2)  # from a weekend: of Friday, as Monday is the first of the two
    due = told["day"].map(lambda day: pd.offsets.BusinessDay().rollback(day) + two_days)
    over = told[due <= LAST]
    reached = calls[calls["outcome"].isin(["talked", "solved"])].set_index("response_id")["done_on"]
    in_time = over["response_id"].map(reached) <= due.reindex(over.index)
    rate = loop_of(context).rate
    assert (rate.reached, rate.answers) == (int(in_time.sum()), len(over))
    low, high = share(rate.reached, rate.answers)
    assert low <= STORY["called_back"]["share"] <= high
    assert rate.answers >= 30


def test_what_waits_for_a_call_is_counted(context: BoardContext) -> None:
    found = loop_of(context)
    assert len(found.open) == 3
    assert [each.days > 0 for each in found.open] == [True, False, False]
    assert np.all([each.follow_up.band == "detractor" for each in found.open])
