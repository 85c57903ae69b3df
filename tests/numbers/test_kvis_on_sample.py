"""Every built-in KVI on the sample against an independent computation: all grains, all dimensions, filters."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd
import pytest

from kviboard.board.board import Board
from kviboard.board.kvis.evaluation import COLUMNS, evaluate, evaluate_all
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.sql import Question
from tests.numbers.sample_exports import DIMENSIONS
from tests.numbers.second_route import EXPECTED, Slices, cut, expected_table

GRAINS = ("day", "week", "sprint", "month", "quarter")
FILTERS: list[tuple[str | None, dict[str, list[str]]]] = [
    (None, {"segment": ["Small business"]}),
    ("segment", {"country": ["Netherlands", "Belgium"], "plan": ["Pro", "Unknown"]}),
    ("plan", {"plan": ["Pro"], "segment": ["Households"]}),
]


@pytest.fixture(scope="module")
def cuts() -> dict[object, Slices]:
    return {}


Where = Mapping[str, Sequence[str]]
Evaluate = Callable[..., pd.DataFrame]
"""Of a KVI's name, a grain, and a dimension and filters where they are asked for."""


@pytest.fixture(scope="module")
def alone(board: Board) -> Evaluate:
    """The values of one KVI, asked by itself; each question once, however many tests look at the answer."""
    answers: dict[object, pd.DataFrame] = {}

    def ask(name: str, grain: str, by: str | None = None, where: Where | None = None) -> pd.DataFrame:
        key = (name, grain, by, str(where or {}))
        if key not in answers:
            answers[key] = evaluate(board.reader, board.kvi(name), Question(grain, by, where or {}))
        return answers[key].copy()

    return ask


def compare(alone: Evaluate, cuts: dict[object, Slices], name: str, by: str | None, where: Where) -> None:
    slices = cuts.get((by, str(where))) or cuts.setdefault((by, str(where)), cut(by, where))
    for grain in EXPECTED[name].grains:
        expected = expected_table(name, grain, slices)
        found = alone(name, grain, by, where)
        assert tuple(found.columns) == COLUMNS
        found = found[found["period"] >= expected["period"].min()]  # a period the data began in has no second route
        same(found, expected[list(COLUMNS)], f"{name} per {grain} by {by}")


VALUES = ["value", "numerator", "denominator", "n", "low", "high"]


def same(found: pd.DataFrame, expected: pd.DataFrame, what: str) -> None:
    found, expected = by_slice_and_period(found), by_slice_and_period(expected)
    for key in ("period", "slice", "complete"):
        assert found[key].tolist() == expected[key].tolist(), f"{what}: {key}"
    for column in VALUES:
        np.testing.assert_allclose(
            found[column], expected[column], rtol=1e-9, atol=1e-9, equal_nan=True, err_msg=f"{what}: {column}"
        )


