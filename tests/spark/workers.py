"""Processes that a test's cluster is made of, and how to lose one."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
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


@dataclass
class Killer:
    """Follows a refresh, and kills one worker of the cluster once it does what is meant; or `every` one that there is
    as long as it does."""

    is_meant: Callable[[str], bool]
    every: bool = False
    said: list[str] = field(default_factory=list)
    killed: list[int] = field(default_factory=list)

    def __call__(self, doing: str, share: float) -> None:
        self.said.append(doing)
        if self.is_meant(doing) and (self.every or not self.killed):
            workers = processes("CoarseGrainedExecutorBackend")
            for worker in workers if self.every else workers[:1]:
                self.killed.append(worker)
                with suppress(ProcessLookupError):  # killed before
                    os.kill(worker, signal.SIGKILL)
