"""A table as CSV: whatever its texts hold, it is read again as it was. And as people read it: with whole values."""

import csv
import io
from collections.abc import Callable

import pandas as pd
import pytest

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.tables import for_people, to_csv, to_csv_file, to_raw_csv
from tests.board.conftest import ORDERS, kvi_file


@pytest.mark.parametrize("text", ["Fine\r=1+1", "\r=1+1", "a\r\nb", "a\nb"])
def test_a_carriage_return_in_a_text_ends_no_row(text: str) -> None:
    frame = pd.DataFrame({"comment": [text, "-2+3"], "change": [-1.5, 2.0]})
    raw = [["comment", "change"], [text, "-1.5"], ["-2+3", "2"]]
    assert list(csv.reader(io.StringIO(to_raw_csv(frame), newline=""))) == raw
    shown = list(csv.reader(io.StringIO(to_csv(frame), newline="")))
    assert [len(row) for row in shown] == [2, 2, 2]
    assert shown[2] == ["'-2+3", "2"]
    assert not any(cell.startswith(("=", "\r")) for row in shown for cell in row)


def test_a_count_without_a_basis_somewhere_leaves_the_others_whole_numbers() -> None:
    frame = pd.DataFrame({"active": [12.0, float("nan"), -0.0], "share": [0.1, 1.0, 1 / 3], "far": [1e20, 2.0**53, 7]})
    assert to_raw_csv(frame).splitlines() == [
        "active,share,far", "12,0.1,1e+20", ",1,9007199254740992.0", "0,0.3333333333333333,7"
    ]  # fmt: skip
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(to_raw_csv(frame)), dtype=float), frame)


def test_a_spreadsheet_knows_by_the_mark_in_front_how_names_are_written() -> None:
    frame = pd.DataFrame({"name": ["Zoë, “Łódź”", "عميل"], "n": [1, 2]})
    assert to_csv_file(frame).startswith(b"\xef\xbb\xbfname,n")
    pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(to_csv_file(frame))), frame)


def test_the_table_for_people_has_every_value_in_full(tiny: Callable[..., Board]) -> None:
    board = tiny(ORDERS.replace("7.25", "91123.45"), turnover=kvi_file())
    reading = read_kvi(board, board.kvis["turnover"], View("month"))[0]
    shown = for_people(reading, reading.told).set_index("Period")
    assert shown.loc["Feb 2026", "Value"] == "€91,123.45"
    assert reading.told.set_index("label").loc["Feb 2026", "value_text"] == "€91.1\u00a0k"
