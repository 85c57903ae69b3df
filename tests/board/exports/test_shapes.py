"""Exports of tools that are not known by name: what set-up takes them for, before anything is built."""

from pathlib import Path

import pytest

from kviboard.board.exports.setup import look_at, plan_for

INVOICES = "Invoice ID,Subscriber ID,Invoice Date,Plan,Amount Due,Currency,Status\n" + "".join(
    f"in_{n},cus_{n % 5},0{1 + n % 3}/{13 + n}/2026,Pro,$49.00,USD,{('paid', 'paid', 'failed', 'refunded')[n % 4]}\n"
    for n in range(12)
)
SUBSCRIBERS = "Subscriber ID,Name,Plan,Subscribed On\n" + "".join(
    f"cus_{n},Shop {n},{'Pro' if n % 2 else 'Basic'},01/{13 + n}/2026\n" for n in range(6)
)
ASKED = "Umfrage 2026;;;;\nAntwort;;;Kunde;\nNr;Datum;Note (0-10);Kundennummer;Kommentar\n" + "".join(
    f"{n};{13 + n}.02.2026;{n % 11};K{n % 4};gut\n" for n in range(12)
)


@pytest.mark.parametrize(
    ("name", "content", "table", "fed", "void"),
    [
        ("invoices.csv", INVOICES, "orders",
         {"order_id": "Invoice ID", "customer_id": "Subscriber ID", "ordered_at": "Invoice Date",
          "amount": "Amount Due", "product": "Plan"}, {"failed"}),
        ("subscribers.csv", SUBSCRIBERS, "customers",
         {"customer_id": "Subscriber ID", "name": "Name", "signed_up_on": "Subscribed On"}, set()),
        ("people to write to.csv", SUBSCRIBERS.replace("Subscriber", "Person"), "customers", None, set()),
        ("zufriedenheit.csv", ASKED, "responses",
         {"customer_id": "Kundennummer", "responded_at": "Datum", "score": "Note (0-10)", "comment": "Kommentar"},
         set()),
    ],
)  # fmt: skip
def test_a_file_is_taken_for_what_it_is(
    tmp_path: Path, name: str, content: str, table: str, fed: dict[str, str] | None, void: set[str]
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    (export,) = plan_for(look_at([tmp_path / name])).exports
    assert export.role == table
    assert fed is None or export.fed == fed
    assert set(export.void) == void
