"""Processes that a test's cluster is made of, and how to lose one."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


def processes(word: str) -> list[int]:
    """Processes that came of this one and have `word` in what started them."""
    parents, found = {}, []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if word in (folder / "cmdline").read_text():
                found.append(int(folder.name))
        except OSError:  # it has just ended
            continue

    def is_ours(process: int) -> bool:
        return process == os.getpid() or (process in parents and is_ours(parents[process]))

    return [process for process in found if is_ours(process)]


@dataclass
class Killer:
    """Follows a refresh, and kills one worker of the cluster once it does what is meant."""

    is_meant: Callable[[str], bool]
    said: list[str] = field(default_factory=list)
    killed: list[int] = field(default_factory=list)

    def __call__(self, doing: str, share: float) -> None:
        self.said.append(doing)
        workers = processes("CoarseGrainedExecutorBackend")
        if not self.killed and workers and self.is_meant(doing):
            self.killed.append(workers[0])
            os.kill(workers[0], signal.SIGKILL)
