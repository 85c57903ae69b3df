"""The KVI workshop: makes a KVI's file of answers, tries it on the data as it is, asks what a coach would, keeps it.

What it writes is a KVI file like any other; one that a person wrote is changed as text and stays as they wrote it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml

from kviboard.board.board import Board
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.readings import read_kvi, read_kvis
from kviboard.board.kvis.sql import body_of_daily, body_of_rows
from kviboard.catalog.files import QueryFile
from kviboard.catalog.kvi_file import read_kvi as read_kvi_file
from kviboard.domain.contract import CONTRACT
from kviboard.domain.kvis.kvi import Kvi
from kviboard.errors import KviBoardError, Problem, UsageError
from kviboard.files import write_atomically
from kviboard.workspace import APP_ROOT, Workspace

MEASURES = {
    "active_customers": ("active customers", "activity"),
    "active_minutes": ("active minutes", "activity"),
    "new_customers": ("new customers", "orders"),
    "orders": ("orders", "orders"),
    "ordering_customers": ("customers who order", "orders"),
    "revenue": ("turnover", "orders"),
    "eight_plus_revenue": ("turnover from customers who score 8 or more", "orders"),
    "promoter_revenue": ("turnover from promoters", "orders"),
    "responses": ("answers", "responses"),
    "promoters": ("promoters among answers", "responses"),
    "detractors": ("detractors among answers", "responses"),
    "very_satisfied": ("very satisfied answers", "responses"),
    "tickets": ("contacts", "tickets"),
    "complaints": ("complaints", "tickets"),
}
"""Measures of `daily`: in words, and the export that they need."""
ROWS = {"activity": "event", "orders": "product", "responses": "touchpoint", "tickets": "topic"}
"""Tables whose rows can be counted, and the column that tells them apart."""
WAYS = {
    "sum": "the sum of a period",
    "daily": "the average of a day",
    "share": "a share of another measure, in per cent",
    "per_1000": "per 1,000 of another measure",
}
PER_DAY = ("active_customers", "ordering_customers")
"""Customers of a day: over several days the same ones would count again, so they are never summed."""
COUNTS = {"customers": "different customers", "rows": "rows"}
KVIS, DRAFTS = "queries/kvis", "queries/drafts"
_PRODUCED = re.compile(
    r"\b(releas\w*|deploy\w*|features?|story points?|velocity|tickets? (?:closed|solved|handled)|messages? sent|"
    r"mails? sent|calls? made|commits?|tests? written|lines? of code|training\w*)\b",
    re.IGNORECASE,
)
_NEEDED = {"title": "a title", "customer_benefit": "what it is for the customer", "company_value": "what it brings us"}
_RARE = 3  # a period, on average: fewer never show a signal
_ALIKE = 0.999  # correlation from which two KVIs are one
_FEWEST = 6  # periods in common that tell
_YEAR = {"day": 365, "week": 52, "sprint": 26, "month": 12, "quarter": 4}
_WIDTH = 118


@dataclass(frozen=True)
class Draft:
    """What somebody answered. `table` "" : a measure of daily, else the rows of that table whose column is a value."""

    title: str = ""
    customer_benefit: str = ""
    company_value: str = ""
    table: str = ""
    measure: str = "active_customers"
    values: tuple[str, ...] = ()  # of the table's column; all rows unless given
    count: str = "customers"  # of COUNTS, for rows
    way: str = "daily"  # of WAYS, for a measure
    of: str = ""  # the other measure of a share
    better: str = "up"
    group: str = "customer"
    owner: str = ""
    decision: str = ""

    @property
    def name(self) -> str:
        """The file's name: the title in plain letters."""
        plain = re.sub(r"[^a-z0-9]+", "_", self.title.casefold()).strip("_")
        return f"kvi_{plain}" if plain[:1].isdigit() else plain


def file_text(draft: Draft) -> str:
    """The KVI's file."""
    front = {
        "title": draft.title.strip(),
        "customer_benefit": draft.customer_benefit.strip(),
        "company_value": draft.company_value.strip(),
        "value": _value(draft),
        "unit": _unit(draft),
        "better": draft.better,
        "needs": _needs(draft),
        "group": draft.group,
        "owner": draft.owner.strip(),
        "decision": draft.decision.strip(),
    }
    given = {key: value for key, value in front.items() if value}
    head = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=_WIDTH, default_flow_style=None)
    body = body_of_rows(draft.table, ROWS[draft.table], draft.values) if draft.table else body_of_daily()
    return f"/*---\n{head}---*/\n{body}\n"


