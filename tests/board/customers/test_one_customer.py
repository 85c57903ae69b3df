"""What was done for one customer: calls about their answers, and decisions that name their words."""

from datetime import UTC, date, datetime

from kviboard.board.customers.one_customer import Done, done_for
from kviboard.board.voice.follow_ups import answer_of, settle_follow_up, take_up
from kviboard.store import Author, NewDecision, NewQuote, NewReview
from tests.board.okrs.given import context_on

ANN = Author("Ann", datetime(2026, 3, 12, 9, 0, tzinfo=UTC))
RESPONSES = """response_id,customer_id,responded_at,score
1,a,2026-02-27,10
2,b,2026-03-02,3
3,c,2026-03-03,0
4,b,2026-03-10,6
"""


def test_calls_and_decisions_stand_with_the_customer_whose_answers_they_are_about(tiny, tmp_path) -> None:
    context = context_on(tiny(responses=RESPONSES), tmp_path)
    talked, waiting, dropped = (
        take_up(context, answer_of(context, each), "Bo", date(2026, 3, 16), author=ANN) for each in ("2", "4", "3")
    )
    settle_follow_up(context, talked, "solved", date(2026, 3, 11), "Sent a new one", author=ANN)
    settle_follow_up(context, dropped, None, None, "Gone abroad", dropped=True, author=ANN)
    review = context.store.reviews.add(
        NewReview(sprint="Sprint 1", starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 15)), author=ANN
    )
    quote = context.store.quotes.add(NewQuote(review_id=review.id, response_id="2"), author=ANN)
    for words, quoted in (("Pack it better", quote.id), ("Something else", None)):
        made = NewDecision(text=words, owner="Cy", due_on=date(2026, 3, 20), quote_id=quoted, review_id=review.id)
        context.store.decisions.add(made, author=ANN)
    assert done_for(context, "b") == [
        Done(date(2026, 3, 11), "call", "Talked and solved it on 11 Mar 2026 by Bo: Sent a new one"),
        Done(date(2026, 3, 12), "open call", "Bo calls, due 16 Mar 2026"),
        Done(date(2026, 3, 12), "open decision", "Pack it better (Cy, due 20 Mar 2026)"),
    ]
    assert done_for(context, "a") == done_for(context, "c") == done_for(context, "nobody") == []
    assert waiting.state == "open"
    context.store.close()
