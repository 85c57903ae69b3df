"""`kviboard why`: what each slice contributed to the change of a KVI, as table, JSON or CSV."""

import argparse

from kviboard.board.board import open_board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tables import refuse_unknown_values
from kviboard.board.kvis.why import PREVIOUS, USUAL, explain_change, in_words, usual_in_words
from kviboard.cli.formats import add_format, printed
from kviboard.cli.options import FINE, add_where, filters, quiet, refresh_or_say, say_age
from kviboard.domain.formatting import format_change, format_value
from kviboard.domain.periods import GRAINS
from kviboard.workspace import load_workspace


def add_why(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """The command that splits the change of a KVI."""
    what = "print what each slice contributed to the change of a KVI"
    why = commands.add_parser(
        "why",
        parents=[quiet(common)],
        help=what,
        description="Print what each slice contributed to a KVI's change. The effects of a dimension add up to it.",
        epilog="rate_effect is what a slice's own ratio did, mix_effect what its weight among all did; both are empty "
        "for a KVI that is no ratio. usual is the complete periods of the level before, taken together.",
    )
    why.add_argument("name", metavar="KVI", help="such as customer_satisfaction")
    why.add_argument("--by", metavar="DIM", default="all", help="the dimension to split by (default: all of them)")
    why.add_argument("--grain", choices=GRAINS, default="month", help="length of a period (default: month)")
    why.add_argument(
        "--period", metavar="PERIOD", help='its name, as "Sprint 38", or a day in it (default: the latest)'
    )
    why.add_argument(
        "--against",
        metavar="PERIOD",
        default=USUAL,
        help=f"what to compare with: {USUAL}, {PREVIOUS} or an earlier period, named like that of --period "
        f"(default: {USUAL})",
    )
    add_where(why)
    add_format(why)
    why.set_defaults(run=_why)


def _why(options: argparse.Namespace) -> int:
    workspace = load_workspace(options.workspace)
    refresh_or_say(workspace)
    board = open_board(workspace)
    kvi = board.kvi(options.name)
    by = board.dimensions if options.by == "all" else (options.by,)
    view = View(options.grain, by=None if options.by == "all" else options.by, where=filters(options, workspace))
    refuse_unknown_values(board, view)
    why = explain_change(board, kvi, view, by, options.against, options.period)
    if options.format == "table":
        currency = workspace.company.currency
        now, then = (format_value(value, kvi.unit, currency) for value in (why.now, why.then))
        print(f"{kvi.title}, {why.period}: {now}, {format_change(why.now, why.then, kvi.unit, currency)} on {then}")
        print(f"({why.against}). {in_words(why, currency)}")
        print(f"{said}\n" if (said := usual_in_words(why, currency)) else "")
    print(printed(why.rows, options))
    say_age(board)
    return FINE
