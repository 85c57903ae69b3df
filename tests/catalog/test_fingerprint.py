"""Whether any query file changed: asked by every run of a page, so most of it is looked at once for all who ask."""

from pathlib import Path

import pytest

from kviboard.catalog import files


def write(root: Path, sql: str) -> None:
    path = root / "kvis" / "turnover.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sql)


def test_a_change_of_a_workspace_s_own_files_is_seen_at_once(tmp_path: Path) -> None:
    built_in, own = tmp_path / "built_in", tmp_path / "own"
    write(built_in, "select 1")
    seen = [files.fingerprint((built_in, own))]
    write(own, "select 1")
    seen.append(files.fingerprint((built_in, own)))
    write(own, "select 22")
    seen.append(files.fingerprint((built_in, own)))
    (own / "kvis" / "turnover.sql").unlink()
    assert len(set(seen)) == 3
    assert files.fingerprint((built_in, own)) == seen[0]


def test_a_change_of_the_built_in_files_is_seen_within_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr("kviboard.catalog.files.time.monotonic", lambda: clock[0])
    write(tmp_path, "select 1")
    before = files.fingerprint((tmp_path,))
    write(tmp_path, "select 22")
    clock[0] += 1.01
    assert files.fingerprint((tmp_path,)) != before
