"""Reads the word lists of the languages that the coach knows: a file for each in `languages/`."""

import tomllib
from functools import cache
from pathlib import Path

from kviboard.domain.wording.languages import Language

FOLDER = Path(__file__).with_name("languages")


@cache
def known_languages() -> tuple[Language, ...]:
    """Every language there is a file for, by its code."""
    return tuple(_read(file) for file in sorted(FOLDER.glob("*.toml")))


def _read(file: Path) -> Language:
    with file.open("rb") as opened:
        said = tomllib.load(opened)
    return Language(
        code=file.stem,
        name=said["name"],
        customers=frozenset(said["customers"].split()),
        ourselves=frozenset(said["ourselves"].split()),
        ships=frozenset(said["ships"].split()),
        common=frozenset(said["common"].split()),
        role=said["story"]["role"],
        want=said["story"]["want"],
        benefit=said["story"]["benefit"],
    )
