"""Every role tries every act at the running server, by the messages that the pages send.

The page is opened while its visitor is admin, so that everything is drawn; then the role is taken away and the message
is sent all the same: hiding a button is no refusal.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kviboard.board.context import open_store_of
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.uploads import receive
from kviboard.board.kvis.own_files import drafts, save_draft
from kviboard.domain.access import PERMISSIONS, ROLES, Permission, Role, allowed
from kviboard.domain.outside_in.check import QUESTIONS
from kviboard.store import Author, NewCheckRound, NewReview, Store
from kviboard.warehouse.versions import current_version
from kviboard.workspace import load_workspace
from tests.browser.server import Server, serving
from tests.browser.session import Answer, Session, connected, put_file
from tests.pages.okrs.shop import write_okrs
from tests.pages.small_shop import FIRST_DAY, write_shop
from tests.store.given import MONDAY

Attempt = Callable[[Session, Callable[[], None], int], Answer]
"""Open a page as admin, have the role given instead, and send what the page would send."""

WHO = {"X_Forwarded_Email": "bo@example.com"}
SPRINTS = "\n[sprints]\nfirst_day = 2026-01-01\ndays = 14\n"
SIGN_IN = """
[sign_in]
header = "X-Forwarded-Email"
[access]
customers = ["everyone"]
admins = ["ada@example.com"{admin}]
{others}"""
NAMES = {"viewer": "viewers", "editor": "editors", "chair": "chairs"}
NOBODY_ELSE: tuple[Role | None, ...] = (*ROLES, None)
FOLD, OKRS = "Import and export", b"Objective,Quarter\nCustomers stay,Q2 2027\n"
ROUND = 1  # of the outside-in check


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop in which people sign in at a proxy, with a review to open for each role, a check to answer, two versions
    and a file that waits."""
    shop = write_shop(tmp_path_factory.mktemp("rights") / "shop")
    (shop / "base.toml").write_text((shop / "kviboard.toml").read_text() + SPRINTS)
    give(shop, "admin")
    refresh_now(load_workspace(shop))
    with (shop / "exports" / "orders.csv").open("a") as orders:
        orders.write("late,C1,2026-04-09,5.00,P1\n")
    refresh_now(load_workspace(shop))
    receive(load_workspace(shop), "orders.csv", BytesIO((shop / "exports" / "orders.csv").read_bytes()))
    for name in ("one", "two", "three"):  # a draft of a KVI for each role that may discard it
        save_draft(load_workspace(shop), name, "/*---\ntitle: Nothing yet\n---*/\nselect * from daily\n")
    store = store_of(shop)
    write_okrs(shop).close()
    store.check_rounds.add(NewCheckRound(name="Spring", closes_on=date(2099, 1, 1)), author=Author("Ada", MONDAY))
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
    config, said = folder / "kviboard.toml", (folder / "base.toml").read_text() + settings
    if config.read_text() != said:  # or the board would be opened anew for nothing
        config.write_text(said)


def store_of(folder: Path) -> Store:
    return open_store_of(load_workspace(folder))


def reads(visitor: Session, give_role: Callable[[], None], sprint: int) -> Answer:
    visitor.run("review", f"sprint=sprint-{sprint}")
    give_role()
    assert visitor.run("review", f"sprint=sprint-{sprint}&present=opening").exceptions == []  # held by nobody yet
    return visitor.run("review", "view=history&present=")


def answers(visitor: Session, give_role: Callable[[], None], sprint: int) -> Answer:
    page = visitor.run("outside_in", f"answer={ROUND}")
    give_role()
    return visitor.submit(page.button("Send"), dict.fromkeys(page.choices[: len(QUESTIONS)], "4"))


def says(asks: str) -> Attempt:
    """What the meeting on the big screen sends."""

    def attempt(visitor: Session, give_role: Callable[[], None], sprint: int) -> Answer:
        page = visitor.run("review", f"sprint=sprint-{sprint}&present=opening")
        give_role()
        said = {"asks": asks, "step": "vision", "by": "Somebody else", "values": {"text": "Hello"}}
        return visitor.say(page.component, "said", {**said, "once": f"{sprint}-{asks}"})

    return attempt


def takes_up(visitor: Session, give_role: Callable[[], None], sprint: int) -> Answer:
    page = visitor.run("voice", f"do=take_up&of=R{5 + 5 * sprint}-0")
    page = visitor.write(page.field("Who calls"), "Care lead")
    give_role()
    return visitor.press(page.button("Save"))


def drops(path: str, name: str, content: bytes, fold: str = "", then: str = "") -> Attempt:
    """Drop a file, and press a button after that where there is one."""

    def attempt(visitor: Session, give_role: Callable[[], None], sprint: int) -> Answer:
        page = visitor.run(path)
        place = visitor.unfold(page.fold(fold)) if fold else page
        if not then:
            give_role()
        answer = visitor.drop(replace(place, messages=[*page.messages, *place.messages]), name, content)
        if then:
            give_role()
            answer = visitor.press(answer.button(then))
        return answer

    return attempt


