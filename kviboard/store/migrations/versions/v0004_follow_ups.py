"""Follow-ups of what customers answered."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Date, Index, MetaData, Table, text

from kviboard.store.columns import edited, words
from kviboard.store.schema import NAMES

revision = "0004"
down_revision = "0003"

then = MetaData(naming_convention=NAMES)

Table(
    "follow_ups",
    then,
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
    CheckConstraint("trim(owner) <> ''", name="follow_up_owner"),
    CheckConstraint("band in ('promoter', 'passive', 'detractor')", name="follow_up_band"),
    CheckConstraint("state in ('open', 'done', 'dropped')", name="follow_up_state"),
    CheckConstraint("outcome in ('talked', 'solved', 'not_reached')", name="follow_up_outcome"),
    CheckConstraint(
        "(state = 'done') = (outcome is not null) and (state = 'done') = (done_on is not null)",
        name="follow_up_done",
    ),
    CheckConstraint("done_on >= answered_on", name="follow_up_days"),
    CheckConstraint("state <> 'dropped' or trim(note) <> ''", name="follow_up_dropped"),
    Index(
        "one_follow_up_per_answer",
        "response_id",
        unique=True,
        sqlite_where=text("archived_at is null and response_id <> ''"),
        postgresql_where=text("archived_at is null and response_id <> ''"),
    ),
)


def upgrade() -> None:
    """Makes the table."""
    then.create_all(op.get_bind(), checkfirst=False)
