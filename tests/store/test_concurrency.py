"""Many people at once, in threads of one program and in several programs: every save counts, none is overwritten."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from kviboard.errors import StoreError
from kviboard.store import Store, open_store
from tests.store.adding_weight import add_weight
from tests.store.conftest import Databases
from tests.store.given import OWNER, a_cycle, an_active_key_result, an_objective, new_check_in

ROOT = Path(__file__).parents[2]
PEOPLE, PROGRAMS, SAVES = 4, 2, 6


def test_edits_from_many_threads_are_all_kept(store: Store) -> None:
    objective = an_objective(store, a_cycle(store))
    with ThreadPoolExecutor(PEOPLE) as people:
        list(people.map(lambda _: add_weight(store, objective.id), range(PEOPLE * SAVES)))
    edited = store.objectives.get(objective.id)
    assert (edited.weight, edited.version) == (Decimal(1 + PEOPLE * SAVES), 1 + PEOPLE * SAVES)
    versions = [entry.version for entry in store.history.of("objectives", objective.id)]
    assert versions == list(range(1, 2 + PEOPLE * SAVES))


def test_check_ins_from_many_threads_are_no_conflict(store: Store) -> None:
    key_result = an_active_key_result(store)
    with ThreadPoolExecutor(PEOPLE) as people:
        saved = list(
            people.map(
                lambda n: store.check_ins.add(new_check_in(key_result, str(n)), author=OWNER), range(PEOPLE * SAVES)
            )
        )
    assert sorted(check_in.value or 0 for check_in in store.check_ins.of(key_result.id)) == list(range(PEOPLE * SAVES))
    assert len({check_in.id for check_in in saved}) == PEOPLE * SAVES


def test_one_click_arriving_many_times_at_once_saves_once(store: Store) -> None:
    key_result = an_active_key_result(store)
    with ThreadPoolExecutor(PEOPLE) as people:
        saved = list(
            people.map(
                lambda _: store.check_ins.add(new_check_in(key_result), author=replace(OWNER, key="click")),
                range(PEOPLE),
            )
        )
    assert store.check_ins.of(key_result.id) == [saved[0]]
    assert saved == [saved[0]] * PEOPLE


def test_two_objectives_made_to_support_each_other_at_once_end_as_one_refusal(store: Store) -> None:
    cycle = a_cycle(store)
    pair = [an_objective(store, cycle, title=title) for title in ("Customers stay", "Customers return")]

    def support(which: int) -> str:
        try:
            store.objectives.edit(replace(pair[which], parent_id=pair[1 - which].id), author=OWNER)
            return "saved"
        except StoreError as refusal:
            return str(refusal)

    with ThreadPoolExecutor(2) as people:
        first, second = people.map(support, range(2))
    assert {first, second} > {"saved"}
    assert "already supports this one" in first + second


def several_programs(place: str) -> list["subprocess.Popen[str]"]:
    program = [sys.executable, "-m", "tests.store.adding_weight", place, str(SAVES)]
    return [
        subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for _ in range(PROGRAMS)
    ]


@pytest.fixture
def nowhere(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A place where no store was made yet."""
    if kind == "sqlite":
        return str(tmp_path / "new" / "board.sqlite")
    databases: Databases = request.getfixturevalue("databases")
    return databases.new()


def test_programs_that_start_on_a_new_store_at_once_make_it_once_and_share_it(nowhere: str) -> None:
    programs = several_programs(nowhere)
    assert [program.stdout.readline() for program in programs if program.stdout] == ["open\n"] * PROGRAMS
    with closing(open_store(nowhere)) as store:
        an_objective(store, a_cycle(store))
        for program in programs:
            program.communicate("go\n", timeout=30)
        assert [program.returncode for program in programs] == [0] * PROGRAMS
        assert store.objectives.get(1).weight == Decimal(1 + PROGRAMS * SAVES)
