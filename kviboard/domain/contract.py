"""The contract tables: what staging must deliver, as data. Casting and rejecting belongs to the warehouse."""

from dataclasses import dataclass

SURVEY_KINDS = ("relationship", "transactional")
TICKET_KINDS = ("complaint", "question")
ACQUISITION_KINDS = ("earned", "bought")


@dataclass(frozen=True)
class Column:
    """One column of a contract table. kind: id, text, day, time, money, minutes, rating, score, choice (`choices`)."""

    name: str
    kind: str
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class ContractTable:
    """One contract table; `key` is empty where rows have no identity of their own."""

    name: str
    one_row_per: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    time_column: str | None = None  # the column that says when it happened; its DATE is kept beside it as `day`


def _id(name: str) -> Column:
    return Column(name, "id", required=True)


CHANGED_AT = Column("updated_at", "time")
"""When a row was last changed: of rows with one key, the one changed last counts."""


CONTRACT: dict[str, ContractTable] = {
    table.name: table
    for table in (
        ContractTable(
            "customers",
            "customer",
            (
                _id("customer_id"),
                Column("name", "text"),
                Column("signed_up_on", "day"),
                Column("acquisition", "choice", choices=ACQUISITION_KINDS),
                CHANGED_AT,
            ),
            key=("customer_id",),
        ),
        ContractTable(
            "activity",
            "event, or customer and day",
            (
                _id("customer_id"),
                Column("occurred_at", "time", required=True),
                Column("event_id", "id"),
                Column("event", "text"),
                Column("minutes", "minutes"),
            ),
            time_column="occurred_at",
        ),
        ContractTable(
            "orders",
            "order, or line of an order (refunds negative)",
            (
                _id("order_id"),
                _id("customer_id"),
                Column("ordered_at", "time", required=True),
                Column("amount", "money", required=True),
                Column("product", "text"),
                CHANGED_AT,
            ),
            key=("order_id",),
            time_column="ordered_at",
        ),
        ContractTable(
            "responses",
            "survey answer",
            (
                Column("response_id", "id"),  # one is made of file and line where there is none
                Column("customer_id", "id"),  # null: an anonymous answer
                Column("responded_at", "time", required=True),
                Column("score", "score", required=True),
                Column("survey", "choice", choices=SURVEY_KINDS),
                Column("touchpoint", "text"),
                Column("comment", "text"),
                CHANGED_AT,
            ),
            key=("response_id",),
            time_column="responded_at",
        ),
        ContractTable(
            "invitations",
            "customer asked for an answer",
            (
                _id("customer_id"),
                Column("invited_at", "time", required=True),
                Column("survey", "choice", choices=SURVEY_KINDS),
                Column("touchpoint", "text"),
            ),
            time_column="invited_at",
        ),
        ContractTable(
            "tickets",
            "contact",
            (
                _id("ticket_id"),
                _id("customer_id"),
                Column("opened_at", "time", required=True),
                Column("closed_at", "time"),
                Column("kind", "choice", choices=TICKET_KINDS),
                Column("topic", "text"),
                CHANGED_AT,
            ),
            key=("ticket_id",),
            time_column="opened_at",
        ),
        ContractTable(
            "sprints",
            "sprint",
            (
                _id("name"),
                Column("starts_on", "day", required=True),
                Column("ends_on", "day", required=True),
                Column("goal", "text"),
                Column("team", "text"),
                CHANGED_AT,
            ),
            key=("name", "team", "starts_on"),
        ),
        ContractTable(
            "releases",
            "release or event worth marking on a chart",
            (
                Column("day", "day", required=True),
                Column("title", "text", required=True),
                Column("description", "text"),
            ),
        ),
    )
}

EVENT_TABLES = tuple(table.name for table in CONTRACT.values() if table.time_column)
"""Tables whose last day says how far the data reaches."""

ACTED_IN = tuple(name for name in EVENT_TABLES if name != "invitations")
"""Tables of what customers did themselves: who is seen in one is a customer from then on. Being asked is no act."""
