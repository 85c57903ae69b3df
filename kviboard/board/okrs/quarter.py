"""The quarter on one page: every objective of a cycle with its key results, judged on the data's day; what is owed
for them, check-ins and closing, goes by today's.

Reads only. Writing belongs to `saving` and `lifecycle`, the story of one objective to `story`.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from kviboard.board.context import BoardContext
from kviboard.board.okrs.cards import CHECK_INS_SHOWN, objective_view
from kviboard.board.okrs.past import rows_on
from kviboard.board.okrs.todo import what_to_do
from kviboard.board.okrs.views import COMPANY, ObjectiveLink, ObjectiveView, Quarter
from kviboard.domain.okrs import model as okr
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.okrs.status import Status, elapsed_share
from kviboard.store import Cycle, Objective, ObjectiveRow


def read_quarter(context: BoardContext, cycle_id: int | None = None, day: date | None = None) -> Quarter:
    """A cycle's page: the cycle named, else the one that runs today, else the newest.

    `day` shows it as it was when that day was over (`past`), by the clock, too. Kept until
    somebody saves. Raises StoreError for a cycle that is not there.
    """
    clock = day or context.board.clock_day
    day = day or context.board.today
    key = (cycle_id, day, clock, context.store.history.newest())
    return context.quarters(key, lambda: _read(context, cycle_id, day, clock))


def narrowed(quarter: Quarter, teams: Collection[str] = (), statuses: Collection[str] = ()) -> Quarter:
    """The same quarter with the chosen teams and statuses only; nothing chosen means all of them.

    An objective stays where it or one of its key results has a chosen status.
    `teams` and `statuses`, to choose from, stay whole.
    """
    kept = tuple(
        view
        for view in quarter.objectives
        if (not teams or view.team in teams) and (not statuses or statuses_of(view) & set(statuses))
    )
    ids = {view.record.id for view in kept}
    todos = tuple(todo for todo in quarter.todos if todo.objective_id in ids)
    return replace(quarter, objectives=kept, todos=todos)


def statuses_of(view: ObjectiveView) -> set[Status]:
    """The statuses of an objective and its key results."""
    return {view.status, *(part.status for part in view.key_results)}


def as_cycle(cycle: Cycle) -> okr.Cycle:
    """A cycle as the rules know it."""
    return okr.Cycle(cycle.name, cycle.starts_on, cycle.ends_on)


def _read(context: BoardContext, cycle_id: int | None, day: date, clock: date) -> Quarter:
    cycles = tuple(context.store.cycles.all())
    cycle = _chosen(context, cycles, cycle_id, clock)
    if cycle is None:
        return Quarter(None, (), day, clock, (), (), ())
    earlier = day < context.board.today
    store, newest = context.store, CHECK_INS_SHOWN
    rows = rows_on(context, cycle.id, day, newest) if earlier else store.objectives_of(cycle.id, newest)
    links = _links(context, rows)
    views = tuple(_card(context, row, as_cycle(cycle), (day, clock), links) for row in rows)
    return Quarter(
        cycle=cycle,
        cycles=cycles,
        today=day,
        clock_day=clock,
        objectives=views,
        todos=what_to_do(cycle, views, clock),
        hints=_team_hints(views),
        elapsed=elapsed_share(as_cycle(cycle), clock),
        teams=tuple(sorted({view.team for view in views}, key=lambda team: (team != COMPANY, team))),
    )


def _card(
    context: BoardContext, row: ObjectiveRow, cycle: okr.Cycle, days: tuple[date, date], links: dict[int, ObjectiveLink]
) -> ObjectiveView:
    """The card of an objective; as it was read before where nothing on it changed, so that a save judges one anew."""
    shown = (row, cycle, links.get(row.objective.parent_id or 0))
    return context.cards((row.objective.id, *days), shown, lambda: objective_view(context, row, cycle, *days, links))


def _chosen(context: BoardContext, cycles: Sequence[Cycle], cycle_id: int | None, day: date) -> Cycle | None:
    if cycle_id is not None:
        return context.store.cycles.get(cycle_id)
    running = next((cycle for cycle in cycles if cycle.starts_on <= day <= cycle.ends_on), None)
    return running or (cycles[0] if cycles else None)


def _links(context: BoardContext, rows: Sequence[ObjectiveRow]) -> dict[int, ObjectiveLink]:
    """The parents by number: those of this cycle, others looked up."""
    found = {row.objective.id: link_to(row.objective) for row in rows}
    wanted = {row.objective.parent_id for row in rows if row.objective.parent_id}
    return found | {number: link_to(context.store.objectives.get(number)) for number in wanted - found.keys()}


def link_to(objective: Objective, cycle: str = "") -> ObjectiveLink:
    """An objective to be named and linked to."""
    archived = objective.archived_at is not None
    return ObjectiveLink(objective.id, objective.title, objective.team or COMPANY, cycle, archived)


def _team_hints(views: Sequence[ObjectiveView]) -> tuple[str, ...]:
    counts = Counter(view.team for view in views if view.state != State.CLOSED)
    hints = {team: okr.objective_limit_hint(count) for team, count in sorted(counts.items())}
    return tuple(f"{team}: {hint}" for team, hint in hints.items() if hint)
