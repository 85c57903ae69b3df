"""Stores for the tests: an SQLite file and a database of a real PostgreSQL server, each new and empty."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from kviboard.store import Store, open_store
from tests.store.postgres import postgres_server

KINDS = ("sqlite", "postgresql")
numbers = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test run."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def new_database(server: str) -> Callable[[str], str]:
    """Makes another database of the server, empty or like a template, and returns its URL."""

    def make(template: str = "template1") -> str:
        name = f"board_{next(numbers)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"create database {name} template {template}")  # type: ignore[arg-type]
        return server.replace("/postgres?", f"/{name}?")

    return make


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite store of the newest schema; opening it once is slower than copying it."""
    file = tmp_path_factory.mktemp("template") / "board.sqlite"
    open_store(file).close()
    return file


@pytest.fixture(scope="session")
def empty_database(new_database: Callable[[str], str]) -> str:
    """The name of a PostgreSQL database of the newest schema."""
    url = new_database("template1")
    open_store(url).close()
    return url.partition("board@/")[2].partition("?")[0]


@pytest.fixture
def new_place(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Makes another empty store of a kind and returns where it is: a file's path or a URL."""

    def make(kind: str) -> str:
        if kind == "postgresql":
            template = request.getfixturevalue("empty_database")
            return str(request.getfixturevalue("new_database")(template))
        file = tmp_path / f"board_{next(numbers)}.sqlite"
        shutil.copy(request.getfixturevalue("empty_file"), file)
        return str(file)

    return make


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Every test that asks for a store runs on both kinds."""
    return str(request.param)


@pytest.fixture
def place(kind: str, new_place: Callable[[str], str]) -> str:
    """Where an empty store is: a file's path or a URL."""
    return new_place(kind)


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(place)
    yield opened
    opened.close()
