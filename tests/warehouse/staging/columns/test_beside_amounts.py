"""What stands beside amounts and may say that they are not what they seem is warned of, and changes nothing."""

from pathlib import Path

import pytest

from tests.warehouse.company import company, query
from tests.warehouse.staged import published, refreshed

HEAD = "order_id,customer_id,ordered_at,amount"


WON = {",Deal Stage": "Closed won", ",Dealphase": "Abgeschlossen und gewonnen"}


def warnings(folder: Path, columns: str, *rows: str, toml: str = "", level: str = "warning") -> list[str]:
    text = f"{HEAD}{columns}\n" + "".join(f"O{n},c{n},2026-01-{n + 1:02},{row}\n" for n, row in enumerate(rows))
    said = refreshed(company(folder, toml, orders_csv=text)).decisions
    return [str(each) for each in said if each.level == level]


def test_orders_that_were_called_off_are_warned_of_with_the_query_that_sets_them_aside(tmp_path: Path) -> None:
    rows = ["10,Paid", "10,Cancelled", "10,Cancelled", "0,Failed"]
    (said,) = warnings(tmp_path, ",Status", *rows)
    assert said.startswith(
        'The orders export: status is "Cancelled" in 2 rows, whose amounts count as turnover. '
        'For example, "Cancelled" in exports/orders.csv, line 3.'
    )
    sql = said.partition("(refunds: a minus): ")[2]
    query(tmp_path, "staging/orders.sql", sql)
    assert warnings(tmp_path, ",Status", *rows) == []
    assert published(company(tmp_path), "select sum(amount)::int from orders") == [(10,)]


@pytest.mark.parametrize(
    ("columns", "rows", "words"),
    [
        (",Probability (%)", ["5,100", "5,60", "5,60"], 'probability (%) is "60" in 2 rows'),
        (",Wahrscheinlichkeit", ["5,100 %", '5,"7,5 %"'], 'wahrscheinlichkeit is "7,5 %" in 1 row'),
        (",Win probability", ["5,1", "5,0.6", "5,0"], 'win probability is "0" or "0.6" in 2 rows'),
        (",Probability (%)", ["5,20", "5,40"], 'probability (%) is "20" or "40" in 2 rows'),
        (",Probability (%),Stage", ["5,100,Won", "5,80,Won", "5,90,Won"], ""),
        (",Probability (%)", ["5,100", "5,", "5,100"], ""),
        (",Fraud probability", ["5,0.1", "5,0.2"], ""),
    ],
)
def test_deals_that_are_not_sure_are_warned_of(tmp_path: Path, columns: str, rows: list[str], words: str) -> None:
    said = warnings(tmp_path, columns, *rows)
    found = [each.removeprefix("The orders export: ").partition(", whose amounts")[0] for each in said]
    assert found == ([words] if words else [])


