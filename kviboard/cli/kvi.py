"""`kviboard kvi`: one KVI per period, or all of them with where they stand, as table, JSON or CSV; or a new one."""

import argparse
import sys

from kviboard.board.board import Board, open_board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.scored_share import LOW
from kviboard.board.kvis.tables import answer, catalogue, why_empty
from kviboard.board.voice.asked import response_caution
from kviboard.cli.formats import add_format, printed
from kviboard.cli.new_kvi.asking import NEW, OPTIONS
from kviboard.cli.new_kvi.command import add_new, make_kvi, said_of_new
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
        help="print one KVI per period, or all of them with where they stand; `kvi new` makes one",
        description="Print one KVI per period, or without NAME all of them with where they stand. `kviboard kvi new` "
        "makes one by five questions; where a KVI is called new, an answer among the options says that one is made.",
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
    add_new(kvi)
    kvi.set_defaults(run=_kvi)


def _kvi(options: argparse.Namespace) -> int:
    workspace = load_workspace(options.workspace)
    refresh_or_say(workspace)
    board = open_board(workspace)
    if _makes_one(board, options):
        return make_kvi(board, options)
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


def _makes_one(board: Board, options: argparse.Namespace) -> bool:
    """Whether a KVI is to be made. A KVI that is called new is printed, unless options say something of another one.
    Raises UsageError for options that do not go together."""
    said = said_of_new(options)
    if said and options.name != NEW:
        named = OPTIONS.get(next(iter(said)), "--save")
        raise UsageError(f"{named} is of a KVI to be made: kviboard kvi new {named} …")
    if options.name != NEW or (board.has_file(NEW) and not said):
        return False
    printing: dict[str, object] = {"--by": options.by, "--from": options.first, "--to": options.last}
    printing |= {"--where": options.where, "--segment": options.segment, "--raw": options.raw}
    printing |= {"--format csv": options.format == "csv"}
    if not_of_new := [option for option, value in printing.items() if value]:
        raise UsageError(f"{not_of_new[0]} is of a KVI that is there; of a new one, as it would be, leave it out.")
    return True


def _score_caution(board: Board, kvi: Kvi, view: View) -> str:
    """Of how many of the rows, of a KVI by score, less than half of the revenue has a score; empty where of none."""
    whole = board.kvis.get(kvi.coverage or "")
    if whole is None or view.grain not in whole.grains:
        return ""
    scored = answer(board, whole, view).query("complete")["value"].dropna()
    few = int((scored < LOW).sum())
    said = f"less than {format_share(LOW)} of revenue comes from customers who gave a score"
    return f"in {few} of {counted(len(scored), 'row')} {said}" if few else ""
