"""A refresh that uses the version before again gives the rows of one from nothing, and does so only where it may."""

import dataclasses
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kviboard.catalog import Catalog, QueryFile, load_catalog
from kviboard.errors import RefreshError
from kviboard.warehouse import refresh as refreshing
from kviboard.warehouse.adding import added_rows
from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.staging import append
from kviboard.warehouse.staging.columns import alike_ids
from kviboard.warehouse.staging.rows.profile import RowProfile
from kviboard.warehouse.tables import DuckDBWriter, Tables, Written, write_table
from kviboard.warehouse.versions import list_versions, roll_back, version_folder
from kviboard.workspace import Workspace, load_workspace
from tests.warehouse.company import memory

TOML = """
dimensions = ["segment"]
[surveys]
valid_days = {valid_days}
[sources.customers]
files = "exports/customers.csv"
[sources.activity]
files = "exports/activity*.parquet"
[sources.orders]
files = "exports/orders*.parquet"
[sources.responses]
files = "exports/responses.csv"
[calendar]
quarter_starts_in = "{quarter_starts_in}"
[sprints]
files = "exports/sprints.csv"
"""
FIRST = date(2026, 1, 1)
FEW_MARTS = (
    "customer_days", "customer_activity", "activity_by_day", "scored_responses", "answers_in_turn", "score_periods",
    "scored_orders", "customer_orders", "customer_starts", "cohort_activity",
)  # fmt: skip
FEW_CHECKS = ("customer_days_hold_all_activity", "customers_have_one_slice", "score_periods_do_not_overlap")
Visit = tuple[str | None, int, float]  # who, days since FIRST, minutes


