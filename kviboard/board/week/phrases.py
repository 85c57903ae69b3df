"""What This week says in words: its parts, each with a heading, a note and a sentence per line.

The page draws tiles beside these words, the digest's mail has the words alone. Nothing here is markup.
"""

from dataclasses import dataclass

from kviboard.board.kvis.readings import Reading
from kviboard.board.kvis.tiles import change_text, target_text
from kviboard.board.okrs.status_changes import StatusChange
from kviboard.board.week.due import Due
from kviboard.board.week.signals import SignalChange
from kviboard.board.week.sorting import sentence
from kviboard.board.week.week import SliceWeek, Week
from kviboard.domain.formatting import counted, format_day, format_range, format_value


@dataclass(frozen=True)
class WeekSection:
    """One part of the week; `otherwise` stands where it has no lines."""

    name: str
    title: str
    note: str
    lines: tuple[str, ...]
    otherwise: str


def gist(week: Week) -> tuple[str, ...]:
    """The week in five seconds: "2 new signals (1 worse), 1 gone", "3 OKRs changed", "1 decision past due"; how far the
    data reaches comes last."""
    facts = [_signals_in_short(week), _okrs_in_short(week), _due_in_short(week)]
    late = len(week.data.late)
    lag = f", {counted(late, 'export')} late" if late else ""
    return (*filter(None, facts), f"data to {format_day(week.board.today)}{lag}")


def conditions(week: Week) -> str:
    """Which customers, in which periods, compared with when: what a reader must know before the numbers."""
    view = week.view
    customers = [f"{name.replace('_', ' ')} {', '.join(values)}" for name, values in view.where if values]
    who = f"only {' and '.join(customers)}" if customers else "all customers"
    return (
        f"Per {view.grain} · {who} · data to {format_day(week.board.today)}, {week.data.read_text} · "
        f"compared with {format_day(week.since)}"
    )


def week_sections(week: Week) -> tuple[WeekSection, ...]:
    """The parts in the order in which they deserve attention."""
    return (*_changed_sections(week), *_goal_sections(week), *_calm_sections(week))


def slice_sections(week: Week) -> tuple[WeekSection, ...]:
    """A part per slice: only what stands out there, because all of it would be a page each."""
    by = (week.view.by or "").replace("_", " ").capitalize()
    return tuple(
        WeekSection(
            part.name, f"{by}: {part.name}", f"{slice_in_short(part)}.",
            _slice_lines(part, week.currency), "Nothing stands out.",
        )
        for part in week.slices
    )  # fmt: skip


def slice_in_short(part: SliceWeek) -> str:
    """ "2 signals (1 new), 1 below target; 14 within normal variation"."""
    new = sum(change.age == "new" for change in part.signals)
    count = len(part.signals)
    lists = part.lists
    facts = [
        f"{counted(count, 'signal')}{f' ({new} new)' if new else ''}" if count else "no signals",
        f"{len(part.gone)} gone" if part.gone else "",
        f"{len(lists.below_target)} below target" if lists.below_target else "",
    ]
    rest = [f"{len(lists.normal)} within normal variation"]
    rest += [f"{len(lists.unjudged)} not to be judged"] if lists.unjudged else []
    text = f"{', '.join(filter(None, facts))}; {', '.join(rest)}"
    return text[:1].upper() + text[1:]


def signal_text(change: SignalChange, currency: str) -> str:
    """What happened to a KVI, and since when that is known."""
    return f"{sentence(change.reading, currency)} {change.in_words(currency)}"


def missed_text(reading: Reading, currency: str) -> str:
    """By how much the target is missed, and whether the usual ups and downs could reach it."""
    label = f" in {reading.latest['label']}" if reading.latest is not None else ""
    value = format_value(reading.value, reading.kvi.unit, currency)
    return f"{reading.kvi.title}: {value}{label}, {target_text(reading, currency)}. {chance(reading, currency)}"


def chance(reading: Reading, currency: str) -> str:
    """Whether the usual ups and downs could reach the target."""
    row, target = reading.latest, reading.target
    if row is None or target is None:
        return ""
    limits = format_range(row["lower"], row["upper"], reading.kvi.unit, currency)
    if row["lower"] <= target.value <= row["upper"]:
        return f"Normal variation ({limits}) reaches it now and then, by luck."
    return f"Normal variation ({limits}) does not reach it."


