"""What stands beside the columns that are read counts where set-up writes a SELECT, too: states, scales, currencies."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kviboard.board.board import open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for, tell_outcomes
from kviboard.board.exports.setup_files import Company
from kviboard.errors import RefreshError
from kviboard.workspace import Workspace, load_workspace
from tests.warehouse.company import published

STARS = "Response ID,Customer ID,Response date,Score,Scale\n" + "".join(
    f"a{n},c{n},2026-03-{1 + n:02d},{1 + n % 5},1-5\n" for n in range(20)
)
FROM_ZERO = "Response ID,Email,End Date,NPS,Finished\n" + "".join(
    f"b{n},c{n}@example.com,2026-03-{1 + n:02d} 10:00,{n % 11},{'False' if n % 4 == 3 else 'True'}\n" for n in range(22)
)
IN_TWO_CURRENCIES = """Order ID,Customer ID,Order Date,Status,Total,Valuta
1,a,2026-03-14,paid,100.00,EUR
2,b,2026-03-15,cancelled,80.00,EUR
3,c,2026-03-16,paid,100.00,SEK
"""


def built(folder: Path, timezone: str = "UTC", **texts: str) -> Workspace:
    paths = [folder / f"{name}.csv" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    plan = plan_for(look_at(paths))
    assert (plan.open_questions, plan.lacking) == ((), ())
    build(folder / "board", plan, paths, Company(currency="EUR", timezone=timezone))
    return load_workspace(folder / "board")


def test_answers_of_two_exports_keep_their_scales_and_what_says_that_they_were_not_finished(tmp_path: Path) -> None:
    workspace = built(tmp_path, survey_of_shop=STARS, survey_of_app=FROM_ZERO)
    report = refresh_now(workspace)
    assert report.problems == ()
    found = published(workspace, "select scale, count(*), sum(score)::double from responses group by 1 order by 1")
    finished = [n % 11 for n in range(22) if n % 4 != 3]
    assert found == [("0-10", len(finished), sum(finished)), ("1-5", 20, 2 * sum(1 + n % 5 for n in range(20)))]


def test_orders_in_another_currency_are_not_counted_as_if_they_were_in_the_companys(tmp_path: Path) -> None:
    workspace = built(tmp_path, orders=IN_TWO_CURRENCIES)
    with pytest.raises(RefreshError, match="SEK"):
        refresh_now(workspace)


NIGHTS = [datetime(2026, month, 28, 22 + n % 2, 30) for n, month in enumerate(range(1, 11))]
NIGHTS_IN_BERLIN = [
    night.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo("Europe/Berlin")).date().isoformat() for night in NIGHTS
]


def test_who_buys_is_active_on_the_day_of_the_order_whose_zone_stands_beside_it(tmp_path: Path) -> None:
    rows = "".join(f"{n},c{n},{night},UTC,10.50\n" for n, night in enumerate(NIGHTS))
    text = f"Order ID,Customer ID,Created at,TimeZone,Total\n{rows}"
    workspace = built(tmp_path, "Europe/Berlin", orders=text)
    assert refresh_now(workspace).problems == ()
    for table in ("orders", "activity"):
        days = published(workspace, f"select day::varchar from {table} order by day")
        assert [day for (day,) in days] == NIGHTS_IN_BERLIN, table


def test_times_that_stand_apart_are_warned_of_wherever_their_days_count(tmp_path: Path) -> None:
    rows = "".join(f"{n},c{n},{night:%Y-%m-%d,%H:%M:%S},10.50\n" for n, night in enumerate(NIGHTS))
    workspace = built(tmp_path, "Europe/Berlin", orders=f"Order ID,Customer ID,Date,Time (UTC),Total\n{rows}")
    said = [each for each in refresh_now(workspace).decisions if each.level == "warning"]
    moved = sum(day != night.date().isoformat() for day, night in zip(NIGHTS_IN_BERLIN, NIGHTS, strict=True))
    assert [each.where for each in said] == ["The orders export", "The activity export"]
    assert all(f"{moved} of 10 rows are of another day in Europe/Berlin" in each.what for each in said)


@pytest.mark.parametrize(("copies", "words"), [(1, "1 duplicate"), (2, "2 duplicates")])
def test_setting_up_tells_one_of_a_thing_as_one(tmp_path: Path, copies: int, words: str) -> None:
    rows = [f"{n},c{n % 3},2026-03-{n + 1:02},10.50\n" for n in range(9)]
    workspace = built(tmp_path, orders="Order ID,Customer ID,Date,Total\n" + "".join([*rows, *rows[:copies]]))
    refresh_now(workspace)
    outcomes = tell_outcomes(open_board(workspace).reader.manifest)
    assert outcomes == [("orders.csv", f"{9 + copies} rows for orders = 9 kept + {words}")]
