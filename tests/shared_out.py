"""Shares the files of tests out to workers, so that no core is idle: a browser test waits half of its time."""

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

WAITS = "tests/browser/"


class BrowsersBesideTheRest(LoadFileScheduling):  # type: ignore[misc]  # xdist says no types
    """The first worker takes the files that wait for a browser, the others what computes; then each what is left."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        waits = node is self.nodes[0]
        suits = next((file for file in self.workqueue if file.startswith(WAITS) == waits), None)
        if suits:
            self.workqueue.move_to_end(suits, last=False)  # the next to be taken
        super()._assign_work_unit(node)