class Shop:
    """A company whose exports change between refreshes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.catalog = folder, few_queries()
        self.activity: dict[str, list[Visit]] = {}
        self.people = {"anna": "Homes", "bea": "Offices"}
        self.answers: list[tuple[str, int]] = [("anna", 9)]
        self.valid_days, self.quarter_starts_in = 365, "january"
        self.sprints = ["S1,2026-01-05,2026-01-18"]
        (folder / "exports").mkdir()
        # so many that a single row in another year is told from them
        self.export("activity-1", [(who, day, 0.5) for day in range(0, 40, 2) for who in ("anna", "bea", "cleo") * 2])
        pd.DataFrame(
            [(f"o{n}", "anna", pd.Timestamp(FIRST) + timedelta(n), 10.0 + n) for n in range(5)],
            columns=["order_id", "customer_id", "ordered_at", "amount"],
        ).to_parquet(folder / "exports/orders.parquet")
        self.export_people()
        self.export_answers()
        self.export_sprints()

    def export(self, name: str, visits: list[Visit]) -> None:
        self.activity[name] = visits
        rows = [(who, pd.Timestamp(FIRST) + timedelta(day, hours=9), minutes) for who, day, minutes in visits]
        kinds = {"customer_id": "object", "occurred_at": "datetime64[ns]", "minutes": "float"}
        frame = pd.DataFrame(rows, columns=list(kinds)).astype(kinds)
        frame.to_parquet(self.folder / f"exports/{name}.parquet", index=False)

    def export_people(self, **signed_up: str) -> None:
        customers = "".join(f"{who},{segment},{signed_up.get(who, '')}\n" for who, segment in self.people.items())
        (self.folder / "exports/customers.csv").write_text("customer_id,segment,signed_up_on\n" + customers)

    def export_answers(self) -> None:
        rows = "".join(f"r{n},{who},2026-01-{n + 1:02},{score}\n" for n, (who, score) in enumerate(self.answers))
        (self.folder / "exports/responses.csv").write_text("response_id,customer_id,responded_at,score\n" + rows)

    def export_sprints(self) -> None:
        rows = ["name,starts_on,ends_on", *self.sprints]
        (self.folder / "exports/sprints.csv").write_text("".join(f"{row}\n" for row in rows))

    @property
    def next_file(self) -> str:
        return f"activity-{max(int(name.split('-')[1]) for name in self.activity) + 1}"

    @property
    def last_day(self) -> int:
        return max(day for visits in self.activity.values() for _, day, _ in visits if day < 1000)

    @property
    def workspace(self) -> Workspace:
        (self.folder / "kviboard.toml").write_text(
            TOML.format(valid_days=self.valid_days, quarter_starts_in=self.quarter_starts_in)
        )
        return load_workspace(self.folder)

    def refresh(self) -> Manifest:
        return refresh(self.workspace, self.catalog)

    def from_nothing(self) -> dict[str, Counter]:
        """All tables of a refresh in a copy of the company that has never been refreshed."""
        with tempfile.TemporaryDirectory() as other:
            copy = shutil.copytree(self.folder, Path(other) / "copy", ignore=shutil.ignore_patterns(".kviboard"))
            workspace = load_workspace(copy)
            return tables(workspace, refresh(workspace, self.catalog))

    def stage(self, name: str, sql: str) -> None:
        """Give the company a staging query of its own."""
        query = QueryFile(name, f"queries/staging/{name}.sql", sql, built_in=False)
        self.catalog = dataclasses.replace(self.catalog, staging=self.catalog.staging | {name: query})

    def mart(self, name: str, sql: str) -> None:
        """Give the company a mart of its own, after all others if it is new."""
        query = QueryFile(name, f"queries/marts/{name}.sql", sql, built_in=False)
        self.catalog = dataclasses.replace(self.catalog, marts=self.catalog.marts | {name: query})


@cache
def all_queries() -> Catalog:
    return load_catalog(load_workspace(None))


@cache
def few_queries() -> Catalog:
    """As many marts and checks as a quick refresh needs to show what is taken over and what grows."""
    few = {name: query for name, query in all_queries().marts.items() if name in FEW_MARTS}
    checks = {name: all_queries().checks[name] for name in FEW_CHECKS}
    return dataclasses.replace(all_queries(), marts=few, checks=checks)


def tables(workspace: Workspace, manifest: Manifest) -> dict[str, Counter]:
    """The rows of every published table; numbers that were summed in any order are compared to 9 digits."""
    with memory().cursor() as connection:
        return {
            name: Counter(
                tuple(f"{value:.9g}" if isinstance(value, float) else value for value in row)
                for row in connection.execute("from read_parquet(?)", [files(workspace, manifest, name)]).fetchall()
            )
            for name in manifest.tables
        }


def files(workspace: Workspace, manifest: Manifest, table: str) -> list[str]:
    return [str(version_folder(workspace, manifest.version) / name) for name in manifest.files_of(table)]


def inodes(shop: Shop, manifest: Manifest, table: str) -> list[int]:
    return [os.stat(path).st_ino for path in files(shop.workspace, manifest, table)]


def same_files(shop: Shop, one: Manifest, other: Manifest) -> set[str]:
    """Tables that two versions share."""
    return {name for name in one.tables if inodes(shop, one, name) == inodes(shop, other, name)}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


# --- any sequence of changes -------------------------------------------------------------------------------------

WHO = st.sampled_from(["anna", "bea", "cleo", "dora"])
VISITS = st.lists(st.tuples(WHO, st.integers(0, 9), st.integers(0, 9).map(lambda n: n / 2)), min_size=1, max_size=6)


def shifted(visits: list[Visit], days: int) -> list[Visit]:
    return [(who, day + days, minutes) for who, day, minutes in visits]


def later(shop: Shop, visits: list[Visit]) -> None:
    shop.export(shop.next_file, shifted(visits, shop.last_day + 1))


def not_later(shop: Shop, visits: list[Visit]) -> None:
    shop.export(shop.next_file, shifted(visits, shop.last_day - 3))


def changed(shop: Shop, visits: list[Visit]) -> None:
    shop.export(sorted(shop.activity)[visits[0][1] % len(shop.activity)], visits + shop.activity["activity-1"])


def removed(shop: Shop, visits: list[Visit]) -> None:
    name = max(shop.activity)
    if len(shop.activity) > 1:
        del shop.activity[name]
        (shop.folder / f"exports/{name}.parquet").unlink()


def partly_rejected(shop: Shop, visits: list[Visit]) -> None:
    shop.export(shop.next_file, [*shifted(visits * 20, shop.last_day + 1), (None, shop.last_day + 1, 1.0)])


def mistyped_year(shop: Shop, visits: list[Visit]) -> None:
    shop.export("activity-1", [*shop.activity["activity-1"], ("anna", 1000 + visits[0][1], 1.0)])


def other_people(shop: Shop, visits: list[Visit]) -> None:
    shop.people[visits[0][0] or "anna"] = ("Homes", "Offices", "Chains")[visits[0][1] % 3]
    shop.export_people()


def another_answer(shop: Shop, visits: list[Visit]) -> None:
    shop.answers.append((visits[0][0] or "anna", visits[0][1]))
    shop.export_answers()


def other_settings(shop: Shop, visits: list[Visit]) -> None:
    shop.valid_days = 10 + visits[0][1]


def other_quarters(shop: Shop, visits: list[Visit]) -> None:
    shop.quarter_starts_in = "april" if shop.quarter_starts_in == "january" else "january"


def another_sprint(shop: Shop, visits: list[Visit]) -> None:
    day = FIRST + timedelta(60 + 7 * len(shop.sprints))
    shop.sprints.append(f"S{len(shop.sprints) + 1},{day},{day + timedelta(6)}")
    shop.export_sprints()


def somebody_signed_up(shop: Shop, visits: list[Visit]) -> None:
    shop.export_people(bea=f"2026-0{1 + visits[0][1] % 3}-15")


def nothing_happened(shop: Shop, visits: list[Visit]) -> None:
    shop.export(shop.next_file, [])


def rolled_back(shop: Shop, visits: list[Visit]) -> None:
    roll_back(shop.workspace, list_versions(shop.workspace)[-1].version)


def cut_off(shop: Shop, visits: list[Visit]) -> None:
    newest = version_folder(shop.workspace, list_versions(shop.workspace)[0].version)
    found = sorted(newest.glob("*.parquet"))
    path = found[visits[0][1] * 7 % len(found)]
    path.write_bytes(path.read_bytes()[:-9])


def version_removed(shop: Shop, visits: list[Visit]) -> None:
    shutil.rmtree(version_folder(shop.workspace, list_versions(shop.workspace)[0].version))


STEPS = (later, later, not_later, changed, removed, partly_rejected, mistyped_year, other_people, another_answer,
         other_settings, other_quarters, another_sprint, somebody_signed_up, nothing_happened, rolled_back, cut_off,
         version_removed)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(STEPS), VISITS), min_size=3, max_size=5))
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_after_any_changes_every_table_is_what_a_refresh_from_nothing_gives(
    steps: list[tuple[Callable[[Shop, list[Visit]], None], list[Visit]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        shop.refresh()
        for step, visits in steps:
            step(shop, visits)
            found = tables(shop.workspace, shop.refresh())
            assert found == shop.from_nothing(), step.__name__


def test_all_tables_of_the_board_are_those_of_a_refresh_from_nothing(shop: Shop) -> None:
    shop.catalog = all_queries()
    shop.refresh()
    later(shop, [("anna", 0, 1.0), ("dora", 3, 2.0)])
    another_answer(shop, [("bea", 8, 1.0)])
    shop.refresh()
    later(shop, [("bea", 30, 1.0), ("anna", 31, 2.5)])
    manifest = shop.refresh()
    assert len(manifest.files_of("customer_days")) == 3
    found = tables(shop.workspace, manifest)
    assert found == shop.from_nothing()
    days = Counter(row[:2] for row in found["activity_by_day"].elements())
    assert set(days.values()) == {1}  # a row per day and slice, though days were added twice


# --- what grows --------------------------------------------------------------------------------------------------


def test_later_activity_is_added_to_the_days_that_are_there(shop: Shop) -> None:
    before = shop.refresh()
    later(shop, [("anna", 0, 1.5), ("dora", 2, 1.0)])
    after = shop.refresh()
    _whole, added = files(shop.workspace, after, "customer_days")
    assert inodes(shop, after, "customer_days")[:1] == inodes(shop, before, "customer_days")
    assert duckdb.sql(f"from '{added}' order by day").fetchall() == [
        ("anna", FIRST + timedelta(39), 1, 1.5, 1),  # last seen on day 38
        ("dora", FIRST + timedelta(41), 1, 1.0, None),
    ]
    assert after.tables["customer_days"] == before.tables["customer_days"] + 2
    assert Reader(shop.workspace, after.version).frame("select count(*) as n from customer_days")["n"][0] == 62


class WriterInTwoFiles(DuckDBWriter):
    """Writes a table in several files, as a cluster does."""

    def write(self, connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> Written:
        connection.execute(f"create or replace temp table whole as {sql}")
        paths = [path, path.with_suffix(".2.parquet")]
        rows = [
            write_table(connection, f"select * from whole where rowid % 2 = {place}", part)[1]
            for place, part in enumerate(paths)
        ]
        return paths, sum(rows)


def test_days_are_added_to_all_files_of_the_days_before(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refreshing, "HERE", WriterInTwoFiles())
    before = shop.refresh()
    for day in (0, 2):
        later(shop, [("anna", day, 1.5), ("dora", day, 1.0)])
        after = shop.refresh()
        assert tables(shop.workspace, after) == shop.from_nothing()
    found = inodes(shop, after, "customer_days")
    assert len(found) == 4
    assert found[:2] == inodes(shop, before, "customer_days")
    removed(shop, [])
    assert inodes(shop, shop.refresh(), "customer_days") == found[:3]
    later(shop, [("bea", 0, 1.0)])
    after = shop.refresh()
    assert inodes(shop, after, "customer_days")[:3] == found[:3]
    assert tables(shop.workspace, after) == shop.from_nothing()


@pytest.mark.parametrize("change", [not_later, changed, removed])
def test_customer_days_are_built_whole_unless_nothing_but_later_days_came(shop: Shop, change: Callable) -> None:
    later(shop, [("anna", 0, 1.0)])
    before = shop.refresh()
    change(shop, [("bea", 0, 1.0)])
    later(shop, [("anna", 0, 2.0)])  # not the file that was removed: a file is known by its content
    after = shop.refresh()
    assert after.files_of("customer_days") == ["customer_days.parquet"]
    assert not same_files(shop, before, after) & {"customer_days"}


def test_a_days_file_that_is_exported_again_or_taken_away_costs_only_its_own_part(shop: Shop) -> None:
    first = shop.refresh()
    later(shop, [("anna", 0, 1.0)])
    second = shop.refresh()
    shop.export("activity-2", [("anna", 39, 1.0), ("bea", 39, 2.0)])
    third = shop.refresh()
    assert tables(shop.workspace, third) == shop.from_nothing()
    (base, old), (same, new) = inodes(shop, second, "customer_days"), inodes(shop, third, "customer_days")
    assert base == same
    assert old != new
    removed(shop, [])
    assert inodes(shop, shop.refresh(), "customer_days") == [base] == inodes(shop, first, "customer_days")


def test_a_file_with_another_column_or_type_has_customer_days_built_whole(shop: Shop) -> None:
    shop.refresh()
    later(shop, [("anna", 0, 1.0)])
    path = shop.folder / f"exports/{max(shop.activity)}.parquet"
    pd.read_parquet(path).assign(minutes=["7"]).to_parquet(path)
    manifest = shop.refresh()
    assert manifest.files_of("customer_days") == ["customer_days.parquet"]
    assert tables(shop.workspace, manifest) == shop.from_nothing()


def test_a_companys_own_customer_days_never_grow(shop: Shop) -> None:
    own = "count(*) as events, 0.0 as minutes, 1 as days_since_active"
    shop.mart("customer_days", f"select customer_id, day, {own} from activity group by customer_id, day")
    shop.refresh()
    later(shop, [("anna", 0, 1.0), ("dora", 2, 1.0)])
    manifest = shop.refresh()
    assert manifest.files_of("customer_days") == ["customer_days.parquet"]
    assert manifest.tables["customer_days"] == 62


@pytest.mark.parametrize("more", ["row_number() over (partition by customer_id) as place", "current_date as read_on"])
def test_a_staging_query_that_looks_at_other_rows_or_the_clock_has_customer_days_built_whole(
    shop: Shop, more: str
) -> None:
    shop.stage("activity", f"select *, {more} from source.activity")
    shop.refresh()
    later(shop, [("anna", 0, 1.0)])
    assert shop.refresh().files_of("customer_days") == ["customer_days.parquet"]


def test_after_many_parts_customer_days_are_built_whole_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(append, "_MOST_PARTS", 2)
    parts = []
    for _ in range(4):
        parts.append(len(shop.refresh().files_of("customer_days")))
        later(shop, [("anna", 0, 1.0)])
    assert parts == [1, 2, 1, 2]


def test_an_implausible_day_among_known_files_does_not_keep_customer_days_from_growing(shop: Shop) -> None:
    mistyped_year(shop, [("anna", 5, 1.0)])
    shop.refresh()
    later(shop, [("anna", 0, 1.0)])
    manifest = shop.refresh()
    assert len(manifest.files_of("customer_days")) == 2
    assert tables(shop.workspace, manifest) == shop.from_nothing()


# --- what is added to --------------------------------------------------------------------------------------------

DAYS, COHORTS = {"activity_by_day"}, {"cohort_activity"}


def moved(shop: Shop, visits: list[Visit]) -> None:
    shop.people["bea"] = "Homes"
    shop.export_people()


def known_by_name(shop: Shop, visits: list[Visit]) -> None:
    shop.people["dora"] = "Homes"  # a segment that there is; she has not been there before
    shop.export_people()


def in_another_slice(shop: Shop, visits: list[Visit]) -> None:
    shop.people["dora"] = "Chains"  # before Homes and Offices: these have other numbers now
    shop.export_people()


def another_query(shop: Shop, visits: list[Visit]) -> None:
    sql = shop.catalog.marts["customer_starts"].sql
    shop.mart("customer_starts", sql.replace(">= known.known_from", "> known.known_from"))


def own_query(shop: Shop, visits: list[Visit]) -> None:
    shop.mart("activity_by_day", shop.catalog.marts["activity_by_day"].sql)


@pytest.mark.parametrize(
    ("changes", "added"),
    [
        ([later], DAYS | COHORTS),
        ([known_by_name, later], DAYS | COHORTS),
        ([another_answer, nothing_happened], DAYS | COHORTS),
        ([somebody_signed_up, later], DAYS),
        ([moved, later], set()),
        ([in_another_slice, later], set()),
        ([another_query, later], set()),
        ([own_query, later], COHORTS),
        ([other_settings, later], set()),
        ([other_quarters, later], set()),
        ([another_sprint, later], DAYS | COHORTS),
        ([not_later], set()),
        ([removed, later], set()),
    ],
)
def test_counts_of_activity_are_added_to_where_nothing_else_can_have_moved_them(
    shop: Shop, changes: list[Callable], added: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if own_query in changes:  # it was their own before, too: what changes is only that days come
        own_query(shop, [])
        monkeypatch.setattr(shop, "mart", lambda *_: None)
    later(shop, [("anna", 1, 1.0), ("cleo", 30, 2.0)])
    shop.refresh()
    for change in changes:
        change(shop, [("dora", 0, 1.0), ("bea", 28, 2.0), ("anna", 33, 2.0)])
    found: set[str] = set()

    def noting(tables: Tables, known: Any, name: str, *more: Any) -> str | None:
        sql = added_rows(tables, known, name, *more)
        found.update({name} if sql else ())
        return sql

    with monkeypatch.context() as patch:
        patch.setattr("kviboard.warehouse.marts.added_rows", noting)
        after = shop.refresh()
    assert found == added
    assert not added or tables(shop.workspace, after) == shop.from_nothing()


# --- what is taken over ------------------------------------------------------------------------------------------


def test_later_activity_of_known_customers_leaves_orders_and_scores_as_they_are(shop: Shop) -> None:
    shop.catalog = all_queries()
    before = shop.refresh()
    later(shop, [("anna", 0, 1.0)])
    shared = same_files(shop, before, shop.refresh())
    assert shared >= {"customers", "orders", "responses", "scored_orders", "score_periods", "revenue_bridge"}
    assert not shared & {"customer_days", "data_days", "customer_activity", "activity_by_day", "daily", "file_ledger"}


def test_without_any_change_all_tables_and_checks_are_taken_over(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.catalog = all_queries()
    before = shop.refresh()
    monkeypatch.setattr("kviboard.warehouse.marts._check", lambda *_: pytest.fail("nothing is to be checked again"))
    after = shop.refresh()
    assert same_files(shop, before, after) == before.tables.keys()
    assert after.checks == before.checks


def test_days_that_never_grow_are_taken_over_where_activity_is_the_same(shop: Shop) -> None:
    shop.stage("activity", "select *, row_number() over (partition by customer_id) as place from source.activity")
    before = shop.refresh()
    another_answer(shop, [("bea", 8, 1.0)])
    after = shop.refresh()
    assert same_files(shop, before, after) >= {"customer_days", "activity_by_day"}
    later(shop, [("anna", 0, 1.0)])
    manifest = shop.refresh()
    assert not same_files(shop, after, manifest) & {"customer_days", "activity_by_day"}
    assert tables(shop.workspace, manifest) == shop.from_nothing()


def test_a_mart_of_ones_own_reads_what_was_taken_over_whatever_it_calls_it(shop: Shop) -> None:
    before = shop.refresh()
    shop.mart("scores_held", "select count(*) as scores from Main.SCORE_PERIODS")
    after = shop.refresh()
    assert "score_periods" in same_files(shop, before, after)
    assert tables(shop.workspace, after)["scores_held"] == {(before.tables["score_periods"],): 1}


def test_a_customer_of_another_segment_changes_all_that_depends_on_slices(shop: Shop) -> None:
    before = shop.refresh()
    shop.people["cleo"] = "Homes"
    shop.export_people()
    shared = same_files(shop, before, shop.refresh())
    assert shared >= {"responses", "customer_days", "customer_activity"}
    assert not shared & {"customers", "activity_by_day", "scored_responses", "score_periods"}


def test_another_query_or_setting_is_followed_by_all_that_depends_on_it(shop: Shop) -> None:
    shop.mart("scores_held", "select count(*) as scores from score_periods")
    before = shop.refresh()
    shop.mart("score_periods", shop.catalog.marts["score_periods"].sql + " limit 1")
    after = shop.refresh()
    assert not same_files(shop, before, after) & {"score_periods", "scores_held"}
    assert same_files(shop, before, after) >= {"scored_responses", "customer_days", "activity_by_day"}
    shop.valid_days = 30
    assert not same_files(shop, after, shop.refresh()) & {"settings", "score_periods", "scores_held"}


@pytest.mark.parametrize(
    "sql",
    [
        "select current_date as day, count(*) as orders from orders",
        "select random() as chance",
    ],
)
def test_a_mart_that_looks_beyond_the_tables_is_built_each_time(shop: Shop, sql: str) -> None:
    shop.mart("beyond", sql)
    shop.mart("further", "select * from beyond")
    before = shop.refresh()
    assert not same_files(shop, before, shop.refresh()) & {"beyond", "further"}


@pytest.mark.parametrize("source", ["read_csv('{folder}/exports/responses.csv')", "'{folder}/exports/responses.csv'"])
def test_a_mart_reads_tables_and_no_files(shop: Shop, source: str) -> None:
    shop.mart("beyond", f"select count(*) as orders from {source.format(folder=shop.folder)}")
    with pytest.raises(RefreshError, match=r"queries/marts/beyond\.sql.* does not run: Cannot access file"):
        shop.refresh()


def test_a_step_named_like_the_table_it_reads_hides_no_change_of_that_table(shop: Shop) -> None:
    shop.mart("answers", "with responses as (select score from responses) select count(*) as n from responses")
    shop.refresh()
    another_answer(shop, [("bea", 8, 1.0)])
    assert tables(shop.workspace, shop.refresh())["answers"] == {(2,): 1}


def test_a_damaged_file_is_made_anew(shop: Shop) -> None:
    before = shop.refresh()
    for name in ("customer_days", "score_periods"):
        (path,) = files(shop.workspace, before, name)
        Path(path).write_bytes(Path(path).read_bytes()[:-20])
    after = shop.refresh()
    assert not same_files(shop, before, after) & {"customer_days", "score_periods"}
    assert tables(shop.workspace, after) == shop.from_nothing()


def test_a_version_can_be_read_when_those_that_it_shares_files_with_are_gone(shop: Shop) -> None:
    for _ in range(7):
        manifest = shop.refresh()
        later(shop, [("anna", 0, 1.0)])
    assert len(list_versions(shop.workspace)) == 5
    for other in list_versions(shop.workspace)[1:]:
        shutil.rmtree(version_folder(shop.workspace, other.version))
    reader = Reader(shop.workspace, manifest.version)
    assert reader.frame("select count(*) as n from customer_days")["n"][0] == 66


def test_where_files_cannot_be_shared_they_are_copied(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    before = shop.refresh()
    later(shop, [("anna", 0, 1.0)])
    after = shop.refresh()
    assert len(after.files_of("customer_days")) == 2
    assert same_files(shop, before, after) == set()
    assert tables(shop.workspace, after) == shop.from_nothing()


def test_known_files_are_not_counted_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []
    count = RowProfile._count

    def noting(self: RowProfile, condition: str) -> Any:
        counted.append(condition)
        return count(self, condition)

    monkeypatch.setattr(RowProfile, "_count", noting)
    shop.refresh()
    counted.clear()
    later(shop, [("anna", 0, 1.0)])
    shop.refresh()
    assert [condition for condition in counted if "parquet" in condition] == ["_file in ('exports/activity-2.parquet')"]


def test_what_is_odd_about_known_files_is_looked_for_once_and_said_each_time(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.refresh()
    later(shop, [("anna", 0, 1.0)])
    with monkeypatch.context() as patch:
        patch.setattr(alike_ids, "_alike_keys", lambda _, table: pytest.fail(table) if table == "orders" else [])
        shop.refresh()
    orders = pd.read_parquet(shop.folder / "exports/orders.parquet").iloc[:1]
    orders.assign(order_id="O0").to_parquet(shop.folder / "exports/orders-2.parquet")
    for _ in range(2):
        later(shop, [("anna", 0, 1.0)])
        said = [each.example for each in shop.refresh().decisions if "a second time" in each.what]
        assert said == ['"O0" and "o0"']
