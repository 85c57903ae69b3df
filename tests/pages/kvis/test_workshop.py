"""The KVI workshop: a KVI is made, changed and retired on the page; its file is one like ours and its number right."""

from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.kvis.draft import Draft, file_text, problems_of
from kviboard.board.kvis.own_files import drafts, retire, save, save_draft
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.trial import coach, try_kvi
from kviboard.domain.access import Person
from kviboard.domain.formatting import format_share
from kviboard.errors import UsageError
from kviboard.store import NewCycle, NewGuardrail, NewKeyResult, NewKviTarget, NewObjective, Store
from kviboard.workspace import load_workspace
from tests.pages.drawn import Open, words
from tests.pages.okrs.shop import OWNER, Visitor, store_of, visiting
from tests.pages.small_shop import Shops

SAID = {
    "title": "Customers who come back",
    "customer_benefit": "They find a reason to return.",
    "company_value": "They buy again.",
}
NOT_YET = "Of 2 months none can be judged yet, so nobody knows what would be unusual."
"""Of a shop with data of 9 January to 10 April: eight whole months make a judgement."""


@pytest.fixture
def shop(shops: Shops, tmp_path: Path) -> Path:
    return shops(tmp_path / "shop")


@pytest.fixture(scope="module")
def board(shops: Shops, tmp_path_factory: pytest.TempPathFactory) -> Board:
    """Such a shop's board, on which KVIs are only tried."""
    return open_board(load_workspace(shops(tmp_path_factory.mktemp("tried") / "shop")))


def opened(open_page: Open, shop: Path, **chosen: str) -> AppTest:
    """The KVIs page at an address."""
    return open_page(shop, "kvis", **chosen)


def widget(app, kind: str, key: str):
    (found,) = [each for each in getattr(app, kind) if each.key == key]
    return found


def file_of(app):
    """The field with the KVI's file."""
    return next(each for each in app.text_area if each.label == "The file")


def answer(app) -> None:
    """What has to be typed into a new KVI."""
    fields = {each.label: each for each in (*app.text_input, *app.text_area)}
    fields["What is it called?"].set_value(SAID["title"])
    fields["For whom is it better, and how do they notice?"].set_value(SAID["customer_benefit"])
    fields["What does it bring us?"].set_value(SAID["company_value"]).run()


def measure_by(store: Store, kvi: str) -> None:
    """An objective with a key result and a guardrail, and a target, all by one KVI."""
    quarter = NewCycle(name="Q2", starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30))
    cycle = store.cycles.add(quarter, author=OWNER)
    stay = store.objectives.add(NewObjective(cycle_id=cycle.id, title="Customers stay"), author=OWNER)
    by = {"kvi": kvi, "grain": "month"}
    result = NewKeyResult(objective_id=stay.id, title="Who return", kind="keep_within", lower=Decimal(1), **by)
    store.key_results.add(result, author=OWNER)
    store.guardrails.add(NewGuardrail(objective_id=stay.id, lower=Decimal(1), **by), author=OWNER)
    goal = NewKviTarget(kvi=kvi, value=Decimal(9), starts_on=date(2026, 1, 1), reason="We can.")
    store.kvi_targets.add(goal, author=OWNER)


def test_a_kvi_is_made_changed_and_retired_on_the_page(open_page: Open, shop: Path) -> None:
    app = opened(open_page, shop, make="new")
    assert not app.exception
    assert widget(app, "button", "kvi-save").disabled
    answer(app)
    assert NOT_YET in words(app)
    widget(app, "button", "kvi-save").click().run()
    file = shop / "queries" / "kvis" / "customers_who_come_back.sql"
    assert file.read_text().startswith("/*---\ntitle: Customers who come back\n")
    assert "customers_who_come_back" in open_board(load_workspace(shop)).kvis

    file.write_text(file.read_text().replace("---*/", "# by hand\n---*/"))
    app = opened(open_page, shop, kvi="customers_who_come_back", make="edit")
    before = file_of(app).value
    assert "# by hand" in before
    file_of(app).set_value(before.replace("better: up", "better: sideways")).run()
    assert widget(app, "button", "kvi-save").disabled
    file_of(app).set_value(before.replace("come back", "return")).run()
    widget(app, "button", "kvi-save").click().run()
    assert "title: Customers who return" in file.read_text()
    assert "# by hand" in file.read_text()

    measure_by(store_of(shop), "customers_who_come_back")
    app = opened(open_page, shop, kvi="customers_who_come_back", make="change")
    assert not [each for each in app.button if each.key == "kvi-retire"]
    app.session_state["kvi-retiring"] = True
    app.run()
    said = unescape(words(app)).replace("\u00a0", " ")
    assert "It leaves every page. Its file is kept under queries/retired/ and can be moved back." in said
    driven = "1 key result (“Who return”) and 1 guardrail (of “Customers stay”)"
    assert f"Measured by it, and without a value from then on: {driven}." in said
    assert "What goes on naming it: 1 target." in said
    widget(app, "button", "kvi-retire").click().run()
    assert not app.exception
    assert not file.exists()
    assert (shop / "queries" / "retired" / file.name).exists()


