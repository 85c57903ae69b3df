"""Orders that no column numbers, as of tills: what one is, is asked."""

from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.workspace import Workspace, load_workspace
from tests.warehouse.company import published

pytestmark = pytest.mark.usefixtures("exports_alone")

MARCH = pd.DataFrame(
    {
        "Card No": [9000 + (n // 4 + n % 2) % 5 if n % 6 else "" for n in range(60)],
        "Transaction Date": [f"2026-03-{n // 4 + 1:02} 1{n % 2}:00:00" for n in range(60)],
        "Net Sales": [f"{n // 4 % 3 + 1}.50" for n in range(60)],  # some buy the same twice
    }
)
APRIL = MARCH.iloc[40:].reset_index(drop=True)  # what was exported before, too
NEW = pd.DataFrame({"Card No": ["9001"], "Transaction Date": ["2026-04-02 10:00:00"], "Net Sales": ["7.25"]})


def built(folder: Path, what: str) -> Workspace:
    first, second = folder / "transactions-03.csv", folder / "transactions-04.csv"
    MARCH.to_csv(first, index=False)
    pd.concat([APRIL, NEW]).to_csv(second, index=False)
    (open_question,) = plan_for(look_at([first])).open_questions
    key = "transactions-03.csv:order"
    assert open_question.key == key
    build(folder / "board", plan_for(look_at([first]), {key: what}), [first], Company())
    (folder / "board" / "exports" / second.name).write_bytes(second.read_bytes())
    workspace = load_workspace(folder / "board")
    refresh_now(workspace)
    return workspace


@pytest.mark.parametrize("what", ["row", "time"])
def test_what_is_in_two_files_counts_once(tmp_path: Path, what: str) -> None:
    workspace = built(tmp_path, what)
    rows = pd.concat([MARCH, NEW])
    named = rows[rows["Card No"] != ""]
    orders = len(rows)
    if what == "time":
        orders = len(named.drop_duplicates(["Card No", "Transaction Date"])) + len(rows) - len(named)
    total = rows["Net Sales"].astype(float).sum()
    counted = published(workspace, "select count(distinct order_id), sum(amount)::double, count(*) from orders")
    assert counted == [(orders, total, orders)]
    assert (orders < len(rows)) is (what == "time")
