"""The parts of This week as HTML, the same on the board's page and in a digest: tiles, quiet table, lists of sentences.

What they say is decided in `board.week.phrases`; where links lead is a parameter. A page or a file puts them in place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kviboard.board.kvis.readings import Reading
from kviboard.board.kvis.tiles import Links, tile_of
from kviboard.board.okrs.status_changes import StatusChange
from kviboard.board.week.due import Due
from kviboard.board.week.phrases import WeekSection, chance, gist, signal_text, week_sections
from kviboard.board.week.week import Week
from kviboard.components.markup import facts, link, quiet, text
from kviboard.components.statuses import status
from kviboard.components.tiles import Tile, table, wall

_AT_ONCE = 12


@dataclass(frozen=True)
class Section:
    """One part, ready to be placed: `body` is HTML, `otherwise` the sentence where it is empty, all else plain text."""

    name: str
    title: str
    note: str
    body: str
    otherwise: str


def gist_html(week: Week) -> str:
    """The week in one line: what is new stands out, how far the data reaches stays quiet."""
    *news, reach = gist(week)
    summary = "<i> · </i>".join(f"<b>{text(part)}</b>" for part in news)
    return f'<p class="kvi-gist">{summary}<i> · {text(reach)}</i></p>'


def sections_of(week: Week, links: Links) -> list[Section]:
    """The parts in their order; those that would only say that there is nothing, and need not, are left out."""
    drawn = [Section(words.name, words.title, words.note, _BODIES[words.name](week, words, links), words.otherwise)
             for words in week_sections(week)]  # fmt: skip
    return [section for section in drawn if section.body or section.otherwise]


def bullets(lines: Sequence[str]) -> str:
    """Sentences as a quiet list; nothing where there are none."""
    items = "".join(f"<li>{text(line)}</li>" for line in lines)
    return f'<ul class="okr-changes">{items}</ul>' if items else ""


def _signals(week: Week, section: WeekSection, links: Links) -> str:
    changes = week.signals
    return wall([_tile(week, c.reading, links, signal_text(c, week.currency), c.age) for c in changes])


def _gone(week: Week, section: WeekSection, links: Links) -> str:
    return bullets(section.lines)


def _below_target(week: Week, section: WeekSection, links: Links) -> str:
    return wall([_tile(week, r, links, chance(r, week.currency)) for r in week.lists.below_target])


def _normal(week: Week, section: WeekSection, links: Links) -> str:
    return table([_tile(week, reading, links) for reading in week.lists.normal], "KVIs within normal variation")


def _unjudged(week: Week, section: WeekSection, links: Links) -> str:
    return table([_tile(week, reading, links) for reading in week.lists.unjudged], "KVIs that cannot be judged yet")


def _okrs(week: Week, section: WeekSection, links: Links) -> str:
    changes = week.goals.okrs
    items = "".join(_okr(change, links) for change in changes[:_AT_ONCE])
    more = quiet(f"And {len(changes) - _AT_ONCE} more.") if len(changes) > _AT_ONCE else ""
    return f'<ul class="okr-changes">{items}</ul>{more}' if items else ""


def _okr(change: StatusChange, links: Links) -> str:
    before = f"{status(change.before)} → " if change.before else ""
    address = links("okrs", objective=str(change.objective_id), do="", of="")
    return (
        f"<li>{before}{status(change.after)} <b>{link(change.title, address)}</b> "
        f'<span class="okr-notes">{text(change.team)} · {text(change.reason)}</span></li>'
    )


def _decisions(week: Week, section: WeekSection, links: Links) -> str:
    items = "".join(_decision(week, due, links) for due in week.goals.due)
    return f'<ul class="okr-changes">{items}</ul>' if items else ""


def _decision(week: Week, due: Due, links: Links) -> str:
    tone, icon = ("bad", "▼") if due.is_past else ("calm", "◌")
    when = f'<span class="okr-status okr-{tone}"><span aria-hidden="true">{icon} </span>{text(due.when)}</span>'
    kvi = week.board.catalog.kvis.get(due.decision.kvi or "")
    about = f" · {link(kvi.title, links('kvis', kvi=kvi.name))}" if kvi else ""
    return f'<li>{when} <b>{text(due.decision.text)}</b> <span class="okr-notes">{text(due.facts)}{about}</span></li>'


def _data(week: Week, section: WeekSection, links: Links) -> str:
    missing = bullets(section.lines)
    return f'<div class="kvi-reach">{missing}{facts(week.data.reach)}</div>'


def _tile(week: Week, reading: Reading, links: Links, message: str = "", age: str = "") -> Tile:
    return tile_of(reading, week.currency, links, week.coverage(reading), message, age)


_BODIES: dict[str, Callable[[Week, WeekSection, Links], str]] = {
    "signals": _signals,
    "gone": _gone,
    "below_target": _below_target,
    "okrs": _okrs,
    "decisions": _decisions,
    "normal": _normal,
    "unjudged": _unjudged,
    "data": _data,
}
