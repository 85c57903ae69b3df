"""The command itself: its options, what happens in which order, and how a KVI is kept."""

import argparse
import json
import sys
from typing import Any

from kviboard.board.board import GROUPS, Board
from kviboard.board.kvis.draft import COUNTS, ROWS, WAYS, Draft, file_text, problems_of
from kviboard.board.kvis.own_files import save, save_draft
from kviboard.board.kvis.questions import COUNTED, TEXTS
from kviboard.board.kvis.trial import KviTrial, try_kvi
from kviboard.cli.acting import owner
from kviboard.cli.new_kvi.asking import OPTIONS, Asking, nothing_lost, say_how_to_go_on
from kviboard.cli.new_kvi.shown import as_object, in_text
from kviboard.cli.options import FINE, PROBLEM, choose, say_age
from kviboard.domain.formatting import listed
from kviboard.domain.periods import GRAINS
from kviboard.errors import KviBoardError, UsageError

_MORE = {
    "table": f" {listed(list(ROWS), 'or')}; left out: {COUNTED}",
    "values": f" Rows with this {listed(list(ROWS.values()), 'or')}; repeat it for more",
    "count": f" {listed(list(COUNTS), 'or')}",
    "way": f" {listed(list(WAYS), 'or')}",
    "judged": f" {listed(GRAINS, 'or')}; left out: as most are",
    "better": " up or down",
    "group": f" {listed(list(GROUPS), 'or')}; left out: {next(iter(GROUPS))}",
}
_DRAFT, _PUBLISH, _CHANGE, _NO = "draft", "publish", "change", "no"
_KEEPING = {
    _DRAFT: "as a draft, which no page shows until it is published",
    _PUBLISH: "publish it: it stands on every page from now on",
    _CHANGE: "change an answer first",
    _NO: "no",
}


def add_new(kvi: argparse.ArgumentParser) -> None:
    """The options of `kviboard kvi new`."""
    group = kvi.add_argument_group(
        "to make one: kviboard kvi new",
        "At a terminal, what no option answers is asked, and whether to keep it. Elsewhere, and with --format json, "
        "nothing is asked: what decides the number has to be said, and nothing is kept without --save.",
    )
    for name, option in OPTIONS.items():
        how: dict[str, Any] = {"action": "append"} if name == "values" else {}
        what = f"{TEXTS[name]}{_MORE.get(name, '')}"
        group.add_argument(option, dest=f"new_{name}", metavar="TEXT", help=what, **how)
    group.add_argument("--save", choices=(_DRAFT, _PUBLISH), help="keep it so, without asking")


def said_of_new(options: argparse.Namespace) -> dict[str, Any]:
    """What the options say of a KVI to be made, by field; with `save`, where that is said."""
    said = {name: getattr(options, f"new_{name}") for name in OPTIONS} | {"save": options.save}
    return {name: value for name, value in said.items() if value is not None}


def make_kvi(board: Board, options: argparse.Namespace) -> int:
    """Ask what is open, show the KVI as it would be, and keep it where somebody says so."""
    asks = sys.stdin.isatty() and options.format == "table"
    said = said_of_new(options)
    keep = said.pop("save", "")
    asking = Asking(board, asks, said)
    with nothing_lost(asking, options):
        asking.go_through()
        trial = _shown(board, asking.draft, options)
        while asks and (keep := keep or _asked_to_keep()) == _CHANGE:
            keep = ""
            asking.change()
            trial = _shown(board, asking.draft, options)
        path = _kept(board, asking.draft, trial, keep)
    if options.format == "json":
        print(json.dumps(as_object(board, asking.draft, trial, path), ensure_ascii=False, indent=1))
    elif path:
        no_page = ": no page shows it until it is published" if keep == _DRAFT else ""
        print(f"Saved as {path}{no_page}.")
    elif asks:
        say_how_to_go_on(asking, options)
    else:
        print("note: nothing is kept without --save draft or --save publish", file=sys.stderr)
    say_age(board)
    return PROBLEM if trial.problems else FINE


def _asked_to_keep() -> str:
    print()
    return choose("Keep it?", _KEEPING)


def _shown(board: Board, draft: Draft, options: argparse.Namespace) -> KviTrial:
    """The KVI as it would be, printed for people unless a program asks."""
    trial = try_kvi(board, draft.name, file_text(draft))
    if options.format == "table":
        print(f"\n{in_text(board, draft, trial)}")
    return trial


def _kept(board: Board, draft: Draft, trial: KviTrial, keep: str) -> str:
    """Keep it as is said; the file's path in the workspace, "" where it is not kept. Raises KviBoardError."""
    if keep not in (_DRAFT, _PUBLISH):
        return ""
    if keep == _PUBLISH and trial.problems:
        raise KviBoardError(f"Not published, because it cannot be computed: {trial.problems[0]}")
    if taken := problems_of(draft, board).get("title"):  # by somebody, while it was asked
        raise UsageError(f"{OPTIONS['title']}: {taken}")
    workspace = board.workspace
    owner(workspace).begin("drafted a KVI" if keep == _DRAFT else "published a KVI", kvi=draft.name)
    path = (save_draft if keep == _DRAFT else save)(workspace, draft.name, file_text(draft))
    return path.relative_to(workspace.root).as_posix()
