"""The Customers page without a browser: each part, the list's filters, one customer, and who may see names."""

import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from kviboard.board.board import Board
from kviboard.domain.access import Person
from kviboard.domain.formatting import format_value
from kviboard.workspace import WORKSPACE_VARIABLE
from tests.pages.drawn import words
from tests.pages.small_shop import Shops
from tests.pages.visits import visit


@pytest.fixture
def opened(sample_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Opens the page on the sample with choices in its address."""
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(sample_workspace))

    def run(**choices: str) -> AppTest:
        app = visit("customers", **choices)
        assert not app.exception
        return app

    return run


def said(app: AppTest) -> str:
    return words(app).replace("\u00a0", " ").replace("&#58;", ":")


def month(board: Board, first: str, after: str) -> str:
    sql = f"select cast(sum(amount) as double) as revenue from orders where day >= '{first}' and day < '{after}'"
    return format_value(board.reader.frame(sql)["revenue"].iloc[0], "currency").replace("\u00a0", " ")


def test_it_begins_with_what_customers_bring_and_whom_we_win(opened: Callable[..., AppTest]) -> None:
    shown = said(opened())
    assert "in the 12 months to 31 Oct 2026" in shown
    assert "show a sign of leaving" in shown
    assert "What they bring in their first year" in shown
    assert "Q3 2025" in shown


def test_it_keeps_months_and_measure_in_the_address(opened: Callable[..., AppTest]) -> None:
    shown = said(opened(part="keep", measure="ordering", range="6m"))
    assert shown.count('<tr><th scope="row">') == 6
    assert "customers ordered in month 0" in shown


def test_the_bridge_goes_from_one_month_s_revenue_to_the_next(
    opened: Callable[..., AppTest],
    sample_board: Board,
) -> None:
    before, now = month(sample_board, "2026-07-01", "2026-08-01"), month(sample_board, "2026-08-01", "2026-09-01")
    shown = said(opened(part="grow", grain="month", at="2026_08"))
    assert f"Aug 2026: from {before} to {now};" in shown
    rows = [figures(row) for row in shown.split('<th scope="row">')[1:]]
    assert len(rows) == 12
    assert [round(sum(moves), 2) for *moves, _ in rows] == [closing for *_, closing in rows]


def figures(row: str) -> list[float]:
    """The amounts of a table's row."""
    cells = [cell.rpartition(">")[2].replace("−", "-") for cell in row.split("</td>")[:-1]]
    return [float("".join(sign for sign in cell if sign in "-.0123456789")) for cell in cells]


def test_a_quarter_that_is_not_over_is_called_so(opened: Callable[..., AppTest]) -> None:
    shown = said(opened(part="grow", grain="quarter"))
    assert "Q4 2026 (so far)" in shown
    assert (
        "A quarter so far is compared with the whole one before: who has not bought again yet counts as lost" in shown
    )
    assert "Q3 2026: from" in shown


def test_segments_are_sorted_by_the_column_chosen(opened: Callable[..., AppTest]) -> None:
    shown = said(opened(part="segments", by="segment", sort="customers"))
    order = [shown.index(f">{name}</a>") for name in ("Households", "Small business", "Enterprise", "Unknown")]
    assert order == sorted(order)


def test_expected_value_is_shown_with_its_trial(opened: Callable[..., AppTest]) -> None:
    shown = said(opened(part="worth"))
    assert "Tried on 1 Jan – 31 Oct 2026" in shown
    assert "not a promise" in shown


def test_the_list_follows_its_filters_and_opens_customers(opened: Callable[..., AppTest], sample_board: Board) -> None:
    waiting = sample_board.reader.frame(
        "select distinct customer_id from tickets where closed_at is null and kind = 'complaint'"
    )["customer_id"]
    shown = said(opened(part="leaving", sign="complaint_open"))
    assert f"{len(waiting)} customers" in shown
    assert all(f"customer={name}" in shown for name in waiting)


def test_a_cohort_opens_its_customers(opened: Callable[..., AppTest], sample_board: Board) -> None:
    sql = "select count(*) as n from customers where signed_up_on between date '2026-07-01' and date '2026-07-31'"
    shown = said(opened(part="leaving", joined="2026_07"))
    assert "Only customers who came in Jul 2026" in shown
    assert f"{sample_board.reader.frame(sql)['n'].iloc[0]} customers" in shown


def test_one_customer_is_told_from_first_to_last(opened: Callable[..., AppTest], sample_board: Board) -> None:
    sql = "select name, count(*) as n from customers natural join orders where customer_id = 'C2068' group by name"
    known = sample_board.reader.frame(sql).iloc[0]
    shown = said(opened(customer="C2068"))
    assert known["name"] in shown
    assert f"<dt>Orders</dt><dd>{known['n']}</dd>" in shown
    assert "5 of 10 · “I had hoped for more." in shown


def test_the_csv_of_a_customer_has_what_was_done_for_them_too(
    opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(
        "kviboard.ui.personal.st.download_button", lambda label, data, name, *_, **__: files.update({name: data})
    )
    shown = said(opened(customer="C3692"))
    rows = pd.read_csv(io.BytesIO(files["customer_timeline.csv"]()))
    assert rows["day"].is_monotonic_decreasing
    (call,) = rows[rows["kind"] == "open call"]["what"]
    assert call in shown
    assert {"order", "answer", "use"} <= set(rows["kind"])


def test_without_orders_one_customer_is_shown_without_revenue(
    shops: Shops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shops(tmp_path / "shop", exports=("customers", "activity", "responses", "tickets"))
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(folder))
    app = visit("customers", customer="C3")
    shown = said(app)
    assert not app.exception
    for fact in ("Orders", "Last 12 months", "In all", "By spending"):
        assert f"<dt>{fact}</dt><dd>–</dd>" in shown


def test_it_says_whom_it_does_not_count_as_new_where_no_sign_up_is_known(
    shops: Shops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., AppTest]
) -> None:
    left_out = "first seen in the first 28 days of an export is not counted"
    assert left_out not in said(opened())
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(shops(tmp_path / "shop", exports=("orders",))))
    assert left_out in said(visit("customers"))


