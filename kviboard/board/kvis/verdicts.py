"""What the periods of a KVI say: limits of normal variation, the verdict on each and why, as columns and as words.

The rules are in domain.kvis.signals; here they meet what is complete, what rests on enough answers, and the KVI's unit.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kviboard.domain.formatting import format_range
from kviboard.domain.kvis import signals
from kviboard.domain.kvis.intervals import too_few
from kviboard.domain.kvis.kvi import Kvi

Columns = Mapping[str, np.ndarray] | pd.DataFrame


def meaning(kvi: Kvi, values: Columns, labels: Sequence[str], currency: str, grain: str) -> dict[str, np.ndarray]:
    """Columns with the limits of normal variation and the verdict per period, computed on the complete periods of
    `values` (see `judge`)."""
    complete = np.asarray(values["complete"], dtype=bool)
    found, verdicts = judge(kvi, values, complete)
    since = _level_starts(found, [label for label, whole in zip(labels, complete, strict=True) if whole])
    return {
        **{name: _spread(getattr(found, name), complete) for name in ("centre", "lower", "upper")},
        "level_since": as_objects(_place(since, complete, "")),
        "verdict": as_objects(verdicts),
        "reason": as_objects(_place(_reasons(found, kvi, currency, grain), complete, "")),
        "signal": as_objects([signals.good_or_bad(verdict, kvi.better) for verdict in verdicts]),
    }


def judge(kvi: Kvi, values: Columns, complete: np.ndarray) -> tuple[signals.Assessment, list[str]]:
    """What the complete periods say (as `Assessment`), and the verdict on every period.

    `values` has `value` and `n` per period; `complete` marks those that count: other marks, other history.
    """
    found = signals.assess(np.asarray(values["value"], dtype=float)[complete].tolist(), *kvi.limits)
    n = np.asarray(values["n"], dtype=float)
    few = complete & too_few(n) & ~np.isnan(n)
    judged = _place([verdict or "no basis" for verdict in found.verdict], complete, "incomplete")
    return found, [f"too few answers (n = {n[i]:.0f})" if few[i] else verdict for i, verdict in enumerate(judged)]


def as_objects(texts: Sequence[str | None]) -> np.ndarray:
    """Texts as they are, each an object of its own: None stays None."""
    return np.array(texts, dtype=object)


def _level_starts(found: signals.Assessment, labels: Sequence[str]) -> list[str]:
    """The period since which each one's level holds; empty for the first level, which nothing came before."""
    starts = [""] * len(labels)
    for level in found.levels[1:]:
        starts[level.start_index :] = [labels[level.start_index]] * (len(labels) - level.start_index)
    return starts


def _reasons(found: signals.Assessment, kvi: Kvi, currency: str, grain: str) -> list[str]:
    limits = zip(found.lower, found.upper, strict=True)
    texts = [format_range(lower, upper, kvi.unit, currency) for lower, upper in limits]
    said = zip(found.rule, found.verdict, texts, strict=True)
    return [signals.explain(rule, verdict, text, grain) if rule else "" for rule, verdict, text in said]


def _spread(values: Sequence[float], where: np.ndarray) -> np.ndarray:
    spread = np.full(where.size, np.nan)
    spread[where] = values
    return spread


def _place(values: Sequence[str], where: np.ndarray, otherwise: str) -> list[str]:
    remaining = iter(values)
    return [next(remaining) if here else otherwise for here in where]
