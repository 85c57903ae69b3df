"""`kviboard init` with export files: shapes that shops have, questions, exports that change, files that are none."""

import io
import json
import re
from contextlib import redirect_stdout
from pathlib import Path

import openpyxl
import pytest

from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.cli import main
from kviboard.workspace import load_workspace
from tests.warehouse.company import published


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(["init", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def number(folder: Path, sql: str):
    return published(load_workspace(folder), sql)[0][0]


def orders(*rows: str, head: str = "Bestellnummer;Kundennummer;Bestelldatum;Betrag") -> str:
    return "\n".join([head, *rows]) + "\n"


def test_a_german_shop_is_set_up_without_a_question(tmp_path, capsys):
    file = write(tmp_path / "in", "bestellungen.csv", orders("1;K1;13.01.2026;1.234,50", "2;K2;14.01.2026;10,00"))
    code, out, _ = run(capsys, tmp_path / "board", file, "--name", "Laden")
    assert code == 0
    assert "Betrag → amount" in out
    assert float(number(tmp_path / "board", "select sum(amount) from orders")) == 1244.5
    text = (tmp_path / "board" / "kviboard.toml").read_text()
    assert 'name = "Laden"' in text
    assert 'files = "exports/bestellungen*.csv"' in text
    assert '"Betrag" = "amount"' in text


def test_what_the_data_cannot_decide_is_asked_and_nothing_is_written_before(tmp_path, capsys):
    file = write(
        tmp_path / "in", "orders.csv", "order_id,customer_id,date,total\n1,A,03/04/2026,1.5\n2,B,05/04/2026,2.5\n"
    )
    code, _, err = run(capsys, tmp_path / "board", file)
    assert code == 2
    assert "day or the month first" in err
    assert not (tmp_path / "board").exists()
    code, _, _ = run(capsys, tmp_path / "board", file, "--answer", "orders.csv:dates=%m/%d/%Y")
    assert code == 0
    assert str(number(tmp_path / "board", "select min(day) from orders"))[:10] == "2026-03-04"


def test_states_that_are_no_turnover_are_set_aside_with_their_reason(tmp_path, capsys):
    rows = ["1,A,2026-01-13,10,paid", "2,B,2026-01-14,20,cancelled", "3,A,2026-01-15,5,paid"]
    file = write(tmp_path / "in", "orders.csv", "\n".join(["order_id,customer_id,date,total,status", *rows]))
    _, out, _ = run(capsys, tmp_path / "board", file)
    assert "status = cancelled: no turnover" in out
    assert float(number(tmp_path / "board", "select sum(amount) from orders")) == 15
    code, _, _ = run(capsys, tmp_path / "other", file, "--answer", "orders.csv:void=")
    assert code == 0
    assert float(number(tmp_path / "other", "select sum(amount) from orders")) == 35


def test_a_workbook_with_merged_names_is_found_again_beside_orders_of_a_shop(tmp_path, capsys):
    """Its amount is called "netto", below "Betrag", and its last column has its name one line higher, merged."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Rechnungsausgangsbuch"])
    sheet.append(["Stand: 23.11.2026"])
    sheet.append(["Beleg", None, "Kunde", None, "Betrag", None, "Status"])
    sheet.append(["Nr.", "Datum", "Kd.-Nr.", "E-Mail", "netto", "brutto", None])
    for merged in ("A3:B3", "C3:D3", "E3:F3", "G3:G4"):
        sheet.merge_cells(merged)
    for n in range(1, 9):
        mail = f"u{n % 4}@x.example"
        sheet.append([f"R{n}", f"{n + 12:02d}.01.2026", f"000{n % 4}", mail, f"{n}.000,50 €", f"{n}.190,60 €", "offen"])
    sheet.append(["Summe", None, None, None, "36.004,00 €", "37.524,80 €", None])
    (tmp_path / "in").mkdir()
    invoices = tmp_path / "in" / "Rechnungen.xlsx"
    book.save(invoices)
    sold = [f"#{n},u{n % 4}@x.example,paid,2026-01-{n:02d} 10:00:00 +0100,{n}.25,0.00" for n in range(1, 9)]
    head = "Name,Email,Financial Status,Created at,Total,Refunded Amount"
    shop = write(tmp_path / "in", "orders_export.csv", "\n".join([head, *sold]))
    code, out, err = run(capsys, tmp_path / "board", invoices, shop)
    assert code == 0, out + err
    found = published(
        load_workspace(tmp_path / "board"), "select count(*), sum(amount), count(distinct customer_id) from orders"
    )
    assert [float(each) for each in found[0]] == [16, 36_004 + 38, 4]


def test_amounts_in_a_file_of_their_own_and_a_number_per_order(tmp_path, capsys):
    """As marketplaces export: order, payments, customers; a person has a number per order."""
    folder = tmp_path / "in"
    rows = [f"o{n},n{n},2026-0{1 + n % 3}-1{n % 9} 10:00:00,delivered" for n in range(12)]
    write(folder, "orders.csv", "\n".join(["order_id,customer_id,purchase_timestamp,order_status", *rows]))
    rows = [f"n{n},person{n % 8},{'NL' if n % 8 < 4 else 'DE'}" for n in range(12)]
    write(folder, "customers.csv", "\n".join(["customer_id,customer_unique_id,customer_country", *rows]))
    rows = [f"o{n},{part},{10 + n}.25" for n in range(12) for part in (1, 2)]
    write(folder, "order_payments.csv", "\n".join(["order_id,part,payment_value", *rows]))
    rows = [f"r{n // 2},o{n},2026-04-01,{1 + n % 5}" for n in range(12)]
    write(folder, "order_reviews.csv", "\n".join(["review_id,order_id,review_date,review_score", *rows]))
    code, out, err = run(capsys, tmp_path / "board", folder, "--answer", "order_reviews.csv:scale=1-5")
    assert code == 0, out + err
    board = tmp_path / "board"
    assert float(number(board, "select sum(amount) from orders")) == sum(2 * (10 + n + 0.25) for n in range(12))
    assert number(board, "select count(distinct customer_id) from orders") == 8
    assert number(board, "select count(*) from responses where customer_id like 'person%'") == 12
    assert load_workspace(board).dimensions == ("country",)
    assert load_workspace(board).surveys.answer_counts_back_days == 60


def test_a_workbook_with_a_sheet_a_month_and_one_of_customers(tmp_path, capsys):
    book = openpyxl.Workbook()
    for at, month in enumerate(("Jan", "Feb", "Mar"), start=1):
        sheet = book.create_sheet(month)
        sheet.append(["Order no", "Customer no", "Order date", "Total"])
        for day in range(1, 6):
            sheet.append([f"{month}{day}", f"C{day}", f"2026-0{at}-{10 + day}", at * 10.5])
    people = book.create_sheet("Customers")
    people.append(["Customer no", "Customer name", "Plan"])
    for day in range(1, 6):
        people.append([f"C{day}", f"N{day}", "Pro" if day < 3 else "Basic"])
    del book["Sheet"]
    (tmp_path / "in").mkdir()
    book.save(tmp_path / "in" / "shop.xlsx")
    code, out, err = run(capsys, tmp_path / "board", tmp_path / "in" / "shop.xlsx")
    assert code == 0, out + err
    assert float(number(tmp_path / "board", "select sum(amount) from orders")) == 5 * 10.5 * (1 + 2 + 3)
    assert load_workspace(tmp_path / "board").dimensions == ("plan",)


def test_run_again_it_keeps_what_a_person_wrote_and_offers_a_new_column(tmp_path, capsys):
    head = "order_id,customer_id,ordered_at,amount"
    file = write(
        tmp_path / "in", "orders.csv", "\n".join([head, *(f"{n},C{n % 5},2026-01-{10 + n},5" for n in range(10))])
    )
    board = tmp_path / "board"
    run(capsys, board, file)
    config = board / "kviboard.toml"
    config.write_text(config.read_text().replace('vision = ""', 'vision = "Tea for all"  # ours'), encoding="utf-8")
    rows = (f"{n},C{n % 5},2026-02-{10 + n},5,{'web' if n % 5 < 2 else 'shop'}" for n in range(10))
    file = write(tmp_path / "in", "orders.csv", "\n".join([f"{head},channel", *rows]))
    code, out, _ = run(capsys, board, file)
    assert code == 0
    assert 'orders.csv has a new column "channel" (shop and web): slice by it as channel?' in out
    assert load_workspace(board).dimensions == ()
    assert "Tea for all" in config.read_text()
    code, out, err = run(capsys, board, file, "--answer", "orders.csv:slice=channel")
    assert code == 0, out + err


def test_a_new_column_becomes_a_slice(tmp_path, capsys):
    head = "order_id,customer_id,ordered_at,amount"
    board, folder = tmp_path / "board", tmp_path / "in"
    run(
        capsys,
        board,
        write(folder, "orders.csv", "\n".join([head, *(f"{n},C{n % 5},2026-01-{10 + n},5" for n in range(10))])),
    )
    rows = (f"a{n},C{n % 5},2026-02-{10 + n},5,{'web' if n % 5 < 2 else 'shop'}" for n in range(10))
    later = write(folder, "orders-feb.csv", "\n".join([f"{head},channel", *rows]))
    code, out, err = run(capsys, board, later, "--answer", "orders-feb.csv:slice=channel")
    assert code == 0, out + err
    assert load_workspace(board).dimensions == ("channel",)
    assert number(board, "select count(*) from customer_profile where channel = 'web'") == 2
    assert "arg_max(channel, said_at || channel)" in (board / "queries" / "staging" / "customers.sql").read_text()


def test_columns_of_orders_slice_where_somebody_says_so(tmp_path, capsys):
    rows = (f"{n},C{n % 5},2026-02-{10 + n},5,{'web' if n % 5 < 2 else 'shop'}" for n in range(10))
    file = write(tmp_path / "in", "orders.csv", "\n".join(["order_id,customer_id,ordered_at,amount,channel", *rows]))
    code, out, _ = run(capsys, tmp_path / "other", file)
    assert code == 0
    assert "KVIs can be sliced by channel (of a customer's rows, the latest order): --answer 'orders.csv:dim" in out
    code, _, err = run(capsys, tmp_path / "board", file, "--answer", "orders.csv:dimensions=chanel")
    assert code == 2
    assert "orders.csv is not sliced by chanel; KVIs can be sliced by channel." in err
    assert not (tmp_path / "board").exists()
    code, out, _ = run(capsys, tmp_path / "board", file, "--answer", "orders.csv:dimensions=channel")
    assert code == 0
    assert "KVIs are sliced by channel" in out
    assert number(tmp_path / "board", "select count(*) from customer_profile where channel = 'web'") == 2


def test_orders_are_no_activity_although_each_is_a_day_of_a_customer(tmp_path, capsys):
    rows = [f"{n},C{n % 5},2026-01-{10 + n},5,{'cancelled' if n == 3 else 'paid'}" for n in range(10)]
    file = write(tmp_path / "in", "x.csv", "\n".join(["order_id,customer_id,date,total,status", *rows]))
    assert run(capsys, tmp_path / "board", file)[0] == 0
    assert number(tmp_path / "board", "select sum(amount) from orders") == 45  # nine of ten, the cancelled one left out


def test_the_first_of_two_columns_of_one_name_is_read_and_written_down(tmp_path, capsys):
    rows = [f"{n},C{n % 5},2026-01-{10 + n},2026-03-{10 + n},5" for n in range(10)]
    head = "order_id,customer_id,ordered_at,ordered_at,amount"
    file = write(tmp_path / "in", "orders.csv", "\n".join([head, *rows]))
    code, out, err = run(capsys, tmp_path / "board", file)
    assert code == 0, out + err
    assert "of its two columns ordered_at the first is read" in out
    assert load_workspace(tmp_path / "board").sources["orders"].rename == {"ordered_at_2": "second_ordered_at"}
    assert str(number(tmp_path / "board", "select max(day) from orders"))[:10] == "2026-01-19"


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (("orders-2026-01.csv", "items-2026-01.csv"), "exports/orders*.csv"),
        (("orders-2026-01.csv", "orders_items-2026-01.csv"), "exports/orders-[0-9]*.csv"),
        (("orders.csv", "orders_items.csv"), "exports/orders.csv"),
        (("orders-north.csv", "orders_items.csv"), "exports/orders-north*.csv"),
    ],
)
def test_a_pattern_fits_later_exports_and_no_other_file_that_was_brought(tmp_path, names, pattern):
    text = "\n".join(
        ["order_id,customer_id,ordered_at,amount", *(f"{n},C{n % 5},2026-01-{10 + n},5" for n in range(9))]
    )
    files = [write(tmp_path / "in", names[0], text), write(tmp_path / "in", names[1], "colour,shape\nred,round\n")]
    build(tmp_path / "board", plan_for(look_at(files)), files, Company())
    assert load_workspace(tmp_path / "board").sources["orders"].files == pattern
    assert [path.name for path in (tmp_path / "board").glob(pattern)] == [names[0]]


def test_a_file_that_was_only_begun_is_written_as_a_new_one(tmp_path, capsys):
    text = "\n".join(
        ["order_id,customer_id,ordered_at,amount", *(f"{n},C{n % 5},2026-01-{10 + n},5" for n in range(9))]
    )
    file = write(tmp_path / "in", "orders.csv", text)
    for board in ("begun", "new"):
        if board == "begun":
            assert run(capsys, tmp_path / board)[0] == 0
        assert run(capsys, tmp_path / board, file, "--timezone", "Asia/Baku")[0] == 0
    begun, new = ((tmp_path / board / "kviboard.toml").read_text() for board in ("begun", "new"))
    assert begun == new
    remarks = [line.index("# ") for line in new.splitlines() if line.startswith(("vision", "currency", "timezone"))]
    assert len(set(remarks)) == 1 < len(remarks)  # below one another, whatever was put in


NO_EXPORTS = [
    ("empty.csv", b"", "it is empty"),
    ("head.csv", b"order_id,customer_id,ordered_at,amount\n", "it has column names, but no row"),
    ("page.csv", b"\n<!DOCTYPE html><html><body>Sign in</body></html>", "it is a web page and no export"),
    ("values.json", b"[1, 2, 3]", "it has single values, but no row"),
    ("broken.xlsx", b"PK no workbook", "readable"),
    ("photo.parquet", b"no parquet at all", "Parquet"),
    (
        "sales.csv",
        b"1,K1,2026-01-05,12.50\n2,K2,2026-01-06,7.25\n3,K1,2026-01-07,9.00\n",
        "it has no names of columns",
    ),
    ("notes.csv", b"colour,shape\nred,round\nblue,square\n", "like those of no table"),
    ("cut.json", b'[{"order_id": 1', "it is not valid JSON from line 1 on"),
    ("report.csv", b"%PDF-1.7\n1 0 obj<<>>endobj\n", "it is a PDF and no export"),
    ("names.csv", b"name\nAda\nBo\n", "it has a single column"),
]


@pytest.fixture(scope="module")
def told_of_no_exports(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, str]:
    """What `init` leaves with and says of one export among all that are none, and the settings it writes."""
    folder = tmp_path_factory.mktemp("no exports")
    for name, content, _ in NO_EXPORTS:
        (folder / name).write_bytes(content)
    good = write(folder / "in", "logins.csv", "customer_id,occurred_at\nA,2026-01-13\nB,2026-01-14\n")
    said = io.StringIO()
    with redirect_stdout(said):
        code = main(["init", str(folder / "board"), str(good), *(str(folder / name) for name, *_ in NO_EXPORTS)])
    return code, said.getvalue(), (folder / "board" / "kviboard.toml").read_text()


@pytest.mark.parametrize(("name", "content", "said"), NO_EXPORTS)
def test_files_that_are_no_exports_get_a_sentence_each(told_of_no_exports, name, content, said):
    code, out, settings = told_of_no_exports
    assert code == 0
    assert re.search(rf"{re.escape(name)}.*{said}", out), out
    (told,) = [line for line in out.splitlines() if line.startswith(name)]
    assert told.endswith(".")
    assert not told.endswith("..")
    (written,) = [line for line in settings.splitlines() if name in line]
    assert said in written


def test_only_strange_files_and_files_that_are_not_there_are_refused(tmp_path, capsys):
    strange = write(tmp_path, "notes.csv", "colour,shape\nred,round\nblue,square\n")
    code, _, err = run(capsys, tmp_path / "board", strange)
    assert code == 2
    assert "table=orders" in err
    code, _, err = run(capsys, tmp_path / "board", tmp_path / "gone.csv")
    assert code == 2
    assert "is not there" in err
    code, _, err = run(capsys, tmp_path / "board", strange, "--answer", "nonsense")
    assert code == 2
    assert "KEY=VALUE" in err


def test_a_column_can_be_corrected(tmp_path, capsys):
    file = write(
        tmp_path,
        "orders.csv",
        "order_id,customer_id,date,total,net total\n1,A,2026-01-13,12,10.5\n2,B,2026-01-14,24,20.5\n",
    )
    code, _, _ = run(capsys, tmp_path / "board", file, "--answer", "orders.csv:amount=net total")
    assert code == 0
    assert float(number(tmp_path / "board", "select sum(amount) from orders")) == 31


def test_names_of_ours_that_mean_something_else_do_not_clash(tmp_path, capsys):
    rows = [
        {"Order number": n, "order_id": f"x{n % 2}", "customer_id": f"C{n}", "date": f"2026-01-{13 + n}", "amount": 5}
        for n in range(5)
    ]
    file = tmp_path / "orders.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    code, out, err = run(capsys, tmp_path / "board", file, "--answer", "orders.jsonl:order_id=Order number")
    assert code == 0, out + err
    assert number(tmp_path / "board", "select count(*) from orders") == 5


def test_what_is_said_of_the_company_is_written_before_there_is_an_export(tmp_path, capsys):
    said = ("--name", 'Shop "A"', "--currency", "USD", "--timezone", "Europe/Paris")
    code, _, _ = run(capsys, tmp_path / "board", *said)
    company = load_workspace(tmp_path / "board").company
    assert (code, company.name, company.currency, company.timezone) == (0, 'Shop "A"', "USD", "Europe/Paris")
    code, _, err = run(capsys, tmp_path / "other", "--timezone", "Mars")
    assert code == 1
    assert "'Mars'; is not a known time zone" in err
