"""A cell of an optional column never costs its row: it is emptied, counted and shown. Durations are minutes."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from kviboard.errors import RefreshError
from kviboard.workspace import load_workspace
from tests.warehouse.company import company, frame_bytes, ledger, query
from tests.warehouse.staged import published, refreshed
from tests.warehouse.staging.values.test_cast import cast

TICKETS = "ticket_id,customer_id,opened_at,closed_at,kind\n"
ACTIVITY = "customer_id,occurred_at,minutes\n"


def tickets(closed: list[str]) -> str:
    return TICKETS + "".join(
        f"T{n},C{n},2026-01-0{n % 9 + 1} 09:00:00,{end},complaint\n" for n, end in enumerate(closed)
    )


def activity(minutes: list[str]) -> str:
    return ACTIVITY + "".join(f'C{n},2026-01-0{n % 9 + 1},"{each}"\n' for n, each in enumerate(minutes))


def test_tickets_that_are_not_closed_yet_all_count(tmp_path: Path) -> None:
    closed = ["2026-02-01 09:00:00"] * 57 + ["0000-00-00 00:00:00", "9999-12-31", "open"]
    workspace = company(tmp_path, tickets_csv=tickets(closed), activity_csv=activity(["1"]))
    manifest = refreshed(workspace)
    assert published(workspace, "select count(*), count(closed_at) from tickets") == [(60, 57)]
    assert ledger(manifest)["exports/tickets.csv"] == (60, 60, 0, 0)
    (said,) = manifest.decisions
    assert said.level == "note"
    assert str(said) == (
        "The tickets export: 3 cells of closed_at say no date and count as empty. "
        'For example, exports/tickets.csv, line 59: "0000-00-00 00:00:00".'
    )


def test_an_unreadable_cell_is_empty_and_somebody_is_told(tmp_path: Path) -> None:
    workspace = company(tmp_path, activity_csv=activity(["12.5", "a while", "-3"]))
    (said,) = refreshed(workspace).decisions
    assert published(workspace, "select customer_id, minutes from activity order by 1") == [
        ("C0", 12.5), ("C1", None), ("C2", None),
    ]  # fmt: skip
    assert said.should_be_confirmed
    assert said.what == "2 cells of minutes say no number and count as empty."
    assert said.example == 'exports/activity.csv, line 3: "a while"'


def test_a_sign_up_day_that_is_none_does_not_cost_the_customer(tmp_path: Path) -> None:
    customers = "customer_id,signed_up_on\nC0,2026-01-01\nC1,1970-01-01\nC2,1900-01-01\nC3,soon\n"
    workspace = company(tmp_path, customers_csv=customers, activity_csv=activity(["1", "1", "1", "1"]))
    (said,) = refreshed(workspace).decisions
    assert said.what == "3 cells of signed_up_on say no date and count as empty."
    assert published(workspace, "select count(*), count(signed_up_on) from customers") == [(4, 1)]


@pytest.mark.parametrize("zone", [None, "UTC"])
def test_typed_cells_follow_the_same_rule(tmp_path: Path, zone: str | None) -> None:
    opened = pd.Series([datetime(2026, 1, 1), datetime(2026, 1, 2)]).dt.tz_localize(zone)
    closed = pd.Series([datetime(2026, 1, 3), datetime(9999, 12, 31)], dtype="datetime64[us]").dt.tz_localize(zone)
    ids = {"ticket_id": ["T0", "T1"], "customer_id": ["C0", "C1"]}
    frame = pd.DataFrame(ids | {"opened_at": opened, "closed_at": closed})
    other = pd.DataFrame({"customer_id": ["C0"], "occurred_at": ["2026-01-01"], "minutes": [-1.5]})
    files = {"tickets_parquet": frame_bytes(frame, tmp_path), "activity_parquet": frame_bytes(other, tmp_path)}
    workspace = company(tmp_path, **files)
    said = [decision.what for decision in refreshed(workspace).decisions]
    assert said == [
        "1 cell of minutes says no number and counts as empty.",
        "1 cell of closed_at says no date and counts as empty.",
    ]
    assert published(workspace, "select count(*), count(closed_at) from tickets") == [(2, 1)]
    assert published(workspace, "select count(*), count(minutes) from activity") == [(1, 0)]


def test_durations_are_minutes_and_keep_all_rows(tmp_path: Path) -> None:
    workspace = company(tmp_path, activity_csv=activity(["0:12:30", "12.5", "12m 30s", "PT12M30S", "750 sec"] * 12))
    manifest = refreshed(workspace)
    assert published(workspace, "select count(*), min(minutes), max(minutes) from activity") == [(60, 12.5, 12.5)]
    assert manifest.decisions == ()


@pytest.mark.parametrize(
    ("found", "minutes"),
    [
        ("0:12:30", 12.5), ("00:12:30", 12.5), ("1:02:03", 62.05), ("01:02:03.6", 62.06), ("1 day, 2:03:00", 1563),
        ("0 days 00:12:30", 12.5), ("1.02:03:00", 1563), ("12:30", 12.5), ("75:30", 75.5), ("12m 30s", 12.5),
        ("12min30s", 12.5), ("1h 5m", 65), ("1 hour, 5 minutes", 65), ("1.5 h", 90), ("90 min", 90), ("750s", 12.5),
        ("PT12M30S", 12.5), ("P0DT0H12M30S", 12.5), ("PT1H", 60), ("P1DT2H", 1560), ("12 Std 30 Min", 750),
        ("12,5 Min.", 12.5), ("3 months", "x is not a number"), ("12:75", "x is not a number"),
        ("-0:05:00", "x is not a number"), ("5 foo", "x is not a number"), ("12.5.3", "x is not a number"),
    ],
)  # fmt: skip
def test_durations_as_people_and_programs_write_them(found: str, minutes: object) -> None:
    read = cast("minutes", found)
    assert read == (minutes if isinstance(minutes, str) else pytest.approx(minutes))


@pytest.mark.parametrize(("others", "level"), [(["5:00"], "warning"), (["75:00"], "note"), (["0:12:30"], "note")])
def test_how_short_clocks_are_read_is_said(tmp_path: Path, others: list[str], level: str) -> None:
    """12:30 is half past twelve to some: what other values of the column rule out needs nobody's word."""
    workspace = company(tmp_path, activity_csv=activity(["12:30", *others]))
    (said,) = refreshed(workspace).decisions
    assert published(workspace, "select minutes from activity where customer_id = 'C0'") == [(12.5,)]
    assert said.level == level
    assert "written like 12:30 and read as minutes and seconds." in said.what


