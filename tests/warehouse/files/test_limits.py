"""Files that would grow beyond measure are refused with a sentence, and large ordinary ones are read."""

import gzip
import random
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kviboard.errors import ExportError
from kviboard.warehouse.files import limits, parquet
from kviboard.warehouse.files.discovery import FoundFile
from kviboard.warehouse.files.extract import extract
from kviboard.warehouse.fingerprints import short_hash
from kviboard.workspace.settings import Source

HEAD = b"order_id,customer_id,ordered_at,amount\n"


@pytest.fixture(autouse=True)
def _small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundredth of the real ones, so that the bombs are made in no time."""
    for name in ("LONGEST_LINE", "MOST_WHOLE", "_SMALL", "_SHEET_SMALL", "_SPARSE_CELLS"):
        monkeypatch.setattr(limits, name, getattr(limits, name) // 100)


def read(path: Path, content: bytes) -> int:
    """Rows read of a file with this content."""
    path.write_bytes(content)
    found = FoundFile("orders", path, path.name, short_hash(content.hex()))
    return extract(found, Source(files="*"), path.parent / "cache").rows


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.csv.gz", HEAD + b"1,c,2026-01-01,5\n" * 200_000),
        ("one_line.csv.gz", HEAD + b"x" * 2_000_000),
        ("lines.jsonl.gz", b'{"order_id": 1}\n' * 200_000),
    ],
)
def test_a_file_that_grows_beyond_measure_when_unpacked_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(ExportError, match="grows to more than 200 times its size"):
        read(tmp_path / name, gzip.compress(content))


@pytest.mark.parametrize("ways", [{"use_dictionary": True}, {"use_dictionary": False, "compression": "zstd"}])
def test_a_parquet_file_whose_texts_grow_beyond_measure_is_refused(tmp_path: Path, ways: dict[str, Any]) -> None:
    path, rows = tmp_path / "a.parquet", 7
    pq.write_table(pa.table({"order_id": range(rows), "note": ["x" * 20_000] * rows}), path, **ways)
    assert read(path, path.read_bytes()) == rows  # 140 kB, of which there may be any
    rows = 200
    pq.write_table(pa.table({"order_id": range(rows), "note": ["x" * 20_000] * rows}), path, **ways)
    with pytest.raises(ExportError, match=r"^a\.parquet: grows to more than 200 times its size"):
        read(path, path.read_bytes())


def test_texts_of_a_parquet_file_are_looked_at_once_as_long_as_it_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, looked_at = tmp_path / "a.parquet", list[Path]()
    monkeypatch.setattr(parquet, "_bytes_of_texts", lambda path, *_: looked_at.append(path) or 0)
    for rows in (600, 600, 700):
        pq.write_table(pa.table({"order_id": range(rows), "note": ["x" * 20_000] * rows}), path)
        assert read(path, path.read_bytes()) == rows
    assert looked_at == [path, path]


def test_of_a_large_parquet_file_the_texts_that_take_little_of_it_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_LOOKED_AT", 0)
    path, rows = tmp_path / "a.parquet", 2_000
    again = pa.DictionaryArray.from_arrays(pa.array(bytes(rows), pa.int8()), pa.array(["x" * 50_000]))
    notes = [f"{number:x}" * 50 for number in range(rows)]
    pq.write_table(pa.table({"note": notes, "again": again}), path)
    with pytest.raises(ExportError, match="grows to more than 200 times its size"):
        read(path, path.read_bytes())


def test_a_parquet_file_of_short_texts_that_pack_well_is_read(tmp_path: Path) -> None:
    path, rows = tmp_path / "a.parquet", 200_000
    table = pa.table({"order_id": range(rows), "status": ["delivered to the customer"] * rows})
    pq.write_table(table, path)
    assert read(path, path.read_bytes()) == rows
    for columns in (["status"], ["order_id"]):  # rows without an id, or of one alone, are no table
        pq.write_table(table.set_column(0, "order_id", pa.array([7] * rows)).select(columns), path)
        with pytest.raises(ExportError, match="grows to more than 200 times its size"):
            read(path, path.read_bytes())


@pytest.mark.parametrize("name", ["orders.csv", "orders.csv.zst", "orders.json"])
def test_a_file_packed_in_a_way_that_is_not_read_is_named_as_such(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match=r"is packed as \.zst, which is not read; unpack it, or pack it as \.gz"):
        read(tmp_path / name, b"\x28\xb5\x2f\xfd" + bytes(range(200)))


@pytest.mark.parametrize("name", ["one_line.csv", "one_line.jsonl"])
def test_a_line_without_end_is_refused_with_its_number(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match="line 2: is longer than 0 MB"):
        read(tmp_path / name, HEAD + b"x" * 800_000)


def test_a_json_text_is_parsed_whole_only_up_to_a_bound(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is one JSON text of more than 1 MB; export JSON lines"):
        read(tmp_path / "array.json", b"[\n" + b'{"order_id": 1},\n' * 100_000 + b"{}]")
    with pytest.raises(ExportError, match="nested more deeply"):
        read(tmp_path / "deep.json", b"[" * 100_000 + b"]" * 100_000)


def test_ordinary_files_are_read_however_much_larger_than_the_bounds(tmp_path: Path) -> None:
    chance = random.Random(1)
    rows = b"".join(b"%d,c,2026-01-01,%d\n" % (number, chance.randrange(9_999)) for number in range(60_000))
    assert len(rows) > limits._SMALL
    assert read(tmp_path / "orders.csv.gz", gzip.compress(HEAD + rows)) == 60_000


def sheet(path: Path, far: tuple[int, int] | None = None) -> bytes:
    """A spreadsheet of two rows, and one value `far` away from them."""
    book = openpyxl.Workbook()
    book.active.append(["order_id", "customer_id", "ordered_at", "amount"])
    book.active.append(["1", "c", "2026-01-01", 1])
    if far:
        book.active.cell(*far, "x")
    book.save(path)
    return path.read_bytes()


def with_rows(path: Path, rows: bytes) -> bytes:
    """The same spreadsheet with more rows, as XML."""
    sheet(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b"</sheetData>", rows + b"</sheetData>"))
    return path.read_bytes()


def test_a_spreadsheet_that_unpacks_beyond_measure_is_refused(tmp_path: Path) -> None:
    content = with_rows(tmp_path / "bomb.xlsx", b'<row><c t="inlineStr"><is><t>a</t></is></c></row>' * 40_000)
    with pytest.raises(ExportError, match=r"unpacks to more than 1 MB of a file of 0\.0 MB; export it as CSV"):
        read(tmp_path / "bomb.xlsx", content)


def test_a_spreadsheet_with_one_cell_far_away_is_refused_and_named(tmp_path: Path) -> None:
    content = sheet(tmp_path / "far.xlsx", far=(1_048_576, 16_384))
    with pytest.raises(ExportError, match="a sheet of 1,048,576 rows and 16,384 columns that is almost empty"):
        read(tmp_path / "far.xlsx", content)


def test_formatted_empty_cells_far_away_do_no_harm(tmp_path: Path) -> None:
    content = with_rows(tmp_path / "formats.xlsx", b'<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert read(tmp_path / "formats.xlsx", content) == 1


def test_an_archive_that_is_cut_off_is_no_traceback(tmp_path: Path) -> None:
    content = sheet(tmp_path / "whole.xlsx")
    with pytest.raises(ExportError, match="is not a readable spreadsheet"):
        read(tmp_path / "cut.xlsx", content[: len(content) // 2])


def names(count: int) -> bytes:
    return b",".join(b'"k%d": 1' % number for number in range(count))


WIDE = {
    "header.csv": (b"a," * 5_000 + b"a\n" + b"1," * 5_000 + b"1\n", "has more than 4,096 columns"),
    "header.tsv": (b"a\t" * 20_000 + b"\n", "line 1: has more than 16,384 columns"),
    "row.csv": (HEAD + b"1,c,2026-01-01,5\n" + b"1," * 20_000 + b"\n", "line 3: has more than 16,384 columns"),
    "row.csv.gz": (gzip.compress(HEAD + b"ab," * 1_100_000), "line 2: has more than 16,384 columns"),
    "over_lines.csv": (HEAD + b'1,c,"\n",5\n' + b'"a\n",' * 20_000 + b"\n", "line 4: has more than 16,384 columns"),
    "object.json": (b"[{" + names(5_000) + b"}]", "has more than 4,096 columns"),
    "large.json": (b"[{" + names(200_000) + b"}]", "has more than 4,096 columns"),
    "object.jsonl": (b'{"a": 1}\n{' + names(5_000) + b"}\n", "has more than 4,096 columns"),
    "each.jsonl": (b"".join(b'{"k%d": 1}\n' % number for number in range(5_000)), "has more than 4,096 columns"),
}


@pytest.mark.parametrize("name", WIDE)
def test_a_table_wider_than_any_is_refused_wherever_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.undo()
    content, said = WIDE[name]
    with pytest.raises(ExportError, match=f"^{name}: {said}"):
        read(tmp_path / name, content)


def test_a_json_text_or_line_of_too_many_values_is_not_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with pytest.raises(ExportError, match="line 2: holds more than 1,000,000 values"):
        read(tmp_path / "a.jsonl", b'{"a": 1}\n{"a": [1' + b",1" * 1_000_001 + b"]}\n")
    with pytest.raises(ExportError, match="is one JSON text of more than 10,000,000 values; export JSON lines"):
        read(tmp_path / "a.json", b"[\n" + b"{},\n" * 10_000_001 + b"{}]")


def test_a_spreadsheet_or_parquet_file_wider_than_any_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    row = b"<row>" + b"<c><v>1</v></c>" * 20_000 + b"</row><row><c><v>1</v></c></row>"
    for name, cells in {
        "plain.xlsx": row,
        "prefixed.xlsx": row.replace(b"<", b"<x:").replace(b"<x:/", b"</x:"),
    }.items():
        content = with_rows(tmp_path / name, cells)
        with pytest.raises(ExportError, match=f"^{name}: has more than 16,384 columns"):
            read(tmp_path / name, content)
    pq.write_table(pa.table({f"c{number}": [1] for number in range(5_000)}), tmp_path / "a.parquet")
    with pytest.raises(ExportError, match=r"^a\.parquet: has more than 4,096 columns; export only those"):
        read(tmp_path / "a.parquet", (tmp_path / "a.parquet").read_bytes())


def test_far_away_cells_are_found_however_their_places_are_written(tmp_path: Path) -> None:
    far = b"<row r='1048576'><c r = 'XFD1048576'><v>1</v></c></row>"
    with pytest.raises(ExportError, match="a sheet of 1,048,576 rows and 16,384 columns that is almost empty"):
        read(tmp_path / "far.xlsx", with_rows(tmp_path / "far.xlsx", far))


@pytest.mark.parametrize("place", [b"A99999999999", b"zzz1048576", b"AAAAAAA1048576", b"A" + b"9" * 5_000])
def test_cells_where_no_sheet_has_any_are_refused_before_they_take_memory(tmp_path: Path, place: bytes) -> None:
    far = b"<row><c r='%s'><v>1</v></c></row>" % place
    with pytest.raises(ExportError, match="that is almost empty; delete the cells far away"):
        read(tmp_path / "far.xlsx", with_rows(tmp_path / "far.xlsx", far))


def test_delimiters_at_the_end_of_lines_are_no_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    lines = [HEAD, *(b"%d,c,2026-01-01,5\n" % number for number in range(30))]
    content = b"".join(line.replace(b"\n", b"," * 16_000 + b"\n") for line in lines)
    assert read(tmp_path / "orders.csv", content) == 30


def test_a_table_that_is_written_by_columns_may_have_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    column = b"{" + b",".join(b'"%d":"%020d"' % (number, number) for number in range(100_000)) + b"}"
    assert read(tmp_path / "orders.json", b'{"order_id":' + column + b',"amount":' + column + b"}") == 100_000


def test_a_file_of_which_hardly_a_line_fits_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kviboard.warehouse.files.delimited._MOST_BROKEN", 3)
    said = "more than 3 lines do not fit the column names; line 3 is the first: has 3 columns where the header has 2"
    with pytest.raises(ExportError, match=said):
        read(tmp_path / "a.csv", b"a,b\n" + b"1,2\n" + b"1,2,3\n,,3,4\n" * 2)
    assert read(tmp_path / "b.csv", b"a,b\n" + b"1,2\n" + b",,3,4\n" * 3) == 1
