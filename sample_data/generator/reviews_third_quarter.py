"""The reviews of Sprints 34 to 36, in the third quarter of 2026: held and closed."""

from collections.abc import Iterator
from datetime import date

from generator.okr_script import Act
from generator.okrs_fourth_quarter import CARE
from generator.okrs_third_quarter import APP, BILLING, FIELD, LEADERSHIP
from generator.review_script import Meeting, after_lunch, morning

INSIGHT, SALES = "Customer insight", "Head of sales"
TEAM = (LEADERSHIP, APP, BILLING, FIELD, CARE)


def reviews_of_the_third_quarter() -> Iterator[Act]:
    """Opened and closed, one after the other."""
    yield from _open_34()
    yield from _close_34()
    yield from _open_35()
    yield from _close_35()
    yield from _open_36()
    yield from _close_36()


def _open_34() -> Iterator[Act]:
    meeting = Meeting("Sprint 34", "opening", LEADERSHIP, after_lunch(8, 19))
    yield meeting.begins()
    yield meeting.says(APP, "kvi-daily_active_users", "The same dip as last August: people are away.")
    yield meeting.wants("small_nps", "explain")
    yield meeting.predicts(
        APP, "daily_active_users", 80, "School is back from next week on; last year they came back, too.",
        lower="30",
    )  # fmt: skip
    yield meeting.predicts(
        BILLING, "net_promoter_score", 60, "Who is asked what a fair price includes feels heard.", lower="4"
    )
    yield meeting.predicts(
        BILLING, "promoter_revenue_share", 70, "It has held above half since the price change; it will hold.",
        lower="-2", upper="2",
    )  # fmt: skip
    yield meeting.freezes()


def _close_34() -> Iterator[Act]:
    meeting = Meeting("Sprint 34", "closing", LEADERSHIP, morning(9, 2))
    yield meeting.begins()
    yield meeting.says(
        BILLING, "kvi-promoter_revenue_share",
        "I was too sure. Each answer from before May that runs out takes a promoter with it.",
    )  # fmt: skip
    yield meeting.says(
        APP, "kvi-daily_active_users", "Nearly back to where June was. That is the season, we take no credit."
    )
    yield meeting.says(SALES, "feedback", "Three small businesses say the same: we pay more and cannot see what for.")
    yield meeting.says(FIELD, "feedback", "Picking the fitter's hour is liked, but the hour is told too late.")
    yield meeting.decides(
        "call_small", BILLING, date(2026, 9, 25),
        "Call forty small businesses that left since May and ask what a fair price includes",
        kvi="promoter_revenue_share",
    )  # fmt: skip
    yield meeting.decides(
        "evening_tip", APP, date(2026, 9, 15), "Show one tip for the evening to every second household",
        kind="experiment", kvi="daily_active_minutes",
    )  # fmt: skip
    yield meeting.freezes(*TEAM, SALES)


def _open_35() -> Iterator[Act]:
    meeting = Meeting("Sprint 35", "opening", LEADERSHIP, after_lunch(9, 2))
    yield meeting.begins()
    yield meeting.wants("monthly")
    yield meeting.predicts(
        APP, "daily_active_users", 80, "Families are home again, and every second one sees a tip.", lower="10"
    )
    yield meeting.predicts(
        APP,
        "daily_active_minutes",
        60,
        "A plan for the evening is made together, and that takes a moment.",
        lower="100",
    )
    yield meeting.predicts(INSIGHT, "net_promoter_score", 60, "Most answers come from households now.", lower="3")
    yield meeting.freezes()


def _close_35() -> Iterator[Act]:
    meeting = Meeting("Sprint 35", "closing", LEADERSHIP, morning(9, 16))
    yield meeting.begins()
    yield meeting.says(
        APP,
        "kvi-daily_active_minutes",
        "More families came, but nobody stayed longer. Maybe that is good: a plan is quick.",
    )
    yield meeting.says(
        INSIGHT,
        "kvi-net_promoter_score",
        "Within its normal variation, although we hit it. Let us not celebrate luck.",
    )
    yield meeting.says(CARE, "feedback", "Parents ask for the plan on paper, for the kitchen door.")
    yield meeting.says(FIELD, "feedback", "One day in three we still come when nobody is at home.")
    yield meeting.decides(
        "hour_before", FIELD, date(2026, 9, 29), "Send the fitter's name and hour on the evening before the visit",
        kvi="customer_satisfaction",
    )  # fmt: skip
    yield meeting.decides(
        "kitchen_door", BILLING, date(2026, 10, 13), "Print the plan for the evenings on the bill's last page",
        kind="experiment", kvi="daily_active_users",
    )  # fmt: skip
    yield meeting.freezes(*TEAM, INSIGHT)


def _open_36() -> Iterator[Act]:
    meeting = Meeting("Sprint 36", "opening", LEADERSHIP, after_lunch(9, 16))
    yield meeting.begins()
    yield meeting.wants("second", "hour")
    yield meeting.predicts(
        FIELD,
        "complaints_per_1000",
        80,
        "Who knows when we come has no reason to complain; it will not rise.",
        upper="1",
    )
    yield meeting.predicts(
        FIELD, "customer_satisfaction", 80, "Seven in ten gave us 8 or more; told in time, they will again.", lower="-2"
    )
    yield meeting.predicts(
        LEADERSHIP, "net_revenue_retention", 50, "Fewer small businesses cancel since they are called.", lower="0.2"
    )
    yield meeting.freezes()


def _close_36() -> Iterator[Act]:
    meeting = Meeting("Sprint 36", "closing", LEADERSHIP, morning(9, 30))
    yield meeting.begins()
    yield meeting.says(
        CARE, "kvi-complaints_per_1000",
        "The new telephone system ran on paper over the weekend. Some notes are still waiting to be typed in.",
    )  # fmt: skip
    yield meeting.says(
        LEADERSHIP,
        "kvi-customer_satisfaction",
        "We predicted it of all customers and worked for a few. A hope, not a forecast.",
    )
    yield meeting.says(SALES, "feedback", "An office in Ghent moved its appointment twice and thanked us for it.")
    yield meeting.says(FIELD, "feedback", "The message on the evening before went to two thirds of the visits.")
    yield meeting.decides(
        "fifty_comments", INSIGHT, date(2026, 10, 13),
        "Read fifty comments of small businesses together and pick one cause to remove", kvi="net_promoter_score",
    )  # fmt: skip
    yield meeting.decides(
        "same_day", CARE, date(2026, 10, 9), "Complaints by telephone are typed in on the day they come",
        kvi="complaints_per_1000",
    )  # fmt: skip
    yield meeting.decides(
        "first_hour", FIELD, date(2026, 10, 27), "Offer visits before eight to customers who work shifts, in one town",
        kind="experiment", kvi="customer_satisfaction",
    )  # fmt: skip
    yield meeting.freezes(*TEAM, SALES)
    yield from _added_to_36(meeting)


def _added_to_36(meeting: Meeting) -> Iterator[Act]:
    """The complaints that came too late for the record."""
    yield meeting.adds(
        CARE, 270,
        "Eight complaints of 26 to 28 September were on paper and are in the help desk since noon. With them, "
        "complaints rose by more than we predicted. The record stays as we saw it that morning.",
    )  # fmt: skip
