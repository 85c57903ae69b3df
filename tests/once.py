"""Makes a thing once for all workers of a test run: the first one makes it, the others wait."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

WAIT_SECONDS = 900


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """A temporary folder that all workers of this run see."""
    base = factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


def once(path: Path, make: Callable[[Path], None]) -> Path:
    """`path`, made by whichever worker comes first. If that fails, it fails for all."""
    made, failed = path.with_suffix(".made"), path.with_suffix(".failed")
    try:
        path.with_suffix(".lock").mkdir()
    except FileExistsError:
        return _wait_for(path, made, failed)
    try:
        make(path)
    except BaseException as error:
        failed.write_text(f"{type(error).__name__}: {error}", encoding="utf-8")
        raise
    made.touch()
    return path


def _wait_for(path: Path, made: Path, failed: Path) -> Path:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if made.exists():
            return path
        if failed.exists():
            pytest.fail(f"Another worker could not make {path.name}: {failed.read_text(encoding='utf-8')}")
        time.sleep(0.1)
    pytest.fail(f"{path.name} was not made within {WAIT_SECONDS} s.")
