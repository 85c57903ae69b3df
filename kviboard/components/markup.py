"""Text from data on its way into HTML or SVG, and the smallest pieces of HTML. Tiles are in `tiles`."""

import re
from collections.abc import Iterable
from html import escape

_BELOW_ZERO = re.compile("−(?=[€$£¥])")


def text(value: str) -> str:
    """Any text, safe inside HTML inside Markdown: one line, nothing that either would act upon.

    A blank line would end the HTML for Markdown; a colon or dollar sign may begin one of Streamlit's directives.
    No-break spaces stay, and no line breaks before a percent sign, nor between a minus sign and its currency.
    """
    one_line = re.sub(r"[ \t\r\n\f\v]+", " ", value).replace(" %", "\u00a0%")
    if "−" in one_line:
        one_line = _BELOW_ZERO.sub("−\u2060", one_line)
    return escape(one_line).replace(":", "&#58;").replace("$", "&#36;")


def apart(value: str) -> str:
    """What people typed, such as a title, as HTML that keeps its direction to itself: words written from right to left
    turn nothing around them."""
    return f"<bdi>{text(value)}</bdi>" if _RIGHT_TO_LEFT.search(value) else text(value)


_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


def and_form(link_to_form: str) -> str:
    """A link to a form behind other words; who may not write sees neither it nor its dot."""
    return f'<span class="kvi-aside"> · {link_to_form}</span>'


def link(label: str, href: str) -> str:
    """A link to a page of the app that opens without loading it anew; `href` is relative, as in `kvis?kvi=nps`.

    Without an address, the plain words: a file may have readers who cannot reach the board.
    """
    if not href:
        return apart(label)
    return f'<a class="kvi-link" data-kvi-link="1" target="_self" href="{text(href)}">{apart(label)}</a>'


def quiet(sentence: str) -> str:
    """A kind sentence where there is nothing to show, or a note that must not shout."""
    return f'<p class="kvi-quiet">{text(sentence)}</p>'


def section(title: str, note: str, body: str, otherwise: str = "") -> str:
    """A part of a page: its heading, a note in one quiet line, and its HTML or a sentence where that is empty."""
    head = f"<h2>{text(title)}</h2>{quiet(note) if note else ''}"
    return f'<section class="kvi-section">{head}{body or quiet(otherwise)}</section>'


def on_phone_folded(summary: str, body: str) -> str:
    """HTML that stands open where there is room, and on a phone behind a line that opens it."""
    return f'<details class="kvi-fold"><summary>{text(summary)}</summary>{body}</details>' if body else ""


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """What is known of a KVI, as term and description: owner, definition, decision rule."""
    items = "".join(f"<div><dt>{text(term)}</dt><dd>{text(description)}</dd></div>" for term, description in pairs)
    return f'<dl class="kvi-facts">{items}</dl>'
