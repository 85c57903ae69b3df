"""The connection to SQLite or PostgreSQL and its two doors: reading and saving. Leaves to others what goes through.

Both stores behave alike: a reader sees one moment; one save runs at a time, waits a few seconds for the one before it,
and is on disk, whole, when the door closes without an error.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url, select

from kviboard.domain.access import Permission
from kviboard.errors import StoreError
from kviboard.files import hide, make_private
from kviboard.store.failures import as_sentences
from kviboard.store.saving import Author, Save
from kviboard.store.schema import metadata

Permit = Callable[[Permission], None]
WAIT_SECONDS = 5  # for another save to finish
SAVE_LOCK = 5_493_201  # the advisory lock that PostgreSQL saves take, any fixed number


def allow_all(permission: Permission) -> None:
    """Nobody is refused: the program runs for its owner."""


class Database:
    """One store. `where` names it in sentences, without a password; amounts are in `currency` there."""

    def __init__(self, place: str | Path, currency: str = "EUR") -> None:
        """Takes a file's path or a URL; connects at first use. StoreError where the kind of store is not known."""
        url = _url(place)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        name = url.database if self.is_sqlite else url.set(drivername="postgresql", query={}).render_as_string()
        self.where = f"The store {name}"
        self.currency = currency
        self.permit: Permit = allow_all  # raises where the person who acts may not; see Store.guard
        with as_sentences(self.where):
            self._engine = _sqlite(url) if self.is_sqlite else _postgresql(url)
        reading = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading = self._engine.execution_options(**reading)
        self._saving = self._engine.execution_options(saving=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the store."""
        with as_sentences(self.where), self._reading.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, permission: Permission | None) -> Iterator[Connection]:
        """A connection that alone may write until the block ends; an error takes everything back.

        `permission` says what for, and whoever acts must be allowed to; None is the program itself, as in a migration.
        """
        if permission is not None:
            self.permit(permission)
        with as_sentences(self.where), self._saving.begin() as connection:
            if not self.is_sqlite:
                wait_in_line = f"set local lock_timeout = '{WAIT_SECONDS}s'; select pg_advisory_xact_lock({SAVE_LOCK})"
                connection.exec_driver_sql(wait_in_line)
            yield connection

    @contextmanager
    def saving(self, author: Author) -> Iterator[Save]:
        """A save by a person: everything in the block or nothing, each change with its audit entry."""
        with self.writing("write") as connection:
            yield Save(connection, author, self.permit, self.currency)

    def scrub(self) -> None:
        """Leave nothing on the disk of what was taken out or deleted, nor in what PostgreSQL knows of common values."""
        with self.reading() as reading:
            emptied = [] if self.is_sqlite else _statistics_dropped(reading)
        with as_sentences(self.where), closing(self._engine.raw_connection()) as lent:
            connection: Any = lent.driver_connection
            steps = ["vacuum", "pragma wal_checkpoint(truncate)"]
            if not self.is_sqlite:
                lent.detach()  # its mode is changed, so nobody else gets it
                connection.autocommit = True
                steps = ["analyze", *emptied, "vacuum full"]
            for step in steps:
                connection.execute(step).close()

    def close(self) -> None:
        """Lets go of all connections."""
        self._engine.dispose()


def _statistics_dropped(connection: Connection) -> list[str]:
    """Statements that drop what PostgreSQL knows of tables without a row, which ANALYZE leaves as it was: a column that
    is given a type, be it its own, loses it."""
    empty = (each for each in metadata.sorted_tables if connection.execute(select(each).limit(1)).first() is None)
    return [
        f'alter table {each.name} alter column "{column.name}" type {column.type.compile(connection.dialect)}'
        for each in empty
        for column in each.columns
    ]


def _url(place: str | Path) -> URL:
    if isinstance(place, Path) or "://" not in place:
        return URL.create("sqlite", database=str(Path(place).expanduser()))
    try:
        url = make_url(place)
    except (exc.ArgumentError, ValueError) as error:
        raise StoreError(
            "The store's URL cannot be read: write it as postgresql://user:password@host/database."
        ) from error
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database:
        return url.set(drivername="sqlite")
    raise StoreError(f"The store cannot live in {url.render_as_string()}: name a file or postgresql://….")


def _sqlite(url: URL) -> Engine:
    try:
        file = Path(url.database or "")
        make_private(file.parent)
        if url.database and not file.exists():
            with suppress(PermissionError):  # SQLite says it in the words that `failures` knows
                file.touch(mode=0o600)  # SQLite gives its other files the same rights
        elif url.database:
            for each in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
                hide(each)  # an older version may have made it
    except OSError as error:
        raise StoreError(f"The folder of the store {url.database} cannot be made: {error.strerror}.") from error
    engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS}, pool_size=20)

    @event.listens_for(engine, "connect")
    def prepare(connection: SqliteConnection, _record: Any) -> None:
        connection.isolation_level = None  # the driver shall not begin transactions of its own
        for setting in ("journal_mode = wal", "synchronous = full", "foreign_keys = on"):
            connection.execute(f"pragma {setting}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        saving = connection.get_execution_options().get("saving")
        connection.exec_driver_sql("begin immediate" if saving else "begin")

    return engine


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(url, connect_args={"connect_timeout": WAIT_SECONDS}, pool_size=20, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise StoreError('A store on PostgreSQL needs a driver: pip install "psycopg[binary]".') from error
