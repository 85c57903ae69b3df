"""Tells whether a refresh would make the newest version again, and makes it again without reading any export.

It would where exports, settings, queries and the board's own code are the same, no query asks the clock, and the
version is whole. In any doubt everything is read.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kviboard.catalog import Catalog
from kviboard.warehouse.external import changed_files
from kviboard.warehouse.file_notes import unclaimed
from kviboard.warehouse.fingerprints import engine_facts, is_settled, own_code, short_hash
from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.origin import Found
from kviboard.warehouse.spark.session import facts_of
from kviboard.warehouse.tables import PreviousVersion, take_over
from kviboard.warehouse.versions import building, next_version, publish
from kviboard.workspace import Workspace

_ROOMS = ("catalog", "domain", "warehouse", "workspace")  # read exports, decide, and word what is said of them


def made_by(workspace: Workspace, catalog: Catalog, found: Found, made_from: Mapping[str, str]) -> str:
    """A text that changes with whatever a version depends on; "" where that cannot be told."""
    queries = (*catalog.staging.values(), *catalog.marts.values(), *catalog.checks.values())
    if not all(is_settled(query.sql) for query in queries):
        return ""
    said = [str(problem) for _, problems in found.values() for problem in problems]
    said += [str(decision) for decision in unclaimed(workspace, found)]
    return short_hash(
        made_by_besides_exports(workspace), *said, *(f"{name} {text}" for name, text in made_from.items())
    )


def made_by_besides_exports(workspace: Workspace) -> str:
    """A text that changes with the engine, the board's own code and the settings that a version depends on."""
    engine = (*engine_facts(), facts_of(workspace.engine))
    settings = workspace.model_dump_json(exclude={"mail", "store", "access", "sign_in", "review", "uploads", "targets"})
    return short_hash(*engine, own_code(*_ROOMS), settings)


def is_as_before(before: PreviousVersion, made_by: str) -> bool:
    """Whether the newest version is what a refresh would make now."""
    manifest = before.manifest
    if manifest is None or not made_by or manifest.made_by != made_by or not before.is_whole:
        return False
    return not any(changed_files(table) for table in manifest.external.values())


def make_again(workspace: Workspace, before: PreviousVersion, kvis: Mapping[str, Any]) -> Manifest:
    """Publish the newest version once more under a new name: the same tables, found to be so now, and what is seen of
    `kvis`, which no table is made of."""
    assert before.manifest is not None
    version = next_version(workspace)
    manifest = before.manifest.model_copy(update={"version": version, "made_at": datetime.now(UTC), **kvis})
    with building(workspace, version) as folder:
        for table in manifest.made:
            take_over(before.whole_files(table), folder)
        publish(workspace, folder, manifest)
    return manifest
