"""Lines taken apart at once are the rows that Python's csv module reads one by one."""

import csv
import io
from itertools import accumulate
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kviboard.warehouse.files import delimited
from kviboard.warehouse.files.delimited import DelimitedFile
from kviboard.warehouse.files.names import LINE
from kviboard.warehouse.files.plain_lines import PlainLines

CELLS = st.text(st.sampled_from("aé 0.'\u2028\u00a0\ufeff\x00\x0b-\\"), max_size=4)
QUOTED = st.builds('"{}"'.format, st.text(st.sampled_from('ab;é 0\n\r"'), max_size=3))
LOOSE = st.text(st.sampled_from('ab" '), max_size=4)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
USUAL = "".join(f"{number},c{number % 7},{number}.50\n" for number in range(2_500))


@given(st.lists(st.lists(CELLS, min_size=1, max_size=3), min_size=1, max_size=6), ENDS, st.booleans())
def test_they_are_the_rows_of_the_csv_module_or_are_left_to_it(rows: list[list[str]], end: str, is_ended: bool) -> None:
    text = end.join(";".join(row) for row in rows) + (end if is_ended else "")
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    names = ["one", "two"]
    table = PlainLines(io.StringIO(text, newline="").readlines(), 10).columns(names, ";", is_quoted=False)
    if not read or any(len(row) != 2 or not any(row) for row in read) or text.startswith("\ufeff"):
        assert table is None
    else:
        assert table is not None
        expected = [[cell or None for cell in row] for row in read]
        assert [list(row.values()) for row in table.select(names).to_pylist()] == expected
        assert table[LINE].to_pylist() == list(range(11, 11 + len(read)))


@given(
    st.lists(st.lists(st.one_of(CELLS, QUOTED, QUOTED, LOOSE), min_size=2, max_size=3), min_size=1, max_size=5), ENDS
)
def test_quoted_cells_are_those_of_the_csv_module_or_are_left_to_it(rows: list[list[str]], end: str) -> None:
    lines = io.StringIO(end.join(";".join(row) for row in rows) + end, newline="").readlines()
    block = PlainLines(lines, 10)
    if not block.has_whole_quotes(";"):
        return
    read = list(csv.reader(lines, delimiter=";", strict=True))  # raises for quotes that stand wrong
    assert len(read) == len(lines)
    table = block.columns(["one", "two"], ";", is_quoted=True)
    if all(len(row) == 2 and any(row) for row in read) and not block.text.startswith("\ufeff"):
        assert table is not None
        expected = [[cell or None for cell in row] for row in read]
        assert [list(row.values()) for row in table.select(["one", "two"]).to_pylist()] == expected
    else:
        assert table is None


@pytest.mark.parametrize(
    ("line", "is_whole"),
    [
        ('"a";"b"\n', True),
        ('"a;b";c\n', True),
        ('"";""\r\n', True),
        ('a;b\n"c";d', True),
        ('"a""b";c\n', True),
        ('"";"""";""""""\n', True),
        ('""a"";c\n', False),
        ('a"b";c\n', False),
        ('"a"b;c\n', False),
        ('"a\nb";c\n', False),
        ('"a;"b";c"\n', False),
        (';"";"\n', False),
        ('a;b"\n', False),
    ],
)
def test_quotes_are_whole_where_they_stand_around_cells_of_one_line(line: str, is_whole: bool) -> None:
    assert PlainLines([line], 0).has_whole_quotes(";") is is_whole


def test_more_lines_than_were_counted_are_left_to_it() -> None:
    assert PlainLines(["a,1\nb,2\n"], 0).columns(["one", "two"], ",", is_quoted=True) is None


def read_whole(folder: Path, text: str) -> tuple[list[list[str | None]], list[int], DelimitedFile]:
    path = folder / "orders.csv"
    path.write_bytes(text.encode())
    file = DelimitedFile(path)
    table = pa.concat_tables(file.batches())
    rows = [list(row.values()) for row in table.drop_columns([LINE]).to_pylist()]
    return rows, table[LINE].to_pylist(), file


@pytest.mark.parametrize(
    ("odd", "rows", "heights", "malformed"),
    [
        ("", [], [], 0),
        ("x,,\n", [["x", None, None]], [0], 0),
        ("\n,,\nx,y,z\n", [["x", "y", "z"]], [2], 0),
        ("x,y\n", [], [], 1),
        ('x,"two\nlines",z\n', [["x", "two\nlines", "z"]], [0], 0),
        ('"x""s",y,z\n', [['x"s', "y", "z"]], [0], 0),
        ("x,y,z,\n", [["x", "y", "z"]], [0], 0),
        ('"x,","",""\n"y",z,"1"\n', [["x,", None, None], ["y", "z", "1"]], [0, 1], 0),
        ('"x"y,z,1\n', [], [], 1),
        (f"x,{'y' * 200_000},z\n", [["x", "y" * 200_000, "z"]], [0], 0),
    ],
    ids=[
        "nothing",
        "empty cells",
        "blank",
        "a cell too few",
        "two lines",
        "a quote",
        "a comma too many",
        "whole quotes",
        "a quote too many",
        "long",
    ],
)
@pytest.mark.parametrize("after", [0, 15_000], ids=["at the end", "far from it"])
def test_whatever_stands_among_them_each_row_keeps_its_line(
    tmp_path: Path, after: int, odd: str, rows: list[list[str | None]], heights: list[int], malformed: int
) -> None:
    before = USUAL * 5  # more than the first block
    later = "".join(f"l{number},c,1.50\n" for number in range(after))
    read, lines, file = read_whole(tmp_path, f"order_id,customer_id,amount\n{before}{odd}{later}")
    usual = [line.split(",") for line in before.splitlines()]
    assert read[: len(usual)] == usual
    assert lines[: len(usual)] == list(range(2, len(usual) + 2))
    start = len(usual) + 2
    assert read[len(usual) : len(usual) + len(rows)] == rows
    assert lines[len(usual) : len(usual) + len(rows)] == [start + height for height in heights]
    assert read[len(usual) + len(rows) :] == [line.split(",") for line in later.splitlines()]
    ends = start + odd.count("\n") + after
    assert lines[len(usual) + len(rows) :] == list(range(start + odd.count("\n"), ends))
    assert len(file.findings.malformed) == malformed


GOOD = st.lists(
    st.sampled_from(["a", "é", "7.50", "", '"b"', '"c,d"', '"x""y"', '"two\nlines"', '""']), min_size=3, max_size=3
).filter(lambda row: any(cell.strip('"') for cell in row))


@given(st.lists(GOOD, max_size=40), ENDS)
def test_wherever_blocks_begin_and_end_the_rows_are_those_of_the_csv_module(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], end: str
) -> None:
    rows = [["o1", "c1", "7.50"]] * 5 + rows  # so that none of them reads like names of columns
    text = f"order_id,customer_id,amount{end}" + "".join(",".join(row) + end for row in rows)
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]
    with pytest.MonkeyPatch.context() as small:
        small.setattr(delimited, "_FIRST_LETTERS", 60)
        small.setattr(delimited, "_FEW_LINES", 2)
        small.setattr(delimited, "BATCH_ROWS", 3)
        found, lines, _ = read_whole(tmp_path_factory.mktemp("blocks"), text)
    assert found == [[cell or None for cell in row] for row in read]
    heights = [1 + "".join(row).count("\n") for row in read]
    assert lines == list(accumulate(heights, initial=2))[:-1]
