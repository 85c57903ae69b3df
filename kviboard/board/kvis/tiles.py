"""From a reading to what its tile says: texts ready to read, the last periods for the sparkline.

The same tile stands on the board and in a digest; what differs is where its link leads, if anywhere.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from textwrap import shorten

from kviboard.board.kvis.reading import Reading, answers_in_words
from kviboard.board.kvis.scored_share import basis_text
from kviboard.board.kvis.verdicts import are_alike
from kviboard.components.sparkline import Spark
from kviboard.components.tiles import Tile
from kviboard.domain.formatting import (
    counted,
    format_change,
    format_day,
    format_distance,
    format_range,
    format_value,
)
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.kvis.signals import DOWN, UP, WITHIN
from kviboard.domain.kvis.verdict_words import in_plain_words
from kviboard.store import Decision, KviNote

Links = Callable[..., str]
"""The address of a page of the board, `links("kvis", kvi="net_promoter_score")`; empty where there is none."""

PERIODS_SHOWN = 13
_LETTERS = 80  # of a note, on a tile


def no_links(page: str, **changed: str) -> str:
    """No address: for a file whose readers cannot reach the board."""
    return ""


def tile_of(
    reading: Reading,
    currency: str,
    links: Links,
    coverage: float | None = None,
    age: str = "",
    actions: Sequence[Decision] = (),
    caution: str = "",
    notes: Sequence[KviNote] = (),
) -> Tile:
    """The tile of one KVI. `coverage` is the share it speaks for; `age` says how long a signal is known; `actions` are
    the open decisions that name the KVI, `notes` what people noted on it; `caution` why its value is doubtful."""
    kvi, judged = reading.kvi, reading.judging.latest
    period, value = reading.stands_at
    last_day = judged["ends_on"].date().isoformat() if judged is not None else ""
    return Tile(
        title=kvi.title,
        headline=headline(reading),
        href=links("kvis", kvi=kvi.name),
        value=format_value(value, kvi.unit, currency),
        verdict=reading.verdict,
        tone=reading.signal,  # type: ignore[arg-type]
        spark=spark_of(reading),
        spark_label=f"{kvi.title}, last {counted(min(len(reading.shown), PERIODS_SHOWN), reading.grain)}",
        change=change_text(reading, currency),
        period=period,
        usual=usual_text(reading, currency),
        message=why(reading),
        response=_response(reading, actions, notes),
        answer_href=links("kvis", kvi=kvi.name, do="decide_kvi"),
        note_href=links("kvis", kvi=kvi.name, do="add_note", of=last_day),
        target=target_text(reading, currency),
        notes=_notes(reading, currency, coverage),
        warning=_warning(caution),
        about=about(reading),
        age=age,
    )


def headline(reading: Reading) -> str:
    """The verdict as a sentence about customers: "Fewer customers are satisfied than usual"."""
    kvi, verdict = reading.kvi, reading.verdict
    if verdict == UP:
        return kvi.when_high or f"{kvi.title} is unusually high"
    if verdict == DOWN:
        return kvi.when_low or f"{kvi.title} is unusually low"
    if verdict != WITHIN:
        return in_plain_words(verdict)
    if reading.meets_target is False:
        return f"{kvi.title}: {'below' if kvi.better == 'up' else 'above'} target"
    return "Usual ups and downs: no action"


def judged_text(reading: Reading, currency: str) -> str:
    """ "judged per month: 61 % in Oct 2026", where the verdict is not about the periods looked at; else empty."""
    judged = reading.judged
    if judged is None:
        return ""
    if judged.latest is None:
        return f"judged per {judged.grain}, of which none is complete yet"
    value = format_value(judged.value, reading.kvi.unit, currency)
    return f"judged per {judged.grain}: {value} in {judged.latest['label']}"


def usual_text(reading: Reading, currency: str) -> str:
    """ "usually 69.1 % (56.2–82.0 %)"; of which periods, where others are looked at; empty with too little history."""
    row, unit = reading.judging.latest, reading.kvi.unit
    if row is None or row["lower"] != row["lower"]:
        return ""
    limits = format_range(row["lower"], row["upper"], unit, currency)
    of_others = f" in a {reading.judged.grain}" if reading.judged else ""
    return f"usually {format_value(row['centre'], unit, currency)}{of_others} ({limits})"


def why(reading: Reading) -> str:
    """Why it is unusual, or whether the usual ups and downs could reach a target that is missed."""
    if reading.reason:
        return f"{reading.reason[:1].upper()}{reading.reason[1:]}"
    if reading.verdict != WITHIN or reading.meets_target is not False:
        return ""
    said = chance(reading)
    return f"{said}: effort alone won't fix it" if said else ""


def chance(reading: Reading) -> str:
    """Whether the usual ups and downs could reach the target; empty where nobody knows what is usual."""
    row, target = reading.latest, reading.target
    if row is None or target is None or math.isnan(row["lower"]):
        return ""
    if row["lower"] <= target.value <= row["upper"]:
        return "Would hit the target only by chance"
    return "The usual ups and downs do not reach the target"


def slice_tile(reading: Reading, currency: str, links: Links, spark: Spark, by: str, caution: str = "") -> Tile:
    """One slice of a KVI; its link filters every page to this slice. `caution` says why its value is doubtful."""
    name = str(reading.slice)
    return Tile(
        title=name,
        href=links("kvis", kvi=reading.kvi.name, by="", **{by: name}),
        value=format_value(reading.value, reading.kvi.unit, currency),
        verdict=reading.verdict,
        tone=reading.signal,  # type: ignore[arg-type]
        spark=spark,
        spark_label=f"{reading.kvi.title}, {name}",
        change=change_text(reading, currency),
        usual=" · ".join(filter(None, (usual_text(reading, currency), answers_text(reading, currency)))),
        warning=_warning(caution),
    )


def spark_of(reading: Reading) -> Spark:
    """The last periods of a reading, ready to draw small."""
    rows = reading.rows_drawn[-PERIODS_SHOWN:]
    names = ("value", "lower", "centre", "upper", "complete", "signal")
    return Spark(*(reading.columns[name][rows.start : rows.stop].tolist() if rows else [] for name in names))


def change_text(reading: Reading, currency: str) -> str:
    """ "▼ 3.4 pp on Sprint 22 (52.1 %)"; says so where there is nothing to compare with."""
    if reading.previous is None or reading.value is None:
        return "nothing to compare with yet"
    kvi, before = reading.kvi, reading.previous["value"]
    if before != before:
        return f"no basis in {reading.previous['label']}"
    change = format_change(reading.value, before, kvi.unit, currency)
    return f"{change} on {reading.previous['label']} ({format_value(before, kvi.unit, currency)}{_lengths(reading)})"


def _lengths(reading: Reading) -> str:
    """ "; 84 days against 7", where a KVI that grows with its periods is compared over such."""
    if not reading.kvi.formula.grows or reading.latest is None or reading.previous is None:
        return ""
    days, before = ((row["ends_on"] - row["period"]).days + 1 for row in (reading.latest, reading.previous))
    return "" if are_alike(days, before) else f"; {counted(days, 'day')} against {before}"


def about(reading: Reading) -> tuple[tuple[str, str], ...]:
    """What the number means, as term and description."""
    kvi = reading.kvi
    facts = (
        ("For the customer", kvi.customer_benefit),
        ("For the company", kvi.company_value),
        ("How it is counted", kvi.description),
        *changes_text(kvi),
        ("Owner", kvi.owner),
        ("Decision rule", kvi.decision),
    )
    return tuple((term, description) for term, description in facts if description)


def changes_text(kvi: Kvi) -> Iterator[tuple[str, str]]:
    """How it was counted, judged or called before, the newest change first, as term and description."""
    last = next((change for change in reversed(kvi.changed) if change.before), None)
    for change in reversed(kvi.changed):
        called = f"Called “{change.title}”." if change.title else ""
        by = f"Changed by {change.by}." if change.by else ""
        by = f"Changed in its file, not on the board; seen on {format_day(change.day)}." if change.is_seen else by
        now = "Every period is counted and judged as it is now, those before that day, too." if change is last else ""
        earlier = " or earlier" if change.is_seen else ""
        yield f"Until {format_day(change.day)}{earlier}", " ".join(filter(None, (called, change.before, by, now)))


def target_text(reading: Reading, currency: str) -> str:
    """ "target 55 % by 31 Dec 2026: short by 9.4 pp"; what it was set for where that is something else than what is
    looked at; empty without a target."""
    if reading.target is None:
        return reading.elsewhere
    text = f"target {format_value(reading.target.value, reading.kvi.unit, currency)}"
    by = f" by {format_day(reading.target.ends_on)}" if reading.target.ends_on else ""
    return f"{text}{by}{_distance(reading, currency)}"


def _distance(reading: Reading, currency: str) -> str:
    """ ": met", ": short by 9.4 pp", ": over by 1.2 pp" where less is better; empty without a value."""
    if reading.value is None or reading.target is None:
        return ""
    if reading.meets_target:
        return ": met"
    how = "short" if reading.kvi.better == "up" else "over"
    return f": {how} by {format_distance(reading.value, reading.target.value, reading.kvi.unit, currency)}"


def _response(reading: Reading, actions: Sequence[Decision], notes: Sequence[KviNote]) -> str:
    """Who acts on it, who has seen it, and what is being done: where it is unusual or misses its target."""
    is_calm = reading.verdict not in (UP, DOWN) and not (reading.verdict == WITHIN and reading.meets_target is False)
    if is_calm:
        return ""
    kvi = reading.kvi
    owned = f"{kvi.owner or 'Nobody'} owns it"
    return " · ".join(filter(None, (owned, _seen_text(reading, notes), _actions_text(actions))))


def _seen_text(reading: Reading, notes: Sequence[KviNote]) -> str:
    """What was noted last on the period that is judged, and by whom; empty where nobody did."""
    judged = reading.judging.latest
    if judged is None:
        return ""
    first, last = judged["period"].date(), judged["ends_on"].date()
    seen = [note for note in notes if first <= note.day <= last]
    return f"{seen[-1].created_by}: “{shorten(seen[-1].text, _LETTERS, placeholder='…')}”" if seen else ""


def _actions_text(actions: Sequence[Decision]) -> str:
    if not actions:
        return "no open action"
    first = min(actions, key=lambda action: action.due_on)
    owner = " ".join(first.owner.split())
    named = ", ".join(part for part in (owner, f"due {format_day(first.due_on)}") if part)
    return f"{counted(len(actions), 'open action')}: {named}"


def _notes(reading: Reading, currency: str, coverage: float | None) -> tuple[str, ...]:
    reach = f"data to {format_day(reading.data_through)}" if reading.data_through else ""
    notes = (judged_text(reading, currency), answers_text(reading, currency), reach, basis_text(coverage))
    return tuple(note for note in notes if note)


def answers_text(reading: Reading, currency: str) -> str:
    """ "based on 165 (±7.5 pp by chance)": how many answers the value rests on, and how sure that makes it."""
    return answers_in_words(reading.standing or {}, reading.kvi.unit, currency)


def _warning(caution: str) -> str:
    return f"{caution[:1].upper()}{caution[1:]}." if caution else ""
