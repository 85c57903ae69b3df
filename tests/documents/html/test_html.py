"""Steps, blocks and pages as HTML: what they say, in which elements, and that nothing typed becomes markup."""

import re
from html.parser import HTMLParser

import pytest

from kviboard.documents.blocks import Cell, Figure, Paragraph, Points, Quotes, Step, Table
from kviboard.documents.html.blocks import WALL, anchor, block_html, step_html, style_of_blocks
from kviboard.documents.html.minutes import minutes_html
from kviboard.documents.html.page import css_string, page_html
from tests.documents.stories import EMPTY, HOSTILE, decisions, figure, filled_with, review

VOID = {"br", "meta"}


class Reader(HTMLParser):
    """Collects tags, attributes and words; fails on a tag that is not closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += f" {data}"


def words_of(html: str) -> str:
    return " ".join(Reader(html).words.replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def minutes() -> str:
    """The minutes of a story with every kind of block: its charts are drawn once."""
    return minutes_html(review())


def test_minutes_say_all_that_their_story_says(minutes: str) -> None:
    story = review()
    said = words_of(minutes)
    for step in story.steps:
        assert step.title in said
        for block in step.blocks:
            for text in texts_of(block):
                assert text.replace("\u00a0", " ") in said


def texts_of(block: object) -> list[str]:
    match block:
        case Paragraph():
            return [block.text]
        case Points():
            return [block.title, *block.items]
        case Table():
            return [block.caption, *block.columns, *(cell.text for row in block.rows for cell in row)]
        case Quotes():
            return [block.title, *(text for quote in block.quotes for text in quote)]
        case Figure():
            verdict = {"signal: up": "Unusually high"}.get(block.verdict, block.verdict)
            told = [block.title, block.value, block.change, verdict, block.sentence]
            return [*told, *(text for fact in block.facts for text in fact)]
    raise TypeError(block)


def test_contents_lead_to_every_step_after_the_first_which_stands_before_them(minutes: str) -> None:
    assert minutes.index(f'id="{anchor(review().steps[0])}"') < minutes.index('aria-label="Contents"')
    reader = Reader(minutes)
    ids = {value for name, value in reader.attributes if name == "id"}
    links = [value for name, value in reader.attributes if name == "href"]
    assert links == [f"#{anchor(step)}" for step in review().steps[1:]]
    assert {str(link)[1:] for link in links} <= ids


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_typed_becomes_markup(minutes: str, text: str) -> None:
    hostile = Reader(minutes_html(filled_with(text)))
    known = set(Reader(minutes).tags)
    assert set(hostile.tags) <= known | {"br"}
    assert not {name for name, _ in hostile.attributes if name.startswith("on") or name == "src"}
    assert all(str(value).startswith("#") for name, value in hostile.attributes if name == "href")


def test_a_typed_text_is_read_as_it_was_typed() -> None:
    typed = "a < b & c > d \"e\" 'f' $g$ :red[h] **i**"
    assert typed in words_of(step_html(Step("x", typed, (Paragraph(typed),))))


def test_line_breaks_stay_and_control_characters_go() -> None:
    html = block_html(Paragraph("one\r\ntwo\x00\n\nthree"))
    assert html == '<p class="kvi-words kvi-body-words" dir="auto">one<br>two<br>three</p>'


def test_a_table_names_its_columns_and_rows_for_screen_readers() -> None:
    reader = Reader(block_html(decisions(2)))
    assert reader.tags.count("caption") == 1
    assert reader.attributes.count(("scope", "col")) == 3
    assert reader.attributes.count(("scope", "row")) == 2
    assert reader.attributes.count(("data-name", "Owner")) == 2


def test_on_the_wall_a_verdict_stays_on_one_line_however_many_columns_there_are() -> None:
    row = ("Turnover", *["1"] * 7, "Usual ups and downs", "a sentence that may well be broken")
    reader = Reader(block_html(Table("KVIs", tuple("abcdefghij"), (tuple(map(Cell, row)),))))
    assert reader.attributes.count(("class", "kvi-whole-on-wall")) == 10 + 9  # headings, and all but the sentence
    assert "td.kvi-whole-on-wall { white-space: nowrap; }" in style_of_blocks()


def test_a_large_figure_shows_its_trend_with_the_charts_message_and_in_the_colours_of_the_page() -> None:
    html = block_html(figure())
    label = re.findall(r'role="img" aria-label="([^"]*)"', html)
    assert len(label) == 2  # one for narrow rooms
    assert label[0].startswith("Line chart of Guests who return, Sprint 1 to Sprint 13.")
    assert 'fill="var(--kvi-good)"' in html
    assert not re.search(r'(fill|stroke)="#', html)
    assert "Shorter check-in (20 Jun 2026)" in html
    assert "Long before" not in html


def test_on_the_wall_there_is_one_chart_of_the_size_asked_for() -> None:
    html = step_html(Step("x", "A title", (figure(),)), WALL, None)
    assert re.findall(r'class="kvi-chart" viewBox="([^"]*)"', html) == ["0 0 700 280"]


def test_a_small_figure_shows_its_sparkline_and_says_its_signal_in_words() -> None:
    html = block_html(figure(large=False))
    assert "kvi-spark" in html
    assert "● Unusually high (good)" in words_of(html).replace("●  ", "● ")


def test_small_figures_and_quotes_that_follow_each_other_share_rows() -> None:
    others, voices = review().steps[3:5]
    assert step_html(others).count('class="kvi-figures"') == 1
    assert step_html(voices).count('class="kvi-voices"') == 1


def test_a_title_that_the_step_says_already_is_not_said_again() -> None:
    step = Step("x", "Guests who return", (figure(),))
    assert words_of(step_html(step)).count("Guests who return") == 2  # title and sentence
    again = step_html(Step("x", "Decided today", (decisions(1),)))
    assert '<caption class="kvi-unseen"' in again


def test_empty_blocks_leave_nothing_behind() -> None:
    for block in (Paragraph(""), Points(()), decisions(0), Quotes("", None, ())):
        assert block_html(block) == ""
    assert "<svg" not in minutes_html(EMPTY)


def test_quotes_without_comments_still_say_how_many_answered() -> None:
    assert "Promoters: 3 answers" in words_of(block_html(Quotes("Promoters: 3 answers", "good", ())))


def test_a_page_refuses_every_request_and_names_no_other_place(minutes: str) -> None:
    assert "default-src 'none'" in minutes
    assert "<script" not in minutes
    assert re.findall(r"(?:https?:)?//[a-z]", minutes) == []
    assert "url(" not in minutes
    assert "@import" not in minutes


def test_a_pages_title_cannot_end_its_style_sheet() -> None:
    page = page_html('</style><script>alert(1)</script>"}', "<p>body</p>")
    assert page.count("</style>") == 1
    assert "<script" not in page
    assert css_string('a"b\\c\nd') == '"a\\22 b\\5c c\\20 d"'


def test_sizes_are_in_rem_so_that_a_larger_root_enlarges_everything() -> None:
    sizes = re.findall(r"font-size: ([\d.]+)([a-z%]+)", style_of_blocks())
    assert sizes
    assert {unit for _, unit in sizes} == {"rem"}


def test_a_fact_that_is_a_sentence_takes_a_row_of_its_own_on_the_wall() -> None:
    sentence = "no less than before, 70 % sure: not measured"
    html = block_html(figure(facts=(("Target", "8"), ("Predicted", sentence))), WALL, None)
    said = [words_of(each) for each in re.findall(r'<div class="is-long">.*?</div>', html)]
    assert said == [f"Predicted {sentence}"]
    assert "Target 8" in words_of(html)
