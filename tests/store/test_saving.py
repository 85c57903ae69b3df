"""Two people on one record, one click twice, the audit, targets and notes of KVIs, drafts of forms."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kviboard.domain.okrs.model import PlanPoint
from kviboard.errors import ConflictError, StoreError
from kviboard.store import Author, NewKviNote, NewKviTarget, NewObjective, Store, open_store
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


def test_a_save_on_top_of_somebody_elses_change_says_who_changed_what_and_when(store: Store) -> None:
    seen = a_key_result(store, an_objective(store, a_cycle(store)))
    theirs = store.key_results.edit(replace(seen, target=Decimal(85), owner="Care lead"), author=COLLEAGUE)
    with pytest.raises(ConflictError) as refusal:
        store.key_results.edit(replace(seen, title="Answered in a day"), author=OWNER)
    assert str(refusal.value) == (
        "Not saved, because the key result “Answered within a day” changed meanwhile: a colleague changed owner from"
        " nothing to “Care lead” and target from 80 to 85 on 3 Nov 2026 at 14:05 UTC. Look at it and save again."
    )
    assert store.key_results.get(seen.id) == theirs


def test_a_share_that_somebody_else_moved_is_said_in_per_cent(store: Store) -> None:
    seen = a_key_result(store, an_objective(store, a_cycle(store)))
    share = store.key_results.edit(
        replace(seen, unit="percent", baseline=Decimal("0.4"), target=Decimal("0.6")), author=OWNER
    )
    store.key_results.edit(replace(share, target=Decimal("0.615"), weight=Decimal(2)), author=COLLEAGUE)
    with pytest.raises(ConflictError, match=r"weight from 1 to 2 and target from 60\s% to 61\.5\s% on"):
        store.key_results.edit(replace(share, title="Answered in a day"), author=OWNER)


def test_an_amount_that_somebody_else_moved_is_said_in_the_company_s_currency(tmp_path: Path) -> None:
    store = open_store(tmp_path / "board.sqlite", "KWD")
    seen = a_key_result(store, an_objective(store, a_cycle(store)))
    amount = store.key_results.edit(replace(seen, unit="currency", target=Decimal("1250.125")), author=OWNER)
    store.key_results.edit(replace(amount, target=Decimal(1300)), author=COLLEAGUE)
    with pytest.raises(ConflictError, match=r"target from KWD\s1,250\.125 to KWD\s1,300\.000 on"):
        store.key_results.edit(replace(amount, title="Answered in a day"), author=OWNER)
    store.close()


def test_archiving_or_stepping_on_top_of_somebody_elses_change_is_refused_too(store: Store) -> None:
    seen = an_objective(store, a_cycle(store))
    a_key_result(store, seen)
    store.objectives.archive(seen, author=COLLEAGUE)
    with pytest.raises(ConflictError, match=r"a colleague archived it on 3 Nov 2026 at 14:05 UTC"):
        store.objectives.archive(seen, author=OWNER)
    with pytest.raises(ConflictError, match="archived it"):
        store.life_cycle.activate(seen, author=OWNER)


def test_an_edit_that_changed_the_same_to_the_same_is_still_refused(store: Store) -> None:
    seen = an_objective(store, a_cycle(store))
    store.objectives.edit(replace(seen, title="Customers wait less"), author=COLLEAGUE)
    with pytest.raises(ConflictError):
        store.objectives.edit(replace(seen, title="Customers wait less"), author=OWNER)


def test_a_row_that_was_never_there_is_named_in_the_refusal(store: Store) -> None:
    with pytest.raises(StoreError, match="no objective with the number 7: the link may be old"):
        store.objectives.get(7)


def test_a_double_click_saves_once(store: Store) -> None:
    cycle = a_cycle(store)
    wanted = NewObjective(cycle_id=cycle.id, title="Customers wait less")
    first = store.objectives.add(wanted, author=replace(OWNER, key="click 1"))
    assert store.objectives.add(wanted, author=replace(OWNER, key="click 1")) == first
    assert store.objectives.add(wanted, author=replace(OWNER, key="click 2")) != first
    assert len(store.objectives_of(cycle.id)) == 2


def test_a_double_click_on_an_edit_is_no_conflict(store: Store) -> None:
    seen = an_objective(store, a_cycle(store))
    wanted = replace(seen, title="Customers wait less")
    edited = store.objectives.edit(wanted, author=replace(OWNER, key="click"))
    assert store.objectives.edit(wanted, author=replace(OWNER, key="click")) == edited
    assert edited.version == 2


def test_a_double_click_checks_in_activates_and_sets_a_target_once(store: Store) -> None:
    objective = an_objective(store, a_cycle(store))
    key_result = a_key_result(store, objective)
    active = store.life_cycle.activate(objective, author=replace(OWNER, key="activate"))
    assert store.life_cycle.activate(objective, author=replace(OWNER, key="activate")) == active
    check_in = store.check_ins.add(new_check_in(key_result), author=replace(OWNER, key="check in"))
    assert store.check_ins.add(new_check_in(key_result), author=replace(OWNER, key="check in")) == check_in
    moved = store.key_results.edit(
        replace(key_result, target=Decimal(90)), reason="more", author=replace(OWNER, key="move")
    )
    assert (
        store.key_results.edit(
            replace(key_result, target=Decimal(90)), reason="more", author=replace(OWNER, key="move")
        )
        == moved
    )
    assert len(store.key_results.target_changes(key_result.id)) == 1
    wanted = NewKviTarget(kvi="nps", starts_on=date(2026, 11, 1), value=Decimal(40), reason="agreed")
    target = store.kvi_targets.add(wanted, author=replace(OWNER, key="target"))
    assert store.kvi_targets.add(wanted, author=replace(OWNER, key="target")) == target
    assert len(store.kvi_targets.all()) == 1


def test_every_change_has_its_audit_entry_with_the_values_before_and_after(store: Store) -> None:
    key_result = an_active_key_result(store)
    plan = (PlanPoint(date(2026, 11, 1), Decimal("0.5")),)
    store.key_results.edit(
        replace(key_result, target=Decimal(90), plan=plan), reason="Two markets more", author=COLLEAGUE
    )
    added, moved = store.history.of("key_results", key_result.id)
    assert (added.action, added.created_by, added.created_at, added.version) == ("added", "the owner", MONDAY, 1)
    assert added.after is not None
    assert (added.after["target"], added.after["title"]) == ("80", "Answered within a day")
    assert (moved.action, moved.reason, moved.created_by, moved.version) == (
        "target changed",
        "Two markets more",
        "a colleague",
        2,
    )
    assert moved.before == {"target": "80", "plan": []}
    assert moved.after == {"target": "90", "plan": [["2026-11-01", "0.5"]]}


def test_the_history_of_a_week_names_every_row_that_changed(store: Store) -> None:
    key_result = an_active_key_result(store)
    store.check_ins.add(new_check_in(key_result), author=COLLEAGUE)
    assert [(entry.row_of, entry.action) for entry in store.history.since(TUESDAY)] == [("check_ins", "added")]
    assert [entry.action for entry in store.history.since(MONDAY)] == ["added", "added", "added", "activated", "added"]


def test_the_newest_entry_tells_whether_anything_was_saved_since(store: Store) -> None:
    assert store.history.newest() == 0
    cycle = a_cycle(store)
    before = store.history.newest()
    store.objectives_of(cycle.id)
    assert store.history.newest() == before
    an_objective(store, cycle)
    assert store.history.newest() > before


def test_a_refused_save_leaves_no_audit_entry(store: Store) -> None:
    cycle = a_cycle(store)
    with pytest.raises(StoreError):
        an_objective(store, cycle, title=" ")
    assert [entry.row_of for entry in store.history.since(MONDAY)] == ["cycles"]


def test_targets_of_a_kvi_are_added_in_order_with_their_reasons(store: Store) -> None:
    first = NewKviTarget(kvi="nps", starts_on=date(2026, 10, 1), value=Decimal("38.5"), reason="agreed in September")
    slower = replace(
        first, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 31), value=Decimal(35), reason="holidays"
    )
    none = replace(
        first, kvi="complaints", value=None, reason="no target any more", grain="week", where={"plan": ["Pro"]}
    )
    saved = [store.kvi_targets.add(new, author=OWNER) for new in (first, slower, none)]
    assert store.kvi_targets.all("nps") == saved[:2]
    assert store.kvi_targets.all() == saved
    assert (saved[2].value, saved[2].grain, saved[2].where) == (None, "week", {"plan": ["Pro"]})
    with pytest.raises(StoreError, match="needs a reason"):
        store.kvi_targets.add(replace(first, reason=""), author=OWNER)
    with pytest.raises(StoreError, match="cannot end before it starts"):
        store.kvi_targets.add(replace(first, ends_on=date(2026, 9, 30)), author=OWNER)


def test_notes_stand_on_a_kvis_day_and_can_be_edited_and_archived(store: Store) -> None:
    later = store.kvi_notes.add(
        NewKviNote(kvi="nps", day=date(2026, 11, 3), text="Strike at the carrier"), author=OWNER
    )
    early = store.kvi_notes.add(NewKviNote(kvi="nps", day=date(2026, 11, 1), text="New prices"), author=OWNER)
    store.kvi_notes.add(NewKviNote(kvi="complaints", day=date(2026, 11, 1), text="New prices"), author=OWNER)
    assert store.kvi_notes.of("nps") == [early, later]
    edited = store.kvi_notes.edit(replace(early, text="New prices in two markets"), author=COLLEAGUE)
    store.kvi_notes.archive(later, author=COLLEAGUE)
    assert store.kvi_notes.of("nps") == [edited]


def test_what_was_typed_into_a_form_is_kept_per_person_until_it_is_dropped(store: Store) -> None:
    typed = {"title": "Customers wa", "weight": "1.5", "plan": [["2026-11-01", "0.5"]], "confidence": 7}
    store.drafts.keep("objective 12", {"title": "C"}, at=MONDAY, by="the owner")
    store.drafts.keep("objective 12", typed, at=TUESDAY, by="the owner")
    store.drafts.keep("objective 12", {"title": "Mine"}, at=TUESDAY, by="a colleague")
    kept = store.drafts.get("objective 12", "the owner")
    assert kept is not None
    assert (kept.typed, kept.kept_at) == (typed, TUESDAY)
    store.drafts.drop("objective 12", "the owner")
    assert store.drafts.get("objective 12", "the owner") is None
    assert store.drafts.get("objective 12", "a colleague") is not None
    assert store.history.since(MONDAY) == []


def test_a_draft_that_is_no_json_is_refused_in_words(store: Store) -> None:
    with pytest.raises(StoreError, match="cannot be kept as JSON"):
        store.drafts.keep("objective 12", {"weight": float("nan")}, at=MONDAY, by="the owner")


def test_who_was_first_is_told_on_the_clocks_of_whoever_saves(store: Store) -> None:
    objective = an_objective(store, a_cycle(store))
    at_noon = datetime(2026, 11, 3, 12, 5, tzinfo=UTC)
    store.objectives.edit(replace(objective, weight=Decimal(2)), author=Author("a colleague", at_noon))
    in_amsterdam = Author("the owner", at_noon.astimezone(ZoneInfo("Europe/Amsterdam")))
    with pytest.raises(ConflictError, match=r"a colleague changed weight .* on 3 Nov 2026 at 13:05\."):
        store.objectives.edit(replace(objective, weight=Decimal(3)), author=in_amsterdam)
