"""What a visitor may do by the settings as they are now: groups, a board that only shows, rights taken away."""

import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kviboard.domain.access import PERMISSIONS
from kviboard.errors import NotAllowedError
from kviboard.store import NewKviNote
from kviboard.ui import session
from kviboard.ui.access import admit, lasting_right, may, permit, visitor
from kviboard.ui.author import all_names, author, person
from kviboard.ui.served import READ_ONLY_VARIABLE
from kviboard.workspace import WORKSPACE_VARIABLE

SIGN_IN = """
[access]
editors = ["bo@example.com"]
chairs = [{chairs}]
admins = ["root@example.com"]
[sign_in]
issuer = "https://login.example.com"
client_id = "board"
client_secret = "a secret of the provider"
groups = "roles"
"""
Settings = Callable[[str], None]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Writes kviboard.toml of the workspace that is served, while a page of its is drawn."""
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(tmp_path))
    monkeypatch.setattr("kviboard.ui.access.is_drawing", lambda: True)
    monkeypatch.setattr("kviboard.ui.access.said_name", lambda: "Somebody")
    monkeypatch.setattr("streamlit.user", SimpleNamespace(to_dict=dict))
    writes = iter(range(1, 100))

    def write(text: str) -> None:
        (tmp_path / "kviboard.toml").write_text(text)
        moment = time.time() - 100 + next(writes)  # a file system may not tell two writes of one moment apart
        os.utime(tmp_path / "kviboard.toml", (moment, moment))

    write("")
    return write


def signed_in(monkeypatch: pytest.MonkeyPatch, **claims: Any) -> None:
    known = {"is_logged_in": True, "email": "bo@example.com", "email_verified": True, "aud": "board", "sub": "7"}
    found = {**known, "iat": int(time.time()), **claims}
    monkeypatch.setattr("streamlit.user", SimpleNamespace(to_dict=lambda: found))


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"email": "sam_*@example.com"}, r"signed in as sam\_\*@example.com, and this board is not open to you"),
        ({}, "reached through the company's own sign-in: open it by its usual address"),
    ],
)
def test_whom_a_proxy_signed_in_without_a_role_is_told_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, claims: dict[str, str], said: str
) -> None:
    told: list[str] = []
    settings(
        '[access]\nadmins = ["root@example.com"]\n[sign_in]\nheader = "X-Email"\ntrusted_proxies = ["127.0.0.1"]\n'
    )
    monkeypatch.setattr("streamlit.user", SimpleNamespace(to_dict=lambda: claims))
    monkeypatch.setattr("kviboard.ui.access.dress_page", lambda **_: None)
    for name in ("title", "info", "warning"):
        monkeypatch.setattr(f"streamlit.{name}", lambda words, **_: told.append(words))
    monkeypatch.setattr("streamlit.stop", lambda: None)
    admit()
    assert told[0] == "My company"
    assert len(told) == 2
    assert said in told[1]


@pytest.mark.parametrize("sign_in", ["", SIGN_IN.format(chairs="")])
def test_a_board_that_only_shows_refuses_every_act_but_reading(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, sign_in: str
) -> None:
    settings(sign_in)
    signed_in(monkeypatch, email="root@example.com")
    for permission in ("read", "write", "review", "data"):
        permit(permission)
    monkeypatch.setenv(READ_ONLY_VARIABLE, "1")
    permit("read")
    for permission in PERMISSIONS.keys() - {"read"}:
        with pytest.raises(NotAllowedError, match="this board only shows; it was started with --read-only"):
            permit(permission)
    assert not any(may(permission) for permission in ("write", "review", "data"))


@pytest.mark.parametrize("groups", [["staff", "Leads"], "staff, Leads"])
def test_a_group_of_the_provider_gives_its_role(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, groups: object
) -> None:
    settings(SIGN_IN.format(chairs='"group:leads"'))
    signed_in(monkeypatch, roles=groups)
    assert visitor().role == "chair"
    signed_in(monkeypatch, roles=None, groups=groups)
    assert visitor().role == "editor"


def test_drafts_belong_to_the_proven_subject_whatever_name_is_claimed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(SIGN_IN.format(chairs=""))
    signed_in(monkeypatch, name="Ann")
    assert (visitor().name, visitor().key) == ("Ann", "7")  # forms keep drafts under the key


@pytest.mark.parametrize("name", [None, " ", {"first": "Ann"}])
def test_who_has_no_name_is_called_by_their_address(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: object
) -> None:
    settings(SIGN_IN.format(chairs=""))
    signed_in(monkeypatch, name=name)
    assert visitor().name == "bo@example.com"


def test_a_lasting_right_ends_with_the_role_the_sign_in_or_the_settings(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    chairs = SIGN_IN.format(chairs='"bo@example.com"')
    settings(chairs)
    signed_in(monkeypatch)
    may_chair = lasting_right("review")
    signed_in(monkeypatch, email="somebody@else.example")  # whoever else comes later
    assert may_chair()
    settings(SIGN_IN.format(chairs=""))
    assert not may_chair()
    settings("nonsense")
    assert not may_chair()
    settings(chairs)
    assert may_chair()
    now = time.time()
    monkeypatch.setattr("kviboard.ui.access.time.time", lambda: now + 10 * 365 * 86_400)
    assert not may_chair()


def test_a_right_of_before_people_signed_in_ends_when_they_do(settings: Settings) -> None:
    may_chair = lasting_right("review")
    assert may_chair()
    settings(SIGN_IN.format(chairs=""))
    assert not may_chair()


def test_of_two_people_of_one_name_the_second_saves_with_the_address(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(SIGN_IN.format(chairs=""))
    signed_in(monkeypatch, name="Bo", sub="7")
    held = author()
    assert (held.by, held.subject, person()) == ("Bo", "7", "Bo")
    session.store().kvi_notes.add(NewKviNote(kvi="nps", day=date(2026, 4, 10), text="Strike"), author=held)
    signed_in(monkeypatch, name="bo", sub="8")
    assert (author().by, author().subject) == ("bo (bo@example.com)", "8")
    assert all_names(person()) == ("bo (bo@example.com)",)
    signed_in(monkeypatch, name="Bo Berg", sub="7")
    assert all_names(person()) == ("Bo Berg", "Bo")  # renamed: what is under the old name is still theirs
    assert all_names("Bo") == ("Bo",)  # of whom nothing is saved under another name yet
    settings("")
    assert (person(), author().subject, all_names("")) == ("Somebody", None, ())
