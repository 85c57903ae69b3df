"""What SQL leaves open in the views about voices: intervals, changes, words told apart. One function per view."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kviboard.board.board import Board
from kviboard.board.kvis.verdicts import meaning, not_judged
from kviboard.board.voice.stop_words import stop_words
from kviboard.catalog.expression import parse_formula
from kviboard.domain.kvis import intervals
from kviboard.domain.kvis.intervals import (
    Floats,
    Repeats,
    covariance,
    effect_of,
    nps_of,
    repeats_in,
    repeats_of_rest,
    shared_in,
)
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.voice.aspects import relative_weights
from kviboard.domain.voice.changes import (
    FEW_COMPLAINTS,
    change_in,
    enough_answers,
    lift,
    rate,
    rate_change_in,
    rate_ratio,
    verdicts,
)
from kviboard.domain.voice.themes import find_themes

_USUAL = ("centre", "lower", "upper", "verdict", "reason")
_PER = 1_000  # customers active in 28 days
_THEME = Kvi(
    name="theme",
    title="Comments about a theme",
    customer_benefit="",
    company_value="",
    formula=parse_formula("sum(about) / sum(comments)"),
    unit="percent",
    better="up",
    needs=("responses",),
    sql="",
    path="",
    limits=(0.0, 1.0),
)  # what a theme is judged as: docs/views.md says how to make one a KVI
_GROUPS = ["touchpoint", "product", "topic", "aspect", "dimension"]


def finish_touchpoints(rows: pd.DataFrame) -> pd.DataFrame:
    """The change against the days before, with its interval, and what may be said of it."""
    change, low, high = change_in(rows)[2:]
    enough = enough_answers(rows["responses"], rows["responses_before"])
    said = verdicts(low, high, enough, ("better", "worse", "too few answers"), 0.0)
    known = rows.assign(asked=rows["asked"].astype(float), response_rate=rows["response_rate"].astype(float))
    asked = [rows["answered"].astype(float).fillna(0), known["asked"].fillna(0)]
    rate_low, rate_high = intervals.interval("share", asked, repeats_in(rows, "_asked"))
    ends = {"rate_low": rate_low, "rate_high": rate_high, "change_low": low, "change_high": high}
    return known.assign(change=change, verdict=said, **ends)


def finish_response_rate(rows: pd.DataFrame) -> pd.DataFrame:
    """The change against the days before, with its interval, and how alike a customer's answering is."""
    effect = effect_of("share", [rows["answered"], rows["invited"]], repeats_in(rows))
    changes = dict(zip(("change", "change_low", "change_high"), rate_change_in(rows), strict=True))
    return rows.assign(**changes, design_effect=effect)


def finish_drivers(board: Board, rows: pd.DataFrame) -> pd.DataFrame:
    """Each group against the rest of its kind; the slices of a dimension's value together."""
    sums = ["responses", "promoters", "detractors"]
    whole = [f"{name}_all" for name in sums]
    parts = [rows[rows["kind"] != "dimension"]]
    of_slices = rows[rows["kind"] == "dimension"]
    slices = board.reader.slices
    for dimension in board.dimensions:
        named = of_slices.merge(slices[["slice_id", dimension]], on="slice_id")
        named["name"] = dimension.replace("_", " ") + ": " + named[dimension].astype(str)
        grouped = named.groupby(["slice", "kind", "name"], sort=False)
        parts.append(grouped[sums].sum().join(grouped[whole].first()).reset_index())
    found = pd.concat(parts, ignore_index=True)
    n, all_n = found["responses"], found["responses_all"]
    rest = [found[f"{name}_all"] - found[name] for name in sums]
    effects = _effects(of_slices, found, rest)
    these = nps_of(found["promoters"], found["detractors"], n, effects[0])
    others = nps_of(rest[1], rest[2], rest[0], effects[1])
    shared = covariance(these[0] / 100, n, others[0] / 100, rest[0], shared_in(found))
    gain, low, high = lift(these, others, n / all_n, 1e4 * shared)
    found = found.assign(share=n / all_n, nps=these[0], nps_rest=others[0], lift=gain, low=low, high=high)
    kinds = found["kind"].map(_GROUPS.index)
    order = found.assign(place=kinds)[["slice", "place", "lift", "name"]]
    order = order.sort_values(["slice", "place", "lift", "name"], ascending=[True, True, False, True])
    return found.loc[order.index].reset_index(drop=True)


def _effects(of_slices: pd.DataFrame, found: pd.DataFrame, rest: Sequence[pd.Series]) -> tuple[Floats, Floats]:
    """The design effects of groups and of the rest of their kind: each touchpoint's own, for a customer answers at
    several; that of all answers elsewhere, where a customer's are mostly in one group."""
    counts, whole = ["promoters", "detractors", "responses"], [f"{name}_all" for name in Repeats._fields]
    everybody = of_slices.groupby("slice")[[*(f"{name}_all" for name in counts), *whole]].first()
    counted = [everybody[f"{name}_all"] for name in counts]
    of_all = pd.Series(effect_of("nps", counted, repeats_in(everybody, "_all")), everybody.index)
    here, anywhere = (Repeats(*(found[name] for name in names)) for names in (Repeats._fields, whole))
    elsewhere = repeats_of_rest(anywhere, here, shared_in(found), found["shared_customers"])
    own = effect_of("nps", [found[name] for name in counts], here)
    others = effect_of("nps", [rest[1], rest[2], rest[0]], elsewhere)
    alike, at_touchpoint = found["slice"].map(of_all).to_numpy(dtype=float), found["kind"] == "touchpoint"
    return np.where(at_touchpoint, own, alike), np.where(at_touchpoint, others, alike)


