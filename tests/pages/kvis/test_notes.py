"""A note on the day that was clicked on a KVI's chart."""

from datetime import date
from pathlib import Path

from tests.pages.okrs.shop import Visitor, store_of


def test_a_click_on_a_period_opens_a_note_on_its_last_day(shop: Path) -> None:
    visitor = Visitor("kvis", "Ada", kvi="daily_active_users", do="add_note", of="2026-03-31")
    assert visitor.field("day").value == date(2026, 3, 31)
    visitor.type(text="The mill stood still")
    visitor.press("Save the note")
    (note,) = store_of(shop).kvi_notes.of("daily_active_users")
    assert (note.day, note.text) == (date(2026, 3, 31), "The mill stood still")


def test_an_address_that_is_no_day_says_so(shop: Path) -> None:
    visitor = Visitor("kvis", "Ada", kvi="daily_active_users", do="add_note", of="2026-99-31")
    assert "names nothing that is there" in visitor.app.error[0].value
