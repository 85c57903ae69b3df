"""Many people at once: how long each waits for a rerun while the others click, too, and what a session costs.

    python -m tests.benchmarks.crowd [FOLDER] [--people 100] [--seconds 60] [--think 5] [--workers 1]

Serves FOLDER (made by tests.benchmarks.generate), or a copy of the sample workspace. The people live in this process
and speak the web socket's protocol, so that no browser competes for the processor.
"""

import argparse
import contextlib
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_if_needed
from kviboard.ui.workers import COOKIE
from kviboard.workspace import load_workspace
from tests.benchmarks.measure import percentile, print_table
from tests.benchmarks.pages import copy_sample
from tests.browser.server import Server, serving
from tests.browser.session import connected

LOOKED_AT = ("", "", "kvis", "kvis", "okrs", "exports")  # a page per person, in turn
SESSIONS = 100  # further ones, whose memory is measured
ARRIVAL = 4  # all have come after so many times the seconds between clicks; waits count from then on


@dataclass
class Crowd:
    """What the people met: seconds of each rerun, what went wrong, and memory in MB without and with them.

    `cores` says how much of one the server and the people themselves, who take from it, kept busy; `a_rerun` how many
    seconds of a core the server took for one, which hardly depends on what else the machine does.
    """

    waits: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    mb_before: float = float("nan")
    mb_after: float = float("nan")
    cores: tuple[float, float] = (float("nan"), float("nan"))
    a_rerun: float = float("nan")


def choices(board: Board, page: str, chance: random.Random) -> str:
    """What one person chooses next: a KVI, a length of period, and every other time a filter."""
    chosen = {"grain": chance.choice(("week", "month", "quarter"))}
    if page == "kvis":
        chosen["kvi"] = chance.choice(list(board.kvis))
    if chance.random() < 0.5 and board.dimensions:
        name = chance.choice(board.dimensions)
        chosen[name] = chance.choice(board.reader.dimension_values(name))
    return urlencode(chosen)


def visit(server: Server, board: Board, number: int, think: float, seconds: float, crowd: Crowd) -> None:
    """One person: comes some time before the crowd is whole, then clicks and thinks until the time is over."""
    chance, page = random.Random(number), LOOKED_AT[number % len(LOOKED_AT)]
    begin = time.monotonic() + ARRIVAL * think
    time.sleep(chance.uniform(0, ARRIVAL - 1) * think)
    try:
        with connected(server.url) as session:
            session.run(page)
            while time.monotonic() < begin + seconds:
                time.sleep(chance.uniform(0.5, 1.5) * think)
                is_whole = time.monotonic() >= begin
                answer = session.run(page, choices(board, page, chance))
                crowd.waits += [answer.seconds] if is_whole else []
                crowd.troubles += answer.exceptions
    except Exception as error:  # whatever it is, this person was not served
        crowd.troubles.append(f"{type(error).__name__}: {error}")


def measure(server: Server, board: Board, people: int, seconds: float, think: float) -> Crowd:
    """Let so many people use a running server for so long, from when all are there."""
    serving_it = [server.process.pid, *server.workers]
    crowd = Crowd(mb_before=sum(map(memory_mb, serving_it)))
    threads = [
        threading.Thread(target=visit, args=(server, board, number, think, seconds, crowd)) for number in range(people)
    ]
    for thread in threads:
        thread.start()
    time.sleep(ARRIVAL * think)
    used, own, began = sum(map(processor_seconds, serving_it)), time.process_time(), time.monotonic()
    time.sleep(seconds / 2)
    crowd.mb_after = sum(map(memory_mb, serving_it))
    for thread in threads:
        thread.join()
    used, own = sum(map(processor_seconds, serving_it)) - used, time.process_time() - own
    span = time.monotonic() - began
    crowd.cores = (used / span, own / span)
    crowd.a_rerun = used / (len(crowd.waits) or float("nan"))
    return crowd


def mb_of_a_session(server: Server, sessions: int) -> float:
    """What one more session costs where somebody made its choices before, so that nothing new is kept for all: the mean
    over so many that look at all pages of the crowd and stay."""
    serving_it = [server.process.pid, *server.workers]
    before = sum(map(memory_mb, serving_it))
    with contextlib.ExitStack() as here:
        for _ in range(sessions):
            visitor = here.enter_context(connected(server.url))
            for page in sorted({*LOOKED_AT}):
                visitor.run(page)
        return (sum(map(memory_mb, serving_it)) - before) / sessions


def wait_until_warm(server: Server, workers: int) -> None:
    """Return when each of the workers shows pages."""
    for number in range(workers):
        with connected(server.url, cookie=f"{COOKIE}={number}") as visitor:
            visitor.run("")


def memory_mb(pid: int) -> float:
    """Resident memory of a process; NaN where the system does not tell it in /proc."""
    status = Path(f"/proc/{pid}/status")
    lines: Sequence[str] = status.read_text().splitlines() if status.is_file() else ()
    return next((int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmRSS")), float("nan"))


def processor_seconds(pid: int) -> float:
    """What a process has used so far; NaN where the system does not tell it in /proc."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.is_file():
        return float("nan")
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.crowd", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", help="a folder made by tests.benchmarks.generate")
    parser.add_argument("--people", type=int, default=100, help="how many at once (default: 100)")
    parser.add_argument("--seconds", type=float, default=60, help="for how long (default: 60)")
    parser.add_argument("--think", type=float, default=5, help="seconds between two clicks of one (default: 5)")
    parser.add_argument("--workers", type=int, default=1, help="processes that serve (default: 1)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        workspace = options.folder or copy_sample(Path(scratch) / "sample")
        settings = load_workspace(workspace)
        refresh_if_needed(settings)
        with serving(workspace, cold=True, options=("--workers", str(options.workers))) as server:
            wait_until_warm(server, options.workers)
            found = measure(server, open_board(settings), options.people, options.seconds, options.think)
            one_more = mb_of_a_session(server, SESSIONS)
    rows = [
        ("reruns", f"{len(found.waits):,}"),
        ("median ms", f"{1000 * statistics.median(found.waits):,.0f}"),
        ("p95 ms", f"{1000 * percentile(found.waits, 0.95):,.0f}"),
        ("longest ms", f"{1000 * max(found.waits):,.0f}"),
        ("server, cores", f"{found.cores[0]:.2f}"),
        ("server, CPU ms a rerun", f"{1000 * found.a_rerun:,.0f}"),
        ("load of the machine", f"{os.getloadavg()[0]:.1f}"),
        ("people, cores", f"{found.cores[1]:.2f}"),
        (
            "MB per person, with what their choices leave for all",
            f"{(found.mb_after - found.mb_before) / options.people:.2f}",
        ),
        ("MB per further session", f"{one_more:.2f}"),
        ("troubles", f"{len(found.troubles):,}"),
    ]
    title = f"{options.people} people, {options.think:g} s between clicks, served by {options.workers}"
    print_table(title, ("", ""), rows)
    for trouble in sorted(set(found.troubles)):
        print(f"  {trouble}")


if __name__ == "__main__":
    main()
