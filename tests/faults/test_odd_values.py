"""What means nothing, in settings, KVI files, set-up, imports, checks, forgetting and commands: a sentence for each.

Each is refused with words that say where and what, and nothing of it ends in a traceback.
"""

import json
import tarfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kviboard.board.context import BoardContext
from kviboard.board.exports.setup import build, look_at, plan_for, try_plan
from kviboard.board.exports.setup_files import Company
from kviboard.board.kvis.draft import Draft, file_text, problems_of
from kviboard.board.kvis.own_files import save
from kviboard.board.kvis.trial import try_kvi
from kviboard.board.outside_in.rounds import RewardForm, give_answer, open_round, read_rewards, save_reward
from kviboard.cli import main
from kviboard.domain.outside_in.check import QUESTIONS
from kviboard.errors import KviBoardError, UsageError, WorkspaceError
from kviboard.store import Author
from kviboard.workspace import load_workspace
from tests.board.conftest import context, tiny_board, warehouses  # noqa: F401  # fixtures
from tests.store.given import MONDAY
from tests.warehouse.company import TEN_ORDERS, company

SOURCE = '[sources.orders]\nfiles = "exports/orders.csv"\n'
SETTINGS = {
    "webhook in the open": '[[mail.digests]]\nwebhook = "http://hooks.example.com/x"',
    "webhook that is no address": '[[mail.digests]]\nwebhook = "https://"',
    "webhook with a broken address": '[[mail.digests]]\nwebhook = "https://[::1"',
    "webhook to a file": '[[mail.digests]]\nwebhook = "file:///etc/passwd"',
    "webhook with a port that is none": '[[mail.digests]]\nwebhook = "https://hooks.example.com:99999/x"',
    "webhook with a blank": '[[mail.digests]]\nwebhook = "https://hooks.example.com/a b"',
    "digest in no grain": '[[mail.digests]]\ngrain = "fortnight"',
    "digest only sometimes": '[[mail.digests]]\nonly = "sometimes"',
    "digest with a list of lists": "[[mail.digests]]\nwhere = { country = [[1]] }",
    "digest that is no table": "[mail]\ndigests = 3",
    "recipient with a line feed": '[mail]\nrecipients = ["a@b.example\\nBcc: c@d.example"]',
    "recipient that is nobody": '[mail]\nrecipients = ["@example.com"]',
    "sender with a line feed": '[mail]\nsender = "Board\\r\\n <a@b.example>"',
    "port of mail": "[mail]\nport = 99999",
    "board address of a script": '[mail]\nboard_address = "javascript:alert(1)"',
    "board address without a host": '[mail]\nboard_address = "https://"',
    "mail server with a blank": '[mail]\nserver = "smtp example com"',
    "fetch in the open": SOURCE + 'fetch = "http://shop.example.com/orders.csv"',
    "fetch of a file": SOURCE + 'fetch = "file:///etc/passwd"',
    "fetch with a broken address": SOURCE + 'fetch = "https://[shop"',
    "fetch with a port that is none": SOURCE + 'fetch = "https://shop.example.com:port/orders.csv"',
    "fetch with a line feed": SOURCE + 'fetch = "https://shop.example.com/a\\r\\nHost: x"',
    "more threads than any machine": "[engine]\nthreads = 100000",
    "answers that count for ever": "[surveys]\nvalid_days = 99999999999",
    "answers that speak for all time": "[surveys]\nanswer_counts_back_days = 10000000",
    "a header far below": SOURCE + "header_line = 999999999999999999999",
    "uploads beyond measure": "[uploads]\nmost_gb = 1e300",
    "previews without memory": "[engine]\npreview_gb = 0",
    "previews without time": "[engine]\npreview_minutes = -1",
    "previews that are no number": "[engine]\npreview_minutes = nan",
    "uploads kept for ever": "[uploads]\nkeep_days = 99999999999999999999",
    "uploads of nothing": "[uploads]\nmost_gb = 0",
    "uploads without end": "[uploads]\nmost_gb = inf",
    "issuer that is none": '[sign_in]\nissuer = "ftp://login.example.com"',
    "hours without end": "[sign_in]\nhours = inf",
    "proxies that are none": '[sign_in]\nheader = "X-Email"\ntrusted_proxies = ["everywhere"]',
    "a viewer who is nobody": '[access]\nviewers = [""]',
    "a domain that is none": '[access]\nviewers = ["@"]',
    "a group that is none": '[access]\nviewers = ["group:"]',
    "customers for a number": "[access]\ncustomers = 7",
    "stories elsewhere": '[review]\nstories = "../*.csv"',
    "a part that is none": "[review.opening]\nlunch = 5",
    "minutes without end": "[review.opening]\nvision = inf",
}


