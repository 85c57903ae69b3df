"""Fetching exports from a server on this machine, and refreshing whenever something changes."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socket import create_server
from threading import Thread
from time import monotonic, sleep

import pytest

from kviboard.board.exports.maintenance import refresh_now, watch
from kviboard.documents.webhook import post
from kviboard.errors import MailError, WorkspaceError
from kviboard.warehouse import fetching
from kviboard.workspace import load_workspace

ROWS = "order_id,customer_id,ordered_at,amount\n1,A,2026-01-13,10\n2,B,2026-01-14,20\n"


@pytest.fixture
def server() -> Iterator[str]:
    """Serves orders at /orders.csv and nothing elsewhere; /empty has no byte."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = {"/orders.csv": ROWS.encode(), "/empty": b""}.get(self.path.partition("?")[0])
            self.send_response(404 if body is None else 200)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *arguments: object) -> None:
            pass

    running = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def workspace(folder: Path, fetch: str, files: str = "exports/orders-*.csv"):
    folder.mkdir(exist_ok=True)
    (folder / "kviboard.toml").write_text(f'[sources.orders]\nfiles = "{files}"\nfetch = "{fetch}"\n')
    return load_workspace(folder)


def test_a_file_is_fetched_once_a_day_and_kept_with_its_day(tmp_path: Path, server: str, today: date) -> None:
    here = workspace(tmp_path / "ours", f"{server}/orders.csv?token=secret")
    assert refresh_now(here).warnings == ()
    file = here.root / "exports" / f"orders-{today}.csv"
    assert file.read_text() == ROWS
    file.write_text(ROWS + "3,C,2026-01-15,30\n")
    refresh_now(here)
    assert "3,C" in file.read_text()  # not again today


@pytest.mark.parametrize(("path", "why"), [("/gone.csv", "it answered 404"), ("/empty", "it is empty")])
def test_where_it_fails_the_last_file_is_read_and_its_age_said(
    tmp_path: Path, server: str, path: str, why: str
) -> None:
    here = workspace(tmp_path / "ours", f"{server}{path}?token=secret")
    (here.root / "exports").mkdir()
    (here.root / "exports" / "orders-2026-01-15.csv").write_text(ROWS)
    (said,) = [str(each) for each in refresh_now(here).warnings]
    assert why in said
    assert "What is read is of" in said
    assert "secret" not in said
    assert [path.name for path in (here.root / "exports").iterdir()] == ["orders-2026-01-15.csv"]


def test_it_is_bounded_in_size_and_time(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = workspace(tmp_path / "ours", f"{server}/orders.csv")
    monkeypatch.setattr(fetching, "_MOST_BYTES", 10)
    (said,) = fetching.fetch_all(here)
    assert "larger than" in said.what
    monkeypatch.setattr(fetching, "_MOST_BYTES", 1_000)
    monkeypatch.setattr(fetching, "_SECONDS", -1)
    (said,) = fetching.fetch_all(here)
    assert "takes longer" in said.what
    assert not list((here.root / "exports").iterdir())


FINE = b"HTTP/1.1 200 OK\r\n"
ODD_ANSWERS = {
    "cut off after 73 of 9,000 bytes": FINE + b"Content-Length: 9000\r\n\r\n" + ROWS.encode()[:73],
    "no web server does, IncompleteRead": FINE + b"Transfer-Encoding: chunked\r\n\r\n20\r\norder_id",
    "no web server does, BadStatusLine": b"220 smtp.example.com\r\n\r\n",
    "no web server does, LineTooLong": FINE + b"X: " + b"a" * 70_000 + b"\r\n\r\n",
    "no web server does, HTTPException": FINE + b"X: a\r\n" * 200 + b"\r\n",
    "not https": b"HTTP/1.1 302 Found\r\nLocation: http://shop.example.com/orders.csv\r\n\r\n",
}


@contextmanager
def answering(raw: bytes) -> Iterator[str]:
    """Whoever asks gets these bytes, and nothing more."""
    with create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    asked, _ = listening.accept()
                    with asked:
                        asked.recv(65_536)
                        asked.sendall(raw)

        Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.parametrize("why", ODD_ANSWERS)
def test_what_is_no_whole_answer_is_no_export(tmp_path: Path, why: str) -> None:
    with answering(ODD_ANSWERS[why]) as address:
        here = workspace(tmp_path / "ours", f"{address}/orders.csv?token=secret")
        (said,) = [str(each) for each in fetching.fetch_all(here)]
    assert why in said
    assert "secret" not in said
    assert not list((here.root / "exports").iterdir())


def test_a_server_that_sends_a_byte_now_and_then_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                for _ in range(100):
                    self.wfile.write(b"x")
                    sleep(0.05)

        def log_message(self, *arguments: object) -> None:
            pass

    monkeypatch.setattr(fetching, "_SECONDS", 0.2)
    with HTTPServer(("127.0.0.1", 0), Slow) as running:
        Thread(target=running.handle_request, daemon=True).start()
        started = monotonic()
        (said,) = fetching.fetch_all(workspace(tmp_path / "ours", f"http://127.0.0.1:{running.server_port}/o.csv"))
    assert "takes longer than" in said.what
    assert monotonic() - started < 3  # of five


def test_a_webhook_that_is_no_web_server_is_said() -> None:
    with answering(b"220 smtp.example.com\r\n\r\n") as address, pytest.raises(MailError) as said:
        post(f"{address}/secret", {"text": "Hello"})
    assert "answers as no web server does" in str(said.value)
    assert "secret" not in str(said.value)


def test_a_pattern_without_a_place_for_the_day_is_said(tmp_path: Path, server: str) -> None:
    (said,) = fetching.fetch_all(workspace(tmp_path / "ours", f"{server}/orders.csv", "exports/orders.csv"))
    assert "exports/orders-*.csv" in said.what


@pytest.mark.parametrize("address", ["http://shop.example.com/secret.csv", "file:///etc/secret", "ftp://x/secret"])
def test_other_addresses_are_refused_and_not_repeated(tmp_path: Path, address: str) -> None:
    with pytest.raises(WorkspaceError, match="fetch") as error:
        workspace(tmp_path / "ours", address)
    assert "secret" not in str(error.value)


def test_watching_refreshes_when_files_arrive_and_says_a_refusal_once(tmp_path: Path) -> None:
    folder, said = tmp_path / "ours", list[str]()
    workspace(folder, "")
    watch(lambda: load_workspace(folder), said.append, seconds=0, rounds=3)
    assert len(said) == 1  # nothing is there
    (folder / "exports").mkdir()
    (folder / "exports" / "orders-1.csv").write_text(ROWS)
    watch(lambda: load_workspace(folder), said.append, seconds=0, rounds=3)
    assert [sentence for sentence in said[1:] if sentence.startswith("Refreshed")] == said[1:]
    assert len(said) == 2


def test_watching_fetches_what_a_day_lacks_and_does_not_press_an_address_that_fails(
    tmp_path: Path, server: str, today: date
) -> None:
    folder, said = tmp_path / "ours", list[str]()
    workspace(folder, f"{server}/gone.csv")
    watch(lambda: load_workspace(folder), said.append, seconds=0, rounds=3)
    assert [sentence.count("it answered 404") for sentence in said] == [1, 0]  # and that nothing is there
    workspace(folder, f"{server}/orders.csv")
    watch(lambda: load_workspace(folder), said.append, seconds=0, rounds=2)
    assert (folder / "exports" / f"orders-{today}.csv").read_text() == ROWS
    assert [sentence.startswith("Refreshed") for sentence in said[2:]] == [True]
