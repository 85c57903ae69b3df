"""Words from people and data inside Streamlit's Markdown: shown as they are, with no markup and no directive."""

from html import unescape

import pytest
from markdown_it import MarkdownIt

from kviboard.ui.markdown import plain

HOSTILE = [
    "*bold* _thin_ ~gone~ **both**",
    "[a link](https://evil.example) ![a picture](x.png)",
    "<script>alert(1)</script>",
    "# no heading",
    "`code` and a back\\slash",
    "$x^2$ and 5 $",
    "_a_b__c_d and __e__ f_ _g a._b_.c: d(_e_)f:",
]


@pytest.mark.parametrize("sentence", HOSTILE)
def test_a_sentence_is_read_as_it_was_written(sentence: str) -> None:
    shown = MarkdownIt("commonmark").render(plain(sentence)).removeprefix("<p>").removesuffix("</p>\n")
    assert unescape(shown) == sentence


def test_no_directive_of_streamlit_is_left() -> None:
    assert plain(":red[late] :material/home: at 14:05") == "\\:red\\[late] \\:material\u2060/home\\: at 14\\:05"


def test_a_label_that_needs_no_backslash_has_none() -> None:
    label = "my_orders_2.csv: on which scale is review__score given?"
    assert plain(label) == label


def test_what_would_be_a_picture_keeps_its_backslashes() -> None:
    assert plain(":smile: a:b: x:") == "\\:smile\\: a\\:b\\: x:"


def test_what_stands_in_backquotes_stays_code_where_asked() -> None:
    shown = MarkdownIt("commonmark").render(plain("Press *Go* in `a_b:c*d*`, `x", code=True))
    assert shown == "<p>Press *Go* in <code>a_b:c*d*</code>, `x</p>\n"
