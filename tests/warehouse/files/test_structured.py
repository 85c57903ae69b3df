"""JSON and spreadsheet exports become text columns, each value as the export shows it."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from kviboard.errors import ExportError
from kviboard.warehouse.files.read_options import ReadOptions
from kviboard.warehouse.files.sheets import SheetFile
from kviboard.warehouse.files.structured import JsonFile
from kviboard.workspace.settings import Source


def json_rows(path: Path, text: str, reading: ReadOptions | None = None) -> tuple[list[dict[str, Any]], JsonFile]:
    path.write_text(text, encoding="utf-8")
    file = JsonFile(path, reading)
    return pa.concat_tables(file.batches()).to_pylist(), file


def book(path: Path, **sheets: list[list[Any]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


def sheet_rows(path: Path, sheet: str | None = None) -> tuple[list[dict[str, Any]], SheetFile]:
    file = SheetFile(path, ReadOptions(sheets=(sheet,) if sheet else None))
    return pa.concat_tables(file.batches()).to_pylist(), file


def test_json_lines_keep_numbers_as_written_and_take_any_key(tmp_path: Path) -> None:
    rows, _ = json_rows(
        tmp_path / "a.jsonl",
        '{"id": "007", "amount": 1.10}\n\n{"id": 12, "tags": ["a", "b"], "paid": true, "amount": null}\n',
    )
    assert rows == [
        {"id": "007", "amount": "1.10", "tags": None, "paid": None, "_line": 1},
        {"id": "12", "amount": None, "tags": '["a", "b"]', "paid": "true", "_line": 3},
    ]


def test_values_that_mongodb_wraps_with_their_types_are_read_without(tmp_path: Path) -> None:
    wrapped = (
        '{"_id": {"$oid": "5f0a"}, "at": {"$date": {"$numberLong": "1733011200000"}}, "of": {"$numberDecimal": "1.10"}}'
    )
    rows, _ = json_rows(
        tmp_path / "a.jsonl", f'{wrapped}\n{{"_id": {{"$oid": "5f0b"}}, "at": {{"$date": "2026-01-31T10:00:00Z"}}}}\n'
    )
    assert [(row["_id"], row["at"], row["of"]) for row in rows] == [
        ("5f0a", "1733011200000", "1.10"), ("5f0b", "2026-01-31T10:00:00Z", None),
    ]  # fmt: skip


def test_a_json_line_that_is_no_object_is_set_aside_with_its_line(tmp_path: Path) -> None:
    rows, file = json_rows(tmp_path / "a.jsonl", '{"id": 1}\n{"id":\n[1, 2]\n{"id": 2}\n')
    assert [row["id"] for row in rows] == ["1", "2"]
    assert [(record.line, record.text) for record in file.findings.malformed] == [(2, '{"id":'), (3, "[1, 2]")]


ROW_5, ROW_9 = '{"id": "7", "paid": {"amount": 5}}', '{"id": "7", "paid": {"amount": 5, "amount": 9}}'


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.jsonl", f'{ROW_5}\n{{"id": 8, "id": 8}}\n{ROW_9}\n'), ("a.json", f'[{ROW_5}, {{"id": 8, "id": 8}}, {ROW_9}]')],
)
def test_an_object_with_two_values_under_one_name_is_no_row(tmp_path: Path, name: str, text: str) -> None:
    rows, file = json_rows(tmp_path / name, text)
    assert [row["id"] for row in rows] == ["7", "8"]  # the same value twice is one
    assert [(bad.line, bad.reason) for bad in file.findings.malformed] == [(3, 'has "amount" twice, "5" and "9"')]


def test_rows_of_which_some_would_be_lost_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match='has "orders" twice; correct it in the export'):
        json_rows(tmp_path / "a.json", f'{{"orders": [{ROW_5}], "orders": [{ROW_9}]}}')


def test_a_line_that_is_nested_too_deeply_is_called_so(tmp_path: Path) -> None:
    deep = '{"id": ' + "[" * 10_000 + "]" * 10_000 + "}"
    rows, file = json_rows(tmp_path / "a.jsonl", f'{{"id": 1}}\n{deep}\n')
    assert len(rows) == 1
    assert [(bad.line, bad.reason) for bad in file.findings.malformed] == [(2, "is nested more deeply than any table")]


def test_a_json_array_is_read_by_the_number_of_its_elements(tmp_path: Path) -> None:
    rows, _ = json_rows(tmp_path / "a.json", '\n [{"id": 1}, {"id": 2}]')
    assert [(row["id"], row["_line"]) for row in rows] == [("1", 1), ("2", 2)]


def test_broken_json_says_where(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is not valid JSON from line 2 on"):
        json_rows(tmp_path / "a.json", '[{"id": 1},\n{"id"}]')


def test_half_an_emoji_does_not_stop_a_file(tmp_path: Path) -> None:
    rows, _ = json_rows(tmp_path / "a.jsonl", '{"comment": "fine \\ud83d"}\n')
    assert rows[0]["comment"] == "fine \ufffd"


def test_a_sheet_gives_whole_numbers_without_a_point_and_dates_in_iso_form(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        Data=[["id", "when", "at", "score", "x"], ["007", date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), 9.0, 1.5]],
    )
    rows, _ = sheet_rows(path)
    assert rows == [
        {"id": "007", "when": "2026-01-02", "at": "2026-01-02 03:04:00", "score": "9", "x": "1.5", "_line": 2}
    ]


def test_a_sheet_is_chosen_by_name_and_starts_where_its_table_does(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", Cover=[["hello"]], Data=[[None, None], [None, "id"], [None, "1"], [], [None, "2"]])
    rows, _ = sheet_rows(path, "Data")
    assert [(row["id"], row["_line"]) for row in rows] == [("1", 3), ("2", 5)]
    with pytest.raises(ExportError, match='has no sheet "Date"; it has Cover, Data'):
        sheet_rows(path, "Date")


def test_formulas_that_no_program_computed_are_told_with_what_to_do(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", Data=[["id", "x"], ["1", "=1+1"], ["2", "=SUM(B2:B2)"], ["3", 4]])
    rows, file = sheet_rows(path)
    assert [row["x"] or "" for row in rows] == ["", "", "4"]
    (said,) = file.findings.decisions
    assert (said.what, said.level) == (
        "2 cells hold a formula that no program has computed, and count as empty.",
        "warning",
    )
    assert said.setting == "Open it in a spreadsheet program, save it there, and export that."


def test_cells_in_error_are_told_with_what_to_do(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", Data=[["id", "x"], ["1", "#N/A"], ["2", "#DIV/0!"], ["3", 4]])
    rows, file = sheet_rows(path)
    assert [row["x"] or "" for row in rows] == ["", "", "4"]
    (said,) = file.findings.decisions
    assert said.what == "2 cells hold an error, such as #N/A or #DIV/0!, and count as empty."
    assert (said.level, said.moves_kvis) == ("warning", True)


def test_a_value_beside_the_table_is_set_aside(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", Data=[["id", "x"], ["1", "a"], ["2", "b", "oops"]])
    rows, file = sheet_rows(path)
    assert [row["id"] for row in rows] == ["1"]
    assert [(record.line, record.text) for record in file.findings.malformed] == [(3, "2 | b | oops")]


def test_a_spreadsheet_with_a_password_says_so(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4_000 + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(ExportError, match=r"is protected by a password.*save it as \.xlsx without a password"):
        sheet_rows(path)


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 cut off"])
def test_a_file_that_is_no_spreadsheet_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(ExportError, match="is not a readable spreadsheet"):
        sheet_rows(tmp_path / "a.xlsx")


@pytest.mark.parametrize("names", ['["id", "x"]', '[{"name": "id"}, {"name": "x"}]'])
@pytest.mark.parametrize("rows", ["data", "rows"])
def test_names_beside_rows_of_values_are_a_table(tmp_path: Path, names: str, rows: str) -> None:
    found, _ = json_rows(tmp_path / "a.json", f'{{"columns": {names}, "{rows}": [["1", 5], ["2", 6]]}}')
    assert [(row["id"], row["x"]) for row in found] == [("1", "5"), ("2", "6")]


NAMED = {"order_id": "1", "amount": "5"}, {"order_id": "2", "amount": "6"}


@pytest.mark.parametrize(
    "text",
    [
        '{"fields": ["order_id", "amount"], "rows": [["1", 5], ["2", 6]]}',
        '{"headers": ["order_id", "amount"], "records": [["1", 5], ["2", 6]]}',
        '{"result": {"fields": [{"id": "order_id"}, {"id": "amount"}], "records": [["1", 5], ["2", 6]]}}',
        '{"schema": {"fields": [{"name": "order_id"}, {"name": "amount"}]}, "data": [["1", 5], ["2", 6]]}',
        '{"results": [{"series": [{"columns": ["order_id", "amount"], "values": [["1", 5], ["2", 6]]}]}]}',
        '{"range": "A1:B3", "values": [["order_id", "amount"], ["1", 5], ["2", 6]]}',
        '{"order_id": ["1", "2"], "amount": [5, 6]}',
    ],
)
def test_tables_of_lists_as_services_write_them(tmp_path: Path, text: str) -> None:
    rows, _ = json_rows(tmp_path / "a.json", text, ReadOptions(known=frozenset({"orderid", "amount"})))
    assert [{name: row[name] for name in ("order_id", "amount")} for row in rows] == list(NAMED)


def test_rows_of_lists_without_names_are_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match='rows without names, in the lists of "values"; write the names of their 2'):
        json_rows(tmp_path / "a.json", '{"values": [["1", 5], ["2", 6]]}')


def test_a_row_with_fewer_values_than_names_says_so(tmp_path: Path) -> None:
    _, file = json_rows(tmp_path / "a.json", '{"fields": ["id", "x"], "rows": [["1", 5], ["2"]]}')
    (bad,) = file.findings.malformed
    assert bad.reason == "has 1 value, not one for each column"


def test_currencies_that_only_formats_of_cells_show_are_read(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row in (("order_id", "amount"), ("1", 5), ("2", -6.5), ("3", 7), ("4", "free")):
        workbook.active.append(row)
    for line, code in enumerate(("[$€-407] #,##0.00", "[$$-409]#,##0.00;[Red]-[$$-409]#,##0.00", "0.00", '"$"0.00'), 2):
        workbook.active.cell(line, 2).number_format = code
    workbook.save(tmp_path / "a.xlsx")
    rows, _ = sheet_rows(tmp_path / "a.xlsx")
    assert [row["amount"] for row in rows] == ["€ 5", "USD -6.5", "7", "free"]


def test_formats_of_cells_are_those_of_a_table_that_begins_further_right(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for line, row in enumerate((("order_id", "amount", "items"), ("1", 5, 1), ("2", 6, 1)), start=3):
        for column, value in enumerate(row, start=2):
            sheet.cell(line, column, value)
    sheet.cell(4, 3).number_format = "[$$-409]#,##0.00"
    sheet.cell(6, 2, "3")
    sheet.cell(6, 4, 1)
    sheet.merge_cells("C5:C6")
    workbook.save(tmp_path / "a.xlsx")
    rows, _ = sheet_rows(tmp_path / "a.xlsx")
    assert [(row["amount"], row["items"]) for row in rows] == [("USD 5", "1"), ("6", "1"), ("6", "1")]


def test_amounts_that_a_sheet_shows_in_percent_are_warned_of_and_other_columns_not(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row in (("order_id", "amount", "discount"), ("1", 0.05, 0.1), ("2", 7, 0.2), ("3", 0.5, 0)):
        workbook.active.append(row)
    for line, column in ((2, 2), (4, 2), (2, 3), (3, 3), (4, 3)):
        workbook.active.cell(line, column).number_format = "0.0%"
    workbook.save(tmp_path / "a.xlsx")
    reading = ReadOptions.of("orders", Source(files="a.xlsx"))
    file = SheetFile(tmp_path / "a.xlsx", reading)
    assert [row["amount"] for row in pa.concat_tables(file.batches()).to_pylist()] == ["0.05", "7", "0.5"]
    (said,) = file.findings.decisions
    assert said.what == ("2 cells of amount are shown in percent and count as a hundredth of that: line 2 as 0.05.")
    assert said.should_be_confirmed


def test_hours_and_thousands_that_only_formats_show_stand_behind_numbers_of_ours(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row in (("customer_id", "minutes", "amount", "rooms"), ("a", 0.5, 12.5, 2), ("b", 1.25, 12500, 3)):
        workbook.active.append(row)
    for line, codes in ((2, ('0.00" h"', '0.0" T€"', '0" h"')), (3, ('0.00" h"', '0.0," T€"', '0" h"'))):
        for column, code in enumerate(codes, 2):
            workbook.active.cell(line, column).number_format = code
    workbook.save(tmp_path / "a.xlsx")
    file = SheetFile(tmp_path / "a.xlsx", ReadOptions(numbers=frozenset({"minutes", "amount"})))
    shown = [
        [row[name] for name in ("minutes", "amount", "rooms")] for row in pa.concat_tables(file.batches()).to_pylist()
    ]
    assert shown == [["0.5 h", "12.5 T€", "2"], ["1.25 h", "€ 12500", "3"]]


def ods(path: Path, *rows: str) -> Path:
    """An OpenDocument sheet called Orders of rows in its XML, after one of another name."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(f'xmlns:{name}="{office}:{name}:1.0"' for name in ("office", "table", "text"))
    sheets = "".join(
        f'<table:table table:name="{name}">{"".join(f"<table:table-row{row}</table:table-row>" for row in held)}'
        "</table:table>"
        for name, held in (("Notes", [f">{cell('float', 1, USD)}"]), ("Orders", rows))
    )
    body = f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", f"<office:document-content {names}>{body}</office:document-content>")
    return path


