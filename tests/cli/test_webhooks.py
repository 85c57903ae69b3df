"""Digests and reminders for a webhook: posted to a receiver on this machine, kept at home without news, refused."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from kviboard.board.context import open_store_of
from kviboard.documents.webhook import encoded, webhook_body
from kviboard.errors import WorkspaceError
from kviboard.store import NewDecision
from kviboard.workspace import load_workspace
from tests.board.conftest import CONFIG, kvi_file, tiny_workspace, warehouses  # noqa: F401 (a fixture)
from tests.board.okrs.given import an_author
from tests.board.week.test_week import CALM, weekly  # noqa: F401 (a fixture)
from tests.cli.test_cli import run

TEAMS = "https://prod-1.westeurope.logic.azure.com/x"
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
def folder(tiny_workspace) -> Path:  # noqa: F811
    return tiny_workspace(turnover=kvi_file()).root


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
    assert body["text"].count("Leadership, data to") == 1


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


def test_with_a_new_signal_it_is_posted(weekly, receiver, capsys):  # noqa: F811
    url, got = receiver
    folder = weekly(*CALM, 200).workspace.root
    config(folder, f'webhook = "{url}/hook"\nonly = "new signals"\ngrain = "week"')
    assert run(capsys, "digest", "--mail", "--workspace", str(folder))[0] == 0
    ((_, body),) = got
    assert "New: week of 9 Mar 2026 was as usual." in body["text"]


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
    body = webhook_body(TEAMS, "Title", "a\nb" * 20_000, "https://board.example.com")
    (card,) = body["attachments"]
    assert card["content"]["body"][0]["text"] == "Title"
    assert card["content"]["body"][1]["text"].endswith(" …")
    assert card["content"]["actions"][0]["url"] == "https://board.example.com"
    assert set(webhook_body("https://hooks.slack.example.com/x", "Title", "Text")) == {"text"}


@pytest.mark.parametrize("address", ["https://hooks.slack.com/services/x", TEAMS, "https://chat.example.com/hooks/x"])
@pytest.mark.parametrize("sign", ["x", "é", "🚀", "<", "a\n"])
def test_what_travels_stays_below_what_receivers_take(address: str, sign: str) -> None:
    assert 12_000 < len(encoded(webhook_body(address, "Title", sign * 40_000, "https://b.example.com"))) <= 24_000


def test_what_people_typed_calls_nobody_and_makes_no_link() -> None:
    typed = "<!channel> @here & <https://evil.example|ours> [ours](https://evil.example)"
    assert webhook_body("https://hooks.slack.com/services/x", "T", typed)["text"] == (
        "T\n\n&lt;!channel&gt; @\u200bhere &amp; &lt;https://evil.example|ours&gt; [ours](https://evil.example)"
    )
    assert "@\u200bhere & <https" in webhook_body("https://chat.example.com/hooks/x", "T", typed)["text"]
    (card,) = webhook_body(TEAMS, "T", typed)["attachments"]
    assert r"\[ours\](https" in card["content"]["body"][1]["text"]


def test_a_teams_compatible_receiver_gets_a_card(folder, receiver, capsys, monkeypatch):
    url, got = receiver
    monkeypatch.setattr("kviboard.documents.webhook._TEAMS", ("127.0.0.1",))
    config(folder, f'name = "Leadership"\nwebhook = "{url}/hook"')
    assert run(capsys, "digest", "--mail", "--workspace", str(folder))[0] == 0
    ((_, body),) = got
    (card,) = body["attachments"]
    assert (body["type"], card["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    assert (card["content"]["type"], card["content"]["version"]) == ("AdaptiveCard", "1.4")
    assert "Leadership, data to" in card["content"]["body"][0]["text"]


def remind(folder: Path, settings: str, due_on: date) -> None:
    """The folder with reminders set up, and a decision of two people that is due on a day."""
    (folder / "kviboard.toml").write_text(f"{CONFIG}\n{settings}")
    with closing(open_store_of(load_workspace(folder))) as store:
        for owner in ("Care lead", "Sales"):
            new = NewDecision(text=f"Ask them, {owner}", owner=owner, due_on=due_on)
            store.decisions.add(new, author=an_author())


def test_reminders_are_posted_on_their_day_alone(folder, receiver, capsys, today):
    url, got = receiver
    on, other = f"{today:%A}".lower(), f"{today + timedelta(days=1):%A}".lower()
    settings = f'[[mail.reminders]]\nwebhook = "{url}/hook"\npeople = ["care lead"]\non = "{{}}"'
    remind(folder, settings.format(other), today - timedelta(days=2))
    code, out, err = run(capsys, "remind", "--workspace", str(folder))
    assert (code, err, got) == (0, "", [])
    assert f"Nothing is sent today: reminders go out on {other.capitalize()}." in out
    code, out, _ = run(capsys, "remind", "--dry-run", "--workspace", str(folder))
    assert (code, got) == (0, [])
    assert "Ask them, Care lead" in out
    (folder / "kviboard.toml").write_text(f"{CONFIG}\n{settings.format(on)}")
    assert run(capsys, "remind", "--workspace", str(folder))[0] == 0
    ((_, body),) = got
    assert body["text"].startswith("Tiny: 1 reminder for Care lead\n\n* Decision: Ask them, Care lead (due ")
    assert "Sales" not in body["text"]


def test_who_ignored_three_reminders_gets_no_fourth(folder, receiver, capsys, today):
    url, got = receiver
    remind(folder, f'[[mail.reminders]]\nwebhook = "{url}/hook"\non = "{today:%A}"'.lower(), today - timedelta(days=21))
    code, out, _ = run(capsys, "remind", "--workspace", str(folder))
    assert (code, got) == (0, [])
    assert "Nobody needs to be reminded" in out


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("", "has no [[mail.reminders]]"),
        ('[[mail.reminders]]\nrecipients = ["a@example.com"]', "lacks [mail] server, [mail] sender"),
        ('[[mail.reminders]]\non = "someday"', "reminders"),
        ('[[mail.reminders]]\nperson = ["Ann"]', "people"),
    ],
)
def test_reminders_that_cannot_go_out_say_why(folder, capsys, today, settings, said):
    (folder / "kviboard.toml").write_text(f"{CONFIG}\n{settings}")
    monday = settings.replace("recipients", f'on = "{today:%A}"\nrecipients'.lower())
    (folder / "kviboard.toml").write_text(f"{CONFIG}\n{monday}")
    code, _, err = run(capsys, "remind", "--workspace", str(folder))
    assert code == 1
    assert said in err
