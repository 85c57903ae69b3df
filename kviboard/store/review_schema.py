"""The tables of sprint reviews: the review, its frozen acts, predictions, decisions, remarks, addenda, reviewers."""

from sqlalchemy import Column, Date, Index, Integer, Table, UniqueConstraint

from kviboard.store.column_types import IdsType, JsonType
from kviboard.store.columns import any_of, band, driven_by_kvi, edited, one_per, refers_to, rule, words, written
from kviboard.store.schema import metadata

ACTS = ("opening", "closing")
DECISION_KINDS = ("decision", "experiment")
DECISION_STATES = ("open", "done", "dropped")

reviews = Table(
    "reviews",
    metadata,
    *edited(),
    words("sprint"),
    words("team", optional=True),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    words("goal", default=""),
    Column("goal_key_results", IdsType, nullable=False, server_default="[]"),
    rule("review_sprint", "trim(sprint) <> ''", "A review needs its sprint."),
    rule("review_team", "trim(team) <> ''", "A team needs a name; leave it out for the whole company."),
    rule("review_days", "ends_on >= starts_on", "A sprint cannot end before it starts."),
    one_per(
        "one_review_per_sprint",
        ["sprint", "coalesce(team, '')"],
        "This sprint has its review already.",
        among="archived_at is null",
    ),
    info={"noun": "review", "label": "sprint"},
)

# The opening and the closing of a sprint, frozen: what was shown, from data up to which day and which version of it.
review_acts = Table(
    "review_acts",
    metadata,
    *written(),
    refers_to("review_id", "reviews"),
    words("act"),
    Column("data_through", Date),
    words("warehouse_version", optional=True),
    Column("document", JsonType, nullable=False),
    rule("review_act", any_of("act", ACTS), "An act of a review is its opening or its closing."),
    one_per("one_act_each", ["review_id", "act"], "Somebody else froze this meanwhile: look at the review."),
    info={"noun": "act", "right": "review"},
)

# The change of a KVI expected over the sprint, between two bounds, and how sure its author is of it.
predictions = Table(
    "predictions",
    metadata,
    *edited(),
    refers_to("review_id", "reviews"),
    *driven_by_kvi("prediction"),
    *band("prediction"),
    Column("confidence", Integer, nullable=False),
    words("because", default=""),
    rule(
        "prediction_bounds", "lower is not null or upper is not null", "A prediction needs a bound: at least, at most."
    ),
    rule("prediction_confidence", "confidence between 0 and 100", "Confidence lies between 0 % and 100 %."),
    Index("ix_predictions_review_id", "review_id"),
    info={"noun": "prediction", "label": "kvi"},
)

decisions = Table(
    "decisions",
    metadata,
    *edited(),
    refers_to("review_id", "reviews", optional=True),
    words("kind", default="decision"),
    words("text"),
    words("owner"),
    Column("due_on", Date, nullable=False),
    words("kvi", optional=True),
    words("state", default="open"),
    words("outcome", optional=True),
    rule("decision_kind", any_of("kind", DECISION_KINDS), "It is a decision or an experiment."),
    rule("decision_text", "trim(text) <> ''", "A decision needs a text."),
    rule("decision_owner", "trim(owner) <> ''", "A decision needs an owner."),
    rule("decision_state", any_of("state", DECISION_STATES), "A decision is open, done or dropped."),
    rule(
        "decision_dropped",
        "state <> 'dropped' or trim(coalesce(outcome, '')) <> ''",
        "Dropping a decision needs a reason.",
    ),
    Index("ix_decisions_review_id", "review_id"),
    info={"noun": "decision", "label": "text"},
)

# What people said in the meeting, line by line, each its author's.
review_remarks = Table(
    "review_remarks",
    metadata,
    *written(),
    refers_to("review_id", "reviews"),
    words("about", optional=True),
    words("text"),
    rule("remark_text", "trim(text) <> ''", "A remark needs a text."),
    Index("ix_review_remarks_review_id", "review_id"),
    info={"noun": "remark"},
)

review_addenda = Table(
    "review_addenda",
    metadata,
    *written(),
    refers_to("review_id", "reviews"),
    words("text"),
    rule("addendum_text", "trim(text) <> ''", "An addendum needs a text."),
    Index("ix_review_addenda_review_id", "review_id"),
    info={"noun": "addendum"},
)

reviewers = Table(
    "reviewers",
    metadata,
    *written(),
    refers_to("review_id", "reviews"),
    words("name"),
    UniqueConstraint("review_id", "name"),
    rule("reviewer_name", "trim(name) <> ''", "A reviewer needs a name."),
    info={"noun": "reviewer"},
)
