"""Refresh and check as people type them: what is printed, each problem once, and the exit code."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import check, go_back, refresh_if_needed, refresh_now
from kviboard.cli import main
from kviboard.errors import RefreshError
from kviboard.warehouse.versions import current_version, list_versions, only_refresh
from kviboard.workspace import load_workspace
from tests.board.exports.flawed import CONFIG, ORDERS, write_flawed_shop

_REJECTED = "warning: exports/orders.csv: 1 row is rejected and in no KVI of orders"
_MEND = "Correct it in the export, or in queries/staging/orders.sql."
REJECTED = [
    f'{_REJECTED}: amount is not an amount. For example, line 4: "x". {_MEND}',
    f"{_REJECTED}: customer_id is missing. For example, line 5. {_MEND} If they are orders of guests, "
    "set [sources.orders] guest_orders = true: they count in turnover then.",
    f'{_REJECTED}: the line has 1 column where the header has 4. For example, line 9: "broken". {_MEND}',
]
BROKEN_KVI = "/*---\ntitle: Broken\nbetter: sideways\n---*/\nselect * from daily"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The flawed shop with every export that kviboard.toml names."""
    folder = write_flawed_shop(tmp_path / "shop")
    (folder / "exports" / "responses.csv").write_text(
        "response_id,customer_id,responded_at,score\nr1,a,2026-01-01,9\nr2,b,2026-01-01,7\n", encoding="utf-8"
    )
    return folder


