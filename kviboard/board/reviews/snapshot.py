"""The numbers of a review act, taken at one moment: KVIs, OKRs and voices, and what the data does not reach.

Taken once when a meeting begins and kept, so that nothing moves during it. What people say is added in `contributions`.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from kviboard.board.board import Board
from kviboard.board.context import BoardContext
from kviboard.board.kvis.all_kvis import read_every_kvi
from kviboard.board.kvis.did_it_work import judged_since
from kviboard.board.kvis.reach import reach_of, tables_behind
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.readings import as_of, targets_for
from kviboard.board.kvis.scored_share import caution_text, scored_share
from kviboard.board.kvis.sorting import sentence, sort_readings, without_mirrors
from kviboard.board.kvis.tiles import change_text
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.reviews.document import SEPARATOR, KviRecord, MeetingName, Release, ReviewDocument, Voice
from kviboard.board.reviews.okrs import objective_records
from kviboard.board.reviews.stories import stories_in_words
from kviboard.board.views.views import read_view
from kviboard.board.voice.asked import response_caution
from kviboard.board.voice.follow_ups import OpenFollowUp, loop_of
from kviboard.domain.formatting import format_day, format_value, listed, plural, told_apart
from kviboard.domain.kvis.kvi import Kvi, target_on
from kviboard.domain.periods import Sprint

ANSWERED_DAYS, ANSWERS_KEPT = 120, 5  # of what was done, once it can be said whether it worked
PERIODS_KEPT = 26  # of each KVI's history
DIGITS = 12  # of its values
VOICES_KEPT = 6  # comments per band
_KVIS_NAMED = 4  # in a sentence on what the data does not reach
_HISTORY = (
    "period", "ends_on", "label", "value", "value_text", "change_text", "verdict", "complete", "lower", "centre",
    "upper", "n_text", "low", "high", "target", "signal",
)  # fmt: skip


@dataclass(frozen=True)
class Occasion:
    """What numbers are taken for: the act and its sprint, and the opening's record at a closing."""

    act: MeetingName
    sprint: Sprint
    opening: ReviewDocument | None = None

    @property
    def day(self) -> date:
        """The day of the act: the sprint's first, or its last."""
        return self.sprint.ends_on if self.act == "closing" else self.sprint.starts_on

    @property
    def wanted_through(self) -> date:
        """The last day its numbers should rest on: the one before the sprint, or the sprint's last."""
        return self.sprint.ends_on if self.act == "closing" else self.sprint.starts_on - timedelta(days=1)


def take_numbers(context: BoardContext, occasion: Occasion) -> ReviewDocument:
    """The record of an act before anybody has said anything: KVIs as This week sorts them, OKRs, voices, the gate."""
    board, sprint = context.board, occasion.sprint
    readings = _readings(board, occasion)
    caution = response_caution(board, View(last=occasion.wanted_through))
    named = {reading.kvi.name: reading for reading in readings}
    told = {reading.kvi.name for reading in without_mirrors(readings)}
    quarter = read_quarter(context, day=min(board.today, occasion.day))
    voices, answers = _voices(context, sprint) if occasion.act == "closing" else ((), {})
    company = board.workspace.company
    return ReviewDocument(
        act=occasion.act,
        company=company.name,
        vision=company.vision,
        currency=company.currency,
        sprint=sprint.name,
        team=sprint.team or "",
        starts_on=sprint.starts_on,
        ends_on=sprint.ends_on,
        data_through=board.today,
        warehouse_version=board.reader.version,
        gate=gate(board, occasion),
        stories_text=stories_in_words(context, sprint) if occasion.act == "opening" else "",
        kvis=tuple(
            _kvi_record(board, reading, occasion).model_copy(
                update={
                    "is_mirror": reading.kvi.name not in told,
                    "caution": _changed(reading.kvi, occasion)
                    or (caution if reading.kvi.is_of_answers else caution_text(scored_share(reading, named))),
                }
            )
            for reading in readings
        ),
        objectives=objective_records(quarter, occasion.opening),
        cycle=quarter.cycle.name if quarter.cycle else "",
        voices=voices,
        answers=answers,
        unheard=_unheard(board, sprint) if occasion.act == "closing" else "",
        releases=_releases(board, sprint),
        **(_what_was_done(context) if occasion.act == "closing" else _what_waits(context)),
    )


def _what_waits(context: BoardContext) -> dict[str, Any]:
    """Whose calls to customers are open, where any is."""
    loop = loop_of(context)
    return {"called_back": loop.in_words, "calls": loop.calls} if loop.open else {}