def finish_aspects(rows: pd.DataFrame) -> pd.DataFrame:
    """From a row per answer and aspect to means and weights, per slice; what matters most first."""
    found = [_aspects_of(str(name), group) for name, group in rows.groupby("slice", sort=True)]
    names = ["slice", "aspect", "responses", "mean", "mean_low", "mean_high", "correlation"]
    empty = pd.DataFrame(columns=[*names, "importance", "low", "high", "explained"]).astype({"aspect": "str"})
    return pd.concat(found, ignore_index=True) if found else empty


def _aspects_of(slice_name: str, group: pd.DataFrame) -> pd.DataFrame:
    ratings: pd.DataFrame = group.pivot(index="response_id", columns="aspect", values="rating")
    answers = group.drop_duplicates("response_id").set_index("response_id").reindex(ratings.index)
    scores, whose = answers["score"].astype(float), pd.factorize(answers["whose"])[0]
    values, n = np.asarray(ratings, dtype=np.float64), len(ratings)
    weights = relative_weights(values, np.asarray(scores, dtype=np.float64), whose)
    sums = [values.sum(axis=0), (values**2).sum(axis=0), np.full(values.shape[1], n)]
    low, high = intervals.interval("mean", sums, intervals.repeats_among(values, whose))
    frame = pd.DataFrame(
        {
            "slice": slice_name,
            "aspect": ratings.columns.astype(str),
            "responses": n,
            "mean": values.mean(axis=0),
            "mean_low": low,
            "mean_high": high,
            "correlation": ratings.corrwith(scores).to_numpy(),
            "importance": weights.importance,
            "low": weights.low,
            "high": weights.high,
            "explained": weights.explained,
        }
    )
    return frame.sort_values(["importance", "aspect"], ascending=[False, True])


def finish_themes(board: Board, rows: pd.DataFrame) -> pd.DataFrame:
    """From band and words of each comment to one row per theme, per slice."""
    silent = stop_words(board.workspace.company.languages)
    found = []
    for slice_name, group in rows.groupby("slice", sort=True):
        themes, compared = find_themes(zip(group["band"], group["words"], strict=True), silent)
        found += [
            (
                slice_name,
                each.words,
                each.promoters,
                each.passives,
                each.detractors,
                each.comments / len(group),
                each.z,
                compared,
            )
            for each in themes
        ]
    names = ["slice", "theme", "promoters", "passives", "detractors", "share", "z", "compared"]
    return pd.DataFrame(found, columns=names).astype({"theme": "str"})


def finish_named_themes(board: Board, rows: pd.DataFrame) -> pd.DataFrame:
    """What is usual for each theme, from all its complete periods; then the periods of the range. As KVIs they are
    judged in one grain, whichever is looked at: else a click on "Day" would make unusual what is not."""
    judged = board.judged_grain(_THEME)
    found = [_judged(group, judged, board.workspace.company.currency) for _, group in rows.groupby(["slice", "theme"])]
    if not found:
        return rows.assign(**dict.fromkeys(_USUAL[:3], np.nan), **dict.fromkeys(_USUAL[3:], ""))
    whole = pd.concat(found, ignore_index=True)
    return whole[whole["in_range"]].reset_index(drop=True)


def _judged(group: pd.DataFrame, judged: str, currency: str) -> pd.DataFrame:
    names = {"value": "share", "numerator": "about", "denominator": "comments", "n": "comments"}
    values = {name: group[column].astype(float) for name, column in names.items()}
    frame = group[["complete", "ends_on"]].assign(**values, comparable=True)
    grain = str(group["grain"].iloc[0])
    is_judged = grain == judged
    said = meaning(_THEME, frame, [""] * len(group), currency, grain) if is_judged else not_judged(frame, judged)
    return group.assign(**{name: said[name] for name in _USUAL})


def finish_complaint_topics(rows: pd.DataFrame) -> pd.DataFrame:
    """Rates with exact intervals, and what they are of those before."""
    known = rows.assign(**{name: rows[name].astype(float) for name in ("active_now", "active_before")})
    now, before = _thousands_active(rows), known["active_before"] / _PER
    per_1000, low, high = rate(known["counted"], now)
    ratio, ratio_low, ratio_high = rate_ratio(known["counted"], now, known["counted_before"], before)
    enough = np.asarray((known["counted"] >= FEW_COMPLAINTS) & (known["counted_before"] >= FEW_COMPLAINTS))
    said = verdicts(ratio_low, ratio_high, enough, ("more", "fewer", "too few complaints"), 1.0)
    return known.assign(
        per_1000=per_1000,
        low=low,
        high=high,
        per_1000_before=rate(known["counted_before"], before)[0],
        ratio=ratio,
        ratio_low=ratio_low,
        ratio_high=ratio_high,
        verdict=said,
    )


def finish_complaints_by_period(rows: pd.DataFrame) -> pd.DataFrame:
    """The rate of each period with its exact interval."""
    per_1000, low, high = rate(rows["counted"], _thousands_active(rows))
    return rows.assign(per_1000=per_1000, low=low, high=high)


def _thousands_active(rows: pd.DataFrame) -> pd.Series:
    """By how many thousand customers complaints are counted; unknown where there are some, but all of days whose 28
    days the activity does not cover: a rate of 0 would deny them."""
    return (rows["active_now"].astype(float) / _PER).where((rows["counted"] > 0) | (rows["complaints"] == 0))
