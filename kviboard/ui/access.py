"""Who is at the keyboard, how the board knows, and what they may do.

Pages ask `may`, to spare people forms that they could not save; the doors ask `permit`, which refuses. A sign-in is
Streamlit's own (st.login, st.user) or a proxy's header; without either, the board is on somebody's own machine.
"""

import math
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, NoReturn

import streamlit as st

from kviboard.board.brought import MOST_MB
from kviboard.documents.markdown.text import escaped
from kviboard.domain.access import OWNER, Permission, Person, may_do, refusal
from kviboard.errors import NotAllowedError, WorkspaceError
from kviboard.ui.person import said_name
from kviboard.ui.served import is_read_only, workspace
from kviboard.ui.streamlit_internals import claims_of, is_drawing
from kviboard.ui.style import dress_page
from kviboard.workspace import Workspace
from kviboard.workspace.access_settings import SignIn

NOBODY = Person("", "", None)
_LONGEST_NAME = 120
_TABLES = 5  # of the largest size, that somebody sends who only looks


def visitor() -> Person:
    """Whoever this run of a page is for. What the server does on its own account, between runs, its owner does."""
    return _whoever(said_name(), _claims()) if is_drawing() else OWNER


def may(permission: Permission) -> bool:
    """Whether the visitor may do this."""
    return may_do(visitor(), permission)


def lasting_right(permission: Permission) -> Callable[[], bool]:
    """Whether the visitor of this run may do this, to be asked later and from elsewhere: the answer follows
    kviboard.toml as it is then, and ends with the sign-in. Can be pickled."""
    return partial(_has_right, said_name(), _claims(), permission)


def _claims() -> Mapping[str, Any]:
    """What the sign-in says of the visitor; nothing where nobody signs in: Streamlit looks for its secrets to say it,
    seven times a page."""
    with suppress(WorkspaceError):
        return st.user.to_dict() if workspace().sign_in.is_on else {}
    return {}


def _has_right(name: str, claims: Mapping[str, Any], permission: Permission) -> bool:
    return may_do(_whoever(name, claims), permission)


def permit(permission: Permission) -> None:
    """Raises NotAllowedError with a sentence where the visitor may not do this."""
    found = visitor()
    is_writing = permission != "read"
    if may_do(found, permission) and not (is_writing and is_read_only()):
        return
    if is_read_only() and found.role:
        raise NotAllowedError("Not done: this board only shows; it was started with --read-only.")
    raise NotAllowedError(refusal(found, permission) if found.role else "Not done: sign in again, then save once more.")


def most_bytes_of(session_id: str) -> float:
    """How much the visitor of a session may send: an admin any file, others some tables of stories or OKRs."""
    sender = _whoever("", claims_of(session_id))
    if may_do(sender, "data"):
        return math.inf
    return _TABLES * MOST_MB * 1e6 if may_do(sender, "read") else 0


def admit() -> None:
    """Let nobody in who may not look: stops the page with a way to sign in. First step of every page."""
    try:
        here = workspace()
    except WorkspaceError:
        return  # there is nothing to see, and the page says why
    if here.sign_in.is_on and visitor().role is None:
        _turn_away(here)


def draw_account() -> None:
    """Say who is signed in, with a way out; nothing where nobody signs in."""
    found = visitor()
    if found.role and workspace().sign_in.is_on:
        with st.container(key="account"), st.popover(escaped(found.name), type="tertiary"):
            st.text(f"Signed in as {found.name}, {found.role} of this board.")
            if workspace().sign_in.issuer:
                st.button("Sign out", on_click=st.logout, key="sign-out")


def _turn_away(here: Workspace) -> NoReturn:
    dress_page(writes=False)
    st.title(here.company.name)
    claims = st.user.to_dict()
    address = _address(here.sign_in, claims)
    closed = f"You are signed in as {escaped(address)}, and this board is not open to you: ask one of its admins."
    if here.sign_in.header and address:
        st.warning(closed, icon="🔒")  # the proxy has signed them in, and only the proxy can sign them out
    elif here.sign_in.header:
        st.info("The board is reached through the company's own sign-in: open it by its usual address.", icon="🔒")
    elif not claims.get("is_logged_in") or _has_expired(here.sign_in, claims) or not _is_for_us(here.sign_in, claims):
        st.info("Sign in to see this board.", icon="🔒")
        st.button("Sign in", on_click=st.login, type="primary", key="sign-in")
    elif not address:
        st.warning("Your provider has not verified your mail address, so the board cannot tell who you are.", icon="🔒")
        st.button("Sign out", on_click=st.logout, key="sign-out")
    else:
        st.warning(closed, icon="🔒")
        st.button("Sign out", on_click=st.logout, key="sign-out")
    st.stop()


def _whoever(name: str, claims: Mapping[str, Any]) -> Person:
    """Who says this name and brings these claims, by the settings as they are now."""
    try:
        here = workspace()
    except WorkspaceError:
        return NOBODY  # the page says what is wrong with kviboard.toml
    if here.sign_in.is_on:
        return _signed_in(here, claims)
    return Person(name, name, "viewer" if is_read_only() else "admin", sees_customers=True)


def _signed_in(here: Workspace, claims: Mapping[str, Any]) -> Person:
    """The person that the sign-in proves; NOBODY where it proves nothing."""
    address = _address(here.sign_in, claims)
    if not address or _has_expired(here.sign_in, claims):
        return NOBODY
    groups = _groups(claims.get(here.sign_in.groups))
    rules = here.access.rules
    role = rules.role_of(address, groups)
    if role and is_read_only():
        role = "viewer"
    said = claims.get("name")
    name = (" ".join(said.split())[:_LONGEST_NAME] if isinstance(said, str) else "") or address
    key = str(claims.get("sub") or address)
    return Person(name, key, role, rules.sees_customers(address, groups), address)


def _address(sign_in: SignIn, claims: Mapping[str, Any]) -> str:
    """The mail address, where a provider has verified it or a proxy vouches for it; else empty."""
    address = claims.get("email")
    is_verified = bool(claims.get("is_logged_in")) and claims.get("email_verified") is True
    is_proven = bool(sign_in.header) or (is_verified and _is_for_us(sign_in, claims))
    return address if is_proven and isinstance(address, str) else ""


def _is_for_us(sign_in: SignIn, claims: Mapping[str, Any]) -> bool:
    """Whether the provider signed somebody in at this board, and not at another program that it knows, too."""
    audience = claims.get("aud")
    return sign_in.client_id in (audience if isinstance(audience, list | tuple) else [audience])


def _has_expired(sign_in: SignIn, claims: Mapping[str, Any]) -> bool:
    """Whether a sign-in is older than it may be; one without a time is."""
    if sign_in.header:
        return False  # the proxy says it anew with every connection
    issued = claims.get("iat")
    return not isinstance(issued, int | float) or time.time() - issued > sign_in.hours * 3_600


def _groups(claim: object) -> tuple[str, ...]:
    """Groups, which providers write as a list or as one text with commas."""
    if isinstance(claim, str):
        return tuple(name.strip() for name in claim.split(",") if name.strip())
    return tuple(map(str, claim)) if isinstance(claim, list | tuple) else ()
