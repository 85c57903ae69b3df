"""What needs attention: the lines on top of the quarter, those of the person at the keyboard first, with links."""

from collections.abc import Sequence

from kviboard.board.okrs.todo import owners_of
from kviboard.board.okrs.views import Quarter, Todo, TodoAction
from kviboard.components.markup import apart, quiet, text
from kviboard.components.statuses import status
from kviboard.domain.formatting import plural
from kviboard.domain.people import same_person
from kviboard.ui.okrs.links import FormName, form_link, story_link

_FIRST, _MOST = 3, 60
_FORMS: dict[TodoAction, FormName] = {
    TodoAction.ADD: "add_key_result",
    TodoAction.ACTIVATE: "activate",
    TodoAction.CLOSE: "close",
}


def todo_list(quarter: Quarter, todos: Sequence[Todo], who: Sequence[str]) -> str:
    """The lines as HTML, those of the person of these names first, a few open and the rest folded; empty where nothing
    waits."""
    if not todos:
        return ""
    ordered, mine = _own_first(quarter, todos, who)
    note = quiet(f"{mine} of {len(todos)} {plural(mine, 'waits', 'wait')} for you") if mine else ""
    shown = max(_FIRST, min(mine, 10))
    more = _items(ordered[shown:_MOST])
    beyond = len(ordered) - _MOST
    more += quiet(f"And {beyond} more: choose a team to see its own.") if beyond > 0 else ""
    folded = f"<details><summary>{len(ordered) - shown} more</summary>{more}</details>" if more else ""
    return f'<div class="okr-todo">{note}{_items(ordered[:shown])}{folded}</div>'


def next_check_in(quarter: Quarter, who: Sequence[str], done: int) -> int | None:
    """The key result that waits for a check-in after the one just `done`: one's own first."""
    waiting = [todo for todo in quarter.todos if todo.action == TodoAction.CHECK_IN and todo.key_result_id != done]
    ordered, _ = _own_first(quarter, waiting, who)
    return ordered[0].key_result_id if ordered else None


def _own_first(quarter: Quarter, todos: Sequence[Todo], who: Sequence[str]) -> tuple[list[Todo], int]:
    """What waits for this person first, and how much that is."""
    if not who:
        return list(todos), 0
    owners = owners_of(quarter.objectives)
    mine = [same_person(owners.get((todo.objective_id, todo.key_result_id)), *who) for todo in todos]
    first = [todo for todo, own in zip(todos, mine, strict=True) if own]
    return [*first, *(todo for todo, own in zip(todos, mine, strict=True) if not own)], len(first)


def _items(todos: Sequence[Todo]) -> str:
    return f'<ul class="okr-todos">{"".join(map(_item, todos))}</ul>' if todos else ""


def _item(todo: Todo) -> str:
    note = f" {status(todo.status)}" if todo.status and todo.action == TodoAction.OPEN else ""
    return f"<li>{_link(todo)}{note} <b>{apart(todo.title)}</b> <span>{text(todo.why)}</span></li>"


def _link(todo: Todo) -> str:
    label = todo.action.capitalize()
    if todo.action == TodoAction.CHECK_IN:
        return form_link(label, "check_in", todo.key_result_id, todo.title)
    if todo.action == TodoAction.NAME_OWNER and todo.key_result_id:
        return form_link(label, "edit_key_result", todo.key_result_id, todo.title)
    if todo.action == TodoAction.NAME_OWNER:
        return form_link(label, "edit_objective", todo.objective_id, todo.title)
    if todo.action in _FORMS:
        return form_link(label, _FORMS[todo.action], todo.objective_id, todo.title)
    return story_link(label, todo.objective_id)
