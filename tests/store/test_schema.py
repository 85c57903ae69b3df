"""The schema and its migrations: what they make is what the program expects, from every older schema, on both kinds."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import is_dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, Index, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

import kviboard.store
from kviboard.domain.okrs.model import PlanPoint
from kviboard.errors import StoreError
from kviboard.store import FrozenMeeting, Store, comments, follow_ups, open_store, outside_in, records, reviews
from kviboard.store.database import Database
from kviboard.store.migrate import MIGRATIONS, migrate
from kviboard.store.schema import APPEND_ONLY, SCHEMA_VERSION, metadata
from tests.store.conftest import Databases
from tests.store.given import COLLEAGUE, OWNER, a_cycle, an_objective
from tests.store.used_board import a_held_review, a_used_board, an_answered_check

OLDER = ["0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009"]
GOLDEN = Path(__file__).parent / "schemas"


@pytest.fixture
def nowhere(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A place where no store was made yet."""
    if kind == "sqlite":
        return str(tmp_path / "board.sqlite")
    databases: Databases = request.getfixturevalue("databases")
    return databases.new()


def engine_of(place: str) -> Engine:
    return create_engine(
        place.replace("postgresql:", "postgresql+psycopg:") if "://" in place else f"sqlite:///{place}"
    )


def plain(ddl: str) -> str:
    """DDL without layout, quotes and the order of its parts: a column that was added later stands beside others, and
    its reference in the column itself."""
    parts, depth = [""], 0
    flat = " ".join(ddl.replace('"', "").split())
    flat = re.sub(r"(\w+) INTEGER CONSTRAINT (\w+) REF", r"\1 INTEGER, CONSTRAINT \2 FOREIGN KEY(\1) REF", flat)
    for letter in flat.removesuffix(")"):  # of the whole, beside whatever comes last
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 1:
            parts.append("")
        else:
            parts[-1] += letter
    return "\n".join(sorted(part.replace(" )", ")").strip() for part in parts))


def made_in(file: Path) -> dict[str, str]:
    """The DDL of everything in an SQLite file, by name."""
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute(
            "select name, sql from sqlite_master where sql is not null order by tbl_name, type desc, name"
        )
        return {name: sql for name, sql in found if name != "alembic_version"}


def migrated_from_the_first(place: str) -> None:
    """A store that every migration was run on."""
    with closing(Database(place)) as database:
        migrate(database, OLDER[0])
        migrate(database)


def test_the_migrations_make_the_tables_that_a_new_store_has(tmp_path: Path) -> None:
    migrated_from_the_first(str(tmp_path / "migrated.sqlite"))
    open_store(tmp_path / "new.sqlite").close()
    migrated, new = made_in(tmp_path / "migrated.sqlite"), made_in(tmp_path / "new.sqlite")
    triggers = {name for name, ddl in migrated.items() if ddl.lower().startswith("create trigger")}
    assert triggers == {f"{table}_no_{change}" for table in APPEND_ONLY for change in ("update", "delete")}
    assert {name: plain(ddl) for name, ddl in migrated.items()} == {name: plain(ddl) for name, ddl in new.items()}


def test_postgresql_gets_the_same_tables_rules_and_indexes(databases: Databases) -> None:
    migrated, new = databases.new(), databases.new()
    migrated_from_the_first(migrated)
    open_store(new).close()
    assert shape_of(migrated) == shape_of(new)
    guarded = {table for table, facts in shape_of(new).items() if facts["triggers"]}
    assert guarded == set(APPEND_ONLY)


def test_alembic_knows_a_new_store(nowhere: str) -> None:
    open_store(nowhere).close()
    with engine_of(nowhere).connect() as connection:
        assert MigrationContext.configure(connection).get_current_heads() == (SCHEMA_VERSION,)


