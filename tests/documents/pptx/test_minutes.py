"""Minutes as slides, opened again: native text and tables, pictures with their message, nothing beyond the edge."""

from io import BytesIO
from itertools import combinations

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Inches

from kviboard.documents.blocks import Cell, Paragraph, Points, Quotes, Step, Story, Table
from kviboard.documents.pptx.minutes import minutes_pptx
from kviboard.documents.pptx.text import SlideParagraph, wrap
from kviboard.documents.sanitize import one_line
from tests.documents.html.test_html import texts_of
from tests.documents.stories import EMPTY, HOSTILE, decisions, figure, filled_with, review


def opened(*steps: Step) -> Deck:
    return deck_of(Story("A title", "A subtitle", steps))


def deck_of(story: Story) -> Deck:
    return Presentation(BytesIO(minutes_pptx(story)))


def texts(deck: Deck) -> list[str]:
    """Every paragraph and cell that can be edited, in order."""
    found = []
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found += [paragraph.text for paragraph in shape.text_frame.paragraphs]
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def titles(deck: Deck) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


@pytest.fixture(scope="module")
def deck() -> Deck:
    """The slides of a story with every kind of block: its charts are drawn once."""
    return deck_of(review())


def test_slides_say_all_that_their_story_says_in_text_that_can_be_edited(deck: Deck) -> None:
    said = " ".join(texts(deck)).replace("\u00a0", " ")
    for step in review().steps:
        for text in [step.title, step.note, *(text for block in step.blocks for text in texts_of(block))]:
            assert text.replace("\u00a0", " ") in said


def test_every_step_has_its_title_in_the_placeholder_of_a_real_layout(deck: Deck) -> None:
    assert titles(deck) == ["Sprint 12 · Closing", *(step.title for step in review().steps)]
    assert {slide.slide_layout.name for slide in deck.slides} == {"Title Slide", "Title Only"}
    assert [layout.name for layout in deck.slide_layouts] == ["Title Slide", "Title Only"]


def test_slides_are_16_to_9_and_say_their_number_and_whose_they_are(deck: Deck) -> None:
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, rel=1e-3)
    foot = [shape.text_frame.text for shape in deck.slides[1].placeholders if shape.top > Inches(6.9)]
    assert foot[0] == "Sprint 12 · Closing"
    assert 'type="slidenum"' in deck.slides[1].shapes._spTree.xml
    assert deck.core_properties.title == "Sprint 12 · Closing"
    assert deck.core_properties.author == "KVI Board"


