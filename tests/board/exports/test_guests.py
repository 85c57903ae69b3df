"""Shops that sell to guests: set-up asks, and turnover has them while nothing of customers does."""

from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.exports.setup import look_at, plan_for
from tests.board.exports.test_paid_back import board_of
from tests.warehouse.company import published


def shop(nobody: str, every: int = 3, rows: int = 60) -> str:
    """Every third order names nobody."""
    who = [nobody if n % every == 0 else f"k{n % 13}" for n in range(rows)]
    lines = [f"{n},{who[n]},2026-{n % 5 + 1:02}-{n % 27 + 1:02},{n}.25" for n in range(rows)]
    return "\n".join(["Order ID,Customer ID,Order Date,Order Total", *lines, ""])


def frame(text: str, folder: Path) -> pd.DataFrame:
    (folder / "plain.csv").write_text(text)
    return pd.read_csv(folder / "plain.csv", dtype=str, keep_default_na=False)


@pytest.mark.parametrize("nobody", ["", "0", "Guest", "not logged in"])
def test_orders_of_guests_count_where_nobody_says_no(tmp_path: Path, nobody: str) -> None:
    workspace, report = board_of(tmp_path, shop(nobody))
    assert "guest_orders = true" in (workspace.root / "kviboard.toml").read_text()
    assert not report.problems
    rows = frame(shop(nobody), tmp_path)
    named = rows[rows["Customer ID"] != nobody]
    assert published(workspace, "select count(*), sum(amount)::double, count(customer_id) from orders") == [
        (len(rows), rows["Order Total"].astype(float).sum(), len(named))
    ]
    days = named.groupby("Customer ID")["Order Date"].nunique().sum()
    assert published(workspace, "select count(*), count(distinct customer_id) from customer_days") == [(days, 13)]


def test_whoever_says_that_they_are_none_has_them_rejected(tmp_path: Path) -> None:
    workspace, _ = board_of(tmp_path, shop("", every=30), {"export.csv:guests": "no"})
    assert "guest_orders" not in (workspace.root / "kviboard.toml").read_text()
    assert published(workspace, "select count(*) from orders") == [(58,)]


@pytest.mark.parametrize(
    "text",
    [
        shop("", every=1000),  # one slip
        shop("k9"),
        shop("0", every=9),  # as many as of others
        "Order ID,Customer ID,Order Date,Order Total\n" + "1,a,2026-01-01,10\n1,,,\n" * 30,  # lines of orders
    ],
)
def test_nobody_is_asked_where_there_is_nothing_to_ask(tmp_path: Path, text: str) -> None:
    (tmp_path / "export.csv").write_text(text)
    plan = plan_for(look_at([tmp_path / "export.csv"]), {})
    assert [each.key for each in plan.questions if each.key.endswith("guests")] == []


def test_the_question_says_how_many_rows_it_is_about(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(shop(""))
    plan = plan_for(look_at([tmp_path / "export.csv"]), {})
    (asked,) = (each for each in plan.questions if each.key == "export.csv:guests")
    assert asked.text == ("export.csv: Customer ID names nobody in about 20 rows of 60. Are these orders of guests?")
    assert (asked.answer, [answer for answer, _ in asked.options]) == ("yes", ["yes", "no"])
