"""The ledger of sources on Exports and checks: rows, reach, gaps and files of each."""

from collections.abc import Sequence
from datetime import date

from kviboard.board.exports.exports import ExportFile, Feed, SourceReport, coverages
from kviboard.board.exports.row_outcomes import ROW_OUTCOMES, corrected_text, each_file_once, shown_outcomes
from kviboard.caching import shared_cache
from kviboard.components.coverage import coverage_svg
from kviboard.components.markup import quiet, text
from kviboard.domain.contract import EVENT_TABLES
from kviboard.domain.formatting import counted, format_days
from kviboard.domain.kvis.coverage import Coverage, closed_in_words, gaps_in_words
from kviboard.errors import QueryError
from kviboard.ui import session
from kviboard.ui.exports.page import ExportsPage, answer_or_say
from kviboard.ui.exports.tables import short_name, table
from kviboard.ui.style import draw_section

_LONG_GAP = _LATE = 7  # days


def draw_sources(page: ExportsPage) -> None:
    """Each source: rows, reach, gaps and files. Rows read are always all that became of them together."""
    nothing: dict[str, Coverage] = {}
    found = answer_or_say(page, _coverages, nothing)
    axis = _axis(found)
    outcomes = shown_outcomes(row for source in page.exports.sources for feed in source.feeds for row in feed.rows)
    bodies = "".join(_source(source, outcomes, found, axis) for source in page.exports.sources)
    signs = (f"{'+' if number else '='} {ROW_OUTCOMES[name]}" for number, name in enumerate(outcomes))
    labels = ("Source", "Rows read", *signs, "Days with rows")
    heads = "".join(f'<th role="columnheader" scope="col">{label}</th>' for label in labels)
    table = (
        f'<table class="kvi-ledger" role="table"><caption>Sources</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>{bodies}</table>'
    )
    note = f"Every row of every file is accounted for: read = {' + '.join(ROW_OUTCOMES[name] for name in outcomes)}."
    rows = (row for source in page.exports.sources for feed in source.feeds for row in feed.rows)
    note = f"{note} {corrected_text(each_file_once(rows))}".strip()
    otherwise = "kviboard.toml names no export yet."
    draw_section("Sources", note if bodies else "", table if bodies else "", otherwise)


def cautioned(page: ExportsPage) -> int:
    """The number of sources that `draw_sources` shows with a caution: a long gap, or an end long before the others."""
    if page.board is None:
        return 0
    try:
        found = _coverages(session.board_key())
    except QueryError:
        return 0  # said where the sources are drawn
    by_source = ([_gaps(feed, found.get(feed.table), _axis(found)) for feed in s.feeds] for s in page.exports.sources)
    return sum(any(gap and gap[0] == "caution" for gap in gaps) for gaps in by_source)


def _axis(found: dict[str, Coverage]) -> tuple[date, date] | None:
    """The first and the last day of all sources."""
    if not found:
        return None
    return min(coverage.first for coverage in found.values()), max(coverage.last for coverage in found.values())


@shared_cache(most=3)
def _coverages(key: session.Key) -> dict[str, Coverage]:
    return coverages(session.board())


def _source(
    source: SourceReport, outcomes: Sequence[str], found: dict[str, Coverage], axis: tuple[date, date] | None
) -> str:
    feeds = (_feed(source, feed, outcomes, found.get(feed.table), axis) for feed in source.feeds)
    rows = "".join(feeds) or _unread(source, outcomes)
    gaps = [sentence for feed in source.feeds if (sentence := _gaps(feed, found.get(feed.table), axis))]
    notes = "".join(f'<p class="kvi-{tone}">{text(sentence)}</p>' for tone, sentence in dict.fromkeys(gaps))
    below = f'<tr role="row"><td role="cell" colspan="{len(outcomes) + 3}">{notes}{_files(source, outcomes)}</td></tr>'
    return f'<tbody role="rowgroup">{rows}{below if notes or source.files else ""}</tbody>'


def _feed(
    source: SourceReport,
    feed: Feed,
    outcomes: Sequence[str],
    coverage: Coverage | None,
    axis: tuple[date, date] | None,
) -> str:
    cells = _count("Read", feed.total("rows_read"))
    cells += "".join(_count(ROW_OUTCOMES[name].capitalize(), feed.total(name)) for name in outcomes)
    strip = _strip(feed, coverage, axis)
    name = _name(source.name, _role(source, feed))
    return f'<tr role="row">{name}{cells}<td role="cell" class="kvi-days">{strip}</td></tr>'


