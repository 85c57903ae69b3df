"""What several commands share: options that all of them take, how days and filters are typed, files, progress."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from kviboard.board.age import age_text, reach_text
from kviboard.board.board import Board
from kviboard.board.exports.maintenance import refresh_if_possible
from kviboard.board.kvis.segments import within_segment
from kviboard.errors import KviBoardError, NotBuiltError
from kviboard.warehouse.versions import current_version
from kviboard.workspace import Workspace

FINE, PROBLEM, WRONG_USAGE = 0, 1, 2
Filters = tuple[tuple[str, tuple[str, ...]], ...]


def quiet(common: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The same option after the command, without wiping what was given before it."""
    again = argparse.ArgumentParser(add_help=False)
    for action in common._actions:
        again.add_argument(
            *action.option_strings, metavar=action.metavar, type=Path, default=argparse.SUPPRESS, help=action.help
        )
    return again


def add_where(parser: argparse.ArgumentParser) -> None:
    """The option that chooses customers."""
    parser.add_argument(
        "--where", metavar="DIM=VALUE", type=_pair, action="append", default=[],
        help="only customers with this value; repeat it for more values or dimensions",
    )  # fmt: skip
    parser.add_argument(
        "--segment", metavar="NAME", default="", help="only customers of this segment, as kviboard.toml names it"
    )


def add_range(parser: argparse.ArgumentParser) -> None:
    """The options that choose days."""
    parser.add_argument("--from", dest="first", metavar="DAY", type=day, help="first day, as 2026-01-31")
    parser.add_argument("--to", dest="last", metavar="DAY", type=day, help="last day, as 2026-03-31")


def filters(options: argparse.Namespace, workspace: Workspace) -> Filters:
    """What `--where` and `--segment` said, by dimension. Raises UsageError for a segment that does not exist."""
    pairs: Sequence[tuple[str, str]] = options.where
    dimensions = dict.fromkeys(dimension for dimension, _ in pairs)
    where = tuple((name, tuple(value for dimension, value in pairs if dimension == name)) for name in dimensions)
    return within_segment(workspace, options.segment, where)


def day(text: str) -> date:
    """A day typed as 2026-01-31."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it like 2026-01-31") from error


def write_file(path: Path, content: bytes) -> None:
    """Writes what a command made; a file of that name is replaced. Raises KviBoardError where it cannot be."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise KviBoardError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}.") from error


def refresh_or_say(workspace: Workspace) -> None:
    """Refresh where exports changed; where that is refused, say why and go on with what was read before."""
    with at_terminal(workspace):
        refusal = refresh_if_possible(workspace, show_progress)
    if refusal:
        print(f"kviboard: {refusal}", file=sys.stderr)


@contextmanager
def at_terminal(workspace: Workspace) -> Iterator[None]:
    """A refresh that shows its progress: whatever ends it is said on a line of its own, and after Ctrl+C which version
    is in use."""
    try:
        yield
    except BaseException as error:
        if sys.stderr.isatty():
            print(file=sys.stderr)
        if isinstance(error, KeyboardInterrupt):
            print(f"kviboard: Stopped; {_in_use(workspace)}.", file=sys.stderr)
        raise


def _in_use(workspace: Workspace) -> str:
    try:
        return f"version {current_version(workspace)} stays in use"
    except NotBuiltError:
        return "there is no version yet"


def say_age(board: Board) -> None:
    """Say on the error stream how far the data reaches, where it is old: what is printed looks like today's."""
    if age_text(board):
        print(f"note: {reach_text(board)}", file=sys.stderr)


def typed(prompt: str) -> str:
    """What somebody types at the terminal. Ctrl+D ends the command as Ctrl+C does."""
    try:
        return input(prompt).strip()
    except EOFError:
        raise KeyboardInterrupt from None


def choose(text: str, options: Mapping[str, str], standing: str | None = None) -> str:
    """The one of several that somebody chooses by its number; Enter takes the one that stands there, if one does."""
    print(text)
    for place, words in enumerate(options.values(), start=1):
        print(f"  {place}  {words}")
    known = list(options)
    hint = f" [{known.index(standing) + 1}]" if standing in known else ""
    while True:
        number = typed(f"number, 1 to {len(known)}{hint}: ")
        if not number and standing in known:
            return standing
        if number.isdecimal() and 0 < int(number) <= len(known):
            return known[int(number) - 1]


def show_progress(what: str, share: float) -> None:
    """One line that moves, on a terminal; silence where the output is read by a program."""
    if sys.stderr.isatty():
        bar = "█" * round(20 * share)
        end = "\n" if share >= 1 else ""
        print(f"\r\033[K{bar:<20} {share:4.0%}  {what}", end=end, file=sys.stderr, flush=True)


def _pair(text: str) -> tuple[str, str]:
    dimension, equals, value = text.partition("=")
    if not (dimension and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not DIM=VALUE; write it like country=NL")
    return dimension, value
