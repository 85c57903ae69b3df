"""The triggers that keep rows as they were written, and how they are lifted for one transaction: only to forget a
person."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, column
from sqlalchemy import table as table_named

sqlite_master = table_named("sqlite_master", column("type"), column("name"), column("tbl_name"), column("sql"))


def triggers_of(tables: Iterable[str], dialect: str) -> Iterator[str]:
    """SQL that makes them, statement by statement: rows of these tables can be added, never changed or deleted."""
    if dialect == "sqlite":
        for table in tables:
            for verb in ("update", "delete"):
                yield (
                    f"create trigger {table}_no_{verb} before {verb} on {table} "
                    f"begin select raise(abort, '{table} is append-only'); end"
                )
        return
    yield (
        "create or replace function refuse_change() returns trigger language plpgsql as "
        "$$ begin raise exception '% is append-only', tg_table_name; end $$"
    )
    for table in tables:
        yield (
            f"create trigger {table}_append_only before update or delete or truncate on {table} "
            "for each statement execute function refuse_change()"
        )


@contextmanager
def append_only_off(connection: Connection, table: str) -> Iterator[None]:
    """Rows of this table may be changed by this transaction until the block ends; by no other."""
    if connection.dialect.name != "sqlite":
        trigger = f"trigger {table}_append_only"
        connection.exec_driver_sql(f"alter table {table} disable {trigger}")
        yield
        connection.exec_driver_sql(f"alter table {table} enable {trigger}")
        return
    written = sqlite_master.select().where(sqlite_master.c.type == "trigger", sqlite_master.c.tbl_name == table)
    triggers = connection.execute(written).all()
    for each in triggers:
        connection.exec_driver_sql(f"drop trigger {each.name}")
    yield
    for each in triggers:
        connection.exec_driver_sql(each.sql)
