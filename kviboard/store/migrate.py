"""Brings a store to the newest schema at start, in one transaction, while nobody else writes. Never back."""

from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

from kviboard.errors import StoreError
from kviboard.store.database import Database
from kviboard.store.schema import SCHEMA_VERSION

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database, to: str = SCHEMA_VERSION) -> None:
    """Runs the migrations a store lacks. StoreError where it was written by a newer program."""
    with database.reading() as connection:
        if schema_of(connection) == to:
            return
    with database.writing(None) as connection:
        found = schema_of(connection)  # another process may have been here first
        if found is not None and found > to:
            raise StoreError(newer_than_us(database.where, found))
        if found != to:
            _upgrade(connection, to)


def newer_than_us(what: str, found: str) -> str:
    """The sentence for a store or a file of a later program."""
    return (
        f"{what} was written by a newer KVI Board (schema {found}; this one knows {SCHEMA_VERSION}): update KVI Board."
    )


def schema_of(connection: Connection) -> str | None:
    """The schema a store has; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(select(column("version_num")).select_from(table("alembic_version"))).scalar_one_or_none()


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command  # takes 0.1 s to import and is needed for new and old stores only
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, to)
    except CommandError as error:
        what = f"The schema from which it is brought to {to} is none of this program's"
        raise StoreError(f"{what} ({str(error).rstrip('.')}): take a whole file or store.") from error
