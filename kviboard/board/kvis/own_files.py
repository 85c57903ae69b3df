"""The KVI files of a workspace: kept, as drafts before they are published, and retired."""

from pathlib import Path

from kviboard.domain.kvis.kvi import Kvi
from kviboard.errors import UsageError
from kviboard.files import write_atomically
from kviboard.workspace import APP_ROOT, Workspace

KVIS, DRAFTS = "queries/kvis", "queries/drafts"


def save(workspace: Workspace, name: str, text: str) -> Path:
    """Write a KVI's file into the workspace, in the place of its draft. Raises UsageError where it has no name for a
    file or cannot be written."""
    path = _write(workspace, KVIS, name, text)
    discard_draft(workspace, name)
    return path


def save_draft(workspace: Workspace, name: str, text: str) -> Path:
    """Keep a KVI's file where no page shows it yet; raises as `save` does."""
    return _write(workspace, DRAFTS, name, text)


def drafts(workspace: Workspace) -> dict[str, Path]:
    """The files of the KVIs that are not published yet, by their names."""
    found = sorted((workspace.root / DRAFTS).glob("*.sql"))
    return {path.stem: path for path in found if path.stem.isidentifier()}


def discard_draft(workspace: Workspace, name: str) -> None:
    """Delete a draft, if there is one. Raises UsageError where it cannot be deleted."""
    path = workspace.root / DRAFTS / f"{name}.sql"
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{path} cannot be deleted ({error.strerror}).") from error


def _write(workspace: Workspace, place: str, name: str, text: str) -> Path:
    path = workspace.root / place / f"{name}.sql"
    if not name.isidentifier():
        raise UsageError("A KVI's file is named in letters, digits and _.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with write_atomically(path, durable=True) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}); nothing was changed.") from error
    return path


def own_file(workspace: Workspace, name: str) -> Path | None:
    """The workspace's own file of a KVI; None for one that comes with the board."""
    path = workspace.root / KVIS / f"{name}.sql"
    return path if path.is_file() else None


def comes_with_the_board(name: str) -> bool:
    """Whether the board has a KVI of this name without a file of the workspace."""
    return (APP_ROOT / KVIS / f"{name}.sql").is_file()


def text_of(workspace: Workspace, kvi: Kvi) -> str:
    """A KVI's file as it stands."""
    path = own_file(workspace, kvi.name) or APP_ROOT / kvi.path
    return path.read_text(encoding="utf-8")


def retire(workspace: Workspace, name: str) -> Path:
    """Take a KVI off the board; its file is kept under queries/retired/ and can come back. Raises UsageError."""
    path = own_file(workspace, name)
    if path is None:
        raise UsageError(f"{name} comes with the board, so there is no file of yours to retire.")
    kept = workspace.root / "queries" / "retired" / path.name
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        path.replace(kept)
    except OSError as error:
        raise UsageError(f"{path} cannot be moved ({error.strerror}); nothing was changed.") from error
    return kept
