"""What was found out about a file's rows, kept beside the file in the cache, so that a file that is still the same is
not read again for it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kviboard.files import write_atomically
from kviboard.warehouse.files.extract import Extract


@dataclass(frozen=True)
class FoundBefore:
    """Of the rows that one table has of a file."""

    cache: Path
    table: str

    def recall(self, extract: Extract, what: str, made_by: str) -> Any:
        """What was found out by the same; None where that is not known."""
        try:
            held = json.loads(self._place(extract, what).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return held["found"] if held["made_by"] == made_by else None

    def keep(self, extract: Extract, what: str, made_by: str, found: object) -> None:
        """Keep what JSON can say; `made_by` says all that it depends on besides the file."""
        path = self._place(extract, what)
        path.parent.mkdir(parents=True, exist_ok=True)
        with write_atomically(path) as unfinished:
            unfinished.write_text(json.dumps({"made_by": made_by, "found": found}), encoding="utf-8")

    def _place(self, extract: Extract, what: str) -> Path:
        return self.cache / f"{extract.found.fingerprint}.{self.table}.{what}.json"
