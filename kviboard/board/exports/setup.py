"""Sets a workspace up from export files: looks at them, plans what feeds what, tries the plan, writes it down.

What is recognised is decided in the domain; setup_files writes kviboard.toml. The page Set up and `kviboard init` call
the same functions.
"""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from kviboard.apart import Caller, here
from kviboard.board.board import Board, open_board
from kviboard.board.exports.names import pattern_for
from kviboard.board.exports.row_outcomes import each_file_once, outcome_word, shown_outcomes
from kviboard.board.exports.setup_files import Company, write_workspace
from kviboard.board.exports.uploads import Upload, given_up
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvis
from kviboard.board.kvis.tiles import no_links, tile_of
from kviboard.caching import shared_cache
from kviboard.catalog import load_catalog
from kviboard.catalog.recognition_files import Recognition, load_recognition
from kviboard.components.tiles import Tile
from kviboard.domain.formatting import counted, format_day, listed
from kviboard.domain.recognition.facts import FileFacts
from kviboard.domain.recognition.plan import Choices, Plan
from kviboard.domain.recognition.planning import make_plan
from kviboard.errors import GivenUpError, KviBoardError, Problem, UsageError
from kviboard.files import make_private, write_atomically
from kviboard.warehouse.files.kinds import is_readable
from kviboard.warehouse.manifest import LedgerRow, Manifest
from kviboard.warehouse.recognition.looking import look
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import CONFIG_NAME, Workspace, load_workspace
from kviboard.workspace.settings import Company as CompanySettings

_STATE = ".kviboard"


@dataclass(frozen=True)
class Tried:
    """What a refresh makes of a plan: each file with what became of its rows, the first KVIs, and what it refuses."""

    outcomes: tuple[tuple[str, str], ...] = ()
    tiles: tuple[Tile, ...] = ()
    data_through: str = ""
    problems: tuple[Problem, ...] = ()


def tell_outcomes(manifest: Manifest) -> list[tuple[str, str]]:
    """Each file with what became of its rows, in words."""
    rows = each_file_once(manifest.files)
    names = shown_outcomes(rows)
    return [(Path(row.file or row.source).name, _outcome(row, names)) for row in rows]


def _outcome(row: LedgerRow, names: Sequence[str]) -> str:
    if row.role == "lookup":
        return f"{counted(row.rows_read, 'row')}, looked up for {row.table_name}"
    counts = {name: getattr(row, name) for name in names}
    shown = {name: count for name, count in counts.items() if count or name == "rows_kept"}
    told = " + ".join(f"{count:,} {outcome_word(name, count)}" for name, count in shown.items())
    return f"{counted(row.rows_read, 'row')} for {row.table_name} = {told}"


def first_tiles(board: Board) -> list[Tile]:
    """The KVIs that have a value, each in the grain that it is judged in."""
    views = {name: View(board.judged_grain(kvi)) for name, kvi in board.kvis.items()}
    readings = [read_kvis(board, [board.kvis[name]], view)[name][0] for name, view in views.items()]
    currency = board.workspace.company.currency
    return [tile_of(reading, currency, no_links) for reading in readings if reading.value is not None]


