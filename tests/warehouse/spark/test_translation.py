"""Queries in Spark's SQL: every mart of the board's own, what has to be written otherwise, and what is not translated.

That both give the same rows is tried on a cluster, in tests/spark.
"""

import pytest
import sqlglot

from kviboard.catalog.files import find_files
from kviboard.warehouse.spark.translation import Untranslatable, to_spark
from kviboard.workspace import APP_ROOT

MARTS = find_files((APP_ROOT / "queries",), "marts")


def translated(expression: str) -> str:
    return to_spark(f"select {expression} as x from t").removeprefix("SELECT ").removesuffix(" AS `x` FROM `t`")


@pytest.mark.parametrize("name", MARTS)
def test_every_mart_of_the_board_is_translated(name: str) -> None:
    said = to_spark(MARTS[name].sql)
    assert isinstance(sqlglot.parse_one(said, dialect="spark"), sqlglot.exp.Query)
    assert "--" not in said
    assert "/*" not in said


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("lower(a)", "LOWER(TRANSLATE(`a`, 'İΣ', 'iσ'))"),
        ("regexp_replace(a, '[.\\n]+', ' . ', 'g')", r"REGEXP_REPLACE(`a`, '[.\\n]+', ' . ')"),
        ("a || '\\'", r"`a` || '\\'"),
        ("cast(a as integer)", "CAST(IF(TYPEOF(`a`) IN ('double', 'float'), BROUND(`a`), ROUND(`a`)) AS INT)"),
        ("cast(a as timestamp)", "CAST(`a` AS TIMESTAMP_NTZ)"),
        ("date_trunc('month', day)", "CAST(DATE_TRUNC('MONTH', `day`) AS TIMESTAMP_NTZ)"),
        ("date_diff('day', a, b)", "CAST(DATEDIFF(CAST(`b` AS DATE), CAST(`a` AS DATE)) AS BIGINT)"),
        ("row_number() over (order by a)", "ROW_NUMBER() OVER (ORDER BY `a` NULLS LAST)"),
        ("any_value(a)", "ANY_VALUE(`a`) IGNORE NULLS"),
        ("count(*) filter (where a)", "COUNT(*) FILTER(WHERE `a`)"),
        ("regexp_matches(a, '^\\d+$')", r"REGEXP(`a`, '^\\d+\\z')"),  # a dollar is the very end
        ("chr(160)", "'\u00a0'"),
        ("trim(a, chr(32) || chr(9))", r"TRIM(BOTH ' \t' FROM `a`)"),
        ("hash(a, b)", "COALESCE(STRUCT(`a` AS `value_0`, `b` AS `value_1`))"),
        (
            "arg_min(a, (b, c))",
            "MIN_BY(`a`, IF(`a` IS NULL, NULL, COALESCE(STRUCT(`b` AS `value_0`, `c` AS `value_1`))))",
        ),
        ("5 * a / greatest(b, 1)", "5 * `a` / GREATEST(`b`, 1)"),
        ("strlen(a)", "OCTET_LENGTH(`a`)"),
        ("translate(a, 'ab', 'c')", "TRANSLATE(`a`, 'ab', 'c')"),
        ("list_position(['b'], a)", "NULLIF(CAST(ARRAY_POSITION(ARRAY('b'), `a`) AS INT), 0)"),
    ],
)
def test_what_differs_is_written_as_spark_means_it(expression: str, said: str) -> None:
    assert translated(expression) == said


def test_trim_takes_every_blank_that_duckdb_takes() -> None:
    import duckdb

    codes = "range(1, 65536) as codes(code)"  # beyond them Unicode has no blanks
    with duckdb.connect() as connection:
        sql = f"select chr(code::int) from {codes} where code not between 55296 and 57343 and trim(chr(code::int)) = ''"
        blanks = [row[0] for row in connection.execute(sql).fetchall()]
    assert len(blanks) == 17
    assert translated("trim(a)") == f"TRIM(BOTH '{''.join(blanks)}' FROM `a`)"


def test_what_stands_inside_is_translated_too() -> None:
    assert "TRANSLATE(" in translated("trim(lower(a))")
    assert (
        translated("cast(date_trunc('month', a) as date)")
        == "CAST(CAST(DATE_TRUNC('MONTH', `a`) AS TIMESTAMP_NTZ) AS DATE)"
    )


