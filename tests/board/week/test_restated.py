"""Numbers of past months that newer exports tell otherwise, beside what pandas counts of both."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pandas as pd

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.week.restated import restated
from kviboard.catalog import load_catalog
from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.versions import MANIFEST, list_versions, version_folder
from kviboard.workspace import Workspace
from tests.warehouse.company import company

HEAD = "order_id,customer_id,ordered_at,amount\n"
ROWS = [f"{n},c{n % 4},2026-{month:02}-{day:02},10.00\n" for n, (month, day) in enumerate(
    (month, day) for month in range(1, 7) for day in range(1, 29, 3))]  # fmt: skip


def by_month(rows: list[str]) -> pd.Series:
    frame = pd.read_csv(StringIO(HEAD + "".join(rows)), parse_dates=["ordered_at"])
    return frame.groupby(frame["ordered_at"].dt.to_period("M"))["amount"].sum()


def made(workspace: Workspace, days_ago: int) -> None:
    """Say of the newest version that it was made so long ago."""
    version = list_versions(workspace)[0].version
    place = version_folder(workspace, version) / MANIFEST
    manifest = Manifest.model_validate_json(place.read_text())
    at = datetime(2026, 7, 1, 6, 12, tzinfo=UTC) - timedelta(days=days_ago)
    place.write_text(manifest.model_copy(update={"made_at": at}).model_dump_json())


def test_a_month_that_was_over_and_reads_otherwise_is_named_with_what_changed(tmp_path: Path) -> None:
    """April's order of the 4th is 30 instead of 10, and one of March is gone; June is not over in the first exports,
    so what comes in then restates nothing."""
    workspace = company(tmp_path, orders_csv=HEAD + "".join(ROWS[:-2]))
    refresh_now(workspace)
    made(workspace, 8)
    assert restated(open_board(workspace)) == ()
    mended = [row.replace("2026-04-04,10.00", "2026-04-04,30.00") for row in ROWS if "2026-03-10" not in row]
    (tmp_path / "exports" / "orders.csv").write_text(HEAD + "".join(mended))
    refresh_now(workspace)
    then, now = by_month(ROWS), by_month(mended)
    assert [str(month) for month in then.index[then != now]] == ["2026-03", "2026-04"]
    said = restated(open_board(workspace))
    turnover = f"Turnover of Apr 2026 was €{then['2026-04']:.0f} and is €{now['2026-04']:.0f} (▲ 20 %)"
    assert f"{turnover}; 1 earlier period changed, too." in [each.replace("\xa0", " ") for each in said]
    assert "Orders of Mar 2026 was 10 and is 9 (▼ 10 %)." in [each.replace("\xa0", " ") for each in said]
    assert said[-1] == (
        "Past numbers were restated since the exports read on 23 Jun 2026, 06:12: exports/orders.csv was changed."
    )


def test_the_exports_of_a_week_before_are_compared_and_not_those_of_an_hour_ago(tmp_path: Path) -> None:
    """Corrected on Monday and read again on Tuesday without a change: the correction is still told."""
    workspace = company(tmp_path, orders_csv=HEAD + "".join(ROWS))
    refresh_now(workspace)
    made(workspace, 8)
    (tmp_path / "exports" / "orders.csv").write_text(HEAD + "".join(ROWS).replace("04-04,10.00", "04-04,30.00"))
    refresh_now(workspace)
    made(workspace, 1)
    refresh_now(workspace)
    made(workspace, 0)
    assert restated(open_board(workspace))[-1].startswith("Past numbers were restated since the exports read on 23 Jun")


def test_nothing_is_said_where_only_days_were_added(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=HEAD + "".join(ROWS[:-12]))
    refresh_now(workspace)
    (tmp_path / "exports" / "orders.csv").write_text(HEAD + "".join(ROWS))
    refresh_now(workspace)
    assert restated(open_board(workspace)) == ()


def test_a_team_is_told_of_its_own_sprints(tmp_path: Path) -> None:
    """Both teams begin on other days; the order of 4 April lies in the third sprint of the second."""
    sprints = "name,starts_on,ends_on,team\n" + "".join(
        f"{team} {n},{begin + timedelta(days=28 * n - 28)},{begin + timedelta(days=28 * n - 1)},{team}\n"
        for team, begin in (("A", date(2026, 1, 20)), ("B", date(2026, 2, 2)))
        for n in range(1, 5)
    )
    workspace = company(tmp_path, orders_csv=HEAD + "".join(ROWS), sprints_csv=sprints)
    refresh_now(workspace)
    (tmp_path / "exports" / "orders.csv").write_text(HEAD + "".join(r for r in ROWS if "2026-04-04" not in r))
    refresh_now(workspace)
    begins, ends = (date(2026, 2, 2) + timedelta(days=56), date(2026, 2, 2) + timedelta(days=83))
    assert begins <= date(2026, 4, 4) <= ends
    was = sum(begins <= date.fromisoformat(r.split(",")[2]) <= ends for r in ROWS)
    version = list_versions(workspace)[0].version
    board = Board(workspace, load_catalog(workspace), Reader(workspace, version, team="B"))
    (orders,) = [said for said in restated(board) if said.startswith("Orders")]
    assert orders.startswith(f"Orders of B 3 was {was} and is {was - 1} ")
