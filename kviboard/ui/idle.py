"""Knows whether a visitor waits for a page, so that what nobody has asked for is done while nobody does."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_changed = threading.Condition()
_drawing = 0  # pages being drawn now
_last_drawn: float | None = None  # when the last one was finished


@contextmanager
def drawing() -> Iterator[None]:
    """Wrap around drawing a page: a visitor waits."""
    global _drawing, _last_drawn
    with _changed:
        _drawing += 1
    try:
        yield
    finally:
        with _changed:
            _drawing -= 1
            _last_drawn = time.monotonic()
            _changed.notify_all()


def wait_for_a_visit(at_most: float) -> None:
    """Return when the first page was drawn, or after so many seconds without a visitor."""
    with _changed:
        _changed.wait_for(lambda: _last_drawn is not None, at_most)


def wait_until_idle(quiet: float, at_most: float) -> None:
    """Return when no page was drawn for `quiet` seconds; after `at_most` seconds in any case."""
    until = time.monotonic() + at_most
    while (now := time.monotonic()) < until:
        with _changed:
            idle_from = now + quiet if _drawing else (_last_drawn or 0) + quiet
        if idle_from <= now:
            return
        time.sleep(min(idle_from, until) - now)
