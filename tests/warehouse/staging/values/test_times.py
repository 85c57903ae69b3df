"""Zones in values, column names and settings are honoured; numbers that stand for moments are recognised, and said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kviboard.errors import RefreshError, WorkspaceError
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values import dates
from kviboard.warehouse.staging.values.dates import formats_used
from tests.warehouse.company import company, frame_bytes, query
from tests.warehouse.staged import published, refreshed
from tests.warehouse.staging.values.times_alone import read_alone

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


def read(
    folder: Path, times: list[str], timezone: str = BERLIN, settings: str = "", header: str = "occurred_at"
) -> tuple[list[str], list[ExportDecision]]:
    """The times as they were read, in their order, and what was said about them."""
    toml = f'[company]\ntimezone = "{timezone}"\n[sources.activity]\nfiles = "exports/activity.csv"\n{settings}\n'
    if header != "occurred_at":
        toml += f'rename = {{ "{header}" = "occurred_at" }}\n'
    rows = "".join(f'C{n:03};"{time}"\n' for n, time in enumerate(times))
    workspace = company(folder, toml, activity_csv=f"customer_id;{header}\n{rows}")
    said = list(refreshed(workspace).decisions)
    found = published(workspace, "select strftime(occurred_at, '%Y-%m-%d %H:%M:%S') from activity order by customer_id")
    return [time for (time,) in found], said


def refused(folder: Path, times: list[str], timezone: str = BERLIN, header: str = "occurred_at") -> str:
    with pytest.raises(RefreshError) as caught:
        read(folder, times, timezone, header=header)
    return str(caught.value)


def at(moment: str, zone: str, company_zone: str) -> str:
    """The second route: Python's own time zones."""
    local = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(ZoneInfo(company_zone)).strftime("%Y-%m-%d %H:%M:%S")


def test_a_value_s_zone_moves_it_to_the_company_s_day(tmp_path: Path) -> None:
    times = ["2026-01-04 23:30:00 PST", "2026-01-02 10:00:00", "2026-01-06 10:00:00"]
    found, (said, bare) = read(tmp_path, times, NEW_YORK)
    assert bare.what.startswith("2 times of occurred_at name no zone where others do")
    assert found == [at("2026-01-04 23:30", "America/Los_Angeles", NEW_YORK), *(time for time in times[1:])]
    assert said.what == "1 time of occurred_at ends in PST, read as UTC−08:00."
    assert said.example == '"2026-01-04 23:30:00 PST" in exports/activity.csv, line 2'


@pytest.mark.parametrize(
    ("found", "zone"),
    [
        ("2026-07-31 23:30:00 Europe/Berlin", "Europe/Berlin"),
        ("2026-07-31 23:30:00 America/New_York", "America/New_York"),
        ("2026-07-31T23:30:00[Europe/Berlin]", "Europe/Berlin"),
        ("2026-07-31 23:30:00 CEST", "Etc/GMT-2"),
        ("2026-07-31 23:30:00 MESZ", "Etc/GMT-2"),
        ("2026-07-31 23:30 (PDT)", "Etc/GMT+7"),
        ("2026-07-31 23:30:00 EDT", "Etc/GMT+4"),
        ("2026-07-31 23:30:00 ET", "America/New_York"),
        ("2026-07-31 23:30:00 GMT", "UTC"),
        ("2026-07-31T23:30:00Z", "UTC"),
        ("2026-07-31T23:30:00.000z", "UTC"),
        ("2026-07-31 23:30:00 UTC", "UTC"),
        ("2026-07-31 23:30:00 +0000 UTC", "UTC"),
        ("2026-07-31 23:30:00+02", "Etc/GMT-2"),
        ("2026-07-31 23:30:00 +02:00", "Etc/GMT-2"),
        ("2026-07-31 23:30:00 -0500", "Etc/GMT+5"),
        ("2026-07-31 23:30:00 −05:00", "Etc/GMT+5"),
        ("2026-07-31 23:30:00 GMT+0200 (Central European Summer Time)", "Etc/GMT-2"),
        ("2026-07-31T23:30:00+02:00[Europe/Berlin]", "Etc/GMT-2"),
        ("2026-07-31 23:30:00 UTC+2", "Etc/GMT-2"),
        ("2026-07-31 23:30:00 JST", "Asia/Tokyo"),
        ("2026-07-31 23:30:00 US/Pacific", "America/Los_Angeles"),
        ("31.07.2026 23:30 CEST", "Etc/GMT-2"),
        ("07/31/2026 11:30 PM PDT", "Etc/GMT+7"),
        ("2026-07-31 11:30 PM PDT", "Etc/GMT+7"),
    ],
)
@pytest.mark.parametrize("home", [BERLIN, NEW_YORK])
def test_zones_as_exports_write_them(found: str, zone: str, home: str) -> None:
    assert read_alone([found], home)[0] == [at("2026-07-31 23:30", zone, home)]


