"""Cycles, objectives, key results, guardrails: kept as typed, refused with a sentence."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kviboard.domain.okrs.model import PlanPoint
from kviboard.errors import StoreError
from kviboard.store import Author, NewCycle, NewGuardrail, NewKeyResult, NewObjective, Store, open_store
from tests.store.given import (
    COLLEAGUE,
    MONDAY,
    OWNER,
    TUESDAY,
    a_cycle,
    a_key_result,
    an_active_key_result,
    an_objective,
    new_check_in,
)


def test_what_was_saved_is_there_after_opening_again(store: Store, place: str) -> None:
    objective = an_objective(store, a_cycle(store), team="Search", owner="Product lead", weight=Decimal("1.5"))
    store.close()
    again = open_store(place)
    found = again.objectives.get(objective.id)
    again.close()
    assert found == objective
    assert (found.title, found.team, found.owner, found.weight) == (
        "Customers find help at once",
        "Search",
        "Product lead",
        Decimal("1.5"),
    )
    assert (found.state, found.version, found.created_at, found.created_by) == ("Draft", 1, MONDAY, "the owner")


def test_a_key_result_comes_back_with_every_field_as_typed(store: Store) -> None:
    objective = an_objective(store, a_cycle(store))
    typed = NewKeyResult(
        objective_id=objective.id,
        title="Promoters’ share of turnover",
        kind="decrease",
        owner="Sales lead",
        unit="percent",
        ambition="aspirational",
        weight=Decimal("0.25"),
        baseline=Decimal("0.1"),
        target=Decimal("-0.30000000000000000001"),
        kvi="promoter_revenue_share",
        grain="month",
        where={"country": ["NL", "BE"]},
        cadence_days=7,
        plan=(PlanPoint(date(2026, 11, 1), Decimal("0.3")), PlanPoint(date(2026, 12, 1), Decimal("0.8"))),
    )
    saved = store.key_results.add(typed, author=OWNER)
    found = store.key_results.get(saved.id)
    assert {name: getattr(found, name) for name in vars(typed)} == vars(typed)


def test_a_key_result_within_a_band_keeps_its_bounds_and_tolerance(store: Store) -> None:
    objective = an_objective(store, a_cycle(store))
    bounds = {"lower": Decimal(-3), "upper": Decimal("5.5"), "tolerance": Decimal("0.5")}
    saved = a_key_result(store, objective, kind="keep_within", baseline=None, target=None, **bounds)
    assert (saved.lower, saved.upper, saved.tolerance) == (Decimal(-3), Decimal("5.5"), Decimal("0.5"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"target": Decimal("40.0")}, "target equals the baseline"),
        ({"target": Decimal(20)}, "Choose the kind"),
        ({"title": "  "}, "title is empty"),
        ({"weight": Decimal(0)}, "weight"),
        ({"ambition": "moonshot"}, "ambition"),
        ({"cadence_days": 0}, "cadence"),
        ({"kind": "double"}, "kind"),
        ({"kind": "milestone", "baseline": None}, "Only an increase or a decrease has a target"),
        ({"lower": Decimal(1)}, "has its bounds"),
        ({"kvi": "nps"}, "needs its grain"),
        ({"kvi": "nps", "grain": "year"}, "grain is one of"),
        ({"kvi": " ", "grain": "week"}, "needs its name"),
        ({"unit": " "}, "needs a unit"),
        ({"owner": " "}, "leave it out while nobody owns it"),
        ({"baseline": Decimal("NaN")}, "not a number"),
        ({"baseline": Decimal("0.00000000000000000000001")}, "too many digits"),
        ({"title": "zero \x00 byte"}, "cannot be stored"),
        ({"title": "half \ud83d pair"}, "cannot be stored"),
        ({"title": "x" * 20_001}, "The title has 20,001 characters; 20,000 can be kept: shorten it"),
        ({"plan": (PlanPoint(date(2027, 1, 1), Decimal(1)),)}, "outside the cycle"),
        ({"plan": (PlanPoint(date(2026, 11, 1), Decimal("1.1")),)}, "more than 100 %"),
    ],
)
def test_a_key_result_that_makes_no_sense_is_refused_in_words(
    store: Store, wrong: dict[str, object], sentence: str
) -> None:
    objective = an_objective(store, a_cycle(store))
    with pytest.raises(StoreError, match=sentence):
        a_key_result(store, objective, **wrong)
    assert store.objectives_of(objective.cycle_id)[0].key_results == ()


def test_an_objective_or_cycle_that_makes_no_sense_is_refused_in_words(store: Store) -> None:
    cycle = a_cycle(store)
    with pytest.raises(StoreError, match="needs a title"):
        an_objective(store, cycle, title=" ")
    with pytest.raises(StoreError, match="weight must be above 0"):
        an_objective(store, cycle, weight=Decimal(-1))
    with pytest.raises(StoreError, match="not there any more"):
        store.objectives.add(NewObjective(cycle_id=99, title="Customers wait less"), author=OWNER)
    with pytest.raises(StoreError, match="must end after it starts"):
        store.cycles.add(NewCycle(name="Q1", starts_on=date(2027, 1, 1), ends_on=date(2026, 1, 1)), author=OWNER)
    with pytest.raises(StoreError, match="a cycle of this name already"):
        a_cycle(store)


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="no time zone"):
        store.cycles.add(
            NewCycle(name="Q1", starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 31)),
            author=Author("x", MONDAY.replace(tzinfo=None)),
        )


def test_an_edit_changes_what_was_typed_and_says_who_did(store: Store) -> None:
    objective = an_objective(store, a_cycle(store))
    edited = store.objectives.edit(replace(objective, title="Customers get help at once"), author=COLLEAGUE)
    assert (edited.title, edited.version) == ("Customers get help at once", 2)
    assert (edited.changed_by, edited.changed_at, edited.created_by) == ("a colleague", TUESDAY, "the owner")


def test_saving_without_a_change_leaves_version_and_history_alone(store: Store) -> None:
    objective = an_objective(store, a_cycle(store), weight=Decimal("1.0"))
    assert store.objectives.edit(replace(objective, weight=Decimal("1.00")), author=COLLEAGUE) == objective
    assert len(store.history.of("objectives", objective.id)) == 1


def test_what_is_archived_leaves_the_page_and_can_come_back(store: Store) -> None:
    cycle = a_cycle(store)
    objective = an_objective(store, cycle)
    archived = store.objectives.archive(objective, author=COLLEAGUE)
    assert archived.archived_at == TUESDAY
    assert store.objectives_of(cycle.id) == []
    with pytest.raises(StoreError, match=r"archived by a colleague: restore it first"):
        store.objectives.edit(replace(archived, title="Customers wait"), author=OWNER)
    restored = store.objectives.restore(archived, author=OWNER)
    assert [row.objective for row in store.objectives_of(cycle.id)] == [restored]


def test_a_key_result_that_no_longer_fits_its_cycle_can_still_be_archived(store: Store) -> None:
    cycle = a_cycle(store)
    late = (PlanPoint(date(2026, 12, 20), Decimal(1)),)
    key_result = a_key_result(store, an_objective(store, cycle), plan=late)
    store.cycles.edit(replace(cycle, ends_on=date(2026, 11, 30)), author=OWNER)
    with pytest.raises(StoreError, match="outside the cycle"):
        store.key_results.edit(replace(key_result, title="Answered at once"), author=OWNER)
    store.key_results.archive(key_result, author=OWNER)
    assert store.objectives_of(cycle.id)[0].key_results == ()


def test_the_name_of_an_archived_cycle_can_be_used_again(store: Store) -> None:
    store.cycles.archive(a_cycle(store), author=OWNER)
    again = a_cycle(store)
    assert store.cycles.all() == [again]


def test_the_cycle_of_a_day_is_the_one_that_starts_last(store: Store) -> None:
    year = store.cycles.add(NewCycle(name="2026", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)), author=OWNER)
    quarter = a_cycle(store)
    assert store.cycles.on(date(2026, 12, 31)) == quarter
    assert store.cycles.on(date(2026, 9, 30)) == year
    assert store.cycles.on(date(2027, 1, 1)) is None


def test_objectives_cannot_support_each_other_in_a_circle(store: Store) -> None:
    cycle = a_cycle(store)
    company = an_objective(store, cycle, title="Customers stay")
    team = an_objective(store, cycle, title="Customers find help", parent_id=company.id)
    squad = an_objective(store, cycle, title="Customers are answered", parent_id=team.id)
    with pytest.raises(StoreError, match="already supports this one"):
        store.objectives.edit(replace(company, parent_id=squad.id), author=OWNER)
    with pytest.raises(StoreError, match="cannot support itself"):
        store.objectives.edit(replace(company, parent_id=company.id), author=OWNER)
    assert store.objectives.all_parents() == {company.id: None, team.id: company.id, squad.id: team.id}


def test_a_guardrail_needs_a_bound_and_stands_on_its_objectives_card(store: Store) -> None:
    cycle = a_cycle(store)
    objective = an_objective(store, cycle)
    wanted = NewGuardrail(objective_id=objective.id, kvi="complaints", grain="week", upper=Decimal(4))
    with pytest.raises(StoreError, match="lower or an upper bound"):
        store.guardrails.add(replace(wanted, upper=None), author=OWNER)
    with pytest.raises(StoreError, match="cannot lie above"):
        store.guardrails.add(replace(wanted, lower=Decimal(5)), author=OWNER)
    guardrail = store.guardrails.add(wanted, author=OWNER)
    assert store.objectives_of(cycle.id)[0].guardrails == (guardrail,)


def test_a_kvi_names_the_open_key_results_that_depend_on_it(store: Store) -> None:
    objective = an_objective(store, a_cycle(store))
    driven = a_key_result(store, objective, kvi="nps", grain="month")
    a_key_result(store, objective, title="typed")
    a_key_result(store, objective, title="another", kvi="complaints", grain="month")
    assert store.key_results.driven_by("nps") == [driven]


def test_the_kind_is_frozen_after_the_first_check_in(store: Store) -> None:
    key_result = an_active_key_result(store)
    store.check_ins.add(new_check_in(key_result), author=OWNER)
    other = replace(key_result, kind="keep_within", target=None, lower=Decimal(40))
    with pytest.raises(StoreError, match="kind is frozen"):
        store.key_results.edit(other, reason="it is a floor", author=OWNER)


def test_the_target_of_an_active_key_result_moves_with_a_reason_only(store: Store) -> None:
    key_result = an_active_key_result(store)
    wanted = replace(key_result, target=Decimal(90))
    with pytest.raises(StoreError, match="Say why"):
        store.key_results.edit(wanted, author=OWNER)
    moved = store.key_results.edit(wanted, reason="Two markets more", author=COLLEAGUE)
    (change,) = store.key_results.target_changes(key_result.id)
    assert moved.target == Decimal(90)
    assert (change.target_before, change.target_after, change.reason) == (Decimal(80), Decimal(90), "Two markets more")
    assert (change.baseline_before, change.baseline_after) == (Decimal(40), Decimal(40))
    assert (change.created_by, change.created_at) == ("a colleague", TUESDAY)


def test_the_target_of_a_draft_moves_freely(store: Store) -> None:
    key_result = a_key_result(store, an_objective(store, a_cycle(store)), target=None)
    assert store.key_results.edit(replace(key_result, target=Decimal(70)), author=OWNER).target == Decimal(70)
    assert store.key_results.target_changes(key_result.id) == []
