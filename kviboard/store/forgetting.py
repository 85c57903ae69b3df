"""Takes out of a table which answers its rows are about, in the audit, too: the rows stay, as numbers."""

from collections.abc import Collection, Mapping

from sqlalchemy import Table, select, update

from kviboard.store.append_only import append_only_off
from kviboard.store.database import Database
from kviboard.store.schema import audit


def forget_answers(database: Database, table: Table, response_ids: Collection[str], gone: Mapping[str, str]) -> int:
    """Puts `gone`, by column, in the rows of a table that name one of these answers. Returns how many there were."""
    if not response_ids:
        return 0
    with database.writing("data") as connection, append_only_off(connection, audit.name):
        wanted = select(table.c.id).where(table.c.response_id.in_(response_ids))
        known = list(connection.execute(wanted).scalars())
        about = (audit.c.row_of == table.name, audit.c.row_id.in_(known))
        connection.execute(update(table).where(table.c.id.in_(known)).values(**gone))
        for entry in connection.execute(select(audit).where(*about)).all():
            kept = {
                side: {name: gone.get(name, value) for name, value in values.items()} if values else values
                for side, values in (("before", entry.before), ("after", entry.after))
            }
            connection.execute(update(audit).where(audit.c.id == entry.id).values(**kept))
    return len(known)
