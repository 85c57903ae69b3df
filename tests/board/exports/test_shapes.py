"""Exports of tools that are not known by name: what set-up takes them for, before anything is built."""

from pathlib import Path

import pytest

from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import load_workspace
from tests.warehouse.company import published, staging_only

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

SHOP = """"ID","Purchase Date","Bill-to Name","Grand Total (Base)","Status","Customer Email","Total Refunded"
"001","Mar 14, 2026 8:12:11 AM","Ana A","$1,250.00","Complete","ana@example.com","$0.00"
"002","Mar 15, 2026 8:12:11 PM","Bob B","$80.00","Canceled","bob@example.com","$0.00"
"003","Mar 16, 2026 8:12:11 PM","Bob B","$90.00","Closed","bob@example.com","$90.00"
"""
MARKET = """amazon-order-id\tpurchase-date\torder-status\tproduct-name\titem-price\tshipping-price\tbuyer-email
111-1\t2026-03-01T23:30:00+00:00\tShipped\tTea\t20.00\t4.99\ta@example.com
111-1\t2026-03-01T23:30:00+00:00\tShipped\tCup\t15.00\t0.00\ta@example.com
111-2\t2026-03-02T10:30:00+00:00\tCancelled\tTea\t10.00\t4.99\tb@example.com
"""
INVOICED = """Faktura;Fakturaart;Auftraggeber;Fakturadatum;Nettowert;Steuerbetrag
0090000001;F2;0000010001;14.03.2026;1.250,00;237,50
0090000003;G2;0000010001;16.03.2026;50,00-;9,50-
0090000004;F2;0000010002;17.03.2026;100,00;19,00
"""
MONEY_MOVED = """Date,Time,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID,Balance
03/14/2026,08:12:11,Ana A,Payment,Completed,USD,"1,250.00",-40.00,"1,210.00",TX1,"1,210.00"
03/16/2026,09:12:11,Shop,Withdrawal,Completed,USD,"-1,000.00",0.00,"-1,000.00",TX3,210.00
"""
WITH_FEES = """Datum,Typ,Status,Brutto,Entgelt,Netto,Absender E-Mail-Adresse,Transaktionscode
14.03.2026,Website-Zahlung,Abgeschlossen,"1.250,00","-40,00","1.210,00",ana@example.com,TX1
16.03.2026,Website-Zahlung,Abgelehnt,"80,00","-2,40","77,60",bob@example.com,TX3
"""
SETTLED = "type,sale_date,currency_code,amount,order_id,short_order_id\n" + "".join(
    f"{kind},2026-03-{13 + n},EUR,{amount},uuid-{n},SH{n}\n"
    for n in range(9)
    for kind, amount in (("SALE", 9.5), ("FEE", -0.3))
)
CHECKS = "Order Id,Order #,Opened,Server,Amount,Tax\n" + "".join(
    f"40{n},{1 + n % 4},2026-03-{13 + n} 19:05,Ann,{12 + n}.50,1.20\n" for n in range(12)
)
DEALS = """Opportunity Name,Opportunity ID,Account ID,Type,Amount,Close Date,Stage,Created Date
Ana Ltd,006A,001A,New,1200.00,14/03/2026,Closed Won,20/02/2026
Bob BV,006B,001B,New,800.00,15/03/2026,Closed Lost,21/02/2026
"""
WATCHED = "uuid,event,timestamp,distinct_id,person_id\n" + "".join(
    f"0{n},$pageview,2026-03-{13 + n} 08:12:11,anon-{n},p{n % 3}\n" for n in range(9)
)
BALANCE = "balance_transaction_id,created,gross,fee,net,reporting_category,customer_id\n" + "".join(
    f"txn_{n},2026-03-{13 + n} 08:12:11,{n}9.50,0.30,{n}9.20,charge,cus_{n % 3}\n" for n in range(9)
)
VISITED = "visitorId,accountId,day,numMinutes\n" + "".join(
    f"v{n % 4},a{n % 2},2026-03-{13 + n},{n + 5}\n" for n in range(9)
)
SLIDER = "Response ID,Date,Email,Rating,Comment\n" + "".join(
    f"r{n},2026-03-{13 + n},a{n % 3}@example.com,{n * 10},ok\n" for n in range(9)
)
RECEIPTS = "Datum;Tid;Kvittonummer;Totalt belopp;Kort sista fyra\n" + "".join(
    f"2026-03-{13 + n};12:30;{5000 + n};{n}1,50;00{10 + n % 4}\n" for n in range(9)
)
FILLED_IN = "Respondent ID,Submission ID,Submitted at,How likely are you to recommend us?,email\n" + "".join(
    f"r{n % 3},s{n},2026-03-{13 + n} 08:12:11,{n},a{n % 3}@example.com\n" for n in range(9)
)
INCIDENTS = """Number,Opened,Short description,Caller,Priority,State,Category,Assignment group,Resolved,Closed
INC1,2026-03-14 08:12:11,Late,Ana A,3,Closed,Delivery,Desk,2026-03-15 08:12:11,2026-03-16 08:12:11
INC2,2026-03-15 08:12:11,Lost,Bob B,3,New,Delivery,Desk,,
"""
STARS = """Review Id,Review Created (UTC),Review Title,Review Stars,User Email,Reference Id
r1,2026-03-14 08:12:11,Great,5,ana@example.com,1001
r2,2026-03-15 23:12:11,Bad,1,bob@example.com,1002
"""
SENT_AND_ANSWERED = """Email,Score,Feedback,Date Sent,Date Created
ana@example.com,10,Great,"Mar 13, 2026 08:00 AM","Mar 14, 2026 08:12 AM"
bob@example.com,,,"Mar 13, 2026 08:00 AM",
"""
FORM = """ID,Start time,Completion time,Email,Name,How likely are you to recommend us?,Why?
1,3/14/26 8:12:11,3/14/26 8:13:11,anonymous,,9,Great
2,3/15/26 8:12:11,3/15/26 8:13:11,anonymous,,3,Late
"""
RATED = """Submission Date,Full Name,E-mail,Rate our service,How can we improve?,Submission ID
"Mar 14, 2026",Ana A,a@example.com,5,more tea,5801
"Mar 15, 2026",Bob B,b@example.com,2,faster,5802
"""
CYCLES = """Cycle Number,Cycle Name,Cycle Start,Cycle End,Team
1,Cycle 1,2026-03-02,2026-03-15,Web
2,Cycle 2,2026-03-16,2026-03-29,Web
"""
ISSUES_OF_CYCLES = """ID,Team,Title,Cycle Number,Cycle Name,Cycle Start,Cycle End
WEB-1,Web,Find the order,1,,2026-03-02,2026-03-15
WEB-2,Web,Pay in one step,1,,2026-03-02,2026-03-15
WEB-3,Web,Say when it comes,2,,2026-03-16,2026-03-29
"""
LEDGER = """Beleg-Nr.;Kd-Nr.;Belegdatum;Nettogewicht;Netto EUR;MwSt;Brutto EUR
R1;1001;03.01.26;2,50;1.250,00;237,50;1.487,50
R2;1002;13.02.26;0,75;80,00;15,20;95,20
"""
SUBSCRIPTIONS = """id,Customer ID,Plan,Amount,Status,Created (UTC),Current Period End (UTC)
sub_1,cus_A,Pro,49.00,active,2025-01-31 23:30,2026-03-31 23:30
sub_2,cus_B,Pro,490.00,canceled,2025-02-28 23:30,2027-02-28 23:30
"""
PAID_BACK = "Refund ID,Order ID,Refund Date,Refund Amount\nF1,1,2026-02-10,30.00\nF2,4,2026-02-12,5.00\n"
TILL = "Receipt No,Card No,Sold on,Amount\nR1,K1,05.01.2026,12.50\nR2,K2,16.02.2026,7.25\n"
LAST_LOGINS = "User,Last login,Role\nana,2026-03-14 08:12,admin\nbob,2026-03-12 08:12,user\ncy,,user\n"
HELP = """Ticket ID,Subject,Status,Created time,Due by Time,Resolved time,Closed time,Contact ID
1,Late,Closed,2026-03-14 08:12,2026-03-17 08:12,2026-03-15 08:12,2026-03-15 09:12,7001
2,Where,Open,2026-03-16 08:12,2026-03-19 08:12,,,7002
"""
SOLVED = "3,Lost,Resolved,2026-03-17 08:12,2026-03-20 08:12,2026-03-18 08:12,,7003\n"
SERVICE_DESK = """number,opened_at,short_description,caller_id,state,category,closed_at,resolved_at,sys_updated_on
INC1,2026-03-14 08:12:11,Late,Ana A,Closed,Delivery,2026-03-16 08:12:11,2026-03-15 08:12:11,2026-03-16 08:12:11
INC2,2026-03-15 08:12:11,Lost,Bob B,Resolved,Delivery,,2026-03-16 09:12:11,2026-03-16 09:12:11
INC3,2026-03-16 08:12:11,Lost,Bob B,New,Delivery,,,2026-03-16 08:12:11
"""
CASES = """Case No,Customer No,Opened,Category,Reason
1,7001,2026-03-14,Complaint,Late
2,7002,2026-03-15,Question,Where
3,7003,2026-03-16,Praise,Late
"""
ISSUES = """Summary,Issue key,Issue Type,Status,Reporter,Created
Late,SUP-1,Complaint,Done,ana,2026-03-14 10:00
Complaint,SUP-2,Incident,Open,bob,2026-03-15 10:00
Broken,SUP-3,Incident,Open,bob,2026-03-16 10:00
"""
VRAGEN = """Ticket;Klantnummer;Geopend;Gesloten;Soort;Onderwerp
1;K1;2026-03-14;2026-03-15;Klacht;Levering
2;K2;2026-03-15;;Vraag;Levering
3;K3;2026-03-16;;klacht;Betaling
4;K3;2026-03-16;;Compliment;Betaling
"""
NOBODY_SIGNED_IN = "event_date,event_timestamp,event_name,user_pseudo_id,user_id\n" + "".join(
    f"2026031{n},{1_773_475_200 + n * 86_400}000000,page_view,p{n % 3},\n" for n in range(9)
)
BOOKED = "Date,Type,Num,Name,Account,Amount\n" + "".join(
    f"03/{13 + n}/2026,{kind},{1000 + n},Buyer {n % 5},{account},{n}9.50\n"
    for n in range(9)
    for kind, account in (("Invoice", "Receivables"), ("Payment", "Bank"))
)
SOLD = """Purchase Email,Purchase Date,Item Name,Sale Price ($),Refunded?,Order Number
ana@example.com,2026-03-14,Tea,20.5,0,501
bob@example.com,2026-03-15,Tea,20.5,1,502
ana@example.com,2026-03-16,Cup,9.5,0,503
"""
SOLD_WITH_STATE = """order_number,status,user_email,total,refunded,refunded_at,created_at
501,paid,ana@example.com,20.50,false,,2026-03-14T23:30:00.000000Z
502,refunded,bob@example.com,20.50,true,2026-03-30T10:00:00.000000Z,2026-03-15T23:30:00.000000Z
503,paid,ana@example.com,9.50,false,,2026-03-16T23:30:00.000000Z
"""
RATED_TICKETS = "Feedback ID,Question,Rating,Customer email,Ticket ID,Responded\n" + "".join(
    f"f{n},How did we do?,{n % 3 * 50},a{n % 4}@example.com,T{n},2026-03-{13 + n} 08:12\n" for n in range(9)
)
ASKED_BY_MAIL = "response_id,email,answer,comment,sent,responded,created\n" + "".join(
    f"{n},a{n}@example.com,{n},ok,{1_773_475_200 + n * 86_400},{1_773_561_600 + n * 86_400},1769904000\n"
    for n in range(9)
)
RENEWED = "Event Date\tSubscription Name\tCustomer Price\tDeveloper Proceeds\tSubscriber ID\tRefund\n" + "".join(
    f"2026-03-{13 + n}\tPro\t9.99\t8.49\t{9000 + n % 3}\t\n" for n in range(9)
)
BILLED = "invoice_number,account_code,account_name,invoice_state,invoice_date,currency,total\n" + "".join(
    f"{2000 + n},acc{n % 5},Acme {n % 5},{'failed' if n == 3 else 'paid'},2026-03-{13 + n} 23:30:00 UTC,USD,{n}9.50\n"
    for n in range(9)
)
COMPANIES = "Order ID,Order Date,Account,Contact,Total\n" + "".join(
    f"O{n},2026-03-{13 + n},Acme {n % 3},Ana {n},{n}9.50\n" for n in range(9)
)
POSTED = "Number,Invoice Partner Display Name,Invoice/Bill Date,Tax Excluded,Total,Status\n" + "".join(
    f"INV/2026/{n:05},Buyer {n % 4},2026-03-{13 + n},100.5,119.6,Posted\n" for n in range(9)
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
        ("export.csv", SHOP, "orders",
         {"order_id": "ID", "customer_id": "Customer Email", "ordered_at": "Purchase Date",
          "amount": "Grand Total (Base)"}, {"Canceled"}),
        ("all.txt", MARKET, "orders",
         {"order_id": "amazon-order-id", "customer_id": "buyer-email", "ordered_at": "purchase-date",
          "amount": "item-price", "product": "product-name"}, {"Cancelled"}),
        ("fakturen.csv", INVOICED, "orders",
         {"order_id": "Faktura", "customer_id": "Auftraggeber", "ordered_at": "Fakturadatum", "amount": "Nettowert"},
         set()),
        ("Download.csv", MONEY_MOVED, "orders", None, set()),  # a name and a day make no list of releases
        ("Download.csv", WITH_FEES, "orders",
         {"order_id": "Transaktionscode", "customer_id": "Absender E-Mail-Adresse", "ordered_at": "Datum",
          "amount": "Brutto"}, {"Abgelehnt"}),  # what was paid, not what a payment service left of it
        ("orders.csv", SETTLED, "orders",
         {"order_id": "order_id", "ordered_at": "sale_date", "amount": "amount"}, set()),  # names nobody
        ("OrderDetails.csv", CHECKS, "orders",
         {"order_id": "Order Id", "ordered_at": "Opened", "amount": "Amount"}, set()),  # a number used again is nobody
        ("report.csv", DEALS, "orders",
         {"order_id": "Opportunity ID", "customer_id": "Account ID", "ordered_at": "Close Date", "amount": "Amount"},
         {"Closed Lost"}),
        ("events.csv", WATCHED, "activity",
         {"customer_id": "person_id", "occurred_at": "timestamp", "event": "event"}, set()),  # one has several devices
        ("balance_change_from_activity.csv", BALANCE, "orders",
         {"order_id": "balance_transaction_id", "customer_id": "customer_id", "ordered_at": "created",
          "amount": "gross"}, set()),
        ("days.csv", VISITED, "activity",
         {"customer_id": "visitorId", "occurred_at": "day", "minutes": "numMinutes"}, set()),
        ("survey.csv", SLIDER, "", {}, set()),  # scores from 0 to 100 are none, and to answer is no activity
        ("kvitton.csv", RECEIPTS, "orders",
         {"order_id": "Kvittonummer", "ordered_at": "Datum", "amount": "Totalt belopp"},
         set()),  # four digits of a card are no customer
        ("form.csv", FILLED_IN, "responses",
         {"response_id": "Submission ID", "customer_id": "email", "responded_at": "Submitted at",
          "score": "How likely are you to recommend us?"}, set()),  # who answered has an id, too
        ("incident.csv", INCIDENTS, "tickets",
         {"ticket_id": "Number", "customer_id": "Caller", "opened_at": "Opened", "closed_at": "Closed",
          "topic": "Category"}, set()),
        ("reviews.csv", STARS, "responses",
         {"response_id": "Review Id", "customer_id": "User Email", "responded_at": "Review Created (UTC)",
          "score": "Review Stars"}, set()),
        ("answers.csv", SENT_AND_ANSWERED, "responses",
         {"customer_id": "Email", "responded_at": "Date Created", "score": "Score", "comment": "Feedback"}, set()),
        ("form.csv", FORM, "responses",
         {"customer_id": "Email", "responded_at": "Completion time", "score": "How likely are you to recommend us?",
          "comment": "Why?"}, set()),
        ("form.csv", RATED, "responses",
         {"response_id": "Submission ID", "customer_id": "E-mail", "responded_at": "Submission Date",
          "score": "Rate our service", "comment": "How can we improve?"}, set()),
        ("list.csv", CYCLES, "sprints",
         {"name": "Cycle Name", "starts_on": "Cycle Start", "ends_on": "Cycle End", "team": "Team"}, set()),
        ("list.csv", ISSUES_OF_CYCLES, "sprints",
         {"name": "Cycle Number", "starts_on": "Cycle Start", "ends_on": "Cycle End", "team": "Team"}, set()),
        ("list.csv", LEDGER, "orders",
         {"order_id": "Beleg-Nr.", "customer_id": "Kd-Nr.", "ordered_at": "Belegdatum", "amount": "Netto EUR"}, set()),
        ("list.csv", SUBSCRIPTIONS, "", {}, set()),  # what was agreed is no order, nor a ticket
        ("till.csv", TILL, "orders",
         {"order_id": "Receipt No", "customer_id": "Card No", "ordered_at": "Sold on", "amount": "Amount"}, set()),
        ("refunds.csv", PAID_BACK, "", {}, set()),
        ("users.csv", LAST_LOGINS, "", {}, set()),  # the last day of each is no activity
        ("tickets.csv", HELP, "tickets",
         {"ticket_id": "Ticket ID", "customer_id": "Contact ID", "opened_at": "Created time",
          "closed_at": "Closed time", "topic": "Subject"}, set()),
        ("tickets.csv", HELP + SOLVED, "tickets",
         {"ticket_id": "Ticket ID", "customer_id": "Contact ID", "opened_at": "Created time",
          "closed_at": "Resolved time", "topic": "Subject"}, set()),  # what is solved is open for nobody
        ("incident.csv", SERVICE_DESK, "tickets",
         {"ticket_id": "number", "customer_id": "caller_id", "opened_at": "opened_at", "closed_at": "resolved_at",
          "topic": "category"}, set()),
        ("cases.csv", CASES, "tickets",
         {"ticket_id": "Case No", "customer_id": "Customer No", "opened_at": "Opened", "kind": "Category",
          "topic": "Reason"}, set()),
        ("issues.csv", ISSUES, "tickets",
         {"ticket_id": "Issue key", "customer_id": "Reporter", "opened_at": "Created", "kind": "Issue Type"}, set()),
        ("vragen.csv", VRAGEN, "tickets",
         {"ticket_id": "Ticket", "customer_id": "Klantnummer", "opened_at": "Geopend", "closed_at": "Gesloten",
          "kind": "Soort", "topic": "Onderwerp"}, set()),
        ("Transactions.csv", BOOKED, "orders", {"ordered_at": "Date", "amount": "Amount"}, set()),  # asks who bought
        ("invoices_summary.csv", BILLED, "orders",
         {"order_id": "invoice_number", "customer_id": "account_code", "ordered_at": "invoice_date", "amount": "total"},
         {"failed"}),
        ("orders.csv", COMPANIES, "orders",
         {"order_id": "Order ID", "customer_id": "Account", "ordered_at": "Order Date", "amount": "Total"}, set()),
        ("Sales_2026.csv", SOLD, "orders",
         {"order_id": "Order Number", "customer_id": "Purchase Email", "ordered_at": "Purchase Date",
          "amount": "Sale Price ($)", "product": "Item Name"}, set()),
        ("orders.csv", SOLD_WITH_STATE, "orders",
         {"order_id": "order_number", "customer_id": "user_email", "ordered_at": "created_at", "amount": "total"},
         set()),
        ("responses.csv", RATED_TICKETS, "", {}, set()),  # an answer names a ticket, and is none
        ("responses.csv", ASKED_BY_MAIL, "responses",
         {"response_id": "response_id", "customer_id": "email", "responded_at": "responded", "score": "answer",
          "comment": "comment"}, set()),  # not when the contact was created
        ("Subscriber.txt", RENEWED, "", {}, set()),  # what is billed is no activity
        ("account.move.csv", POSTED, "orders",
         {"order_id": "Number", "customer_id": "Invoice Partner Display Name", "ordered_at": "Invoice/Bill Date",
          "amount": "Total"}, set()),
        ("events.csv", NOBODY_SIGNED_IN, "activity",
         {"customer_id": "user_pseudo_id", "occurred_at": "event_timestamp", "event": "event_name"}, set()),
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


@pytest.mark.parametrize("number", ["Kundennummer", "Kd.-Nr.", "Debitorennr"])
def test_a_word_that_two_languages_share_means_what_it_does_in_that_of_the_file(tmp_path: Path, number: str) -> None:
    """A Kunde is a customer's number in Danish, and in German, beside a Kundennummer, their name, which others have."""
    rows = "".join(f"R{n};{13 + n}.03.2026;Meier;K{n % 5};{n},50\n" for n in range(12))
    text = f"Rechnungsnummer;Rechnungsdatum;Kunde;{number};Rechnungsbetrag\n{rows}"
    (tmp_path / "rechnungen.csv").write_text(text)
    assert plan_for(look_at([tmp_path / "rechnungen.csv"])).exports[0].fed["customer_id"] == number


def dated(*days: str) -> str:
    return "Order ID,Customer ID,Order date,Total\n" + "".join(f"{n},c{n % 2},{d},5.50\n" for n, d in enumerate(days))


@pytest.mark.parametrize(
    ("days", "formats", "taken"),
    [
        (["01/15/26", "02/03/26"], ["%m/%d/%y"], "%m/%d/%y"),
        (["15.01.26", "03.02.26"], ["%d.%m.%y"], "%d.%m.%y"),
        (["Mar-14-26", "Apr-03-26"], ["%b-%d-%y"], "%b-%d-%y"),
        (["2026-Mar-01 00:00", "2026-Apr-11 10:30"], ["%Y-%b-%d %H:%M"], "%Y-%b-%d %H:%M"),
        (["03/04/26", "05/06/26"], ["%d/%m/%y", "%m/%d/%y", "%y/%m/%d"], ""),
        (["2026-01-15", "2026-02-03"], None, ""),
        (["15/01/2026", "03/02/2026"], None, ""),
        (["01/15/26", "soon"], None, ""),
    ],
)
def test_a_year_of_two_digits_is_read_where_only_one_way_fits_and_asked_for_where_several_do(
    tmp_path: Path, days: list[str], formats: list[str] | None, taken: str
) -> None:
    (tmp_path / "orders.csv").write_text(dated(*days), encoding="utf-8")
    plan = plan_for(look_at([tmp_path / "orders.csv"]))
    asked = [question for question in plan.questions if question.key == "orders.csv:dates"]
    assert [[value for value, _ in question.options] for question in asked] == ([formats] if formats else [])
    assert [question.answer for question in asked] == ([taken] if formats else [])
    assert plan.exports[0].date_format == taken


def test_what_a_file_only_looks_like_is_said(tmp_path: Path) -> None:
    files = {"subs.csv": SUBSCRIPTIONS, "users.csv": LAST_LOGINS, "refunds.csv": PAID_BACK}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    subscriptions, logins, refunds = plan_for(look_at([tmp_path / name for name in files])).exports
    assert refunds.why.startswith("it seems to hold refunds without a customer")
    assert (
        subscriptions.why == "it lists subscriptions, and what was agreed is no order: export what was billed or paid"
    )
    assert logins.why.startswith("Last login is the last day of each customer, and activity is every day on which")
    assert logins.file.rows == 3  # "cy" and "user" in its last row are no column names


@pytest.mark.parametrize(
    ("head", "amount"),
    [
        ("Net,VAT,Gross", "Net"),  # the tax is not the company's
        ("Gross,Fee,Net", "Gross"),  # what a payment service kept was paid by the customer, too
        ("Gross,Commission,Net", "Gross"),
        ("Netto,Moms,Brutto", "Netto"),
    ],
)
def test_of_amounts_with_and_without_the_one_is_taken_that_the_customer_gives(
    tmp_path: Path, head: str, amount: str
) -> None:
    rows = "".join(f"{n},c{n % 3},2026-01-{n + 10},100.00,20.00,120.00\n" for n in range(8))
    (tmp_path / "invoices.csv").write_text(f"Invoice No,Customer ID,Invoice Date,{head}\n{rows}", encoding="utf-8")
    (export,) = plan_for(look_at([tmp_path / "invoices.csv"])).exports
    assert export.fed["amount"] == amount


def test_amounts_are_nothing_to_slice_by_though_they_are_whole(tmp_path: Path) -> None:
    rows = "".join(f"c{n},{'AB'[n % 2]},{n % 3},{49 * (n % 2)}.00\n" for n in range(12))
    (tmp_path / "customers.csv").write_text(f"Customer ID,Segment,Level,Spent\n{rows}", encoding="utf-8")
    (export,) = plan_for(look_at([tmp_path / "customers.csv"])).exports
    assert [name for _, name in export.dimensions] == ["segment", "level"]


@pytest.mark.parametrize(
    ("head", "row", "why"),
    [
        (
            "Customer,Jan 2026,Feb 2026,Mar 2026,Total",
            "Firm {n},1.50,{n}.20,3,9",
            "it has a column for each period, such as",
        ),
        (
            "Client;2026-01;2026-02;2026-03",
            "Firm {n};1.50;{n}.20;3",
            "it has a column for each period, such as 2026-01",
        ),
        ("Date,Orders,Revenue", "2026-01-{n},{n},{n}.50", "each row holds the totals of a date: export the orders,"),
        ("Month,Promoters,Detractors,NPS", "2026-01-{n},5{n},3{n},30", "each row holds the totals of a month: export"),
    ],
)
def test_totals_are_told_with_what_to_export_instead(tmp_path: Path, head: str, row: str, why: str) -> None:
    rows = "".join(row.format(n=n) + "\n" for n in range(10, 30))
    (tmp_path / "report.csv").write_text(f"{head}\n{rows}", encoding="utf-8")
    (export,) = plan_for(look_at([tmp_path / "report.csv"])).exports
    assert (export.role, export.why[: len(why)]) == ("", why)


NO_TABLE = {
    "budget": "Day,Campaign,Clicks,Impressions,Cost\n{day},C{code},{number},{number}00,{number}.20\n",
    "log": "Timestamp,Level,Host,Path,Status\n{day} 10:00:00,INFO,web{code},/p{number},200\n",
    "hours": "Employee,Date,Hours,Project,Rate\nE{code},{day},7.5,PR{code},80.00\n",
    "quotes": "Quote No,Customer ID,Date,Total,Status\nQ{number},c{code},{day},{number}.50,Sent\n",
    "carts": "Cart ID,Customer ID,Created At,Value\nk{number},c{code},{day},{number}.50\n",
    "expenses": "Receipt,Date,Employee,Category,Amount\nE{number},{day},m{code},Travel,{number}.50\n",
    "moves": "Move,Date,SKU,Qty,Value\nM{number},{day},S{number},{code},{number}.50\n",
    "purchase orders": "Order Number,Order Date,Vendor ID,Total\nP{number},{day},V{code},{number}.50\n",
    "rechnungen": "Rechnungsnummer,Rechnungsdatum,Lieferant,Betrag\nR{number},{day},L{code},{number}.50\n",
    "time entries": "Employee,Client,Start date,End date,Duration\nE{code},c{code},{day},{day},{number}\n",
    "weather": "Date,Station,Temperature,Rain\n{day},ST{code},{number}.5,0.{code}\n",
}


def rows_like(text: str) -> str:
    header, row = text.split("\n")[:2]
    days = (f"2026-{n % 9 + 1:02}-{n % 27 + 1:02}" for n in range(90))
    return "\n".join([header, *(row.format(day=day, code=n % 5, number=n % 30) for n, day in enumerate(days)), ""])


@pytest.mark.parametrize("name", NO_TABLE)
def test_days_codes_and_amounts_alone_make_no_table(tmp_path: Path, name: str) -> None:
    """They stand in logs, budgets and measurements, too, and customers in quotes and carts."""
    (tmp_path / f"{name}.csv").write_text(rows_like(NO_TABLE[name]))
    (export,) = plan_for(look_at([tmp_path / f"{name}.csv"])).exports
    assert export.role == ""


def test_visits_with_their_times_are_activity_whatever_the_column_is_called_and_asked_about(tmp_path: Path) -> None:
    (tmp_path / "pages.csv").write_text(rows_like("User ID,Viewed At,Page\nu{code},{day} 10:00,/p{number}\n"))
    plan = plan_for(look_at([tmp_path / "pages.csv"]))
    (export,) = plan.exports
    assert (export.role, export.fed["occurred_at"]) == ("activity", "Viewed At")
    assert [question.key for question in plan.open_questions] == ["pages.csv:table"]


LISTS = {
    "taxes": ("activity", "Customer ID,Date,Tax Name,Tax Amount\nc{code},{day},VAT,{number}.90\n"),
    "coupons": ("activity", "Customer Email,Created At,Code\nc{code}@example.com,{day} 10:00,SPRING\n"),
    "parcels": ("activity", "Tracking No,Customer ID,Date,Carrier\nJ{number}{day},c{code},{day},DHL\n"),
    "newsletter": ("activity", "Email Address,Date,Campaign\nc{code}@example.com,{day} 10:00,May\n"),
    "mails": ("activity", "email,timestamp,event\nc{code}@example.com,{day} 10:00,delivered\n"),
    "events": ("activity", "Event Name,Email,Event Time\nReceived Email,c{code}@example.com,{day} 10:00\n"),
    "opens": ("customers", "Email Address,Opens\nc{number}-{day}@example.com,{code}\n"),
    "carts left": ("orders", "Id,Email,Created at,Total\n{number}{day},c{code}@example.com,{day} 10:00,{number}.50\n"),
    "Leads": ("customers", "Lead ID,Email,Created Date\nQ{number}{day},c{number}-{day}@example.com,{day}\n"),
    "contacts": ("customers", "Lead Number,Email,Created Date\nQ{number}{day},c{number}-{day}@example.com,{day}\n"),
    "giftcards": ("customers", "Id,Code,Balance,Created At\n{number}{day},G{number},{number}.50,{day}\n"),
}


@pytest.mark.parametrize("name", LISTS)
def test_what_no_name_tells_from_other_lists_is_asked_and_left_out_where_it_is_none(tmp_path: Path, name: str) -> None:
    table, text = LISTS[name]
    (tmp_path / f"{name}.csv").write_text(rows_like(text))
    facts, key = look_at([tmp_path / f"{name}.csv"]), f"{name}.csv:table"
    (asked,) = plan_for(facts).open_questions
    assert (asked.key, [value for value, _ in asked.options]) == (key, [table, "none"])
    assert plan_for(facts, {key: "none"}).exports[0].role == ""
    answered = plan_for(facts, {key: table})
    assert (answered.exports[0].role, answered.open_questions) == (table, ())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("logins", "customer_id,date\nc{code},{day}\n"),  # the file's name says it
        ("list", "customer_id,event_time\nc{code},{day} 10:00\n"),
        ("list", "Kundennummer;Datum;Minuten\nk{code};{day};{number}\n"),
    ],
)
def test_activity_that_a_name_tells_is_not_asked_about(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / f"{name}.csv").write_text(rows_like(text))
    plan = plan_for(look_at([tmp_path / f"{name}.csv"]))
    assert (plan.exports[0].role, plan.open_questions) == ("activity", ())


