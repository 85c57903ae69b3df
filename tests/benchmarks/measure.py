"""Runs and times what the benchmarks compare, and prints it the same way everywhere."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MEMORY_UNIT = 1e6 if sys.platform == "darwin" else 1e3  # ru_maxrss is in bytes there, in kilobytes elsewhere


@dataclass(frozen=True)
class Run:
    """One run of a command in a process of its own."""

    seconds: float
    cpu_seconds: float  # of all threads: comparable also where other programs share the machine
    peak_mb: float


def run(command: Sequence[str]) -> Run:
    """Run a command to its end. Raises RuntimeError with what it said when it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    said = process.stdout.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{said}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MEMORY_UNIT)


def median_ms(work: Callable[[], object], times: int) -> float:
    """Median milliseconds of a call."""
    durations = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        durations.append(time.perf_counter() - started)
    return 1000 * statistics.median(durations)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def print_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table with its columns aligned; numbers are given as text already rounded."""
    texts = [[str(cell) for cell in row] for row in [heads, *rows]]
    widths = [max(len(row[column]) for row in texts) for column in range(len(heads))]
    print(f"\n{title}")
    for row in texts:
        name, *numbers = (text.rjust(width) for text, width in zip(row, widths, strict=True))
        print("  " + "  ".join([name.strip().ljust(widths[0]), *numbers]).rstrip())
