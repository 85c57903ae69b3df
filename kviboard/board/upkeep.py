"""Keeps the warehouse up to date and says what it found: refresh, check, versions."""

from collections.abc import Callable
from dataclasses import dataclass

from kviboard.catalog import load_catalog
from kviboard.domain.values import format_day
from kviboard.errors import Problem
from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.refresh import needs_refresh, refresh
from kviboard.workspace import Workspace

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Upkeep:
    """What a refresh or check says: lines for the reader, and every problem found."""

    lines: tuple[str, ...]
    problems: tuple[Problem, ...]


def refresh_now(workspace: Workspace, progress: Progress | None = None) -> Upkeep:
    """Read the exports and publish a new version. Raises RefreshError, the version before staying in use."""
    catalog = load_catalog(workspace)
    manifest = refresh(workspace, catalog, progress)
    return Upkeep(_summary(manifest), catalog.problems)


def refresh_if_needed(workspace: Workspace, progress: Progress | None = None) -> bool:
    """Refresh where exports, settings or queries changed; whether it did. Raises RefreshError."""
    catalog = load_catalog(workspace)
    if not needs_refresh(workspace, catalog):
        return False
    refresh(workspace, catalog, progress)
    return True


def check(workspace: Workspace, progress: Progress | None = None) -> Upkeep:
    """Everything wrong with settings, queries and data. Builds a version to look at and publishes nothing.

    Raises RefreshError where the exports could not be published at all.
    """
    catalog = load_catalog(workspace)
    manifest = refresh(workspace, catalog, progress, publishing=False)
    broken = tuple(
        Problem(f"Check {result.check_name}", f"{result.rows_broken:,} rows break it: {result.title}.", f"Such as {result.example}.")
        for result in manifest.checks
        if result.rows_broken
    )
    return Upkeep(_summary(manifest)[1:], (*catalog.problems, *manifest.problems, *broken))


def _summary(manifest: Manifest) -> tuple[str, ...]:
    rows = [row for row in manifest.files if row.role == "rows"]
    read, kept = sum(row.rows_read for row in rows), sum(row.rows_kept for row in rows)
    reach = max((span.data_through for span in manifest.reach.values()), default=None)
    return (
        f"Version {manifest.version} is in use.",
        f"{read:,} rows read, {kept:,} kept, {sum(row.rows_rejected for row in rows):,} rejected, "
        f"{sum(row.rows_duplicate for row in rows):,} duplicates folded.",
        f"The data reaches {format_day(reach)}." if reach else "No export has dated rows.",
    )
