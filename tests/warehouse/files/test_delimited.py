"""Text files as companies export them: every record with its line, nothing guessed, nothing lost."""

import csv
import io
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kviboard.errors import ExportError
from kviboard.warehouse.files.delimited import DelimitedFile
from kviboard.warehouse.files.dialect import detect
from kviboard.warehouse.files.read_options import ReadOptions

EURO = "id;naam;bedrag\n1;Jürgen;1,50\n2;Zoë;2.000,00\n"


def read(
    path: Path, content: str | bytes, reading: ReadOptions | None = None
) -> tuple[list[dict[str, object]], DelimitedFile]:
    """Write `content` to `path`; its rows with their lines, and the file for its findings."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    file = DelimitedFile(path, reading)
    return pa.concat_tables(file.batches()).to_pylist(), file


def broken(file: DelimitedFile) -> list[tuple[int, str, str]]:
    return [(record.line, record.text, record.reason) for record in file.findings.malformed]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows, _ = read(tmp_path / "a.csv", "a,b,c\n1,2,3\n4,5,6\n".replace(",", delimiter))
    assert rows == [{"a": "1", "b": "2", "c": "3", "_line": 2}, {"a": "4", "b": "5", "c": "6", "_line": 3}]


def test_commas_in_numbers_do_not_pass_for_the_delimiter(tmp_path: Path) -> None:
    rows, _ = read(tmp_path / "a.csv", EURO)
    assert [row["bedrag"] for row in rows] == ["1,50", "2.000,00"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_umlauts_survive_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    rows, _ = read(tmp_path / "a.csv", EURO.encode(encoding))
    assert [(row["id"], row["naam"]) for row in rows] == [("1", "Jürgen"), ("2", "Zoë")]


@pytest.mark.parametrize("encoding", ["iso8859-15", "cp1252"])
def test_the_euro_sign_survives_in_old_encodings(tmp_path: Path, encoding: str) -> None:
    rows, _ = read(tmp_path / "a.csv", "id;bedrag\n1;10,00 €\n2;Zoë\n".encode(encoding))
    assert [row["bedrag"] for row in rows] == ["10,00 €", "Zoë"]


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("cp932", "注文番号,顧客,金額\n1,山田,500\n2,鈴木,300\n"),
        ("cp932", "注文番号,商品名,金額\n1,お茶｜ソ,500\n2,カップ,300\n"),
        ("cp1250", "id;produkt;wartość\n1;Żółta książka;5,00\n2;Miód;7,00\n"),
        ("cp1252", "Numéro,Café’s\n1,l’été ¿qué?\n2,5 m³ à part\n"),
    ],
)
def test_letters_of_japan_and_poland_are_told_from_those_of_western_europe(
    tmp_path: Path, encoding: str, content: str
) -> None:
    rows, _ = read(tmp_path / "a.csv", content.encode(encoding))
    header, *lines = content.splitlines()
    sign = ";" if ";" in header else ","
    assert list(rows[0])[:-1] == header.split(sign)
    assert [list(row.values())[:-1] for row in rows] == [line.split(sign) for line in lines]


def test_a_few_broken_bytes_do_not_make_a_utf8_file_a_windows_file(tmp_path: Path) -> None:
    good = "".join(f"{n};Jürgen\n" for n in range(20)).encode()
    rows, file = read(tmp_path / "a.csv", b"id;naam\n" + good + b"99;K\xf6ln\n")
    assert rows[0]["naam"] == "Jürgen"
    assert rows[-1]["naam"] == "K\ufffdln"
    assert [str(said) for said in file.findings.decisions] == [
        ": 1 character is not UTF-8 and read as \ufffd; line 22 has the first. Export it as UTF-8 where names or "
        "comments must be right."
    ]


def test_letters_of_two_encodings_in_one_file_are_said(tmp_path: Path) -> None:
    lines = [f"{n};Jürgen\n".encode("utf-8" if n == 3 else "latin-1") for n in range(5)]
    rows, file = read(tmp_path / "a.csv", b"id;naam\n" + b"".join(lines))
    assert [row["naam"] for row in rows] == ["Jürgen"] * 3 + ["JÃ¼rgen", "Jürgen"]
    (said,) = file.findings.decisions
    assert said.what.endswith("UTF-8 in a file that is not, and read as two others, as Ã¼ for ü; line 5 has the first.")
    assert said.level == "warning"
    _, plain = read(tmp_path / "b.csv", "id;naam\n1;CAFÉ»\n2;Ärzte\n".encode("cp1252"))
    assert plain.findings.decisions == []


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "номер;клиент\n1;Иванов\n2;Петров\n"), ("cp949", "주문번호;고객번호\n1;김철수\n2;이영희\n"),
        ("gb18030", "订单编号;客户名称\n1;张伟\n2;李娜\n"), ("cp1253", "παραγγελία;πελάτης\n1;Γιώργος\n"),
    ],
)  # fmt: skip
def test_letters_of_an_unknown_encoding_are_warned_of(tmp_path: Path, encoding: str, text: str) -> None:
    _, file = read(tmp_path / "a.csv", text.encode(encoding))
    (said,) = file.findings.decisions
    assert "words are in an encoding that is not known, and read as" in said.what
    assert said.what.endswith("line 1 has the first.")
    assert said.level == "warning"


def test_line_breaks_and_quotes_inside_values_keep_the_line_numbers_right(tmp_path: Path) -> None:
    rows, _ = read(tmp_path / "a.csv", 'id,said\r\n1,"two\r\nlines"\r\n\r\n2,"a ""quote"""\r\n3,x\r\n')
    assert [(row["id"], row["said"], row["_line"]) for row in rows] == [
        ("1", "two\r\nlines", 2),
        ("2", 'a "quote"', 5),
        ("3", "x", 6),
    ]


