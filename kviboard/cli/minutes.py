"""`kviboard minutes`: the minutes of a sprint's review as a file, from its frozen record: no exports, no warehouse."""

import argparse
from contextlib import closing
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from kviboard.cli.options import FINE, quiet, write_file
from kviboard.errors import UsageError
from kviboard.workspace import load_workspace

if TYPE_CHECKING:  # SQLAlchemy takes time to import; other commands need not wait for it
    from kviboard.store import FrozenMeeting, Review, Store


def add_minutes(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """Add the command with its options."""
    what = "write the minutes of a sprint's review as a page, slides or text; without SPRINT, list the reviews"
    minutes = commands.add_parser(
        "minutes",
        parents=[quiet(common)],
        help=what,
        description=f"{what[0].upper()}{what[1:]}. Only what was frozen is needed, so a review can be written again "
        "years later.",
    )
    minutes.add_argument("sprint", metavar="SPRINT", nargs="?", help='such as "Sprint 38"')
    minutes.add_argument("--team", metavar="TEAM", help="the team, where several have a sprint of that name")
    minutes.add_argument("--act", choices=("opening", "closing"), help="which of them (default: the later one)")
    minutes.add_argument("--out", metavar="FILE", type=Path, help="ends in .html, .pptx or .md; replaced if it exists")
    minutes.set_defaults(run=_minutes)


def _minutes(options: argparse.Namespace) -> int:
    from kviboard.board.context import open_store_of

    workspace = load_workspace(options.workspace)
    with closing(open_store_of(workspace)) as store:
        if options.sprint is None:
            return _list(store)
        if options.out is None:
            raise UsageError("Say where to write the minutes: --out FILE, ending in .html, .pptx or .md.")
        return _write(store, options, workspace.company.zone)


def _list(store: "Store") -> int:
    held = store.reviews.all()
    if not held:
        print("No review has been begun yet: prepare a sprint on the board's page “Sprint review”.")
    for review in held:
        record = store.reviews.whole(review.id)
        acts = [name for name, act in (("opened", record.opening), ("closed", record.closing)) if act]
        team = f"  {review.team}" if review.team else ""
        print(f"{review.sprint}{team}  {', '.join(acts) or 'being prepared'}")
    return FINE


def _write(store: "Store", options: argparse.Namespace, zone: tzinfo) -> int:
    from kviboard.board.reviews.meeting import frozen_document
    from kviboard.documents.minutes import minutes_story, write_minutes

    review = _review(store, options.sprint, options.team)
    record = store.reviews.whole(review.id)
    acts = {"opening": record.opening, "closing": record.closing}
    act: FrozenMeeting | None = acts[options.act] if options.act else record.closing or record.opening
    if act is None:
        wanted = f"The {options.act} of “{review.sprint}”" if options.act else f"“{review.sprint}”"
        raise UsageError(f"{wanted} is not frozen yet; its minutes follow when it is.")
    story = minutes_story(frozen_document(act), record, zone)
    content = write_minutes(story, options.out.suffix.lstrip(".").lower())
    write_file(options.out, content)
    print(f"{story.title}: {len(story.steps)} parts written to {options.out}.")
    return FINE


def _review(store: "Store", sprint: str, team: str | None) -> "Review":
    known = store.reviews.all()
    of_team = [each for each in known if each.team is not None]
    if team is not None and team not in {each.team for each in of_team}:
        teams = ", ".join(sorted({each.team or "" for each in of_team}))
        there = f"there are: {teams}" if teams else "no review is a team's; leave out --team"
        raise UsageError(f"No review of a team “{team}”; {there}.")
    named = [each for each in known if each.sprint.casefold() == sprint.casefold() and team in (None, each.team)]
    if len(named) == 1:
        return named[0]
    if named:
        teams = ", ".join(sorted(each.team or "the company" for each in named))
        raise UsageError(f"Several have a review of “{sprint}” ({teams}); name one with --team.")
    own = [each.sprint for each in known if team in (None, each.team)]
    whose = f" by {team}" if team else ""
    raise UsageError(f"No review of “{sprint}”{whose}; there are: {', '.join(dict.fromkeys(own)) or 'none yet'}.")
