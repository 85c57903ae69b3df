"""Quoting a customer in a review: what they wrote is chosen here and stands among the voices of that review."""

from collections.abc import Mapping

from kviboard.board.context import BoardContext
from kviboard.board.reviews.meeting import quote
from kviboard.board.reviews.quotes import comment_of
from kviboard.board.reviews.sprints import ReviewedSprint, current_sprint, quotable, reviewed_sprints, slug_of
from kviboard.components.markup import link
from kviboard.domain.formatting import format_day
from kviboard.errors import StoreError
from kviboard.store import Author, Review
from kviboard.ui import session
from kviboard.ui.access import may
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_remark, draw_sentence, finish, offer
from kviboard.ui.page import href

QUOTE = "quote"
_READ_BY_ALL = "Everybody who sees the review reads these words, without the customer's name."


def quoted_in() -> dict[str, Review]:
    """In which review an answer is quoted, by the answer's number; the newest of several. Raises StoreError."""
    store = session.context().store
    reviews = {review.id: review for review in store.reviews.all()}
    return {each.response_id: reviews[each.review_id] for each in store.quotes.all() if each.review_id in reviews}


def quoting_of(known: Mapping[str, Review], response_id: str) -> str:
    """Where an answer is quoted, or a link to quote it, as HTML; nothing without the right to."""
    review = known.get(response_id)
    if review:
        return link(f"quoted in {review.sprint}", href("review", sprint=slug_of(review.team, review.sprint)))
    return link("Quote in the review", href("voice", do=QUOTE, of=response_id)) if may("follow_up") else ""


def draw_quoting(context: BoardContext, of: str) -> None:
    """The words, the sprint in whose review they will stand, and who reads them there."""
    said = comment_of(context.board, of)
    found = quotable(reviewed_sprints(context.board, context.store), context.board.today)
    if not found:
        raise StoreError("No review can take a quote now: the next sprint has not begun.")
    sprints = {each.slug: each for each in found}
    first = current_sprint(found, context.board.today)
    form, fields = begin(context, f"quote of {of}", lambda: Start({"sprint": first.slug if first else None}))
    where = f" · {said.touchpoint}" if said.touchpoint else ""
    draw_sentence(f"“{said.text}” · score {said.score:g} · {format_day(said.day)}{where}")
    fields.one("sprint", "In the review of", list(sprints), lambda slug: _named(sprints[slug]))
    draw_remark(_READ_BY_ALL)

    def save(form: Form, author: Author) -> str:
        chosen = sprints.get(str(form.typed["sprint"]))
        if chosen is None:
            raise StoreError("Not saved. Choose the sprint in whose review it is quoted.")
        quote(context, chosen, of, author=author)
        offer(link("To the review", href("review", sprint=chosen.slug)))
        return f"Quoted in the review of {chosen.title}."

    finish(context, form, "Quote it", save)


def _named(sprint: ReviewedSprint) -> str:
    return f"{sprint.title} · {sprint.days_text}"
