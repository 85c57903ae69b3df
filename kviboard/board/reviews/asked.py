"""Which meeting a browser at the page of all meetings belongs to, and what it is asked there.

Teams hold their reviews at the same hour: nobody may answer another meeting's question without knowing.
"""

from dataclasses import dataclass

from kviboard.board.reviews.sprints import slug_of
from kviboard.store import Poll, Review, Store


@dataclass(frozen=True)
class Asked:
    """`poll` is what is asked, or what this browser's meeting revealed last. `own` is that meeting, if it is known;
    `others` are the other ones that ask something, the one that asked last first."""

    poll: Poll | None
    own: Review | None
    others: tuple[Review, ...]


def asked_of(store: Store, chosen: str, last: int | None) -> Asked:
    """What a browser is asked whose address names the sprint `chosen`, and which saw the poll `last` before.

    It stays in its meeting until that is over; without one it is asked what the only meeting asks.
    """
    asking: dict[int, Poll] = {}
    for each in store.polls.running():  # newest first
        asking.setdefault(each.review_id, each)
    seen = store.polls.get(last) if last else None
    own = _own(store, chosen, seen)
    if own is None and len(asking) == 1:
        own = next(iter(asking))
    poll = asking.get(own) if own is not None else None
    if poll is None and seen is not None and seen.revealed_at is not None and own in (None, seen.review_id):
        poll = seen
    others = tuple(store.reviews.get(review_id) for review_id in asking if review_id != own)
    return Asked(poll, store.reviews.get(own) if own is not None else None, others)


def _own(store: Store, chosen: str, seen: Poll | None) -> int | None:
    """The number of the review that the address names, or whose poll was seen, while its meeting goes on."""
    done = store.reviews.acts_done()
    open_reviews = [review for review in store.reviews.all() if "closing" not in done.get(review.id, ())]
    named = [review.id for review in open_reviews if slug_of(review.team, review.sprint) == chosen]
    if named or seen is None:
        return named[0] if named else None
    over = "opening" if seen.asks == "change" else "closing"
    is_open = any(review.id == seen.review_id for review in open_reviews)
    return seen.review_id if is_open and over not in done.get(seen.review_id, ()) else None
