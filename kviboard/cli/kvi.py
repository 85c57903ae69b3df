"""`kviboard kvi`: one KVI per period, or all of them with where they stand, as table, JSON or CSV."""

import argparse
import sys

from kviboard.board.board import Board, open_board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.scored_share import LOW
from kviboard.board.kvis.tables import answer, catalogue, why_empty
from kviboard.board.voice.asked import response_caution
from kviboard.cli.formats import add_format, printed
from kviboard.cli.options import FINE, add_range, add_where, filters, quiet, refresh_or_say, say_age
from kviboard.domain.formatting import counted, format_share
from kviboard.domain.kvis.kvi import Kvi
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
        if caution := response_caution(board, view) if kvi.is_of_answers else _score_caution(board, kvi, view):
            print(f"note: {caution}", file=sys.stderr)
    print(printed(frame, options))
    say_age(board)
    return FINE


def _score_caution(board: Board, kvi: Kvi, view: View) -> str:
    """Of how many of the rows, of a KVI by score, less than half of the revenue has a score; empty where of none."""
    whole = board.kvis.get(kvi.coverage or "")
    if whole is None or view.grain not in whole.grains:
        return ""
    scored = answer(board, whole, view).query("complete")["value"].dropna()
    few = int((scored < LOW).sum())
    said = f"less than {format_share(LOW)} of revenue comes from customers who gave a score"
    return f"in {few} of {counted(len(scored), 'row')} {said}" if few else ""
