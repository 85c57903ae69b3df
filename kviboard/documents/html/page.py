"""One HTML file that needs nothing else: no script, no font, no picture from anywhere. What it says is up to its body.

Used for minutes and digests. The pieces of tiles and tables bring their rules from `charts.style`, those of steps and
blocks from `blocks`; how the page itself looks on a screen, a phone and on paper stands in page.css.
"""

from functools import cache
from pathlib import Path

from kviboard.components.markup import text
from kviboard.components.style import style_of_pieces
from kviboard.documents.html.blocks import style_of_blocks
from kviboard.documents.sanitize import clean, one_line

# The browser itself then refuses any request, whatever got into the body.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def page_html(title: str, body: str, extra_css: str = "") -> str:
    """A whole HTML document around `body`, which is markup made safe by its writer; its first heading is an h1.

    `title` is plain text: the name of the tab and the running head on paper. `extra_css` comes after our rules.
    """
    running_head = f"@page{{@top-left{{content:{css_string(title)}}}}}"
    style = "".join((style_of_pieces(), _own_rules(), running_head, extra_css)).replace("</", "<\\/")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(one_line(title))}</title>\n<style>{style}</style>\n</head>\n"
        f'<body>\n<main class="kvi-document">\n{clean(body)}\n</main>\n</body>\n</html>\n'
    )


def css_string(value: str) -> str:
    """Any text as a CSS string; whatever is no letter or digit is written as its number."""
    written = (char if char.isascii() and char.isalnum() else f"\\{ord(char):x} " for char in one_line(value))
    return f'"{"".join(written)}"'


@cache
def _own_rules() -> str:
    return style_of_blocks() + Path(__file__).with_name("page.css").read_text(encoding="utf-8")
