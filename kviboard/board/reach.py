"""How far the exports behind a KVI reach: from which day its values can be whole, and up to which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kviboard.domain.contract import EVENT_TABLES
from kviboard.domain.kvi import Kvi
from kviboard.warehouse.manifest import Reach as Span
from kviboard.warehouse.reader import Reader


@dataclass(frozen=True)
class Reach:
    """The days that the exports behind a KVI cover."""

    first_day: date  # the earliest first day among the needed exports: rows exist from here
    data_from: date  # the latest first day among them: complete from here
    data_through: date  # the earliest last day among them: complete up to here
    last_day: date  # the latest last day among them: rows exist up to here


def reach_of(kvi: Kvi, reader: Reader) -> Reach | None:
    """How far the exports that `kvi` needs reach; None where one of them has no rows.

    Customers are a list, not a history: a KVI that needs nothing else reaches as far as everything that happened.
    """
    events = [table for table in kvi.tables if table in EVENT_TABLES]
    if not events:
        return _widest([span for name, span in reader.reach.items() if name in EVENT_TABLES])
    spans = [reader.reach.get(table) for table in events]
    known = [span for span in spans if span is not None]
    if len(known) < len(spans) or not known:
        return None
    return Reach(
        min(span.data_from for span in known),
        max(span.data_from for span in known),
        min(span.data_through for span in known),
        max(span.data_through for span in known),
    )


def _widest(spans: Sequence[Span]) -> Reach | None:
    if not spans:
        return None
    first, last = min(span.data_from for span in spans), max(span.data_through for span in spans)
    return Reach(first, first, last, last)
