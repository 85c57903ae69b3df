"""`kviboard coach` on the sample: stories from a file, and the board's own words."""

import csv
from pathlib import Path

import pytest

from kviboard.cli import main
from kviboard.workspace import SAMPLE_WORKSPACE

STORIES = SAMPLE_WORKSPACE / "stories" / "sprint-38.csv"


def test_stories_are_printed_with_what_they_miss_and_the_share(
    sample_workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["coach", str(STORIES), "--workspace", str(sample_workspace)]) == 0
    said = capsys.readouterr().out
    assert "✓ MK-701" in said
    assert "✕ MK-704" in said
    assert "Add what they have from it" in said
    assert said.replace("\u00a0", " ").rstrip().endswith("4 of 8 stories say what a customer gets (50 %).")


def test_programs_get_a_table(sample_workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coach", str(STORIES), "--format", "csv", "--workspace", str(sample_workspace)]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [row["says_what_customers_get"] for row in rows].count("yes") == 4
    assert {row["language"] for row in rows} == {"en", "de"}


def test_the_board_s_own_words_are_coached(sample_workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coach", "--workspace", str(sample_workspace)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Vision: Everyone who pays an energy bill")
    assert "\nObjective: " in said
    assert "\nKey result: " in said


def test_a_rewrite_is_offered_where_it_is_asked_for(sample_workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coach", str(STORIES), "--rewrite", "--workspace", str(sample_workspace)]) == 0
    rewrites = [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("    → ")]
    assert main(["coach", str(STORIES), "--format", "csv", "--workspace", str(sample_workspace)]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert rewrites == [f"→ {row['rewrite']}" for row in rows if row["rewrite"]]
    assert [bool(row["rewrite"]) for row in rows if row["says_what_customers_get"] == "no"] == [True] * 4


def test_a_file_that_is_not_there_is_wrong_usage(sample_workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coach", "nowhere.csv", "--workspace", str(sample_workspace)]) == 2
    assert "nowhere.csv: is not there" in capsys.readouterr().err
