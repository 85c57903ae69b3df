"""A secret that tells one browser from another and from nothing else: who answers without a name answers once."""

from functools import cache

import streamlit as st

from kviboard.board.outside_in.rounds import new_token

COOKIE = "kviboard_check"
_SECRET = "browser-secret"
_YEAR = 365 * 24 * 3600
_KEEP = "export default function ({ data }) { document.cookie = data.cookie; }"


def browser_secret() -> str:
    """The secret of this browser, in a cookie so that a reload is not another person. Draws nothing that is seen."""
    if _SECRET not in st.session_state:
        st.session_state[_SECRET] = st.context.cookies.get(COOKIE) or new_token()
    secret = str(st.session_state[_SECRET])
    _component()(key="browser-cookie", data={"cookie": f"{COOKIE}={secret}; path=/; max-age={_YEAR}; samesite=strict"})
    return secret


@cache
def _component():  # type: ignore[no-untyped-def]  # Streamlit's component type is private
    return st.components.v2.component("kvi_secret", html="<span></span>", js=_KEEP)
