"""States that are numbers: known ones of survey tools are followed, of others is said that all rows count."""

from pathlib import Path

import pytest

from tests.warehouse.company import company, query
from tests.warehouse.staged import published, refreshed

ANSWERS = "response_id,customer_id,responded_at,score,"
ORDERS = "order_id,customer_id,ordered_at,amount,"


def rows(codes: list[str], last: str = "10") -> str:
    return "".join(f"r{n},c{n},2026-01-{n + 1:02},{last},{code}\n" for n, code in enumerate(codes))


@pytest.mark.parametrize(
    ("table", "head", "column", "words"),
    [
        ("responses", ANSWERS, "status", "unfinished answers and tests among them"),
        ("responses", ANSWERS, "disposition", "unfinished answers and tests among them"),
        ("responses", ANSWERS, "lastpage", "unfinished answers and tests among them"),
        ("orders", ORDERS, "Order Status ID", "orders called off among them"),
    ],
)
def test_codes_that_nothing_explains_are_said_to_count(
    tmp_path: Path, table: str, head: str, column: str, words: str
) -> None:
    workspace = company(tmp_path, **{f"{table}_csv": f"{head}{column}\n" + rows(["1", "3", "1", "1"])})
    (said,) = refreshed(workspace).decisions
    assert f"{column.lower()} holds the codes 1 (3 rows) and 3 (1 row), of which nothing tells the meaning" in said.what
    assert words in said.what
    assert f'"3" in exports/{table}.csv, line 3' in said.example
    assert said.should_be_confirmed
    aside, _, all_count = said.setting.partition(f"{table}.sql: ")[2].partition("; where all count: ")
    for sql, kept in ((aside, 3), (all_count.replace("from the same.", f"from source.{table}"), 4)):
        query(tmp_path, f"staging/{table}.sql", sql)
        assert not [each for each in refreshed(workspace).decisions if each.level == "warning"]
        assert published(workspace, f"select count(*) from {table}") == [(kept,)]


@pytest.mark.parametrize(
    ("column", "codes"),
    [("status", ["1", "1"]), ("status", ["paid", "1"]), ("status", [str(n) for n in range(20)]), ("stage", ["1", "2"])],
)
def test_one_code_words_and_numbers_of_anything_are_no_doubt(tmp_path: Path, column: str, codes: list[str]) -> None:
    assert not refreshed(company(tmp_path, orders_csv=f"{ORDERS}{column}\n" + rows(codes))).decisions


def test_the_codes_of_a_known_survey_tool_are_followed(tmp_path: Path) -> None:
    """Sums of 1 (preview), 2 (test), 4 (imported), 8 (spam), 16 (offline)."""
    text = f"{ANSWERS}Progress,Finished,Status\n" + "".join(
        f"r{status},c{status},2026-01-{status + 1:02},10,100,{finished},{status}\n"
        for status, finished in ((0, 1), (1, 1), (2, 1), (4, 1), (8, 1), (12, 1), (16, 1), (17, 1), (24, 1))
    )
    workspace = company(tmp_path, responses_csv=text)
    said = refreshed(workspace).decisions
    assert published(workspace, "select response_id from responses order by all") == [("r0",), ("r16",), ("r4",)]
    assert {(each.what.partition(":")[0], each.what.partition("answer is ")[2]) for each in said} == {
        ("3 lines are set aside", "a preview or a test."),
        ("3 lines are set aside", "marked as spam, deleted or invalid."),
    }


@pytest.mark.parametrize("sent_as", ["submitdate", "responded_at"])
def test_an_answer_that_was_not_sent_to_its_end_is_none(tmp_path: Path, sent_as: str) -> None:
    rename = f'rename = {{ "{"startdate" if sent_as == "submitdate" else "submitdate"}" = "responded_at" }}\n'
    toml = f'[sources.responses]\nfiles = "exports/*"\n{rename}'
    text = "response_id,customer_id,startdate,submitdate,lastpage,score\n"
    text += "1,c1,2026-01-05 10:00,2026-01-05 10:05,4,10\n2,c2,2026-01-05 11:00,,2,0\n"
    workspace = company(tmp_path, toml, responses_csv=text)
    (said,) = refreshed(workspace).decisions
    assert said.what == "1 line is set aside: the answer is not finished."
    assert published(workspace, "select response_id from responses") == [("1",)]


def test_codes_with_a_step_behind_the_point_are_said_to_count(tmp_path: Path) -> None:
    """As plentymarkets writes the states of orders, 8 and 8.1 for what was called off."""
    text = f"{ORDERS}OrderStatus\n" + rows(["7", "7", "8.1", "7", "8"])
    (said,) = refreshed(company(tmp_path, orders_csv=text)).decisions
    assert "orderstatus holds the codes 7 (3 rows), 8 (1 row) and 8.1 (1 row), of which nothing tells" in said.what
