"""Each kind of expression that is translated gives the same on both engines, over values on the edge."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kviboard.warehouse.spark.session import keep_rules
from kviboard.warehouse.spark.translation import to_spark

VALUES = """
    select * from (values
        (1, 0.5::double, 2.5::decimal(18, 2), date '2024-02-29', timestamp '2024-02-29 23:59:59.999999', ' Ä\u00a0',
            true, timestamptz '2024-03-31 01:30:00+00'),
        (2, 1.5, 3.5, date '2023-12-31', timestamp '2023-12-31 00:00:00', 'ΟΔΟΣ', false,
            timestamptz '1970-01-01 00:00:00+00'),
        (3, 2.5, -2.5, date '2024-01-31', timestamp '1969-12-31 23:59:59', 'İyi \u2003', null, null),
        (4, -0.5, -0.01, date '1582-10-14', timestamp '2024-12-29 12:00:00', '', true,
            timestamptz '2024-10-27 00:30:00+00'),
        (5, 'nan', 0, date '2024-03-31', timestamp '2024-03-31 02:30:00', '\\n a''b $1', false,
            timestamptz '2024-10-27 01:30:00+00'),
        (6, null, null, null, null, null, null, null),
        (7, -7.5, 99999999999999.99, date '2199-12-31', timestamp '1900-01-01 00:00:00', 'straße', true,
            timestamptz '1900-01-01 00:00:00+00')
    ) as t(k, x, m, d, t, s, b, z)
"""
EXPRESSIONS = (
    "cast(case when x = x and x < 100 then x end as integer)", "cast(m as bigint)", "cast(m as double)",
    "cast(m * 2 as decimal(18, 1))", "cast(t as date)", "cast(d as timestamp)", "cast(k as boolean)",
    "date_trunc('month', d)", "date_trunc('week', d)", "date_trunc('quarter', t)", "date_trunc('day', t)",
    "date_diff('day', d, date '2024-03-01')", "date_diff('day', t, timestamp '2024-03-01 00:00:00')",
    "date_diff('month', d, date '2024-03-01')", "date_diff('month', t, d)",
    "cast(d + interval 1 month as date)", "cast(d - interval 12 month as date)", "cast(d + interval 2 week as date)",
    "d - 28", "d + k", "extract(day from d)", "year(t)", "quarter(d)", "month(t)",
    "trim(s)", "lower(s)", "' ' || s || '\\'", "replace(lower(s), '’', '''')", "contains(s, 'a''b')",
    "nullif(trim(s), '')",
    "regexp_replace(lower(s), '[^\\p{L}\\p{M}\\p{N}''.]+', ' ', 'g')", "regexp_replace(s, '[.!?\\n\\r]+', ' . ', 'g')",
    "k % 3", "-k % 3", "m * 3", "m + 0.005", "-m", "abs(m)", "k * 0.1", "greatest(k, 3)",
    "greatest(d, date '2024-01-01', null)",
    "least(m, 0)", "coalesce(m, 0)", "case when b then 'yes' when not b then 'no' end",
    "case s when '' then 0 else 1 end",
    "b and null", "b or null", "x is not distinct from null", "s between 'a' and 'z'", "k in (1, 2, null)",
    "k not in (1, 2)",
    "s < 'a'", "x > 1", "not b", "d >= '2024-01-01'",
    "row_number() over (order by x desc, k)", "row_number() over (order by m, k)", "lag(k) over (order by d)",
    "lead(m, 2) over (order by k)", "rank() over (order by b)", "sum(m) over (order by k)",
    "count(*) over (partition by b)", "sum(k) over (order by k rows between unbounded preceding and 2 preceding)",
    "first_value(d) over (partition by b order by d range between interval 1 day following and unbounded following)",
    "regexp_matches(s, '^ ?[A-Za-z]*$')", "regexp_matches(s, '[e1]$|^$')", "trim(s, chr(32) || chr(160) || chr(10))",
    "length(s)", "strlen(s)", "substr(s, 2)", "starts_with(s, ' ')", "ends_with(s, '1')", "floor(x)", "floor(k)",
    "cast(k as varchar)", "cast(m as varchar)", "cast(d as varchar)", "cast(t as varchar)", "cast(b as varchar)",
    "cast(null as varchar)", "try_cast(m as double)", "nullif(x, 'nan')", "k / greatest(k, 1)",
    "list_position(['straße', ''], s)", "(b, s) in (select (true, 'straße'))",
    "hash(s) in (select hash(s) from edge where b)",
    "timezone('Europe/Berlin', z)", "timezone('America/New_York', z)",
    "max(d) over (partition by b)", "sum(k) over (order by k rows between 1 preceding and 1 following)",
)  # fmt: skip
WHOLE = (
    "select b, count(*) as n, count(s) as s, count(distinct s) as ds, sum(m) as m, min(s) as least, max(t) as t, "
    "bool_or(k > 5) as any_b, bool_and(k > 0) as all_b, sum(m) filter (where k > 2) as later, any_value(k > 0) as a "
    "from edge group by b having count(*) > 0 order by b",
    "select unnest(generate_series(d, date '2024-03-02', interval 1 day)) as day, k from edge where k in (1, 5)",
    "select unnest(generate_series(cast(date_trunc('month', d) as date), date '2024-03-31', interval 1 month)) as day, "
    "k from edge where k < 4",
    "select b, count(*) as n, max(k) as k from edge group by all order by all",
    "select * exclude (z, x) from edge",
    "select b, arg_min(s, (d, k)) as first, count(distinct hash(b, s)) as pairs from edge group by b",
    "select 1 as found from edge where k > 3 limit 1",
    "select distinct b from edge union all select b from edge",
    "select a.k, c.k as other from edge as a left join edge as c on a.d = c.d and c.b "
    "cross join (select 1 as one) as o",
    "with edge as (select * from edge where b) select * from edge",
    "select k from edge where exists (select 1 from edge as o where o.k = edge.k + 1) order by k desc",
)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory, started: Any) -> Iterator[tuple[duckdb.DuckDBPyConnection, Any]]:
    path: Path = tmp_path_factory.mktemp("edge") / "edge.parquet"
    with duckdb.connect() as connection:
        session = keep_rules(started.newSession())
        connection.execute(f"create table edge as {VALUES}")
        connection.execute(f"copy edge to '{path}' (format parquet)")
        session.read.parquet(path.as_uri()).createOrReplaceTempView("edge")
        yield connection, session


def rows(engines: tuple[duckdb.DuckDBPyConnection, Any], sql: str, folder: Path) -> tuple[list[Any], list[Any]]:
    """The rows by both, each read by DuckDB, in the types of DuckDB's answer."""
    connection, session = engines
    kinds = {name: kind for name, kind, *_ in connection.execute(f"describe {sql}").fetchall()}
    session.sql(to_spark(sql)).write.parquet((folder / "out").as_uri())
    cast = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in kinds.items())
    theirs = f"select {cast} from read_parquet('{folder}/out/*.parquet')"
    mine, other = (connection.execute(f"from ({query}) order by all").fetchall() for query in (sql, theirs))
    return [tuple(map(repr, row)) for row in mine], [tuple(map(repr, row)) for row in other]


