"""Files that hold several tables, spreadsheets and archives: each table is read as a file of its own."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from kviboard.errors import ExportError
from kviboard.files import make_private, write_atomically
from kviboard.warehouse.files.alike import Candidate, choose
from kviboard.warehouse.files.archive import members, unpack
from kviboard.warehouse.files.discovery import FoundFile
from kviboard.warehouse.files.extract import Extract, cached, extract, naming
from kviboard.warehouse.files.read_options import ReadOptions
from kviboard.warehouse.files.sheets import choose_sheets
from kviboard.warehouse.forgotten import NOBODY, LeftOut
from kviboard.warehouse.manifest import ExportDecision
from kviboard.workspace.settings import Source

_FROM_1904 = ExportDecision(
    where="",
    what="the workbook counts days from 1904 on, and its dates are read so.",
    setting="Where its days are four years off, save it with the 1900 date system.",
    moves_kvis=True,
)


@dataclass(frozen=True)
class _Part:
    """A table in a file, as it is remembered."""

    name: str
    fingerprint: str
    part: str


def extract_all(found: FoundFile, source: Source, cache: Path, left_out: LeftOut = NOBODY) -> list[Extract]:
    """All tables of a file, as extract reads each. Raises ExportError with the file's name in front."""
    if found.kind not in ("sheet", "archive") or not found.path.stat().st_size:
        return [extract(found, source, cache, left_out)]
    with naming(found):
        known = _known(found, cache, left_out)
        if known:
            return known
        read = _archive if found.kind == "archive" else _book
        extracts, decisions = read(found, source, cache, left_out)
        decisions = [decision.model_copy(update={"where": found.name}) for decision in decisions]
        _remember(found, cache, extracts, decisions)
        return _with(extracts, decisions)


def _known(found: FoundFile, cache: Path, left_out: LeftOut) -> list[Extract] | None:
    """What was read before; None where any of it is gone."""
    try:
        held = json.loads(_place(found, cache).read_text(encoding="utf-8"))
        parts = [_Part(**part) for part in held["parts"]]
        decisions = [ExportDecision(**decision) for decision in held["decisions"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    extracts = [cached(replace(found, **asdict(part)), cache, left_out) for part in parts]
    whole = [each for each in extracts if each]
    return _with(whole, decisions) if len(whole) == len(parts) else None


def _remember(found: FoundFile, cache: Path, extracts: Sequence[Extract], decisions: Sequence[ExportDecision]) -> None:
    parts = [asdict(_Part(each.found.name, each.found.fingerprint, each.found.part)) for each in extracts]
    held = {"parts": parts, "decisions": [decision.model_dump() for decision in decisions]}
    with write_atomically(_place(found, cache), private=True) as unfinished:
        unfinished.write_text(json.dumps(held), encoding="utf-8")


def _place(found: FoundFile, cache: Path) -> Path:
    return cache / f"{found.fingerprint}.parts.json"


def _with(extracts: Sequence[Extract], decisions: Sequence[ExportDecision]) -> list[Extract]:
    """The tables, the first of them with what is said of the whole file."""
    first, *others = extracts
    return [replace(first, decisions=(*decisions, *first.decisions)), *others]


def _book(
    found: FoundFile, source: Source, cache: Path, left_out: LeftOut
) -> tuple[list[Extract], list[ExportDecision]]:
    """The sheets that are read: a single one has the name of its file."""
    reading = ReadOptions.of(found.source, source)
    choice = choose_sheets(found.path, reading)
    parts = [replace(found, part=sheet) for sheet in choice.read]
    if len(parts) > 1:
        parts = [
            replace(part, name=f"{found.name}/{part.part}", fingerprint=f"{found.fingerprint}-{number}")
            for number, part in enumerate(parts, start=1)
        ]
    extracts = [extract(part, source, cache, left_out) for part in parts]
    said = choice.decisions("sheet", reading.decides("sheet"))
    return extracts, [*([_FROM_1904] if any(each.is_from_1904 for each in extracts) else []), *said]


def _archive(
    found: FoundFile, source: Source, cache: Path, left_out: LeftOut
) -> tuple[list[Extract], list[ExportDecision]]:
    """The members that are alike; Raises ExportError where the archive has none."""
    readable, others = members(found.path, found.part)
    if not readable:
        raise ExportError(f"holds no export{f', only {others[0]}' if others else ''}; unpack it")
    make_private(cache)
    tables = {member: _member(found, member, number, source, cache, left_out)
              for number, member in enumerate(readable, start=1)}  # fmt: skip
    candidates = [
        Candidate(member, extracts[0].columns, sum(each.rows for each in extracts))
        for member, extracts in tables.items()
    ]
    reading = ReadOptions.of(found.source, source)
    choice = choose(candidates, reading)
    unread = [*choice.unread, *((other, "it is no export") for other in others)]
    choice = replace(choice, unread=tuple(unread))
    setting = f'[sources.{found.source}] files = "{found.name}/NAME" reads one of them.'
    return [each for member in choice.read for each in tables[member]], choice.decisions("file", setting)


def _member(
    found: FoundFile, member: str, number: int, source: Source, cache: Path, left_out: LeftOut
) -> list[Extract]:
    """The tables of one member, unpacked only while it is read."""
    fingerprint = f"{found.fingerprint}-{number}"
    suffixes = "".join(Path(member).suffixes[-2:])
    unpacked = cache / f".{fingerprint}{suffixes.lower()}"
    inner = FoundFile(found.source, unpacked, f"{found.container}/{member}", fingerprint)
    try:
        with naming(inner):
            unpack(found.path, member, unpacked)
        extracts = extract_all(inner, source, cache, left_out)
        return [replace(each, found=replace(each.found, path=found.path)) for each in extracts]
    finally:
        unpacked.unlink(missing_ok=True)
