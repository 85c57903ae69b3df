"""Lifts for one transaction the triggers that keep rows as they were written: only to forget a person."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, column
from sqlalchemy import table as table_named

sqlite_master = table_named("sqlite_master", column("type"), column("name"), column("tbl_name"), column("sql"))


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
