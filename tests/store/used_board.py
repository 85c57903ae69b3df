"""A board with rows in every table, for tests about the store as a whole."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from kviboard.domain.okrs.model import PlanPoint
from kviboard.domain.outside_in.check import MANAGEMENT, Answer
from kviboard.store import (
    NewCheckRound,
    NewComment,
    NewDecision,
    NewFollowUp,
    NewFrozenMeeting,
    NewGuardrail,
    NewKviNote,
    NewKviTarget,
    NewPoll,
    NewPrediction,
    NewQuote,
    NewRemark,
    NewReview,
    NewReward,
    PollAnswer,
    Store,
)
from tests.store.given import COLLEAGUE, MONDAY, OWNER, an_active_key_result, an_objective, new_check_in


def a_used_board(store: Store) -> None:
    """Something in every table, a child made before its parent, a correction, a moved target."""
    key_result = an_active_key_result(store)
    child = store.objectives.get(key_result.objective_id)
    parent = an_objective(store, store.cycles.all()[0], title="Customers stay")
    store.objectives.edit(replace(child, parent_id=parent.id), author=COLLEAGUE)
    wrong = store.check_ins.add(new_check_in(key_result, "540", confidence=3), author=OWNER)
    store.check_ins.correct(wrong, new_check_in(key_result, "54"), author=COLLEAGUE)
    plan = (PlanPoint(date(2026, 11, 1), Decimal("0.5")),)
    store.key_results.edit(
        replace(key_result, target=Decimal(90), plan=plan), reason="Two markets more", author=COLLEAGUE
    )
    store.kvi_targets.add(
        NewKviTarget(kvi="nps", starts_on=date(2026, 11, 1), value=Decimal(40), reason="agreed"), author=OWNER
    )
    store.kvi_notes.add(NewKviNote(kvi="nps", day=date(2026, 11, 3), text="Strike at the carrier"), author=OWNER)
    store.drafts.keep("objective 1", {"title": "Custo"}, at=MONDAY, by="the owner")
    store.comments.add(NewComment(text="@a colleague, which markets?", key_result_id=key_result.id), author=OWNER)
    store.guardrails.add(
        NewGuardrail(objective_id=child.id, kvi="complaints", grain="week", upper=Decimal(4)), author=OWNER
    )


def a_held_review(store: Store) -> None:
    """A review with something in every table of its own."""
    first, last = date(2026, 11, 2), date(2026, 11, 15)
    wanted = NewReview(sprint="Sprint 23", starts_on=first, ends_on=last, goal_key_results=(1,))
    review = store.reviews.add(wanted, author=OWNER)
    store.predictions.add(
        NewPrediction(review_id=review.id, kvi="nps", confidence=70, lower=Decimal("0.5")), author=OWNER
    )
    act = NewFrozenMeeting(review_id=review.id, document={"kvis": [{"kvi": "nps", "value": 41.2}], "Größe": None})
    poll = store.polls.add(NewPoll(review_id=review.id, asks="change", kvi="nps"), author=OWNER)
    store.polls.answer(poll.id, PollAnswer(change=Decimal("1.5"), confidence=70, because="Calls ⚡"), "a browser")
    store.polls.reveal(poll, author=OWNER)
    store.reviews.open(act, author=OWNER)
    store.reviews.remark(NewRemark(review_id=review.id, text="Fine"), author=COLLEAGUE)
    decision = NewDecision(review_id=review.id, text="Answer first", owner="Care lead", due_on=date(2026, 11, 30))
    store.decisions.add(decision, author=OWNER)
    store.quotes.add(NewQuote(review_id=review.id, response_id="r7"), author=OWNER)
    store.stories.keep("Sprint 23", None, [("A-1", "As a guest, I want a map ⚡")], author=OWNER)
    store.reviews.close(act, ["Product lead"], author=OWNER)
    store.reviews.add_addendum(review.id, "Late answers", author=COLLEAGUE)


def a_closed_loop(store: Store) -> None:
    """Answers that were taken up: one called back, one still open."""
    for number, day in enumerate((2, 3)):
        new = NewFollowUp(
            response_id=f"r{number}", answered_on=date(2026, 11, day), band="detractor", owner="Care lead",
            due_on=date(2026, 11, day + 2),
        )  # fmt: skip
        taken_up = store.follow_ups.add(new, author=OWNER)
    store.follow_ups.settle(taken_up, "done", "talked", date(2026, 11, 4), "Told us why ⚡", author=COLLEAGUE)


def an_answered_check(store: Store) -> None:
    """A round of the outside-in check with an answer, and a reward."""
    asked = store.check_rounds.add(NewCheckRound(name="Autumn", closes_on=date(2026, 11, 30)), author=OWNER)
    answer = Answer({"own_part": 4, "claims_easy": 2}, MANAGEMENT, "Refunds take weeks ⚡")
    store.check_rounds.answer(asked.id, answer, "a browser", date(2026, 11, 3))
    reward = NewReward(role="Care", metric="NPS", weight=Decimal("37.5"), is_customers=True, kvi="nps")
    store.rewards.add(reward, author=OWNER)
