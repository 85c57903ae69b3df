"""What arrived in the week and what is missing: how far each export reaches and which KVIs wait. Computes no KVI."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kviboard.board.board import Board
from kviboard.board.exports.maintenance import broken_checks
from kviboard.board.week.restated import restated
from kviboard.domain.contract import EVENT_TABLES
from kviboard.domain.formatting import counted, format_day, listed, plural
from kviboard.warehouse.manifest import LedgerRow

_NAMED = 3


@dataclass(frozen=True)
class DataState:
    """How far the exports reach, in the words of a list and of sentences.

    `reach`: ("Orders", "to 31 Oct 2026"); `arrived` one sentence; `missing` a sentence for each gap; `restated` one for
    each past number that changed with the exports; `read_at` when they were read, in the company's time.
    """

    reach: tuple[tuple[str, str], ...]
    arrived: str
    missing: tuple[str, ...]
    late: tuple[str, ...]
    read_at: datetime
    restated: tuple[str, ...] = ()

    @property
    def read_text(self) -> str:
        """ "exports read 1 Nov 2026, 06:12"."""
        return f"exports read {format_day(self.read_at.date())}, {self.read_at:%H:%M}"


def read_data(board: Board, since: date) -> DataState:
    """What has rows of the days after `since` and what has not."""
    ends = {name: span.data_through for name, span in board.reader.reach.items()}
    events = {name: day for name, day in ends.items() if name in EVENT_TABLES}
    late = tuple(name for name, day in events.items() if day <= since)
    # a list of customers reaches as far as what happened unless it is older: then a day is worth saying
    behind = (*late, *(("customers",) if ends.get("customers", board.today) < board.today else ()))
    return DataState(
        reach=tuple((name.capitalize(), f"to {format_day(day)}") for name, day in ends.items()),
        arrived=_arrived(len(events), late, f"{(board.today - since).days} days to {format_day(board.today)}"),
        missing=(
            *(_late(board, name, ends[name]) for name in behind),
            *_late_columns(board, ends),
            *_waiting(board),
            *_rejected_or_broken(board),
        ),
        late=late,
        read_at=board.reader.manifest.made_at.astimezone(board.workspace.company.zone),
        restated=restated(board),
    )


def _arrived(count: int, late: tuple[str, ...], days: str) -> str:
    if not late:
        what = "The export has" if count == 1 else f"All {count} exports of what happened have"
        return f"{what} rows of the {days}."
    there = count - len(late)
    return f"{there} of {count} exports of what happened {plural(there, 'has', 'have')} rows of the {days}."


def _late(board: Board, name: str, ends: date) -> str:
    titles = [kvi.title for kvi in board.kvis.values() if name in kvi.tables]
    return _ended(board, f"The {name} export ends on", ends, titles)


def _late_columns(board: Board, ends: Mapping[str, date]) -> Iterator[str]:
    """Columns that exports do not have any more, and what ends with them."""
    for need, span in board.reader.manifest.told.items():
        table, column = need.split(".")
        if span.data_through < ends[table]:
            titles = [kvi.title for kvi in board.kvis.values() if need in kvi.needs]
            yield _ended(board, f"{column} in the {table} export ends on", span.data_through, titles)


def _ended(board: Board, what: str, ends: date, titles: list[str]) -> str:
    behind = (board.today - ends).days
    resting = f": {_list(titles)} {plural(len(titles), 'waits', 'wait')} for the rest" if titles else ""
    return f"{what} {format_day(ends)}, {counted(behind, 'day')} before the newest data{resting}."


def _waiting(board: Board) -> list[str]:
    """Which KVIs wait, by what they wait for."""
    titles: dict[str, list[str]] = {}
    for name, lack in sorted(board.waiting.items()):
        titles.setdefault(lack, []).append(board.catalog.kvis[name].title)
    return [
        f"{_list(waiting)} {'wait: each' if len(waiting) > 1 else 'waits: it'} {lack}."
        for lack, waiting in sorted(titles.items())
    ]


def _rejected_or_broken(board: Board) -> list[str]:
    """Rows that could not be used, rules that the data breaks, query files that are left out."""
    rows = _rows_rejected(board.reader.manifest.files)
    broken = len(broken_checks(board.reader.manifest))
    files = len({problem.file for problem in board.problems})
    doubts = sum(decision.should_be_confirmed for decision in board.reader.manifest.decisions)
    found = (
        (doubts, "reading of the exports should be confirmed", "readings of the exports should be confirmed"),
        (rows, "row of the exports was rejected", "rows of the exports were rejected"),
        (broken, "rule that the data should keep is broken", "rules that the data should keep are broken"),
        (files, "query file is broken and left out", "query files are broken and left out"),
    )
    return [f"{count:,} {plural(count, one, many)}; see Exports and checks." for count, one, many in found if count]


def _rows_rejected(ledger: Iterable[LedgerRow]) -> int:
    """Rows of the exports that a table could not use. Of an export that makes several tables those of the one that
    refused most: the ledger counts a row without a customer in each of them."""
    refused: dict[str, Counter[str]] = {}
    for row in ledger:
        refused.setdefault(row.source, Counter())[row.table_name] += row.rows_rejected
    return sum(max(by_table.values()) for by_table in refused.values())


def _list(titles: list[str]) -> str:
    """ "A, B and C", the rest counted."""
    more = len(titles) - _NAMED
    shown = titles if more <= 1 else [*titles[:_NAMED], f"{more} more"]
    return listed(shown)
