"""Importing OKRs on the page: every row's fate first, then saved; and the downloads."""

from html import unescape
from pathlib import Path

import pytest

from kviboard.board.exports.starter import start_workspace
from kviboard.store import Author
from tests.pages.drawn import notices, words
from tests.pages.okrs.shop import FEBRUARY, Visitor, store_of, visiting

CSV = b"""Objective,Key result,Owner,Baseline,Target,Current,Quarter
Customers pay at once,Paid on time,Bo,60 %,90 %,72 %,Q2 2027
Customers stay,Renewed,Cy,many,95 %,,Q2 2027
"""
ADA = Author("Ada", FEBRUARY)


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    start_workspace(tmp_path / "begun")
    visiting(monkeypatch, tmp_path / "begun")
    return tmp_path / "begun"


def test_rows_are_said_then_saved(begun: Path) -> None:
    visitor = Visitor("okrs", "Ada")
    app = visitor.app
    app.session_state["okr-exchange"] = True
    app.run()
    for each in app.get("download_button"):
        assert "Without what is archived" in each.proto.help
    (box,) = app.get("file_uploader")
    box.upload("theirs.csv", CSV, "text/csv").run()
    assert not app.exception
    said = words(app).replace("\u00a0", " ")
    assert "1 row goes in</summary><ul><li>line 2: key result “Paid on time” of “Customers pay at once”, " in said
    assert ", 60 % → 90 %, now 72 %</li>" in said  # as its numbers were understood
    assert "many" in said
    assert store_of(begun).cycles.all() == []
    (button,) = [each for each in app.button if each.key == "okr-import"]
    assert button.label == "Import 1 objective, 1 key result"
    button.click().run()
    assert "Imported 1 objective, 1 key result and 1 check-in; 1 row not read." in words(app) + notices(app)
    (cycle,) = store_of(begun).cycles.all()
    assert any(entry.action == "imported OKRs" for entry in store_of(begun).history.since(FEBRUARY))
    (row,) = store_of(begun).objectives_of(cycle.id)
    assert row.objective.title == "Customers pay at once"

    (box,) = app.get("file_uploader")  # of a quarter that is not the one on the page, which goes there
    box.upload("theirs.csv", CSV.replace(b"pay at once", b"pay early").replace(b"Q2", b"Q3"), "text/csv").run()
    next(each for each in app.button if each.key == "okr-import").click().run()
    assert "1 row not read. See Q3 2027." in words(app) + notices(app)
    assert "Customers pay early" in words(app)
    assert "Customers pay at once" not in words(app)

    (own, _) = store_of(begun).imports.of(ADA)
    assert f"of={own.id}" in words(app)
    visitor.go(cycle="2", do="take_back", of=str(own.id))
    goes = "1 objective and 1 key result, with the cycle Q3 2027."
    assert f"leaves the board: {goes} Nothing is deleted" in unescape(words(app))
    visitor.press("Take it back")
    assert f"Taken back: {goes}" in visitor.told
    assert [each.name for each in store_of(begun).cycles.all()] == ["Q2 2027"]
    visitor.go(objective="2")
    assert "do=restore_objective" in words(app)
    assert "cycle" not in app.query_params  # it left with the import: whoever goes on would be asked for another
    visitor.go(do="take_back", of=str(own.id))
    assert "There is no import of yours" in app.error[0].value