def find_exports(paths: Sequence[Path]) -> list[Path]:
    """The files that are named, and those in folders that are named. Raises UsageError for one that is not there."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(each for each in path.rglob("*") if each.is_file() and is_readable(each.name))
        elif path.is_file():
            found.append(path)
        else:
            raise UsageError(f"{path} is not there; name export files or folders with them.")
    return list(dict.fromkeys(path.resolve() for path in found))


def look_at(
    paths: Sequence[Path], zone: str = "UTC", workspace: Workspace | None = None, call: Caller = here
) -> list[FileFacts]:
    """What is in the files; costs reading them once, where `call` does it. What takes too much says so."""
    names = _names(load_recognition(workspace))
    try:
        return list(call(look, paths, zone, names))
    except GivenUpError as error:
        if len(paths) == 1:
            problem = given_up(paths[0].name, error)
            said = f"{problem.what} {problem.hint}".rstrip(".")
            return [FileFacts(problem.where, (problem.where,), 0, (), problem=said)]
    alone = {path: look_at([path], zone, workspace, call) for path in paths}  # to find out which it is
    broken = [path for path, facts in alone.items() if facts[0].problem]
    sound = [path for path in paths if path not in broken]
    return [*(call(look, sound, zone, names) if sound and broken else ()), *(f for p in broken for f in alone[p])]


def plan_for(facts: Sequence[FileFacts], choices: Choices | None = None, workspace: Workspace | None = None) -> Plan:
    """What the files are to the board, with what somebody chose."""
    recognition = load_recognition(workspace)
    has_query = workspace is not None and (workspace.root / "queries" / "staging" / "customers.sql").exists()
    has_source = workspace is not None and "customers" in workspace.sources
    customers: Literal["", "source", "query"] = "query" if has_query else "source" if has_source else ""
    return make_plan(facts, recognition.tools, recognition.languages, choices, customers)


def try_plan(plan: Plan, paths: Sequence[Path], company: Company, call: Caller = here) -> Tried:
    """A refresh of the plan in a place of its own, which nobody else sees, done where `call` does it."""
    try:
        tried: Tried = call(_try_plan, plan, paths, company)
    except GivenUpError as error:
        names = listed([path.name for path in paths])
        return Tried(problems=(given_up(f"Building a board of {names}", error),))
    return tried


def _try_plan(plan: Plan, paths: Sequence[Path], company: Company) -> Tried:
    with tempfile.TemporaryDirectory(prefix="kviboard-setup-") as scratch:
        root = Path(scratch)
        try:
            write_workspace(root, plan, company, _linked(root, paths))
            workspace = load_workspace(root)
            manifest = refresh(workspace, load_catalog(workspace))
            board = open_board(workspace)
            return Tried(tuple(tell_outcomes(manifest)), tuple(first_tiles(board)), format_day(board.today))
        except KviBoardError as error:
            return Tried(problems=error.problems or (Problem(CONFIG_NAME, str(error)),))


def build(folder: Path, plan: Plan, paths: Sequence[Path], company: Company) -> list[Path]:
    """Copy the files to exports/ and write kviboard.toml and what renaming cannot do; what was written.

    Files of the workspace's own folder are read where they are. Raises UsageError where nothing can be written.
    """
    used = {name for export in plan.exports if export.role for name in export.file.files}
    _refuse_second_shape(folder, plan)
    _refuse_company(company)
    try:
        (folder / "exports").mkdir(parents=True, exist_ok=True)
        places = {path.name: _placed(folder, path) for path in paths if path.name in used}
        return write_workspace(folder, plan, company, places)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written ({error.strerror}); choose another folder.") from error


def _refuse_second_shape(folder: Path, plan: Plan) -> None:
    """Raises UsageError for exports of a table that the workspace reads from files of another shape."""
    sources = load_workspace(folder).sources if (folder / CONFIG_NAME).is_file() else {}
    again = [export for export in plan.exports if export.role in sources]
    if again:
        what = f"{again[0].file.name} is {again[0].role}, which [sources.{again[0].role}] reads already"
        way = "name it as that source names its files, or add a source and a SELECT in queries/staging"
        raise UsageError(f"{what}; nothing was written: {way}/{again[0].role}.sql.")


def _refuse_company(company: Company) -> None:
    """Raises UsageError for what kviboard.toml could not say."""
    said = (company.name, company.vision, company.currency or "EUR", company.timezone)
    try:
        CompanySettings.model_validate(dict(zip(("name", "vision", "currency", "timezone"), said, strict=True)))
    except ValidationError as error:
        detail = error.errors()[0]
        where, what = detail["loc"][0], f"“{detail['input']}” cannot be it"
        way = "write its three letters, such as EUR" if where == "currency" else "choose another"
        raise UsageError(f"Your company, {where}: {what}; {way}. Nothing was written.") from error
    if "\0" in "".join(said):
        raise UsageError("Your company: a text has a character that no text has. Nothing was written.")


def source_of(workspace: Workspace, path: Path) -> str:
    """The source of the workspace that reads files called so; "" where none does."""
    return next((name for name in workspace.sources if pattern_for(workspace, name, path.name, path.name)), "")


def is_unknown(workspace: Workspace, upload: Upload, call: Caller = here) -> bool:
    """Whether a file that waits is to be set up first: no source reads files called so, nor a table like it."""
    if not workspace.sources:
        return True
    if source_of(workspace, upload.path):
        return False
    facts = _facts_of(upload.key, upload.path, workspace, call)
    exports = plan_for(facts, None, workspace).exports
    return bool(exports) and all(export.role and export.role not in workspace.sources for export in exports)


@shared_cache(most=50, by=1)
def _facts_of(key: str, path: Path, workspace: Workspace, call: Caller) -> list[FileFacts]:
    return look_at([path], workspace.company.timezone, workspace, call)


def _placed(folder: Path, path: Path) -> Path:
    """Where a file is read: where it is in the workspace, else as a copy among the exports. One of that name that is
    there is kept in the state folder."""
    root = folder.resolve()
    if path.is_relative_to(root) and _STATE not in path.relative_to(root).parts:
        return path.relative_to(root)
    target = folder / "exports" / path.name
    if target.exists():
        kept = folder / _STATE / "replaced" / path.name
        make_private(kept.parent)
        shutil.copy2(target, kept)
    with write_atomically(target, durable=True) as unfinished:
        shutil.copyfile(path, unfinished)
    return Path("exports") / path.name


def _linked(root: Path, paths: Sequence[Path]) -> dict[str, Path]:
    """Links instead of copies, copies where links cannot be made."""
    (root / "exports").mkdir()
    for path in paths:
        target = root / "exports" / path.name
        try:
            target.symlink_to(path)
        except OSError:
            shutil.copyfile(path, target)
    return {path.name: Path("exports") / path.name for path in paths}


def _names(recognition: Recognition) -> set[str]:
    """Names by which a line of column names is known."""
    tools = (names for tool in recognition.tools for names in tool.columns.values())
    words = (
        names for language in recognition.languages for table in language.columns.values() for names in table.values()
    )
    return {name for names in (*tools, *words) for name in names}
