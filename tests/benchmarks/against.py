"""The board against other ways to show the same numbers: how long people wait, and what it takes.

    python -m tests.benchmarks.against [--rounds 5] [--superset COMMAND] [--also NAME=URL …]

Measured are, in turn and in the same Chromium, over the sample's exports: the page KVIs of the board, which has a line
for each of its 22; fourteen of them as one page of plain pandas and Streamlit (`plain_page`); a page of Streamlit with
one line of text (`least_page`), for what Streamlit itself takes; the same fourteen charts as a dashboard of Superset,
where that is installed (`superset`), and as a static page, as Evidence builds them, which is as old as its last build.
`--also` adds the dashboard at an address that is served already: its first load and reload. Prints the table of the
README.
"""

import argparse
import contextlib
import functools
import http.server
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from kviboard.board.exports.maintenance import refresh_if_needed
from kviboard.workspace import load_workspace
from tests.benchmarks import plain_page, superset
from tests.benchmarks.crowd import memory_mb, processor_seconds
from tests.benchmarks.pages import TILES_AND_CHARTS, copy_sample, drawn_ms, open_page
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.server import ANSWERS, free_port, serving, wait_for_answer

BOARD, PLAIN, SUPERSET, STATIC = "KVI Board", "plain pandas and Streamlit", "Superset", "static page"
LEAST = "one line of text in Streamlit"
HEADS = ("", "first load", "reload", "click to last chart", "server, CPU a click", "server, memory")
CLICKS = 6  # of each round, on another length of period


@dataclass
class Contender:
    """One way to show the numbers, and what was measured of it: milliseconds, CPU milliseconds, megabytes."""

    name: str
    url: str
    shown: str  # selects what is drawn
    pid: int = 0  # of its server, where that is one process
    has_choice: bool = True
    whole: str = "body"  # is there once the last chart is
    load: list[float] = field(default_factory=list)
    reload: list[float] = field(default_factory=list)
    click: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: float = float("nan")

    def row(self) -> tuple[str, ...]:
        """Its line of the table; a dash for what it has not."""
        waits = [f"{statistics.median(ms):,.0f} ms" if ms else "–" for ms in (self.load, self.reload, self.click)]
        cpu = f"{statistics.median(self.cpu):,.0f} ms" if self.pid and self.cpu else "–"
        return (self.name, *waits, cpu, f"{self.memory:,.0f} MB" if self.pid else "–")


def measure(browser: Browser, contenders: Sequence[Contender], rounds: int) -> None:
    """Each in turn, round by round, so that what else the machine does is everybody's."""
    for contender in [each for _ in range(rounds) for each in contenders]:
        page = open_page(browser, contender.url, contender.shown)
        contender.load.append(_whole_ms(page, contender))
        page.reload()
        contender.reload.append(_whole_ms(page, contender))
        if contender.has_choice:
            _click(page, contender)
        page.context.close()
        contender.memory = memory_mb(contender.pid) if contender.pid else float("nan")


def _whole_ms(page: Page, contender: Contender) -> float:
    page.locator(contender.whole).wait_for(state="attached", timeout=60_000)
    return drawn_ms(page)


def _click(page: Page, contender: Contender) -> None:
    grains = page.locator(".st-key-choice-grain button")
    before = processor_seconds(contender.pid) if contender.pid else 0
    for turn in range(CLICKS):
        grains.filter(has_text="Week" if turn % 2 else "Month").click()
        contender.click.append(drawn_ms(page))
    if contender.pid:
        contender.cpu.append(1000 * (processor_seconds(contender.pid) - before) / CLICKS)


