"""What tests read of a refresh that leaves out its files is what a whole one publishes."""

from pathlib import Path

import pytest

from kviboard.errors import RefreshError
from kviboard.warehouse.versions import version_folder
from tests.warehouse import company, staged
from tests.warehouse.company import ORDERS

FILES = {
    "customers_csv": "customer_id,name,segment\nc1,Ann,Big\nc2,Bo,\n",
    "orders_csv": ORDERS + "1,c1,2026-01-05,€ 10.50\n2,c3,2026-01-06,-3\n2,c3,soon,4\n",
    "responses_csv": "response_id,customer_id,responded_at,score,taste\nr1,c1,2026-01-05,9,4\nr2,,2026-01-06,2,\n",
    "activity_csv": "customer_id,occurred_at,minutes\nc1,2026-01-05T23:30:00Z,5\nc4,2026-01-06 10:00:00,1.5\n",
    "tickets_csv": "ticket_id,customer_id,opened_at,kind\nt1,c1,2026-01-05,complaint\n",
    "sprints_csv": "name,starts_on,ends_on\nOne,2026-01-01,2026-01-14\n",
}
TOML = 'dimensions = ["segment"]\n[refresh]\nmax_reject_share = 0.5\n[surveys]\naspects = ["taste"]\n' + "".join(
    f'[sources.{name.partition("_")[0]}]\nfiles = "exports/{company.file_name(name)}"\n' for name in FILES
)


def test_tables_and_all_that_is_said_are_those_of_a_whole_refresh(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "few").mkdir()
    whole, few = (company.company(tmp_path / name, TOML, **FILES) for name in ("whole", "few"))
    expected, found = company.refreshed(whole), staged.refreshed(few)
    assert found.decisions == expected.decisions != ()
    assert found.problems == expected.problems
    assert found.files == expected.files
    assert (found.provided, found.reach) == (expected.provided, expected.reach)
    tables = {path.stem for path in version_folder(whole, expected.version).glob("*.parquet")} - {"check_results"}
    assert len(tables) > 10
    assert list(version_folder(few, found.version).glob("*.parquet")) == []
    for table in sorted(tables - {"theme_words"}):
        sql = f"select * from {table} order by all"
        assert staged.published(few, sql) == company.published(whole, sql), table


def test_the_tables_are_those_of_the_version_in_use(tmp_path: Path) -> None:
    workspace = company.company(tmp_path, orders_csv=ORDERS + "1,c1,2026-01-05,10\n")
    counted = "select count(*) from orders"
    staged.refreshed(workspace)
    staged.refreshed(workspace)  # nothing new
    assert staged.published(workspace, counted) == [(1,)]
    company.write(tmp_path, "orders_csv", ORDERS + "1,c1,soon,10\n")
    with pytest.raises(RefreshError):
        staged.refreshed(workspace)
    assert staged.published(workspace, counted) == [(1,)]
    company.write(tmp_path, "orders_csv", ORDERS + "1,c1,2026-01-05,10\n2,c1,2026-01-05,10\n")
    staged.refreshed(workspace)
    assert staged.published(workspace, counted) == [(2,)]
    company.write(tmp_path, "orders_csv", ORDERS + "".join(f"{n},c1,2026-01-05,10\n" for n in range(3)))
    company.refreshed(workspace)
    assert staged.published(workspace, counted) == [(3,)]
