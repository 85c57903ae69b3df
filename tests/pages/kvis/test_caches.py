"""What the page of KVIs keeps for all who choose the same, is made anew with whatever it is made of."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.targets import TargetForm, add_note, set_target
from kviboard.board.reviews.meeting import DecisionForm, decide
from kviboard.charts.theme import Chart
from kviboard.components.markup import text
from kviboard.store import Author
from kviboard.ui import session
from kviboard.ui.filters import first_views
from kviboard.ui.kvis import decisions, goals, page
from kviboard.workspace import WORKSPACE_VARIABLE, load_workspace
from tests.clocks import TODAY
from tests.pages.small_shop import Shops

MONTHS, TURNOVER, ANN = View("month"), "turnover", Author("Ann", datetime(2026, 4, 12, 9, tzinfo=UTC))


@pytest.fixture
def shop(shops: Shops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = shops(tmp_path / "shop")
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(folder))
    session.targets_set.clear()  # it is kept for some seconds, and knew the shop of the test before
    return folder


def trend() -> Chart:
    return page._trend(session.board_key(), session.newest_entry(), TURNOVER, MONTHS, True)


def on_chart(chart: Chart) -> str:
    """Everything the chart says, whichever part of its frame or spec has it."""
    return f"{chart.frame.to_pydict()}{chart.spec}"


def catalogue_entry() -> str:
    return " ".join(page._entries(session.board_key(), MONTHS)[TURNOVER])


def goals_of() -> str:
    return goals._drawn(session.board_key(), session.newest_entry(), TURNOVER, "")


def note(said: str) -> None:
    add_note(session.store(), TURNOVER, date(2026, 3, 14), said, author=ANN)


def aim_at(value: str) -> None:
    form = TargetForm(value=value, starts_on=date(2026, 1, 1), reason="agreed")
    set_target(session.board(), session.store(), TURNOVER, MONTHS, form, author=ANN)
    session.targets_set.clear()


def decide_to(what: str) -> None:
    wanted = DecisionForm(kvi=TURNOVER, text=what, owner="Bo", due_on=date(2026, 5, 1))
    decide(session.context(), None, wanted, author=ANN)


def sell(shop: Path, amount: str) -> None:
    with (shop / "exports" / "orders.csv").open("a", encoding="utf-8") as orders:
        orders.write(f"late,C1,2026-03-02,{amount},P1\n")
    refresh_now(load_workspace(shop))


@pytest.mark.parametrize("shown", [lambda: on_chart(trend()), goals_of])
def test_a_new_note_is_shown(shop: Path, shown: Callable[[], str]) -> None:
    assert "The mill stood still" not in shown()
    note("The mill stood still")
    assert "The mill stood still" in shown()


def test_a_trend_is_drawn_once_while_nothing_is_written(shop: Path) -> None:
    assert trend() is trend()
    newest = session.newest_entry()
    note("The mill stood still")
    assert session.newest_entry() > newest


def test_a_target_is_drawn_and_listed_as_soon_as_it_is_set(shop: Path) -> None:
    before = trend(), goals_of()
    aim_at("123456")
    assert set(before[0].frame.column("target").to_pylist()) == {None}
    assert 123456.0 in trend().frame.column("target").to_pylist()
    assert "agreed" in goals_of()
    assert "agreed" not in before[1]


def test_a_new_version_is_shown_by_catalogue_and_trend(shop: Path) -> None:
    before = catalogue_entry(), on_chart(trend()), session.every_reading(MONTHS)[TURNOVER].value
    sell(shop, "70000000")
    value = session.every_reading(MONTHS)[TURNOVER].value
    assert before[2] is not None
    assert value == pytest.approx(before[2] + 70_000_000)
    assert catalogue_entry() != before[0]
    assert "70" in catalogue_entry()
    assert str(value) in on_chart(trend())
    assert str(value) not in before[1]


def test_what_is_drawn_ahead_is_what_the_first_visitor_gets_and_no_older(shop: Path) -> None:
    list(page.draw_ahead())
    first = first_views(session.board())[0]

    def drawn() -> Chart:
        return page._trend(session.board_key(), session.newest_entry(), TURNOVER, first, True)

    ahead = drawn()
    list(page.draw_ahead())
    assert drawn() is ahead
    note("The mill stood still")
    list(page.draw_ahead())
    assert "The mill stood still" in on_chart(drawn())


def test_a_new_decision_is_shown(shop: Path) -> None:
    key = session.board_key()
    assert "Ask them why" not in decisions._drawn(key, session.newest_entry(), TURNOVER, "", TODAY)
    decide_to("Ask them why")
    assert text("Ask them why") in decisions._drawn(key, session.newest_entry(), TURNOVER, "", TODAY)


def test_before_a_period_is_complete_the_list_says_what_there_is_so_far(
    shops: Shops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The data ends on the 20th of its first month."""
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(shops(tmp_path / "new", days=20)))
    assert "so far</small></b>" in catalogue_entry()
    assert "–" not in catalogue_entry()
