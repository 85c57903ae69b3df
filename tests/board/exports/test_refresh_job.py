"""A refresh beside the pages: one at a time, and its outcome for everybody to read."""

import sys
import threading
from pathlib import Path

import pytest

from kviboard.apart import allowed_gigabytes
from kviboard.board.exports import refresh_job
from kviboard.board.exports.maintenance import MaintenanceReport
from kviboard.board.exports.refresh_job import last_refresh, start_refresh
from kviboard.warehouse.versions import list_versions, only_refresh
from kviboard.workspace import Workspace, load_workspace
from tests.board.exports.flawed import write_flawed_shop


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    return load_workspace(write_flawed_shop(tmp_path / "shop"))


def test_it_publishes_and_says_what_it_read(shop: Workspace):
    started = start_refresh(shop)
    started.wait(60)
    assert not started.is_running
    assert started.report.lines[0] == f"Version {list_versions(shop)[0].version} is in use."
    assert (started.doing, started.share) == ("Done", 1.0)
    assert last_refresh(shop) is started


def test_asked_twice_it_runs_once(shop: Workspace, monkeypatch: pytest.MonkeyPatch):
    go_on, calls = threading.Event(), []

    def slowly(workspace: Workspace, progress: object) -> MaintenanceReport:
        calls.append(workspace)
        go_on.wait(10)
        return MaintenanceReport(("done",))

    monkeypatch.setattr(refresh_job, "refresh_now", slowly)
    first, second = start_refresh(shop), start_refresh(shop)
    assert first is second
    go_on.set()
    first.wait(10)
    assert calls == [shop]
    assert start_refresh(shop) is not first


def test_files_that_come_while_one_runs_are_read_by_another_after_it(shop: Workspace, monkeypatch: pytest.MonkeyPatch):
    """Each refresh reads what lies there when it begins."""
    begun, go_on, read = threading.Semaphore(0), threading.Semaphore(0), []

    def slowly(workspace: Workspace, progress: object) -> MaintenanceReport:
        read.append({path.name for path in (workspace.root / "exports").iterdir()})
        begun.release()
        go_on.acquire(timeout=10)
        return MaintenanceReport(("done",))

    monkeypatch.setattr(refresh_job, "refresh_now", slowly)
    first = start_refresh(shop)
    assert begun.acquire(timeout=10)
    waiting = []
    for name in ("orders-2.csv", "orders-3.csv"):
        (shop.root / "exports" / name).write_text("order_id\n")
        waiting.append(start_refresh(shop, reads_new=True))
    assert waiting[0] is waiting[1] is start_refresh(shop) is last_refresh(shop)
    assert waiting[0] is not first
    go_on.release(2)
    waiting[0].wait(10)
    assert not first.is_running
    assert not waiting[0].is_running
    assert [{"orders-2.csv", "orders-3.csv"} & names for names in read] == [set(), {"orders-2.csv", "orders-3.csv"}]


def test_a_refusal_keeps_its_problems(shop: Workspace):
    (shop.root / "exports" / "orders.csv").write_text("")
    started = start_refresh(shop)
    started.wait(60)
    assert started.problems[0].where == "exports/orders.csv"
    assert started.refused == "The refresh was not published:"
    assert list_versions(shop) == []


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_text_that_doubles_ends_the_refresh_and_not_the_board(shop: Workspace):
    doubles = "with recursive r(n, t) as (select 1, 'x' union all select n + 1, t || t from r where n < 40)"
    (shop.root / "queries" / "marts").mkdir(parents=True)
    (shop.root / "queries" / "marts" / "bomb.sql").write_text(f"-- Bomb\n{doubles} select length(t) as n from r\n")
    (shop.root / "kviboard.toml").open("a").write("[engine]\nmemory_gb = 0.1\n")
    started = start_refresh(load_workspace(shop.root))
    started.wait(60)
    assert started.problems[0].where == "queries/marts/bomb.sql"
    assert "needs more memory than [engine] memory_gb allows" in str(started.problems[0])
    assert allowed_gigabytes() == float("inf")
    (shop.root / "queries" / "marts" / "bomb.sql").unlink()
    started = start_refresh(load_workspace(shop.root))
    started.wait(60)
    assert started.report


def test_a_refresh_in_another_process_is_told(shop: Workspace):
    with only_refresh(shop):
        started = start_refresh(shop)
        started.wait(60)
    assert started.refused == "Another refresh is running; wait until it is done."
    assert started.problems == ()


def test_what_nobody_expected_is_said_and_logged(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(workspace: Workspace, progress: object) -> MaintenanceReport:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(refresh_job, "refresh_now", broken)
    started = start_refresh(shop)
    started.wait(10)
    assert "by zero" in started.refused
    assert "ZeroDivisionError" in caplog.text
