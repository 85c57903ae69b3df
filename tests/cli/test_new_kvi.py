"""`kviboard kvi new`: what it shows is right; it keeps what the page keeps, loses nothing, says what is wrong where."""

import json
import shlex
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.board import open_board
from kviboard.board.context import open_store_of
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.kvis.own_files import drafts
from kviboard.cli.acting import user_name
from kviboard.domain.formatting import SPACE
from kviboard.workspace import load_workspace
from tests.board.conftest import ORDERS_ALONE, kvi_file, tiny_workspace, warehouses  # noqa: F401 (fixtures)
from tests.cli.test_cli import run
from tests.pages.okrs.shop import Visitor, visiting
from tests.pages.small_shop import Shops, shops  # noqa: F401 (a fixture)

SAID = {
    "title": "What they spend",
    "customer_benefit": "They find what they need.",
    "company_value": "They pay for it.",
}
OF_A_WEEK = ("--measure", "revenue", "--way", "sum", "--judged", "week", "--better", "up")
WEEKS = (*(100, 110) * 5, 300)
"""Five weeks of 100 and 110 each in turn, then one of 300."""


def options(**said: str) -> list[str]:
    return [word for name, value in said.items() for word in (f"--{name.replace('_', '-')}", value)]


@pytest.fixture
def weekly(tiny_workspace) -> str:  # noqa: F811
    """A company of eleven weeks of orders."""
    rows = []
    for number, amount in enumerate(WEEKS):
        start = date(2026, 1, 5) + number * timedelta(days=7)
        rows += [f"{number}a,a,{start},{amount}", f"{number}b,a,{start + timedelta(days=6)},0"]
    orders = "\n".join(["order_id,customer_id,ordered_at,amount", *rows]) + "\n"
    return str(tiny_workspace(orders=orders, config=ORDERS_ALONE, marts="daily", turnover=kvi_file()).root)


@pytest.fixture
def shop(shops: Shops, tmp_path: Path) -> str:  # noqa: F811
    return str(shops(tmp_path / "shop"))


@pytest.fixture
def at_terminal(monkeypatch) -> Callable[[Iterable[str]], None]:
    """Somebody at a terminal who types these lines, then presses Ctrl+D."""

    def typing(lines: Iterable[str]) -> None:
        left = iter(lines)

        def typed(prompt: str = "") -> str:
            print(prompt, end="")
            line = next(left, None)
            if line is None:
                raise EOFError
            return line

        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", typed)

    return typing


def plain(text: str) -> str:
    return text.replace(SPACE, " ")


def usual() -> tuple[float, float, float]:
    """The mean, and 2.66 × the mean of the moving ranges around it."""
    mean = sum(WEEKS) / len(WEEKS)
    reach = 2.66 * sum(abs(after - before) for before, after in pairwise(WEEKS)) / (len(WEEKS) - 1)
    return mean, mean - reach, mean + reach


def test_its_numbers_are_right_and_nothing_is_kept_unasked(weekly, capsys):
    code, out, err = run(capsys, "kvi", "new", *options(**SAID), *OF_A_WEEK, "--format", "json", "--workspace", weekly)
    told = json.loads(out)
    assert code == 0
    assert "nothing is kept" not in err  # a program reads that from "saved"
    assert [row["value"] for row in told["values"] if row["complete"]] == list(WEEKS)
    assert tuple(told["usual"].values()) == pytest.approx(usual())
    assert WEEKS[-1] > usual()[2]
    assert all(usual()[1] < week < usual()[2] for week in WEEKS[:-1])
    assert (told["value"], told["verdict"], told["signals"], told["of_periods"]) == (300, "signal: up", 1, 11)
    assert (told["grain"], told["saved"], told["problems"]) == ("week", None, [])
    assert told["known_share_of_revenue"] is None
    assert drafts(load_workspace(weekly)) == {}