def kviboard(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, output and messages of the command, run in this process."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        try:
            code = main([*map(str, arguments)])
        except SystemExit as stop:  # argparse stops by itself on wrong usage
            code = int(stop.code or 0)
    return code, out.getvalue(), err.getvalue()


def a_program(*arguments: str | Path) -> tuple[int, str, str]:
    """The same of the command as people start it."""
    environment = {name: value for name, value in os.environ.items() if name != "KVIBOARD_WORKSPACE"}
    done = subprocess.run(
        [sys.executable, "-m", "kviboard", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**environment, "PYTHONIOENCODING": "utf-8"},
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_refresh_says_what_it_read_and_leaves_with_0(shop: Path):
    code, out, err = a_program("refresh", "--workspace", shop)
    assert code == 0, err
    lines = out.splitlines()
    assert lines[0] == f"Version {current_version(load_workspace(shop))} is in use."
    assert lines[1] == "12 rows of 3 files read = 7 kept + 3 rejected + 1 duplicate + 1 replaced."
    assert lines[2] == "The data reaches 12 Jan 2026."
    assert "checks hold." in lines[3]


def test_a_check_publishes_nothing_and_leaves_with_0_where_nothing_is_wrong(shop: Path):
    (shop / "exports" / "orders.csv").write_text(
        "order_id,customer_id,ordered_at,amount\n1,a,2026-01-05,3\n", encoding="utf-8"
    )
    code, out, err = kviboard("check", "--workspace", shop)
    assert (code, err) == (0, "")
    assert "Nothing is wrong." in out
    assert list_versions(load_workspace(shop)) == []


def test_a_check_names_rows_that_are_rejected_with_the_value_and_the_line_of_one_row(shop: Path):
    code, out, err = kviboard("check", "--workspace", shop)
    assert (code, err.splitlines()) == (0, REJECTED)
    assert "Nothing is wrong." not in out


def test_a_check_names_every_problem_of_settings_queries_and_data_once_and_leaves_with_1(shop: Path):
    (shop / "queries" / "kvis").mkdir(parents=True)
    (shop / "queries" / "kvis" / "broken.sql").write_text(BROKEN_KVI)
    (shop / "exports" / "orders.csv").write_text("")
    (shop / "exports" / "customers.csv").write_text("")
    code, _, err = kviboard("check", "--workspace", shop)
    assert code == 1
    for name in ("exports/orders.csv", "exports/customers.csv", "queries/kvis/broken.sql, line 3"):
        assert err.count(name) == 1, err
    assert all(line.startswith("problem: ") for line in err.splitlines())


def test_a_check_names_a_kvi_that_does_not_run_on_the_version_in_use(shop: Path):
    refresh_now(load_workspace(shop))
    (shop / "queries" / "kvis").mkdir(parents=True)
    text = (Path(__file__).parents[3] / "queries" / "kvis" / "eight_plus_turnover.sql").read_text(encoding="utf-8")
    (shop / "queries" / "kvis" / "mine.sql").write_text(text.replace("from daily", "from dayly"), encoding="utf-8")
    assert ["mine.sql" in problem.where for problem in check(load_workspace(shop)).problems] == [True]


def test_a_check_names_a_kvi_whose_values_cannot_be_computed(shop: Path):
    """Its SELECT is sound: only who runs it meets the row that is no number."""
    (shop / "queries" / "kvis").mkdir(parents=True)
    text = (Path(__file__).parents[3] / "queries" / "kvis" / "eight_plus_turnover.sql").read_text(encoding="utf-8")
    body = "from (select * replace (cast('EUR ' || revenue as double) as eight_plus_revenue) from daily)"
    (shop / "queries" / "kvis" / "mine.sql").write_text(text.replace("from daily", body), encoding="utf-8")
    (problem,) = check(load_workspace(shop)).problems
    assert problem.where == "queries/kvis/mine.sql"
    assert "The query does not run: Conversion Error" in problem.what


def test_a_check_names_a_kvi_that_lacks_a_column_before_the_first_refresh(shop: Path):
    (shop / "queries" / "kvis").mkdir(parents=True)
    text = (Path(__file__).parents[3] / "queries" / "kvis" / "eight_plus_turnover.sql").read_text(encoding="utf-8")
    for name, wrong in (
        ("no_table", text.replace("from daily", "from dayly")),
        ("no_column", text.replace("select *", "select *, not_there")),
    ):
        (shop / "queries" / "kvis" / f"{name}.sql").write_text(wrong, encoding="utf-8")
    said = {problem.where.split(",")[0]: str(problem) for problem in check(load_workspace(shop)).problems}
    assert set(said) == {"queries/kvis/no_table.sql", "queries/kvis/no_column.sql"}
    assert "dayly" in said["queries/kvis/no_table.sql"]
    assert "not_there" in said["queries/kvis/no_column.sql"]
    assert not list_versions(load_workspace(shop))


def test_a_check_runs_the_views_that_the_company_wrote(shop: Path):
    """One is sound, one has a column that its SELECT lacks, one meets a text that is no number; a broken one that waits
    for tickets is not asked."""
    head = "/*---\ntitle: Mine\nrow: one row per day\n{needs}columns:\n  day: day\n---*/\nselect "
    bodies = {
        "sound": "day from orders",
        "lacks": "order_id from orders",
        "fails": "cast(customer_id as date) as day from orders",
        "waits": "cast(customer_id as date) as day from orders",
    }
    (shop / "queries" / "views").mkdir(parents=True)
    for name, body in bodies.items():
        needs = "needs: [tickets]\n" if name == "waits" else ""
        (shop / "queries" / "views" / f"{name}.sql").write_text(head.format(needs=needs) + body, encoding="utf-8")
    code, _, err = kviboard("check", "--workspace", shop)
    fails, lacks = sorted(line for line in err.splitlines() if "views" in line)
    assert code == 1
    assert fails.startswith("problem: queries/views/fails.sql: The query does not run: Conversion Error")
    assert lacks.startswith("problem: queries/views/lacks.sql: names day, which its SELECT does not return; it returns")


@pytest.mark.usefixtures("exports_alone")
@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://board:secret@somewhere/board", "cannot live in"),
        ("postgresql://board:secret@127.0.0.1:1/board", "cannot be reached"),
        ("no such kind://board:secret@x", "cannot be read"),
    ],
)
def test_a_check_names_a_store_that_is_of_no_kind_or_out_of_reach(shop: Path, url: str, sentence: str):
    with (shop / "kviboard.toml").open("a", encoding="utf-8") as config:
        config.write(f'\n[store]\nurl = "{url}"\n')
    code, _, err = kviboard("check", "--workspace", shop)
    assert code == 1
    assert err.count("problem: kviboard.toml, [store] url: ") == 1
    assert sentence in err
    assert "secret" not in err


def test_a_check_of_a_sound_store_says_nothing_and_makes_no_table(shop: Path, tmp_path: Path):
    with (shop / "kviboard.toml").open("a", encoding="utf-8") as config:
        config.write(f'\n[store]\nurl = "sqlite:///{tmp_path}/board.sqlite"\n')
    code, _, err = kviboard("check", "--workspace", shop)
    assert (code, err.splitlines()) == (0, REJECTED)
    with closing(sqlite3.connect(tmp_path / "board.sqlite")) as connection:
        assert connection.execute("select * from sqlite_master").fetchall() == []


