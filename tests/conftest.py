"""What tests of several rooms share: the sample workspace, refreshed once and read by all."""

import shutil
from pathlib import Path

import pytest

from kviboard.workspace import SAMPLE_WORKSPACE, load_workspace
from tests.once import once, shared_folder


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A refreshed copy of the sample workspace, built once for all workers: read it only."""
    return once(shared_folder(tmp_path_factory) / "sample", _refreshed_sample)


@pytest.fixture
def own_sample(sample_workspace: Path, tmp_path: Path) -> Path:
    """A refreshed copy of the sample workspace for one test, which may change it."""
    return Path(shutil.copytree(sample_workspace, tmp_path / "sample"))


def _refreshed_sample(folder: Path) -> None:
    from kviboard.board.upkeep import refresh_now

    leave_out = shutil.ignore_patterns(".kviboard", "__pycache__")
    shutil.copytree(SAMPLE_WORKSPACE, folder, ignore=leave_out)
    upkeep = refresh_now(load_workspace(folder), lambda what, share: None)
    assert not upkeep.problems, "\n".join(map(str, upkeep.problems))
