"""The benchmarks run, and what they compare agrees. How fast it is, is not a matter for tests."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser
from streamlit.testing.v1 import AppTest

from kviboard.board.board import Board, open_board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tables import answer
from kviboard.workspace import SAMPLE_WORKSPACE, load_workspace
from tests.benchmarks import against, crowd, evaluate, one_export, pages, plain_page, refresh, superset
from tests.benchmarks.generate import CUSTOMERS, EVENTS, generate
from tests.browser.server import Server, serving
from tests.once import once, shared_folder
from tests.warehouse.company import TEN_ORDERS, company

SCALE = 0.0015  # so many tickets that one is opened on the last day


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated workspace of 150,000 events, not refreshed."""
    return once(shared_folder(tmp_path_factory) / "small", lambda folder: generate(folder, SCALE))


@pytest.fixture(scope="module")
def compared(small: Path) -> refresh.Comparison:
    return refresh.compare(small)


def test_the_generator_makes_the_same_rows_every_time(small: Path, tmp_path: Path) -> None:
    generate(tmp_path, SCALE)
    for name in ("customers", "orders", "responses", "tickets", "activity-01", "activity-24"):
        one, other = ([folder / "exports" / f"{name}.parquet"] for folder in (small, tmp_path))
        assert refresh.differing_rows(one, other) == 0


def test_the_generator_makes_as_many_rows_as_it_says(small: Path) -> None:
    assert refresh.rows_in(small / "exports" / "customers.parquet") == CUSTOMERS * SCALE
    assert refresh.rows_in(small / "exports" / "activity-*.parquet") == EVENTS * SCALE


def test_customers_fill_nearly_all_of_the_200_slices(small: Path) -> None:
    assert refresh.slices_in(small / "exports" / "customers.parquet") > 180


def test_the_refresh_and_the_script_by_hand_make_the_same_tables(compared: refresh.Comparison) -> None:
    for differing in (compared.differing_rows, compared.differing_next_day):
        assert len(differing) > 20
        assert {name: rows for name, rows in differing.items() if rows} == {}
    assert all(run.seconds > 0 and run.peak_mb > 10 for run in [*compared.board, *compared.hand, *compared.next_day])


@pytest.fixture(scope="module")
def large(compared: refresh.Comparison, small: Path) -> Board:
    """The generated workspace's board, opened after the comparison, which refreshes it from nothing."""
    return evaluate.open_large(small)


def test_a_refresh_is_timed_where_one_export_changed_and_where_nothing_did(tmp_path: Path) -> None:
    company(tmp_path, orders_csv=TEN_ORDERS)
    found = list(one_export.changed(tmp_path, "orders.csv", times=1))
    assert [what.split(", ")[1] for what, _ in found] == ["in the board", "in the board", "by command"]
    (_, changed), (_, same), _ = found
    assert 0 < same < changed


def test_every_kvi_is_timed_after_each_change(large: Board) -> None:
    assert not large.waiting
    timings = [evaluate.time_kvi(large, kvi, times=1) for kvi in large.kvis.values()]
    assert all(milliseconds > 0 for timing in timings for milliseconds in timing.ms.values())


@pytest.mark.parametrize("name", evaluate.RAW)
def test_a_kvi_is_the_same_from_the_raw_exports(large: Board, small: Path, name: str) -> None:
    timing = evaluate.time_raw(large, name, small / "exports")
    assert timing.largest_difference < 1e-9


@pytest.fixture(scope="module")
def served(sample_workspace: Path) -> Iterator[Server]:
    with serving(sample_workspace) as server:
        yield server


@pytest.fixture(scope="module")
def board(sample_workspace: Path) -> Board:
    return open_board(load_workspace(sample_workspace))


def test_waits_are_measured_for_each_page(browser: Browser, served: Server, board: Board) -> None:
    found = pages.measure(browser, served, board, times=1, loads=1)
    assert [waits.page for waits in found] == list(pages.TIMED_PAGES)
    for waits in found:
        assert all(
            milliseconds > 0
            for kind in (waits.warm, waits.cold, waits.change, waits.load, waits.reload)
            for milliseconds in kind
        )
        assert all((waits.warm, waits.cold, waits.load, waits.reload))
    assert found[-1].page == "KVIs"
    assert found[-1].change  # This week has no choice of grains


