"""`kviboard digest`: what it writes, what it would send, what it sends, and what it says where it cannot."""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.context import open_store_of
from kviboard.store import NewDecision
from tests.board.conftest import CONFIG, kvi_file, tiny_workspace, warehouses  # noqa: F401 (a fixture)
from tests.board.okrs.given import an_author
from tests.cli.test_cli import run
from tests.documents.test_mail import Serve, serve  # noqa: F401 (a fixture)

LAST_DAY = date(2026, 3, 12)  # of the tiny company's data
MAIL = """
[mail]
server = "127.0.0.1"
port = {port}
security = "none"
sender = "board@example.com"
recipients = ["ann@example.com"]

[[mail.digests]]

[[mail.digests]]
name = "Germany"
recipients = ["de@example.com", "{last}"]
where = {{ country = "{country}" }}
grain = "month"
"""


@pytest.fixture
def folder(tiny_workspace) -> Path:  # noqa: F811
    workspace = tiny_workspace(turnover=kvi_file())
    new = NewDecision(text="Ask them", owner="Product owner", due_on=LAST_DAY - timedelta(days=3))
    with closing(open_store_of(workspace)) as store:
        store.decisions.add(new, author=an_author(LAST_DAY))
    return workspace.root


def with_mail(folder: Path, port: int = 2525, last: str = "po@example.com", country: str = "DE") -> str:
    text = MAIL.format(port=port, last=last, country=country)
    (folder / "kviboard.toml").write_text(CONFIG + text, encoding="utf-8")
    return str(folder)


def test_it_writes_one_file(folder, capsys):
    out = folder / "week.html"
    code, said, err = run(capsys, "digest", "--out", str(out), "--workspace", str(folder), "--where", "country=NL",
                          "--grain", "month", "--by", "country")  # fmt: skip
    assert (code, err) == (0, "")
    assert said == f"Tiny: this week, data to 12 Mar 2026; written to {out}.\n"
    html = out.read_text(encoding="utf-8")
    assert "Per month · only country NL · data to 12 Mar 2026" in html.replace("&#58;", ":")
    assert "3 days past due" in html
    assert "By country" in html


def test_it_refreshes_first_where_exports_changed(folder, capsys):
    with (folder / "exports" / "orders.csv").open("a") as file:
        file.write("6,a,2026-04-02,1.00\n")
    code, said, _ = run(capsys, "digest", "--out", str(folder / "w.html"), "--workspace", str(folder))
    assert code == 0
    assert "data to 2 Apr 2026" in said


def test_a_dry_run_shows_each_letter_and_sends_nothing(folder, capsys):
    code, said, err = run(capsys, "digest", "--mail", "--dry-run", "--workspace", with_mail(folder))
    assert (code, err) == (0, "")
    assert "To: ann@example.com\nSubject: Tiny: this week, data to 12 Mar 2026\nSize: " in said
    assert "To: de@example.com, po@example.com\nSubject: Tiny: Germany, data to 12 Mar 2026\n" in said
    assert "Per month · only country DE" in said
    assert "* Ask them: Product owner · due 9 Mar 2026, 3 days past due" in said
    assert said.endswith(
        "Nothing was sent: this was a dry run.\n"
        "It would go from board@example.com through 127.0.0.1, port 2525 (none).\n"
    )


def test_a_dry_run_names_what_is_missing(folder, capsys):
    code, said, err = run(capsys, "digest", "--mail", "--dry-run", "--workspace", str(folder))
    assert code == 1
    assert "To: nobody" in said
    assert err.strip() == (
        "kviboard: kviboard.toml lacks [mail] server, [mail] sender, [mail] recipients: "
        "without them nothing can be sent."
    )


def test_without_settings_nothing_is_sent(folder, capsys):
    code, said, err = run(capsys, "digest", "--mail", "--workspace", str(folder))
    assert (code, said) == (1, "")
    assert "lacks [mail] server" in err


def test_each_reader_gets_a_digest_of_their_own(folder, capsys, serve: Serve):  # noqa: F811
    server = serve()
    code, said, err = run(capsys, "digest", "--mail", "--workspace", with_mail(folder, server.port))
    assert (code, err) == (0, "")
    assert said.splitlines() == [
        "“Tiny: this week, data to 12 Mar 2026” sent to ann@example.com.",
        "“Tiny: Germany, data to 12 Mar 2026” sent to de@example.com, po@example.com.",
    ]
    assert [to for to, _ in server.box.arrived] == [["ann@example.com"], ["de@example.com", "po@example.com"]]


