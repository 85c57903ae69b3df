"""All that was delivered is accounted for: sheets, members of archives, lists in JSON texts, empty files."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kviboard.errors import RefreshError
from kviboard.warehouse.files.workbooks import counts_from_1904
from kviboard.warehouse.manifest import Manifest
from tests.warehouse.company import ORDERS, company
from tests.warehouse.staged import published, refreshed

NAMES = ORDERS.strip().split(",")
TOTAL = "select count(*), sum(amount)::int from orders"


def month(number: int, rows: int = 3) -> str:
    return "".join(f"O{number}{n},C{n},2026-0{number}-1{n},{number}\n" for n in range(rows))


def sheet(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.splitlines()]


def book(**sheets: str) -> bytes:
    """A workbook; a sheet whose name begins with hidden is hidden."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, text in sheets.items():
        added = workbook.create_sheet(name)
        added.sheet_state = "hidden" if name.startswith("hidden") else "visible"
        for row in sheet(text):
            added.append([float(cell) if cell.isdecimal() else cell for cell in row])
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def packed(**files: str | bytes) -> bytes:
    """A zip archive; jan_csv="…" becomes jan.csv in it, a__jan_csv a/jan.csv."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


def packed_twice() -> bytes:
    """A file that was added to an archive again, with other rows."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("orders.csv", ORDERS + month(1))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("orders.csv", ORDERS + month(2))
    return stream.getvalue()


def said(manifest: Manifest) -> list[str]:
    return [
        f"{decision.level}: {decision.what}"
        for decision in manifest.decisions
        if decision.where.endswith(("xlsx", "zip", "json"))
    ]


def test_all_sheets_with_the_columns_of_the_first_are_read_and_the_others_named(tmp_path: Path) -> None:
    content = book(Cover="Orders of 2026", Jan=ORDERS + month(1), Feb=ORDERS + month(2), Notes="who,what\nme,check")
    workspace = company(tmp_path, orders_xlsx=content)
    manifest = refreshed(workspace)
    assert published(workspace, TOTAL) == [(6, 9)]
    others = "Cover is not (it has other columns); Notes is not (it has other columns)."
    assert said(manifest) == [f"note: its sheets Jan and Feb are read; {others}"]
    assert {row.file: row.rows_read for row in manifest.files} == {
        "exports/orders.xlsx/Jan": 3,
        "exports/orders.xlsx/Feb": 3,
    }
    assert refreshed(workspace).decisions == manifest.decisions  # from the cache


def test_a_hidden_sheet_of_the_same_columns_is_not_read_and_warned_of(tmp_path: Path) -> None:
    content = book(Jan=ORDERS + month(1), hidden_old=ORDERS + month(2))
    workspace = company(tmp_path, orders_xlsx=content)
    manifest = refreshed(workspace)
    assert published(workspace, TOTAL) == [(3, 3)]
    assert said(manifest) == ["warning: its sheet Jan is read; hidden_old is not (is hidden)."]


@pytest.mark.parametrize(
    ("setting", "rows"),
    [('"Feb"', 3), ('["Jan", "hidden_old"]', 6), ('"*"', 9)],
)
def test_sheets_are_chosen_by_name_list_or_star(tmp_path: Path, setting: str, rows: int) -> None:
    content = book(Jan=ORDERS + month(1), Feb=ORDERS + month(2), hidden_old=ORDERS + month(3), Empty="")
    toml = f'[sources.orders]\nfiles = "exports/orders.xlsx"\nsheet = {setting}\n'
    workspace = company(tmp_path, toml, orders_xlsx=content)
    refreshed(workspace)
    assert published(workspace, "select count(*) from orders") == [(rows,)]


def test_a_sheet_without_its_header_is_warned_of(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_xlsx=book(Jan=ORDERS + month(1), Feb=month(2)))
    assert said(refreshed(workspace)) == ["warning: its sheet Jan is read; Feb is not (it has other columns)."]


def test_the_members_of_an_archive_are_files_of_its_source(tmp_path: Path) -> None:
    content = packed(
        y__jan_csv=ORDERS + month(1),
        feb_xlsx=book(Feb=ORDERS + month(2)),
        mar_json=json.dumps([dict(zip(NAMES, row, strict=True)) for row in sheet(month(3))]),
        customers_csv="customer_id,name\nC1,Anna\n",
        readme_pdf=b"%PDF",
        y__Thumbs_db="junk",
    )
    workspace = company(tmp_path, orders_zip=content)
    manifest = refreshed(workspace)
    assert published(workspace, TOTAL) == [(9, 18)]
    assert {row.file for row in manifest.files} == {
        "exports/orders.zip/y/jan.csv",
        "exports/orders.zip/feb.xlsx",
        "exports/orders.zip/mar.json",
    }
    assert said(manifest) == [
        "note: its files y/jan.csv, feb.xlsx and mar.json are read; customers.csv is not (it has other columns); "
        "readme.pdf is not (it is no export)."
    ]
    assert refreshed(workspace).files == manifest.files


