"""Starts the board in a process of its own and ends it. For tests and benchmarks that need a real server."""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kviboard.ui.streamlit_internals import HEALTH, LOOK_SECONDS
from kviboard.workspace import APP_ROOT
from tests.browser.forked import CAN_FORK, FOREIGN, Forked

START_SECONDS = 90
ANSWERS = HEALTH  # from here on a browser gets the frontend; pages wait until the board is warm


class Server:
    """A board that serves `workspace` on a free port of this machine, until `stop`."""

    def __init__(
        self,
        workspace: Path,
        *,
        plain: bool = False,
        port: str = "0",
        until: str = "/api/ready",
        options: Sequence[str] = (),
        cold: bool = False,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        """`plain` starts Streamlit on app.py itself instead of `kviboard serve`, on whatever port it is given.
        It is there when it answers at `until`. `cold` loads everything anew, as at a person's start.
        `look_seconds` is how often it looks for idle connections, where processes can fork.
        """
        self.started_at = time.perf_counter()
        port = str(free_port()) if plain else port
        arguments = [*_serve(workspace, port), *options]
        environment = {**os.environ, "KVIBOARD_WORKSPACE": str(workspace), "PYTHONUNBUFFERED": "1"}
        self.process: subprocess.Popen[str] | Forked
        if CAN_FORK and not (plain or cold):
            self.process = Forked(arguments, APP_ROOT, environment, look_seconds)
        else:
            self.process = _start(
                _streamlit(port) if plain else [sys.executable, "-m", "kviboard", *arguments], environment
            )
        self.said: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()
        self.url = f"http://127.0.0.1:{port}" if plain else ""
        self._wait(ANSWERS if plain else until)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=10)

    @property
    def output(self) -> str:
        return "".join(self.said)

    @property
    def workers(self) -> list[int]:
        """The processes that serve, each by its number, where several do; Linux tells."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        listed = children.read_text(encoding="utf-8").split() if children.is_file() else []
        return [int(pid) for pid in listed if b"kviboard.ui.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)

    def _wait(self, route: str) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            self.url = self.url or _address(self.output)
            if self.url and _answers(self.url + route):
                return
            time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"The board did not start within {START_SECONDS} s. It said:\n{self.output}")


def _start(command: Sequence[str], environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command,
        cwd=APP_ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=hear_ctrl_c if os.name == "posix" else None,
    )


def hear_ctrl_c() -> None:
    """A shell's job in the background ignores Ctrl+C, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextlib.contextmanager
def serving(workspace: Path, **how: Any) -> Iterator[Server]:
    """A running board, begun as `Server` says, ended afterwards whatever happens."""
    server = Server(workspace, **how)
    try:
        yield server
    finally:
        server.stop()
    assert FOREIGN not in server.output  # whatever was done on it: no request leaves the machine


def _serve(workspace: Path, port: str) -> list[str]:
    return ["serve", "--workspace", str(workspace), "--port", port, "--no-browser"]


def _streamlit(port: str) -> list[str]:
    return [sys.executable, "-m", "streamlit", "run", str(APP_ROOT / "app.py"), "--server.port", port]


def wait_for_answer(url: str) -> None:
    """Return when a server answers at this address. Raises TimeoutError."""
    until = time.monotonic() + START_SECONDS
    while not _answers(url):
        if time.monotonic() > until:
            raise TimeoutError(f"Nobody answers at {url}.")
        time.sleep(0.02)


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    return _bound(0)


def lasting_port() -> int:
    """A free port that no connection is given by chance, for boards that come one after the other: a browser that
    knows the first need not load the frontend of the next."""
    for port in random.sample(range(20_000, 32_000), 100):
        with contextlib.suppress(OSError):
            return _bound(port)
    raise RuntimeError("No port of this machine is free.")


def _bound(port: int) -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
        return int(probe.getsockname()[1])


def _address(output: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", output)
    return found[0] if found else ""


def _answers(url: str) -> bool:
    with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=1) as answer:
        return bool(answer.status == 200)
    return False
