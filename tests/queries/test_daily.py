"""The daily table: every measure worked by hand on a handful of rows, the edges first."""

from datetime import date

from tests.queries.staged import active, answer, build, order, rows, stage, ticket


def by_day(measure: str, **given: object) -> dict[str, object]:
    """day -> the measure over all slices, days of zero left out."""
    connection = build(stage(**given), "daily")
    found = rows(connection, f"select day, sum({measure}) from daily group by day having sum({measure}) <> 0")
    return {day.isoformat(): float(value) for day, value in found}


def test_a_customer_with_several_events_is_active_once_a_day_and_all_minutes_count() -> None:
    given = [
        active("anna", "2026-01-01 08:00", 5),
        active("anna", "2026-01-01 23:59:59", 2.5),
        active("bea", "2026-01-02"),
    ]
    assert by_day("active_customers", activity=given) == {"2026-01-01": 1, "2026-01-02": 1}
    assert by_day("active_minutes", activity=given) == {"2026-01-01": 7.5}


def test_a_rolling_count_holds_a_customer_for_7_days_and_lets_go_on_the_8th() -> None:
    given = [active("anna", "2026-01-01"), active("bea", "2026-01-01"), active("bea", "2026-01-31")]
    found = by_day("active_7d", activity=given)
    assert [day for day, count in found.items() if count == 2] == [f"2026-01-0{n}" for n in range(1, 8)]
    assert [day for day, count in found.items() if count == 1] == ["2026-01-31"]


def test_a_customer_who_returns_within_or_exactly_after_7_days_is_never_counted_twice() -> None:
    for second in ("2026-01-05", "2026-01-07", "2026-01-08", "2026-01-09"):
        found = by_day("active_7d", activity=[active("anna", "2026-01-01"), active("anna", second)])
        assert set(found.values()) == {1}, second
    assert "2026-01-08" not in by_day(
        "active_7d", activity=[active("anna", "2026-01-01"), active("anna", "2026-01-09")]
    )


def test_rolling_counts_end_with_the_data_and_not_with_the_customer() -> None:
    found = by_day("active_28d", activity=[active("anna", "2026-01-01")], orders=[order("o", "bea", "2026-01-10", 5)])
    assert list(found) == [f"2026-01-{n:02}" for n in range(1, 11)]


def test_28_days_reach_over_the_end_of_february() -> None:
    given = [active("anna", "2026-02-10"), active("bea", "2026-03-31")]
    found = by_day("active_28d", activity=given)
    assert max(day for day in found if day < "2026-03-31") == "2026-03-09"


def test_money_goes_to_the_band_held_that_day_and_to_unscored_without_one() -> None:
    given = {
        "responses": [
            answer("r1", "promoter", "2026-01-01", 9),
            answer("r2", "eight", "2026-01-01", 8),
            answer("r3", "seven", "2026-01-01", 7),
            answer("r4", "detractor", "2026-01-01", 6),
        ],
        "orders": [
            order("o1", "promoter", "2026-01-02", 100.01),
            order("o2", "eight", "2026-01-02", 50),
            order("o3", "seven", "2026-01-02", 20),
            order("o4", "detractor", "2026-01-02", 10),
            order("o5", "nobody asked", "2026-01-02", 5),
        ],
    }
    row = rows(
        build(stage(**given), "daily"),
        "select revenue, eight_plus_revenue, promoter_revenue, passive_revenue, detractor_revenue, scored_revenue, "
        "unscored_revenue, orders, ordering_customers from daily where day = date '2026-01-02'",
    )
    assert [float(value) for value in row[0]] == [185.01, 150.01, 100.01, 70, 10, 180.01, 5, 5, 5]


def test_a_refund_lowers_revenue_and_is_no_order() -> None:
    given = [
        order("o1", "anna", "2026-01-01 09:00", 30),
        order("o2", "anna", "2026-01-01 10:00", 20),
        order("back", "anna", "2026-01-01 12:00", -30),
        order("back later", "anna", "2026-01-03", -20),
    ]
    assert by_day("revenue", orders=given) == {"2026-01-01": 20, "2026-01-03": -20}
    assert by_day("orders", orders=given) == {"2026-01-01": 2}
    assert by_day("ordering_customers", orders=given) == {"2026-01-01": 1}
    assert by_day("unscored_revenue", orders=given) == {"2026-01-01": 20, "2026-01-03": -20}


