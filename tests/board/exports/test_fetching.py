"""Fetching exports from a server on this machine, and refreshing whenever something changes."""

from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import pytest

from kviboard.board.exports.maintenance import refresh_now, watch
from kviboard.errors import WorkspaceError
from kviboard.warehouse import fetching
from kviboard.workspace import load_workspace

ROWS = "order_id,customer_id,ordered_at,amount\n1,A,2026-01-13,10\n2,B,2026-01-14,20\n"
TODAY = datetime.now(ZoneInfo("UTC")).date().isoformat()


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


def test_a_file_is_fetched_once_a_day_and_kept_with_its_day(tmp_path: Path, server: str) -> None:
    here = workspace(tmp_path / "ours", f"{server}/orders.csv?token=secret")
    assert refresh_now(here).warnings == ()
    file = here.root / "exports" / f"orders-{TODAY}.csv"
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
    tmp_path: Path, server: str
) -> None:
    folder, said = tmp_path / "ours", list[str]()
    workspace(folder, f"{server}/gone.csv")
    watch(lambda: load_workspace(folder), said.append, seconds=0, rounds=3)
    assert [sentence.count("it answered 404") for sentence in said] == [1, 0]  # and that nothing is there
    workspace(folder, f"{server}/orders.csv")
    watch(lambda: load_workspace(folder), said.append, seconds=0, rounds=2)
    assert (folder / "exports" / f"orders-{TODAY}.csv").read_text() == ROWS
    assert [sentence.startswith("Refreshed") for sentence in said[2:]] == [True]
