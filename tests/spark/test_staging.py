"""Exports that are staged on a cluster give the rows, the rejected rows, the ledger and the words that DuckDB gives."""

from collections.abc import Container
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from kviboard.catalog import load_catalog
from kviboard.domain.contract import CONTRACT
from kviboard.errors import RefreshError
from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.versions import current_version
from kviboard.workspace import Workspace, load_workspace
from tests.spark.conftest import ENGINE
from tests.spark.same import differences
from tests.spark.workers import Killer, killing_while
from tests.warehouse.company import query, staging_only, with_marts

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SETTINGS = """
[sources.activity]
files = "exports/activity-*.parquet"

[sources.orders]
files = "exports/orders.parquet"
order_rows = "lines"
guest_orders = true

[sources.responses]
files = "exports/responses.csv"

[sources.tickets]
files = "exports/tickets.jsonl"

[company]
timezone = "Europe/Berlin"

[refresh]
max_reject_share = 0.5
"""
pytestmark = pytest.mark.usefixtures("shared")

DAYS_AND_WHAT_THEY_MAKE = ("customer_days", "customer_activity")
EVENTS = """
    select
        case when i % 97 = 0 then '' else 'c' || i % 40 end as customer_id,
        timestamp '2026-01-01' + to_minutes(cast(i * 37 as integer)) as occurred_at,
        case when i % 50 = 0 then -1.0 when i % 49 = 0 then 'nan'::double else i % 7 end as minutes,
        ['open', 'é'][i % 2 + 1] as event
    from range(2000) as numbers(i)
"""
ORDERS = """
    select
        'o' || i % 450 as order_id,
        case
            when i % 31 = 0 then null when i % 29 = 0 then 'Guest'
            when i % 3 = 0 then 'Cé' || i % 40 else 'c' || i % 40
        end as customer_id,
        timestamptz '2026-01-01 23:30:00+00' + to_hours(cast(i as integer)) as ordered_at,
        cast(i % 100 * 1.25 as decimal(18, 2)) as amount,
        ['tea', 'Müsli', null, 'pot'][i % 4 + 1] as product
    from range(500) as numbers(i)
"""
RESPONSES = "response_id,customer_id,responded_at,score,comment\n" + "".join(
    f"r{n % 180},c{n % 40},{1 + n % 28:02d}.0{1 + n % 3}.2026 0{n % 9}:15,{'x' if n % 33 == 0 else n % 11},"
    f"\"Ärger — 'fast', {n}\"\n"
    for n in range(200)
)
TICKETS = "".join(
    f'{{"ticket_id":"t{n}","customer_id":"c{n % 40}","opened_at":"2026-02-{1 + n % 28:02d}T10:00:00Z",'
    f'"closed_at":"{"open" if n % 5 else "2026-03-01"}","kind":"{("complaint", "question", "zzz")[n % 3]}"}}\n'
    for n in range(60)
)


def write_events(root: Path, number: int, days: str) -> None:
    rows = f"select * from ({EVENTS}) where occurred_at {days}"
    duckdb.execute(f"copy ({rows}) to '{root}/exports/activity-{number}.parquet'")


def typed_company(root: Path, engine: str) -> Workspace:
    """Typed files, of which two overlap, and texts; with rows of every fate."""

    exports = root / "exports"
    exports.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"copy ({ORDERS}) to '{exports}/orders.parquet'")
    for number, days in enumerate(("< '2026-01-20'", ">= '2026-01-18'"), start=1):
        write_events(root, number, days)
    (exports / "responses.csv").write_text(RESPONSES)
    (exports / "tickets.jsonl").write_text(TICKETS)
    (root / "kviboard.toml").write_text(SETTINGS + engine)
    return load_workspace(root)


def built(workspace: Workspace, marts: Container[str] = ()) -> tuple[Manifest, set[str]]:
    """What was published, of the `marts` these alone, and what was said meanwhile."""
    said: set[str] = set()
    catalog = load_catalog(workspace)
    few = replace(catalog, marts={name: catalog.marts[name] for name in catalog.marts if name in marts}, checks={})
    return refresh(workspace, few, lambda doing, share: said.add(doing.partition(":")[0])), said


def test_typed_files_and_texts_have_the_same_fate(tmp_path: Path) -> None:
    here, there = (typed_company(tmp_path / name, engine) for name, engine in (("here", ""), ("there", ENGINE)))
    built(here)
    manifest, said = built(there)
    assert differences(here.root, there.root) == []
    assert said >= {f"Spark builds {table}" for table in ("orders", "responses", "tickets")}
    assert not [problem for problem in manifest.problems if "DuckDB" in problem.what]
    fates = {row.table_name: row for row in manifest.files}
    assert fates["responses"].rows_rejected > 0
    assert sum(row.rows_duplicate for row in manifest.files if row.table_name == "activity") > 0


