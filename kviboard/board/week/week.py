"""The week of an executive as data: signals new, still there and gone, goals, decisions due, the state of the data.

This week and the digest read the same week; the words of its parts are in `phrases`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from kviboard.board.board import Board
from kviboard.board.context import BoardContext
from kviboard.board.kvis.all_kvis import read_every_kvi
from kviboard.board.kvis.did_it_work import Answered, judged_since
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.scored_share import caution_text, scored_share
from kviboard.board.kvis.sorting import ThisWeek, sort_readings, without_mirrors
from kviboard.board.okrs.status_changes import DAYS_OF_THIS_WEEK, StatusChange, okr_changes_since
from kviboard.board.people.due import Due, due_of
from kviboard.board.people.waiting import Kind, Waiting, waiting
from kviboard.board.voice.asked import response_caution, response_cautions
from kviboard.board.voice.follow_ups import NO_LOOP, Loop, loop_of
from kviboard.board.week.data import DataState, read_data
from kviboard.board.week.signals import SignalChange, signal_changes
from kviboard.store import Decision, KviNote

ANSWERED_DAYS = 366  # so long what was done stands on This week, once it can be said whether it worked


@dataclass(frozen=True)
class Goals:
    """OKRs whose status changed, decisions due and all open ones, notes on KVIs, what was done and came of it, answers
    followed up, check-ins past due; `trouble` says why the store cannot be read."""

    okrs: tuple[StatusChange, ...] = ()
    due: tuple[Due, ...] = ()
    open: tuple[Decision, ...] = ()
    notes: tuple[KviNote, ...] = ()
    answered: tuple[Answered, ...] = ()
    loop: Loop = NO_LOOP
    check_ins: tuple[Waiting, ...] = ()
    trouble: str = ""

    @property
    def past_due(self) -> tuple[Due, ...]:
        return tuple(due for due in self.due if due.is_past)

    @property
    def due_soon(self) -> tuple[Due, ...]:
        return tuple(due for due in self.due if not due.is_past)


@dataclass(frozen=True, eq=False)
class SliceWeek:
    """The signals of one slice of the customers, and the lists they come from."""

    name: str
    lists: ThisWeek
    signals: tuple[SignalChange, ...]
    gone: tuple[SignalChange, ...]
    response_caution: str = ""  # as of the week, of those in the slice who were asked
    readings: Mapping[str, Reading] = field(default_factory=dict)  # by the KVI's name

    def caution(self, reading: Reading) -> str:
        """Why the KVI's value in the slice is doubtful: who answered, or how much of the revenue has a score."""
        if reading.kvi.is_of_answers:
            return self.response_caution
        return caution_text(scored_share(reading, self.readings))


@dataclass(frozen=True, eq=False)
class Week:
    """All that This week says. `readings` are by the KVI's name; `signals` has the new ones first."""

    board: Board
    view: View
    since: date
    readings: Mapping[str, Reading]
    lists: ThisWeek
    signals: tuple[SignalChange, ...]
    gone: tuple[SignalChange, ...]
    goals: Goals
    data: DataState
    slices: tuple[SliceWeek, ...] = ()
    response_caution: str = ""  # why scores are doubtful: "low response rate: 12 %"

    @property
    def currency(self) -> str:
        return self.board.workspace.company.currency

    @property
    def new(self) -> tuple[SignalChange, ...]:
        return tuple(change for change in self.signals if change.age == "new")

    def caution(self, reading: Reading) -> str:
        """Why the KVI's value is doubtful: who answered, or how much of the revenue has a score."""
        return self.response_caution if reading.kvi.is_of_answers else caution_text(self.coverage(reading))

    def coverage(self, reading: Reading) -> float | None:
        """The share of revenue that the KVI speaks for, in the same period, whatever range is looked at; None where
        that is no question."""
        return scored_share(reading, self.readings)


def week_before(board: Board) -> date:
    """The day with which the data is compared: a week before its last."""
    return board.today - timedelta(days=DAYS_OF_THIS_WEEK)


def read_goals(context: BoardContext) -> Goals:
    """What changed in the OKRs, and the decisions due. Raises StoreError."""
    decisions = context.store.decisions.all("open")
    return Goals(
        okrs=tuple(okr_changes_since(context)),
        due=tuple(due_of(decisions, context.board.clock_day)),
        open=tuple(decisions),
        notes=tuple(context.store.kvi_notes.all()),
        answered=tuple(judged_since(context, context.board.today - timedelta(days=ANSWERED_DAYS))),
        loop=loop_of(context),
        check_ins=tuple(each for each in waiting(context) if each.kind == Kind.CHECK_IN and each.is_late),
    )


def week_of(board: Board, view: View, readings: Sequence[Reading], goals: Goals) -> Week:
    """The week from readings that were made before, one of each KVI (see `read_every_kvi`)."""
    since = week_before(board)
    lists, signals, gone = _sorted(readings, since)
    named = {reading.kvi.name: reading for reading in readings}
    caution = response_caution(board, view)
    data = read_data(board, since)
    return Week(board, view, since, named, lists, signals, gone, goals, data, response_caution=caution)


def read_week(context: BoardContext, view: View) -> Week:
    """The week with every KVI read anew, and by slice where `view.by` asks for it.

    Raises UsageError for a dimension or value that does not exist, StoreError where goals cannot be read.
    """
    board = context.board
    whole = View(view.grain, view.first, view.last, None, view.where)
    readings = [found[0] for found in read_every_kvi(board, whole).values()]
    week = week_of(board, view, readings, read_goals(context))
    if not view.by:
        return week
    return replace(week, slices=_slices(board, view, week.since))


def _slices(board: Board, view: View, since: date) -> tuple[SliceWeek, ...]:
    """One week per slice, those with most that is new first."""
    found: dict[str, list[Reading]] = {}
    for readings in read_every_kvi(board, view).values():
        for reading in readings:
            if reading.slice is not None:
                found.setdefault(reading.slice, []).append(reading)
    cautions = response_cautions(board, view)
    slices = [
        SliceWeek(name, *_sorted(readings, since), cautions.get(name, ""), {each.kvi.name: each for each in readings})
        for name, readings in sorted(found.items())
    ]
    return tuple(sorted(slices, key=lambda part: (-sum(c.age == "new" for c in part.signals), -len(part.signals))))


def _sorted(
    readings: Sequence[Reading], since: date
) -> tuple[ThisWeek, tuple[SignalChange, ...], tuple[SignalChange, ...]]:
    """The lists, the signals (new before still, the worse before the better) and those gone."""
    lists = sort_readings(without_mirrors(readings))
    changes = signal_changes([*lists.signals, *lists.below_target, *lists.normal, *lists.unjudged], since)
    signals = sorted((change for change in changes if change.age != "gone"), key=lambda change: change.age == "still")
    return lists, tuple(signals), tuple(change for change in changes if change.age == "gone")
