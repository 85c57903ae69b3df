"""`kviboard okrs`: everything people typed as one JSON file, or objectives and key results as a table, out and in."""

import argparse
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kviboard.cli.acting import owner, user_name
from kviboard.cli.options import FINE, PROBLEM, quiet
from kviboard.domain.formatting import counted
from kviboard.workspace import Workspace, load_workspace

if TYPE_CHECKING:
    from kviboard.board.board import Board

_TABLES = (".csv", ".tsv", ".xlsx")


def add_okrs(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """Add the command with its verbs."""
    okrs = commands.add_parser(
        "okrs", parents=[quiet(common)], help="export or import OKRs: all of it as JSON, or as a table (CSV, XLSX)"
    )
    verbs = okrs.add_subparsers(title="commands", metavar="COMMAND", required=True)
    what = "write everything to FILE; to a .csv or .xlsx the OKRs, a row per key result and check-in; it is replaced"
    out = verbs.add_parser("export", parents=[quiet(common)], help=what)
    out.add_argument("file", metavar="FILE", type=Path)
    out.set_defaults(run=_export)
    what = "read FILE: JSON into an empty store, whole or not at all; a .csv or .xlsx, of other tools too, row by row"
    into = verbs.add_parser("import", parents=[quiet(common)], help=what)
    into.add_argument("file", metavar="FILE", type=Path)
    into.add_argument("--cycle", default="", metavar="NAME", help="of a table's rows that name none, as 'Q1 2027'")
    into.add_argument("--dry-run", action="store_true", help="of a table: say what would become of each row")
    into.set_defaults(run=_import)
    what = "take back the latest table you imported, but for what people went on with; its objectives are archived"
    back = verbs.add_parser("take-back", parents=[quiet(common)], help=what)
    back.add_argument("--dry-run", action="store_true", help="say what would go and what would stay")
    back.set_defaults(run=_take_back)


def _export(options: argparse.Namespace) -> int:
    from kviboard.board.context import BoardContext, open_store_of  # SQLAlchemy takes time to import, as Streamlit does
    from kviboard.board.okrs.tables.standing import where_they_stand
    from kviboard.board.okrs.tables.written import write_okr_table

    workspace = load_workspace(options.workspace)
    with closing(open_store_of(workspace)) as store:
        if options.file.suffix.lower() in _TABLES:
            stands = where_they_stand(BoardContext(_board(workspace), store))
            rows = write_okr_table(store, options.file, stands)
            print(f"{counted(rows, 'row')} of OKRs, with all that was said about them, written to {options.file}.")
            return FINE
        rows = store.export_json(options.file)
    print(f"{counted(rows, 'row')} of OKRs, targets, notes and their history written to {options.file}.")
    return FINE


def _import(options: argparse.Namespace) -> int:
    from kviboard.board.context import open_bare_store_of

    if options.file.suffix.lower() in _TABLES:
        return _import_table(options)
    workspace = load_workspace(options.workspace)
    with closing(open_bare_store_of(workspace)) as store:
        rows = store.import_json(options.file)
        owner(workspace).begin("imported OKRs", file=options.file.name)
        read = f"{counted(rows, 'row')} of OKRs, targets, notes and their history"
        print(f"{read} read into {store.where.removeprefix('The ')}.")
    return FINE


def _board(workspace: Workspace) -> "Board":
    from kviboard.board.board import board_without_data, open_board
    from kviboard.errors import NotBuiltError

    try:
        return open_board(workspace, in_memory=False)
    except NotBuiltError:
        return board_without_data(workspace)


def _import_table(options: argparse.Namespace) -> int:
    """Say what becomes of every row, then save those that can be."""
    from kviboard.board.context import BoardContext, open_store_of
    from kviboard.board.okrs.tables.moved_in import apply_import
    from kviboard.board.okrs.tables.plan import columns_text, new_cycles_text, plan_import
    from kviboard.errors import with_short_quotes
    from kviboard.store import Author

    workspace = load_workspace(options.workspace)
    with closing(open_store_of(workspace)) as store:
        context = BoardContext(_board(workspace), store)
        plan = plan_import(context, options.file, options.cycle)
        print(columns_text(plan))
        for fate in plan.fates:
            said = f"{fate.what}: {fate.problem or 'goes in'}{fate.note and f'; {fate.note}'}"
            print(f"line {fate.line}: {with_short_quotes(said)}")
        for sentence in filter(None, (new_cycles_text(plan), *plan.notes)):
            print(sentence)
        if options.dry_run:
            print(f"Nothing was saved: this was a dry run. It would be {plan.summary}.")
        else:
            apply_import(context, plan, Author(user_name(), datetime.now(UTC)))
            owner(workspace).begin("imported OKRs", file=options.file.name)
            print(f"Imported {plan.summary}.")
    return PROBLEM if any(fate.problem for fate in plan.fates) else FINE


def _take_back(options: argparse.Namespace) -> int:
    """Say what goes and what stays of the latest import of whoever runs the command, then archive what goes."""
    from kviboard.board.context import BoardContext, open_store_of
    from kviboard.board.okrs.tables import taken_back
    from kviboard.store import Author

    workspace = load_workspace(options.workspace)
    with closing(open_store_of(workspace)) as store:
        context, author = BoardContext(_board(workspace), store), Author(user_name(), datetime.now(UTC))
        found = next(iter(taken_back.imports_of(context, author)), None)
        if found is None:
            print(f"{author.by} has no import that could be taken back.")
            return PROBLEM
        for sentence in taken_back.stays_texts(context, found):
            print(f"{sentence}.")
        what = f"{taken_back.goes_text(found)}, imported on {taken_back.when_text(context, found)}"
        if options.dry_run:
            print(f"Nothing was taken back: this was a dry run. It would be {what}.")
        else:
            taken_back.take_back(context, found.id, author=author)
            print(f"Taken back: {what}.")
    return FINE