def test_orders_with_lines_of_several_products_are_alike(tmp_path: Path) -> None:
    here, there = (typed_company(tmp_path / name, engine) for name, engine in (("here", ""), ("there", ENGINE)))
    for workspace in (here, there):
        manifest = refresh(workspace, with_marts(workspace, "answers_by_group", "loyalty_by_band"))
    assert differences(here.root, there.root) == []
    assert manifest.tables["order_products"] > 20
    assert not [problem for problem in manifest.problems if "DuckDB" in problem.what]


def test_what_needs_more_than_a_row_and_is_not_known_on_spark_is_staged_here_and_said(tmp_path: Path) -> None:
    here, there = (typed_company(tmp_path / name, engine) for name, engine in (("here", ""), ("there", ENGINE)))
    for workspace in (here, there):
        query(
            workspace.root, "staging/orders.sql",
            "select * replace (case when amount > median(amount) over () then 'large' else 'small' end as product) "
            "from source.orders",
        )  # fmt: skip
    built(here)
    manifest, _ = built(there)
    assert differences(here.root, there.root) == []
    assert [str(problem) for problem in manifest.problems if "DuckDB" in problem.what] == [
        "The table orders: is staged by DuckDB on this machine: MEDIAN(amount) is not known to give the same on "
        "Spark. Its rows are right."
    ]


def test_one_more_day_adds_its_rows_to_the_files_that_spark_wrote(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    settings = '[sources.activity]\nfiles = "exports/activity-*.parquet"\n'
    days = ("< '2026-02-01'", ">= '2026-02-01'")
    for root, engine in ((here, ""), (there, ENGINE)):
        (root / "exports").mkdir(parents=True)
        (root / "kviboard.toml").write_text(settings + engine)
        write_events(root, 1, days[0])
    before, first = built(load_workspace(there), DAYS_AND_WHAT_THEY_MAKE)
    assert "Spark builds customer_days" in first
    for root in (here, there):
        write_events(root, 2, days[1])
    built(load_workspace(here), DAYS_AND_WHAT_THEY_MAKE)
    after, said = built(load_workspace(there), DAYS_AND_WHAT_THEY_MAKE)
    assert differences(here, there) == []
    kept, files = before.made["customer_days"].files, after.made["customer_days"].files
    assert kept.items() <= files.items()
    assert len(files) == len(kept) + 1
    assert said & {"Spark builds customer_days", "Spark builds customer_activity"} == {"Spark builds customer_activity"}


def test_a_worker_that_is_killed_while_it_stages_is_replaced(tmp_path: Path) -> None:
    here, there = (typed_company(tmp_path / name, engine) for name, engine in (("here", ""), ("there", ENGINE)))
    built(here)
    follow = Killer(lambda doing: doing.startswith("Spark builds orders"))
    refresh(there, staging_only(there), follow)
    assert follow.killed
    assert differences(here.root, there.root) == []


def test_workers_that_are_lost_for_good_leave_the_version_before(tmp_path: Path, started: "SparkSession") -> None:
    """Tasks are short, and one that ends before its worker is killed is none of those: so it is tried a few times."""
    tracker = started.sparkContext.statusTracker()

    def runs_a_task() -> bool:
        """Only what runs a task is lost with it: workers that end before are begun anew for ever."""
        stages = map(tracker.getStageInfo, tracker.getActiveStageIds())
        return any(stage and stage.numActiveTasks for stage in stages)

    def refused_in(folder: Path) -> str:
        """Why a refresh was refused, after which the version before is in use; empty where it came through."""
        version = built(typed_company(folder, ""))[0].version
        (folder / "kviboard.toml").write_text((folder / "kviboard.toml").read_text() + ENGINE)
        workspace = load_workspace(folder)
        try:
            with killing_while(runs_a_task) as killed:
                refresh(workspace, staging_only(workspace))
        except RefreshError as error:
            assert killed
            assert current_version(workspace) == version
            return str(error)
        return ""

    said = next(filter(None, (refused_in(tmp_path / str(attempt)) for attempt in range(5))))
    what, _, why = said.removeprefix("The refresh was not published: ").partition(" could not be built. ")
    assert what in ("the tables of staging", *CONTRACT), "which it is, is chance"
    assert why == (
        "Workers of Spark were killed more often than it tries again, most likely because memory ran out; give it more "
        'under [engine.settings], such as "spark.executor.memory" = "8g", or see what else killed them.'
    )
