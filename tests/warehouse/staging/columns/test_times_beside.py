"""Days whose time stands in a column beside them, in another zone than the company's, are not the company's days."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from kviboard.warehouse.manifest import ExportDecision
from tests.warehouse.company import company, frame_bytes, query
from tests.warehouse.staged import published, refreshed

BERLIN = "Europe/Berlin"
MOMENTS = ["2026-01-31 22:59:00", "2026-01-31 23:30:00", "2026-07-31 21:59:00", "2026-07-31 22:00:00"]


def day_in(zone: str, moment: str) -> str:
    """The second route: Python's own time zones."""
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo(BERLIN)).date().isoformat()


def read(
    folder: Path, day: str = "Date", time: str = "Time (UTC)", settings: str = "", further: str = "",
    written: str = "%Y-%m-%d", clock: str = "%H:%M:%S",
) -> tuple[list[str], list[ExportDecision]]:  # fmt: skip
    """The days as they are read, in the order of MOMENTS, and what is said of them."""
    head, cell = further.split("=") if further else ("Shop", "North")
    rows = "".join(
        f"C{n},{datetime.fromisoformat(moment):{written}},{datetime.fromisoformat(moment):{clock}},{cell}\n"
        for n, moment in enumerate(MOMENTS)
    )
    toml = f'[company]\ntimezone = "{BERLIN}"\n[sources.activity]\nfiles = "exports/activity.csv"\n'
    toml += f'rename = {{ "{day}" = "occurred_at" }}\n{settings}\n'
    workspace = company(folder, toml, activity_csv=f"customer_id,{day},{time},{head}\n{rows}")
    said = list(refreshed(workspace).decisions)
    return [day for (day,) in published(workspace, "select day::varchar from activity order by customer_id")], said


@pytest.mark.parametrize(
    ("found", "zone"),
    [
        ({}, "UTC"),
        ({"time": "time_utc", "clock": "%I:%M %p"}, "UTC"),
        ({"written": "%d.%m.%Y"}, "UTC"),
        ({"day": "Date (UTC)", "time": "Uhrzeit"}, "UTC"),
        ({"time": "Time", "settings": 'timezone = "America/New_York"'}, "America/New_York"),
        ({"time": "Time", "further": "TimeZone=PST"}, "America/Los_Angeles"),
        ({"time": "Time (CST)"}, "America/Chicago"),
        ({"written": "%Y-%m-%d 00:00:00"}, "UTC"),
    ],
    ids=str,
)
def test_it_is_warned_of_with_the_query_that_reads_both(tmp_path: Path, found: dict[str, str], zone: str) -> None:
    days, (said,) = read(tmp_path / "found", **found)
    true = [day_in(zone, moment) for moment in MOMENTS]
    assert days == [moment[:10] for moment in MOMENTS]  # as they are written
    moved = sum(one != other for one, other in zip(days, true, strict=True))
    are = "are" if moved > 1 else "is"
    assert said.what.endswith(
        f" their times in {zone}, which is not read: {moved} of 4 rows {are} of another day in {BERLIN}."
    )
    assert said.should_be_confirmed
    where, select = said.setting.removeprefix("Read both in ").split(": ", 1)
    query(tmp_path / "mended", where.removeprefix("queries/"), select)
    days, said_then = read(tmp_path / "mended", **found)
    assert days == true
    assert [each for each in said_then if each.level == "warning"] == []


@pytest.mark.parametrize(
    "honest",
    [
        {"time": "Time"},
        {"time": "Time (CET)"},
        {"time": "Response time", "settings": 'timezone = "UTC"'},
        {"time": "Updated (UTC)", "clock": "%Y-%m-%d %H:%M"},
        {"clock": "12:%M:%S"},
        {"time": "Time", "further": f"TimeZone={BERLIN}"},
        {"settings": f'timezone = "{BERLIN}"', "time": "Time"},
    ],
    ids=str,
)
def test_where_no_day_is_another_one_nothing_is_said(tmp_path: Path, honest: dict[str, str]) -> None:
    assert read(tmp_path, **honest) == ([moment[:10] for moment in MOMENTS], [])


def test_typed_days_and_times_are_looked_at_too(tmp_path: Path) -> None:
    moments = pd.to_datetime(pd.Series(MOMENTS))
    frame = pd.DataFrame({"customer_id": list("abcd"), "occurred_at": moments.dt.date, "time_utc": moments.dt.time})
    toml = f'[company]\ntimezone = "{BERLIN}"\n[sources.activity]\nfiles = "exports/activity.parquet"\n'
    (said,) = refreshed(company(tmp_path / "found", toml, activity_parquet=frame_bytes(frame, tmp_path))).decisions
    assert "2 of 4 rows are of another day in Europe/Berlin" in said.what
    query(tmp_path / "mended", "staging/activity.sql", said.setting.split(": ", 1)[1])
    workspace = company(tmp_path / "mended", toml, activity_parquet=frame_bytes(frame, tmp_path))
    refreshed(workspace)
    days = published(workspace, "select day::varchar from activity order by customer_id")
    assert [day for (day,) in days] == [day_in("UTC", moment) for moment in MOMENTS]
