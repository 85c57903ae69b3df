"""KVIs are sliced by what orders and answers say of their customers: of each customer the latest row counts."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.domain.recognition.plan import Plan
from kviboard.workspace import Workspace, load_workspace
from tests.warehouse.company import published

pytestmark = pytest.mark.usefixtures("exports_alone")

ORDERS = pd.DataFrame(
    {
        "Order ID": range(90),
        "Customer ID": [f"k{n * 7 % 13}" for n in range(90)],
        "Order Date": pd.Timestamp("2026-01-05") + pd.to_timedelta([n * 11 % 83 for n in range(90)], unit="D"),
        "Order Total": [f"{n}.25" for n in range(90)],
        "Region": [["North", "South", "East"][n * 5 % 7 % 3] for n in range(90)],
        "Order Status": [["paid", "shipped"][n % 2] for n in range(90)],
        "Quantity": [n % 4 + 1 for n in range(90)],
    }
)
ANSWERS = pd.DataFrame(
    {
        "Response ID": [f"r{n}" for n in range(40)],
        "Customer ID": [f"k{n * 3 % 11}" if n % 8 else "anonymous" for n in range(40)],
        "Responded at": pd.Timestamp("2026-02-01") + pd.to_timedelta([n * 7 % 40 for n in range(40)], unit="D"),
        "Score": [n % 11 for n in range(40)],
        "Plan": [["Free", "Pro", ""][n * 3 % 5 % 3] for n in range(40)],
    }
)


def files_of(folder: Path, **frames: pd.DataFrame) -> list[Path]:
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return [folder / f"{name}.csv" for name in frames]


def seen(folder: Path, choices: Mapping[str, str] | None = None, **frames: pd.DataFrame) -> Plan:
    return plan_for(look_at(files_of(folder, **frames)), choices)


def candidates(plan: Plan) -> dict[str, list[str]]:
    return {export.role: [column for column, _ in export.candidates] for export in plan.exports}


def built(folder: Path, choices: Mapping[str, str], **frames: pd.DataFrame) -> Workspace:
    paths = files_of(folder, **frames)
    build(folder / "board", plan_for(look_at(paths), choices), paths, Company())
    workspace = load_workspace(folder / "board")
    refresh_now(workspace)
    return workspace


def latest(rows: pd.DataFrame, at: str, column: str) -> dict[str, str]:
    """What each customer's latest row says; of rows at one time the last by name."""
    named = rows[(rows["Customer ID"] != "anonymous") & (rows[column] != "")]
    ranked = named.sort_values([at, column])
    return dict(zip(ranked["Customer ID"], ranked[column], strict=True))


def held(workspace: Workspace, column: str) -> dict[str, str]:
    found = published(workspace, f"select customer_id, {column} from customers where {column} <> 'Unknown'")
    return dict(found)


def written(rows: pd.DataFrame, at: str, date_format: str) -> pd.DataFrame:
    return rows.assign(**{at: rows[at].dt.strftime(date_format)})


