"""Staging queries that join, add up and filter: what is said is of lines of the export, not of what joins make."""

from pathlib import Path

import pytest

from kviboard.workspace import Workspace
from tests.warehouse.company import company, query
from tests.warehouse.staged import published, refreshed

ORDERS = "order_id,customer_id,ordered_at,amount,state\n" + "".join(
    f"{n},c{n % 5},2026-01-{n:02},{n}.00,{'test' if n % 10 == 0 else 'done'}\n" for n in range(1, 21)
)
"""Twenty orders, of which the tenth and the twentieth, in lines 11 and 21, are tests."""
SECOND_LINE = "3,c3,2026-01-03,50.00,done\n"  # so that rows of an order are its lines
NOTES = "order_id,note\n1,a\n1,a\n1,a\n10,a\n10,b\n20,a\n2,kind\n2,fine\n3,spam\n3,spam\n"
JOIN = "source.orders as orders left join source.notes as notes on orders.order_id = notes.order_id"
ADDED = "any_value(customer_id) as customer_id, any_value(ordered_at) as ordered_at, sum(amount::double) as amount"


def shop(folder: Path, sql: str, orders: str = ORDERS) -> Workspace:
    query(folder, "staging/orders.sql", sql)
    return company(folder, orders_csv=orders, notes_csv=NOTES)


def said(workspace: Workspace, words: str) -> list[str]:
    return [str(each) for each in refreshed(workspace).decisions if words in str(each)]


def test_what_a_query_leaves_out_is_counted_by_lines(tmp_path: Path) -> None:
    """Orders 3, 10 and 20, however often a join has them."""
    reason = "case when orders.state = 'test' or notes.note = 'spam' then 'a test' end as reject_reason"
    workspace = shop(tmp_path, f"select orders.*, {reason} from {JOIN}")
    (note,) = said(workspace, "left out")
    assert "exports/orders.csv: 3 rows are left out by queries/staging/orders.sql: a test." in note
    assert published(workspace, "select line from rejected_rows order by 1") == [(4,), (11,), (21,)]
    assert published(workspace, "select count(*), sum(amount) from orders") == [(17, 210 - 3 - 10 - 20)]


@pytest.mark.parametrize(
    ("notes", "warned"),
    [("source.notes", True), ("(select distinct order_id from source.notes)", False)],
)
def test_lines_that_a_join_multiplies_are_warned_of(tmp_path: Path, notes: str, warned: bool) -> None:
    """Order 1 has three notes, 2, 10 and 3 two; of 2 and 10 they differ, but not in what the table has. Order 3 has two
    lines."""
    join = JOIN.replace("source.notes", notes)
    workspace = shop(tmp_path, f"select orders.* from {join}", ORDERS + SECOND_LINE)
    found = said(workspace, "become several rows")
    assert len(found) == warned
    if warned:
        assert found[0].startswith(
            "queries/staging/orders.sql: 5 lines of the export become several rows that say the same, 6 more than "
            "there are: what they add up to counts several times. For example, line 2 of exports/orders.csv."
        )
    ((total,),) = published(workspace, "select sum(amount) from orders")
    assert (total == 260) == (not warned)  # 1 + … + 20 + 50


@pytest.mark.parametrize(
    ("sql", "condition"),
    [
        (f"select order_id, {ADDED} from source.orders where state <> 'test' group by order_id", "state <> 'test'"),
        (
            f"with whole as (select order_id, {ADDED} from source.orders where state = 'done' or false group by 1) "
            "select * from whole",
            "state = 'done' or FALSE",
        ),
        (
            "select orders.order_id, orders.customer_id, orders.ordered_at, orders.amount "
            f"from {JOIN} where orders.state <> 'test' and coalesce(notes.note, '') <> 'none'",
            "orders.state <> 'test'",
        ),
        (
            "select order_id, customer_id, ordered_at, amount from source.orders "
            "where state <> 'test' and order_id <> 'this AND that'",
            "state <> 'test' and order_id <> 'this AND that'",
        ),
        (
            "select order_id, customer_id, ordered_at, amount from source.orders "
            f"where state not in ('test', '{80 * 'x'}')",
            "what its where asks for",
        ),
    ],
)
def test_rows_that_a_where_leaves_out_are_counted_before_joins_and_sums(
    tmp_path: Path, sql: str, condition: str
) -> None:
    (note,) = said(shop(tmp_path, sql), "left out")
    assert note.startswith(
        f"The orders export: 2 rows are left out by queries/staging/orders.sql: {condition} does not hold for them. "
        "For example, line 11 of exports/orders.csv."
    )


def test_what_one_part_of_a_query_leaves_out_and_another_takes_is_not_left_out(tmp_path: Path) -> None:
    part = "select order_id, customer_id, ordered_at, amount from source.orders where state"
    assert said(shop(tmp_path, f"{part} = 'test' union all {part} <> 'test'"), "left out") == []
