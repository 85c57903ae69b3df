"""The story's planted truths as data, for expected/story.json: dates, effects, and every flaw with its line."""

from collections import Counter
from dataclasses import asdict

from generator import truths
from generator.files import Flaw

Flaws = dict[str, tuple[int, list[Flaw]]]


def tell(flaws: Flaws) -> dict[str, object]:
    """`flaws`: file name -> (sound rows, planted flaws)."""
    return {
        "about": "What is planted in the sample exports; tests/numbers/test_sample_story.py finds it there.",
        "orders_from": truths.FIRST_DAY.isoformat(),
        "activity_responses_tickets_from": truths.TOLD_FROM.isoformat(),
        "data_through": truths.LAST_DAY.isoformat(),
        "customers": truths.CUSTOMERS + truths.JUST_SIGNED_UP,
        "daily_use_lift": {"on": truths.LIFT_ON.isoformat(), "share": round(truths.LIFT - 1, 3)},
        "price_change": {
            "on": truths.PRICE_CHANGE_ON.isoformat(),
            "segment": truths.SEGMENTS[truths.PRICE_CHANGE_SEGMENT],
            "effect_on_each_score": truths.PRICE_CHANGE_SCORE_EFFECT,
            "monthly_prices_before": list(truths.MONTHLY_PRICES[truths.PRICE_CHANGE_SEGMENT]),
            "monthly_prices_after": list(truths.NEW_PRICES),
        },
        "season": {
            "summer_dip": {"from": "11 Jul", "to": "23 Aug", "share": round(1 - truths.SUMMER_DIP[2], 3)},
            "december_add_ons": truths.GIFT_SEASON[12],
        },
        "only_noise": {"kvi": "complaints_per_1000", "monthly_rate": truths.COMPLAINTS_PER_1000_MONTHLY},
        "disappointing_touchpoint": {"touchpoint": truths.TOUCHPOINTS[3], "mean_score": truths.TOUCHPOINT_MEANS[3]},
        "unanswered_chat_bot": {"on": truths.BOT_ON.isoformat(), "touchpoint": truths.TOUCHPOINTS[1]},
        "responses": {"worked": truths.WORKED_KVI, "did_not": truths.DID_NOT_KVI},
        "called_back": {"from": truths.CALLS_FROM.isoformat(), "share": truths.CALLED_BACK_IN_TIME},
        "aspects": {
            "by_slope": [name for _, name in sorted(zip(truths.ASPECT_SLOPES, truths.ASPECTS, strict=True))][::-1],
            "dearer_since": truths.PRICE_CHANGE_ON.isoformat(),
            "effect_on_value_for_money": truths.PRICE_CHANGE_VALUE_EFFECT,
        },
        "late_complaints": {
            "from": truths.LATE_COMPLAINTS[0].isoformat(),
            "through": truths.LATE_COMPLAINTS[1].isoformat(),
            "typed_in_at": truths.LATE_COMPLAINTS_TYPED_IN.isoformat(),
        },
        "earned_share": truths.EARNED_SHARE,
        "unknown": truths.UNKNOWN,
        "files": {name: _ledger(sound, found) for name, (sound, found) in flaws.items()},
    }


def _ledger(sound: int, found: list[Flaw]) -> dict[str, object]:
    outcomes = Counter(flaw.outcome for flaw in found)
    return {
        "rows_read": sound + len(found),
        "rows_kept": sound,
        "rows_rejected": outcomes["rejected"],
        "rows_duplicate": outcomes["duplicate"],
        "flaws": [asdict(flaw) for flaw in found],
    }
