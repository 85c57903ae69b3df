-- one row per order, or line of an order (refunds negative)
select * from source.orders
