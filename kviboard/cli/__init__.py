"""The `kviboard` command: what people type, what is printed, which exit code. The work is done by the board."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from kviboard import __version__
from kviboard.board.exports.maintenance import refresh_if_needed
from kviboard.board.opening import open_ahead
from kviboard.cli.options import FINE, PROBLEM, WRONG_USAGE, at_terminal, quiet, show_progress
from kviboard.errors import KviBoardError, UsageError
from kviboard.workspace import WORKSPACE_VARIABLE, load_workspace

COMMANDS = {
    "refresh": ("refresh", "add_refresh"),
    "check": ("refresh", "add_refresh"),
    "kvi": ("kvi", "add_kvi"),
    "why": ("why", "add_why"),
    "coach": ("coach", "add_coach"),
    "view": ("view", "add_view"),
    "digest": ("digest", "add_digest"),
    "remind": ("remind", "add_remind"),
    "minutes": ("minutes", "add_minutes"),
    "okrs": ("okrs", "add_okrs"),
    "forget": ("forget", "add_forget"),
    "backup": ("backup", "add_backup"),
    "restore": ("backup", "add_backup"),
    "init": ("init", "add_init"),
}
"""Each command's module and what adds it to the parser: one is loaded when it is typed, all of them for help, and none
where the board is served."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 fine, 1 a problem in data or configuration, 2 wrong usage."""
    typed = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser(_wanted(typed)).parse_args(typed)
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


def _wanted(typed: Sequence[str]) -> Sequence[str]:
    """The commands that the parser has to know: the one that is typed, none to serve, and all of them where something
    else is typed, which asks for help or is a mistake."""
    before = argparse.ArgumentParser(parents=[_for_all()], add_help=False, allow_abbrev=False, exit_on_error=False)
    _serve_options(before)
    try:
        _, others = before.parse_known_args(typed)
    except argparse.ArgumentError:
        return tuple(COMMANDS)
    command = others[0] if others else "serve"
    if command == "serve":
        return ()
    return [command] if command in COMMANDS else tuple(COMMANDS)


def _serve(options: argparse.Namespace) -> int:
    workspace = load_workspace(options.workspace)
    try:
        if not options.read_only:
            with at_terminal(workspace):
                refresh_if_needed(workspace, show_progress)
    except KviBoardError as error:  # the board opens all the same and says what to do
        print(f"kviboard: {error}", file=sys.stderr)
    if options.workers == 1:
        open_ahead(workspace)
    from kviboard.ui.serve import serve  # Streamlit takes 0.3 s to import; other commands need not wait for it
    from kviboard.ui.serve_options import ServeOptions

    asked = ServeOptions(
        options.port, options.address, options.path, options.read_only, options.open_to_everyone, options.workers
    )
    serve(workspace, asked, not options.no_browser)
    return FINE


def _parser(wanted: Sequence[str] = tuple(COMMANDS)) -> argparse.ArgumentParser:
    common = _for_all()
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
        "  kviboard kvi new                     a KVI of your own, by five questions\n"
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
    _add_commands(parser.add_subparsers(title="commands", metavar="COMMAND"), common, wanted)
    return parser


def _for_all() -> argparse.ArgumentParser:
    """What every command takes."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--workspace", metavar="DIR", type=Path, default=os.environ.get(WORKSPACE_VARIABLE),
        help="folder with kviboard.toml and the exports (default: $KVIBOARD_WORKSPACE, else the sample workspace)",
    )  # fmt: skip
    return common


def _add_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    common: argparse.ArgumentParser,
    wanted: Sequence[str],
) -> None:
    serving = commands.add_parser(
        "serve", parents=[quiet(common)], help="serve the board; refreshes first if exports changed"
    )
    _serve_options(serving, is_command=True)
    serving.set_defaults(run=_serve)
    for module, add in dict.fromkeys(COMMANDS[name] for name in wanted):
        getattr(import_module(f"kviboard.cli.{module}"), add)(commands, common)


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
