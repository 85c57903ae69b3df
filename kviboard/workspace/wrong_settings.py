"""What is wrong with a setting, as a sentence: where it stands, what was found, what to write instead."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from kviboard.errors import Problem

_NO_PLACE = ("function-after", "[key]", "str", "constrained-str")  # how pydantic names a step, not a setting
_SECRET = ("password", "client_secret", "url", "webhook", "fetch", "remote")  # never repeated in a sentence
_TEXT_OR_LIST = {"string_type", "tuple_type"}
_WANTED = {
    "literal_error": "choose {expected}",
    "greater_than": "it must be more than {gt}",
    "greater_than_equal": "it must be {ge} or more",
    "less_than": "it must be less than {lt}",
    "less_than_equal": "it must be {le} or less",
    "string_type": "write a text in quotes",
    "string_pattern_mismatch": "write it with capital letters, like EUR",
    "tuple_type": 'write a list, like ["one", "two"]',
    "dict_type": "write it as a section or as { name = … }",
    "model_type": "write it as a section: its name in brackets, its settings below",
    "int": "write a whole number",
    "float": "write a number without quotes",
    "finite_number": "write a number that is not infinite",
    "date": "write a day, like 2026-01-31",
}
Keys = Callable[[Sequence[str]], Sequence[str]]


def wrong_settings(details: Iterable[Any], file: str, known: Keys) -> list[Problem]:
    """A problem for each place that pydantic's `details` name; `known` lists the settings of a table."""
    by_place: dict[tuple[str, ...], list[Any]] = {}
    for detail in details:
        place = [str(part) for part in detail["loc"] if part not in _NO_PLACE and not str(part).startswith("tuple[")]
        by_place.setdefault(tuple(place), []).append(detail)
    return [_problem(place, found, file, known) for place, found in by_place.items()]


def _problem(place: Sequence[str], details: Sequence[Any], file: str, known: Keys) -> Problem:
    *table, key = place
    where, detail = f"{file}, {_in_brackets(table)}{key}", details[0]
    if detail["type"] == "extra_forbidden":
        names = known(table)
        return Problem(where, "is not a setting.", f"Known here: {', '.join(names)}." if names else "")
    if detail["type"] == "missing":
        return Problem(where, "is missing.", "Add it.")
    hidden = isinstance(detail["input"], dict) or key in (*_SECRET, detail["input"])
    found = "" if hidden else f"found {_shown(detail['input'])}; "
    return Problem(where, f"{found}{_wanted(details)}.")


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else repr(value)


def _in_brackets(table: Sequence[str]) -> str:
    """ "[surveys] " or, for the second of many, "[[targets]] number 2, "."""
    if not table:
        return ""
    if table[-1].isdecimal():
        return f"[[{'.'.join(table[:-1])}]] number {int(table[-1]) + 1}, "
    return f"[{'.'.join(table)}] "


def _wanted(details: Sequence[Any]) -> str:
    """What to write instead; in our own words where the check is not ours."""
    if {detail["type"] for detail in details} == _TEXT_OR_LIST:
        return f"{_WANTED['string_type']}, or several in a list"
    detail = details[0]
    kind = detail["type"]
    wanted = _WANTED.get(kind) or _WANTED.get(kind.partition("_")[0])
    if wanted is None:
        return str(detail["msg"]).removeprefix("Value error, ")
    for name, value in detail.get("ctx", {}).items():
        wanted = wanted.replace(f"{{{name}}}", str(value).replace("'", '"'))
    return wanted
