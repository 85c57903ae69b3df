"""Text on its way into Markdown: CommonMark with GitHub's tables and autolinks. Nothing typed becomes markup."""

import re
from collections.abc import Sequence

from kviboard.documents.sanitize import lines, one_line

# Inside a line: emphasis, code, links, HTML, tables, strikethrough, formulas; what would begin an entity.
_INLINE = re.compile(r"([\\`*_\[\]<>|~$]|&(?=#?\w+;))")
# Addresses that GitHub links by themselves: the colon, the dot, the at sign in them.
_ADDRESS = re.compile(r"((?:https?|ftp|mailto|xmpp)(?=:)|www(?=\.)|[\w.+-](?=@))", re.IGNORECASE)
# At the beginning of a line: headings, lists, quotes, underlines, rows of dashes.
_START = re.compile(r"^([#+=:-])")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")
_BARS = "▁▂▃▄▅▆▇█"


def escaped(words: str) -> str:
    """The text on one line, safe anywhere in a line, also in a cell of a table."""
    return _ADDRESS.sub(r"\1\\", _INLINE.sub(r"\\\1", one_line(words)))


def started(words: str) -> str:
    """The text on one line, safe also at its beginning."""
    return _NUMBERED.sub(r"\1\\\2", _START.sub(r"\\\1", escaped(words)))


def paragraph(words: str) -> str:
    """The text as a paragraph with its line breaks."""
    return "\\\n".join(map(started, lines(words)))


def heading(level: int, words: str) -> str:
    """The text as a heading; nothing for no text."""
    text = re.sub(r"#$", r"\\#", escaped(words))  # which would otherwise end the heading
    return f"{'#' * level} {text}" if text else ""


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int]) -> str:
    """A table of safe texts; every row as long as the head."""
    rule = ["--:" if index in numeric else ":--" for index in range(len(columns))]
    full = ([*row, *[""] * len(columns)][: len(columns)] for row in rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (columns, rule, *full))


def bars(values: Sequence[float | None]) -> str:
    """The values as a line of bars, lowest to highest; a gap is a dot."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, span = min(known), max(known) - min(known)
    top = len(_BARS) - 1
    return "".join("·" if v is None else _BARS[round((v - low) / span * top) if span else top // 2] for v in values)
