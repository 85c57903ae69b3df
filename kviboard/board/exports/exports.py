"""What the exports gave the board: sources and their files, rows, reach and gaps, what changed since, what to know.

Works without a version too, so that a new workspace sees what is there. Refreshing belongs to `refresh_job`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from kviboard.board.board import Board
from kviboard.board.exports.maintenance import broken_checks
from kviboard.board.exports.own_kvis import kvis_of_first_products
from kviboard.catalog import Catalog, load_catalog
from kviboard.domain.contract import CONTRACT
from kviboard.domain.kvis.coverage import Coverage, coverage_of
from kviboard.errors import Problem, QueryError
from kviboard.warehouse.files.discovery import FoundFile, missing_files
from kviboard.warehouse.manifest import ExportDecision, LedgerRow, Manifest, Reach
from kviboard.warehouse.origin import find_all, made_from_of
from kviboard.warehouse.versions import list_versions
from kviboard.workspace import Workspace

KINDS = {
    "rejected": "Rejected",
    "set aside": "No rows: answers without a score, totals, repeated headers",
    "excluded": "Set aside by your own staging query",
    "replaced": "Replaced by a later row with the same key",
    "emptied": "Kept without a cell that cannot be read",
}


@dataclass(frozen=True)
class ExportFile:
    """One file of a source. `size` in bytes, None where it is gone; `change` since the newest version."""

    name: str
    size: int | None
    change: str = ""  # new, changed, gone
    rows: tuple[LedgerRow, ...] = ()  # one per table that it feeds


@dataclass(frozen=True)
class Feed:
    """What one source brought into one contract table, over all its files."""

    table: str
    role: str  # rows, derived (the staging query does not say from which file) or lookup (rows are only looked up)
    rows: tuple[LedgerRow, ...]  # one per file
    reach: Reach | None

    def total(self, field: str) -> int:
        """The sum of a field of the ledger, such as rows_read."""
        return sum(getattr(row, field) for row in self.rows)


@dataclass(frozen=True)
class SourceReport:
    """One source of kviboard.toml. `missing` says what to do where it has no file."""

    name: str
    patterns: tuple[str, ...]
    files: tuple[ExportFile, ...]
    feeds: tuple[Feed, ...]
    missing: Problem | None


@dataclass(frozen=True)
class Exports:
    """The state of a workspace's exports. `version` is the one in use, None before the first refresh."""

    version: Manifest | None
    versions: tuple[Manifest, ...]  # the newest first
    changes: tuple[str, ...]  # since the newest version, each a short sentence
    sources: tuple[SourceReport, ...]
    problems: tuple[Problem, ...]  # query files that are broken, as written or as run
    notes: tuple[Problem, ...]  # settings, odd files, broken rules: the numbers are sound, but one should know
    decisions: tuple[ExportDecision, ...] = ()  # how the exports were read; what should be confirmed first

    @property
    def is_newest(self) -> bool:
        """Whether the version in use is the newest: not after going back."""
        return self.version is None or self.version.version == self.versions[0].version


def look_at_exports(workspace: Workspace, board: Board | None) -> Exports:
    """The exports as they lie there now, beside what the version that `board` reads made of them."""
    catalog = board.catalog if board else load_catalog(workspace)
    version = board.reader.manifest if board else None
    versions = tuple(list_versions(workspace))
    found = find_all(workspace)
    changed = _changed(versions[0].made_from, made_from_of(workspace, catalog, found)) if versions else {}
    sources = tuple(_source(workspace, name, files, version, changed) for name, (files, _) in found.items())
    problems = board.problems if board else catalog.problems
    decisions = sorted(version.decisions, key=_is_note) if version else ()
    return Exports(
        version, versions, _in_words(changed), sources, problems, _notes(sources, version, catalog), tuple(decisions)
    )


def coverages(board: Board) -> dict[str, Coverage]:
    """On which days each event table has rows, for those that have any. Raises QueryError, as reasons does."""
    frame = _view(board, "days_with_rows")
    found = {str(table): coverage_of(rows["day"].dt.date) for table, rows in frame.groupby("table_name")}
    return {table: coverage for table, coverage in found.items() if coverage}


