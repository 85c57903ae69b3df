"""A refresh whose marts are built on a cluster gives what DuckDB gives, or refuses and leaves the version before."""

import time
from pathlib import Path

import pytest

from kviboard.catalog import load_catalog
from kviboard.errors import RefreshError
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.spark import cluster
from kviboard.workspace import load_workspace
from tests.spark.by_hand import stopped_by_hand
from tests.spark.conftest import ENGINE
from tests.spark.same import differences, published
from tests.warehouse.company import TEN_ORDERS, company, query

SECONDS_TO_STOP = 20
RESPONSES = "response_id,customer_id,responded_at,score,comment\n" + "".join(
    f"r{n},c{n % 4},2026-01-0{n + 1},{n + 2},\"ΟΔΟΣ İyi\u00a0— 'fast', {n}\"\n" for n in range(8)
)
ACTIVITY = "customer_id,occurred_at,minutes\nc0,2026-01-01 23:59:59,1.5\nc0,2026-01-31,\nc9,2026-01-02,2\n"


@pytest.mark.usefixtures("shared")
def test_a_small_company_its_own_marts_and_what_is_not_known_to_be_the_same(tmp_path: Path) -> None:
    files = {"orders_csv": TEN_ORDERS, "responses_csv": RESPONSES, "activity_csv": ACTIVITY}
    here = company(tmp_path / "here", **files)
    there = company(tmp_path / "there", ENGINE, **files)
    for root in (here.root, there.root):
        query(root, "marts/buyers.sql", "select customer_id, count(*) as orders from orders group by customer_id")
        query(root, "marts/middle.sql", "select median(amount) as middle from orders")
        refresh(load_workspace(root), load_catalog(load_workspace(root)))
    assert differences(here.root, there.root) == []
    manifest = published(there.root)[1]
    assert [str(problem) for problem in manifest.problems if "DuckDB" in problem.what] == [
        "queries/marts/middle.sql: is built by DuckDB on this machine: MEDIAN(amount) is not known to give the same on "
        "Spark. Its rows are right; it takes its time."
    ]
    before = manifest.made["buyers"].files
    with (there.root / "exports" / "responses.csv").open("a") as export:
        export.write("r9,c1,2026-02-01,9,\n")
    refresh(there, load_catalog(there))
    again = published(there.root)[1]
    assert again.version != manifest.version
    assert again.made["buyers"].files == before  # made of what did not change, so not asked of the cluster again


def test_what_is_stopped_by_hand_leaves_the_version_before_and_no_process(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    before = refresh(workspace, load_catalog(workspace)).version
    company(tmp_path, ENGINE, orders_csv=TEN_ORDERS)
    _, begun = stopped_by_hand(tmp_path, lambda said: "Spark builds" in said)
    assert begun
    assert published(tmp_path)[1].version == before
    assert [path.name for path in (tmp_path / ".kviboard" / "warehouse").glob(".building*")] == []
    ends_at = time.monotonic() + SECONDS_TO_STOP
    while found := [process for process in begun if Path(f"/proc/{process}").exists()]:
        assert time.monotonic() < ends_at, found
        time.sleep(0.2)


@pytest.mark.usefixtures("shared")
def test_what_takes_longer_than_it_may_is_given_up_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = company(tmp_path, ENGINE, orders_csv=TEN_ORDERS)
    monkeypatch.setattr(cluster, "_MINUTE", 0)
    with pytest.raises(RefreshError, match=r"takes longer than \[engine\] query_minutes allows.*give it more workers"):
        refresh(workspace, load_catalog(workspace))