def test_an_order_is_followed_when_the_next_comes_on_the_90th_day_and_not_on_the_91st() -> None:
    given = [
        order("a1", "anna", "2026-01-01", 1),
        order("a2", "anna", "2026-04-01", 1),
        order("b1", "bea", "2026-01-02", 1),
        order("b2", "bea", "2026-04-03", 1),
        order("c1", "cleo", "2026-01-03 08:00", 1),
        order("c2", "cleo", "2026-01-03 09:00", 1),
    ]
    assert by_day("orders_followed_90d", orders=given) == {"2026-01-01": 1}  # two on one day are one visit


def test_answers_count_by_band_with_their_sums() -> None:
    scores = [0, 6, 7, 8, 9, 10]
    given = [answer(f"r{score}", f"c{score}", "2026-01-01", score) for score in scores]
    (row,) = rows(
        build(stage(responses=given), "daily"),
        "select sum(responses), sum(promoters), sum(passives), sum(detractors), sum(very_satisfied), sum(score_sum), "
        "sum(score_sum_squares) from daily",
    )
    assert row == (6, 2, 2, 2, 3, 40, 330)


def test_answers_of_another_survey_are_not_counted() -> None:
    given = [answer("r1", "anna", "2026-01-01", 9, "transactional"), answer("r2", "anna", "2026-01-01", 2)]
    assert by_day("responses", responses=given) == {"2026-01-01": 1}
    assert by_day("responses", responses=given, survey="any") == {"2026-01-01": 2}


def test_scored_customers_are_counted_each_day_their_score_holds() -> None:
    given = [
        answer("r1", "anna", "2026-01-02", 8),
        answer("r2", "anna", "2026-01-04", 7),
        answer("r3", "bea", "2026-01-08", 10),
    ]
    assert by_day("customers_scored", responses=given, valid_days=3) == {
        "2026-01-02": 1,
        "2026-01-03": 1,
        "2026-01-04": 1,
        "2026-01-05": 1,
        "2026-01-06": 1,
        "2026-01-08": 1,
    }
    assert by_day("customers_8plus", responses=given, valid_days=3) == {
        "2026-01-02": 1,
        "2026-01-03": 1,
        "2026-01-08": 1,
    }


def test_scores_that_speak_for_days_before_the_data_count_from_its_first_day() -> None:
    given = [answer("r1", "anna", "2026-01-05", 9), answer("r2", "bea", "2026-01-06", 9)]
    assert by_day("customers_scored", responses=given, back_days=60) == {"2026-01-05": 2, "2026-01-06": 2}


MONTH_BEFORE = {  # each export begins with somebody who signed up long ago
    "activity": [active("long ago", "2025-12-01")],
    "orders": [order("old", "long ago", "2025-12-01", 1)],
    "responses": [answer("old", "long ago", "2025-12-01", 7)],
    "tickets": [ticket("old", "long ago", "2025-12-01")],
}


def test_customers_begin_in_the_export_of_what_they_get_that_reaches_back_farthest() -> None:
    """Orders begin in December, activity a month later: who is in it alone may have been there long before."""
    given = {
        "customers": [{"customer_id": "long ago", "signed_up_on": "2020-05-05"}],
        "activity": [
            active("a", "2026-01-02"),
            active("b", "2026-01-29"),
            active("c", "2026-01-05"),
            active("long ago", "2026-01-01"),
        ],
        "orders": [*MONTH_BEFORE["orders"], order("o", "c", "2026-01-04", 1), order("p", "a", "2026-01-03", 1)],
    }
    assert by_day("new_customers", **given) == {"2026-01-03": 1, "2026-01-04": 1}


def test_who_is_seen_before_an_export_knows_who_is_new_has_an_unknown_start() -> None:
    """Orders begin on 1 December, activity on the 15th: both know from 12 January on. An answer of November shows one
    who was there before them, and so does a refund."""
    given = {
        "activity": [
            active("first", "2025-12-15"), active("too early", "2026-01-11"), active("new", "2026-01-12"),
            active("answered before", "2026-01-20"), active("had bought", "2026-01-21"),
        ],
        "orders": [
            order("1", "first", "2025-12-01", 1), order("2", "new", "2026-01-13", 1),
            order("3", "had bought", "2025-12-02", -1), order("4", "bought", "2026-01-14", 1),
        ],
        "responses": [answer("r", "answered before", "2025-11-05", 7)],
    }  # fmt: skip
    assert by_day("new_customers", **given) == {"2026-01-12": 1, "2026-01-14": 1}


