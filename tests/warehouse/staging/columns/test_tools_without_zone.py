"""Times without a zone in the export of a tool that mostly writes those of UTC are warned of where that moves them."""

import duckdb
import pytest

from kviboard.domain.contract import CONTRACT
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.date_readings import read_dates
from kviboard.warehouse.staging.values.cast import Rules
from kviboard.warehouse.staging.values.place import Place

(OCCURRED_AT,) = [column for column in CONTRACT["activity"].columns if column.name == "occurred_at"]


def said_of(
    time: str = "2026-03-01 10:00:00.000000",
    zone: str = "Europe/Berlin",
    own: str | None = None,
    header: str = "event_time",
    columns: tuple[str, ...] = ("occurred_at", "amplitude_id"),
) -> list[ExportDecision]:
    with duckdb.connect() as connection:
        connection.execute("create table events as select ? as occurred_at, 'a.csv' as _file, 2 as _line", [time])
        place = Place("activity", "events", "events", "events", is_text=True, headers=(header,), columns=columns)
        rules = Rules(timezone=zone, source_timezone=own)
        return read_dates(connection, place, OCCURRED_AT, "VARCHAR", rules)[1]


def test_the_zone_that_times_are_read_in_is_said_with_the_setting() -> None:
    (said,) = said_of()
    assert str(said) == (
        "The activity export: 1 time of occurred_at names no zone and is read as times of Europe/Berlin, where "
        'Amplitude mostly writes those of UTC. For example, "2026-03-01 10:00:00.000000" in a.csv, line 2. '
        '[sources.events] timezone settles it: "UTC", or "Europe/Berlin" where they are its own.'
    )
    assert said.should_be_confirmed


@pytest.mark.parametrize(("column", "tool"), [("original_timestamp", "Segment"), ("collector_tstamp", "Snowplow")])
def test_tools_are_known_by_a_column_of_theirs(column: str, tool: str) -> None:
    (said,) = said_of(columns=("occurred_at", column))
    assert f"where {tool} mostly writes those of UTC" in said.what


@pytest.mark.parametrize(
    "honest",
    [
        {"own": "UTC"},
        {"own": "Europe/Berlin"},
        {"zone": "UTC"},
        {"time": "2026-03-01"},
        {"time": "2026-03-01T10:00:00Z"},
        {"header": "event_time (UTC)"},
        {"columns": ("occurred_at", "user_id")},
    ],
    ids=str,
)
def test_where_the_zone_is_known_or_moves_nothing_nobody_is_warned(honest: dict[str, str]) -> None:
    assert [each for each in said_of(**honest) if each.level == "warning"] == []