USD = ' office:currency="USD"'


def cell(kind: str, value: object, more: str = "") -> str:
    held = "" if kind == "string" else f' office:value="{value}"'
    return f'<table:table-cell office:value-type="{kind}"{held}{more}><text:p>{value}</text:p></table:table-cell>'


def test_currencies_and_percents_of_an_opendocument_sheet_are_read(tmp_path: Path) -> None:
    file = ods(
        tmp_path / "a.ods",
        f">{cell('string', 'order_id')}{cell('string', 'amount')}",
        f">{cell('string', '1')}{cell('currency', 5, USD)}",
        ' table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="9"/>',
        f">{cell('string', '2')}{cell('percentage', 0.5)}",
        f">{cell('string', '3')}{cell('float', 7)}",
        f' table:number-rows-repeated="1">{cell("string", "4")}{cell("currency", 8, USD)}',
    )
    opened = SheetFile(file, ReadOptions.of("orders", Source(files="a.ods", sheet="Orders")))
    rows = pa.concat_tables(opened.batches()).to_pylist()
    assert [(row["_line"], row["amount"]) for row in rows] == [(2, "USD 5"), (5, "0.5"), (6, "7"), (7, "USD 8")]
    (said,) = opened.findings.decisions
    assert said.what == "1 cell of amount is shown in percent and counts as a hundredth of that: line 5 as 0.5."


