"""When expected value steps back: subscriptions whose price doubles, and a company too small for a model."""

from datetime import date

import pandas as pd
import pytest

from kviboard.board.customers.expected_value import _fitted, expected_most, expected_value, trial_of
from kviboard.board.kvis.reading import View
from kviboard.board.views.named import read_per_segment
from kviboard.board.views.views import read_view
from kviboard.domain.customers.expected_value import fit_orders
from kviboard.errors import UsageError
from tests.board.conftest import ALL, RESPONSES, build_tiny
from tests.board.conftest import CONFIG as TINY

HEADER = "order_id,customer_id,ordered_at,amount\n"
CONFIG = """
dimensions = ["country"]
[sources.customers]
files = "exports/customers.csv"
[sources.orders]
files = "exports/orders.csv"
"""


def subscriptions(customers: int, months: int, price_from: dict[int, float]) -> str:
    """Everybody pays on their day of each month from January 2023; the price holds from its month on."""
    rows = []
    for number in range(months):
        price = price_from[max(start for start in price_from if start <= number)]
        for customer in range(customers):
            day = date(2023 + number // 12, number % 12 + 1, customer % 28 + 1)
            rows.append(f"o{number}-{customer},c{customer},{day},{price}\n")
    return HEADER + "".join(rows)


@pytest.fixture(scope="module")
def doubled(tmp_path_factory):
    """120 subscribers, 36 months at 10.00, then 12 at 20.00."""
    orders = subscriptions(120, 48, {0: 10.0, 36: 20.0})
    return build_tiny(tmp_path_factory.mktemp("doubled"), orders, RESPONSES, CONFIG)


def test_a_model_that_misses_the_held_out_year_is_not_used(doubled):
    found = expected_value(doubled)
    assert not found.uses_model
    assert found.trial.revenue_error == pytest.approx(-0.5, abs=0.1)
    assert "More than 20 % off, so the model is not used" in found.said.replace("\u00a0", " ")
    assert "net revenue retention (200 %)" in found.said.replace("\u00a0", " ")


def test_retention_is_shown_instead(doubled):
    shown = read_view(doubled, "expected_value", View())
    assert shown["alive"].isna().all()
    assert shown["expected_orders_12m"].isna().all()
    assert shown["expected_revenue_12m"].tolist() == pytest.approx([12 * 20 * 2.0] * 120)
    assert read_view(doubled, "segments", View())["expected_revenue_12m"].tolist() == [pytest.approx(120 * 480.0)]


def test_the_trial_is_shown_all_the_same(doubled):
    shown = read_view(doubled, "expected_value_trial", View())
    assert shown["customers"].tolist() == [12] * 10
    assert shown["actual_revenue"].tolist() == pytest.approx([12 * 12 * 20.0] * 10)
    assert shown["predicted_orders"].sum() == pytest.approx(120 * 12, rel=0.1)


def test_a_company_too_small_for_a_model_says_what_it_needs(tiny):
    board = tiny(marts=ALL)
    said = expected_value(board).said
    assert said == (
        "Expected value needs 100 customers who ordered again, not 1. "
        "An estimate by retention needs two years of orders, each with more turnover than refunds."
    )
    assert read_view(board, "expected_value_trial", View()).empty
    assert read_view(board, "segments", View())["expected_revenue_12m"].isna().all()


def test_without_orders_the_views_say_what_they_need(tiny):
    config = CONFIG.replace('[sources.orders]\nfiles = "exports/orders.csv"', "") + (
        '[sources.responses]\nfiles = "exports/responses.csv"\n'
    )
    board = tiny(marts=ALL, config=config, responses=RESPONSES + "4,a,2026-03-10,9\n")
    for name in ("segments", "expected_value", "revenue_bridge", "first_year"):
        with pytest.raises(UsageError, match="needs the orders export"):
            read_view(board, name, View())
    listed = read_view(board, "customer_list", View())
    assert listed["customer_id"].tolist() == ["a", "b", "c"]
    moved = read_view(board, "moved_customers", View(first=date(2026, 2, 1), last=date(2026, 3, 31)))
    assert moved["customer_id"].tolist() == ["a"]
    for shown in (
        *(listed[name] for name in ("orders", "revenue", "revenue_12m", "revenue_at_risk")),
        moved["revenue_12m"],
    ):
        assert shown.isna().all(), shown.name
    assert read_view(board, "retention_curve", View()).empty


def test_all_customers_of_a_shop_are_fitted_where_few_histories_differ():
    """60,000 customers of whom few return: every second one would tell less than there is."""
    counts = pd.DataFrame(
        {"orders": [1, 1, 2, 3], "recency_days": [0, 0, 30, 90], "age_days": [100, 200, 100, 200]},
        index=[30_000, 29_000, 700, 300],
    )
    histories = counts.loc[counts.index.repeat(counts.index)].assign(repeat_amount=10.0)
    histories["repeat_amount"] *= histories["orders"] - 1
    orders, _ = _fitted(histories)
    weeks = (counts["recency_days"] / 7, counts["age_days"] / 7)
    assert orders.log_likelihood == pytest.approx(
        fit_orders(counts["orders"] - 1, *weeks, counts.index).log_likelihood, abs=1e-6
    )


@pytest.mark.parametrize("where", [(), (("plan", ("Basic",)), ("country", ("Belgium", "Ireland")))])
def test_what_the_page_shows_at_once_is_what_the_views_say(sample_board, where):
    """The page takes it from what is kept, the views ask their queries."""
    total, count, shown = expected_most(sample_board, where, 15)
    every = read_view(sample_board, "expected_value", View(where=where))
    assert (total, count) == (pytest.approx(every["expected_revenue_12m"].sum()), len(every))
    names = ["customer_id", "orders", "alive", "expected_orders_12m", "expected_revenue_12m"]
    pd.testing.assert_frame_equal(shown[names], every[names].head(15), check_dtype=False)
    tenths = read_view(sample_board, "expected_value_trial", View(where=where))
    pd.testing.assert_frame_equal(trial_of(sample_board, where), tenths, check_dtype=False)


def test_a_segment_s_last_12_months_end_with_the_orders_and_its_score_s_with_the_answers(tiny) -> None:
    """By hand: orders end on 31 May 2025, so 10 of 1 June 2024 counts and 5 of the day before does not; answers go on
    to 30 June 2026. c, seen only after the orders, and b, who answered and never bought, are no customers of theirs."""
    orders = "1,a,2023-01-01,1.00\n2,a,2024-05-31,5.00\n3,a,2024-06-01,10.00\n4,a,2025-05-31,30.00\n"
    answers = "response_id,customer_id,responded_at,score\n1,a,2024-06-01,10\n2,a,2025-06-30,3\n"
    answers += "3,c,2026-06-30,9\n4,b,2025-01-01,9\n5,b,2025-07-01,9\n"
    sources = '[sources.orders]\nfiles = "exports/orders.csv"\n[sources.responses]\nfiles = "exports/responses.csv"\n'
    board = tiny(HEADER + orders, answers, sources, marts=ALL)
    (found,) = read_view(board, "segments", View("month")).to_dict("records")
    assert (found["customers"], found["revenue_12m"], found["revenue_per_customer"]) == (1, 40, 40)
    assert found["revenue_before"] == 5  # of 1 June 2023 to 31 May 2024; the 1 of January 2023 is before
    assert (found["eight_plus_share"], found["scored_share"]) == (1, 1)  # an answer holds for 365 days
    assert (found["responses"], found["nps"]) == (2, 100)


def test_a_share_that_refunds_take_beyond_what_it_can_be_is_empty_and_nothing_is_expected_by_it(tiny) -> None:
    """By hand: 40 − 90 = −50 in the year before, 100 in the last, of which a brought 130 and c took 30 back. −200 %
    retention would expect −260 of a; of 100 in all, a's country brought 130 %."""
    orders = "1,a,2024-02-01,40.00\n2,a,2024-03-01,-90.00\n3,a,2025-03-01,130.00\n4,c,2026-01-20,-30.00\n"
    orders += "5,b,2024-01-10,0.00\n"
    answers = "response_id,customer_id,responded_at,score\n1,a,2025-02-01,10\n2,c,2026-01-02,3\n"
    named = 'where = { country = "NL" }'
    board = tiny(HEADER + orders, answers, f"{TINY}\n[segments.dutch]\n{named}\n", marts=ALL)
    columns = ["revenue_12m", "share", "net_revenue_retention", "eight_plus_share", "expected_revenue_12m"]
    whole = read_view(board, "segments", View("month"))[columns].iloc[0]
    assert whole[["revenue_12m", "share"]].tolist() == [100, 1]
    assert whole[["net_revenue_retention", "eight_plus_share", "expected_revenue_12m"]].isna().all()
    assert expected_value(board).said.endswith("two years of orders, each with more turnover than refunds.")
    countries = read_view(board, "segments", View("month", by="country")).set_index("slice")
    assert countries["revenue_12m"].to_dict() == {"NL": 130, "DE": -30}
    assert countries["share"].isna().all()
    assert read_per_segment(board, "segments", View("month"))["share"].isna().all()
