"""An export that changed its shape: which columns are new or gone, and whether KVIs can be sliced by a new one."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from kviboard.board.exports.names import find_target
from kviboard.board.exports.setup_files import add_dimensions
from kviboard.catalog.recognition_files import load_recognition
from kviboard.domain.contract import CONTRACT
from kviboard.domain.formatting import listed
from kviboard.domain.names import likeness
from kviboard.domain.recognition.facts import FileFacts
from kviboard.domain.recognition.slicing import TELLING, slicing_columns, tells_customers
from kviboard.domain.recognition.tables import see_as
from kviboard.errors import UsageError
from kviboard.files import make_private, write_atomically
from kviboard.warehouse.files.discovery import find_files
from kviboard.warehouse.recognition.telling_sql import Telling, slicing_select
from kviboard.warehouse.staging.preview import peek_columns
from kviboard.workspace import CONFIG_NAME, Workspace

_SAME = 0.5  # of the values of a column that is gone are those of the one in its place


@dataclass(frozen=True)
class NewShape:
    """A file of a source that is known, against those that are there."""

    source: str
    file: FileFacts
    added: tuple[str, ...]
    gone: tuple[str, ...]
    slices: tuple[tuple[str, str], ...] = ()  # new columns that customers can be told apart by, with their names
    renamed: tuple[tuple[str, str, str], ...] = ()  # a column that is gone, a new one in its place, what it feeds
    before: FileFacts | None = None  # one of the files that are there

    @property
    def sentences(self) -> list[str]:
        """What to say of it."""
        said = []
        for column, name in self.slices:
            facts = self.file.column(column)
            values = listed([value for value, _ in facts.common[:3]]) if facts else ""
            said.append(f'{self.file.name} has a new column "{column}" ({values}): slice by it as {name}?')
        said += [
            f'{self.file.name} has "{new}" where "{old}" was: read it as {ours}?' for old, new, ours in self.renamed
        ]
        others = [column for column in self.added if column not in self._asked_of]
        said += [f"{self.file.name} has new columns that nothing uses: {listed(others)}."] if others else []
        gone = [column for column in self.gone if column not in {old for old, *_ in self.renamed}]
        said += [f"{self.file.name} has no longer {listed(gone)}."] if gone else []
        return said

    @property
    def _asked_of(self) -> set[str]:
        return {column for column, _ in self.slices} | {new for _, new, _ in self.renamed}


def new_shape(workspace: Workspace, source: str, file: FileFacts, before: FileFacts | None = None) -> NewShape:
    """What is new in a file against the files that the source has; `before` is what is in one of them."""
    there = {
        column
        for each in find_files(workspace, source)[0]
        for column in peek_columns(each.path, workspace.sources[source])
    }
    known, own = {likeness(name) for name in there}, {column.like for column in file.columns}
    added = tuple(column.name for column in file.columns if there and column.like not in known)
    gone = tuple(sorted(name for name in there if likeness(name) not in own))
    renamed = tuple(_renamed(workspace, source, file, before, added))
    free = set(added) - {new for _, new, _ in renamed}
    slices = [pair for pair in _slicing(workspace, source, file) if pair[0] in free]
    return NewShape(source, file, added, gone, tuple(slices), renamed, before)


def _slicing(workspace: Workspace, source: str, file: FileFacts) -> Iterator[tuple[str, str]]:
    """Columns of a file that customers can be told apart by, with the names to slice by that are new."""
    languages = load_recognition(workspace).languages
    for name, ours in slicing_columns(file, ()) if source in ("customers", *TELLING) else ():
        column = file.column(name)
        is_told = source == "customers" or (column is not None and tells_customers(column, file, source, languages))
        if is_told and ours not in workspace.dimensions:
            yield name, ours


def file_before(workspace: Workspace, source: str) -> Path | None:
    """A file that the source has already, to compare another with."""
    return next((each.path for each in find_files(workspace, source)[0]), None)


def _renamed(
    workspace: Workspace, source: str, file: FileFacts, before: FileFacts | None, added: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Columns that are gone, each with the new one in its place: the one that feeds the same column of ours, else the
    one with the same few values."""
    if before is None:
        return
    own, free = {column.like for column in file.columns}, list(added)
    for old, new, ours in [*_feeding_alike(workspace, source, file, before), *_of_same_values(file, before)]:
        if likeness(old) not in own and new in free:
            free.remove(new)
            own.add(likeness(old))
            yield old, new, ours


