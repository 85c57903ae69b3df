"""The parts of This week as HTML, the same on the board's page and in a digest: tiles, quiet table, lists of sentences.

What they say is decided in `board.week.phrases`; where links lead is a parameter. A page or a file puts them in place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from kviboard.board.kvis.did_it_work import Answered, subject_of
from kviboard.board.kvis.reading import Reading
from kviboard.board.kvis.tiles import Links, tile_of
from kviboard.board.okrs.status_changes import StatusChange
from kviboard.board.people.due import Due
from kviboard.board.week.phrases import WeekSection, age_text, changes_told, gist, week_sections
from kviboard.board.week.week import Week
from kviboard.components.markup import apart, facts, link, text
from kviboard.components.statuses import status
from kviboard.components.tiles import Tile, calm_list, wall
from kviboard.domain.formatting import counted, format_day

_AT_ONCE = 3  # objectives; the others are behind a count


@dataclass(frozen=True)
class Section:
    """One part, ready to be placed: `body` is HTML, `otherwise` the sentence where it is empty, all else plain text."""

    name: str
    title: str
    note: str
    body: str
    otherwise: str


def gist_html(week: Week) -> str:
    """The week in three sentences; what is wrong comes first and stands out."""
    first, *others = gist(week)
    return f'<p class="kvi-gist"><b>{text(first)}</b> {" ".join(f"<span>{text(said)}</span>" for said in others)}</p>'


def sections_of(week: Week, links: Links) -> list[Section]:
    """The parts in their order, what is below target among the tiles of what is unusual; those that would only say that
    there is nothing, and need not, are left out."""
    told = {words.name: words for words in week_sections(week)}
    below = told.pop("below_target")
    if below.lines:
        told["signals"] = _with_below_target(told["signals"], below)
    drawn = [Section(words.name, words.title, words.note, _BODIES[words.name](week, words, links), words.otherwise)
             for words in told.values()]  # fmt: skip
    return [section for section in drawn if section.body or section.otherwise]


def _with_below_target(unusual: WeekSection, below: WeekSection) -> WeekSection:
    """The part whose tiles are those of both."""
    if not unusual.lines:
        return replace(unusual, title=below.title, note=f"{below.note}. Nothing is unusual")
    return replace(unusual, title=f"{unusual.title} or below target", note=f"{unusual.note}; below target last")


def bullets(lines: Sequence[str]) -> str:
    """Sentences as a quiet list; nothing where there are none."""
    items = "".join(f"<li>{text(line)}</li>" for line in lines)
    return f'<ul class="okr-changes">{items}</ul>' if items else ""


def _signals(week: Week, section: WeekSection, links: Links) -> str:
    tiles = [_tile(week, change.reading, links, age_text(change)) for change in week.signals]
    return wall([*tiles, *(_tile(week, reading, links) for reading in week.lists.below_target)])


def _listed(week: Week, section: WeekSection, links: Links) -> str:
    return bullets(section.lines)


def _normal(week: Week, section: WeekSection, links: Links) -> str:
    return calm_list([_tile(week, reading, links) for reading in week.lists.normal], section.title)


def _unjudged(week: Week, section: WeekSection, links: Links) -> str:
    return calm_list([_tile(week, reading, links) for reading in week.lists.unjudged], section.title)


def _okrs(week: Week, section: WeekSection, links: Links) -> str:
    """One line per objective, the worst first, with its key results that changed."""
    told, became_active = changes_told(week)
    ranked = {change.objective_id: place for place, change in reversed(list(enumerate(told)))}
    changes = sorted(told, key=lambda change: (ranked[change.objective_id], change.key_result_id or 0))
    groups = [list(group) for _, group in groupby(changes, key=lambda change: change.objective_id)]
    items = [_objective(group, links) for group in groups]
    shown = _some(items, "more objective") if items else ""
    return shown + (_list([f"<li>{link(became_active, links('okrs'))}</li>"]) if became_active else "")


def _some(items: Sequence[str], noun: str) -> str:
    """The first few, the others behind a count."""
    rest = items[_AT_ONCE:]
    more = f"<details><summary>{counted(len(rest), noun)}</summary>{_list(rest)}</details>" if rest else ""
    return _list(items[:_AT_ONCE]) + more


def _list(items: Sequence[str]) -> str:
    return f'<ul class="okr-changes okr-wide">{"".join(items)}</ul>'


def _objective(changes: Sequence[StatusChange], links: Links) -> str:
    """An objective's own change where it has one, and the key results that changed below it."""
    own = next((change for change in changes if change.key_result_id is None), None)
    parts = [_okr(change) for change in changes if change.key_result_id is not None]
    first = changes[0]
    address = links("okrs", objective=str(first.objective_id))
    moved = f"{_moved(own)} " if own else ""
    below = f'<br><span class="okr-notes">{" · ".join(parts)}</span>' if parts else ""
    return (
        f"<li>{moved}<b>{link(first.objective_title, address)}</b> "
        f'<span class="okr-notes">{text(first.team)}</span>{below}</li>'
    )


