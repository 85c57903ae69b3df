"""A workspace in one file and back: the same numbers, the same store, whole or not at all."""

import gzip
import io
import json
import os
import re
import shutil
import tarfile
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kviboard.board.context import open_store_of
from kviboard.board.exports import backup
from kviboard.board.exports.backup import KIND, back_up, restore
from kviboard.cli import main
from kviboard.errors import BusyError, UsageError
from kviboard.store import Author, NewCycle
from kviboard.warehouse.forgotten import Forgotten, keep_forgotten, read_forgotten
from kviboard.warehouse.origin import needs_refresh
from kviboard.warehouse.versions import current_version, list_versions, only_refresh
from kviboard.workspace import Workspace, load_workspace
from tests.store.postgres import postgres_server
from tests.warehouse.company import TEN_ORDERS, company, published, query, refreshed, staging_only

AUTHOR = Author("Ann", datetime(2026, 11, 2, 9, 0, tzinfo=UTC))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with a version, a cycle, an own query and somebody who is forgotten: to be copied."""
    here = company(tmp_path_factory.mktemp("prepared") / "shop", orders_csv=TEN_ORDERS)
    query(
        here.root, "views/mine.sql", "/*---\ntitle: Mine\nrow: one row per order\ncolumns: {n: number}\n---*/select 1 n"
    )
    query(here.root, "themes/price.txt", "price\ncosts\n")
    query(here.root, "drafts/mine.sql", "half done")
    with (here.root / "kviboard.toml").open("a") as config:
        config.write('\n[review]\nstories = "stories/*.csv"\n')
    here = load_workspace(here.root)
    (here.root / "stories").mkdir()
    (here.root / "stories" / "sprint-1.csv").write_text("Key,Summary\nA-1,As a customer I see the price\n")
    keep_forgotten(here.state, Forgotten().adding("c1"))
    refreshed(here)
    with closing(open_store_of(here)) as store:
        cycle = NewCycle(name="Q4", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))
        store.cycles.add(cycle, author=AUTHOR)
    return here.root


@pytest.fixture
def shop(prepared: Path, tmp_path: Path) -> Workspace:
    """A copy of it."""
    return load_workspace(shutil.copytree(prepared, tmp_path / "shop"))


def everything(workspace: Workspace, scratch: Path) -> str:
    """What people wrote, as one text."""
    with closing(open_store_of(workspace)) as store:
        store.export_json(scratch)
    return scratch.read_text()


@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz"])
def test_a_restored_workspace_is_the_one_that_was_backed_up(shop: Workspace, tmp_path: Path, name: str) -> None:
    file, folder = tmp_path / name, tmp_path / "elsewhere" / "shop"
    assert back_up(shop, file)[0].endswith(f"and 2 rows of what people wrote are in {file}.")
    assert file.stat().st_mode & 0o777 == 0o600
    restore(file, folder)
    there = load_workspace(folder)
    assert there.state.stat().st_mode & 0o777 == 0o700
    assert current_version(there) == current_version(shop)
    wanted = "select customer_id, sum(amount) from orders group by all order by all"
    assert published(there, wanted) == published(shop, wanted)
    there_are, were = ([each.model_dump() for each in list_versions(place)] for place in (there, shop))
    assert there_are == were
    assert everything(there, tmp_path / "a.json") == everything(shop, tmp_path / "b.json")
    for own in (
        "queries/views/mine.sql",
        "queries/themes/price.txt",
        "queries/drafts/mine.sql",
        "stories/sprint-1.csv",
    ):
        assert (folder / own).read_text() == (shop.root / own).read_text()
    assert read_forgotten(there.state) == read_forgotten(shop.state)
    assert not needs_refresh(there, staging_only(there))  # its exports lie elsewhere now and are the same
    assert refreshed(there).tables["orders"] == 7  # three of the ten are c1's


def test_a_store_on_postgresql_comes_back_into_an_empty_one(
    shop: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = shop.root / "kviboard.toml"
    config.write_text('[store]\nurl = "${BOARD_STORE}"\n' + config.read_text())
    with postgres_server() as url:
        monkeypatch.setenv("BOARD_STORE", url)
        here = load_workspace(shop.root)
        with closing(open_store_of(here)) as store:
            cycle = NewCycle(name="Q1", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31))
            store.cycles.add(cycle, author=AUTHOR)
        back_up(here, tmp_path / "b.tar", with_exports=False)
        restore(tmp_path / "b.tar", tmp_path / "again")  # its store is the very one: so far a kill may have come
        monkeypatch.setenv("BOARD_STORE", f"sqlite:///{tmp_path / 'other.sqlite'}")
        restore(tmp_path / "b.tar", tmp_path / "there")
        with closing(open_store_of(load_workspace(tmp_path / "there"))) as store:
            assert [cycle.name for cycle in store.cycles.all()] == ["Q1"]
            store.cycles.add(NewCycle(name="Q2", starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30)), author=AUTHOR)
        with pytest.raises(UsageError, match="is not empty; name another one"):
            restore(tmp_path / "b.tar", tmp_path / "third")
    assert not (tmp_path / "third").exists()
    assert not (tmp_path / "there/exports").exists()


def test_nothing_is_restored_from_what_is_no_whole_backup(shop: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    back_up(shop, file)
    whole = file.read_bytes()
    listing = json.dumps(
        {"kind": KIND, "made_at": "2026-11-02 09:00", "files": [{"name": "../up", "bytes": 2, "time_ns": 0}]}
    )
    odd = json.dumps(
        {"kind": KIND, "made_at": "2026-11-02 09:00", "files": [{"name": "up", "bytes": 2, "time_ns": 10**40}]}
    )
    bad = {
        "cut.tar": whole[: len(whole) // 2],
        "flipped.tar": b"\0" * 600 + whole[600:],
        "other.tar": archive(("hello", b"hello")),
        "up.tar": archive(("kviboard-backup.json", listing.encode()), ("store.json", b"{}"), ("files/../up", b"ha")),
        "list.tar": archive(("kviboard-backup.json", b"[" * 100_000)),
        "lists.tar": archive(("kviboard-backup.json", b"[[]]")),
        "undated.tar": archive(("kviboard-backup.json", json.dumps({"kind": KIND, "files": []}).encode())),
        "odd.tar": archive(("kviboard-backup.json", odd.encode()), ("store.json", b"{}"), ("files/up", b"ha")),
        "facts.tar": described_at_length(tarfile.XHDTYPE),
        "name.tar.gz": gzip.compress(described_at_length(tarfile.GNUTYPE_LONGNAME)),
        "empty.tar": b"",
        "text.tar.gz": b"hello",
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UsageError, match="nothing was restored"):
            restore(tmp_path / name, tmp_path / "there")
    with pytest.raises(UsageError, match="No such file"):
        restore(tmp_path / "gone.tar", tmp_path / "there")
    with pytest.raises(UsageError, match="is in use"):
        restore(file, shop.root)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*bad, "b.tar", "shop"])


def archive(*entries: tuple[str, bytes]) -> bytes:
    """A tar archive as bytes."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        for name, content in entries:
            head = tarfile.TarInfo(name)
            head.size = len(content)
            tar.addfile(head, io.BytesIO(content))
    return written.getvalue()


