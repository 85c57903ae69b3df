"""The user stories of a sprint: how many say what a customer gets. From the exports that `[review] stories` names, or
from a file that somebody kept for the sprint, which counts instead of them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from kviboard.board.context import BoardContext
from kviboard.board.reviews.sprints import slug_of
from kviboard.board.wording.stories import LETTERS, CoachedStory, Stories, coach_stories, in_words, read_stories
from kviboard.domain.periods import Sprint
from kviboard.errors import UsageError
from kviboard.store import Author

_EARLIER = "stories"  # in the workspace's state, a file per sprint: where stories were kept before the store had them


def stories_in_words(context: BoardContext, sprint: Sprint) -> str:
    """What the coach says of a sprint's stories, in a sentence; empty where there are none of it. Raises StoreError."""
    try:
        files = list(_read(context, sprint))
    except UsageError as error:
        return f"The stories could not be read: {error}"
    stories = [story for each in files for story in each.told]
    says = in_words(coach_stories(stories, context.kinds_of_customers)) if stories else ""
    return " ".join([says, *(sentence for each in files for sentence in each.unread)])


def keep_stories(context: BoardContext, sprint: Sprint, coached: Sequence[CoachedStory], *, author: Author) -> None:
    """Keeps the stories of a sprint, as much as is read of each, instead of those kept before. Raises StoreError."""
    stories = [(each.key, each.text[:LETTERS]) for each in coached]
    context.store.stories.keep(sprint.name, sprint.team, stories, author=author)


def are_kept(context: BoardContext, sprint: Sprint) -> bool:
    """Whether somebody kept stories for the sprint. Raises StoreError."""
    return context.store.stories.of(sprint.name, sprint.team) is not None or _earlier(context, sprint).is_file()


def _read(context: BoardContext, sprint: Sprint) -> Iterator[Stories]:
    kept = _kept(context, sprint)
    if kept is not None:
        yield kept
        return
    wanted = slug_of(sprint.team, sprint.name)
    exported = context.board.workspace.story_files
    yield from (read_stories(file) for file in exported if slug_of(file.stem) == wanted)


def _kept(context: BoardContext, sprint: Sprint) -> Stories | None:
    told = context.store.stories.of(sprint.name, sprint.team)
    if told is not None:
        return Stories(told, "story")
    earlier = _earlier(context, sprint)
    return read_stories(earlier, "story") if earlier.is_file() else None


def _earlier(context: BoardContext, sprint: Sprint) -> Path:
    return context.board.workspace.state / _EARLIER / f"{slug_of(sprint.team, sprint.name)}.csv"
