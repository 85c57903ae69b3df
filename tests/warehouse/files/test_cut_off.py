"""A last line that ends within its value is told, and kept; a whole one is not talked about."""

from pathlib import Path

import pytest

from tests.warehouse.files.test_delimited import read

HEAD = "order_id,amount\n"
WHOLE = "".join(f"{n},{n * 7}.50\n" for n in range(1, 13))


@pytest.mark.parametrize("end", ["13,4", "13,49", "13,49.", "13,49.9", '"a\nb",49.9'])
def test_an_amount_that_may_be_cut_off_is_warned_of_and_kept(tmp_path: Path, end: str) -> None:
    rows, file = read(tmp_path / "a.csv", HEAD + WHOLE + end)
    left = end.split(",")[1]
    assert rows[-1]["amount"] == left
    (said,) = file.findings.decisions
    assert said.what == (
        f'nothing ends the last line, 14, and its amount "{left}" has fewer digits than all others, such as "84.50"; '
        "it counts as it is."
    )
    assert said.should_be_confirmed


@pytest.mark.parametrize(
    "rows",
    [
        WHOLE + "13,49.90",  # whole, though nothing ends the line
        WHOLE + "13,4\n",  # the line is ended, so it is what was written
        WHOLE + "13,",
        WHOLE.replace("14.50", "14") + "13,4",  # others have fewer digits, too
        "".join(f"{n},{n * 7}\n" for n in range(1, 30)) + "31,4",  # whole numbers of any length
        "1,7.50\n2,14.50\n3,4",  # of so few, it may be chance
    ],
    ids=["whole", "ended", "empty", "unlike", "whole numbers", "few"],
)
def test_what_may_be_whole_is_not_warned_of(tmp_path: Path, rows: str) -> None:
    _, file = read(tmp_path / "a.csv", HEAD + rows)
    assert file.findings.decisions == []


def test_the_last_value_is_compared_with_those_of_earlier_batches(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("kviboard.warehouse.files.delimited.BATCH_ROWS", 12)
    _, file = read(tmp_path / "a.csv", HEAD + WHOLE + "13,4")
    assert len(file.findings.decisions) == 1
