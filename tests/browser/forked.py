"""Starts `kviboard` in a process of its own from one that has loaded all libraries already: half of a server's start
is loading them, and the tests start some fifty. Only where processes can fork; what a start costs a person is tested by
`test_serve` and the benchmarks, which start it as people do."""

import multiprocessing
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from kviboard.ui.security import is_loopback
from kviboard.ui.streamlit_internals import LOOK_SECONDS
from tests import one_core

FOREIGN = "The board asked a foreign host:"
CAN_FORK = "forkserver" in multiprocessing.get_all_start_methods()
# The last loads and reads what is the project's own.
LOADED = [
    "streamlit.web.server.starlette", "altair", "duckdb", "pandas", "pyarrow.parquet", "scipy.stats", "scipy.optimize",
    "sqlalchemy.dialects.sqlite", "streamlit.emojis", "pydantic", "yaml", "sqlglot", "tomlkit", "cachetools", "segno",
    "kviboard.cli", "kviboard.store", "kviboard.board.board", "kviboard.board.exports.maintenance",
    "tests.browser.own_modules",
]  # fmt: skip


class Forked:
    """The part of `subprocess.Popen` that `Server` needs, over a forked process."""

    def __init__(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], look_seconds: float = LOOK_SECONDS
    ) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(LOADED)
        hears, says = multiprocessing.Pipe(duplex=False)
        self._process = context.Process(
            target=_run, args=(says, arguments, folder, environment, look_seconds), daemon=True
        )
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")  # tests of pages leave app.py there, which a child would run
        try:
            self._process.start()
        finally:
            sys.modules["__main__"] = main
        says.close()
        self.pid = self._process.pid or 0
        self.stdout: IO[str] = os.fdopen(os.dup(hears.fileno()), encoding="utf-8")

    def poll(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired("kviboard", timeout or 0)
        return code


def _run(
    says: Connection, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], look_seconds: float
) -> None:
    """In the new process: what `python -m kviboard` does, writing to the pipe."""
    os.dup2(says.fileno(), 1)
    os.dup2(says.fileno(), 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w", buffering=1), os.fdopen(2, "w", buffering=1)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["kviboard", *arguments]
    sys.addaudithook(note_foreign)
    import duckdb

    from kviboard.__main__ import main
    from kviboard.ui import serve, streamlit_internals
    from kviboard.ui.reviews.presentation.rooms import ROOMS, Rooms

    assert isinstance(ROOMS, Rooms)
    ROOMS.epoch = secrets.token_hex(4)  # by which browsers tell this server from the one before
    duckdb.connect = one_core.connect
    streamlit_internals.LOOK_SECONDS = look_seconds
    serve.steps_ahead = lambda: iter(())  # a test is over before they serve anybody, and they are half of what it takes
    sys.exit(main())


def note_foreign(event: str, given: tuple[Any, ...]) -> None:
    """Say where the board opens a connection, or looks a name up, that leads off this machine; `serving` reads it."""
    if event == "socket.connect":
        target = given[1][0] if isinstance(given[1], tuple) else ""
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        target = given[0] or ""
    else:
        return
    host = target.decode() if isinstance(target, bytes) else str(target)
    if host and host != "localhost" and not is_loopback(host):
        print(f"{FOREIGN} {host}", file=sys.stderr, flush=True)
