"""`kviboard okrs`: everything people typed, out and in again, without loss."""

import json
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from kviboard.board.context import open_store_of
from kviboard.cli import main
from kviboard.cli.acting import user_name
from kviboard.store import Author, NewCycle
from kviboard.workspace import SAMPLE_WORKSPACE, load_workspace

CONFIG = '[company]\nname = "Ours"\n'


@pytest.fixture
def folder(tmp_path):
    """A workspace with one quarter in its store."""
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "kviboard.toml").write_text(CONFIG)
    store = open_store_of(load_workspace(ours))
    cycle = NewCycle(name="Q1 2026", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31))
    store.cycles.add(cycle, author=Author("Product owner", datetime(2026, 1, 1, tzinfo=UTC)))
    store.close()
    return ours


@pytest.fixture
def empty(tmp_path):
    """A workspace that nobody used yet."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "kviboard.toml").write_text(CONFIG)
    return theirs


def run(capsys, *arguments):
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as stop:
        code = int(stop.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def without_import(file):
    """An export without the last entry of its audit, which says who imported it."""
    exported = json.loads(file.read_text())
    entry = exported["tables"]["audit"].pop()
    assert (entry["action"], entry["created_by"]) == ("imported OKRs", user_name())
    return exported


def test_who_acts_on_data_is_in_the_audit_of_a_store_in_use(folder, empty, tmp_path, capsys, monkeypatch):
    for name in ("LOGNAME", "USER"):
        monkeypatch.setenv(name, "ann")
    assert run(capsys, "refresh", "--workspace", folder)[0] == 1  # it has no exports, and was asked to all the same
    (tmp_path / "okrs.csv").write_text("Objective,Key result,Cycle\nMore trust,Score,Q1 2026\n")
    assert run(capsys, "okrs", "import", tmp_path / "okrs.csv", "--workspace", folder)[0] == 0
    with closing(open_store_of(load_workspace(folder))) as store:
        entries = [(entry.action, entry.created_by, entry.after) for entry in store.history.of_exports()]
    assert entries == [("refreshed", "ann", {}), ("imported OKRs", "ann", {"file": "okrs.csv"})]
    run(capsys, "refresh", "--workspace", empty)
    with closing(open_store_of(load_workspace(empty))) as store:
        assert not store.history.newest(), "an empty store stays one that can be imported into"


def test_who_has_no_name_in_the_system_is_the_owner(monkeypatch):
    def nobody():
        raise KeyError("getpwuid(): uid not found: 1234")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert user_name() == "the owner"


def test_what_goes_out_comes_in_again_and_out_the_same(folder, empty, tmp_path, capsys):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    code, out, _ = run(capsys, "okrs", "export", first, "--workspace", folder)
    assert (code, "2 rows of OKRs" in out) == (0, True)  # the quarter and who added it
    assert run(capsys, "okrs", "import", first, "--workspace", empty)[0] == 0
    assert run(capsys, "--workspace", empty, "okrs", "export", second)[0] == 0
    assert without_import(second) == json.loads(first.read_text())


@pytest.mark.parametrize("name", ["okrs.json", "okrs.csv", "okrs.tsv", "okrs.xlsx"])
def test_what_cannot_be_written_is_said_in_a_sentence(folder, tmp_path, capsys, name):
    file = tmp_path / "nowhere" / name
    assert run(capsys, "okrs", "export", file, "--workspace", folder) == (
        1,
        "",
        f"kviboard: {file} cannot be written: No such file or directory.\n",
    )


def test_the_sample_s_okrs_go_in_and_out_without_loss(empty, tmp_path, capsys):
    assert run(capsys, "okrs", "import", SAMPLE_WORKSPACE / "okrs.json", "--workspace", empty)[0] == 0
    run(capsys, "okrs", "export", tmp_path / "again.json", "--workspace", empty)
    assert without_import(tmp_path / "again.json") == json.loads((SAMPLE_WORKSPACE / "okrs.json").read_text())


def test_a_store_in_use_is_never_overwritten(folder, tmp_path, capsys):
    run(capsys, "okrs", "export", tmp_path / "okrs.json", "--workspace", folder)
    code, out, err = run(capsys, "okrs", "import", tmp_path / "okrs.json", "--workspace", folder)
    assert (code, out) == (1, "")
    assert "is not empty: import into a new one" in err


def test_a_file_that_is_none_of_ours_is_named_and_nothing_is_imported(empty, tmp_path, capsys):
    (tmp_path / "note.json").write_text('{"kind": "shopping list"}')
    code, _, err = run(capsys, "okrs", "import", tmp_path / "note.json", "--workspace", empty)
    assert code == 1
    assert "note.json is not an export of this program" in err
    assert run(capsys, "okrs", "import", tmp_path / "missing.json", "--workspace", empty)[0] == 1


@pytest.mark.parametrize("arguments", [("okrs",), ("okrs", "export"), ("okrs", "devour", "x.json")])
def test_wrong_usage_has_exit_code_2(folder, capsys, arguments):
    code, out, err = run(capsys, *arguments, "--workspace", folder)
    assert (code, out) == (2, "")
    assert "usage: kviboard okrs" in err


def test_the_latest_import_is_taken_back_by_whoever_made_it(folder, tmp_path, capsys, monkeypatch):
    here = ("--workspace", folder)
    (tmp_path / "okrs.csv").write_text(
        "Objective,Key result,Cycle\nMore trust,Score,Q2 2026\nMore trust,Calls,Q2 2026\n"
    )
    assert run(capsys, "okrs", "take-back", *here)[0] == 1
    run(capsys, "okrs", "import", tmp_path / "okrs.csv", *here)
    what = "1 objective and 2 key results, with the cycle Q2 2026, imported on "
    assert f"dry run. It would be {what}" in run(capsys, "okrs", "take-back", "--dry-run", *here)[1]
    monkeypatch.setattr("getpass.getuser", lambda: "bo")
    assert run(capsys, "okrs", "take-back", *here)[:2] == (1, "bo has no import that could be taken back.\n")
    monkeypatch.undo()
    code, out, _ = run(capsys, "okrs", "take-back", *here)
    assert (code, out.startswith(f"Taken back: {what}")) == (0, True)
    with closing(open_store_of(load_workspace(folder))) as store:
        assert "Q2 2026" not in [cycle.name for cycle in store.cycles.all()]
    assert run(capsys, "okrs", "take-back", *here)[0] == 1
