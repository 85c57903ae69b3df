"""User stories from an export of Jira, Azure DevOps or any table with a column of text: each one's findings, and how
many say what a customer gets."""

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from kviboard.apart import Caller, here
from kviboard.board.brought import Brought, Rows, read_brought, read_sent
from kviboard.board.wording.languages import known_languages
from kviboard.domain.formatting import format_value, plural, without_formula
from kviboard.domain.wording.languages import Language, language_of
from kviboard.domain.wording.rewriting import rewrite_story
from kviboard.domain.wording.stories import StoryFinding, coach_story, says_what_customers_get
from kviboard.errors import UsageError

TEXT_COLUMNS = (
    "story", "user story", "userstory", "summary", "title", "description", "name", "omschrijving", "samenvatting",
    "titel", "beschreibung", "zusammenfassung", "beskrivelse", "text",
)  # fmt: skip
_KEY_COLUMNS = ("issue key", "key", "id", "work item id", "issue id", "nummer", "number")
LETTERS = 2_000  # of a story that are read: what comes later is detail
_SEEN = 500  # rows that tell which column holds stories


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


@dataclass(frozen=True)
class Stories:
    """Key and text of every story in a file, the column that they stand in, and a sentence for each line not read."""

    told: tuple[tuple[str, str], ...]
    column: str
    unread: tuple[str, ...] = ()


def read_stories(file: Path, column: str | None = None) -> Stories:
    """The stories of a table with a header (CSV, TSV, XLSX); empty cells are left out. The column is the one named,
    else the one with the most stories, else one that is called like one. UsageError in words where there is none."""
    table = _table(file)
    found = _named(table.columns, column) if column else _best(table.columns, table.rows)
    key = next((name for name in table.columns if name.casefold().strip() in _KEY_COLUMNS), None)
    told = tuple(((row[key] if key else "") or f"row {line}", row[found]) for line, row in table.rows if row[found])
    if not told:
        raise UsageError(f"The column {found} of {file.name} is empty: name another one.")
    unread = tuple(f"Line {line} is not read: {reason}." for line, reason in table.unread)
    return Stories(told, found, unread)


def coach_stories(stories: Sequence[tuple[str, str]], kinds_of_customers: Collection[str] = ()) -> list[CoachedStory]:
    """Each story with what the coach finds; one in a language it does not know is not judged."""
    return [_coached(key, text, known_languages(), kinds_of_customers) for key, text in stories]


def coach_file(
    file: Path, kinds_of_customers: Collection[str], call: Caller = here
) -> tuple[list[CoachedStory], tuple[str, ...]]:
    """What the coach says of every story in a file, which is read where `call` does it, and a sentence for each line
    not read. Raises UsageError like read_stories."""
    found: tuple[list[CoachedStory], tuple[str, ...]] = read_sent(call, _read_and_coach, file, kinds_of_customers)
    return found


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


def stories_csv(coached: Sequence[CoachedStory]) -> str:
    """A CSV with a row per story: its language, whether it says what customers get, what is found, a better wording."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("key", "story", "language", "says_what_customers_get", "findings", "rewrite"))
    for each in coached:
        found = "; ".join(f"{finding.rule}: {finding.quote}" for finding in each.findings)
        verdict = ("yes" if each.passes else "no") if each.language else ""
        cells = (each.key, " ".join(each.text.split()), each.language, verdict, found, each.rewrite)
        writer.writerow([without_formula(cell) for cell in cells])
    return text.getvalue()


def _read_and_coach(file: Path, kinds: Collection[str]) -> tuple[list[CoachedStory], tuple[str, ...]]:
    stories = read_stories(file)
    return coach_stories(stories.told, kinds), stories.unread


def _stories(count: int) -> str:
    return f"{count:,} {plural(count, 'story', 'stories')}"


def _coached(key: str, text: str, languages: Sequence[Language], kinds: Collection[str]) -> CoachedStory:
    read = text[:LETTERS]
    language = language_of(read, languages)
    if language is None:
        return CoachedStory(key, text, "", ())
    found = tuple(coach_story(read, language, kinds))
    new = rewrite_story(read, {each.rule for each in found}, language) if found else ""
    return CoachedStory(key, text, language.code, found, new)


def _table(file: Path) -> Brought:
    table = read_brought(file)
    if not table.rows:
        raise UsageError(f"{file.name} has no stories: it needs a header and a row for each.")
    return table


def _named(columns: Sequence[str], wanted: str) -> str:
    for name in columns:
        if name.casefold().strip() == wanted.casefold().strip():
            return name
    raise UsageError(f"There is no column {wanted}; the file has {', '.join(columns)}.")


def _best(columns: Sequence[str], rows: Rows) -> str:
    patterns = [language.story for language in known_languages()]

    def stories(column: str) -> int:
        cells = (" ".join(row[column].split()) for _, row in rows[:_SEEN])
        return sum(any(pattern.match(cell[:LETTERS]) for pattern in patterns) for cell in cells)

    most = max(columns, key=stories)  # the first of those with as many
    if stories(most):
        return most
    names = {name.casefold().strip(): name for name in reversed(columns)}
    for wanted in TEXT_COLUMNS:
        if wanted in names:
            return names[wanted]
    raise UsageError(f"No column looks like stories; name the one that holds them: {', '.join(columns)}.")