@pytest.mark.parametrize("what", SETTINGS)
def test_a_setting_that_means_nothing_is_refused_where_it_stands(tmp_path: Path, what: str) -> None:
    (tmp_path / "kviboard.toml").write_text(SETTINGS[what])
    with pytest.raises(WorkspaceError, match=r"kviboard\.toml, \[") as refused:
        load_workspace(tmp_path)
    assert len(str(refused.value)) < 1_000


KVIS = {
    "nothing": "",
    "only a comment": "-- Nothing",
    "a byte of zero": "/*---\ntitle: a\0b\n---*/select 1",
    "a mark that is not closed": "/*---\ntitle: Mine\nselect 1",
    "a list": "/*---\n- a\n- b\n---*/select * from daily",
    "a number": "/*---\n7\n---*/select * from daily",
    "a key twice": "/*---\ntitle: a\ntitle: b\n---*/select * from daily",
    "depth": "/*---\ntitle: " + "[" * 3_000 + "\n---*/select 1",
    "a value of depth": "{value: sum(" + "(" * 3_000 + "orders}",
    "half a surrogate": "/*---\ntitle: \ud800\n---*/select 1",
    "a date as its title": "/*---\ntitle: 2026-99-99\n---*/select * from daily",
    "two queries": "{body: select * from daily; select 1}",
    "a file of the system": "{body: select day, slice_id, content as orders from read_text('/etc/passwd'), daily}",
    "a write": "{body: copy (select 1) to '/tmp/kviboard-odd'}",
    "a setting": "{body: set memory_limit = '1TB'}",
    "an extension": "{body: install httpfs}",
    "an attached file": "{body: attach '/tmp/kviboard-odd' as other}",
    "a division by nothing": "{value: sum(orders) / }",
    "a function of ours that is none": "{value: yearly_average(orders)}",
    "a column that is not there": "{value: sum(no_such_column)}",
    "a text as a number": "{body: select day, slice_id, 'many' as orders from daily}",
    "no day": "{body: select slice_id, orders from daily}",
    "a table that is not there": "{body: select * from nowhere}",
    "a unit that is none": "{unit: parsecs}",
    "a need that is none": "{needs: [moon]}",
}
SOUND = file_text(
    Draft(title="Mine", customer_benefit="They get it.", company_value="It pays.", measure="orders", way="sum")
)


def kvi_text(odd: str) -> str:
    """A KVI's file: `odd` itself, or a sound one of which the body or a line is replaced: {body: …}."""
    if not odd.startswith("{"):
        return odd
    name, _, value = odd[1:-1].partition(": ")
    head, _, body = SOUND.partition("---*/\n")
    if name == "body":
        return f"{head}---*/\n{value}"
    lines = [f"{name}: {value}" if line.startswith(f"{name}:") else line for line in head.splitlines()]
    return "\n".join([*lines, "---*/", body])


def test_a_kvi_that_is_none_is_said_and_not_computed(context: BoardContext) -> None:  # noqa: F811
    for what, odd in KVIS.items():
        trial = try_kvi(context.board, "odd", kvi_text(odd))
        assert trial.reading is None, what
        assert trial.problems, what
        assert all("odd" in problem.where and problem.what for problem in trial.problems), what
    assert not Path("/tmp/kviboard-odd").exists()


def test_a_kvis_file_is_called_like_nothing_else(context: BoardContext, tmp_path: Path) -> None:  # noqa: F811
    workspace = company(tmp_path / "own", orders_csv=TEN_ORDERS)
    for name in ("", "..", "../../kviboard", "a b", "a/b", "a\0b", "x" * 5_000):
        with pytest.raises(KviBoardError):
            save(workspace, name, SOUND)
    assert not list((tmp_path / "own").glob("**/*.sql"))
    assert "title" in problems_of(Draft(title="💥"), context.board)