def test_a_refused_reader_is_an_error_though_the_others_got_it(folder, capsys, serve: Serve):  # noqa: F811
    server = serve()
    workspace = with_mail(folder, server.port, last="nobody@example.com")
    code, said, err = run(capsys, "digest", "--mail", "--workspace", workspace)
    assert code == 1
    assert "sent to de@example.com." in said
    assert err == "kviboard: nobody@example.com was refused: 550 5.1.1 no such reader here.\n"


def test_a_filter_that_does_not_exist_stops_all_letters(folder, capsys, serve: Serve):  # noqa: F811
    server = serve()
    code, said, err = run(capsys, "digest", "--mail", "--workspace", with_mail(folder, server.port, country="XX"))
    assert (code, said) == (1, "")
    assert 'kviboard.toml, [[mail.digests]] “Germany”: country has no value "XX"' in err
    assert server.box.arrived == []


def test_everything_wrong_with_the_digests_is_told_at_once_also_by_the_check(folder, capsys):
    workspace = with_mail(folder, country="XX")
    with (folder / "kviboard.toml").open("a", encoding="utf-8") as file:
        file.write('by = "planet"\n[[mail.digests]]\nname = "Moon"\nwhere = { country = ["YY", "DE"], moon = "Io" }\n')
    code, said, err = run(capsys, "digest", "--mail", "--dry-run", "--workspace", workspace)
    assert (code, said) == (1, "")
    assert err.splitlines() == [
        'kviboard: kviboard.toml, [[mail.digests]] “Germany”: "planet" is not a dimension; choose one of country.',
        'kviboard: kviboard.toml, [[mail.digests]] “Germany”: country has no value "XX"; known are DE, NL.',
        'kviboard: kviboard.toml, [[mail.digests]] “Moon”: "moon" is not a dimension; choose one of country.',
        'kviboard: kviboard.toml, [[mail.digests]] “Moon”: country has no value "YY"; known are DE, NL.',
    ]
    code, _, err = run(capsys, "check", "--workspace", workspace)
    assert code == 1
    assert 'problem: kviboard.toml, [[mail.digests]] “Moon”: country has no value "YY"; known are DE, NL.' in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "one of the arguments --out --mail is required"),
        (("--out", "x.html", "--mail"), "not allowed with argument"),
        (("--out", "x.html", "--dry-run"), "--dry-run goes with --mail"),
        (("--mail", "--by", "country"), "stand in kviboard.toml, [[mail.digests]]"),
        (("--out", "x.html", "--by", "planet"), '"planet" is not a dimension'),
        (("--out", "x.html", "--where", "country=XX"), 'country has no value "XX"'),
    ],
)
def test_wrong_usage_has_exit_code_2(folder, capsys, arguments, words, monkeypatch):
    monkeypatch.chdir(folder)
    code, said, err = run(capsys, "digest", *arguments, "--workspace", str(folder))
    assert (code, said) == (2, "")
    assert words in err
    assert not (folder / "x.html").exists()


def test_a_file_that_cannot_be_written_is_named(folder, capsys):
    code, _, err = run(capsys, "digest", "--out", str(folder / "no" / "w.html"), "--workspace", str(folder))
    assert code == 1
    assert "w.html cannot be written: no such file or directory." in err


def test_a_digest_is_of_a_named_segment(folder, capsys):
    workspace = with_mail(folder)
    with (folder / "kviboard.toml").open("a", encoding="utf-8") as file:
        file.write('[[mail.digests]]\nname = "Nearby"\nsegment = "near"\n[segments.near]\nwhere = { country = "NL" }\n')
    code, said, _ = run(capsys, "digest", "--mail", "--dry-run", "--workspace", workspace)
    assert code == 0
    assert "only customers of country NL" in said or "only country NL" in said
    text = (folder / "kviboard.toml").read_text(encoding="utf-8")
    (folder / "kviboard.toml").write_text(text.replace('segment = "near"', 'segment = "far"'), encoding="utf-8")
    code, said, err = run(capsys, "digest", "--mail", "--dry-run", "--workspace", workspace)
    assert (code, said) == (1, "")
    assert '[[mail.digests]] “Nearby”: "far" is not a segment; known are near.' in err


def test_neither_a_digest_nor_the_minutes_name_a_customer(own_sample: Path, capsys):
    customers = pd.read_csv(own_sample / "exports" / "customers.csv", dtype=str, encoding="utf-8-sig")
    known = {*customers["Account name"].dropna(), *customers["Customer No"].dropna()}
    assert len(known) > 1_000
    files = {"digest": own_sample / "week.html", "minutes": own_sample / "minutes.html"}
    for command, file in files.items():
        name = ["Sprint 38"] if command == "minutes" else []
        code, _, err = run(capsys, command, *name, "--out", str(file), "--workspace", str(own_sample))
        assert code == 0, err
        text = file.read_text(encoding="utf-8")
        assert len(text) > 1_000
        named = [name for name in known if name in text]
        assert not named, command
