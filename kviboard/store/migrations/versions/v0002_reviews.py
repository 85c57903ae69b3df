"""Sprint reviews: the review, its frozen acts, predictions, decisions, remarks, addenda, reviewers."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, MetaData, Table, UniqueConstraint, text

from kviboard.store.column_types import IdsType, JsonType
from kviboard.store.columns import band, driven_by_kvi, edited, refers_to, words, written
from kviboard.store.migrations.triggers import make_append_only
from kviboard.store.schema import NAMES

revision = "0002"
down_revision = "0001"

then = MetaData(naming_convention=NAMES)

Table(
    "reviews",
    then,
    *edited(),
    words("sprint"),
    words("team", optional=True),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    words("goal", default=""),
    Column("goal_key_results", IdsType, nullable=False, server_default="[]"),
    CheckConstraint("trim(sprint) <> ''", name="review_sprint"),
    CheckConstraint("trim(team) <> ''", name="review_team"),
    CheckConstraint("ends_on >= starts_on", name="review_days"),
    Index(
        "one_review_per_sprint",
        "sprint",
        text("coalesce(team, '')"),
        unique=True,
        sqlite_where=text("archived_at is null"),
        postgresql_where=text("archived_at is null"),
    ),
)

Table(
    "review_acts",
    then,
    *written(),
    refers_to("review_id", "reviews"),
    words("act"),
    Column("data_through", Date),
    words("warehouse_version", optional=True),
    Column("document", JsonType, nullable=False),
    CheckConstraint("act in ('opening', 'closing')", name="review_act"),
    Index("one_act_each", "review_id", "act", unique=True),
)

Table(
    "predictions",
    then,
    *edited(),
    refers_to("review_id", "reviews"),
    *driven_by_kvi("prediction"),
    *band("prediction"),
    Column("confidence", Integer, nullable=False),
    words("because", default=""),
    CheckConstraint("lower is not null or upper is not null", name="prediction_bounds"),
    CheckConstraint("confidence between 0 and 100", name="prediction_confidence"),
    Index("ix_predictions_review_id", "review_id"),
)

Table(
    "decisions",
    then,
    *edited(),
    refers_to("review_id", "reviews", optional=True),
    words("kind", default="decision"),
    words("text"),
    words("owner"),
    Column("due_on", Date, nullable=False),
    words("kvi", optional=True),
    words("state", default="open"),
    words("outcome", optional=True),
    CheckConstraint("kind in ('decision', 'experiment')", name="decision_kind"),
    CheckConstraint("trim(text) <> ''", name="decision_text"),
    CheckConstraint("trim(owner) <> ''", name="decision_owner"),
    CheckConstraint("state in ('open', 'done', 'dropped')", name="decision_state"),
    CheckConstraint("state <> 'dropped' or trim(coalesce(outcome, '')) <> ''", name="decision_dropped"),
    Index("ix_decisions_review_id", "review_id"),
)

Table(
    "review_remarks",
    then,
    *written(),
    refers_to("review_id", "reviews"),
    words("about", optional=True),
    words("text"),
    CheckConstraint("trim(text) <> ''", name="remark_text"),
    Index("ix_review_remarks_review_id", "review_id"),
)

Table(
    "review_addenda",
    then,
    *written(),
    refers_to("review_id", "reviews"),
    words("text"),
    CheckConstraint("trim(text) <> ''", name="addendum_text"),
    Index("ix_review_addenda_review_id", "review_id"),
)

Table(
    "reviewers",
    then,
    *written(),
    refers_to("review_id", "reviews"),
    words("name"),
    UniqueConstraint("review_id", "name"),
    CheckConstraint("trim(name) <> ''", name="reviewer_name"),
)


def upgrade() -> None:
    """Makes the tables and guards those that are only added to."""
    then.create_all(op.get_bind(), checkfirst=False)
    make_append_only("review_acts", "review_remarks", "review_addenda", "reviewers")
