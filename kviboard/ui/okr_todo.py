"""What must I do: the lines on top of the quarter, those of the person at the keyboard first, each with its link."""

from collections.abc import Sequence

from kviboard.board.okr_views import Quarter, Step, Todo
from kviboard.charts.markup import quiet, text
from kviboard.charts.statuses import status
from kviboard.ui.okr_pieces import form_link, story_link

_FIRST, _MOST = 5, 60


def todo_list(quarter: Quarter, todos: Sequence[Todo], who: str) -> str:
    """The lines as HTML, the first few open and the rest folded; empty where nothing waits."""
    if not todos:
        return ""
    mine = [todo for todo in todos if _is_owned_by(owners_of(quarter), todo, who)]
    others = [todo for todo in todos if todo not in mine]
    said = quiet(f"{len(mine)} of {len(todos)} wait for you") if mine else ""
    shown = max(_FIRST, min(len(mine), 2 * _FIRST))
    ordered = [*mine, *others]
    more = _items(ordered[shown:_MOST])
    beyond = len(ordered) - _MOST
    more += quiet(f"And {beyond} more: choose a team to see its own.") if beyond > 0 else ""
    folded = f"<details><summary>{len(ordered) - shown} more</summary>{more}</details>" if more else ""
    return f'<div class="okr-todo">{said}{_items(ordered[:shown])}{folded}</div>'


def next_check_in(quarter: Quarter, who: str) -> int | None:
    """The key result that waits for a check-in next: one's own first."""
    waiting = [todo for todo in quarter.todos if todo.step == Step.CHECK_IN]
    owners = owners_of(quarter)
    ordered = sorted(waiting, key=lambda todo: not _is_owned_by(owners, todo, who))
    return ordered[0].key_result_id if ordered else None


Owners = dict[tuple[int | None, int | None], str]


def owners_of(quarter: Quarter) -> Owners:
    """Who owns what: by the numbers of objective and key result; an objective has no number of a key result."""
    owners: Owners = {}
    for view in quarter.objectives:
        owners[view.record.id, None] = view.record.owner or ""
        owners |= {(view.record.id, part.record.id): part.record.owner or "" for part in view.key_results}
    return owners


def _is_owned_by(owners: Owners, todo: Todo, who: str) -> bool:
    """Whether it waits for this person; a key result that nobody owns waits for the owner of its objective."""
    owner = owners.get((todo.objective_id, todo.key_result_id)) or owners.get((todo.objective_id, None)) or ""
    return bool(who) and owner.casefold() == who.casefold()


def _items(todos: Sequence[Todo]) -> str:
    return f'<ul class="okr-todos">{"".join(map(_item, todos))}</ul>' if todos else ""


def _item(todo: Todo) -> str:
    said = f" {status(todo.status)}" if todo.status and todo.step == Step.LOOK else ""
    return f"<li>{_link(todo)}{said} <b>{text(todo.title)}</b> <span>{text(todo.why)}</span></li>"


def _link(todo: Todo) -> str:
    label = todo.step.capitalize()
    if todo.step == Step.CHECK_IN:
        return form_link(label, "check_in", todo.key_result_id, todo.title)
    if todo.step == Step.NAME_OWNER and todo.key_result_id:
        return form_link(label, "edit_key_result", todo.key_result_id, todo.title)
    if todo.step == Step.NAME_OWNER:
        return form_link(label, "edit_objective", todo.objective_id, todo.title)
    if todo.step == Step.ACTIVATE:
        return form_link(label, "activate", todo.objective_id, todo.title)
    return story_link(label, todo.objective_id) if todo.objective_id else text(label)
