"""A workspace that was just begun: nothing was read yet, and OKRs and reviews work all the same."""

import re
from html import unescape
from pathlib import Path

import pytest

from kviboard.board.board import board_without_data
from kviboard.board.context import BoardContext
from kviboard.board.exports.starter import start_workspace
from kviboard.board.reviews.meeting import freeze, frozen_document
from kviboard.documents.review.story import review_story
from kviboard.workspace import load_workspace
from tests.board.okrs.given import an_author
from tests.pages.drawn import words
from tests.pages.okrs.shop import Visitor, store_of, visiting


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What `kviboard init` writes, with sprints of two weeks."""
    folder = tmp_path / "begun"
    start_workspace(folder)
    config = folder / "kviboard.toml"
    config.write_text(config.read_text().replace("# first_day = 2026-01-05", "first_day = 2026-01-05"))
    visiting(monkeypatch, folder)
    return folder


def test_okrs_are_set_before_any_export_was_read(begun: Path) -> None:
    visitor = Visitor("okrs", "Ada", do="add_cycle")
    assert "no export read yet" in unescape(words(visitor.app))
    visitor.press("Add the cycle")
    visitor.go(do="add_objective")
    visitor.type(title="Customers find help at once")
    visitor.press("Save as a draft")
    visitor.go(do="add_key_result", of="1")
    visitor.type(title="Answered within a day", baseline="1", target="5")
    visitor.press("Save")
    assert "Saved" in visitor.told
    assert store_of(begun).key_results.get(1).title == "Answered within a day"


def test_a_review_is_prepared_before_any_export_was_read(begun: Path) -> None:
    visitor = Visitor("sprint_review", "Ada", do="goal")
    visitor.type(goal="Customers wait for nobody")
    visitor.press("Save the goal")
    visitor.go(present="opening")  # the meeting begins without a number
    assert [review.goal for review in store_of(begun).reviews.all()] == ["Customers wait for nobody"]


def test_a_review_without_exports_names_no_day_that_data_reaches(begun: Path) -> None:
    visitor = Visitor("sprint_review", "Ada", do="goal")
    visitor.type(goal="Customers wait for nobody")
    visitor.press("Save the goal")
    context = BoardContext(board_without_data(load_workspace(begun)), store_of(begun))
    (review,) = context.store.reviews.all()
    opening = frozen_document(freeze(context, review, "opening", author=an_author()))
    closing = frozen_document(freeze(context, review, "closing", author=an_author()))
    for document in (opening, closing):
        assert review_story(document).subtitle.endswith(" · no export read yet")
    (voices,) = [step for step in review_story(closing).steps if step.name == "voices"]
    assert "What customers say needs the responses export." in str(voices)
    assert "Nobody answered" not in str(voices)


def test_pages_about_numbers_lead_to_the_upload_which_is_open(begun: Path) -> None:
    told = words(Visitor("this_week").app)
    for way, page in (
        ("Upload your exports", "exports"),
        ("Write your OKRs", "okrs"),
        ("Open a sprint review", "review"),
    ):
        assert re.search(rf'<a [^>]*href="{page}"[^>]*>{way}</a>', told)
    exports = Visitor("exports")
    assert "Upload your files below" in exports.app.info[0].value
    assert len(exports.app.get("file_uploader")) == 1
    assert not load_workspace(begun).sources
