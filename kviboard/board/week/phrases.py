"""What This week says in words: its parts, each with a heading, a note and a sentence per line.

The page draws tiles beside these words, the digest's mail has the words alone. Nothing here is markup.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kviboard.board.age import as_of_text, reach_text
from kviboard.board.kvis.did_it_work import name_of
from kviboard.board.kvis.reading import Reading
from kviboard.board.kvis.sorting import sentence
from kviboard.board.kvis.tiles import chance, change_text, headline, target_text
from kviboard.board.okrs.status_changes import StatusChange
from kviboard.board.people.due import SOON_DAYS, Due
from kviboard.board.people.waiting import by_owner
from kviboard.board.week.signals import SignalChange
from kviboard.board.week.week import SliceWeek, Week
from kviboard.domain.formatting import counted, format_day, format_value
from kviboard.domain.kvis.verdict_words import in_plain_words
from kviboard.domain.okrs.status import WORST_FIRST

_FEW_NEW = 5  # objectives and key results that became active: more are told together
_NOUNS = {"bad": "problem", "good": "improvement", "neutral": "change"}


@dataclass(frozen=True)
class WeekSection:
    """One part of the week; `otherwise` stands where it has no lines."""

    name: str
    title: str
    note: str
    lines: tuple[str, ...]
    otherwise: str


def gist(week: Week) -> tuple[str, ...]:
    """The week in three sentences: what is wrong, what is being done, what to leave alone; a fourth where exports are
    late. Of old data the first says first of when it is."""
    facts = [_due_in_short(week), _okrs_in_short(week)]
    doing = (
        ", ".join(filter(None, facts))
        or week.goals.trouble
        or "no decision is due and no objective or key result changed status"
    )
    late = f"Data to {format_day(week.board.today)}, {counted(len(week.data.late), 'export')} late."
    sentences = (_wrong_in_short(week), _as_sentence(doing), _as_sentence(_calm_in_short(week)))
    return (*sentences, late) if week.data.late else sentences


def tab_title(week: Week) -> str:
    """What is wrong, for the browser's tab: "1 new problem, 3 below target". Of old data its day comes first, because a
    tab is too narrow for the end: "31 Oct 2026: no problems"."""
    said = _wrong(week)
    is_old = bool(as_of_text(week.board))
    return f"{format_day(week.board.today)}: {said[0].lower()}{said[1:]}" if is_old else said


def news(week: Week) -> str:
    """ "2 new problems, 1 continuing, 1 over", "No problems": what the signals say in five seconds. With nothing judged
    yet nobody knows whether there are problems."""
    new = Counter(_noun(change) for change in week.signals if change.age == "new")
    old = Counter(_noun(change) for change in week.signals if change.age != "new")
    facts = [counted(new[noun], f"new {noun}") for noun in _NOUNS.values() if new[noun]]
    facts += [f"{old[noun]} continuing" if new[noun] else counted(old[noun], f"continuing {noun}")
              for noun in _NOUNS.values() if old[noun]]  # fmt: skip
    facts += [f"{len(week.gone)} over"] if week.gone else []
    if not week.lists.judged:
        return ", ".join(["No KVI judged yet", *facts])
    return ", ".join(facts if week.signals else ["No problems", *facts])


def age_text(change: SignalChange) -> str:
    """ "new problem", "continuing improvement"."""
    return f"{'new' if change.age == 'new' else 'continuing'} {_noun(change)}"


def conditions(week: Week) -> str:
    """Which customers, in which periods, compared with when: what a reader must know before the numbers."""
    view = week.view
    customers = [f"{name.replace('_', ' ')} {', '.join(values)}" for name, values in view.where if values]
    who = f"only {' and '.join(customers)}" if customers else "all customers"
    return (
        f"Per {view.grain} · {who} · {reach_text(week.board)}, {week.data.read_text} · "
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
    """ "2 unusual (1 new), 1 below target; 14 as usual"."""
    new = sum(change.age == "new" for change in part.signals)
    count = len(part.signals)
    lists = part.lists
    facts = [
        f"{count} unusual{f' ({new} new)' if new else ''}" if count else "nothing unusual",
        f"{len(part.gone)} over" if part.gone else "",
        f"{len(lists.below_target)} below target" if lists.below_target else "",
    ]
    rest = [f"{len(lists.normal)} as usual"]
    rest += [f"{len(lists.unjudged)} too early to say"] if lists.unjudged else []
    text = f"{', '.join(filter(None, facts))}; {', '.join(rest)}"
    return text[:1].upper() + text[1:]


def signal_text(change: SignalChange, currency: str, caution: str) -> str:
    """What happened to a KVI, since when that is known, and why its value is doubtful, where it is."""
    reading = change.reading
    said = f"{headline(reading)}. {sentence(reading, currency)} {change.in_words(currency)}"
    return _with_caution(said, caution)


def missed_text(reading: Reading, currency: str, caution: str) -> str:
    """By how much the target is missed, and whether the usual ups and downs could reach it."""
    label = f" in {reading.latest['label']}" if reading.latest is not None else ""
    value = format_value(reading.value, reading.kvi.unit, currency)
    said = f"{reading.kvi.title}: {value}{label}, {target_text(reading, currency)}."
    could = chance(reading)
    return _with_caution(f"{said} {could}." if could else said, caution)


def level_text(reading: Reading, currency: str, caution: str) -> str:
    """ "Stickiness: 46.6 % in Sprint 39, ▲ 0.4 pp on Sprint 38 (46.2 %)."."""
    label = f" in {reading.latest['label']}" if reading.latest is not None else ""
    value = format_value(reading.value, reading.kvi.unit, currency)
    return _with_caution(f"{reading.kvi.title}: {value}{label}, {change_text(reading, currency)}.", caution)


def changed(change: StatusChange) -> str:
    """ "Bills are understood (Service): On track → At risk: 40 % done at 55 % of the cycle"."""
    return f"{change.title} ({change.team}): {change.sentence}"


def changes_told(week: Week) -> tuple[Sequence[StatusChange], str]:
    """The changes that are told one by one, and a sentence on what became active where that is much at a time, as at
    the beginning of a quarter or after a table was taken in: "240 became active: 12 Off track, 228 On track."."""
    known, new = _known_and_new(week)
    if len(new) <= _FEW_NEW:
        return week.goals.okrs, ""
    counts = Counter(change.after for change in new)
    said = ", ".join(f"{counts[status]} {status}" for status in WORST_FIRST if counts[status])
    return known, f"{_okr_noun(len(new))} became active: {said}."


def _known_and_new(week: Week) -> tuple[list[StatusChange], list[StatusChange]]:
    known = [change for change in week.goals.okrs if change.before]
    return known, [change for change in week.goals.okrs if not change.before]


def check_ins(week: Week) -> tuple[str, ...]:
    """Whose check-ins are past due, those waiting longest first: "Bo: 2 key results, the first since 12 Oct 2026"."""
    return tuple(
        f"{owner}: {counted(len(theirs), 'key result')}, "
        f"{'the first ' if len(theirs) > 1 else ''}due since {format_day(theirs[0].due_on)}"
        for owner, theirs in by_owner(week.goals.check_ins).items()
        if theirs[0].due_on
    )


def must(week: Week, due: Due) -> str:
    """ "Ask churned customers why: Product owner · due 26 Oct 2026, 5 days past due"."""
    return f"{name_of(week.board.catalog, due.decision)}: {due.facts}, {due.when}"


def _changed_sections(week: Week) -> tuple[WeekSection, ...]:
    currency = week.currency
    return (
        WeekSection(
            "signals", "What is unusual", "New first, then what continues, problems before improvements",
            tuple(signal_text(change, currency, week.caution(change.reading)) for change in week.signals),
            "Nothing is unusual: only the usual ups and downs. No action needed."
            if week.lists.judged
            else "No KVI can be judged yet, so nobody knows what is unusual.",
        ),
        WeekSection(
            "gone", "Over since last week", f"Unusual on {format_day(week.since)}",
            tuple(change.in_words(currency) for change in week.gone), "",
        ),
        WeekSection(
            "below_target", "Below target, and effort alone won't fix it", "Change how we work",
            tuple(missed_text(reading, currency, week.caution(reading)) for reading in week.lists.below_target), "",
        ),
    )  # fmt: skip


def _calm_sections(week: Week) -> tuple[WeekSection, ...]:
    return (
        WeekSection(
            "normal", "Usual ups and downs: no action", "Acting on each of them would only add to them",
            tuple(level_text(reading, week.currency, week.caution(reading)) for reading in week.lists.normal),
            "No KVI shows only its usual ups and downs.",
        ),
        WeekSection(
            "unjudged", "Too early to say",
            "Too little history, too few answers, or no basis in the latest complete period",
            tuple(f"{reading.kvi.title}: {in_plain_words(reading.verdict)}." for reading in week.lists.unjudged), "",
        ),
        WeekSection(
            "data", "What arrived and what is missing", week.data.arrived, (*week.data.restated, *week.data.missing), ""
        ),
    )  # fmt: skip


def _goal_sections(week: Week) -> tuple[WeekSection, ...]:
    trouble = week.goals.trouble
    days = (week.board.today - week.since).days
    today = format_day(week.board.clock_day)
    return (
        WeekSection(
            "decisions", "Open decisions", f"Past due, and due within {SOON_DAYS} days of {today}",
            tuple(must(week, due) for due in week.goals.due), trouble or "No open decision is past due or due soon.",
        ),
        WeekSection("worked", "Did it work?", "What was done, judged by the KVI's own chart since",
            tuple(each.in_words for each in week.goals.answered), ""),
        WeekSection("loop", "Closing the loop", week.goals.loop.in_words, week.goals.loop.calls, ""),
        WeekSection("check_ins", "Check-ins past due", "What nobody has looked at for longer than agreed",
            check_ins(week), ""),
        WeekSection(
            "okrs", "OKRs that changed status", f"In the {days} days to {format_day(week.board.today)}, worst first",
            _okr_lines(week), trouble or "No objective and no key result changed status.",
        ),
    )  # fmt: skip


def _slice_lines(part: SliceWeek, currency: str) -> tuple[str, ...]:
    return (
        *(signal_text(change, currency, part.caution(change.reading)) for change in part.signals),
        *(change.in_words(currency) for change in part.gone),
        *(missed_text(reading, currency, part.caution(reading)) for reading in part.lists.below_target),
    )


def _noun(change: SignalChange) -> str:
    return _NOUNS[change.reading.signal or "neutral"]


def _with_caution(said: str, caution: str) -> str:
    return f"{said} {_as_sentence(caution)}" if caution else said


def _as_sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _wrong_in_short(week: Week) -> str:
    """ "As of 31 Oct 2026, 27 days ago: 2 new problems, 1 below target."."""
    said, as_of = _wrong(week), as_of_text(week.board)
    return f"{as_of}: {said[0].lower()}{said[1:]}." if as_of else f"{said}."


def _wrong(week: Week) -> str:
    below = len(week.lists.below_target)
    return f"{news(week)}, {below} below target" if below else news(week)


def _calm_in_short(week: Week) -> str:
    normal, unjudged = len(week.lists.normal), len(week.lists.unjudged)
    if not normal:
        return (
            f"{counted(unjudged, 'KVI')} too early to say" if unjudged else "no KVI shows only its usual ups and downs"
        )
    facts = [f"{counted(normal, 'KVI')} {'shows' if normal == 1 else 'show'} the usual ups and downs: no action"]
    return ", ".join([*facts, *([f"{unjudged} too early to say"] if unjudged else [])])


def _okrs_in_short(week: Week) -> str:
    """What changed its status, how much of it for the worse, and what became active: that is no change."""
    known, new = _known_and_new(week)
    worse = sum(change.better is False for change in known)
    how = f", {worse} for the worse" if worse and len(known) > 1 else ", for the worse" if worse else ""
    facts = [f"{_okr_noun(len(known))} changed status{how}"] if known else []
    facts += [f"{len(new)} became active" if known else f"{_okr_noun(len(new))} became active"] if new else []
    return ", ".join(facts)


def _okr_noun(count: int) -> str:
    return f"{count:,} {'objective or key result' if count == 1 else 'objectives and key results'}"


def _okr_lines(week: Week) -> tuple[str, ...]:
    told, became_active = changes_told(week)
    return (*map(changed, told), *([became_active] if became_active else []))


def _due_in_short(week: Week) -> str:
    past, soon = len(week.goals.past_due), len(week.goals.due_soon)
    how_many = str(soon) if past else counted(soon, "decision")
    facts = (f"{counted(past, 'decision')} past due" if past else "", f"{how_many} due soon" if soon else "")
    return ", ".join(filter(None, facts))
