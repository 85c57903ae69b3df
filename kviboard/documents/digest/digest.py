"""The weekly digest: This week as one file and as words, for one reader's filters. Sending it belongs to `mail`."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from kviboard.board.context import BoardContext
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.tables import refuse_unknown_values
from kviboard.board.kvis.tiles import Links, no_links, tile_of
from kviboard.board.week.phrases import age_text, conditions, slice_in_short
from kviboard.board.week.week import SliceWeek, Week, read_week
from kviboard.components.markup import link, quiet, section, text
from kviboard.components.tiles import Tile, table
from kviboard.documents.digest.sections import bullets, gist_html, sections_of
from kviboard.documents.html.page import page_html
from kviboard.documents.sanitize import one_line
from kviboard.domain.formatting import format_day

_AFTER_SLICES = "decisions"  # where in the week the slices stand: after what changed, before what people do about it
_HOW = "Unusual is a change beyond the usual ups and downs (process behaviour chart); new ones were none a week before."
_STYLE = """
.kvi-document { max-width: 68rem; }
.kvi-document .kvi-section { margin-top: 2.25rem; }
.kvi-document .kvi-section h2 { font-size: 1.25rem; }
.kvi-document .kvi-section h3 { margin: 1.5rem 0 0.25rem; font-size: 1rem; break-after: avoid; }
.kvi-document .kvi-section h3 small { font-size: 0.8125rem; font-weight: 400; color: var(--kvi-secondary); }
.kvi-document li.kvi-tile h3 { margin: 0; }
.kvi-document > .kvi-end { margin-top: 2.5rem; font-size: 0.8125rem; }
.kvi-document ul.kvi-wall { grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); }
li.kvi-tile:hover { box-shadow: none; }
.kvi-cover a.kvi-link { color: var(--kvi-accent) !important; text-decoration: underline !important; }
.kvi-slice { break-inside: avoid; }
@media print {
  .kvi-document ul.kvi-wall { grid-template-columns: repeat(2, 1fr); }
  .kvi-document .kvi-section { margin-top: 1.25rem; }
}
"""


@dataclass(frozen=True, eq=False)
class Digest:
    """One reader's week: `title` names it, `week` is what it says, `links` lead to the board if it has an address."""

    title: str
    week: Week
    links: Links

    @property
    def file_name(self) -> str:
        return f"this-week-{self.week.board.today:%Y-%m-%d}.html"


def make_digest(context: BoardContext, view: View, name: str = "", board_address: str = "") -> Digest:
    """Read the week in this view. Raises UsageError for a dimension or value that does not exist."""
    refuse_unknown_values(context.board, view)
    company = context.board.workspace.company.name
    title = one_line(f"{company}: {name or 'this week'}, data to {format_day(context.board.today)}")
    return Digest(title, read_week(context, view), _links(board_address, view) if board_address else no_links)


def digest_html(digest: Digest) -> str:
    """The digest as one HTML file that asks for nothing from anywhere."""
    week = digest.week
    body: list[str] = [_cover(digest)]
    for part in sections_of(week, digest.links):
        if part.name == _AFTER_SLICES and week.slices:
            body.append(_slices(week, digest.links))
        body.append(section(part.title, part.note, part.body, part.otherwise))
    whole = "OKRs and decisions are the whole company's, whatever the filters. " if week.view.where else ""
    end = f"{whole}{_HOW} Version {week.board.reader.version} of the data."
    body.append(f'<footer class="kvi-end">{quiet(end)}</footer>')
    return page_html(digest.title, "\n".join(body), extra_css=_STYLE)


def _cover(digest: Digest) -> str:
    """Whose week, in which customers and periods, how fresh; then the gist."""
    company = digest.week.board.workspace.company
    home = digest.links("")
    board = f"<p>{link('Open it on the board', home)}</p>" if home else ""
    vision = f"<p>{text(company.vision)}</p>" if company.vision else ""
    return (
        f'<header class="kvi-cover"><h1>{text(digest.title)}</h1>{vision}'
        f"<p>{text(conditions(digest.week))}</p>{board}</header>{gist_html(digest.week)}"
    )


def _slices(week: Week, links: Links) -> str:
    """A short table per slice with what stands out there; slices where nothing does share one line."""
    by = (week.view.by or "").replace("_", " ")
    loud = [part for part in week.slices if part.signals or part.gone or part.lists.below_target]
    calm = [part.name for part in week.slices if part not in loud]
    note = "Only what stands out, most news first. Among many slices some of it is chance: trust what lasts."
    body = "".join(_slice(week, part, links) for part in loud)
    rest = quiet(f"Nothing stands out in {', '.join(calm)}.") if calm else ""
    return section(f"By {by}", note, body + rest)


def _slice(week: Week, part: SliceWeek, links: Links) -> str:
    tiles = [_slice_tile(week, part, change.reading, links, age_text(change)) for change in part.signals]
    tiles += [_slice_tile(week, part, reading, links) for reading in part.lists.below_target]
    gone = bullets([change.in_words(week.currency) for change in part.gone])
    rows = table(tiles, f"What stands out in {part.name}")
    head = f"<h3>{text(part.name)} <small>{text(slice_in_short(part))}</small></h3>"
    return f'<div class="kvi-slice">{head}{rows}{gone}</div>'


def _slice_tile(week: Week, part: SliceWeek, reading: Reading, links: Links, age: str = "") -> Tile:
    """A KVI in a slice; its link shows the slice alone."""

    def of_slice(page: str, **changed: str) -> str:
        return links(page, **{str(week.view.by): part.name}, **changed)

    return tile_of(reading, week.currency, of_slice, age=age, caution=part.caution(reading))


def _links(board_address: str, view: View) -> Links:
    """Addresses on the board that keep the digest's filters."""

    def address(page: str, **changed: str) -> str:
        chosen: dict[str, str | Sequence[str]] = {"grain": view.grain, **dict(view.where), **changed}
        parameters = urlencode({name: value for name, value in chosen.items() if value}, doseq=True)
        return f"{board_address}/{page}?{parameters}"

    return address
