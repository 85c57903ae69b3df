"""The user stories of a sprint: how many say what a customer gets. From the exports that `[review] stories` names, or
from a file that somebody kept for the sprint, which counts instead of them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from kviboard.board.context import BoardContext
from kviboard.board.reviews.sprints import slug_of
from kviboard.board.wording.stories import CoachedStory, Stories, coach_stories, in_words, read_stories, stories_csv
from kviboard.domain.periods import Sprint
from kviboard.errors import StoreError, UsageError
from kviboard.files import write_atomically

_FOLDER = "stories"  # in the workspace's state, a file per sprint


def stories_in_words(context: BoardContext, sprint: Sprint) -> str:
    """What the coach says of a sprint's stories, in a sentence; empty where there are none of it."""
    try:
        files = list(_read(context, sprint))
    except UsageError as error:
        return f"The stories could not be read: {error}"
    stories = [story for each in files for story in each.told]
    says = in_words(coach_stories(stories, context.kinds_of_customers)) if stories else ""
    return " ".join([says, *(sentence for each in files for sentence in each.unread)])


def keep_stories(context: BoardContext, sprint: Sprint, coached: Sequence[CoachedStory]) -> None:
    """Keeps the stories of a sprint, instead of those kept before. Raises StoreError where that cannot be written."""
    file = _kept(context, sprint)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with write_atomically(file) as unfinished:
            unfinished.write_text(stories_csv(coached), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"The stories could not be kept in {file.parent} ({error.strerror}).") from error


def are_kept(context: BoardContext, sprint: Sprint) -> bool:
    """Whether somebody kept stories for the sprint."""
    return _kept(context, sprint).is_file()


def _read(context: BoardContext, sprint: Sprint) -> Iterator[Stories]:
    workspace = context.board.workspace
    if are_kept(context, sprint):
        yield read_stories(_kept(context, sprint), "story")
        return
    wanted = slug_of(sprint.team, sprint.name)
    exported = sorted(workspace.root.glob(workspace.review.stories)) if workspace.review.stories else []
    yield from (read_stories(file) for file in exported if slug_of(file.stem) == wanted)


def _kept(context: BoardContext, sprint: Sprint) -> Path:
    return context.board.workspace.state / _FOLDER / f"{slug_of(sprint.team, sprint.name)}.csv"