def _moved(change: StatusChange) -> str:
    before = f"{status(change.before)} → " if change.before else ""
    provisional = " provisional" if change.is_provisional else ""
    return f'<span title="{text(change.reason)}">{before}{status(change.after)}{provisional}</span>'


def _okr(change: StatusChange) -> str:
    return f"{_moved(change)} {apart(change.title)}"


def _decisions(week: Week, section: WeekSection, links: Links) -> str:
    items = "".join(_decision(week, due, links) for due in week.goals.due)
    return f'<ul class="okr-changes">{items}</ul>' if items else ""


def _decision(week: Week, due: Due, links: Links) -> str:
    tone, icon = ("bad", "▼") if due.is_past else ("calm", "◌")
    when = f'<span class="okr-status okr-{tone}"><span aria-hidden="true">{icon} </span>{text(due.when)}</span>'
    kvi = week.board.catalog.kvis.get(due.decision.kvi or "")
    subject = subject_of(week.board.catalog, due.decision)
    about = f" · {link(subject, links('kvis', kvi=kvi.name))}" if kvi else ""
    return f'<li>{when} <b>{apart(due.decision.text)}</b> <span class="okr-notes">{text(due.facts)}{about}</span></li>'


def _worked(week: Week, section: WeekSection, links: Links) -> str:
    """What was done and what came of it, the latest first; the older ones behind a count."""
    items = [_answered(week, each, links) for each in week.goals.answered]
    return _some(items, "earlier one") if items else ""


def _answered(week: Week, each: Answered, links: Links) -> str:
    made = each.decision
    kvi = week.board.catalog.kvis.get(made.kvi or "")
    about = f" · {link(subject_of(week.board.catalog, made), links('kvis', kvi=kvi.name))}" if kvi else ""
    done = f"{made.owner}, done {format_day(each.done_on)}" if each.done_on else made.owner
    return (
        f"<li><b>{text(each.verdict)}</b> {apart(made.text)} "
        f'<span class="okr-notes">{text(done)}{about}</span><br><span class="okr-notes">{text(each.said)}</span></li>'
    )


def _loop(week: Week, section: WeekSection, links: Links) -> str:
    """Whose calls are open, without the customers; the page has them for those with the right."""
    if not section.note:
        return ""
    way = links("voice", show="loop")
    more = f'<p class="kvi-quiet">{link("Whom to call", way)}</p>' if way else ""
    return bullets(section.lines) + more


def _data(week: Week, section: WeekSection, links: Links) -> str:
    missing = bullets(section.lines)
    return f'<div class="kvi-reach">{missing}{facts(week.data.reach)}</div>'


def _tile(week: Week, reading: Reading, links: Links, age: str = "") -> Tile:
    name, coverage, caution = reading.kvi.name, week.coverage(reading), week.caution(reading)
    actions = [decision for decision in week.goals.open if decision.kvi == name]
    notes = [note for note in week.goals.notes if note.kvi == name]
    return tile_of(reading, week.currency, links, coverage, age, actions, caution, notes)


_BODIES: dict[str, Callable[[Week, WeekSection, Links], str]] = {
    "signals": _signals,
    "gone": _listed,
    "decisions": _decisions,
    "worked": _worked,
    "loop": _loop,
    "check_ins": _listed,
    "okrs": _okrs,
    "normal": _normal,
    "unjudged": _unjudged,
    "data": _data,
}