def test_no_days_lie_between_a_day_and_one_before_it() -> None:
    days = translated("unnest(generate_series(a, b, interval 1 day))")
    assert days.startswith("EXPLODE(IF(`a` <= `b`, SEQUENCE(")
    assert days.endswith(", NULL))")


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("select median(amount) from orders", "MEDIAN(amount)"),
        ("select a / b from t", "a / b"),  # nothing where b is 0, there an error
        ("select my_function(a) from t", "MY_FUNCTION(a)"),
        ("select * replace (1 as a) from t", "* REPLACE (1 AS a)"),
        ("select t.a from t asof join u on t.a >= u.a", "ASOF JOIN u ON t.a >= u.a"),
        ("select a from t semi join u using (a)", "SEMI JOIN u USING (a)"),
        ("select a, count(*) from t group by grouping sets ((a), ())", "GROUPING SETS ((a), ())"),
        ("select a / (select count(*) from u) from t", "a / (SELECT COUNT(*) FROM u)"),
        ("select a / greatest(b, 0) from t", "a / GREATEST(b, 0)"),
        ("select a from t limit 5", "LIMIT 5"),
        ("select a from t tablesample 3 rows", "TABLESAMPLE RESERVOIR (3 ROWS)"),
        ("select a from read_parquet('x')", "READ_PARQUET('x')"),
        ("select a from source.t", "source.t"),
        ("select a from t union by name select b from t", "SELECT a FROM t UNION BY NAME SELECT b FROM t"),
        ("select date_diff('week', a, b) from t", "DATE_DIFF('WEEK', a, b)"),
        ("select try_cast(a as decimal(18, 2)) from t", "TRY_CAST(a AS DECIMAL(18, 2))"),
        ("select regexp_matches(a, '(?i)x') from t", "REGEXP_MATCHES(a, '(?i)x')"),  # there: of a to z only
        ("select regexp_matches(a, 'a.b') from t", "REGEXP_MATCHES(a, 'a.b')"),  # there: another set of line ends
        ("select regexp_matches(a, '\\s') from t", "REGEXP_MATCHES(a, '\\s')"),
        ("select regexp_matches(a, '[a$]') from t", "REGEXP_MATCHES(a, '[a$]')"),
        ("select substr(a, -2) from t", "SUBSTRING(a, -2)"),
        ("select chr(a) from t", "CHR(a)"),
        ("select timezone(b, a) from t", "TIMEZONE(b, a)"),
        ("select regexp_replace(a, '[a]', 'b') from t", "REGEXP_REPLACE(a, '[a]', 'b')"),  # there: all of them
        ("select regexp_replace(a, 'a.b', 'c', 'g') from t", "REGEXP_REPLACE(a, 'a.b', 'c', 'g')"),
        ("select regexp_replace(a, '[a&&b]', 'c', 'g') from t", "REGEXP_REPLACE(a, '[a&&b]', 'c', 'g')"),
        ("select regexp_replace(a, '[a]', '$1', 'g') from t", "REGEXP_REPLACE(a, '[a]', '$1', 'g')"),
        ("select trim(a, b) from t", "TRIM(a, b)"),
        ("select unnest(generate_series(1, 5))", "GENERATE_SERIES(1, 5)"),  # there: backwards where 5 comes first
        (
            "select unnest(generate_series(a, b, interval 1 month)) from t",  # another day from the 31st on
            "GENERATE_SERIES(a, b, INTERVAL '1' MONTH)",
        ),
        ("select a + interval 3 hour from t", "INTERVAL '3' HOUR"),
        ("select extract(dow from a) from t", "EXTRACT(DAYOFWEEK FROM a)"),
        ("with recursive t as (select 1 as a) select a from t", "WITH RECURSIVE t AS (SELECT 1 AS a)"),
        ("select a from t qualify row_number() over (order by a) = 1", "QUALIFY ROW_NUMBER() OVER (ORDER BY a) = 1"),
    ],
)
def test_what_may_give_something_else_is_not_translated(sql: str, what: str) -> None:
    with pytest.raises(Untranslatable) as refusal:
        to_spark(sql)
    assert str(refusal.value) == what