def test_a_file_of_nothing_but_text_keeps_its_header(tmp_path: Path) -> None:
    rows, _ = read(tmp_path / "a.csv", "name,team\nSprint 1,Blue\n")
    assert rows == [{"name": "Sprint 1", "team": "Blue", "_line": 2}]


def test_a_single_column_needs_no_delimiter(tmp_path: Path) -> None:
    rows, _ = read(tmp_path / "a.csv", "customer_id\n007\n008\n")
    assert [row["customer_id"] for row in rows] == ["007", "008"]


def test_too_many_and_too_few_columns_are_named_with_line_and_text(tmp_path: Path) -> None:
    rows, file = read(tmp_path / "a.csv", 'a,b\n1,2\n3\n4,5,6\n7,"8\n9",10\n11,12\n')
    assert [row["a"] for row in rows] == ["1", "11"]
    assert broken(file) == [
        (3, "3", "has 1 column where the header has 2"),
        (4, "4,5,6", "has 3 columns where the header has 2"),
        (5, '7,"8\n9",10', "has 3 columns where the header has 2"),
    ]


def test_blank_lines_are_no_rows_and_a_last_delimiter_says_nothing(tmp_path: Path) -> None:
    rows, file = read(tmp_path / "a.csv", "a;b;\n1;2;\n\n;;\n  \n3;4\n")
    assert [(row["a"], row["_line"]) for row in rows] == [("1", 2), ("3", 6)]
    assert broken(file) == []


def test_a_stray_quote_costs_its_own_line_only(tmp_path: Path) -> None:
    rows, file = read(tmp_path / "a.csv", 'a,b\n1,x\n"2,y\n"3",z\n4,u\n"5"5,v\n6,w\n')
    assert [(row["a"], row["_line"]) for row in rows] == [("1", 2), ("3", 4), ("4", 5), ("6", 7)]
    reason = "a quote inside a quoted value is not doubled"
    assert broken(file) == [(3, '"2,y', reason), (6, '"5"5,v', reason)]


def test_a_value_without_measure_costs_its_own_line_only(tmp_path: Path) -> None:
    long, lines = "x" * 1_100_000, "5,z\n" * 300_000
    rows, file = read(tmp_path / "a.csv", f'a,b\n1,{long}\n2,"{long}"\n3,"y\n{lines}')
    assert [(row["a"], row["_line"]) for row in rows] == [("5", line) for line in range(5, 300_005)]
    assert [(line, reason) for line, _, reason in broken(file)] == [
        (2, "has a value of more than 1 MB"),
        (3, "has a value of more than 1 MB"),
        (4, "opens a quote that is not closed within 1 MB"),
    ]


