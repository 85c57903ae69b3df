"""Reads the words of the languages that the coach knows: a file for each in `languages/`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kviboard.domain.wording.languages import Language

FOLDER = Path(__file__).with_name("languages")
_LISTS = ("endings", "modifiers", "things", "events", "gains", "activities", "ties", "units", "links")
_SETS = (
    "somebody", "inside", "quantities", "of", "articles", "stops", "fronts", "modals", "tasks", "moves", "we", "our",
    "their", "new", "moved", "doings",
)  # fmt: skip


@cache
def known_languages() -> tuple[Language, ...]:
    """Every language there is a file for, by its code. Words that say nothing are heard in all of them, its own first:
    they travel."""
    read = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.toml"))}
    everywhere = {word: to for said in read.values() for word, to in said["empty"].items()}
    return tuple(_language(code, said, said["empty"] | everywhere) for code, said in read.items())


def language_named(code: str) -> Language | None:
    """The language with this code; None where there is no file for it."""
    return next((each for each in known_languages() if each.code == code), None)


def _language(code: str, said: Mapping[str, Any], empty: Mapping[str, str]) -> Language:
    objective, story = said["objective"], said["story"]
    known: dict[str, Any] = {
        name: frozenset(said[name].split()) for name in ("customers", "ourselves", "ships", "common")
    }
    known |= {name: story[name] for name in ("role", "want", "benefit", "customer", "so_that")}
    known |= {name: objective[name] for name in ("can", "someone", "measure", "and_word")}
    known |= {name: tuple(objective.get(name, "").split()) for name in _LISTS}
    known |= {name: frozenset(objective.get(name, "").split()) for name in _SETS}
    known |= {name: objective.get(name, False) for name in ("has_capital_nouns", "has_verbs_last")}
    return Language(code=code, name=said["name"], empty=empty, **known)
