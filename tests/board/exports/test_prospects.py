"""Who may become a customer, in a list of contacts that set-up recognises: not new on the day of the contact."""

from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import load_workspace
from tests.warehouse.company import published, staging_only

STAGES = ["customer", "lead", "opportunity", "marketingqualifiedlead", "customer", "subscriber"]
CONTACTS = "Customer ID,Company,Lifecycle Stage,Created at,Country\n" + "".join(
    f"{n},Shop {n},{STAGES[n % 6]},2026-01-{n + 1:02},{('NL', 'DE')[n % 2]}\n" for n in range(24)
)
ORDERS = "Order ID,Customer ID,Order Date,Total\n" + "".join(f"O{n},{n % 4},2026-02-0{n + 1},5.50\n" for n in range(8))


@pytest.mark.parametrize(
    ("choices", "none"), [({}, STAGES[1:4] + STAGES[5:]), ({"contacts.csv:void": "lead"}, ["lead"])]
)
def test_leads_have_no_day_on_which_they_signed_up_and_keep_what_they_bought(
    tmp_path: Path, choices: dict[str, str], none: list[str]
) -> None:
    files = [tmp_path / "contacts.csv", tmp_path / "orders.csv"]
    for file, text in zip(files, (CONTACTS, ORDERS), strict=True):
        file.write_text(text)
    build(tmp_path / "board", plan_for(look_at(files), choices), files, Company())
    workspace = load_workspace(tmp_path / "board")
    report = refresh(workspace, staging_only(workspace))
    listed, orders = pd.read_csv(StringIO(CONTACTS)), pd.read_csv(StringIO(ORDERS))
    known = listed.loc[~listed["Lifecycle Stage"].isin(none), "Customer ID"].astype(str)
    found = published(workspace, "select customer_id from customers where signed_up_on is not null")
    assert {customer for (customer,) in found} == set(known)
    assert published(workspace, "select count(*) from customers") == [(len(listed),)]
    assert published(workspace, "select sum(amount)::double from orders") == [(orders["Total"].sum(),)]
    doubts = [said for said in report.decisions if "count as new customers" in said.what]
    assert len(doubts) == bool(choices)  # of the others that may be none yet
