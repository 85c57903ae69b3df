"""User stories from an export of Jira, Azure DevOps or any table with a column of text: each one's findings, and how
many say what a customer gets."""

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from kviboard.board.wording.languages import known_languages
from kviboard.domain.formatting import format_value, plural
from kviboard.domain.wording.languages import Language, language_of
from kviboard.domain.wording.rewriting import rewrite_story
from kviboard.domain.wording.stories import StoryFinding, coach_story, says_what_customers_get
from kviboard.errors import UsageError

TEXT_COLUMNS = (
    "story", "user story", "userstory", "summary", "title", "description", "name", "omschrijving", "samenvatting",
    "titel", "beschreibung", "zusammenfassung", "beskrivelse", "text",
)  # fmt: skip
_KEY_COLUMNS = ("issue key", "key", "id", "work item id", "issue id", "nummer", "number")
_LARGEST = 50_000_000  # bytes
_LETTERS = 2_000  # of a story that are read: what comes later is detail
_CELL = 1_000_000  # letters of a cell that csv may read


@dataclass(frozen=True)
class CoachedStory:
    """One story: where it stands, what it says, its language (empty where it is none we know), what is found, and how
    it might be told (empty where nothing is to be mended)."""

    key: str
    text: str
    language: str
    findings: tuple[StoryFinding, ...]
    rewrite: str = ""

    @property
    def passes(self) -> bool:
        """Whether it says what a customer gets."""
        return bool(self.language) and says_what_customers_get(self.findings)


def read_stories(file: Path, column: str | None = None) -> list[tuple[str, str]]:
    """Key and text of every story in a CSV with a header; empty cells are left out. The column is the one named, else
    the one with the most stories, else one that is called like one. UsageError in words where there is none."""
    head, rows = _table(file)
    place = _named(head, column) if column else _best(head, rows)
    key = next((head.index(name) for name in head if name.casefold().strip() in _KEY_COLUMNS), None)
    found = []
    for line, row in enumerate(rows, 2):
        text = row[place].strip() if place < len(row) else ""
        if text:
            found.append((row[key].strip() if key is not None and key < len(row) else f"row {line}", text))
    if not found:
        raise UsageError(f"The column {head[place]} of {file} is empty: name another with --column.")
    return found


def coach_stories(stories: Sequence[tuple[str, str]], kinds_of_customers: Collection[str] = ()) -> list[CoachedStory]:
    """Each story with what the coach finds; one in a language it does not know is not judged."""
    return [_coached(key, text, known_languages(), kinds_of_customers) for key, text in stories]


def in_words(coached: Sequence[CoachedStory]) -> str:
    """ "3 of 8 stories say what a customer gets (37.5 %); 1 in a language that the coach does not know"."""
    judged = [each for each in coached if each.language]
    unknown = len(coached) - len(judged)
    rest = f"; {unknown} in a language that the coach does not know" if unknown else ""
    if not judged:
        return f"No story is in a language that the coach knows ({_stories(unknown)})."
    passed = sum(each.passes for each in judged)
    share = format_value(passed / len(judged), "percent")
    says = plural(passed, "says", "say")
    return f"{passed} of {_stories(len(judged))} {says} what a customer gets ({share}){rest}."


def _stories(count: int) -> str:
    return f"{count:,} {plural(count, 'story', 'stories')}"


def _coached(key: str, text: str, languages: Sequence[Language], kinds: Collection[str]) -> CoachedStory:
    read = text[:_LETTERS]
    language = language_of(read, languages)
    if language is None:
        return CoachedStory(key, text, "", ())
    found = tuple(coach_story(read, language, kinds))
    new = rewrite_story(read, {each.rule for each in found}, language) if found else ""
    return CoachedStory(key, text, language.code, found, new)


def _table(file: Path) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a CSV, whatever its separator."""
    try:
        if file.stat().st_size > _LARGEST:
            raise UsageError(
                f"{file} is larger than {_LARGEST // 1_000_000} MB: export the stories of a sprint or two."
            )
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from error
    if b"\x00" in content:
        raise UsageError(f"{file} is no text: save it as CSV (UTF-8).")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    csv.field_size_limit(_CELL)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UsageError(f"{file} cannot be read as CSV: {error}.") from error
    if len(rows) < 2:
        raise UsageError(f"{file} has no stories: it needs a header and a row for each.")
    return rows[0], rows[1:]


def _named(head: Sequence[str], column: str) -> int:
    wanted = column.casefold().strip()
    place = next((place for place, name in enumerate(head) if name.casefold().strip() == wanted), None)
    if place is None:
        raise UsageError(f"There is no column {column}; the file has {', '.join(head)}.")
    return place


def _best(head: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    patterns = [language.story for language in known_languages()]

    def stories(place: int) -> int:
        cells = (" ".join(row[place].split()) for row in rows[:500] if place < len(row))
        return sum(any(pattern.match(cell[:_LETTERS]) for pattern in patterns) for cell in cells)

    counts = [stories(place) for place in range(len(head))]
    if max(counts):
        return counts.index(max(counts))
    names = [name.casefold().strip() for name in head]
    for wanted in TEXT_COLUMNS:
        if wanted in names:
            return names.index(wanted)
    raise UsageError(f"No column looks like stories; name one with --column: {', '.join(head)}.")
