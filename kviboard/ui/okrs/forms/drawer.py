"""The forms of the OKRs page by their name in the address. Each has a module of its own."""

from collections.abc import Callable
from functools import partial

from kviboard.ui.forms.drawer import Drawer, draw_drawer
from kviboard.ui.forms.talk import comment_forms
from kviboard.ui.okrs.forms.check_in import draw_check_in, draw_correction
from kviboard.ui.okrs.forms.closing import draw_carry_over, draw_closing
from kviboard.ui.okrs.forms.comment import draw_new_comment
from kviboard.ui.okrs.forms.guardrail import draw_guardrail, draw_new_guardrail
from kviboard.ui.okrs.forms.key_result import draw_key_result, draw_new_key_result
from kviboard.ui.okrs.forms.lifecycle import (
    draw_activation,
    draw_archiving,
    draw_cycle,
    draw_new_cycle,
    draw_reopening,
    draw_restoring,
)
from kviboard.ui.okrs.forms.objective import draw_new_objective, draw_objective
from kviboard.ui.okrs.forms.taking_back import draw_taking_back
from kviboard.ui.okrs.links import FormName
from kviboard.ui.okrs.page import OkrPage

_FORMS: dict[FormName, tuple[str, Callable[[OkrPage, str], None]]] = {
    "add_cycle": ("New cycle", draw_new_cycle),
    "edit_cycle": ("Cycle", draw_cycle),
    "add_objective": ("New objective", draw_new_objective),
    "edit_objective": ("Objective", draw_objective),
    "add_key_result": ("New key result", draw_new_key_result),
    "edit_key_result": ("Key result", draw_key_result),
    "add_guardrail": ("New guardrail", draw_new_guardrail),
    "edit_guardrail": ("Guardrail", draw_guardrail),
    "check_in": ("Check in", draw_check_in),
    "correct": ("Correct a check-in", draw_correction),
    "activate": ("Activate", draw_activation),
    "close": ("Close", draw_closing),
    "reopen": ("Reopen", draw_reopening),
    "carry_over": ("Carry over", draw_carry_over),
    "archive_cycle": ("Archive", draw_archiving),
    "archive_objective": ("Archive", draw_archiving),
    "archive_key_result": ("Archive", draw_archiving),
    "archive_guardrail": ("Archive", draw_archiving),
    "restore_cycle": ("Bring back", draw_restoring),
    "restore_objective": ("Bring back", draw_restoring),
    "restore_key_result": ("Bring back", draw_restoring),
    "restore_guardrail": ("Bring back", draw_restoring),
    "take_back": ("Take back an import", draw_taking_back),
    "comment": ("Comment", draw_new_comment),
}


def draw_form(page: OkrPage) -> None:
    """Draw the form that the address names, if it names one."""
    forms: Drawer = {name: (title, partial(draw, page)) for name, (title, draw) in _FORMS.items()}
    draw_drawer({**forms, **comment_forms(page.context)})