def test_a_company_that_is_none_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(TEN_ORDERS)
    plan = plan_for(look_at([path]), {"orders.csv:table": "moon", "orders.csv:amount": "no such column"})
    assert plan.exports
    plan = plan_for(look_at([path]))
    for number, each in enumerate((Company(currency="€€€"), Company(currency="EU"), Company(name="a\0b"))):
        assert try_plan(plan, [path], each).problems, each
        with pytest.raises(UsageError, match="Nothing was written"):
            build(tmp_path / str(number), plan, [path], each)
        assert not (tmp_path / str(number)).exists()


TABLES = {
    "no JSON": "{",
    "a list": "[]",
    "null": "null",
    "another kind": '{"kind": "cake"}',
    "no tables": '{"kind": "kviboard export", "schema": "0004"}',
    "a schema of the future": '{"kind": "kviboard export", "schema": "9999", "tables": {}}',
    "a schema that is a number": '{"kind": "kviboard export", "schema": 4, "tables": {}}',
    "a schema that is none": '{"kind": "kviboard export", "schema": "0001; drop table", "tables": {}}',
    "a table that is none": {"cycles": "many"},
    "a table of numbers": {"cycles": [1, 2]},
    "an unknown table": {"moons": [{"id": 1}]},
    "an unknown column": {"cycles": [{"id": 1, "moons": 2}]},
    "a day that is none": {"cycles": [{"id": 1, "name": "Q", "starts_on": "2026-02-30"}]},
    "a row that belongs to nothing": {"check_ins": [{"id": 1, "key_result_id": 999}]},
    "a number too large": {"cycles": [{"id": 10**30, "name": "Q"}]},
}


@pytest.mark.parametrize("what", TABLES)
def test_what_is_no_export_of_okrs_is_not_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    from kviboard.store.schema import SCHEMA_VERSION

    odd = TABLES[what]
    whole = (
        odd
        if isinstance(odd, str)
        else json.dumps({"kind": "kviboard export", "schema": SCHEMA_VERSION, "tables": odd})
    )
    (tmp_path / "kviboard.toml").write_text("")
    (tmp_path / "odd.json").write_text(whole)
    assert main(["okrs", "import", str(tmp_path / "odd.json"), "--workspace", str(tmp_path)]) == 1
    assert "odd.json" in capsys.readouterr().err
    (tmp_path / "sound.json").write_text(
        json.dumps({"kind": "kviboard export", "schema": SCHEMA_VERSION, "tables": {}})
    )
    assert main(["okrs", "import", str(tmp_path / "sound.json"), "--workspace", str(tmp_path)]) == 0


ROWS = {
    "no header": b"",
    "one column": b"objective\nWin\n",
    "bytes": b"\xff\xfe\0\0",
    "a byte of zero": b"objective,key result,target\nWi\0n,Sell,5\n",
    "formulas": b"objective,key result,target\n=1+1,@x,=2\n",
    "a target that is none": b"objective,key result,start,target\nWin,Sell,0,many\n",
    "a target without end": b"objective,key result,start,target\nWin,Sell,0,1e999\n",
}


@pytest.mark.parametrize("what", ROWS)
def test_a_table_of_okrs_that_is_none_is_said_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    (tmp_path / "kviboard.toml").write_text("")
    (tmp_path / "odd.csv").write_bytes(ROWS[what])
    assert main(["okrs", "import", str(tmp_path / "odd.csv"), "--workspace", str(tmp_path)]) in (1, 2)
    said = capsys.readouterr()
    assert "odd.csv" in said.err or "line 2" in said.out


def author() -> Author:
    return Author("Ada", MONDAY)


