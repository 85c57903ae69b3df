"""How much of the revenue a KVI by score speaks for, and the words for beside it, wherever it stands."""

from collections.abc import Mapping

from kviboard.board.kvis.reading import Reading
from kviboard.domain.formatting import format_share

LOW = 0.5  # below it, a share by score says little of the revenue


def scored_share(reading: Reading, others: Mapping[str, Reading]) -> float | None:
    """The share of revenue that the KVI speaks for, in the same period, whatever range is looked at; None where that is
    no question. `others` are the KVIs of the same customers, by name."""
    whole = others.get(reading.kvi.coverage or "")
    if whole is None or not whole.columns or reading.latest is None or whole.grain != reading.grain:
        return None
    same = whole.columns["value"][whole.columns["period"] == reading.latest["period"]]
    return float(same[0]) if same.size and same[0] == same[0] else None


def basis_text(share: float | None) -> str:
    """ "based on 62 % of revenue"; empty where that is no question."""
    return "" if share is None else f"based on {format_share(share)} of revenue"


def caution_text(share: float | None) -> str:
    """ "only 38 % of revenue comes from customers who gave a score"; empty where it is enough, or no question."""
    if share is None or share >= LOW:
        return ""
    return f"only {format_share(share)} of revenue comes from customers who gave a score"