def test_what_follows_a_time_and_is_no_zone_is_no_date(tmp_path: Path) -> None:
    assert "occurred_at is not a date" in refused(tmp_path, ["2026-01-31 12:00 foo"])


def test_afternoons_are_no_mornings(tmp_path: Path) -> None:
    assert read(tmp_path, ["2026-01-31 11:30 PM", "2026/02/01 12:15 AM", "2026-02-01 09:00"])[0] == [
        "2026-01-31 23:30:00", "2026-02-01 00:15:00", "2026-02-01 09:00:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "places"), [("CST", ["America/Chicago", "Asia/Shanghai"]), ("IST", ["Asia/Kolkata", "Asia/Jerusalem"])]
)
def test_a_name_that_several_places_use_is_asked_about(tmp_path: Path, name: str, places: list[str]) -> None:
    text = refused(tmp_path, [f"2026-01-04 23:30:00 {name}"])
    assert f"[sources.activity] timezone: occurred_at has times in {name}, which is used in" in text
    assert all(f'"{place}"' in text for place in places)


@pytest.mark.parametrize(
    ("times", "home", "settings", "zone"),
    [
        (["2026-01-04 23:30:00 CST"], "America/Chicago", "", "Etc/GMT+6"),
        (["2026-01-04 23:30:00 CST"], "Asia/Shanghai", "", "Asia/Shanghai"),
        (["2026-01-04 23:30:00 CST"], BERLIN, 'timezone = "Asia/Shanghai"', "Asia/Shanghai"),
        (["2026-01-04 23:30:00 CST", "2026-07-04 10:00:00 CDT"], BERLIN, "", "Etc/GMT+6"),
        (["2026-01-04 23:30:00 IST"], "Asia/Kolkata", "", "Asia/Kolkata"),
    ],
)
def test_the_company_s_zone_a_setting_or_other_names_decide(
    tmp_path: Path, times: list[str], home: str, settings: str, zone: str
) -> None:
    assert read(tmp_path, times, home, settings)[0][0] == at("2026-01-04 23:30", zone, home)


@pytest.mark.parametrize(
    ("header", "zone"),
    [
        ("Created date (UTC)", "UTC"), ("Created at [GMT]", "UTC"), ("created_utc", "UTC"), ("createdAtUtc", "UTC"),
        ("time_pst", "America/Los_Angeles"), ("Time (CET)", "Europe/Berlin"), ("UTC time", "UTC"),
        ("When (America/New_York)", "America/New_York"), ("When (UTC+1)", "Etc/GMT-1"),
        ("When (GMT-05:00)", "Etc/GMT+5"), ("Submitted At (Coordinated Universal Time)", "UTC"),
    ],
)  # fmt: skip
def test_a_zone_in_a_column_s_name_holds_for_its_times(tmp_path: Path, header: str, zone: str) -> None:
    found, said = read(tmp_path, ["2026-01-31 23:30:00", "2026-07-31 23:30:00"], header=header)
    assert found == [at("2026-01-31 23:30", zone, BERLIN), at("2026-07-31 23:30", zone, BERLIN)]
    assert [f'is called "{header}", so its times are read as' in each.what for each in said] == (
        [] if zone == BERLIN else [True]
    )


@pytest.mark.parametrize("header", ["Best time", "Created (local)", "date_est_final_x", "Datum (ist)", "Created (No)"])
def test_other_words_in_a_column_s_name_are_no_zones(tmp_path: Path, header: str) -> None:
    if "ist" in header:
        assert "IST, which is used in" in refused(tmp_path, ["2026-01-31 23:30:00"], header=header)
    elif "est_" not in header:
        assert read(tmp_path, ["2026-01-31 23:30:00"], header=header) == (["2026-01-31 23:30:00"], [])


