"""Exports and checks without a browser: what it says in each state, and what its buttons do, once."""

import io
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kviboard.board.exports import refresh_job
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.refresh_job import last_refresh, start_refresh
from kviboard.board.exports.starter import start_workspace
from kviboard.board.exports.uploads import receive, waiting_uploads
from kviboard.domain.access import Person
from kviboard.warehouse.versions import current_version, list_versions
from kviboard.workspace import load_workspace
from tests.board.exports.flawed import refreshed_flawed  # noqa: F401 (a fixture)
from tests.pages.drawn import Open, notices, words

MORE = "order_id,customer_id,ordered_at,amount\n" + "".join(f"n{n},a,2026-01-{n:02},3.00\n" for n in range(1, 21))


@pytest.fixture
def shop(refreshed_flawed: Path, tmp_path: Path) -> Path:  # noqa: F811
    """The flawed shop, refreshed."""
    return Path(shutil.copytree(refreshed_flawed, tmp_path / "shop"))


@pytest.fixture
def page(open_page: Open, shop: Path) -> AppTest:
    return open_page(shop, "exports")


def press(app: AppTest, label: str) -> AppTest:
    """Press the first button with this label and let a refresh that it started end."""
    (button, *_) = [button for button in app.button if button.label == label]
    button.click().run()
    return finish(app)


def finish(app: AppTest) -> AppTest:
    """Wait for the refresh that the page shows, as the page does by itself."""
    if not app.get("progress"):
        return app
    for refresh in refresh_job._last.values():
        refresh.wait(60)
    return app.run()


def send(shop: Path, name: str, content: str) -> None:
    receive(load_workspace(shop), name, io.BytesIO(content.encode()))


def test_it_says_how_things_stand(page: AppTest):
    said = words(page)
    assert not page.exception
    lead = "The numbers are sound, with 1 thing worth knowing, but 1 source has a long gap or ends early"
    assert lead in said  # no orders on 8 days in a row
    assert "The data reaches 12 Jan 2026" in said
    assert "have not changed since" in said


def test_every_row_is_accounted_for_per_source(page: AppTest):
    said = words(page)
    for name, count in (("Read", 8), ("Kept", 3), ("Rejected", 3), ("Duplicates", 1), ("Replaced", 1)):
        assert f'data-name="{name}" class="kvi-count">{count}</td>' in said


def test_gaps_are_said_in_words(page: AppTest):
    assert "No orders on 8 days (2–9 Jan 2026) and on 11 Jan 2026." in words(page)


def test_rejected_rows_have_reasons_and_examples_and_replaced_ones_stand_apart(page: AppTest):
    said = words(page)
    assert "amount is not an amount" in said
    assert "orders.csv, line 4: <q>x</q>" in said
    assert "Replaced by a later row with the same key" in said
    assert "1 row was an exact copy of another" in said


def test_what_is_missing_names_the_kvis_that_wait(page: AppTest):
    assert "The responses export</b> is not there, so there is no " in words(page)
    assert "Net Promoter Score" in words(page)


def test_a_column_that_is_missing_says_where_it_can_come_from(open_page: Open, shop: Path):
    (shop / "exports" / "tickets.csv").write_text("ticket_id,customer_id,opened_at\n1,a,2026-01-02\n")
    with (shop / "kviboard.toml").open("a") as file:
        file.write('[sources.tickets]\nfiles = "exports/tickets.csv"\n')
    refresh_now(load_workspace(shop))
    said = words(open_page(shop, "exports"))
    assert "Kind in the tickets export</b> is not there, so there is no Complaints per 1,000 customers." in said
    assert (
        "Say under rename of its source in kviboard.toml which column has it, or make it in queries/staging/tickets.sql"
        in said
    )


def test_checks_say_holds_or_broken_in_words(open_page: Open, shop: Path):
    scores = "response_id,customer_id,responded_at,score\nr1,a,2026-01-01,9\n"  # of 32.00, customer a spent 10.00
    (shop / "exports" / "responses.csv").write_text(scores)
    refresh_now(load_workspace(shop))
    app = open_page(shop, "exports")
    assert "⚠ broken" in words(app)
    assert "scored_revenue 10.00, revenue 32.00" in words(app)
    assert "✓ holds" in words(app)


