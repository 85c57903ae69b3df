"""Where files of activity overlap, what they have alike counts once; where they do not, nothing is folded."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.staging.queries.query import CastRows
from kviboard.warehouse.staging.rows import overlaps
from tests.warehouse.company import company, frame_bytes, query
from tests.warehouse.staged import published, refreshed

HEAD = "customer_id,occurred_at,event,minutes\n"
TOML = '[sources.activity]\nfiles = "exports/activity*.*"\n'


def visits(first: int, last: int) -> str:
    return "".join(f"c{n % 9},2026-01-{n:02} 10:{n:02}:00,view,10\n" for n in range(first, last + 1))


def staged(folder: Path, **files: str | bytes) -> tuple[int, Manifest]:
    workspace = company(folder, TOML, **files)
    manifest = refreshed(workspace)
    return published(workspace, "select count(*) from activity")[0][0], manifest


def duplicates(manifest: Manifest) -> list[int]:
    return [row.rows_duplicate for row in manifest.files if row.table_name == "activity"]


def test_rows_that_two_files_have_alike_count_once(tmp_path: Path) -> None:
    files = {"activity_feb__csv": HEAD + visits(25, 31), "activity_jan__csv": HEAD + visits(1, 28)}
    count, manifest = staged(tmp_path, **files)
    assert count == 31
    assert duplicates(manifest) == [4, 0]
    (said,) = manifest.decisions
    assert (said.where, said.what) == ("exports/activity_feb.csv", "4 rows are in other files as well and count once.")
    assert said.example == "c7 in exports/activity_feb.csv, line 2, and in exports/activity_jan.csv"


@pytest.mark.parametrize(("one", "other", "kept"), [(3, 1, 3), (1, 3, 3), (2, 2, 2), (2, 0, 2)])
def test_of_rows_alike_in_a_file_as_many_count_as_the_file_with_the_most_has(
    tmp_path: Path, one: int, other: int, kept: int
) -> None:
    row = "c1,2026-01-05 10:00:00,view,10\n"
    files = {
        "activity_1__csv": HEAD + visits(1, 9) + row * one,
        "activity_2__csv": HEAD + visits(3, 12) + row * other,
    }
    count, manifest = staged(tmp_path, **files)
    assert count == 12 + kept
    assert sum(duplicates(manifest)) == 7 + one + other - kept
    assert [row.rows_read == row.rows_accounted_for for row in manifest.files] == [True, True]


def test_rows_alike_within_one_file_all_count(tmp_path: Path) -> None:
    count, manifest = staged(tmp_path, activity_csv=HEAD + "c1,2026-01-05,view,10\n" * 3)
    assert (count, duplicates(manifest), manifest.decisions) == (3, [0], ())


def test_files_that_follow_one_another_within_a_day_do_not_overlap(tmp_path: Path) -> None:
    morning = HEAD + "c1,2026-01-05 09:00:00,view,1\nc1,2026-01-05 10:00:00,view,1\n"
    evening = HEAD + "c1,2026-01-05 19:00:00,view,1\nc1,2026-01-05 20:00:00,view,1\n"
    count, manifest = staged(tmp_path, activity_1__csv=morning, activity_2__csv=evening)
    assert (count, manifest.decisions) == (4, ())


def test_what_is_known_of_days_and_their_files_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed(*moments: str) -> bytes:
        times = pd.to_datetime(list(moments))
        return frame_bytes(pd.DataFrame({"customer_id": ["c1"] * len(moments), "occurred_at": times}), tmp_path)

    asked: list[list[str]] = []
    find = overlaps._crossing

    def noting(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, days: Sequence[date]) -> list[date]:
        asked.append([str(day) for day in days])
        return find(connection, cast_rows, days)

    monkeypatch.setattr(overlaps, "_crossing", noting)
    files = {"activity_1__parquet": typed("2026-01-04 09:00", "2026-01-05 09:00"),
             "activity_2__parquet": typed("2026-01-05 19:00", "2026-01-06 09:00")}  # fmt: skip
    assert staged(tmp_path, **files)[0] == 4
    assert asked.pop() == ["2026-01-05"]
    files["activity_3__parquet"] = typed("2026-01-06 08:00", "2026-01-06 09:00")
    count, manifest = staged(tmp_path, **files)
    assert asked.pop() == ["2026-01-06"]  # on which it crosses with the second
    assert (count, sum(duplicates(manifest))) == (5, 1)
    files["activity_4__parquet"] = typed("2026-01-09 09:00")
    count, manifest = staged(tmp_path, **files)
    assert not asked
    assert (count, sum(duplicates(manifest))) == (6, 1)
    files["activity_1__parquet"] = typed("2026-01-05 09:00", "2026-01-05 19:00")
    count, manifest = staged(tmp_path, **files)
    assert asked.pop() == ["2026-01-05", "2026-01-06"]  # the first file is where it was kept
    assert (count, sum(duplicates(manifest))) == (5, 2)


def test_rows_that_differ_in_a_column_of_their_own_all_count_and_this_is_to_be_confirmed(tmp_path: Path) -> None:
    head = "device,customer_id,occurred_at\n"
    web = head + "".join(f"web,c{n},2026-01-05\n" for n in range(4)) + "web,c9,2026-01-06\n"
    app = head + "".join(f"app,c{n},2026-01-05\n" for n in range(3)) + "web,c9,2026-01-06\n"
    count, manifest = staged(tmp_path, activity_app__csv=app, activity_web__csv=web)
    assert count == 8
    assert {said.level: said.what for said in manifest.decisions} == {
        "note": "1 row is in another file as well and counts once.",
        "warning": "6 rows differ from rows of another file only in device, and all count.",
    }

    query(tmp_path, "staging/activity.sql", "select customer_id, occurred_at, _file, _line from source.activity")
    count, manifest = staged(tmp_path)
    assert count == 5


def test_rows_of_days_that_a_later_file_has_with_other_minutes_are_warned_of(tmp_path: Path) -> None:
    head = "customer_id,occurred_at,minutes\n"
    files = {"activity_1__csv": f"{head}a,2026-01-01,10\na,2026-01-02,20\n",
             "activity_2__csv": f"{head}a,2026-01-01,10\na,2026-01-02,25\na,2026-01-03,5\n"}  # fmt: skip
    _, manifest = staged(tmp_path, **files)
    (warning,) = [each for each in manifest.decisions if each.level == "warning"]
    assert warning.what.startswith("1 row is in several files with other minutes")
    assert warning.example == "a on 2026-01-02 in exports/activity_1.csv and exports/activity_2.csv"


def test_an_event_id_keeps_rows_apart(tmp_path: Path) -> None:
    head = "event_id,customer_id,occurred_at\n"
    one = head + "e1,c1,2026-01-05 10:00\ne2,c1,2026-01-05 10:00\n"
    other = head + "e2,c1,2026-01-05 10:00\ne3,c1,2026-01-05 10:00\n"
    count, manifest = staged(tmp_path, activity_1__csv=one, activity_2__csv=other)
    assert (count, sum(duplicates(manifest))) == (3, 1)


def test_parquet_files_that_overlap_are_folded_row_by_row(tmp_path: Path) -> None:
    times = pd.date_range("2026-01-01", periods=40, freq="h")
    frame = pd.DataFrame({"customer_id": [f"c{n % 3}" for n in range(40)], "occurred_at": times})
    parts = {"activity_1__parquet": frame[:25], "activity_2__parquet": frame[20:]}
    files = {name: frame_bytes(part, tmp_path) for name, part in parts.items()}
    (tmp_path / "frame.parquet").unlink()
    count, manifest = staged(tmp_path, **files)
    assert (count, sum(duplicates(manifest))) == (40, 5)
    workspace = company(tmp_path, TOML)
    found = Counter(published(workspace, "select customer_id, occurred_at from activity"))
    assert found == Counter(zip(frame["customer_id"], frame["occurred_at"], strict=True))


def test_releases_that_two_files_have_count_once(tmp_path: Path) -> None:
    toml = TOML + '[sources.releases]\nfiles = "exports/releases*.csv"\n'
    files = {f"releases_{n}__csv": f"day,title\n2026-01-05,One\n2026-01-0{n},Other\n" for n in (6, 7)}
    workspace = company(tmp_path, toml, activity_csv=HEAD + visits(1, 9), **files)
    refreshed(workspace)
    assert published(workspace, "select count(*) from releases") == [(3,)]


EVENTS = "event_id,customer_id,occurred_at,minutes\n"


def minutes(folder: Path, **files: str) -> tuple[float, Manifest]:
    workspace = company(folder, TOML, **files)
    manifest = refreshed(workspace)
    return published(workspace, "select sum(minutes) from activity")[0][0], manifest


def test_an_event_that_a_later_file_has_with_other_values_is_replaced(tmp_path: Path) -> None:
    one = EVENTS + "e1,c,2026-01-05 10:00,5\ne2,c,2026-01-06 10:00,5\n"
    two = EVENTS + "e2,c,2026-01-06 11:00,9\ne3,c,2026-01-07 10:00,1\n"
    total, manifest = minutes(tmp_path, activity_1__csv=one, activity_2__csv=two)
    assert total == 5 + 9 + 1
    assert [str(said) for said in manifest.decisions] == [
        "exports/activity_1.csv: 1 row is replaced by a row with the same event_id in a later file, by the names of "
        "the files. For example, e2 in exports/activity_1.csv, line 3, by line 2 of exports/activity_2.csv: "
        "occurred_at 2026-01-06 10:00:00, now 2026-01-06 11:00:00."
    ]


def test_an_event_that_a_file_has_twice_counts_once(tmp_path: Path) -> None:
    rows = EVENTS + "e1,c,2026-01-05 10:00,5\ne1,c,2026-01-05 10:00,5\ne2,c,2026-01-06 10:00,7\n"
    total, manifest = minutes(tmp_path, activity_1__csv=rows)
    assert total == 12
    assert [said.what for said in manifest.decisions] == [
        "1 row is an exact copy of another row of its file and counts once, by their event_id."
    ]


def test_kinds_of_events_are_no_ids(tmp_path: Path) -> None:
    rows = EVENTS + "".join(f"{n % 3},c{n},2026-01-{n + 1:02} 10:00,5\n" for n in range(20))
    total, manifest = minutes(tmp_path, activity_1__csv=rows)
    assert total == 100
    (said,) = manifest.decisions
    assert said.what.startswith("3 of 3 event_ids that are there several times stand for rows of different customers")
    assert said.should_be_confirmed


def test_events_of_which_some_have_no_id_are_told_apart_by_all_they_say(tmp_path: Path) -> None:
    one = EVENTS + "e1,c,2026-01-05 10:00,5\n,c,2026-01-06 10:00,5\n"
    two = EVENTS + ",c,2026-01-06 10:00,5\ne1,c,2026-01-05 10:00,5\n"
    assert minutes(tmp_path, activity_1__csv=one, activity_2__csv=two)[0] == 10
