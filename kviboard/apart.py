"""Does in a process of its own, whose memory and time are limited, what is read of files that nobody has looked at yet.

Readers are careful with what they read; should it take too much all the same, that process ends and not the board. Each
does one thing at a time and waits for the next, because loading its modules takes longer than most of what it does.
"""

import atexit
import contextlib
import math
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kviboard.errors import GivenUpError, KviBoardError
from kviboard.scratch import Scratch

Caller = Callable[..., Any]
"""Calls a function with arguments: here, or apart."""

_AT_ONCE = 2  # processes
_MOST_CORES = 4  # of each: every thread needs memory
_GB = 1e9
_MARK = "KVIBOARD_APART"  # in the environment of such a process
_LITTLE, _OF_THREADS = 100_000_000, 32_000_000  # bytes that any work takes, and for each core: stacks count, too
_DATA = 5  # the place in /proc/self/statm of what RLIMIT_DATA limits

_turns = threading.BoundedSemaphore(_AT_ONCE)
_idle: list["_Process"] = []
_loading: list[threading.Thread] = []


def here(function: Caller, *arguments: object) -> Any:
    """What the function returns, from this process."""
    return function(*arguments)


@dataclass(frozen=True)
class Apart:
    """Calls a function in a process of its own, which may take so much memory and time and writes in `state`.

    `busy_seconds` are those that its cores are at work for it, whatever else the machine does.
    """

    state: Path
    gigabytes: float
    seconds: float
    busy_seconds: float = math.inf

    def __call__(self, function: Caller, *arguments: object) -> Any:
        """What it returns; both it and what it is given can be pickled. Raises what it raises of KviBoardError,
        GivenUpError where it takes too much, ends without an answer or cannot be begun."""
        try:
            scratch = Scratch(self.state)
            try:
                with _process(self.gigabytes) as process:
                    return process.ask(self, scratch.folder, function, arguments)
            finally:
                scratch.close()
        except OSError as error:
            what = f"{error.filename or self.state} cannot be written or started ({error.strerror or error})"
            raise GivenUpError(f"cannot be looked at, because {what}") from error

    def warm(self, *functions: Caller) -> None:
        """Have a process ready that knows these functions; whoever asks meanwhile waits for it."""
        if not _idle and not _loading:
            loading = threading.Thread(target=self._load, args=(functions,), daemon=True)
            _loading.append(loading)
            loading.start()

    def _load(self, functions: tuple[Caller, ...]) -> None:
        with contextlib.suppress(KviBoardError):
            self(len, functions)  # a function is known by the module that it is loaded from
        _loading.clear()


def is_apart() -> bool:
    """Whether this is such a process, which asks no other."""
    return _MARK in os.environ


def allowed_gigabytes() -> float:
    """The memory that this process may have."""
    if sys.platform != "linux":
        return float("inf")
    import resource

    most = resource.getrlimit(resource.RLIMIT_DATA)[0]
    return float("inf") if most == resource.RLIM_INFINITY else most / _GB


