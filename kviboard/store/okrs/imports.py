"""What an import brought in, what people recorded on it since, and taking it back: the rest is archived, nothing is
deleted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from kviboard.errors import StoreError
from kviboard.store.database import Database
from kviboard.store.okrs.incoming import BROUGHT_IN
from kviboard.store.records import Cycle, Objective, Signed
from kviboard.store.rows import records, selection
from kviboard.store.saving import Author
from kviboard.store.schema import audit, cycles, key_results, metadata, objectives

_MOST = 5  # imports that are looked at
_WHY = "its import was taken back"


@dataclass(frozen=True)
class Recorded:
    """Why an objective stays: the first that was recorded on it, or on what belongs to it, since its import."""

    objective: Objective
    what: str  # "check-in added", "activated"
    entry: Signed


@dataclass(frozen=True, kw_only=True)
class Import(Signed):
    """The objectives that one import brought in and nobody archived; `id` is the number of its first entry in the
    audit. `cycles` are those it made that nothing else is in."""

    untouched: tuple[Objective, ...]
    key_results: int  # of the untouched ones
    cycles: tuple[Cycle, ...]
    recorded: tuple[Recorded, ...]


class Imports:
    """The imports of OKRs, each as a whole."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, whose: Author) -> list[Import]:
        """The latest ones of a person of which something can still be taken back, newest first."""
        with self._database.reading() as connection:
            stamps = [stamp for stamp in _stamps(connection) if whose.wrote(stamp)][:_MOST]
            found = [_read(connection, stamp) for stamp in stamps]
        return [each for each in found if each.untouched]

    def take_back(self, number: int, *, author: Author) -> Import:
        """Archives what an import brought in and nobody recorded anything on; returns what that was and what stays."""
        with self._database.saving(author) as save:
            stamp = next((each for each in _stamps(save.connection) if each.id == number), None)
            if stamp is None or not author.wrote(stamp):
                raise StoreError("There is no import of yours with this number: open the form from the page.")
            found = _read(save.connection, stamp)
            if save.repeated(objectives) is None:
                for objective in found.untouched:
                    gone = {"archived_at": save.at}
                    save.change(objectives, objective.id, objective.version, gone, "archived", _WHY)
                for cycle in found.cycles:
                    save.change(cycles, cycle.id, cycle.version, {"archived_at": save.at}, "archived", _WHY)
            return found


def _stamps(connection: Connection) -> list[Signed]:
    """When imports were made and by whom, newest first: all that one brings in has one time."""
    stamp = (audit.c.created_at, audit.c.created_by, audit.c.created_by_subject)
    first = func.min(audit.c.id).label("id")
    found = select(first, *stamp).where(audit.c.action == BROUGHT_IN, audit.c.row_of == objectives.name)
    return [Signed(**row._mapping) for row in connection.execute(found.group_by(*stamp).order_by(first.desc()))]


def _read(connection: Connection, stamp: Signed) -> Import:
    at_once = (audit.c.created_at == stamp.created_at, audit.c.created_by == stamp.created_by)
    which = select(audit.c.id, audit.c.row_of, audit.c.row_id)
    entries = connection.execute(which.where(audit.c.action == BROUGHT_IN, *at_once)).all()
    brought = {table: {each.row_id for each in entries if each.row_of == table} for table in ("cycles", "objectives")}
    last = max(each.id for each in entries)
    found = selection(Objective, objectives).where(
        objectives.c.id.in_(brought["objectives"]), objectives.c.archived_at.is_(None)
    )
    there = {each.id: each for each in records(Objective, connection.execute(found.order_by(objectives.c.id)))}
    recorded = {number: Recorded(there[number], *said) for number, said in _recorded(connection, there, last)}
    untouched = tuple(each for each in there.values() if each.id not in recorded)
    emptied = _emptied(connection, brought["cycles"], [each.id for each in untouched])
    moved = _first_since(connection, last, ((cycles.name, each.id) for each in emptied))
    count = select(func.count()).where(
        key_results.c.objective_id.in_([each.id for each in untouched]), key_results.c.archived_at.is_(None)
    )
    return Import(
        **vars(stamp),
        untouched=untouched,
        key_results=connection.execute(count).scalar_one(),
        cycles=tuple(each for each in emptied if (cycles.name, each.id) not in moved),
        recorded=tuple(recorded.values()),
    )