def survey(name: str, zone: str, *times: str) -> dict[str, str]:
    """An export as Qualtrics writes it, whose third line names the zone of its times."""
    ids = ('{""ImportId"":""endDate"",""timeZone"":""ZONE""}'.replace("ZONE", zone), *IDS)
    lines = ["EndDate,ResponseId,Q1", "End Date,Response ID,How likely?", ",".join(f'"{each}"' for each in ids)]
    return {name: "\n".join([*lines, *(f"{time},R_{name[:1]}{n},9" for n, time in enumerate(times)), ""])}


IDS = ('{""ImportId"":""_recordId""}', '{""ImportId"":""QID1""}')
ASKED = f"""[company]
timezone = "{BERLIN}"
[sources.responses]
files = "exports/*.csv"
rename = {{ EndDate = "responded_at", ResponseId = "response_id", Q1 = "score" }}
"""


def answered(folder: Path, settings: str = "", **files: str) -> tuple[list[str], list[ExportDecision]]:
    workspace = company(folder, ASKED + settings, **{f"{name}_csv": text for name, text in files.items()})
    said = [each for each in refreshed(workspace).decisions if "zone" in each.what or "zone" in each.setting]
    times = published(workspace, "select strftime(responded_at, '%Y-%m-%d %H:%M:%S') from responses order by 1")
    return [time for (time,) in times], said


def test_a_zone_in_a_header_line_holds_for_its_times(tmp_path: Path) -> None:
    """Midnight in Berlin is 16:00 in Denver, or 17:00 while only one of both has summer time."""
    times = ["2026-01-31 15:59:59", "2026-01-31 16:00:00", "2026-03-15 17:00:00"]
    found, (said,) = answered(tmp_path, **survey("a", "America/Denver", *times))
    assert found == [at(time, "America/Denver", BERLIN) for time in times]
    assert said.what.endswith(f"so they are read as America/Denver and count as {BERLIN} has them.")
    assert said.moves_kvis
    assert answered(tmp_path, f'timezone = "{BERLIN}"', **survey("a", "America/Denver", *times)) == (times, [])
    assert answered(tmp_path, **survey("a", BERLIN, *times)) == (times, [])


def test_zones_in_header_lines_that_differ_are_warned_of_and_not_read(tmp_path: Path) -> None:
    both = survey("a", "America/Denver", "2026-01-05 22:00:00") | survey("b", "Asia/Tokyo", "2026-01-06 22:00:00")
    found, (said,) = answered(tmp_path, **both)
    assert found == ["2026-01-05 22:00:00", "2026-01-06 22:00:00"]
    assert said.what.startswith("name America/Denver and Asia/Tokyo in a header line")
    assert said.should_be_confirmed


def test_a_source_s_timezone_holds_for_that_name_none(tmp_path: Path) -> None:
    times = ["2026-01-31 23:30:00", "31.01.2026 23:30", "2026-01-31 23:30:00Z", "2026-02-01"]
    found, said = read(tmp_path, times, settings=f'timezone = "{NEW_YORK}"')
    moved = at("2026-01-31 23:30", NEW_YORK, BERLIN)
    assert found == [moved, moved, "2026-02-01 00:30:00", "2026-02-01 00:00:00"]
    assert said == []


def test_a_source_s_timezone_must_exist(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="is not a known time zone; write it like Europe/Amsterdam"):
        company(tmp_path, '[sources.activity]\nfiles = "x.csv"\ntimezone = "Berlin"\n', activity_csv="")


@pytest.mark.parametrize("suffix", ["Z", "+00:00", " UTC", ".000Z"])
def test_a_column_of_midnights_holds_days(tmp_path: Path, suffix: str) -> None:
    times = [f"2026-01-{day:02}T00:00:00{suffix}" for day in range(1, 10)]
    found, (said,) = read(tmp_path, times, NEW_YORK)
    assert found == [f"2026-01-{day:02} 00:00:00" for day in range(1, 10)]
    assert said.what == "All times of occurred_at are midnight, so they are read as days that no time zone moves."


def test_one_other_time_makes_midnights_moments(tmp_path: Path) -> None:
    times = ["2026-01-02T00:00:00Z", "2026-01-03T08:00:00Z"]
    assert read(tmp_path, times, NEW_YORK) == (["2026-01-01 19:00:00", "2026-01-03 03:00:00"], [])