def reasons(board: Board) -> pd.DataFrame:
    """Why rows were set aside: one row per reason and example (up to three), see queries/views/rejected_reasons.sql."""
    return _view(board, "rejected_reasons")


def rejected_rows(board: Board) -> pd.DataFrame:
    """Every row that was set aside: source, table_name, kind, file, line, column_name, value, reason."""
    return _view(board, "rejected_rows")


def waiting(board: Board) -> dict[str, tuple[str, ...]]:
    """What is not exported, as in "the tickets export", and the titles of the KVIs that wait for it."""
    lacks = dict.fromkeys(sentence.removeprefix("needs ") for sentence in board.waiting.values())
    return {
        lack: tuple(
            board.catalog.kvis[name].title for name, sentence in board.waiting.items() if sentence == f"needs {lack}"
        )
        for lack in lacks
    }


def not_exported(exports: Exports) -> list[str]:
    """Contract tables that the version in use has no export of."""
    return [table for table in CONTRACT if exports.version and table not in exports.version.provided]


def _view(board: Board, name: str) -> pd.DataFrame:
    query = board.catalog.views.get(name)
    if query is None:
        raise QueryError(f"queries/views/{name}.sql is broken, so this part of the page is empty; fix or remove it.")
    return board.reader.frame(query.sql)


def _is_note(decision: ExportDecision) -> bool:
    return decision.level == "note"


def _notes(sources: Sequence[SourceReport], version: Manifest | None, catalog: Catalog) -> tuple[Problem, ...]:
    missing = [source.missing for source in sources if source.missing]
    if version is None:
        return tuple(dict.fromkeys(missing))
    found = [*version.problems, *missing, *broken_checks(version), *kvis_of_first_products(catalog, version)]
    return tuple(dict.fromkeys(found))


def _source(
    workspace: Workspace, name: str, found: Sequence[FoundFile], version: Manifest | None, changed: Mapping[str, str]
) -> SourceReport:
    ledger = [row for row in version.files if row.source == name] if version else []
    names = [file.name for file in found]
    names += sorted({row.file for row in ledger if row.file and not any(file.is_in(row.file) for file in found)})
    files = tuple(_file(label, found, ledger, changed.get(f"{name}: {label}", "")) for label in names)
    source = workspace.sources[name]
    missing = None if found else missing_files(name, source)
    return SourceReport(name, source.patterns, files, _feeds(ledger, version), missing)


def _file(name: str, found: Sequence[FoundFile], ledger: Sequence[LedgerRow], change: str) -> ExportFile:
    here = next((file for file in found if file.name == name), None)
    size = here.path.stat().st_size if here and here.path.exists() else None
    own = tuple(row for row in ledger if (here.is_in(row.file) if here else row.file == name))
    return ExportFile(name, size, change, own)


def _feeds(ledger: Sequence[LedgerRow], version: Manifest | None) -> tuple[Feed, ...]:
    feeds = []
    for table, role in dict.fromkeys((row.table_name, row.role) for row in ledger):
        rows = [row for row in ledger if (row.table_name, row.role) == (table, role)]
        reach = version.reach.get(table) if version and role != "lookup" else None
        feeds.append(Feed(table, role, tuple(rows), reach))
    return tuple(sorted(feeds, key=lambda feed: ("rows", "derived", "lookup").index(feed.role)))


def changes_between(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """What versions are made from and is not the same in both, each in words: "orders.csv was changed"."""
    return _in_words(_changed(before, now))


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What a version is made from and is not as it was, with: new, changed or gone."""
    states = {key: "new" if key not in before else "changed" for key in now if now[key] != before.get(key)}
    return states | {key: "gone" for key in before if key not in now}


def _in_words(changed: Mapping[str, str]) -> tuple[str, ...]:
    words = {"new": "is new", "changed": "was changed", "gone": "is gone"}
    named = {
        key.partition(": ")[2] or {"kviboard": "The board itself"}.get(key, key): change
        for key, change in changed.items()
    }
    return tuple(f"{name} {words[change]}" for name, change in named.items())
