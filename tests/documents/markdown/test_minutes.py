"""Minutes as Markdown, parsed back: they say what the story says, and nothing typed becomes markup."""

import re
from base64 import b64decode

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from kviboard.documents.blocks import Paragraph, Step, Story
from kviboard.documents.markdown.minutes import minutes_markdown
from kviboard.documents.markdown.text import bars, escaped, paragraph, started
from kviboard.documents.sanitize import lines, one_line
from tests.documents.html.test_html import texts_of
from tests.documents.stories import EMPTY, HOSTILE, filled_with, review

PLAIN = {"text", "softbreak", "hardbreak", "em_open", "em_close", "strong_open", "strong_close", "image"}


def parsed(markdown: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)


def inline(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or ()]


def read(markdown: str) -> str:
    """The text as a reader sees it, on one line."""
    said = [
        "".join("\n" if child.type.endswith("break") else child.content for child in token.children or ())
        for token in parsed(markdown)
        if token.type == "inline"
    ]
    return one_line(" ".join(said))


@pytest.fixture(scope="module")
def minutes() -> str:
    """The minutes of a story with every kind of block: its charts are drawn once."""
    return minutes_markdown(review())


def test_it_says_all_that_its_story_says(minutes: str) -> None:
    said = read(minutes).replace("\u00a0", " ")
    for step in review().steps:
        for text in [step.title, step.note, *(text for block in step.blocks for text in texts_of(block))]:
            assert text.replace("\u00a0", " ") in said


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_typed_text_is_read_as_it_was_typed_wherever_it_stands(text: str) -> None:
    wanted = one_line(text)
    assert read(f"before {escaped(text)}") == one_line(f"before {wanted}")
    assert read(paragraph(text)) == one_line(" ".join(lines(text)))
    assert read(f"| {escaped(text)} | b |\n| :-- | --: |\n| {escaped(text)} | 2 |") == one_line(
        f"{wanted} b {wanted} 2"
    )
    assert {child.type for child in inline(parsed(paragraph(text)))} <= {"text", "text_special", "hardbreak"}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_typed_becomes_markup(text: str) -> None:
    markdown = minutes_markdown(filled_with(text))
    tokens = parsed(markdown)
    assert {child.type for child in inline(tokens)} <= PLAIN
    blocks = {token.type for token in tokens}
    assert blocks.isdisjoint({"html_block", "code_block", "fence", "hr", "ordered_list_open"})
    pictures = [child.attrs["src"] for child in inline(tokens) if child.type == "image"]
    assert all(str(source).startswith("data:image/png;base64,") for source in pictures)
    assert not re.search(r"(?<!\\)<", markdown)
    assert not re.search(r"https?://|www\.", markdown)


@pytest.mark.parametrize(
    "line", ["# a", "- a", "+ a", "1. a", "12) a", "> a", "=== ", "---", "* a", "    a", ": a", "a #"]
)
def test_a_line_is_a_line_whatever_it_begins_with(line: str) -> None:
    tokens = parsed(f"before\n\n{started(line)}\n\nafter")
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"] * 3
    assert tokens[4].content.replace("\\", "") == line.strip()


def test_a_heading_keeps_its_last_sign() -> None:
    markdown = minutes_markdown(Story("Title #", "", (Step("x", "C #", (Paragraph("text"),)),)))
    assert read(markdown) == "Title # C # text"


def test_tables_have_every_cell_in_its_column() -> None:
    tokens = parsed(minutes_markdown(filled_with("a | b\nc")))
    rows = [token for token in tokens if token.type == "tr_open"]
    cells = [token for token in tokens if token.type in ("th_open", "td_open")]
    assert len(rows) == 2
    assert len(cells) == 6


def test_charts_are_pictures_whose_data_stands_at_the_end(minutes: str) -> None:
    text, _, data = minutes.partition("\n[chart-1]: ")
    assert "base64" not in text
    assert "![Line chart of Guests who return, Sprint 1 to Sprint 13." in text
    assert b64decode(data.split(",", 1)[1]).startswith(b"\x89PNG")


def test_values_are_drawn_as_bars_with_the_latest_beside_them(minutes: str) -> None:
    # Of the twelve complete sprints 41 % is the lowest and 52 % the highest; the thirteenth is not over.
    line = next(line for line in minutes.splitlines() if line.endswith("Sprint 12 52%"))
    assert line == f"{line.split(' ')[0]} Sprint 10 46%, Sprint 11 45%, Sprint 12 52%"
    drawn = line.split(" ")[0]
    assert (len(drawn), drawn[0], drawn[-1]) == (12, "▁", "█")


def test_bars_show_gaps_and_stay_level_where_nothing_moves() -> None:
    assert bars([1, None, 8, 5]) == "▁·█▅"
    assert bars([3, 3]) == "▄▄"
    assert bars([None, None]) == ""


def test_a_story_without_words_leaves_no_empty_marks() -> None:
    markdown = minutes_markdown(EMPTY)
    assert "**" not in markdown.replace("**52.0\u00a0%**", "")
    assert "##  " not in markdown