def parquet(folder: Path, times: pd.Series, settings: str = "") -> list[str]:
    folder.mkdir()
    frame = pd.DataFrame({"customer_id": [f"C{n}" for n in range(len(times))], "occurred_at": times})
    toml = f'[company]\ntimezone = "{NEW_YORK}"\n[sources.activity]\nfiles = "exports/activity.parquet"\n{settings}\n'
    workspace = company(folder, toml, activity_parquet=frame_bytes(frame, folder))
    refreshed(workspace)
    rows = published(workspace, "select strftime(occurred_at, '%Y-%m-%d %H:%M:%S') from activity order by customer_id")
    return [time for (time,) in rows]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_typed_moments_count_as_the_company_has_them_in_any_unit(
    tmp_path: Path, unit: Literal["s", "ms", "us", "ns"], zone: str
) -> None:
    """Which unit the times of a Parquet file have is up to the library that wrote it."""
    moments = ["2026-01-02 23:30", "2026-03-29 04:30", "2026-07-01 02:00"]
    times = pd.Series(pd.to_datetime(moments)).dt.tz_localize(zone).dt.as_unit(unit)
    assert parquet(tmp_path / "a", times) == [at(moment, zone, NEW_YORK) for moment in moments]


def test_times_as_spark_writes_them_are_warned_of_until_a_zone_is_named(tmp_path: Path) -> None:
    def said(folder: Path, times: list[str], timezone: str = NEW_YORK, settings: str = "") -> list[ExportDecision]:
        folder.mkdir()
        table = pa.table({"customer_id": ["a", "b"], "When": pa.array(pd.to_datetime(times).to_pydatetime())})
        pq.write_table(table, folder / "frame", use_deprecated_int96_timestamps=True)
        toml = (
            f'[company]\ntimezone = "{timezone}"\n[sources.activity]\nfiles = "exports/activity.parquet"\n{settings}\n'
        )
        toml += 'rename = { When = "occurred_at" }\n'
        workspace = company(folder, toml, activity_parquet=(folder / "frame").read_bytes())
        return list(refreshed(workspace).decisions)

    times = ["2026-01-02 23:30", "2026-01-03 04:30"]
    (found,) = said(tmp_path / "a", times)
    assert found.should_be_confirmed
    assert str(found) == (
        "exports/activity.parquet: holds the times of occurred_at as INT96, which names no zone, and they count as "
        "those of America/New_York; Spark and Hive write times of UTC so. [sources.activity] timezone settles it: "
        '"UTC", or "America/New_York" where they are its own.'
    )
    assert not [each for each in said(tmp_path / "b", times, settings='timezone = "UTC"') if each.level == "warning"]
    assert said(tmp_path / "c", times, timezone="UTC") == []
    assert said(tmp_path / "d", ["2026-01-02", "2026-01-03"]) == []


def test_typed_times_without_a_zone_beside_files_with_one_are_warned_of(tmp_path: Path) -> None:
    zoned, bare = ["2026-01-02 23:30", "2026-01-03 04:30"], ["2026-02-02 23:30", "2026-02-03 04:30"]
    series = [pd.Series(pd.to_datetime(zoned)).dt.tz_localize("UTC"), pd.Series(pd.to_datetime(bare))]
    files = [frame_bytes(pd.DataFrame({"customer_id": ["a", "b"], "occurred_at": each}), tmp_path) for each in series]
    toml = f'[company]\ntimezone = "{NEW_YORK}"\n[sources.activity]\nfiles = "exports/*.parquet"\n'
    workspace = company(tmp_path, toml, a_parquet=files[0], b_parquet=files[1])
    (found,) = (each for each in refreshed(workspace).decisions if each.level == "warning")
    assert str(found) == (
        "exports/b.parquet: holds the times of occurred_at without a zone, where others have one, and they count "
        "as those of UTC. Where they are of another zone, export them with it."
    )
    rows = published(workspace, "select strftime(occurred_at, '%Y-%m-%d %H:%M:%S') from activity order by all")
    assert [time for (time,) in rows] == [at(time, "UTC", NEW_YORK) for time in (*zoned, *bare)]


