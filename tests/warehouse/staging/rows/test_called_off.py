"""What a later file has as one that the company's own query leaves out does not count by an earlier file."""

from pathlib import Path

import numpy as np
import pandas as pd

from kviboard.workspace import Workspace
from tests.warehouse.company import company, query
from tests.warehouse.staged import published, refreshed

FILES = '[sources.orders]\nfiles = "exports/orders*"\n'
HEAD = "order_id,customer_id,ordered_at,amount,state\n"
OFF = "case when state = 'void' then 'the order was void' end as reject_reason"
PAID, VOID = "{},c1,2026-01-05,100,paid\n", "{},c1,2026-01-05,100,void\n"
CASES = [  # the rows of an order in file 8, 9 and 10, and what it comes to
    ((PAID, VOID, ""), 0),
    ((PAID, "", VOID), 0),
    ((PAID * 2, PAID, VOID), 0),
    ((PAID + "{},c1,2026-01-05,7,paid\n", VOID, ""), 0),  # with its further lines
    ((PAID + "{},c1,,7,paid\n", VOID, ""), 0),
    ((PAID, "{},c1,2026-01-05,0,void\n", ""), 0),
    ((VOID, PAID, ""), 100),  # paid at the second attempt
    ((PAID, VOID, PAID), 100),
    ((PAID, VOID + PAID, ""), 100),  # a line of it was called off
    ((PAID + VOID, "", ""), 100),
    ((PAID, "{},c1,2026-02-09,100,void\n", ""), 100),  # another day: a payment that names its invoice, and is left out
    ((PAID, "{},c9,2026-01-05,100,void\n", ""), 100),
]


def shop(folder: Path, *files: str, settings: str = "") -> Workspace:
    """A shop with exports 8, 9, …, which leaves out what is void."""
    exports = {f"orders_{number}__csv": rows for number, rows in enumerate(files, start=8)}
    query(folder, "staging/orders.sql", f"select *, {OFF} from source.orders")
    return company(folder, FILES + settings, **exports)


def test_an_order_that_was_called_off_since_is_no_turnover(tmp_path: Path) -> None:
    rows = [[texts[place].replace("{}", str(n)) for n, (texts, _) in enumerate(CASES)] for place in range(3)]
    workspace = shop(tmp_path, *(HEAD + "".join(some) for some in rows))
    for row in refreshed(workspace).files:
        assert row.rows_read == row.rows_accounted_for
        assert row.rows_kept == row.rows_staged
    found = dict(published(workspace, "select order_id, amount::int from orders"))
    assert [found.get(str(n), 0) for n in range(len(CASES))] == [amount for _, amount in CASES]


def test_further_lines_in_later_files_call_no_order_off(tmp_path: Path) -> None:
    workspace = shop(tmp_path, HEAD + PAID, HEAD + VOID, settings='order_rows = "all_lines"\n')
    refreshed(workspace)
    assert published(workspace, "select amount::int from orders") == [(100,)]


def test_the_later_file_may_be_of_another_source(tmp_path: Path) -> None:
    """As where a column was added to the export since."""
    toml = '[sources.orders]\nfiles = "exports/old.csv"\n[sources.orders_2]\nfiles = "exports/new.csv"\n'
    workspace = company(tmp_path, toml, old_csv=HEAD + PAID + "2,c2,2026-01-06,50,paid\n", new_csv=HEAD + VOID)
    both = f"select *, {OFF} from source.orders union all select *, {OFF} from source.orders_2"
    query(tmp_path, "staging/orders.sql", both)
    refreshed(workspace)
    assert published(workspace, "select order_id from orders") == [("2",)]


def test_the_last_change_decides_where_it_is_known(tmp_path: Path) -> None:
    """The file called after the others may be the older one."""
    head, other = HEAD.replace("state", "state,updated_at"), "2,c2,2026-01-06,50,paid,2026-01-06\n"
    before, after = f"{PAID.strip()},2026-01-05\n", f"{VOID.strip()},2026-02-01\n"
    workspace = shop(tmp_path, head + after + other, head + before + other)
    refreshed(workspace)
    assert published(workspace, "select sum(amount)::int from orders") == [(50,)]


def test_typed_exports_agree_with_pandas(tmp_path: Path) -> None:
    """Each file is the whole shop as it was then, as a daily download is: the last one has it right."""
    rng, days = np.random.default_rng(7), pd.date_range("2026-01-01", periods=60)
    orders = pd.DataFrame({
        "order_id": [f"O{n}" for n in range(200)], "customer_id": rng.integers(1, 40, 200).astype(str),
        "ordered_at": rng.choice(days, 200), "amount": rng.integers(1, 90, 200), "state": "paid",
    })  # fmt: skip
    (tmp_path / "exports").mkdir()
    for number, until in enumerate(days[[19, 39, 59]], start=1):
        known = orders[orders["ordered_at"] <= until].index
        orders.loc[rng.choice(known, 15, replace=False), "state"] = "void"
        orders.loc[known].to_parquet(tmp_path / "exports" / f"orders_{number}.parquet", index=False)
    workspace = shop(tmp_path)
    refreshed(workspace)
    paid = orders[orders["state"] == "paid"]
    found = published(workspace, "select count(*), sum(amount)::int from orders")
    assert found == [(len(paid), int(paid["amount"].sum()))]


def test_whoever_is_looked_up_in_an_order_that_was_called_off_was_active(tmp_path: Path) -> None:
    toml = FILES + '[sources.visits]\nfiles = "exports/visits.csv"\n'
    of_visits = "select orders.customer_id, visits.at as occurred_at from source.visits inner join source.orders"
    of_orders = "select source.orders.customer_id, ordered_at as occurred_at from source.orders where state = 'paid'"
    query(tmp_path, "staging/orders.sql", f"select *, {OFF} from source.orders")
    query(tmp_path, "staging/activity.sql", f"{of_visits} on number = order_id union all {of_orders}")
    files = {
        "orders_8__csv": HEAD + PAID.format(1),
        "orders_9__csv": HEAD + VOID.format(1) + "2,c2,2026-01-06,5,paid\n",
    }
    workspace = company(tmp_path, toml, **files, visits_csv="number,at\n1,2026-01-09\n2,2026-01-09\n")
    refreshed(workspace)
    days = [("c1", "2026-01-09"), ("c2", "2026-01-06"), ("c2", "2026-01-09")]
    assert published(workspace, "select distinct customer_id, day::varchar from activity order by all") == days
