"""A review on one screen: each step of its story as one line, in a few words. The steps themselves open below."""

from collections.abc import Iterable

from kviboard.documents.blocks import Block, Figure, Paragraph, Points, Quotes, Step, Table
from kviboard.documents.figures import verdict_in_words
from kviboard.documents.sanitize import one_line
from kviboard.domain.formatting import counted

_LETTERS = 140
_NAMED = 3


def in_one_line(step: Step) -> str:
    """What a step says, for its line of the agenda: "39.4 % · ● Unusually high (bad) · ▼ 1.4 pp on Sprint 37"."""
    line = one_line(_joined(filter(None, map(_gist, step.blocks))))
    return line if len(line) <= _LETTERS else f"{line[: _LETTERS - 1].rstrip()}…"


def _gist(block: Block) -> str:
    match block:
        case Paragraph():
            return block.text
        case Points():
            return _joined(block.items)
        case Figure():
            return " · ".join(part for part in (block.value, verdict_in_words(block), block.change) if part)
        case Quotes():
            return block.title
        case Table():
            return _named([row[0].text for row in block.rows if row])
    raise TypeError(block)


def _joined(parts: Iterable[str]) -> str:
    """What is said one after another; a sentence that ends needs no semicolon."""
    said = [part.strip() for part in parts]
    ended = (part if part.endswith((".", "!", "?", "…")) else f"{part};" for part in said[:-1])
    return " ".join([*ended, *said[-1:]])


def _named(names: list[str]) -> str:
    """The first few names of a table's rows, and how many more there are."""
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{counted(len(names), 'line')}: {', '.join(names[:_NAMED])} …"
