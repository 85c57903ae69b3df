"""Killed programs, locks, lost servers, full disks, broken files: no save is lost or half done, and words say why."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine

from kviboard.errors import StoreError
from kviboard.store import Cycle, Store, database, open_store
from tests.store.conftest import Databases, NewPlace
from tests.store.given import MONDAY, a_cycle, a_key_result, an_objective
from tests.store.postgres import NOBODY

ROOT = Path(__file__).parents[2]
KEY_RESULTS = 8

SAVES_FOR_EVER = """
import sys
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from kviboard.store import Author, TargetValues, open_store

store = open_store(sys.argv[1])
(row,) = store.objectives_of(1)
chosen = {
    each.key_result.id: TargetValues(baseline=each.key_result.baseline, target=each.key_result.target)
    for each in row.key_results
}
for number in count(1):
    moment = datetime(2026, 11, 2, 9, 0, number % 60, tzinfo=UTC)
    carried = store.life_cycle.carry_over(row.objective.id, 2, chosen, author=Author(f"save {number}", moment))
    print("saved", carried.id, flush=True)
"""


def killed_while_saving(place: str, saves: int, later: float) -> list[int]:
    """A program that saves for ever, killed a moment after it reported some saves; returns what it reported."""
    program = [sys.executable, "-c", SAVES_FOR_EVER, place]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as saving:
        assert saving.stdout is not None
        lines = [saving.stdout.readline() for _ in range(saves)]
        try:
            saving.wait(later)
        except subprocess.TimeoutExpired:
            saving.send_signal(signal.SIGKILL)
        lines += saving.stdout.readlines()
        assert saving.wait(10) == -signal.SIGKILL
    return [int(line.split()[1]) for line in lines if line.endswith("\n")]


def test_a_program_killed_while_saving_loses_no_save_and_leaves_none_half_done(place: str) -> None:
    with closing(open_store(place)) as store:
        objective = an_objective(store, a_cycle(store))
        for number in range(KEY_RESULTS):
            a_key_result(store, objective, title=f"Measure {number}")
        a_cycle(store, name="Q1 2027")
    reported = [
        one for saves, later in ((1, 0.0), (3, 0.013), (2, 0.031)) for one in killed_while_saving(place, saves, later)
    ]
    with closing(open_store(place)) as store:
        kept = store.objectives_of(2)
        history = store.history.since(MONDAY)
    assert {row.objective.id for row in kept} >= set(reported)
    assert [len(row.key_results) for row in kept] == [KEY_RESULTS] * len(kept)
    carried = [entry for entry in history if entry.action == "carried over"]
    assert len(carried) == len(kept) * (1 + KEY_RESULTS)
    assert len(kept) - len(set(reported)) <= 3, "at most the save in progress at each kill is there without its report"


@contextmanager
def acting_as_nobody() -> Iterator[None]:
    """Without root's right to write everywhere, where the tests run as root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def held_by_another(place: str) -> Callable[[], None]:
    """Somebody else begins to save and does not end; the returned function ends it."""
    if "://" in place:
        connection = psycopg.connect(place)
        connection.execute("select pg_advisory_xact_lock(%s)", [database.SAVE_LOCK])
        return connection.close
    engine = create_engine(f"sqlite:///{place}")
    raw = engine.raw_connection()
    raw.cursor().execute("begin immediate")
    return raw.close


def test_a_save_waits_for_the_one_before_it_and_says_so_when_that_takes_too_long(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 1)
    with closing(open_store(place)) as store:
        let_go = held_by_another(place)
        with pytest.raises(StoreError, match="Somebody else is saving for longer than usual; nothing was saved"):
            a_cycle(store)
        assert store.cycles.all() == [], "reading goes on meanwhile"
        let_go()
        a_cycle(store)


def test_a_lost_connection_is_found_again(new_place: NewPlace) -> None:
    with new_place("postgresql") as place, closing(open_store(place)) as store:
        cycle = a_cycle(store)
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        assert store.cycles.all() == [cycle]


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("postgresql://board:secret@127.0.0.1:1/board", "cannot be reached"),
        ("postgresql://board:secret@127.0.0.1:notaport/board", "cannot be read"),
        ("mysql://board:secret@somewhere/board", "name a file or postgresql"),
        ("sqlite://", "name a file or postgresql"),
    ],
)
def test_a_store_that_is_nowhere_is_named_without_its_password(place: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence) as refusal:
        open_store(place)
    assert "secret" not in str(refusal.value)


def test_a_database_that_is_not_there_is_said_to_be_refused(databases: Databases) -> None:
    missing = databases.new().replace("board_", "no_board_")
    with pytest.raises(StoreError, match=r"refuses this program \(.*does not exist\): check \[store\] url"):
        open_store(missing)


def test_a_damaged_file_is_not_mistaken_for_a_store(tmp_path: Path) -> None:
    file = tmp_path / "board.sqlite"
    file.write_bytes(b"This was a shopping list once. " * 400)
    with pytest.raises(StoreError, match=r"board\.sqlite is damaged or not a store of this program"):
        open_store(file)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"folder of the store .* cannot be made"):
        open_store(tmp_path / "file" / "board.sqlite")


def test_a_folder_without_the_right_to_write_is_said_to_be_so() -> None:
    folder = Path(tempfile.mkdtemp())
    open_store(folder / "board.sqlite").close()
    (folder / "board.sqlite").chmod(0o444)
    folder.chmod(0o555)
    try:
        with acting_as_nobody(), pytest.raises(StoreError, match="may not be written by this program"):
            open_store(folder / "board.sqlite").cycles.all()
        with acting_as_nobody(), pytest.raises(StoreError, match="cannot be opened: see that its folder"):
            open_store(folder / "another.sqlite")
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def a_long_objective_again_and_again(store: Store, cycle: Cycle) -> None:
    for _ in range(100):
        an_objective(store, cycle, customer_promise="soon " * 4_000)


def test_a_full_disk_is_said_to_be_full_and_the_store_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "board.sqlite")) as store:
        cycle = a_cycle(store)
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, limits[1]))
        try:
            with pytest.raises(StoreError, match="no room left or cannot write; nothing was saved"):
                a_long_objective_again_and_again(store, cycle)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        kept = store.objectives_of(cycle.id)
        an_objective(store, cycle, title="Customers wait less")
        assert len(store.objectives_of(cycle.id)) == len(kept) + 1
        assert len(store.history.since(MONDAY)) == len(kept) + 2


@pytest.mark.parametrize("number", [2**63, 10**25])
def test_a_number_larger_than_any_is_said_to_be_in_no_store(store: Store, number: int) -> None:
    with pytest.raises(StoreError):
        store.cycles.get(number)
    assert store.cycles.all() == []  # and the store goes on
