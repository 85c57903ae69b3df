"""A reader sees one version, can only read, and fails in sentences."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from kviboard.catalog import load_catalog
from kviboard.errors import NotBuiltError, QueryError
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.versions import MANIFEST, version_folder
from kviboard.workspace import Workspace
from tests.warehouse.company import TEN_ORDERS, company, frame_bytes, published, refreshed, write

SPRINTS = "name,starts_on,ends_on\nSprint 7,2026-01-05,2026-01-09\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Ten orders of three customers in ten days, with every mart."""
    customers = "customer_id,country\nc0,NL\nc1,BE\n"
    workspace = company(
        tmp_path_factory.mktemp("shop"),
        'dimensions = ["country"]\n'
        + "".join(f'[sources.{n}]\nfiles = "exports/{n}.csv"\n' for n in ("orders", "customers", "sprints")),
        orders_csv=TEN_ORDERS,
        customers_csv=customers,
        sprints_csv=SPRINTS,
    )
    refresh(workspace, load_catalog(workspace))
    return workspace


@pytest.fixture(scope="module")
def reader(shop: Workspace) -> Reader:
    from kviboard.warehouse.versions import current_version

    return Reader(shop, current_version(shop))


def test_marts_carry_the_dimensions_beside_their_slice(reader: Reader) -> None:
    names = [name for name, _ in reader.columns("select * from daily")]
    assert names[:3] == ["day", "slice_id", "country"]
    frame = reader.frame("select country, sum(revenue) as revenue from daily group by country order by country")
    # c0 has orders 0, 3, 6, 9; c1 has 1, 4, 7; c2, who is in no customer list, has 2, 5, 8; each n.50
    assert frame.to_numpy().tolist() == [["BE", 13.5], ["NL", 20.0], ["Unknown", 16.5]]


def test_a_customer_in_no_list_is_there_with_unknown_dimensions(reader: Reader) -> None:
    frame = reader.frame("select customer_id, country from customers order by customer_id")
    assert frame.to_numpy().tolist() == [["c0", "NL"], ["c1", "BE"], ["c2", "Unknown"]]
    assert reader.dimension_values("country") == ["BE", "NL", "Unknown"]


def test_the_calendar_knows_the_sprints_of_the_export(reader: Reader) -> None:
    frame = reader.frame("select day, period from calendar where grain = 'sprint' order by day")
    assert [str(day.date()) for day in frame["day"]] == [f"2026-01-0{n}" for n in range(5, 10)]
    assert {str(day.date()) for day in frame["period"]} == {"2026-01-05"}
    assert str(reader.last_day) == "2026-01-10"


def test_no_decimal_leaves_the_reader(reader: Reader) -> None:
    sql = "select amount, sum(amount) over () as total, 1::hugeint as huge from orders order by amount limit 1"
    columns = reader.arrays(sql)
    assert [str(column.dtype) for column in columns.values()] == ["float64", "float64", "float64"]
    assert {name: column.tolist() for name, column in columns.items()} == {"amount": [0.5], "total": [50], "huge": [1]}
    assert not any(isinstance(value, Decimal) for value in reader.frame(sql).to_numpy().ravel())


def test_parameters_are_named(reader: Reader) -> None:
    sql = "select count(*) as n from orders where customer_id in (select unnest($ids))"
    assert reader.frame(sql, {"ids": ["c0", "c1"]})["n"].tolist() == [7]


@pytest.mark.parametrize(
    "sql",
    [
        "drop table orders",
        "create table x as select 1",
        "copy orders to '{folder}/stolen.parquet'",
        "select 1; select 2",
        "set lock_configuration = false",
        "select * from read_csv('/etc/hostname')",
        "attach '/tmp/other.duckdb'",
        "install httpfs",
        "",
    ],
)
def test_nothing_but_reading_this_version_is_possible(reader: Reader, sql: str) -> None:
    with pytest.raises(QueryError):
        reader.frame(sql.format(folder=reader.folder))
    assert reader.frame("select count(*) as n from orders")["n"].tolist() == [10]
    assert not (reader.folder / "stolen.parquet").exists()


def test_a_wrong_query_is_answered_with_a_sentence(reader: Reader) -> None:
    with pytest.raises(QueryError, match=r"^The query does not run: .*amuont.*\.$"):
        reader.frame("select amuont from orders")
    with pytest.raises(QueryError, match="does not run"):
        reader.columns("select * from nowhere")


def test_no_step_of_a_query_changes_a_row(reader: Reader) -> None:
    harmful = "with gone as (delete from orders returning *) select count(*) as n from gone"
    for ask in (reader.frame, reader.arrays):
        for _ in range(2):  # asked again it is refused again
            with pytest.raises(QueryError, match="can only read"):
                ask(harmful)
    assert reader.frame("select count(*) as n from orders")["n"].tolist() == [10]


def test_what_does_not_fit_into_memory_is_written_into_the_state(shop: Workspace, reader: Reader) -> None:
    spill = reader.frame("select current_setting('temp_directory') as place")["place"].item()
    assert Path(spill).parent == shop.state / "spill"
    other = Reader(shop, reader.version).frame("select current_setting('temp_directory') as place")["place"].item()
    assert other != spill  # one that is closed takes its folder along


