"""Dates with the month as a word need no date_format."""

from pathlib import Path

import pandas as pd
import pytest

from kviboard.errors import RefreshError
from kviboard.warehouse.staging.values.month_names import is_named
from tests.warehouse.company import company, memory
from tests.warehouse.staged import published, refreshed
from tests.warehouse.staging.values.times_alone import read_alone


def read(folder: Path, *values: str, zone: str = "UTC") -> list[str]:
    toml = f'[company]\ntimezone = "{zone}"\n[sources.activity]\nfiles = "exports/activity.csv"\n'
    text = "customer_id,occurred_at\n" + "".join(f'c{n},"{value}"\n' for n, value in enumerate(values))
    workspace = company(folder, toml, activity_csv=text)
    refreshed(workspace)
    return [str(time) for (time,) in published(workspace, "select occurred_at from activity order by customer_id")]


@pytest.mark.parametrize(
    "style",
    ["%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%b/%Y", "%b %d, %Y", "%B %d %Y", "%d %B, %Y", "%a, %d %b %Y",
     "%A %d %B %Y", "%d.%b.%Y", "%d %b %Y %H:%M",
     "%d %b %Y, %H:%M:%S", "%b %d, %Y %I:%M %p", "%B %d, %Y at %I:%M:%S %p",
     "%d %b %Y %H:%M:%S.%f"],
)  # fmt: skip
def test_english_dates_as_pandas_writes_them(style: str) -> None:
    times = pd.date_range("2025-12-15 23:15:30.25", periods=13, freq="31D")
    exact = pd.to_datetime([time.strftime(style) for time in times], format=style)
    found, _ = read_alone([time.strftime(style) for time in times[:10]])
    assert found == [str(time.to_pydatetime()) for time in exact[:10]]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("31. März 2026", "2026-03-31"), ("1. Mai 2026", "2026-05-01"), ("24. Dez. 2025", "2025-12-24"),
        ("31 janv. 2026", "2026-01-31"), ("1er févr. 2026", "2026-02-01"), ("14 août 2026", "2026-08-14"),
        ("31 mrt 2026", "2026-03-31"), ("1 mei 2026", "2026-05-01"), ("31. maj 2026", "2026-05-31"),
        ("3 de enero de 2026", "2026-01-03"), ("5 ott 2026", "2026-10-05"), ("January 1st, 2026", "2026-01-01"),
        ("Jan. 31, 2026", "2026-01-31"), ("31-JAN-69", "1969-01-31"), ("31-JAN-68", "2068-01-31"),
    ],
)  # fmt: skip
def test_months_of_several_languages(value: str, day: str) -> None:
    assert read_alone([value])[0] == [f"{day} 00:00:00"]


def test_a_zone_behind_a_named_date_holds(tmp_path: Path) -> None:
    values = ("Sat, 31 Jan 2026 23:30:00 GMT", "Jan 31, 2026 11:30 PM UTC", "31 Jan 2026 10:00")
    assert read(tmp_path, *values, zone="Europe/Berlin") == [
        "2026-02-01 00:30:00",
        "2026-02-01 00:30:00",
        "2026-01-31 10:00:00",
    ]


def test_named_and_plain_dates_may_stand_together(tmp_path: Path) -> None:
    assert read(tmp_path, "2026-01-05", "31 Jan 2026") == ["2026-01-05 00:00:00", "2026-01-31 00:00:00"]


@pytest.mark.parametrize("value", ["31 Foo 2026", "31 Feb 2026", "Jan 2026", "2026 Jan 31 x", "Version 3 2026"])
def test_what_is_no_date_is_none(tmp_path: Path, value: str) -> None:
    with pytest.raises(RefreshError, match="occurred_at is not a date"):
        read(tmp_path, value)


def test_a_weekday_is_of_letters_of_any_alphabet_and_of_nothing_else() -> None:
    latin = {chr(code) for code in range(0x21, 0x250)}
    doubled = are_named([2 * each + " 31 Jan 2026" for each in sorted(latin)])
    assert {text[0] for text in doubled} == {each for each in latin if each.isalpha()} - set("ªº")
    days = ["Сб, 31 Jan 2026", "Σάβ 31 Jan 2026", "土曜日 31 Jan 2026", "토요일 31 Jan 2026"]
    assert are_named(days) == days


def are_named(values: list[str]) -> list[str]:
    """Those that are dates with the month as a word, in their order."""
    asked = f"select v from (select unnest(?) as v) where {is_named('v')}"
    return [value for (value,) in memory().execute(asked, [values]).fetchall()]
