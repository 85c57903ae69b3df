"""The small shop as time goes on: its exports after so many days of the year, read by the board."""

import re
import shutil
from pathlib import Path

from kviboard.board.exports.maintenance import refresh_now
from kviboard.workspace import CONFIG_NAME, load_workspace
from tests.pages.small_shop import write_shop

_AS_OF = re.compile("^as_of = .*$", re.MULTILINE)


def export_until(folder: Path, days: int) -> None:
    """The shop's exports as they are after so many days of the year, read by the board; it is that day, too."""
    fresh = write_shop(folder.with_name(f"after_{days}"), days=days)
    shutil.copytree(fresh, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(CONFIG_NAME))
    old, new = ((place / CONFIG_NAME).read_text(encoding="utf-8") for place in (folder, fresh))
    (folder / CONFIG_NAME).write_text(_AS_OF.sub(_AS_OF.findall(new)[0], old), encoding="utf-8")
    refresh_now(load_workspace(folder))
