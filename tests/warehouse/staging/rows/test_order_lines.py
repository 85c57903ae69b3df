"""Rows of one order: lines of a file are added up, a later file replaces the order, and what is open is asked for."""

from decimal import Decimal
from pathlib import Path

import pytest

from kviboard.errors import RefreshError
from kviboard.warehouse.manifest import LedgerRow, Manifest
from tests.warehouse.company import ORDERS, company, query
from tests.warehouse.staged import published, refreshed

WITH_PRODUCT = "order_id,customer_id,ordered_at,product,amount\n"
TWO_FILES = '[sources.orders]\nfiles = "exports/orders*.csv"\n'
OTHERS = "".join(f"x{n},c{n % 3},2026-01-{n % 28 + 1:02},tea,5\n" for n in range(20))


def amounts(folder: Path, toml: str = "", **files: str) -> tuple[dict[str, Decimal], Manifest]:
    """Amounts by order, and what else the refresh found out."""
    workspace = company(folder, toml, **files)
    manifest = refreshed(workspace)
    return dict(published(workspace, "select order_id, amount from orders")), manifest


def row_of(manifest: Manifest, file: str = "exports/orders.csv") -> LedgerRow:
    (row,) = (row for row in manifest.files if row.file == file and row.table_name == "orders")
    return row


def test_lines_of_an_order_are_added_up_and_the_first_says_who_when_and_what(tmp_path: Path) -> None:
    lines = "1,c1,2026-01-01,tea,10\n1,c1,2026-01-01,mug,20\n2,c2,2026-01-02,tea,5\n1,c1,2026-01-01,pot,30\n"
    found, manifest = amounts(tmp_path, orders_csv=WITH_PRODUCT + lines)
    assert found == {"1": 10 + 20 + 30, "2": 5}
    sql = "select customer_id, day::varchar, product from orders where order_id = '1'"
    assert published(company(tmp_path), sql) == [("c1", "2026-01-01", "tea")]
    row = row_of(manifest)
    assert (row.rows_read, row.rows_kept, row.rows_lines, row.rows_duplicate) == (4, 2, 2, 0)
    (said,) = manifest.decisions
    assert (said.level, said.where, said.moves_kvis) == ("note", "exports/orders.csv", True)
    assert said.what.startswith("2 rows are further lines of 1 order: amounts are added")
    assert said.example == "order 1, lines 2, 3 and 5: 60.00 in all"


def test_a_refund_under_the_orders_own_number_is_taken_off(tmp_path: Path) -> None:
    found, manifest = amounts(
        tmp_path, orders_csv=ORDERS + "1,c1,2026-01-01,100\n2,c2,2026-01-02,7\n1,c1,2026-02-03,-40\n"
    )
    assert found == {"1": 60, "2": 7}
    assert published(company(tmp_path), "select day::varchar from orders where order_id = '1'") == [("2026-01-01",)]
    said = manifest.decisions[1]
    assert said.what.startswith(
        "1 order has lines of a later day that pay something back: it is taken off the turnover "
    )
    assert (said.level, said.moves_kvis, said.example) == ("warning", True, "order 1, lines 2 and 4")


def test_a_refund_with_a_number_of_its_own_is_taken_off_on_its_day(tmp_path: Path) -> None:
    """As the warning of the test before says how; nothing is left to be confirmed."""
    own_number = "case when cast(amount as double) < 0 then 'R' || order_id else order_id end as order_id"
    query(tmp_path, "staging/orders.sql", f"select * replace ({own_number}) from source.orders")
    lines = "1,c1,2026-01-01,100\n2,c2,2026-01-02,7\n1,c1,2026-02-03,-40\n"
    _, manifest = amounts(tmp_path, orders_csv=ORDERS + lines)
    by_day = published(company(tmp_path), "select day::varchar, amount from orders order by 1")
    assert by_day == [("2026-01-01", 100), ("2026-01-02", 7), ("2026-02-03", -40)]
    assert not manifest.decisions


def test_lines_of_other_days_that_pay_nothing_back_are_noted(tmp_path: Path) -> None:
    lines = "1,c1,2026-01-01,100\n2,c2,2026-01-02,7\n1,c1,2026-01-03,40\n"
    found, manifest = amounts(tmp_path, orders_csv=ORDERS + lines)
    assert found == {"1": 140, "2": 7}
    assert "The lines of 1 order are of different days" in manifest.decisions[1].what
    assert manifest.decisions[1].level == "note"


