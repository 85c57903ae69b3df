"""What happened, for ten minutes a week: real changes first, then what misses its target, then what to leave alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from kviboard.board.kvis.reading import Reading
from kviboard.domain.formatting import format_value
from kviboard.domain.kvis.signals import DOWN, UP, WITHIN


@dataclass(frozen=True)
class ThisWeek:
    """Readings in lists, so that attention goes where it should."""

    signals: tuple[Reading, ...]
    below_target: tuple[Reading, ...]
    normal: tuple[Reading, ...]
    unjudged: tuple[Reading, ...]

    @property
    def judged(self) -> tuple[Reading, ...]:
        """Those of which it is known whether they are as usual."""
        return (*self.signals, *self.below_target, *self.normal)


def without_mirrors(readings: Sequence[Reading]) -> list[Reading]:
    """The readings without those that say a fact another one says: of a KVI and its mirrors the one with a target is
    told, else the mirrored one."""
    there = {reading.kvi.name: reading for reading in readings}
    groups: dict[str, list[Reading]] = {}
    for reading in readings:
        mirrored = reading.kvi.mirrors
        groups.setdefault(mirrored if mirrored in there else reading.kvi.name, []).append(reading)
    told = {
        min(group, key=lambda each: (each.judging.target is None, each.kvi.name != name)).kvi.name
        for name, group in groups.items()
    }
    return [reading for reading in readings if reading.kvi.name in told]


def sort_readings(readings: Sequence[Reading]) -> ThisWeek:
    """Each reading into exactly one list: a signal, else below its target, else within normal variation.

    Bad news first among the signals. What has too little history, too few answers or no basis is not judged at all.
    """
    signals = [reading for reading in readings if reading.verdict in (UP, DOWN)]
    within = [reading for reading in readings if reading.verdict == WITHIN]
    return ThisWeek(
        signals=tuple(sorted(signals, key=lambda reading: {"bad": 0, "good": 2}.get(reading.signal or "", 1))),
        below_target=tuple(reading for reading in within if reading.meets_target is False),
        normal=tuple(reading for reading in within if reading.meets_target is not False),
        unjudged=tuple(reading for reading in readings if reading.verdict not in (UP, DOWN, WITHIN)),
    )


def sentence(reading: Reading, currency: str) -> str:
    """What happened to the KVI in the grain it is judged in, in one sentence with its numbers and the reason it counts
    as a change."""
    reading = reading.judging
    if reading.latest is None or reading.value is None:
        return f"{reading.kvi.title} has no complete {reading.grain} with data yet."
    value = format_value(reading.value, reading.kvi.unit, currency)
    verb = _verb(reading)
    clause = f"{reading.kvi.title} {verb} {value} {_when(reading)}"
    if reading.reason:
        return f"{clause}: {reading.reason}."
    return f"{clause}, at a new level since {reading.level_since}." if reading.level_since else f"{clause}."


def _when(reading: Reading) -> str:
    label = str(reading.latest["label"]) if reading.latest is not None else ""
    return {"day": f"on {label}", "week": f"in the {label}"}.get(reading.grain, f"in {label}")


def _verb(reading: Reading) -> str:
    before = reading.previous["value"] if reading.previous is not None else None
    value = reading.value
    if before is None or value is None or before != before:
        return "stands at"
    if reading.verdict == UP and value > before:
        return "rose to"
    return "fell to" if reading.verdict == DOWN and value < before else "stands at"
