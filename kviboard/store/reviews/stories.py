"""The user stories of sprints. What the coach says of them is for `board`."""

from collections.abc import Sequence

from sqlalchemy import select

from kviboard.store.database import Database
from kviboard.store.reviews.schema import sprint_stories
from kviboard.store.saving import Author


class SprintStories:
    """Key and text of each story of a sprint, as somebody kept them; the newest count, those before stay."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, sprint: str, team: str | None, stories: Sequence[tuple[str, str]], *, author: Author) -> None:
        """Keeps the stories of a sprint instead of those kept before; once per click."""
        document = {"stories": [list(story) for story in stories]}
        with self._database.saving(author) as save:
            if save.repeated(sprint_stories) is None:
                save.add(sprint_stories, {"sprint": sprint, "team": team, "document": document}, "kept")

    def of(self, sprint: str, team: str | None) -> tuple[tuple[str, str], ...] | None:
        """The stories kept last for a sprint; None where nobody kept any."""
        own = sprint_stories.c.team.is_(None) if team is None else sprint_stories.c.team == team
        wanted = select(sprint_stories.c.document).where(sprint_stories.c.sprint == sprint, own)
        with self._database.reading() as connection:
            document = connection.execute(wanted.order_by(sprint_stories.c.id.desc()).limit(1)).scalar_one_or_none()
        return None if document is None else tuple((key, told) for key, told in document["stories"])