def test_typed_times_follow_the_same_rules(tmp_path: Path) -> None:
    midnights = pd.Series(pd.to_datetime(["2026-01-02", "2026-01-03"]))
    times = midnights + timedelta(hours=1)
    assert parquet(tmp_path / "a", midnights.dt.tz_localize("UTC")) == ["2026-01-02 00:00:00", "2026-01-03 00:00:00"]
    assert parquet(tmp_path / "b", times.dt.tz_localize("UTC")) == ["2026-01-01 20:00:00", "2026-01-02 20:00:00"]
    assert parquet(tmp_path / "c", times) == ["2026-01-02 01:00:00", "2026-01-03 01:00:00"]
    assert parquet(tmp_path / "d", times, 'timezone = "UTC"') == ["2026-01-01 20:00:00", "2026-01-02 20:00:00"]
    assert parquet(tmp_path / "e", midnights, 'timezone = "UTC"') == ["2026-01-02 00:00:00", "2026-01-03 00:00:00"]


def test_a_column_s_name_counts_in_the_company_s_own_query(tmp_path: Path) -> None:
    query(tmp_path, "staging/activity.sql", 'select who as customer_id, "Seen (UTC)" as occurred_at from source.visits')
    toml = f'[company]\ntimezone = "{BERLIN}"\n[sources.visits]\nfiles = "exports/visits.csv"\n'
    workspace = company(tmp_path, toml, visits_csv="who,Seen (UTC)\nC1,2026-01-31 23:30:00\n")
    refreshed(workspace)
    assert published(workspace, "select cast(day as varchar) from activity") == [("2026-02-01",)]


SERIAL = "46023.51"  # 1 January 2026, 12:14:24: 46,023 days after 30 December 1899 and 0.51 days


def test_excel_s_days_are_recognised_and_said(tmp_path: Path) -> None:
    serials = [f"{46023 + n * 0.51:.8f}" for n in range(60)]
    found, (said,) = read(tmp_path, serials)
    days = [datetime(1899, 12, 30) + timedelta(seconds=round(float(serial) * 86400)) for serial in serials]
    assert found == [day.strftime("%Y-%m-%d %H:%M:%S") for day in days]
    assert said.what == "60 values of occurred_at are numbers, read as days as spreadsheets count them."
    assert said.example == '"46023.00000000" in exports/activity.csv, line 2 is 2026-01-01 00:00:00'
    assert 'date_format = "excel"' in said.setting


MOMENT = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
SECONDS = int(MOMENT.timestamp())


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (f"{SECONDS}", "seconds since 1970"), (f"{SECONDS}.0", "seconds"), (f"{SECONDS}000", "milliseconds"),
        (f"{SECONDS}000000", "microseconds"), (f"{SECONDS}000000000", "nanoseconds"), (f"{SECONDS}.5", "seconds"),
        (f"{SECONDS:.8e}", "seconds"),
    ],
)  # fmt: skip
def test_seconds_since_1970_are_moments_in_utc(found: str, words: str) -> None:
    ((time,), (said,)) = read_alone([found], BERLIN)
    assert time == ("2026-02-01 00:30:00.500000" if found.endswith(".5") else "2026-02-01 00:30:00")
    assert words in said.what


@pytest.mark.parametrize("settings", ["", 'date_format = "epoch_ms"'])
def test_numbers_of_which_a_spreadsheet_left_the_first_digits_are_no_moments(tmp_path: Path, settings: str) -> None:
    """1.77236E+12 milliseconds may be any time of almost three hours."""
    times = [f"{1_772_359_200_000 + hours * 3_600_000:.5E}" for hours in range(30)]
    with pytest.raises(RefreshError, match=r'all 30 rows were rejected.* occurred_at is not a date \("1\.77236E\+12"'):
        read(tmp_path, times, settings=settings)


@pytest.mark.parametrize(("a_second", "fraction"), [(10**6, 999_999), (10**9, 999_999_000)])
def test_the_last_moment_of_a_day_is_of_that_day(a_second: int, fraction: int) -> None:
    moment = datetime(2026, 3, 28, 23, 59, 59, tzinfo=ZoneInfo(BERLIN))
    ((time,), _) = read_alone([f"{int(moment.timestamp()) * a_second + fraction}"], BERLIN)
    assert time.startswith(f"{moment:%Y-%m-%d %H:%M:%S}")


def test_numbers_of_midnights_hold_days(tmp_path: Path) -> None:
    midnights = [f"{int(datetime(2026, 1, day, tzinfo=UTC).timestamp())}" for day in (1, 2, 3)]
    assert read(tmp_path, midnights, NEW_YORK)[0] == [f"2026-01-0{day} 00:00:00" for day in (1, 2, 3)]


