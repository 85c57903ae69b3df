"""What is taken out leaves nothing on the disk, and a store is its owner's alone."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from kviboard.store import open_store
from tests.store.used_board import a_held_review, a_used_board

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
WORD = b"zq-7731-whistled"


@pytest.mark.parametrize("others", [True, False])  # PostgreSQL keeps what it knows of a table that has no row any more
def test_nothing_is_left_of_what_was_deleted(place: str, others: bool) -> None:
    store = open_store(place)
    for number in range(60):
        store.drafts.keep(f"follow up {WORD.decode()}", {}, at=AT, by=f"person {number}")
    if others:
        a_used_board(store)
        a_held_review(store)
    assert WORD in _traces(place, "analyze")
    for number in range(60):
        store.drafts.drop(f"follow up {WORD.decode()}", by=f"person {number}")
    store.scrub()
    assert WORD not in _traces(place, "checkpoint")
    store.drafts.keep("objective 1", {"title": "Calls"}, at=AT, by="somebody")  # and all works as before
    store.close()


def _traces(place: str, before: str = "select 1") -> bytes:
    """All bytes of a file and those beside it; those of all tables of PostgreSQL, and what it knows of common values.
    Its write-ahead log is recycled when the server likes."""
    if "://" not in place:
        return b"".join(each.read_bytes() for each in Path(place).parent.glob(f"{Path(place).name}*"))
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute(before)
        found = connection.execute("select most_common_vals::text, histogram_bounds::text from pg_stats").fetchall()
        files = [each for each in Path(connection.info.host, "data", "base").rglob("*") if each.is_file()]
    return repr(found).encode() + b"".join(each.read_bytes() for each in files)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_store_that_others_could_read_is_its_owners_alone_from_then_on(tmp_path: Path) -> None:
    file = tmp_path / "board.sqlite"
    open_store(file).close()
    file.chmod(0o644)
    store = open_store(file)
    store.cycles.all()
    kept = [each for each in tmp_path.iterdir() if each.name.startswith("board.sqlite")]
    assert {each.name: stat.S_IMODE(each.stat().st_mode) for each in kept} == {each.name: 0o600 for each in kept}
    store.close()
