"""What people type, what is printed, which exit code. JSON output is data only."""

import json
import re
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.context import open_store_of
from kviboard.cli import main
from kviboard.store import NewReview
from kviboard.warehouse.versions import current_version
from kviboard.workspace import load_workspace
from tests.board.conftest import CONFIG, KVI, kvi_file, tiny_workspace, warehouses  # noqa: F401  (fixtures)
from tests.board.okrs.given import an_author
from tests.clocks import on_clocks_of

KEYS = ["period", "slice", "value", "numerator", "denominator", "n", "low", "high", "complete", "verdict"]


@pytest.fixture
def folder(tiny_workspace):  # noqa: F811
    workspace = tiny_workspace(turnover=kvi_file(), basket=kvi_file("sum(revenue) / sum(orders)", title="Basket"))
    return str(workspace.root)


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as stop:  # argparse stops by itself on --help and wrong usage
        code = int(stop.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_json_is_a_list_of_objects_with_exactly_the_promised_keys(folder, capsys, monkeypatch):
    on_clocks_of(monkeypatch, datetime(2026, 3, 13, 12, tzinfo=UTC))
    code, out, err = run(capsys, "kvi", "basket", "--workspace", folder, "--by", "country", "--format", "json")
    rows = json.loads(out)
    assert (code, err) == (0, "")
    assert all(list(row) == KEYS for row in rows)
    february = {row["slice"]: row for row in rows if row["period"] == "2026-02-01"}
    assert february["NL"]["value"] == 7.25
    assert february["DE"]["value"] is None
    assert february["NL"]["complete"] is True


def test_a_process_of_its_own_says_nothing_else(folder):
    command = [sys.executable, "-m", "kviboard", "kvi", "basket", "--workspace", folder, "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)[0].keys() == set(KEYS)
    assert re.fullmatch(r"(note: data to 12 Mar 2026, \d+ (day|month|year)s? old\n)?", done.stderr)


def test_a_kvi_by_score_says_where_little_of_the_revenue_has_one(tiny_workspace, capsys):  # noqa: F811
    """a, whose score is known on the day, brought 10 of January's 35.50 and all of February; March is not over."""
    scored = kvi_file("sum(promoter_revenue)", more="coverage: scored_revenue_coverage")
    folder = str(tiny_workspace(promoters=scored, turnover=kvi_file()).root)
    said = "note: in 1 of 2 rows less than 50 % of revenue comes from customers who gave a score\n"
    for name, expected in (("promoters", True), ("turnover", False)):
        _, _, err = run(capsys, "kvi", name, "--workspace", folder)
        assert (said in err) is expected


def test_a_range_a_filter_and_a_grain_are_taken(folder, capsys):
    code, out, _ = run(
        capsys, "kvi", "turnover", "--workspace", folder,
        "--grain", "quarter", "--from", "2026-01-05", "--to", "2026-01-06",
        "--where", "country=NL", "--format", "json",
    )  # fmt: skip
    assert code == 0
    assert [(row["period"], row["value"], row["slice"], row["complete"]) for row in json.loads(out)] == [
        ("2026-01-01", 137.25, None, False)
    ]


def test_no_cell_of_a_csv_is_a_formula_unless_it_is_meant_for_a_program(folder, capsys):
    customers = Path(folder) / "exports" / "customers.csv"
    customers.write_text(customers.read_text().replace("NL", "=1+1"))
    asked = ("kvi", "turnover", "--workspace", folder, "--by", "country", "--format", "csv")
    _, out, _ = run(capsys, *asked)
    _, raw, _ = run(capsys, *asked, "--raw")
    slices = [set(pd.read_csv(StringIO(text))["slice"]) for text in (out, raw)]
    assert slices == [{"'=1+1", "DE"}, {"=1+1", "DE"}]
    assert pd.read_csv(StringIO(out))["value"].equals(pd.read_csv(StringIO(raw))["value"])
    code, _, err = run(capsys, "kvi", "--workspace", folder, "--raw")
    assert (code, err) == (2, "kviboard: --raw goes with --format csv.\n")


def test_csv_can_be_read_back(folder, capsys):
    _, out, _ = run(capsys, "kvi", "turnover", "--workspace", folder, "--format", "csv")
    header, *lines = out.strip().splitlines()
    assert header == ",".join(KEYS)
    assert lines[0].startswith("2026-01-01,,35.5,35.5,")


def test_views_are_listed_and_printed(folder, capsys):
    code, out, _ = run(capsys, "view", "--workspace", folder, "--format", "json")
    listed = {row["view"]: row for row in json.loads(out)}
    assert (code, listed["score_distribution"]["sliced"], listed["score_distribution"]["waits_for"]) == (0, True, "")
    _, out, _ = run(capsys, "view", "score_distribution", "--workspace", folder, "--by", "country", "--format", "csv")
    header, *lines = out.strip().splitlines()
    assert header == "slice,score,responses,share,low,high,design_effect"
    assert [line.split(",")[:4] for line in lines if line.split(",")[2] != "0"] == [
        ["DE", "8", "1", "1"], ["NL", "3", "1", "0.5"], ["NL", "10", "1", "0.5"]
    ]  # fmt: skip


def test_a_view_without_rows_names_what_it_could_be_asked(folder, capsys):
    nobody = run(capsys, "view", "customer_timeline", "--workspace", folder, "--format", "json")
    assert nobody[:2] == (0, "[]\n")
    assert "customer_timeline also takes --set customer=VALUE, which was not given." in nobody[2]
    asked = run(capsys, "view", "customer_timeline", "--set", "customer=nobody", "--workspace", folder)
    assert "also takes" not in asked[2]
    whole = run(capsys, "view", "customer_list", "--workspace", folder)
    assert "also takes" not in whole[2]  # it has rows


def test_why_splits_a_change(folder, capsys):
    code, out, _ = run(capsys, "why", "turnover", "--workspace", folder, "--against", "previous", "--format", "json")
    rows = json.loads(out)
    assert (code, [(row["slice"], row["effect"]) for row in rows]) == (0, [("NL", -22.75), ("DE", -5.5)])
    assert rows[0]["mix_effect"] is None


def test_without_a_name_all_kvis_and_where_they_stand_are_listed(folder, capsys):
    code, out, _ = run(capsys, "kvi", "--workspace", folder)
    assert code == 0
    assert "turnover" in out
    assert "needs the tickets export" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("kvi", "nosuch"), '"nosuch" is not a KVI; known are'),
        (("kvi", "complaints_per_1000"), "needs the tickets export"),
        (("view", "nosuch"), '"nosuch" is not a view; known are'),
        (("view", "rejected_rows", "--from", "2026-01-01"), "covers all days; leave out --from and --to"),
        (("view", "score_distribution", "--set", "most"), "not like name=value"),
        (("why", "turnover", "--by", "planet"), '"planet" is not a dimension; choose one of country'),
        (("why", "turnover", "--period", "2026-01-15"), "no complete month before it"),
        (("kvi", "turnover", "--by", "planet"), '"planet" is not a dimension; choose one of country'),
        (("kvi", "turnover", "--where", "country=XX"), 'country has no value "XX"; known are DE, NL'),
        (("kvi", "turnover", "--where", "country"), "write it like country=NL"),
        (("kvi", "turnover", "--from", "5/1/2026"), "write it like 2026-01-31"),
        (("kvi", "turnover", "--grain", "fortnight"), "invalid choice"),
        (
            ("kvi", "turnover", "--from", "2031-01-01"),
            "No month of this range has data. Turnover has data of 1 Jan – 10 Mar 2026: choose a range within.",
        ),
        (
            ("kvi", "turnover", "--from", "2026-02-01", "--to", "2026-01-01"),
            "1 Feb 2026 lies after 1 Jan 2026: swap the days of the range.",
        ),
        (("frobnicate",), "invalid choice"),
    ],
)
def test_wrong_usage_has_exit_code_2_and_a_sentence(folder, capsys, arguments, words):
    code, out, err = run(capsys, *arguments, "--workspace", folder)
    assert (code, out) == (2, "")
    assert words in err