def _unread(source: SourceReport, outcomes: Sequence[str]) -> str:
    sentence = str(source.missing.what + " " + source.missing.hint) if source.missing else "Not read yet."
    cell = f'<td role="cell" colspan="{len(outcomes) + 2}">{quiet(sentence)}</td>'
    return f'<tr role="row">{_name(source.name, "")}{cell}</tr>'


def _name(source: str, role: str) -> str:
    note = f" <small>{text(role)}</small>" if role else ""
    return f'<th role="rowheader" scope="row">{text(source)}{note}</th>'


def _role(source: SourceReport, feed: Feed) -> str:
    """What the source is to the table; nothing where both have one name."""
    if feed.role == "lookup":
        return f"looked up for {feed.table}"
    made = "also makes" if feed.role == "derived" else "feeds"
    return "" if source.name == feed.table else f"{made} {feed.table}"


def _count(label: str, count: int) -> str:
    return f'<td role="cell" data-name="{label}" class="kvi-count">{count:,}</td>'


def _strip(feed: Feed, coverage: Coverage | None, axis: tuple[date, date] | None) -> str:
    if feed.role == "lookup" or not feed.reach:
        return ""
    reach = text(format_days(feed.reach.data_from, feed.reach.data_through))
    if not coverage or not axis:
        return f"<small>{reach}</small>"
    label = f"{feed.table}: rows on {counted(coverage.days_with_rows, 'day')} of {reach}"
    return f"{coverage_svg(coverage, *axis, label)}<small>{reach}</small>"


def _gaps(feed: Feed, coverage: Coverage | None, axis: tuple[date, date] | None) -> tuple[str, str] | None:
    """Days without rows and a late end as tone and sentence; for a source's own rows only."""
    if feed.role == "lookup" or feed.table not in EVENT_TABLES or not coverage or not axis:
        return None
    behind = (axis[1] - coverage.last).days
    late = f"Ends {counted(behind, 'day')} before the other exports." if behind else ""
    closed = closed_in_words(coverage)
    sentences = (gaps_in_words(coverage, feed.table), f"There are {closed}." if closed else "", late)
    sentence = " ".join(sentence for sentence in sentences if sentence)
    is_long = (coverage.gaps and coverage.gaps[0].days >= _LONG_GAP) or behind >= _LATE
    return ("caution" if is_long else "quiet", ("⚠ " if is_long else "") + sentence) if sentence else None


def _files(source: SourceReport, outcomes: Sequence[str]) -> str:
    if not source.files:
        return ""
    size = format_size(sum(file.size or 0 for file in source.files))
    label = f"{counted(len(source.files), 'file')}, {size}"
    news = [f"{count} {change}" for change in ("new", "changed", "gone") if (count := _with(source, change))]
    changed = f' · <b class="kvi-caution">{", ".join(news)} since</b>' if news else ""
    rows = "".join(_file(file, outcomes) for file in source.files)
    heads = ("File", "Size", "Read", *(ROW_OUTCOMES[name].capitalize() for name in outcomes))
    inner = table("kvi-files", f"Files of {source.name}", heads, rows)
    return f"<details><summary>{text(label)}{changed}</summary>{inner}</details>"


def _with(source: SourceReport, change: str) -> int:
    return sum(file.change == change for file in source.files)


def _file(file: ExportFile, outcomes: Sequence[str]) -> str:
    name = f'<th scope="row" title="{text(file.name)}">{text(short_name(file.name))}'
    name += f' <b class="kvi-caution">{file.change}</b></th>' if file.change else "</th>"
    size = f'<td class="kvi-count">{format_size(file.size) if file.size is not None else "–"}</td>'
    if not file.rows:
        return f'<tr>{name}{size}<td colspan="{len(outcomes) + 1}">not read yet</td></tr>'
    rows = file.rows[0]
    counts = (rows.rows_read, *(getattr(rows, name) for name in outcomes))
    cells = "".join(f'<td class="kvi-count">{count:,}</td>' for count in counts)
    return f"<tr>{name}{size}{cells}</tr>"


def format_size(size: float) -> str:
    """A file's size: "830 bytes", "1.2 MB"."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" or size >= 10 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