@pytest.mark.parametrize(
    ("found", "date_format", "time"),
    [
        (SERIAL, "excel", "2026-01-01 12:14:24"), ("46023,51", "excel", "2026-01-01 12:14:24"),
        ("46023", "excel", "2026-01-01 00:00:00"), (f"{SECONDS}", "epoch", "2026-02-01 00:30:00"),
        (f"{SECONDS}000", "epoch_ms", "2026-02-01 00:30:00"), ("100000001", "epoch", "1973-03-03 10:46:41"),
    ],
)  # fmt: skip
def test_date_format_decides_what_a_number_is(found: str, date_format: str, time: str) -> None:
    assert read_alone([found], BERLIN, date_format) == ([time], [])


@pytest.mark.parametrize("date_format", ["epoch", "epoch_ms", "epoch_us", "epoch_ns", "excel", "excel_1904"])
def test_a_number_beyond_all_years_is_no_date_and_stops_nothing(date_format: str) -> None:
    numbers = ["9" * 22, "1e300", "1e400", "1e99999999999", "1e2147483647"]
    assert read_alone(numbers, BERLIN, date_format)[0] == ["occurred_at is not a date"] * 5


def test_a_source_s_date_format_holds_for_its_numbers(tmp_path: Path) -> None:
    assert read(tmp_path, [SERIAL], settings='date_format = "excel"') == (["2026-01-01 12:14:24"], [])


def test_spreadsheet_days_beside_dates_are_both_read(tmp_path: Path) -> None:
    found, (said,) = read(tmp_path, ["46023", "2026-01-02", "03.01.2026"])
    assert found == ["2026-01-01 00:00:00", "2026-01-02 00:00:00", "2026-01-03 00:00:00"]
    assert said.what.startswith("1 value of occurred_at is a number")


@pytest.mark.parametrize(
    "found",
    ["2026.01.31 15:00", "31.01.2026, 15:00 Uhr", "01/31/2026 3:00PM", "01/31/2026 3:00 p.m.", "20260131150000",
     "2026-01-31T15:00:00,000", "31. 01. 2026 15:00", "2026年1月31日 15:00", "２０２６-01-31 15:00",
     "'2026-01-31 15:00", "2026‑01‑31 15:00", "1/31/2026, 3:00:00\u202fPM", "31.01.2026\u00a015:00",
     "31.01.2026 um 15:00 Uhr", "31.01.2026 r. 15:00", "31.01.2026 r., 15:00", "31/01/2026 às 15:00",
     "31/01/2026 à 15:00", "31.01.2026 kl. 15:00", "2026/1/31 下午3:00", "2026年1月31日 午後3:00",
     "2026. 1. 31. 오후 3:00", "令和8年1月31日 15:00", "R8.1.31 15:00", "平成38年1月31日 15:00",
     "民國115年1月31日 15:00"],
)  # fmt: skip
def test_dates_as_people_write_them(found: str) -> None:
    assert read_alone([found], BERLIN) == (["2026-01-31 15:00:00"], [])


def test_the_first_year_of_an_era_and_days_of_it(tmp_path: Path) -> None:
    found = ["令和元年5月1日", "H31.4.30", "31.01.2026 r.", "31. 1. 2026"]
    assert [read_alone([each], BERLIN)[0] for each in found] == [
        ["2019-05-01 00:00:00"], ["2019-04-30 00:00:00"], ["2026-01-31 00:00:00"], ["2026-01-31 00:00:00"],
    ]  # fmt: skip


@pytest.mark.parametrize("found", ["17", "2026", "202601", "12345678", "99999999999"])
def test_numbers_of_no_plausible_time_are_no_dates(tmp_path: Path, found: str) -> None:
    assert "occurred_at is not a" in refused(tmp_path, [found])


def test_numbers_in_typed_columns_are_recognised_too(tmp_path: Path) -> None:
    assert parquet(tmp_path / "a", pd.Series([SECONDS, SECONDS + 60])) == ["2026-01-31 18:30:00", "2026-01-31 18:31:00"]
    assert parquet(tmp_path / "b", pd.Series([46023.5, 46024.0])) == ["2026-01-01 12:00:00", "2026-01-02 00:00:00"]


