"""Ids that only look like one, or of which digits are lost, are warned of and never joined in silence."""

from pathlib import Path

import pytest

from kviboard.warehouse.manifest import ExportDecision
from tests.warehouse.company import company, query
from tests.warehouse.staged import published, refreshed

TOML = '[sources.orders]\nfiles = "exports/orders.csv"\n[sources.responses]\nfiles = "exports/responses.csv"\n'


def said(folder: Path, orders: list[str], answers: list[str], toml: str = "", **files: str) -> list[ExportDecision]:
    text = "order_id,customer_id,ordered_at,amount\n"
    text += "".join(f'O{n},"{one}",2026-01-05,10\n' for n, one in enumerate(orders))
    told = "response_id,customer_id,responded_at,score\n"
    told += "".join(f'R{n},"{one}",2026-01-01,9\n' for n, one in enumerate(answers))
    workspace = company(folder, toml + TOML, orders_csv=text, responses_csv=told, **files)
    return list(refreshed(workspace).decisions)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("00123", "123"), ("c-7", "C-7"), ("123.0", "123"), ("C 12", "C12"), ("#12", "12"), ("1,234", "1234"),
        ("CUST-0012", "CUST-12"), ("ÉA", "éa"), ("000", "0"),
        ("\u0430b1", "ab1"), ("\u0421-1", "C-1"), ("\uff23\uff11", "C1"), ("\u039f7", "o7"),
    ],
)  # fmt: skip
def test_ids_that_look_alike_are_warned_of(tmp_path: Path, one: str, other: str) -> None:
    (warning,) = said(tmp_path, [one, "x1", one], [other, "y1"])
    first, second = sorted([one, other])
    of = {one: "orders", other: "responses"}
    assert str(warning) == (
        "The ids of customers: 2 customer ids are 1 id but for leading zeros, capitals, blanks, .0 or letters that "
        f'look the same; each counts as a customer of its own. For example, "{first}" in {of[first]} and "{second}" in '
        f"{of[second]}. Where they are one, name them in [customers] aliases, or write them alike in queries/staging."
    )
    assert warning.should_be_confirmed


@pytest.mark.parametrize(
    ("one", "other"), [("123", "1230"), ("1-12", "11-2"), ("1.5", "15"), ("a1", "b1"), ("10", "1"), ("é1", "e1")]
)
def test_ids_that_differ_are_not(tmp_path: Path, one: str, other: str) -> None:
    assert said(tmp_path, [one], [other]) == []


def test_aliases_settle_it(tmp_path: Path) -> None:
    toml = '[customers]\naliases = "exports/aliases.csv"\n'
    found = said(tmp_path, ["00123"], ["123"], toml, aliases_csv="customer_id,known_as\n123,00123\n")
    assert [each.what for each in found] == ["1 id is read as the id of another customer."]


def test_an_id_that_is_an_alias_but_for_capitals_is_warned_of(tmp_path: Path) -> None:
    toml = '[customers]\naliases = "exports/aliases.csv"\n'
    found = said(tmp_path, ["7"], ["A@x.example"], toml, aliases_csv="customer_id,known_as\n7,a@x.example\n")
    (warning,) = (each for each in found if each.level == "warning")
    assert warning.what.startswith("1 customer has an id like one that another is known as")
    assert warning.example == '"A@x.example" and "a@x.example"'


@pytest.mark.parametrize("value", ["1.23E+11", "1,23E+11", "4E+15", "1.23457e+12", "1.2E11"])
def test_ids_that_a_spreadsheet_shortened_are_warned_of(tmp_path: Path, value: str) -> None:
    (warning,) = said(tmp_path, [value, value, "7"], ["8"])
    assert warning.what == (
        "2 rows have a customer_id as spreadsheets shorten long numbers: digits are lost, so 1 id may stand for more."
    )
    assert (warning.example, warning.level) == (f'"{value}"', "warning")


@pytest.mark.parametrize("value", ["c\u200b1", "\ufeffc1", "c1\u00ad", "caf\u0065\u0301"])
def test_what_nobody_sees_in_an_id_is_said(tmp_path: Path, value: str) -> None:
    found = said(tmp_path, [value, "z"], ["z"])
    assert found[0].what.startswith(
        "1 value of customer_id holds characters that nobody sees, or letters made of several"
    )
    assert found[0].example == f'"{value}" in exports/orders.csv, line 2'


def test_letters_with_accents_alone_need_no_word(tmp_path: Path) -> None:
    assert said(tmp_path, ["café", "größe"], ["café"]) == []


def test_one_id_in_two_unicode_forms_is_one_customer(tmp_path: Path) -> None:
    said(tmp_path, ["caf\u00e9"], ["cafe\u0301"])
    workspace = company(tmp_path, TOML)
    assert published(workspace, "select count(*) from customers") == [(1,)]


