"""Quotes: answers of customers chosen for a review. What was said stands in the exports."""

from collections.abc import Collection

from kviboard.store.forgetting import forget_answers
from kviboard.store.reviews.records import NewQuote, Quote
from kviboard.store.reviews.reviews import refuse_frozen
from kviboard.store.reviews.schema import quotes
from kviboard.store.rows import Editable, records, selection
from kviboard.store.saving import Save


class Quotes(Editable[NewQuote, Quote]):
    """Answers chosen for reviews; each at most once in a review, and none once it is closed."""

    table, new_kind, kind = quotes, NewQuote, Quote

    def all(self) -> list[Quote]:
        """The quotes of all reviews that were not taken back, in the order in which they were chosen."""
        wanted = selection(Quote, quotes).where(quotes.c.archived_at.is_(None), quotes.c.response_id != "")
        with self._database.reading() as connection:
            return records(Quote, connection.execute(wanted.order_by(quotes.c.id)))

    def forget(self, response_ids: Collection[str]) -> int:
        """Takes out which answers these were. Returns how many there were."""
        return forget_answers(self._database, quotes, response_ids, {"response_id": ""})

    def allow(self, save: Save, wanted: NewQuote | Quote, before: Quote | None) -> None:
        """Refuses quotes after the closing, and taking them back."""
        refuse_frozen(save, wanted.review_id, "closing")
