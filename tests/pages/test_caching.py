"""What is kept between reruns and visitors: computed once, for as long as it is asked for."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kviboard.board.kvis.reading import View
from kviboard.board.views.views import view_file
from kviboard.caching import shared_cache
from kviboard.errors import StoreError
from kviboard.ui import serve, session
from kviboard.ui.kvis import page as kvis
from kviboard.ui.served import one_look
from kviboard.ui.views import rows_of
from kviboard.workspace import WORKSPACE_VARIABLE


def test_a_result_is_computed_once_for_all_who_ask_at_a_time() -> None:
    computed = []

    @shared_cache(most=2)
    def slow(number: int) -> list[int]:
        computed.append(number)
        time.sleep(0.05)
        return [number]

    answers: list[list[int]] = []
    asking = [threading.Thread(target=lambda: answers.append(slow(7))) for _ in range(8)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert computed == [7]
    assert answers == [[7]] * 8


def test_what_was_not_asked_for_the_longest_is_forgotten_first() -> None:
    computed = []

    @shared_cache(most=2)
    def square(number: int) -> int:
        computed.append(number)
        return number * number

    assert [square(number) for number in (1, 2, 1, 3, 1, 2)] == [1, 4, 1, 9, 1, 4]
    assert computed == [1, 2, 3, 2]
    square.cache_clear()  # type: ignore[attr-defined]
    assert square(2) == 4
    assert computed == [1, 2, 3, 2, 2]


def test_an_error_is_not_kept() -> None:
    tries = []

    @shared_cache(most=2)
    def flaky(name: str) -> str:
        tries.append(name)
        if len(tries) == 1:
            raise StoreError("not now")
        return name

    with pytest.raises(StoreError):
        flaky("a")
    assert flaky("a") == "a"


def test_a_page_shows_one_board_from_top_to_bottom_and_the_next_run_what_changed(
    own_sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(own_sample))
    with one_look():
        before = session.board_key()
        edited = own_sample / "queries" / "views" / "mine.sql"
        edited.parent.mkdir(parents=True, exist_ok=True)
        edited.write_text("-- one row\nselect 1 as one\n")
        assert session.board_key() == before
    assert session.board_key() != before
    with one_look():
        assert session.board_key() != before


@pytest.fixture
def no_trend_kept() -> Iterator[None]:
    """No trend that another test drew, and none that this one left."""
    kvis._trend.cache_clear()  # type: ignore[attr-defined]
    yield
    kvis._trend.cache_clear()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("no_trend_kept")
def test_the_trends_of_all_kvis_are_drawn_before_anybody_asks(
    sample_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(sample_workspace))
    drawn = []
    monkeypatch.setattr(kvis, "trend_chart", lambda *given, **more: drawn.append((given[1], given[4])))
    for _ in serve.steps_ahead():
        pass
    expected = [(kvi.title, grain) for kvi in session.board().kvis.values() for grain in kvi.grains]
    assert sorted(drawn) == sorted(expected)
    assert len(drawn) > 50


def test_rows_that_name_customers_are_kept_nowhere(sample_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(sample_workspace))
    session.targets_set.clear()  # what another test's workspace had would expire between the calls
    names = ("touchpoints", "comments")
    assert [view_file(session.board(), name).is_personal for name in names] == [False, True]
    again = [rows_of(name, View()) is rows_of(name, View()) for name in names]
    assert again == [True, False]
    assert len(rows_of("comments", View())) > 0
