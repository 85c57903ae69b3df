"""What no document may hold is gone, everything else stays."""

import pytest

from kviboard.documents.sanitize import clean, lines, one_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("plain", "plain"),
        ("a\x00\x07\x1b\x7fb", "ab"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("half \ud83d a pair", "half  a pair"),
        ("turned \u202earound\u202c", "turned around"),
        ("tab\tstays", "tab\tstays"),
        ("👩‍👩‍👧‍👦 مرحبا é", "👩‍👩‍👧‍👦 مرحبا é"),
    ],
)
def test_characters_that_are_not_for_reading_are_left_out(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_one_line_has_no_breaks_and_keeps_its_no_break_spaces() -> None:
    assert one_line("  48.7\u00a0%\n now\t\tat last ") == "48.7\u00a0% now at last"


def test_lines_that_say_nothing_are_none() -> None:
    assert lines("\n one \n\n \t\n two\n") == ["one", "two"]
    assert lines(" \u00a0\n") == []