def test_the_same_is_said_in_words(weekly, capsys):
    code, out, err = run(capsys, "kvi", "new", *options(**SAID), *OF_A_WEEK, "--workspace", weekly)
    said = plain(out)
    mean, low, high = usual()
    assert code == 0
    assert f"usually €{mean:.0f} (€{low:.0f}–€{high:.0f})" in said
    assert "● Unusually high (good)" in said
    assert "It would have been unusual in 1 of the last 11 weeks." in said
    assert "Turnover, all of the period together." in said
    assert "It moves exactly as “Turnover” does" in said
    assert "value: sum(revenue)" in said
    assert "note: nothing is kept without --save draft or --save publish" in err


def test_the_coach_reads_the_benefit(weekly, capsys):
    for benefit, is_said in (("Wir launchen den neuen Export.", False), ("We launch the new export.", True)):
        said = {**SAID, "customer_benefit": benefit}
        _, out, _ = run(capsys, "kvi", "new", *options(**said), *OF_A_WEEK, "--format", "json", "--workspace", weekly)
        assert any(each.startswith("“We launch”: ") for each in json.loads(out)["suggestions"]) is is_said


def test_where_nothing_can_be_judged_no_signal_is_no_good_sign(weekly, capsys):
    judged = [*OF_A_WEEK[:4], "--judged", "month", "--better", "up"]
    _, out, _ = run(capsys, "kvi", "new", *options(**SAID), *judged, "--workspace", weekly)
    assert "Of 1 month none can be judged yet, so nobody knows what would be unusual." in out


def test_of_a_kvi_by_score_the_share_of_revenue_with_one_is_said(shop, capsys):
    file = Path(shop) / "exports" / "responses.csv"
    answers = pd.read_csv(file, dtype={"customer_id": str})
    answers[answers["customer_id"] < "C6"].to_csv(file, index=False)
    refresh_now(load_workspace(shop))
    asked = ["--measure", "promoter_revenue", "--way", "share", "--of", "scored_revenue", "--better", "up"]
    _, out, _ = run(capsys, "kvi", "new", *options(**SAID), *asked, "--workspace", shop, "--format", "json")
    orders = pd.read_csv(Path(shop) / "exports" / "orders.csv", dtype={"customer_id": str})
    answers = pd.read_csv(file, dtype={"customer_id": str})
    first = orders["customer_id"].map(answers.groupby("customer_id")["responded_at"].min())
    month = orders["ordered_at"].str.startswith("2026-03")  # the last one that is over
    scored = orders[month & (first <= orders["ordered_at"])]["amount"].sum() / orders[month]["amount"].sum()
    assert 0.5 < scored < 0.9
    assert json.loads(out)["known_share_of_revenue"] == pytest.approx(scored)


def test_it_keeps_the_very_file_that_the_page_keeps(shops, tmp_path, capsys, monkeypatch):  # noqa: F811
    pages, ours = shops(tmp_path / "pages"), shops(tmp_path / "ours")
    visiting(monkeypatch, pages)
    visitor = Visitor("kvis", "Ann", make="new")
    visitor.type(**SAID, table="orders", better="down", owner="Shop team", decision="Ask them")
    visitor.type(values=["P1"], count="rows")
    visitor.press("Keep as a draft")
    asked = ["--table", "orders", "--only", "P1", "--count", "rows", "--better", "down", "--owner", "Shop team"]
    code, out, _ = run(capsys, "kvi", "new", *options(**SAID), *asked, "--decision", "Ask them", "--save", "draft",
                       "--workspace", str(ours))  # fmt: skip
    assert code == 0
    assert "Saved as queries/drafts/what_they_spend.sql: no page shows it until it is published." in out
    kept = Path("queries") / "drafts" / "what_they_spend.sql"
    assert (ours / kept).read_bytes() == (pages / kept).read_bytes()
    with closing(open_store_of(load_workspace(ours))) as store:
        assert not store.history.newest(), "an empty store stays one that can be imported into"


