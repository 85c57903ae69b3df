"""What is said of orders with several rows in a file: how many lines were added, and where these do not agree."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

import duckdb

from kviboard.domain.formatting import counted, listed, plural
from kviboard.warehouse.engine import literal, row_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.query import CastRows
from kviboard.warehouse.staging.rows.duplicates import repeated_rows
from kviboard.warehouse.staging.rows.order_products import ORDER_PRODUCTS
from kviboard.warehouse.staging.values.money import shown_amount

_FAR = 92  # days between two lines of one order that few orders are open for


def said_of_lines(
    connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, given: Mapping[str, str | None]
) -> list[ExportDecision]:
    """What was added up by no setting, and where the lines of an order do not agree."""
    is_price = "own_amount > 0"  # and no refund under the order's number
    connection.execute(
        f"""
        create or replace temp view added_orders as
        select
            order_id, min(_source) as source, case when count(distinct {FILE}) = 1 then min({FILE}) end as file,
            list({LINE} order by {LINE}) as lines,
            max(amount) filter (where outcome = 'kept') as amount, count(*) filter (where outcome = 'line') as further,
            count(*) filter (where continues) as continuing,
            case when count(*) filter (where {is_price}) > 1
            then count(distinct own_amount) filter (where {is_price}) = 1 end as is_even,
            count(distinct customer_id) > 1 as differs_in_customer, count(distinct day) > 1 as differs_in_day,
            max(day) filter (where {is_price}) - min(day) filter (where {is_price}) > {_FAR} as is_far_apart,
            coalesce(
                max(day) filter (where own_amount < 0) > min(day) filter (where {is_price}), false
            ) as is_paid_back_later
        from {repeated_rows(cast_rows)} where outcome in ('kept', 'line')
        group by order_id having count(*) > 1
        """
    )
    decided = ", ".join(literal(source) for source, setting in given.items() if setting)
    undecided = f"source not in ({decided})" if decided else "true"
    return [
        *_said(connection, undecided, _added_up),
        *_said(connection, f"order_id in (select order_id from {ORDER_PRODUCTS} where amount is null)", _not_split),
        *_said(connection, "differs_in_customer", _customers_differ),
        *_said(connection, "is_far_apart", _days_far_apart),
        *_said(connection, "is_paid_back_later", _paid_back_later),
        *_said(
            connection, "differs_in_day and not coalesce(is_far_apart, false) and not is_paid_back_later", _days_differ
        ),
    ]


def _said(
    connection: duckdb.DuckDBPyConnection, condition: str, say: Callable[["_Added"], ExportDecision]
) -> list[ExportDecision]:
    """What there is to say of the orders for which `condition` holds, with the first of them as an example."""
    facts = row_of(
        connection,
        f"select count(*), sum(further)::bigint, sum(continuing)::bigint, count(distinct file), count(file), "
        f"bool_and(is_even), sum(amount), "
        f"min_by((order_id, source, file, lines, amount), (file, lines[1], order_id)) "
        f"from added_orders where {condition}",
    )
    return [say(_Added(*facts[:7], *facts[7]))] if facts[0] else []


class _Added(NamedTuple):
    """Orders with several rows in one file, and one of them."""

    orders: int
    further: int
    continuing: int
    files: int
    in_files: int
    are_even: bool  # all lines of an order have the same amount, as where each has the order's total
    turnover: Decimal
    order_id: str
    source: str
    file: str | None
    lines: list[int | None]
    amount: Decimal

    @property
    def where(self) -> str:
        return str(self.file) if self.files == 1 and self.in_files == self.orders else "The orders export"

    @property
    def example(self) -> str:
        """ "order 17, lines 2, 3 and 4 of exports/orders.csv" """
        lines = [f"{line:,}" for line in self.lines if line is not None]
        if not self.file or not lines:
            return f"order {self.order_id}"
        shown = lines if len(lines) < 5 else [*lines[:3], f"{len(lines) - 3} more"]
        of_file = f" of {self.file}" if self.where != self.file else ""
        return f"order {self.order_id}, {plural(len(lines), 'line', 'lines')} {listed(shown)}{of_file}"


def _added_up(added: _Added) -> ExportDecision:
    rows, orders = counted(added.further, "row"), counted(added.orders, "order")
    are = plural(added.further, "is a further line", "are further lines")
    what = f"{rows} {are} of {orders}: amounts are added; day and customer are those of the first line."
    if added.continuing:
        leave = plural(added.continuing, "leaves", "leave")
        what += f" {added.continuing:,} of them {leave} customer, day or amount empty."
    return ExportDecision(
        where=added.where,
        what=what,
        example=f"{added.example}: {shown_amount(added.amount)} in all",
        setting=f'If each row has the amount of the whole order, set [sources.{added.source}] order_rows = "totals"; '
        'if the last row counts, "versions".',
        level="warning" if added.are_even else "note",
        moves_kvis=True,
    )


def _not_split(added: _Added) -> ExportDecision:
    orders = counted(added.orders, "order")
    return ExportDecision(
        where=added.where,
        what=f"{orders} {plural(added.orders, 'holds', 'hold')} several products, and not each line has an amount of "
        f"its own: {plural(added.orders, 'it counts', 'they count')} as an order of each product, and "
        f"{plural(added.orders, 'its', 'their')} turnover of {shown_amount(added.turnover)} under none of them.",
        example=f"{added.example}: {shown_amount(added.amount)}",
        setting="To split it, make amount in queries/staging/orders.sql that of the line, as its price by its "
        "quantity; turnover is then without what is no line's, such as shipping.",
        level="warning",
    )


def _customers_differ(added: _Added) -> ExportDecision:
    orders = counted(added.orders, "order")
    return ExportDecision(
        where=added.where,
        what=f"The lines of {orders} name different customers; the customer of the first line counts.",
        example=added.example,
        setting="If these are different orders, give each an order_id of its own.",
        level="warning",
        moves_kvis=True,
    )


def _days_far_apart(added: _Added) -> ExportDecision:
    orders = counted(added.orders, "order")
    return ExportDecision(
        where=added.where,
        what=f"{orders} {plural(added.orders, 'has', 'have')} lines more than {_FAR} days apart that are no refunds; "
        "all count on the day of the first.",
        example=added.example,
        setting="If order numbers begin again each year, make their order_id differ in queries/staging/orders.sql, "
        "as by the year in front.",
        level="warning",
        moves_kvis=True,
    )


def _paid_back_later(added: _Added) -> ExportDecision:
    orders = counted(added.orders, "order")
    return ExportDecision(
        where=added.where,
        what=f"{orders} {plural(added.orders, 'has', 'have')} lines of a later day that pay something back: it is "
        "taken off the turnover of the day of the order, whose period may be long over.",
        example=added.example,
        setting="To take it off on its own day, give it an order_id of its own in queries/staging/orders.sql, as by R "
        "in front of the number where the amount is below 0.",
        level="warning",
        moves_kvis=True,
    )


def _days_differ(added: _Added) -> ExportDecision:
    return ExportDecision(
        where=added.where,
        what=f"The lines of {counted(added.orders, 'order')} are of different days; that of the first line counts.",
        example=added.example,
        setting="If these are orders or refunds of their own, give each an order_id of its own.",
    )
