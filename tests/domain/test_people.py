"""People by name: who is the same, who is known, whom a text mentions."""

import pytest

from kviboard.domain.people import (
    Signature,
    each_once,
    mentioned,
    mentions_in,
    name_now,
    name_to_save_under,
    names_of,
    same_person,
    unknown_mentions,
)

PEOPLE = ["Head of customer care", "Product owner", "Product owner App", "Zoë Straße", "Ann"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("nobody", []),
        ("@Ann look", ["Ann"]),
        ("look, @ann!", ["Ann"]),
        ("@Anna is not Ann", []),
        ("@Ann_2 neither", []),
        ("ann@example.com is a mail address", []),
        ("see https://example.com/@Ann", []),
        ("@@Ann", []),
        ("@ Ann", []),
        ("ends with @", []),
        ("(@Product owner App) and not the shorter name", ["Product owner App"]),
        ("@product owner: and nobody longer", ["Product owner"]),
        ("@Product owner Apple", ["Product owner"]),
        ("@Head, by the first name that only one has", ["Head of customer care"]),
        ("@Product is the first name of two", []),
        ("@Ann and @Zoë Straße and @Ann again", ["Ann", "Zoë Straße"]),
        ("line\n@Ann\nline", ["Ann"]),
    ],
)
def test_a_mention_is_a_known_name_after_an_at(text: str, names: list[str]) -> None:
    assert mentioned(text, PEOPLE) == names


def test_a_mention_covers_the_at_and_the_name_as_it_is_written() -> None:
    text = "Ask @zoë straße, please"
    (found,) = mentions_in(text, PEOPLE)
    assert (text[found.start : found.end], found.name) == ("@zoë straße", "Zoë Straße")


def test_names_of_nobody_are_told_apart() -> None:
    assert unknown_mentions("@Bob, @Ann and @Product; bob@example.com", PEOPLE) == ["Bob", "Product"]
    assert unknown_mentions("@Ann", []) == ["Ann"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ann", "ann ", True), ("Zoë  Straße", "zoë STRASSE", True), ("Ann", "Anna", False),
        ("", "", False), (None, None, False), (" ", " ", False), ("Ann", None, False),
    ],
)  # fmt: skip
def test_capitals_and_spaces_make_nobody_another_person(one: str | None, other: str | None, same: bool) -> None:
    assert same_person(one, other) is same


def test_everybody_is_listed_once() -> None:
    assert each_once(["Zoë", " ann", "Ann", "", "  ", "ANN", "bo  b"]) == ["ann", "bo b", "Zoë"]


ANN, OTHER_ANN = Signature("Ann Lee", "7"), Signature("Ann Lee", "8")


def test_a_name_is_one_persons_and_the_next_of_that_name_gets_the_address_behind_it() -> None:
    assert name_to_save_under("Ann Lee", "7", "ann@a.example", []) == "Ann Lee"
    assert name_to_save_under("Ann Lee", "7", "ann@a.example", [ANN, OTHER_ANN]) == "Ann Lee"
    assert name_to_save_under("ann  lee", "8", "lee@a.example", [ANN]) == "ann  lee (lee@a.example)"
    assert name_to_save_under("Bo", "8", "lee@a.example", [ANN]) == "Bo"


def test_whoever_is_renamed_keeps_what_was_theirs_and_takes_nothing_of_others() -> None:
    signed = [ANN, Signature("Bo", "9"), Signature("Ann Berg", "7"), Signature("Bo", "7")]
    assert names_of("Ann Berg", signed) == names_of("Ann Lee", signed)[::-1] == ("Ann Berg", "Ann Lee")
    assert names_of("Bo", signed) == ("Bo",)  # 7 called themselves so, too, but later
    assert names_of("Ann Kay", signed) == ("Ann Kay",)
    assert names_of("Ann Kay", signed, "7") == ("Ann Kay", "Ann Berg", "Ann Lee")  # nothing is saved under it yet
    assert names_of("Cy", []) == ("Cy",)
    assert [name_now(name, signed) for name in ("ann lee", "Ann Berg", "Bo", "Cy")] == [
        "Ann Berg",
        "Ann Berg",
        "Bo",
        "Cy",
    ]


def test_two_people_of_one_name_are_mentioned_one_by_one() -> None:
    people = ["Ann Lee", "Ann Lee (lee@a.example)"]
    assert mentioned("@Ann Lee (lee@a.example), and you?", people) == ["Ann Lee (lee@a.example)"]
    assert mentioned("@Ann Lee, and you?", people) == ["Ann Lee"]
    assert unknown_mentions("@Ann Lee (lee@a.example), and you?", people) == []