def test_an_export_of_tickets_that_begins_later_or_earlier_moves_nobodys_start() -> None:
    given = {
        "orders": [
            *MONTH_BEFORE["orders"], order("o", "a", "2026-01-04", 1), order("p", "b", "2026-02-05", 1)
        ]
    }  # fmt: skip
    for begins in ("2025-01-01", "2026-02-01"):
        tickets = [ticket("t", "long ago", begins), ticket("u", "b", "2026-02-02"), ticket("v", "asks", "2026-03-09")]
        assert by_day("new_customers", **given, tickets=tickets) == {"2026-01-04": 1, "2026-02-05": 1}


def test_without_activity_and_orders_customers_begin_with_their_first_answer() -> None:
    answers = [*MONTH_BEFORE["responses"], answer("r", "a", "2026-01-05", 7), answer("s", "a", "2026-01-06", 7)]
    assert by_day("new_customers", responses=answers) == {"2026-01-05": 1}


def test_a_refund_starts_nobody() -> None:
    given = {
        "customers": [{"customer_id": "long ago", "signed_up_on": "2020-05-05"}],
        "orders": [
            *MONTH_BEFORE["orders"], order("r", "a", "2026-01-02", -5), order("o", "a", "2026-01-10", 5),
            order("s", "b", "2026-01-03", -5),
        ],
    }  # fmt: skip
    assert by_day("new_customers", **given) == {"2026-01-10": 1}


def test_new_customers_count_on_their_sign_up_else_on_the_first_day_they_are_seen() -> None:
    given = {
        "customers": [
            {"customer_id": "signed up", "signed_up_on": "2026-01-03", "acquisition": "earned"},
            {"customer_id": "long ago", "signed_up_on": "2020-05-05", "acquisition": "earned"},
            {"customer_id": "no date", "acquisition": "bought"},
            {"customer_id": "never seen"},
        ],
        "activity": [*MONTH_BEFORE["activity"], active("signed up", "2026-01-01"), active("no date", "2026-01-05")],
        "orders": [
            *MONTH_BEFORE["orders"], order("o", "no date", "2026-01-04", 1), order("p", "unknown", "2026-01-05", 1)
        ],
        "responses": [*MONTH_BEFORE["responses"], answer("r", "asked only", "2026-01-05", 7)],
        "tickets": [*MONTH_BEFORE["tickets"], ticket("t", "asks only", "2026-01-05")],
    }  # fmt: skip
    assert by_day("new_customers", **given) == {"2026-01-03": 1, "2026-01-04": 1, "2026-01-05": 1}
    assert by_day("earned_customers", **given) == {"2026-01-03": 1}


def test_tickets_count_and_of_them_the_complaints() -> None:
    given = [
        ticket("t1", "a", "2026-01-01", "complaint"),
        ticket("t2", "a", "2026-01-01", "question"),
        ticket("t3", "b", "2026-01-02"),
    ]
    assert by_day("tickets", tickets=given) == {"2026-01-01": 2, "2026-01-02": 1}
    assert by_day("complaints", tickets=given) == {"2026-01-01": 1}


def test_rows_stand_per_slice_and_only_where_something_is_not_zero() -> None:
    connection = build(
        stage(
            customers=[
                {"customer_id": "anna", "segment": "Homes", "country": "NL"},
                {"customer_id": "bea", "segment": "Offices", "country": "NL"},
                {"customer_id": "cleo", "segment": None, "country": "NL"},
            ],
            orders=[
                order("o1", "anna", "2026-01-01", 1),
                order("o2", "bea", "2026-01-03", 2),
                order("o3", "cleo", "2026-01-03", 4),
                order("o4", "nobody knows", "2026-01-03", 8),
            ],
            dimensions=("segment", "country"),
        ),
        "daily",
    )
    found = rows(
        connection,
        "select day, segment, country, revenue from daily inner join slices using (slice_id) order by 1, 2, 3",
    )
    assert [(day, segment, country, float(revenue)) for day, segment, country, revenue in found] == [
        (date(2026, 1, 1), "Homes", "NL", 1),
        (date(2026, 1, 3), "Offices", "NL", 2),
        (date(2026, 1, 3), "Unknown", "NL", 4),
        (date(2026, 1, 3), "Unknown", "Unknown", 8),
    ]
