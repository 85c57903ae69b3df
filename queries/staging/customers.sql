-- one row per customer
select * from source.customers