def test_a_refresh_publishes_a_version_and_the_page_says_so(page: AppTest, shop: Path):
    before = current_version(load_workspace(shop))
    press(page, "Refresh anyway")
    assert current_version(load_workspace(shop)) > before
    assert "Refreshed: all pages show the new version." in words(page)


def test_while_a_refresh_runs_there_is_progress_and_no_button(
    open_page: Open, shop: Path, monkeypatch: pytest.MonkeyPatch
):
    class Running(refresh_job.Refreshing):
        is_running = True

    running = Running(doing="Reading exports/orders.csv", share=0.2)
    monkeypatch.setitem(refresh_job._last, load_workspace(shop).root, running)
    app = open_page(shop, "exports")
    assert "Refresh" not in "".join(button.label for button in app.button)
    assert "Reading exports/orders.csv" in str(app.get("progress")[0].proto)


def test_a_refused_refresh_shows_every_problem_and_what_was_in_use_stays(page: AppTest, shop: Path):
    before = current_version(load_workspace(shop))
    (shop / "exports" / "orders.csv").write_text("")
    (shop / "exports" / "customers.csv").write_text("")
    page.run()
    assert "exports/orders.csv was changed" in words(page)
    press(page, "Refresh")
    assert "exports/orders.csv: is empty" in notices(page)
    assert "exports/customers.csv: is empty" in notices(page)
    assert "What was in use before stays in use." in notices(page)
    assert current_version(load_workspace(shop)) == before
    assert "The data reaches 12 Jan 2026" in words(page)


def test_going_back_is_confirmed_in_a_popover_and_said(page: AppTest, shop: Path):
    first = current_version(load_workspace(shop))
    press(page, "Refresh anyway")
    assert current_version(load_workspace(shop)) != first
    press(page, "Use this version")
    assert current_version(load_workspace(shop)) == first
    assert "In use again: what was read on" in words(page)
    assert "in use is this version, though one of" in words(page)


def test_a_new_file_is_previewed_and_taken_in(open_page: Open, shop: Path):
    send(shop, "december.csv", MORE)
    app = open_page(shop, "exports")
    assert [box.value for box in app.selectbox] == ["orders"]
    assert "<b>20</b> rows for orders = <b>20</b> kept" in words(app)
    press(app, "Take it in")
    assert (shop / "exports" / "ordersdecember.csv").read_text() == MORE
    assert "Refreshed: all pages show the new version." in words(app)
    assert {row.file for row in list_versions(load_workspace(shop))[0].files} > {"exports/ordersdecember.csv"}


def test_a_bad_file_cannot_be_taken_in_and_can_be_discarded(open_page: Open, shop: Path):
    send(shop, "december.csv", "order_id,customer_id\n1,a\n")
    app = open_page(shop, "exports")
    assert "This file cannot be taken in" in notices(app)
    assert [button.disabled for button in app.button if button.label == "Take it in"] == [True]
    press(app, "Discard")
    assert waiting_uploads(load_workspace(shop)) == []
    assert "december.csv was discarded" in words(app)


def test_a_name_that_no_pattern_matches_is_said(open_page: Open, shop: Path):
    send(shop, "december.csv", MORE)
    app = open_page(shop, "exports")
    app.text_input[0].set_value("december.txt").run()
    assert '"december.txt" is not a name that orders reads' in notices(app)
    assert [button.disabled for button in app.button if button.label == "Take it in"] == [True]


def test_replacing_a_file_must_be_confirmed(open_page: Open, shop: Path):
    send(shop, "orders.csv", MORE)
    app = open_page(shop, "exports")
    (take,) = [button for button in app.button if button.label == "Take it in"]
    assert take.disabled
    app.checkbox[0].check().run()
    press(app, "Take it in")
    assert (shop / "exports" / "orders.csv").read_text() == MORE


