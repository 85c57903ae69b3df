"""How far the exports behind a KVI reach: from which day its values can be whole, and up to which."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kviboard.domain.contract import EVENT_TABLES
from kviboard.domain.customers.starts import UNKNOWN_START_DAYS
from kviboard.domain.kvis.kvi import Kvi
from kviboard.warehouse.manifest import Reach
from kviboard.warehouse.reader import Reader


@dataclass(frozen=True)
class KviReach:
    """The days that the exports behind a KVI cover."""

    first_day: date  # the earliest first day among the needed exports: rows exist from here
    data_from: date  # the latest first day among them: complete from here
    data_through: date  # the earliest last day among them: complete up to here
    last_day: date  # the latest last day among them: rows exist up to here
    known_from: date  # of the days before it one of them tells nothing: answers tell of some days before the first


def reach_of(kvi: Kvi, reader: Reader) -> KviReach | None:
    """How far the exports that `kvi` needs reach; None where one of them has no rows. Where customers begin with the
    first thing they did, those of the first 28 days may have begun before.

    Customers are a list, not a history: a KVI that needs nothing else begins with everything that happened. Where the
    list has sign-ups, it reaches as far as the list does.
    """
    events = [table for table in kvi.tables if table in EVENT_TABLES]
    if any(table not in reader.reach for table in events):
        return None
    happened = [span for name, span in reader.reach.items() if name in EVENT_TABLES]
    starts = _starts(kvi, reader)
    if starts is not None and not starts:
        return None
    spans = [*((table, reader.reach[table]) for table in events), *_told(kvi, reader), *(starts or {}).items()]
    common = _common(kvi, spans) if spans else _widest(happened)
    if common and "customers" in kvi.tables and "customers" in reader.reach:
        common = replace(common, data_through=min(common.data_through, reader.reach["customers"].data_through))
    if common is None or not starts:
        return common
    whole_from = common.data_from + timedelta(days=UNKNOWN_START_DAYS)
    return replace(common, data_from=whole_from, known_from=whole_from)


def _told(kvi: Kvi, reader: Reader) -> list[tuple[str, Reach]]:
    """The days that columns which it needs tell something of, where they are not those of their table; of a table that
    it needs besides the others, rows exist on the other days, too."""
    told = reader.manifest.told
    return [(need.split(".")[0], told[need]) for need in kvi.needs if need in told]


def full_from(kvi: Kvi, reach: KviReach) -> date:
    """The first day on which the windows that a value looks back over are full."""
    return reach.data_from + timedelta(days=max(kvi.window_days, kvi.full_after, 1) - 1)


def tables_behind(kvi: Kvi, reader: Reader) -> tuple[str, ...]:
    """The contract tables that decide where `kvi` is whole: those that customers begin in, too, where it counts them
    and nobody knows the day they signed up."""
    return tuple(dict.fromkeys([*kvi.tables, *(_starts(kvi, reader) or ())]))


def _starts(kvi: Kvi, reader: Reader) -> dict[str, Reach] | None:
    """The exports that customers begin in, with their days; None where `kvi` does not ask for them."""
    if "customers" not in kvi.needs or "signed_up_on" in reader.manifest.provided.get("customers", ()):
        return None
    return reader.manifest.starts


def _common(kvi: Kvi, spans: Sequence[tuple[str, Reach]]) -> KviReach:
    """What the spans of these tables have in common. A score is known some days before its answer; no order is."""
    back = {"responses": timedelta(days=kvi.complete_after)}
    return KviReach(
        min(span.data_from for _, span in spans),
        max(span.data_from for _, span in spans),
        min(span.data_through for _, span in spans),
        max(span.data_through for _, span in spans),
        max(span.data_from - back.get(table, timedelta()) for table, span in spans),
    )


def _widest(spans: Sequence[Reach]) -> KviReach | None:
    if not spans:
        return None
    first, last = min(span.data_from for span in spans), max(span.data_through for span in spans)
    return KviReach(first, first, last, last, first)