def _feeding_alike(
    workspace: Workspace, source: str, file: FileFacts, before: FileFacts
) -> Iterator[tuple[str, str, str]]:
    languages = load_recognition(workspace).languages
    if source in CONTRACT:
        given = {ours: old for old, ours in workspace.sources[source].rename.items()}
        was = {ours: use.column for ours, use in see_as(before, source, languages).fed.items()} | given
        fed = see_as(file, source, languages).fed
        yield from ((was[ours], use.column, ours) for ours, use in fed.items() if ours in was)
        return
    for table in CONTRACT:  # a source with a name of its own may feed any
        was = {use.feeds: use.column for use in see_as(before, table, languages).uses if use.is_sure}
        fed = {use.feeds: use for use in see_as(file, table, languages).uses if use.is_sure}
        yield from ((was[ours], use.column, ours) for ours, use in fed.items() if ours in was)


def _of_same_values(file: FileFacts, before: FileFacts) -> Iterator[tuple[str, str, str]]:
    for old in before.columns:
        for new in file.columns:
            both = old.values.keys() & new.values.keys()
            if len(both) > 1 and len(both) >= _SAME * max(len(old.values), len(new.values)):
                yield old.name, new.name, old.name


def with_renames(workspace: Workspace, shape: NewShape, replaced: Path | None) -> Workspace:
    """The workspace as it would read the file: new columns as those in whose place they stand. `replaced` is the file
    of the source that it takes the place of; where no other has the old column, its rename goes."""
    sources = dict(workspace.sources)
    sources[shape.source] = sources[shape.source].model_copy(
        update={"rename": _renames_with(workspace, shape, replaced)}
    )
    return workspace.model_copy(update={"sources": sources})


def keep_renames(workspace: Workspace, shape: NewShape, replaced: Path | None) -> Path:
    """Writes these renames into kviboard.toml; what else a person wrote there stays. Returns what was written."""
    config = workspace.root / CONFIG_NAME
    document = tomlkit.parse(config.read_text(encoding="utf-8-sig"))
    source = document["sources"][shape.source]
    if "rename" not in source:
        source["rename"] = tomlkit.inline_table()
    wanted = _renames_with(workspace, shape, replaced)
    for old in [old for old in source["rename"] if old not in wanted]:
        del source["rename"][old]
    for new, ours in wanted.items():
        if new not in source["rename"]:
            source["rename"][new] = ours
    _replace(config, tomlkit.dumps(document))
    return config


def _renames_with(workspace: Workspace, shape: NewShape, replaced: Path | None) -> dict[str, str]:
    source = workspace.sources[shape.source]
    renames, left = dict(source.rename), set()
    for each in find_files(workspace, shape.source)[0]:
        if replaced is None or each.path.resolve() != replaced.resolve():
            left |= {likeness(column) for column in peek_columns(each.path, source)}
    for old, new, ours in shape.renamed:
        given = next((name for name in renames if likeness(name) == likeness(old)), None)
        # else a SELECT of queries/staging calls it as it was called
        is_ours = shape.source in CONTRACT and likeness(old) == likeness(ours)
        renames[new] = renames[given] if given else ours if is_ours else old
        if given and likeness(old) not in left:
            del renames[given]
    return renames


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
    if shape.source in TELLING:
        text = _told_by(workspace, shape, column, name)
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


def _told_by(workspace: Workspace, shape: NewShape, column: str, name: str) -> str:
    """customers.sql that takes it from a customer's latest row."""
    if (workspace.root / "queries" / "staging" / "customers.sql").exists():
        what = f"queries/staging/customers.sql is there already; return a column {name} there"
        raise UsageError(f'{what}, and add "{name}" to dimensions in {CONFIG_NAME}.')
    languages, renames = load_recognition(workspace).languages, workspace.sources[shape.source].rename
    fed = see_as(shape.file, shape.source, languages).fed
    found = {ours: old for old, ours in renames.items()} | {
        ours: use.column for ours, use in fed.items() if ours not in renames.values()
    }
    row, at = TELLING[shape.source]
    when = found.get(at, "")
    times = [file.column(when) for file in (shape.file, shape.before) if file]
    if "customer_id" not in found or times[0] is None or any(each and each.date_formats is None for each in times):
        example = f", such as {times[0].examples[0]}" if times[0] and times[0].examples else ""
        what = f"the latest {row} of a customer cannot be told from how its dates are written{example}"
        raise UsageError(f"{what}; say it in queries/staging/customers.sql.")
    customer, at = (renames.get(found[ours], found[ours]) for ours in ("customer_id", at))
    date_format, slices = workspace.sources[shape.source].date_format or "", [(renames.get(column, column), name)]
    telling = Telling(shape.source, shape.source, customer, at, slices, times, date_format)
    return slicing_select([telling], "source.customers" if "customers" in workspace.sources else "")


def _replace(path: Path, text: str) -> None:
    with write_atomically(path, durable=True) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