@contextlib.contextmanager
def run(name: str, script: Path, exports: Path, shown: str = TILES_AND_CHARTS) -> Iterator[Contender]:
    """A page of plain Streamlit, served as its users start it."""
    port = str(free_port())
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", port]
    quiet = ["--server.headless", "true", "--server.address", "127.0.0.1", "--browser.gatherUsageStats", "false"]
    told = {**os.environ, "EXPORTS": str(exports)}
    process = subprocess.Popen([*command, *quiet], env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for_answer(url + ANSWERS)
        yield Contender(name, url, shown, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextlib.contextmanager
def superset_of(command: str | None, exports: Path, folder: Path) -> Iterator[list[Contender]]:
    """The dashboard of Superset that `command` serves; none without one."""
    if command is None:
        yield []
        return
    with superset.served(Path(command), exports, folder) as (url, pid):
        last = f":nth-match(canvas, {len(plain_page.TITLES)})"
        yield [Contender(SUPERSET, url, "*", pid, has_choice=False, whole=last)]


def build_static(exports: Path, folder: Path) -> Path:
    """The fourteen charts for both lengths of period in one file that needs nothing else."""
    import vl_convert

    found = plain_page.read_exports(exports)
    charts = {
        grain: [
            {"title": title, "spec": json.loads(plain_page.chart(series[name]).properties(width=600).to_json())}
            for name, title in plain_page.TITLES.items()
        ]
        for grain, series in ((grain, plain_page.kvis(found, grain)) for grain in plain_page.GRAINS)
    }
    script = vl_convert.javascript_bundle(_DRAW.replace("CHARTS", json.dumps(charts)))
    page = folder / "index.html"
    page.write_text(_PAGE.replace("SCRIPT", script.replace("</script", "<\\/script")), encoding="utf-8")
    return page


@contextlib.contextmanager
def static(exports: Path, folder: Path) -> Iterator[Contender]:
    """The static page, served by this process."""
    build_static(exports, folder)
    handler = functools.partial(_Silent, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Contender(STATIC, f"http://127.0.0.1:{server.server_port}/", "figure")
        server.shutdown()


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


_PAGE = """<!doctype html><meta charset="utf-8"><title>KVIs</title><h1>KVIs</h1>
<div class="st-key-choice-grain"><button>Week</button> <button>Month</button></div>
<main style="display: grid; grid-template-columns: 1fr 1fr"></main><script type="module">SCRIPT</script>"""
_DRAW = """
const charts = CHARTS;
const draw = (grain) => {
    const places = charts[grain].map(({ title }) => {
        const place = document.createElement("figure");
        place.innerHTML = "<h2></h2><div></div>";
        place.firstChild.textContent = title;
        return place;
    });
    document.querySelector("main").replaceChildren(...places);
    const how = { renderer: "svg", actions: false };
    places.forEach((place, at) => vegaEmbed(place.lastChild, charts[grain][at].spec, how));
};
document.querySelectorAll("button").forEach((button) => (button.onclick = () => draw(button.textContent)));
draw("Week");
"""


def machine() -> str:
    """Where and when, and what else the machine was doing: the mean number of programs that wanted a core."""
    load = f"{os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else "unknown"
    return f"{date.today()}, {platform.system()} on {os.cpu_count()} cores, load {load}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.against", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each is opened (default: 5)")
    parser.add_argument("--superset", metavar="COMMAND", default=shutil.which("superset"), help="default: on the PATH")
    parser.add_argument("--also", metavar="NAME=URL", action="append", default=[], help="a dashboard served already")
    options = parser.parse_args()
    with contextlib.ExitStack() as opened:
        scratch = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        sample = copy_sample(scratch / "sample")
        refresh_if_needed(load_workspace(sample))
        server = opened.enter_context(serving(sample, cold=True))
        contenders = [
            Contender(BOARD, f"{server.url}/kvis", TILES_AND_CHARTS, server.process.pid),
            opened.enter_context(run(PLAIN, Path(plain_page.__file__), sample / "exports")),
            opened.enter_context(
                run(LEAST, Path(__file__).with_name("least_page.py"), sample / "exports", '[data-testid="stMain"]')
            ),
            *opened.enter_context(superset_of(options.superset, sample / "exports", scratch / "superset")),
            opened.enter_context(static(sample / "exports", scratch)),
            *(Contender(name, url, "*", has_choice=False) for name, _, url in (a.partition("=") for a in options.also)),
        ]
        browser = opened.enter_context(sync_playwright()).chromium.launch(executable_path=find_chromium(), args=FLAGS)
        measure(browser, contenders, 1)  # whoever comes first has everything loaded
        for each in contenders:
            each.load, each.reload, each.click, each.cpu = [], [], [], []
        measure(browser, contenders, options.rounds)
        browser.close()
    print(f"\nMedians of {options.rounds} rounds; {machine()}\n")
    for row in (HEADS, ("---",) * len(HEADS), *(each.row() for each in contenders)):
        print(f"| {' | '.join(row)} |".replace("|  |", "| |"))


if __name__ == "__main__":
    main()