def test_every_picture_says_what_it_shows_and_is_sharp(deck: Deck) -> None:
    pictures = [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    said = [picture._element.nvPicPr.cNvPr.get("descr") for picture in pictures]
    assert said[0].startswith("Line chart of Guests who return, Sprint 1 to Sprint 13.")
    assert said[1].startswith("Nights per guest, Sprint 1 to Sprint 13: 52.0")
    assert len(said) == 3
    for picture in pictures:
        assert picture.image.size[0] / (picture.width / Inches(1)) >= 150  # pixels to the inch


def test_notes_hold_the_figure_in_words(deck: Deck) -> None:
    slide = deck.slides[3]
    notes = slide.notes_slide.notes_text_frame.text
    assert "Guests who return rose to 52 % in Sprint 12: beyond the upper limit." in notes
    assert "predicted: +1 to +3 pp, 70 % sure: missed" in notes
    assert "● Unusually high (good)" in notes


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_typed_breaks_the_file_or_leaves_the_slide(text: str) -> None:
    deck = deck_of(filled_with(text))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
    if len(one_line(text)) < 60:
        assert one_line(text) in " ".join(texts(deck))


@pytest.mark.parametrize("text", [HOSTILE["long"], HOSTILE["one word"]], ids=["words", "one word"])
def test_a_text_of_two_thousand_letters_goes_on_over_slides_without_losing_any(text: str) -> None:
    deck = opened(Step("x", "A step", (Paragraph(text, "vision"),)))
    count = len(deck.slides) - 1
    assert count > 1
    assert titles(deck)[1:] == [f"A step ({number}/{count})" for number in range(1, count + 1)]
    said = [text for text in texts(deck) if text not in ("A title", "A subtitle") and not text.startswith("A step")]
    written = "".join(each for each in said if each != "‹#›").replace(" ", "")
    assert written == text.replace(" ", "")


def test_a_long_table_is_split_between_rows_under_its_head() -> None:
    deck = opened(Step("x", "Decided today", (decisions(40),)))
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert len(tables) > 2
    assert {tuple(cell.text for cell in table.rows[0].cells) for table in tables} == {("What", "Owner", "Due")}
    due = [table.rows[index].cells[2].text for table in tables for index in range(1, len(table.rows))]
    assert due == [f"{number} Aug 2026" for number in range(1, 41)]


def test_a_row_higher_than_a_slide_is_continued_in_another_row() -> None:
    row = (Cell("What was said"), Cell(HOSTILE["long"] * 3))
    deck = opened(Step("x", "Said", (Table("Said", ("", "Words"), (row,)),)))
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    said = "".join(table.rows[1].cells[1].text for table in tables)
    assert len(tables) > 1
    assert said.replace(" ", "") == (HOSTILE["long"] * 3).replace(" ", "")


def test_a_long_title_shrinks_and_is_whole_in_the_notes_where_it_is_cut() -> None:
    slide = opened(Step("x", HOSTILE["long"], (Paragraph("Text"),))).slides[1]
    assert slide.shapes.title.text_frame.text.endswith("…")
    assert one_line(HOSTILE["long"]) in slide.notes_slide.notes_text_frame.text
    middling = "A title of some length that says what happened to guests who return, and why it did"
    size = opened(Step("x", middling * 2, ())).slides[1].shapes.title.text_frame.paragraphs[0].runs[0].font.size
    assert 20 <= size.pt < 28


def test_no_text_lies_upon_another() -> None:
    story = review()
    crowded = Step(
        "x", "Much", (Paragraph("One", "lead"), Points(("a", "b"), "c"), decisions(3), Paragraph("End"), decisions(3))
    )
    for slide in deck_of(Story("t", "s", (*story.steps[:3], *story.steps[4:], crowded))).slides:
        boxes = [
            (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)
            for shape in slide.shapes
            if shape.has_text_frame or shape.has_table
        ]
        for one, other in combinations(boxes, 2):
            beside = one[2] <= other[0] or other[2] <= one[0]
            assert beside or one[3] <= other[1] + 10 or other[3] <= one[1] + 10


def test_arabic_runs_from_the_right() -> None:
    deck = opened(Step("x", "Title", (Paragraph("مرحبا بالعالم"), Paragraph("Hello"))))
    paragraphs = [p for shape in deck.slides[1].shapes if shape.has_text_frame for p in shape.text_frame.paragraphs]
    turned = {p.text: p._p.pPr is not None and p._p.pPr.get("rtl") == "1" for p in paragraphs}
    assert turned["مرحبا بالعالم"]
    assert not turned["Hello"]


def test_a_story_without_words_is_a_deck_all_the_same() -> None:
    assert len(deck_of(EMPTY).slides) == 2


def test_a_figure_that_cannot_be_drawn_has_the_whole_width() -> None:
    slide = opened(Step("x", "Title", (figure(history={}),))).slides[1]
    assert all(shape.shape_type != MSO_SHAPE_TYPE.PICTURE for shape in slide.shapes)
    assert max(shape.width for shape in slide.shapes) > Inches(12)


def test_lines_are_broken_at_blanks_and_inside_words_only_where_they_must() -> None:
    # In Helvetica "m" is 0.833 of the letter height, at 72 pt 0.833 inches: three take 2.5 inches, a fourth too much.
    assert wrap("mmm mmm", 72, 3.0) == ("mmm", "mmm")
    assert wrap("mmmmmm", 72, 3.0) == ("mmm", "mmm")
    assert wrap("", 12, 1.0) == ("",)


def test_a_paragraph_is_split_where_its_room_ends_and_only_its_beginning_has_a_bullet() -> None:
    head, rest = SlideParagraph("mmm mmm mmm mmm", 72, before=0, bullet=True).split(3.25, 2.5)
    assert head is not None
    assert rest is not None
    assert (head.text, head.bullet, rest.text, rest.bullet) == ("mmm mmm", True, "mmm mmm", False)


def test_a_quote_of_a_few_lines_stays_on_one_slide_with_its_source() -> None:
    said = "The room was warm, the bread was fresh, and nobody asked us twice who we were. " * 2
    quotes = tuple((f"{said}{number}", f"score 9 · {number} Jun 2026") for number in range(12))
    deck = opened(Step("x", "Voices", (Quotes("Promoters", "good", quotes),)))
    assert len(deck.slides) > 2
    for slide in list(deck.slides)[1:]:
        body = [p.text for shape in slide.shapes if not shape.is_placeholder for p in shape.text_frame.paragraphs]
        heads = [text for text in body if text.startswith("“")]
        sources = [text for text in body if text.startswith("score")]
        assert [text.split(" ")[-1].rstrip("”") for text in heads] == [text.split(" ")[3] for text in sources]


def sizes(deck: Deck, slide: int) -> set[float]:
    """Letter sizes in the cells of a slide's table."""
    table = next(shape.table for shape in deck.slides[slide].shapes if shape.has_table)
    paragraphs = [p for row in table.rows for cell in row.cells for p in cell.text_frame.paragraphs]
    return {run.font.size.pt for paragraph in paragraphs for run in paragraph.runs}


def a_table(rows: int) -> Step:
    lines = tuple((Cell(f"Line {number}"), Cell("ada " * 60)) for number in range(rows))
    return Step("table", "A table", (Table("A table", ("Name", "Words"), lines),))


def test_a_small_table_is_written_large_enough_for_the_back_of_the_room() -> None:
    deck = opened(Step("table", "A table", (Table("A table", ("Name", "What"), ((Cell("Ada"), Cell("leads")),)),)))
    assert max(sizes(deck, 1)) == 20
    assert min(sizes(deck, 1)) >= 16


def test_no_slide_is_left_with_a_single_row_of_a_table() -> None:
    for rows in range(2, 14):
        deck = opened(a_table(rows))
        counts = [len(shape.table.rows) - 1 for slide in deck.slides for shape in slide.shapes if shape.has_table]
        assert sum(counts) == rows
        assert len(counts) == 1 or min(counts) >= 2


def test_no_slide_is_left_with_a_single_quote() -> None:
    for count in range(2, 16):
        said = tuple((f"Said number {number}", f"score {number}") for number in range(count))
        deck = opened(Step("voices", "Voices", (Quotes("Detractors", None, said),)))
        slides = [[text for text in texts_on(slide) if text.startswith(("“", "score"))] for slide in deck.slides][1:]
        assert [text for slide in slides for text in slide] == [
            text for words, source in said for text in (f"“{words}”", source)
        ]
        assert all(slide[0].startswith("“") and slide[-1].startswith("score") for slide in slides)
        assert len(slides) == 1 or min(map(len, slides)) >= 4


def texts_on(slide: Slide) -> list[str]:
    return [p.text for shape in slide.shapes if not shape.is_placeholder for p in shape.text_frame.paragraphs]