@pytest.mark.parametrize(
    ("columns", "row", "words"),
    [
        (",type", "5,refund", 'type is "refund" in 1 row'),
        (",Vorgang", "5,Gutschrift", 'vorgang is "Gutschrift" in 1 row'),
        (",Statut", "5,remboursé", 'statut is "remboursé" in 1 row'),
        (",État", "5,Erreur de paiement", 'État is "Erreur de paiement" in 1 row'),
        (",Attendee Status", "5,Deleted", 'attendee status is "Deleted" in 1 row'),
        (",Status", "5,Abgelaufen", 'status is "Abgelaufen" in 1 row'),
        (",Status", "5,Quotation Sent", 'status is "Quotation Sent" in 1 row'),
        (",status", "5,charged_back", 'status is "charged_back" in 1 row'),
        (",status", "5,customer_approval_denied", 'status is "customer_approval_denied" in 1 row'),
        (",Dealphase", "5,Termin geplant", 'dealphase is "Termin geplant" in 1 row'),
        (",Typ", "-5,Allgemeine Währungsumrechnung", 'typ is "Allgemeine Währungsumrechnung" in 1 row, in which money'),
        (",Type", "5,Credit Memo", 'type is "Credit Memo" in 1 row'),
        (",Status", "5,Anulowane", 'status is "Anulowane" in 1 row'),
        (",ステータス", "5,キャンセル済み", 'ステータス is "キャンセル済み" in 1 row'),
        (",Deal Stage", "5,Appointment scheduled", 'deal stage is "Appointment scheduled" in 1 row'),
        (
            ",Type",
            "-5,General Withdrawal",
            'type is "General Withdrawal" in 1 row, in which money moved and nothing was',
        ),
        (",Type", "-5,Account Hold for Open Authorization", "in 1 row, in which money moved and nothing was sold"),
        (",Type", "5,Reversal of General Account Hold", "in 1 row, in which money moved and nothing was sold"),
        (",Typ", "-5,Einbehaltung für offene Autorisierung", "in 1 row, in which money moved and nothing was sold"),
        (",amount-type", "-5,ItemFees", 'amount-type is "ItemFees" in 1 row, in which money moved'),
        (",Transaction Type", "-5,Google fee", 'transaction type is "Google fee" in 1 row, in which money moved'),
        (",Typ", "-5,Verkaufsgebühren", 'typ is "Verkaufsgebühren" in 1 row, in which money moved'),
        (",Type", "-5,stripe_fee", 'type is "stripe_fee" in 1 row, in which money moved and nothing was sold'),
        (",Refunded?", "5,1", 'refunded? is "1" in 1 row, whose amounts count as turnover.'),
        (",Amount Refunded", "5,5.00", "amount refunded holds an amount in 1 row, and nothing is taken off for it."),
    ],
)
def test_refunds_that_are_not_below_zero_are_warned_of(tmp_path: Path, columns: str, row: str, words: str) -> None:
    (said,) = warnings(tmp_path, columns, "10,", f"10,{WON.get(columns, '')}", row)
    assert words in said


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        (",type", "5,Membership fee"), (",description", "5,Fee"), (",Art", "5,Aufnahmegebühr"),
        (",type", "-5,refund"), (",type", "(5),refund"), (",customer_type", "5,returning"), (",Status", "5,Paid"),
        (",State", "5,Delaware"), (",Amount Refunded", "5,0.00"), (",Refund reason", "5,2 late"),
        (",Refunded", "5,false"), (",Deal Stage", "5,Proposal"), (",quantity", "5,3"),
        (",Payment type", "5,Credit"), (",Transaction type", "5,Payment"), (",Type", "5,Quoted price"),
        (",Type", "5,Household"),
    ],
)  # fmt: skip
def test_what_only_sounds_like_it_is_no_doubt(tmp_path: Path, columns: str, row: str) -> None:
    assert warnings(tmp_path, columns, "10,", row) == []


@pytest.mark.parametrize("quantity", ["Qty", "Lineitem quantity"])
def test_a_price_of_one_beside_a_quantity_is_warned_of(tmp_path: Path, quantity: str) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\nrename = { "Unit price" = "amount" }\n'
    text = f"order_id,customer_id,ordered_at,Unit price,{quantity}\n1,c,2026-01-01,10,1\n2,c,2026-01-02,10,3\n"
    (said,) = [str(each) for each in refreshed(company(tmp_path, toml, orders_csv=text)).decisions]
    assert f'amount is called "Unit price", and {quantity.lower()} is not 1 in 1 row: it is not multiplied.' in said


@pytest.mark.parametrize(
    ("discounts", "said"),
    [
        (("0.25", "10 %", ""), ", and line discount, which is not 0 in 2 rows, not taken off. "),
        (("0", "0.00", ""), ". "),
    ],
)
def test_a_discount_beside_a_price_of_one_is_named(tmp_path: Path, discounts: tuple[str, ...], said: str) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\nrename = { "Unit price" = "amount" }\n'
    rows = "".join(f"{n},c,2026-01-0{n},10,3,{each}\n" for n, each in enumerate(discounts, 1))
    text = f"order_id,customer_id,ordered_at,Unit price,Qty,Line discount\n{rows}"
    (warning,) = [str(each) for each in refreshed(company(tmp_path, toml, orders_csv=text)).decisions]
    assert f"is not 1 in 3 rows: they are not multiplied{said}" in warning
    assert ("multiply it, less the discount, in" in warning) == ("taken off" in said)


