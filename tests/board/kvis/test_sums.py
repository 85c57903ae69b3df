"""What is kept of a query answers as the query does, and only where parts add up to the whole."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kviboard.board.kvis import evaluation, sums
from kviboard.board.kvis.evaluation import evaluate_all
from kviboard.board.kvis.sql import Facts, Query, Question
from kviboard.board.kvis.sums import Sums, is_summed, sums_for
from kviboard.errors import QueryError
from tests.board.conftest import kvi_file

ROWS = "select day, country, customer_id, amount from orders left join customers using (customer_id)"
VALUES = {
    "turnover": "sum(amount)",
    "basket": "sum(amount) / count(*)",
    "points": "100 * (sum(amount) - 3) / -count(amount)",
    "latest": "last(amount) / daily_average(amount)",
    "large": "count_if(amount > 20) / count(*)",
    "thousands": "sum(amount) / 1000",
    "of_nothing": "sum(amount) / 0",
}
DIFFERENT = {
    "middle": "median(amount)",
    "mean": "avg(amount)",
    "buyers": "count(distinct customer_id)",
    "prices": "sum(distinct amount)",
    "rounded": "round(sum(amount))",
}
QUESTIONS = [
    Question(by="country"),
    Question(where={"country": ["NL"]}),
    Question(where={"country": ["NL", "DE"]}),
    Question(by="country", where={"country": ["DE"]}),
    Question(where={"country": ["Narnia"]}),
]


@pytest.fixture
def board(tiny):
    return tiny(**{name: kvi_file(value, body=ROWS) for name, value in (VALUES | DIFFERENT).items()})


def test_only_what_adds_up_over_slices_is_summed(board) -> None:
    assert {name: is_summed(board.kvis[name]) for name in VALUES | DIFFERENT} == {
        **dict.fromkeys(VALUES, True), **dict.fromkeys(DIFFERENT, False),
    }  # fmt: skip


@pytest.mark.parametrize("grain", ["day", "month"])
def test_sums_answer_what_the_query_does(board, grain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kvis, asked = [board.kvis[name] for name in VALUES | DIFFERENT], [replace(each, grain=grain) for each in QUESTIONS]
    found = [evaluate_all(board.reader, kvis, question) for question in asked]
    assert not np.isnan(found[0]["latest"]["value"]).all()
    monkeypatch.setattr(evaluation, "sums_for", lambda *given: None)
    for question, by_name in zip(asked, found, strict=True):
        for name, expected in evaluate_all(board.reader, kvis, question).items():
            pd.testing.assert_frame_equal(pd.DataFrame(by_name[name]), pd.DataFrame(expected), rtol=1e-12)


def test_other_slices_need_no_other_query(board, monkeypatch: pytest.MonkeyPatch) -> None:
    summed = [board.kvis[name] for name in VALUES]
    evaluate_all(board.reader, summed, Question(where={"country": ["NL"]}))
    monkeypatch.setattr(board.reader, "arrays", lambda *given: pytest.fail("it asks again"))
    evaluate_all(board.reader, summed, Question(where={"country": ["DE"]}))
    evaluate_all(board.reader, summed, Question(by="country"))


def test_a_slice_that_the_rows_do_not_have_is_refused(tiny) -> None:
    board = tiny(turnover=kvi_file("sum(amount)", body="select day, amount from orders"))
    with pytest.raises(QueryError, match="country"):
        evaluate_all(board.reader, [board.kvis["turnover"]], Question(where={"country": ["NL"]}))


def test_too_many_slices_are_not_kept(board, monkeypatch: pytest.MonkeyPatch) -> None:
    query, question = Query(Facts("select day, country from daily"), (), (), {}), Question(by="country")
    monkeypatch.setattr(sums, "_MOST_PARTS", 0)
    assert sums_for(board.reader, query, question) is None


def test_tenths_that_cancel_out_are_exactly_nothing() -> None:
    """As in decimals, where 0.1 + 0.2 - 0.3 is 0: a ratio to that has no basis."""
    day = np.array(["2026-01-01"], dtype="datetime64[us]")
    found = {"period": day.repeat(4), "country": np.array(["A", "B", "C", None]), "a0": np.array([0.1, 0.2, -0.3, 1])}
    kept = Sums.of(found, ["country"], {"period": day, "ends_on": day})
    query = Query(Facts(""), (), (), {"a0": "sum", "1 / NULLIF(a0, 0)": "ratio"})
    answer = kept.answer(query, Question(where={"country": ["A", "B", "C"]}), ())
    assert answer["sum"].tolist() == [0.0]
    assert np.isnan(answer["ratio"]).all()
    thirds = Sums.of(found | {"a0": np.array([1 / 3, 2 / 3, 0, 0])}, ["country"], {"period": day, "ends_on": day})
    assert thirds.answer(query, Question(by="country"), ("A", "B", "C"))["sum"].tolist() == [1 / 3, 2 / 3, 0]
