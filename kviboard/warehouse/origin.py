"""What a version is made from, and whether that changed since. Asked at every start: loads nothing that refreshes."""

from collections.abc import Mapping

from kviboard.catalog import Catalog
from kviboard.errors import Problem
from kviboard.warehouse.files.discovery import FoundFile, find_files
from kviboard.warehouse.fingerprints import short_hash
from kviboard.warehouse.forgotten import read_forgotten
from kviboard.warehouse.versions import FORGOTTEN, newest
from kviboard.workspace import Workspace

Found = Mapping[str, tuple[list[FoundFile], list[Problem]]]
BUILDER_VERSION = 6  # raised when the same exports and queries would give another version


def needs_refresh(workspace: Workspace, catalog: Catalog) -> bool:
    """Whether exports, settings or queries changed since the newest version, even where an older one is in use, or
    files of the newest are damaged."""
    before = newest(workspace)
    if before.manifest is None or not before.is_whole:
        return True
    return before.manifest.made_from != made_from_of(workspace, catalog, find_all(workspace))


def find_all(workspace: Workspace) -> Found:
    """The files of every source there is, with what is odd about them."""
    return {name: find_files(workspace, name) for name in workspace.sources}


def made_from_of(workspace: Workspace, catalog: Catalog, found: Found) -> dict[str, str]:
    """What a version is made from, each with a text that changes when it does: the files `found`, settings, queries."""
    made_from = {"kviboard": str(BUILDER_VERSION), "kviboard.toml": settings_of(workspace)}
    for queries in (catalog.staging, catalog.marts, catalog.checks):
        made_from |= {query.path: short_hash(query.sql) for query in queries.values()}
    if forgotten := read_forgotten(workspace.state):
        made_from[FORGOTTEN] = forgotten.fingerprint
    made_from |= {theme.path: short_hash(*theme.words) for theme in catalog.themes.values()}
    for name, (files, _) in found.items():
        made_from |= {f"{name}: {file.name}": file.fingerprint for file in files}
    return made_from


def settings_of(workspace: Workspace) -> str:
    """Changes with the settings that a version is made by."""
    settings = workspace.model_dump_json(
        include={"sources", "surveys", "dimensions", "refresh", "customers", "currency", "calendar", "sprints"}
    )
    return short_hash(settings + workspace.company.timezone + workspace.company.currency)