def _first_since(connection: Connection, last: int, rows: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Row[Any]]:
    """The first entry of the audit about each of these rows of tables after the number `last`, where there is one."""
    numbers, since = defaultdict[str, set[int]](set), dict[tuple[str, int], Row[Any]]()
    for table, row in rows:
        numbers[table].add(row)
    for table, some in numbers.items():
        about = (audit.c.row_of == table, audit.c.row_id.in_(some), audit.c.id > last)
        for entry in connection.execute(select(audit).where(*about).order_by(audit.c.id)):
            since.setdefault((table, entry.row_id), entry)
    return since


def _recorded(
    connection: Connection, there: Mapping[int, Objective], last: int
) -> Iterator[tuple[int, tuple[str, Signed]]]:
    """The objectives on which, or on whose key results, something was recorded after an entry, the first of it last."""
    its = select(key_results.c.id, key_results.c.objective_id).where(key_results.c.objective_id.in_(there))
    of_result = {row.id: row.objective_id for row in connection.execute(its)}
    around = list(_around(connection, there, of_result))
    since = _first_since(connection, last, ((table, row) for table, row, _ in around))
    found = [(since[table, row], objective) for table, row, objective in around if (table, row) in since]
    for entry, objective in sorted(found, key=lambda each: -each[0].id):
        is_own = (entry.row_of, entry.row_id) == (objectives.name, objective)
        what = entry.action if is_own else f"{metadata.tables[entry.row_of].info['noun']} {entry.action}"
        signed = Signed(
            id=entry.id, created_at=entry.created_at, created_by=entry.created_by,
            created_by_subject=entry.created_by_subject,
        )  # fmt: skip
        yield objective, (what, signed)


def _around(
    connection: Connection, there: Mapping[int, Objective], of_result: Mapping[int, int]
) -> Iterator[tuple[str, int, int]]:
    """The rows that are or name one of these objectives or key results, each with the objective: table, row, it."""
    yield from ((objectives.name, number, number) for number in there)
    homes: dict[str, Mapping[int, int]] = {
        objectives.name: {number: number for number in there},
        key_results.name: of_result,
    }
    for table in metadata.sorted_tables:
        naming = {key.parent: homes[key.column.table.name] for key in table.foreign_keys
                  if key.column.table.name in homes}  # fmt: skip
        if naming:
            named = or_(*(column.in_(home) for column, home in naming.items()))
            for row in connection.execute(select(table.c.id, *naming).where(named)):
                for column, home in naming.items():
                    if row._mapping[column] in home:
                        yield table.name, row.id, home[row._mapping[column]]
    goals = metadata.tables["reviews"]
    for row in connection.execute(select(goals.c.id, goals.c.goal_key_results)):
        yield from ((goals.name, row.id, of_result[each]) for each in row.goal_key_results if each in of_result)


def _emptied(connection: Connection, numbers: set[int], leaving: list[int]) -> list[Cycle]:
    """Those of some cycles in which nothing is once these objectives are gone."""
    stays = select(objectives.c.id).where(
        objectives.c.cycle_id == cycles.c.id, objectives.c.archived_at.is_(None), objectives.c.id.not_in(leaving)
    )
    found = selection(Cycle, cycles).where(
        cycles.c.id.in_(numbers), cycles.c.archived_at.is_(None), ~stays.correlate(cycles).exists()
    )
    return records(Cycle, connection.execute(found))