def test_a_whole_delivery_is_taken_in_at_once_and_read_by_one_refresh(open_page: Open, shop: Path):
    before = {each.version for each in list_versions(load_workspace(shop))}
    send(shop, "december.csv", MORE)
    send(shop, "orders.csv", MORE.replace("n1", "o1"))
    app = open_page(shop, "exports")
    (take,) = [button for button in app.button if button.label == "Take all 2 in"]
    assert take.disabled  # nobody has said that orders.csv may be replaced
    app.checkbox[0].check().run()
    press(app, "Take all 2 in")
    assert (shop / "exports" / "orders.csv").read_text() == MORE.replace("n1", "o1")
    assert (shop / "exports" / "ordersdecember.csv").read_text() == MORE
    after = list_versions(load_workspace(shop))
    assert len({each.version for each in after} - before) == 1
    assert {row.file for row in after[0].files} >= {"exports/orders.csv", "exports/ordersdecember.csv"}
    assert waiting_uploads(load_workspace(shop)) == []


def test_what_each_file_of_a_delivery_calls_otherwise_is_written_down(open_page: Open, shop: Path):
    """Two months that call the amount otherwise, each in its way: neither takes back what the other wrote down."""
    for name, ids, amount in (("december.csv", "d", "Total"), ("january.csv", "j", "Order total")):
        send(shop, name, MORE.replace("amount", amount).replace("\nn", f"\n{ids}"))
    app = open_page(shop, "exports")
    press(app, "Take all 2 in")
    assert "Refreshed: all pages show the new version." in words(app)
    newest = list_versions(load_workspace(shop))[0]
    kept = {row.file: row.rows_kept for row in newest.files}
    assert (kept["exports/ordersdecember.csv"], kept["exports/ordersjanuary.csv"]) == (20, 20)


def test_one_file_alone_has_no_button_for_all(open_page: Open, shop: Path):
    send(shop, "december.csv", MORE)
    assert [button.label for button in open_page(shop, "exports").button if "all" in button.label] == []


def test_a_double_click_takes_a_file_in_once(open_page: Open, shop: Path):
    send(shop, "december.csv", MORE)
    app = open_page(shop, "exports")
    (take,) = [button for button in app.button if button.label == "Take it in"]
    take.click()
    app.run()
    take.click()  # of the run before: its file is no longer there
    finish(app)
    assert not app.exception
    assert not app.error
    assert len(list((shop / "exports").glob("orders*"))) == 2


def test_a_workspace_without_sources_says_where_to_name_them(open_page: Open, tmp_path: Path):
    start_workspace(tmp_path / "new")
    app = open_page(tmp_path / "new", "exports")
    press(app, "Refresh")
    assert not app.exception
    assert "Name at least one of them" in notices(app)


def test_a_damaged_version_is_said_and_a_refresh_mends_it(open_page: Open, shop: Path):
    (version,) = (shop / ".kviboard" / "warehouse").glob("0*")
    (version / "orders.parquet").write_bytes(b"damaged")
    app = open_page(shop, "exports")
    assert not app.exception
    assert "is damaged" in notices(app)
    press(app, "Refresh")
    assert "The data reaches 12 Jan 2026" in words(app)


def test_a_refresh_elsewhere_is_joined(open_page: Open, shop: Path):
    workspace = load_workspace(shop)
    running = start_refresh(workspace)
    app = open_page(shop, "exports")
    running.wait(60)
    app.run()
    assert last_refresh(workspace) is running
    assert not app.exception


def test_how_the_exports_were_read_is_said_where_it_can_be_confirmed(open_page: Open, shop: Path):
    (shop / "exports" / "customers.csv").write_bytes(
        b"customer_id,signed_up_on\na,2026-01-01\nK\xf6ln,2026-01-01\n"
        + "".join(f"Jürgen{n},2026-01-01\n" for n in range(20)).encode()
    )
    refresh_now(load_workspace(shop))
    said = words(open_page(shop, "exports"))
    assert "How the exports were read" in said
    assert "⚠ check</span> <span><b>exports/customers.csv:</b> 1 character is not UTF-8 and read as" in said


def test_what_rows_hold_is_shown_only_to_who_may_see_customers(
    open_page: Open, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = open_page(shop, "exports")
    assert "<q>" in words(full)
    assert len(full.get("download_button")) == 1
    person = Person("Vi", "vi", "admin", sees_customers=False)
    for module in ("kviboard.ui.personal", "kviboard.ui.exports.tables"):
        monkeypatch.setattr(f"{module}.visitor", lambda: person)
    bare = open_page(shop, "exports")
    assert "<q>" not in words(bare)
    assert "One of them: " not in words(bare)
    assert "shown to people with the right to see them" in words(bare)
    assert len(bare.get("download_button")) == 0
