"""Comments on objectives, key results and decisions."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, Table

from kviboard.store.columns import edited, refers_to, words
from kviboard.store.schema import NAMES

revision = "0006"
down_revision = "0005"

then = MetaData(naming_convention=NAMES)

for there_already in ("objectives", "key_results", "decisions"):
    Table(there_already, then, Column("id", Integer, primary_key=True))

comments = Table(
    "comments",
    then,
    *edited(),
    refers_to("objective_id", "objectives", optional=True),
    refers_to("key_result_id", "key_results", optional=True),
    refers_to("decision_id", "decisions", optional=True),
    words("text"),
    CheckConstraint("trim(text) <> ''", name="comment_text"),
    CheckConstraint(
        "(case when objective_id is null then 0 else 1 end)"
        " + (case when key_result_id is null then 0 else 1 end)"
        " + (case when decision_id is null then 0 else 1 end) = 1",
        name="comment_about",
    ),
    Index("ix_comments_objective_id", "objective_id"),
    Index("ix_comments_key_result_id", "key_result_id"),
    Index("ix_comments_decision_id", "decision_id"),
)


def upgrade() -> None:
    """Makes the table."""
    then.create_all(op.get_bind(), tables=[comments], checkfirst=False)
