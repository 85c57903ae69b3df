"""Three interests in balance: customers, employees, the company and its owners, and a supervisor where there is one.

What moved for each, what each limit allows, and where one may be bought with another. Nothing here says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

import numpy as np

from kviboard.board.context import BoardContext
from kviboard.board.kvis.reading import Reading
from kviboard.board.kvis.sorting import without_mirrors
from kviboard.board.okrs.cards import guardrail_view
from kviboard.board.okrs.quarter import as_cycle
from kviboard.domain.formatting import counted, format_value, listed, plural
from kviboard.domain.kvis.kvi import INTERESTS
from kviboard.domain.kvis.signals import WITHIN
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.outside_in.check import FEW, HIGHEST, QUESTIONS, Result
from kviboard.domain.periods import Calendar, Period, periods_between
from kviboard.store import Guardrail

TITLES = {
    "customer": "Customers",
    "employees": "Employees and teams",
    "company": "The company and its owners",
    "regulator": "Supervisors",
}
assert set(TITLES) == set(INTERESTS)
_FOR = {"customer": "customers", "employees": "employees", "company": "the company", "regulator": "supervisors"}
QUARTERS = 6
_LONGEST_QUARTER = 92  # days
_OF_EMPLOYEES = ("own_part", "clear_communication", "people_decisions")


@dataclass(frozen=True)
class Limit:
    """What a guardrail allows: the KVI and where it stands, the band, and the sentence of a breach, if there is one."""

    kvi: str
    title: str
    stands: str
    band: str
    breach: str


@dataclass(frozen=True)
class QuarterOfSignals:
    """How many of an interest's KVIs gave a signal in a quarter, for the better and for the worse; one that gave both
    counts in both."""

    short: str
    better: int
    worse: int
    in_words: str  # "Q3 2026: 1 of 10 KVIs gave a signal for the better, 2 for the worse."


@dataclass(frozen=True)
class Interest:
    """One interest: which KVIs are better than usual, worse, as usual or not judged yet, what employees say, limits."""

    name: str
    better: tuple[Reading, ...]
    worse: tuple[Reading, ...]
    usual: tuple[Reading, ...]
    said: tuple[Result, ...]
    limits: tuple[Limit, ...]
    quarters: tuple[QuarterOfSignals, ...] = ()  # up to this one so far, the oldest first
    unjudged: tuple[Reading, ...] = ()  # too few periods, or answers, to tell

    @property
    def title(self) -> str:
        return TITLES[self.name]

    @property
    def is_judged(self) -> bool:
        """Whether any of its KVIs can be told from the usual."""
        return bool(self.better or self.worse or self.usual)

    @property
    def in_words(self) -> str:
        """ "2 of 14 KVIs are better than usual, 1 is worse, 3 are not judged yet." """
        better, worse, unjudged = len(self.better), len(self.worse), len(self.unjudged)
        whole = better + worse + len(self.usual) + unjudged
        if not whole:
            return "No KVI stands for them." if not self.said else "No KVI stands for them; this is what they say."
        if not self.is_judged:
            return "Their one KVI is not judged yet." if whole == 1 else f"None of {whole} KVIs is judged yet."
        if whole == 1:
            return f"Their one KVI is {'better than' if better else 'worse than' if worse else 'as'} usual."
        rest = f", {unjudged} {plural(unjudged, 'is', 'are')} not judged yet." if unjudged else "."
        if not better and not worse:
            return f"None of {whole} KVIs is better or worse than usual{rest}"
        said = f"{better} of {whole} KVIs {'is' if better == 1 else 'are'} better than usual"
        return f"{said}, {worse} {'is' if worse == 1 else 'are'} worse{rest}"


def balance_of(
    context: BoardContext, readings: Mapping[str, Reading], results: Sequence[Result] = ()
) -> list[Interest]:
    """Every interest that something is known of, customers first. `readings` has one of each KVI over all customers,
    `results` those of the round that is looked at. Raises StoreError."""
    found = without_mirrors([reading for reading in readings.values() if reading.kvi.better in ("up", "down")])
    limits, today = _limits(context), context.board.today
    interests, quarters = [], _quarters(found, context.board.calendar, today)
    for name in TITLES:
        own = [reading for reading in found if reading.kvi.stands_for == name]
        by_signal = {signal: tuple(each for each in own if each.signal == signal) for signal in ("good", "bad")}
        usual, unjudged = (
            tuple(each for each in own if each.signal not in by_signal and (each.verdict == WITHIN) is is_judged)
            for is_judged in (True, False)
        )
        said = tuple(each for each in results if name == "employees" and each.question in _OF_EMPLOYEES)
        mine = tuple(limit for limit, interest in limits if interest == name)
        if own or said or mine or name != "regulator":
            told = tuple(_count(own, quarter, today) for quarter in quarters) if own else ()
            interests.append(Interest(name, by_signal["good"], by_signal["bad"], usual, said, mine, told, unjudged))
    return interests


def bought_with(interests: Sequence[Interest]) -> list[str]:
    """A sentence for each interest that gains while another loses: a KVI got worse, or left its limit."""
    return [
        f"{listed([each.kvi.title for each in gains.better])} got better for {_FOR[gains.name]} while "
        f"{_lost(loses)} for {_FOR[loses.name]}: was one bought with the other?"
        for gains in interests
        for loses in interests
        if gains.name != loses.name and gains.better and _lost(loses)
    ]


def _lost(interest: Interest) -> str:
    """ "NPS and Complaints got worse and Satisfaction left its limit"; empty where nothing did."""
    worse = [each.kvi.title for each in interest.worse]
    known = {each.kvi.name for each in interest.worse}
    left = [limit.title for limit in interest.limits if limit.breach and limit.kvi not in known]
    parts = [f"{listed(worse)} got worse" if worse else "", f"{listed(left)} left {_its(left)}" if left else ""]
    return " and ".join(filter(None, parts))


def _its(limits: Sequence[str]) -> str:
    return "its limit" if len(limits) == 1 else "their limits"


def stands(reading: Reading, currency: str) -> str:
    """ "4.42 in Sprint 38" in the grain that the KVI is judged in."""
    reading = reading.judging
    if reading.latest is None or reading.value is None:
        return "no complete period yet"
    return f"{format_value(reading.value, reading.kvi.unit, currency)} in {reading.latest['label']}"


def says(result: Result) -> str:
    """ "3.4 of 5 (41 answers): I know what I myself can do for customers." """
    few = ", few" if result.n < FEW else ""
    return f"{result.mean:.1f} of {HIGHEST} ({counted(result.n, 'answer')}{few}): {QUESTIONS[result.question]}"


def _quarters(readings: Sequence[Reading], calendar: Calendar, today: date) -> list[Period]:
    """The company's last QUARTERS quarters up to today's, from the first with a complete period on; the oldest
    first."""
    whole_days = timedelta(days=QUARTERS * _LONGEST_QUARTER)
    *before, now = periods_between(calendar, "quarter", today - whole_days, today)[-QUARTERS:]
    told = list(takewhile(lambda quarter: any(_signals_in(each, quarter) for each in readings), before[::-1]))
    return [*told[::-1], now]


def _count(readings: Sequence[Reading], quarter: Period, today: date) -> QuarterOfSignals:
    signals = [_signals_in(each, quarter) for each in readings]
    better, worse = (sum(signal in each for each in signals) for signal in ("good", "bad"))
    so_far = " so far" if quarter.ends_on > today else ""
    whole = counted(len(readings), "KVI")
    says = f"{quarter.name}{so_far}: {better} of {whole} were unusual for the better, {worse} for the worse."
    return QuarterOfSignals(_short(quarter.name), better, worse, says)


def _short(name: str) -> str:
    """ "Q3 ’26" of "Q3 2026"; a fiscal year on a line of its own, "FY25/26" of "Q3 FY2025/26"."""
    quarter, year = name.split(" ")
    return f"{quarter}\nFY{year[4:]}" if year.startswith("FY") else f"{quarter} ’{year[2:]}"


def _signals_in(reading: Reading, quarter: Period) -> set[str]:
    """What complete periods that ended in a quarter gave, in the grain that the KVI is judged in; "None" where they
    gave no signal, empty without any."""
    columns = reading.judging.columns
    if not columns:
        return set()
    ends = columns["ends_on"].astype("datetime64[D]")
    first, last = np.datetime64(quarter.starts_on), np.datetime64(quarter.ends_on)
    wanted = columns["complete"].astype(bool) & (ends >= first) & (ends <= last)
    return {str(signal) for signal in columns["signal"][wanted]}


def _limits(context: BoardContext) -> list[tuple[Limit, str]]:
    """The guardrails of active objectives, each KVI and band once, with the interest that their KVI stands for."""
    found: dict[tuple[str, str], tuple[Limit, str]] = {}
    for cycle in context.store.cycles.all():
        for row in context.store.objectives_of(cycle.id):
            if row.objective.state == State.ACTIVE:
                for rail in row.guardrails:
                    limit = _limit(context, rail, as_cycle(cycle))
                    kvi = context.board.catalog.kvis.get(rail.kvi)
                    found[limit.title, limit.band] = (limit, kvi.stands_for if kvi else "customer")
    return list(found.values())


def _limit(context: BoardContext, rail: Guardrail, cycle: object) -> Limit:
    view = guardrail_view(context, rail, cycle, context.board.today)  # type: ignore[arg-type]
    now = view.current.text_with_interval if view.current else "no value yet"
    return Limit(rail.kvi, view.title, now, view.band_text, view.breach)
