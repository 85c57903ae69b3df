"""Several processes behind one address: visitors stay with one, meetings are the same in all, an end is survived."""

import contextlib
import http.client
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kviboard.ui.workers import CAN_HAND_OVER
from tests.benchmarks.follow import Follower, meeting_of
from tests.browser.server import Server, serving
from tests.browser.session import connected

pytestmark = pytest.mark.skipif(not CAN_HAND_OVER, reason="this system cannot hand connections over")
SECONDS = 60


@pytest.fixture(scope="module")
def board(sample_workspace: Path) -> Iterator[Server]:
    with serving(sample_workspace, options=("--workers", "2")) as server:
        for number in (0, 1):
            with stays(server, number) as visitor:  # which waits until that worker is warm
                visitor.run("")
        yield server


def stays(server: Server, number: int) -> contextlib.AbstractContextManager:
    return connected(server.url, cookie=f"kviboard_worker={number}")


def asked(
    server: Server, method: str, path: str, body: bytes | None = None, **headers: str
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=SECONDS)
    connection.request(method, path, body, headers)
    return connection.getresponse()


def test_browsers_are_shared_out_and_uploads_reach_the_process_that_has_the_page(board: Server) -> None:
    first, second = (asked(board, "GET", "/_stcore/host-config").getheader("set-cookie") or "" for _ in range(2))
    assert {re.search(r"kviboard_worker=(\d)", each)[1] for each in (first, second)} == {"0", "1"}
    token = re.search(r"_streamlit_xsrf=([^;]+)", asked(board, "GET", "/_stcore/health").getheader("set-cookie"))[1]
    with stays(board, 1) as visitor:
        session = next(m for m in visitor.run("").messages if m.HasField("new_session")).new_session.initialize
        path = f"/_stcore/upload_file/{session.session_id}/1"
        form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na,b\r\n--x--\r\n'
        sent = {"X-Xsrftoken": token, "Content-Type": "multipart/form-data; boundary=x"}
        cookies = f"_streamlit_xsrf={token}; kviboard_worker="
        here, elsewhere = (asked(board, "PUT", path, form, **sent, Cookie=cookies + n).status for n in "10")
    assert (here, elsewhere // 100) == (204, 4)


def test_people_in_different_processes_are_in_one_meeting(board: Server, sample_workspace: Path) -> None:
    address, netloc = meeting_of(sample_workspace), urlsplit(board.url).netloc
    with stays(board, 0) as one, stays(board, 1) as other, stays(board, 1) as third:
        chair, *others = (Follower(visitor, address) for visitor in (one, other, third))
        with contextlib.closing(http.client.HTTPConnection(netloc, timeout=SECONDS)) as connection:
            assert chair.ask(connection, "Ada", step="first", do="take")["chairs"]
            for each, name in zip(others, ("Bo", "Cy"), strict=True):
                each.ask(connection, name, follows=True)
            chair.ask(connection, "Ada", do="move", step="goal")
            heard = others[1].ask(connection, "Cy", follows=True)
    assert (heard["step"], heard["chair"]) == ("goal", "Ada")
    assert [each["name"] for each in heard["here"]] == ["Ada", "Bo", "Cy"]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found in /proc")
def test_a_worker_that_is_killed_comes_back_while_the_others_serve_and_all_end_together(board: Server) -> None:
    first, second = board.workers
    with stays(board, 0) as visitor:
        visitor.run("")
        os.kill(second, signal.SIGKILL)
        assert visitor.run("kvis").exceptions == []
        wait_until(lambda: len(board.workers) == 2)
        assert asked(board, "GET", "/_stcore/health", Cookie="kviboard_worker=1").status == 200  # by the new one
        assert visitor.run("").exceptions == []
    again = board.workers
    assert first in again
    assert second not in again
    assert board.output.count("a worker ended (-9)") == 1
    board.process.send_signal(signal.SIGINT)
    assert board.process.wait(timeout=SECONDS) == 130
    wait_until(lambda: not any(Path(f"/proc/{pid}").is_dir() for pid in again))


def wait_until(comes: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not comes():
        assert time.monotonic() < until
        time.sleep(0.05)
