"""A tax, or pieces that came back, beside amounts: that these count as they are is said."""

from pathlib import Path

import pytest

from tests.warehouse.company import company
from tests.warehouse.staged import refreshed


def said_of(folder: Path, amount: str, beside: str, *values: str) -> list[tuple[str, str]]:
    toml = f'[sources.orders]\nfiles = "exports/orders.csv"\nrename = {{ "{amount}" = "amount" }}\n'
    rows = "".join(f"{n},c{n},2026-01-0{n},{n}2.50,{value}\n" for n, value in enumerate(values, 1))
    text = f"order_id,customer_id,ordered_at,{amount},{beside}\n{rows}"
    return [(said.level, said.what) for said in refreshed(company(folder, toml, orders_csv=text)).decisions]


@pytest.mark.parametrize(
    ("amount", "beside", "is_said"),
    [
        ("Total", "Tax", True), ("Grand Total", "VAT", True), ("Bruttobetrag", "MwSt", True),
        ("Net total", "Tax", False), ("Subtotal", "Tax", False), ("Total excl. VAT", "VAT", False),
        ("Total", "Tax rate", False), ("Total", "Tax number", False),
    ],
)  # fmt: skip
def test_turnover_with_tax_is_said_to_be_such(tmp_path: Path, amount: str, beside: str, is_said: bool) -> None:
    said = said_of(tmp_path, amount, beside, "2.10", "0.00", "3.10")
    what = f'amount is called "{amount}", and {beside.lower()} beside it is above 0 in 2 rows: turnover seems to be '
    assert said == ([("note", f"{what}with tax.")] if is_said else [])


@pytest.mark.parametrize(
    ("values", "is_said"), [(("2", "0", ""), True), (("0", "0", ""), False), (("2", "n", ""), False)]
)
def test_pieces_that_came_back_are_warned_of(tmp_path: Path, values: tuple[str, ...], is_said: bool) -> None:
    what = "returned qty says that pieces came back in 1 row, and nothing is taken off."
    assert said_of(tmp_path, "amount", "Returned Qty", *values) == ([("warning", what)] if is_said else [])
