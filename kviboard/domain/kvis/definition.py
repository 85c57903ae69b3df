"""What a KVI's file says that others go by, and in words how it was before it said so."""

from dataclasses import dataclass
from typing import Self

from kviboard.domain.kvis.kvi import Kvi

_COUNTED = (
    "unit", "interval", "limits", "grains", "coverage", "complete_after", "window_days", "carries_over",
    "judged_after", "full_after",
)  # fmt: skip


@dataclass(frozen=True)
class Definition:
    """How a KVI is called, counted and judged. `counted` changes with its query and with all else that counts it."""

    title: str
    description: str
    formula: str
    better: str
    judged: str  # "" in the periods of most KVIs
    counted: tuple[str, ...]

    @classmethod
    def of(cls, kvi: Kvi) -> Self:
        """That of a KVI as it is now; how the lines of its query are broken does not matter."""
        counted = (" ".join(kvi.sql.split()), *(str(getattr(kvi, name)) for name in _COUNTED))
        return cls(kvi.title, kvi.description, kvi.formula.text, kvi.better, kvi.judged or "", counted)


def told_before(before: Definition, after: Definition) -> str:
    """How a KVI was counted and judged before a change, in sentences; empty where that stays as it was."""
    said = []
    if (before.formula, before.counted) != (after.formula, after.counted):
        is_told = before.description and before.description != after.description
        said.append(before.description if is_told else f"Counted by another query or formula: {before.formula}.")
    if before.better != after.better:
        said.append("More was better." if before.better == "up" else "Less was better.")
    if before.judged != after.judged:
        said.append(f"Judged per {before.judged}." if before.judged else "Judged in the periods of most KVIs.")
    return " ".join(said)
