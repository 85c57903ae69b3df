"""Exports that are staged on a cluster give the rows, the rejected rows, the ledger and the words that DuckDB gives."""

from pathlib import Path

import duckdb
import pytest

from kviboard.catalog import load_catalog
from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.spark import staging
from kviboard.workspace import Workspace, load_workspace
from tests.spark.conftest import ENGINE
from tests.spark.same import differences
from tests.warehouse.company import query

SETTINGS = """
[sources.activity]
files = "exports/activity-*.parquet"

[sources.orders]
files = "exports/orders.parquet"
order_rows = "lines"

[sources.responses]
files = "exports/responses.csv"

[sources.tickets]
files = "exports/tickets.jsonl"

[company]
timezone = "Europe/Berlin"

[refresh]
max_reject_share = 0.5
"""
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
        'o' || i % 450 as order_id, case when i % 3 = 0 then 'Cé' || i % 40 else 'c' || i % 40 end as customer_id,
        timestamptz '2026-01-01 23:30:00+00' + to_hours(cast(i as integer)) as ordered_at,
        cast(i % 100 * 1.25 as decimal(18, 2)) as amount
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


def typed_company(root: Path, engine: str) -> Workspace:
    """Typed files, of which two overlap, and texts; with rows of every fate."""

    exports = root / "exports"
    exports.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"create table events as {EVENTS}")
        for number, condition in enumerate(("< '2026-01-20'", ">= '2026-01-18'"), start=1):
            rows = f"select * from events where occurred_at {condition}"
            connection.execute(f"copy ({rows}) to '{exports}/activity-{number}.parquet'")
        connection.execute(f"copy ({ORDERS}) to '{exports}/orders.parquet'")
    (exports / "responses.csv").write_text(RESPONSES)
    (exports / "tickets.jsonl").write_text(TICKETS)
    (root / "kviboard.toml").write_text(SETTINGS + engine)
    return load_workspace(root)


def built(workspace: Workspace) -> tuple[Manifest, set[str]]:
    said: set[str] = set()
    return refresh(workspace, load_catalog(workspace), lambda doing, share: said.add(doing.partition(":")[0])), said


@pytest.fixture(autouse=True)
def _few_rows_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "FEW_ROWS", 0)


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


def test_what_needs_more_than_a_row_and_is_not_known_on_spark_is_staged_here_and_said(tmp_path: Path) -> None:
    here, there = (typed_company(tmp_path / name, engine) for name, engine in (("here", ""), ("there", ENGINE)))
    for workspace in (here, there):
        query(
            workspace.root, "staging/orders.sql",
            "select *, case when amount > median(amount) over () then 'large' else 'small' end as product "
            "from source.orders",
        )  # fmt: skip
    built(here)
    manifest, _ = built(there)
    assert differences(here.root, there.root) == []
    assert [str(problem) for problem in manifest.problems if "DuckDB" in problem.what] == [
        "The table orders: is staged by DuckDB on this machine: MEDIAN(amount) OVER () is not known to give the same "
        "on Spark. Its rows are right."
    ]
