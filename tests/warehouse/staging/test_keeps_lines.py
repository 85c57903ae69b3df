"""Which staging queries plainly keep the file and the line of each row, so that an id can be made of them."""

import pytest

from kviboard.catalog import QueryFile
from kviboard.warehouse.staging.queries.origins import keeps_lines


@pytest.mark.parametrize(
    ("sql", "keeps"),
    [
        ("select * from source.responses", True),
        ("select *, 1 as score from source.responses", True),
        ("select customer_id, _file, _line from source.responses", True),
        ("select customer_id, _file from source.responses", False),
        ("select * exclude (_line) from source.responses", False),
        ("select customer_id, null as _file, _line from source.responses", False),
        ("select * from source.responses union all select * from source.old", False),
    ],
)
def test_lines_are_kept_by_queries_that_plainly_hand_them_on(sql: str, keeps: bool) -> None:
    assert keeps_lines(QueryFile("responses", "queries/staging/responses.sql", sql, built_in=False)) is keeps
