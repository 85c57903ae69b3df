"""`kviboard kvi`: one KVI per period, or all of them with where they stand, as table, JSON or CSV."""

import argparse
import sys

from kviboard.board.board import open_board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tables import answer, catalogue, why_empty
from kviboard.board.voice.asked import response_caution
from kviboard.cli.formats import add_format, printed
from kviboard.cli.options import FINE, add_range, add_where, filters, quiet, refresh_or_say, say_age
from kviboard.domain.periods import GRAINS
from kviboard.errors import UsageError
from kviboard.workspace import load_workspace


def add_kvi(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """The command that prints KVIs."""
    kvi = commands.add_parser(
        "kvi",
        parents=[quiet(common)],
        help="print one KVI per period, or all of them with where they stand",
        description="Print one KVI per period, or without NAME all of them with where they stand.",
        epilog="A range selects whole periods: every period that overlaps it. Percentages are fractions in json and "
        "csv. json is a list of objects with period (ISO date of its first day), slice, value, numerator, denominator, "
        "n, low and high (95 % interval), complete and verdict.",
    )
    kvi.add_argument("name", metavar="NAME", nargs="?", help="such as daily_active_users; without it, the catalogue")
    kvi.add_argument("--by", metavar="DIM", help="one line per value of this dimension")
    kvi.add_argument("--grain", choices=GRAINS, default="month", help="length of a period (default: month)")
    add_range(kvi)
    add_where(kvi)
    add_format(kvi)
    kvi.set_defaults(run=_kvi)


def _kvi(options: argparse.Namespace) -> int:
    workspace = load_workspace(options.workspace)
    refresh_or_say(workspace)
    board = open_board(workspace)
    if options.name is None:
        frame = catalogue(board)
    else:
        kvi = board.kvi(options.name)
        view = View(options.grain, options.first, options.last, options.by, filters(options, workspace))
        frame = answer(board, kvi, view)
        if frame.empty:
            raise UsageError(why_empty(board, kvi, view))
        if caution := response_caution(board, view) if kvi.is_of_answers else "":
            print(f"note: {caution}", file=sys.stderr)
    print(printed(frame, options))
    say_age(board)
    return FINE
