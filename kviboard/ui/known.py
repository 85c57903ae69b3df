"""Who is known by name and what waits for whom, kept between reruns; what both mean stands in `board.people`."""

from datetime import date

from kviboard.board.people.known import known_people
from kviboard.board.people.waiting import Kind, Waiting, of_person, waiting
from kviboard.caching import shared_cache
from kviboard.ui import session
from kviboard.ui.access import visitor
from kviboard.ui.author import all_names, person
from kviboard.ui.served import workspace


def people() -> tuple[str, ...]:
    """Everybody known by name. Raises StoreError."""
    return _people(session.board_key(), session.newest_entry())


def waiting_for(name: str) -> tuple[Waiting, ...]:
    """What waits for somebody; calls to customers only for those who may see customers. Raises StoreError."""
    found = _waiting(session.board_key(), session.newest_entry(), workspace().company.today())
    found = of_person(found, *all_names(name))
    return tuple(each for each in found if each.kind != Kind.CALL or visitor().sees_customers)


def waiting_for_visitor() -> tuple[Waiting, ...]:
    """What waits for the visitor; nothing while nobody has said who they are. Raises StoreError."""
    return waiting_for(person()) if person() else ()


@shared_cache(most=4)
def _people(key: session.Key, newest: int) -> tuple[str, ...]:
    return known_people(session.context())


@shared_cache(most=4)
def _waiting(key: session.Key, newest: int, today: date) -> tuple[Waiting, ...]:
    return waiting(session.context())
