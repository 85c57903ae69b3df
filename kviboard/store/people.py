"""Who is known to the board: everybody who owns something or wrote something. There is no list of people to keep."""

from sqlalchemy import Connection, func, select, union

from kviboard.domain.people import Signature
from kviboard.store.follow_ups.schema import follow_ups
from kviboard.store.reviews.schema import decisions, reviewers
from kviboard.store.schema import audit, key_results, objectives


def people(connection: Connection) -> list[str]:
    """The names of owners (of what is not archived), of reviewers and of all who ever saved, each once as written."""
    owned = [
        select(table.c.owner.label("name")).where(table.c.archived_at.is_(None), table.c.owner.is_not(None))
        for table in (objectives, key_results, decisions, follow_ups)
    ]
    wrote = [select(audit.c.created_by.label("name")), select(reviewers.c.name.label("name"))]
    return list(connection.execute(union(*owned, *wrote)).scalars())


def signatures(connection: Connection) -> list[Signature]:
    """The names under which people saved who had signed in, each with whose it is, by first use."""
    name, subject = audit.c.created_by, audit.c.created_by_subject
    found = select(name, subject).where(subject.is_not(None)).group_by(name, subject).order_by(func.min(audit.c.id))
    return [Signature(*row) for row in connection.execute(found)]
