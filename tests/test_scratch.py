"""Folders for a while: one's own each, and what a killed process left goes when the next is made."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from kviboard.scratch import Scratch, clear_scratch

HOLDS = """
import sys, time
from pathlib import Path
from kviboard.scratch import Scratch
one = Scratch(Path(sys.argv[1]))
(one.folder / "rows").write_text("x")
print("holds", flush=True)
time.sleep(60)
"""


def names(state: Path) -> set[str]:
    return {path.name for path in (state / "spill").iterdir() if path.is_dir()}


def test_each_has_one_of_its_own_that_goes_with_it(tmp_path: Path) -> None:
    one, other = Scratch(tmp_path), Scratch(tmp_path)
    assert one.folder != other.folder
    clear_scratch(tmp_path)
    assert names(tmp_path) == {one.folder.name, other.folder.name}
    if os.name != "nt":
        assert one.folder.stat().st_mode & 0o777 == 0o700
    other.close()
    assert names(tmp_path) == {one.folder.name}
    del one
    assert list((tmp_path / "spill").iterdir()) == []


def test_what_a_killed_process_left_goes_at_the_next_start_and_not_before(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDS, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline().strip() == b"holds"
        clear_scratch(tmp_path)
        (left,) = names(tmp_path)
        process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    assert (tmp_path / "spill" / left / "rows").exists()
    (tmp_path / "spill" / "duckdb_temp_storage_S64K-0.tmp").write_text("by an older board, which had no folders")
    own = Scratch(tmp_path)
    assert names(tmp_path) == {own.folder.name}
    own.close()
    assert list((tmp_path / "spill").iterdir()) == []
