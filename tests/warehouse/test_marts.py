"""Marts have the same rows however their queries are planned, made in memory or written to files first; and what checks
are run."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from kviboard.catalog import load_catalog
from kviboard.warehouse import engine, marts
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import Workspace
from tests.warehouse.company import ORDERS, company, published, query

CONFIG = 'dimensions = ["country"]\n' + "".join(
    f'[sources.{name}]\nfiles = "exports/{name}.csv"\n' for name in ("orders", "customers", "responses")
)


def all_rows(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Refresh from nothing: the rows of each table that was published."""
    shutil.rmtree(workspace.state, ignore_errors=True)
    manifest = refresh(workspace, load_catalog(workspace))
    return {table: published(workspace, f"select * from {table} order by all") for table in manifest.tables}


def test_marts_of_few_rows_are_those_of_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    query(tmp_path, "marts/sums.sql", "select sum(1) as all_orders, sum(amount) as revenue from orders")
    query(tmp_path, "marts/sums_again.sql", "select *, typeof(all_orders) as kind, all_orders / 7 as part from sums")
    orders = "".join(f"{n},c{n % 7},2025-{n % 12 + 1:02}-{n % 28 + 1:02},{n % 9 - 1}.25\n" for n in range(60))
    answers = "".join(f"{n},c{n % 5},2025-{n % 12 + 1:02}-05,{n % 11},Fine\n" for n in range(30))
    people = "".join(f"c{n},{'NL' if n % 2 else 'DE'},2024-12-0{n + 1}\n" for n in range(6))
    workspace = company(
        tmp_path,
        CONFIG,
        orders_csv=ORDERS + orders,
        customers_csv="customer_id,country,signed_up_on\n" + people,
        responses_csv="response_id,customer_id,responded_at,score,comment\n" + answers,
    )
    few = all_rows(workspace)
    monkeypatch.setattr(marts, "_KEPT", 0)
    monkeypatch.setattr(engine, "_FEW_ROWS", -1)
    many = all_rows(workspace)
    assert all(few[name] for name in ("daily", "customer_profile", "revenue_bridge"))
    assert few == many


def test_a_company_s_own_check_may_end_with_a_comment(tmp_path: Path) -> None:
    own = "-- No order is free\n-- severity: warning\nselect order_id from orders\n-- all of them"
    query(tmp_path, "checks/own.sql", own)
    workspace = company(tmp_path, orders_csv=ORDERS + "1,a,2026-01-01,5\n")
    manifest = refresh(workspace, load_catalog(workspace))
    assert {check.check_name: check.rows_broken for check in manifest.checks}["own"] == 1
    assert manifest.problems == ()
