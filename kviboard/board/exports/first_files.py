"""The first exports of a workspace: every table is offered, and what is taken in gets its section."""

from collections.abc import Container
from pathlib import Path

from kviboard.domain.contract import CONTRACT
from kviboard.errors import UsageError
from kviboard.files import write_atomically
from kviboard.workspace import CONFIG_NAME, Workspace
from kviboard.workspace.settings import Source

_KINDS = (".csv", ".tsv", ".txt", ".parquet", ".json", ".jsonl", ".ndjson", ".xlsx")


def offering_every_table(workspace: Workspace) -> Workspace:
    """The workspace with a source for each table that it names none for, read from exports/."""
    offered = {name: Source(files=tuple(f"exports/{name}*{end}" for end in _endings())) for name in CONTRACT}
    return workspace.model_copy(update={"sources": {**workspace.sources, **_without(offered, workspace.sources)}})


def name_source(workspace: Workspace, source: str, target: Path) -> None:
    """Write the section of a source that `workspace` does not name into kviboard.toml. Raises UsageError."""
    if source in workspace.sources:
        return
    config = workspace.root / CONFIG_NAME
    end = next(end for end in sorted(_endings(), key=len, reverse=True) if target.name.lower().endswith(end))
    section = f'\n[sources.{source}]\nfiles = "exports/{source}*{end}"\n'
    try:
        before = config.read_text(encoding="utf-8") if config.is_file() else ""
        with write_atomically(config, durable=True) as unfinished:
            unfinished.write_text(before.rstrip("\n") + "\n" + section, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{config} cannot be written ({error.strerror}); add to it:{section}") from error


def _without(offered: dict[str, Source], named: Container[str]) -> dict[str, Source]:
    return {name: source for name, source in offered.items() if name not in named}


def _endings() -> tuple[str, ...]:
    return (*_KINDS, *(f"{kind}.gz" for kind in _KINDS))
