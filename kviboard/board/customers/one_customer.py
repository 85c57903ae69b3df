"""One customer: who they are, what they are worth, and everything that happened with them and was done for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from kviboard.board.board import Board
from kviboard.board.context import BoardContext
from kviboard.board.customers.expected_value import VALUES, expected_value
from kviboard.board.kvis.reading import View
from kviboard.board.views.views import lacks, read_view
from kviboard.board.voice.follow_ups import outcome_of
from kviboard.domain.formatting import format_day
from kviboard.store import Decision, FollowUp


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
    slice_id = board.reader.rows_of_customer("customers", customer_id)["slice_id"].iloc[0]
    (of_slice,) = board.reader.slices[board.reader.slices["slice_id"] == slice_id].to_dict("records")
    dimensions = {name: str(of_slice[name]) for name in board.dimensions}
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


@dataclass(frozen=True)
class Done:
    """What was done or decided for a customer: from which day on, of which kind (call, decision, each open or not), and
    what."""

    day: date
    kind: str
    said: str


def done_for(context: BoardContext, customer_id: str) -> list[Done]:
    """The calls that the customer's answers led to, and the decisions that name their words; none that was dropped.
    Raises StoreError."""
    quotes, follow_ups = context.store.quotes.all(), context.store.follow_ups.all()
    if lacks(context.board, "answers") or not (quotes or follow_ups):
        return []
    told = read_view(context.board, "answers", View(), band="", customer=customer_id)
    theirs = set(told["response_id"])
    quoted = {quote.id for quote in quotes if quote.response_id in theirs}
    calls = [each for each in follow_ups if each.response_id in theirs and each.state != "dropped"]
    made = [each for each in context.store.decisions.all() if each.quote_id in quoted and each.state != "dropped"]
    return [*(_called(context, call) for call in calls), *(_decided(context, decision) for decision in made)]


def with_done(happened: pd.DataFrame, done: Sequence[Done]) -> pd.DataFrame:
    """The rows of customer_timeline with what was done for the customer among them, newest first; what it says is in
    `what`."""
    rows = [{"day": pd.Timestamp(each.day), "kind": each.kind, "what": each.said} for each in done]
    if not rows:
        return happened
    whole = pd.concat([happened, pd.DataFrame(rows)], ignore_index=True)
    return whole.sort_values("day", ascending=False, kind="stable", ignore_index=True)


def _called(context: BoardContext, call: FollowUp) -> Done:
    day = call.done_on or context.day_of(call.created_at)
    owner = f" by {call.owner}" if call.state == "done" else ""
    note = f": {call.note}" if call.note else ""
    kind = "call" if call.state == "done" else "open call"
    return Done(day, kind, f"{outcome_of(call)}{owner}{note}")


def _decided(context: BoardContext, decision: Decision) -> Done:
    day = context.day_of(decision.created_at)
    state = "done" if decision.state == "done" else f"due {format_day(decision.due_on)}"
    kind = "decision" if decision.state == "done" else "open decision"
    return Done(day, kind, f"{decision.text} ({decision.owner}, {state})")
