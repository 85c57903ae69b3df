"""What everybody in a meeting is asked by phone, and their answers."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, Table, text

from kviboard.store.column_types import TimeType
from kviboard.store.columns import amount, edited, refers_to, words
from kviboard.store.schema import NAMES

revision = "0005"
down_revision = "0004"

then = MetaData(naming_convention=NAMES)

Table("reviews", then, Column("id", Integer, primary_key=True))
Table("key_results", then, Column("id", Integer, primary_key=True))

polls = Table(
    "polls",
    then,
    *edited(),
    refers_to("review_id", "reviews"),
    words("asks"),
    words("kvi", optional=True),
    refers_to("key_result_id", "key_results", optional=True),
    Column("revealed_at", TimeType, nullable=True),
    CheckConstraint("asks in ('change', 'confidence')", name="poll_asks"),
    CheckConstraint(
        "(asks = 'change') = ((kvi is not null) <> (key_result_id is not null))"
        " and (asks = 'change' or (kvi is null and key_result_id is null))",
        name="poll_about",
    ),
    Index(
        "one_poll_each",
        "review_id",
        "asks",
        text("coalesce(kvi, '')"),
        text("coalesce(key_result_id, 0)"),
        unique=True,
        sqlite_where=text("archived_at is null"),
        postgresql_where=text("archived_at is null"),
    ),
)

poll_answers = Table(
    "poll_answers",
    then,
    words("browser", primary_key=True),
    refers_to("poll_id", "polls"),
    words("by", optional=True),
    amount("change"),
    Column("confidence", Integer, nullable=False),
    words("because", default=""),
    CheckConstraint("confidence between 1 and 100", name="poll_answer_confidence"),
    Index("ix_poll_answers_poll_id", "poll_id"),
    sqlite_with_rowid=False,
)


def upgrade() -> None:
    """Makes the tables."""
    then.create_all(op.get_bind(), tables=[polls, poll_answers], checkfirst=False)
