"""The sample exports are what the generator makes, as kviboard.toml says, with exactly the flaws the story lists."""

import csv
import gzip
import io
import json
import runpy
import sys
import tomllib
from collections import Counter
from datetime import datetime, timedelta
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "sample_data"
EXPORTS = SAMPLE / "exports"
SETTINGS = tomllib.loads((SAMPLE / "kviboard.toml").read_text(encoding="utf-8"))
STORY = json.loads((SAMPLE / "expected" / "story.json").read_text(encoding="utf-8"))
LAST_DAY = datetime.fromisoformat(STORY["data_through"])

# how each source writes its rows: delimiter, date format, columns in file order
DIALECTS = {
    "customers": (",", "%Y-%m-%d"),
    "activity": (",", "%Y-%m-%d"),
    "orders": (";", "%d.%m.%Y"),
    "responses": (",", "%Y-%m-%d %H:%M"),
    "invitations": (",", "%Y-%m-%d %H:%M"),
    "tickets": ("\t", "%Y-%m-%d %H:%M"),
    "sprints": (",", "%Y-%m-%d"),
    "releases": (",", "%Y-%m-%d"),
}
WHEN = {
    "activity": "occurred_at", "orders": "ordered_at", "responses": "responded_at", "invitations": "invited_at",
    "tickets": "opened_at",
}  # fmt: skip
KEYS = {"customers": "customer_id", "orders": "order_id", "responses": "response_id", "tickets": "ticket_id"}


def source_of(path: Path) -> str:
    return path.name.split(".")[0].split("-")[0]


@cache
def read_records(path: Path) -> list[tuple[int, list[str]]]:
    """Physical line each record begins on, and its fields; the header comes first."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    reader = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=DIALECTS[source_of(path)][0])
    records, begins = [], 1
    for fields in reader:
        records.append((begins, fields))
        begins = reader.line_num + 1
    return records


@cache
def moment_of(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def is_sound(source: str, row: dict[str, str]) -> bool:
    """May the row stand by itself? Keys and repetitions are looked at elsewhere."""
    if source in KEYS.keys() | WHEN.keys() and not row["customer_id"]:
        return False
    if source in WHEN:
        when = moment_of(row[WHEN[source]], DIALECTS[source][1])
        if when is None or when >= LAST_DAY + timedelta(days=1):
            return False
    if source == "orders" and not row["amount"].replace(",", "").lstrip("-").isdigit():
        return False
    return source != "responses" or row["score"] in {str(score) for score in range(11)}


@cache
def find_flaws(path: Path) -> dict[int, str]:
    """Line -> rejected or duplicate, for one file."""
    (_, header), *records = read_records(path)
    source = source_of(path)
    names = [SETTINGS["sources"][source]["rename"][column] for column in header]
    flaws: dict[int, str] = {}
    by_key: dict[str, tuple[int, list[str]]] = {}
    for line, fields in records:
        row = dict(zip(names, fields, strict=False))
        if len(fields) != len(names) or not is_sound(source, row):
            flaws[line] = "rejected"
        elif source in KEYS:
            before = by_key.get(row[KEYS[source]])
            if before and before[1] == fields:
                flaws[line] = "duplicate"
                continue
            assert not before, f"{path.name} has {before} again with other values"
            by_key[row[KEYS[source]]] = (line, fields)
    return flaws


def test_the_generator_makes_the_committed_files_byte_for_byte(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(SAMPLE)  # as for every script: its own folder comes first
    monkeypatch.setattr(sys, "argv", ["generate.py", "--check"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(SAMPLE / "generate.py"), run_name="__main__")
    assert ended.value.code == 0, capsys.readouterr().out


def test_every_export_is_a_source_and_every_header_is_renamed() -> None:
    for path in EXPORTS.iterdir():
        source = SETTINGS["sources"][source_of(path)]
        assert fnmatch(f"exports/{path.name}", source["files"])
        assert set(read_records(path)[0][1]) == set(source["rename"])


@pytest.mark.parametrize("path", sorted(EXPORTS.iterdir()), ids=lambda path: path.name)
def test_a_file_has_exactly_the_flaws_the_story_lists(path: Path) -> None:
    expected = STORY["files"][path.name]
    found = find_flaws(path)
    assert found == {flaw["line"]: flaw["outcome"] for flaw in expected["flaws"]}
    assert len(read_records(path)) - 1 == expected["rows_read"] == expected["rows_kept"] + len(found)
    counts = Counter(found.values())
    assert [counts["rejected"], counts["duplicate"]] == [expected["rows_rejected"], expected["rows_duplicate"]]


def test_no_key_occurs_twice_among_the_rows_kept() -> None:
    for source, key in KEYS.items():
        kept: list[str] = []
        for path in sorted(path for path in EXPORTS.iterdir() if source_of(path) == source):
            flawed = find_flaws(path)
            (_, header), *records = read_records(path)
            position = [SETTINGS["sources"][source]["rename"][column] for column in header].index(key)
            kept += [fields[position] for line, fields in records if line not in flawed]
        assert len(kept) == len(set(kept)), source


def test_the_exports_stay_small() -> None:
    assert sum(path.stat().st_size for path in EXPORTS.iterdir()) < 6_000_000