def shape_of(place: str) -> dict[str, Any]:
    """Columns, checks, keys and indexes per table, as the database itself tells them."""
    found = inspect(engine_of(place))
    return {
        table: {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in found.get_columns(table)],
            "checks": sorted((c["name"], c["sqltext"]) for c in found.get_check_constraints(table)),
            "references": sorted((k["name"], k["referred_table"]) for k in found.get_foreign_keys(table)),
            "unique": sorted(u["name"] for u in found.get_unique_constraints(table)),
            "indexes": sorted((i["name"], i["unique"], str(i["column_names"])) for i in found.get_indexes(table)),
            "triggers": triggers_on(place, table),
        }
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def triggers_on(place: str, table: str) -> list[str]:
    """The triggers of a table on PostgreSQL, each with what it guards against as a number."""
    asked = "select tgname, tgtype from pg_trigger where tgrelid = %s::regclass and not tgisinternal order by 1"
    with psycopg.connect(place) as connection:
        return [f"{name} {kind}" for name, kind in connection.execute(asked, [table]).fetchall()]


def test_the_schema_version_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [SCHEMA_VERSION]
    assert [script.revision for script in scripts.walk_revisions()] == [SCHEMA_VERSION, *reversed(OLDER)]


@pytest.mark.parametrize("version", OLDER)
def test_an_old_migration_still_makes_what_it_made_then(version: str, tmp_path: Path) -> None:
    database = Database(tmp_path / "board.sqlite")
    migrate(database, version)
    database.close()
    golden = (GOLDEN / f"{version}.sql").read_text(encoding="utf-8")
    assert ";\n\n".join(made_in(tmp_path / "board.sqlite").values()) + ";\n" == golden


def filled_at(version: str, place: str) -> None:
    """A store of an older schema with the rows of the export file of that time."""
    database = Database(place)
    migrate(database, version)
    database.close()
    exported = json.loads((GOLDEN / f"{version}.json").read_text(encoding="utf-8"))
    with closing(psycopg.connect(place) if "://" in place else sqlite3.connect(place)) as connection:
        for table, rows in exported["tables"].items():
            for row in rows:
                columns = ", ".join(f'"{name}"' for name in row)
                places = ", ".join(["%s" if "://" in place else "?"] * len(row))
                values = [json.dumps(value) if isinstance(value, dict | list) else value for value in row.values()]
                connection.cursor().execute(f"insert into {table} ({columns}) values ({places})", values)
            if "://" in place and "id" in rows[0]:
                sequence = f"pg_get_serial_sequence('{table}', 'id')"
                connection.cursor().execute(f"select setval({sequence}, {len(rows)})")
        connection.commit()


def see_that_nothing_was_lost(store: Store) -> None:
    """What the export files of older schemas hold, read off the files by hand."""
    (cycle,) = store.cycles.all()
    parent, child = store.objectives_of(cycle.id)
    assert (parent.objective.title, parent.objective.team) == ("Customers stay with us", None)
    assert (child.objective.title, child.objective.parent_id) == ("Customers find help at once", parent.objective.id)
    (measure,) = child.key_results
    assert (measure.key_result.target, measure.key_result.weight) == (Decimal(90), Decimal("1.5"))
    assert measure.key_result.plan == (PlanPoint(date(2026, 11, 1), Decimal("0.5")),)
    assert measure.key_result.where == {"country": ["NL", "BE"]}
    (check_in,) = measure.check_ins
    assert (check_in.value, check_in.confidence, check_in.comment) == (None, 6, "Two markets to go")
    assert [guardrail.upper for guardrail in child.guardrails] == [Decimal("4.5")]
    assert [change.reason for change in store.key_results.target_changes(measure.key_result.id)] == ["Two markets more"]
    assert [target.value for target in store.kvi_targets.all("nps")] == [Decimal("38.5")]
    assert [note.text for note in store.kvi_notes.of("nps")] == ["Strike at the carrier ⚡"]
    draft = store.drafts.get("objective 1", "the owner")
    assert draft is not None
    assert draft.typed == {"title": "Custo", "weight": 1.5}
    assert store.history.of("objectives", child.objective.id)[-1].action == "activated"


@pytest.mark.parametrize("version", OLDER)
def test_a_store_of_an_older_schema_is_brought_up_to_date_with_all_it_holds(version: str, nowhere: str) -> None:
    filled_at(version, nowhere)
    with closing(open_store(nowhere)) as store:
        see_that_nothing_was_lost(store)
        assert [review.sprint for review in store.reviews.all()] == ([] if version == "0001" else ["Sprint 23"])
        assert an_objective(store, store.cycles.all()[0]).version == 1


