"""Several processes that serve one board behind one address: this one accepts every connection and hands it over.

A worker gets the connection itself, before anything was read from it, so that whatever a single process knows of a
visitor (their address, their headers) holds in a worker as well. A browser comes back to the worker that has its
session: by a cookie that only says which. The rooms of meetings are all in the first worker.
"""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path

from kviboard.ui.serve_options import ServeOptions

COOKIE = "kviboard_worker"
CAN_HAND_OVER = hasattr(socket, "send_fds")
_LONGEST_HEAD = 64 * 1024  # bytes; a longer one is refused by whoever reads it
_HEAD_SECONDS = 30.0  # for a request to begin, and for a worker to take it
_REST = 1.0  # seconds before a worker that ended is started anew
_END_SECONDS = 10.0  # for workers to say goodbye
_BACKLOG = 2048
_STICKS = re.compile(rb"\r\ncookie:[^\r]*?\b" + COOKIE.encode() + rb"=(\d{1,4})\b", re.IGNORECASE)


def worker_of(head: bytes, workers: int, rooms: str) -> int | None:
    """Which of so many workers a request's head is for; None where any will do. Whoever asks at the path `rooms` asks
    the first, who keeps the rooms of all meetings."""
    path = head.split(b"\r\n", 1)[0].split(b" ")[1:2]
    if path and path[0].split(b"?")[0] == rooms.encode():
        return 0
    found = _STICKS.search(head.split(b"\r\n\r\n", 1)[0])
    return int(found[1]) % workers if found else None


def run_workers(workspace: Path, options: ServeOptions, rooms: str) -> None:
    """Serve until interrupted. A worker that ends is started anew, while the others go on."""
    with tempfile.TemporaryDirectory(prefix="kviboard-") as private, contextlib.ExitStack() as opened:
        listening = opened.enter_context(_listen(options.address, options.port))
        given = {"workspace": str(workspace), "options": asdict(options), "rooms": str(Path(private, "rooms"))}
        pairs = [socket.socketpair() for _ in range(options.workers)]
        for pair in pairs:
            for end in pair:
                opened.enter_context(end)
        workers = [_Worker(*pair, json.dumps({**given, "number": number})) for number, pair in enumerate(pairs)]
        with contextlib.suppress(asyncio.CancelledError):  # asked to end by a signal
            asyncio.run(_Office(workers, rooms).serve(listening))


@dataclass(frozen=True)
class _Worker:
    """One process: what is handed over at `ours` arrives at `theirs`, also while it is started anew."""

    ours: socket.socket
    theirs: socket.socket
    given: str

    async def take(self, connection: socket.socket) -> None:
        """Hand a connection over. Raises OSError."""
        self.ours.setblocking(False)
        while True:
            with contextlib.suppress(BlockingIOError):  # it has not taken the last few hundred yet
                socket.send_fds(self.ours, [b"."], [connection.fileno()])
                return
            await asyncio.sleep(0.05)

    async def keep(self) -> None:
        """Run the process, again and again until cancelled."""
        paths = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])
        command = (sys.executable, "-P", "-m", "kviboard.ui.worker", str(self.theirs.fileno()), self.given)
        while True:
            process = await asyncio.create_subprocess_exec(
                *command, pass_fds=[self.theirs.fileno()], env=os.environ | {"PYTHONPATH": paths}
            )
            try:
                code = await process.wait()
            finally:
                await _end(process)
            print(f"kviboard: a worker ended ({code}) and is started anew.", file=sys.stderr, flush=True)
            await asyncio.sleep(_REST)


@dataclass(frozen=True)
class _Office:
    """Accepts connections and knows whose they are."""

    workers: list[_Worker]
    rooms: str
    turns: Iterator[int] = field(default_factory=count)

    async def serve(self, listening: socket.socket) -> None:
        """Until cancelled, which ends all workers."""
        loop, here = asyncio.get_running_loop(), asyncio.current_task()
        assert here is not None
        loop.add_signal_handler(signal.SIGTERM, here.cancel)
        async with asyncio.TaskGroup() as group:
            for worker in self.workers:
                group.create_task(worker.keep())
            while True:
                try:
                    connection, _ = await loop.sock_accept(listening)
                except OSError:  # gone again, or more are open than this process may have
                    await asyncio.sleep(0.05)
                else:
                    group.create_task(self._hand_over(connection))

    async def _hand_over(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await _head(connection)
                number = worker_of(head, len(self.workers), self.rooms)
                number = next(self.turns) % len(self.workers) if number is None else number
                if head:
                    await self.workers[number].take(connection)


async def _head(connection: socket.socket) -> bytes:
    """The head of the request, which stays there to be read; empty where the other side has gone."""
    loop, begun = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(connection, begun.set)
    try:
        await begun.wait()
    finally:
        loop.remove_reader(connection)
    pause = 0.005
    while True:
        head = connection.recv(_LONGEST_HEAD, socket.MSG_PEEK)
        if not head or b"\r\n\r\n" in head or len(head) == _LONGEST_HEAD:
            return head
        await asyncio.sleep(pause)
        pause = min(2 * pause, 1.0)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask a process to end, and make it."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
        try:
            async with asyncio.timeout(_END_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.create_server((address, port), family=family, backlog=_BACKLOG)
    listening.setblocking(False)
    return listening
