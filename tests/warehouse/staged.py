"""What a refresh makes of a small company's exports, without the files that it would write of them.

The refresh is the real one: it finds, reads, stages, refuses and publishes. But its tables stay in the memory of an
engine, which serves one test after the other: to open an engine and write two dozen files took half of the time. For
tests of how values, columns and rows are read. What is written, which files SQL reaches and how long it may run is told
by refreshes that leave nothing out, with `company.refreshed`.
"""

import tempfile
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kviboard.warehouse import refresh as steps
from kviboard.warehouse.engine import open_for_building
from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.versions import current_version
from kviboard.workspace import Workspace
from kviboard.workspace.settings import Engine
from tests.warehouse import company

_WRITING = ("create_theme_words", "record_contract_tables", "put_contract_tables", "put_check_results")
_NUMBERS = count()


@dataclass(frozen=True)
class _Place:
    """Where the tables of one workspace are: the only database of an engine, because staging asks for all there are."""

    engine: duckdb.DuckDBPyConnection
    database: str
    version: str = ""  # that was published

    def open(self) -> duckdb.DuckDBPyConnection:
        connection = self.engine.cursor()
        connection.execute(f"use {self.database}")
        return connection

    @property
    def is_empty(self) -> bool:
        found = "select 1 from duckdb_tables() where database_name = ? limit 1"
        return not self.engine.execute(found, [self.database]).fetchall()


_PLACES: dict[Path, _Place] = {}
"""By the folder of the workspace."""
_FREE: list[duckdb.DuckDBPyConnection] = []


def refreshed(workspace: Workspace) -> Manifest:
    """Refresh the contract tables, for `published`. A refusal leaves those of the refresh before."""
    _forget_what_is_gone()
    place, before = _new_place(), _PLACES.get(workspace.root)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(steps, "open_for_building", lambda workspace, scratch, rows: place.open())
            patch.setattr(steps, "confine", lambda *arguments: None)  # it would hold for all who come after
            for writes in _WRITING:
                patch.setattr(steps, writes, lambda *arguments: None)
            manifest = company.refreshed(workspace)
    except BaseException:
        _leave(place)
        raise
    given_up, kept = (place, before) if before and place.is_empty else (before, place)  # if nothing changed, and else
    _PLACES[workspace.root] = replace(kept, version=manifest.version)
    if given_up:
        _leave(given_up)
    return manifest


def published(workspace: Workspace, sql: str) -> list[tuple[Any, ...]]:
    """Rows of `sql` over the tables of the version in use, whichever refresh made it."""
    place = _PLACES.get(workspace.root)
    if place is None or place.version != current_version(workspace):
        return company.published(workspace, sql)
    with place.open() as connection:
        return connection.sql(sql).fetchall()


def rejected(workspace: Workspace) -> list[tuple[Any, ...]]:
    """Line, column, value and reason of the rows that were set aside."""
    return published(workspace, company.REJECTED)


def _new_place() -> _Place:
    engine, name = _FREE.pop() if _FREE else _open_engine(), f"company_{next(_NUMBERS)}"
    engine.execute(f"attach ':memory:' as {name}")
    return _Place(engine, name)


def _open_engine() -> duckdb.DuckDBPyConnection:
    nowhere = Workspace(root=Path("nowhere"), state=Path("nowhere"), engine=Engine(threads=1))
    connection = open_for_building(nowhere, Path(tempfile.gettempdir()), rows=0)
    connection.execute("set enable_external_file_cache = false")  # the next test has other files of the same names
    return connection


def _leave(place: _Place) -> None:
    place.engine.execute(f"detach {place.database}")
    _FREE.append(place.engine)


def _forget_what_is_gone() -> None:
    """The folder of a test that passed is removed."""
    for root in [root for root in _PLACES if not root.exists()]:
        _leave(_PLACES.pop(root))