def test_a_quote_that_is_never_closed_stops_the_file_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="line 3: a quote opens here and is never closed"):
        read(tmp_path / "a.csv", 'a,b\n1,x\n2,"y\n3,z\n')


def test_quotes_escaped_with_a_backslash_are_understood(tmp_path: Path) -> None:
    rows, file = read(tmp_path / "a.csv", 'a,b\n1,"he said \\"so, then\\""\n2,"x"\n')
    assert [row["b"] for row in rows] == ['he said "so, then"', "x"]
    assert broken(file) == []


def test_a_tab_separated_file_may_use_quotes_as_inches(tmp_path: Path) -> None:
    rows, file = read(tmp_path / "a.tsv", 'a\tb\n1\t"3 inch\n2\t5" pipe\n3\t"4 inch\n')
    assert [row["b"] for row in rows] == ['"3 inch', '5" pipe', '"4 inch']
    assert broken(file) == []


def test_excel_may_name_its_delimiter_in_the_first_line(tmp_path: Path) -> None:
    rows, _ = read(tmp_path / "a.csv", "sep=;\na;b\n1,0;2\n")
    assert rows == [{"a": "1,0", "b": "2", "_line": 3}]


def test_a_blank_name_is_numbered_and_a_repeated_one_counted(tmp_path: Path) -> None:
    rows, file = read(tmp_path / "a.csv", "id,,Labels,labels,Labels_2\n1,2,3,4,5\n")
    assert rows == [{"id": "1", "column_2": "2", "Labels": "3", "labels_3": "4", "Labels_2": "5", "_line": 2}]
    assert file.findings.repeated == ("Labels",)


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", ",,\n"])
def test_a_file_with_nothing_in_it_has_no_rows(tmp_path: Path, content: str) -> None:
    assert read(tmp_path / "a.csv", content)[0] == []


def test_names_are_trimmed_and_packed_files_read(tmp_path: Path) -> None:
    import gzip

    rows, _ = read(tmp_path / "a.csv.gz", gzip.compress(b" a , b \n1,2\n"))
    assert rows == [{"a": "1", "b": "2", "_line": 2}]


def test_more_rows_than_one_batch_keep_their_lines(tmp_path: Path) -> None:
    text = "a,b\n" + "".join(f'{n},"x\ny"\n' if n % 1000 == 0 else f"{n},z\n" for n in range(45_000))
    rows, _ = read(tmp_path / "a.csv", text)
    lines = text.split("\n")
    assert len(rows) == 45_000
    for row in rows[::997]:
        assert lines[row["_line"] - 1].startswith(f"{row['a']},")  # type: ignore[operator]


cell = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(cell, cell, cell), max_size=12),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
@example([("\r", "\n", "\r\n"), ("a\r\r\nb", '"', '""')], ",", "utf-8", "\r\n", csv.QUOTE_ALL)
def test_every_value_comes_back_from_the_line_it_stands_on(
    tmp_path: Path, rows: list[tuple[str, str, str]], delimiter: str, encoding: str, line_end: str, quoting: int
) -> None:
    if quoting == csv.QUOTE_MINIMAL:  # Python's writer leaves a lone carriage return unquoted, which no reader can know
        rows = [(one.replace("\r", ""), two.replace("\r", ""), three.replace("\r", "")) for one, two, three in rows]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerow(["one", "two", "three"])
    starts = []
    for row in rows:
        before = text.getvalue()
        starts.append(1 + before.count("\n") + before.count("\r") - before.count("\r\n"))
        writer.writerow(row)
    found, file = read(tmp_path / "a.csv", text.getvalue().encode(encoding))
    aside = {record.line for record in file.findings.malformed}  # texts above numbers pass for a second header line
    expected = [
        {**{name: value or None for name, value in zip(("one", "two", "three"), row, strict=True)}, "_line": line}
        for row, line in zip(rows, starts, strict=True)
        if any(row) and line not in aside
    ]
    assert found == expected
    assert [record for record in file.findings.malformed if not record.is_set_aside] == []


def test_detecting_reads_only_the_beginning_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;b\n" + "1;2\n" * 100_000)
    assert detect(path).delimiter == ";"