def test_what_was_written_before_subjects_were_kept_belongs_to_its_name(nowhere: str) -> None:
    filled_at("0008", nowhere)
    with closing(open_store(nowhere)) as store:
        (said,) = store.comments.all()
        assert (said.created_by, said.created_by_subject) == ("the owner", None)
        with pytest.raises(StoreError, match="only they can change it"):
            store.comments.archive(said, author=replace(COLLEAGUE, subject="7"))
        changed = store.comments.edit(replace(said, text="Who?"), author=replace(OWNER, subject="7"))
        assert [entry.created_by_subject for entry in store.history.of("comments", said.id)] == ["7"]
        assert changed.created_by_subject is None
        assert {act.created_by_subject for act in _acts_of(store)} == {None}


def _acts_of(store: Store) -> list[FrozenMeeting]:
    (review,) = store.reviews.all()
    record = store.reviews.whole(review.id)
    return [act for act in (record.opening, record.closing) if act is not None]


@pytest.mark.parametrize("version", OLDER)
def test_an_export_of_an_older_schema_is_imported_with_all_it_holds(version: str, store: Store) -> None:
    rows = store.import_json(GOLDEN / f"{version}.json")
    exported = json.loads((GOLDEN / f"{version}.json").read_text(encoding="utf-8"))
    assert rows == sum(len(table) for table in exported["tables"].values())
    see_that_nothing_was_lost(store)


def test_a_store_of_a_newer_program_is_left_alone(nowhere: str) -> None:
    with closing(open_store(nowhere)) as store:
        cycle = a_cycle(store)
        with engine_of(nowhere).begin() as connection:
            connection.execute(text("update alembic_version set version_num = '9999'"))
        with pytest.raises(StoreError, match=r"newer KVI Board \(schema 9999; this one knows \d{4}\): update KVI"):
            open_store(nowhere)
        assert store.cycles.all() == [cycle]


def test_a_migration_that_fails_leaves_the_store_as_it_was(nowhere: str) -> None:
    filled_at("0001", nowhere)
    with engine_of(nowhere).begin() as connection:
        connection.execute(text("create table review_remarks (in_the_way integer)"))
    with pytest.raises(StoreError, match="already exists"):
        open_store(nowhere)
    with engine_of(nowhere).begin() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalar() == "0001"
        assert not inspect(connection).has_table("reviews")
        connection.execute(text("drop table review_remarks"))
    with closing(open_store(nowhere)) as store:
        see_that_nothing_was_lost(store)


@pytest.mark.parametrize("change", ["update {0} set {1} = {1}", "delete from {0}"])
def test_what_happened_cannot_be_changed_even_behind_the_programs_back(store: Store, place: str, change: str) -> None:
    a_used_board(store)
    a_held_review(store)
    an_answered_check(store)
    for table in APPEND_ONLY:
        (name, *_) = metadata.tables[table].c.keys()
        with pytest.raises(DBAPIError, match="append-only"), engine_of(place).begin() as connection:
            connection.execute(text(change.format(table, name)))


def test_every_rule_has_a_name_of_its_own_and_a_sentence() -> None:
    tables = metadata.sorted_tables
    rules: list[CheckConstraint | Index] = [index for table in tables for index in table.indexes if index.unique]
    rules += [rule for table in tables for rule in table.constraints if isinstance(rule, CheckConstraint)]
    assert len({rule.name for rule in rules}) == len(rules) > 50
    assert [rule.name for rule in rules if not rule.info["sentence"].endswith(".")] == []


def test_everything_others_need_comes_through_one_door() -> None:
    made = {
        name
        for module in (records, reviews.records, outside_in.records, follow_ups.records, comments.records)
        for name, value in vars(module).items()
        if is_dataclass(value) and getattr(value, "__module__", "") == module.__name__
    }
    assert made - set(kviboard.store.__all__) == {"Authored", "Edited", "Graded", "Signed"}
    assert [name for name in kviboard.store.__all__ if not hasattr(kviboard.store, name)] == []
