-- one row per order (refunds negative)
select * from source.orders
