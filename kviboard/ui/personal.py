"""Customers by name: only for those with the right to see them, and never kept longer than they are shown."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import streamlit as st

from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tables import to_csv_file
from kviboard.board.views.views import Given, plain, read_view
from kviboard.components.markup import quiet
from kviboard.errors import Problem
from kviboard.ui import session
from kviboard.ui.access import visitor
from kviboard.ui.style import draw_html
from kviboard.warehouse.manifest import ExportDecision


def sees_customers() -> bool:
    """Whether the visitor may see customers by name; where not, that is said in a sentence."""
    if visitor().sees_customers:
        return True
    draw_html(quiet("Single customers are shown to people with the right to see them: ask an admin."))
    return False


def without_rows(problem: Problem) -> Problem:
    """A problem as the visitor may read it: what is wrong, and an example of a row only with the right to see
    customers."""
    return problem if visitor().sees_customers else replace(problem, hint="")


def decision_shown(decision: ExportDecision) -> ExportDecision:
    """A decision as the visitor may read it, by the same rule."""
    return decision if visitor().sees_customers else decision.model_copy(update={"example": ""})


def draw_personal_csv(name: str, view: View, label: str = "All of them as CSV", **given: Given) -> None:
    """A button that downloads the rows of a view that names customers; they are read when it is pressed."""
    board = session.board()
    draw_personal_rows(name, lambda: read_view(board, name, view, **given), label)


def draw_personal_rows(name: str, read: Callable[[], pd.DataFrame], label: str) -> None:
    """A button that downloads rows that name customers, read when it is pressed."""
    st.download_button(
        label,
        lambda: to_csv_file(plain(read())) if visitor().sees_customers else b"",
        f"{name}.csv",
        "text/csv",
        on_click="ignore",
        key=f"csv-{name}",
        help="The values shown, in full",
    )