def test_a_slow_query_is_stopped_with_a_sentence(shop: Workspace, reader: Reader) -> None:
    hasty = Reader(shop, reader.version, longest_query_ms=50)
    with pytest.raises(QueryError, match="took too long"):
        hasty.frame("select sum(a.range * b.range) from range(100000) as a cross join range(100000) as b")
    assert hasty.frame("select 1 as one")["one"].tolist() == [1]


def test_many_threads_may_ask_at_once(reader: Reader) -> None:
    def ask(number: int) -> int:
        return int(reader.frame("select count(*) + $n as n from daily", {"n": number})["n"][0])

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(64)))
    assert [answer - answers[0] for answer in answers] == list(range(64))


def test_a_version_that_is_gone_says_so(shop: Workspace) -> None:
    with pytest.raises(NotBuiltError, match="run `kviboard refresh`"):
        Reader(shop, "000099-nowhere")


def test_an_opened_version_is_read_to_the_end_while_newer_ones_come(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    old, unread, loaded = (Reader(workspace, refreshed(workspace).version) for _ in range(3))
    how_many = "select count(*) as n from orders"
    assert old.frame(how_many)["n"].tolist() == [10]
    for _ in loaded.load_ahead():
        pass
    write(tmp_path, "orders_csv", TEN_ORDERS + "10,c0,2026-01-11,1\n")
    new = refreshed(workspace).version
    late = Reader(workspace, loaded.version)
    assert late.frame(how_many)["n"].tolist() == [10]  # is still kept
    for _ in range(6):  # so many that the old versions' folders are removed
        new = refreshed(workspace).version
    assert not version_folder(workspace, old.version).exists()
    assert old.frame(how_many)["n"].tolist() == [10]
    assert loaded.frame("select count(*) as n from customers")["n"].tolist() == [3]
    with pytest.raises(QueryError, match="no longer kept: newer ones came"):
        unread.frame(how_many)
    assert Reader(workspace, new).frame(how_many)["n"].tolist() == [11]


def test_a_large_table_stays_in_its_parquet_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kviboard.warehouse.external._ROWS", 5)
    table = pa.table({"order_id": [f"o{n}" for n in range(10)], "customer_id": ["c"] * 10, "amount": [1.0] * 10})
    frame = table.to_pandas().assign(ordered_at="2026-01-04 23:30")
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"]).dt.tz_localize("UTC")
    toml = '[company]\ntimezone = "Europe/Amsterdam"\n[sources.orders]\nfiles = "exports/orders.parquet"\n'
    workspace = company(tmp_path, toml, orders_parquet=frame_bytes(frame, tmp_path))
    manifest = refreshed(workspace)
    assert not (version_folder(workspace, manifest.version) / "orders.parquet").exists()
    sql = "select count(*) as n, sum(amount) as amount, min(day) as day from orders"
    row = Reader(workspace, manifest.version).frame(sql).iloc[0]
    assert (row["n"], row["amount"], str(row["day"].date())) == (10, 10.0, "2026-01-05")

    _as_earlier_versions_wrote(version_folder(workspace, manifest.version) / MANIFEST)
    assert Reader(workspace, manifest.version).frame(sql).iloc[0]["n"] == 10

    shutil.copyfile(tmp_path / "exports/orders.parquet", tmp_path / "again")
    (tmp_path / "again").replace(tmp_path / "exports/orders.parquet")
    with pytest.raises(QueryError):  # the file is another one now, so the table is not what the version was made of
        Reader(workspace, manifest.version).frame(sql)
    assert published(workspace, "select rows_kept from file_ledger") == [(10,)]


def _as_earlier_versions_wrote(manifest: Path) -> None:
    text = manifest.read_text(encoding="utf-8")
    assert '"external"' in text
    assert "cast_rows." in text
    manifest.write_text(text.replace('"external"', '"in_place"').replace("cast_rows.", "delivered."), encoding="utf-8")


def test_a_compressed_table_has_the_same_columns_and_rows(
    shop: Workspace, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kviboard.warehouse.loading._COMPRESSED_ROWS", range(1, 1_000))
    compressed = Reader(shop, reader.version)
    stored = compressed.frame(
        "select table_name, estimated_size from duckdb_tables() where database_name like 'compressed %'"
    )
    assert stored.set_index("table_name")["estimated_size"]["orders"] == 10
    for table in reader.manifest.tables:
        sql = f"select * from {table} order by all"
        assert compressed.columns(sql) == reader.columns(sql)
        pd.testing.assert_frame_equal(compressed.frame(sql), reader.frame(sql))


def test_a_table_is_loaded_when_the_first_query_names_it(shop: Workspace, reader: Reader) -> None:
    opened = Reader(shop, reader.version)
    names = {"customers", "daily", "orders", "releases", "responses"}
    assert names < set(reader.manifest.tables)
    held = f"select table_name from duckdb_tables() where table_name in ({', '.join(map(repr, names))})"

    def loaded() -> set[str]:
        with closing(opened._connection.cursor()) as cursor:
            return {name for (name,) in cursor.execute(held).fetchall()}

    assert loaded() == set()
    assert len(opened.frame("select 'daily' as orders_ from ORDERS")) == 10  # a word in a text may be a table's name
    assert loaded() == {"daily", "orders"}
    assert opened.columns('select score from "Responses"') == [("score", "INTEGER")]
    assert loaded() == {"daily", "orders", "responses"}
    assert len(opened.frame("select * from query_table('customer' || 's')")) == 3  # what names none may read all
    assert set(opened.frame(held)["table_name"]) == names


def test_many_threads_may_name_a_table_at_once(
    shop: Workspace, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kviboard.warehouse.loading._COMPRESSED_ROWS", range(1, 1_000))
    tables = [name for name, rows in reader.manifest.tables.items() if rows]
    opened = Reader(shop, reader.version)

    def count(number: int) -> int:
        return int(opened.frame(f"select count(*) as n, {number} as it from {tables[number % len(tables)]}")["n"][0])

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(count, range(4 * len(tables))))
    assert counts == 4 * [reader.manifest.tables[table] for table in tables]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (Path.unlink, r"orders.parquet is missing"),
        (lambda path: path.write_bytes(path.read_bytes()[:9]), r"orders.parquet has 9 bytes instead of [\d,]+"),
    ],
)
def test_a_damaged_version_is_not_opened(tmp_path: Path, damage: Callable[[Path], object], said: str) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    version = refreshed(workspace).version
    damage(version_folder(workspace, version) / "orders.parquet")
    with pytest.raises(QueryError, match=rf"is damaged \({said}\); refresh, or use another version"):
        Reader(workspace, version)


