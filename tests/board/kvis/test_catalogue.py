"""Where every KVI stands, before and after the first period is complete."""

from datetime import date, timedelta
from pathlib import Path

from kviboard.board.board import open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.kvis.all_kvis import read_every_kvi
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tables import catalogue
from kviboard.board.kvis.tiles import no_links, tile_of
from tests.warehouse.company import ORDERS, company

SPRINTS = "[sprints]\nfirst_day = 2026-01-05\n"
COLUMNS = ["period", "value", "verdict"]


def shown(folder: Path, orders: str, answers: str = "") -> dict[str, list[str]]:
    workspace = company(folder, orders_csv=orders, **({"responses_csv": answers} if answers else {}))
    refresh_now(workspace)
    frame = catalogue(open_board(workspace)).set_index("kvi")
    return {str(name): row for name, row in zip(frame.index, frame[COLUMNS].values.tolist(), strict=True)}


def test_before_a_month_is_complete_it_is_shown_so_far(tmp_path: Path) -> None:
    """Three orders of two customers: 10 + 20 + 30; an average of 20."""
    rows = "1,A,2026-01-02,10\n2,A,2026-01-05,20\n3,B,2026-01-09,30\n"
    found = shown(tmp_path, ORDERS + rows)
    for name, value in {"turnover": "€60", "orders": "3", "ordering_customers": "2", "average_order": "€20"}.items():
        assert found[name] == ["Jan 2026 so far", value, "No complete period yet"]


def test_a_tile_of_the_first_days_says_so_far(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=ORDERS + "1,A,2026-01-02,10\n2,A,2026-01-05,20\n3,B,2026-01-09,30\n")
    refresh_now(workspace)
    readings = read_every_kvi(open_board(workspace), View("month"))
    tiles = {name: tile_of(readings[name][0], "EUR", no_links) for name in ("turnover", "repurchase_rate_90d")}
    assert {name: (tile.period, tile.value) for name, tile in tiles.items()} == {
        "turnover": ("Jan 2026 so far", "€60"),
        "repurchase_rate_90d": ("", "–"),  # nobody had 90 days yet
    }


def test_what_is_still_settling_is_not_shown_so_far(tmp_path: Path) -> None:
    """Nobody has bought again within 90 days yet: 0 % would say that nobody ever does."""
    found = shown(tmp_path, ORDERS + "1,A,2026-01-02,10\n2,B,2026-01-05,20\n")
    for name in ("repurchase_rate_90d", "net_revenue_retention", "customer_lifetime_value"):
        assert found[name] == ["", "–", "No complete period yet"]


def test_so_far_is_the_month_in_which_the_kvis_own_data_ends(tmp_path: Path) -> None:
    """One answer in January 2025, orders for a year after: what needs answers reaches no further than they do."""
    orders = "".join(f"{month},A,2025-{month:02}-02,10\n" for month in range(1, 13))
    answers = "response_id,customer_id,responded_at,score\n1,A,2025-01-02,9\n"
    found = shown(tmp_path, ORDERS + orders, answers)
    for name in ("customer_satisfaction", "scored_revenue_coverage", "eight_plus_turnover_share"):
        assert found[name][:2] == ["Jan 2025 so far", "100\u00a0%"]  # of the days up to the answer


def test_a_complete_month_goes_before_the_running_one(tmp_path: Path) -> None:
    found = shown(tmp_path, ORDERS + "1,A,2026-01-01,10\n2,A,2026-01-31,20\n3,B,2026-02-09,30\n")
    assert found["turnover"][:2] == ["Jan 2026", "€30"]
    assert found["ordering_customers"][:2] == ["Jan 2026", "1"]


def test_refunds_lower_turnover_and_are_no_orders(tmp_path: Path) -> None:
    rows = "1,A,2026-01-01,10\n2,B,2026-01-02,30\n3,B,2026-01-05,-5\n4,C,2026-01-06,-7\n"
    found = shown(tmp_path, ORDERS + rows)
    told = {name: found[name][1] for name in ("turnover", "orders", "ordering_customers", "average_order")}
    assert told == {"turnover": "€28", "orders": "2", "ordering_customers": "2", "average_order": "€14"}


def test_a_verdict_says_of_which_period_it_is_where_another_one_is_shown(tmp_path: Path) -> None:
    """Twelve sprints of €10 and €12 in turn, then one of €50: that is unusual, the month before it is not."""
    days = (date(2026, 1, 5) + timedelta(weeks=2 * number) for number in range(13))
    amounts = [*[10, 12] * 6, 50]
    rows = "".join(
        f"{number},A,{day},{amount}\n" for number, (day, amount) in enumerate(zip(days, amounts, strict=True))
    )
    last = "99,A,2026-07-05,0\n"  # the day on which the thirteenth sprint ends
    workspace = company(tmp_path, orders_csv=ORDERS + rows + last, toml=SPRINTS)
    refresh_now(workspace)
    told = catalogue(open_board(workspace)).query("kvi == 'turnover'")[COLUMNS].values.tolist()
    assert told == [["Jun 2026", "€62", "Unusually high (good) in Sprint 13"]]
