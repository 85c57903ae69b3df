"""The customer's share of rewards by hand, and stages reached only with everything before them."""

from decimal import Decimal

from kviboard.domain.outside_in.check import QUESTIONS
from kviboard.domain.outside_in.rewards import Reward, share_of_all, shares_of_roles
from kviboard.domain.outside_in.stages import STAGES, conditions, disagreements, next_stage, stage_of

ALL_SIGNS = ("reviews_with_vision", "scored_revenue", "objectives_for_customers", "key_results_of_customers",
             "decisions_with_customers", "rewards_of_customers")  # fmt: skip


def reward(role: str, weight: str, is_customers: bool) -> Reward:
    return Reward(role, "a metric", Decimal(weight), is_customers)


def test_each_role_counts_alike_and_the_smallest_share_comes_first() -> None:
    table = [reward("Care", "60", True), reward("Care", "40", False), reward("Finance", "100", False)]
    assert [(each.role, each.share, each.is_whole) for each in shares_of_roles(table)] == [
        ("Finance", Decimal(0), True),
        ("Care", Decimal(60), True),
    ]
    assert share_of_all(table) == Decimal(30)


def test_weights_that_do_not_add_up_are_shares_of_what_is_there() -> None:
    (care,) = shares_of_roles([reward("Care", "20", True), reward("Care", "60", False)])
    assert (care.share, care.is_whole) == (Decimal(25), False)
    (idle,) = shares_of_roles([reward("Care", "0", True)])
    assert idle.share == 0
    assert share_of_all([]) is None


def test_a_stage_needs_every_condition_of_those_before_it() -> None:
    shares, means = dict.fromkeys(ALL_SIGNS, 1.0), dict.fromkeys(QUESTIONS, 5.0)
    assert stage_of(conditions(shares, means)) == STAGES[-1]
    assert next_stage(STAGES[-1]) is None
    assert stage_of(conditions({**shares, "objectives_for_customers": 0.49}, means)) == "customer focused"
    assert stage_of(conditions({**shares, "reviews_with_vision": 0.0}, means)) is None


def test_what_is_not_known_is_not_met_and_not_failed() -> None:
    found = conditions({"reviews_with_vision": None}, {})
    assert stage_of(found) is None
    assert {condition.is_met for condition in found} == {None}
    assert next_stage(None) == "customer focused"


def test_check_and_records_disagree_where_one_is_high_and_the_other_low() -> None:
    shares = {"rewards_of_customers": 0.1, "decisions_with_customers": 0.9, "low_answers_followed_up": 0.5,
              "signals_answered": 0.2, "scored_revenue": None}  # fmt: skip
    means = {"surveys_used": 2.1, "people_decisions": 4.0, "needs_ahead": 3.0, "common_language": 5.0}
    found = disagreements(shares, means)
    assert [(each.question, each.signs, each.is_claimed) for each in found] == [
        ("people_decisions", ("rewards_of_customers",), True),
        ("surveys_used", ("decisions_with_customers",), False),
    ]
    both = disagreements({**shares, "low_answers_followed_up": 0.8}, means)
    assert both[1].signs == ("decisions_with_customers", "low_answers_followed_up")
    assert disagreements(shares, {**means, "people_decisions": 3.4, "surveys_used": 2.6}) == []