def test_nobody_becomes_a_customer_by_a_first_answer(
    shops: Shops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First answers, drawn as new customers, become fewer and fewer where the same customers are asked again."""
    for exports, is_told in ((("responses",), True), (("orders",), False)):
        monkeypatch.setenv(WORKSPACE_VARIABLE, str(shops(tmp_path / exports[0], exports=exports)))
        app = visit("customers")
        assert not app.exception
        assert ("needs the customers, the orders or the activity export" in said(app)) == is_told
        assert ("by the way they came" in said(app)) != is_told


def test_one_customers_page_has_no_bar_of_periods_since_it_is_whole(opened: Callable[..., AppTest]) -> None:
    assert [each.label for each in opened(customer="C3692").selectbox if each.label == "Range"] == []
    assert [each.label for each in opened().selectbox if each.label == "Range"] == ["Range"]


@pytest.mark.parametrize("name", ["nobody", "C2068' or true --"])
def test_an_unknown_customer_gets_a_sentence(opened: Callable[..., AppTest], name: str) -> None:
    assert "No customer has this id in the data" in said(opened(customer=name))


@pytest.mark.parametrize("choices", [{"part": "leaving"}, {"part": "worth"}, {"customer": "C2068"}])
def test_customers_are_named_only_to_who_may_see_them(
    opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, choices: dict[str, str]
) -> None:
    person = Person("Vi", "vi", "admin", sees_customers=False)
    monkeypatch.setattr("kviboard.ui.personal.visitor", lambda: person)
    app = opened(**choices)
    assert "shown to people with the right to see them" in said(app)
    assert "customer=C" not in said(app)
    assert "Hotel group" not in said(app)
    personal = [button for button in app.get("download_button") if "All of" in button.proto.label]
    assert personal == []


def test_wrong_choices_are_left_out(opened: Callable[..., AppTest]) -> None:
    assert "New customers" in said(opened(part="nowhere", sort="x", sign="y", at="1999_01"))


def test_an_admin_may_forget_a_customer_and_a_viewer_may_not(
    opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[str] = []

    def forget(workspace: object, store: object, customer_id: str, *more: object) -> tuple[str, ...]:
        forgotten.append(customer_id)
        return ("12 rows of this customer were found.",)

    monkeypatch.setattr("kviboard.ui.customers.forgetting.forget", forget)
    app = opened(customer="C2068")
    app.button(key="forget").click().run()
    assert forgotten == ["C2068"]
    assert [note.value for note in app.success] == ["12 rows of this customer were found."]
    monkeypatch.setattr("kviboard.ui.access.visitor", lambda: Person("Vi", "vi", "chair", sees_customers=True))
    assert [button.key for button in opened(customer="C2068").button if button.key == "forget"] == []