def makes(visitor: Session, give_role: Callable[[], None], sprint: int) -> Answer:
    """A KVI of one's own answers, each sent as its field is left."""
    page = visitor.run("kvis", "make=new")
    for field, said in (
        (page.field("What is it called?"), f"Customers who come back {sprint}"),
        (page.area("For whom is it better, and how do they notice?")[0], "They find a reason to return."),
        (page.area("What does it bring us?")[0], "They buy again."),
    ):
        page = visitor.write(field, said)
    give_role()
    return visitor.press(page.button("Publish this KVI"))


def publishes(visitor: Session, give_role: Callable[[], None], sprint: int) -> Answer:
    page = visitor.run("kvis", "make=edit")
    field, content = page.area("The file")
    page = visitor.write(field, f"{content}-- {sprint}\n")
    give_role()
    return visitor.press(page.button("Save"))


def comments(visitor: Session, give_role: Callable[[], None], sprint: int) -> Answer:
    page = visitor.run("okrs", "cycle=1&do=comment&of=1")
    page = visitor.write(page.area("What you have to say")[0], f"Hello {sprint}")
    give_role()
    return visitor.press(page.button("Say it"))


def presses(label: str, path: str, query: str = "") -> Attempt:
    def attempt(visitor: Session, give_role: Callable[[], None], sprint: int) -> Answer:
        button = visitor.run(path, query).button(label)
        assert button, f"{path} has no button {label}"
        give_role()
        return visitor.press(button)

    return attempt


ATTEMPTS: dict[str, tuple[Permission, Attempt, str]] = {
    "see a page": ("read", reads, ""),
    "answer the check": ("answer", answers, ""),
    "remark": ("write", says("remark"), "review_remarks"),
    "add a cycle": ("write", presses("Add the cycle", "okrs", "do=add_cycle"), "cycles"),
    "comment": ("write", comments, "comments"),
    "discard a draft": ("write", presses("Discard this draft", "kvis", "make=draft"), "exports"),
    "take up an answer": ("follow_up", takes_up, "follow_ups"),
    "open a sprint": ("review", says("freeze"), "review_acts"),
    "go back": ("data", presses("Use this version", "exports"), "exports"),
    "upload a file": ("data", drops("exports", "more.csv", b"order_id\n1\n"), "exports"),
    "import OKRs": (
        "data",
        drops("okrs", "okrs.csv", OKRS, "Import and export", "Import 1 objective, 0 key results"),
        "exports",
    ),
    "make a KVI": ("write", makes, "exports"),
    "change a KVI by hand": ("data", publishes, "exports"),
    "discard a file": ("data", presses("Discard", "exports"), "exports"),
    "forget a customer": ("data", presses("Forget for good", "customers", "customer=C3"), "exports"),
    "refresh": ("data", presses("Refresh anyway", "exports"), "exports"),  # goes on after the page has answered
}
"""What is done, the right that it takes, how a page asks for it, and what the audit then has an entry of."""


@pytest.mark.parametrize("role", [None, "viewer", "editor", "chair", "admin"])  # the admin last: some is done once
@pytest.mark.parametrize("what", ATTEMPTS)
def test_each_role_does_what_it_may_and_nothing_else(board: Server, folder: Path, role: Role | None, what: str) -> None:
    act, attempt, table = ATTEMPTS[what]
    store = store_of(folder)
    before, answers_before, files_before = (
        store.history.newest(),
        len(store.check_rounds.answers_of(ROUND)),
        held(folder),
    )
    give(folder, "admin")
    with connected(board.url, **WHO) as visitor:
        answer = attempt(visitor, lambda: give(folder, role), NOBODY_ELSE.index(role) + 1)
    new = [entry for entry in store.history.since(MONDAY) if entry.id > before]
    answered = len(store.check_rounds.answers_of(ROUND)) - answers_before
    store.close()
    assert answer.exceptions == []
    assert answered == (act == "answer" and role is not None)
    if act == "read":
        assert ("data to" in answer.texts) == (role is not None)
    if act in ("read", "answer") or not allowed(role, act):
        assert new == []
        assert held(folder) == files_before
    else:
        assert {entry.created_by for entry in new} == {"bo@example.com"}
        assert new[0].row_of == table


def test_files_are_taken_only_from_those_who_may_look(board: Server, folder: Path) -> None:
    give(folder, "viewer")
    for who, status in ((WHO, 204), ({}, 403), ({"X_Forwarded_Email": "eve@example.org"}, 403)):
        with connected(board.url, **who) as visitor:
            session = visitor.run("").session_id
            assert put_file(urlsplit(board.url).netloc, session, "1", "a.csv", b"a") == status
    assert put_file(urlsplit(board.url).netloc, "no-session", "1", "a.csv", b"a") == 403


def test_every_right_is_tried() -> None:
    assert {act for act, *_ in ATTEMPTS.values()} == set(PERMISSIONS)


def held(folder: Path) -> list[str]:
    """Versions, the one in use, files that wait, KVIs and drafts of some."""
    state = folder / ".kviboard"
    found = [path.name for place in ("warehouse", "uploads") for path in (state / place).glob("*")]
    own = sorted(path.name for path in (folder / "queries" / "kvis").glob("*"))
    return [*sorted(found), current_version(load_workspace(folder)), *own, *drafts(load_workspace(folder))]