@contextlib.contextmanager
def limited(gigabytes: float) -> Iterator[None]:
    """Meanwhile this process may take so many GB more than it has, where the system can limit that (Linux). What no
    engine counts, as one text that doubles again and again, then ends with an error and not with the machine."""
    if sys.platform != "linux":
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    most = round(_used() + gigabytes * _GB + _LITTLE + _OF_THREADS * (os.cpu_count() or 1))
    soft = min([most, *(limit for limit in before if limit != resource.RLIM_INFINITY)])
    resource.setrlimit(resource.RLIMIT_DATA, (soft, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


class _Process:
    """A process that waits for something to do."""

    def __init__(self, gigabytes: float) -> None:
        paths = os.pathsep.join([str(Path(__file__).parent.parent), *filter(None, sys.path)])
        chosen = {_MARK: "1", "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
        command = [sys.executable, "-P", "-m", "kviboard.apart", str(gigabytes)]
        self.gigabytes, self._is_late = gigabytes, False
        self._running = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | chosen
        )

    def ask(self, limits: Apart, folder: Path, function: Caller, arguments: tuple[object, ...]) -> Any:
        """What the function returns there. Afterwards it waits again, or it has ended."""
        timer = threading.Timer(limits.seconds, self._stop)
        timer.start()
        asked = (limits.seconds, limits.busy_seconds, str(folder), function, arguments)
        try:
            pickle.dump(asked, self._running.stdin)  # type: ignore[arg-type]
            self._running.stdin.flush()  # type: ignore[union-attr]
            value, error, stays = pickle.load(self._running.stdout)  # type: ignore[arg-type]
        except (EOFError, OSError, pickle.UnpicklingError):
            value, error, stays = None, self._why_ended(limits), False
        finally:
            timer.cancel()
            timer.join()
        if self._is_late or not stays:
            self.end()
        if self._is_late:
            raise GivenUpError(f"takes longer than {limits.seconds:g} seconds")
        if error is not None:
            raise error
        return value

    @property
    def is_there(self) -> bool:
        return self._running.poll() is None

    def end(self) -> None:
        self._running.kill()
        self._running.communicate()

    def _why_ended(self, limits: Apart) -> GivenUpError:
        if math.isfinite(limits.busy_seconds) and self._running.wait() == -signal.SIGPROF:
            return GivenUpError(f"computes longer than {limits.busy_seconds:g} seconds")
        return _too_much(self.gigabytes)

    def _stop(self) -> None:
        self._is_late = True
        self._running.kill()


@contextlib.contextmanager
def _process(gigabytes: float) -> Iterator[_Process]:
    """One that nobody else asks meanwhile."""
    for loading in [each for each in _loading if each is not threading.current_thread()]:
        loading.join()
    with _turns:
        process = None
        while process is None and _idle:
            with contextlib.suppress(IndexError):
                process = _idle.pop()
                if process.gigabytes != gigabytes or not process.is_there:
                    process.end()
                    process = None
        process = process or _Process(gigabytes)
        try:
            yield process
        finally:
            if process.is_there:
                _idle.append(process)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)  # they answer whoever started them


@atexit.register
def _end_all() -> None:
    while _idle:
        _idle.pop().end()


def _too_much(gigabytes: float) -> GivenUpError:
    return GivenUpError(f"needs more memory than {gigabytes:g} GB, or cannot be read at all")


def main() -> None:
    """Do what is asked for on the standard input, one after the other, until it ends."""
    gigabytes = float(sys.argv[1])
    _limit(gigabytes)
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    while True:
        try:
            seconds, busy_seconds, folder, function, arguments = pickle.load(asked)
        except EOFError:
            return
        with _alone(seconds, busy_seconds, folder):
            value, error = _do(function, arguments, gigabytes)
            answer = pickle.dumps((value, error, stays := _is_small(gigabytes)))
        answers.write(answer)
        answers.flush()
        del value, error, answer
        if not stays:
            return


def _limit(gigabytes: float) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks is asked to stop, and says so
    if sys.platform != "linux":
        return
    import resource

    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:_MOST_CORES])
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = round(gigabytes * _GB)
    resource.setrlimit(resource.RLIMIT_DATA, (most if hard < 0 else min(most, hard), hard))


@contextlib.contextmanager
def _alone(seconds: float, busy_seconds: float, folder: str) -> Iterator[None]:
    """Write in `folder`; end when it was busy for so long, and soon after whoever asks gave up or was killed."""
    has_alarm = hasattr(signal, "setitimer")
    os.chdir(folder)
    tempfile.tempdir = folder
    if has_alarm:
        signal.setitimer(signal.ITIMER_REAL, seconds + 1)
        signal.setitimer(signal.ITIMER_PROF, busy_seconds if math.isfinite(busy_seconds) else 0)
    try:
        yield
    finally:
        if has_alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.setitimer(signal.ITIMER_PROF, 0)
        os.chdir(Path(folder).anchor)


def _do(function: Caller, arguments: tuple[object, ...], gigabytes: float) -> tuple[object, KviBoardError | None]:
    """What it returns, or why it does not."""
    try:
        return function(*arguments), None
    except KviBoardError as error:
        return None, error
    except BaseException as error:
        if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
            return None, _too_much(gigabytes)
        traceback.print_exc()
        return None, GivenUpError(f"cannot be read ({type(error).__name__})")


def _is_small(gigabytes: float) -> bool:
    """Whether enough is left for the next thing to do."""
    if sys.platform != "linux":
        return True
    return _used() < gigabytes * _GB / 2


def _used() -> int:
    """Bytes that this process has of what RLIMIT_DATA limits; Linux only."""
    with open("/proc/self/statm", encoding="ascii") as facts:
        return int(facts.read().split()[_DATA]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
