"""Follow the chair: how long after a step of the chair everybody else has heard of it.

    python -m tests.benchmarks.follow [--followers 30] [--steps 40] [--pause 0.5]

Serves a copy of the sample workspace. Every follower is a whole visitor: a web socket on which the meeting's page was
drawn, and the question about the room that its browser would ask. They live in this process; two of the delays are
those of real browsers, from the key that the chair pressed to the step drawn on the other's screen.
"""

import argparse
import contextlib
import http.client
import json
import math
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from kviboard.board.board import open_board
from kviboard.board.context import open_store_of
from kviboard.board.exports.maintenance import refresh_if_needed
from kviboard.board.reviews.sprints import reviewed_sprints
from kviboard.domain.reviews.predictions import Stage
from kviboard.ui.reviews.presentation.rooms import ROUTE
from kviboard.workspace import load_workspace
from tests.benchmarks.measure import percentile, print_table
from tests.benchmarks.pages import copy_sample
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.server import Server, serving
from tests.browser.session import Session, connected

# Notes when the step on the screen changes, on the clock that all pages of a machine share.
_WATCH = """() => {
    const root = document.querySelector(".meeting");
    window.drawn = {};
    new MutationObserver(() => (window.drawn[root.dataset.step] ??= Date.now()))
        .observe(root, { attributes: true, attributeFilter: ["data-step"] });
}"""


@dataclass
class Follower:
    """Somebody who has the meeting open; `heard` is when each step was heard of, by its name."""

    session: Session
    address: str
    heard: dict[str, float] = field(default_factory=dict)
    version: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.data = json.loads(self.session.run("review", self.address).component_data)

    def ask(self, connection: http.client.HTTPConnection, who: str, **asked: object) -> dict[str, Any]:
        """One question about the room, as the browser asks it."""
        body = json.dumps({"seat": self.data["seat"], "who": who, "name": who, **self.version, **asked})
        try:
            connection.request("POST", ROUTE, body)
            said = connection.getresponse().read()
        except ConnectionError:  # closed by the server, nothing having been asked for a while: browsers connect anew
            connection.close()
            connection.request("POST", ROUTE, body)
            said = connection.getresponse().read()
        answer: dict[str, Any] = json.loads(said)
        self.version = {"version": answer["version"], "epoch": answer["epoch"]}
        return answer

    def follow(self, netloc: str, who: str, until: threading.Event) -> None:
        """Ask again and again, and note when each step comes."""
        with contextlib.closing(http.client.HTTPConnection(netloc, timeout=30)) as connection:
            while not until.is_set():
                step = self.ask(connection, who, follows=True)["step"]
                self.heard.setdefault(step, time.perf_counter())


def meeting_of(workspace: Path) -> str:
    """The address of a meeting that can be held: the choices of its page."""
    settings = load_workspace(workspace)
    store = open_store_of(settings)
    with contextlib.closing(store):
        sprints = reviewed_sprints(open_board(settings), store)
        found = next(each for each in sprints if each.stage in (Stage.OPEN, Stage.PREPARED))
        return f"sprint={found.slug}&present={'closing' if found.stage == Stage.OPEN else 'opening'}"


def follow(server: Server, address: str, followers: int, steps: int, pause: float) -> list[float]:
    """Seconds from each step of the chair until each follower has heard of it."""
    netloc, over = urlsplit(server.url).netloc, threading.Event()
    with contextlib.ExitStack() as stack:
        come = [Follower(stack.enter_context(connected(server.url)), address) for _ in range(followers + 1)]
        chair, *others = come
        connection = stack.enter_context(contextlib.closing(http.client.HTTPConnection(netloc, timeout=30)))
        assert chair.ask(connection, "chair", step="first")["chairs"]
        threads = [
            threading.Thread(target=each.follow, args=(netloc, f"follower {number}", over))
            for number, each in enumerate(others)
        ]
        for thread in threads:
            thread.start()
        time.sleep(1)
        moved = {}
        for number in range(steps):
            step = f"step {number}"
            moved[step] = time.perf_counter()
            chair.ask(connection, "chair", do="move", step=step)
            time.sleep(pause)
        time.sleep(5)
        over.set()
        chair.ask(connection, "chair", do="leave")
        for thread in threads:
            thread.join()
    return _delays(list(moved.items()), [each.heard for each in others])


def _delays(moved: Sequence[tuple[str, float]], heard: Sequence[Mapping[str, float]]) -> list[float]:
    """Seconds from each step until each follower knew of it or of a later one: on a slow machine two come at once."""
    found = []
    for number, (_, at) in enumerate(moved):
        later = [step for step, _ in moved[number:]]
        known = [min((each[step] for step in later if step in each), default=math.inf) for each in heard]
        found += [when - at for when in known]
    lost = sum(map(math.isinf, found))
    assert not lost, f"{lost} of {len(found)} steps were never heard of"
    return found


@contextlib.contextmanager
def opened(browser: Browser, server: Server, address: str, name: str) -> Iterator[Page]:
    """A browser in the meeting."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_cookies([{"name": "kviboard_person", "value": name, "url": server.url}])
    page = context.new_page()
    page.goto(f"{server.url}/review?{address}")
    page.locator(".meeting [data-part=here]:not([hidden])").wait_for(timeout=60_000)
    yield page
    context.close()


def follow_on_screens(browser: Browser, server: Server, address: str) -> list[float]:
    """Seconds from the chair's key to the step drawn on another screen."""
    with opened(browser, server, address, "Chair") as chair, opened(browser, server, address, "Other") as other:
        if not chair.locator("[data-part=here]").inner_text().startswith("You chair"):
            chair.locator("[data-part=take]").click(timeout=30_000)  # the one before is away by then
        other.evaluate(_WATCH)
        found = []
        steps = int(chair.locator("[data-part=where]").inner_text().split()[-1])
        for _ in range(steps - 1):
            pressed = chair.evaluate("Date.now()")
            chair.keyboard.press("ArrowRight")
            step = chair.locator(".meeting").get_attribute("data-step")
            other.wait_for_function(f"window.drawn[{json.dumps(step)}]", timeout=10_000)
            found.append((other.evaluate(f"window.drawn[{json.dumps(step)}]") - pressed) / 1000)
        return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.follow", description=__doc__.splitlines()[0])
    parser.add_argument("--followers", type=int, default=30, help="how many follow (default: 30)")
    parser.add_argument("--steps", type=int, default=40, help="how many steps the chair takes (default: 40)")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds on a step (default: 0.5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        workspace = copy_sample(Path(scratch) / "sample")
        refresh_if_needed(load_workspace(workspace))
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        with serving(workspace) as server:
            address = meeting_of(workspace)
            heard = follow(server, address, options.followers, options.steps, options.pause)
            screens = follow_on_screens(browser, server, address)
        browser.close()
    rows = [
        (name, f"{1000 * statistics.median(found):,.0f}", f"{1000 * percentile(found, 0.95):,.0f}",
         f"{1000 * max(found):,.0f}", f"{len(found):,}")
        for name, found in ((f"{options.followers} followers", heard), ("two browsers", screens))
    ]  # fmt: skip
    print_table("From a step of the chair to everybody else", ("", "median ms", "p95 ms", "longest ms", "n"), rows)


if __name__ == "__main__":
    main()
