"""A refresh of what is as it was makes the newest version again; whatever a version depends on, it notices."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kviboard.catalog import load_catalog
from kviboard.warehouse import refresh as refreshing
from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.origin import needs_refresh
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.versions import current_version, roll_back, version_folder
from kviboard.workspace import Workspace, load_workspace
from tests.warehouse.company import TEN_ORDERS, company, published, query, staging_only, write

CHECK = "-- No order costs nothing.\nselect order_id from orders where amount < 0"
STAGING = "select order_id, customer_id, ordered_at, amount from source.orders"
Change = Callable[[Workspace], object]


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with every version that was built from the exports."""
    times: list[int] = []
    build = refreshing._build

    def counting(*given: object) -> Manifest:
        times.append(1)
        return build(*given)

    monkeypatch.setattr(refreshing, "_build", counting)
    return times


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    refreshed(workspace)
    return workspace


def refreshed(workspace: Workspace, look: Callable[[str], None] | None = None) -> Manifest:
    own = load_workspace(workspace.root)
    catalog = staging_only(own)
    kept = {name: found for name, found in load_catalog(own).checks.items() if not found.built_in}
    return refresh(own, replace(catalog, checks=kept), look=look)


def test_the_same_again_is_a_new_version_of_the_same_tables(shop: Workspace, built: list[int]) -> None:
    before = current_version(shop)
    manifest = refreshed(shop)
    assert (built, manifest.version) == ([], current_version(shop))
    assert manifest.version > before
    assert published(shop, "select count(*) from orders") == [(10,)]
    old, new = (version_folder(shop, version) / "orders.parquet" for version in (before, manifest.version))
    assert old.read_bytes() == new.read_bytes()
    assert manifest.files[0].rows_kept == 10
    roll_back(shop, before)
    assert refreshed(shop).version == current_version(shop)  # the newest is in use again, as after any refresh


def test_a_look_at_the_same_publishes_nothing(shop: Workspace, built: list[int]) -> None:
    seen: list[str] = []
    assert refreshed(shop, seen.append).version == current_version(shop)
    assert (seen, built) == ([current_version(shop)], [])


CHANGES: dict[str, Change] = {
    "an export": lambda shop: write(shop.root, "orders_csv", TEN_ORDERS.replace("9.50", "8.50")),
    "an export of the same size and time": lambda shop: _same_time(shop.root / "exports" / "orders.csv"),
    "a file that belongs to nothing": lambda shop: write(shop.root, "notes_csv", "a,b\n1,2\n"),
    "a file still being written": lambda shop: write(shop.root, "orders_csv_part", TEN_ORDERS),
    "a setting": lambda shop: _append(shop, "[refresh]\nmax_reject_share = 0.5"),
    "the fiscal year": lambda shop: _append(shop, '[calendar]\nquarter_starts_in = "april"'),
    "a query": lambda shop: query(shop.root, "staging/orders.sql", STAGING),
    "a check": lambda shop: query(shop.root, "checks/own.sql", CHECK),
    "a table": lambda shop: (version_folder(shop, current_version(shop)) / "orders.parquet").write_bytes(b"PAR1"),
    "the manifest": lambda shop: (version_folder(shop, current_version(shop)) / "manifest.json").write_text("{"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changed_is_noticed(shop: Workspace, built: list[int], change: str) -> None:
    if "written" in change:
        (shop.root / "kviboard.toml").write_text('[sources.orders]\nfiles = "exports/orders.csv*"\n')
        refreshed(shop)
        built.clear()
    CHANGES[change](shop)
    refreshed(shop)
    assert built == [1]
    refreshed(shop)
    assert built == [1]


def test_a_query_that_asks_the_clock_is_asked_each_time(shop: Workspace, built: list[int]) -> None:
    query(shop.root, "checks/own.sql", f"{CHECK} and ordered_at > current_date")
    refreshed(shop)
    refreshed(shop)
    assert built == [1, 1]


@pytest.mark.parametrize("more", ['[calendar]\nquarter_starts_in = "april"', "[sprints]\nfirst_day = 2026-01-05"])
def test_another_calendar_asks_for_a_refresh(shop: Workspace, more: str) -> None:
    assert not needs_refresh(shop, staging_only(shop))
    _append(shop, more)
    assert needs_refresh(load_workspace(shop.root), staging_only(shop))


def _append(shop: Workspace, text: str) -> None:
    with (shop.root / "kviboard.toml").open("a") as config:
        config.write(f"\n{text}\n")


def _same_time(path: Path) -> None:
    times = path.stat()
    path.write_text(path.read_text().replace("9.50", "8.50"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
