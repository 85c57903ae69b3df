"""What tests of several rooms share: the sample workspace, refreshed once and read by all, and a browser."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the command, before numpy: threads without work spin

import duckdb
import pytest
from hypothesis import settings
from playwright.sync_api import Browser
from xdist.remote import Producer
from xdist.scheduler import Scheduling

from kviboard.board.board import Board, open_board
from kviboard.workspace import SAMPLE_WORKSPACE, load_workspace
from tests import one_core
from tests.browser.chromium import NoBrowser, find_chromium
from tests.browser.warm import WARM
from tests.clocks import TODAY, on_clocks_of
from tests.once import once, shared_folder
from tests.shared_out import BrowsersBesideTheRest

gc.disable()  # until all tests are collected: what is loaded for that stays

# A busy machine is no failing property: timing belongs to the benchmarks.
settings.register_profile("board", deadline=None)
settings.load_profile("board")


HERE = Path(__file__).parent
MEMORY = Path("/dev/shm")
ROOM_BYTES = 6_000_000_000


def pytest_configure() -> None:
    """What tests write lies in memory, where there is some with room: DuckDB waits for each file to be on disk. And the
    tests are compiled once, not by each worker: where Python keeps no compiled files, that takes half of collecting."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # of workers and of what they start, too
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


# A worker takes one file after the other: what takes minutes begins first, so that no worker is left alone with it.
SLOWEST_FIRST = ("browser", "benchmarks", "architecture", "packaging", "numbers", "queries", "warehouse", "board")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Each worker begins to collect in another folder: what one has compiled, the others read when they come there."""
    report = yield
    worker = getattr(collector.config, "workerinput", None)
    if worker and collector.path == HERE and isinstance(collector, pytest.Directory):
        first = len(report.result) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
        report.result = report.result[first:] + report.result[:first]
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The same order for all workers; within a file its own."""
    items.sort(key=lambda item: (_place(item.path), item.path))


def pytest_collection_finish() -> None:
    """What was loaded to collect the tests stays to the end, with what garbage is in it: looking for that took a
    quarter of the time, and once still a tenth of collecting."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """At the end nobody needs what is left taken apart piece by piece, which took seconds."""
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """While Playwright runs, nothing else in this process may start an event loop."""
    try:
        return (yield)
    finally:
        if nextitem is None or (nextitem.path != item.path and "browser" not in _fixtures(nextitem)):
            WARM.close()


def _fixtures(item: pytest.Item) -> list[str]:
    return item.fixturenames if isinstance(item, pytest.Function) else []


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """Where files are shared out to workers."""
    return BrowsersBesideTheRest(config, log) if config.getvalue("dist") == "loadfile" else None


def _place(path: Path) -> int:
    room = path.relative_to(HERE).parts[0]
    return SLOWEST_FIRST.index(room) if room in SLOWEST_FIRST else len(SLOWEST_FIRST)


@pytest.fixture(scope="session", autouse=True)
def _nothing_waits_for_the_disk() -> Iterator[None]:
    """A refresh waits for its files to be on disk, because power may fail, which a test cannot tell. tests/faults kills
    processes of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _an_engine_takes_one_core() -> Iterator[None]:
    """As `one_core` says. The sample itself, and what programs of their own do, has all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", one_core.connect)
        yield


@pytest.fixture(scope="session", autouse=True)
def _charts_are_checked() -> None:
    """Whatever a test draws is checked against Vega-Lite's schema, which boards leave out."""
    from altair.utils import schemapi

    from kviboard.charts import theme  # noqa: F401

    schemapi.enable_debug_mode()


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A refreshed copy of the sample workspace, built once for all workers: read it only."""
    return once(shared_folder(tmp_path_factory) / "sample", _refreshed_sample)


@pytest.fixture(scope="session")
def sample_board(sample_workspace: Path) -> Board:
    """The sample's board; its data ends on 31 October 2026."""
    return open_board(load_workspace(sample_workspace))


@pytest.fixture
def own_sample(sample_workspace: Path, tmp_path: Path) -> Path:
    """A refreshed copy of the sample workspace for one test, which may change it."""
    looks = shutil.ignore_patterns("looked-at.txt")  # of the tests that read the sample
    return Path(shutil.copytree(sample_workspace, tmp_path / "sample", ignore=looks))


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Path of the browser; found or installed once for all workers."""
    try:
        found = once(shared_folder(tmp_path_factory) / "chromium", lambda path: path.write_text(find_chromium()))
    except NoBrowser as error:
        pytest.fail(str(error))
    return found.read_text()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Browser:
    """A browser, which stays for the next file if that needs it at once, too."""
    return WARM.browser(chromium)


def _refreshed_sample(folder: Path) -> None:
    from kviboard.board.context import open_store_of
    from kviboard.board.exports.maintenance import refresh_now

    leave_out = shutil.ignore_patterns(".kviboard", "__pycache__")
    shutil.copytree(SAMPLE_WORKSPACE, folder, ignore=leave_out)
    workspace = load_workspace(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", one_core.CONNECT)  # on all cores, as boards do
        report = refresh_now(workspace, lambda what, share: None)
    assert not report.problems, "\n".join(map(str, report.problems))
    open_store_of(workspace).close()  # made of the sample's OKRs once, not in each copy


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """The day on the company's clocks, which stand still at its noon: midnight may pass while a test runs, and where
    it runs it may be another day already."""
    on_clocks_of(monkeypatch, datetime.combine(TODAY, time(12), UTC))
    return TODAY
