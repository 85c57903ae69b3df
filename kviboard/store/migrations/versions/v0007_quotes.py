"""Quotes of customers in a review; of whom and which period a decision about a KVI speaks."""

from alembic import op
from sqlalchemy import Column, Index, Integer, MetaData, Table, text

from kviboard.store.column_types import JsonType
from kviboard.store.columns import edited, refers_to, words
from kviboard.store.schema import NAMES

revision = "0007"
down_revision = "0006"

then = MetaData(naming_convention=NAMES)

Table("reviews", then, Column("id", Integer, primary_key=True))

quotes = Table(
    "quotes",
    then,
    *edited(),
    refers_to("review_id", "reviews"),
    words("response_id"),
    Index(
        "one_quote_per_answer",
        "review_id",
        "response_id",
        unique=True,
        sqlite_where=text("archived_at is null and response_id <> ''"),
        postgresql_where=text("archived_at is null and response_id <> ''"),
    ),
    Index("ix_quotes_response_id", "response_id"),
)


def upgrade() -> None:
    """Makes the table, and adds two columns to the decisions."""
    then.create_all(op.get_bind(), tables=[quotes], checkfirst=False)
    op.add_column("decisions", Column("where", JsonType, nullable=False, server_default="{}"))
    op.add_column("decisions", words("period", optional=True))
