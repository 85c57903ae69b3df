"""The whole board to one JSON file and back: nothing lost, into either kind of store."""

import json
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kviboard.domain.okrs.model import PlanPoint
from kviboard.errors import StoreError
from kviboard.store import (
    NewKviTarget,
    Store,
    exchange,
    open_store,
)
from kviboard.store.schema import SCHEMA_VERSION
from tests.store.conftest import NewPlace
from tests.store.given import (
    MONDAY,
    OWNER,
    a_cycle,
    a_key_result,
    an_objective,
    new_check_in,
)
from tests.store.used_board import a_closed_loop, a_held_review, a_used_board, an_answered_check

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=12).filter(
    str.strip
)
amounts = st.decimals(-(10**9), 10**9, places=6)
steps = st.decimals("0.000001", 10**9, places=6)
days = st.dates(date(2026, 10, 1), date(2026, 12, 31))
where = st.dictionaries(words, st.lists(words, max_size=2), max_size=2)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def content(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text(encoding="utf-8")))


@pytest.fixture
def exported(store: Store, tmp_path: Path) -> Path:
    """The export of a used board."""
    a_used_board(store)
    a_held_review(store)
    an_answered_check(store)
    a_closed_loop(store)
    store.export_json(tmp_path / "board.json")
    assert [name for name, rows in content(tmp_path / "board.json")["tables"].items() if not rows] == []
    return tmp_path / "board.json"


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_a_board_moves_to_a_store_of_either_kind_and_goes_on(
    store: Store, exported: Path, into: str, new_place: NewPlace, tmp_path: Path
) -> None:
    with new_place(into) as place, closing(open_store(place)) as other:
        rows = other.import_json(exported)
        other.export_json(tmp_path / "again.json")
        assert content(tmp_path / "again.json") == content(exported)
        assert rows == sum(len(table) for table in content(exported)["tables"].values())
        cycle = other.cycles.all()[0]
        assert other.objectives_of(cycle.id) == store.objectives_of(cycle.id)
        assert other.reviews.whole(1) == store.reviews.whole(1)
        assert an_objective(other, cycle).id == 1 + max(row.objective.id for row in store.objectives_of(cycle.id))


def whatever_people_type(store: Store, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
    """Fills a store with drawn values, and sees that each comes back as it went in."""
    typed: dict[str, Any] = {"title": draw(words), "weight": draw(steps), "customer_promise": draw(st.just("") | words)}
    objective = an_objective(store, a_cycle(store), **typed)
    assert {name: getattr(objective, name) for name in typed} == typed
    typed = {"title": draw(words), "unit": draw(words), "baseline": draw(amounts)}
    plan = draw(st.dictionaries(days, st.decimals(0, 1, places=4), max_size=3))
    typed["plan"] = tuple(PlanPoint(day, plan[day]) for day in sorted(plan))
    typed["target"] = typed["baseline"] + draw(steps)
    key_result = a_key_result(store, objective, **typed)
    assert {name: getattr(key_result, name) for name in typed} == typed
    store.life_cycle.activate(objective, author=OWNER)
    typed = {"value": draw(amounts), "confidence": draw(st.integers(0, 10)), "comment": draw(words)}
    check_in = store.check_ins.add(replace(new_check_in(key_result), **typed), author=OWNER)
    assert {name: getattr(check_in, name) for name in typed} == typed
    target = NewKviTarget(kvi=draw(words), starts_on=draw(days), reason=draw(words), where=draw(where))
    assert store.kvi_targets.add(target, author=OWNER).where == target.where
    draft = draw(st.dictionaries(st.text(max_size=5), json_values, max_size=3))
    store.drafts.keep("form", draft, at=MONDAY, by="the owner")
    kept = store.drafts.get("form", "the owner")
    assert kept is not None
    assert kept.typed == draft


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("way", [("sqlite", "postgresql"), ("postgresql", "sqlite")], ids=" to ".join)
def test_whatever_people_type_survives_the_way_out_and_in(
    way: tuple[str, str], new_place: NewPlace, tmp_path: Path, data: st.DataObject
) -> None:
    with ExitStack() as stack:
        store, other = (stack.enter_context(closing(open_store(stack.enter_context(new_place(kind))))) for kind in way)
        whatever_people_type(store, data.draw)
        store.export_json(tmp_path / "first.json")
        other.import_json(tmp_path / "first.json")
        other.export_json(tmp_path / "second.json")
        assert content(tmp_path / "second.json") == content(tmp_path / "first.json")
        cycle = store.cycles.all()[0]
        assert other.objectives_of(cycle.id) == store.objectives_of(cycle.id)


def test_an_import_into_a_store_in_use_is_refused(store: Store, exported: Path) -> None:
    before = store.history.since(MONDAY)
    with pytest.raises(StoreError, match="is not empty: import into a new one"):
        store.import_json(exported)
    assert store.history.since(MONDAY) == before


def test_an_import_that_breaks_a_rule_leaves_the_store_empty(kind: str, exported: Path, new_place: NewPlace) -> None:
    broken = content(exported)
    broken["tables"]["check_ins"][0]["key_result_id"] = 99
    exported.write_text(json.dumps(broken), encoding="utf-8")
    with new_place(kind) as place, closing(open_store(place)) as other:
        with pytest.raises(StoreError, match="not there any more"):
            other.import_json(exported)
        assert other.cycles.all() == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "not a whole export file"),
        ('{"kind": "something else"}', "not an export of this program"),
        ("[]", "not an export of this program"),
        ('{"kind": "kviboard export", "schema": "9999", "tables": {}}', "written by a newer KVI Board"),
        (
            '{"kind": "kviboard export", "schema": "NOW", "tables": {"cycles": [{"id": 1}]}}',
            "was not imported: The store refuses",
        ),
        (
            '{"kind": "kviboard export", "schema": "NOW", "tables": {"moons": [{"id": 1}]}}',
            "tables this program does not know: moons",
        ),
        ('{"kind": "kviboard export"}', "not a whole export file"),
        ('{"kind": "kviboard export", "schema": "NOW", "tables": {"cycles": [{"starts_on": "x"}]}}', "damaged"),
    ],
)
def test_a_file_that_is_no_whole_export_is_refused_in_words(
    store: Store, tmp_path: Path, text: str, sentence: str
) -> None:
    file = tmp_path / "board.json"
    file.write_text(text.replace("NOW", SCHEMA_VERSION), encoding="utf-8")
    with pytest.raises(StoreError, match=sentence):
        store.import_json(file)
    assert store.cycles.all() == []


def test_a_file_that_cannot_be_read_or_written_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere\.json cannot be read"):
        store.import_json(tmp_path / "nowhere.json")
    with pytest.raises(StoreError, match=r"board\.json cannot be written"):
        store.export_json(tmp_path / "no folder" / "board.json")


def test_a_file_larger_than_any_board_is_refused_before_it_is_parsed(
    store: Store, exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound, few in (("_MOST_BYTES", 1_000), ("_MOST_LISTS", 50), ("_MOST_VALUES", 100)):
        monkeypatch.setattr(exchange, bound, few)
        with pytest.raises(StoreError, match="no board"):
            store.import_json(exported)
        monkeypatch.undo()
    with pytest.raises(StoreError, match="is not empty"):  # the store it came from
        store.import_json(exported)
