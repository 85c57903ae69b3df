"""What the board's own records show of customer focus: counted, not claimed. Each sign says from what it is counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from kviboard.board.context import BoardContext
from kviboard.board.wording.coaching import coached_objective
from kviboard.domain.formatting import format_value
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.outside_in.rewards import Reward, share_of_all
from kviboard.store import Cycle, ObjectiveRow

_FOR_CUSTOMERS = frozenset({"customer_is_subject", "outcome_for_them"})
_KVI_SIGNS = {
    "scored_revenue": ("Revenue whose customer told us a score", "scored_revenue_coverage"),
    "promoter_revenue": ("Turnover from customers who recommend us", "promoter_revenue_share"),
}


@dataclass(frozen=True)
class Sign:
    """One sign: its share (0 to 1, None where nothing can be counted), in words, and the page with what is behind it.

    `before` has the shares of the time before, oldest first: cycles for OKRs, months for KVIs.
    """

    name: str
    title: str
    share: float | None
    says: str
    page: str
    before: tuple[float | None, ...] = ()


def read_evidence(context: BoardContext) -> list[Sign]:
    """Every sign, in the order in which an organisation gets to them. Raises StoreError."""
    return [
        _reviews(context),
        *_of_objectives(context),
        _decisions(context),
        *(_of_kvi(context, name, title, kvi) for name, (title, kvi) in _KVI_SIGNS.items()),
        _rewards(context),
    ]


def _reviews(context: BoardContext) -> Sign:
    """Sprints that ended since the first review, and those of them that were opened and closed, the vision first."""
    title, held = "Sprints opened and closed with the vision", context.store.reviews.all()
    first = min((review.starts_on for review in held), default=None)
    if first is None:
        return Sign("reviews_with_vision", title, None, "no review yet", "review")
    done = context.store.reviews.acts_done()
    both = {review.sprint for review in held if done.get(review.id, frozenset()) >= {"opening", "closing"}}
    today = context.board.today
    ended = {each.name for each in context.board.calendar.sprints if first <= each.starts_on and each.ends_on <= today}
    return _counted("reviews_with_vision", title, len(both & ended), len(ended), "sprints", "review")


def _of_objectives(context: BoardContext) -> list[Sign]:
    """How objectives are worded and what key results measure, in the running cycle and in those before it."""
    cycles = sorted(context.store.cycles.all(), key=lambda cycle: cycle.starts_on)
    begun = [_committed(context, cycle) for cycle in cycles if cycle.starts_on <= context.board.today]
    worded = [[_is_for_customers(context, row) for row in rows] for rows in begun]
    measured = [_measures(context, rows) for rows in begun]
    return [
        _by_cycle("objectives_for_customers", "Objectives worded for the customer", worded, "objectives"),
        _by_cycle("key_results_of_customers", "Key results that measure customers", measured, "key results"),
    ]


def _by_cycle(name: str, title: str, cycles: Sequence[Sequence[bool]], noun: str) -> Sign:
    """What is so in the last of the cycles, and its share in each of them."""
    now = cycles[-1] if cycles else ()
    return _counted(name, title, sum(now), len(now), noun, "okrs", tuple(map(_share, cycles)))


def _committed(context: BoardContext, cycle: Cycle) -> list[ObjectiveRow]:
    """The objectives of a cycle that are no drafts."""
    return [row for row in context.store.objectives_of(cycle.id) if row.objective.state != State.DRAFT]


def _is_for_customers(context: BoardContext, row: ObjectiveRow) -> bool:
    found = coached_objective(context, row.objective.title).findings
    return not _FOR_CUSTOMERS & {finding.rule for finding in found}


def _measures(context: BoardContext, rows: Sequence[ObjectiveRow]) -> list[bool]:
    """For each key result, whether a KVI of the customer's drives it."""
    known = context.board.catalog.kvis
    key_results = [part.key_result for row in rows for part in row.key_results]
    return [each.kvi in known and known[each.kvi].group == "customer" for each in key_results]


def _decisions(context: BoardContext) -> Sign:
    found = context.store.decisions.all()
    named = sum(decision.kvi is not None for decision in found)
    title = "Decisions that name a KVI"
    return _counted("decisions_with_customers", title, named, len(found), "decisions", "review")


def _of_kvi(context: BoardContext, name: str, title: str, kvi: str) -> Sign:
    history, trouble = context.history_or_trouble(kvi, "month", {})
    values = [point.value for point in history.points] if history else []
    known = [value for value in values if value is not None]
    if not history or not known:
        return Sign(name, title, None, trouble or "no complete month yet", f"kvis?kvi={kvi}")
    last = history.points[max(place for place, value in enumerate(values) if value is not None)]
    says = f"{format_value(known[-1], 'percent')} in {last.label}"
    return Sign(name, title, known[-1], says, f"kvis?kvi={kvi}", tuple(values[-13:]))


def _rewards(context: BoardContext) -> Sign:
    title = "Weight of customers' metrics in rewards"
    share = share_of_all([as_reward(each) for each in context.store.rewards.all()])
    if share is None:
        return Sign("rewards_of_customers", title, None, "no rewards noted", "outside_in")
    fraction = float(share) / 100
    return Sign("rewards_of_customers", title, fraction, format_value(fraction, "percent"), "outside_in")


def as_reward(record: object) -> Reward:
    """A record of the store as the rules know it."""
    return Reward(*(getattr(record, name) for name in ("role", "metric", "weight", "is_customers")))


def _counted(
    name: str, title: str, count: int, of: int, noun: str, page: str, before: tuple[float | None, ...] = ()
) -> Sign:
    says = f"{count} of {of} {noun}" if of else f"no {noun} yet"
    return Sign(name, title, count / of if of else None, says, page, before)


def _share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None
