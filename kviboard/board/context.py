"""The board together with its store: what every OKR use case needs. Keeps the KVI histories it has read.

A KVI in one slice and grain is evaluated once, however many key results it drives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path

from kviboard.board.board import Board
from kviboard.board.kvis.history import KviHistory, as_slice, read_history
from kviboard.caching import LatestCache, ObjectCache, object_cache
from kviboard.errors import KviBoardError, StoreError
from kviboard.store import FILE_NAME, Store, open_store
from kviboard.workspace import Workspace

EXPORT_FILE = "okrs.json"


@dataclass(frozen=True, eq=False)
class BoardContext:
    """One open board and its store. Safe to share between sessions; open a new one on a new warehouse version.

    What it has computed goes with it: KVI histories, quarters, and the contexts of teams (see `reviews.sprints`).
    """

    board: Board
    store: Store
    _histories: ObjectCache = field(default_factory=partial(object_cache, 1_000), repr=False)
    quarters: ObjectCache = field(default_factory=partial(object_cache, 16), repr=False)
    of_team: ObjectCache = field(default_factory=partial(object_cache, 8), repr=False)
    cards: LatestCache = field(default_factory=partial(LatestCache, 2_000), repr=False)

    @property
    def currency(self) -> str:
        return self.board.workspace.company.currency

    def day_of(self, moment: datetime) -> date:
        """The day it was for the company at a moment."""
        return self.board.workspace.company.day_of(moment)

    @cached_property
    def dimension_values(self) -> dict[str, list[str]]:
        """The values of each dimension, to choose a slice from."""
        reader = self.board.reader
        return {dimension: reader.dimension_values(dimension) for dimension in reader.dimensions}

    @property
    def kinds_of_customers(self) -> frozenset[str]:
        """What the company calls its customers."""
        return self.board.kinds_of_customers

    def history(self, kvi: str, grain: str, where: Mapping[str, Sequence[str]]) -> KviHistory:
        """The KVI in a slice and grain. Raises UsageError or QueryError where it cannot be computed."""
        chosen = as_slice(where)
        return self._histories(
            (kvi, grain, chosen), lambda: read_history(self.board, self.board.kvi(kvi), grain, chosen)
        )

    def history_or_trouble(
        self, kvi: str, grain: str | None, where: Mapping[str, Sequence[str]]
    ) -> tuple[KviHistory | None, str]:
        """The history, or None and the sentence that says why it cannot be computed."""
        if not self.board.has_file(kvi):
            return None, f'"{kvi}" is not a KVI any more: choose another, or bring its file back.'
        try:
            return self.history(kvi, grain or "month", where), ""
        except KviBoardError as error:
            return None, str(error)


def store_place(workspace: Workspace) -> str | Path:
    """Where the workspace's OKRs are kept: the URL in [store], else a file in its state folder."""
    url = workspace.store.url
    return url.get_secret_value() if url else workspace.state / FILE_NAME


def open_bare_store_of(workspace: Workspace) -> Store:
    """The workspace's store as it is, an empty one left empty. Raises StoreError."""
    return open_store(store_place(workspace), workspace.company.currency)


def open_store_of(workspace: Workspace) -> Store:
    """The workspace's store, made where needed. An empty one begins with the OKRs in the workspace's okrs.json, if it
    has that export, as the sample does. Raises StoreError."""
    store = open_bare_store_of(workspace)
    file = workspace.root / EXPORT_FILE
    if file.is_file() and not store.history.newest():
        try:
            store.import_json(file)
        except StoreError:
            if not store.history.newest():  # otherwise another process was here first
                raise
    return store
