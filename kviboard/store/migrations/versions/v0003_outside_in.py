"""The outside-in check: rounds, anonymous answers, which browsers answered; and the rewards."""

from alembic import op
from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, MetaData, Table, text

from kviboard.store.column_types import JsonType
from kviboard.store.columns import amount, edited, refers_to, words
from kviboard.store.migrations.triggers import make_append_only
from kviboard.store.schema import NAMES

revision = "0003"
down_revision = "0002"

then = MetaData(naming_convention=NAMES)

Table(
    "check_rounds",
    then,
    *edited(),
    words("name"),
    Column("closes_on", Date, nullable=False),
    CheckConstraint("trim(name) <> ''", name="check_round_name"),
    Index(
        "check_round_names",
        "name",
        unique=True,
        sqlite_where=text("archived_at is null"),
        postgresql_where=text("archived_at is null"),
    ),
)

Table(
    "check_answers",
    then,
    words("drawn", primary_key=True),
    refers_to("round_id", "check_rounds"),
    Column("grades", JsonType, nullable=False),
    words("of_group", optional=True),
    words("comment", default=""),
    CheckConstraint("of_group in ('management', 'others')", name="check_answer_group"),
    Index("ix_check_answers_round_id", "round_id"),
    sqlite_with_rowid=False,
)

Table(
    "check_participants",
    then,
    words("browser", primary_key=True),
    refers_to("round_id", "check_rounds"),
    Index("ix_check_participants_round_id", "round_id"),
    sqlite_with_rowid=False,
)

Table(
    "rewards",
    then,
    *edited(),
    words("role"),
    words("metric"),
    amount("weight", optional=False),
    Column("is_customers", Boolean, nullable=False),
    words("kvi", optional=True),
    CheckConstraint("trim(role) <> ''", name="reward_role"),
    CheckConstraint("trim(metric) <> ''", name="reward_metric"),
    CheckConstraint("cast(weight as numeric) between 0 and 100", name="reward_weight"),
    Index(
        "one_reward_per_metric",
        "role",
        "metric",
        unique=True,
        sqlite_where=text("archived_at is null"),
        postgresql_where=text("archived_at is null"),
    ),
)


def upgrade() -> None:
    """Makes the tables and guards those that are only added to."""
    then.create_all(op.get_bind(), checkfirst=False)
    make_append_only("check_answers", "check_participants")