def problems_of(draft: Draft, board: Board) -> dict[str, str]:
    """What is wrong, by field."""
    found = {}
    for field, what in _NEEDED.items():
        if not str(getattr(draft, field)).strip():
            found[field] = f"Say {what}."
    if draft.title.strip() and not draft.name:
        found["title"] = "Use letters or digits in the title."
    if draft.name in board.catalog.kvis:
        found["title"] = f'There is a KVI "{board.catalog.kvis[draft.name].title}" already; change that one.'
    if not draft.table and draft.way not in ways_of(draft.measure):
        found["way"] = f"The same customers would count again every day: take {WAYS['daily']}."
    if not draft.table and draft.way in ("share", "per_1000") and not draft.of:
        found["of"] = "Choose what it is a share of."
    return found


def ways_of(measure: str) -> dict[str, str]:
    """How a measure can be counted."""
    return {way: words for way, words in WAYS.items() if way != "sum" or measure not in PER_DAY}


@dataclass(frozen=True)
class Trial:
    """A KVI as it would be: None where its file is wrong or it cannot be computed, with why."""

    reading: Reading | None = None
    problems: tuple[Problem, ...] = ()
    signals: int = 0  # in the last year, in the grain it is judged in
    periods: int = 0  # of that year


def try_kvi(board: Board, name: str, text: str) -> Trial:
    """Compute a KVI's file on the version in use; nothing is kept."""
    file = QueryFile(name or "new_kvi", f"queries/kvis/{name or 'new_kvi'}.sql", text, built_in=False)
    surveys = board.workspace.surveys
    kvi, problems = read_kvi_file(file, surveys.answer_counts_back_days, surveys.valid_days)
    if kvi is None or problems:
        return Trial(problems=problems)
    own = replace(board, catalog=replace(board.catalog, kvis={**board.catalog.kvis, kvi.name: kvi}))
    if kvi.name not in own.kvis:
        waits = Problem(kvi.path, f"{own.waiting.get(kvi.name, 'cannot be computed')}.")
        return Trial(problems=tuple(each for each in own.broken if each.where.startswith(kvi.path)) or (waits,))
    try:
        reading = read_kvi(own, kvi, View(own.judged_grain(kvi)))[0]
    except KviBoardError as error:
        return Trial(problems=(Problem(kvi.path, str(error)),))
    year = reading.history[reading.history["complete"].astype(bool)].tail(_YEAR[reading.grain])
    return Trial(reading, (), int(year["signal"].notna().sum()), len(year))


def coach(board: Board, trial: Trial) -> Iterator[str]:
    """What to ask of it; nothing is stopped."""
    reading = trial.reading
    if reading is None:
        return
    kvi = reading.kvi
    words = _PRODUCED.search(f"{kvi.title} {kvi.customer_benefit}")
    if words:
        yield f"“{words[0]}” is what we produce. What do customers get of it, and how would they notice?"
    known = [value for value in reading.columns["value"][_complete(reading)] if not np.isnan(value)]
    if kvi.unit in ("number", "customers") and known and float(np.mean(known)) < _RARE:
        rare = f"It is {np.mean(known):.2g} a {reading.grain} on average: too rare to ever show a signal."
        yield f"{rare} Count something more frequent."
    for other in _mirrors(board, reading):
        yield f"It moves exactly as “{other.title}” does: two names for one fact. What does it add?"
    opposite = "fall" if kvi.better == "up" else "rise"
    yield f"Could it {opposite} and customers be better off? Then it measures something else."


def save(workspace: Workspace, name: str, text: str) -> Path:
    """Write a KVI's file into the workspace, in the place of its draft. Raises UsageError where it has no name for a
    file or cannot be written."""
    path = _write(workspace, KVIS, name, text)
    discard_draft(workspace, name)
    return path


def save_draft(workspace: Workspace, name: str, text: str) -> Path:
    """Keep a KVI's file where no page shows it yet; raises as `save` does."""
    return _write(workspace, DRAFTS, name, text)


def drafts(workspace: Workspace) -> dict[str, Path]:
    """The files of the KVIs that are not published yet, by their names."""
    found = sorted((workspace.root / DRAFTS).glob("*.sql"))
    return {path.stem: path for path in found if path.stem.isidentifier()}


