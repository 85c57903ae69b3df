"""The column names of an export need not stand in its first line, nor alone."""

import json
from pathlib import Path

import pytest

from kviboard.errors import ExportError
from kviboard.warehouse.files.header import kind_of
from kviboard.warehouse.files.read_options import ReadOptions
from kviboard.workspace.settings import Source
from tests.warehouse.files.test_delimited import broken, read

ROWS = "O1;C1;2026-01-05;10,50\nO2;C2;2026-01-06;3,00\nO3;C1;2026-01-07;1,00\nO4;C9;2026-01-08;2,25\n"
NAMES = "order_id;customer_id;ordered_at;amount\n"


def orders(**settings: object) -> ReadOptions:
    return ReadOptions.of("orders", Source(files="exports/orders.csv", **settings))


def ids(path: Path, text: str, reading: ReadOptions) -> list[object]:
    rows, _ = read(path, text, reading)
    return [row.get("order_id") or row.get("Bestellung") for row in rows]


@pytest.mark.parametrize(
    "above",
    [
        "# -----\n# Orders by day\n# Account: Shop\n\n",
        "Orders report\n",
        "Orders, by day, in January, of the shop\n",
        "Account:;Shop\nFrom;2026-01-01\n\n",
        "Report;;;\nPrinted;2026-02-01;;\n",
        "\n\n",
        "Orders; by day; all; users\n",
    ],
)
def test_lines_above_the_column_names_are_no_rows_and_are_said(tmp_path: Path, above: str) -> None:
    rows, file = read(tmp_path / "a.csv", above + NAMES + ROWS, orders())
    assert [(row["order_id"], row["amount"]) for row in rows] == [
        ("O1", "10,50"),
        ("O2", "3,00"),
        ("O3", "1,00"),
        ("O4", "2,25"),
    ]
    line = above.count("\n") + 1
    assert rows[0]["_line"] == line + 1
    said = [decision.what for decision in file.findings.decisions]
    assert len(said) == bool(above.strip())
    assert all(f"the column names are in line {line};" in what for what in said)


def test_rows_above_the_column_names_that_are_looked_for_are_a_warning(tmp_path: Path) -> None:
    other = "Bestellung;Kunde;Datum;Summe\nO7;C7;2026-01-01;9,50\nO8;C8;2026-01-02;8,00\n"
    rows, file = read(tmp_path / "a.csv", other + NAMES + ROWS, orders())
    assert len(rows) == 4
    (said,) = file.findings.decisions
    assert said.should_be_confirmed
    assert said.what == "the column names are in line 4; the 3 lines above are no rows. 2 of them look like rows."
    assert said.example == 'line 2 "O7 C7 2026-01-01 9,50"'


@pytest.mark.parametrize("above", ["From;2026-01-01;To;2026-01-31\n", "Total;;;16,75\n", "4;orders;16,75;EUR\n"])
def test_what_reports_say_above_the_column_names_is_no_lost_row(tmp_path: Path, above: str) -> None:
    _, file = read(tmp_path / "a.csv", above + NAMES + ROWS, orders())
    assert [said.level for said in file.findings.decisions] == ["note"]


def test_names_of_its_own_are_found_by_the_shape_of_the_table(tmp_path: Path) -> None:
    above = "Auswertung\nZeitraum;2026-01\n\n"
    names = "Bestellung;Kunde;Datum;Summe\n"
    assert ids(tmp_path / "a.csv", above + names + ROWS, orders()) == ["O1", "O2", "O3", "O4"]
    assert ids(tmp_path / "a.csv", names + ROWS, orders()) == ["O1", "O2", "O3", "O4"]


@pytest.mark.parametrize(
    ("above", "names"),
    [
        ("Beleg;;Betrag;\n", "Bestellung;Kunde;Datum;Summe\n"),  # merged, as a spreadsheet saves it
        ("Beleg;Beleg;Betrag;Betrag\n", "Bestellung;Kunde;Datum;Summe\n"),
        ("Liste\nBeleg;Kunde;;Summe\n", "Bestellung;Nr.;Datum;Summe\n"),
        ("Liste\nStand: 1.2.\nBeleg;;;Status\n", "Bestellung;Kunde;Datum;\n"),  # one name is a line higher
    ],
)
def test_of_two_header_lines_that_with_the_most_names_counts(tmp_path: Path, above: str, names: str) -> None:
    assert ids(tmp_path / "a.csv", above + names + ROWS, orders()) == ["O1", "O2", "O3", "O4"]