def test_disputed_payments_are_no_orders(tmp_path: Path) -> None:
    text = (
        "id,Charge ID,Created (UTC),Amount,Customer ID\ndp_{number},ch_{day}{number},{day} 10:00,{number}.50,c{code}\n"
    )
    (tmp_path / "disputes.csv").write_text(rows_like(text))
    assert plan_for(look_at([tmp_path / "disputes.csv"])).exports[0].role == ""


def test_a_column_that_names_one_and_the_same_is_no_customer(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(rows_like("User,Invitee,Login date\nann,k{code}@example.com,{day}\n"))
    (export,) = plan_for(look_at([tmp_path / "events.csv"])).exports
    assert (export.role, export.fed["customer_id"]) == ("activity", "Invitee")
    (tmp_path / "form.csv").write_text(rows_like("Completion time,Email,Rating\n{day} 10:00,anonymous,{code}\n"))
    assert plan_for(look_at([tmp_path / "form.csv"])).exports[0].fed["customer_id"] == "Email"  # others may name one


@pytest.mark.parametrize(
    ("header", "amount"),
    [
        ("Order ID,Customer ID,Order Date,Item Price,Discount,Item Total", "Item Total"),
        ("Order ID,Customer ID,Order Date,Price,Discount,Line Total", "Line Total"),
        ("Order ID,Customer ID,Order Date,Price,Discount,Note", "Price"),
    ],
)
def test_a_total_goes_before_a_price(tmp_path: Path, header: str, amount: str) -> None:
    (tmp_path / "list.csv").write_text(rows_like(f"{header}\n{{number}}{{day}},c{{code}},{{day}},9.50,1.00,8.50\n"))
    (export,) = plan_for(look_at([tmp_path / "list.csv"])).exports
    assert export.fed["amount"] == amount


@pytest.mark.parametrize("number", ["Customer Code", "Account Number", "Loyalty No"])
def test_a_number_of_the_customer_goes_before_their_name(tmp_path: Path, number: str) -> None:
    text = f"Order ID,Order Date,Customer,{number},Total\n{{number}}{{day}},{{day}},Smith,c{{code}},{{number}}.50\n"
    (tmp_path / "list.csv").write_text(rows_like(text.replace(",Smith,", ",Smith {number},")))
    assert plan_for(look_at([tmp_path / "list.csv"])).exports[0].fed["customer_id"] == number


def test_deals_are_of_the_day_on_which_they_were_closed(tmp_path: Path) -> None:
    text = "Deal ID,Account ID,Created Time,Closing Date,Amount\n{number},c{code},2025-01-01,{day},{number}.50\n"
    (tmp_path / "deals.csv").write_text(rows_like(text))
    assert plan_for(look_at([tmp_path / "deals.csv"])).exports[0].fed["ordered_at"] == "Closing Date"


def test_an_export_of_activity_without_a_name_for_customers_is_asked_for_them(tmp_path: Path) -> None:
    (tmp_path / "activity.csv").write_text(rows_like(NO_TABLE["log"]))
    plan = plan_for(look_at([tmp_path / "activity.csv"]))
    (asked,) = plan.open_questions
    assert (plan.exports[0].role, asked.text) == ("activity", "activity.csv: which column names the customer?")
    assert "none" not in dict(asked.options)  # of activity there is none without a customer


def test_a_mark_for_what_was_paid_back_is_no_amount(tmp_path: Path) -> None:
    """Beside "Refunded?" with 1 for yes, 1.00 was taken off."""
    (tmp_path / "Sales_2026.csv").write_text(SOLD)
    plan = plan_for(look_at([tmp_path / "Sales_2026.csv"]))
    assert (plan.exports[0].minus, [question.key for question in plan.questions]) == ("", ["activity"])


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        ("5. 3. 2026", "9,50 Kč"), ("20260305", "9.50"), ("Thu, 05 Mar 2026 10:00:00 +0000", "9.50"),
        ("March 5th, 2026", "$9.50"), ("令和8年3月5日", "￥9.50"), ("3/5/2026, 1:30:00\u202fPM", "9.50"),
        ("05.03.2026 r.", "9,50\u00a0zł"), ("٢٠٢٦-٠٣-٠٥", "٩٫٥٠"),
    ],
)  # fmt: skip
def test_days_and_amounts_are_found_as_they_are_read(tmp_path: Path, day: str, amount: str) -> None:
    """As a refresh reads them: setting up found no day, or no amount, and asked for a column or lacked it."""
    text = "order id;customer id;order date;total\n" + "".join(f"{n};c{n % 3};{day};{amount}\n" for n in range(6))
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    (export,) = plan_for(look_at([tmp_path / "list.csv"])).exports
    assert (export.role, export.fed["ordered_at"], export.fed["amount"]) == ("orders", "order date", "total")