def beside(folder: Path, zones: list[str], header: str = "TimeZone") -> tuple[list[str], list[ExportDecision]]:
    """Times of half past eleven in the evening with a column of zones beside them."""
    rows = "".join(f"C{n},2026-01-31 23:30:00,{zone}\n" for n, zone in enumerate(zones))
    toml = f'[company]\ntimezone = "{BERLIN}"\n[sources.activity]\nfiles = "exports/activity.csv"\n'
    workspace = company(folder, toml, activity_csv=f"customer_id,occurred_at,{header}\n{rows}")
    said = list(refreshed(workspace).decisions)
    sql = "select strftime(occurred_at, '%Y-%m-%d %H:%M:%S') from activity order by customer_id"
    return [time for (time,) in published(workspace, sql)], said


@pytest.mark.parametrize(
    ("name", "zone"),
    [("America/Los_Angeles", "America/Los_Angeles"), ("PST", "America/Los_Angeles"), ("-08:00", "Etc/GMT+8"),
     ("UTC", "UTC")],
)  # fmt: skip
def test_a_column_that_names_the_zone_of_all_times_holds(tmp_path: Path, name: str, zone: str) -> None:
    found, (said,) = beside(tmp_path, [name, name, ""])
    assert found == [at("2026-01-31 23:30", zone, BERLIN)] * 3
    assert said.what.startswith(f"timezone is {name} beside all times of occurred_at, so they are read as {zone} and ")


@pytest.mark.parametrize("header", ["UTC Offset", "timezone_offset", "GMT offset", "tz_offset"])
def test_a_column_with_the_offset_of_all_times_holds(tmp_path: Path, header: str) -> None:
    found, _ = beside(tmp_path, ["+00:00", "+00:00"], header)
    assert found == [at("2026-01-31 23:30", "UTC", BERLIN)] * 2


def test_a_column_of_the_company_s_own_zone_needs_no_word(tmp_path: Path) -> None:
    assert beside(tmp_path, [BERLIN, "CET"]) == (["2026-01-31 23:30:00"] * 2, [])


@pytest.mark.parametrize("other", [BERLIN, "somewhere"])
def test_a_column_of_several_zones_is_warned_of(tmp_path: Path, other: str) -> None:
    found, (said,) = beside(tmp_path, ["PST", "PST", other])
    assert found == ["2026-01-31 23:30:00"] * 3
    assert said.level == "warning"
    assert f"timezone names time zones such as PST (2 times) and {other} (1 time), and that is not read" in said.what


SWAPPED = ["2026-01-02", "2026-03-02", "2026-12-02"]


def test_dates_that_a_spreadsheet_swapped_are_warned_of(tmp_path: Path) -> None:
    _, (said,) = read(tmp_path, [*SWAPPED, "13/02/2026", "14/02/2026", "28/02/2026"])
    assert said.level == "warning"
    assert said.what == (
        "3 values of occurred_at like 2026-01-02 all have a day up to 12, and all 3 like 13/02/2026 one beyond: a "
        "spreadsheet seems to have swapped day and month of the former."
    )


@pytest.mark.parametrize("further", ["2026-02-13", "01/02/2026"])
def test_one_date_beyond_or_within_says_that_none_is_swapped(tmp_path: Path, further: str) -> None:
    assert read(tmp_path, [*SWAPPED, further, "13/02/2026", "14/02/2026", "28/02/2026"])[1] == []


@pytest.mark.parametrize(("other", "is_said"), [("{n:02}/02/2026", True), ("02/{n:02}/2026", False)])
def test_a_file_that_lies_on_one_day_of_many_months_is_doubted(tmp_path: Path, other: str, is_said: bool) -> None:
    head = "order_id,customer_id,ordered_at,amount\n"
    files = {
        "orders_1__csv": head + "".join(f"A{n},c{n},01/{n:02}/2026,10\n" for n in range(1, 29)),
        "orders_2__csv": head + "".join(f"B{n},c{n},{other.format(n=n)},10\n" for n in range(1, 8)),
    }
    manifest = refreshed(company(tmp_path, '[sources.orders]\nfiles = "exports/*.csv"\n', **files))
    said = [each for each in manifest.decisions if "on one day of 7 months" in each.what]
    assert [(each.where, each.example, each.level) for each in said] == (
        [("exports/orders_2.csv", '"01/02/2026" in line 2', "warning")] if is_said else []
    )


