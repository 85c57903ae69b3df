"""How the numbers of a key result read: values, targets, bands, the KVI behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from kviboard.catalog import Catalog
from kviboard.domain.formatting import NO_VALUE, format_value
from kviboard.domain.okrs import model as okr
from kviboard.store import KeyResult, NewKeyResult, TargetChange

DONE, NOT_DONE = "done", "not done"


def value_text(record: NewKeyResult, value: okr.Number | None, currency: str) -> str:
    """A value of a key result as people read it; "–" for none."""
    if value is None:
        return NO_VALUE
    if record.measure.is_milestone:
        return DONE if value >= 1 else NOT_DONE
    return format_value(float(value), record.unit, currency)


def baseline_text(record: NewKeyResult, currency: str) -> str:
    """Where a key result starts."""
    return NOT_DONE if record.measure.is_milestone else value_text(record, record.baseline, currency)


def target_text(record: NewKeyResult, currency: str) -> str:
    """Where a key result should go: a value, a band, or "done"."""
    if record.measure.is_band:
        show = partial(format_value, unit=record.unit, currency=currency)
        return okr.band_text(record.lower, record.upper, show)
    return DONE if record.measure.is_milestone else value_text(record, record.target, currency)


def with_target(record: KeyResult, change: TargetChange, moment: str) -> KeyResult:
    """The key result as it was `before` or `after` a change of target."""
    return replace(record, **{name: getattr(change, f"{name}_{moment}") for name in okr.MEASURE_NUMBERS})


def kvi_title(catalog: Catalog, kvi: str, grain: str | None, where: Mapping[str, Sequence[str]]) -> str:
    """ "Net Promoter Score · Enterprise · per month"; its name where the KVI is not known any more."""
    known = catalog.kvis.get(kvi)
    chosen = [" or ".join(values) for values in where.values() if values]
    return " · ".join([known.title if known else kvi, *chosen, f"per {grain}"])
