"""The user stories of sprints."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Index, MetaData, Table

from kviboard.store.column_types import JsonType
from kviboard.store.columns import words, written
from kviboard.store.migrations.triggers import make_append_only
from kviboard.store.schema import NAMES

revision = "0010"
down_revision = "0009"

then = MetaData(naming_convention=NAMES)

sprint_stories = Table(
    "sprint_stories",
    then,
    *written(),
    words("sprint"),
    words("team", optional=True),
    Column("document", JsonType, nullable=False),
    CheckConstraint("trim(sprint) <> ''", name="stories_sprint"),
    Index("ix_sprint_stories_sprint", "sprint"),
)


def upgrade() -> None:
    """Makes the table and guards its rows: what is kept anew stands beside what was kept before."""
    then.create_all(op.get_bind(), checkfirst=False)
    make_append_only("sprint_stories")