def test_lines_alike_in_a_file_with_lines_are_two_of_the_same_thing(tmp_path: Path) -> None:
    lines = "1,c1,2026-01-01,tea,10\n1,c1,2026-01-01,tea,10\n1,c1,2026-01-01,mug,20\n"
    found, manifest = amounts(tmp_path, orders_csv=WITH_PRODUCT + lines)
    assert found == {"1": 40}
    assert row_of(manifest).rows_lines == 2


def test_rows_alike_in_a_file_without_lines_are_copies(tmp_path: Path) -> None:
    found, manifest = amounts(tmp_path, orders_csv=WITH_PRODUCT + "1,c1,2026-01-01,tea,10\n" * 2 + OTHERS)
    assert found["1"] == 10
    assert (row_of(manifest).rows_duplicate, row_of(manifest).rows_lines) == (1, 0)


def test_rows_that_a_line_number_tells_apart_are_lines_whatever_it_is_called(tmp_path: Path) -> None:
    header = "order_id,line no,customer_id,ordered_at,amount\n"
    found, _ = amounts(
        tmp_path, orders_csv=header + "1,1,c1,2026-01-01,10\n1,2,c1,2026-01-01,10\n2,1,c1,2026-01-02,5\n"
    )
    assert found == {"1": 20, "2": 5}


def test_a_line_with_nothing_but_its_order_continues_it(tmp_path: Path) -> None:
    lines = "1,c1,2026-01-01,tea,60\n1,,,mug,\n1,,,pot,\n9,,,lost,\n"
    found, manifest = amounts(tmp_path, orders_csv=WITH_PRODUCT + lines + OTHERS)
    assert found["1"] == 60
    row = row_of(manifest)
    assert (row.rows_read, row.rows_kept, row.rows_lines, row.rows_rejected) == (24, 21, 2, 1)
    rejected = published(company(tmp_path), "select line, reason, kind from rejected_rows")
    assert rejected == [(5, "customer_id is missing", "rejected")]


def test_a_line_without_customer_and_day_adds_its_amount(tmp_path: Path) -> None:
    found, _ = amounts(
        tmp_path, orders_csv=WITH_PRODUCT + "1,c1,2026-01-01,tea,60\n1,,,mug,2.50\n2,c2,2026-01-01,tea,1\n"
    )
    assert found == {"1": Decimal("62.50"), "2": 1}


def test_a_later_file_replaces_the_whole_order(tmp_path: Path) -> None:
    first = WITH_PRODUCT + "1,c1,2026-01-01,tea,10\n1,c1,2026-01-01,mug,20\n2,c2,2026-01-02,tea,5\n"
    later = WITH_PRODUCT + "1,c1,2026-01-01,tea,11\n1,c1,2026-01-01,pot,2\n1,c1,2026-01-01,mug,3\n"
    found, manifest = amounts(tmp_path, TWO_FILES, **{"orders-9__csv": first, "orders-10__csv": later})
    assert found == {"1": 16, "2": 5}
    rows = [row_of(manifest, f"exports/orders-{number}.csv") for number in (9, 10)]
    assert [(r.rows_read, r.rows_kept, r.rows_lines, r.rows_replaced) for r in rows] == [(3, 1, 0, 2), (3, 1, 2, 0)]


def test_the_same_order_in_two_files_counts_once(tmp_path: Path) -> None:
    lines = "1,c1,2026-01-01,tea,10\n1,c1,2026-01-01,mug,20\n"
    other_way = "1,c1,2026-01-01,mug,20\n1,c1,2026-01-01,tea,10\n"
    files = {"orders_1__csv": WITH_PRODUCT + lines + OTHERS, "orders_2__csv": WITH_PRODUCT + other_way}
    found, manifest = amounts(tmp_path, TWO_FILES, **files)
    assert found["1"] == 30
    assert row_of(manifest, "exports/orders_1.csv").rows_duplicate == 2


def test_the_order_changed_last_counts_whatever_its_file_is_called(tmp_path: Path) -> None:
    header = "order_id,customer_id,ordered_at,updated_at,amount\n"
    files = {
        "orders_1__csv": header + "1,c1,2026-01-01,2026-01-09,80\n2,c1,2026-01-01,2026-01-02,5\n",
        "orders_2__csv": header + "1,c1,2026-01-01,2026-01-01,100\n2,c1,2026-01-01,2026-01-03,6\n",
    }
    found, _ = amounts(tmp_path, TWO_FILES, **files)
    assert found == {"1": 80, "2": 6}


