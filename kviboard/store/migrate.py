"""Brings a store to the newest schema at start, in one transaction, while nobody else writes. Never back."""

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, insert, inspect, select, text

from kviboard.errors import StoreError
from kviboard.store.append_only import triggers_of
from kviboard.store.database import Database
from kviboard.store.schema import APPEND_ONLY, SCHEMA_VERSION, metadata

MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION = Table(  # as Alembic makes it
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def migrate(database: Database, to: str = SCHEMA_VERSION) -> None:
    """Makes an empty store at once, in a quarter of the time that its migrations take (tests hold both to the same
    tables), and runs the migrations that an older one lacks. StoreError where it was written by a newer program."""
    with database.reading() as connection:
        if schema_of(connection) == to:
            return
    with database.writing(None) as connection:
        found = schema_of(connection)  # another process may have been here first
        if found is not None and found > to:
            raise StoreError(newer_than_us(database.where, found))
        if found is None and to == SCHEMA_VERSION:
            _create(connection)
        elif found != to:
            _upgrade(connection, to)


def newer_than_us(what: str, found: str) -> str:
    """The sentence for a store or a file of a later program."""
    return (
        f"{what} was written by a newer KVI Board (schema {found}; this one knows {SCHEMA_VERSION}): update KVI Board."
    )


def schema_of(connection: Connection) -> str | None:
    """The schema a store has; None for an empty one."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(select(_VERSION.c.version_num)).scalar_one_or_none()


def _create(connection: Connection) -> None:
    metadata.create_all(connection, checkfirst=False)
    for trigger in triggers_of(APPEND_ONLY, connection.dialect.name):
        connection.execute(text(trigger))
    _VERSION.create(connection)
    connection.execute(insert(_VERSION).values(version_num=SCHEMA_VERSION))


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command  # takes 0.1 s to import and is needed for old stores only
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