def test_a_pattern_may_lead_into_an_archive(tmp_path: Path) -> None:
    toml = (
        '[sources.orders]\nfiles = "exports/all.zip/orders*.csv"\n'
        '[sources.customers]\nfiles = "exports/all.zip/customers.csv"\n'
    )
    content = packed(orders1_csv=ORDERS + month(1), orders2_csv=ORDERS + month(2), customers_csv="customer_id\nC7\n")
    workspace = company(tmp_path, toml, all_zip=content)
    manifest = refreshed(workspace)
    assert published(workspace, TOTAL) == [(6, 9)]
    assert published(workspace, "select count(*) from customers") == [(4,)]
    assert [row.file for row in manifest.files if row.table_name == "customers"] == ["exports/all.zip/customers.csv"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: packed(orders_csv=ORDERS, more_zip=b"PK"), "holds more.zip, which is not read from within an archive"),
        (lambda: packed(jan_parquet=b"PAR1"), "holds jan.parquet, which is not read from within an archive"),
        (lambda: packed(letter_pdf=b"%PDF"), "holds no export, only letter.pdf"),
        (lambda: packed(orders_csv=ORDERS + month(1))[:-30], "is not a whole zip archive"),
        (lambda: packed(orders_csv="a" * 300_000_000), "grows to more than 200 times its size"),
        (packed_twice, "holds two files called orders.csv, of which only one can be read"),
    ],
    ids=["nested", "Parquet", "no export", "cut off", "bomb", "one name twice"],
)
def test_an_archive_that_cannot_be_read_says_why(tmp_path: Path, content: Callable[[], bytes], sentence: str) -> None:
    with pytest.raises(RefreshError) as caught:
        refreshed(company(tmp_path, orders_zip=content()))
    assert sentence in str(caught.value)
    assert list((tmp_path / ".kviboard" / "cache").glob(".*")) == []


def records(number: int) -> list[dict[str, object]]:
    return [dict(zip(NAMES, row, strict=True)) for row in sheet(month(number))]


