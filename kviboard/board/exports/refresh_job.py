"""A refresh beside the pages: one at a time per workspace, whoever asks for it, and what came of the last one.

It runs in a thread of its own, so that leaving a page does not stop it. What a refresh does belongs to `maintenance`.
"""

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread

from kviboard.board.exports.actor import BY_OWNER, Actor
from kviboard.board.exports.maintenance import MaintenanceReport, refresh_now
from kviboard.errors import KviBoardError, Problem
from kviboard.workspace import Workspace

_log = logging.getLogger(__name__)


@dataclass
class Refreshing:
    """One refresh: how far it is, then what came of it. Read it from any thread; only its own thread writes."""

    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    after: "Refreshing | None" = None  # the one that it waits for, until it begins
    doing: str = "Starting"
    share: float = 0.0
    report: MaintenanceReport | None = None  # once it has published
    refused: str = ""  # why it did not, in a sentence, ...
    problems: tuple[Problem, ...] = ()  # ... or problem by problem

    @property
    def is_running(self) -> bool:
        return self.report is None and not self.refused

    def wait(self, seconds: float) -> None:
        """Wait until it is done, at most so long."""
        self._thread.join(seconds)

    def _run(self, workspace: Workspace) -> None:
        if self.after:
            self._note("Waiting for the refresh that runs already", 0.0)
            self.after._thread.join()
            with _lock:  # from here on it does not read what is added
                self.after = None
        try:
            self.report = refresh_now(workspace, self._note)
        except KviBoardError as error:
            self.problems = error.problems
            self.refused = str(error).splitlines()[0]
        except Exception as error:  # whatever it is, the page must hear of it, and the log must hold it
            _log.exception("The refresh failed.")
            self.refused = f"The refresh failed unexpectedly ({error}); the server's log says where."

    def _note(self, doing: str, share: float) -> None:
        self.doing, self.share = doing, share

    def _start(self, workspace: Workspace) -> None:
        self._thread = Thread(target=self._run, args=(workspace,), name="refresh", daemon=True)
        self._thread.start()


_last: dict[Path, Refreshing] = {}
_lock = Lock()


def start_refresh(workspace: Workspace, actor: Actor = BY_OWNER, reads_new: bool = False) -> Refreshing:
    """Start a refresh, or join the one that is running. With `reads_new` files were just added, which one that runs may
    have missed: then another follows it. Raises NotAllowedError where `actor` may not."""
    with _lock:
        last = _last.get(workspace.root)
        running = last if last and last.is_running else None
        if running and (running.after or not reads_new):
            return running
        actor.begin("refreshed")
        refreshing = _last[workspace.root] = Refreshing(after=running)
        refreshing._start(workspace)
        return refreshing


def last_refresh(workspace: Workspace) -> Refreshing | None:
    """The refresh that is running, else the last one since the server started."""
    return _last.get(workspace.root)
