"""The tables of sprint reviews: the review, its frozen acts, predictions, polls, decisions, remarks, reviewers."""

from sqlalchemy import Column, Date, Index, Integer, Table, UniqueConstraint

from kviboard.store.column_types import IdsType, JsonType, TimeType
from kviboard.store.columns import (
    amount,
    any_of,
    band,
    by_subject,
    driven_by_kvi,
    edited,
    one_per,
    refers_to,
    rule,
    words,
    written,
)
from kviboard.store.schema import metadata

ACTS = ("opening", "closing")
DECISION_KINDS = ("decision", "experiment")
DECISION_STATES = ("open", "done", "dropped")
POLL_KINDS = ("change", "confidence")

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
    by_subject(),
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

# `where` and `period` say of which customers, and of which period as people saw it, a decision about a KVI speaks;
# `quote_id` which customer's words it answers.
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
    Column("where", JsonType, nullable=False, server_default="{}"),
    words("period", optional=True),
    refers_to("quote_id", "quotes", optional=True),
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

# What everybody in the meeting is asked by phone: the change they expect of a KVI or a key result over the sprint, or
# how sure they are of the decisions. Answers are seen by nobody until it is revealed.
polls = Table(
    "polls",
    metadata,
    *edited(),
    refers_to("review_id", "reviews"),
    words("asks"),
    words("kvi", optional=True),
    refers_to("key_result_id", "key_results", optional=True),
    Column("revealed_at", TimeType, nullable=True),
    rule("poll_asks", any_of("asks", POLL_KINDS), "A poll asks for a change or for confidence."),
    rule(
        "poll_about",
        "(asks = 'change') = ((kvi is not null) <> (key_result_id is not null))"
        " and (asks = 'change' or (kvi is null and key_result_id is null))",
        "A poll about a change is about one KVI or one key result.",
    ),
    one_per(
        "one_poll_each",
        ["review_id", "asks", "coalesce(kvi, '')", "coalesce(key_result_id, 0)"],
        "Everybody is asked this already.",
        among="archived_at is null",
    ),
    info={"noun": "poll", "right": "review", "label": "asks"},
)

# One answer per browser, which may change it until the poll is revealed. `browser` is a hash of a secret of that
# browser; `by` is the name of whoever is signed in, and empty where nobody is. No time and no order is kept.
poll_answers = Table(
    "poll_answers",
    metadata,
    words("browser", primary_key=True),
    refers_to("poll_id", "polls"),
    words("by", optional=True),
    amount("change"),
    Column("confidence", Integer, nullable=False),
    words("because", default=""),
    rule("poll_answer_confidence", "confidence between 1 and 100", "Confidence lies between 1 and 100."),
    Index("ix_poll_answers_poll_id", "poll_id"),
    sqlite_with_rowid=False,
    info={"noun": "poll answer"},
)

# The user stories of a sprint as somebody kept them, {"stories": [[key, text], …]}; the newest of a sprint count.
sprint_stories = Table(
    "sprint_stories",
    metadata,
    *written(),
    words("sprint"),
    words("team", optional=True),
    Column("document", JsonType, nullable=False),
    rule("stories_sprint", "trim(sprint) <> ''", "Stories need their sprint."),
    Index("ix_sprint_stories_sprint", "sprint"),
    info={"noun": "stories", "label": "sprint"},
)

# What a customer answered, chosen for a review. Known by the answer's number alone: the words stand in the exports, and
# are gone with the customer when they are forgotten.
quotes = Table(
    "quotes",
    metadata,
    *edited(),
    refers_to("review_id", "reviews"),
    words("response_id"),
    one_per(
        "one_quote_per_answer",
        ["review_id", "response_id"],
        "This is quoted in that review already.",
        among="archived_at is null and response_id <> ''",
    ),
    Index("ix_quotes_response_id", "response_id"),
    info={"noun": "quote", "label": "id", "right": "follow_up"},
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
