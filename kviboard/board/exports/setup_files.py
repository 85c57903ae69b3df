"""Writes a plan down as a person would: a commented kviboard.toml and the SELECTs that it needs.

What a person wrote stays: settings that are there keep their values and comments, files that are there are not touched.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError

from kviboard.board.exports.starter import IGNORED, QUERIES_NOTE, REST_OF_CONFIG, STARTED_CONFIG, beginning_of_config
from kviboard.domain.contract import CONTRACT
from kviboard.domain.names import likeness
from kviboard.domain.recognition.columns import clashing
from kviboard.domain.recognition.plan import ONE_TIME, Export, Plan, described
from kviboard.errors import UsageError
from kviboard.files import write_atomically
from kviboard.warehouse.recognition.staging_sql import needs_select, staging_files
from kviboard.workspace import CONFIG_NAME

_WIDTH = 110
_DEFAULTS = {
    "name": "My company", "vision": "", "currency": "EUR", "timezone": "UTC", "scale": "0-10",
    "answer_counts_back_days": 0, "days": 14,
}  # fmt: skip
"""What a new kviboard.toml says before anybody has said anything."""


@dataclass(frozen=True)
class Company:
    """What no export says."""

    name: str = "My company"
    vision: str = ""
    currency: str = ""  # that of the exports, else EUR
    timezone: str = "UTC"
    first_sprint: str = ""  # its first day, as 2026-01-05
    sprint_days: int = 14


def write_workspace(folder: Path, plan: Plan, company: Company, places: Mapping[str, Path]) -> list[Path]:
    """Write the plan into `folder`; `places`: where each file is, relative to it. Returns what was written. Raises
    UsageError where kviboard.toml is there and is no TOML, OSError."""
    config = folder / CONFIG_NAME
    before = config.read_text(encoding="utf-8-sig") if config.is_file() else ""
    before = "" if before == STARTED_CONFIG else before  # nobody wrote it
    written = [_write(config, config_text(plan, company, places, before))]
    new = {f"queries/staging/{table}.sql": text for table, text in staging_files(plan).items()}
    new |= {"queries/README.md": QUERIES_NOTE, ".gitignore": IGNORED}
    for name, text in new.items():
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            written.append(_write(path, text))
    return written


def started_config(company: Company) -> str:
    """The text of kviboard.toml before an export is known, with what is known of the company."""
    document = tomlkit.parse(STARTED_CONFIG)
    _settle(document, "company", **_of_company(Plan(()), company))
    return tomlkit.dumps(document)


def config_text(plan: Plan, company: Company, places: Mapping[str, Path], before: str = "") -> str:
    """The text of kviboard.toml with the plan in it. Raises UsageError where `before` is no TOML."""
    try:
        document = tomlkit.parse(before or _head(plan) + REST_OF_CONFIG)
    except TOMLKitError as error:
        raise UsageError(f"{CONFIG_NAME} is not valid TOML: {error}. Fix it first; nothing was written.") from error
    is_begun = bool(document.get("sources"))
    scales = {export.scale for export in plan.exports if export.scale}
    if not is_begun:
        _settle(document, "surveys", answer_counts_back_days=plan.back_days)
        _settle(document, "surveys", scale=scales.pop() if len(scales) == 1 else "")
        _settle(document, "company", **_of_company(plan, company))
        if company.first_sprint:
            _settle(document, "sprints", first_day=date.fromisoformat(company.first_sprint), days=company.sprint_days)
    if before:
        add_dimensions(document, [name for export in plan.exports for _, name in export.dimensions])
    general = str(document.get("surveys", {}).get("scale", _DEFAULTS["scale"]))
    text = tomlkit.dumps(document)
    named = {str(name) for name in document.get("sources", {})}
    used = [export for export in plan.exports if export.role and export.source not in named]
    sections = [_section(plan, export, places, general) for export in used]
    if plan.aliases and not document.get("customers", {}).get("aliases"):
        sections.append(_aliases(plan, plan.aliases, places))
    left_out = [_comment(f"{each.file.name}: {described(plan, each)}") for each in plan.exports if not each.role]
    sources = "\n".join([*sections, *([*left_out, ""] if left_out else [])])
    if before:
        return text.rstrip("\n") + "\n\n" + sources if sources else text
    return text.replace("# sources\n", sources + "\n", 1)


def _head(plan: Plan) -> str:
    names = [name for export in plan.exports for _, name in export.dimensions]
    dimensions = (f"dimensions = {_list(dict.fromkeys(names))}",) if names else ()
    exports = "# One section per export. What renaming cannot do is said in queries/staging/.\n\n# sources\n"
    return beginning_of_config(*dimensions) + exports


def _section(plan: Plan, export: Export, places: Mapping[str, Path], scale: str) -> str:
    """The section of one export, with what it is and why."""
    lines = [_comment(f"{export.file.name}: {described(plan, export)}"), f"[sources.{export.source}]"]
    lines.append(f"files = {_patterns(plan, export, places)}")
    lines += _part_of_file(plan, export)
    renames = _renames(plan, export)
    if renames:
        line = "rename = { " + ", ".join(f"{_text(old)} = {_text(new)}" for old, new in renames.items()) + " }"
        lines.append(line)
    if export.date_format:
        lines.append(f"date_format = {_text(export.date_format)}")
    if export.decimal:
        lines.append(f"decimal = {_text(export.decimal)}")
    if export.guests:
        lines.append("guest_orders = true")
    if export.role == "orders" and plan.amounts and "product" in plan.amounts.fed:
        lines.append('order_rows = "lines"')  # one for each product
    if export.order_is == ONE_TIME:
        lines.append('order_rows = "all_lines"')  # one may buy the same twice
    if export.scale and export.scale != scale:
        lines.append(f"scale = {_text(export.scale)}")
    if export.role == "customers":
        others = [name for _, name in export.candidates if name not in {name for _, name in export.dimensions}]
        if others:
            lines.append(f"# it could also be sliced by {', '.join(others)}: name them in dimensions")
    return "\n".join([*lines, ""])


def _part_of_file(plan: Plan, export: Export) -> list[str]:
    """Which list or sheet an export is, of these where it is not that which its file is known by, or others of it are
    used, too."""
    file = export.file
    if file.list_at:
        return [f"rows = {_text(file.list_at)}"]
    sheets = (file.sheet,) if file.sheet else file.sheets if _shares_its_files(plan, export) else ()
    return [f"sheet = {_text(sheets[0]) if len(sheets) == 1 else _list(sheets)}"] if sheets else []


def _shares_its_files(plan: Plan, export: Export) -> bool:
    return any(
        other.role and other.file.name != export.file.name and set(other.file.files) & set(export.file.files)
        for other in plan.exports
    )


def _aliases(plan: Plan, people: Export, places: Mapping[str, Path]) -> str:
    """The section of the source that says under which other name exports know a customer, and where that is set."""
    renames = ", ".join(f"{_text(column)} = {_text(ours)}" for ours, column in people.fed.items())
    lines = [
        _comment(f"{people.fed['known_as']} is the customer with the {people.fed['customer_id']} beside it"),
        "[sources.customer_aliases]",
        f"files = {_patterns(plan, people, places)}",
        *_part_of_file(plan, people),
        f"rename = {{ {renames} }}",
        "",
        "[customers]",
        'aliases = "customer_aliases"',
        "",
    ]
    return "\n".join(lines)


def _renames(plan: Plan, export: Export) -> dict[str, str]:
    """What a table needs that is read without a SELECT; with one, the SELECT names the columns. A second column of a
    name that is read goes by another."""
    renames = {column: f"second_{first.casefold()}" for column, first in export.again}
    if export.role not in CONTRACT or needs_select(plan, export.role):
        return renames
    ours = {use.feeds: likeness(use.feeds) for use in export.uses}
    renames |= {column: f"their_{likeness(column)}" for column in clashing(export.file, export.uses, ours)}
    renames |= {use.column: use.feeds for use in export.uses if use.column != use.feeds}
    slices = export.candidates if export.role == "customers" else ()  # of others a SELECT reads them
    return renames | {column: name for column, name in slices if column != name}


def _patterns(plan: Plan, export: Export, places: Mapping[str, Path]) -> str:
    """A pattern that later exports of the same name fit, and no other file; else the files themselves. Of an archive
    with other files the members."""
    own = [_place_of(name, places) for name in export.file.files]
    others = {_place_of(name, places) for each in plan.exports for name in each.file.files} - set(own)
    patterns = [place.as_posix() for place in own]
    for pattern in _common_patterns(own):
        if all(place.match(pattern) for place in own) and not any(place.match(pattern) for place in others):
            patterns = [pattern]
            break
    if export.file.members and _shares_its_files(plan, export):
        patterns = [f"{pattern}/{member}" for pattern in patterns for member in export.file.members]
    return _text(patterns[0]) if len(patterns) == 1 else _list(patterns)


def _place_of(name: str, places: Mapping[str, Path]) -> Path:
    return places.get(name, Path("exports") / name)


def _common_patterns(places: Sequence[Path]) -> Iterator[str]:
    """For orders-2026-01.csv and orders-2026-02.csv: "exports/orders*.csv", then narrower "exports/orders-[0-9]*.csv";
    for sales-north.csv and sales-south.csv "exports/sales*.csv", then "exports/sales-*.csv"."""
    folders, ends = {place.parent for place in places}, {"".join(_endings(place.name)) for place in places}
    if len(folders) > 1 or len(ends) > 1:
        return
    end, folder = ends.pop(), folders.pop().as_posix()
    stems = [place.name.removesuffix(end) for place in places]
    alike = takewhile(lambda signs: len(set(signs)) == 1, zip(*stems, strict=False))
    stem = "".join(signs[0] for signs in alike).rstrip("0123456789 -_.()")
    if len(stem) <= 2 or any(sign in stem for sign in "*?["):
        return
    yield f"{folder}/{stem}*{end}"
    marks = {each[len(stem) : len(stem) + 1] for each in stems}
    mark = marks.pop() if len(marks) == 1 else ""
    if mark.isdecimal():
        yield f"{folder}/{stem}[0-9]*{end}"
    elif mark:
        is_number = all(each[len(stem) + 1 : len(stem) + 2].isdigit() for each in stems)
        yield f"{folder}/{stem}{mark}{'[0-9]' if is_number else ''}*{end}"


def _endings(name: str) -> list[str]:
    path = Path(name)
    return [Path(path.stem).suffix, path.suffix] if path.suffix.lower() == ".gz" else [path.suffix]


def _settle(document: TOMLDocument, section: str, **settings: object) -> None:
    """Set what is still as a new file has it; what a person wrote stays."""
    if section not in document:
        document[section] = tomlkit.table()
    table = document[section]
    for key, value in settings.items():
        if value and table.get(key, _DEFAULTS.get(key)) in (None, _DEFAULTS.get(key)):
            _put(table, key, value)


def _put(table: Any, key: str, value: object) -> None:
    """Set a value; the comment after it stays below the others."""
    before = table.get(key)
    table[key] = value
    if before is not None:
        gap = before.trivia.comment_ws
        longer = len(table[key].as_string()) - len(before.as_string())
        table[key].trivia.comment_ws = " " * max(2, len(gap) - longer) if gap else gap


def _of_company(plan: Plan, company: Company) -> dict[str, object]:
    currency = company.currency or plan.currency
    return {"name": company.name, "vision": company.vision, "currency": currency, "timezone": company.timezone}


def add_dimensions(document: TOMLDocument, names: Sequence[str]) -> None:
    """Add to the columns that KVIs are sliced by those that are not among them."""
    there = [str(name) for name in document.get("dimensions", [])]
    new = [name for name in dict.fromkeys(names) if name not in there]
    if not new:
        return
    if "dimensions" in document:
        for name in new:
            document["dimensions"].append(name)
        return
    document.update({"dimensions": [*there, *new]})


def _comment(sentence: str) -> str:
    return textwrap.fill(sentence, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_long_words=False)


def _list(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(_text, values)) + "]"


def _text(value: str) -> str:
    return tomlkit.item(value).as_string()


def _write(path: Path, text: str) -> Path:
    with write_atomically(path, durable=True) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
    return path
