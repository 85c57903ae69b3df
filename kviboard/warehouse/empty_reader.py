"""What a board reads before the first refresh: a version that holds nothing."""

from datetime import UTC, datetime

import duckdb
import pandas as pd

from kviboard.caching import object_cache
from kviboard.warehouse.bounded import bound
from kviboard.warehouse.loading import Loading
from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.reader import Reader
from kviboard.workspace import Workspace


class EmptyReader(Reader):
    """A reader without tables. Its last day is today on the company's clocks, its sprints are those of the settings."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace, self.version, self.team = workspace, "", None
        self.folder = workspace.state
        self.manifest = Manifest(
            version="", made_at=datetime.now(UTC), made_from={}, tables={}, provided={}, reach={}, dimensions=(),
            files=(), checks=(), problems=(), external={}, made={},
        )  # fmt: skip
        self._columns, self._known, self._parsed, self.kept = {}, set(), object_cache(10), object_cache(10)
        self._connection = duckdb.connect()
        bound(self._connection)
        self._loading = Loading(self._connection, self.folder, self.manifest, in_memory=False)
        self.__dict__["last_day"] = workspace.company.today()
        self.__dict__["slices"] = pd.DataFrame({"slice_id": []})
        self.__dict__["releases"] = pd.DataFrame({"day": [], "title": [], "description": []})
        self.calendar = workspace.make_calendar(self.last_day)
        self._load_calendar()
        self._lock()