def test_orders_that_count_twice_for_their_zeros_are_warned_of(tmp_path: Path) -> None:
    head = "order_id,customer_id,ordered_at,amount\n"
    files = {"orders_1__csv": head + "0017,c,2026-01-05,10\n8,c,2026-01-05,1\n",
             "orders_2__csv": head + "17,c,2026-01-05,10\n8.0,c,2026-01-05,1\n0,c,2026-01-05,1\n"}  # fmt: skip
    (said,) = refreshed(company(tmp_path, '[sources.orders]\nfiles = "exports/orders*.csv"\n', **files)).decisions
    assert said.what == (
        "2 order_ids are there a second time but for zeros before or .0 behind the number, capitals, # or "
        "commas; each counts as one of its own."
    )
    assert said.example == '"0017" and "17"'


@pytest.mark.parametrize("other", ["#1017", '"1,017"', "1017.0", "01017", '"""1017"""'])
def test_an_order_that_is_there_under_two_spellings_is_warned_of(tmp_path: Path, other: str) -> None:
    head = "order_id,customer_id,ordered_at,amount\n"
    files = {"orders_1__csv": head + "1017,c,2026-01-05,10\n", "orders_2__csv": head + f"{other},c,2026-01-05,10\n"}
    (said,) = refreshed(company(tmp_path, '[sources.orders]\nfiles = "exports/orders*.csv"\n', **files)).decisions
    assert said.what.startswith("1 order_id is there a second time but for")


def test_ids_made_by_chance_are_not_alike_for_their_capitals(tmp_path: Path) -> None:
    head = "order_id,customer_id,ordered_at,amount\n"
    text = head + "abCdefghijklmn,c,2026-01-05,10\nabcdefghijklmn,c,2026-01-05,10\n"
    assert refreshed(company(tmp_path, orders_csv=text)).decisions == ()


def test_a_sprint_whose_first_day_was_moved_is_warned_of(tmp_path: Path) -> None:
    sprints = "name,team,starts_on,ends_on\nS1,A,2026-01-01,2026-01-14\nS1,B,2026-01-02,2026-01-14\n"
    sprints += "S2,A,2026-01-15,2026-01-28\nS2,A,2026-01-16,2026-01-28\n"
    orders = "order_id,customer_id,ordered_at,amount\n1,c,2026-01-05,10\n"
    (said,) = refreshed(company(tmp_path, orders_csv=orders, sprints_csv=sprints)).decisions
    assert said.what == "1 sprint is there twice, with days that overlap; both count."
    assert said.example == '"S2" from 2026-01-15 and from 2026-01-16'


def test_sprints_that_share_days_are_warned_of_and_those_that_touch_are_not(tmp_path: Path) -> None:
    sprints = "name,starts_on,ends_on\nS1,2026-01-01,2026-01-14\nS2,2026-01-14,2026-01-28\nS3,2026-01-27,2026-02-10\n"
    orders = "order_id,customer_id,ordered_at,amount\n1,c,2026-01-05,10\n"
    (said,) = refreshed(company(tmp_path, orders_csv=orders, sprints_csv=sprints)).decisions
    assert said.what == "1 sprint shares more than a day with the next one; these days count in the later one only."
    assert said.example == '"S2" to 2026-01-28 and "S3" from 2026-01-27'
    assert said.setting == "Where they are of two teams, export a column team."


def test_of_a_team_whose_sprints_share_days_the_team_is_not_asked_for(tmp_path: Path) -> None:
    sprints = "name,team,starts_on,ends_on\nS1,A,2026-01-01,2026-01-16\nS2,A,2026-01-14,2026-01-28\n"
    orders = "order_id,customer_id,ordered_at,amount\n1,c,2026-01-05,10\n"
    (said,) = refreshed(company(tmp_path, orders_csv=orders, sprints_csv=sprints)).decisions
    assert said.what.startswith("1 sprint shares more than a day with the next one of its team; ")
    assert said.setting == "Correct their days, or the team."


@pytest.mark.parametrize(("zeros", "is_said"), [(20, True), (2, False)])
def test_the_id_0_behind_many_answers_is_doubted_with_the_query_that_makes_it_nobody(
    tmp_path: Path, zeros: int, is_said: bool
) -> None:
    answers = ["0"] * zeros + [f"c{n}" for n in range(10)]
    found = [each for each in said(tmp_path, ["c1"], answers) if "word for nobody" in each.what]
    assert [each.what.split(" rows")[0] for each in found] == (["20"] if is_said else [])
    assert published(company(tmp_path, TOML), "select count(customer_id) from responses") == [(zeros + 10,)]
    if found:
        query(tmp_path, "staging/responses.sql", found[0].setting.partition("responses.sql: ")[2])
        refreshed(company(tmp_path, TOML))
        assert published(company(tmp_path, TOML), "select count(customer_id) from responses") == [(10,)]


def test_words_for_nobody_in_orders_are_one_customer_and_said(tmp_path: Path) -> None:
    (warning,) = said(tmp_path, ["guest", "guest", "N/A", "c1"], ["c1"])
    assert str(warning) == (
        "The orders export: 3 rows have a word for nobody as customer_id, and count as those of a customer of that "
        'name. For example, "guest". Where they are orders of guests, set guest_orders = true for their source: they '
        "count in turnover then, and in nothing that is counted by customer."
    )