def test_an_amount_repeated_on_every_line_is_asked_about_and_a_setting_decides(tmp_path: Path) -> None:
    rows = "".join(f"{n},c{n},2026-01-01,p{line},{n * 10}\n" for n in range(1, 5) for line in range(3))
    with pytest.raises(RefreshError) as caught:
        amounts(tmp_path, orders_csv=WITH_PRODUCT + rows)
    (problem,) = caught.value.problems
    assert problem.where == "kviboard.toml, [sources.orders] order_rows"
    assert (
        "4 orders have several rows, all with the same amount (order 1, lines 2 and 4 of exports/orders.csv: 10.00)"
        in (problem.what)
    )
    settings = {"lines": 3, "totals": 1, "versions": 1}
    for setting, times in settings.items():
        toml = f'[sources.orders]\nfiles = "exports/orders.csv"\norder_rows = "{setting}"\n'
        found, manifest = amounts(tmp_path, toml)
        assert found == {str(n): n * 10 * times for n in range(1, 5)}, setting
        assert row_of(manifest).rows_accounted_for == 12


WITH_REFUNDS = (
    "".join(f"{n},c{n},2026-01-0{n},p{line},{n * 10}\n" for n in range(1, 5) for line in range(3))
    + "1,c1,2026-01-09,p0,-10\n"  # all of it, once for each of two lines
    + "1,c1,2026-01-09,p1,-10\n"
    + "2,c2,2026-01-09,p0,-5\n"  # a part, and the same part again
    + "2,c2,2026-01-10,p0,-5\n"
    + "5,c5,2026-01-05,p0,50\n5,c5,2026-01-09,p0,-50\n"
    + "6,c6,2026-01-09,p0,-60\n6,c6,2026-01-09,p1,-60\n"  # what was bought earlier
)


def test_refunds_under_the_order_s_own_number_do_not_hide_that_its_total_is_repeated(tmp_path: Path) -> None:
    with pytest.raises(RefreshError, match="6 orders have several rows, all with the same amount"):
        amounts(tmp_path, orders_csv=WITH_PRODUCT + WITH_REFUNDS)