def test_a_line_of_the_settings_holds_the_names(tmp_path: Path) -> None:
    text = "a;b;c;d\n" + NAMES + ROWS
    assert ids(tmp_path / "a.csv", text, orders(header_line=2)) == ["O1", "O2", "O3", "O4"]
    with pytest.raises(ExportError, match="line 20: holds no column names"):
        read(tmp_path / "a.csv", text, orders(header_line=20))


def test_a_second_header_line_is_set_aside(tmp_path: Path) -> None:
    answers = "".join(f"{n},2026-01-{n:02},c{n}@example.com,{n % 11},Promoter,fine\n" for n in range(1, 9))
    text = "Respondent ID,End Date,Email,How likely is it?,,Why?\n,,,,Score band,Open-Ended Response\n" + answers
    rows, file = read(tmp_path / "a.csv", text, orders())
    assert [row["Respondent ID"] for row in rows] == [str(n) for n in range(1, 9)]
    assert rows[0]["column_5"] == "Promoter"
    assert [(r.line, r.reason, r.is_set_aside) for r in file.findings.malformed] == [
        (2, "is a second header line", True)
    ]


def test_header_lines_of_a_survey_tool_may_span_lines(tmp_path: Path) -> None:
    text = (
        "EndDate,ResponseId,Q1,Q2\n"
        'End Date,Response ID,"On a scale from 0 to 10,\nhow likely is it?",Why?\n'
        '"{""ImportId"":""endDate""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\n'
        "2026-01-05,R_1,9,fine\n"
    )
    rows, file = read(tmp_path / "a.csv", text, orders())
    assert [(row["Q1"], row["_line"]) for row in rows] == [("9", 5)]
    assert [record.line for record in file.findings.malformed] == [2, 4]


@pytest.mark.parametrize(
    "first",
    [
        "C0,Anna,unknown\n",  # an optional date that is not known
        "C0,,\n",
        "C0,Anna,soon\n",
    ],
)
def test_a_first_row_with_a_gap_is_a_row(tmp_path: Path, first: str) -> None:
    body = "".join(f"C{n},Name {n},2026-01-0{n}\n" for n in range(1, 9))
    rows, file = read(tmp_path / "a.csv", "customer_id,name,signed_up_on\n" + first + body, orders())
    assert len(rows) == 9
    assert file.findings.malformed == []


def test_the_first_column_of_a_table_of_r_has_no_name(tmp_path: Path) -> None:
    body = "".join(f'"{n}" "O{n}" "C1" "2026-01-0{n} 10:00:00" {n}.5\n' for n in range(1, 6))
    rows, _ = read(tmp_path / "a.txt", '"order_id" "customer_id" "ordered_at" "amount"\n' + body, orders())
    assert rows[0] == {
        "column_1": "1",
        "order_id": "O1",
        "customer_id": "C1",
        "ordered_at": "2026-01-01 10:00:00",
        "amount": "1.5",
        "_line": 2,
    }
    commas, _ = read(tmp_path / "b.csv", ",order_id,amount\n0,O1,1.5\n1,O2,2.5\n", orders())
    assert [row["order_id"] for row in commas] == ["O1", "O2"]


@pytest.mark.parametrize("delimiter", ["^", "~", "\x01", "  ", "     ", " ", "||"])
def test_rarer_delimiters_are_found(tmp_path: Path, delimiter: str) -> None:
    text = (NAMES + ROWS).replace(";", delimiter)
    rows, _ = read(tmp_path / "a.txt", text, orders())
    assert [(row["order_id"], row["ordered_at"], row["amount"]) for row in rows][:2] == [
        ("O1", "2026-01-05", "10,50"),
        ("O2", "2026-01-06", "3,00"),
    ]


def test_columns_that_are_aligned_with_blanks_may_hold_blanks(tmp_path: Path) -> None:
    text = (
        "order_id   customer_id   ordered_at            amount\n"
        "O1         C 1           2026-01-05 10:00:00    10.50\n"
        "O2         C 22          2026-01-06 11:00:00   103.00\n"
    )
    rows, _ = read(tmp_path / "a.txt", text, orders())
    assert [(row["customer_id"], row["ordered_at"], row["amount"]) for row in rows] == [
        ("C 1", "2026-01-05 10:00:00", "10.50"),
        ("C 22", "2026-01-06 11:00:00", "103.00"),
    ]