def test_damage_that_no_size_shows_is_said_by_the_query_that_meets_it(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    version = refreshed(workspace).version
    file = version_folder(workspace, version) / "orders.parquet"
    file.write_bytes(bytes(file.stat().st_size))
    opened = Reader(workspace, version)
    for _ in range(2):
        with pytest.raises(QueryError, match=r"is damaged \(.+\); refresh, or use another version"):
            opened.frame("select * from orders")
    assert len(opened.frame("select * from customers")) == 3


def test_what_is_too_large_to_load_is_said_where_it_is_loaded_ahead_too(
    shop: Workspace, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(loading: object, name: str) -> None:
        raise duckdb.OutOfMemoryException("Out of Memory Error: no room")

    opened = Reader(shop, reader.version)
    monkeypatch.setattr("kviboard.warehouse.loading.Loading._create", no_room)
    for asks in (lambda: opened.frame("select * from orders"), lambda: list(opened.load_ahead())):
        with pytest.raises(QueryError, match="memory"):
            asks()
    monkeypatch.undo()
    assert len(opened.frame("select * from orders")) == 10


def test_a_reader_that_loads_nothing_sees_the_same(shop: Workspace, reader: Reader) -> None:
    light = Reader(shop, reader.version, in_memory=False)
    loaded = light.frame("select table_name from duckdb_tables()")["table_name"].tolist()
    assert sorted(loaded) == ["calendar", "periods"]
    for table in reader.manifest.tables:
        sql = f"select * from {table} order by all"
        pd.testing.assert_frame_equal(light.frame(sql), reader.frame(sql))


def test_values_of_a_dimension_are_those_that_occur_together_with_others(tmp_path: Path) -> None:
    customers = "customer_id,country,plan\nc0,NL,Free\nc1,BE,Free\nc2,NL,Pro\n"
    workspace = company(
        tmp_path,
        'dimensions = ["country", "plan"]\n'
        + "".join(f'[sources.{n}]\nfiles = "exports/{n}.csv"\n' for n in ("orders", "customers")),
        orders_csv=TEN_ORDERS,
        customers_csv=customers,
    )
    reader = Reader(workspace, refreshed(workspace).version)
    assert reader.dimension_values("plan") == ["Free", "Pro"]
    assert reader.dimension_values("plan", {"country": ["BE"]}) == ["Free"]
    assert reader.dimension_values("plan", {"country": ["BE", "NL"], "plan": ["Pro"]}) == ["Pro"]
    assert reader.dimension_values("plan", {"country": []}) == ["Free", "Pro"]
    assert reader.dimension_values("plan", {"country": ["Atlantis"]}) == []


@pytest.mark.parametrize(
    "call", ["system.main.repeat('x', 4)", "System . \"main\".repeat('x', 4)", "system/**/.range(3)"]
)
def test_a_query_cannot_go_round_what_bounds_functions(reader: Reader, call: str) -> None:
    with pytest.raises(QueryError, match="cannot call functions of system"):
        reader.frame(f"select {call}")
    with pytest.raises(QueryError, match="repeat makes a text of more than 1,000 letters"):
        reader.frame("select repeat('x', 4000000000)")
    assert reader.frame("select 'system.main' as word")["word"].tolist() == ["system.main"]
