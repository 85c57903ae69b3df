"""Which files there are, in which dialect, with which headers, and which flaws are planted in each."""

from generator.files import Dialect, Export
from generator.plans import release_rows, sprint_rows

BILLING = {
    "Invoice No": "order_id",
    "Customer No": "customer_id",
    "Invoice date": "ordered_at",
    "Total (EUR)": "amount",
    "Article": "product",
}
CRM = {
    "Customer No": "customer_id",
    "Account name": "name",
    "Customer since": "signed_up_on",
    "Acquired through": "acquisition",
    "Segment": "segment",
    "Country": "country",
    "Plan": "plan",
}
USAGE = {"Account": "customer_id", "Date": "occurred_at", "Screen": "event", "Minutes": "minutes"}
SURVEY = {
    "Answer ID": "response_id",
    "Customer ID": "customer_id",
    "Answered at": "responded_at",
    "How likely are you to recommend us?": "score",
    "Survey": "survey",
    "Touchpoint": "touchpoint",
    "What is the reason for your score?": "comment",
    "Value for money": "value_for_money",
    "Ease of use": "ease_of_use",
    "Support": "support",
}
INVITED = {"Customer ID": "customer_id", "Invited at": "invited_at", "Survey": "survey", "Touchpoint": "touchpoint"}
DESK = {
    "Ticket": "ticket_id",
    "Customer": "customer_id",
    "Opened": "opened_at",
    "Closed": "closed_at",
    "Type": "kind",
    "Topic": "topic",
}
SPRINTS = {"Sprint": "name", "First day": "starts_on", "Last day": "ends_on", "Goal": "goal"}
RELEASES = {"Day": "day", "Release": "title", "What changes for customers": "description"}

BILLING_DIALECT = Dialect(delimiter=";", line_end="\r\n")
CRM_DIALECT = Dialect(line_end="\r\n", byte_order_mark=True)
DESK_DIALECT = Dialect(delimiter="\t")


def make_exports(
    customers: list[list[str]],
    activity: dict[str, list[list[str]]],
    orders: dict[int, list[list[str]]],
    responses: list[list[str]],
    invitations: list[list[str]],
    tickets: list[list[str]],
) -> list[Export]:
    """Every export with its flaws, in order of file name within each source."""
    crm = Export("customers.csv", CRM, customers, CRM_DIALECT)
    usage = [Export(f"activity-{month}.csv.gz", USAGE, rows) for month, rows in activity.items()]
    billing = [Export(f"orders-{year}.csv", BILLING, rows, BILLING_DIALECT) for year, rows in orders.items()]
    survey, desk = Export("responses.csv", SURVEY, responses), Export("tickets.tsv", DESK, tickets, DESK_DIALECT)
    _spoil_customers(crm)
    _spoil_activity(usage)
    _spoil_orders(*billing)
    _spoil_responses(survey)
    _spoil_tickets(desk)
    plans = [Export("sprints.csv", SPRINTS, sprint_rows()), Export("releases.csv", RELEASES, release_rows())]
    invited = Export("invitations.csv.gz", INVITED, invitations)
    return [crm, *usage, *billing, survey, invited, desk, *plans]


def _spoil_customers(crm: Export) -> None:
    crm.spoil(611, "", "customer_id", "", "no customer id")
    crm.repeat(1204)


def _spoil_activity(usage: list[Export]) -> None:
    usage[2].spoil(9_014, "", "customer_id", "", "no customer id")
    usage[9].spoil(17_345, "", "customer_id", "", "no customer id")
    usage[13].spoil(4_242, usage[13].rows[4_241][0], "occurred_at", "yesterday", "not a date")


def _spoil_orders(first: Export, second: Export, third: Export) -> None:
    first.spoil(1_508, "900001", "customer_id", "", "no customer id")
    first.spoil(4_077, "900002", "ordered_at", "31.06.2024", "not a date")
    first.spoil(8_930, "900003", "amount", "abc", "not an amount")
    first.repeat(6_120)
    second.spoil(733, "900004", "customer_id", "", "no customer id")
    second.spoil(5_214, "900005", "customer_id", "", "no customer id")
    second.spoil(7_001, "900006", "ordered_at", "00.00.0000", "not a date")
    second.spoil(9_340, "900007", "amount", "abc", "not an amount")
    second.spoil(11_286, "900008", "amount", "", "no amount")
    second.insert(12_640, "900009;C0417;04.09.2025", "too few columns")
    second.repeat(2_345)
    second.repeat(14_002)
    third.spoil(2_200, "900010", "customer_id", "", "no customer id")
    third.spoil(6_789, "900011", "ordered_at", "2026-13-45", "not a date")
    third.spoil(9_876, "900012", "amount", "n/a", "not an amount")
    third.insert(11_023, "900013;C2280;14.07.2026;149,00;Thermostat; white", "too many columns")
    third.spoil(12_121, "900014", "ordered_at", "03.09.2062", "lies in the future")
    third.repeat(4_400)
    for export in (first, second, third):
        cents = sum(int(row[3].replace(",", "")) for row in export.rows)
        export.insert(len(export.rows), f"Total;;;{cents // 100},{cents % 100:02d};", "a line with the total")


def _spoil_responses(survey: Export) -> None:
    survey.spoil(402, "A90001", "score", "11", "score outside 0-10")
    survey.spoil(1_893, "A90002", "score", "n/a", "not a score")
    survey.spoil(2_764, "A90003", "customer_id", "", "no customer id")
    survey.spoil(3_550, "A90004", "score", "-1", "score outside 0-10")
    survey.spoil(4_321, "A90005", "responded_at", "last Tuesday", "not a date")
    line = "A90006,C1312,2026-02-11 10:20,9,relationship,,Clear, calm and never pushy,4,4,4"
    survey.insert(5_018, line, "too many columns")
    survey.spoil(5_902, "A90007", "score", "11", "score outside 0-10")
    survey.spoil(6_640, "A90008", "score", "n/a", "not a score")
    survey.spoil(7_007, "A90009", "responded_at", "2062-06-15 09:00", "lies in the future")
    survey.repeat(3_003)


def _spoil_tickets(desk: Export) -> None:
    desk.spoil(288, "T90001", "customer_id", "", "no customer id")
    desk.spoil(1_555, "T90002", "opened_at", "soon", "not a date")
    desk.insert(2_020, "T90003\tC0815", "too few columns")
    desk.spoil(2_718, "T90004", "opened_at", "2062-01-01 08:00", "lies in the future")
    desk.repeat(1_000)
