"""Which steps of staging are asked of a cluster, as far as it can be told without one; the rest is in tests/spark."""

from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from kviboard.warehouse.spark import cluster as clusters
from kviboard.warehouse.spark.cluster import Cluster
from kviboard.warehouse.spark.marts import SparkMarts
from kviboard.warehouse.spark.staging import SparkStaging
from kviboard.warehouse.spark.statements import is_first_look, statement_of
from kviboard.workspace.settings import Engine

NO_SESSION = SimpleNamespace(many={"main__orders", "orders"})  # whoever asks for its session has an AttributeError


@pytest.fixture
def staging():
    with duckdb.connect() as connection:
        connection.execute("create table orders as select 1 as n, null::varchar as product")
        yield SparkStaging(connection, NO_SESSION)


@pytest.mark.parametrize(("column", "found"), [("n", [(1,)]), ("product", [])])
def test_whether_a_column_has_any_value_is_no_job_of_the_cluster(staging, column, found):
    asked = f'select 1 from main.orders where "{column}" is not null limit 1'
    assert staging.execute(asked).fetchall() == found


@pytest.mark.parametrize(
    "asked",
    [
        "select 1 from orders where n > 0 limit 1",  # there may be none: all rows are looked at
        "select 1 from orders where n is not null",
        "select 1 from orders where n is null limit 1",
        "select count(*) from orders where n is not null group by product limit 1",
        "select 1 from orders join orders as others using (n) where product is not null limit 1",
        "select 1 from (select * from orders) where n is not null limit 1",
    ],
)
def test_what_may_take_all_rows_is_none_of_these_looks(asked):
    tree = statement_of(asked, None)
    assert tree
    assert not is_first_look(tree)


def test_few_rows_that_the_cluster_made_of_many_are_no_reason_to_ask_it(monkeypatch):
    monkeypatch.setattr(clusters, "check_cluster", lambda engine: None)
    cluster = Cluster(Engine(), Path(), print, known={"slices", "activity"}, few={"slices"})
    with duckdb.connect() as connection:
        connection.execute("create table slices as select 1 as slice_id; create table activity as select 1 as slice_id")
        assert SparkStaging(connection, cluster).execute("select count(*) from slices").fetchall() == [(1,)]
        marts = SparkMarts(cluster)
        assert not marts._is_worth_it(connection, ["slices"])
        assert marts._is_worth_it(connection, ["activity", "slices"])
