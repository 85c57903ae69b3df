"""An empty deck in the board's look: 16:9, two layouts, fonts and colours in its theme; and shapes on its slides.

Which block becomes what is decided in `blocks`, what fits onto a slide in `flow`. Measures in inches.
The master is drawn here and not shipped as a file of its own: its colours come from the palette, which such a file
would say a second time, unread by anybody who reviews a change.
"""

import re
from copy import deepcopy
from io import BytesIO

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.oxml.xmlchemy import BaseOxmlElement
from pptx.presentation import Presentation as Deck
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide, SlideLayout, SlideMaster
from pptx.text.text import TextFrame
from pptx.util import Inches, Pt

from kviboard.components.palette import PALETTE
from kviboard.documents.pptx.text import SlideParagraph, is_right_to_left

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.65
COLUMN = WIDTH - 2 * MARGIN
TITLE_TOP, TITLE_HEIGHT = 0.4, 0.85
BODY_TOP, BODY_BOTTOM = 1.42, 6.85
FONT = "Arial"  # everywhere, or something as wide in its place
COVER, CONTENT = "Title Slide", "Title Only"
_FOOT_TOP, _FOOT_HEIGHT = 6.98, 0.3
_THEME = {
    "dk1": "text", "lt1": "page", "dk2": "secondary", "lt2": "panel", "accent1": "accent", "accent2": "good",
    "accent3": "bad", "accent4": "passive", "accent5": "neutral", "accent6": "caution", "hlink": "accent",
    "folHlink": "neutral",
}  # fmt: skip
_FOOT = {
    KIND.FOOTER: (MARGIN, 9.0, "l"),
    KIND.SLIDE_NUMBER: (WIDTH - MARGIN - 1.2, 1.2, "r"),
    KIND.DATE: (9.8, 1.6, "r"),
}
Box = tuple[float, float, float, float]  # left, top, width, height


def new_deck(title: str) -> Deck:
    """A deck without slides; its layouts and theme are ours, so that slides added by hand look the same."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    for layout in list(deck.slide_layouts):
        if layout.name not in (COVER, CONTENT):
            deck.slide_layouts.remove(layout)
    _set_theme(deck)
    _set_master(deck)
    for layout in deck.slide_layouts:
        _place(layout)
    about = deck.core_properties
    about.title, about.author, about.last_modified_by = title[:250], "KVI Board", "KVI Board"
    about.subject, about.keywords, about.comments = "", "", ""
    return deck


def saved(deck: Deck) -> bytes:
    """The deck as a file."""
    file = BytesIO()
    deck.save(file)
    return file.getvalue()


def add_slide(deck: Deck, layout: str, footer: str) -> Slide:
    """A slide with its footer and number; its title is still empty."""
    chosen = next(each for each in deck.slide_layouts if each.name == layout)
    slide = deck.slides.add_slide(chosen)
    if layout == CONTENT:
        for held in chosen.placeholders:
            if held.placeholder_format.type in (KIND.FOOTER, KIND.SLIDE_NUMBER):
                slide.shapes._spTree.append(deepcopy(held._element))
        for held in slide.placeholders:
            if held.placeholder_format.type == KIND.FOOTER:
                held.text_frame.text = footer
    return slide


def set_text(placeholder: Shape, paragraph: SlideParagraph) -> None:
    """Write a placeholder's text, such as the title."""
    placeholder.text_frame.auto_size = MSO_AUTO_SIZE.NONE
    write(placeholder.text_frame, [paragraph])


def add_text(slide: Slide, paragraphs: list[SlideParagraph], box: Box, name: str = "Text") -> None:
    """A text frame that people can go on writing in."""
    shape = slide.shapes.add_textbox(*map(Inches, box))
    shape.name = name
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    write(frame, paragraphs)


