"""`kviboard forget`: takes everything about one customer out of what the board keeps."""

import argparse
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

from kviboard.board.context import open_store_of
from kviboard.board.exports.actor import Actor
from kviboard.board.exports.forgetting import forget
from kviboard.board.reviews.redaction import take_out_voices
from kviboard.cli.acting import user_name
from kviboard.cli.options import FINE, quiet, show_progress
from kviboard.domain.access import OWNER
from kviboard.store import Author
from kviboard.workspace import load_workspace


def add_forget(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """The command that forgets one customer."""
    what = "take everything about one customer out of what the board keeps"
    forgetting = commands.add_parser(
        "forget",
        parents=[quiet(common)],
        help=what,
        description=f"T{what[1:]}: all versions, caches, waiting and replaced files, voices in frozen reviews. No "
        "later export brings them back. Exports, back-ups and mails are not changed; exports that still have rows are "
        "named.",
    )
    forgetting.add_argument("customer_id", metavar="CUSTOMER_ID", help="as the exports have it")
    forgetting.set_defaults(run=_forget)


def _forget(options: argparse.Namespace) -> int:
    workspace = load_workspace(options.workspace)
    with closing(open_store_of(workspace)) as store:

        def note(action: str, what: Mapping[str, Any], author: Author) -> None:
            store.history.note(action, what, author=author)

        actor = Actor(replace(OWNER, name=user_name()), note)
        lines = forget(workspace, store, options.customer_id, take_out_voices, actor, show_progress)
    for line in lines:
        print(line)
    return FINE
