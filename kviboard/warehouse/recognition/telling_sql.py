"""Writes customers.sql where KVIs are sliced by what orders, answers and other rows say of their customers."""

from collections.abc import Sequence
from dataclasses import dataclass

from kviboard.domain.formatting import listed
from kviboard.domain.recognition.facts import ColumnFacts
from kviboard.domain.recognition.slicing import TELLING
from kviboard.warehouse.engine import literal, readable
from kviboard.warehouse.staging.values.dates import ZONE_AT_END

_ANY_ZONE = " %Z"


@dataclass(frozen=True)
class Telling:
    """A source whose rows say something of their customers: of each the latest counts.

    `customer` and `at`: its columns with the customer and the time. `slices`: its columns, each with the name that KVIs
    are sliced by. `times`: the column with the time, in each file that was looked at; `date_format`: how the source's
    dates are read, where that was given. `nobody`: what stands for a customer where nobody is known.
    """

    source: str
    table: str  # that its rows are of
    customer: str
    at: str
    slices: Sequence[tuple[str, str]]
    times: Sequence[ColumnFacts | None] = ()
    date_format: str = ""
    nobody: Sequence[str] = ()


def slicing_select(telling: Sequence[Telling], customers: str = "") -> str:
    """customers.sql where KVIs are sliced by what other exports say of customers. `customers`: SQL of the table, or of
    a SELECT in brackets, that has them with our names; "" where no export has them."""
    names = list(dict.fromkeys(name for each in telling for _, name in each.slices))
    rows = listed(list(dict.fromkeys(TELLING[each.table][0] for each in telling)), "or")
    slices = [readable(name) for name in names]
    latest = [f"arg_max({name}, said_at || {name}) filter (where trim({name}) <> '') as {name}" for name in slices]
    said = "\n\n    union all by name\n\n".join(_said(each) for each in telling)
    steps = (
        f"-- one row per customer; {listed(names)}: as in their latest {rows} (at one time the last by name)\n"
        f"with said as (\n{said}\n),\n\n"
        f"latest as (\n{_select(['customer_id', *latest], '    ')}\n    from said\n"
        "    where customer_id <> '' and said_at <> ''\n    group by customer_id\n)\n\n"
    )
    if not customers:
        return f"{steps}{_select(['customer_id', *slices])}\nfrom latest\n"
    return (
        f"{steps}{_select(['customers.*', *(f'latest.{name}' for name in slices)])}\nfrom {customers} as customers\n"
        "left join latest on trim(customers.customer_id) = latest.customer_id\n"
    )


def _said(telling: Telling) -> str:
    """What every row of a source says of its customer, and when."""
    at = telling.source
    customer = f"trim({at}.{readable(telling.customer)})"
    when = moment(f"{at}.{readable(telling.at)}", telling.times, telling.date_format)
    slices = [f"{at}.{readable(column)} as {readable(name)}" for column, name in telling.slices]
    columns = [f"{customer} as customer_id", f"cast({when} as varchar) as said_at", *slices]
    nobody = ", ".join(map(literal, telling.nobody))
    where = f"\n    where {customer} not in ({nobody})" if nobody else ""
    return f"{_select(columns, '    ')}\n    from source.{at} as {at}{where}"


def _select(columns: Sequence[str], indent: str = "") -> str:
    return f"{indent}select\n" + ",\n".join(f"{indent}    {column}" for column in columns)


def moment(value: str, columns: Sequence[ColumnFacts | None], date_format: str = "") -> str:
    """What a text with a date sorts by: itself where it is written as 2026-01-31, else the time it says, by the clocks
    of its place where a zone ends it."""
    formats = [each for column in columns if column for each in column.date_formats or ()]
    formats = [each for each in dict.fromkeys(formats) if not date_format or each.startswith(date_format)]
    if not formats:
        return value
    if any(each.endswith(_ANY_ZONE) for each in formats):
        value, formats = (
            f"regexp_replace({value}, '{ZONE_AT_END}', '')",
            [each.removesuffix(_ANY_ZONE) for each in formats],
        )
    listed_formats = ", ".join(map(literal, formats))
    return f"try_strptime({value}, {listed_formats if len(formats) == 1 else f'[{listed_formats}]'})"
