"""`kviboard coach`: how user stories, or the board's own sentences, are worded for the customer."""

import argparse
import sys
from contextlib import closing
from pathlib import Path

from kviboard.board.board import Board, board_without_data, open_board
from kviboard.board.context import BoardContext, open_store_of
from kviboard.board.wording.own_words import own_words
from kviboard.board.wording.stories import CoachedStory, coach_stories, in_words, read_stories, stories_csv
from kviboard.cli.options import FINE, quiet
from kviboard.domain.wording.stories import STORY_RULES
from kviboard.errors import NotBuiltError
from kviboard.workspace import Workspace, load_workspace


def add_coach(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """The command that coaches the wording."""
    coach = commands.add_parser(
        "coach",
        parents=[quiet(common)],
        help="say how user stories, or the board's own sentences, could speak of the customer",
        description="Read user stories from an export (CSV or XLSX of Jira, Azure DevOps or any other) and say of each "
        "what a customer would miss. Without FILE: the vision, open sprint goals, active objectives and key results.",
        epilog="Stories may be in English, Dutch, German or Danish; others are counted and not judged.",
    )
    coach.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a CSV or XLSX with a row per story")
    coach.add_argument("--column", metavar="NAME", help="the column with the stories (default: found by its texts)")
    coach.add_argument("--rewrite", action="store_true", help="also say how each might be worded; … is for you to fill")
    coach.add_argument("--format", choices=("text", "csv"), default="text", help="how to print (default: text)")
    coach.set_defaults(run=_coach)


def _coach(options: argparse.Namespace) -> int:
    workspace = load_workspace(options.workspace)
    if options.file is not None:
        stories = read_stories(options.file, options.column)
        with closing(open_store_of(workspace)) as store:
            kinds = BoardContext(_board(workspace), store).kinds_of_customers
        coached = coach_stories(stories.told, kinds)
        if options.format == "csv":
            print(stories_csv(coached), end="")
        else:
            _print_text(coached, options.rewrite)
        for sentence in stories.unread:
            print(sentence, file=sys.stderr)
        return FINE
    with closing(open_store_of(workspace)) as store:
        for each in own_words(BoardContext(_board(workspace), store)):
            print(f"{each.what}: {each.text}")
            for finding in each.coached.findings:
                print(f"  “{finding.quote}”: {finding.rewrite}")
            if each.coached.silence:
                print(f"  {each.coached.silence}")
            if options.rewrite and each.coached.rewrite:
                print(f"  → {each.coached.rewrite}")
    return FINE


def _board(workspace: Workspace) -> Board:
    try:
        return open_board(workspace)
    except NotBuiltError:
        return board_without_data(workspace)


def _print_text(coached: list[CoachedStory], with_rewrites: bool) -> None:
    for each in coached:
        mark = "✓" if each.passes else "✕" if each.language else "?"
        print(f"{mark} {each.key}: {' '.join(each.text.split())}")
        for finding in each.findings:
            print(f"    {STORY_RULES[finding.rule]} “{finding.quote}”: {finding.rewrite}")
        if with_rewrites and each.rewrite:
            print(f"    → {each.rewrite}")
    print(in_words(coached))
