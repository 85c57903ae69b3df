"""Makes a workspace of any size for the benchmarks: 100 M events, 10 M orders, 2 M answers, 1 M customers at scale 1.

    python -m tests.benchmarks.generate FOLDER [--scale 0.001] [--events 0.1]

Two years of Parquet exports, the same bytes' worth of rows every time: every value is a hash of its row's number.
Events come in the order of time, one file a month, as a product's log would write them; a few customers do most.
"""

import argparse
import time
from pathlib import Path

import duckdb

CUSTOMERS, EVENTS, ORDERS, RESPONSES, INVITATIONS, TICKETS = (
    1_000_000, 100_000_000, 10_000_000, 2_000_000, 4_000_000, 500_000
)  # fmt: skip
FIRST_DAY, DAYS, MONTHS = "2024-01-01", 731, 24

CONFIG = """\
dimensions = ["segment", "country", "plan"]

[company]
name = "Large"
product = "A product with many customers"
vision = "Anyone can do it in a minute."

[sources.customers]
files = "exports/customers.parquet"

[sources.activity]
files = "exports/activity-*.parquet"

[sources.orders]
files = "exports/orders.parquet"

[sources.responses]
files = "exports/responses.parquet"

[sources.invitations]
files = "exports/invitations.parquet"

[sources.tickets]
files = "exports/tickets.parquet"
"""

# chance(i, salt): even in [0, 1), the same for the same row and salt, unrelated between salts, which
# the inner hash alone is not: it only shifts its result by the salt.
# moment(i, total): the row's time; rows come in order. a_customer(i, total, customers, salt): half of the customers
# are there from the first day, the others sign up one after another; the power makes a few of them do most.
MACROS = f"""
create macro chance(i, salt) as (hash(hash(i, salt)) >> 11) / 9007199254740992.0;
create macro moment(i, total) as
    timestamp '{FIRST_DAY}' + to_microseconds(cast((i + chance(i, 'moment')) * {DAYS} * 86400e6 / total as bigint));
create macro a_customer(i, total, customers, salt) as 'C' || lpad(cast(cast(floor(
    pow(chance(i, salt), 1.5) * customers * (0.5 + 0.5 * i / total)
) as integer) as varchar), 8, '0');
"""

CUSTOMERS_SQL = """
select
    'C' || lpad(cast(i as varchar), 8, '0') as customer_id,
    date '{first_day}' + cast(floor((i * 2.0 / {rows} - 1) * {days}) as integer) as signed_up_on,
    case when chance(i, 'acquisition') < 0.3 then 'earned' else 'bought' end as acquisition,
    ['Home', 'Studio', 'Office', 'Chain'][cast(floor(4 * pow(chance(i, 'segment'), 1.5)) as integer) + 1] as segment,
    ['NL', 'DE', 'BE', 'FR', 'AT', 'CH', 'DK', 'SE', 'ES', 'IT'][
        cast(floor(10 * pow(chance(i, 'country'), 2)) as integer) + 1
    ] as country,
    ['Free', 'Basic', 'Plus', 'Pro', 'Max'][cast(floor(5 * chance(i, 'plan')) as integer) + 1] as plan
from range({rows}) as numbers(i)
"""

ACTIVITY_SQL = """
select
    a_customer(i, {rows}, {customers}, 'active') as customer_id,
    moment(i, {rows}) as occurred_at,
    ['open', 'search', 'share', 'export'][cast(floor(4 * chance(i, 'event')) as integer) + 1] as event,
    cast(floor(chance(i, 'minutes') * 300) as integer) / 10 as minutes
from range({first}, {last}) as numbers(i)
"""

ORDERS_SQL = """
select
    'O' || i as order_id,
    a_customer(i, {rows}, {customers}, 'orders') as customer_id,
    moment(i, {rows}) as ordered_at,
    cast((5 + floor(chance(i, 'amount') * 20000) / 100) * if(chance(i, 'refund') < 0.02, -1, 1) as decimal(18, 2))
        as amount,
    'P' || cast(floor(chance(i, 'product') * 20) as integer) as product
from range({rows}) as numbers(i)
"""