def test_an_export_that_is_named_and_not_there_is_a_problem_for_check_and_a_warning_for_refresh(tmp_path: Path):
    folder = write_flawed_shop(tmp_path / "shop")
    code, _, err = kviboard("check", "--workspace", folder)
    assert (code, err.count("exports/responses.csv")) == (1, 1)
    code, out, err = kviboard("refresh", "--workspace", folder)
    assert code == 0
    assert err.startswith("warning: kviboard.toml, [sources.responses] files")
    assert "need the responses export" in out


@pytest.mark.usefixtures("exports_alone")
def test_a_refused_refresh_names_each_problem_once_and_keeps_the_version_before(shop: Path):
    refresh_now(load_workspace(shop))
    before = current_version(load_workspace(shop))
    (shop / "exports" / "orders.csv").write_text(ORDERS.replace("amount", "sum"))
    (shop / "exports" / "responses.csv").unlink()
    code, out, err = kviboard("refresh", "--workspace", shop)
    assert (code, out) == (1, "")
    assert err.count("exports/responses.csv") == 1
    (shop / "exports" / "responses.csv").write_text("response_id,customer_id,responded_at,score\n1,a,2026-01-02,9\n")
    code, out, err = kviboard("refresh", "--workspace", shop)
    assert (code, out) == (1, "")
    assert err.count("The orders export: has no column amount.") == 1
    assert current_version(load_workspace(shop)) == before


@pytest.mark.parametrize("command", ["refresh", "check"])
def test_a_broken_configuration_is_named_by_its_key(shop: Path, command: str):
    (shop / "kviboard.toml").write_text(CONFIG + '\n[surveys]\nscale = "0-7"\n')
    code, out, err = kviboard(command, "--workspace", shop)
    assert (code, out) == (1, "")
    assert err.count("[surveys] scale") == 1
    assert "Traceback" not in err


def test_wrong_usage_leaves_with_2(shop: Path):
    assert kviboard("refresh", "--workspace", shop, "--wrong")[0] == 2
    assert kviboard("chek")[0] == 2


@pytest.mark.parametrize("work", [refresh_now, check])
def test_a_second_refresh_at_the_same_time_gets_a_sentence(shop: Path, work):
    workspace = load_workspace(shop)
    with only_refresh(workspace), pytest.raises(RefreshError, match="Another refresh is running"):
        work(workspace)


@pytest.mark.usefixtures("exports_alone")
def test_it_refreshes_only_where_something_changed(shop: Path):
    workspace = load_workspace(shop)
    assert refresh_if_needed(workspace)
    assert not refresh_if_needed(workspace)
    (shop / "exports" / "orders-2.csv").write_text("order_id,customer_id,ordered_at,amount\n9,a,2026-01-13,1\n")
    assert refresh_if_needed(workspace)


@pytest.mark.usefixtures("exports_alone")
def test_going_back_to_a_version_that_is_gone_says_which_there_are(shop: Path):
    workspace = load_workspace(shop)
    refresh_now(workspace)
    with pytest.raises(RefreshError, match=current_version(workspace)):
        go_back(workspace, "000099-x")


def test_how_an_export_was_read_is_said_by_check_and_refresh_and_is_not_nothing(shop: Path):
    customers = shop / "exports" / "customers.csv"
    umlauts = "".join(f"Jürgen{n},2026-01-01\n" for n in range(20)).encode()
    customers.write_bytes(b"customer_id,signed_up_on\na,2026-01-01\nK\xf6ln,2026-01-01\n" + umlauts)
    said = (
        "warning: exports/customers.csv: 1 character is not UTF-8 and read as \ufffd; line 3 has the first. Export it "
        "as UTF-8 where names or comments must be right."
    )
    code, out, err = kviboard("check", "--workspace", shop)
    assert (code, err.splitlines()) == (0, [said, *REJECTED])
    assert "Nothing is wrong." not in out
    code, out, err = kviboard("refresh", "--workspace", shop)
    assert code == 0
    assert said in err.splitlines()