PAGE = '"items": [{"order_id": "1", "amount": 5}, {"order_id": "2", "amount": 6}]'


@pytest.mark.parametrize(
    "beside",
    ['"has_more": true', '"next_page": "https://shop.example/2"', '"total": 500', '"meta": {"total_count": 3}',
     '"@odata.nextLink": "https://x"', '"links": {"next": "/2"}'],
)  # fmt: skip
def test_one_page_of_several_is_warned_of(tmp_path: Path, beside: str) -> None:
    rows, file = json_rows(tmp_path / "orders.json", f"{{{PAGE}, {beside}}}")
    assert len(rows) == 2
    (said,) = [each for each in file.findings.decisions if each.level == "warning"]
    assert said.what.startswith("is one page of several, as it seems: it holds 2 rows, and beside them stands ")
    assert said.moves_kvis


@pytest.mark.parametrize(
    "beside",
    [
        '"has_more": false',
        '"next_page": null',
        '"total": 2',
        '"meta": {"total_count": 2}',
        '"next": ""',
        '"total": "5 EUR"',
    ],
)
def test_the_last_page_is_not(tmp_path: Path, beside: str) -> None:
    rows, file = json_rows(tmp_path / "orders.json", f"{{{PAGE}, {beside}}}")
    assert len(rows) == 2
    assert not [each for each in file.findings.decisions if each.level == "warning"]
