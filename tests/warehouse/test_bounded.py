"""Functions that are bounded give what DuckDB's own give, and refuse what would take all memory, before it does."""

from collections.abc import Iterator
from contextlib import closing

import duckdb
import pytest

from kviboard.warehouse.bounded import bound

JANUARY = "date '2026-01-01', date '2026-01-05', interval 1 day"


@pytest.fixture(scope="module")
def bounded() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect(config={"memory_limit": "100MB"})) as connection:
        bound(connection)
        yield connection


@pytest.mark.parametrize(
    "sql",
    [
        "repeat('x', 3), repeat('ab'::blob, 2), repeat([1, 2], 3), repeat(null, 3), repeat('x', null), repeat('x', -1)",
        "lpad('7', 3, '0'), rpad('7', 3, '0'), lpad(null, 3, '0'), bitstring('0101', 10)",
        "list_resize([1], 3), list_resize([1], 3, 0), array_resize([1], 2)",
        "range(5), range(2, 5), range(2, 10, 3), range(10, 2, -3), generate_series(0, 10), range(5::utinyint)",
        f"range({JANUARY}), generate_series({JANUARY}), generate_series(date '2026-01-05', date '2026-01-01', "
        "interval (-1) day), range(timestamptz '2026-01-01', timestamptz '2026-01-05', interval 1 day)",
        "len(generate_series(date '1900-01-01', date '2200-12-31', interval 1 day))",
        "range(null), range(1, null), range(1, 2, null), range(null::date, date '2026-01-01', interval 1 day)",
        "range(10, -100000), generate_series(date '2026-01-05', date '0001-01-01', interval 1 day)",
        "format('{:d} {} {:>10}', 3, 'x', 'y'), format('a'), format('of 2026: {:.2f} %', 1.5), format('{:,}', 12345)",
        "printf('%5.2f', 2.5), printf('100 %% 2026: %d', 3)",
        "count(*) from range(20001)",
        "sum(number) from generate_series(1, 30000) as each(number)",
        "repeat('-', number::int) from range(3) as each(number)",
        "sum(range) over (order by range range between 1 preceding and current row) from range(3)",
    ],
)
def test_a_bounded_function_gives_what_duckdbs_own_gives(bounded: duckdb.DuckDBPyConnection, sql: str) -> None:
    with closing(duckdb.connect()) as plain:
        assert bounded.execute(f"select {sql}").fetchall() == plain.execute(f"select {sql}").fetchall()


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("length(repeat('x', 4000000000))", "repeat"),
        ("length(repeat(repeat('x', 900), 900))", "repeat"),
        ("length(repeat('x', number::int)) from range(99999990, 100000000) as each(number)", "repeat"),
        ("length(lpad('x', 2000000000, 'y'))", "lpad"),
        ("length(rpad('x', 2000000000, 'y'))", "rpad"),
        ("length(bitstring('1', 2000000000))", "bitstring"),
        ("len(list_resize([1], 1000000000, 2))", "list_resize"),
        ("len(array_resize([1], 1000000000))", "array_resize"),
        ("len(range(1000000000))", "range"),
        ("len(range(0, 1000000000))", "range"),
        ("len(generate_series(1000000000, 0, -1))", "generate_series"),
        ("len(generate_series(timestamp '0001-01-01', timestamp '9999-01-01', interval 1 second))", "generate_series"),
        ("length(format('{:>2000000000}', 'x'))", "format"),
        ("length(format('{:>{}}', 'x', 2000000000))", "format"),
        ("length(printf('%2000000000d', 1))", "printf"),
        ("length(printf('%.2000000000f', 1.5))", "printf"),
        ("length(printf('%*d', 2000000000, 1))", "printf"),
    ],
)
def test_what_would_take_all_memory_is_refused_by_name(
    bounded: duckdb.DuckDBPyConnection, sql: str, named: str
) -> None:
    with pytest.raises(duckdb.InvalidInputException, match=f"{named} makes (a text of )?more than "):
        bounded.execute(f"select {sql}").fetchall()