@pytest.mark.parametrize(
    ("kind", "invoice", "other"),
    [
        ("Transaction type", "Invoice", "Payment"), ("Document Type", "Invoice", "Sales Order"),
        ("Belegart", "Rechnung", "Zahlung"), ("Type de document", "Facture", "Règlement"),
        ("Documentsoort", "Factuur", "Betaling"), ("Type", "SI", "SR"),
    ],
)  # fmt: skip
def test_payments_beside_the_invoices_that_they_pay_are_warned_of(
    tmp_path: Path, kind: str, invoice: str, other: str
) -> None:
    (said,) = warnings(tmp_path, f",{kind}", f"10,{invoice}", f"10,{invoice}", f"-10,{other}", f"-7,{other}")
    assert f'{kind.lower()} is "{other}" in 2 rows, beside "{invoice}": of one sale both count' in said
    query(tmp_path, "staging/orders.sql", said.partition("staging/orders.sql: ")[2])
    assert warnings(tmp_path, f",{kind}", f"10,{invoice}", f"10,{invoice}", f"-10,{other}", f"-7,{other}") == []
    assert published(company(tmp_path), "select sum(amount)::int from orders") == [(20,)]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("Payment type", ("Invoice", "Deposit")), ("Zahlungsart", ("Rechnung", "Zahlung")),
        ("Type", ("Invoice", "Sales Receipt")), ("Type", ("Order", "Payment")),
    ],
)  # fmt: skip
def test_how_an_invoice_is_paid_is_no_doubt(tmp_path: Path, kind: str, values: tuple[str, str]) -> None:
    assert warnings(tmp_path, f",{kind}", *(f"10,{value}" for value in values)) == []


def test_a_credit_beside_sales_is_warned_of(tmp_path: Path) -> None:
    (said,) = warnings(tmp_path, ",Transaction Type", "10,sale", "10,sale", "4,credit")
    assert 'transaction type is "credit" in 1 row, whose amounts count as turnover.' in said


def test_a_credit_note_in_the_short_words_of_an_office_is_warned_of(tmp_path: Path) -> None:
    (said,) = warnings(tmp_path, ",Type", "10,SI", "10,SI", "4,SC")
    assert 'type is "SC" in 1 row, whose amounts count as turnover.' in said


@pytest.mark.parametrize("rows", [("10,", "12,0", "8,8", "9,"), ("10,0", "12,5", "8,8", "9,0")])
def test_what_an_order_came_to_in_the_end_is_warned_of(tmp_path: Path, rows: tuple[str, ...]) -> None:
    """Blank where nothing was adjusted, and 0 where all was paid back; or 0 where nothing was adjusted."""
    (said,) = warnings(tmp_path, ",Adjusted Order Total", *rows)
    assert "adjusted order total holds another amount in 1 row, and amount counts as it was before." in said
    assert "in exports/orders.csv, line 3" in said
    query(tmp_path, "staging/orders.sql", "select * replace" + said.partition("select * replace")[2])
    assert warnings(tmp_path, ",Adjusted Order Total", *rows) == []
    amounts = [(10,), (int(rows[1][3:]),), (8,), (9,)]
    assert published(company(tmp_path), "select amount::int from orders order by order_id") == amounts


