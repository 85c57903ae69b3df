"""The refresh: extract, stage, build, check, publish. At its end a whole new version is in use, or nothing changed."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from kviboard.apart import limited
from kviboard.catalog import Catalog
from kviboard.errors import ExportError, Problem, RefreshError
from kviboard.scratch import clear_scratch
from kviboard.warehouse.engine import confine, open_for_building
from kviboard.warehouse.file_notes import emptied, unclaimed
from kviboard.warehouse.files.discovery import FoundFile, missing_files
from kviboard.warehouse.files.extract import Extract, forget_unused
from kviboard.warehouse.files.parts import extract_all
from kviboard.warehouse.fingerprints import Fingerprints
from kviboard.warehouse.forgotten import LeftOut, read_forgotten
from kviboard.warehouse.kvis_seen import see_kvis
from kviboard.warehouse.manifest import CheckResult, Manifest
from kviboard.warehouse.marts import (
    put_check_results,
    put_contract_tables,
    put_marts,
    record_contract_tables,
    run_checks,
)
from kviboard.warehouse.origin import Found, find_all, made_from_of, settings_of
from kviboard.warehouse.spark.cluster import Cluster
from kviboard.warehouse.spark.marts import SparkMarts
from kviboard.warehouse.spark.staging import SparkStaging
from kviboard.warehouse.spark.taking import take_all
from kviboard.warehouse.staging.append import GROWING
from kviboard.warehouse.staging.pipeline import stage_all
from kviboard.warehouse.staging.queries.origins import left_out_of
from kviboard.warehouse.staging.refusals import broken_checks
from kviboard.warehouse.staging.staged import Staged
from kviboard.warehouse.tables import HERE, PreviousVersion, Tables, Writer
from kviboard.warehouse.themes import create_theme_words
from kviboard.warehouse.unchanged import is_as_before, made_by, make_again
from kviboard.warehouse.versions import (
    FORGOTTEN,
    building,
    newest,
    next_version,
    only_refresh,
    publish,
    warehouse_folder,
    write_manifest,
)
from kviboard.workspace import Workspace

Progress = Callable[[str, float], None]
Look = Callable[[str], None]
_EXTRACTED, _STAGED, _BUILT, _CHECKED = 0.4, 0.6, 0.9, 0.95
_MARTS = _BUILT - _STAGED
_INTERRUPTED = "Query interrupted"  # what DuckDB says of Ctrl+C in the middle of a query


@dataclass(frozen=True)
class _Origin:
    """What a version is made from: files with what was found odd about them, and fingerprints of all that decides."""

    found: Found
    made_from: dict[str, str]
    made_by: str
    kvis: dict[str, Any]  # fields of the manifest


def refresh(
    workspace: Workspace, catalog: Catalog, progress: Progress | None = None, look: Look | None = None
) -> Manifest:
    """Read the exports and publish a new version; with `look`, only build it and call that with its name meanwhile.

    Raises RefreshError, with all problems, if nothing could be published, KeyboardInterrupt after Ctrl+C: the version
    before stays in use.
    """
    say = progress or (lambda what, share: None)
    try:
        with only_refresh(workspace), _within_memory(workspace):
            clear_scratch(workspace.state)
            if look is None:
                take_all(workspace, lambda doing: say(doing, 0))
            found = find_all(workspace)
            made_from = made_from_of(workspace, catalog, found)
            before = newest(workspace)
            kvis = see_kvis(catalog, before.manifest, workspace.company.today())
            origin = _Origin(found, made_from, made_by(workspace, catalog, found, made_from), kvis)
            if before.manifest and is_as_before(before, origin.made_by):
                manifest = before.manifest
                if look:
                    look(manifest.version)
                else:
                    manifest = make_again(workspace, before, kvis)
            else:
                extracts, problems = _extract_all(workspace, catalog, found, before, say)
                manifest = _build(workspace, catalog, extracts, before, origin, problems, say, look)
            if look is None:
                forget_unused(_cache(workspace), {file.fingerprint for files, _ in found.values() for file in files})
    except duckdb.Error as error:
        raise RefreshError(f"The refresh was not published: {str(error).splitlines()[0].rstrip('.')}.") from error
    except RuntimeError as error:
        if str(error) == _INTERRUPTED:
            raise KeyboardInterrupt from error
        raise
    except OSError as error:
        what = f"{error.filename or workspace.state} cannot be written ({error.strerror or error})"
        raise RefreshError(f"The refresh was not published: {what}; make room or give write access.") from error
    say("Done", 1.0)
    return manifest


def _within_memory(workspace: Workspace) -> AbstractContextManager[None]:
    """Meanwhile no query takes more than twice [engine] memory_gb, half of which the engine counts: it ends with an
    error instead, also where the board itself refreshes. A driver of Spark takes what its own settings say."""
    return nullcontext() if workspace.engine.kind == "spark" else limited(2 * workspace.engine.memory_gb)


def _cache(workspace: Workspace) -> Path:
    return workspace.state / "cache"


def _extract_all(
    workspace: Workspace, catalog: Catalog, exports: Found, before: PreviousVersion, say: Progress
) -> tuple[dict[str, list[Extract]], list[Problem]]:
    """Every source that has files. Raises RefreshError for unreadable files and for exports that vanished."""
    extracts: dict[str, list[Extract]] = {}
    problems: list[Problem] = []
    refusals: list[Problem] = []
    known = {row.source for row in before.manifest.files} if before.manifest else set()  # must not silently vanish
    found_files: list[FoundFile] = []
    forgotten = read_forgotten(workspace.state)
    left_out: dict[str, LeftOut] = {}
    for name, source in workspace.sources.items():
        left_out[name] = left_out_of(source, name, catalog.staging, forgotten)
        files, found = exports[name]
        found_files += files
        problems += found
        if not files:
            (refusals if name in known else problems).append(missing_files(name, source))
    for done, file in enumerate(found_files):
        say(f"Reading {file.name}", _EXTRACTED * done / len(found_files))
        try:
            source, aside = workspace.sources[file.source], left_out[file.source]
            extracts.setdefault(file.source, []).extend(extract_all(file, source, _cache(workspace), aside))
        except ExportError as error:
            refusals += error.problems
    _refuse(refusals)
    return extracts, problems


def _refuse(problems: Iterable[Problem]) -> None:
    found = list(problems)
    if found:
        lines = "\n".join(f"- {problem}" for problem in found)
        raise RefreshError(f"The refresh was not published:\n{lines}", found)


def _build(
    workspace: Workspace,
    catalog: Catalog,
    extracts: dict[str, list[Extract]],
    before: PreviousVersion,
    origin: _Origin,
    problems: list[Problem],
    say: Progress,
    look: Look | None,
) -> Manifest:
    version, marts, reached = next_version(workspace), catalog.marts, _EXTRACTED
    with building(workspace, version) as folder, _open(workspace, folder, extracts) as connection:
        cluster = (
            None if _is_here(workspace, look) else Cluster(workspace.engine, folder, lambda doing: say(doing, reached))
        )
        on_spark = SparkStaging(connection, cluster) if cluster else None
        writer: Writer = SparkMarts(cluster) if cluster else HERE
        with closing(writer):
            say("Staging", reached)
            staged = stage_all(on_spark.connection if on_spark else connection, workspace, catalog, extracts, before)
            refused = {problem.where for problem in staged.refusals}  # one sentence for a file that is empty
            staged.decisions += [each for each in emptied(extracts, before.manifest) if each.where not in refused]
            staged.decisions += unclaimed(workspace, origin.found)
            _refuse_staged(staged, problems)
            create_theme_words(connection, catalog.themes.values())
            facts = origin.made_from.get(FORGOTTEN, "") + writer.facts
            tables = Tables(connection, folder, before, Fingerprints(connection, settings_of(workspace) + facts))
            record_contract_tables(tables.fingerprints, catalog.staging, extracts, staged.growth)
            put_contract_tables(tables, staged.external.keys())
            for name in put_marts(tables, marts, workspace.dimensions, staged.growth, writer):
                reached = _STAGED + _MARTS * tables.share_of(marts)
                say(f"Built {name}", reached)
            say("Checking", _BUILT)
            checks, broken = run_checks(tables, catalog.checks)
            refusals = broken_checks(checks)
            _refuse([*refusals, *broken] if refusals else ())
            put_check_results(tables, checks)
        found = [*problems, *(on_spark.problems if on_spark else ()), *writer.problems, *broken]
        manifest = _manifest(version, origin, tables, workspace, staged, checks, found)
        if look is None:
            say("Publishing", _CHECKED)
            publish(workspace, folder, manifest)
        else:
            write_manifest(folder, manifest)
            look(folder.name)
    return manifest


def _refuse_staged(staged: Staged, problems: Iterable[Problem]) -> None:
    """Raises RefreshError for what staging refuses, with what should be known beside it: it may be the cause."""
    if staged.refusals:
        refused = {problem.where for problem in staged.refusals}
        doubts = (decision for decision in staged.decisions if decision.level == "warning")
        others = [each.problem for each in doubts if each.where not in refused or (each.setting and each.moves_kvis)]
        _refuse([*staged.refusals, *problems, *staged.problems, *others])


def _open(workspace: Workspace, folder: Path, extracts: dict[str, list[Extract]]) -> duckdb.DuckDBPyConnection:
    """A connection whose SQL reaches the exports that were read and the version being built, and nothing else."""
    rows = sum(extract.rows for found in extracts.values() for extract in found)
    connection = open_for_building(workspace, folder, rows)
    external = [extract.parquet for found in extracts.values() for extract in found if extract.is_external]
    confine(connection, workspace, external, [_cache(workspace), warehouse_folder(workspace)])
    return connection


def _is_here(workspace: Workspace, look: Look | None) -> bool:
    """Whether all is built here. What is only looked at is: the rows are the same, and no cluster is kept."""
    return workspace.engine.kind == "duckdb" or look is not None


def _manifest(
    version: str,
    origin: _Origin,
    tables: Tables,
    workspace: Workspace,
    staged: Staged,
    checks: Iterable[CheckResult],
    problems: Iterable[Problem],
) -> Manifest:
    return Manifest(
        version=version,
        made_at=datetime.now(UTC),
        made_from=origin.made_from,
        made_by=origin.made_by,
        tables=tables.rows | {name: staged.rows[name] for name in staged.external},
        provided=staged.provided,
        reach=staged.reach,
        whole_through=staged.whole_through,
        told=staged.told,
        starts=staged.starts,
        dimensions=workspace.dimensions,
        files=tuple(staged.ledger),
        checks=tuple(checks),
        problems=(*problems, *staged.problems),
        decisions=tuple(dict.fromkeys(staged.decisions)),
        external=staged.external,
        made=tables.made,
        grown={GROWING: staged.growth.grown.written_in(len(tables.made[GROWING].files))} if staged.growth else {},
        staged=staged.tables,
        checked=tables.checked,
        calendar=staged.calendar,
        **origin.kvis,
    )
