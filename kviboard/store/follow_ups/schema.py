"""The table of follow-ups: who takes up what a customer answered, until when, and what came of it."""

from sqlalchemy import Column, Date, Table

from kviboard.domain.voice.follow_ups import OUTCOMES
from kviboard.store.columns import any_of, edited, one_per, rule, words
from kviboard.store.schema import metadata

STATES = ("open", "done", "dropped")

# An answer is known by its number alone: whose it is stands in the exports, and is gone when they are forgotten.
follow_ups = Table(
    "follow_ups",
    metadata,
    *edited(),
    words("response_id"),
    Column("answered_on", Date, nullable=False),
    words("band"),
    words("owner"),
    Column("due_on", Date, nullable=False),
    words("state", default="open"),
    words("outcome", optional=True),
    Column("done_on", Date),
    words("note", default=""),
    rule("follow_up_owner", "trim(owner) <> ''", "A follow-up needs an owner."),
    rule("follow_up_band", any_of("band", ("promoter", "passive", "detractor")), "A band is one of the three."),
    rule("follow_up_state", any_of("state", STATES), "A follow-up is open, done or dropped."),
    rule("follow_up_outcome", any_of("outcome", tuple(OUTCOMES)), "The outcome is one of those the board knows."),
    rule(
        "follow_up_done",
        "(state = 'done') = (outcome is not null) and (state = 'done') = (done_on is not null)",
        "What is done needs its outcome and its day.",
    ),
    rule("follow_up_days", "done_on >= answered_on", "It cannot be done before the customer answered."),
    rule("follow_up_dropped", "state <> 'dropped' or trim(note) <> ''", "Dropping a follow-up needs a reason."),
    one_per(
        "one_follow_up_per_answer",
        ["response_id"],
        "Somebody has taken this answer up already: look again.",
        among="archived_at is null and response_id <> ''",
    ),
    info={"noun": "follow-up", "label": "owner", "right": "follow_up"},
)
