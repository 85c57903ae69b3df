"""Who is known to the board by name: owners, and everybody who wrote something."""

from kviboard.board.context import BoardContext
from kviboard.domain.people import each_once


def known_people(context: BoardContext) -> tuple[str, ...]:
    """Owners of objectives, key results, decisions, follow-ups and KVIs, and all who ever saved, each once, by name.
    Raises StoreError."""
    owners = [kvi.owner for kvi in context.board.catalog.kvis.values()]
    return tuple(each_once([*context.store.people(), *owners]))
