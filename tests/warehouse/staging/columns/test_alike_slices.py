"""Values of a dimension that are one but for how they are written are warned of: each would be a slice of its own."""

from pathlib import Path

import pytest

from kviboard.warehouse.manifest import ExportDecision
from tests.warehouse.company import company, query
from tests.warehouse.staged import published, refreshed

ORDERS = "order_id,customer_id,ordered_at,amount\n1,c1,2026-01-02,5\n"


def said(folder: Path, *segments: str) -> list[ExportDecision]:
    rows = "".join(f"c{n},{segment}\n" for n, segment in enumerate(segments, 1))
    toml = 'dimensions = ["segment"]\n'
    workspace = company(folder, toml, orders_csv=ORDERS, customers_csv=f"customer_id,segment\n{rows}")
    return [each for each in refreshed(workspace).decisions if each.where == "The customers export"]


def test_slices_that_are_one_but_for_their_writing_are_warned_of(tmp_path: Path) -> None:
    (found,) = said(tmp_path, "Small business", "small-business", "Small business", "Homes", "HOMES ", "Offices")
    assert found.what == (
        "4 values of segment are 2 values but for capitals, blanks or hyphens; each is a slice of its own."
    )
    assert found.example == '"Small business" of 2 customers and "small-business" of 1 customer'
    assert found.level == "warning"
    query(tmp_path, "staging/customers.sql", found.setting.partition("customers.sql: ")[2])
    (left,) = said(tmp_path, "Small business", "small-business", "Small business", "Homes", "HOMES ", "Offices")
    assert left.example == '"HOMES" of 1 customer and "Homes" of 1 customer'
    workspace = company(tmp_path, 'dimensions = ["segment"]\n' + _sources())
    refreshed(workspace)
    counts = published(workspace, "select segment, count(*) from customers group by segment order by segment")
    assert counts == [("HOMES", 1), ("Homes", 1), ("Offices", 1), ("Small business", 3)]


@pytest.mark.parametrize("segments", [("Homes", "Home", "Offices"), ("Homes", "Homes", ""), ("A1", "A 12")])
def test_others_are_not(tmp_path: Path, segments: tuple[str, ...]) -> None:
    assert said(tmp_path, *segments) == []


def _sources() -> str:
    return "".join(f'[sources.{name}]\nfiles = "exports/{name}.csv"\n' for name in ("orders", "customers"))
