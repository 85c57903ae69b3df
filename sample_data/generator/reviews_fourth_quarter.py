"""The reviews of Sprint 37, held and closed, and of Sprint 38, opened and ready to be closed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from generator.okr_script import Act
from generator.okrs_fourth_quarter import CARE, GROWTH
from generator.okrs_third_quarter import APP, BILLING, FIELD, LEADERSHIP
from generator.review_script import Meeting, after_lunch, morning, settles
from generator.reviews_third_quarter import INSIGHT, SALES, TEAM
from generator.truths import LATE_COMPLAINTS_TYPED_IN


def reviews_of_the_fourth_quarter() -> Iterator[Act]:
    """What was done so far, and what became of all decisions."""
    yield from _open_37()
    yield from _close_37()
    yield from _open_38()
    yield from _settle()


def _open_37() -> Iterator[Act]:
    meeting = Meeting("Sprint 37", "opening", LEADERSHIP, after_lunch(9, 30), refreshed=LATE_COMPLAINTS_TYPED_IN)
    yield meeting.begins()
    yield meeting.wants("monthly")
    yield meeting.predicts(
        APP, "daily_active_minutes", 80, "The comparison with last winter goes live on 6 October.", lower="80"
    )
    yield meeting.predicts(
        APP, "daily_active_users", 90, "The first cold days bring people in, every autumn.", lower="5"
    )
    yield meeting.predicts(
        BILLING,
        "promoter_revenue_share",
        70,
        "Until letters say what the price includes, it goes on falling.",
        upper="0",
    )
    yield meeting.freezes()


def _close_37() -> Iterator[Act]:
    meeting = Meeting("Sprint 37", "closing", LEADERSHIP, morning(10, 14))
    yield meeting.begins()
    yield meeting.says(
        BILLING,
        "kvi-promoter_revenue_share",
        "It came as we feared. Being right about it helps nobody: the letters must go out.",
    )
    yield meeting.says(APP, "feedback", "Last winter was shown live to six customers; four found it without help.")
    yield meeting.says(CARE, "feedback", "Fewer ask about last winter's bill than the week before.")
    yield meeting.says(SALES, "feedback", "Shop owners want to see what others of their size pay.")
    yield meeting.decides(
        "confirm_hour", FIELD, date(2026, 10, 26), "Installers without the app confirm the hour by telephone",
        kvi="customer_satisfaction",
    )  # fmt: skip
    yield meeting.decides(
        "write_small", BILLING, date(2026, 11, 13), "Write to every small business what its price includes",
        kvi="promoter_revenue_share",
    )  # fmt: skip
    yield meeting.decides(
        "winter_first", APP, date(2026, 11, 10), "Every second customer sees the comparison with last winter first",
        kind="experiment", kvi="daily_active_users",
    )  # fmt: skip
    yield meeting.freezes(*TEAM, INSIGHT, SALES)


def _open_38() -> Iterator[Act]:
    meeting = Meeting("Sprint 38", "opening", LEADERSHIP, after_lunch(10, 14))
    yield meeting.begins()
    yield meeting.says(FIELD, "goal", "In vain means: we were late, or not there, or had to come twice.")
    yield meeting.wants("second_4", "hour_4")
    yield from meeting.asks_all(
        "customer_satisfaction",
        ("up", "3", 70, "Who knows the hour does not wait in vain"),
        ("up", "1", 60, ""),
        ("same", "", 50, ""),
        ("up", "2", 80, ""),
        ("down", "4", 60, "The first cold bills come out"),
        ("up", "1.5", 50, ""),
        ("up", "2", 70, ""),
    )
    yield meeting.predicts(APP, "daily_active_users", 80, "It has risen in each sprint since the holidays.", lower="3")
    yield meeting.predicts(
        FIELD, "customer_satisfaction", 70, "Every visit is confirmed on the evening before, by message or telephone.",
        lower="3",
    )  # fmt: skip
    yield meeting.predicts(
        GROWTH, "new_customers", 60, "Whoever gets an installation without a day off tells the neighbours.", lower="0"
    )
    yield meeting.freezes()


def _settle() -> Iterator[Act]:
    """What became of the decisions between the meetings."""
    afternoon = 15
    for by, month, day, name, state, outcome in (
        (APP, 9, 15, "evening_tip", "done", "Minutes moved within their normal variation. We keep it."),
        (BILLING, 9, 24, "call_small", "done", "43 calls: most cannot say what they get for the price."),
        (FIELD, 9, 28, "hour_before", "done", "Live for all installers with the app."),
        (BILLING, 10, 8, "kitchen_door", "dropped", "The printer cannot add a page before January."),
        (CARE, 10, 9, "same_day", "done", "Nothing waits on paper any more."),
        (INSIGHT, 10, 12, "fifty_comments", "done", "The letter names the price, not what it includes."),
        (FIELD, 10, 26, "confirm_hour", "done", "All eleven call on the evening before."),
    ):  # fmt: skip
        yield settles(by, datetime(2026, month, day, afternoon, tzinfo=UTC), name, state, outcome)
