"""Durations that Parquet files hold as whole numbers count in the unit of their type, whatever they are called."""

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from kviboard.errors import RefreshError
from kviboard.workspace import Workspace
from tests.warehouse.company import company, frame_bytes, query
from tests.warehouse.staged import published, refreshed

TOOK = [timedelta(seconds=90), timedelta(minutes=30), timedelta(hours=1), timedelta(milliseconds=500)]
TRUE = [took.total_seconds() / 60 for took in TOOK]


def frame(dtype: str, name: str = "minutes") -> pd.DataFrame:
    days = pd.date_range("2026-01-02", periods=len(TOOK))
    return pd.DataFrame({"customer_id": list("abcd"), "occurred_at": days, name: pd.Series(TOOK)}).astype({name: dtype})


def minutes_of(workspace: Workspace) -> list[float]:
    return [each for (each,) in published(workspace, "select minutes from activity order by occurred_at")]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("name", ["minutes", "Duration", "Duration (in seconds)", "took_ms"])
def test_the_unit_of_the_type_goes_before_what_the_column_is_called(tmp_path: Path, unit: str, name: str) -> None:
    toml = '[sources.activity]\nfiles = "exports/activity.parquet"\n'
    toml += f'rename = {{ "{name}" = "minutes" }}\n' if name != "minutes" else ""
    data = frame_bytes(frame(f"timedelta64[{unit}]", name), tmp_path)
    workspace = company(tmp_path, toml, activity_parquet=data)
    assert refreshed(workspace).decisions == ()
    assert minutes_of(workspace) == pytest.approx(TRUE)


def test_whole_seconds_are_seconds(tmp_path: Path) -> None:
    workspace = company(tmp_path, activity_parquet=frame_bytes(frame("timedelta64[s]").iloc[:3], tmp_path))
    assert refreshed(workspace).decisions == ()
    assert minutes_of(workspace) == TRUE[:3]


def test_what_a_query_of_the_company_makes_of_them_stays_as_it_is(tmp_path: Path) -> None:
    query(tmp_path, "staging/activity.sql", "select * replace (minutes / 60e6 as minutes) from source.activity")
    workspace = company(tmp_path, activity_parquet=frame_bytes(frame("timedelta64[us]"), tmp_path))
    refreshed(workspace)
    assert minutes_of(workspace) == pytest.approx(TRUE)


@pytest.mark.parametrize(("other", "words"), [("timedelta64[us]", "microseconds"), ("float", "plain numbers")])
def test_files_with_several_units_are_refused(tmp_path: Path, other: str, words: str) -> None:
    later = frame("timedelta64[ms]").assign(minutes=TRUE) if other == "float" else frame(other)
    files = {
        "activity_1__parquet": frame_bytes(frame("timedelta64[ms]"), tmp_path),
        "activity_2__parquet": frame_bytes(later, tmp_path),
    }
    with pytest.raises(RefreshError) as caught:
        refreshed(company(tmp_path, '[sources.activity]\nfiles = "exports/*.parquet"\n', **files))
    assert (
        f"[sources.activity] files: minutes holds milliseconds in exports/activity_1.parquet and {words} in "
        "exports/activity_2.parquet. Export one type, or compute the minutes by _file in queries/staging/activity.sql."
    ) in str(caught.value)
