"""The refresh: extract, stage, build, check, publish. At its end a whole new version is in use, or nothing changed."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from kviboard.catalog import Catalog
from kviboard.domain.contract import CONTRACT
from kviboard.errors import ExportError, Problem, RefreshError
from kviboard.warehouse.build import build_marts, run_checks, write_table
from kviboard.warehouse.engine import open_for_building, quoted
from kviboard.warehouse.exports import find_files, missing_files
from kviboard.warehouse.extract import Extract, extract, forget_unused
from kviboard.warehouse.manifest import CheckResult, Manifest
from kviboard.warehouse.staging import stage_all
from kviboard.warehouse.versions import building, list_versions, next_version, only_refresh, publish
from kviboard.workspace import Workspace

Progress = Callable[[str, float], None]
BUILDER_VERSION = 1  # raised when the same exports and queries would give another version
_HELPERS = ("slices", "settings", "data_days", "rejected_rows", "file_ledger")
_EXTRACTED, _STAGED, _BUILT, _CHECKED = 0.4, 0.6, 0.9, 0.95


def refresh(workspace: Workspace, catalog: Catalog, progress: Progress | None = None) -> Manifest:
    """Read the exports and publish a new version. Raises RefreshError, with all problems, if nothing was published."""
    say = progress or (lambda what, share: None)
    with only_refresh(workspace):
        made_from = fingerprints(workspace, catalog)
        extracts, problems = _extract_all(workspace, say)
        version = next_version(workspace)
        with building(workspace, version) as folder, open_for_building(workspace, folder) as connection:
            say("Staging", _EXTRACTED)
            staged = stage_all(connection, workspace, catalog, extracts)
            _refuse(staged.refusals)
            tables = _write_tables(connection, catalog, workspace, folder, say)
            say("Checking", _BUILT)
            checks, broken = run_checks(connection, catalog.checks)
            _refuse(_failures(checks))
            _write_checks(connection, checks, folder)
            manifest = Manifest(
                version=version,
                made_at=datetime.now(UTC),
                made_from=made_from,
                tables=tables,
                provided=staged.provided,
                reach=staged.reach,
                dimensions=workspace.dimensions,
                files=tuple(staged.ledger),
                checks=tuple(checks),
                problems=(*problems, *staged.problems, *broken),
            )
            say("Publishing", _CHECKED)
            publish(workspace, folder, manifest)
        forget_unused(workspace.state / "cache", {e.found.fingerprint for found in extracts.values() for e in found})
    say("Done", 1.0)
    return manifest


def needs_refresh(workspace: Workspace, catalog: Catalog) -> bool:
    """Whether exports, settings or queries changed since the newest version, even where an older one is in use."""
    versions = list_versions(workspace)
    return not versions or versions[0].made_from != fingerprints(workspace, catalog)


def fingerprints(workspace: Workspace, catalog: Catalog) -> dict[str, str]:
    """What a version is made from, each with a text that changes when it does."""
    settings = workspace.model_dump_json(include={"company": {"timezone"}, "sources": True, "surveys": True,
                                                  "dimensions": True, "refresh": True})  # fmt: skip
    made_from = {"kviboard": str(BUILDER_VERSION), "kviboard.toml": _short_hash(settings)}
    for kind in (catalog.staging, catalog.marts, catalog.checks):
        made_from |= {query.path: _short_hash(query.sql) for query in kind.values()}
    for name in workspace.sources:
        made_from |= {f"{name}: {found.name}": found.fingerprint for found in find_files(workspace, name)[0]}
    return made_from


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _extract_all(workspace: Workspace, say: Progress) -> tuple[dict[str, list[Extract]], list[Problem]]:
    """Every readable source with its files. Raises RefreshError for unreadable files and for exports that vanished."""
    found = {name: find_files(workspace, name) for name in workspace.sources}
    problems = [problem for _, some in found.values() for problem in some]
    total = sum(len(files) for files, _ in found.values())
    extracts: dict[str, list[Extract]] = {}
    refusals: list[Problem] = []
    done = 0
    for name, (files, _) in found.items():
        for file in files:
            say(f"Reading {file.name}", _EXTRACTED * done / total)
            try:
                extracts.setdefault(name, []).append(extract(file, workspace.sources[name], workspace.state / "cache"))
            except ExportError as error:
                refusals += error.problems
            done += 1
        if not files:
            (refusals if name in _sources_before(workspace) else problems).append(
                missing_files(name, workspace.sources[name])
            )
    _refuse(refusals)
    return extracts, problems


def _sources_before(workspace: Workspace) -> set[str]:
    """Sources that the newest version has rows of: they must not silently vanish."""
    versions = list_versions(workspace)
    return {row.source for row in versions[0].files} if versions else set()


def _refuse(problems: Iterable[Problem]) -> None:
    found = list(problems)
    if found:
        lines = "\n".join(f"- {problem}" for problem in found)
        raise RefreshError(f"The refresh was not published:\n{lines}", found)


def _write_tables(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, workspace: Workspace, folder: Path, say: Progress
) -> dict[str, int]:
    """Write contract tables and marts; rows per table."""
    tables = {}
    for name in (*CONTRACT, *_HELPERS):
        tables[name] = write_table(connection, f"select * from {quoted(name)}", folder / f"{name}.parquet")
    marts = build_marts(connection, catalog.marts, workspace.dimensions, folder)
    for done, (name, rows) in enumerate(marts):
        tables[name] = rows
        say(f"Built {name}", _STAGED + (_BUILT - _STAGED) * (done + 1) / len(catalog.marts))
    return tables


def _failures(checks: Iterable[CheckResult]) -> list[Problem]:
    return [
        Problem(
            f"Check {check.check_name}",
            f"{check.rows_broken:,} rows break its rule: {check.title}.",
            f"One of them: {check.example}.",
        )
        for check in checks
        if check.rows_broken and check.severity == "error"
    ]


def _write_checks(connection: duckdb.DuckDBPyConnection, checks: Iterable[CheckResult], folder: Path) -> None:
    connection.execute(
        "create table check_results (check_name varchar, title varchar, severity varchar, rows_broken bigint, "
        "example varchar)"
    )
    rows = [list(check.model_dump().values()) for check in checks]
    if rows:
        connection.executemany("insert into check_results values (?, ?, ?, ?, ?)", rows)
    write_table(connection, "select * from check_results", folder / "check_results.parquet")