def test_a_board_without_sprints_says_how_to_have_some(tiny_workspace, capsys):  # noqa: F811
    folder = tiny_workspace(config=CONFIG.replace("first_day = 2026-01-05", "")).root
    code, out, err = run(capsys, "kvi", "turnover", "--grain", "sprint", "--workspace", str(folder))
    assert (code, out) == (2, "")
    assert "There are no sprints. Give [sprints] first_day in kviboard.toml, or export them" in err


def test_where_an_export_is_gone_the_rest_is_printed_and_what_is_missing_named(folder, capsys):
    before = run(capsys, "kvi", "turnover", "--workspace", folder, "--format", "csv")
    (Path(folder) / "exports" / "responses.csv").unlink()
    code, out, err = run(capsys, "kvi", "turnover", "--workspace", folder, "--format", "csv")
    assert (code, out) == (0, before[1])
    assert "35.5" in out
    assert "exports/responses.csv" in err
    assert "Traceback" not in err


def test_a_workspace_that_does_not_exist_has_exit_code_1_and_the_next_step(tmp_path, capsys):
    code, out, err = run(capsys, "refresh", "--workspace", str(tmp_path / "nowhere"))
    assert (code, out) == (1, "")
    assert "kviboard init" in err


def test_wrong_settings_have_exit_code_1_and_are_all_named(tmp_path, capsys):
    (tmp_path / "kviboard.toml").write_text('[surveys]\nscale = "0-7"\nvalid_days = -1\n')
    code, _, err = run(capsys, "check", "--workspace", str(tmp_path))
    assert code == 1
    assert "scale" in err
    assert "valid_days" in err


