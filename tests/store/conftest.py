"""Stores for the tests: an SQLite file and a database of a real PostgreSQL server, each empty."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from kviboard.store import Store, open_store
from tests.store.postgres import postgres_server

KINDS = ("sqlite", "postgresql")

NewPlace = Callable[[str], AbstractContextManager[str]]


class Databases:
    """The databases of one server, lent to tests and emptied after use: making one takes a second, emptying none."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._free: list[str] = []
        self._numbers = count(1)

    def borrow(self) -> str:
        """The URL of an empty store of the newest schema."""
        if not self._free:
            url = self.new()
            open_store(url).close()
            self._free.append(url)
        return self._free.pop()

    def new(self) -> str:
        """The URL of another database with nothing in it."""
        name = f"board_{next(self._numbers)}"
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"create database {name}")
        return self._server.replace("/postgres?", f"/{name}?")

    def give_back(self, url: str) -> None:
        """Empties a store; the triggers that forbid it are off meanwhile."""
        with psycopg.connect(url) as connection:
            connection.execute("set session_replication_role = replica")
            found = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
            names = ", ".join(name for (name,) in found if name != "alembic_version")
            connection.execute(f"truncate {names} restart identity")
        self._free.append(url)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Databases of a PostgreSQL server that lives as long as the test run."""
    with postgres_server() as url:
        yield Databases(url)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite store of the newest schema, to be copied."""
    file = tmp_path_factory.mktemp("template") / "board.sqlite"
    open_store(file).close()
    return file


@pytest.fixture
def new_place(tmp_path: Path, request: pytest.FixtureRequest) -> NewPlace:
    """Lends another empty store of a kind: a file's path or a URL."""
    numbers = count(1)

    @contextmanager
    def lend(kind: str) -> Iterator[str]:
        if kind == "sqlite":
            template = request.getfixturevalue("empty_file")
            yield str(shutil.copy(template, tmp_path / f"board_{next(numbers)}.sqlite"))
            return
        databases = request.getfixturevalue("databases")
        url = databases.borrow()
        yield url
        databases.give_back(url)

    return lend


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Every test that asks for a store runs on both kinds."""
    return str(request.param)


@pytest.fixture
def place(kind: str, new_place: NewPlace) -> Iterator[str]:
    """Where an empty store is: a file's path or a URL."""
    with new_place(kind) as lent:
        yield lent


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(place)
    yield opened
    opened.close()
