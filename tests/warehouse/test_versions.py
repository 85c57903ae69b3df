"""Versions appear whole, stay for a while, and can be gone back to."""

import threading
from pathlib import Path

import pytest

from kviboard.errors import NotBuiltError, RefreshError
from kviboard.warehouse.origin import needs_refresh
from kviboard.warehouse.versions import (
    current_version,
    list_versions,
    only_refresh,
    roll_back,
    version_folder,
    warehouse_folder,
)
from tests.warehouse.company import ORDERS, TEN_ORDERS, company, published, refreshed, staging_only, write


def test_before_the_first_refresh_there_is_nothing_to_read(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    with pytest.raises(NotBuiltError, match="run `kviboard refresh`"):
        current_version(workspace)
    assert list_versions(workspace) == []


def test_the_last_five_versions_stay_the_newest_first(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    made = [refreshed(workspace).version for _ in range(7)]
    assert [manifest.version for manifest in list_versions(workspace)] == made[:1:-1]
    assert current_version(workspace) == made[-1]
    assert sorted(path.name for path in warehouse_folder(workspace).iterdir()) == sorted(
        [*made[2:], "current", "refresh.lock"]
    )


def test_a_roll_back_serves_the_older_version_and_is_not_undone_by_itself(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    old = refreshed(workspace).version
    write(tmp_path, "orders_csv", TEN_ORDERS + "99,c1,2026-01-20,1\n")
    refreshed(workspace)
    assert published(workspace, "select count(*) from orders") == [(11,)]

    assert roll_back(workspace, old).version == old
    assert published(workspace, "select count(*) from orders") == [(10,)]
    assert not needs_refresh(workspace, staging_only(workspace))

    write(tmp_path, "orders_csv", TEN_ORDERS + "99,c1,2026-01-20,1\n98,c1,2026-01-20,1\n")
    assert needs_refresh(workspace, staging_only(workspace))


@pytest.mark.parametrize("version", ["", "000099-nowhere", ".."])
def test_going_back_to_what_is_not_there_names_what_is(tmp_path: Path, version: str) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    there = refreshed(workspace).version
    with pytest.raises(RefreshError, match=f"there are: {there}"):
        roll_back(workspace, version)
    assert current_version(workspace) == there


def test_two_refreshes_do_not_run_at_once(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    caught: list[Exception] = []

    def try_to_refresh() -> None:
        try:
            refreshed(workspace)
        except RefreshError as error:
            caught.append(error)

    with only_refresh(workspace):
        other = threading.Thread(target=try_to_refresh)
        other.start()
        other.join()
    assert str(caught[0]) == "Another refresh is running; wait until it is done."
    refreshed(workspace)


def test_what_killed_refreshes_left_behind_is_cleared_away(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    left = warehouse_folder(workspace) / ".building-000001-20260101T000000Z"
    left.mkdir(parents=True)
    (left / "orders.parquet").write_bytes(b"half")
    version = refreshed(workspace).version
    assert not left.exists()
    assert version_folder(workspace, version).is_dir()


def test_a_lost_pointer_falls_back_to_the_newest_whole_version(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    refreshed(workspace)
    newest = refreshed(workspace).version
    (warehouse_folder(workspace) / "current").unlink()
    assert current_version(workspace) == newest
    (version_folder(workspace, "000099-half")).mkdir()
    assert current_version(workspace) == newest


def test_the_same_exports_make_the_same_rows(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=ORDERS + "".join(f"{n},c{n % 9},2026-01-05,{n}\n" for n in range(500)))
    seen = []
    for _ in range(2):
        refreshed(workspace)
        seen.append(published(workspace, "select * from orders order by order_id"))
    assert seen[0] == seen[1]
