"""Exports that name customers in different ways: set-up brings them together by an address, or by a list of both."""

from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.workspace import load_workspace
from tests.warehouse.company import published

pytestmark = pytest.mark.usefixtures("exports_alone")

ANSWERS = "Response ID,Email,Score,Response date\n" + "".join(
    f"r{n},u{n}@x.example,{10 if n % 2 else 3},2026-01-{1 + n:02d}\n" for n in range(12)
)
ORDERS = "Order ID,Customer ID,Order Date,Total\n" + "".join(
    f"{n},{500 + n % 12},2026-02-{1 + n % 28:02d},{10 + n}.50\n" for n in range(36)
)
WITH_ADDRESSES = "Order ID,Customer ID,Order Date,Total,Customer Email\n" + "".join(
    f"{line},u{n % 12}@x.example\n" for n, line in enumerate(ORDERS.splitlines()[1:])
)
PEOPLE = "ID,Name,Email\n" + "".join(f"{500 + n},Name {n},u{n}@x.example\n" for n in range(12))
PROMOTERS = sum(10.5 + n for n in range(36) if (n % 12) % 2)  # turnover of those with a 10


def turnover_of_promoters(folder: Path, choices: dict[str, str] | None = None, **texts: str) -> float:
    paths = [folder / f"{name}.csv" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    build(folder / "board", plan_for(look_at(paths), choices), paths, Company())
    workspace = load_workspace(folder / "board")
    refresh_now(workspace)
    found = published(
        workspace,
        "select coalesce(sum(amount), 0) from orders where customer_id in "
        "(select customer_id from responses where score >= 9)",
    )
    return float(found[0][0])


@pytest.mark.parametrize(
    ("files", "choices", "expected"),
    [
        ({"orders": ORDERS, "nps": ANSWERS, "customers": PEOPLE}, {}, PROMOTERS),
        ({"orders": ORDERS, "nps": ANSWERS, "customers": PEOPLE}, {"aliases": "no"}, 0),
        ({"orders": WITH_ADDRESSES, "nps": ANSWERS}, {}, PROMOTERS),
        ({"orders": WITH_ADDRESSES, "nps": ANSWERS}, {"orders.csv:customer_id": "Customer ID"}, 0),
        ({"orders": f"{WITH_ADDRESSES}Total,,,{sum(10.5 + n for n in range(36))},\n", "nps": ANSWERS}, {}, PROMOTERS),
        ({"orders": f"{WITH_ADDRESSES}99,501,2026-02-09,7.50,\n", "nps": ANSWERS}, {}, 0),  # one has no address
        ({"orders": WITH_ADDRESSES.replace("Customer Email", "Seller Email"), "nps": ANSWERS}, {}, 0),
        ({"orders": ORDERS, "nps": ANSWERS}, {}, 0),  # nothing says who is who
    ],
)
def test_answers_by_address_find_the_orders_of_their_customers(
    tmp_path: Path, files: dict[str, str], choices: dict[str, str], expected: float
) -> None:
    assert turnover_of_promoters(tmp_path, choices, **files) == expected
