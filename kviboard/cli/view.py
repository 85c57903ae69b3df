"""`kviboard view`: what the pages show besides KVIs, as table, JSON or CSV."""

import argparse
import sys

from kviboard.board.board import open_board
from kviboard.board.kvis.reading import View
from kviboard.board.views.named import read_per_segment
from kviboard.board.views.views import Given, list_views, plain, read_view, view_file
from kviboard.cli.formats import add_format, printed
from kviboard.cli.options import FINE, add_range, add_where, filters, quiet, refresh_or_say, say_age
from kviboard.domain.periods import GRAINS
from kviboard.errors import UsageError
from kviboard.workspace import load_workspace


def add_view(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """The command that prints one view, or without a name lists them."""
    what = "print what a page shows besides KVIs, or list these views"
    view = commands.add_parser(
        "view",
        parents=[quiet(common)],
        help=what,
        description="Print one view, or without NAME all of them with what one row of each is.",
        epilog="Percentages are fractions in json and csv; low and high are the ends of a 95 % interval unless the "
        "view says otherwise. With --by the first column is slice.",
    )
    view.add_argument("name", metavar="NAME", nargs="?", help="such as score_distribution; without it, the list")
    apart = view.add_mutually_exclusive_group()
    apart.add_argument("--by", metavar="DIM", help="one answer per value of this dimension")
    apart.add_argument("--by-segment", action="store_true", help="one answer per segment that kviboard.toml names")
    view.add_argument("--grain", choices=GRAINS, default="month", help="length of a period, where it has any")
    add_range(view)
    add_where(view)
    view.add_argument(
        "--set", dest="given", metavar="NAME=VALUE", type=_given, action="append", default=[],
        help="a parameter of the view's own, as its file in queries/views names it",
    )  # fmt: skip
    add_format(view)
    view.set_defaults(run=_view)


def _view(options: argparse.Namespace) -> int:
    workspace = load_workspace(options.workspace)
    refresh_or_say(workspace)
    board = open_board(workspace)
    lacking: list[str] = []
    if options.name is None:
        frame = list_views(board)
    else:
        file = view_file(board, options.name)
        if (options.first or options.last) and not file.asked & {"first", "last"}:
            raise UsageError(f"{file.title} covers all days; leave out --from and --to.")
        view = View(options.grain, options.first, options.last, options.by, filters(options, workspace))
        read = read_per_segment if options.by_segment else read_view
        frame = plain(read(board, options.name, view, **dict(options.given)))
        lacking = [] if len(frame) else [name for name in file.parameters if name not in dict(options.given)]
    print(printed(frame, options))
    if lacking:
        could = " ".join(f"--set {name}=VALUE" for name in lacking)
        print(f"note: {options.name} also takes {could}, which was not given.", file=sys.stderr)
    say_age(board)
    return FINE


def _given(text: str) -> tuple[str, Given]:
    """A parameter typed as name=value; what reads as a number is one."""
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise argparse.ArgumentTypeError(f"{text!r} is not like name=value")
    try:
        return name, int(value)
    except ValueError:
        return name, value
