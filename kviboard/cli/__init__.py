"""The `kviboard` command: what people type, what is printed, which exit code. The work is done by the board."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from kviboard import __version__
from kviboard.board.board import open_board
from kviboard.board.exports.maintenance import MaintenanceReport, check, refresh_if_needed, refresh_now, watch
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tables import answer, catalogue, why_empty
from kviboard.board.voice.asked import response_caution
from kviboard.cli.acting import owner
from kviboard.cli.backup import add_backup
from kviboard.cli.coach import add_coach
from kviboard.cli.digest import add_digest
from kviboard.cli.forget import add_forget
from kviboard.cli.init import add_init
from kviboard.cli.minutes import add_minutes
from kviboard.cli.okrs import add_okrs
from kviboard.cli.options import (
    FINE,
    PROBLEM,
    WRONG_USAGE,
    add_range,
    add_where,
    filters,
    quiet,
    refresh_or_say,
    say_age,
    show_progress,
    within_memory,
)
from kviboard.cli.remind import add_remind
from kviboard.cli.view import add_format, add_view, printed
from kviboard.cli.why import add_why
from kviboard.domain.periods import GRAINS
from kviboard.errors import KviBoardError, UsageError
from kviboard.workspace import WORKSPACE_VARIABLE, load_workspace


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 fine, 1 a problem in data or configuration, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except UsageError as error:
        print(f"kviboard: {error}", file=sys.stderr)
        return WRONG_USAGE
    except KviBoardError as error:
        print(f"kviboard: {error}", file=sys.stderr)
        return PROBLEM
    except BrokenPipeError:  # `kviboard kvi … | head` is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return 130


def _serve(options: argparse.Namespace) -> int:
    from kviboard.ui.serve import serve  # Streamlit takes 0.3 s to import; other commands need not wait for it
    from kviboard.ui.serve_options import ServeOptions

    workspace = load_workspace(options.workspace)
    try:
        if not options.read_only:
            refresh_if_needed(workspace, show_progress)
    except KviBoardError as error:  # the board opens all the same and says what to do
        print(f"kviboard: {error}", file=sys.stderr)
    asked = ServeOptions(
        options.port, options.address, options.path, options.read_only, options.open_to_everyone, options.workers
    )
    serve(workspace, asked, not options.no_browser)
    return FINE


def _refresh(options: argparse.Namespace) -> int:
    if options.watch:
        watch(lambda: load_workspace(options.workspace), lambda sentence: print(sentence, flush=True))
    workspace = load_workspace(options.workspace)
    owner(workspace).begin("refreshed")
    with within_memory(workspace):
        return _report(refresh_now(workspace, show_progress))


def _check(options: argparse.Namespace) -> int:
    workspace = load_workspace(options.workspace)
    with within_memory(workspace):
        return _report(check(workspace, show_progress))


def _report(report: MaintenanceReport) -> int:
    for line in report.lines:
        print(line)
    for problem in report.problems:
        print(f"problem: {problem}", file=sys.stderr)
    for warning in report.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    for decision in sorted(report.decisions, key=lambda decision: decision.level, reverse=True):  # warnings first
        print(f"{decision.level}: {decision}", file=sys.stderr)
    return PROBLEM if report.problems else FINE


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


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--workspace", metavar="DIR", type=Path, default=os.environ.get(WORKSPACE_VARIABLE),
        help="folder with kviboard.toml and the exports (default: $KVIBOARD_WORKSPACE, else the sample workspace)",
    )  # fmt: skip
    parser = argparse.ArgumentParser(
        prog="kviboard",
        parents=[common],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Key Value Indicators and customer-perspective OKRs over your company's own exports.\n"
        "Without a command it serves the board and opens it in the browser.",
        epilog="first steps:\n"
        "  kviboard                             the board on the sample workspace\n"
        "  kviboard init ~/our-board            a workspace of your own, with comments that explain it\n"
        "  kviboard init ~/our-board FILE …     the same, set up from your exports\n"
        "  kviboard check --workspace DIR       what is wrong with settings and exports, each with its place\n"
        "  kviboard refresh --workspace DIR     read the exports, build and publish a new version\n"
        "  kviboard kvi                         the KVIs and where they stand\n"
        "  kviboard kvi net_promoter_score --grain week --by country --format csv\n"
        "  kviboard why customer_satisfaction   which customers moved it\n"
        "  kviboard view score_distribution     what the pages show besides; without a name, the list\n"
        "  kviboard digest --out week.html      This week as one file, to send or to print\n"
        '  kviboard minutes "Sprint 38" --out minutes.html   the minutes of a review\n'
        "  kviboard okrs export okrs.json       everything people typed, to keep or to move\n\n"
        "exit codes: 0 fine, 1 the data or configuration has a problem, 2 wrong usage",
    )
    parser.add_argument("--version", action="version", version=f"kviboard {__version__}")
    _serve_options(parser)
    parser.set_defaults(run=_serve)
    _add_commands(parser.add_subparsers(title="commands", metavar="COMMAND"), common)
    return parser


def _add_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    serving = commands.add_parser(
        "serve", parents=[quiet(common)], help="serve the board; refreshes first if exports changed"
    )
    _serve_options(serving, is_command=True)
    serving.set_defaults(run=_serve)
    for name, run, what in (
        ("refresh", _refresh, "read the exports, build a new version and publish it"),
        ("check", _check, "say what is wrong with the configuration, the queries and the data; publishes nothing"),
    ):
        command = commands.add_parser(name, parents=[quiet(common)], help=what, description=what.capitalize() + ".")
        command.set_defaults(run=run)
        if name == "refresh":
            command.add_argument(
                "--watch", action="store_true", help="and again whenever exports change; Ctrl+C ends it"
            )
    _add_kvi(commands, common)
    add_why(commands, common)
    add_coach(commands, common)
    add_view(commands, common)
    add_digest(commands, common)
    add_remind(commands, common)
    add_minutes(commands, common)
    add_okrs(commands, common)
    add_forget(commands, common)
    add_backup(commands, common)
    add_init(commands)


def _serve_options(parser: argparse.ArgumentParser, is_command: bool = False) -> None:
    """How the board is served. After the command `serve`, they leave alone what was given before it."""

    def default(value: int | str | bool) -> int | str | bool:
        return argparse.SUPPRESS if is_command else value

    for name, kind, value, what in (
        ("--port", int, 8501, "port to serve on; 0 takes a free one (default: 8501)"),
        ("--address", str, "127.0.0.1", "address to listen on (default: this machine only)"),
        ("--path", str, "", "path under which a reverse proxy has the board, as /board"),
        ("--workers", int, 1, "processes that serve, for more than 200 people at once (default: 1)"),
    ):
        parser.add_argument(name, type=kind, default=default(value), help=what)
    for name, what in (
        ("--read-only", "show everything, change nothing"),
        ("--open-to-everyone", "listen on the network although nobody signs in"),
        ("--no-browser", "do not open the browser"),
    ):
        parser.add_argument(name, action="store_true", default=default(False), help=what)


def _add_kvi(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
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