def test_addresses_of_computers_are_no_days(tmp_path: Path) -> None:
    text = "ip,user id,date\n" + "".join(f"10.1.2.{n},u{n % 3},2026-03-{n + 10}\n" for n in range(9))
    (tmp_path / "logins.csv").write_text(text)
    (export,) = plan_for(look_at([tmp_path / "logins.csv"])).exports
    assert [column.kind for column in export.file.columns] == ["code", "code", "date"]
    assert export.fed["occurred_at"] == "date"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("Very satisfied", "Satisfied", "Neutral"), 'says "Neutral"'), (("4.5", "4.0", "3.0"), 'says "4.5"'),
        (("90%", "100%", "80%"), 'says "100%"'), (("★★★★☆", "★★☆☆☆", "★☆☆☆☆"), 'says "★★★★☆"'),
    ],
)  # fmt: skip
def test_answers_whose_scores_cannot_be_read_are_said_to_be_such(
    tmp_path: Path, values: tuple[str, ...], said: str
) -> None:
    rows = "".join(f"r{n},a{n % 4}@example.com,2026-03-{13 + n},{values[n % 3]}\n" for n in range(9))
    (tmp_path / "survey.csv").write_text(f"Response ID,Email,Submitted at,How satisfied are you?\n{rows}")
    (export,) = plan_for(look_at([tmp_path / "survey.csv"])).exports
    assert export.role == ""
    assert export.why.startswith(f"it seems to hold answers, but How satisfied are you? {said}, and scores are whole")


@pytest.mark.parametrize("others", [("product", "company"), ("price", "service", "shop")])
def test_of_several_questions_for_a_score_it_is_asked_which_is(tmp_path: Path, others: tuple[str, ...]) -> None:
    """The first of them was taken, whatever it was about."""
    asks = "How likely are you to recommend our {}?" if "company" in others else "How satisfied are you with our {}?"
    names = [asks.format(what) for what in others]
    rows = "".join(f"r{n},a{n % 4},2026-03-{13 + n}{f',{n % 5 + 1}' * len(names)}\n" for n in range(9))
    (tmp_path / "survey.csv").write_text(f"Response ID,Customer ID,Date,{','.join(names)}\n{rows}")
    seen = look_at([tmp_path / "survey.csv"])
    (asked,) = plan_for(seen).open_questions
    assert (asked.key, [name for name, _ in asked.options]) == ("survey.csv:score", names)
    assert plan_for(seen, {asked.key: names[-1]}).exports[0].fed["score"] == names[-1]


def test_scores_with_a_decimal_comma_are_scores(tmp_path: Path) -> None:
    rows = "".join(f'r{n},a{n % 4}@example.com,2026-03-{13 + n},"{1 + n % 5},0"\n' for n in range(9))
    (tmp_path / "reviews.csv").write_text(f"Response ID,Email,Date,Rating\n{rows}")
    (export,) = plan_for(look_at([tmp_path / "reviews.csv"])).exports
    assert (export.role, export.fed["score"]) == ("responses", "Rating")


def test_a_file_without_names_of_columns_is_not_read_by_its_first_row(tmp_path: Path) -> None:
    """That row was lost, and so was each with a value of it, as repeated names."""
    rows = [f"{n},K{n % 3},2026-03-{13 + n},{n}.50" for n in range(9)]
    (tmp_path / "orders.csv").write_text("\n".join(rows) + "\n")
    (export,) = plan_for(look_at([tmp_path / "orders.csv"])).exports
    first = 'its first line ("0, K0, 2026-03-13, 0.50") is a row as all others: put their names above it'
    assert (export.role, export.why) == ("", f"it has no names of columns, for {first}")


def test_a_table_with_a_column_for_each_day_has_names(tmp_path: Path) -> None:
    rows = "".join(f"c{n},{n},{n + 1},{n + 2}\n" for n in range(9))
    (tmp_path / "wide.csv").write_text(f"customer,2026-03-13,2026-03-14,2026-03-15\n{rows}")
    (export,) = plan_for(look_at([tmp_path / "wide.csv"])).exports
    assert [column.name for column in export.file.columns][1] == "2026-03-13"


def test_what_is_completed_is_closed(tmp_path: Path) -> None:
    rows = "".join(f"SUP-{n},Late,u{n % 3},2026-03-{13 + n},2026-03-{14 + n}\n" for n in range(9))
    (tmp_path / "issues.csv").write_text(f"ID,Title,Creator,Created,Completed\n{rows}")
    (export,) = plan_for(look_at([tmp_path / "issues.csv"])).exports
    assert (export.role, export.fed["closed_at"]) == ("tickets", "Completed")


def test_the_number_of_an_order_is_not_offered_as_its_customer(tmp_path: Path) -> None:
    rows = "".join(f"33{n},Ana {n % 3},2026-03-{13 + n},200.5,ok\n" for n in range(9))
    (tmp_path / "orders.csv").write_text(f"Book number,Booked by,Booked on,Price,Status\n{rows}")
    (export,) = plan_for(look_at([tmp_path / "orders.csv"])).exports
    assert (export.fed["order_id"], export.asked["customer_id"]) == ("Book number", ("Booked by",))


@pytest.mark.parametrize("name", ["Duration (hh:mm:ss)", "Session Duration (s)", "Time spent", "Dauer (Std.)"])
def test_durations_are_found_by_names_with_their_unit(tmp_path: Path, name: str) -> None:
    rows = "".join(f"u{n % 3},2026-03-{13 + n},0:{10 + n}:30\n" for n in range(9))
    (tmp_path / "usage.csv").write_text(f"user id,date,{name}\n{rows}")
    (export,) = plan_for(look_at([tmp_path / "usage.csv"])).exports
    assert export.fed["minutes"] == name


def test_durations_of_which_no_name_tells_the_unit_are_asked_about(tmp_path: Path) -> None:
    """Seconds counted as minutes without a word, as long as no day had too many."""
    rows = "".join(f"u{n % 3},2026-03-{13 + n},{300 + n}\n" for n in range(9))
    file = tmp_path / "usage.csv"
    file.write_text(f"user id,date,duration\n{rows}")
    seen = look_at([file])
    (asked,) = plan_for(seen).open_questions
    assert [value for value, _ in asked.options] == ["seconds", "minutes", "hours"]
    build(tmp_path / "board", plan_for(seen, {asked.key: "seconds"}), [file], Company())
    workspace = load_workspace(tmp_path / "board")
    refresh(workspace, staging_only(workspace))
    ((minutes,),) = published(workspace, "select sum(minutes) from activity")
    assert minutes == pytest.approx(sum(300 + n for n in range(9)) / 60)


@pytest.mark.parametrize("name", ["minutes", "duration_ms", "Duration (s)", "Dauer in Sekunden", "session minutes"])
def test_durations_whose_name_tells_the_unit_are_not_asked_about(tmp_path: Path, name: str) -> None:
    rows = "".join(f"u{n % 3},2026-03-{13 + n},{300 + n}\n" for n in range(9))
    (tmp_path / "usage.csv").write_text(f"user id,date,{name}\n{rows}")
    assert plan_for(look_at([tmp_path / "usage.csv"])).open_questions == ()


@pytest.mark.parametrize(
    ("head", "row", "role"),
    [
        ("SKU,Title,Units,Customer Price,Begin Date,End Date", "pro,Pro,1,{n}.99,2026-03-{d},2026-03-{d}", ""),
        ("ID,Date,Ticket,Customer ID,Item,Total", "{n},2026-03-{d},T{n},c{n},Bike,{n}.50", "orders"),
        ("Title,Begin Date,End Date", "Sprint {n},2026-03-{d},2026-04-{d}", "sprints"),
        ("Ticket,Date,Customer ID,Subject", "T{n},2026-03-{d},c{n},Late", "tickets"),
    ],
)
def test_sales_with_titles_or_tickets_are_no_sprints_and_no_contacts(
    tmp_path: Path, head: str, row: str, role: str
) -> None:
    rows = [row.format(n=n, d=10 + n) for n in range(9)]
    (tmp_path / "report.csv").write_text("\n".join([head, *rows, ""]))
    (export,) = plan_for(look_at([tmp_path / "report.csv"])).exports
    assert export.role == role
