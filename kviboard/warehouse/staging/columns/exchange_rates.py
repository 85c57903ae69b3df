"""Amounts in other currencies, converted to the company's: each at the latest rate on or before its day, exactly.

A product keeps all its digits; what is less than a cent is rounded after adding up, as in money. Which currency an
amount is in is found in currencies.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, plural
from kviboard.errors import Problem
from kviboard.warehouse.engine import columns_of, insert_rows, literal, quoted, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.readings import read_column
from kviboard.warehouse.staging.values.cast import Rules, cast_column
from kviboard.warehouse.staging.values.money import shown_amount
from kviboard.warehouse.staging.values.numbers import WrittenValues
from kviboard.warehouse.staging.values.place import Place, StagingError
from kviboard.workspace.settings import Source

_SETTING = "kviboard.toml, [currency] rates"
_ALWAYS = "0001-01-01"  # the day of rates that hold for all days
_PLACES = 10
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
_STALE_DAYS = 62
_COLUMNS = (Column("currency", "id", True), Column("day", "day", True), Column("rate", "money", True))
Rates = Mapping[str, Decimal]


def open_rates(
    connection: duckdb.DuckDBPyConnection, given: Rates, source: str | None, settings: Source | None, is_text: bool
) -> frozenset[str]:
    """Create exchange_rates (currency, day, rate) from the settings, or from the export `source`; returns the
    currencies. `settings`: of that source; `is_text`: whether it is read from text.

    Raises StagingError for an export that does not say them.
    """
    connection.execute(f"create table exchange_rates (currency varchar, day date, rate decimal(38, {_PLACES}))")
    if source and settings:
        _read_rates(connection, source, settings, is_text)
    insert_rows(connection, "exchange_rates", [[code, _ALWAYS, str(rate)] for code, rate in given.items()])
    return frozenset(code for (code,) in rows_of(connection, "select distinct currency from exchange_rates"))


def converted(judged: str, money: str) -> str:
    """SQL for judged rows with their amounts in the company's currency: `_currency` is what they were in, `_rate` null
    where there is none, `_found_amount` the amount as it was and `_rate_day` the day that the rate is of."""
    product = f"cast(amount * rates.rate as {money})"
    amount = f"case when _currency is null then cast(amount as {money}) else {product} end"
    return (
        f"select found.* replace ({amount} as amount), found.amount as _found_amount, rates.rate as _rate, "
        f"rates.day as _rate_day from ({judged}) as found asof left join exchange_rates as rates "
        f"on found._currency = rates.currency and coalesce(found.day, date '{_ALWAYS}') >= rates.day"
    )


def rate_places(connection: duckdb.DuckDBPyConnection) -> int:
    """How many decimal places the rates have."""
    most = "select max(length(rtrim(split_part(rate::varchar, '.', 2), '0'))) from exchange_rates"
    return row_of(connection, most)[0] or 0


def said_of_rates(connection: duckdb.DuckDBPyConnection, relation: str, company: str) -> list[ExportDecision]:
    """What was converted, by currency. Raises StagingError where an amount has no rate on or before its day."""
    usable = "_currency is not null and amount_found is not null and (_reason is null or _kind = 'continues')"
    rows = f"(select *, _found_amount as amount_found from {relation})"
    example = f"(_found_amount, amount, {FILE}, {LINE})"
    found = rows_of(
        connection,
        f"""
        select
            _currency, count(*), min(_rate), max(_rate), max(day - _rate_day) filter (where _rate_day > '{_ALWAYS}'),
            arg_max(_rate_day, day - _rate_day), arg_min({example}, ({FILE}, {LINE})),
            count(*) filter (where _rate is null), count(*) filter (where day is null and _rate is null), min(day),
            arg_min({example}, ({FILE}, {LINE})) filter (where _rate is null)
        from {rows} where {usable} group by _currency order by _currency
        """,
    )
    amounts = [_Converted(*row) for row in found]
    lacking = [each for each in amounts if each.lacking]
    if lacking:
        raise StagingError(_no_rate(connection, lacking[0], company))
    return [_said(each, company) for each in amounts]


class _Converted(NamedTuple):
    """The amounts in one currency."""

    currency: str
    rows: int
    low: Decimal
    high: Decimal
    oldest: int | None  # days between an amount's day and that of its rate
    oldest_day: Any  # of that rate
    example: tuple[Decimal, Decimal, str | None, int | None]
    lacking: int  # rows without a rate
    without_day: int
    first_day: Any
    lacking_example: tuple[Decimal, Decimal, str | None, int | None] | None


def _said(found: _Converted, company: str) -> ExportDecision:
    amount, product, file, line = found.example
    are = plural(found.rows, "is", "are")
    rate = shown_amount(found.low) + (f" to {shown_amount(found.high)}, the latest on or before each day"
                                     if found.high != found.low else "")  # fmt: skip
    is_stale = found.oldest is not None and found.oldest > _STALE_DAYS
    late = f" The rate of {found.oldest_day} is used for amounts up to {found.oldest} days later."
    shown = WrittenValues(1, f"{shown_amount(amount)} {found.currency}", file, line).example.replace('"', "")
    return ExportDecision(
        where="The orders export",
        what=f"{counted(found.rows, 'amount')} in {found.currency} {are} converted to {company} at {rate}."
        + (late if is_stale else ""),
        example=f"{shown} is {shown_amount(product)} {company}",
        setting=f"[currency] rates says what 1 {found.currency} is in {company}.",
        level="warning" if is_stale else "note",
        moves_kvis=True,
    )


def _no_rate(connection: duckdb.DuckDBPyConnection, found: _Converted, company: str) -> Problem:
    amount, _, file, line = found.lacking_example or found.example
    example = WrittenValues(1, f"{shown_amount(amount)} {found.currency}", file, line).example.replace('"', "")
    rows = f"{counted(found.lacking, 'amount')} in {found.currency} {plural(found.lacking, 'has', 'have')}"
    if found.without_day == found.lacking:
        what, hint = f"{rows} no day, so no rate of it ({example}).", "Export the day on each line of an order."
        return Problem("The orders export", what, hint)
    (first,) = row_of(connection, "select min(day) from exchange_rates where currency = ?", [found.currency])
    what = f"{rows} no rate: the first is of {first}, and the amounts begin on {found.first_day} ({example})."
    return Problem(_SETTING, what, f"Add a rate of {found.currency} to {company} for that day or an earlier one.")


def _read_rates(connection: duckdb.DuckDBPyConnection, source: str, settings: Source, is_text: bool) -> None:
    """Fill exchange_rates from an export with a rate per currency and day, or month."""
    view = f"source.{quoted(source)}"
    found = {name.lower(): kind for name, kind in columns_of(connection, view).items()}
    missing = [column.name for column in _COLUMNS if column.name not in found]
    if missing:
        what = f"the export has no column {' and no column '.join(missing)}."
        raise StagingError(Problem(_SETTING, what, f"Name the columns under [sources.{source}] rename."))
    month = f"regexp_matches(cast(day as varchar), {literal(_MONTH)})"
    days = f"case when {month} then cast(day as varchar) || '-01' else cast(day as varchar) end as day"
    rows = f"(select * replace ({days}) from {view})" if found["day"] == "VARCHAR" else f"(select * from {view})"
    place = Place("exchange rates", source, rows, rows, is_text)
    rules = Rules(date_format=settings.date_format, decimal=settings.decimal)
    casts = []
    for column in _COLUMNS:
        reading = read_column(connection, place, column, found[column.name], rules)
        casts.append(cast_column(column, found[column.name], is_text, reading.rules, reading.dates))
    clean = ", ".join(f"{cast.clean} as {cast.alias}" for cast in casts)
    typed = ", ".join(f"{cast.typed} as {cast.column.name}" for cast in casts)
    reasons = ", ".join(str(cast.reason) for cast in casts)
    connection.execute(
        f"""
        create temp table rates_found as
        select upper(currency) as currency, day, rate, {FILE}, {LINE},
            coalesce({reasons}, case when rate <= 0 then 'rate is not above 0' end) as reason
        from (select *, {typed} from (select {clean}, {FILE}, {LINE} from {rows}))
        """
    )
    _refuse_odd(connection)
    connection.execute("insert into exchange_rates select distinct currency, day, rate from rates_found")


def _refuse_odd(connection: duckdb.DuckDBPyConnection) -> None:
    odd = rows_of(connection, f"select {FILE}, {LINE}, reason from rates_found where reason is not null order by 1, 2")
    if odd:
        file, line, reason = odd[0]
        place = f"{file or 'the export'}, line {line}" if line else str(file or "the export")
        raise StagingError(Problem(_SETTING, f"{place}: {reason}.", "Correct it: a wrong rate makes wrong amounts."))
    twice = rows_of(
        connection,
        "select currency, day, min(rate), max(rate) from rates_found group by all having count(distinct rate) > 1 "
        "order by 1, 2 limit 1",
    )
    if twice:
        currency, day, low, high = twice[0]
        what = f"{currency} has the rates {shown_amount(low)} and {shown_amount(high)} on {day}."
        raise StagingError(Problem(_SETTING, what, "Keep one of them."))
