"""A process of its own: it answers as a call does, and what takes too much ends it and nothing else."""

import os
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from kviboard.apart import Apart, allowed_gigabytes, here, limited
from kviboard.errors import ExportError, GivenUpError, Problem

needs_limits = pytest.mark.skipif(allowed_gigabytes() is None or os.name == "nt", reason="the system has no limits")


def who_and_where() -> tuple[int, str]:
    return os.getpid(), os.getcwd()


def write(name: str) -> None:
    Path(name).write_text("kept only for a while")


def refuse() -> None:
    raise ExportError("orders.csv: is empty.", [Problem("orders.csv", "is empty.")])


def break_down() -> None:
    raise ZeroDivisionError


def grow() -> int:
    return len([b"x" * 50_000_000 for _ in range(1_000)])


def die() -> None:
    os._exit(0)


@pytest.fixture
def apart(tmp_path: Path) -> Apart:
    return Apart(tmp_path, gigabytes=1.0, seconds=60.0)


def test_it_answers_as_a_call_does_and_waits_for_the_next(apart: Apart) -> None:
    process, folder = apart(who_and_where)
    assert process != os.getpid()
    assert Path(folder).is_relative_to(apart.state / "spill")
    assert apart(sorted, [3, 1, 2]) == here(sorted, [3, 1, 2]) == [1, 2, 3]
    apart(write, "left")
    assert list((apart.state / "spill").iterdir()) == []
    with pytest.raises(ExportError, match="is empty") as refused:
        apart(refuse)
    assert refused.value.problems == (Problem("orders.csv", "is empty."),)
    assert apart(who_and_where)[0] == process


@pytest.mark.parametrize("act", [grow, die, break_down])
def test_what_ends_it_is_said_and_the_next_is_answered(apart: Apart, act: Callable[[], object]) -> None:
    with pytest.raises(GivenUpError, match=r"^(needs more memory than 1 GB|cannot be read \(ZeroDivisionError\))"):
        apart(act)
    assert apart(len, "abc") == 3
    assert list((apart.state / "spill").iterdir()) == []


def test_what_is_asked_while_one_is_made_ready_waits_for_it(apart: Apart) -> None:
    larger = replace(apart, gigabytes=1.5)  # which nobody else has asked for
    larger.warm(len)
    larger.warm(len)
    process = larger(who_and_where)[0]
    assert larger(who_and_where)[0] == process


def test_what_takes_too_long_is_stopped_in_time(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(GivenUpError, match=r"^takes longer than 0.2 seconds$"):
        Apart(tmp_path, 1.0, 0.2)(time.sleep, 60)
    assert time.monotonic() - began < 10
    assert Apart(tmp_path, 1.0, 60.0)(len, "abc") == 3


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "spill").touch()
    with pytest.raises(GivenUpError, match=r"^cannot be looked at, because .*spill.* cannot be written or started"):
        Apart(tmp_path, 1.0, 60.0)(len, "abc")


@pytest.mark.skipif(sys.platform != "linux", reason="no other system limits it")
def test_a_text_that_doubles_ends_the_query_and_what_follows_has_its_memory_again() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    doubling = "select 1 as n, 'xxxxxxxxxx' as t union all select n + 1, t || t from r where n < 40"
    with closing(duckdb.connect()) as connection, limited(0.1):
        with pytest.raises(duckdb.OutOfMemoryException):
            connection.execute(f"with recursive r as ({doubling}) select max(length(t)) from r").fetchall()
        assert connection.execute("select 1").fetchall() == [(1,)]
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
