"""From a reading to what its tile says: texts ready to read, the last periods for the sparkline.

The same tile stands on the board and in a digest; what differs is where its link leads, if anywhere.
"""

from collections.abc import Callable

from kviboard.board.kvis.readings import Reading
from kviboard.components.sparkline import Spark
from kviboard.components.tiles import Tile
from kviboard.domain.formatting import format_change, format_day, format_value

Links = Callable[..., str]
"""The address of a page of the board, `links("kvis", kvi="net_promoter_score")`; empty where there is none."""

PERIODS_SHOWN = 13
LOW_COVERAGE = 0.5


def no_links(page: str, **changed: str) -> str:
    """No address: for a file whose readers cannot reach the board."""
    return ""


def tile_of(
    reading: Reading, currency: str, links: Links, coverage: float | None = None, message: str = "", age: str = ""
) -> Tile:
    """The tile of one KVI. `coverage` is the share it speaks for; `message` is the sentence of what happened; `age`
    says how long a signal is known."""
    kvi = reading.kvi
    return Tile(
        title=kvi.title,
        href=links("kvis", kvi=kvi.name),
        value=format_value(reading.value, kvi.unit, currency),
        verdict=reading.verdict,
        tone=reading.signal,  # type: ignore[arg-type]
        spark=spark_of(reading),
        spark_label=f"{kvi.title}, last {min(len(reading.shown), PERIODS_SHOWN)} {reading.grain}s",
        change=change_text(reading, currency),
        message=message,
        target=target_text(reading, currency),
        notes=_notes(reading, coverage),
        warning=_warning(coverage),
        about=about(reading),
        age=age,
    )


def slice_tile(reading: Reading, currency: str, links: Links, spark: Spark, by: str) -> Tile:
    """One slice of a KVI; its link filters every page to this slice."""
    name = str(reading.slice)
    return Tile(
        title=name,
        href=links("kvis", kvi=reading.kvi.name, by="", **{by: name}),
        value=format_value(reading.value, reading.kvi.unit, currency),
        verdict=reading.verdict,
        tone=reading.signal,  # type: ignore[arg-type]
        spark=spark,
        spark_label=f"{reading.kvi.title}, {name}",
        change=change_text(reading, currency),
    )


def spark_of(reading: Reading) -> Spark:
    """The last periods of a reading, ready to draw small."""
    rows = reading.rows_drawn[-PERIODS_SHOWN:]
    names = ("value", "lower", "centre", "upper", "complete", "signal")
    return Spark(*(reading.columns[name][rows.start : rows.stop].tolist() if rows else [] for name in names))


def change_text(reading: Reading, currency: str) -> str:
    """ "▼ 3.4 pp on Sprint 22 (52.1 %)"; says so where there is nothing to compare with."""
    if reading.previous is None or reading.value is None:
        return "nothing to compare with yet"
    kvi, before = reading.kvi, reading.previous["value"]
    if before != before:
        return f"no basis in {reading.previous['label']}"
    change = format_change(reading.value, before, kvi.unit, currency)
    return f"{change} on {reading.previous['label']} ({format_value(before, kvi.unit, currency)})"


def about(reading: Reading) -> tuple[tuple[str, str], ...]:
    """What the number means, as term and description."""
    kvi = reading.kvi
    facts = (
        ("For the customer", kvi.customer_benefit),
        ("For the company", kvi.company_value),
        ("Computed as", kvi.formula.text),
        ("Owner", kvi.owner),
        ("Decision rule", kvi.decision),
    )
    return tuple((term, description) for term, description in facts if description)


def target_text(reading: Reading, currency: str) -> str:
    """ "target 55 % by 31 Dec 2026, not met"; empty without a target."""
    if reading.target is None:
        return ""
    text = f"target {format_value(reading.target.value, reading.kvi.unit, currency)}"
    by = f" by {format_day(reading.target.ends_on)}" if reading.target.ends_on else ""
    met = ", met" if reading.meets_target else ", not met" if reading.meets_target is False else ""
    return f"{text}{by}{met}"


def _notes(reading: Reading, coverage: float | None) -> tuple[str, ...]:
    period = str(reading.latest["label"]) if reading.latest is not None else ""
    reach = f"data to {format_day(reading.data_through)}" if reading.data_through else ""
    scored = f"{coverage:.0%} of revenue scored".replace("%", " %") if coverage is not None else ""
    return tuple(note for note in (period, reach, scored) if note)


def _warning(coverage: float | None) -> str:
    if coverage is None or coverage >= LOW_COVERAGE:
        return ""
    return f"Only {coverage:.0%} of revenue comes from customers who gave a score.".replace("%", " %")
