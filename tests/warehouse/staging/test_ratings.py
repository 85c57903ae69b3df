"""Columns that rate single aspects of an answer: read, emptied where they are no number, and said where they lack."""

import pytest

from kviboard.errors import WorkspaceError
from tests.warehouse.company import company
from tests.warehouse.staged import published, refreshed

ANSWERS = (
    "response_id,customer_id,responded_at,score,price,support\n"
    'a1,c1,2026-01-01,9,4,5\na2,c2,2026-01-02,3,"2,5",n/a\na3,c3,2026-01-03,7,cheap,3\n'
)


def test_each_rating_is_a_row_and_a_cell_that_is_no_number_costs_nothing_else(tmp_path):
    workspace = company(tmp_path, '[surveys]\naspects = ["price", "support"]', responses_csv=ANSWERS)
    manifest = refreshed(workspace)
    assert published(workspace, "select response_id, aspect, rating from ratings order by all") == [
        ("a1", "price", 4.0),
        ("a1", "support", 5.0),
        ("a2", "price", 2.5),
        ("a3", "support", 3.0),
    ]
    assert sum(row.rows_kept for row in manifest.files) == 3


def test_an_aspect_that_is_not_exported_is_said(tmp_path):
    workspace = company(tmp_path, '[surveys]\naspects = ["price", "care"]', responses_csv=ANSWERS)
    (said,) = [str(each) for each in refreshed(workspace).problems if "aspects" in each.where]
    assert "the responses export has no column care" in said
    assert published(workspace, "select distinct aspect from ratings") == [("price",)]


@pytest.mark.parametrize("aspects", ['["score"]', '["Price"]', '["price", "price"]'])
def test_an_aspect_needs_a_lower_case_name_of_its_own(tmp_path, aspects):
    with pytest.raises(WorkspaceError, match=r"\[surveys\] aspects"):
        company(tmp_path, f"[surveys]\naspects = {aspects}", responses_csv=ANSWERS)