def test_what_a_spreadsheet_made_of_minutes_and_seconds_is_warned_of_with_the_query(tmp_path: Path) -> None:
    """12:30, 3:05 and 0:45 typed as minutes and seconds are times of the day there, 935 of them minutes in all."""
    workspace = company(tmp_path, activity_csv=activity(["12:30:00", "3:05:00", "00:45:00"]))
    (said,) = refreshed(workspace).decisions
    assert said.what.startswith(
        "3 values of minutes are like 3:05:00, all without seconds, and read as hours and minutes"
    )
    assert said.should_be_confirmed
    assert published(workspace, "select sum(minutes) from activity") == [(12 * 60 + 30 + 3 * 60 + 5 + 45,)]
    query(tmp_path, "staging/activity.sql", said.setting.partition("activity.sql: ")[2])
    workspace = load_workspace(tmp_path)
    (told,) = refreshed(workspace).decisions
    assert "written like 00:45 and read as minutes and seconds" in told.what
    assert published(workspace, "select round(sum(minutes) * 60)::int from activity") == [
        (12 * 60 + 30 + 3 * 60 + 5 + 45,)
    ]


@pytest.mark.parametrize(
    "minutes",
    [
        ["0:12:30", "0:03:00", "0:00:45"],  # they have their hours
        ["12:30:00", "3:05:00", "0:45:10"],
        ["0:30:00", "0:05:00", "1:45:00"],  # half an hour, five minutes
        ["12:30:00", "3:05:00"],
    ],
)
def test_durations_with_hours_and_seconds_are_no_doubt(tmp_path: Path, minutes: list[str]) -> None:
    assert refreshed(company(tmp_path, activity_csv=activity(minutes))).decisions == ()


