-- one row per order that counts: a customer of a shop is active on the days they buy
with shop_customers as (
    select customer_id, customer_unique_id from source.shop_customers
)

select
    shop_customers.customer_unique_id as customer_id,
    shop_orders.order_purchase_timestamp as occurred_at
from source.shop_orders as shop_orders
inner join shop_customers on shop_orders.customer_id = shop_customers.customer_id
where shop_orders.order_status not in ('canceled', 'unavailable')
