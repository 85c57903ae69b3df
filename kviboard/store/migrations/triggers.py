"""Triggers that keep what happened as it was written, as migrations make them."""

from alembic import op

from kviboard.store.append_only import triggers_of


def make_append_only(*tables: str) -> None:
    """Rows of these tables can be added, never changed or deleted."""
    for trigger in triggers_of(tables, op.get_bind().dialect.name):
        op.execute(trigger)
