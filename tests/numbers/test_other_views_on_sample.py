"""The views that no other file of this folder holds, against pandas on the contract tables; none is left out."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.views.views import plain, read_view
from kviboard.catalog import load_catalog
from kviboard.workspace import load_workspace

TESTS = Path(__file__).parents[1]
OCTOBER = View("month", date(2026, 10, 1), date(2026, 10, 31))
HELD_ELSEWHERE = (
    "board/views/test_rows_behind.py",
    "board/kvis/test_guest_orders.py",
    "board/views/test_several_products.py",
)


@pytest.mark.parametrize("name", sorted(load_catalog(load_workspace()).views))
def test_every_view_has_a_second_route(name: str) -> None:
    """Somewhere in this folder its rows are read by a test that computes them in another way."""
    files = [*TESTS.glob("numbers/test_*_on_sample.py"), *(TESTS / file for file in HELD_ELSEWHERE)]
    reads = re.compile(rf'\b(read_view|shown|view|rows)\(\s*[\w.]+,\s*"{name}"|\bviews\["{name}"\]\.sql')
    assert [file.name for file in files if reads.search(file.read_text(encoding="utf-8"))], (
        f"No test computes {name} in another way: write one in tests/numbers."
    )


def rows(board: Board, sql: str) -> pd.DataFrame:
    return board.reader.frame(sql)


def in_october(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["day"].between(pd.Timestamp(OCTOBER.first), pd.Timestamp(OCTOBER.last))]


def answers_of_known(board: Board) -> pd.DataFrame:
    """Answers that name a customer, with their band."""
    told = rows(board, "select response_id, customer_id, day, responded_at, score, touchpoint, comment from responses")
    known = set(rows(board, "select customer_id from customers")["customer_id"])
    told = told[told["customer_id"].isin(known)]
    return told.assign(band=np.select([told["score"] >= 9, told["score"] >= 7], ["promoter", "passive"], "detractor"))


def test_whom_to_call_back_and_how_many_a_day(sample_board: Board) -> None:
    expected = in_october(answers_of_known(sample_board))
    unhappy = expected[expected["band"] == "detractor"]
    found = read_view(sample_board, "answers", OCTOBER)
    order = unhappy.sort_values(["responded_at", "response_id"], ascending=False)
    assert found["response_id"].tolist() == order["response_id"].tolist()
    assert found["score"].tolist() == order["score"].tolist()
    assert found["customer_id"].tolist() == order["customer_id"].tolist()
    assert set(found["matching"]) == {len(unhappy)}
    everyone = read_view(sample_board, "answers", OCTOBER, band="", most=10)
    assert (len(everyone), set(everyone["matching"])) == (10, {len(expected)})
    per_day = read_view(sample_board, "detractors_by_day", OCTOBER).set_index("day")["answers"]
    assert per_day.to_dict() == unhappy.groupby("day").size().to_dict()


def test_what_happened_with_one_customer(sample_board: Board) -> None:
    told = answers_of_known(sample_board)
    customer = told["customer_id"].value_counts().index[0]
    mine = f"where customer_id = '{customer}'"
    orders = rows(sample_board, f"select day, cast(amount as double) as amount, product from orders {mine}")
    tickets = rows(sample_board, f"select day, coalesce(kind, 'ticket') as kind from tickets {mine}")
    use = rows(sample_board, f"select day, sum(minutes) as minutes from activity {mine} group by day")
    found = read_view(sample_board, "customer_timeline", View(), customer=customer)
    assert found["day"].is_monotonic_decreasing
    kinds = found["kind"].value_counts().to_dict()
    expected = {
        "order": int((orders["amount"] >= 0).sum()), "refund": int((orders["amount"] < 0).sum()),
        "answer": int((told["customer_id"] == customer).sum()), "use": len(use), **tickets["kind"].value_counts(),
    }  # fmt: skip
    assert kinds == {kind: count for kind, count in expected.items() if count}
    assert found["amount"].sum() == pytest.approx(orders["amount"].sum())
    assert found["minutes"].sum() == pytest.approx(use["minutes"].sum())
    assert sorted(found.loc[found["kind"] == "answer", "score"]) == sorted(
        told.loc[told["customer_id"] == customer, "score"]
    )


def test_days_with_rows_are_those_of_the_tables(sample_board: Board) -> None:
    found = read_view(sample_board, "days_with_rows", View()).groupby("table_name")["day"].apply(set).to_dict()
    for table in ("activity", "orders", "responses", "tickets"):
        assert found[table] == set(rows(sample_board, f"select day from {table}")["day"]), table


def test_what_was_set_aside_is_what_the_ledger_counts_by_its_reasons(sample_board: Board) -> None:
    every = read_view(sample_board, "rejected_rows", View())
    kept = rows(sample_board, "select count(*) as n from rejected_rows")["n"].iloc[0]
    assert len(plain(every)) == kept > 0
    reasons = read_view(sample_board, "rejected_reasons", View())
    firsts = reasons[reasons["example_number"] == 1]
    assert firsts["row_count"].sum() == kept
    assert reasons["example_number"].max() <= 3
    examples = reasons.merge(every, on=["file", "line", "value"], how="left", indicator=True)
    assert (examples["_merge"] == "both").all()
