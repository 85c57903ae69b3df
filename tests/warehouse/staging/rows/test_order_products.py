"""An order with lines of several products is one of each, with their amounts; what cannot be split is said."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kviboard.warehouse.refresh import refresh
from tests.warehouse import company as on_disk
from tests.warehouse.company import ORDERS, company, with_marts, write
from tests.warehouse.staged import published, refreshed

LINES = "order_id,customer_id,ordered_at,product,amount\n"
OTHERS = "".join(f"x{n},c{n % 3},2026-01-{n % 28 + 1:02},tea,5\n" for n in range(20))
PRODUCTS = "select order_id, product, amount from order_products order by all"
TWO_FILES = '[sources.orders]\nfiles = "exports/orders*.csv"\n'


def products(folder: Path, toml: str = "", **files: str) -> list[tuple[Any, ...]]:
    workspace = company(folder, toml, **files)
    refreshed(workspace)
    return published(workspace, PRODUCTS)


def test_each_product_of_an_order_has_the_amounts_of_its_own_lines(tmp_path: Path) -> None:
    lines = "1,c1,2026-01-01,tea,10\n1,c2,2026-01-02,mug,20\n2,c2,2026-01-02,tea,5\n1,c1,2026-01-01,tea,2.50\n"
    assert products(tmp_path, orders_csv=LINES + lines) == [("1", "mug", 20), ("1", "tea", Decimal("12.50"))]
    who_and_when = "select distinct customer_id, day::varchar from order_products"
    assert published(company(tmp_path), who_and_when) == [("c1", "2026-01-01")]  # as the order, by its first line


def test_an_order_of_one_product_is_not_split_whatever_other_lines_it_has(tmp_path: Path) -> None:
    lines = "1,c1,2026-01-01,tea,10\n1,c1,2026-01-01,tea,10.50\n1,c1,2026-01-02,,-3\n"
    lines += "2,c2,2026-01-01,,4\n2,c2,2026-01-01,mug,5\n"
    assert products(tmp_path, orders_csv=LINES + lines) == []
    orders = "select order_id, product, amount from orders order by 1"
    assert published(company(tmp_path), orders) == [("1", "tea", Decimal("17.50")), ("2", "mug", 9)]


def test_exports_without_products_or_without_lines_have_none(tmp_path: Path) -> None:
    assert products(tmp_path / "plain", orders_csv=LINES + OTHERS) == []
    assert products(tmp_path / "bare", orders_csv=ORDERS + "1,c1,2026-01-01,10\n1,c1,2026-01-01,20\n") == []


def test_lines_without_a_product_stand_under_none_and_refunds_are_taken_off_their_product(tmp_path: Path) -> None:
    lines = "1,c1,2026-01-01,tea,10\n1,c1,2026-01-01,mug,20\n1,c1,2026-01-01,,4.90\n1,c1,2026-01-08,mug,-20\n"
    assert products(tmp_path, orders_csv=LINES + lines) == [
        ("1", "mug", 0),
        ("1", "tea", 10),
        ("1", None, Decimal("4.90")),
    ]


def test_where_a_line_has_no_amount_of_its_own_nothing_is_split_and_that_is_said(tmp_path: Path) -> None:
    lines = "1,c1,2026-01-01,tea,60\n1,,,mug,\n1,,,pot,\n2,c2,2026-01-02,tea,9.50\n2,c2,2026-01-02,pot,\n"
    workspace = company(tmp_path, orders_csv=LINES + lines + OTHERS)
    manifest = refreshed(workspace)
    both, all_three = [("2", "pot", None), ("2", "tea", None)], [("1", each, None) for each in ("mug", "pot", "tea")]
    assert published(workspace, PRODUCTS) == [*all_three, *both]
    assert published(workspace, "select sum(amount) from orders") == [(60 + Decimal("9.50") + 20 * 5,)]
    (said,) = [each for each in manifest.decisions if "several products" in each.what]
    assert said.what == (
        "2 orders hold several products, and not each line has an amount of its own: they count as an order of each "
        "product, and their turnover of 69.50 under none of them."
    )
    assert (said.level, said.example) == ("warning", "order 1, lines 2, 3 and 4: 60.00")


def test_totals_on_every_line_are_nobody_s_own(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\norder_rows = "totals"\n'
    lines = "1,c1,2026-01-01,tea,30\n1,c1,2026-01-01,mug,30\n2,c2,2026-01-01,tea,7\n"
    assert products(tmp_path, toml, orders_csv=LINES + lines) == [("1", "mug", None), ("1", "tea", None)]


def test_of_several_versions_the_one_that_counts_has_its_product_alone(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\norder_rows = "versions"\n'
    lines = "1,c1,2026-01-01,tea,30\n1,c1,2026-01-01,mug,31\n2,c2,2026-01-01,tea,7\n"
    assert products(tmp_path, toml, orders_csv=LINES + lines) == []
    assert published(company(tmp_path, toml), "select product from orders where order_id = '1'") == [("mug",)]


def test_a_later_file_replaces_the_products_of_an_order_too(tmp_path: Path) -> None:
    first = LINES + "1,c1,2026-01-01,tea,10\n1,c1,2026-01-01,mug,20\n2,c2,2026-01-02,tea,5\n2,c2,2026-01-02,mug,6\n"
    later = LINES + "1,c1,2026-01-01,tea,11\n1,c1,2026-01-01,pot,2\n3,c2,2026-01-02,tea,5\n"
    found = products(tmp_path, TWO_FILES, **{"orders-9__csv": first, "orders-10__csv": later})
    assert found == [("1", "pot", 2), ("1", "tea", 11), ("2", "mug", 6), ("2", "tea", 5)]


def test_lines_in_several_files_are_added_and_what_overlaps_counts_once(tmp_path: Path) -> None:
    toml = TWO_FILES + 'order_rows = "all_lines"\n'
    first = LINES + "1,c1,2026-01-01,tea,10\n1,c1,2026-01-01,mug,20\n"
    later = LINES + "1,c1,2026-01-01,mug,20\n1,c1,2026-02-01,pot,3\n1,c1,2026-02-02,tea,-4\n"
    found = products(tmp_path, toml, **{"orders-1__csv": first, "orders-2__csv": later})
    assert found == [("1", "mug", 20), ("1", "pot", 3), ("1", "tea", 6)]


def test_amounts_in_other_currencies_are_split_to_their_last_digit(tmp_path: Path) -> None:
    toml = '[company]\ncurrency = "EUR"\n[currency]\nrates = { USD = 0.91234 }\n'
    toml += '[sources.orders]\nfiles = "exports/orders.csv"\n'
    header = "order_id,customer_id,ordered_at,product,amount,currency\n"
    lines = "1,c1,2026-01-01,tea,10.01,USD\n1,c1,2026-01-01,mug,20.02,EUR\n2,c1,2026-01-01,tea,1,USD\n"
    found = products(tmp_path, toml, orders_csv=header + lines)
    assert found == [("1", "mug", Decimal("20.02")), ("1", "tea", Decimal("10.01") * Decimal("0.91234"))]
    assert published(company(tmp_path, toml), "select amount from orders where order_id = '1'") == [
        (Decimal("20.02") + Decimal("10.01") * Decimal("0.91234"),)
    ]


def test_thousands_of_orders_are_split_as_their_lines_tell(tmp_path: Path) -> None:
    """Against the export that the lines were drawn for, grouped with pandas."""
    chance = np.random.default_rng(17)
    orders = np.repeat(np.arange(3_000), chance.integers(1, 5, 3_000))
    lines = pd.DataFrame({"order_id": orders.astype(str), "cents": chance.integers(-300, 5_000, len(orders))})
    lines["customer_id"] = "c" + (orders % 400).astype(str)
    lines["ordered_at"] = (np.datetime64("2026-01-01") + orders % 90).astype(str)
    lines["product"] = chance.choice(["tea", "mug", "pot", "tray", None], len(orders))
    lines["amount"] = [f"{cents / 100:.2f}" for cents in lines["cents"]]
    lines = lines.sample(frac=1, random_state=3)  # lines of one order need not stand together
    write(tmp_path, "orders_csv", lines[LINES.strip().split(",")].to_csv(index=False))
    workspace = company(tmp_path, '[sources.orders]\nfiles = "exports/orders.csv"\n')
    refreshed(workspace)
    several = lines.groupby("order_id")["product"].transform("nunique") > 1
    truth = lines[several].groupby(["order_id", "product"], dropna=False)["cents"].sum().reset_index()
    found = published(workspace, "select order_id, product, (amount * 100)::bigint from order_products")
    assert len(truth) > 4_000
    known = truth.astype({"product": object}).where(truth.notna(), None)
    assert sorted(found, key=str) == sorted(known.itertuples(index=False, name=None), key=str)


def test_products_are_taken_over_with_the_orders_that_are_the_same(tmp_path: Path) -> None:
    lines = "1,c1,2026-01-01,tea,10\n1,c1,2026-01-01,mug,20\n2,c2,2026-01-02,tea,5\n"
    answers = "response_id,customer_id,responded_at,score\nr1,c1,2026-01-02,9\n"
    workspace = company(tmp_path, orders_csv=LINES + lines, responses_csv=answers)
    catalog = with_marts(workspace, "answers_by_group")
    counted = "select group_name, responses from answers_by_group where group_kind = 'product' order by all"
    refresh(workspace, catalog)
    write(tmp_path, "responses_csv", answers + "r2,c1,2026-01-02,3\n")
    assert refresh(workspace, catalog).tables["order_products"] == 2
    assert on_disk.published(workspace, PRODUCTS) == [("1", "mug", 20), ("1", "tea", 10)]
    assert on_disk.published(workspace, counted) == [("mug", 2), ("tea", 2)]  # made anew of what was taken over
    write(tmp_path, "orders_csv", LINES + lines.replace("mug", "pot"))
    refresh(workspace, catalog)
    assert on_disk.published(workspace, PRODUCTS) == [("1", "pot", 20), ("1", "tea", 10)]
    assert on_disk.published(workspace, counted) == [("pot", 2), ("tea", 2)]
