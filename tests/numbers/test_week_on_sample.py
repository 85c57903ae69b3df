"""What changed since last week on the sample, held against a board whose exports were cut by hand a week earlier."""

import csv
import gzip
import io
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.week.signals import signal_changes, verdict_on
from kviboard.domain.periods import GRAINS
from kviboard.workspace import load_workspace
from tests.once import once, shared_folder

LAST, BEFORE = date(2026, 10, 31), date(2026, 10, 24)
DAYS = {  # file name's beginning: separator, column of the day
    "activity": (",", "Date"), "orders": (";", "Invoice date"), "responses": (",", "Answered at"),
    "invitations": (",", "Invited at"), "tickets": ("\t", "Opened"),
}  # fmt: skip


@cache
def day_of(text: str) -> date:
    """The day in any of the ways in which the sample writes it; what is no day is kept, to be set aside again."""
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return date.min


def cut(path: Path) -> None:
    """Leave out what happened after BEFORE."""
    kind = next((known for known in DAYS if path.name.startswith(known)), None)
    if kind is None:
        return
    separator, column = DAYS[kind]
    packed = path.suffix == ".gz"
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if packed else raw).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    place = head.index(column)
    kept = [row for row in rows if len(row) <= place or day_of(row[place].strip()[:10]) <= BEFORE]
    if len(kept) == len(rows):
        return
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator, lineterminator="\n").writerows([head, *kept])
    encoded = written.getvalue().encode()
    path.write_bytes(gzip.compress(encoded, 1) if packed else encoded)


def cut_sample(sample: Path, folder: Path) -> None:
    shutil.copytree(sample, folder, ignore=shutil.ignore_patterns(".kviboard"))
    shutil.copytree(sample / ".kviboard" / "cache", folder / ".kviboard" / "cache")  # of files that are not cut
    for path in (folder / "exports").iterdir():
        cut(path)
    refresh_now(load_workspace(folder))


@pytest.fixture(scope="module")
def then(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Board:
    """The same sample, exported a week earlier."""
    folder = shared_folder(tmp_path_factory) / "week_before"
    return open_board(load_workspace(once(folder, lambda path: cut_sample(sample_workspace, path))))


def test_the_exports_were_cut_a_week_before_the_last_day(board, then):
    assert (board.today, then.today) == (LAST, BEFORE)
    assert board.today - then.today == timedelta(days=7)


@pytest.mark.parametrize("grain", GRAINS)
def test_every_kvi_said_then_what_exports_of_then_say(board, then, grain):
    compared = 0
    for name, kvi in board.kvis.items():
        if grain not in kvi.grains:
            continue
        earlier = read_kvi(then, replace(then.kvis[name], judged=grain), View(grain))[0]
        said = verdict_on(read_kvi(board, replace(kvi, judged=grain), View(grain))[0], BEFORE)
        assert (name, said.verdict) == (name, earlier.verdict)
        assert said.label == ("" if earlier.latest is None else earlier.latest["label"])
        compared += 1
    assert compared >= 12


@pytest.mark.parametrize(
    ("segments", "ages"),
    [((), {"new"}), (("Small business",), {"still", "gone"})],  # the sample's last sprint ended in that week
)
def test_new_still_and_gone_come_from_two_boards_alike(board, then, segments, ages):
    view = View("sprint", where=(("segment", segments),) if segments else ())
    readings = [read_kvi(board, kvi, view)[0] for kvi in board.kvis.values() if "sprint" in kvi.grains]
    found = {change.reading.kvi.name: change.age for change in signal_changes(readings, BEFORE)}
    expected = {}
    for reading in readings:
        before = read_kvi(then, then.kvis[reading.kvi.name], view)[0].verdict
        if reading.verdict.startswith("signal"):
            expected[reading.kvi.name] = "still" if before == reading.verdict else "new"
        elif before.startswith("signal"):
            expected[reading.kvi.name] = "gone"
    assert found == expected
    assert set(found.values()) >= ages