@pytest.mark.parametrize("command", ["refresh", "check", "kvi"])
def test_a_refresh_that_is_stopped_by_hand_says_which_version_is_in_use(folder, capsys, monkeypatch, command):
    def stopped(*_):
        raise KeyboardInterrupt

    for name in ("refresh_now", "check"):
        monkeypatch.setattr(f"kviboard.cli.refresh.{name}", stopped)
    monkeypatch.setattr("kviboard.cli.options.refresh_if_possible", stopped)
    version = current_version(load_workspace(folder))
    said = run(capsys, command, "--workspace", folder)
    assert said == (130, "", f"kviboard: Stopped; version {version} stays in use.\n")


def test_the_first_refresh_that_is_stopped_by_hand_says_that_there_is_nothing_yet(tmp_path, capsys, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("kviboard.cli.refresh.refresh_now", stopped)
    (tmp_path / "kviboard.toml").write_text(CONFIG)
    said = run(capsys, "refresh", "--workspace", str(tmp_path))
    assert said == (130, "", "kviboard: Stopped; there is no version yet.\n")


def test_refresh_says_what_it_read(folder, capsys):
    code, out, _ = run(capsys, "refresh", "--workspace", folder)
    assert code == 0
    assert "11 rows of 3 files read = 11 kept + 0 rejected + 0 duplicates." in out
    assert "The data reaches 12 Mar 2026." in out
    waiting = [line for line in out.splitlines() if line.startswith("Waiting: ") and "export" in line]
    assert waiting
    assert all((", " in line) == (" need " in line) for line in waiting)  # several need, one needs


def test_the_same_option_works_before_and_after_the_command(folder, capsys):
    before = run(capsys, "--workspace", folder, "kvi", "turnover")
    after = run(capsys, "kvi", "turnover", "--workspace", folder)
    assert before == after
    assert before[0] == 0


def test_help_teaches(capsys):
    code, out, _ = run(capsys, "--help")
    assert code == 0
    for word in ("refresh", "check", "init", "kvi", "exit codes", "--workspace"):
        assert word in out


def test_init_writes_a_workspace_that_is_valid_as_it_stands(tmp_path, capsys):
    code, out, _ = run(capsys, "init", str(tmp_path / "ours"))
    assert code == 0
    assert out.index("kviboard check --workspace") < out.index("kviboard refresh --workspace")  # as in README.md
    code, _, err = run(capsys, "refresh", "--workspace", str(tmp_path / "ours"))
    assert code == 1
    assert "sources" in err  # it says what is missing, not that the file is wrong


def test_init_never_overwrites(folder, capsys):
    code, _, err = run(capsys, "init", folder)
    assert code == 2
    assert "exists already; nothing was written" in err


def test_help_of_init_says_what_its_folder_is(capsys):
    code, out, _ = run(capsys, "init", "--help")
    assert code == 0
    assert "folder to write kviboard.toml into; made if it is not there" in " ".join(out.split())
    assert "orders.csv:dates=%d/%m/%Y'" in out


def test_init_alone_says_what_it_wants_and_shows_it(capsys):
    code, out, err = run(capsys, "init")
    assert (code, out) == (2, "")
    assert "Name the folder" in err
    assert "exports (CSV, XLSX, Parquet, JSON)" in err
    assert "kviboard init our-board orders.csv" in err


def begin(folder: str, *begun: tuple[str, str | None]) -> None:
    """Begin reviews of sprints of teams."""
    with closing(open_store_of(load_workspace(folder))) as store:
        for sprint, team in begun:
            day = date(2026, 1, 5)
            new = NewReview(sprint=sprint, team=team, starts_on=day, ends_on=date(2026, 1, 18), goal="")
            store.reviews.add(new, author=an_author(day))


def test_minutes_of_an_unknown_team_name_the_teams_there_are(folder, capsys):
    begin(folder, ("Sprint 1", "Blue"), ("Sprint 2", "Amber"), ("Sprint 3", None))
    asked = ("--out", "x.md", "--workspace", folder)
    assert run(capsys, "minutes", "Sprint 1", "--team", "Green", *asked) == (
        2, "", "kviboard: No review of a team “Green”; there are: Amber, Blue.\n"
    )  # fmt: skip
    assert run(capsys, "minutes", "Sprint 1", "--team", "Amber", *asked) == (
        2, "", "kviboard: No review of “Sprint 1” by Amber; there are: Sprint 2.\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        ["--read-only", "--port", "9500", "serve"],
        ["serve", "--read-only", "--port", "9500"],
        ["--port", "9400", "--read-only", "serve", "--port", "9500"],
    ],
)
def test_the_board_is_served_as_asked_before_and_after_the_command(folder, monkeypatch, given):
    asked = []
    monkeypatch.setattr("kviboard.ui.serve.serve", lambda workspace, options, opens: asked.append((options, opens)))
    assert main(["--workspace", folder, *given]) == 0
    [(options, opens)] = asked
    assert (options.read_only, options.port, options.address, options.workers, opens) == (
        True, 9500, "127.0.0.1", 1, True,
    )  # fmt: skip
