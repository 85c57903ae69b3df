"""Amounts as payment services write them: whether they are cents is asked, what a bank may take back is warned of."""

import json
from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.workspace import load_workspace
from tests.warehouse.company import published

PAID = [(500 + 37 * n, 500 + 37 * n if n == 3 else 0) for n in range(9)]  # what was paid, and paid back, in cents
LEFT = sum(paid - back for paid, back in PAID)


def money(cents: int) -> dict[str, object]:
    return {"amount": cents, "currency": "USD"}


SHAPES: dict[str, list[dict[str, object]]] = {
    "payments.json": [
        {"id": f"p{n}", "created_at": f"2026-03-{n + 1:02}T10:00:00Z", "customer_id": f"c{n % 3}",
         "amount_money": money(paid), "total_money": money(paid), "refunded_money": money(back)}
        for n, (paid, back) in enumerate(PAID)
    ],
    "charges.json": [
        {"id": f"ch_{n}", "created": f"2026-03-{n + 1:02}T10:00:00Z", "customer": f"cus_{n % 3}", "amount": paid,
         "amount_refunded": back, "currency": "usd"}
        for n, (paid, back) in enumerate(PAID)
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize(("answer", "total"), [("yes", LEFT / 100), ("none", LEFT)])
def test_whole_amounts_of_payment_services_are_asked_about(
    tmp_path: Path, name: str, answer: str, total: float
) -> None:
    (tmp_path / name).write_text(json.dumps(SHAPES[name]))
    facts, key = look_at([tmp_path / name]), f"{name}:cents"
    assert [question.key for question in plan_for(facts).open_questions] == [key]
    plan = plan_for(facts, {key: answer})
    assert plan.open_questions == ()
    assert plan.currency == "USD"
    build(tmp_path / "board", plan, [tmp_path / name], Company())
    workspace = load_workspace(tmp_path / "board")
    assert refresh_now(workspace).problems == ()
    assert published(workspace, "select sum(amount)::double from orders") == [(pytest.approx(total),)]


def test_amounts_with_cents_are_not_asked_about(tmp_path: Path) -> None:
    rows = "".join(f"ch_{n},2026-03-{n + 1:02},cus_{n % 3},{n + 5}.00\n" for n in range(9))
    (tmp_path / "charges.csv").write_text(f"Charge ID,Created,Customer ID,Amount\n{rows}")
    assert plan_for(look_at([tmp_path / "charges.csv"])).open_questions == ()


def test_whole_sums_with_decimals_are_no_doubt_where_something_is_taken_off(tmp_path: Path) -> None:
    """Plans of 20.00 and 50.00 as Stripe exports them were said to be 100 times what was paid."""
    head = "id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID"
    rows = "".join(
        f"ch_{n},2026-03-{n + 1:02} 10:00,{20 + n % 2 * 30}.00,0.00,eur,Paid,cus_{n % 3}\n" for n in range(10)
    )
    (tmp_path / "payments.csv").write_text(f"{head}\n{rows}")
    plan = plan_for(look_at([tmp_path / "payments.csv"]))
    assert plan.exports[0].tool == "Stripe payments"
    build(tmp_path / "board", plan, [tmp_path / "payments.csv"], Company())
    manifest = refresh_now(load_workspace(tmp_path / "board"))
    assert [str(said) for said in manifest.decisions if said.level == "warning"] == []
    assert published(load_workspace(tmp_path / "board"), "select sum(amount)::double from orders") == [(350.0,)]


def test_what_a_bank_may_take_back_is_warned_of_beside_the_amounts_of_a_known_tool(tmp_path: Path) -> None:
    head = "id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Disputed Amount,Dispute Status"
    rows = "".join(
        f"ch_{n},2026-03-01 10:00,20.50,0.00,eur,Paid,cus_1,{end}\n" for n, end in enumerate(["20.50,lost", ","])
    )
    (tmp_path / "payments.csv").write_text(f"{head}\n{rows}")
    plan = plan_for(look_at([tmp_path / "payments.csv"]))
    build(tmp_path / "board", plan, [tmp_path / "payments.csv"], Company())
    manifest = refresh_now(load_workspace(tmp_path / "board"))
    (said,) = [each.what for each in manifest.decisions if each.level == "warning"]
    assert said == "disputed amount holds an amount in 1 row, and nothing is taken off for it."


def test_yen_have_no_cents(tmp_path: Path) -> None:
    charges = [charge | {"currency": "jpy" if n % 2 else "usd"} for n, charge in enumerate(SHAPES["charges.json"])]
    (tmp_path / "charges.json").write_text(json.dumps(charges))
    plan = plan_for(look_at([tmp_path / "charges.json"]), {"charges.json:cents": "yes"})
    build(tmp_path / "board", plan, [tmp_path / "charges.json"], Company(currency="USD"))
    with (tmp_path / "board" / "kviboard.toml").open("a") as config:
        config.write("[currency]\nrates = { JPY = 0.01 }\n")
    workspace = load_workspace(tmp_path / "board")
    assert refresh_now(workspace).problems == ()
    worth = sum((paid - back) / 100 for paid, back in PAID)  # cents are a hundredth of a dollar, and so is a yen
    assert published(workspace, "select sum(amount)::double from orders") == [(pytest.approx(worth),)]