def test_expressions_of_one_row(engines: tuple[duckdb.DuckDBPyConnection, Any], tmp_path: Path) -> None:
    columns = ", ".join(f"{expression} as e{number}" for number, expression in enumerate(EXPRESSIONS))
    mine, theirs = rows(engines, f"select k, {columns} from edge", tmp_path)
    assert len(mine) == len(theirs) == 7
    wrong = {
        f"{expression} of row {row[0]}": (row[number], other[number])
        for row, other in zip(mine, theirs, strict=True)
        for number, expression in enumerate(("k", *EXPRESSIONS))
        if row[number] != other[number]
    }
    assert wrong == {}


@pytest.mark.parametrize("sql", WHOLE)
def test_queries(engines: tuple[duckdb.DuckDBPyConnection, Any], sql: str, tmp_path: Path) -> None:
    mine, theirs = rows(engines, sql, tmp_path)
    assert mine == theirs
    assert mine


def test_every_letter_of_unicode_is_made_small_alike(
    engines: tuple[duckdb.DuckDBPyConnection, Any], tmp_path: Path
) -> None:
    connection, session = engines
    path = tmp_path / "letters.parquet"
    codes = "range(1, 1114112) as codes(code) where code not between 55296 and 57343"
    connection.execute(f"copy (select code, 'A' || chr(code::int) as s from {codes}) to '{path}' (format parquet)")
    connection.execute(f"create table letters as from read_parquet('{path}')")
    session.read.parquet(path.as_uri()).createOrReplaceTempView("letters")
    small = "select code, lower(s) as s from letters"
    session.sql(to_spark(small)).write.parquet((tmp_path / "out").as_uri())
    differ = connection.execute(
        f"select count(*), min(code) from ({small}) as mine join read_parquet('{tmp_path}/out/*.parquet') as theirs "
        "using (code) where mine.s <> theirs.s"
    ).fetchone()
    assert differ
    assert differ[0] < 100, differ  # letters that only the newer of two versions of Unicode has
    assert differ[1] is None or differ[1] > 0x0530, differ