RESPONSES_SQL = """
select
    'R' || i as response_id,
    a_customer(i, {rows}, {customers}, 'answers') as customer_id,
    moment(i, {rows}) as responded_at,
    cast(10 - floor(11 * pow(chance(i, 'score'), 1.6)) as integer) as score,
    if(chance(i, 'survey') < 0.7, 'relationship', 'transactional') as survey,
    'T' || cast(floor(chance(i, 'touchpoint') * 6) as integer) as touchpoint,
    if(chance(i, 'writes') < 0.3, concat_ws(' ',
        ['good', 'slow', 'fair', 'dear', 'kind', 'late', 'clear'][cast(floor(chance(i, 'word') * 7) as integer) + 1],
        ['price', 'delivery', 'app', 'support', 'bill'][cast(floor(chance(i, 'thing') * 5) as integer) + 1],
        'number', cast(floor(chance(i, 'which') * 1000) as integer)
    ), null) as comment
from range({rows}) as numbers(i)
"""

INVITATIONS_SQL = """
select
    a_customer(i, {rows}, {customers}, 'answers') as customer_id,
    moment(i, {rows}) as invited_at,
    if(chance(i, 'survey') < 0.7, 'relationship', 'transactional') as survey,
    'T' || cast(floor(chance(i, 'touchpoint') * 6) as integer) as touchpoint
from range({rows}) as numbers(i)
"""

TICKETS_SQL = """
select
    'T' || i as ticket_id,
    a_customer(i, {rows}, {customers}, 'asks') as customer_id,
    moment(i, {rows}) as opened_at,
    moment(i, {rows}) + to_minutes(cast(floor(chance(i, 'closed') * 9000) as integer)) as closed_at,
    if(chance(i, 'kind') < 0.4, 'complaint', 'question') as kind
from range({rows}) as numbers(i)
"""


def generate(folder: Path, scale: float = 1.0, of_events: float = 1.0) -> None:
    """Write a workspace with kviboard.toml and exports/ into `folder`; `of_events`: this share of the events."""
    exports = folder / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    (folder / "kviboard.toml").write_text(CONFIG, encoding="utf-8")
    connection = duckdb.connect(config={"memory_limit": "8GB"})
    connection.execute(MACROS)
    customers, events = max(10, round(CUSTOMERS * scale)), round(EVENTS * scale * of_events)

    def write(name: str, sql: str, rows: int, **more: int) -> None:
        text = sql.format(rows=rows, customers=customers, first_day=FIRST_DAY, days=DAYS, **more)
        connection.execute(f"copy ({text}) to '{exports / name}.parquet' (format parquet)")

    write("customers", CUSTOMERS_SQL, customers)
    write("orders", ORDERS_SQL, round(ORDERS * scale))
    write("responses", RESPONSES_SQL, round(RESPONSES * scale))
    write("invitations", INVITATIONS_SQL, round(INVITATIONS * scale))
    write("tickets", TICKETS_SQL, round(TICKETS * scale))
    for month in range(MONTHS):
        first, last = events * month // MONTHS, events * (month + 1) // MONTHS
        write(f"activity-{month + 1:02}", ACTIVITY_SQL, events, first=first, last=last)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.generate", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="an empty folder outside of the repository")
    parser.add_argument("--scale", type=float, default=1.0, help="1 makes 100 M events (default)")
    parser.add_argument("--events", type=float, default=1.0, help="share of the events that is made (default: all)")
    options = parser.parse_args()
    started = time.perf_counter()
    generate(options.folder, options.scale, options.events)
    size = sum(file.stat().st_size for file in options.folder.rglob("*.parquet"))
    print(f"{options.folder}: {size / 1e9:.2f} GB of exports in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