def test_one_column_of_texts_is_not_cut_at_its_blanks(tmp_path: Path) -> None:
    rows, _ = read(tmp_path / "a.csv", "Customer ID\nAnna Lee\nJohn Smith\n", orders())
    assert [row["Customer ID"] for row in rows] == ["Anna Lee", "John Smith"]


def test_columns_of_the_settings_name_a_file_without_names(tmp_path: Path) -> None:
    reading = orders(columns=["order_id", "customer_id", "ordered_at", "amount"])
    assert ids(tmp_path / "a.csv", ROWS, reading) == ["O1", "O2", "O3", "O4"]
    assert ids(tmp_path / "a.csv", NAMES + ROWS, reading) == ["O1", "O2", "O3", "O4"]
    with pytest.raises(ExportError, match=r"has 4 columns in line 1, and .* names 2"):
        read(tmp_path / "a.csv", ROWS, orders(columns=["order_id", "amount"]))


def test_a_row_may_end_before_columns_that_nobody_needs(tmp_path: Path) -> None:
    head = "order_id,customer_id,ordered_at,amount,product,note\n"
    text = head + "O1,C1,2026-01-05,10,Tea,x\nO2,C2,2026-01-06,3\nO3,C3,2026-01-06\n"
    rows, file = read(tmp_path / "a.csv", text, orders())
    assert [(row["order_id"], row["product"]) for row in rows] == [("O1", "Tea"), ("O2", None)]
    assert broken(file) == [(4, "O3,C3,2026-01-06", "has 3 columns where the header has 6")]
    assert [decision.what for decision in file.findings.decisions] == [
        "1 row ends before product and note, which are empty there."
    ]


def test_the_rest_of_a_cut_file_is_not_taken_for_a_short_row(tmp_path: Path) -> None:
    text = "order_id,customer_id,ordered_at,amount,product\nO1,C1,2026-01-05,10,Tea\nO2,C2,2026-01-06,103"
    rows, file = read(tmp_path / "a.csv", text, orders())
    assert [row["order_id"] for row in rows] == ["O1"]
    assert broken(file) == [(3, "O2,C2,2026-01-06,103", "ends within a row; the file may be cut off")]


def test_invisible_characters_are_no_part_of_a_name(tmp_path: Path) -> None:
    rows, _ = read(tmp_path / "a.csv", "\u200border_id\u00a0,cust\u00adomer_id , \ufeffamount\nO1,C1,5\n", orders())
    assert rows == [{"order_id": "O1", "customer_id": "C1", "amount": "5", "_line": 2}]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("2026-01-05", "date"),
        ("5 Jan 2026 10:00", "date"),
        ("January 5, 2026", "date"),
        ("1.234,50 €", "number"),
        ("EUR 5", "number"),
        ("-5", "number"),
        ("2\u00a0354,08", "number"),
        ("\u2212943,84", "number"),
        ("R$ 10,00", "number"),
        ("12,50 zł", "number"),
        ("1,200円", "number"),
        ("2026年1月5日", "date"),
        ("5 de março de 2026 14:33 hs.", "date"),
        ("5. 1. 2026", "date"),
        ("Mon, 05 Jan 2026 10:00:00 +0000", "date"),
        ("January 5th, 2026", "date"),
        ("令和8年1月5日", "date"),
        ("10.1.2.3", "code"),
        ("1.234.567.890", "number"),
        ("C12", "code"),
        ("anna@example.com", "code"),
        ("Order ID", "text"),
        ("n/a", ""),
        ("", ""),
    ],
)
def test_cells_are_told_apart_by_what_they_hold(cell: str, kind: str) -> None:
    assert kind_of(cell) == kind


def test_a_delimiter_too_many_in_each_row_is_no_column_of_numbers(tmp_path: Path) -> None:
    text = "order_id,customer_id,amount\n" + "".join(f"{n},c{n},{n}0,\n" for n in (1, 2, 3))
    assert ids(tmp_path / "orders.csv", text, orders()) == ["1", "2", "3"]


def test_a_row_with_a_number_is_no_header_line_where_others_have_anything_there(tmp_path: Path) -> None:
    rows = "NA;Zoe;20260107;1,000\n;1;a;\n7;c1;2026-01-05;\nNA;c2;2026-01-06;1\n;c9;;4\n1;c2;NA;free\n"
    found, _ = read(tmp_path / "a.csv", NAMES + rows, orders())
    assert len(found) == 6