def described_at_length(kind: bytes) -> bytes:
    """A tar archive whose first entry comes with two megabytes of facts, or such a name."""
    head = tarfile.TarInfo("facts")
    head.type, head.size = kind, 2 * 1024 * 1024
    return head.tobuf(tarfile.GNU_FORMAT) + b"0" * head.size + archive(("kviboard-backup.json", b"{}"))


def test_what_describes_an_entry_is_not_read_beyond_measure(tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_bytes(described_at_length(tarfile.XHDTYPE))
    with pytest.raises(UsageError, match="what describes an entry is longer than 1 MB"):
        restore(tmp_path / "b.tar", tmp_path / "there")


def test_a_backup_that_grows_beyond_measure_is_refused_before_it_is_read(
    shop: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "b.tar.gz"
    back_up(shop, file)
    monkeypatch.setattr(backup, "_LONGEST_LIST", 100)
    with pytest.raises(UsageError, match="its list is longer than 0 MB"):
        restore(file, tmp_path / "there")
    monkeypatch.undo()
    monkeypatch.setattr(backup, "_SMALL", 100)
    monkeypatch.setattr(backup, "_MOST_GROWTH", 0.01)
    with pytest.raises(UsageError, match=r"store\.json grows to more than 0 MB"):
        restore(file, tmp_path / "there")
    monkeypatch.undo()
    restore(file, tmp_path / "there")


def test_a_backup_waits_for_no_refresh_and_needs_room(shop: Workspace, tmp_path: Path) -> None:
    with only_refresh(shop), pytest.raises(BusyError, match="wait until it is done"):
        back_up(shop, tmp_path / "b.tar")
    with pytest.raises(UsageError, match=re.escape(f"{tmp_path / 'nowhere' / 'b.tar'} cannot be written or read (No")):
        back_up(shop, tmp_path / "nowhere" / "b.tar")
    assert os.listdir(tmp_path) == ["shop"]


def test_two_commands_bring_a_workspace_to_another_machine(
    shop: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", str(tmp_path / "b.tar"), "--workspace", str(shop.root)]) == 0
    assert main(["restore", str(tmp_path / "b.tar"), "--workspace", str(tmp_path / "there")]) == 0
    assert main(["restore", str(tmp_path / "b.tar")]) == 2
    said = capsys.readouterr()
    assert "rows of what people wrote are in" in said.out
    assert "Say where to" in said.err