def test_answers_that_are_none_are_refused_in_words(context: BoardContext) -> None:  # noqa: F811
    grades = dict.fromkeys(QUESTIONS, 3)
    first = next(iter(grades))
    held = open_round(context, "Spring", date(2099, 1, 1), author=author())
    odd: list[tuple[int, dict[str, int], str]] = [
        (held.id, {}, ""), (held.id, grades | {first: 0}, ""), (held.id, grades | {first: 6}, ""),
        (held.id, grades | {first: -(10**30)}, ""), (held.id, grades | {"moon": 3}, ""),
        (held.id, grades, "x" * 100_000), (held.id, grades, "a\0b"), (held.id, grades, "\ud800"),
        (999, grades, ""), (10**30, grades, ""), (-1, grades, ""),
    ]  # fmt: skip
    for number, (round_id, given, comment) in enumerate(odd):
        with pytest.raises(KviBoardError):
            give_answer(context, round_id, given, None, comment, f"browser-{number}")
    for name, day in (
        ("", date(2099, 1, 1)),
        ("Old", date(2001, 1, 1)),
        ("None", None),
        ("x" * 30_000, date(2099, 1, 1)),
    ):
        with pytest.raises(KviBoardError):
            open_round(context, name, day, author=author())
    assert context.store.check_rounds.answers_of(held.id) == []
    assert [each.name for each in context.store.check_rounds.all()] == ["Spring"]


def test_rewards_that_are_none_are_refused_by_line(context: BoardContext, tmp_path: Path) -> None:  # noqa: F811
    for weight in ("", "many", "-1", "101", "1e999", "nan", "inf", "9" * 5_000):
        with pytest.raises(KviBoardError):
            save_reward(context, RewardForm(role="Sales", metric="Turnover", weight=weight), None, author=author())
    head = b"role,metric,weight,is_customers,kvi\n"
    for content in (
        b"",
        b"\xff\xfe",
        b"role\n",
        head + b"a,b,many,,\n",
        head + b"a,b,5,perhaps,\n",
        head + b"a,b,5,,moon\n",
        head + b'a,b,5,,"' + b"x" * 150_000,  # longer than a cell may be
        head + b"a,b,5,,\n" * 50_000,
    ):
        (tmp_path / "rewards.csv").write_bytes(content)
        with pytest.raises(KviBoardError):
            read_rewards(context, tmp_path / "rewards.csv")
    (tmp_path / "rewards.csv").write_bytes(head)
    assert read_rewards(context, tmp_path / "rewards.csv") == []
    assert context.store.rewards.all() == []


@pytest.mark.parametrize(
    "command",
    [
        ["forget", ""],
        ["forget", " \t"],
        ["kvi", "moon"],
        ["kvi", "orders", "--from", "2026-13-45"],
        ["kvi", "net_promoter_score", "--where", "country"],
        ["minutes", "Sprint 99"],
        ["digest", "--out", "/"],
        ["digest", "--out", "/nowhere/week.html"],
        ["restore", "/dev/null"],
        ["restore", "/nowhere.tar"],
        ["backup", "/nowhere/board.tar"],
        ["serve", "--port", "99999", "--no-browser"],
        ["serve", "--address", "999.1.1.1", "--no-browser", "--open-to-everyone"],
        ["view", "moon"],
        ["why", "moon"],
        ["okrs", "export", "/"],
        ["coach", "/nowhere.csv"],
        ["init", "/dev/null/board"],
    ],
    ids=" ".join,
)
def test_a_command_that_cannot_be_done_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    (tmp_path / "kviboard.toml").write_text("")
    where = [] if command[0] == "init" else ["--workspace", str(tmp_path)]
    try:
        code = main([*command, *where])
    except SystemExit as refused:  # by argparse
        code = int(str(refused.code))
    assert code in (1, 2)
    assert "kviboard" in capsys.readouterr().err


@pytest.mark.parametrize(
    "fill",
    [
        lambda file: file.write_bytes(b"\0" * 2_000),
        lambda file: file.write_bytes(b"PK\3\4 no tar"),
        lambda file: tarfile.open(file, "w").close(),
    ],
    ids=["zeros", "zip", "empty"],
)
def test_a_file_that_is_no_back_up_restores_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fill: Callable[[Path], object]
) -> None:
    fill(tmp_path / "board.tar")
    assert main(["restore", str(tmp_path / "board.tar"), "--workspace", str(tmp_path / "again")]) in (1, 2)
    assert "board.tar" in capsys.readouterr().err
    assert not (tmp_path / "again").exists() or not list((tmp_path / "again").iterdir())