def level_text(reading: Reading, currency: str) -> str:
    """ "Stickiness: 46.6 % in Sprint 39, ▲ 0.4 pp on Sprint 38 (46.2 %)."."""
    label = f" in {reading.latest['label']}" if reading.latest is not None else ""
    value = format_value(reading.value, reading.kvi.unit, currency)
    return f"{reading.kvi.title}: {value}{label}, {change_text(reading, currency)}."


def changed(change: StatusChange) -> str:
    """ "Bills are understood (Service): On track → At risk: 40 % done at 55 % of the cycle"."""
    return f"{change.title} ({change.team}): {change.sentence}"


def must(due: Due) -> str:
    """ "Ask churned customers why: Product owner · due 26 Oct 2026, 5 days past due"."""
    return f"{due.decision.text}: {due.facts}, {due.when}"


def _changed_sections(week: Week) -> tuple[WeekSection, ...]:
    currency = week.currency
    return (
        WeekSection(
            "signals", "Signals", "Real changes: the new ones first, then those that are still there, the worse first",
            tuple(signal_text(change, currency) for change in week.signals),
            "No signals: nothing changed beyond normal variation. Leave the system alone.",
        ),
        WeekSection(
            "gone", "No signals any more", f"They were on {format_day(week.since)}",
            tuple(change.in_words(currency) for change in week.gone), "",
        ),
        WeekSection(
            "below_target", "Below target, predictable",
            "Chasing will not keep these on target: they need a better system",
            tuple(missed_text(reading, currency) for reading in week.lists.below_target),
            "No KVI predictably misses its target.",
        ),
    )  # fmt: skip


def _calm_sections(week: Week) -> tuple[WeekSection, ...]:
    return (
        WeekSection(
            "normal", "Within normal variation",
            "Leave these alone: their ups and downs are the usual ones, and acting on each would only add to them",
            tuple(level_text(reading, week.currency) for reading in week.lists.normal),
            "No KVI is within normal variation.",
        ),
        WeekSection(
            "unjudged", "Not to be judged yet",
            "Too little history, too few answers, or no basis in the latest complete period",
            tuple(f"{reading.kvi.title}: {reading.verdict}." for reading in week.lists.unjudged), "",
        ),
        WeekSection("data", "What arrived and what is missing", week.data.arrived, week.data.missing, ""),
    )  # fmt: skip


def _goal_sections(week: Week) -> tuple[WeekSection, ...]:
    trouble = week.goals.trouble
    days = (week.board.today - week.since).days
    return (
        WeekSection(
            "okrs", "OKRs that changed their status", f"In the {days} days up to the data's last, the worst first",
            tuple(map(changed, week.goals.okrs)), trouble or "No objective and no key result changed its status.",
        ),
        WeekSection(
            "decisions", "Open decisions", f"Past due, and due within {days} days of {format_day(week.board.today)}",
            tuple(map(must, week.goals.due)), trouble or "No open decision is past due or due soon.",
        ),
    )  # fmt: skip


def _slice_lines(part: SliceWeek, currency: str) -> tuple[str, ...]:
    return (
        *(signal_text(change, currency) for change in part.signals),
        *(change.in_words(currency) for change in part.gone),
        *(missed_text(reading, currency) for reading in part.lists.below_target),
    )


def _signals_in_short(week: Week) -> str:
    new, still, gone = len(week.new), len(week.signals) - len(week.new), len(week.gone)
    worse = sum(change.reading.signal == "bad" for change in week.new)
    summary = counted(new, "new signal") if new else "No new signals"
    summary += f" ({f'{_of_all(worse, new)} worse'.strip()})" if worse else ""
    return ", ".join(filter(None, (summary, f"{still} still" if still else "", f"{gone} gone" if gone else "")))


def _okrs_in_short(week: Week) -> str:
    count = len(week.goals.okrs)
    return f"{counted(count, 'OKR')} changed status" if count else ""


def _due_in_short(week: Week) -> str:
    past, soon = len(week.goals.past_due), len(week.goals.due_soon)
    how_many = str(soon) if past else counted(soon, "decision")
    facts = (f"{counted(past, 'decision')} past due" if past else "", f"{how_many} due soon" if soon else "")
    return ", ".join(filter(None, facts))


def _of_all(count: int, of: int) -> str:
    """How many of how many, as people say it: "", "both", "all", "2"."""
    return {1: "", 2: "both", 3: "all three"}.get(of, "all") if count == of else str(count)
