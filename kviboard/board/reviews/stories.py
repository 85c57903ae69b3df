"""The user stories of a sprint, from the exports that `[review] stories` names: how many say what a customer gets."""

from kviboard.board.context import BoardContext
from kviboard.board.reviews.sprints import slug_of
from kviboard.board.wording.stories import coach_stories, in_words, read_stories
from kviboard.domain.periods import Sprint
from kviboard.errors import UsageError


def stories_in_words(context: BoardContext, sprint: Sprint) -> str:
    """What the coach says of a sprint's stories, in a sentence; empty where none were exported for it."""
    workspace = context.board.workspace
    if not workspace.review.stories:
        return ""
    wanted = slug_of(sprint.team, sprint.name)
    found = [file for file in sorted(workspace.root.glob(workspace.review.stories)) if slug_of(file.stem) == wanted]
    try:
        files = [read_stories(file) for file in found]
    except UsageError as error:
        return f"The stories could not be read: {error}"
    stories = [story for each in files for story in each.told]
    says = in_words(coach_stories(stories, context.kinds_of_customers)) if stories else ""
    return " ".join([says, *(sentence for each in files for sentence in each.unread)])
