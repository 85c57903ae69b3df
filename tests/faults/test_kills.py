"""A few kills of what tests of the rooms do not kill; `python -m tests.faults.kills` does hundreds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_killed_in_anything_the_program_leaves_everything_whole() -> None:
    command = [sys.executable, "-m", "tests.faults.kills", "--each", "2", "--longest", "0.4"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("2 of 2 kills left everything whole") == 5