def _what_was_done(context: BoardContext) -> dict[str, Any]:
    """Whether customers were called back, and whether what was done lately about a KVI worked."""
    since = context.board.today - timedelta(days=ANSWERED_DAYS)
    answered = judged_since(context, since)[:ANSWERS_KEPT]
    return {"called_back": loop_of(context).in_words, "answered": tuple(each.in_words for each in answered)}


def _unheard(board: Board, sprint: Sprint) -> str:
    """Why nothing can be said of the sprint's answers; empty where nobody may have answered."""
    if not board.reader.manifest.provided.get("responses"):
        return "What customers say needs the responses export."
    reach = board.reader.reach.get("responses")
    if reach is not None and reach.data_through < sprint.starts_on:
        return f"The responses export ends on {format_day(reach.data_through)}, before the sprint."
    return ""


def _waiting_voices(context: BoardContext, days: View) -> tuple[Voice, ...]:
    """What customers wrote on these days who wait for a call, the longest past due first."""
    waiting = loop_of(context).open
    if not waiting:
        return ()
    told = read_view(context.board, "answers", days, band="").dropna(subset=["comment"])
    told = told[told["response_id"].isin([each.follow_up.response_id for each in waiting])]
    answers = {row["response_id"]: row for row in told.to_dict("records")}
    found = [each for each in waiting if each.follow_up.response_id in answers][:VOICES_KEPT]
    return tuple(_waiting_voice(each, answers[each.follow_up.response_id]) for each in found)


def _waiting_voice(each: OpenFollowUp, answer: Mapping[Hashable, Any]) -> Voice:
    return Voice(
        band=answer["band"], score=answer["score"], day=answer["day"].date(), text=answer["comment"],
        touchpoint=answer["touchpoint"] if isinstance(answer["touchpoint"], str) else "",
        response_ids=answer["response_id"], waits=f"{each.follow_up.owner} calls, {each.when}",
    )  # fmt: skip


def gate(board: Board, occasion: Occasion) -> tuple[str, ...]:
    """What the data does not reach, one sentence per day reached: before an opening the day before the sprint, before a
    closing the sprint's last day. Empty where every KVI is whole."""
    wanted = occasion.wanted_through
    missing: dict[date, list[Kvi]] = {}
    for kvi in board.kvis.values():
        reach = reach_of(kvi, board.reader)
        if reach is not None and reach.data_through < wanted:
            missing.setdefault(reach.data_through, []).append(kvi)
    what = occasion.sprint.name if occasion.act == "closing" else "the time before the sprint"
    return tuple(
        f"{_waiting(kvis)} on {listed(_tables(board, kvis))} up to {format_day(reached)}: "
        f"{_missing((wanted - reached).days, occasion)} of {what}."
        for reached, kvis in sorted(missing.items())
    )


def _waiting(kvis: Sequence[Kvi]) -> str:
    """ "Customer satisfaction rests", "9 KVIs rest"."""
    if len(kvis) > _KVIS_NAMED:
        return f"{len(kvis)} KVIs rest"
    return f"{listed([kvi.title for kvi in kvis])} {plural(len(kvis), 'rests', 'rest')}"


def _tables(board: Board, kvis: Sequence[Kvi]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(table for kvi in kvis for table in tables_behind(kvi, board.reader)))


def _missing(days: int, occasion: Occasion) -> str:
    """Worded as what the data lacks: no more days than the sprint has."""
    if occasion.act == "closing" and days > (occasion.sprint.ends_on - occasion.sprint.starts_on).days:
        return "it lacks every day"
    return "it lacks the last day" if days == 1 else f"it lacks the last {days} days"


def _readings(board: Board, occasion: Occasion) -> list[Reading]:
    """Every KVI as of the act: signals, the worse first, then below target, then normal variation, then the rest."""
    found = [_as_of(board, readings[0], occasion) for readings in read_every_kvi(board, View("sprint")).values()]
    week = sort_readings(found)
    return [*week.signals, *week.below_target, *week.normal, *week.unjudged]


def _as_of(board: Board, reading: Reading, occasion: Occasion) -> Reading:
    """The reading as the meeting sees it: at an opening up to the last period before the sprint, at a closing up to the
    sprint itself."""
    if not reading.columns:
        return reading
    then = as_of(board, reading, occasion.wanted_through)
    targets = targets_for(board, reading.kvi, View(reading.grain))
    return replace(then, target=target_on(targets, then.latest["ends_on"].date()) if then.latest else None)


