"""Processes that a test's cluster is made of, and how to lose one."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path


def processes(word: str, root: int = 0) -> list[int]:
    """Processes that came of `root`, or of this one, and have `word` in what started them."""
    parents, found = {}, []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if word in (folder / "cmdline").read_text():
                found.append(int(folder.name))
        except OSError:  # it has just ended
            continue

    first = root or os.getpid()

    def is_ours(process: int) -> bool:
        return process == first or (process in parents and is_ours(parents[process]))

    return [process for process in found if is_ours(process)]


def kill_a_worker() -> list[int]:
    """Kill one worker of the cluster, where there is one; which."""
    killed = processes("CoarseGrainedExecutorBackend")[:1]
    for worker in killed:
        with suppress(ProcessLookupError):  # killed before
            os.kill(worker, signal.SIGKILL)
    return killed


@dataclass
class Killer:
    """Follows a refresh, and kills one worker of the cluster once it does what is meant."""

    is_meant: Callable[[str], bool]
    said: list[str] = field(default_factory=list)
    killed: list[int] = field(default_factory=list)

    def __call__(self, doing: str, share: float) -> None:
        self.said.append(doing)
        if self.is_meant(doing) and not self.killed:
            self.killed += kill_a_worker()


@contextmanager
def killing_while(is_meant: Callable[[], bool]) -> Iterator[list[int]]:
    """Kill every worker as soon as it does what is meant, whenever progress is said: a task may be over before."""
    killed: list[int] = []
    is_over = threading.Event()

    def kill() -> None:
        while not is_over.wait(0.02):
            while is_meant() and (found := kill_a_worker()):
                killed.extend(found)

    killing = threading.Thread(target=kill)
    killing.start()
    try:
        yield killed
    finally:
        is_over.set()
        killing.join()
