"""Every role tries every act at the running server, by the messages that the pages send.

The page is opened while its visitor is admin, so that everything is drawn; then the role is taken away and the message
is sent all the same: hiding a button is no refusal.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kviboard.board.context import open_store_of
from kviboard.board.exports.maintenance import refresh_now
from kviboard.domain.access import ROLES, Act, Role, allowed
from kviboard.store import Author, NewReview, Store
from kviboard.workspace import load_workspace
from tests.browser.server import Server, serving
from tests.browser.session import Answer, connected
from tests.pages.small_shop import FIRST_DAY, write_shop
from tests.store.given import MONDAY

WHO = {"X_Forwarded_Email": "bo@example.com"}
SPRINTS = "\n[sprints]\nfirst_day = 2026-01-01\ndays = 14\n"
SIGN_IN = '\n[sign_in]\nheader = "X-Forwarded-Email"\n[access]\nadmins = ["ada@example.com"{admin}]\n{others}'
NAMES = {"viewer": "viewers", "editor": "editors", "chair": "chairs"}
TRIED: tuple[Act, ...] = ("read", "write", "review", "data")  # what a page can be asked for
NOBODY_ELSE: tuple[Role | None, ...] = (*ROLES, None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop in which people sign in at a proxy, with a review to open for each role."""
    shop = write_shop(tmp_path_factory.mktemp("rights") / "shop")
    (shop / "base.toml").write_text((shop / "kviboard.toml").read_text() + SPRINTS)
    give(shop, "admin")
    refresh_now(load_workspace(shop))
    store = store_of(shop)
    for number in range(len(NOBODY_ELSE)):
        first = FIRST_DAY + timedelta(14 * number)
        new = NewReview(sprint=f"Sprint {number + 1}", starts_on=first, ends_on=first + timedelta(13))
        store.reviews.add(new, author=Author("Ada", MONDAY))
    store.close()
    return shop


@pytest.fixture(scope="module")
def board(folder: Path) -> Iterator[Server]:
    with serving(folder) as server:
        yield server


def give(folder: Path, role: Role | None) -> None:
    """From now on bo@example.com has this role and no other."""
    others = f'{NAMES[role]} = ["bo@example.com"]\n' if role in NAMES else ""
    settings = SIGN_IN.format(admin=', "bo@example.com"' if role == "admin" else "", others=others)
    (folder / "kviboard.toml").write_text((folder / "base.toml").read_text() + settings)


def store_of(folder: Path) -> Store:
    return open_store_of(load_workspace(folder))


def attempt(board: Server, folder: Path, role: Role | None, act: Act) -> Answer:
    """Open the page as admin, have `role` instead, and send what the page would send."""
    sprint = NOBODY_ELSE.index(role) + 1
    give(folder, "admin")
    with connected(board.url, **WHO) as visitor:
        if act == "data":
            button = visitor.run("exports").button("Refresh anyway")
            give(folder, role)
            return visitor.press(button)
        page = visitor.run("review", f"sprint=sprint-{sprint}&present=opening")
        give(folder, role)
        if act == "read":
            return visitor.run("review", "view=history")
        asks = "remark" if act == "write" else "freeze"
        said = {"asks": asks, "step": "vision", "by": "Somebody else", "values": {"text": "Hello"}}
        return visitor.say(page.component, "said", {**said, "once": f"{role}-{act}"})


@pytest.mark.parametrize("act", TRIED)
@pytest.mark.parametrize("role", NOBODY_ELSE)
def test_each_role_does_what_it_may_and_nothing_else(board: Server, folder: Path, role: Role | None, act: Act) -> None:
    store = store_of(folder)
    before = store.history.newest()
    answer = attempt(board, folder, role, act)
    new = [entry for entry in store.history.since(MONDAY) if entry.id > before]
    store.close()
    assert answer.exceptions == []
    if act == "read":
        assert new == []
        assert ("data to" in answer.texts) == (role is not None)
    elif allowed(role, act):
        assert [entry.created_by for entry in new] == ["bo@example.com"]
        assert new[0].row_of == {"write": "review_remarks", "review": "review_acts", "data": "exports"}[act]
    else:
        assert new == []
