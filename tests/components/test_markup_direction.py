"""Text on its way into HTML: it keeps its direction to itself, and no line breaks before a percent sign."""

from kviboard.components.markup import apart, link, text


def test_a_title_from_right_to_left_is_isolated_and_others_stay_as_they_are() -> None:
    assert apart("لقاء العملاء 2026") == "<bdi>لقاء العملاء 2026</bdi>"
    assert apart("<לקוחות>") == "<bdi>&lt;לקוחות&gt;</bdi>"
    assert apart("Kunden & mehr") == "Kunden &amp; mehr"


def test_so_is_the_label_of_a_link() -> None:
    assert "<bdi>שביעות רצון</bdi></a>" in link("שביעות רצון", "okrs?objective=1")
    assert ">Trust</a>" in link("Trust", "kvis")


def test_no_line_breaks_before_a_percent_sign() -> None:
    assert text("40 % done; expected 49\n% or more") == "40\u00a0% done; expected 49\u00a0% or more"
