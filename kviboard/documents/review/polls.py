"""What everybody was asked by phone, as steps of a meeting and of its minutes: nothing but a count until the reveal."""

from kviboard.board.reviews.document import PollRecord, ReviewDocument
from kviboard.documents.blocks import Block, Cell, Paragraph, Points, Step, Table
from kviboard.domain.formatting import counted

_MOST_DOTS = 25


def poll_steps(document: ReviewDocument) -> list[Step]:
    """The newest poll first, on the step where people are asked; then those before it."""
    name = "blind" if document.act == "opening" else "confidence"
    newest_first = document.polls[::-1]
    if not newest_first:
        return [Step(name, _TITLES[name], (Paragraph(_NOT_ASKED[name], "quiet"),), asks="poll")]
    return [
        Step(name if not place else f"{name}-{place}", _title(poll, name), tuple(_blocks(poll)), asks=asks)
        for place, poll in enumerate(newest_first)
        for asks in (("poll" if not place else ""),)
    ]


_TITLES = {"blind": "Everybody predicts, unseen by the others", "confidence": "How sure are we?"}
_NOT_ASKED = {
    "blind": "Choose what everybody predicts; each answers on a phone, and nobody sees another's before you reveal it.",
    "confidence": "Ask everybody how sure they are that what we decided helps customers.",
}


def _title(poll: PollRecord, name: str) -> str:
    return poll.title if poll.asks == "confidence" else f"{_TITLES[name]}: {poll.title}"


def _blocks(poll: PollRecord) -> list[Block]:
    if not poll.is_revealed:
        asked = [text for text in (poll.now_text, poll.usual_text) if text]
        count = f"{counted(poll.answered, 'answer')}, unseen." if poll.answered else "No answer yet."
        lead = "By how much does it change until the sprint ends?" if poll.asks == "change" else "From 1 to 5."
        return [Paragraph(lead, "lead"), *(Paragraph(text) for text in asked), Paragraph(count, "quiet")]
    blocks: list[Block] = [Paragraph(_result(poll), "lead"), _table(poll)]
    if poll.words:
        blocks.append(Paragraph(" · ".join(poll.words)))
    return blocks + _whys(poll)


def _result(poll: PollRecord) -> str:
    answers = counted(poll.answered, "answer")
    if poll.asks == "confidence":
        return f"{poll.middle_text} on average, {answers}"
    if poll.lowest_text == poll.highest_text:
        return f"All say {poll.middle_text} ({answers})"
    return f"In the middle {poll.middle_text}, from {poll.lowest_text} to {poll.highest_text} ({answers})"


def _table(poll: PollRecord) -> Table:
    """A line per value with a dot per person: a picture that is text, too."""
    columns = ("Change" if poll.asks == "change" else "How sure", "Each a dot", "How many")
    rows = tuple(
        (
            Cell(line.label),
            Cell("●" * min(line.count, _MOST_DOTS) + ("…" if line.count > _MOST_DOTS else "")),
            Cell(f"{line.count}{f', {line.sure_text}' if line.sure_text else ''}"),
        )
        for line in poll.lines
    )
    return Table("What people said", columns, rows)


def _whys(poll: PollRecord) -> list[Block]:
    """Why the two farthest apart think so: they are asked to say it."""
    if poll.asks != "change" or poll.lowest_text == poll.highest_text:
        return []
    ends = ((poll.highest_text, poll.highest_why), (poll.lowest_text, poll.lowest_why))
    points = tuple(f"{change}: {' / '.join(why) if why else 'say why'}" for change, why in ends)
    return [Points(points, "Farthest apart")]
