"""A shop of two customers whose orders hold one of every flaw, each counted by hand."""

from contextlib import closing
from pathlib import Path

import pytest

from kviboard.board.context import open_store_of
from kviboard.board.exports.maintenance import refresh_now
from kviboard.workspace import load_workspace
from tests.once import once, shared_folder

CONFIG = """
[company]
name = "Flawed"

[refresh]
max_reject_share = 0.5

[sources.customers]
files = "exports/customers.csv"

[sources.orders]
files = "exports/orders*.csv"
order_rows = "versions"

[sources.responses]
files = "exports/responses.csv"
"""
CUSTOMERS = "customer_id,signed_up_on\na,2026-01-01\nb,2026-01-01\n"
ORDERS = """order_id,customer_id,ordered_at,amount
1,a,2026-01-01,10.00
2,b,2026-01-02,20.00
3,a,2026-01-02,x
4,,2026-01-03,5.00
5,b,2026-01-10,1.00
5,b,2026-01-10,1.00
2,b,2026-01-12,21.00
broken
"""
# 8 rows read: 3, 4 and "broken" rejected, a copy of 5 folded, the first 2 replaced; 1, 5 and the last 2 kept.
READ, KEPT, REJECTED, DUPLICATES, REPLACED = 8, 3, 3, 1, 1


def write_flawed_shop(folder: Path) -> Path:
    """The workspace in `folder`; kviboard.toml names a responses export that is not there."""
    (folder / "exports").mkdir(parents=True)
    (folder / "kviboard.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "exports" / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (folder / "exports" / "orders.csv").write_text(ORDERS, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def refreshed_flawed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flawed shop, refreshed once for all workers, with an empty store: to be copied."""

    def make(folder: Path) -> None:
        workspace = load_workspace(write_flawed_shop(folder))
        refresh_now(workspace)
        with closing(open_store_of(workspace)):
            pass

    return once(shared_folder(tmp_path_factory) / "flawed", make)
