"""`pip install .` gives a working `kviboard` from any directory; an editable install reads the checkout itself."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.once import once, shared_folder

ROOT = Path(__file__).parents[2]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
APP_FILES = {
    "app.py": ["app.py"],
    "pages": ["pages/*.py"],
    "queries": ["queries/*/*.sql"],
    "sample data": ["sample_data/kviboard.toml", "sample_data/exports/*", "sample_data/queries/*/*"],
    "Streamlit's settings": [".streamlit/config.toml"],
}


def done(command: list[str], folder: Path, **surroundings: str) -> subprocess.CompletedProcess[str]:
    """Run to the end in `folder`, with nothing of the checkout on Python's path. Fails with what it said."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "KVIBOARD_WORKSPACE")}
    ran = subprocess.run(
        command, cwd=folder, env={**env, **surroundings}, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network."""
    command = [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w"]
    folder = shared_folder(tmp_path_factory) / "wheel"
    once(folder, lambda path: print(done([*command, str(path), str(ROOT)], ROOT).stdout))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package installed as pip would, without its dependencies: the tests' own serve."""
    folder = tmp_path_factory.mktemp("installed")
    quick = ["--no-compile", "--no-deps", "--no-index"]  # what a test loads is compiled then
    done([*PIP, "install", *quick, "--target", str(folder), str(wheel)], ROOT)
    return folder


def in_wheel(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("what", APP_FILES)
def test_the_wheel_carries(wheel: Path, what: str) -> None:
    ours = {path.relative_to(ROOT).as_posix() for pattern in APP_FILES[what] for path in ROOT.glob(pattern)}
    assert ours
    assert {f"kviboard/_app/{name}" for name in ours} <= in_wheel(wheel)


def test_the_wheel_carries_every_file_of_the_package(wheel: Path) -> None:
    ours = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("kviboard/**/*") if path.is_file()}
    assert {name for name in ours if "__pycache__" not in name} <= in_wheel(wheel)


def test_the_wheel_carries_nothing_that_a_run_left_behind(wheel: Path) -> None:
    assert [name for name in in_wheel(wheel) if ".kviboard/" in name or name.endswith((".parquet", ".pyc"))] == []
    assert {name.split("/")[0] for name in in_wheel(wheel)} == {"kviboard", f"{wheel.name.split('-py3')[0]}.dist-info"}


@pytest.fixture(scope="module")
def home(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a user who refreshed the installed sample."""
    folder = tmp_path_factory.mktemp("home")
    done([sys.executable, "-m", "kviboard", "refresh"], folder, **at_home(folder, installed))
    return folder


def at_home(home: Path, installed: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(installed), "XDG_DATA_HOME": str(home / "data"), "HOME": str(home)}


def test_the_installed_command_works_from_any_directory(installed: Path, home: Path, tmp_path: Path) -> None:
    elsewhere = at_home(home, installed)
    script = [sys.executable, str(installed / "bin" / "kviboard")]
    assert "kviboard init" in done([*script, "--help"], tmp_path, **elsewhere).stdout
    origin = [sys.executable, "-c", "import kviboard; print(kviboard.__file__)"]
    assert Path(done(origin, tmp_path, **elsewhere).stdout.strip()).is_relative_to(installed)
    kvis = json.loads(done([*script, "kvi", "--format", "json"], tmp_path, **elsewhere).stdout)
    files = [*(ROOT / "queries" / "kvis").glob("*.sql"), *(ROOT / "sample_data" / "queries" / "kvis").glob("*.sql")]
    assert {kvi["kvi"] for kvi in kvis} == {path.stem for path in files}


def test_the_installed_sample_is_built_in_the_users_folder_and_not_in_the_package(installed: Path, home: Path) -> None:
    assert not (installed / "kviboard" / "_app" / "sample_data" / ".kviboard").exists()
    assert list((home / "data" / "kviboard").glob("*/warehouse/*/manifest.json"))


def test_an_editable_install_keeps_no_copy_of_the_board(tmp_path: Path) -> None:
    build = f"import hatchling.build; print(hatchling.build.build_editable({str(tmp_path)!r}))"
    name = done([sys.executable, "-c", build], ROOT).stdout.split()[-1]
    copies = [entry for entry in in_wheel(tmp_path / name) if entry.startswith("kviboard/")]
    assert copies == ["kviboard/_app/app.py"]  # never read: the package beside it is the checkout's