def by_slice_and_period(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """The columns of an evaluation in one order. Arrays: pandas sorts and compares a thousand small frames slowly."""
    columns = {name: frame[name].to_numpy() for name in ("period", "complete", *VALUES)}
    columns["slice"] = np.array(["all" if isinstance(name, float) or not name else name for name in frame["slice"]])
    order = np.lexsort([columns["period"], columns["slice"]])
    return {name: values[order] for name, values in columns.items()}


def test_every_built_in_kvi_has_a_second_route(board: Board) -> None:
    assert board.kvis.keys() == EXPECTED.keys()
    for name, kvi in board.kvis.items():
        assert kvi.grains == EXPECTED[name].grains, name
        assert kvi.complete_after == EXPECTED[name].complete_after, name
    assert board.dimensions == DIMENSIONS


@pytest.mark.parametrize("by", [None, *DIMENSIONS])
@pytest.mark.parametrize("name", EXPECTED)
def test_a_kvi_is_what_the_exports_say(alone: Evaluate, cuts: dict, name: str, by: str | None) -> None:
    compare(alone, cuts, name, by, {})


@pytest.mark.parametrize(("by", "where"), FILTERS)
@pytest.mark.parametrize("name", EXPECTED)
def test_a_filtered_kvi_is_what_the_exports_of_those_customers_say(
    alone: Evaluate, cuts: dict, name: str, by: str | None, where: dict
) -> None:
    compare(alone, cuts, name, by, where)


MAY_PASS_100 = {"earned_growth", "net_revenue_retention"}  # what customers spend against what they spent before


def test_no_share_is_less_than_nothing_or_more_than_all(board: Board, alone: Evaluate) -> None:
    shares = [kvi for kvi in board.kvis.values() if kvi.unit == "percent" and kvi.name not in MAY_PASS_100]
    assert len(shares) == 9
    for kvi in shares:
        for grain in kvi.grains:
            for by in (None, *DIMENSIONS):
                values = alone(kvi.name, grain, by)["value"].dropna()
                assert values.between(0, 1).all(), f"{kvi.name} per {grain} by {by}"


def test_a_range_keeps_the_periods_it_touches_with_their_whole_values(board: Board, alone: Evaluate) -> None:
    for name in EXPECTED:
        whole = alone(name, "month")
        some = evaluate(
            board.reader,
            board.kvi(name),
            Question("month", first=date(2026, 2, 20), last=date(2026, 5, 3)),
        )
        assert [f"{period:%Y-%m}" for period in some["period"]] == ["2026-02", "2026-03", "2026-04", "2026-05"]
        pd.testing.assert_frame_equal(
            some.reset_index(drop=True), whole[whole["period"].isin(some["period"])].reset_index(drop=True)
        )


ADDS_UP = {
    "monthly_active_users", "eight_plus_turnover", "new_customers", "daily_active_users", "daily_active_minutes",
    "turnover", "orders", "ordering_customers",
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("by", DIMENSIONS)
def test_slices_add_up_where_they_must_and_totals_of_ratios_are_no_sums(alone: Evaluate, name: str, by: str) -> None:
    total = alone(name, "month").set_index("period")
    by_slice = alone(name, "month", by).groupby("period")
    if name in ADDS_UP:
        np.testing.assert_allclose(by_slice["value"].sum(min_count=1), total["value"], rtol=1e-9, atol=1e-6)
        return
    known = total[total["value"].notna() & (total["value"] != 0)]
    if name != "customer_lifetime_value":
        np.testing.assert_allclose(
            by_slice["numerator"].sum().loc[known.index], known["numerator"], rtol=1e-9, atol=1e-6
        )
        np.testing.assert_allclose(
            by_slice["denominator"].sum().loc[known.index], known["denominator"], rtol=1e-9, atol=1e-6
        )
    sums = by_slice["value"].sum().loc[known.index]
    assert not np.isclose(sums, known["value"]).any()
    assert (by_slice["value"].min().loc[known.index] <= known["value"] + 1e-9).all()
    assert (by_slice["value"].max().loc[known.index] >= known["value"] - 1e-9).all()


@pytest.mark.parametrize("grain", GRAINS)
def test_all_kvis_asked_at_once_answer_what_each_does_alone(board: Board, alone: Evaluate, grain: str) -> None:
    kvis = [kvi for kvi in board.kvis.values() if grain in kvi.grains]
    for by, where in [(None, {}), *FILTERS]:
        question = Question(grain, by, where)
        found = evaluate_all(board.reader, kvis, question)
        assert list(found) == [kvi.name for kvi in kvis]
        for kvi in kvis:
            pd.testing.assert_frame_equal(pd.DataFrame(found[kvi.name]), alone(kvi.name, grain, by, where))


PLANTED = [  # what story.json says was planted, as the board tells it: KVI, segment, since when, which way
    ("daily_active_users", None, "2026-03-04", "up"),
    ("net_promoter_score", None, "2026-05-01", "down"),
    ("net_promoter_score", "Small business", "2026-05-01", "down"),
    ("customer_satisfaction", "Small business", "2026-05-01", "down"),
    ("promoter_revenue_share", "Small business", "2026-05-01", "down"),
    ("eight_plus_turnover_share", "Small business", "2026-05-01", "down"),
]


@pytest.mark.parametrize(("name", "segment", "since", "way"), PLANTED)
def test_what_was_planted_is_told_as_a_signal(
    board: Board, name: str, segment: str | None, since: str, way: str
) -> None:
    where = (("segment", (segment,)),) if segment else ()
    (reading,) = read_kvi(board, board.kvi(name), View("sprint", where=where))
    found = reading.history[reading.history["verdict"] == f"signal: {way}"]
    assert (found["period"] >= pd.Timestamp(since)).any()


@pytest.mark.parametrize("name", ["promoter_revenue_share", "eight_plus_turnover_share", "customer_satisfaction"])
@pytest.mark.parametrize("segment", ["Households", "Enterprise"])
def test_where_nothing_was_planted_nothing_of_late_is_told(board: Board, name: str, segment: str) -> None:
    (reading,) = read_kvi(board, board.kvi(name), View("sprint", where=(("segment", (segment,)),)))
    late = reading.history[reading.history["period"] >= pd.Timestamp("2026-05-01")]
    assert not late["verdict"].str.startswith("signal").any()
