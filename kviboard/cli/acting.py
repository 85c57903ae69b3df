"""Whoever runs a command, as somebody who acts on exports and versions: the audit has them by the system's name."""

import getpass
from collections.abc import Mapping
from contextlib import closing, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kviboard.domain.access import OWNER
from kviboard.errors import StoreError
from kviboard.workspace import Workspace

if TYPE_CHECKING:  # SQLAlchemy takes time to import; commands that do nothing with data need not wait for it
    from kviboard.board.exports.actor import Actor
    from kviboard.store import Author


def user_name() -> str:
    """What the system calls whoever runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a number without a name, as in containers
        return "the owner"


def owner(workspace: Workspace) -> "Actor":
    """Whoever runs the command: they may do everything, and it is kept in the store once that is in use. Where people
    sign in, a store out of reach raises StoreError, as on the pages: what nobody could account for is not done."""
    from kviboard.board.context import open_bare_store_of, store_place
    from kviboard.board.exports.actor import Actor

    def note(action: str, what: Mapping[str, Any], author: "Author") -> None:
        place = store_place(workspace)
        if isinstance(place, Path) and not place.is_file():
            return
        out_of_reach = nullcontext() if workspace.sign_in.is_on else suppress(StoreError)
        with out_of_reach, closing(open_bare_store_of(workspace)) as store:
            if store.history.newest():  # an empty one can be imported into
                store.history.note(action, what, author=author)

    return Actor(replace(OWNER, name=user_name()), note)
