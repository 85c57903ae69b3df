"""What the board's own records show of customer focus: counted, not claimed. Each sign says from what it is counted."""

from collections.abc import Mapping, Sequence
from datetime import date

from kviboard.board.context import BoardContext
from kviboard.board.kvis.history import KviHistory
from kviboard.board.kvis.looks import IN_REVIEW, LOOKED_DAYS, ON_KVIS, first_look, looked_at
from kviboard.board.kvis.reading import Reading
from kviboard.board.outside_in.answered_signals import answered_signals
from kviboard.board.outside_in.customers_answers import followed_up, response_rate
from kviboard.board.outside_in.over_time import Count, rewards_over_time, shares_over_time
from kviboard.board.outside_in.sign import Sign, counted_sign
from kviboard.board.wording.coaching import coached_objective
from kviboard.domain.formatting import counted, format_value
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.outside_in.rewards import Reward, share_of_all
from kviboard.store import Cycle, Decision, ObjectiveRow

_FOR_CUSTOMERS = frozenset({"customer_is_subject", "outcome_for_them"})
_KVI_SIGNS = {
    "scored_revenue": ("Revenue whose customer told us a score", "scored_revenue_coverage"),
    "promoter_revenue": ("Turnover from customers who recommend us", "promoter_revenue_share"),
}


def read_evidence(context: BoardContext, readings: Mapping[str, Reading]) -> list[Sign]:
    """Every sign, in the order in which an organisation gets to them. `readings` has one of each KVI by its name, over
    all customers. Raises StoreError."""
    return [
        _looks(context),
        _reviews(context),
        *_of_objectives(context),
        _decisions(context),
        answered_signals(context, readings),
        followed_up(context),
        response_rate(context),
        *(_of_kvi(context, name, title, kvi) for name, (title, kvi) in _KVI_SIGNS.items()),
        _rewards(context),
    ]


def _reviews(context: BoardContext) -> Sign:
    """Sprints that ended since the first review, and those of them that were opened and closed, the vision first."""
    title, held = "Sprints opened and closed with the vision", context.store.reviews.all()
    first = min((review.starts_on for review in held), default=None)
    if first is None:
        return Sign("reviews_with_vision", title, None, "no review yet", "review")
    opened, closed = (context.store.reviews.held_at(act) for act in ("opening", "closing"))
    today, sprints = context.board.today, context.board.calendar.sprints
    done_on = {each.sprint: context.day_of(closed[each.id]) for each in held if each.id in closed and each.id in opened}

    def count(day: date, known: date) -> Count:
        ended = {each.name for each in sprints if first <= each.starts_on and each.ends_on <= day}
        return sum(name in done_on and done_on[name] <= known for name in ended), len(ended)

    before = shares_over_time(first, today, lambda day: count(day, day))
    return counted_sign("reviews_with_vision", title, *count(today, date.max), "sprints", "review", before)


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
    return counted_sign(name, title, sum(now), len(now), noun, "okrs", tuple(map(_share, cycles[:-1])))


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
    """Decisions that name a KVI or what a customer said."""
    title = "Decisions that name a KVI or a customer's words"
    made = [(context.day_of(each.created_at), names_customers(each)) for each in context.store.decisions.all()]

    def count(day: date) -> Count:
        flags = [flag for made_on, flag in made if made_on <= day]
        return sum(flags), len(flags)

    before = shares_over_time(min(made)[0], context.board.today, count) if made else ()
    return counted_sign("decisions_with_customers", title, *count(date.max), "decisions", "review", before)


def names_customers(decision: Decision) -> bool:
    """Whether a decision says whom it is for: by a KVI, or by what a customer wrote."""
    return decision.kvi is not None or decision.quote_id is not None


def _looks(context: BoardContext) -> Sign:
    """KVIs that somebody looked at lately, on their page or as a step of a meeting; nobody is named. Tiles and tables
    of many KVIs do not count: whoever opens This week would have looked at all of them."""
    title, today = f"KVIs looked at in the last {LOOKED_DAYS} days", context.board.workspace.company.today()
    names = set(context.board.kvis)
    first = first_look(context.board)
    if first is None:
        return Sign("kvis_looked_at", title, None, "nothing was noted yet", "kvis")

    def count(day: date) -> Count:
        return len(set().union(*looked_at(context.board, day, names).values())), len(names)

    before, pages = shares_over_time(first, today, count), looked_at(context.board, today, names)
    where = f"KVIs: {len(pages[ON_KVIS])} on their page, {len(pages[IN_REVIEW])} in a review’s meeting"
    return counted_sign("kvis_looked_at", title, *count(today), where, "kvis", before)


def _of_kvi(context: BoardContext, name: str, title: str, kvi: str) -> Sign:
    history, trouble = context.history_or_trouble(kvi, "month", {})
    values = [point.value for point in history.points] if history else []
    known = [value for value in values if value is not None]
    if not history or not known:
        return Sign(name, title, None, trouble or _nothing(history), f"kvis?kvi={kvi}")
    last = history.points[max(place for place, value in enumerate(values) if value is not None)]
    says = f"{format_value(known[-1], 'percent')} in {last.label}{_beside(context, kvi, last.label)}"
    return Sign(name, title, known[-1], says, f"kvis?kvi={kvi}", tuple(values[-13:]))


def _nothing(history: KviHistory | None) -> str:
    latest = history.reading.latest if history else None
    return "no complete month yet" if latest is None else f"no basis in {latest['label']}"


def _beside(context: BoardContext, kvi: str, label: str) -> str:
    """What a share of the revenue with a score is of: ", of the 71.4 % of €200 k turnover whose customer told …". That
    it is no share of all turnover has to be said beside it."""
    whole = context.board.catalog.kvis[kvi].coverage
    scored, turnover = (_in_month(context, name, label) for name in (whole, "turnover"))
    if not scored or not turnover:
        return ""
    return f", of the {scored} of {turnover} turnover whose customer told us a score"


def _in_month(context: BoardContext, kvi: str | None, label: str) -> str:
    """A KVI in a month, over all customers; "" where it is not known, or no KVI."""
    history = context.history_or_trouble(kvi, "month", {})[0] if kvi else None
    value = next((point.value for point in history.points if point.label == label), None) if history else None
    return format_value(value, history.kvi.unit, context.currency) if history and value is not None else ""


def _rewards(context: BoardContext) -> Sign:
    title = "Weight of customers' metrics in rewards"
    share = share_of_all([as_reward(each) for each in context.store.rewards.all()])
    if share is None:
        return Sign("rewards_of_customers", title, None, "no rewards noted", "outside_in")
    fraction = float(share) / 100
    roles = len({each.role for each in context.store.rewards.all()})
    says = f"{format_value(fraction, 'percent')} over {counted(roles, 'role')}, each counting alike"
    before = rewards_over_time(context, context.board.today)
    return Sign("rewards_of_customers", title, fraction, says, "outside_in", (*before, fraction))


def as_reward(record: object) -> Reward:
    """A record of the store as the rules know it."""
    return Reward(*(getattr(record, name) for name in ("role", "metric", "weight", "is_customers")))


def _share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None
