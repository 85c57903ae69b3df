"""Text from data on its way into HTML or SVG. Which pieces of HTML there are belongs to the user interface."""

import re
from html import escape


def text(value: str) -> str:
    """Any text, safe inside HTML inside Markdown: one line, nothing that either would act upon.

    A blank line would end the HTML for Markdown; a colon or dollar sign may begin one of Streamlit's directives.
    No-break spaces stay.
    """
    one_line = re.sub(r"[ \t\r\n\f\v]+", " ", value)
    return escape(one_line).replace(":", "&#58;").replace("$", "&#36;")