@pytest.mark.parametrize(
    ("column", "value", "is_said"),
    [
        ("Status", "Pending Payment", True), ("Status", "Pending", True), ("État", "En attente du paiement", True),
        ("Status", "open", True),
        ("Payment Status", "On Hold", True), ("Fulfillment Status", "Pending", False), ("Status", "Paid", False),
    ],
)  # fmt: skip
def test_orders_that_are_not_paid_yet_are_named_and_no_alarm(
    tmp_path: Path, column: str, value: str, is_said: bool
) -> None:
    rows = ["10,Paid", f"5,{value}"]
    assert warnings(tmp_path, f",{column}", *rows) == []
    said = [each for each in warnings(tmp_path, f",{column}", *rows, level="note") if "before they are paid" in each]
    assert len(said) == is_said
    assert all(f'"{value}" in 1 row, which count as turnover before they are paid.' in each for each in said)


@pytest.mark.parametrize(
    ("column", "value", "is_said"),
    [
        ("Status", "Scheduled", True), ("Invoice state", "Upcoming", True), ("Zustand", "geplant", True),
        ("Statut", "Prévue", True), ("Status", "Planned obsolescence", False), ("Delivery status", "Scheduled", False),
        ("Note", "planned", False),
    ],
)  # fmt: skip
def test_what_is_only_planned_is_warned_of(tmp_path: Path, column: str, value: str, is_said: bool) -> None:
    said = warnings(tmp_path, f",{column}", "10,Paid", f"5,{value}")
    assert len(said) == is_said
    assert all(f'"{value}" in 1 row, which count as turnover before it is made.' in each for each in said)


@pytest.mark.parametrize(
    ("name", "fee", "value", "is_said"),
    [
        ("Total (EUR)", "Tarifa de venda e impostos", '"-6,5"', True),
        ("Net amount", "Final value fee - fixed", "-0.35", True), ("Gesamt", "Verkaufsgebühren", '"-1,35"', True),
        ("Gross", "Fee", "-0.35", False), ("Net sales", "Fees", "-0.35", False),
        ("Total", "Shipping fee", "3.95", False), ("Total", "Fee", "0.00", False),
    ],
)  # fmt: skip
def test_what_is_left_after_fees_is_warned_of(tmp_path: Path, name: str, fee: str, value: str, is_said: bool) -> None:
    toml = f'[sources.orders]\nfiles = "exports/orders.csv"\nrename = {{ "{name}" = "amount" }}\n'
    text = f"order_id,customer_id,ordered_at,{name},{fee}\n1,c,2026-01-01,10.50,{value}\n2,d,2026-01-02,11.50,\n"
    found = [str(each) for each in refreshed(company(tmp_path, toml, orders_csv=text)).decisions]
    said = [each for each in found if "what was left after these fees" in each]
    assert [f'amount is called "{name}", and {fee.lower()} is below 0 in 1 row' in each for each in said] == [
        True
    ] * is_said


def test_fees_that_were_mostly_paid_by_customers_are_no_costs(tmp_path: Path) -> None:
    """Three paid an entry fee, one got it back; of a marketplace's fees it is the other way round."""
    rows = ["10,Order", *["5,Entry fee"] * 3, "-5,Entry fee", *["-2,Selling fee"] * 3, "2,Selling fee"]
    (said,) = warnings(tmp_path, ",Type", *rows)
    assert said.startswith('The orders export: type is "Selling fee" in 4 rows, in which money moved')


def test_fewer_than_no_pieces_beside_an_amount_above_zero_are_warned_of(tmp_path: Path) -> None:
    rows = ["10,2", "4,-1", "-3,-1", "0,-1"]  # brought back: counted as sold, taken off, and worth nothing
    (said,) = warnings(tmp_path, ",Quantity", *rows)
    assert "quantity is below 0 in 1 row whose amount is not: what was brought back counts as sold." in said
    assert "line 3" in said
    query(tmp_path, "staging/orders.sql", "select * replace" + said.partition("select * replace")[2])
    assert warnings(tmp_path, ",Quantity", *rows) == []
    assert published(company(tmp_path), "select sum(amount)::int from orders") == [(10 - 4 - 3,)]
