"""Setting a workspace up on Exports and checks: files are recognised, guesses changed, questions answered."""

import io
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kviboard.board.exports import refresh_job
from kviboard.board.exports.starter import start_workspace
from kviboard.board.exports.uploads import receive, waiting_uploads
from kviboard.workspace import load_workspace
from tests.pages.drawn import Open, notices, words
from tests.warehouse.company import published

ORDERS = "Bestellnummer;Kundennummer;Bestelldatum;Betrag;Steuer;Status\n" + "".join(
    f"{n};K{n % 7};{13 + n % 9}.0{1 + n % 3}.2026;{n + 1},50;1,00;{'storniert' if n % 10 == 0 else 'bezahlt'}\n"
    for n in range(40)
)
ANSWERS = "response_id,customer_id,date,score\n" + "".join(
    f"r{n},K{n},0{1 + n % 9}/0{1 + n % 3}/2026,{9 - n}\n" for n in range(7)
)
TOTAL = "select sum(amount) from orders"


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    start_workspace(tmp_path / "begun")
    return tmp_path / "begun"


def send(folder: Path, name: str, content: str | bytes) -> None:
    receive(load_workspace(folder), name, io.BytesIO(content.encode() if isinstance(content, str) else content))


def widget(app: AppTest, kind: str, key: str):
    (found,) = [each for each in getattr(app, kind) if each.key.startswith(key)]
    return found


def build(app: AppTest) -> AppTest:
    widget(app, "button", "setup-build").click().run()
    for refresh in refresh_job._last.values():
        refresh.wait(60)
    return app.run()


def test_a_file_is_recognised_tried_and_built(open_page: Open, begun: Path) -> None:
    send(begun, "bestellungen.csv", ORDERS)
    app = open_page(begun, "exports")
    assert not app.exception
    said = words(app)
    assert "Betrag → <b>amount</b>" in said
    assert "40 rows for orders = 36 kept + 4 rejected" in said
    assert "Daily active users" in said  # the first KVIs, before anything is written
    assert not load_workspace(begun).sources
    widget(app, "text_input", "setup-name").set_value("Laden").run()
    typed, better = "Help small shops get paid faster", "Small shops get paid faster"
    widget(app, "text_input", "setup-vision").set_value(typed).run()
    for button, vision in (("use", better), ("back", typed), ("use", better)):
        widget(app, "button", f"setup-vision-{button}").click().run()
        assert widget(app, "text_input", "setup-vision").value == vision
    build(app)
    workspace = load_workspace(begun)
    assert (workspace.company.name, workspace.company.vision) == ("Laden", better)
    assert waiting_uploads(workspace) == []
    assert published(workspace, TOTAL) == [(sum(n + 1.5 for n in range(40) if n % 10),)]


def test_guesses_can_be_changed(open_page: Open, begun: Path) -> None:
    send(begun, "bestellungen.csv", ORDERS)
    app = open_page(begun, "exports")
    widget(app, "selectbox", "set-bestellungen.csv:amount").set_value("Steuer").run()
    assert "Steuer → <b>amount</b>" in words(app)
    widget(app, "multiselect", "set-bestellungen.csv:void").set_value([]).run()
    assert "40 rows for orders = 40 kept" in words(app)
    build(app)
    assert published(load_workspace(begun), TOTAL) == [(40,)]


def test_what_is_open_keeps_the_board_from_being_built_until_it_is_answered(open_page: Open, begun: Path) -> None:
    send(begun, "survey.csv", ANSWERS)
    app = open_page(begun, "exports")
    assert widget(app, "button", "setup-build").disabled
    assert "day or the month first" in notices(app)
    widget(app, "radio", "set-survey.csv:dates").set_value("%d/%m/%Y").run()
    assert not widget(app, "button", "setup-build").disabled
    build(app)
    assert load_workspace(begun).sources["responses"].date_format == "%d/%m/%Y"


def test_files_that_are_none_are_said_and_can_be_discarded(open_page: Open, begun: Path) -> None:
    send(begun, "empty.csv", "")
    send(begun, "broken.xlsx", b"PK no workbook")
    app = open_page(begun, "exports")
    assert not app.exception
    assert "it is empty" in words(app)
    assert "not a readable spreadsheet" in words(app)
    assert widget(app, "button", "setup-build").disabled
    widget(app, "button", "setup-discard-empty").click().run()
    assert [upload.name for upload in waiting_uploads(load_workspace(begun))] == ["broken.xlsx"]


def test_a_new_kind_of_export_is_set_up_beside_what_is_there(open_page: Open, begun: Path) -> None:
    send(begun, "bestellungen.csv", ORDERS)
    build(open_page(begun, "exports"))
    before = (begun / "kviboard.toml").read_text()
    tickets = "".join(f"t{n},K{n},2026-02-{10 + n}\n" for n in range(7))
    send(begun, "tickets.csv", f"ticket_id,customer_id,opened_at\n{tickets}")
    app = open_page(begun, "exports")
    assert "ticket_id → <b>ticket_id</b>" in words(app)
    build(app)
    after = (begun / "kviboard.toml").read_text()
    assert after.startswith(before.rstrip("\n"))
    assert load_workspace(begun).sources.keys() == {"orders", "tickets"}


def taken(app: AppTest) -> AppTest:
    widget(app, "button", "take-").click().run()
    for refresh in refresh_job._last.values():
        refresh.wait(60)
    return app.run()


def test_an_export_that_changed_its_columns_says_what_is_new_and_slices_by_it(open_page: Open, begun: Path) -> None:
    send(begun, "bestellungen.csv", ORDERS)
    build(open_page(begun, "exports"))
    head, *rows = ORDERS.splitlines()
    channels = ("web", "shop", "phone")
    latest: dict[str, tuple[str, str]] = {}
    wider = [f"{head.replace('Betrag', 'Gesamtbetrag').replace(';Steuer', '')};channel"]
    for n, row in enumerate(rows):
        cells = row.split(";")
        channel, at = channels[(n + n % 9) % 3], cells[2][6:] + cells[2][3:5] + cells[2][:2]
        latest[cells[1]] = max(latest.get(cells[1], ("", "")), (at, channel))
        wider.append(";".join([*cells[:4], cells[5], channel]))
    send(begun, "bestellungen.csv", "\n".join(wider) + "\n")
    app = open_page(begun, "exports")
    assert not app.exception
    assert "bestellungen.csv has no longer Steuer." in words(app)
    assert widget(app, "checkbox", "renamed-").value
    widget(app, "checkbox", "replace-").set_value(True).run()
    widget(app, "checkbox", "renamed-").set_value(False).run()
    assert widget(app, "button", "take-").disabled  # without an amount no row is one
    widget(app, "checkbox", "renamed-").set_value(True).run()
    widget(app, "checkbox", "slice-").set_value(True).run()
    taken(app)
    workspace = load_workspace(begun)
    assert workspace.sources["orders"].rename == {"Gesamtbetrag": "Betrag"}  # as its SELECT calls it
    assert "channel" in workspace.dimensions
    assert published(workspace, TOTAL) == [(sum(n + 1.5 for n in range(40) if n % 10),)]
    found = dict(published(workspace, "select customer_id, channel from customers"))
    assert found == {customer: channel for customer, (_, channel) in latest.items()}
