"""What DuckDB does before it runs a query depends on how many rows there are."""

from contextlib import closing
from pathlib import Path

import pytest

from kviboard.warehouse.engine import open_for_building, row_of
from kviboard.workspace import Workspace


@pytest.mark.parametrize(("rows", "plans_less"), [(0, True), (50_000, True), (50_001, False)])
def test_queries_over_few_rows_are_planned_less_but_their_joins_are(
    tmp_path: Path, rows: int, plans_less: bool
) -> None:
    with closing(open_for_building(Workspace(root=tmp_path, state=tmp_path), tmp_path, rows)) as connection:
        (left_out,) = row_of(connection, "select current_setting('disabled_optimizers')")
        left_out = set(left_out.split(",")) if left_out else set()
        known = {name for (name,) in connection.execute("select name from duckdb_optimizers()").fetchall()}
    assert ("expression_rewriter" in left_out) == plans_less == bool(left_out)
    assert not left_out & {"join_order", "filter_pushdown", "unused_columns"}
    assert left_out < known
