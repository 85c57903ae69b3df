"""What a chart says, in a sentence for readers who do not see it. What a period means is decided in `board`."""

from collections.abc import Mapping, Sequence
from typing import Any

from kviboard.charts.periods import span
from kviboard.domain.formatting import NO_VALUE, counted, plural
from kviboard.domain.kvis.intervals import CHANCE
from kviboard.domain.kvis.verdict_words import is_judged


def describe_trend(rows: Mapping[str, Sequence[Any]], title: str) -> str:
    """The message of a trend chart, from the columns of `trend_rows`."""
    shown = _known(rows["shown"])
    if not shown:
        return f"Line chart of {title}: there is no value to show."
    parts = [f"Line chart of {title}, {span([rows['label'][index] for index in shown])}."]
    whole, hollow = _known(rows["solid"]), _known(rows["hollow"])
    if whole:
        parts += _latest(rows, whole[-1])
        parts += _unusual(rows, whole)
    if hollow and hollow[-1] > max(whole, default=-1):
        parts.append(f"{rows['label'][hollow[-1]]} is not complete yet: {rows['value_text'][hollow[-1]]} so far.")
    return " ".join(parts)


def explain_marks(rows: Mapping[str, Sequence[Any]]) -> str:
    """What the marks of a trend chart stand for, for those that it has; from the columns of `trend_rows`."""
    texts, signals = {"released", "noted"}, set(rows["signal"])
    has = {name: any(value not in (None, NO_VALUE) for value in rows[name]) for name in (*_MARKS, *texts)}
    has["low"] = has["low"] and not has["smooth"]  # which leaves no room for intervals
    said = [words for name, words in _MARKS.items() if has[name]]
    runs = any(value is not None for value in rows["hollow"][-1:])
    said = ["Dashed: not complete" if words == _MARKS["dashed"] and not runs else words for words in said]
    points_on = any(str(label).startswith(("↓", "↑")) for label in rows["hollow_label"][-1:])
    said += ["Arrow: it lies beyond the scale"] if points_on else []
    said += [words for tone, words in _TONES.items() if tone in signals]
    said += ["Flag: a release"] if has["released"] else []
    said += ["Slip: a note or a decision"] if has["noted"] else []
    return " · ".join(said)


_MARKS = {
    "lower": "Shaded: the usual range",
    "smooth": "Thick line: seven days together, thin: each day",
    "dashed": "Dashed: not over yet",
    "low": f"Upright lines: {CHANCE}",
}
_TONES = {
    "bad": "Red triangle: unusual, a problem",
    "good": "Green triangle: unusual, for the better",
    "neutral": "Violet triangle: unusual",
}


def describe_ranking(rows: Mapping[str, Sequence[Any]], title: str) -> str:
    """The message of ranked slices, highest first."""
    names, texts = rows["slice"], rows["value_text"]
    if not names:
        return f"{title} by slice: there is no value to show."
    if len(names) == 1:
        return f"{title}: {names[0]} {texts[0]}."
    return f"{title} by slice, {len(names)} in all. Highest: {names[0]} {texts[0]}. Lowest: {names[-1]} {texts[-1]}."


def describe_bands(rows: Mapping[str, Sequence[Any]], title: str) -> str:
    """The message of a chart of bands: every bar with its shares, up to five."""
    names = list(dict.fromkeys(rows["name"]))
    if not names:
        return f"{title}: there are no answers to show."
    bars = []
    for name in names[:5]:
        at = [index for index, other in enumerate(rows["name"]) if other == name]
        bars.append(f"{name}: " + ", ".join(f"{rows['share_text'][i]} {rows['band'][i]}" for i in at) + ".")
    more = f" And {len(names) - 5} more." if len(names) > 5 else ""
    return f"{title}. {' '.join(bars)}{more}"


def _latest(rows: Mapping[str, Sequence[Any]], index: int) -> list[str]:
    texts = {name: rows[name][index] for name in ("label", "value_text", "verdict", "range_text", "target_text")}
    parts = ["{label}: {value_text}. {verdict}."]
    parts += ["Usual range {range_text}."] if texts["range_text"] != NO_VALUE else []
    parts += ["Target {target_text}."] if texts["target_text"] != NO_VALUE else []
    return [part.format(**texts) for part in parts]


def _unusual(rows: Mapping[str, Sequence[Any]], whole: Sequence[int]) -> list[str]:
    """How many are unusual of those that can be told; nothing where none can."""
    judged = [index for index in whole if rows["lower"][index] is not None and is_judged(rows["verdict"][index])]
    if not judged:
        return []
    which = "complete" if len(judged) == len(whole) else "judged"
    signals = len(_known(rows["signal"]))
    of = f"{signals} of {counted(len(judged), f'{which} period')} {plural(signals, 'is', 'are')} unusual."
    return [of if signals else "None is unusual."]


def _known(values: Sequence[Any]) -> list[int]:
    return [index for index, value in enumerate(values) if value is not None]