@pytest.mark.parametrize("date_format", ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y %H:%M"])
def test_turnover_is_sliced_by_what_a_customers_latest_order_says(tmp_path: Path, date_format: str) -> None:
    orders = written(ORDERS, "Order Date", date_format)
    told = seen(tmp_path, orders=orders.assign(Currency=["EUR", "USD"] * 45))
    assert candidates(told) == {"orders": ["Region"]}  # no state, currency or number
    workspace = built(tmp_path, {"orders.csv:dimensions": "Region"}, orders=orders)
    assert workspace.dimensions == ("region",)
    of = latest(ORDERS, "Order Date", "Region")
    assert held(workspace, "region") == of
    amounts = ORDERS["Order Total"].astype(float).groupby(ORDERS["Customer ID"].map(of)).sum()
    sliced = "select region, sum(amount)::double from orders inner join customers using (customer_id) group by 1"
    assert dict(published(workspace, sliced)) == amounts.to_dict()


def test_nothing_is_sliced_unless_somebody_says_so(tmp_path: Path) -> None:
    workspace = built(tmp_path, {}, orders=ORDERS, answers=ANSWERS)
    assert workspace.dimensions == ()
    assert not (workspace.root / "queries" / "staging" / "customers.sql").exists()


def test_several_exports_tell_and_customers_keep_what_their_own_export_says(tmp_path: Path) -> None:
    customers = pd.DataFrame(
        {
            "Customer ID": [f"k{n}" for n in range(14)],  # the last neither bought nor answered
            "Segment": [["Homes", "Offices"][n % 2] for n in range(14)],
            "Signed up": [f"2026-01-{n + 1:02}" for n in range(14)],
        }
    )
    orders = written(ORDERS, "Order Date", "%d.%m.%Y")
    frames = {"orders": orders, "answers": ANSWERS, "customers": customers}
    assert candidates(seen(tmp_path, **frames)) == {
        "orders": ["Region"],
        "responses": ["Plan"],
        "customers": ["Segment"],
    }
    choices = {"orders.csv:dimensions": "Region", "answers.csv:dimensions": "Plan"}
    workspace = built(tmp_path, choices, **frames)
    assert set(workspace.dimensions) == {"segment", "region", "plan"}
    assert held(workspace, "segment") == dict(zip(customers["Customer ID"], customers["Segment"], strict=True))
    assert held(workspace, "region") == latest(ORDERS, "Order Date", "Region")
    assert held(workspace, "plan") == latest(ANSWERS, "Responded at", "Plan")
    assert published(workspace, "select count(*), min(signed_up_on)::varchar from customers") == [(14, "2026-01-01")]
    assert published(workspace, "select count(*) from rejected_rows") == [(0,)]  # nobody is no customer


def test_one_column_of_two_exports_is_told_by_the_latest_row_of_both(tmp_path: Path) -> None:
    answers = ANSWERS.assign(Region=["West", "North"] * 20).drop(columns="Plan")
    choices = {"orders.csv:dimensions": "Region", "answers.csv:dimensions": "Region"}
    workspace = built(tmp_path, choices, orders=written(ORDERS, "Order Date", "%m/%d/%Y"), answers=answers)
    both = pd.concat([each.set_axis(["Customer ID", "at", "Region"], axis=1) for each in (
        ORDERS[["Customer ID", "Order Date", "Region"]], answers[["Customer ID", "Responded at", "Region"]]
    )])  # fmt: skip
    assert held(workspace, "region") == latest(both, "at", "Region")


def test_orders_that_were_called_off_are_left_out_beside_it(tmp_path: Path) -> None:
    orders = ORDERS.assign(**{"Order Status": [["paid", "cancelled"][n % 5 == 0] for n in range(90)]})
    workspace = built(tmp_path, {"orders.csv:dimensions": "Region"}, orders=orders)
    counted = orders[orders["Order Status"] == "paid"]
    assert published(workspace, "select sum(amount)::double from orders") == [
        (counted["Order Total"].astype(float).sum(),)
    ]
    assert held(workspace, "region") == latest(orders, "Order Date", "Region")


def test_a_name_that_is_a_word_of_sql_is_one_to_slice_by(tmp_path: Path) -> None:
    orders = ORDERS.rename(columns={"Region": "Group"})
    workspace = built(tmp_path, {"orders.csv:dimensions": "Group"}, orders=orders)
    assert held(workspace, '"group"') == latest(orders, "Order Date", "Group")


def test_the_state_of_an_address_is_no_state_of_an_order(tmp_path: Path) -> None:
    orders = ORDERS.rename(columns={"Region": "State"}).drop(columns="Order Status")
    (alone,) = seen(tmp_path, orders=orders).exports
    assert (alone.state, alone.candidates) == ("State", ())
    (beside,) = seen(tmp_path, orders=orders.assign(City=[f"Town {n}" for n in range(90)])).exports
    assert (beside.state, beside.candidates) == ("", (("State", "state"),))


def test_what_a_workspace_says_of_customers_itself_is_not_asked(tmp_path: Path) -> None:
    workspace = built(tmp_path, {}, answers=ANSWERS)
    (orders,) = files_of(tmp_path, orders=ORDERS)
    assert candidates(plan_for(look_at([orders]), {}, workspace)) == {"orders": ["Region"]}
    own = workspace.root / "queries" / "staging" / "customers.sql"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text("select customer_id from source.responses")
    assert candidates(plan_for(look_at([orders]), {}, workspace)) == {"orders": []}


def test_orders_that_come_later_join_the_customers_that_are_there(tmp_path: Path) -> None:
    customers = pd.DataFrame({"customer_id": [f"k{n}" for n in range(13)], "name": [f"Shop {n}" for n in range(13)]})
    workspace = built(tmp_path, {}, customers=customers, answers=ANSWERS)
    (orders,) = files_of(tmp_path, orders=ORDERS)
    build(
        workspace.root, plan_for(look_at([orders]), {"orders.csv:dimensions": "Region"}, workspace), [orders], Company()
    )
    workspace = load_workspace(workspace.root)
    refresh_now(workspace)
    assert held(workspace, "region") == latest(ORDERS, "Order Date", "Region")
    assert published(workspace, "select name from customers where customer_id = 'k3'") == [("Shop 3",)]


def test_what_says_yes_or_no_is_sliced_by_only_where_somebody_says_so(tmp_path: Path) -> None:
    columns = {
        "plan": ["free", "pro"],
        "is_test": ["true", "false"],
        "tags": ['["a"]', '["b"]'],
        "country": ["DE", "NL"],
    }
    customers = pd.DataFrame(
        {"customer_id": [f"k{n}" for n in range(20)]} | {name: two * 10 for name, two in columns.items()}
    )
    (export,) = seen(tmp_path, customers=customers).exports
    assert [name for name, _ in export.dimensions] == ["plan", "country"]
    assert [name for name, _ in export.candidates] == ["plan", "is_test", "country"]
