"""Orders without a customer: rejected, with a word about guests, until [sources] guest_orders lets them count."""

from pathlib import Path

import pytest

from kviboard.errors import RefreshError
from tests.warehouse.company import ORDERS, company, query
from tests.warehouse.staged import published, refreshed, rejected

KNOWN = "".join(f"{n},c{n % 3},2026-01-{n + 1:02},{n}.50\n" for n in range(20))
NAMELESS = (
    "a,,2026-01-01,5\nb,Guest,2026-01-02,7.25\nc,0,2026-01-02,1\nd,not logged in,2026-01-03,2\ne, ,2026-01-03,-1\n"
)
GUESTS = '[sources.orders]\nfiles = "exports/orders*.csv"\nguest_orders = true\n'
ALL_ROWS = "select order_id, customer_id, amount from orders where order_id not in ({}) order by order_id"


def nameless(rows: int) -> str:
    return "".join(f"g{n},,2026-01-{n % 28 + 1:02},1\n" for n in range(rows))


def test_until_it_is_said_that_they_are_of_guests_they_are_rejected_and_the_way_is_told(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=ORDERS + KNOWN + nameless(2))
    manifest = refreshed(workspace)
    assert [row[-1] for row in rejected(workspace)] == ["customer_id is missing"] * 2
    (said,) = (each for each in manifest.decisions if "customer_id is missing" in each.what)
    assert "set [sources.orders] guest_orders = true: they count in turnover then" in said.setting


def test_where_they_stop_the_refresh_the_way_is_told_too(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=ORDERS + KNOWN + nameless(25))
    with pytest.raises(RefreshError, match=r"orders of guests, set \[sources\.orders\] guest_orders = true"):
        refreshed(workspace)
    manifest = refreshed(company(tmp_path, GUESTS))
    assert published(workspace, "select count(*), count(customer_id), sum(amount) from orders") == [(45, 20, 225)]
    assert sum(row.rows_rejected for row in manifest.files) == 0


def test_words_for_nobody_and_the_number_0_are_guests(tmp_path: Path) -> None:
    workspace = company(tmp_path, GUESTS, orders_csv=ORDERS + KNOWN + NAMELESS)
    manifest = refreshed(workspace)
    known = ", ".join(f"'{n}'" for n in range(20))
    assert published(workspace, ALL_ROWS.format(known)) == [
        ("a", None, 5), ("b", None, 7.25), ("c", None, 1), ("d", None, 2), ("e", None, -1)
    ]  # fmt: skip
    assert published(workspace, "select count(*) from customers") == [(3,)]
    (said,) = manifest.decisions
    assert (said.level, said.where, said.example, said.moves_kvis) == ("note", "The orders export", "order a", False)
    assert said.what == "5 of 25 orders name no customer. They bring 14.25 of 214.25 in turnover."  # 200 of the others


def test_where_nobody_said_so_a_word_or_0_is_warned_of_with_the_way(tmp_path: Path) -> None:
    manifest = refreshed(company(tmp_path, orders_csv=ORDERS + KNOWN + NAMELESS.replace("a,,", "a,guest,")))
    (said,) = (each for each in manifest.decisions if "word for nobody" in each.what)
    assert "set guest_orders = true for their source" in said.setting


def test_lines_of_an_order_are_of_the_customer_whom_one_of_them_names(tmp_path: Path) -> None:
    lines = "x,,2026-02-01,tea,10\nx,c1,2026-02-01,mug,20\ny,c2,2026-02-02,tea,5\ny,,2026-02-02,pot,6\n"
    lines += "z,,2026-02-03,tea,1\nz,,2026-02-03,mug,2\n"
    workspace = company(tmp_path, GUESTS, orders_csv="order_id,customer_id,ordered_at,product,amount\n" + lines)
    refreshed(workspace)
    assert published(workspace, ALL_ROWS.format("''")) == [("x", "c1", 30), ("y", "c2", 11), ("z", None, 3)]


def test_without_any_customer_turnover_is_known_and_that_is_said(tmp_path: Path) -> None:
    workspace = company(tmp_path, GUESTS, orders_csv="order_id,ordered_at,amount\n1,2026-01-01,10\n2,2026-01-02,5\n")
    manifest = refreshed(workspace)
    assert published(workspace, "select customer_id, amount from orders order by amount") == [(None, 5), (None, 10)]
    assert "customer_id" not in manifest.provided["orders"]
    (said,) = manifest.decisions
    assert (said.what, said.level, said.moves_kvis) == ("No order names a customer, of 2.", "warning", True)


def test_of_two_sources_each_has_its_own_rule(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\n[sources.till]\nfiles = "exports/till.csv"\n'
    query(tmp_path, "staging/orders.sql", "select * from source.orders union all by name select * from source.till")
    files = {"orders_csv": ORDERS + "1,c1,2026-01-01,10\n2,,2026-01-02,5\n", "till_csv": ORDERS + "3,,2026-01-03,7\n"}
    workspace = company(tmp_path, f"{toml}guest_orders = true\n", **files)
    refreshed(workspace)
    assert published(workspace, "select order_id, customer_id from orders order by all") == [("1", "c1"), ("3", None)]
    assert [row[-1] for row in rejected(workspace)] == ["customer_id is missing"]


def test_of_other_tables_a_customer_is_needed_as_before(tmp_path: Path) -> None:
    query(tmp_path, "staging/activity.sql", "select customer_id, ordered_at as occurred_at from source.orders")
    workspace = company(tmp_path, GUESTS, orders_csv=ORDERS + KNOWN + nameless(1))
    refreshed(workspace)
    assert published(workspace, "select count(*), count(customer_id) from orders") == [(21, 20)]
    assert published(workspace, "select count(*), count(customer_id) from activity") == [(20, 20)]


def test_of_a_source_that_feeds_no_orders_it_is_refused(tmp_path: Path) -> None:
    sources = '[sources.orders]\nfiles = "exports/orders*.csv"\n[sources.logins]\nfiles = "exports/logins*.csv"\n'
    logins = "customer_id,occurred_at\nc1,2026-01-01\n"
    workspace = company(tmp_path, f"{sources}guest_orders = true\n", orders_csv=ORDERS + KNOWN, logins_csv=logins)
    said = r"\[sources\.logins\] guest_orders: is true for a source that feeds no orders, .* for \[sources\.orders\]"
    with pytest.raises(RefreshError, match=said):
        refreshed(workspace)
