"""Who acts on the exports and their versions: asked whether they may before anything happens, and written down.

Whatever changes exports or versions takes an Actor; the store keeps who did what, beside all other changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kviboard.domain.access import OWNER, Permission, Person, allowed, refusal
from kviboard.errors import NotAllowedError
from kviboard.store import Author

Note = Callable[[str, Mapping[str, Any], Author], None]
"""Keeps an entry of the audit: what was done, with which things, by whom and when."""


def note_nothing(action: str, what: Mapping[str, Any], author: Author) -> None:
    """For the command line: whoever can run it owns the files."""


@dataclass(frozen=True)
class Actor:
    """A person, where what they do is written down, and what they must be allowed for it."""

    person: Person = OWNER
    note: Note = note_nothing
    permission: Permission = "data"

    def begin(self, action: str, **what: Any) -> None:
        """Call before anything is done. Raises NotAllowedError where this person may not; then nothing is written."""
        if not allowed(self.person.role, self.permission):
            raise NotAllowedError(refusal(self.person, self.permission))
        by, subject = self.person.name or "the owner", self.person.subject
        self.note(action, what, Author(by, datetime.now(UTC), subject=subject))


BY_OWNER = Actor()
