"""Runs SQL of DuckDB's in the tasks of a Spark cluster, over rows that come in batches: the very same code as here.

Nothing of the board is needed there, only duckdb and pyarrow beside Spark's own Python.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from kviboard.warehouse.spark.translation import spark_name, spark_type

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

_ROWS = "rows_of_a_task"
_BEYOND_A_ROW = (
    exp.AggFunc, exp.Window, exp.Join, exp.SetOperation, exp.CTE, exp.Group, exp.Distinct, exp.Limit, exp.Offset,
    exp.Order, exp.UDTF, exp.Placeholder, exp.Exists,
)  # fmt: skip


def is_row_by_row(query: exp.Query) -> bool:
    """Whether a query of one table makes of each of its rows a row or none, without looking at another one."""
    return isinstance(query, exp.Select) and not query.find(*_BEYOND_A_ROW)


def run_in_tasks(
    frame: "DataFrame", query: exp.Query, table: exp.Table, kinds: Iterable[tuple[str, str]], zone: str
) -> "DataFrame":
    """The rows that `query` makes of those of `frame`, which stand for its only table `table`.
    Raises Untranslatable for a type that Spark has not."""
    from pyspark import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    table.replace(exp.alias_(exp.to_table(_ROWS), table.alias_or_name, table=True))
    schema = ", ".join(f"{spark_name(name)} {spark_type(kind)}" for name, kind in kinds)
    return frame.mapInArrow(_rows_by_duckdb(query.sql("duckdb"), zone), schema)


def _rows_by_duckdb(sql: str, zone: str) -> Callable[[Iterable["pa.RecordBatch"]], Iterator["pa.RecordBatch"]]:
    name = _ROWS

    def run(batches: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        import duckdb
        import pyarrow

        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(f"set TimeZone = '{zone}'")
            for batch in batches:
                connection.register(name, pyarrow.Table.from_batches([batch]))
                found: Any = connection.sql(sql)
                yield from found.to_arrow_table().to_batches()

    return run
