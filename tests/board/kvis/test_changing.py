"""A KVI changed by its questions: they are answered from its file, and the file tells how it was counted before."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date

import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.kvis.changing import WORDS, answers_in, changed_text, publish
from kviboard.board.kvis.draft import Draft, file_text
from kviboard.board.kvis.own_files import text_of
from kviboard.board.kvis.questions import UNANSWERED, draft_of
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.tiles import about, changes_text
from kviboard.catalog.front_matter import keys_in, with_keys
from kviboard.domain.kvis.definition import Definition, told_before
from kviboard.workspace import load_workspace
from kviboard.workspace.settings import Company
from tests.board.conftest import kvi_file

ORDERS = Draft("Orders of ours", "They get it.", "They pay.", measure="orders", way="sum", decision="We look.")
BY_HAND = """/*---
# kept by the finance team
title: Turnover   # as invoiced
customer_benefit: >
  Customers get
  what they came for.
company_value: They pay for it.
value: sum(revenue)
unit: currency
better: up
needs: [orders]
---*/
-- of all days
select * from daily
"""


@pytest.fixture
def board(tiny: Callable[..., Board]) -> Board:
    return tiny(orders_of_ours=file_text(ORDERS), by_hand=BY_HAND)


def again(board: Board) -> Board:
    return open_board(load_workspace(board.workspace.root))


def on(board: Board, day: date, monkeypatch: pytest.MonkeyPatch) -> Board:
    """The board as it is now, on a day."""
    monkeypatch.setattr(Company, "today", lambda self: day)
    return again(board)


def test_of_what_a_person_wrote_the_words_are_asked_and_everything_else_stays(board: Board) -> None:
    text = text_of(board.workspace, board.kvis["by_hand"])
    answers = answers_in(board, text)
    assert answers.keys() == set(WORDS)
    assert answers["customer_benefit"].strip() == "Customers get what they came for."
    typed = answers | {
        "title": "Sales: all",
        "customer_benefit": "They get */ it.",
        "owner": "Bo",
        "judged": "week",
    }
    changed = changed_text(text, answers, typed)
    assert changed_text(text, answers, answers) == text
    assert changed == (
        BY_HAND.replace("title: Turnover ", "title: 'Sales: all' ")
        .replace(">\n  Customers get\n  what they came for.", "They get * / it.")
        .replace("[orders]\n", "[orders]\njudged: week\nowner: Bo\n")
    )


def test_what_the_questions_made_is_asked_by_all_of_them_until_somebody_writes_in_its_file(board: Board) -> None:
    text = file_text(ORDERS)
    answers = answers_in(board, text)
    assert draft_of(answers) == ORDERS
    assert changed_text(text, answers, answers | {"measure": "revenue"}) == file_text(
        replace(ORDERS, measure="revenue")
    )
    assert answers_in(board, text.replace("---*/", "# mine\n---*/")).keys() == set(WORDS)
    of_none = replace(ORDERS, table="orders", values=("Tea",), count="rows")  # a product that this export has not
    assert answers_in(board, file_text(of_none)).keys() == set(WORDS)
    assert answers_in(board, "no file at all") == {name: UNANSWERED[name] for name in WORDS}


def test_its_file_tells_how_it_was_counted_before_and_its_number_is_the_new_one(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "orders_of_ours"
    for day, who, change in (
        (date(2026, 4, 1), "Ann", {"measure": "revenue"}),
        (date(2026, 4, 2), "", {"title": "Money of ours", "owner": "Bo"}),
        (date(2026, 4, 3), "Bo", {"better": "down", "judged": "week"}),
    ):
        board = on(board, day, monkeypatch)
        text = text_of(board.workspace, board.kvis[name])
        answers = answers_in(board, text)
        assert "table" in answers  # its questions are asked again, whatever it tells of before
        publish(board, name, changed_text(text, answers, answers | change), who)
    board = again(board)
    assert [asdict(change) for change in board.kvis[name].changed] == [
        {
            "day": date(2026, 4, 1), "by": "Ann", "before": "Orders, all of the period together.", "title": "",
            "is_seen": False,
        },
        {"day": date(2026, 4, 2), "by": "", "before": "", "title": ORDERS.title, "is_seen": False},
        {
            "day": date(2026, 4, 3), "by": "Bo", "before": "More was better. Judged in the periods of most KVIs.",
            "title": "", "is_seen": False,
        },
    ]  # fmt: skip
    assert board.kvis[name].changed_since(date(2026, 4, 2)).by == "Bo"  # another title changes no number
    reading = read_kvi(board, board.kvis[name], View("month"))[0]
    assert reading.history["value"].tolist()[:2] == [35.5, 7.25]  # January's 10 + 20 + 5.50 and February's order
    told = [fact for fact in about(reading) if fact[0].startswith("Until")]
    now = " Every period is counted and judged as it is now, those before that day, too."
    assert told == [
        ("Until 3 Apr 2026", f"More was better. Judged in the periods of most KVIs. Changed by Bo.{now}"),
        ("Until 2 Apr 2026", f"Called “{ORDERS.title}”."),
        ("Until 1 Apr 2026", "Orders, all of the period together. Changed by Ann."),
    ]


def test_a_draft_of_before_takes_no_history_with_it(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = file_text(replace(ORDERS, measure="revenue", way="each", of="orders"))
    board = on(board, date(2026, 4, 1), monkeypatch)
    publish(board, "orders_of_ours", file_text(replace(ORDERS, way="daily")), "Ann")
    board = on(board, date(2026, 4, 2), monkeypatch)
    publish(board, "orders_of_ours", draft, "Bo")
    assert [change.by for change in again(board).kvis["orders_of_ours"].changed] == ["Ann", "Bo"]


def test_a_query_that_is_changed_by_hand_is_told_with_its_formula(board: Board) -> None:
    kvi = board.kvis["by_hand"]
    said = Definition.of(kvi)
    assert told_before(said, Definition.of(replace(kvi, sql="select * from daily where revenue > 0"))) == (
        "Counted by another query or formula: sum(revenue)."
    )
    others = replace(kvi, title="Sales", owner="Ann", decision="We look.", sql=f"  {kvi.sql}\n")
    assert told_before(said, Definition.of(others)) == ""


def test_a_change_in_a_file_is_told_from_the_refresh_on_that_saw_it(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, name = board.workspace, "by_hand"
    refresh_now(here)  # sees it as it is
    file = here.root / "queries" / "kvis" / f"{name}.sql"
    file.write_text(BY_HAND.replace("title: Turnover ", "title: Sales ").replace("sum(revenue)", "sum(orders)"))
    board = on(board, date(2026, 4, 2), monkeypatch)
    assert board.kvis[name].changed == ()
    refresh_now(here)
    was = "Called “Turnover”. Counted by another query or formula: sum(revenue)."
    seen = f"{was} Changed in its file, not on the board; seen on 2 Apr 2026."
    told = f"{seen} Every period is counted and judged as it is now, those before that day, too."
    assert list(changes_text(again(board).kvis[name])) == [("Until 2 Apr 2026 or earlier", told)]
    board = on(board, date(2026, 4, 3), monkeypatch)
    publish(board, name, with_keys(file.read_text(), {"title": "Orders of all", "better": "down"}), "Ann")
    refresh_now(here)  # the file tells of this one itself
    assert list(changes_text(again(board).kvis[name]))[1:] == [("Until 2 Apr 2026 or earlier", seen)]
    assert keys_in(file.read_text())["changed"] == [
        {"day": date(2026, 4, 3), "before": "More was better.", "by": "Ann", "title": "Sales"}
    ]
    assert again(board).kvis["orders_of_ours"].changed == ()


def test_a_new_kvi_has_no_history(board: Board) -> None:
    publish(board, "brand_new", file_text(replace(ORDERS, title="Brand new")), "Ann")
    assert again(board).kvis["brand_new"].changed == ()


def test_a_history_that_cannot_be_read_is_said(tiny: Callable[..., Board]) -> None:
    board = tiny(turnover=kvi_file(more="changed: [{day: 2026-04-01}]"))
    problem = next(each for each in board.catalog.problems if "changed" in str(each))
    assert "as {day: 2026-11-30, by: who, before: how it was}" in str(problem)
    assert keys_in(with_keys(kvi_file(), {"changed": [{"day": date(2026, 4, 1), "before": "So."}]}))["changed"] == [
        {"day": date(2026, 4, 1), "before": "So."}
    ]