def discard_draft(workspace: Workspace, name: str) -> None:
    """Delete a draft, if there is one. Raises UsageError where it cannot be deleted."""
    path = workspace.root / DRAFTS / f"{name}.sql"
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{path} cannot be deleted ({error.strerror}).") from error


def _write(workspace: Workspace, place: str, name: str, text: str) -> Path:
    path = workspace.root / place / f"{name}.sql"
    if not name.isidentifier():
        raise UsageError("A KVI's file is named in letters, digits and _.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with write_atomically(path, durable=True) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}); nothing was changed.") from error
    return path


def own_file(workspace: Workspace, name: str) -> Path | None:
    """The workspace's own file of a KVI; None for one that comes with the board."""
    path = workspace.root / KVIS / f"{name}.sql"
    return path if path.is_file() else None


def text_of(workspace: Workspace, kvi: Kvi) -> str:
    """A KVI's file as it stands."""
    path = own_file(workspace, kvi.name) or APP_ROOT / kvi.path
    return path.read_text(encoding="utf-8")


def retire(workspace: Workspace, name: str) -> Path:
    """Take a KVI off the board; its file is kept under queries/retired/ and can come back. Raises UsageError."""
    path = own_file(workspace, name)
    if path is None:
        raise UsageError(f"{name} comes with the board, so there is no file of yours to retire.")
    kept = workspace.root / "queries" / "retired" / path.name
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        path.replace(kept)
    except OSError as error:
        raise UsageError(f"{path} cannot be moved ({error.strerror}); nothing was changed.") from error
    return kept


def values_of(board: Board, table: str) -> list[str]:
    """The most frequent values of the column that tells a table's rows apart."""
    if table not in board.reader.manifest.provided or ROWS[table] not in board.reader.manifest.provided[table]:
        return []
    return board.reader.most_frequent(table, ROWS[table])


def _value(draft: Draft) -> str:
    if draft.table:
        return "count(distinct customer_id)" if draft.count == "customers" else "sum(found)"
    one, other = f"sum({draft.measure})", f"sum({draft.of or draft.measure})"
    ways = {"sum": one, "daily": f"daily_average({draft.measure})", "share": f"{one} / {other}"}
    return ways.get(draft.way, f"1000 * {one} / {other}")


def _unit(draft: Draft) -> str:
    if draft.table:
        return "customers" if draft.count == "customers" else "number"
    if draft.way in ("share", "per_1000"):
        return {"share": "percent", "per_1000": "per_1000"}[draft.way]
    if "revenue" in draft.measure:
        return "currency"
    return "customers" if draft.measure.endswith("customers") else "number"


def _needs(draft: Draft) -> list[str]:
    if draft.table:
        return [draft.table]
    used = [draft.measure, *([draft.of] if draft.way in ("share", "per_1000") and draft.of else [])]
    return list(dict.fromkeys(MEASURES[measure][1] for measure in used))


def _complete(reading: Reading) -> np.ndarray:
    return np.flatnonzero(reading.columns["complete"])


def _mirrors(board: Board, reading: Reading) -> Sequence[Kvi]:
    """KVIs whose values rise and fall exactly with those of the reading."""
    others = [kvi for kvi in board.kvis.values() if kvi.name != reading.kvi.name and reading.grain in kvi.grains]
    own = _by_period(reading)
    found = []
    for readings in read_kvis(board, others, View(reading.grain)).values():
        theirs = _by_period(readings[0])
        both = [(own[period], theirs[period]) for period in own.keys() & theirs.keys()]
        one, other = (np.array(values) for values in zip(*both, strict=True)) if both else (np.empty(0), np.empty(0))
        if len(both) >= _FEWEST and np.ptp(one) and np.ptp(other) and abs(np.corrcoef(one, other)[0, 1]) >= _ALIKE:
            found.append(readings[0].kvi)
    return found


def _by_period(reading: Reading) -> dict[object, float]:
    places = _complete(reading)
    values = reading.columns["value"][places]
    periods = reading.columns["period"][places].tolist()
    return {period: float(value) for period, value in zip(periods, values, strict=True) if not np.isnan(value)}


def measures_of(board: Board) -> dict[str, str]:
    """The measures whose exports are there, in words."""
    provided = board.reader.manifest.provided
    return {name: words for name, (words, table) in MEASURES.items() if table in provided}


def tables_of(board: Board) -> list[str]:
    """Tables whose rows can be counted."""
    return [table for table in ROWS if table in CONTRACT and board.reader.manifest.provided.get(table)]
