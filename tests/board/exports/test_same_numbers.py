"""A shop and its tills, or two surveys, that number their rows alike: it is asked whether these are the same ones."""

from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.domain.recognition.plan import APART, TOGETHER
from kviboard.workspace import load_workspace
from tests.warehouse.company import published

SHOP = "Order Number,Customer Email,Order Date,Order Total\n"
TILL = "Order Number,Customer Email,Order Date,Order Total,Register\n"
CES = "Response ID,Customer ID,Date,Score,Comment\n"
NPS = "Response ID,Customer ID,Date,NPS Score\n"


def sales(first: int, customer: str, end: str = "") -> str:
    """Ten orders of 1.50, 2.50 and so on."""
    return "".join(f"{first + n},{customer}{n}@x.org,2026-03-{n + 1:02},{n + 1}.50{end}\n" for n in range(10))


def asked(folder: Path, **files: str) -> list[Path]:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return [folder / f"{name}.csv" for name in files]


@pytest.mark.usefixtures("exports_alone")
@pytest.mark.parametrize(
    ("answer", "orders", "turnover"),
    [
        (APART, 20, 2 * 60.0),
        (TOGETHER, 14, 60.0 + 1.5 + 2.5 + 3.5 + 4.5),  # the first four of the shop are not in the till
    ],
)
def test_equal_numbers_are_orders_of_their_own_or_the_same(
    tmp_path: Path, answer: str, orders: int, turnover: float
) -> None:
    paths = asked(tmp_path, a_shop=SHOP + sales(1000, "a"), b_till=TILL + sales(1004, "b", ",2"))
    seen = look_at(paths)
    (question,) = plan_for(seen).open_questions
    assert question.text == ("b_till.csv: its Order Number may stand in a_shop.csv, too. Are these the same orders?")
    build(tmp_path / "board", plan_for(seen, {question.key: answer}), paths, Company())
    workspace = load_workspace(tmp_path / "board")
    refresh_now(workspace)
    assert published(workspace, "select count(*), sum(amount)::double from orders") == [(orders, turnover)]
    (tmp_path / "board" / "exports" / "b_till.csv").write_text(
        TILL + sales(1004, "b", ",2").replace(",1.50", ",101.50")
    )
    refresh_now(workspace)  # exported anew, an order is still the one it was
    assert published(workspace, "select count(*), sum(amount)::double from orders") == [(orders, turnover + 100)]


@pytest.mark.usefixtures("exports_alone")
def test_answers_to_two_surveys_are_kept_apart(tmp_path: Path) -> None:
    rows = [f"{n},c{n},2026-03-{n + 1:02},{n % 11}" for n in range(20)]
    paths = asked(tmp_path, ces=CES + "".join(f"{row},fine\n" for row in rows), nps=NPS + "\n".join([*rows, ""]))
    seen = look_at(paths)
    (question,) = plan_for(seen).open_questions
    build(tmp_path / "board", plan_for(seen, {question.key: APART}), paths, Company())
    workspace = load_workspace(tmp_path / "board")
    refresh_now(workspace)
    assert published(workspace, "select count(*), sum(score) from responses") == [
        (40, 2 * sum(n % 11 for n in range(20)))
    ]


def test_other_numbers_ask_nothing(tmp_path: Path) -> None:
    paths = asked(tmp_path, a_shop=SHOP + sales(1000, "a"), b_till=TILL + sales(1010, "b", ",2"))
    assert plan_for(look_at(paths)).open_questions == ()