def test_a_row_with_a_number_in_any_typed_column_is_no_header_line(tmp_path: Path) -> None:
    first = "Gift;Mrs Jones;20260104;\n"  # words and a date unlike those below it
    assert ids(tmp_path / "a.csv", NAMES + first + ROWS, orders()) == ["Gift", "O1", "O2", "O3", "O4"]
    assert ids(tmp_path / "b.csv", NAMES + "Order;Customer;Day;EUR\n" + ROWS, orders()) == ["O1", "O2", "O3", "O4"]


COMMAS = "order_id,customer_id,ordered_at,amount\n" + "".join(f"O{n},c{n},2026-01-0{n + 1},1{n},50\n" for n in range(4))


def test_a_decimal_comma_between_cells_is_one_cell_where_the_settings_say_so(tmp_path: Path) -> None:
    rows, file = read(tmp_path / "a.csv", COMMAS + "O9,c9,2026-01-09,7\n", orders(decimal=","))
    assert [row["amount"] for row in rows] == ["10,50", "11,50", "12,50", "13,50", "7"]
    assert file.findings.malformed == []


def test_a_comma_too_many_in_every_row_is_refused_with_both_readings(tmp_path: Path) -> None:
    with pytest.raises(ExportError) as caught:
        read(tmp_path / "a.csv", COMMAS, orders())
    assert str(caught.value) == (
        "most rows have 5 cells, and line 1 names 4 columns. Either amount has a decimal comma that divides it "
        '("10,50"), or a column has no name. For the first, set [sources.orders] decimal = ","; for the second, '
        'columns = ["order_id", "customer_id", "ordered_at", "amount", "further"] and header_line = 1'
    )
    names = ["order_id", "customer_id", "ordered_at", "amount", "further"]
    rows, _ = read(tmp_path / "a.csv", COMMAS, orders(columns=names, header_line=1))
    assert [row["further"] for row in rows] == ["50"] * 4


def test_ids_that_count_do_not_pass_for_row_numbers_beside_a_decimal_comma(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="amount has a decimal comma"):
        read(tmp_path / "a.csv", COMMAS.replace("\nO", "\n"), orders())


@pytest.mark.parametrize(
    "rows", ["O1,c1,2026-01-01,12.50,x\n", "O1,c1,2026-01-01,1,234.50\n", "O1,c1,2026-01-01,12,500\n"]
)
def test_other_cells_too_many_are_no_decimal_comma(tmp_path: Path, rows: str) -> None:
    _, file = read(tmp_path / "a.csv", COMMAS.splitlines()[0] + "\n" + rows, orders())
    assert [record.reason for record in file.findings.malformed] == ["has 5 columns where the header has 4"]


def test_blanks_between_cells_and_in_values_are_refused_with_the_line_that_shows_it(tmp_path: Path) -> None:
    text = "order_id customer_id ordered_at amount product\nO1 c1 2026-01-05 10 Hat\nO2 c2 2026-01-06 20 Blue Shirt\n"
    with pytest.raises(ExportError) as caught:
        read(tmp_path / "a.txt", text, orders())
    assert str(caught.value) == (
        "its cells are set apart by blanks, which stand within values as well, or line 3 has a cell too many: it has "
        "6 words, line 1 has 5; export it with another sign between cells, such as a semicolon, or with quotes around "
        "texts"
    )
    assert ids(tmp_path / "a.txt", text.replace("Blue Shirt", '"Blue Shirt"'), orders()) == ["O1", "O2"]


def test_blanks_between_cells_and_in_names_are_refused_with_the_columns_to_set(tmp_path: Path) -> None:
    text = "Order ID Customer ID Ordered at Amount\nO1 c1 2026-01-05 10\nO2 c2 2026-01-06 20\n"
    names = '["Order ID", "Customer ID", "Ordered at", "Amount"]'
    with pytest.raises(ExportError) as caught:
        read(tmp_path / "a.txt", text, orders())
    assert f"line 1 has 7 words, every other line 4; name the columns: [sources.orders] columns = {names} and " in str(
        caught.value
    )
    rows, _ = read(tmp_path / "a.txt", text, orders(columns=json.loads(names), header_line=1))
    assert [row["Order ID"] for row in rows] == ["O1", "O2"]