def test_what_is_typed_for_a_new_kvi_outlives_the_page_and_the_session(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visiting(monkeypatch, shop)
    visitor = Visitor("kvis", "Ann", make="new")
    visitor.type(title=SAID["title"], company_value=SAID["company_value"], table="orders", owner="Shop team")
    visitor.go()
    visitor.go(make="new")
    for again in (visitor, Visitor("kvis", "Ann", make="new")):
        assert again.field("title").value == SAID["title"]
        assert again.field("owner").value == "Shop team"
        assert "Different customers with orders (no refunds) of the period." in words(again.app)
        assert "Say what it is for the customer." in words(again.app)
    assert Visitor("kvis", "Bo", make="new").field("title").value == ""
    again.type(customer_benefit=SAID["customer_benefit"])
    again.press("Publish this KVI")
    assert "customers_who_come_back" in open_board(load_workspace(shop)).kvis
    assert Visitor("kvis", "Ann", make="new").field("title").value == ""


def test_a_kvi_is_changed_by_its_questions_and_says_how_it_was_counted_before(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, name = load_workspace(shop), "customers_who_come_back"
    save(here, name, file_text(Draft(**SAID)))
    visiting(monkeypatch, shop)
    visitor = Visitor("kvis", "Ann", kvi=name, make="change")
    assert visitor.field("title").value == SAID["title"]
    assert widget(visitor.app, "button", "kvi-save").disabled
    assert "Nothing is changed yet." in words(visitor.app)
    visitor.type(measure="active_minutes", title="Net Promoter Score")
    assert "Another KVI is called so: choose another title." in words(visitor.app)
    visitor.type(title=SAID["title"])
    board = open_board(here)
    was, will = (read_kvi(board, board.kvis[kvi], View("month"))[0].value for kvi in (name, "daily_active_minutes"))
    before = "Active customers of a day, averaged over the days of the period."
    shown = unescape(words(visitor.app)).replace("\u00a0", " ")
    assert f"Shown until now: {was:.2f} in Mar 2026. Counted so: {will:.1f} in Mar 2026." in shown
    assert before in shown
    store_of(shop).kvi_targets.add(
        NewKviTarget(kvi=name, value=Decimal(9), starts_on=date(2026, 1, 1), reason="We can."), author=OWNER
    )
    visitor.go(kvi=name, make="change")
    assert "Look again at 1 target: starting values and goals stay as they were set." in words(visitor.app)
    visitor.press("Publish this change")
    assert dict(visitor.app.query_params) == {"kvi": name}  # the address of the KVI, as a link to it has it
    visitor.go(kvi=name)
    shown = unescape(words(visitor.app))
    assert "Active minutes of a day, averaged over the days of the period." in shown
    assert f"{before} Changed by Ann. Every period is counted and judged as it is now" in shown


def test_of_a_kvi_of_the_board_the_words_are_changed_and_an_editor_only_proposes_it(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visiting(monkeypatch, shop)
    visitor = Visitor("kvis", "Ann", kvi="turnover", make="change")
    assert "How it is counted stays as it is: " in words(visitor.app)
    assert not [each for each in visitor.app.selectbox if "-measure-" in str(each.key)]
    visitor.type(owner="Shop team")
    visitor.press("Discard changes")
    assert visitor.field("owner").value != "Shop team"
    monkeypatch.setattr("kviboard.ui.access.visitor", lambda: Person("Vera", "vera", "editor"))
    visitor = Visitor("kvis", "Vera", kvi="turnover", make="change")
    visitor.type(owner="Shop team")
    assert not [each for each in visitor.app.button if each.key == "kvi-save"]
    assert "published by whoever may change exports" in words(visitor.app)
    visitor.press("Keep as a draft")
    assert "\nowner: Shop team\n" in drafts(load_workspace(shop))["turnover"].read_text()
    assert open_board(load_workspace(shop)).kvis["turnover"].owner != "Shop team"


def test_a_file_that_is_being_changed_outlives_the_page_and_says_what_changed_below_it(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visiting(monkeypatch, shop)
    asked = {"kvi": "turnover", "make": "edit"}
    visitor = Visitor("kvis", "Ann", **asked)
    before = visitor.field("file").value
    visitor.type(file=before.replace("better: up", "better: down"))
    visitor.go()
    visitor.go(**asked)
    for again in (visitor, Visitor("kvis", "Ann", **asked)):
        assert "better: down" in again.field("file").value
    assert Visitor("kvis", "Bo", **asked).field("file").value == before

    by_hand = shop / "queries" / "kvis" / "turnover.sql"
    by_hand.parent.mkdir(parents=True, exist_ok=True)
    by_hand.write_text(before.replace("---*/", "# by hand\n---*/", 1))
    visitor.go(**asked)
    assert "The file was changed meanwhile, not by you" in words(visitor.app)
    later = Visitor("kvis", "Ann", **asked)
    assert "better: down" in later.field("file").value
    assert "Somebody changed the file since: saving puts yours in its place." in words(later.app)
    later.press("Discard draft")
    assert later.field("file").value == by_hand.read_text()
    assert Visitor("kvis", "Ann", **asked).field("file").value == by_hand.read_text()


def test_the_workshop_shows_what_is_counted_before_it_has_words_and_no_bar_that_does_nothing(
    shop: Path, open_page: Open
) -> None:
    app = opened(open_page, shop, make="new", grain="week")
    assert "⚠" not in words(app)
    assert "To keep it, say a title, what it is for the customer and what it brings us." in words(app)
    assert "Active customers of a day, averaged over the days of the period." in words(app)
    (headline,) = [each.value for each in app.markdown if "kvi-headline" in each.value]
    board = open_board(load_workspace(shop))
    daily = read_kvi(board, board.kvis["daily_active_users"], View("month"))[0]
    assert f"{daily.value:.2f} <small>" in unescape(headline)
    assert [each.label for each in app.selectbox if each.label == "Range"] == []
    assert [each.label for each in opened(open_page, shop).selectbox if each.label == "Range"] == ["Range"]


def test_a_trial_says_of_how_much_revenue_a_score_is_known(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = shop / "exports" / "responses.csv"
    answers = pd.read_csv(file, dtype={"customer_id": str})
    answers[answers["customer_id"] < "C6"].to_csv(file, index=False)
    refresh_now(load_workspace(shop))
    visiting(monkeypatch, shop)
    visitor = Visitor("kvis", "Ann", make="new")
    visitor.type(title="Ours", customer_benefit="They like it.", company_value="They pay.")
    visitor.type(measure="promoter_revenue", way="share", of="scored_revenue")
    board = open_board(load_workspace(shop))
    orders = pd.read_csv(shop / "exports" / "orders.csv", dtype={"customer_id": str})
    answers = pd.read_csv(file, dtype={"customer_id": str})
    first = orders["customer_id"].map(answers.groupby("customer_id")["responded_at"].min())
    latest = orders["ordered_at"].str.startswith(f"{board.today:%Y-%m}")
    before = orders[~latest]["ordered_at"].str[:7].max()
    month = orders["ordered_at"].str.startswith(before)
    scored = orders[month & (first <= orders["ordered_at"])]["amount"].sum() / orders[month]["amount"].sum()
    assert 0.5 < scored < 0.9
    said = unescape(words(visitor.app)).replace("\u00a0", " ")
    assert f"based on {format_share(scored)} of revenue" in said


def test_a_draft_stands_on_no_page_until_it_is_published(open_page: Open, shop: Path) -> None:
    app = opened(open_page, shop, make="draft")
    assert "There is none." in words(app)
    name, text = "returning", file_text(Draft(**SAID, measure="orders", way="sum"))
    save_draft(load_workspace(shop), name, text)
    assert name not in open_board(load_workspace(shop)).kvis
    assert "1 draft" in words(opened(open_page, shop))
    app = opened(open_page, shop, make="draft")
    assert NOT_YET in words(app)
    assert widget(app, "button", "kvi-draft").disabled  # nothing of it was changed
    file_of(app).set_value(text.replace("better: up", "better: sideways")).run()
    assert widget(app, "button", "kvi-save").disabled
    widget(app, "button", "kvi-draft").click().run()  # half done is kept, too
    assert "sideways" in drafts(load_workspace(shop))[name].read_text()
    file_of(app).set_value(text).run()
    widget(app, "button", "kvi-save").click().run()
    assert not app.exception
    assert name in open_board(load_workspace(shop)).kvis
    assert drafts(load_workspace(shop)) == {}
    with pytest.raises(UsageError, match="letters"):
        save_draft(load_workspace(shop), "../out", text)


def test_an_editor_publishes_what_the_questions_make_and_writes_no_sql(
    open_page: Open, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kviboard.ui.access.visitor", lambda: Person("Vera", "vera", "editor"))
    here, text = load_workspace(shop), file_text(Draft(**SAID, measure="orders", way="sum"))
    save_draft(here, "returning", text)
    for make in ("edit", "draft"):
        app = opened(open_page, shop, make=make)
        assert not [each for each in app.text_area if each.label == "The file"]
    widget(app, "button", "kvi-save").click().run()
    assert "returning" in open_board(load_workspace(shop)).kvis
    save_draft(here, "turnover", text)
    app = opened(open_page, shop, make="draft")
    assert "Published, it takes the place of “Turnover”. " in f"{words(app)} ".replace("\n", " ")
    assert "Whoever may change exports publishes it." in words(app)
    assert not [each for each in app.button if each.key == "kvi-save"]


@pytest.mark.parametrize(
    ("draft", "second_route"),
    [
        (Draft(**SAID, measure="orders", way="sum"), lambda orders: orders.groupby("month").size()),
        (Draft(**SAID, measure="revenue", way="sum"), lambda orders: orders.groupby("month")["amount"].sum()),
        (
            Draft(**SAID, table="orders", count="customers"),
            lambda orders: orders.groupby("month")["customer_id"].nunique(),
        ),
        (Draft(**SAID, table="orders", count="rows"), lambda orders: orders.groupby("month").size()),
        (
            Draft(**SAID, measure="revenue", way="per_1000", of="orders"),
            lambda orders: 1000 * orders.groupby("month")["amount"].sum() / orders.groupby("month").size(),
        ),
    ],
    ids=["sum", "turnover", "customers", "rows", "per 1,000"],
)
def test_its_number_is_right(board: Board, draft: Draft, second_route) -> None:
    trial = try_kvi(board, draft.name, file_text(draft))
    assert trial.problems == ()
    orders = pd.read_csv(board.workspace.root / "exports" / "orders.csv", dtype={"customer_id": str})
    orders["month"] = pd.to_datetime(orders["ordered_at"]).dt.to_period("M").dt.to_timestamp()
    expected = second_route(orders)
    read = read_kvi(board, trial.reading.kvi, View("month"))[0].history.set_index("period")["value"].dropna()
    read = read[read != 0]
    assert read.to_dict() == pytest.approx({month: float(value) for month, value in expected.items()})


def test_what_is_wrong_is_said_at_its_field(board: Board) -> None:
    assert set(problems_of(Draft(), board)) == {"title", "customer_benefit", "company_value"}
    assert "already" in problems_of(Draft(**{**SAID, "title": "Net Promoter Score"}), board)["title"]
    assert set(problems_of(Draft(**SAID, measure="complaints", way="share"), board)) == {"of"}
    assert set(problems_of(Draft(**SAID, way="sum"), board)) == {"way"}  # customers of a day, summed, are none
    assert try_kvi(board, "x", "select 1").problems
    assert try_kvi(board, "x", file_text(Draft(**SAID)).replace("select * from daily", "drop table daily")).problems


def test_a_trial_that_would_never_end_is_given_up(board: Board) -> None:
    content = file_text(Draft(**SAID, measure="orders", way="sum"))
    endless = content.replace("select * from daily", "select d.* from daily d, range(1000000000), range(1000000000)")
    (problem,) = try_kvi(board, "own", endless).problems
    assert str(problem).startswith("queries/kvis/own.sql: Customers who come back takes more than 1.")


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("select *, cast('x' || active_minutes as integer) as wrong from daily", "Could not convert"),
        ("select d.* from daily d, range(1000000000), range(1000000000)", "takes more than 1."),
    ],
)
def test_the_page_of_a_kvi_that_cannot_be_computed_says_why(
    open_page: Open, shop: Path, query: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    content = file_text(Draft(**SAID, measure="orders", way="sum")).replace("select * from daily", query)
    if "wrong" in query:
        content = content.replace("sum(orders)", "sum(wrong)")
    folder = shop / "queries" / "kvis"
    folder.mkdir(parents=True)
    (folder / "own.sql").write_text(content)
    app = opened(open_page, shop, kvi="own")
    assert not app.exception
    (said,) = app.error
    assert said.value.startswith("queries/kvis/own.sql")
    assert why in said.value
    assert "Traceback" not in caplog.text


def test_the_coach_reads_what_it_is_for_the_customer(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    visiting(monkeypatch, shop)
    visitor = Visitor("kvis", "Ann", make="new")
    visitor.type(customer_benefit="We launch the new export feature.")
    assert "We launch" in words(visitor.app)
    assert "okr-coach" in words(visitor.app)
    visitor.type(customer_benefit="Customers have all 12 of their reports in one place.")  # digits are no fault here
    assert "<li>" not in next(each.value for each in visitor.app.markdown if "okr-coach" in each.value)


def test_the_coach_asks_of_output_and_of_mirrors(board: Board) -> None:
    draft = Draft(**{**SAID, "title": "Features released"}, measure="orders", way="sum")
    said = list(coach(board, try_kvi(board, draft.name, file_text(draft))))
    assert said[0].startswith("“Features”")
    assert any("better off" in sentence for sentence in said)


def test_what_comes_with_the_board_is_not_retired(shop: Path) -> None:
    with pytest.raises(UsageError, match="comes with the board"):
        retire(load_workspace(shop), "net_promoter_score")
