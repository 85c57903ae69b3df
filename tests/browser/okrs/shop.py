"""The small shop as time goes on: its exports after so many days of the year, read by the board."""

import shutil
from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.workspace import CONFIG_NAME, load_workspace
from tests.pages import small_shop


def export_until(folder: Path, days: int, monkeypatch: pytest.MonkeyPatch, settings: str = "") -> None:
    """The shop's exports as they are after so many days of the year, with more `settings`, read by the board."""
    monkeypatch.setattr(small_shop, "DAYS", days)
    fresh = small_shop.write_shop(folder.with_name(f"after_{days}"))
    with (fresh / CONFIG_NAME).open("a") as config:
        config.write(settings)
    shutil.copytree(fresh, folder, dirs_exist_ok=True)
    refresh_now(load_workspace(folder))
