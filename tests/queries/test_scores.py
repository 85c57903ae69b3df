"""Which score a customer holds on which day, and so which band an order's money belongs to. Cases worked by hand."""

from datetime import date

import pytest

from tests.queries.staged import answer, build, order, rows, stage

PERIODS = "select customer_id, score, band, valid_from, valid_to from score_periods order by customer_id, valid_from"


def periods(**given: object) -> list[tuple]:
    return rows(build(stage(**given), "score_periods"), PERIODS)


def test_an_answer_holds_from_its_day_for_the_valid_days_and_not_on_the_day_after_them() -> None:
    found = periods(responses=[answer("r1", "anna", "2026-01-10 09:00", 9)], valid_days=30)
    assert found == [("anna", 9, "promoter", date(2026, 1, 10), date(2026, 2, 9))]


def test_a_next_answer_ends_the_one_before() -> None:
    found = periods(responses=[answer("r1", "anna", "2026-01-10", 9), answer("r2", "anna", "2026-01-20", 4)])
    assert found == [
        ("anna", 9, "promoter", date(2026, 1, 10), date(2026, 1, 20)),
        ("anna", 4, "detractor", date(2026, 1, 20), date(2027, 1, 20)),
    ]


def test_after_expiry_there_is_a_gap_until_the_next_answer() -> None:
    given = [answer("r1", "anna", "2026-01-01", 9), answer("r2", "anna", "2026-03-01", 7)]
    found = [row[3:] for row in periods(responses=given, valid_days=10)]
    assert found == [(date(2026, 1, 1), date(2026, 1, 11)), (date(2026, 3, 1), date(2026, 3, 11))]


def test_an_answer_on_the_day_the_one_before_expires_leaves_no_gap() -> None:
    given = [answer("r1", "anna", "2026-01-01", 9), answer("r2", "anna", "2026-01-11", 7)]
    found = [row[3:] for row in periods(responses=given, valid_days=10)]
    assert found == [(date(2026, 1, 1), date(2026, 1, 11)), (date(2026, 1, 11), date(2026, 1, 21))]


@pytest.mark.parametrize(("earlier", "later"), [("9", "10"), ("r.csv, line 9", "r.csv, line 11"), ("ab", "ba")])
def test_the_greater_of_two_ids_is_the_one_that_was_counted_later(earlier: str, later: str) -> None:
    """As numbers are and lines of a file, not as words stand in a dictionary."""
    for given in ((earlier, later), (later, earlier)):
        told = [answer(each, "anna", "2026-01-10", 3 if each == later else 9) for each in given]
        assert [row[1] for row in periods(responses=told)] == [3]
        staged = stage(responses=told, orders=[order("o1", "anna", "2026-01-10", 1)])
        signs = build(staged, "customers_at_risk")
        assert rows(signs, "select score_fell, score_before from customers_at_risk") == [(True, 9)]


def test_of_several_answers_on_a_day_the_latest_counts_and_then_the_greatest_id() -> None:
    given = [
        answer("r3", "anna", "2026-01-10 08:00", 2),
        answer("r1", "anna", "2026-01-10 18:00", 10),
        answer("r2", "anna", "2026-01-10 18:00", 8),
    ]
    assert [row[1:3] for row in periods(responses=given)] == [(8, "passive")]


def test_an_answer_speaks_for_the_days_before_it_where_customers_are_asked_afterwards() -> None:
    found = periods(responses=[answer("r1", "anna", "2026-03-11", 9)], valid_days=30, back_days=10)
    assert found == [("anna", 9, "promoter", date(2026, 3, 1), date(2026, 4, 10))]


def test_the_days_before_a_next_answer_belong_to_it_and_not_to_the_answer_before() -> None:
    given = [answer("r1", "anna", "2026-03-11", 9), answer("r2", "anna", "2026-03-14", 3)]
    found = [(row[1], *row[3:]) for row in periods(responses=given, valid_days=30, back_days=10)]
    assert found == [(9, date(2026, 3, 1), date(2026, 3, 4)), (3, date(2026, 3, 4), date(2026, 4, 13))]


@pytest.mark.parametrize(
    ("score", "band"),
    [(0, "detractor"), (6, "detractor"), (7, "passive"), (8, "passive"), (9, "promoter"), (10, "promoter")],
)
def test_bands_begin_at_7_and_at_9(score: int, band: str) -> None:
    assert [row[2] for row in periods(responses=[answer("r1", "anna", "2026-01-10", score)])] == [band]


def test_only_the_chosen_survey_sets_scores_and_an_answer_that_names_none_belongs_to_it() -> None:
    given = [
        answer("r1", "anna", "2026-01-10", 9),
        answer("r2", "anna", "2026-01-11", 1, "transactional"),
        answer("r3", "bea", "2026-01-10", 5, "relationship"),
    ]
    assert [row[:2] for row in periods(responses=given, survey="relationship")] == [("anna", 9), ("bea", 5)]
    assert [row[:2] for row in periods(responses=given, survey="any")] == [("anna", 9), ("anna", 1), ("bea", 5)]


ORDERS = "select order_id, score, band, days_to_next_order from scored_orders order by order_id"


def orders(**given: object) -> list[tuple]:
    return rows(build(stage(**given), "scored_orders"), ORDERS)


def test_an_order_is_judged_by_the_score_held_on_its_day() -> None:
    found = orders(
        responses=[answer("r1", "anna", "2026-01-10 20:00", 9)],
        orders=[
            order("the day before", "anna", "2026-01-09 23:59", 10),
            order("that day, before the answer", "anna", "2026-01-10 08:00", 10),
            order("the last valid day", "anna", "2026-02-08 23:59", 10),
            order("the day it expires", "anna", "2026-02-09", 10),
        ],
        valid_days=30,
    )
    assert {row[0]: row[1:3] for row in found} == {
        "the day before": (None, "unscored"),
        "that day, before the answer": (9, "promoter"),
        "the last valid day": (9, "promoter"),
        "the day it expires": (None, "unscored"),
    }


def test_one_customers_score_says_nothing_about_another() -> None:
    found = orders(responses=[answer("r1", "anna", "2026-01-01", 9)], orders=[order("o1", "bea", "2026-01-02", 10)])
    assert found == [("o1", None, "unscored", None)]


def test_the_next_order_is_the_same_customers_next_on_a_later_day() -> None:
    found = orders(
        orders=[
            order("o1", "anna", "2026-01-01 10:00", 10),
            order("o2", "bea", "2026-01-05", 10),
            order("o3", "anna", "2026-04-01", 10),
            order("o0", "anna", "2026-01-01 12:00", 10),
        ]
    )
    assert {row[0]: row[3] for row in found} == {"o1": 90, "o0": 90, "o2": None, "o3": None}


def test_a_refund_neither_follows_an_order_nor_is_followed_by_one() -> None:
    found = orders(
        orders=[
            order("bought", "anna", "2026-01-01", 10),
            order("refunded", "anna", "2026-01-05", -10),
            order("free of charge", "anna", "2026-01-09", 0),
        ]
    )
    assert {row[0]: row[3] for row in found} == {"bought": 8, "refunded": None, "free of charge": None}