def test_what_is_published_is_read_and_who_did_it_is_in_the_audit(shop, capsys):
    (Path(shop) / "okrs.csv").write_text("Objective,Key result,Cycle\nMore trust,Score,Q1 2026\n")
    run(capsys, "okrs", "import", f"{shop}/okrs.csv", "--workspace", shop)
    asked = ["--measure", "orders", "--way", "sum", "--better", "up", "--judged", "month"]
    assert run(capsys, "kvi", "new", *options(**SAID), *asked, "--save", "publish", "--workspace", shop)[0] == 0
    _, out, _ = run(capsys, "kvi", "what_they_spend", "--format", "json", "--workspace", shop)
    days = pd.read_csv(Path(shop) / "exports" / "orders.csv")["ordered_at"]
    counted = days.str[:7].value_counts().sort_index()
    assert [row["value"] for row in json.loads(out)] == counted.to_list()
    with closing(open_store_of(load_workspace(shop))) as store:
        *_, entry = store.history.of_exports()
    assert (entry.action, entry.created_by, entry.after) == (
        "published a KVI", user_name(), {"kvi": "what_they_spend"}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "problems"),
    [
        (
            {},
            ["--title: What is it called? Say a title.", "--customer-benefit: ", "--company-value: ",
             "--measure: Which number? Choose active_customers, ", "--better: Which way is better? Choose up or "],
        ),
        ({**SAID, "table": "invoices", "better": "up"},
         ['--table: What shows it in your data? "invoices" is none of them: choose activity, orders, responses or '
          "tickets; left out, it is a number that the board counts already."]),
        ({**SAID, "table": "orders", "only": "Tea", "count": "median", "better": "up"},  # the most frequent first
         ['--only: Only which products? "Tea" is none of them: choose P1, P2 or P0.',
          '--count: How is it counted? "median" is none of them: choose customers, rows, sum or mean.']),
        ({**SAID, "measure": "orders", "better": "sideways"},
         ["--way: How is it counted? Choose sum, daily, each or per_1000.", '--better: Which way is better? "side']),
        ({**SAID, "measure": "complaints", "way": "share", "better": "down"}, ["--of: Of what? Choose tickets."]),
        ({**SAID, "measure": "complaints", "way": "share", "of": "orders", "better": "down"},
         ['--of: Of what? "orders" is none of them: choose tickets.']),
        ({**SAID, "table": "orders", "count": "rows", "measure": "orders", "better": "up"},
         ["--measure: Which number? is not asked with these answers: leave it out."]),
        ({**SAID, "title": "Net Promoter Score", "measure": "active_customers", "better": "up"},
         ['--title: What is it called? There is a KVI "Net Promoter Score" already; change that one.']),
    ],
    ids=["all", "table", "rows", "way", "of nothing", "of another", "both", "taken"],
)  # fmt: skip
def test_every_problem_stands_at_its_question_and_nothing_is_saved(shop, capsys, said, problems):
    code, out, err = run(capsys, "kvi", "new", *options(**said), "--save", "draft", "--workspace", shop)
    assert (code, out) == (2, "")
    first, *lines = err.splitlines()
    assert first == "kviboard: This is no KVI yet, and nothing was saved."
    assert len(lines) == len(problems)
    assert all(line.startswith(f"  {problem}") for line, problem in zip(lines, problems, strict=True))
    assert drafts(load_workspace(shop)) == {}


def test_a_kvi_that_is_called_new_is_printed_until_an_answer_says_otherwise(tiny_workspace, capsys):  # noqa: F811
    folder = str(tiny_workspace(new=kvi_file(title="New")).root)
    code, out, _ = run(capsys, "kvi", "new", "--grain", "month", "--format", "json", "--workspace", folder)
    assert (code, [row["value"] for row in json.loads(out)][:2]) == (0, [35.5, 7.25])
    code, out, _ = run(capsys, "kvi", "new", *options(**SAID), *OF_A_WEEK, "--save", "draft", "--workspace", folder)
    assert code == 0
    assert list(drafts(load_workspace(folder))) == ["what_they_spend"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("turnover", "--title", "X"), "--title is of a KVI to be made: kviboard kvi new --title …"),
        (("--save", "draft"), "--save is of a KVI to be made: kviboard kvi new --save …"),
        (("new", "--by", "country"), "--by is of a KVI that is there; of a new one, as it would be, leave it out."),
        (("new", "--format", "csv"), "--format csv is of a KVI that is there; of a new one"),
        (("new", "--raw"), "--raw is of a KVI that is there"),
    ],
)
def test_options_that_do_not_go_together_are_refused(weekly, capsys, arguments, sentence):
    code, out, err = run(capsys, "kvi", *arguments, "--workspace", weekly)
    assert (code, out) == (2, "")
    assert sentence in err


