"""Takes the voices of a customer who is forgotten out of a frozen document. The document says that one was removed."""

from typing import Any

from kviboard.board.reviews.document import SEPARATOR


def take_out_voices(document: dict[str, Any], response_ids: frozenset[str], comments: frozenset[str]) -> int:
    """Change `document`: what only these answers said loses its text, what others said, too, only their ids.

    Documents of older boards have no ids: what was said is then known by its words. Returns how many lost their text.
    """
    taken = 0
    for voice in document.get("voices", ()):
        held = voice.get("response_ids")
        if held is None:
            is_theirs = voice["text"] in comments
        else:
            others = [each for each in held.split(SEPARATOR) if each not in response_ids]
            is_theirs = bool(held) and not others
            voice["response_ids"] = SEPARATOR.join(others)
        if is_theirs:
            voice |= {"text": "", "is_removed": True}
            taken += 1
    return taken
