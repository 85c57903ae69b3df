"""Reads a theme: a list of words, one a line, by which comments that speak of it are known."""

import re
from dataclasses import dataclass

from kviboard.catalog.files import QueryFile
from kviboard.errors import Problem

_NAME = re.compile(r"[a-z0-9_]+")
_NO_LETTERS = re.compile(r"[^\w']+|_")


@dataclass(frozen=True)
class Theme:
    """A theme by its file's name. Each of `words` begins with a blank and ends with one, or stands for all words that
    begin so: " price " and " expens", as they are looked for in the words of a comment."""

    name: str
    path: str
    words: tuple[str, ...]


def read_theme(file: QueryFile) -> tuple[Theme | None, tuple[Problem, ...]]:
    """The theme in `file`, or what keeps it from being one. A line is a word or several, with * at its end also longer
    words count; what follows # is a remark."""
    if not _NAME.fullmatch(file.name):
        hint = "Name the file in lower-case letters, digits and _: opening_hours.txt."
        return None, (Problem(file.path, "has no plain name.", hint),)
    lines = [line.partition("#")[0].strip() for line in file.sql.splitlines()]
    words = tuple(dict.fromkeys(found for line in lines if (found := _as_looked_for(line))))
    if not words:
        return None, (Problem(file.path, "names no word.", "Write one word, or several that belong together, a line."),)
    return Theme(file.name, file.path, words), ()


def _as_looked_for(line: str) -> str:
    plain = " ".join(_NO_LETTERS.sub(" ", line.lower().replace("’", "'")).split())
    return f" {plain}{'' if line.endswith('*') else ' '}" if plain else ""
