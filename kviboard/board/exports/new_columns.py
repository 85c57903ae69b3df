"""An export that changed its shape: which columns are new or gone, and whether KVIs can be sliced by a new one."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from kviboard.board.exports.names import find_target
from kviboard.board.exports.setup_files import add_dimensions
from kviboard.catalog.recognition_files import load_recognition
from kviboard.domain.formatting import listed
from kviboard.domain.recognition.facts import FileFacts
from kviboard.domain.recognition.planning import slicing_columns
from kviboard.domain.recognition.tables import see_as
from kviboard.errors import UsageError
from kviboard.files import make_private, write_atomically
from kviboard.warehouse.files.discovery import find_files
from kviboard.warehouse.files.names import likeness
from kviboard.warehouse.recognition.staging_sql import slicing_select
from kviboard.warehouse.staging.preview import peek_columns
from kviboard.workspace import CONFIG_NAME, Workspace

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_TELLS_CUSTOMERS = ("customers", "orders")


@dataclass(frozen=True)
class NewShape:
    """A file of a source that is known, against those that are there."""

    source: str
    file: FileFacts
    added: tuple[str, ...]
    gone: tuple[str, ...]
    slices: tuple[tuple[str, str], ...] = ()  # new columns that customers can be told apart by, with their names

    @property
    def sentences(self) -> list[str]:
        """What to say of it."""
        said = []
        for column, name in self.slices:
            facts = self.file.column(column)
            values = listed([value for value, _ in facts.common[:3]]) if facts else ""
            said.append(f'{self.file.name} has a new column "{column}" ({values}): slice by it as {name}?')
        others = [column for column in self.added if column not in dict(self.slices)]
        said += [f"{self.file.name} has new columns that nothing uses: {listed(others)}."] if others else []
        said += [f"{self.file.name} has no longer {listed(list(self.gone))}."] if self.gone else []
        return said


def new_shape(workspace: Workspace, source: str, file: FileFacts) -> NewShape:
    """What is new in a file against the files that the source has."""
    before = {
        column
        for each in find_files(workspace, source)[0]
        for column in peek_columns(each.path, workspace.sources[source])
    }
    known, own = {likeness(name) for name in before}, {column.like for column in file.columns}
    added = tuple(column.name for column in file.columns if before and column.like not in known)
    gone = tuple(sorted(name for name in before if likeness(name) not in own))
    may = source in _TELLS_CUSTOMERS
    slices = [pair for pair in slicing_columns(file, ()) if pair[0] in added and pair[1] not in workspace.dimensions]
    return NewShape(source, file, added, gone, tuple(slices) if may else ())


def take_in_known(workspace: Workspace, source: str, path: Path) -> Path:
    """Copy a file among the exports of its source; one of that name is kept in the state folder."""
    target = find_target(workspace, source, path.name, path.name)
    if target.exists() and target.samefile(path):
        return target
    if target.exists():
        kept = workspace.state / "replaced" / target.name
        make_private(kept.parent)
        shutil.copy2(target, kept)
    with write_atomically(target, durable=True) as unfinished:
        shutil.copyfile(path, unfinished)
    return target


def slice_by(workspace: Workspace, shape: NewShape, column: str) -> list[Path]:
    """Slice KVIs by a new column from now on; what was written. Raises UsageError where only a person can."""
    name = dict(shape.slices)[column]
    config = workspace.root / CONFIG_NAME
    document = tomlkit.parse(config.read_text(encoding="utf-8-sig"))
    text, written = "", []
    if shape.source == "orders":
        text = _of_orders(workspace, shape, column, name)
        written.append(workspace.root / "queries" / "staging" / "customers.sql")
    elif column != name:
        source = document["sources"][shape.source]
        if "rename" not in source:
            source["rename"] = tomlkit.inline_table()
        source["rename"][column] = name
    add_dimensions(document, [name])
    for path in written:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, text)
    _replace(config, tomlkit.dumps(document))
    return [*written, config]


def _of_orders(workspace: Workspace, shape: NewShape, column: str, name: str) -> str:
    """customers.sql that takes it from a customer's latest order."""
    if (workspace.root / "queries" / "staging" / "customers.sql").exists():
        what = f"queries/staging/customers.sql is your own; return a column {name} there"
        raise UsageError(f'{what}, and add "{name}" to dimensions in {CONFIG_NAME}.')
    languages, renames = load_recognition(workspace).languages, workspace.sources["orders"].rename
    fed = see_as(shape.file, "orders", languages).fed
    found = {ours: old for old, ours in renames.items()} | {
        ours: use.column for ours, use in fed.items() if ours not in renames.values()
    }
    when = shape.file.column(found.get("ordered_at", ""))
    if "customer_id" not in found or when is None or not all(_ISO.match(value) for value in when.examples):
        what = "the latest order of a customer cannot be told from dates that are not written as 2026-01-31"
        raise UsageError(f"{what}; say it in queries/staging/customers.sql.")
    customer, at = (renames.get(found[ours], found[ours]) for ours in ("customer_id", "ordered_at"))
    return slicing_select(name, renames.get(column, column), "orders", customer, at, "customers" in workspace.sources)


def _replace(path: Path, text: str) -> None:
    with write_atomically(path, durable=True) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
