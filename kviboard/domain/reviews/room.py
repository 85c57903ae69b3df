"""A meeting that several people attend from where they are: who is here, who chairs it, at which step, for how long.

Pure: every call is told the time, in seconds of any clock that only goes forward. What is said in the meeting is kept
in the store; a room is only what everybody sees at the moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

AWAY_AFTER = 10.0  # seconds of silence
QUIET_FOR = 60.0  # seconds in which nobody is here, after which the next who comes chairs
EMPTY_FOR = 2 * 3600.0  # seconds after which a room that everybody left is another meeting
LONGEST_NAME = 60
MOST_PEOPLE = 500
LONGEST_STEP = 4 * 3600.0  # seconds that a step may bring along


@dataclass
class Attendee:
    """Somebody's browser. `key` is known to that browser alone, `name` is empty while nobody gave one."""

    key: str
    name: str
    may_chair: bool
    seen: float

    @property
    def public(self) -> str:
        """What others may know it by."""
        return sha256(self.key.encode()).hexdigest()[:12]


@dataclass
class Room:
    """One act of one review while it is held. `version` grows with whatever people should see."""

    step: str = ""
    chair: str = ""  # the chair's key; kept while the chair is away
    version: int = 1
    news: int = 0  # grows when somebody saved something
    people: dict[str, Attendee] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)  # seconds by step
    _counted: float = 0.0  # up to when the time is in `spent`
    _here: tuple[str, ...] = ()

    def enter(
        self,
        key: str,
        name: str,
        may_chair: bool,
        now: float,
        *,
        follows: bool = False,
        step: str = "",
        spent: Mapping[str, Any] | None = None,
    ) -> None:
        """Somebody is here, newly or still. Who may chair a meeting that nobody is in does from now on, unless they
        followed until now; who may not any more gives the chair up. A room that is new goes on where the chair's
        browser had been (`step`, `spent`)."""
        self._empty_when_old(now)
        self._count(now)
        known = self.people.get(key)
        if known is None and len(self.people) >= MOST_PEOPLE:
            return
        if known is None or (known.name, known.may_chair) != (name[:LONGEST_NAME], may_chair):
            self.version += 1
        self.people[key] = Attendee(key, name[:LONGEST_NAME], may_chair, now)
        if self.chair == key and not may_chair:
            self.chair = ""
        nobody = all(now - each.seen > QUIET_FOR for each in self.people.values() if each.key != key)
        if may_chair and self.chair != key and not follows and (nobody or not self.chair):
            self.chair = key
            self.version += 1
        if not self.step and self.chair == key and step:
            self.step, self.spent, self._counted = step, _seconds(spent or {}), now
            self.version += 1
        self.look(now)

    def look(self, now: float) -> None:
        """Notice who has come and gone since."""
        self._count(now)
        here = tuple(sorted(each.key for each in self._present(now)))
        if here != self._here:
            self._here = here
            self.version += 1

    def move(self, key: str, step: str, now: float) -> None:
        """The chair goes to a step; nobody else moves anybody."""
        self._count(now)
        if key == self.chair and step and step != self.step:
            self.step = step
            self.version += 1

    def take(self, key: str, now: float) -> None:
        """Take the chair while nobody holds it."""
        own = self.people.get(key)
        if own is not None and own.may_chair and not self.is_chaired(now):
            self._count(now)
            self.chair, self._counted = key, now
            self.version += 1

    def hand_over(self, key: str, to: str, now: float) -> None:
        """The chair hands it to somebody who is here and may chair, named by what others know them by."""
        found = [each for each in self._present(now) if each.public == to and each.may_chair]
        if key == self.chair and found:
            self._count(now)
            self.chair = found[0].key
            self.version += 1

    def leave(self, key: str, now: float) -> None:
        """Somebody goes; the chair stays theirs until somebody takes it."""
        self._count(now)
        if self.people.pop(key, None):
            self.look(now)

    def tell(self) -> None:
        """Something was saved."""
        self.news += 1
        self.version += 1

    def is_chaired(self, now: float) -> bool:
        """Whether the chair is here."""
        return any(each.key == self.chair for each in self._present(now))

    def seen_by(self, key: str, now: float) -> dict[str, Any]:
        """The room as one person sees it: nobody's key, times in seconds."""
        own = self.people.get(key)
        chair = self.people.get(self.chair)
        is_chaired = self.is_chaired(now)
        here = sorted(self._present(now), key=lambda each: (each.name == "", each.name.casefold(), each.public))
        return {
            "version": self.version,
            "news": self.news,
            "step": self.step,
            "chairs": key == self.chair,
            "chair": chair.name if chair else "",
            "chaired": is_chaired,
            "may_take": own is not None and own.may_chair and not is_chaired,
            "here": [
                {"id": each.public, "name": each.name, "may_chair": each.may_chair, "chairs": each.key == self.chair}
                for each in here
            ],
            "spent": {name: round(seconds, 1) for name, seconds in self.spent.items()},
        }

    def _present(self, now: float) -> list[Attendee]:
        return [each for each in self.people.values() if now - each.seen <= AWAY_AFTER]

    def _count(self, now: float) -> None:
        """Add the time since the last count to the step shown, while the chair was here."""
        chair = self.people.get(self.chair)
        until = min(now, chair.seen + AWAY_AFTER) if chair else self._counted
        if self.step and until > self._counted:
            self.spent[self.step] = self.spent.get(self.step, 0.0) + until - self._counted
        self._counted = max(self._counted, now)

    def _empty_when_old(self, now: float) -> None:
        last = max((each.seen for each in self.people.values()), default=now)
        if now - last > EMPTY_FOR:
            self.step, self.chair, self.people, self.spent, self._counted = "", "", {}, {}, now


@dataclass
class Phones:
    """The browsers at the page on which a meeting's questions are answered, one page for all meetings. They have no
    place in a room: whoever is in it on a laptop may hold one, too, so that they are counted apart."""

    seen: dict[str, float] = field(default_factory=dict)  # when, by the key that each browser alone knows

    def look(self, key: str, now: float) -> None:
        """A browser is there, newly or still."""
        if key in self.seen or self.here(now) < MOST_PEOPLE:
            self.seen[key] = now

    def here(self, now: float) -> int:
        """How many are there."""
        self.seen = {key: at for key, at in self.seen.items() if now - at <= AWAY_AFTER}
        return len(self.seen)


def _seconds(spent: Mapping[str, Any]) -> dict[str, float]:
    """What a browser says it had counted, as far as it can be true."""
    kept = list(spent.items())[:100]
    return {str(name)[:80]: float(value) for name, value in kept if _is_time(value)}


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LONGEST_STEP
