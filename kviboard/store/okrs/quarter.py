"""The page of a cycle in four queries: objectives, key results, their newest check-ins, guardrails."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, select

from kviboard.store.records import CheckIn, Guardrail, KeyResult, KeyResultRow, Objective, ObjectiveRow
from kviboard.store.rows import records, selection
from kviboard.store.schema import check_ins, guardrails, key_results, objectives

Item = TypeVar("Item")


def objectives_of(
    connection: Connection, cycle_id: int, newest: int = 2, until: datetime | None = None, through: date | None = None
) -> list[ObjectiveRow]:
    """The objectives of a cycle that are not archived, in the order they were made, with all their cards show.

    Each key result comes with its `newest` check-ins by day, newest first, corrected ones left out; the two
    newest that say a value and the newest that says a confidence are always among them. With `until`,
    check-ins said later are unknown: what people saw then. With `through`, those about a later day are left out.
    """
    chosen = (objectives.c.cycle_id == cycle_id) & objectives.c.archived_at.is_(None)
    newest_check_ins = _grouped(
        _newest_check_ins(connection, chosen, newest, until, through), lambda check_in: check_in.key_result_id
    )
    found = _of_objectives(selection(KeyResult, key_results), key_results, chosen)
    measures = _grouped(
        (
            KeyResultRow(item, tuple(newest_check_ins[item.id]))
            for item in records(KeyResult, connection.execute(found))
        ),
        lambda row: row.key_result.objective_id,
    )
    found = _of_objectives(selection(Guardrail, guardrails), guardrails, chosen)
    rails = _grouped(records(Guardrail, connection.execute(found)), lambda rail: rail.objective_id)
    found = selection(Objective, objectives).where(chosen).order_by(objectives.c.id)
    return [
        ObjectiveRow(objective, tuple(measures[objective.id]), tuple(rails[objective.id]))
        for objective in records(Objective, connection.execute(found))
    ]


def _of_objectives(found: Select[Any], table: Any, chosen: Any) -> Select[Any]:
    return (
        found.join(objectives, objectives.c.id == table.c.objective_id)
        .where(chosen, table.c.archived_at.is_(None))
        .order_by(table.c.id)
    )


def _newest_check_ins(
    connection: Connection, chosen: Any, newest: int, until: datetime | None, through: date | None
) -> list[CheckIn]:
    """One look into the index per place and key result: a window over all check-ins takes ten times as long."""
    check_in, correction = check_ins.alias(), check_ins.alias()
    later = select(correction.c.id).where(correction.c.corrects_id == check_in.c.id)
    known = select(check_in.c.id).where(check_in.c.key_result_id == key_results.c.id)
    if until is not None:
        known = known.where(check_in.c.created_at <= until)
        later = later.where(correction.c.created_at <= until)
    if through is not None:
        known = known.where(check_in.c.day <= through)
    ordered = known.where(~later.exists()).order_by(check_in.c.day.desc(), check_in.c.id.desc()).correlate(key_results)
    valued, sure = (ordered.where(part.is_not(None)) for part in (check_in.c.value, check_in.c.confidence))
    looked_up = [*((ordered, place) for place in range(newest)), (valued, 0), (valued, 1), (sure, 0)]
    places = [found.limit(1).offset(place).scalar_subquery() for found, place in looked_up]
    found = selection(CheckIn, check_ins).select_from(
        objectives.join(key_results, key_results.c.objective_id == objectives.c.id).join(
            check_ins, check_ins.c.id.in_(places)
        )
    )
    newest_first = (check_ins.c.day.desc(), check_ins.c.id.desc())
    return records(CheckIn, connection.execute(found.where(chosen).order_by(*newest_first)))


def _grouped(items: Iterable[Item], key: Callable[[Item], Hashable]) -> defaultdict[Hashable, list[Item]]:
    groups: defaultdict[Hashable, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups
