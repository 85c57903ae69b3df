"""Every known tool's example, from the file to the right numbers, and what columns are called in each language."""

from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.catalog.recognition_files import load_recognition, pattern
from kviboard.domain.contract import CONTRACT
from kviboard.domain.names import likeness
from kviboard.domain.recognition.facts import is_like
from kviboard.domain.recognition.plan import Plan
from kviboard.workspace import Workspace, load_workspace
from tests.warehouse.company import published

KNOWN = load_recognition()
COUNTED = {
    "orders": "select count(*) from orders",
    "turnover": "select sum(amount) from orders",
    "customers": "select count(*) from customers",
    "answers": "select count(*) from responses",
    "nps": "select 100.0 * (count(*) filter (where score >= 9) - count(*) filter (where score <= 6)) / count(*) "
    "from responses",
    "active_days": "select count(*) from (select distinct customer_id, day from activity)",
    "minutes": "select sum(minutes) from activity",
    "tickets": "select count(*) from tickets",
    "sprints": "select count(*) from sprints",
}


def test_the_files_are_sound_and_each_has_an_example() -> None:
    assert KNOWN.problems == ()
    assert len(KNOWN.languages) >= 6
    assert [export.name for export in KNOWN.exports if export.example is None] == []


def counted(workspace: Workspace, what: str) -> float:
    return float(published(workspace, COUNTED[what])[0][0])


@pytest.mark.parametrize("name", [export.name for export in KNOWN.exports])
def test_an_example_gives_the_numbers_that_its_file_expects(name: str, tmp_path: Path) -> None:
    known = next(export for export in KNOWN.exports if export.name == name)
    example = known.example
    file = tmp_path / "downloads" / example.file
    file.parent.mkdir()
    file.write_text(example.text.lstrip(), encoding="utf-8")
    paths = [file]
    if known.tool.table in ("customers", "sprints", "tickets"):  # these say something beside activity only
        paths.append(file.parent / "logins.csv")
        paths[1].write_text("customer_id,occurred_at\nx,2026-03-01\ny,2026-03-02\n")
    seen = look_at(paths)
    plan = plan_for(seen)
    assert plan.exports[0].tool == known.tool.title
    assert plan.lacking == ()
    chosen = {question.key: question.options[0][0] for question in plan.open_questions}
    build(tmp_path / "board", plan_for(seen, chosen), paths, Company())
    workspace = load_workspace(tmp_path / "board")
    assert refresh_now(workspace).problems == ()
    found = {what: counted(workspace, what) for what in example.expected}
    extra = {"customers": 2.0} if known.tool.table == "customers" else {}  # the two who logged in
    assert found == pytest.approx(
        {what: value + extra.get(what, 0) for what, value in example.expected.items()}, abs=1e-3
    )


def test_credit_notes_among_the_invoices_of_a_known_tool_are_warned_of(tmp_path: Path) -> None:
    """What a tool's file says of states it does not say of kinds: they counted as sold without a word."""
    known = next(export for export in KNOWN.exports if export.name == "xero_invoices")
    head, *rows = known.example.text.strip().splitlines()
    credit = "Bob,,CN-1,16/03/2026,30/04/2026,12.00,2.00,0.00,Pot,1.0000,10.0000,10.00,200,20%,GBP,Paid"
    kinds = ["Sales invoice"] * len(rows) + ["Sales credit note"]
    lines = [f"{head},Type", *(f"{row},{kind}" for row, kind in zip([*rows, credit], kinds, strict=True))]
    (tmp_path / "SalesInvoices.csv").write_text("\n".join(lines) + "\n")
    paths = [tmp_path / "SalesInvoices.csv"]
    build(tmp_path / "board", plan_for(look_at(paths)), paths, Company(currency="GBP"))
    workspace = load_workspace(tmp_path / "board")
    warned = [str(said) for said in refresh_now(workspace).decisions if said.level == "warning"]
    assert any('type is "Sales credit note" in 1 row, whose amounts count as turnover.' in said for said in warned)


@pytest.mark.parametrize("language", [words.language for words in KNOWN.languages])
def test_each_language_names_what_tables_need(language: str) -> None:
    words = next(each for each in KNOWN.languages if each.language == language)
    for table in ("orders", "responses", "activity", "tickets", "customers", "invitations"):
        needed = {column.name for column in CONTRACT[table].columns if column.required}
        assert needed <= words.columns[table].keys()
        assert words.files[table]


def test_names_are_patterns_of_likenesses() -> None:
    assert is_like(likeness("How LIKELY are you to recommend us?"), pattern("*how likely*recommend*"))
    assert is_like(likeness("Order #"), pattern("order #"))
    assert not is_like(likeness("Reorder"), pattern("order"))
    assert is_like(likeness("Total [EUR]"), pattern("total [eur]"))


def plan_of(tmp_path: Path, **texts: str) -> Plan:
    paths = []
    for name, text in texts.items():
        paths.append(tmp_path / f"{name}.csv")
        paths[-1].write_text(text, encoding="utf-8")
    return plan_for(look_at(paths))


@pytest.mark.parametrize(
    ("name", "text", "are_invitations"),
    [
        ("invitations.csv", "customer_id,date\nc1,2026-01-05\nc2,2026-01-06\n", True),
        ("sent.csv", "Email,Survey sent\na@example.com,2026-01-05\nb@example.com,2026-01-06\n", True),
        ("mails.csv", "Kundennummer;Versendet am\nK1;05.01.2026\nK2;16.01.2026\n", True),
        ("logins.csv", "customer_id,date\nc1,2026-01-05\nc2,2026-01-06\n", False),
        ("list.csv", "customer_id,when\nc1,2026-01-05\nc2,2026-01-06\n", False),
    ],
)
def test_who_was_asked_is_known_by_a_name_alone(name: str, text: str, are_invitations: bool, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    (export,) = plan_for(look_at([tmp_path / name])).exports
    assert (export.role == "invitations") is are_invitations


def test_answers_in_a_file_called_after_customers_are_no_list_of_them(tmp_path: Path) -> None:
    """Three header lines, and a customer has several answers."""
    heads = "RespID,Finished at,Member,Q1\nResponse,Time,Member number,How likely are you to recommend us?\n"
    rows = "".join(f"R{n},2026-01-{1 + n % 28:02d} 10:00:00,m{n % 9},{n % 11}\n" for n in range(60))
    third = '"{""id"":""a""}","{""id"":""b""}","{""id"":""c""}","{""id"":""d""}"\n'
    plan = plan_of(tmp_path, customer_voice=heads + third + rows)
    (export,) = plan.exports
    assert (export.role, export.file.rows, plan.lacking) == ("responses", 60, ())
    assert dict(export.fed) == {
        "response_id": "RespID", "responded_at": "Finished at", "customer_id": "Member", "score": "Q1",
    }  # fmt: skip


def test_receipts_of_a_till_are_orders(tmp_path: Path) -> None:
    rows = "".join(f"2025-01-{1 + n:02d};K{n % 6};B{n};{5 + n},50\n" for n in range(20))
    (export,) = plan_of(tmp_path, kassa=f"Datum;Klantnr;Bonnr;Bedrag\n{rows}").exports
    assert (export.role, export.fed["order_id"], export.fed["amount"]) == ("orders", "Bonnr", "Bedrag")


ABROAD = {
    "fakturor": (
        "Fakturanummer;Kund;Kundnummer;Fakturadatum;Totalt;Status",
        ("1;Bo AB;K1;2026-03-01;1 250,50;Betald", "2;Bo AB;K2;2026-03-14;100,00;Betald",
         "3;Bo AB;K1;2026-03-20;70,00;Makulerad"),
    ),
    "ordrer": (
        "Ordrenummer;Kunde;Kundenr;Ordredato;Beløp;Status",
        ("1;Ola AS;K1;01.03.2026;kr 1 250,50;Betalt", "2;Ola AS;K2;14.03.2026;kr 100,00;Betalt",
         "3;Ola AS;K1;20.03.2026;kr 70,00;Kansellert"),
    ),
    "zamówienia": (
        "Numer zamówienia;Klient;Numer klienta;Data złożenia;Wartość zamówienia;Status zamówienia",
        ("1;Jan;K1;1 mar 2026;1250,50 zł;Wysłane", "2;Jan;K2;14 mar 2026;100,00 zł;Wysłane",
         "3;Jan;K1;20 mar 2026;70,00 zł;Anulowane"),
    ),
    "ordini": (
        "Numero ordine;Cliente;Codice cliente;Data ordine;Totale;Stato",
        ("1;Rossi;K1;01/03/2026 13.50.00;€ 1.250,50;Completato", "2;Rossi;K2;14/03/2026 13.50.00;€ 100,00;Completato",
         "3;Rossi;K1;20/03/2026 13.50.00;€ 70,00;Annullato"),
    ),
    "vendas": (
        "Número do pedido;Cliente;Código do cliente;Data da venda;Total;Situação",
        ("1;Ana;K1;1 de março de 2026 14:33 hs.;R$ 1.250,50;Pago",
         "2;Ana;K2;14 de março de 2026 14:33 hs.;R$ 100,00;Pago",
         "3;Ana;K1;20 de março de 2026 14:33 hs.;R$ 70,00;Cancelado"),
    ),
    "売上": (
        "注文番号;顧客名;顧客番号;注文日;合計金額;注文状態",
        ("1;山田;K1;2026年3月1日;1250.50円;発送済み", "2;山田;K2;2026年3月14日;100.00円;発送済み",
         "3;山田;K1;2026年3月20日;70.00円;キャンセル"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ABROAD)
def test_orders_in_other_languages_give_their_turnover(name: str, tmp_path: Path) -> None:
    """The customer is who has the number, not the name beside it, and what was called off is no turnover."""
    header, rows = ABROAD[name]
    file = tmp_path / f"{name}.csv"
    file.write_text("\n".join((header, *rows, "")), encoding="utf-8")
    plan = plan_for(look_at([file]))
    assert (plan.lacking, plan.open_questions) == ((), ())
    currency = {"zamówienia": "PLN", "ordrer": "NOK", "vendas": "BRL", "売上": "JPY"}.get(name, "EUR")
    build(tmp_path / "board", plan, [file], Company(currency=currency))
    workspace = load_workspace(tmp_path / "board")
    assert refresh_now(workspace).problems == ()
    found = published(
        workspace, "select count(*), sum(amount), list(distinct customer_id order by 1), max(day) from orders"
    )
    assert [str(value) for value in found[0]] == ["2", "1350.50", "['K1', 'K2']", "2026-03-14"]


ASKED_ABROAD = {
    "enkätsvar": "Tidsstämpel,E-postadress,Hur sannolikt är det att du skulle rekommendera oss?,Varför?",
    "undersøkelse": "Tidsstempel,E-postadresse,Hvor sannsynlig er det at du vil anbefale oss?,Hvorfor?",
    "ankieta": "Sygnatura czasowa,Adres e-mail,Na ile prawdopodobne jest że polecisz nas znajomym?,Dlaczego?",
    "sondaggio": "Informazioni cronologiche,Indirizzo email,Quanto è probabile che ci consigli a un amico?,Perché?",
    "pesquisa": "Carimbo de data/hora,Endereço de e-mail,Qual a probabilidade de você nos recomendar?,Por quê?",
    "回答": "タイムスタンプ,メールアドレス,当社を友人に勧める可能性はどのくらいありますか？,理由",
}


@pytest.mark.parametrize("name", ASKED_ABROAD)
def test_answers_in_other_languages_are_known_with_who_gave_them(name: str, tmp_path: Path) -> None:
    rows = "".join(f"2026-03-{1 + n:02} 10:00:00,a{n}@example.com,{n % 11},x\n" for n in range(22))
    (export,) = plan_of(tmp_path, **{name: f"{ASKED_ABROAD[name]}\n{rows}"}).exports
    when, who, score, why = ASKED_ABROAD[name].split(",")
    assert export.fed == {"customer_id": who, "responded_at": when, "score": score, "comment": why}
