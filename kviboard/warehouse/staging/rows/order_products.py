"""The products of orders that have lines of several: how many products an order holds, and how its amount is split.

Owns when it can be split: where each line that names a product has an amount of its own.
"""

import duckdb

from kviboard.warehouse.engine import columns_of, typed_columns
from kviboard.warehouse.staging.queries.query import CastRows
from kviboard.warehouse.staging.rows.duplicates import repeated_rows
from kviboard.warehouse.staging.values.cast import SQL_TYPES

ORDER_PRODUCTS = "order_products"
_COLUMNS = {
    "order_id": SQL_TYPES["id"],
    "customer_id": SQL_TYPES["id"],
    "day": "date",
    "product": SQL_TYPES["text"],
    "amount": SQL_TYPES["money"],
}


def split_into_products(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows) -> None:
    """Create order_products from repeated_rows: one row per product of an order that holds several, and one without a
    product for its lines that name none. `amount` is null in all rows of an order whose lines do not tell theirs."""
    money = columns_of(connection, repeated_rows(cast_rows))["own_amount"]
    connection.execute(
        f"""
        create table {ORDER_PRODUCTS} as
        with lines as (
            select order_id, own_product, if(has_totals, null, own_amount) as own_amount, customer_id, day, outcome
            from {repeated_rows(cast_rows)} where outcome in ('kept', 'line')
        ),
        several as (
            select
                order_id, bool_and(own_product is null or own_amount is not null) as is_split,
                any_value(customer_id) filter (where outcome = 'kept') as customer_id,
                any_value(day) filter (where outcome = 'kept') as day
            from lines group by order_id having count(distinct own_product) > 1
        )
        select
            order_id, several.customer_id, several.day, own_product as product,
            cast(case when is_split then sum(own_amount) end as {money}) as amount
        from lines inner join several using (order_id)
        where own_product is not null or own_amount is not null
        group by order_id, several.customer_id, several.day, own_product, is_split
        """
    )


def no_order_products(connection: duckdb.DuckDBPyConnection) -> None:
    """Create order_products without rows, unless it is there."""
    connection.execute(f"create table if not exists {ORDER_PRODUCTS} ({typed_columns(_COLUMNS)})")
