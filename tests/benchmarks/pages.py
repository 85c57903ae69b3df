"""How long people wait: reruns in the server, drawn charts in Chromium, first load and start-up.

    python -m tests.benchmarks.pages [FOLDER] [--times 20] [--reruns]

Always measures a copy of the sample workspace; with FOLDER (made by tests.benchmarks.generate) that one too.
"""

import argparse
import itertools
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_if_needed
from kviboard.workspace import SAMPLE_WORKSPACE, load_workspace
from tests.benchmarks.measure import percentile, print_table
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.server import ANSWERS, Server, serving
from tests.browser.session import Session, connected
from tests.browser.visit import settle

TIMED_PAGES = {"This week": "", "KVIs": "kvis"}
PARTS = {  # pages that read views: their choice of a part, and its values
    "promoters": ("", ("",)),
    "customers": ("part", ("win", "keep", "grow", "segments", "worth", "leaving")),
    "voice": ("show", ("words", "touchpoints", "drivers", "comments", "loop", "complaints", "asked")),
}
_IDLE_SECONDS, _AT_REST = 10, 0.1  # so long in a row, hardly any processor time per second: nothing is prepared
QUIET_MS = 500  # nothing was drawn for so long: the page is done

TILES_AND_CHARTS = '[data-testid="stVegaLiteChart"], [data-testid="stMarkdown"], [data-testid="stDataFrame"]'

# Notes when the visitor clicked and when a tile, table or chart last changed.
_WATCH = """(shown) => {
    window.drawnAt = 0;
    addEventListener("click", () => { window.clickedAt = performance.now(); }, true);
    new MutationObserver((changes) => {
        if (changes.some(({target}) => (target.closest ? target : target.parentElement)?.closest(shown)))
            window.drawnAt = performance.now();
    }).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
}"""
# A page that is slow to compute has longer pauses between its charts: Streamlit says when it is still at it.
_DRAWN = f"""() => window.drawnAt > (window.clickedAt ?? 0) && performance.now() - window.drawnAt > {QUIET_MS}
    && document.querySelector('[data-test-script-state="running"]') === null"""


@dataclass(frozen=True)
class Waits:
    """Milliseconds that visitors of one page waited."""

    page: str
    warm: list[float]
    cold: list[float]
    change: list[float]
    load: list[float]
    reload: list[float]


def queries(board: Board) -> Iterator[str]:
    """Choices that nobody made before: every combination of two filters and a grain once."""
    names = list(board.dimensions[:2])
    values = [board.reader.dimension_values(name) for name in names]
    for grain in ("week", "month", "quarter"):
        for chosen in itertools.product(*values):
            yield urlencode({"grain": grain, **dict(zip(names, chosen, strict=True))})


def rerun_times(server: Server, board: Board, path: str, times: int) -> tuple[list[float], list[float]]:
    """Milliseconds of a rerun in the server, with what it shows in the caches and not."""
    unseen = [query for query, _ in zip(queries(board), range(times + 2), strict=False)]
    with connected(server.url) as session:
        session.run(path)
        cold = [1000 * session.run(path, query).seconds for query in unseen]
        warm = [1000 * session.run(path, query).seconds for query in unseen]
    return warm[2:], cold[2:]


