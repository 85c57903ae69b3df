"""Up to which day a table counts as whole, where that is not the day of its last row."""

from collections.abc import Mapping
from datetime import date

import duckdb

from kviboard.domain.contract import EVENT_TABLES
from kviboard.domain.formatting import counted, format_day, plural
from kviboard.domain.kvis.silence import BEYOND_CHANCE, ORDINARY, chance_of_silence
from kviboard.warehouse.engine import row_of, rows_of
from kviboard.warehouse.manifest import ExportDecision, Reach

_DAYS_BEFORE = 100  # the last row, that are asked for: more than any rule looks at
_KNOWN_DAYS = 28  # before the last sign-up, in which the list lacks nobody: then it is whole but for the newest
_ENOUGH = 5  # customers seen in these days


def whole_through(
    connection: duckdb.DuckDBPyConnection, reach: Mapping[str, Reach], list_of_customers: str
) -> tuple[dict[str, date], list[ExportDecision]]:
    """The day by table, and what is said of it.

    An export of what happened ends with its last row, unless it is ordinary for it to have none on the days that only
    others reach. The customers are a list: whole as far as everything that happened, unless its last sign-up is longer
    ago than chance allows, or somebody acted since who is not in it while nobody was missing before.
    """
    events = {table: reach[table].data_through for table in EVENT_TABLES if table in reach}
    end = max(events.values(), default=date.min)
    whole = {}
    for table, last in events.items():
        chance = _chance(connection, table, "day", last, end)
        if last < end and chance is not None and chance >= ORDINARY:
            whole[table] = end
    if "customers" not in reach or reach["customers"].data_through >= end:
        return whole, []
    last = reach["customers"].data_through
    chance = _chance(connection, list_of_customers, "signed_up_on", last, end)
    missing, one = _missing(connection, tuple(events), list_of_customers, last)
    if missing or (chance is not None and chance < BEYOND_CHANCE):
        return whole, [_said_of_an_old_list(last, end, missing, one)]
    return whole | {"customers": end}, []


def _chance(connection: duckdb.DuckDBPyConnection, table: str, column: str, last: date, end: date) -> float | None:
    """That of the silence after the table's last row; None where there is none or nothing tells."""
    if last >= end:
        return None
    asked = f"select distinct {column} from {table} where {column} > cast(? as date) - {_DAYS_BEFORE}"
    days = {day for (day,) in rows_of(connection, asked, [last])}
    return chance_of_silence({last, *days}, end)  # the last row may be one that another replaced


def _missing(connection: duckdb.DuckDBPyConnection, events: tuple[str, ...], known: str, last: date) -> tuple[int, str]:
    """How many customers acted only after the last sign-up and are not in the list, and one of them; none where it
    lacked others before, or hardly anybody was seen."""
    seen = " union all ".join(
        f"select customer_id, day from {table} where day > cast($last as date) - {_KNOWN_DAYS}" for table in events
    )
    known_before, lacking_before, since, one = row_of(
        connection,
        f"""
        with customers_seen as (
            select
                seen.customer_id,
                min(seen.day) as first_day,
                exists (select 1 from {known} as known where known.customer_id = seen.customer_id) as is_known
            from ({seen}) as seen where seen.customer_id is not null
            group by seen.customer_id
        )
        select
            count(*) filter (where is_known and first_day <= $last),
            count(*) filter (where not is_known and first_day <= $last),
            count(*) filter (where not is_known and first_day > $last),
            coalesce(min(customer_id) filter (where not is_known and first_day > $last), '')
        from customers_seen
        """,
        {"last": last},
    )
    return (since, one) if known_before >= _ENOUGH and not lacking_before else (0, "")


def _said_of_an_old_list(last: date, end: date, missing: int, one: str) -> ExportDecision:
    why = f"{counted(missing, 'customer')} first seen since {plural(missing, 'is', 'are')} not in it"
    rare = "so long without a sign-up happens less than once in a thousand times"
    return ExportDecision(
        where="The customers export",
        what=f"its last sign-up is of {format_day(last)}, the other exports reach {format_day(end)}: "
        f"{why if missing else rare}. It is taken to end there.",
        example=f'"{one}"' if missing else "",
        setting="Export it anew with the others; until then nothing is said of new customers after that day.",
        level="warning",
        moves_kvis=True,
    )
