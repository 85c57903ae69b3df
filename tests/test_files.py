"""A file that is written is there whole or not at all, and a stamp tells that it was changed."""

import os
import threading
from pathlib import Path

import pytest

from kviboard.files import file_stamp, refuse_endless, write_atomically


@pytest.mark.parametrize("durable", [False, True])
def test_readers_see_the_old_content_until_the_new_is_whole(tmp_path: Path, durable: bool) -> None:
    file = tmp_path / "current"
    file.write_text("old")
    with write_atomically(file, durable=durable) as unfinished:
        unfinished.write_text("new")
        assert file.read_text() == "old"
        assert unfinished.parent == tmp_path  # a rename is one step only inside one file system
    assert file.read_text() == "new"
    assert os.listdir(tmp_path) == ["current"]


def test_an_error_leaves_the_old_content_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "current"
    file.write_text("old")

    def interrupted() -> None:
        with write_atomically(file) as unfinished:
            unfinished.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert (file.read_text(), os.listdir(tmp_path)) == ("old", ["current"])


def test_a_file_that_is_there_is_kept_where_it_may_not_be_replaced(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    with write_atomically(file, replacing=False) as unfinished:
        unfinished.write_text("first")

    def written_again() -> None:
        with write_atomically(file, replacing=False) as unfinished:
            unfinished.write_text("second")

    with pytest.raises(FileExistsError):
        written_again()
    assert (file.read_text(), os.listdir(tmp_path)) == ("first", ["orders.csv"])


def test_threads_that_write_the_same_file_do_not_mix(tmp_path: Path) -> None:
    file, start = tmp_path / "facts.json", threading.Barrier(8)

    def write(letter: str) -> None:
        start.wait()
        for _ in range(20):
            with write_atomically(file) as unfinished:
                unfinished.write_text(letter * 10_000)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    content = file.read_text()
    assert (len(content), len(set(content)), os.listdir(tmp_path)) == (10_000, 1, ["facts.json"])


def test_a_stamp_changes_with_size_and_with_time(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text("abc")
    os.utime(file, ns=(0, 5))
    assert file_stamp(file) == (3, 5)
    os.utime(file, ns=(0, 6))
    assert file_stamp(file) == (3, 6)
    file.write_text("abcd")
    os.utime(file, ns=(0, 6))
    assert file_stamp(file) == (4, 6)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_what_may_never_end_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file"):
        refuse_endless(path)
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(OSError, match="it is a pipe or a device and no file"):
            refuse_endless(path)
    with pytest.raises(FileNotFoundError):
        refuse_endless(tmp_path / "none")
    with pytest.raises(OSError, match="it is a pipe or a device"), write_atomically(tmp_path / "pipe") as unfinished:
        unfinished.touch()
    assert (tmp_path / "pipe").is_fifo()
