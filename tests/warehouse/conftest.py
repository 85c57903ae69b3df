"""Nothing here survives a power cut anyway: waiting for the disk after every small refresh is left out."""

import os

import pytest


@pytest.fixture(autouse=True)
def _do_not_wait_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda handle: None)
