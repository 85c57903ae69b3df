"""Digests that go to a webhook: posted to a receiver on this machine, kept at home without a new signal, refused."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from kviboard.documents.webhook import webhook_body
from kviboard.errors import WorkspaceError
from kviboard.workspace import load_workspace
from tests.board.conftest import CONFIG, kvi_file, tiny, warehouses  # noqa: F401 (a fixture)
from tests.cli.test_cli import run

Got = list[tuple[str, dict]]


@pytest.fixture
def receiver() -> Iterator[tuple[str, Got]]:
    """Takes posts at /hook, refuses them at /full, and sends them elsewhere at /moved."""
    got: Got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, json.loads(body)))
            self.send_response({"/full": 429, "/moved": 302}.get(self.path, 200))
            self.send_header("Location", "/hook")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    server.server_close()


@pytest.fixture
def folder(tiny) -> Path:  # noqa: F811
    return tiny(turnover=kvi_file()).workspace.root


def config(folder: Path, *digests: str) -> None:
    text = "\n".join(f"[[mail.digests]]\n{digest}\n" for digest in digests)
    (folder / "kviboard.toml").write_text(f"{CONFIG}\n{text}")


def test_a_digest_is_posted_without_any_mail_server(folder, receiver, capsys, monkeypatch):
    url, got = receiver
    monkeypatch.setenv("HOOK", f"{url}/hook")
    config(folder, 'name = "Leadership"\nwebhook = "${HOOK}"')
    code, out, err = run(capsys, "digest", "--mail", "--workspace", str(folder))
    assert (code, err) == (0, "")
    assert "posted to 127.0.0.1" in out
    ((path, body),) = got
    assert path == "/hook"
    assert set(body) == {"text"}
    assert "Leadership, data to" in body["text"]


def test_a_dry_run_posts_nothing_and_hides_the_address(folder, receiver, capsys):
    url, got = receiver
    config(folder, f'webhook = "{url}/secret-token"')
    code, out, _ = run(capsys, "digest", "--mail", "--dry-run", "--workspace", str(folder))
    assert (code, got) == (0, [])
    assert "To the webhook at 127.0.0.1" in out
    assert "secret-token" not in out


def test_without_a_new_signal_it_stays_at_home(folder, receiver, capsys):
    url, got = receiver
    config(folder, f'webhook = "{url}/hook"\nonly = "new signals"')
    code, out, _ = run(capsys, "digest", "--mail", "--workspace", str(folder))
    assert (code, got) == (0, [])
    assert "there is no new signal" in out


@pytest.mark.parametrize(("path", "said"), [("/full", "it answered 429"), ("/moved", "it answered 302")])
def test_a_refusal_is_said_and_the_others_go_out(folder, receiver, capsys, path, said):
    url, got = receiver
    config(folder, f'name = "One"\nwebhook = "{url}{path}"', f'name = "Two"\nwebhook = "{url}/hook"')
    code, out, err = run(capsys, "digest", "--mail", "--workspace", str(folder))
    assert code == 1
    assert said in err
    assert [where for where, _ in got] == [path, "/hook"]  # and nothing followed
    assert "Two" in out


def test_a_receiver_that_is_gone_is_said(folder, capsys):
    config(folder, 'webhook = "http://127.0.0.1:9/hook"')
    code, _, err = run(capsys, "digest", "--mail", "--workspace", str(folder))
    assert code == 1
    assert "127.0.0.1 is out of reach" in err


@pytest.mark.parametrize("address", ["http://hooks.example.com/secret", "hooks.example.com/secret", "ftp://x/secret"])
def test_an_address_that_others_can_listen_to_is_refused_and_not_repeated(folder, address):
    config(folder, f'webhook = "{address}"')
    with pytest.raises(WorkspaceError, match="webhook") as error:
        load_workspace(folder)
    assert "secret" not in str(error.value)


def test_teams_gets_a_card_and_a_long_text_is_cut():
    body = webhook_body(
        "https://prod-1.westeurope.logic.azure.com/x", "Title", "a\nb" * 20_000, "https://board.example.com"
    )
    (card,) = body["attachments"]
    assert card["content"]["body"][0]["text"] == "Title"
    assert len(card["content"]["body"][1]["text"]) < 60_000
    assert card["content"]["actions"][0]["url"] == "https://board.example.com"
    assert set(webhook_body("https://hooks.slack.example.com/x", "Title", "Text")) == {"text"}