def test_at_a_terminal_it_asks_shows_lets_answers_be_changed_and_asks_before_it_saves(weekly, capsys, at_terminal):
    said = ["", *SAID.values()]  # a title is asked for until there is one
    rows = ["2", "2", "7", "3", "1", "", "", ""]  # of orders, counted; there is no seventh length; per week
    changed = ["3", "4", "1", "1", "1"]  # another answer after all: a measure, orders, summed
    at_terminal([*said, *rows, *changed, "1"])  # as a draft
    code, out, _ = run(capsys, "kvi", "new", "--workspace", weekly)
    assert code == 0
    assert out.count("⚠ Say a title.") == 1
    assert out.index("Counts orders (no refunds) of the period.") < out.index("Orders, all of the period together.")
    file = drafts(load_workspace(weekly))["what_they_spend"]
    assert "value: sum(orders)" in file.read_text()
    assert "judged: week" in file.read_text()


def test_what_was_answered_is_not_lost_when_it_is_stopped(weekly, capsys, at_terminal):
    at_terminal([SAID["title"], "They don't have to ask."])
    code, _, err = run(capsys, "kvi", "new", "--measure", "revenue", "--workspace", weekly)
    assert code == 130
    assert "Nothing was saved. To go on from here:" in err
    again = shlex.split(err.strip().splitlines()[-1])
    assert again[:3] == ["kviboard", "kvi", "new"]
    at_terminal([SAID["company_value"], "1", "", "1", "", "", "", "1"])
    code, _, _ = run(capsys, *again[1:])
    assert code == 0
    text = drafts(load_workspace(weekly))["what_they_spend"].read_text()
    assert "They don't have to ask." in text
    assert "value: sum(revenue)" in text


def test_a_draft_that_somebody_else_kept_meanwhile_is_not_written_over(weekly, capsys, at_terminal, monkeypatch):
    folder = Path(weekly) / "queries" / "drafts"

    def lines():
        folder.mkdir()
        (folder / "what_they_spend.sql").write_text("theirs")
        yield "1"

    at_terminal(lines())
    given = [*options(**SAID, group="customer", decision="x", owner="y"), *OF_A_WEEK]
    code, _, err = run(capsys, "kvi", "new", *given, "--workspace", weekly)
    assert code == 2
    assert "--title: There is a draft of this name already" in err
    assert "To go on from here:\n  kviboard kvi new" in err
    assert (folder / "what_they_spend.sql").read_text() == "theirs"


def test_what_cannot_be_computed_is_kept_as_a_draft_but_not_published(weekly, capsys, monkeypatch):
    endless = "select d.* from daily d, range(1000000000), range(1000000000)"
    monkeypatch.setattr("kviboard.board.kvis.draft.body_of_daily", lambda: endless)
    asked = ("kvi", "new", *options(**SAID), *OF_A_WEEK, "--workspace", weekly)
    code, _, err = run(capsys, *asked, "--save", "publish")
    assert code == 1
    assert "Not published, because it cannot be computed: queries/kvis/what_they_spend.sql: " in err
    assert "what_they_spend" not in open_board(load_workspace(weekly)).catalog.kvis
    code, out, _ = run(capsys, *asked, "--save", "draft")
    assert code == 1
    assert "⚠ queries/kvis/what_they_spend.sql: " in out
    assert list(drafts(load_workspace(weekly))) == ["what_they_spend"]
