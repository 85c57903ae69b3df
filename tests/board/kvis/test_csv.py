"""A table as CSV: whatever its texts hold, it is read again as it was."""

import csv
import io

import pandas as pd
import pytest

from kviboard.board.kvis.tables import to_csv, to_raw_csv


@pytest.mark.parametrize("text", ["Fine\r=1+1", "\r=1+1", "a\r\nb", "a\nb"])
def test_a_carriage_return_in_a_text_ends_no_row(text: str) -> None:
    frame = pd.DataFrame({"comment": [text, "-2+3"], "change": [-1.5, 2.0]})
    raw = [["comment", "change"], [text, "-1.5"], ["-2+3", "2.0"]]
    assert list(csv.reader(io.StringIO(to_raw_csv(frame), newline=""))) == raw
    shown = list(csv.reader(io.StringIO(to_csv(frame), newline="")))
    assert [len(row) for row in shown] == [2, 2, 2]
    assert shown[2] == ["'-2+3", "2.0"]
    assert not any(cell.startswith(("=", "\r")) for row in shown for cell in row)