@pytest.mark.parametrize(
    "document",
    [
        {"total_items": 3, "items": records(1)},
        {"data": {"orders": records(1), "page": {"next": None}}},
        {"meta": [], "result": {"rows": records(1)}},
        {"users": [{"id": 1, "mail": "x"}], "orders": records(1)},
        [NAMES, *sheet(month(1))],
        {"columns": NAMES, "index": [0, 1, 2], "data": sheet(month(1))},
        {name: {str(n): row[at] for n, row in enumerate(sheet(month(1)))} for at, name in enumerate(NAMES)},
        records(1),
        [{"customer": {"id": record.pop("customer_id")}, **record} for record in records(1)],
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_the_rows_of_a_json_text_are_found(tmp_path: Path, document: object, indent: int | None) -> None:
    workspace = company(tmp_path, orders_json=json.dumps(document, indent=indent))
    refreshed(workspace)
    assert published(workspace, TOTAL + " where customer_id like 'C%'") == [(3, 3)]


def under_ids(*fields: str) -> dict[str, dict[str, object]]:
    return {str(41 + n): {name: record[name] for name in fields} for n, record in enumerate(records(1))}


def test_rows_that_stand_under_their_ids_are_read_and_that_is_said(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_json=json.dumps(under_ids(*NAMES)))
    assert said(refreshed(workspace)) == [
        'note: the rows are its objects, and the name of each is in the column "key".'
    ]
    assert published(workspace, TOTAL) == [(3, 3)]


@pytest.mark.parametrize("inside", [None, "orders"])
def test_the_name_of_an_object_may_be_its_id(tmp_path: Path, inside: str | None) -> None:
    document = under_ids("customer_id", "ordered_at", "amount")
    toml = '[sources.orders]\nfiles = "exports/orders.json"\nrename = { "key" = "order_id" }\n'
    workspace = company(tmp_path, toml, orders_json=json.dumps({inside: document} if inside else document, indent=2))
    refreshed(workspace)
    assert published(workspace, "select order_id from orders order by 1") == [("41",), ("42",), ("43",)]


def test_one_object_alone_under_its_id_is_a_row(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_json=json.dumps({"O1": records(1)[0]}))
    refreshed(workspace)
    assert published(workspace, TOTAL) == [(1, 1)]


def test_of_two_objects_of_rows_the_setting_names_one(tmp_path: Path) -> None:
    both = json.dumps({"new": under_ids(*NAMES), "old": under_ids(*NAMES)})
    with pytest.raises(RefreshError, match=r"new and old; say which .* rows = \"new\""):
        refreshed(company(tmp_path, orders_json=both))
    toml = '[sources.orders]\nfiles = "exports/orders.json"\nrows = "old"\n'
    chosen = company(tmp_path, toml, orders_json=both)
    refreshed(chosen)
    assert published(chosen, TOTAL) == [(3, 3)]


@pytest.mark.parametrize("indent", [None, 2])
def test_pages_that_follow_one_another_hold_their_rows_in_the_same_list(tmp_path: Path, indent: int | None) -> None:
    pages = [{"page": number, "items": records(number)} for number in (1, 2)]
    text = "\n".join(json.dumps(page, indent=indent) for page in pages)
    workspace = company(tmp_path, orders_json=text)
    assert any('the rows are the list "items" in' in each for each in said(refreshed(workspace)))
    assert published(workspace, TOTAL) == [(6, 9)]


def test_a_value_of_an_object_may_have_the_objects_own_name(tmp_path: Path) -> None:
    rows = [{**record, "amount": {"value": record["amount"], "currency": "EUR"}} for record in records(1)]
    toml = '[sources.orders]\nfiles = "exports/orders.json"\nrename = { "amount.value" = "amount" }\n'
    workspace = company(tmp_path, toml, orders_json=json.dumps(rows))
    refreshed(workspace)
    assert published(workspace, TOTAL) == [(3, 3)]


def test_objects_may_follow_one_another_however_they_are_printed(tmp_path: Path) -> None:
    pretty = "\n".join(json.dumps(record, indent=2) for record in records(1))
    workspace = company(tmp_path, orders_json=pretty)
    refreshed(workspace)
    assert published(workspace, TOTAL) == [(3, 3)]


def test_the_one_list_is_said_and_several_are_refused_until_one_is_named(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_json=json.dumps({"total": 3, "items": records(1)}))
    assert said(refreshed(workspace)) == ['note: the rows are the list "items" in it.']
    both = json.dumps({"page": {"new": records(1), "old": records(2)}})
    with pytest.raises(
        RefreshError, match=r"holds several lists, page\.new and page\.old; say which .* rows = \"page\.new\""
    ):
        refreshed(company(tmp_path, orders_json=both))
    toml = '[sources.orders]\nfiles = "exports/orders.json"\nrows = "page.old"\n'
    chosen = company(tmp_path, toml, orders_json=both)
    refreshed(chosen)
    assert published(chosen, TOTAL) == [(3, 6)]


def test_one_order_with_its_items_is_an_order(tmp_path: Path) -> None:
    record = records(1)[0] | {"lines": [{"sku": "a"}, {"sku": "b"}]}
    workspace = company(tmp_path, orders_jsonl=json.dumps(record))
    refreshed(workspace)
    assert published(workspace, TOTAL) == [(1, 1)]


@pytest.mark.parametrize("name", ["csv", "json", "xlsx", "csv_gz"])
def test_an_empty_file_is_a_period_with_nothing_in_it(tmp_path: Path, name: str) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders*"\n'
    workspace = company(tmp_path, toml, orders1_csv=ORDERS + month(1), **{f"orders2_{name}": b""})
    manifest = refreshed(workspace)
    assert published(workspace, TOTAL) == [(3, 3)]
    assert [str(decision) for decision in manifest.decisions] == [
        f"exports/orders2.{name.replace('_', '.')}: has no row: a period with nothing in it. "
        "If something happened then, export it again."
    ]


@pytest.mark.parametrize("content", ["[]", '{"items": []}', "{}", ORDERS, "\ufeff\n", "No data for this period\n"])
def test_a_file_may_hold_nothing_in_several_ways(tmp_path: Path, content: str) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders*"\n'
    kind = "json" if content[0] in "[{" else "csv"
    workspace = company(tmp_path, toml, orders1_csv=ORDERS + month(1), **{f"orders2_{kind}": content})
    manifest = refreshed(workspace)
    assert published(workspace, TOTAL) == [(3, 3)]
    assert manifest.problems == ()
    assert "has no row" in str(manifest.decisions[-1])


def workbook_from_1904(*days: object) -> bytes:
    """A workbook of orders that counts days from 1904 on."""
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active.append(["order_id", "customer_id", "ordered_at", "amount"])
    for number, day in enumerate(days):
        workbook.active.append([f"O{number}", "c", day, 10])
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_cells_merged_down_the_rows_have_their_value_in_each(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    page = workbook.active
    rows = [["order_id", "customer_id", "ordered_at", "product", "amount"], ["1", "a", "2026-01-05", "tea", 10],
            [None, None, None, "mug", 5], ["2", "b", "2026-01-06", "pot", 7]]  # fmt: skip
    for row in rows:
        page.append(row)
    for column in "ABC":
        page.merge_cells(f"{column}2:{column}3")
    page.merge_cells("A9:B9")
    file = io.BytesIO()
    workbook.save(file)
    workspace = company(tmp_path, orders_xlsx=file.getvalue())
    said = "\n".join(map(str, refreshed(workspace).decisions))
    assert published(workspace, "select order_id, customer_id, amount from orders order by all") == [
        ("1", "a", Decimal(15)), ("2", "b", Decimal(7)),
    ]  # fmt: skip
    assert "3 cells merged with the one above have its value." in said


def test_rows_that_a_filter_hides_are_said_and_count(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    page = workbook.active
    for row in [["order_id", "customer_id", "ordered_at", "amount"], ["1", "a", "2026-01-05", 10],
                ["2", "b", "2026-01-06", 7]]:  # fmt: skip
        page.append(row)
    page.row_dimensions[3].hidden = True
    file = io.BytesIO()
    workbook.save(file)
    workspace = company(tmp_path, orders_xlsx=file.getvalue())
    (said,) = refreshed(workspace).decisions
    assert said.what == "1 row of the sheet is hidden, as by a filter, and counts."
    assert published(workspace, "select sum(amount) from orders") == [(Decimal(17),)]


@pytest.mark.parametrize("from_1904", [True, False])
def test_old_and_binary_workbooks_say_from_when_their_days_count(tmp_path: Path, from_1904: bool) -> None:
    begin = bytes.fromhex("0908100000060500") + bytes(12)  # BOF, then a record of a code page, then DATEMODE
    old = tmp_path / "old.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(508) + begin + bytes.fromhex("42000200b004 22000200")
                    + bytes([from_1904, 0]) + bytes.fromhex("0a000000"))  # fmt: skip
    binary = tmp_path / "binary.xlsb"
    with zipfile.ZipFile(binary, "w") as archive:  # BrtBeginBook, then BrtWbProp, whose first bit it is
        archive.writestr("xl/workbook.bin", bytes([0x83, 0x01, 0, 0x99, 0x01, 8, from_1904 | 0x20]) + bytes(7))
    assert counts_from_1904(old) is from_1904
    assert counts_from_1904(binary) is from_1904


def test_a_workbook_that_counts_from_1904_is_read_so_and_that_is_said(tmp_path: Path) -> None:
    days = [datetime(2026, 1, 5), datetime(2026, 1, 6, 13, 30), 44566, 44567.5]  # 44,566 days after 1 January 1904
    workspace = company(tmp_path, orders_xlsx=workbook_from_1904(*days))
    sentences = list(map(str, refreshed(workspace).decisions))
    times = published(workspace, "select cast(ordered_at as varchar) from orders order by order_id")
    assert [time for (time,) in times] == [
        "2026-01-05 00:00:00", "2026-01-06 13:30:00", "2026-01-06 00:00:00", "2026-01-07 12:00:00",
    ]  # fmt: skip
    assert any("the workbook counts days from 1904 on, and its dates are read so." in each for each in sentences)
    assert any('"44566" in exports/orders.xlsx, line 4 is 2026-01-06 00:00:00' in each for each in sentences)


def test_numbers_of_workbooks_with_two_beginnings_are_refused_until_a_setting_decides(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders*"\n'
    files = {
        "orders-1_xlsx": workbook_from_1904(44565, 44566),
        "orders-2_csv": "order_id,customer_id,ordered_at,amount\nP1,c,46027,10\nP2,c,46028,10\n",
    }
    with pytest.raises(RefreshError, match=r"(?s)from 1904, others from 1900.*excel_1904"):
        refreshed(company(tmp_path, toml, **files))
    workspace = company(tmp_path, toml + 'date_format = "excel_1904"\n', **files)
    refreshed(workspace)
    first = published(workspace, "select cast(min(day) as varchar) from orders")
    assert first == [("2026-01-05",)]
