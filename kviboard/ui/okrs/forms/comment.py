"""The form of a comment on an objective or on one of its key results."""

from kviboard.errors import StoreError
from kviboard.store import NewComment
from kviboard.ui.forms.saving import number
from kviboard.ui.forms.talk import draw_comment
from kviboard.ui.okrs.page import OkrPage


def draw_new_comment(page: OkrPage, of: str) -> None:
    """A comment on the objective with this number, or on a key result of it."""
    view = page.quarter.objective(number(of))
    if view is None:
        raise StoreError("That objective is not in this cycle: open the form from its story.")
    about = {f"The objective: {view.record.title}": NewComment(text="", objective_id=view.record.id)}
    about |= {part.record.title: NewComment(text="", key_result_id=part.record.id) for part in view.key_results}
    draw_comment(page.context, f"comment on objective {view.record.id}", about)
