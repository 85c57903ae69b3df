"""The share of a sprint's user stories that speak of customers, on the opening of that sprint and no other."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kviboard.board.context import BoardContext
from kviboard.board.reviews.stories import are_kept, keep_stories, stories_in_words
from kviboard.board.wording.stories import coach_stories
from kviboard.documents.review.tables import goal_blocks
from kviboard.store import Author
from kviboard.workspace.settings import Review
from tests.board.reviews.test_reviews import begun, opened, the_sprint

ANN = Author("Ann", datetime(2026, 11, 2, 9, tzinfo=UTC))
GOOD, OURS = "As a tenant, I want a price so that I can plan", "As a developer, I want a test so that it is quick"
STORIES = f'story\n"{GOOD}"\n"{OURS}"\n'


@pytest.fixture
def with_stories(context: BoardContext, tmp_path: Path) -> BoardContext:
    folder = tmp_path / "stories"
    folder.mkdir()
    (folder / "Sprint 3.csv").write_text(STORIES, encoding="utf-8")
    (folder / "sprint-2.csv").write_bytes(b"\x00")
    workspace = context.board.workspace.model_copy(update={"review": Review(stories="stories/*.csv"), "root": tmp_path})
    return BoardContext(replace(context.board, workspace=workspace), context.store)


def test_an_opening_tells_of_its_own_sprint_s_stories(with_stories: BoardContext) -> None:
    document = opened(with_stories, begun(with_stories))
    assert document.stories_text.startswith("1 of 2 stories says what a customer gets")
    assert "User stories: 1 of 2" in repr(goal_blocks(document))


def test_a_sprint_without_stories_says_nothing_and_a_broken_file_says_so(with_stories: BoardContext) -> None:
    assert stories_in_words(with_stories, the_sprint(with_stories, "Sprint 1").sprint) == ""
    told = stories_in_words(with_stories, the_sprint(with_stories, "Sprint 2").sprint)
    assert told.startswith("The stories could not be read: ")
    assert "is not text" in told


def test_no_setting_reads_no_file(context: BoardContext) -> None:
    assert stories_in_words(context, the_sprint(context, "Sprint 3").sprint) == ""


def test_stories_that_somebody_keeps_count_instead_of_those_exported(with_stories: BoardContext) -> None:
    sprint = the_sprint(with_stories, "Sprint 3").sprint
    assert not are_kept(with_stories, sprint)
    lines = [("A", GOOD), ("B", "As a guest, I want a map so that I find the door"), ("C", "=1+1 for the team")]
    keep_stories(with_stories, sprint, coach_stories(lines), author=ANN)
    assert are_kept(with_stories, sprint)
    assert opened(with_stories, begun(with_stories)).stories_text.startswith("2 of 3 stories say what a customer gets")
    keep_stories(with_stories, sprint, coach_stories(lines[2:]), author=ANN)
    assert stories_in_words(with_stories, sprint).startswith("0 of 1 story")
    assert stories_in_words(with_stories, the_sprint(with_stories, "Sprint 1").sprint) == ""


def test_stories_kept_are_the_sprint_s_and_team_s_own_and_only_added_to(context: BoardContext, tmp_path: Path) -> None:
    sprint = the_sprint(context, "Sprint 3").sprint
    of_team = replace(sprint, team="Payments")
    long = GOOD + " and rest" * 1_000
    keep_stories(context, sprint, coach_stories([("A", GOOD), ("B", long)]), author=ANN)
    keep_stories(context, of_team, coach_stories([("C", OURS)]), author=ANN)
    assert stories_in_words(context, sprint).startswith("2 of 2 stories")
    assert stories_in_words(context, of_team).startswith("0 of 1 story")
    assert context.store.stories.of("Sprint 3", None) == (("A", GOOD), ("B", long[:2_000]))
    keep_stories(context, sprint, coach_stories([("D", OURS)]), author=ANN)
    context.store.export_json(tmp_path / "board.json")  # what was kept before is there, and who kept what
    tables = json.loads((tmp_path / "board.json").read_text(encoding="utf-8"))["tables"]
    kept = [(each["team"], len(each["document"]["stories"]), each["created_by"]) for each in tables["sprint_stories"]]
    assert kept == [(None, 2, "Ann"), ("Payments", 1, "Ann"), (None, 1, "Ann")]
    notes = [each["action"] for each in tables["audit"] if each["row_of"] == "sprint_stories"]
    assert notes == ["kept"] * 3


def test_every_machine_on_one_store_sees_the_stories_that_are_kept(with_stories: BoardContext, tmp_path: Path) -> None:
    """Another state folder, and no exports of stories in it: the store is all that is shared."""
    sprint = the_sprint(with_stories, "Sprint 3").sprint
    keep_stories(with_stories, sprint, coach_stories([("A", GOOD)]), author=ANN)
    apart = with_stories.board.workspace.model_copy(update={"state": tmp_path / "other", "review": Review()})
    elsewhere = BoardContext(replace(with_stories.board, workspace=apart), with_stories.store)
    assert are_kept(elsewhere, sprint)
    assert stories_in_words(elsewhere, sprint) == stories_in_words(with_stories, sprint) != ""


def test_a_file_kept_before_the_store_had_stories_still_counts(with_stories: BoardContext, tmp_path: Path) -> None:
    workspace = with_stories.board.workspace.model_copy(update={"state": tmp_path / "state"})
    context = BoardContext(replace(with_stories.board, workspace=workspace), with_stories.store)
    earlier = tmp_path / "state" / "stories" / "sprint-3.csv"
    earlier.parent.mkdir(parents=True)
    earlier.write_text(f'key,story\nA,"{OURS}"\n', encoding="utf-8")
    sprint = the_sprint(context, "Sprint 3").sprint
    assert are_kept(context, sprint)
    assert stories_in_words(context, sprint).startswith("0 of 1 story")
    keep_stories(context, sprint, coach_stories([("A", GOOD)]), author=ANN)
    assert stories_in_words(context, sprint).startswith("1 of 1 story")


def test_a_damaged_file_of_before_is_told_and_stories_kept_now_count(
    with_stories: BoardContext, tmp_path: Path
) -> None:
    workspace = with_stories.board.workspace.model_copy(update={"state": tmp_path / "state"})
    context = BoardContext(replace(with_stories.board, workspace=workspace), with_stories.store)
    earlier = tmp_path / "state" / "stories" / "sprint-3.csv"
    earlier.parent.mkdir(parents=True)
    earlier.write_bytes(b"\x00\x01 damaged")
    sprint = the_sprint(context, "Sprint 3").sprint
    assert are_kept(context, sprint)
    assert stories_in_words(context, sprint).startswith("The stories could not be read: sprint-3.csv")
    keep_stories(context, sprint, coach_stories([("A", GOOD)]), author=ANN)
    assert stories_in_words(context, sprint).startswith("1 of 1 story")


@pytest.mark.parametrize("place", ["/etc/*.csv", "../other/*.csv"])
def test_stories_lie_in_the_workspace(place: str) -> None:
    with pytest.raises(ValueError, match="lie in the workspace"):
        Review(stories=str(Path(place)))
