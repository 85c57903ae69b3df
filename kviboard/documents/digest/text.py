"""The digest in words alone: as plain text, and as the simple HTML that every mail program shows as it is meant.

Mail programs take away style sheets, inline drawings and colours that follow the theme, each in its own way. So a
mail's own text is sentences in one column; tiles and lines are in the file that comes with it.
"""

from textwrap import fill

from kviboard.board.week.phrases import WeekSection, conditions, gist, slice_sections, week_sections
from kviboard.components.markup import text
from kviboard.documents.digest.digest import Digest
from kviboard.documents.sanitize import one_line

_WIDTH = 76
_INK, _QUIET, _LINE, _LINK = "#1B2430", "#566172", "#E4E9EF", "#0B5CAD"
_FONT = "font-family:'Segoe UI','Helvetica Neue',Arial,sans-serif"


def digest_text(digest: Digest) -> str:
    """The digest as plain text, a sentence per line, wrapped."""
    home = digest.links("")
    board = ["", f"On the board: {home}"] if home else []
    head = [digest.title, "=" * min(len(digest.title), _WIDTH), "", *_gist(digest), *board]
    return "\n".join(_wrapped(line) for line in [*head, *_body(digest)]) + "\n"


def digest_message(digest: Digest) -> str:
    """The same for a chat, which has the title and the board's address already, and wraps lines itself."""
    return "\n".join(map(one_line, [*_gist(digest), *_body(digest)])) + "\n"


def digest_mail_html(digest: Digest) -> str:
    """The same sentences as simple HTML with its style on each element."""
    home = digest.links("")
    board = f'<p style="margin:12px 0 0"><a href="{text(home)}" style="color:{_LINK}">Open it on the board</a></p>'
    parts = "".join(map(_section_html, _sections(digest)))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{text(digest.title)}</title></head>'
        f'<body style="margin:0;padding:24px 16px"><div style="max-width:640px;margin:0 auto;{_FONT};font-size:15px;'
        f'line-height:1.5;color:{_INK}">'
        f'<h1 style="margin:0;font-size:20px;font-weight:600">{text(digest.title)}</h1>'
        f'<p style="margin:8px 0 0;font-size:17px"><b>{text(" ".join(gist(digest.week)))}</b></p>'
        f'<p style="margin:8px 0 0;font-size:13px;color:{_QUIET}">{text(conditions(digest.week))}</p>'
        f"{board if home else ''}{parts}</div></body></html>"
    )


def _gist(digest: Digest) -> list[str]:
    return [" ".join(gist(digest.week)), "", conditions(digest.week)]


def _body(digest: Digest) -> list[str]:
    return [line for section in _sections(digest) for line in _section_text(section)]


def _sections(digest: Digest) -> list[WeekSection]:
    """All parts that say something, the slices after what changed."""
    found: list[WeekSection] = []
    for section in week_sections(digest.week):
        if section.name == "decisions":
            found += slice_sections(digest.week)
        found.append(section)
    return [section for section in found if section.lines or section.otherwise or section.name == "data"]


def _section_text(section: WeekSection) -> list[str]:
    lines = [f"* {line}" for line in section.lines] or [section.otherwise]
    return ["", "", section.title.upper(), *([section.note] if section.note else []), "", *lines]


def _section_html(section: WeekSection) -> str:
    items = "".join(
        f'<li style="margin:0 0 6px;padding:6px 0 0;border-top:1px solid {_LINE}">{text(line)}</li>'
        for line in section.lines
    )
    quiet = f"margin:2px 0 8px;font-size:13px;color:{_QUIET}"
    body = f'<ul style="margin:0;padding:0;list-style:none">{items}</ul>' if items else ""
    otherwise = f'<p style="margin:0">{text(section.otherwise)}</p>' if section.otherwise and not items else ""
    return (
        f'<h2 style="margin:28px 0 0;font-size:16px;font-weight:600">{text(section.title)}</h2>'
        f'<p style="{quiet}">{text(section.note)}</p>{body}{otherwise}'
    )


def _wrapped(line: str) -> str:
    hang = "  " if line.startswith("* ") else ""
    return fill(one_line(line), _WIDTH, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)