def add_picture(slide: Slide, png: bytes, box: Box, alt: str) -> None:
    """A picture as large as fits into the box, at its top left, with its message for those who do not see it."""
    left, top, width, height = box
    picture = slide.shapes.add_picture(BytesIO(png), Inches(left), Inches(top), width=Inches(width))
    if picture.height > Inches(height):
        picture.width, picture.height = int(picture.width * Inches(height) / picture.height), Inches(height)
    picture._element.nvPicPr.cNvPr.set("descr", alt)
    picture.name = "Chart"


def add_bar(slide: Slide, box: Box, role: str) -> None:
    """A filled rectangle that only decorates."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(Inches, box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(role)
    shape.line.fill.background()
    shape.shadow.inherit = False
    shape.name = "Line"


def rgb(role: str) -> RGBColor:
    """The palette's colour on paper."""
    return RGBColor.from_string(PALETTE[role][0].removeprefix("#"))


def write(frame: TextFrame, paragraphs: list[SlideParagraph]) -> None:
    """Write paragraphs into an empty text frame."""
    for index, item in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.space_before = Pt(item.before if index else 0)
        run = paragraph.add_run()
        run.text = item.text
        run.font.size, run.font.bold = Pt(round(item.size, 1)), item.bold
        run.font.color.rgb = rgb(item.colour)
        form = paragraph._p.get_or_add_pPr()
        if is_right_to_left(item.text):
            form.set("rtl", "1")
            form.set("algn", "r")
        if item.bullet:
            form.set("marL", str(Inches(0.25)))
            form.set("indent", str(-Inches(0.25)))
            form.append(parse_xml(f'<a:buChar {nsdecls("a")} char="•"/>'))


def _set_theme(deck: Deck) -> None:
    part = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    colours = "".join(
        f'<a:{slot}><a:srgbClr val="{PALETTE[role][0].removeprefix("#")}"/></a:{slot}>' for slot, role in _THEME.items()
    )
    theme = part.blob.decode("utf-8")
    theme = re.sub(r"(<a:clrScheme[^>]*>).*?(</a:clrScheme>)", rf"\g<1>{colours}\g<2>", theme, flags=re.DOTALL)
    theme = re.sub(r'<a:latin typeface="[^"]+"', f'<a:latin typeface="{FONT}"', theme)
    part._blob = theme.encode("utf-8")


def _set_master(deck: Deck) -> None:
    master = deck.slide_master
    _place(master)
    for style in master._element.iter(qn("p:titleStyle")):
        for level in style.iter(qn("a:lvl1pPr")):
            level.set("algn", "l")
            level.find(qn("a:defRPr")).set("sz", "2600")
            level.find(qn("a:defRPr")).set("b", "1")


def _place(layout: SlideLayout | SlideMaster) -> None:
    """Put the placeholders of a layout, or of the master, where our slides have them."""
    cover = layout.name == COVER
    for held in layout.placeholders:
        kind = held.placeholder_format.type
        box: Box = (MARGIN, BODY_TOP, COLUMN, BODY_BOTTOM - BODY_TOP)
        if kind in (KIND.TITLE, KIND.CENTER_TITLE):
            box = (MARGIN, 2.35, COLUMN, 1.5) if cover else (MARGIN, TITLE_TOP, COLUMN, TITLE_HEIGHT)
            held.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        elif kind == KIND.SUBTITLE:
            box = (MARGIN, 4.3, COLUMN, 1.2)
        elif kind in _FOOT:
            left, width, _ = _FOOT[kind]
            box = (left, _FOOT_TOP, width, _FOOT_HEIGHT)
        held.left, held.top, held.width, held.height = map(Inches, box)
        frame = held.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        _align(held._element, kind)


def _align(element: BaseOxmlElement, kind: KIND) -> None:
    """Text to the left, page numbers to the right, the foot small."""
    for level in element.iter(qn("a:lvl1pPr")):
        level.set("algn", _FOOT[kind][2] if kind in _FOOT else "l")
        if kind in _FOOT:
            level.find(qn("a:defRPr")).set("sz", "1000")