def test_with_the_total_on_each_row_refunds_are_taken_off_it_once(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\norder_rows = "totals"\n'
    found, manifest = amounts(tmp_path, toml, orders_csv=WITH_PRODUCT + WITH_REFUNDS)
    assert found == {"1": 10 - 10, "2": 20 - 5 - 5, "3": 30, "4": 40, "5": 50 - 50, "6": -60}
    assert row_of(manifest).rows_accounted_for == WITH_REFUNDS.count("\n")


def test_a_total_repeated_in_two_orders_and_refunded_in_one_is_to_be_confirmed(tmp_path: Path) -> None:
    rows = (
        "1,c1,2026-01-01,a,10\n1,c1,2026-01-01,b,10\n1,c1,2026-01-02,a,-10\n2,c2,2026-01-01,a,7\n2,c2,2026-01-01,b,7\n"
    )
    found, manifest = amounts(tmp_path, orders_csv=WITH_PRODUCT + rows)
    assert found == {"1": 10, "2": 14}
    assert [said.level for said in manifest.decisions if "amounts are added" in said.what] == ["warning"]


def test_a_refund_long_after_its_order_is_no_order_of_another_year(tmp_path: Path) -> None:
    rows = "1,c1,2026-01-01,100\n2,c2,2026-01-02,7\n1,c1,2026-06-03,-40\n"
    _, manifest = amounts(tmp_path, orders_csv=ORDERS + rows)
    assert [said.level for said in manifest.decisions] == ["note", "warning"]
    assert not [said for said in manifest.decisions if "days apart" in said.what]


def test_rows_that_each_have_their_own_time_of_change_are_asked_about(tmp_path: Path) -> None:
    header = "order_id,customer_id,ordered_at,updated_at,amount\n"
    rows = "1,c1,2026-01-01,2026-01-03,80\n1,c1,2026-01-01,2026-01-01,100\n2,c1,2026-01-01,2026-01-03,5\n"
    with pytest.raises(RefreshError, match="1 order has several rows, each with an updated_at of its own"):
        amounts(tmp_path, orders_csv=header + rows)
    for setting, amount in {"versions": 80, "lines": 180}.items():
        toml = f'[sources.orders]\nfiles = "exports/orders.csv"\norder_rows = "{setting}"\n'
        assert amounts(tmp_path, toml)[0] == {"1": amount, "2": 5}


def test_rows_that_a_column_like_last_modified_tells_apart_are_asked_about(tmp_path: Path) -> None:
    header = "order_id,customer_id,ordered_at,last_modified,amount\n"
    rows = "1,c1,2026-01-01,2026-01-03,80\n1,c1,2026-01-01,2026-01-01,100\n2,c1,2026-01-01,2026-01-03,5\n"
    with pytest.raises(RefreshError) as caught:
        amounts(tmp_path, orders_csv=header + rows)
    (problem,) = caught.value.problems
    assert problem.what == (
        "1 order has several rows, each with another last_modified (order 1, lines 2 and 3 of exports/orders.csv)."
    )
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\norder_rows = "versions"\n'
    assert amounts(tmp_path, toml + 'rename = { "last_modified" = "updated_at" }\n')[0] == {"1": 80, "2": 5}


def test_totals_on_every_line_but_for_a_few_orders_are_asked_about(tmp_path: Path) -> None:
    rows = "".join(
        f"{n},c{n},2026-01-01,p{line},{n * 10 + (n == 1 and line)}\n" for n in range(1, 7) for line in (0, 1)
    )
    with pytest.raises(RefreshError, match="6 orders have several rows, 5 with the same amount in each"):
        amounts(tmp_path, orders_csv=WITH_PRODUCT + rows)


def test_lines_of_one_order_with_different_customers_are_to_be_confirmed(tmp_path: Path) -> None:
    _, manifest = amounts(tmp_path, orders_csv=ORDERS + "1,c1,2026-01-01,10\n1,c2,2026-01-01,20\n")
    (said,) = (said for said in manifest.decisions if said.level == "warning")
    assert said.what.startswith("The lines of 1 order name different customers")
    assert said.example == "order 1, lines 2 and 3"


def test_a_query_that_joins_lines_to_their_order_is_counted_line_by_line(tmp_path: Path) -> None:
    sql = (
        "select shop.order_id, customer_id, ordered_at, price as amount, shop._file, shop._line "
        "from source.shop as shop inner join source.items as items on shop.order_id = items.order_id"
    )
    query(tmp_path, "staging/orders.sql", sql)
    shop = "order_id,customer_id,ordered_at\n1,c1,2026-01-01\n2,c2,2026-01-02\n"
    found, manifest = amounts(tmp_path, shop_csv=shop, items_csv="order_id,price\n1,10\n1,20\n2,5\n")
    assert found == {"1": 30, "2": 5}
    row = row_of(manifest, "exports/shop.csv")
    assert (row.rows_read, row.rows_kept, row.rows_lines, row.rows_staged) == (2, 2, 0, 2)


def test_a_file_that_has_everything_twice_is_to_be_confirmed(tmp_path: Path) -> None:
    lines = "1,c1,2026-01-01,tea,10\n1,c1,2026-01-01,mug,20\n2,c2,2026-01-02,tea,5\n"
    _, manifest = amounts(tmp_path, orders_csv=WITH_PRODUCT + lines * 2)
    assert "All 6 rows stand there an even number of times" in manifest.decisions[0].what
    assert manifest.decisions[0].should_be_confirmed
    _, manifest = amounts(tmp_path, orders_csv=WITH_PRODUCT + lines * 2 + "3,c2,2026-01-02,tea,5\n")
    assert not any(said.level == "warning" for said in manifest.decisions)


def test_order_numbers_that_begin_again_each_year_are_warned_of(tmp_path: Path) -> None:
    rows = "".join(f"{n},c{n},{year}-01-0{n},{year + n}\n" for year in (2025, 2026) for n in range(1, 4))
    said = refreshed(company(tmp_path, orders_csv=ORDERS + rows)).decisions
    (far,) = [each for each in said if "days apart" in each.what]
    assert far.level == "warning"
    assert (
        far.what
        == "3 orders have lines more than 92 days apart that are no refunds; all count on the day of the first."
    )
    assert not [each for each in said if "of different days" in each.what]
