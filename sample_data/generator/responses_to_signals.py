"""What was done about what the board showed: a response that worked, one that did not, answers to signals, and calls.

Decisions were made on the page of their KVI; whether they worked is for its chart to say. Half of the signals
since the first of them were answered within a sprint. Since October the service desk calls detractors back.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from generator.chance import stream
from generator.files import Export
from generator.okr_script import Act, Stage
from generator.okrs_fourth_quarter import CARE
from generator.okrs_third_quarter import APP, BILLING, LEADERSHIP
from generator.review_script import settles
from generator.truths import CALLED_BACK_IN_TIME, CALLS_FROM, DID_NOT_KVI, LAST_DAY, WORKED_KVI
from kviboard.domain.voice.follow_ups import due_day
from kviboard.store import Author, FollowUp, NewDecision, NewFollowUp

WORKED = ("cheap_hours_first", WORKED_KVI, date(2026, 2, 10), date(2026, 3, 3))
DID_NOT = ("bill_ahead", DID_NOT_KVI, date(2026, 3, 18), date(2026, 4, 14))
ANSWERS = (
    ("more_in_june", "daily_active_minutes", date(2026, 6, 25), date(2026, 7, 9), APP,
     "Ask thirty households what they look for in June, when nobody heats",
     "They compare the fan with last year's"),
    ("lower_score", "net_promoter_score", date(2026, 8, 20), date(2026, 9, 8), CARE,
     "Read what those who gave 6 or less in August wrote, and group it by cause",
     "Small businesses: they pay more and cannot see what for"),
    ("more_in_a_month", "monthly_active_users", date(2026, 10, 2), date(2026, 10, 20), BILLING,
     "See whether those who are new this month came from the letter or on their own",
     "Half came from the letter about winter prices"),
)  # fmt: skip
"""Signals that were looked into within a sprint: name, KVI, decided on, done on, owner, what, what came of it."""


def responses_to_signals(exports: list[Export]) -> Iterator[Act]:
    """Everything in the order of time; `exports` as they are at the end of the story."""
    yield from _responded(
        *WORKED, APP, "Show tomorrow's cheap hours first on the home screen. We think: people come when there is news",
        "On every phone since this evening",
    )  # fmt: skip
    yield from _responded(
        *DID_NOT, BILLING, "Send a message three days before the bill. We think: it comes as a surprise",
        "Sent since the April bill",
    )  # fmt: skip
    for name, kvi, decided_on, done_on, owner, text, outcome in ANSWERS:
        yield from _responded(name, kvi, decided_on, done_on, owner, text, outcome)
    (answers,) = (export.rows for export in exports if export.name == "responses.csv")
    yield from _calls([row for row in answers if row[1] and int(row[3]) < 7])


def _responded(
    name: str, kvi: str, decided_on: date, done_on: date, owner: str, text: str, outcome: str
) -> Iterator[Act]:
    def decide(stage: Stage, author: Author) -> None:
        new = NewDecision(text=text, owner=owner, due_on=done_on, kvi=kvi)
        stage.numbers[name] = stage.store.decisions.add(new, author=author).id

    yield Act(datetime.combine(decided_on, time(10), UTC), LEADERSHIP, decide)
    yield settles(owner, datetime.combine(done_on, time(18), UTC), name, "done", outcome)


def _calls(detractors: list[list[str]]) -> Iterator[Act]:
    """A call to each detractor since CALLS_FROM, most in time, some late, some without reaching anybody."""
    draws = stream("calls").random((len(detractors), 2))
    for row, (how, when) in zip(detractors, draws.tolist(), strict=True):
        day = date.fromisoformat(row[2][:10])
        taken_up = due_day(day, 1)
        if day < CALLS_FROM or taken_up > LAST_DAY - timedelta(days=1):
            continue
        late = how >= CALLED_BACK_IN_TIME + 0.08
        outcome = "not_reached" if CALLED_BACK_IN_TIME <= how < CALLED_BACK_IN_TIME + 0.08 else "talked"
        outcome = "solved" if how < CALLED_BACK_IN_TIME / 3 else outcome
        yield from _call(row[0], day, int(row[3]), taken_up, due_day(day, 6 if late else 1 + (when < 0.4)), outcome)


def _call(response_id: str, day: date, score: int, taken_up: date, done_on: date, outcome: str) -> Iterator[Act]:
    def take_up(stage: Stage, author: Author) -> None:
        new = NewFollowUp(
            response_id=response_id, answered_on=day, band="detractor", owner=CARE, due_on=due_day(day)
        )  # fmt: skip
        stage.store.follow_ups.add(new, author=author)

    def settle(stage: Stage, author: Author) -> None:
        seen: FollowUp = next(each for each in stage.store.follow_ups.all() if each.response_id == response_id)
        note = "Left a message." if outcome == "not_reached" else f"Gave {score}: told us why."
        stage.store.follow_ups.settle(seen, "done", outcome, done_on, note, author=author)

    number = int(response_id.removeprefix("A"))
    yield Act(datetime.combine(taken_up, time(8, number % 60), UTC), CARE, take_up)
    if done_on < LAST_DAY:
        yield Act(datetime.combine(done_on, time(15, number % 60), UTC), CARE, settle)