def _kvi_record(board: Board, reading: Reading, occasion: Occasion) -> KviRecord:
    kvi, latest, currency = reading.kvi, reading.latest, board.workspace.company.currency
    opened = occasion.opening.kvi(kvi.name) if occasion.opening else None
    reach = reach_of(kvi, board.reader)
    return KviRecord(
        name=kvi.name,
        title=kvi.title,
        unit=kvi.unit,
        grain=reading.grain,
        better=kvi.better,
        customer_benefit=kvi.customer_benefit,
        owner=kvi.owner,
        period=str(latest["label"]) if latest is not None else "",
        starts_on=latest["period"].date() if latest is not None else None,
        value=as_kept(reading.value),
        value_text=format_value(reading.value, kvi.unit, currency),
        change_text=change_text(reading, currency),
        verdict=reading.verdict,
        signal=reading.signal,
        sentence=sentence(reading, currency),
        target_text=format_value(reading.target.value, kvi.unit, currency) if reading.target else "",
        meets_target=reading.meets_target,
        data_through=reach.data_through if reach else None,
        history=_history(reading.drawn.tail(PERIODS_KEPT)),
        **_opened(opened, reading, currency),
    )


def _changed(kvi: Kvi, occasion: Occasion) -> str:
    """That a KVI of the opening is counted or judged otherwise since its sprint began, else ""."""
    is_opened = occasion.opening is not None and occasion.opening.kvi(kvi.name) is not None
    change = kvi.changed_since(occasion.sprint.starts_on) if is_opened else None
    return f"changed on {format_day(change.day)}" if change else ""


def _opened(opened: KviRecord | None, reading: Reading, currency: str) -> dict[str, Any]:
    """What the opening froze, and what the exports say of its period now where they were corrected since."""
    if opened is None:
        return {}
    was = {
        "opened_period": opened.period,
        "opened_starts_on": opened.starts_on,
        "opened_value": opened.value,
        "opened_text": opened.value_text,
    }
    frame = reading.drawn
    same = frame[frame["period"].dt.date == opened.starts_on] if opened.grain == reading.grain else frame[:0]
    now = as_kept(same["value"].iloc[0]) if len(same) else None
    texts = corrected_texts(opened, now, currency) if now is not None else None
    return was | ({"corrected_value": now, "corrected_text": texts[1]} if texts else {})


def corrected_texts(then: KviRecord, value: float | None, currency: str) -> tuple[str, str] | None:
    """A frozen value and what its period reads now, with as many digits as tell them apart; None where they are one."""
    return told_apart(then.value, value, then.unit, currency, then.value_text)


def _history(frame: pd.DataFrame) -> dict[str, list[Any]]:
    return {name: [as_kept(value) for value in frame[name].tolist()] for name in _HISTORY if name in frame}


def as_kept(value: Any) -> Any:
    """A value as a record keeps it: no NaN, days as text, no digits that depend on how many cores added it up."""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if value is None or value != value:
        return None
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def _voices(context: BoardContext, sprint: Sprint) -> tuple[tuple[Voice, ...], dict[str, int]]:
    """Comments of the sprint, promoters first, of a band those of customers who wait for a call before others, and how
    many answers each band has."""
    board = context.board
    if "voices" not in board.catalog.views or not board.reader.manifest.provided.get("responses"):
        return (), {}
    days = View(first=sprint.starts_on, last=sprint.ends_on)
    rows = read_view(board, "voices", days, most=VOICES_KEPT).to_dict("records")
    answers = {str(row["band"]): int(row["answers"]) for row in rows}
    voices = [
        Voice(
            band=row["band"],
            score=row["score"],
            day=row["day"].date(),
            text=row["comment"],
            touchpoint=row["touchpoint"] or "" if isinstance(row["touchpoint"], str) else "",
            response_ids=row["response_ids"] if isinstance(row["response_ids"], str) else "",
        )
        for row in rows
        if row["comment"]
    ]
    waiting = _waiting_voices(context, days)
    wait = {voice.response_ids for voice in waiting}
    voices = [*waiting, *(voice for voice in voices if wait.isdisjoint((voice.response_ids or "").split(SEPARATOR)))]
    order = ("promoter", "passive", "detractor")
    return tuple(sorted(voices, key=lambda voice: order.index(voice.band))), answers


def _releases(board: Board, sprint: Sprint) -> tuple[Release, ...]:
    """What was released up to the sprint's last day, for the charts to mark."""
    frame = board.reader.releases
    known = zip(frame["day"], frame["title"], strict=True)
    return tuple(Release(day=day.date(), title=title) for day, title in known if day.date() <= sprint.ends_on)
