"""People by name: who is the same, who is known, and whom a text mentions. Who may do what belongs to `access`."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_AT = re.compile(r"(?<![\w@./])@(?=\w)")  # not the middle of a mail address or of a path
_WORD = re.compile(r"\w[\w'’-]*")


@dataclass(frozen=True)
class Mention:
    """A place in a text that names somebody: `text[start:end]` is "@" and the name. `name` is as the board knows it,
    empty where it knows nobody of that name."""

    start: int
    end: int
    name: str


@dataclass(frozen=True)
class Signature:
    """A name under which somebody saved who had signed in. `subject` tells them from all others of that name, and stays
    theirs when they are renamed."""

    name: str
    subject: str


def plain_name(name: str) -> str:
    """A name as it is compared: whatever its capitals and spaces."""
    return " ".join(name.split()).casefold()


def same_person(one: str | None, *others: str | None) -> bool:
    """Whether a name is one of those of a person; nobody is nobody's namesake."""
    return bool(one and one.strip()) and plain_name(one or "") in {plain_name(other or "") for other in others}


def name_to_save_under(name: str, subject: str, address: str, signatures: Sequence[Signature]) -> str:
    """The name of somebody who signed in, with their address where another saved under that name before them: no two
    people are called the same. `signatures` are by first use."""
    return name if _holder(name, signatures) in (None, subject) else f"{name} ({address})"


def names_of(name: str, signatures: Sequence[Signature], subject: str | None = None) -> tuple[str, ...]:
    """All names of whoever is called `name` (of `subject`, where it is known who that is), as people are renamed: this
    one, then those under which they saved and nobody before them."""
    held = _held(subject or _holder(name, signatures), signatures)
    return tuple({plain_name(each): each for each in [*held, name][::-1]}.values())


def name_now(name: str, signatures: Sequence[Signature]) -> str:
    """The newest name of whoever is called so, as people are renamed; this one for who never signed in."""
    held = _held(_holder(name, signatures), signatures)
    return held[-1] if held else name


def each_once(names: Iterable[str]) -> list[str]:
    """Names in alphabetical order, each once whatever its capitals and spaces, as it is written first."""
    found: dict[str, str] = {}
    for name in names:
        written = " ".join(name.split())
        if written:
            found.setdefault(plain_name(written), written)
    return [found[key] for key in sorted(found)]


def mentions_in(text: str, people: Sequence[str]) -> list[Mention]:
    """Whom a text mentions: "@" and a name that is known, the longest where several fit, or a first name that only one
    of them has. What follows another "@" is a mention of nobody known."""
    first_names = Counter(_first(name) for name in people)
    by_first = {_first(name): name for name in people if first_names[_first(name)] == 1}
    longest_first = sorted(people, key=len, reverse=True)
    found = []
    for at in _AT.finditer(text):
        begins = at.end()
        name = next((name for name in longest_first if _stands_at(text, begins, name)), "")
        word = _WORD.match(text, begins)
        assert word is not None
        if name:
            found.append(Mention(at.start(), begins + len(name), name))
        else:
            found.append(Mention(at.start(), word.end(), by_first.get(plain_name(word.group()), "")))
    return found


def mentioned(text: str, people: Sequence[str]) -> list[str]:
    """The known people that a text mentions, each once, in its order."""
    return list(dict.fromkeys(each.name for each in mentions_in(text, people) if each.name))


def unknown_mentions(text: str, people: Sequence[str]) -> list[str]:
    """What follows an "@" and is nobody's name, each once, in its order."""
    strange = (text[each.start + 1 : each.end] for each in mentions_in(text, people) if not each.name)
    return list(dict.fromkeys(strange))


def _holder(name: str, signatures: Iterable[Signature]) -> str | None:
    """Who saved under a name first."""
    return next((each.subject for each in signatures if same_person(each.name, name)), None)


def _held(subject: str | None, signatures: Sequence[Signature]) -> list[str]:
    """The names under which somebody saved and nobody before them, the first one first."""
    return [each.name for each in signatures if subject is not None and _holder(each.name, signatures) == subject]


def _first(name: str) -> str:
    word = _WORD.search(name)
    return plain_name(word.group()) if word else ""


def _stands_at(text: str, begins: int, name: str) -> bool:
    ends = begins + len(name)
    follows = text[ends : ends + 1]
    return text[begins:ends].casefold() == name.casefold() and not (follows.isalnum() or follows == "_")
