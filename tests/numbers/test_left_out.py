"""A customer who is left out is nowhere: the same board as from exports that never had a row of theirs."""

import csv
import gzip
import io
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.kvis.evaluation import evaluate_all
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.sql import Question
from kviboard.board.views.views import read_view
from kviboard.warehouse.versions import current_version, version_folder
from kviboard.workspace import load_workspace
from tests.numbers.sample_exports import SAMPLE

NAMES = ("Customer No", "Account", "Customer ID", "Customer")  # headers of the customer in the sample's exports
WHERE_FROM = (
    "file_ledger",
    "rejected_rows",
)  # what became of each line of each file
LINES = ["file", "line", "source_row"]
MOST_ROWS = 4  # customers left out: those with the most rows, without whom every number is another


def in_this_test(number: str) -> bool:
    """One customer of ten: enough for every mart, and quick."""
    return not number or number.endswith("7")


@cache
def cells_of(path: Path) -> tuple[list[list[str]], str]:
    """The header and the rows of customers in this test, and what stands between cells."""
    text = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode("utf-8-sig")
    delimiter = next(mark for mark in (";", "\t", ",") if mark in text.partition("\n")[0])
    header, *rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    place = customer_column(header)
    return [header, *(row for row in rows if place is None or in_this_test(row[place]))], delimiter


def customer_column(header: list[str]) -> int | None:
    return next((place for place, name in enumerate(header) if name in NAMES), None)


def copied(folder: Path, without: frozenset[str]) -> None:
    """The sample with one customer of ten and none of `without`."""
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".kviboard", "exports", "generator", "__pycache__"))
    (folder / "exports").mkdir()
    for path in (SAMPLE / "exports").iterdir():
        rows, delimiter = cells_of(path)
        place = customer_column(rows[0])
        kept = rows[:1] + [row for row in rows[1:] if place is None or row[place] not in without]
        written = io.StringIO()
        csv.writer(written, delimiter=delimiter).writerows(kept)
        data = written.getvalue().encode()
        (folder / "exports" / path.name).write_bytes(gzip.compress(data, 1) if path.suffix == ".gz" else data)


def busiest() -> frozenset[str]:
    """Those with the most orders, answers and tickets, and the least content of all who wrote a comment."""
    counts: Counter[str] = Counter()
    worst = ("", 11)
    for name in ("orders-2026.csv", "responses.csv", "tickets.tsv"):
        rows, _ = cells_of(SAMPLE / "exports" / name)
        place = customer_column(rows[0])
        assert place is not None
        counts.update(row[place] for row in rows[1:] if row[place])
        if name == "responses.csv":
            said = [(row[place], int(row[3])) for row in rows[1:] if row[6] and row[3].isdigit()]
            worst = min((each for each in said if each[0].endswith("7")), key=lambda each: each[1])
    return frozenset([number for number, _ in counts.most_common(MOST_ROWS)] + [worst[0]])


def board_of(folder: Path) -> Board:
    workspace = load_workspace(folder)
    report = refresh_now(workspace, lambda what, share: None)
    assert not [problem for problem in report.problems if "leave_out" in problem.where]
    return open_board(workspace)


@pytest.fixture(scope="module")
def boards(tmp_path_factory: pytest.TempPathFactory) -> tuple[Board, Board]:
    """With some customers left out, and from exports without their rows."""
    gone, folder = busiest(), tmp_path_factory.mktemp("left_out")
    copied(folder / "left out", frozenset())
    path = folder / "left out" / "kviboard.toml"
    settings = f"\n[customers]\nleave_out = {sorted(gone)}\n"
    path.write_text(path.read_text(encoding="utf-8") + settings, encoding="utf-8")
    copied(folder / "deleted", gone)
    return board_of(folder / "left out"), board_of(folder / "deleted")


def tables_of(board: Board) -> dict[str, pd.DataFrame]:
    folder = version_folder(board.workspace, current_version(board.workspace))
    names = sorted({path.name.partition(".")[0] for path in folder.glob("*.parquet")})
    return {
        name: pd.concat([pd.read_parquet(path) for path in sorted(folder.glob(f"{name}.*parquet"))])
        for name in names
        if name not in WHERE_FROM
    }


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows in one order, without where they stood in their file."""
    plain = frame.drop(columns=[name for name in LINES if name in frame])
    return plain.sort_values(list(plain.columns), ignore_index=True) if len(plain.columns) else plain


def test_every_table_is_that_of_exports_without_their_rows(boards: tuple[Board, Board]) -> None:
    left_out, deleted = map(tables_of, boards)
    assert left_out.keys() == deleted.keys()
    for name, rows in deleted.items():
        pd.testing.assert_frame_equal(in_order(left_out[name]), in_order(rows), obj=name)
    set_aside = {row.table_name for row in boards[0].reader.manifest.files if row.rows_set_aside}
    assert set_aside >= {"customers", "orders", "responses", "activity", "tickets", "invitations"}
    assert boards[0].reader.reach == boards[1].reader.reach


def test_every_view_is_that_of_exports_without_their_rows(boards: tuple[Board, Board]) -> None:
    left_out, deleted = boards
    for name, file in deleted.catalog.views.items():
        if name in ("rejected_rows", "rejected_reasons"):
            continue
        view = View(by="segment" if file.is_sliced else None)
        shown, expected = (read_view(board, name, view) for board in (left_out, deleted))
        pd.testing.assert_frame_equal(in_order(shown), in_order(expected), obj=name)


def test_every_kvi_is_that_of_exports_without_their_rows(boards: tuple[Board, Board]) -> None:
    question = Question(grain="month", by="segment")
    left_out, deleted = (evaluate_all(board.reader, list(board.kvis.values()), question) for board in boards)
    for name, values in deleted.items():
        pd.testing.assert_frame_equal(pd.DataFrame(left_out[name]), pd.DataFrame(values), obj=name)
