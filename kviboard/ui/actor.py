"""The visitor as somebody who acts on exports and versions, and where what they do is written down."""

from collections.abc import Mapping
from contextlib import nullcontext, suppress
from dataclasses import replace
from typing import Any

from kviboard.board.exports.actor import Actor
from kviboard.domain.access import Permission
from kviboard.errors import StoreError
from kviboard.store import Author
from kviboard.ui import served, session
from kviboard.ui.access import visitor
from kviboard.ui.author import person


def actor(permission: Permission = "data") -> Actor:
    """The visitor, whose doings with exports and versions are kept in the store. Where people sign in, a store out of
    reach raises StoreError: what nobody could account for is not done."""

    def note(action: str, what: Mapping[str, Any], author: Author) -> None:
        with nullcontext() if served.workspace().sign_in.is_on else suppress(StoreError):
            session.store().history.note(action, what, author=author, needs=permission)

    return Actor(replace(visitor(), name=person()), note, permission)
