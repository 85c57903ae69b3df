"""Under which name the visitor saves, and as whom they are remembered; what they may do belongs to `access`.

Who signs in is known by what proves them. Their name is for people: one name is one person's, and who is renamed keeps
what was said to them and what they own under the old one.
"""

from collections.abc import Callable

import streamlit as st

from kviboard.caching import shared_cache
from kviboard.domain.people import Signature, name_to_save_under, names_of, same_person
from kviboard.errors import StoreError
from kviboard.store import Author
from kviboard.ui import access, session
from kviboard.ui.person import draw_name
from kviboard.ui.served import workspace


def person() -> str:
    """The name to save under; empty while nobody has said it."""
    found = access.visitor()
    if not found.subject:
        return found.name
    return name_to_save_under(found.name, found.subject, found.address, _signatures())


def author(key: str | None = None) -> Author:
    """Whoever saves now; `key` is that of the click."""
    return Author(person(), workspace().company.now(), key, access.visitor().subject)


def all_names(name: str) -> tuple[str, ...]:
    """All names of whoever is called so, or was before they were renamed; none of nobody."""
    if not name:
        return ()
    subject = access.visitor().subject if same_person(name, person()) else None
    return names_of(name, _signatures(), subject)


def draw_person(waiting: Callable[[], None] | None = None) -> None:
    """Say under which name a form saves: who is signed in, or a field in which people say who they are; `waiting`, such
    as a save, is done once they have."""
    if workspace().sign_in.is_on:
        st.caption(f"Saved as {person()}")
    else:
        draw_name(waiting)


def _signatures() -> tuple[Signature, ...]:
    """Who saved under which names; none where nobody signs in, or the store, which then takes nothing, is out of
    reach."""
    if not workspace().sign_in.is_on:
        return ()
    try:
        return _signatures_at(session.board_key(), session.newest_entry())
    except StoreError:
        return ()


@shared_cache(most=4)
def _signatures_at(key: session.Key, newest: int) -> tuple[Signature, ...]:
    return tuple(session.store().signatures())
