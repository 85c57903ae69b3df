"""Who wrote a comment, closed a review or saved at all, as the sign-in tells them from others of the same name."""

from alembic import op

from kviboard.store.columns import words

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Adds a column to three tables; of what is there already nobody knows more than the name."""
    for table in ("audit", "comments", "review_acts"):
        op.add_column(table, words("created_by_subject", optional=True))
