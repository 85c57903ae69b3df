"""A refresh at a terminal, stopped there with Ctrl+C."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.browser.server import hear_ctrl_c
from tests.spark.workers import processes

INTERRUPTED = 130


def stopped_by_hand(root: Path, is_meant: Callable[[str], bool]) -> tuple[str, list[int]]:
    """Refresh a workspace and stop it once it said what is meant: all that it said, and the Java that it had begun."""
    ours, terminal = pty.openpty()
    command = [sys.executable, "-m", "tests.spark.as_large", "refresh", "--workspace", root]
    running = subprocess.Popen(
        command, stdout=terminal, stderr=terminal, start_new_session=True, preexec_fn=hear_ctrl_c
    )
    os.close(terminal)
    said = b""
    while not is_meant(said.decode(errors="ignore")):
        said += os.read(ours, 4096)  # an error where it ended before
    begun = processes("java", running.pid)
    running.send_signal(signal.SIGINT)
    with suppress(OSError):  # it ended
        while more := os.read(ours, 4096):
            said += more
    os.close(ours)
    assert running.wait(60) == INTERRUPTED
    assert b"kviboard: Stopped; version " in said
    assert b"Traceback" not in said
    return said.decode(errors="ignore"), begun
