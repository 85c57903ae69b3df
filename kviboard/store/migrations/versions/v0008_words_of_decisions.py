"""The words of a customer that a decision answers."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adds a column to the decisions. Its reference is named where it stands, as SQLite takes no other to a table that
    is there already."""
    op.execute(
        "ALTER TABLE decisions ADD COLUMN quote_id INTEGER CONSTRAINT fk_decisions_quote_id REFERENCES quotes (id) "
        "DEFERRABLE INITIALLY IMMEDIATE"
    )