def reruns_of_parts(server: Server, board: Board, times: int) -> list[tuple[str, ...]]:
    """Per page and part, milliseconds of a rerun in the server: warm (median, 90 %, mean CPU), and never seen."""
    found = []
    with connected(server.url) as session:
        session.run("")
    wait_until_idle(server.process.pid)
    for page, (choice, parts) in PARTS.items():
        for part in parts:
            show = f"{choice}={part}&" if part else ""
            unseen = [f"{show}{query}" for query in ("grain=month", *itertools.islice(queries(board), 2))]
            with connected(server.url) as session:
                session.run(page)
                cold = [rerun_ms(session, page, query) for query in unseen]
                before = cpu_seconds(server.process.pid)
                warm = [rerun_ms(session, page, query) for _ in range(max(1, times // 3)) for query in unseen]
                cpu = 1000 * (cpu_seconds(server.process.pid) - before) / len(warm)
            figures = (statistics.median(warm), percentile(warm, 0.9), cpu, statistics.median(cold))
            found.append((f"{page} {part}".strip(), *(f"{figure:,.0f}" for figure in figures)))
            print(*found[-1], flush=True)
    return found


def rerun_ms(session: Session, page: str, query: str) -> float:
    """Milliseconds of one rerun. RuntimeError where the page failed: that would be quick."""
    answer = session.run(page, query)
    if answer.exceptions:
        raise RuntimeError(f"{page}?{query} fails: {answer.exceptions[0]}")
    return 1000 * answer.seconds


def wait_until_idle(pid: int) -> None:
    """Return when a server has prepared what it prepares after its first visitor, whose work would count as theirs."""
    before, idle = cpu_seconds(pid), 0
    while idle < _IDLE_SECONDS:
        time.sleep(1)
        now = cpu_seconds(pid)
        before, idle = now, idle + 1 if now - before < _AT_REST else 0


def cpu_seconds(pid: int) -> float:
    """How long a process has had processors so far, all its threads together; Linux tells."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def open_page(browser: Browser, url: str, shown: str = TILES_AND_CHARTS) -> Page:
    """A fresh browser's page that watches what is drawn; `shown` selects it."""
    page = browser.new_context(viewport={"width": 1440, "height": 1200}).new_page()
    page.add_init_script(f"({_WATCH})({json.dumps(shown)})")
    page.goto(url)
    return page


def drawn_ms(page: Page) -> float:
    """Milliseconds from the start of the page's load, or the last click, to the last change drawn."""
    page.wait_for_function(_DRAWN, timeout=60_000, polling=50)
    return float(page.evaluate("window.drawnAt - (window.clickedAt ?? 0)"))


def change_times(page: Page, times: int) -> list[float]:
    """Milliseconds from a click on another grain to the last chart drawn; none where a page has no choice of grains."""
    grains = page.locator(".st-key-choice-grain button")
    settle(page)
    if not grains.count():
        return []
    waits = []
    for turn in range(times + 2):
        grains.filter(has_text="Month" if turn % 2 else "Week").click()
        waits.append(drawn_ms(page))
    return waits[2:]


def measure(browser: Browser, server: Server, board: Board, times: int, loads: int) -> list[Waits]:
    """Every timed page of a running server: so many reruns and clicks of each kind, so many loads."""
    found = []
    for title, path in TIMED_PAGES.items():
        warm, cold = rerun_times(server, board, path, times)
        first, again, change = [], [], []
        for load in range(loads):
            page = open_page(browser, f"{server.url}/{path}")
            first.append(drawn_ms(page))
            page.reload()
            again.append(drawn_ms(page))
            if load == loads - 1:
                change = change_times(page, times)
            page.context.close()
        found.append(Waits(title, warm, cold, change, first, again))
    return found


def start_ms(browser: Browser, workspace: Path) -> float:
    """Milliseconds from the command to the first page drawn, in a browser that is opened when the command opens it."""
    with serving(workspace, until=ANSWERS, cold=True) as server:
        until_asked = time.perf_counter() - server.started_at
        page = open_page(browser, server.url)
        drawn = 1000 * until_asked + drawn_ms(page)
        page.context.close()
        return drawn


def copy_sample(folder: Path) -> Path:
    """The sample workspace without what runs left in it."""
    return Path(shutil.copytree(SAMPLE_WORKSPACE, folder, ignore=shutil.ignore_patterns(".kviboard", "__pycache__")))


def report(browser: Browser, workspace: Path, times: int) -> None:
    """Measure one workspace and print it."""
    settings = load_workspace(workspace)
    refresh_if_needed(settings)
    with serving(workspace, cold=True) as server:
        found = measure(browser, server, open_board(settings), times, loads=max(3, times // 5))
    heads = ("", "median ms", "p90 ms")
    for waits in found:
        kinds = {
            "rerun in the server, seen before": waits.warm,
            "rerun in the server, never seen": waits.cold,
            "click to last chart drawn": waits.change,
            "first load in a fresh browser": waits.load,
            "reload": waits.reload,
        }
        rows = [(k, f"{statistics.median(ms):,.0f}", f"{percentile(ms, 0.9):,.0f}") for k, ms in kinds.items() if ms]
        print_table(f"{settings.company.name}: {waits.page}", heads, rows)


def report_reruns(workspace: Path, times: int) -> None:
    """Measure the pages that read views, in the server alone."""
    settings = load_workspace(workspace)
    refresh_if_needed(settings)
    with serving(workspace, cold=True) as server:
        rows = reruns_of_parts(server, open_board(settings), times)
    print_table(
        f"{settings.company.name}: rerun in the server", ("", "median ms", "p90 ms", "CPU ms", "never seen ms"), rows
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pages", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", help="a folder made by tests.benchmarks.generate")
    parser.add_argument("--times", type=int, default=20, help="reruns and clicks of each kind (default: 20)")
    parser.add_argument("--reruns", action="store_true", help="only the pages that read views, without a browser")
    options = parser.parse_args()
    if options.reruns:
        report_reruns(options.folder or SAMPLE_WORKSPACE, options.times)
        return
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        sample = copy_sample(Path(scratch) / "sample")
        starts = [start_ms(browser, sample) for _ in range(4)]
        rows = [("from nothing", f"{starts[0]:,.0f}"), ("already built", f"{statistics.median(starts[1:]):,.0f}")]
        print_table("Start of `kviboard` to the first page drawn, sample", ("", "ms"), rows)
        for workspace in (sample, options.folder):
            if workspace:
                report(browser, workspace, options.times)
        browser.close()


if __name__ == "__main__":
    main()
