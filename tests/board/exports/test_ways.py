"""How customers came, in the words of an export: known ones are taken and said, others asked, none is guessed."""

from collections import Counter
from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.domain.recognition.plan import Plan
from kviboard.workspace import load_workspace
from tests.warehouse.company import published

CAME = ["Google Ads"] * 5 + ["Friend"] * 4 + ["friend "] + ["Organic"] * 3 + ["Referral"] * 2 + [""]
FILE = "customers.csv"


def asked_of(plan: Plan) -> dict[str, str]:
    """By what customers are said to have come by, the answer that is taken, "" where it is asked."""
    begin = f"{FILE}:came by "
    return {each.key.removeprefix(begin): each.answer for each in plan.questions if each.key.startswith(begin)}


def written(folder: Path, column: str, came: list[str]) -> Path:
    rows = "".join(f"K{n},2026-01-{n % 28 + 1:02},{how}\n" for n, how in enumerate(came))
    (folder / FILE).write_text(f"Customer ID,Customer since,{column}\n{rows}", encoding="utf-8")
    return folder / FILE


@pytest.mark.usefixtures("exports_alone")
@pytest.mark.parametrize("column", ["Source", "How did you hear about us?", "acquisition"])
def test_how_customers_came_is_asked_and_counted_as_answered(tmp_path: Path, column: str) -> None:
    path = written(tmp_path, column, CAME)
    asked = plan_for(look_at([path]))
    assert asked_of(asked) == {"google ads": "bought", "friend": "earned", "organic": "", "referral": ""}
    assert len(asked.open_questions) == 2
    (organic,) = [each for each in asked.questions if each.key.endswith("organic")]
    assert f"{column} is “organic” for 3 customers." in organic.text
    answers = {f"{FILE}:came by organic": "none", f"{FILE}:came by referral": "earned"}
    orders = tmp_path / "orders.csv"
    orders.write_text("Order ID,Customer ID,Order date,Total\n1,K1,2026-02-14,5.50\n2,K2,2026-02-20,7.50\n")
    paths = [path, orders]
    build(tmp_path / "board", plan_for(look_at(paths), answers), paths, Company())
    workspace = load_workspace(tmp_path / "board")
    report = refresh_now(workspace)
    assert [str(each) for each in (*report.problems, *report.warnings) if "acquisition has" in str(each)] == []
    found = dict(published(workspace, "select acquisition, count(*) from customers group by 1"))
    told = {"google ads": "bought", "friend": "earned", "referral": "earned"}
    assert found == Counter(told.get(how.strip().casefold()) for how in CAME)


@pytest.mark.parametrize(
    ("column", "came"),
    [
        ("Plan", ["paid", "free", "free", "paid"]),  # no word for a recommendation
        ("Source", ["web", "shop", "web", "shop"]),
        ("acquisition", ["earned", "bought", "Earned", "bought"]),  # our own words
        ("Lead source", [f"Campaign {n}" for n in range(60)]),  # told in words of one's own
    ],
)
def test_nothing_is_asked_where_no_column_says_it_or_it_is_clear(tmp_path: Path, column: str, came: list[str]) -> None:
    plan = plan_for(look_at([written(tmp_path, column, came)]))
    assert asked_of(plan) == {}
    (customers,) = plan.exports
    assert ("acquisition" in customers.fed) == (column == "acquisition")