def test_times_without_a_zone_beside_others_with_one_are_warned_of(tmp_path: Path) -> None:
    found, (said,) = read(tmp_path, ["2026-01-31T23:30:00Z", "2026-01-31 23:30:00", "2026-02-02"])
    assert found == ["2026-02-01 00:30:00", "2026-01-31 23:30:00", "2026-02-02 00:00:00"]
    assert said.level == "warning"
    assert said.what == "1 time of occurred_at names no zone where others do, and counts as times of Europe/Berlin."
    assert '"2026-01-31 23:30:00" in exports/activity.csv, line 3' in said.example
    settled, said_then = read(tmp_path, ["2026-01-31T23:30:00Z", "2026-01-31 23:30:00"], settings='timezone = "UTC"')
    assert (settled, said_then) == (["2026-02-01 00:30:00"] * 2, [])


def test_moments_of_a_typed_export_are_said_to_have_their_zone(tmp_path: Path) -> None:
    times = pd.to_datetime(["2026-01-31T23:30:00Z"], utc=True)
    content = frame_bytes(pd.DataFrame({"customer_id": ["a"], "occurred_at": times}), tmp_path)
    toml = f'[company]\ntimezone = "{BERLIN}"\n'
    said = refreshed(company(tmp_path, toml, activity_parquet=content)).decisions
    assert [each.what for each in said] == [
        "occurred_at holds moments with their zone, which count as Europe/Berlin has them."
    ]
    assert published(company(tmp_path, toml), "select cast(day as varchar) from activity") == [("2026-02-01",)]


@pytest.mark.parametrize(
    ("written", "formats"),
    [
        (["2026-01-31", "2026-02-01T10:00"], ()),
        (["31.01.2026", "1.2.2026"], ("%d.%m.%Y",)),
        (["1/31/2026 4:05 PM", "2/1/2026 11:00 AM"], ("%m/%d/%Y %I:%M %p",)),
        (["01/02/2026", "03/04/2026"], ("%d/%m/%Y", "%m/%d/%Y")),  # somebody says which
        (["31.01.2026", "2026-02-01"], ("%d.%m.%Y", "%Y-%m-%d")),
        (["31.01.2026 10:00 CET", "1.7.2026 9:05 CEST"], ("%d.%m.%Y %H:%M %Z",)),
        (["1/31/2026 4:05 PM -0500"], ("%m/%d/%Y %I:%M %p %Z",)),
        (["31.01.2026 10:00 CET", "31.01.2026 10:00"], None),
        (["31.01.2026 10:00 CET", "31.01.2026 10:00 EST", "31.01.2026 10:00 UTC"], None),
        (["31.01.2026", "soon"], None),
        ([], ()),
    ],
)
def test_the_formats_in_which_dates_are_written(written: list[str], formats: tuple[str, ...] | None) -> None:
    rows = f"(select unnest({written}::varchar[]) as v)"
    assert formats_used(duckdb.connect(), rows, "v") == formats


PLAIN = ["2026-01-31 00:00:00", "2026-02-01T10:00:00", "2026-02-28 23:59:59", "2026-03-01", "2026-02-30 10:00:00"]


@pytest.mark.parametrize("size", range(1, len(PLAIN) + 1))
def test_plain_times_are_counted_as_all_others_are(size: int) -> None:
    """What is counted at once, where all are days and times without a zone, is what looking at each suffix counts."""
    with duckdb.connect() as connection:
        for texts in combinations(PLAIN, size):
            cleaned = f"(select unnest({list(texts)}) as v, 'a.csv' as {FILE}, 1 as {LINE})"
            (found,) = dates._found(connection, cleaned)[0].values()
            (slowly,) = dates._by_suffix(connection, cleaned).values()
            assert replace(found, written=slowly.written) == slowly
            assert found.written.count == slowly.written.count


WRITTEN = {
    "2026-02-01T10:00:00+02:00": "2026-02-01 08:00:00",
    "31.03.2026": "2026-03-31 00:00:00",
    "Mar 5, 2026": "2026-03-05 00:00:00",
    "2026-4-1 07:30": "2026-04-01 07:30:00",
    "2026-02-30": "occurred_at is not a date",
    "yesterday": "occurred_at is not a date",
}


@pytest.mark.parametrize("among", [some for size in (1, 2, 6) for some in combinations(WRITTEN, size)], ids=" ".join)
def test_days_are_read_alike_whatever_is_written_among_them(among: tuple[str, ...]) -> None:
    found, _ = read_alone(["2026-01-31", *among, "2024-02-29"])
    assert found == ["2026-01-31 00:00:00", *(WRITTEN[time] for time in among), "2024-02-29 00:00:00"]