@pytest.fixture(scope="module")
def by_pandas() -> dict[str, pd.DataFrame]:
    return plain_page.read_exports(SAMPLE_WORKSPACE / "exports")


@pytest.mark.parametrize("country", [None, "Netherlands"])
@pytest.mark.parametrize("grain", plain_page.GRAINS)
def test_the_plain_page_shows_the_numbers_of_the_board(
    board: Board, by_pandas: dict[str, pd.DataFrame], grain: str, country: str | None
) -> None:
    view = View(grain.lower(), None, None, None, (("country", (country,)),) if country else ())
    found = plain_page.kvis(by_pandas, grain, country)
    assert [*found] == [*plain_page.TITLES]
    for name, series in found.items():
        asked = answer(board, board.kvi(name), view)
        expected = pd.Series(asked["value"].to_numpy(float), pd.to_datetime(asked["period"])).dropna()
        assert len(expected) > 15
        compared = series.astype(float).reindex(expected.index)
        assert list(compared) == pytest.approx(list(expected), rel=1e-3), name  # it keeps some rows set aside here


def test_the_plain_page_draws_its_fourteen_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPORTS", str(SAMPLE_WORKSPACE / "exports"))
    page = AppTest.from_file(plain_page.__file__, default_timeout=60).run()
    assert not page.exception
    assert len(page.get("vega_lite_chart")) == 14


def test_contenders_are_timed_in_turn_and_say_what_they_have(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(against, "CLICKS", 3)  # there and back, and there again
    with against.static(SAMPLE_WORKSPACE / "exports", tmp_path) as page:
        other = against.Contender("other", page.url, "*", has_choice=False)
        against.measure(browser, [page, other], rounds=1)
    assert len(page.click) == against.CLICKS
    assert min(*page.load, *page.reload, *page.click, *other.load, *other.reload) > 0
    assert [len(each.row()) for each in (page, other)] == [len(against.HEADS)] * 2
    assert other.row()[3:] == ("–", "–", "–")


def test_a_contender_is_timed_to_its_last_chart(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        "<p></p><script>for (const wait of [1, 900]) setTimeout(() => "
        "document.querySelector('p').append(document.createElement('canvas')), wait)</script>"
    )
    last = ":nth-match(canvas, 2)"
    page = against.Contender("", f"file://{tmp_path}/index.html", "*", has_choice=False, whole=last)
    against.measure(browser, [page], rounds=1)
    assert min(*page.load, *page.reload) >= 900


def test_superset_places_each_chart_once() -> None:
    charts = {title: number for number, title in enumerate(plain_page.TITLES.values(), start=1)}
    places = superset.layout(charts)
    placed = [each["meta"] for each in places.values() if isinstance(each, dict) and each["type"] == "CHART"]
    assert {each["sliceName"]: each["chartId"] for each in placed} == charts
    reached = [child for each in places.values() if isinstance(each, dict) for child in each["children"]]
    assert sorted(reached) == sorted({*places} - {"ROOT_ID", "DASHBOARD_VERSION_KEY"})


def test_people_are_served_at_once(served: Server, board: Board) -> None:
    met = crowd.measure(served, board, people=7, seconds=2, think=0.4)
    assert met.troubles == []
    assert len(met.waits) >= 7
    assert min(met.waits) > 0


def test_a_further_session_costs_less_than_what_all_share(served: Server, board: Board) -> None:
    crowd.mb_of_a_session(served, 1)  # what is kept for all is there
    assert crowd.mb_of_a_session(served, 5) < 10


def test_what_goes_wrong_for_somebody_is_counted(served: Server, board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "url", "http://127.0.0.1:9")  # nobody listens there
    met = crowd.measure(served, board, people=2, seconds=0, think=0)
    assert (met.waits, len(met.troubles)) == ([], 2)


def test_the_start_is_timed_until_the_first_page_is_drawn(browser: Browser, sample_workspace: Path) -> None:
    assert 0 < pages.start_ms(browser, sample_workspace) < 60_000