@pytest.mark.parametrize(
    ("header", "value", "minutes", "words"),
    [
        ("Duration (hh:mm)", "1:30", 90, 'read as hours and minutes, as "Duration (hh:mm)" says.'),
        ("Duration (mm:ss)", "1:30", 1.5, "read as minutes and seconds."),
        ("Duration (hh:mm:ss)", "1:30", 1.5, "read as minutes and seconds."),
        ("Dauer (Std:Min)", "1:30", 90, 'read as hours and minutes, as "Dauer (Std:Min)" says.'),
    ],
)
def test_a_columns_name_tells_hours_and_minutes(
    tmp_path: Path, header: str, value: str, minutes: float, words: str
) -> None:
    toml = f'[sources.activity]\nfiles = "exports/activity.csv"\nrename = {{ "{header}" = "minutes" }}\n'
    workspace = company(tmp_path, toml, activity_csv=f"customer_id,occurred_at,{header}\nc1,2026-01-05,{value}\n")
    (said,) = refreshed(workspace).decisions
    assert published(workspace, "select minutes from activity") == [(minutes,)]
    assert said.what.endswith(words)


@pytest.mark.parametrize(
    ("header", "value", "minutes"),
    [
        ("Duration (in seconds)", "90", 1.5), ("Handle time (sec)", "30", 0.5), ("duration_ms", "90000", 1.5),
        ("durationSeconds", "60", 1), ("Time [h]", "1.5", 90), ("Dauer (Stunden)", "2", 120),
        ("Minutes", "7", 7), ("Session length (min)", "7", 7), ("Duration", "7", 7), ("Days", "1", 1440),
        ("Duration (in seconds)", "0:01:30", 1.5), ("time_spent_s", "120", 2),
    ],
)  # fmt: skip
def test_a_columns_name_tells_the_unit_of_its_numbers(tmp_path: Path, header: str, value: str, minutes: float) -> None:
    toml = f'[sources.activity]\nfiles = "exports/activity.csv"\nrename = {{ "{header}" = "minutes" }}\n'
    workspace = company(tmp_path, toml, activity_csv=f"customer_id,occurred_at,{header}\nc1,2026-01-05,{value}\n")
    said = [each for each in refreshed(workspace).decisions if "plain numbers" in each.what]
    assert published(workspace, "select sum(minutes) from activity") == [(pytest.approx(minutes),)]
    assert bool(said) == (header not in ("Minutes", "Session length (min)", "Duration"))
    assert all(
        each.what.startswith(f'minutes is called "{header}", so its plain numbers are read as ') for each in said
    )


def test_typed_numbers_have_the_unit_of_their_columns_name(tmp_path: Path) -> None:
    frame = pd.DataFrame({"customer_id": ["c1"], "occurred_at": pd.to_datetime(["2026-01-05"]), "took_ms": [30_000.0]})
    toml = '[sources.activity]\nfiles = "exports/a.parquet"\nrename = { "took_ms" = "minutes" }\n'
    workspace = company(tmp_path, toml, a_parquet=frame_bytes(frame, tmp_path))
    refreshed(workspace)
    assert published(workspace, "select sum(minutes) from activity") == [(0.5,)]


def test_two_units_under_two_names_are_refused(tmp_path: Path) -> None:
    toml = (
        '[sources.activity]\nfiles = "exports/a*.csv"\nrename = { "Duration (s)" = "minutes", "Minuten" = "minutes" }\n'
    )
    files = {"a_1__csv": "customer_id,occurred_at,Duration (s)\nc1,2026-01-05,60\n",
             "a_2__csv": "customer_id,occurred_at,Minuten\nc1,2026-01-06,60\n"}  # fmt: skip
    with pytest.raises(RefreshError) as caught:
        refreshed(company(tmp_path, toml, **files))
    assert 'minutes is called "Duration (s)" and "Minuten", which are not of one unit.' in str(caught.value)
