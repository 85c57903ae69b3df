"""Every file in queries/: says what one row is, is one SELECT that runs on empty tables."""

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from kviboard.catalog import load_catalog
from kviboard.warehouse.staging.ledger import FILE_LEDGER
from kviboard.workspace import SAMPLE_WORKSPACE, load_workspace
from tests.queries.staged import QUERIES, build, marts, reads, rows, stage

LEDGER = f"create table file_ledger ({', '.join(f'{name} {kind}' for name, kind in FILE_LEDGER.items())})"
COLUMNS = {
    "customer_days": "customer_id day events minutes days_since_active",
    "score_periods": "customer_id score band valid_from valid_to",
    "scored_orders": "order_id customer_id slice_id day amount product is_purchase score band days_to_next_order",
    "daily": "day slice_id active_customers active_7d active_28d active_minutes new_customers earned_customers orders "
    "orders_of_customers ordering_customers revenue revenue_of_customers eight_plus_revenue promoter_revenue "
    "passive_revenue detractor_revenue scored_revenue unscored_revenue orders_followed_90d responses nps_responses "
    "promoters passives detractors very_satisfied score_sum score_sum_squares customers_8plus customers_scored "
    "tickets complaints",
    "customer_profile": "customer_id name acquisition slice_id started_on first_order_on last_order_on orders revenue "
    "revenue_12m customer_number last_score last_answer_on band last_active_on active_days_28 open_tickets lifecycle "
    "value_tier",
    "customer_ranking": "risk_rank customer_id slice_id joined_in lifecycle value_tier band is_quiet use_halved "
    "score_fell complaint_open",
    "ordering_customers": "period_from day slice_id customers",
    "answers_in_turn": "customer_id customer_number slice_id day score band next_day",
    "customers_at_risk": "customer_id slice_id revenue_12m score_before active_days_before is_quiet use_halved "
    "score_fell complaint_open",
    "cohorts": "cohort_month month_number slice_id customers active ordering revenue",
    "revenue_bridge": "grain period slice_id opening new expansion contraction lost reactivated refunds closing",
    "retention_12m": "day slice_id revenue_12m customers_12m prior_revenue prior_customers retained_revenue "
    "retained_customers earned_revenue",
    "comments": "response_id customer_id slice_id day responded_at score band touchpoint comment words",
    "answers_by_group": "day slice_id group_kind group_name responses promoters passives detractors",
    "themes_by_day": "theme day slice_id about comments",
    "loyalty_by_band": "slice_id band answers_90d bought_again_90d answers_180d bought_new_180d complaints_90d "
    "forgave_90d pairs_90d pair_sum_90d pair_products_90d again_90d pairs_180d pair_sum_180d pair_products_180d "
    "again_180d pairs_complaints pair_sum_complaints pair_products_complaints again_complaints",
    "repeated_answers": "customer_number slice_id day touchpoint score points counts_towards_scores days_apart",
}


def files(*kinds: str) -> list[Path]:
    return sorted(path for kind in kinds for path in (QUERIES / kind).glob("*.sql"))


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", files("staging", "marts"), ids=named)
def test_the_first_line_says_what_one_row_is(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("-- one row per ")


@pytest.mark.parametrize("path", files("checks"), ids=named)
def test_a_check_has_a_title_and_a_severity(path: Path) -> None:
    title, severity, *_ = path.read_text(encoding="utf-8").splitlines()
    assert len(title.removeprefix("-- ")) > 20
    assert severity in ("-- severity: error", "-- severity: warning")


@pytest.mark.parametrize("path", files("staging", "marts", "checks", "kvis"), ids=named)
def test_a_file_is_one_select(path: Path) -> None:
    (statement,) = sqlglot.parse(path.read_text(encoding="utf-8"), read="duckdb")
    assert isinstance(statement, exp.Query)


@pytest.mark.parametrize("path", files("staging", "marts"), ids=named)
def test_staging_and_marts_translate_to_spark(path: Path) -> None:
    (spark,) = sqlglot.transpile(path.read_text(encoding="utf-8"), read="duckdb", write="spark")
    tree = sqlglot.parse_one(spark, read="spark")
    assert [node.name for node in tree.find_all(exp.Anonymous)] == []


@pytest.mark.parametrize("path", files("staging", "marts"), ids=named)
def test_no_date_is_taken_from_a_date_because_spark_would_make_an_interval_of_it(path: Path) -> None:
    tree = sqlglot.parse_one(path.read_text(encoding="utf-8"), read="duckdb")
    taken = [minus.right for minus in tree.find_all(exp.Sub) if isinstance(minus.right, exp.Column)]
    assert [column.sql() for column in taken if column.name.endswith(("day", "_on", "_at", "_from", "_to"))] == []


def test_marts_build_on_empty_tables_with_the_columns_that_are_promised() -> None:
    connection = build(stage())
    for name in marts():
        assert rows(connection, f"select * from {name}") == []
    for name, columns in COLUMNS.items():
        assert [row[0] for row in rows(connection, f"describe {name}")] == columns.split(), name


def test_marts_have_no_types_that_parquet_or_charts_would_bend() -> None:
    connection = build(stage())
    kinds = {row[1] for name in marts() for row in rows(connection, f"describe {name}")}
    sums = "DECIMAL(38,2)"  # written as DECIMAL(18,2), see test_money
    assert kinds <= {"VARCHAR", "DATE", "TIMESTAMP", "BOOLEAN", "INTEGER", "BIGINT", "DOUBLE", "DECIMAL(18,2)", sums}


def test_checks_and_kvis_run_on_empty_tables() -> None:
    connection = build(stage())
    connection.execute(LEDGER)
    for path in files("checks", "kvis"):
        assert rows(connection, path.read_text(encoding="utf-8")) == [], path.stem


def test_every_kvi_file_is_understood_and_reads_published_tables_only() -> None:
    catalog = load_catalog(load_workspace(None))
    assert catalog.problems == ()
    own = {path.stem for path in (SAMPLE_WORKSPACE / "queries" / "kvis").glob("*.sql")}
    built_in = {path.stem for path in files("kvis")}
    assert catalog.kvis.keys() == built_in | own
    for kvi in map(catalog.kvis.__getitem__, built_in):
        assert reads(kvi.sql) <= {"daily", "retention_12m", "ordering_customers"}, kvi.name
        assert kvi.owner, kvi.name
        assert kvi.decision, kvi.name
        assert kvi.description, kvi.name


def test_the_catalogue_orders_marts_so_that_each_reads_only_earlier_ones() -> None:
    seen: set[str] = set()
    for name, file in load_catalog(load_workspace(None)).marts.items():
        assert reads(file.sql) & marts().keys() <= seen, name
        seen.add(name)
    assert seen == marts().keys()
