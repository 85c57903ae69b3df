"""Contacts that a help desk calls complaints and questions in its own language: counted as what they are."""

from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.workspace import load_workspace
from tests.warehouse.company import published

ORDERS = "Order ID,Customer ID,Order date,Total\n1,K1,2026-03-14,5.50\n2,K2,2026-03-20,7.50\n"
DESKS = {
    "dutch": ("Ticket;Klantnummer;Geopend op;Soort;Onderwerp", "Klacht", "klacht ", "Vraag"),
    "german": ("Ticketnummer;Kundennummer;Erstellt am;Art;Betreff", "Beschwerde", "Reklamation", "Frage"),
    "french": ("Numéro de ticket;Numéro client;Créé le;Type;Sujet", "Réclamation", "Plainte", "Question"),
}


@pytest.mark.parametrize("language", DESKS)
def test_what_a_language_calls_a_complaint_counts_as_one(tmp_path: Path, language: str) -> None:
    """Two complaints and a question; of praise nobody says what it is."""
    header, *kinds = DESKS[language]
    rows = [f"{n};K{n};2026-03-{14 + n};{kind};Late" for n, kind in enumerate([*kinds, "Praise"], 1)]
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "tickets.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    paths = [tmp_path / "orders.csv", tmp_path / "tickets.csv"]
    build(tmp_path / "board", plan_for(look_at(paths)), paths, Company())
    workspace = load_workspace(tmp_path / "board")
    report = refresh_now(workspace)
    assert [str(each) for each in report.problems if "Praise" not in str(each)] == []
    found = published(workspace, "select ticket_id, kind, topic from tickets order by ticket_id")
    assert [kind for _, kind, _ in found] == ["complaint", "complaint", "question", None]
    assert {topic for *_, topic in found} == {"Late"}
